/* accounts/account.c: contacts and internet accounts. */
#include "accounts/account.h"

#include <sodium.h>

#include "accounts/contact_words.h"
#include "accounts/notice.h"
#include "accounts/phone.h"
#include "accounts/recovery.h"
#include "accounts/session.h"
#include "base/country.h"
#include "base/fold.h"
#include "guard/password.h"
#include "institution/institution.h"

#define SWEEP_MOST 500 /* rows a transaction, so that it stays under 5 ms */

static const char *const states[] = { "invited", "unconfirmed", "active", "blocked", "closed" };

#define ACCOUNT_COLUMNS                                                                                                      \
	"a.id, a.institution, a.contact, c.number, a.state, a.email, a.email_key, a.password_hash, a.browser_hash, a.language, " \
	"c.salutation, c.first_name, c.last_name, c.phone, c.street, c.house_number, c.postcode, c.town, c.country, c.merged_into"

const char *account_state_name(enum account_state state)
{
	return states[state];
}

bool account_state_from_name(struct str name, enum account_state *out)
{
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(name, str_of(states[i]))) return *out = (enum account_state)i, true;
	return false;
}

static enum account_state state_read(struct str s)
{
	enum account_state state;
	if (!account_state_from_name(s, &state)) BUG("account state %.*s", STR_ARG(s));
	return state;
}

static void account_read(struct conn *db, struct arena *a, struct account *out)
{
	*out = (struct account){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.contact = col_int64(db, 2),
		.contact_number = col_int64(db, 3),
		.state = state_read(col_text(db, 4, a)),
		.email = col_text(db, 5, a),
		.email_key = col_text(db, 6, a),
		.password_hash = col_text(db, 7, a),
		.browser_hash = col_blob(db, 8, a),
		.language = lang_written(col_text(db, 9, a)),
		.salutation = col_text(db, 10, a),
		.first_name = col_text(db, 11, a),
		.last_name = col_text(db, 12, a),
		.phone = col_text(db, 13, a),
		.street = col_text(db, 14, a),
		.house_number = col_text(db, 15, a),
		.postcode = col_text(db, 16, a),
		.town = col_text(db, 17, a),
		.country = col_text(db, 18, a),
		.is_merged = !col_is_null(db, 19),
	};
}

enum status account_by_email(struct conn *db, struct arena *a, int64_t institution, struct str email_key, struct account *out)
{
	static const struct sql q = SQL("SELECT " ACCOUNT_COLUMNS " FROM internet_account a JOIN contact c ON c.id = a.contact"
									" WHERE a.institution = $1 AND a.email_key = $2 AND a.state <> 'closed'");
	enum status st = store_row(db, &q, int64(institution), text(email_key));
	if (st == OK) account_read(db, a, out);
	return st;
}

enum status account_get(struct conn *db, struct arena *a, int64_t id, struct account *out)
{
	static const struct sql q = SQL("SELECT " ACCOUNT_COLUMNS " FROM internet_account a JOIN contact c ON c.id = a.contact WHERE a.id = $1");
	enum status st = store_row(db, &q, int64(id));
	if (st == OK) account_read(db, a, out);
	return st;
}

struct str account_name_key(struct arena *a, struct str first, struct str last)
{
	return text_fold_search(a, str_format(a, "%.*s %.*s", STR_ARG(last), STR_ARG(first)));
}

static enum status contact_make(struct conn *db, struct arena *a, const struct new_account *n, int64_t *contact)
{
	static const struct sql q = SQL(
		"INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, "
		"postcode, town, country, made_at, email, email_key) VALUES ($1, $2, 'individual', '', $3, $4, $5, $6, '', '', '', '', '', 'CH', $7, $8, $9) "
		"RETURNING id");
	int64_t number;
	enum status st;
	if ((st = institution_next_number(db, n->institution, "contact", &number))) return st;
	if ((st = store_row(db, &q, int64(n->institution), int64(number_with_check(number)), text(n->first_name), text(n->last_name),
			 text(account_name_key(a, n->first_name, n->last_name)), text(str_of(lang_tag(n->language))), int64(store_now(db)), text(n->email.shown),
			 text(n->email.key))))
		return st;
	*contact = col_int64(db, 0);
	return OK;
}

