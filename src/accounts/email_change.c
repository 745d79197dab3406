/* accounts/email_change.c: two links a change, one to go on and one to stop; every arrow is one conditional statement, the account's row first. */
#include "accounts/email_change.h"

#include "accounts/account_email.h"
#include "accounts/contact_words.h"
#include "base/random.h"
#include "institution/audit.h"
#include "institution/institution.h"

/* ---- beginning ---- */

struct change {
	struct arena *a;
	struct account who;
	const struct email *to;
	int64_t shop;
	struct str by_operator, network;
	struct problem *why;
};

static enum status link_insert(
	struct conn *db, const struct change *x, enum link_purpose purpose, struct str state, struct str id, const struct email *email, struct str stops)
{
	static const struct sql q =
		SQL("INSERT INTO recovery_link (link_id, account, point_of_sale, purpose, state, fingerprint, next, made_at, ended_at, by_operator, email,"
			" email_key, stops) VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $10, $11, $12)");
	int64_t now = store_now(db);
	return store_exec(db, &q, blob(id), int64(x->who.id), int64(x->shop), int64(purpose), text(state),
		blob(account_fingerprint(x->a, x->who.password_hash, x->who.email_key)), int64(now), str_eq(state, S("live")) ? null_value() : int64(now),
		text(x->by_operator), text(email->shown), text(email->key), stops.len ? blob(stops) : null_value());
}

/* One change waits at a time: the newest is what its asker wants. */
static enum status end_waiting(struct conn *db, int64_t account)
{
	static const struct sql q =
		SQL("UPDATE recovery_link SET state = 'superseded', ended_at = $3 WHERE account = $1 AND purpose = $2 AND state = 'live'");
	return store_exec(db, &q, int64(account), int64(LINK_CHANGE_EMAIL), int64(store_now(db)));
}

/* To the new address: no name in it, which a stranger may have typed. */
static enum status tell_new(struct conn *db, const struct change *x, struct str link_id)
{
	const struct link_wish wish = { .purpose = LINK_CHANGE_EMAIL, .shop = x->shop, .asked_at = store_now(db), .by_operator = x->by_operator };
	struct account there = x->who;
	there.email = x->to->shown;
	there.salutation = there.first_name = there.last_name = S("");
	return notice_add_link(db, x->a, CLASS_EMAIL_CHANGE, &there, &wish, link_id);
}

static enum status tell_old(struct conn *db, const struct change *x, struct str stop_id)
{
	const struct link_wish wish = { .purpose = LINK_KEEP_EMAIL,
		.shop = x->shop,
		.asked_at = store_now(db),
		.by_operator = x->by_operator,
		.change_email = email_masked(x->a, x->to->shown) };
	return notice_add_link(db, x->a, CLASS_EMAIL_NOTICE, &x->who, &wish, stop_id);
}

/* OTHER has the address: its owner learns that somebody wanted it, as at registration. */
static enum status tell_other(struct conn *db, const struct change *x, struct account *other)
{
	if (other->is_merged) return OK;
	enum status st = notice_allow(db, x->a, CAUSE_REGISTRATION, other, x->network);
	if (st) return st == REFUSED || st == NOT_FOUND ? OK : st;
	return notice_add(db, x->a, CLASS_ACCOUNT_EXISTS, other, x->shop, store_now(db));
}

/* The account's row has been taken. OTHER: who has the address already, or NULL; then the change is dead from the start, and looks the same to who asked. */
static enum status begin(struct conn *db, const struct change *x, struct account *other)
{
	struct str id = random_bytes(x->a, LINK_ID_SIZE), stop = random_bytes(x->a, LINK_ID_SIZE);
	const struct email old = { .shown = x->who.email, .key = x->who.email_key };
	enum status st;
	if ((st = end_waiting(db, x->who.id))) return st;
	if ((st = link_insert(db, x, LINK_CHANGE_EMAIL, other ? S("superseded") : S("live"), id, x->to, S("")))) return st;
	if ((st = link_insert(db, x, LINK_KEEP_EMAIL, S("live"), stop, &old, id))) return st;
	if ((st = account_event_add(db, x->who.institution, x->who.id, "email-change-asked", x->network))) return st;
	if ((st = other ? tell_other(db, x, other) : tell_new(db, x, id))) return st;
	return tell_old(db, x, stop);
}

static enum status other_with(struct conn *db, const struct change *x, struct account *other)
{
	enum status st = account_by_email(db, x->a, x->who.institution, x->to->key, other);
	if (st == OK && other->id == x->who.id) return problem_add(x->why, "email", MSG_EMAIL_CHANGE_SAME), REFUSED;
	return st;
}

