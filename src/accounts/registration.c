/* accounts/registration.c: a request, a decision in the background, a link, a button. */
#include "accounts/registration.h"

#include "accounts/contact_words.h"
#include "accounts/notice.h"
#include "accounts/request.h"
#include "base/clock.h"
#include "base/fold.h"
#include "base/random.h"
#include "guard/password.h"

#define BROWSER_BYTES 32

/* ---- asking ---- */

struct asking {
	const struct registration *r;
	const struct asker *from;
	struct str email, hash, browser_hash;
};

static enum status ask(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO registration_request (point_of_sale, first_name, last_name, email, password_hash, browser_hash, "
									"language, next, network, asked_at, due_at)"
									" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)");
	struct asking *x = arg;
	const struct registration *r = x->r;
	return store_exec(db, &q, int64(x->from->shop), text(r->first_name), text(r->last_name), text(x->email), text(x->hash), blob(x->browser_hash),
		text(str_of(lang_tag(r->language))), text(r->next), text(x->from->network), int64(store_now(db)));
}

enum status registration_ask(struct conn *db, struct arena *a, struct hasher *hasher, struct str institution_name, const struct registration *r,
	const struct asker *from, struct str *browser, struct problem *why)
{
	struct email email = { 0 };
	account_names_check(r->first_name, r->last_name, why);
	email_read(a, r->email, "email", &email, why);
	struct account who = { .first_name = r->first_name, .last_name = r->last_name, .email = email.shown };
	password_check(a, r->password, account_password_words(a, &who, institution_name), "password", why);
	if (!str_eq(r->password, r->password_again)) problem_add(why, "password_again", MSG_PASSWORDS_DIFFER);
	if (problem_any(why)) return REFUSED;
	*browser = str_base64url(a, random_bytes(a, BROWSER_BYTES));
	struct asking x = { .r = r, .from = from, .email = email.shown, .browser_hash = session_hash(a, *browser) };
	enum status st = hasher_hash(hasher, a, r->password, &x.hash);
	return st ? st : store_write(db, ask, &x);
}

/* ---- deciding ---- */

struct request {
	struct arena *arena;
	struct request_head head;
	int64_t shop;
	struct str first_name, last_name, email, password_hash, browser_hash, next, network;
	enum language language;
};

static enum status request_take(struct conn *db, struct request *r)
{
	static const struct sql q = SQL(
		"DELETE FROM registration_request WHERE id = (SELECT id FROM registration_request WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1" SKIP_LOCKED
		") RETURNING id, attempts, asked_at, point_of_sale, first_name, last_name, email, password_hash, browser_hash, language, next, network");
	struct arena *a = r->arena;
	r->head = (struct request_head){ 0 };
	enum status st = store_row(db, &q, int64(store_now(db)));
	if (st) return st;
	r->head = (struct request_head){ .id = col_int64(db, 0), .attempts = col_int64(db, 1), .asked_at = col_int64(db, 2) };
	r->shop = col_int64(db, 3);
	r->first_name = col_text(db, 4, a);
	r->last_name = col_text(db, 5, a);
	r->email = col_text(db, 6, a);
	r->password_hash = col_text(db, 7, a);
	r->browser_hash = col_blob(db, 8, a);
	r->next = col_text(db, 10, a);
	r->network = col_text(db, 11, a);
	r->language = lang_written(col_text(db, 9, a));
	return OK;
}

static enum status make(
	struct conn *db, struct arena *a, int64_t institution, const struct email *email, const struct request *r, struct account *who)
{
	const struct new_account n = {
		.institution = institution,
		.first_name = r->first_name,
		.last_name = r->last_name,
		.email = *email,
		.language = r->language,
		.state = ACCOUNT_UNCONFIRMED,
		.password_hash = r->password_hash,
		.browser_hash = r->browser_hash,
	};
	int64_t id;
	enum status st = account_make(db, a, &n, &id);
	if (st == REFUSED) return CONFLICT; /* another process made it just now: look again */
	return st ? st : account_get(db, a, id, who);
}

/* Who registers an unconfirmed address again takes the place of who did before: neither has shown that it is theirs. */
static enum status replace(struct conn *db, struct arena *a, const struct email *email, const struct request *r, struct account *who)
{
	static const struct sql account = SQL("UPDATE internet_account SET email = $2, password_hash = $3, browser_hash = $4, language = $5, made_at = $6"
										  " WHERE id = $1 AND state = 'unconfirmed'");
	static const struct sql contact =
		SQL("UPDATE contact SET first_name = $2, last_name = $3, name_key = $4, language = $5, email = $6 WHERE id = $1");
	struct value language = text(str_of(lang_tag(r->language)));
	enum status st;
	if ((st = store_exec(
			 db, &account, int64(who->id), text(email->shown), text(r->password_hash), blob(r->browser_hash), language, int64(store_now(db)))))
		return st;
	if (store_changes(db) != 1) return CONFLICT; /* confirmed just now: look again */
	struct str key = account_name_key(a, r->first_name, r->last_name);
	if ((st = store_exec(db, &contact, int64(who->contact), text(r->first_name), text(r->last_name), text(key), language, text(email->shown))))
		return st;
	if ((st = contact_words_write(db, a, who->contact))) return st;
	if ((st = recovery_end_links(db, who->id))) return st;
	return account_get(db, a, who->id, who);
}