enum status account_make(struct conn *db, struct arena *a, const struct new_account *n, int64_t *account)
{
	static const struct sql q = SQL("INSERT INTO internet_account (institution, contact, email, email_key, state, state_reason, password_hash, "
									"browser_hash, language, made_at, recovery_at)"
									" VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, 0) ON CONFLICT DO NOTHING RETURNING id");
	int64_t contact;
	enum status st;
	if ((st = contact_make(db, a, n, &contact))) return st;
	st = store_row(db, &q, int64(n->institution), int64(contact), text(n->email.shown), text(n->email.key), text(str_of(states[n->state])),
		n->password_hash.len ? text(n->password_hash) : null_value(), n->browser_hash.len ? blob(n->browser_hash) : null_value(),
		text(str_of(lang_tag(n->language))), int64(store_now(db)));
	if (st == NOT_FOUND) return REFUSED;
	if (st) return st;
	*account = col_int64(db, 0);
	return contact_words_write(db, a, contact);
}

struct profile_change {
	struct arena *a;
	int64_t account;
	const struct profile *p;
	struct str phone;
};

static enum status change_profile(struct conn *db, void *arg)
{
	static const struct sql contact =
		SQL("UPDATE contact SET salutation = $2, first_name = $3, last_name = $4, name_key = $5, phone = $6, street = $7, house_number = $8, "
			"postcode = $9,"
			" town = $10, country = $11, language = $12, version = version + 1 WHERE id = (SELECT contact FROM internet_account WHERE id = $1) "
			"RETURNING id");
	static const struct sql account = SQL("UPDATE internet_account SET language = $2 WHERE id = $1 AND state = 'active'");
	struct profile_change *x = arg;
	const struct profile *p = x->p;
	struct value language = text(str_of(lang_tag(p->language)));
	enum status st;
	if ((st = store_exec(db, &account, int64(x->account), language))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_row(db, &contact, int64(x->account), text(p->salutation), text(p->first_name), text(p->last_name),
			 text(account_name_key(x->a, p->first_name, p->last_name)), text(x->phone), text(p->street), text(p->house_number), text(p->postcode),
			 text(p->town), text(p->country), language)))
		return st;
	return contact_words_write(db, x->a, col_int64(db, 0));
}

/* A stranger's text in a mail of the house is an advertisement as soon as mail programs make a link of it. */
static bool holds_url(struct str name)
{
	if (str_find(name, S("://")) >= 0 || (str_has(name, '.') && str_has(name, '/'))) return true;
	for (size_t i = 0; i + 4 <= name.len; i++)
		if (str_eq_nocase(str_part(name, i, i + 4), S("www."))) return true;
	return false;
}

enum status account_names_check(struct str first, struct str last, struct problem *why)
{
	if (first.len == 0) problem_add(why, "first_name", MSG_FIRST_NAME_MISSING);
	if (last.len == 0) problem_add(why, "last_name", MSG_LAST_NAME_MISSING);
	if (str_points(first) > NAME_MAX_POINTS) problem_add(why, "first_name", MSG_NAME_TOO_LONG, arg_int("max", NAME_MAX_POINTS));
	if (str_points(last) > NAME_MAX_POINTS) problem_add(why, "last_name", MSG_NAME_TOO_LONG, arg_int("max", NAME_MAX_POINTS));
	if (holds_url(first)) problem_add(why, "first_name", MSG_NAME_HOLDS_URL);
	if (holds_url(last)) problem_add(why, "last_name", MSG_NAME_HOLDS_URL);
	return problem_any(why) ? REFUSED : OK;
}

static bool is_salutation(struct str s)
{
	return s.len == 0 || str_eq(s, S("ms")) || str_eq(s, S("mr"));
}

enum status account_change_profile(struct conn *db, struct arena *a, int64_t account, const struct profile *p, struct problem *why)
{
	account_names_check(p->first_name, p->last_name, why);
	if (!is_salutation(p->salutation)) problem_add(why, "salutation", MSG_CHOICE_UNKNOWN);
	if (!country_known(p->country)) problem_add(why, "country", MSG_COUNTRY_MISSING);
	bool has_address = p->street.len || p->postcode.len || p->town.len;
	if (has_address && p->postcode.len == 0) problem_add(why, "postcode", MSG_POSTCODE_MISSING);
	if (has_address && p->town.len == 0) problem_add(why, "town", MSG_TOWN_MISSING);
	struct profile_change x = { a, account, p, p->phone };
	phone_read(a, p->phone, p->country, "phone", &x.phone, why);
	if (problem_any(why)) return REFUSED;
	return store_write(db, change_profile, &x);
}

