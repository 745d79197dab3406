/* accounts/counter.c: looking what can be sent, and sending it. */
#include "accounts/counter.h"

#include "accounts/recovery.h"
#include "guard/rate.h"

static const struct rate_limit operator_limit = { "counter-operator", COUNTER_STRETCH, COUNTER_MOST };

/* ---- what can be ---- */

static bool has_type(const struct counter_offer *o, int64_t id)
{
	for (size_t i = 0; i < o->type_count; i++)
		if (o->types[i].id == id) return true;
	return false;
}

/* The types that at least one of the shops can use. */
static enum status offer_types(struct conn *db, struct arena *a, const struct actor *who, struct counter_offer *o)
{
	o->types = ARENA_ARRAY(a, struct document_type, DOCUMENT_TYPES_MAX);
	for (size_t s = 0; s < o->sale_count; s++) {
		struct document_type *usable;
		size_t count;
		enum status st = document_types_usable(db, a, who->institution, CLASS_RESET_PASSWORD, o->sales[s].id, &usable, &count);
		if (st) return st;
		for (size_t i = 0; i < count && o->type_count < DOCUMENT_TYPES_MAX; i++)
			if (!has_type(o, usable[i].id)) o->types[o->type_count++] = usable[i];
	}
	return OK;
}

static void last_shop_first(struct counter_offer *o)
{
	for (size_t i = 1; i < o->sale_count; i++) {
		if (o->sales[i].id != o->last_shop) continue;
		struct open_sale last = o->sales[i];
		for (; i > 0; i--) o->sales[i] = o->sales[i - 1];
		o->sales[0] = last;
		return;
	}
}

/* Shops and types; what is missing is a finding. */
static enum status offer_ways(struct conn *db, struct arena *a, const struct actor *who, struct counter_offer *o)
{
	int64_t shops;
	enum status st;
	if ((st = sale_count_open(db, who->institution, &shops))) return st;
	if ((st = sale_list_open(db, a, who, RIGHT_ACCOUNT_RESET, &o->sales, &o->sale_count))) return st;
	o->lacks_shop = shops == 0;
	if (o->lacks_shop) problem_add(&o->why, "", MSG_COUNTER_NO_SHOP);
	else if (o->sale_count == 0) problem_add(&o->why, "", MSG_COUNTER_NO_SHOP_OF_YOURS);
	last_shop_first(o);
	if ((st = offer_types(db, a, who, o))) return st;
	if (o->sale_count && o->type_count == 0) problem_add(&o->why, "", MSG_COUNTER_NO_TYPE);
	return OK;
}

/* Why the account can't get a link. */
static void offer_account(struct counter_offer *o, const struct contact *c, const struct contact_account *account)
{
	bool lives = account->id && account->state != ACCOUNT_CLOSED;
	if (c->merged_into) problem_add(&o->why, "", MSG_COUNTER_MERGED);
	else if (!lives && !o->makes_account) problem_add(&o->why, "", account->id ? MSG_COUNTER_CLOSED : MSG_COUNTER_NO_ACCOUNT);
	else if (lives && o->makes_account) problem_add(&o->why, "", MSG_ACCOUNT_IS_THERE);
	else if (o->email.len == 0) problem_add(&o->why, "", MSG_CONTACT_WITHOUT_EMAIL);
	else if (lives && account->state == ACCOUNT_BLOCKED) problem_add(&o->why, "", MSG_COUNTER_BLOCKED);
}

static enum status offer_contact(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct counter_offer *o)
{
	struct contact c;
	struct contact_account account;
	enum status st;
	if ((st = contact_get(db, a, who, contact, &c))) return st;
	if ((st = contact_account_get(db, a, contact, &account))) return st;
	bool lives = account.id && account.state != ACCOUNT_CLOSED;
	o->contact = contact;
	o->account = lives ? account.id : 0;
	o->name = contact_name(a, &c.is);
	o->email = lives ? account.email : c.is.email;
	o->language = c.is.language;
	o->is_invitation = !lives || account.state == ACCOUNT_INVITED;
	o->last_shop = account.signin_at_shop;
	offer_account(o, &c, &account);
	return OK;
}