static enum status answer(struct conn *db, struct arena *a, const struct email *email, const struct request *r, struct account *who)
{
	enum status st;
	switch (who->state) {
	case ACCOUNT_UNCONFIRMED:
		if (!str_eq(who->browser_hash, r->browser_hash) && (st = replace(db, a, email, r, who))) return st; /* unless it was made just now */
		return recovery_link_add(
			db, a, who, &(const struct link_wish){ .purpose = LINK_CONFIRM_EMAIL, .shop = r->shop, .next = r->next, .asked_at = r->head.asked_at });
	case ACCOUNT_INVITED:
		return recovery_link_add(
			db, a, who, &(const struct link_wish){ .purpose = LINK_INVITATION, .shop = r->shop, .next = r->next, .asked_at = r->head.asked_at });
	case ACCOUNT_ACTIVE: return notice_add(db, a, CLASS_ACCOUNT_EXISTS, who, r->shop, r->head.asked_at);
	default: return notice_add(db, a, CLASS_ACCOUNT_BLOCKED, who, r->shop, r->head.asked_at);
	}
}

/* Where no mail may go now nothing changes either: else the owner's link would die and none come in its place. */
static enum status decide_for(struct conn *db, struct arena *a, const struct email *email, const struct request *r, struct account *who)
{
	enum status st = notice_allow(db, a, CAUSE_REGISTRATION, who, r->network);
	if (st == REFUSED) return account_event_add(db, who->institution, who->id, "registration-limited", r->network);
	if (st) return st == NOT_FOUND ? CONFLICT : st; /* gone just now: look again */
	if ((st = account_event_add(db, who->institution, who->id, "registered", r->network))) return st;
	return answer(db, a, email, r, who);
}

static enum status decide(struct conn *db, void *arg)
{
	struct request *r = arg;
	struct arena *a = r->arena;
	struct point_of_sale door;
	struct email email;
	struct account who;
	enum status st;
	if ((st = request_take(db, r))) return st;
	if ((st = point_of_sale_get(db, a, r->shop, &door))) return st;
	if (email_read(a, r->email, "email", &email, NULL)) return OK; /* noted by a version that took it still: nobody to write to */
	st = account_by_email(db, a, door.institution, email.key, &who);
	if (st == NOT_FOUND) st = make(db, a, door.institution, &email, r, &who);
	if (st) return st;
	if (who.is_merged) return account_event_add(db, door.institution, who.id, "registration-merged", r->network); /* silent (recovery-cases 83) */
	return decide_for(db, a, &email, r, &who);
}

enum status registration_decide(struct conn *db, struct arena *a)
{
	static const struct request_queue queue = { "registration", decide,
		SQL("UPDATE registration_request SET attempts = attempts + 1, due_at = $2 WHERE id = $1"),
		SQL("DELETE FROM registration_request WHERE id = $1") };
	struct request r = { .arena = a };
	return request_decide(db, &queue, &r, &r.head);
}

/* ---- confirming ---- */

static enum recovery_outcome look(struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct str browser,
	struct recovery_view *view, struct account *who, bool *needs_password)
{
	struct link link;
	if (link_read(keys, token, LINK_FOR(LINK_CONFIRM_EMAIL), &link) != LINK_GENUINE) return RECOVERY_UNKNOWN;
	enum recovery_outcome outcome = recovery_row_look(db, a, &link, view, who);
	*needs_password = browser.len == 0 || !str_eq_secret(session_hash(a, browser), who->browser_hash);
	return outcome;
}

enum recovery_outcome registration_look(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct str browser, struct recovery_view *view, bool *needs_password)
{
	struct account who = { 0 };
	*view = (struct recovery_view){ 0 };
	*needs_password = true;
	return look(db, a, keys, token, browser, view, &who, needs_password);
}

struct confirmation {
	struct arena *a;
	const struct account *who;
	const struct recovery_view *view;
	const struct asker *from;
	struct str session;
};