static enum status ask(struct conn *db, void *arg)
{
	struct change *x = arg;
	struct account other;
	struct str hash = x->who.password_hash;
	x->why->first = NULL; /* it may run again */
	enum status st = notice_allow(db, x->a, CAUSE_EMAIL_CHANGE, &x->who, x->network);
	if (st == REFUSED) return problem_add(x->why, "email", MSG_EMAIL_CHANGE_OFTEN), REFUSED;
	if (st) return st;
	if (x->who.state != ACCOUNT_ACTIVE || !str_eq(x->who.password_hash, hash)) return NOT_FOUND; /* changed since the password was checked */
	st = other_with(db, x, &other);
	if (st && st != NOT_FOUND) return st;
	return begin(db, x, st == OK ? &other : NULL);
}

enum status email_change_ask(struct conn *db, struct arena *a, struct hasher *hasher, int64_t account, struct str email, struct str password,
	const struct asker *from, struct problem *why)
{
	struct email to;
	struct change x = { .a = a, .to = &to, .shop = from->shop, .network = from->network, .why = why };
	bool needs_rehash;
	enum status st;
	if ((st = account_get(db, a, account, &x.who))) return st;
	email_read(a, email, "email", &to, why);
	if (problem_any(why)) return REFUSED;
	st = hasher_verify(hasher, x.who.password_hash, password, &needs_rehash);
	if (st == REFUSED) problem_add(why, "old_password", MSG_PASSWORD_WRONG);
	return st ? st : store_write(db, ask, &x);
}

enum status email_change_by_operator(
	struct conn *db, struct arena *a, const struct actor *who, int64_t account, const struct email *to, int64_t shop, struct problem *why)
{
	static const struct sql take =
		SQL("UPDATE internet_account SET recovery_at = recovery_at WHERE id = $1 AND institution = $2 AND state = 'active'");
	struct change x = { .a = a, .to = to, .shop = shop, .by_operator = who->name, .network = who->network, .why = why };
	struct account other;
	enum status st;
	if (!actor_may(who, RIGHT_ACCOUNT_EMAIL)) return problem_add(why, "email", MSG_EMAIL_OF_ACCOUNT), REFUSED;
	if ((st = store_exec(db, &take, int64(account), int64(who->institution)))) return st;
	if (store_changes(db) != 1) return CONFLICT; /* blocked or closed just now: look again */
	if ((st = account_get(db, a, account, &x.who))) return st;
	if ((st = other_with(db, &x, &other)) == OK) {
		struct str name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(other.first_name), STR_ARG(other.last_name)));
		problem_add(why, "email", MSG_EMAIL_HAS_ACCOUNT, arg_text("name", name), arg_text("number", number_for_people(a, other.contact_number)));
		return REFUSED;
	}
	if (st != NOT_FOUND) return st;
	if ((st = account_email_allow(db, a, who, account, why))) return st;
	if ((st = begin(db, &x, NULL))) return st;
	const struct audit_value before[] = { { "email", x.who.email }, { NULL } }, after[] = { { "email", to->shown }, { NULL } };
	return audit_note(db, a, who,
		&(const struct audit_record){
			.verb = "account-email-change-asked", .kind = "contact", .record = x.who.contact, .before = before, .after = after });
}

enum status email_change_waiting(struct conn *db, struct arena *a, int64_t account, struct email_change *out)
{
	static const struct sql q = SQL("SELECT email, by_operator, made_at FROM recovery_link WHERE account = $1 AND purpose = $2 AND state = 'live'"
									" AND (deadline IS NULL OR deadline > $3) ORDER BY made_at DESC LIMIT 1");
	enum status st = store_row(db, &q, int64(account), int64(LINK_CHANGE_EMAIL), int64(store_now(db)));
	if (st) return st;
	*out = (struct email_change){ .email = col_text(db, 0, a), .by_operator = col_text(db, 1, a), .made_at = col_int64(db, 2) };
	return OK;
}