enum status counter_offer(
	struct conn *db, struct arena *a, const struct actor *who, int64_t contact, enum counter_for purpose, struct counter_offer *out)
{
	*out = (struct counter_offer){ .why = problem_in(a), .makes_account = purpose == FOR_NEW_ACCOUNT };
	enum status st = offer_contact(db, a, who, contact, out);
	return st ? st : offer_ways(db, a, who, out);
}

enum status counter_offer_new(struct conn *db, struct arena *a, const struct actor *who, struct counter_offer *out)
{
	*out = (struct counter_offer){ .why = problem_in(a), .makes_account = true, .is_invitation = true };
	return offer_ways(db, a, who, out);
}

/* ---- the choice ---- */

enum status counter_choose(const struct counter_offer *offer, const struct counter_choice *choice, int64_t *type, int64_t *shop, struct problem *why)
{
	*type = *shop = 0;
	struct str wanted = choice->document_type;
	if (wanted.len == 0 && offer->type_count == 1) *type = offer->types[0].id;
	for (size_t i = 0; i < offer->type_count; i++)
		if (str_eq(offer->types[i].code, wanted)) *type = offer->types[i].id;
	if (!*type) problem_add(why, "document_type", wanted.len ? MSG_COUNTER_TYPE_GONE : MSG_COUNTER_TYPE_MISSING);
	wanted = choice->point_of_sale;
	if (wanted.len == 0 && offer->sale_count == 1) *shop = offer->sales[0].id;
	for (size_t i = 0; i < offer->sale_count; i++)
		if (str_eq(offer->sales[i].code, wanted)) *shop = offer->sales[i].id;
	if (!*shop) problem_add(why, "point_of_sale", wanted.len ? MSG_COUNTER_SHOP_GONE : MSG_COUNTER_SHOP_MISSING);
	return *type && *shop ? OK : REFUSED;
}

struct str counter_type_code(const struct counter_offer *offer, int64_t type)
{
	for (size_t i = 0; i < offer->type_count; i++)
		if (offer->types[i].id == type) return offer->types[i].code;
	return S("");
}

struct str counter_sale_code(const struct counter_offer *offer, int64_t shop)
{
	for (size_t i = 0; i < offer->sale_count; i++)
		if (offer->sales[i].id == shop) return offer->sales[i].code;
	return S("");
}

/* A type may be for another shop than the one chosen. */
static enum status fits(struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t shop, struct problem *why)
{
	struct document_type *usable;
	size_t count;
	enum status st = document_types_usable(db, a, who->institution, CLASS_RESET_PASSWORD, shop, &usable, &count);
	if (st) return st;
	for (size_t i = 0; i < count; i++)
		if (usable[i].id == type) return OK;
	problem_add(why, "document_type", MSG_COUNTER_TYPE_NOT_THERE);
	return REFUSED;
}

/* ---- sending ---- */

/* The account's row, so that two operators decide one after the other. */
static enum status account_take(struct conn *db, int64_t account)
{
	static const struct sql q = SQL("UPDATE internet_account SET recovery_at = recovery_at WHERE id = $1 AND state <> 'closed'");
	enum status st = store_exec(db, &q, int64(account));
	return st ? st : store_changes(db) == 1 ? OK : CONFLICT; /* closed just now: look again */
}

static enum status sent_before(struct conn *db, struct arena *a, int64_t account, int64_t pause, struct counter_result *out)
{
	static const struct sql q = SQL("SELECT by_operator, made_at FROM recovery_link WHERE account = $1 AND state = 'live' AND by_operator <> ''"
									" AND made_at > $2 ORDER BY made_at DESC LIMIT 1");
	enum status st = store_row(db, &q, int64(account), int64(store_now(db) - pause));
	if (st) return st;
	*out = (struct counter_result){ .outcome = COUNTER_SENT_BEFORE, .by = col_text(db, 0, a), .at = col_int64(db, 1) };
	return OK;
}