static enum status confirm(struct conn *db, void *arg)
{
	/* recovery_at: who just opened the mail is no stranger, and may forget the password within a minute. */
	static const struct sql q =
		SQL("UPDATE internet_account SET state = 'active', browser_hash = NULL, signin_at = $4, signin_at_shop = $5, recovery_at = 0"
			" WHERE id = $1 AND email_key = $2 AND password_hash = $3 AND state = 'unconfirmed'");
	struct confirmation *x = arg;
	const struct account *who = x->who;
	enum status st;
	if ((st = store_exec(db, &q, int64(who->id), text(who->email_key), text(who->password_hash), int64(store_now(db)), int64(x->from->shop))))
		return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = recovery_link_use(db, x->view->link_id, account_fingerprint(x->a, who->password_hash, who->email_key)))) return st;
	if ((st = recovery_end_links(db, who->id))) return st;
	if ((st = account_event_add(db, who->institution, who->id, "confirmed", x->from->network))) return st;
	return session_begin(db, x->a, who->id, x->from, &x->session);
}

enum recovery_outcome registration_confirm(struct conn *db, struct arena *a, struct link_keys keys, struct hasher *hasher, struct str token,
	struct str browser, struct str password, const struct asker *from, struct recovery_view *view, struct str *session, struct problem *why)
{
	struct account who = { 0 };
	bool needs_password = true;
	*view = (struct recovery_view){ 0 };
	enum recovery_outcome outcome = look(db, a, keys, token, browser, view, &who, &needs_password);
	if (outcome != RECOVERY_DONE) return outcome;
	if (view->point_of_sale != from->shop) return RECOVERY_UNKNOWN; /* no session crosses (recovery-cases 24) */
	if (needs_password) {
		bool needs_rehash;
		enum status st = hasher_verify(hasher, who.password_hash, password, &needs_rehash);
		if (st == REFUSED) problem_add(why, "password", MSG_PASSWORD_NOT_THE_REGISTERED);
		if (st) return st == REFUSED ? RECOVERY_REFUSED : RECOVERY_TRY_AGAIN;
	}
	struct confirmation x = { .a = a, .who = &who, .view = view, .from = from };
	enum status st = store_write(db, confirm, &x);
	if (st == NOT_FOUND) return look(db, a, keys, token, browser, view, &who, &needs_password) == RECOVERY_USED ? RECOVERY_USED : RECOVERY_SUPERSEDED;
	if (st) return RECOVERY_TRY_AGAIN;
	*session = x.session;
	return RECOVERY_DONE;
}

/* ---- sweeping ---- */

struct sweeping {
	struct arena *a;
	int64_t account, contact;
};

/* The contact goes with its account unless the office has written into its file by now. */
static enum status forget_contact(struct conn *db, struct arena *a, int64_t contact)
{
	static const struct sql untouched =
		SQL("SELECT id FROM contact WHERE id = $1 AND version = 1 AND NOT EXISTS (SELECT 1 FROM internet_account WHERE contact = $1)"
			" AND NOT EXISTS (SELECT 1 FROM bulk_item WHERE contact = $1)");
	static const struct sql q = SQL("DELETE FROM contact WHERE id = $1");
	enum status st = store_row(db, &untouched, int64(contact));
	if (st == NOT_FOUND) return contact_words_write(db, a, contact);
	if (st || (st = contact_words_forget(db, contact))) return st;
	return store_exec(db, &q, int64(contact));
}

/* One a transaction: nothing is held long, and a confirmation that comes in between wins or loses whole. */
static enum status sweep_one(struct conn *db, void *arg)
{
	static const struct sql find =
		SQL("SELECT id, contact FROM internet_account WHERE state = 'unconfirmed' AND made_at < $1 ORDER BY id LIMIT 1" SKIP_LOCKED);
	static const struct sql links = SQL("DELETE FROM recovery_link WHERE account = $1");
	static const struct sql events = SQL("UPDATE account_event SET account = NULL WHERE account = $1");
	static const struct sql account = SQL("DELETE FROM internet_account WHERE id = $1 AND state = 'unconfirmed'");
	struct sweeping *x = arg;
	enum status st;
	if ((st = store_row(db, &find, int64(store_now(db) - UNCONFIRMED_LIFE)))) return st;
	x->account = col_int64(db, 0);
	x->contact = col_int64(db, 1);
	if ((st = store_exec(db, &links, int64(x->account)))) return st;
	if ((st = store_exec(db, &events, int64(x->account)))) return st;
	if ((st = store_exec(db, &account, int64(x->account)))) return st;
	if (store_changes(db) != 1) return CONFLICT;
	return forget_contact(db, x->a, x->contact);
}

enum status registration_sweep(struct conn *db)
{
	struct sweeping x = { .a = arena_new() };
	enum status st;
	while ((st = store_write(db, sweep_one, &x)) == OK) arena_reset(x.a);
	arena_free(x.a);
	return st == NOT_FOUND ? OK : st;
}