struct password_change {
	struct arena *a;
	const struct account *who;
	const struct asker *from;
	struct str hash;
};

static enum status change_password(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET password_hash = $2 WHERE id = $1 AND password_hash = $3 AND state = 'active'");
	struct password_change *x = arg;
	enum status st;
	if ((st = store_exec(db, &q, int64(x->who->id), text(x->hash), text(x->who->password_hash)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND; /* changed meanwhile */
	if ((st = session_end_others(db, x->who->id, x->from->session))) return st;
	if ((st = recovery_end_links(db, x->who->id))) return st;
	if ((st = account_event_add(db, x->who->institution, x->who->id, "password-changed", x->from->network))) return st;
	return notice_add(db, x->a, CLASS_PASSWORD_CHANGED, x->who, x->from->shop, store_now(db));
}

enum status account_change_password(struct conn *db, struct arena *a, struct hasher *hasher, int64_t account, struct str old, struct str new_password,
	const struct asker *from, struct problem *why)
{
	struct account who;
	struct point_of_sale door;
	enum status st;
	if ((st = account_get(db, a, account, &who))) return st;
	if ((st = point_of_sale_get(db, a, from->shop, &door))) return st;
	password_check(a, new_password, account_password_words(a, &who, door.house.name), "password", why);
	if (problem_any(why)) return REFUSED;
	bool needs_rehash;
	st = hasher_verify(hasher, who.password_hash, old, &needs_rehash);
	if (st == REFUSED) problem_add(why, "old_password", MSG_PASSWORD_WRONG);
	if (st) return st;
	struct password_change x = { .a = a, .who = &who, .from = from };
	if ((st = hasher_hash(hasher, a, new_password, &x.hash))) return st;
	return store_write(db, change_password, &x);
}

const struct str *account_password_words(struct arena *a, const struct account *who, struct str institution_name)
{
	struct str *words = ARENA_ARRAY(a, struct str, 7);
	struct str rest = who->email, local = { 0 }, domain = { 0 };
	size_t n = 0;
	str_next(&rest, '@', &local);
	domain = rest.at ? rest : domain;
	struct str all[] = { who->first_name, who->last_name, who->email, local, domain, institution_name };
	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i].len) words[n++] = all[i];
	return words;
}

struct str account_fingerprint(struct arena *a, struct str password_hash, struct str email_key)
{
	struct buf b = buf_in(a);
	buf_add(&b, password_hash);
	buf_add_char(&b, 0); /* in neither */
	buf_add(&b, email_key);
	unsigned char *out = arena_alloc(a, 32);
	crypto_generichash(out, 32, (const unsigned char *)b.at, b.len, NULL, 0);
	return (struct str){ (char *)out, 32 };
}

enum status account_event_add(struct conn *db, int64_t institution, int64_t account, const char *kind, struct str network)
{
	static const struct sql q = SQL("INSERT INTO account_event (institution, account, kind, at, network) VALUES ($1, $2, $3, $4, $5)");
	return store_exec(db, &q, int64(institution), account ? int64(account) : null_value(), text(str_of(kind)), int64(store_now(db)), text(network));
}

/* Ids grow with time, so the oldest are found without looking at the others. */
static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql q = SQL("DELETE FROM account_event WHERE at < $1 AND id IN (SELECT id FROM account_event ORDER BY id LIMIT $2)");
	int64_t *gone = arg;
	enum status st = store_exec(db, &q, int64(store_now(db) - EVENT_KEPT), int64(SWEEP_MOST));
	*gone = store_changes(db);
	return st;
}

enum status account_event_sweep(struct conn *db)
{
	int64_t gone;
	enum status st;
	do st = store_write(db, sweep, &gone);
	while (!st && gone == SWEEP_MOST);
	return st;
}