static enum status note(struct conn *db, struct arena *a, const struct actor *who, const struct counter_offer *o, int64_t type, int64_t shop)
{
	const struct audit_value after[] = { { "email", o->email }, { "document_type", counter_type_code(o, type) },
		{ "point_of_sale", counter_sale_code(o, shop) }, { NULL } };
	return audit_note(db, a, who, &(const struct audit_record){ .verb = "recovery-sent", .kind = "contact", .record = o->contact, .after = after });
}

static enum status send_link(struct conn *db, struct arena *a, const struct actor *who, const struct counter_order *order,
	const struct counter_offer *o, int64_t account, int64_t type, int64_t shop)
{
	struct account person;
	enum status st;
	if ((st = account_get(db, a, account, &person))) return st;
	const struct link_wish wish = { .purpose = person.state == ACCOUNT_INVITED ? LINK_INVITATION : LINK_RESET,
		.shop = shop,
		.next = S(""),
		.asked_at = store_now(db),
		.by_operator = who->name,
		.document_type = type,
		.is_bulk = order->is_bulk };
	if ((st = recovery_link_add(db, a, &person, &wish))) return st;
	if ((st = account_event_add(db, who->institution, account, "counter-sent", who->network))) return st;
	return note(db, a, who, o, type, shop);
}

/* The count stays also when the limit says no, so it comes last of what may refuse. */
enum status counter_allow(struct conn *db, struct arena *a, const struct actor *who, int64_t account, struct counter_result *out)
{
	*out = (struct counter_result){ .outcome = COUNTER_SENT };
	enum status st = account ? sent_before(db, a, account, COUNTER_PAUSE, out) : NOT_FOUND;
	if (st != NOT_FOUND) return st;
	st = rate_count(db, a, &operator_limit, str_format(a, "%lld", (long long)who->operator_id), &out->wait);
	if (st == REFUSED) out->outcome = COUNTER_LIMITED;
	return st == REFUSED ? OK : st;
}

/* Many at once are outside the operator's limit, and nobody gets a second link from one for longer. */
static enum status allow(
	struct conn *db, struct arena *a, const struct actor *who, const struct counter_order *order, int64_t account, struct counter_result *out)
{
	if (!order->is_bulk) return counter_allow(db, a, who, account, out);
	enum status st = sent_before(db, a, account, BULK_PAUSE, out);
	return st == NOT_FOUND ? OK : st;
}

enum status counter_send(
	struct conn *db, struct arena *a, const struct actor *who, const struct counter_order *order, struct counter_result *out, struct problem *why)
{
	struct counter_offer o;
	int64_t type, shop, account;
	enum status st;
	*out = (struct counter_result){ .outcome = COUNTER_SENT };
	if ((st = counter_offer(db, a, who, order->contact, order->purpose, &o))) return st;
	account = o.account;
	if (account && (st = account_take(db, account))) return st;
	if (account && (st = counter_offer(db, a, who, order->contact, order->purpose, &o))) return st; /* as it is now that nobody else changes it */
	for (const struct finding *f = o.why.first; f; f = f->next) problem_add_args(why, f->field, f->message, f->args);
	if (o.why.first) return REFUSED;
	if ((st = counter_choose(&o, &order->choice, &type, &shop, why))) return st;
	if ((st = fits(db, a, who, type, shop, why))) return st;
	if ((st = allow(db, a, who, order, account, out)) || out->outcome != COUNTER_SENT) return st;
	if (!account && (st = contact_account_make(db, a, who, order->contact, &account, why))) return st;
	return send_link(db, a, who, order, &o, account, type, shop);
}