enum status email_change_withdraw(struct conn *db, struct arena *a, const struct actor *who, int64_t account)
{
	static const struct sql take =
		SQL("UPDATE internet_account SET recovery_at = recovery_at WHERE id = $1 AND institution = $2 AND state <> 'closed'");
	struct email_change waiting;
	struct account of;
	enum status st;
	if (!actor_may(who, RIGHT_ACCOUNT_EMAIL)) return NOT_FOUND;
	if ((st = store_exec(db, &take, int64(account), int64(who->institution)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = email_change_waiting(db, a, account, &waiting))) return st;
	if ((st = account_get(db, a, account, &of))) return st;
	if ((st = end_waiting(db, account))) return st;
	if ((st = account_event_add(db, who->institution, account, "email-change-stopped", who->network))) return st;
	const struct audit_value before[] = { { "email", waiting.email }, { NULL } }, after[] = { { "email", of.email }, { NULL } };
	return audit_note(db, a, who,
		&(const struct audit_record){
			.verb = "account-email-change-withdrawn", .kind = "contact", .record = of.contact, .before = before, .after = after });
}

/* ---- looking ---- */

/* What the row of a link says beside recovery_view. */
struct row {
	struct email email;
	struct str stops;
};

static enum status row_get(struct conn *db, struct arena *a, struct str link_id, struct row *out)
{
	static const struct sql q = SQL("SELECT email, email_key, stops FROM recovery_link WHERE link_id = $1");
	enum status st = store_row(db, &q, blob(link_id));
	if (st == OK) *out = (struct row){ { .shown = col_text(db, 0, a), .key = col_text(db, 1, a) }, col_blob(db, 2, a) };
	return st;
}

/* A stop outlives what it stops: of its row only state and deadline count, not what account and password have become. */
static enum recovery_outcome stop_outcome(struct conn *db, struct arena *a, struct str link_id)
{
	static const struct sql q = SQL("SELECT state, deadline FROM recovery_link WHERE link_id = $1");
	enum status st = store_row(db, &q, blob(link_id));
	if (st) return st == NOT_FOUND ? RECOVERY_EXPIRED : RECOVERY_TRY_AGAIN;
	return recovery_state_outcome(col_text(db, 0, a), col_int64(db, 1), store_now(db));
}

static enum recovery_outcome look(struct conn *db, struct arena *a, struct link_keys keys, enum link_purpose purpose, struct str token,
	struct recovery_view *view, struct account *who, struct row *row)
{
	struct link link;
	*view = (struct recovery_view){ 0 };
	if (link_read(keys, token, LINK_FOR(purpose), &link) != LINK_GENUINE) return RECOVERY_UNKNOWN;
	enum recovery_outcome outcome = recovery_row_look(db, a, &link, view, who);
	if (outcome == RECOVERY_TRY_AGAIN || !view->account) return outcome;
	if (purpose == LINK_KEEP_EMAIL && who->state != ACCOUNT_CLOSED && !who->is_merged) outcome = stop_outcome(db, a, view->link_id);
	enum status st = row_get(db, a, view->link_id, row);
	if (st) return st == NOT_FOUND ? RECOVERY_EXPIRED : RECOVERY_TRY_AGAIN;
	view->email = row->email.shown;
	view->email_masked = email_masked(a, row->email.shown);
	return outcome;
}

enum recovery_outcome email_change_look(
	struct conn *db, struct arena *a, struct link_keys keys, enum link_purpose purpose, struct str token, struct recovery_view *view)
{
	struct account who;
	struct row row;
	return look(db, a, keys, purpose, token, view, &who, &row);
}

/* ---- confirming ---- */

struct step {
	struct arena *a;
	const struct account *who;
	const struct recovery_view *view;
	const struct row *row;
	const struct asker *from;
};

/* The account's address is the contact's main one; what it is found by follows. */
static enum status contact_follows(struct conn *db, const struct step *x, const struct email *to)
{
	static const struct sql q = SQL("UPDATE contact SET email = $2, email_key = $3, version = version + 1 WHERE id = $1");
	enum status st = store_exec(db, &q, int64(x->who->contact), text(to->shown), text(to->key));
	return st ? st : contact_words_write(db, x->a, x->who->contact);
}

static enum status confirm(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET email = $2, email_key = $3 WHERE id = $1 AND state = 'active' AND email_key = $4"
									" AND password_hash IS NOT DISTINCT FROM $5");
	const struct step *x = arg;
	const struct account *who = x->who;
	const struct email *to = &x->row->email;
	enum status st;
	if ((st = store_exec(db, &q, int64(who->id), text(to->shown), text(to->key), text(who->email_key),
			 who->password_hash.len ? text(who->password_hash) : null_value())))
		return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = recovery_link_use(db, x->view->link_id, account_fingerprint(x->a, who->password_hash, who->email_key)))) return st;
	if ((st = contact_follows(db, x, to))) return st;
	if ((st = recovery_end_links(db, who->id))) return st;
	if ((st = session_end_others(db, who->id, x->from->session))) return st;
	return account_event_add(db, who->institution, who->id, "email-changed", x->from->network);
}

enum recovery_outcome email_change_confirm(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, const struct asker *from, struct recovery_view *view)
{
	struct account who;
	struct row row;
	enum recovery_outcome outcome = look(db, a, keys, LINK_CHANGE_EMAIL, token, view, &who, &row);
	if (outcome != RECOVERY_DONE) return outcome;
	if (view->point_of_sale != from->shop) return RECOVERY_UNKNOWN;
	enum status st = store_write(db, confirm, &(struct step){ a, &who, view, &row, from });
	if (st == REFUSED) return RECOVERY_REFUSED; /* the schema's word: the address is unique */
	if (st == NOT_FOUND) {						/* somebody was faster: the row says how */
		outcome = look(db, a, keys, LINK_CHANGE_EMAIL, token, view, &who, &row);
		return outcome == RECOVERY_DONE ? RECOVERY_TRY_AGAIN : outcome;
	}
	return st ? RECOVERY_TRY_AGAIN : RECOVERY_DONE;
}

/* ---- stopping ---- */

/* The new address is in force: back to the old one, and nothing that its thief knows opens anything. */
static enum status take_back(struct conn *db, const struct step *x, struct str changed_key)
{
	static const struct sql q = SQL("UPDATE internet_account SET email = $2, email_key = $3, password_hash = NULL WHERE id = $1 AND email_key = $4 "
									"AND state IN ('active','blocked')");
	const struct email *old = &x->row->email;
	struct account now;
	enum status st;
	if ((st = store_exec(db, &q, int64(x->who->id), text(old->shown), text(old->key), text(changed_key)))) return st;
	if (store_changes(db) != 1) return OK; /* changed once more since, or closed: another link's business */
	if ((st = contact_follows(db, x, old))) return st;
	if ((st = recovery_end_links(db, x->who->id))) return st;
	if ((st = session_end_all(db, x->who->id))) return st;
	if ((st = account_event_add(db, x->who->institution, x->who->id, "email-change-undone", x->from->network))) return st;
	if ((st = account_get(db, x->a, x->who->id, &now)) || now.state != ACCOUNT_ACTIVE) return st;
	const struct link_wish wish = { .purpose = LINK_RESET, .shop = x->view->point_of_sale, .asked_at = store_now(db) };
	return recovery_link_add(db, x->a, &now, &wish);
}

static enum status stop(struct conn *db, void *arg)
{
	static const struct sql take = SQL("UPDATE internet_account SET recovery_at = recovery_at WHERE id = $1 AND state <> 'closed'");
	static const struct sql use =
		SQL("UPDATE recovery_link SET state = 'used', ended_at = $2 WHERE link_id = $1 AND state = 'live' AND deadline > $2");
	static const struct sql end = SQL("UPDATE recovery_link SET state = 'superseded', ended_at = $2 WHERE link_id = $1 AND state = 'live'");
	static const struct sql done = SQL("SELECT email_key FROM recovery_link WHERE link_id = $1 AND state = 'used'");
	const struct step *x = arg;
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &take, int64(x->who->id)))) return st;
	if ((st = store_exec(db, &use, blob(x->view->link_id), int64(now)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &end, blob(x->row->stops), int64(now)))) return st;
	if (store_changes(db) == 1) return account_event_add(db, x->who->institution, x->who->id, "email-change-stopped", x->from->network);
	st = store_row(db, &done, blob(x->row->stops));
	if (st) return st == NOT_FOUND ? OK : st; /* it had ended by itself */
	return take_back(db, x, col_text(db, 0, x->a));
}

enum recovery_outcome email_change_stop(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, const struct asker *from, struct recovery_view *view)
{
	struct account who;
	struct row row;
	enum recovery_outcome outcome = look(db, a, keys, LINK_KEEP_EMAIL, token, view, &who, &row);
	if (outcome != RECOVERY_DONE) return outcome;
	if (view->point_of_sale != from->shop) return RECOVERY_UNKNOWN;
	enum status st = store_write(db, stop, &(struct step){ a, &who, view, &row, from });
	if (st == REFUSED) return RECOVERY_REFUSED; /* somebody else took the old address meanwhile */
	return st == NOT_FOUND ? RECOVERY_USED : st ? RECOVERY_TRY_AGAIN : RECOVERY_DONE;
}
