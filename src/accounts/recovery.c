/* accounts/recovery.c: one row a link; every arrow between its states is one conditional statement. */
#include "accounts/recovery.h"

#include "accounts/notice.h"
#include "accounts/request.h"
#include "accounts/signin.h"
#include "base/clock.h"
#include "base/fold.h"
#include "base/random.h"
#include "guard/password.h"

#define LINK_KEPT (30 * DAY) /* a dead row says how it died so long; after that a genuine link reads "expired" */

/* ---- asking ---- */

struct asking {
	int64_t shop;
	struct str email, next, network;
	enum language language;
};

static enum status ask(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("INSERT INTO recovery_request (point_of_sale, email, language, next, network, asked_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $6)");
	struct asking *x = arg;
	return store_exec(
		db, &q, int64(x->shop), text(x->email), text(str_of(lang_tag(x->language))), text(x->next), text(x->network), int64(store_now(db)));
}

enum status recovery_ask(struct conn *db, int64_t shop, struct str email, enum language language, struct str next, struct str network)
{
	struct asking x = { shop, email, next, network, language };
	return store_write(db, ask, &x);
}

/* ---- deciding ---- */

static enum status link_insert(struct conn *db, struct arena *a, const struct account *who, const struct link_wish *wish, struct str link_id)
{
	static const struct sql insert =
		SQL("INSERT INTO recovery_link (link_id, account, point_of_sale, purpose, state, fingerprint, next, made_at, by_operator)"
			" VALUES ($1, $2, $3, $4, 'live', $5, $6, $7, $8)");
	static const struct sql retire =
		SQL("UPDATE recovery_link SET state = 'superseded', ended_at = $3 WHERE account = $1 AND purpose = $2 AND state = 'live' AND link_id NOT IN"
			" (SELECT link_id FROM recovery_link WHERE account = $1 AND purpose = $2 AND state = 'live' ORDER BY made_at DESC, link_id LIMIT $4)");
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &insert, blob(link_id), int64(who->id), int64(wish->shop), int64(wish->purpose),
			 blob(account_fingerprint(a, who->password_hash, who->email_key)), text(wish->next), int64(now), text(wish->by_operator))))
		return st;
	return store_exec(db, &retire, int64(who->id), int64(wish->purpose), int64(now), int64(LINKS_LIVE));
}

enum status recovery_link_add(struct conn *db, struct arena *a, const struct account *who, const struct link_wish *wish)
{
	enum document_class class = wish->purpose == LINK_CONFIRM_EMAIL ? CLASS_CONFIRM_EMAIL : CLASS_RESET_PASSWORD;
	struct str link_id = random_bytes(a, LINK_ID_SIZE);
	enum status st = link_insert(db, a, who, wish, link_id);
	return st ? st : notice_add_link(db, a, class, who, wish, link_id);
}

struct request {
	struct arena *arena;
	struct request_head head;
	int64_t shop;
	struct str email, next, network;
};

static enum status request_take(struct conn *db, struct request *r)
{
	static const struct sql q =
		SQL("DELETE FROM recovery_request WHERE id = (SELECT id FROM recovery_request WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1" SKIP_LOCKED ")"
			" RETURNING id, attempts, asked_at, point_of_sale, email, next, network");
	r->head = (struct request_head){ 0 };
	enum status st = store_row(db, &q, int64(store_now(db)));
	if (st) return st;
	r->head = (struct request_head){ .id = col_int64(db, 0), .attempts = col_int64(db, 1), .asked_at = col_int64(db, 2) };
	r->shop = col_int64(db, 3);
	r->email = col_text(db, 4, r->arena);
	r->next = col_text(db, 5, r->arena);
	r->network = col_text(db, 6, r->arena);
	return OK;
}

static enum status decide_for(struct conn *db, struct arena *a, struct account *who, const struct request *r)
{
	enum status st = notice_allow(db, a, CAUSE_RECOVERY, who, r->network);
	if (st == REFUSED) return account_event_add(db, who->institution, who->id, "recovery-limited", r->network);
	if (st) return st == NOT_FOUND ? CONFLICT : st; /* gone just now: look again */
	if (who->state == ACCOUNT_BLOCKED) return notice_add(db, a, CLASS_ACCOUNT_BLOCKED, who, r->shop, r->head.asked_at);
	const struct link_wish wish = {
		.purpose = who->state == ACCOUNT_INVITED ? LINK_INVITATION : LINK_RESET, .shop = r->shop, .next = r->next, .asked_at = r->head.asked_at
	};
	return recovery_link_add(db, a, who, &wish);
}

static enum status decide(struct conn *db, void *arg)
{
	struct request *r = arg;
	struct arena *a = r->arena;
	struct point_of_sale door;
	struct str key;
	struct account who;
	enum status st;
	if ((st = request_take(db, r))) return st;
	if ((st = point_of_sale_get(db, a, r->shop, &door))) return st;
	st = email_key(a, r->email, &key) ? account_by_email(db, a, door.institution, key, &who) : NOT_FOUND;
	if (st && st != NOT_FOUND) return st;
	if (st == NOT_FOUND || who.is_merged) return account_event_add(db, door.institution, 0, "recovery-unknown", r->network);
	if ((st = account_event_add(db, door.institution, who.id, "recovery-asked", r->network))) return st;
	return decide_for(db, a, &who, r);
}

enum status recovery_decide(struct conn *db, struct arena *a)
{
	static const struct request_queue queue = { "recovery", decide,
		SQL("UPDATE recovery_request SET attempts = attempts + 1, due_at = $2 WHERE id = $1"), SQL("DELETE FROM recovery_request WHERE id = $1") };
	struct request r = { .arena = a };
	return request_decide(db, &queue, &r, &r.head);
}

/* ---- looking ---- */

enum recovery_outcome recovery_state_outcome(struct str state, int64_t deadline, int64_t now)
{
	if (str_eq(state, S("used"))) return RECOVERY_USED;
	if (str_eq(state, S("superseded"))) return RECOVERY_SUPERSEDED;
	return str_eq(state, S("expired")) || deadline <= now ? RECOVERY_EXPIRED : RECOVERY_DONE;
}

static enum recovery_outcome outcome_of(struct str state, int64_t deadline, int64_t now, bool matches, const struct account *who)
{
	enum recovery_outcome outcome = recovery_state_outcome(state, deadline, now);
	if (outcome != RECOVERY_DONE) return outcome;
	if (who->is_merged || who->state == ACCOUNT_BLOCKED || who->state == ACCOUNT_CLOSED) return RECOVERY_EXPIRED;
	return matches ? RECOVERY_DONE : RECOVERY_SUPERSEDED;
}

struct row_look {
	struct arena *a;
	const struct link *link;
	struct recovery_view *view;
	struct account *who;
	enum recovery_outcome outcome;
};

/* Link and account in one snapshot: else somebody's success between the two reads would look like a newer link. */
static enum status row_look(struct conn *db, void *arg)
{
	static const struct sql q = SQL("SELECT account, point_of_sale, state, fingerprint, next, deadline, ended_at FROM recovery_link"
									" WHERE link_id = $1 AND purpose = $2");
	struct row_look *x = arg;
	struct arena *a = x->a;
	struct str link_id = str_keep(a, (struct str){ (const char *)x->link->id, LINK_ID_SIZE });
	int64_t now = store_now(db);
	enum status st = store_row(db, &q, blob(link_id), int64(x->link->purpose));
	if (st) return st;
	*x->view = (struct recovery_view){
		.link_id = link_id,
		.account = col_int64(db, 0),
		.point_of_sale = col_int64(db, 1),
		.next = col_text(db, 4, a),
		.ended_at = col_int64(db, 6),
	};
	struct str state = col_text(db, 2, a), fingerprint = col_blob(db, 3, a);
	int64_t deadline = col_int64(db, 5);
	if ((st = account_get(db, a, x->view->account, x->who))) return st;
	x->view->email = x->who->email;
	x->view->email_masked = email_masked(a, x->who->email);
	x->view->is_invitation = x->who->state == ACCOUNT_INVITED;
	bool matches = str_eq_secret(fingerprint, account_fingerprint(a, x->who->password_hash, x->who->email_key));
	x->outcome = outcome_of(state, deadline, now, matches, x->who);
	return OK;
}

enum recovery_outcome recovery_row_look(struct conn *db, struct arena *a, const struct link *link, struct recovery_view *view, struct account *who)
{
	struct row_look x = { .a = a, .link = link, .view = view, .who = who };
	enum status st = store_snapshot(db, row_look, &x);
	if (st) return st == NOT_FOUND ? RECOVERY_EXPIRED : RECOVERY_TRY_AGAIN;
	return x.outcome;
}

static enum recovery_outcome look(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct recovery_view *view, struct account *who)
{
	struct link link;
	if (link_read(keys, token, LINK_FOR(LINK_RESET) | LINK_FOR(LINK_INVITATION), &link) != LINK_GENUINE) return RECOVERY_UNKNOWN;
	return recovery_row_look(db, a, &link, view, who);
}

enum recovery_outcome recovery_look(struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct recovery_view *view)
{
	struct account who;
	*view = (struct recovery_view){ 0 };
	return look(db, a, keys, token, view, &who);
}

/* ---- redeeming ---- */

struct redemption {
	struct arena *a;
	const struct account *who;
	const struct recovery_view *view;
	const struct asker *from;
	struct str hash, session;
};

enum status recovery_link_use(struct conn *db, struct str link_id, struct str fingerprint)
{
	static const struct sql q = SQL("UPDATE recovery_link SET state = 'used', ended_at = $3"
									" WHERE link_id = $1 AND state = 'live' AND deadline > $3 AND fingerprint = $2");
	enum status st = store_exec(db, &q, blob(link_id), blob(fingerprint), int64(store_now(db)));
	return st ? st : store_changes(db) == 1 ? OK : NOT_FOUND;
}

static enum status password_set(struct conn *db, const struct redemption *x)
{
	static const struct sql q =
		SQL("UPDATE internet_account SET password_hash = $2, state = 'active', browser_hash = NULL, signin_at = $5, signin_at_shop = $6"
			" WHERE id = $1 AND email_key = $3 AND password_hash IS NOT DISTINCT FROM $4"
			" AND state IN ('invited','unconfirmed','active')");
	struct str old = x->who->password_hash;
	enum status st = store_exec(db, &q, int64(x->who->id), text(x->hash), text(x->who->email_key), old.len ? text(old) : null_value(),
		int64(store_now(db)), int64(x->from->shop));
	return st ? st : store_changes(db) == 1 ? OK : NOT_FOUND;
}

/* The account's row first, then links, sessions, mails: everybody who changes an account keeps this order, so that two processes can't deadlock. */
static enum status redeem(struct conn *db, void *arg)
{
	struct redemption *x = arg;
	const struct account *who = x->who;
	enum status st;
	if ((st = password_set(db, x))) return st;
	if ((st = recovery_link_use(db, x->view->link_id, account_fingerprint(x->a, who->password_hash, who->email_key)))) return st;
	if ((st = recovery_end_links(db, who->id))) return st;
	if ((st = session_end_all(db, who->id))) return st;
	if ((st = signin_forgive(db, x->a, who->institution, who->email_key, x->from->network))) return st;
	if ((st = account_event_add(db, who->institution, who->id, "recovery-used", x->from->network))) return st;
	if ((st = notice_add(db, x->a, CLASS_PASSWORD_CHANGED, who, x->from->shop, store_now(db)))) return st;
	return session_begin(db, x->a, who->id, x->from, &x->session);
}

static enum status password_rules(struct conn *db, struct arena *a, const struct account *who, int64_t shop, struct str password, struct problem *why)
{
	struct point_of_sale door;
	enum status st = point_of_sale_get(db, a, shop, &door);
	return st ? st : password_check(a, password, account_password_words(a, who, door.house.name), "password", why);
}

enum recovery_outcome recovery_redeem(struct conn *db, struct arena *a, struct link_keys keys, struct hasher *hasher, struct str token,
	struct str password, const struct asker *from, struct recovery_view *view, struct str *session, struct problem *why)
{
	struct account who;
	*view = (struct recovery_view){ 0 };
	enum recovery_outcome outcome = look(db, a, keys, token, view, &who);
	if (outcome != RECOVERY_DONE) return outcome;
	if (view->point_of_sale != from->shop) return RECOVERY_UNKNOWN; /* no session crosses (recovery-cases 24) */
	enum status st = password_rules(db, a, &who, from->shop, password, why);
	if (st && st != REFUSED) return RECOVERY_TRY_AGAIN;
	if (problem_any(why)) return RECOVERY_REFUSED;
	struct redemption x = { .a = a, .who = &who, .view = view, .from = from };
	if (hasher_hash(hasher, a, password, &x.hash)) return RECOVERY_TRY_AGAIN;
	st = store_write(db, redeem, &x);
	if (st == NOT_FOUND) { /* somebody was faster: the row says how */
		outcome = look(db, a, keys, token, view, &who);
		return outcome == RECOVERY_DONE ? RECOVERY_TRY_AGAIN : outcome;
	}
	if (st) return RECOVERY_TRY_AGAIN;
	*session = x.session;
	return RECOVERY_DONE;
}

/* ---- the life of links ---- */

enum status recovery_link_sending(struct conn *db, struct str link_id, int64_t *deadline)
{
	static const struct sql q =
		SQL("UPDATE recovery_link SET deadline = $2 + $3 * (SELECT i.link_hours FROM internet_account a JOIN institution i ON i.id = a.institution "
			"  WHERE a.id = recovery_link.account) WHERE link_id = $1 AND state = 'live' RETURNING deadline");
	enum status st = store_row(db, &q, blob(link_id), int64(store_now(db)), int64(HOUR));
	if (st == OK) *deadline = col_int64(db, 0);
	return st;
}

enum status recovery_end_links(struct conn *db, int64_t account)
{
	static const struct sql q =
		SQL("UPDATE recovery_link SET state = 'superseded', ended_at = $2 WHERE account = $1 AND state = 'live' AND purpose <> $3");
	return store_exec(db, &q, int64(account), int64(store_now(db)), int64(LINK_KEEP_EMAIL));
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql expire = SQL("UPDATE recovery_link SET state = 'expired', ended_at = deadline WHERE state = 'live' AND deadline <= $1");
	static const struct sql forget = SQL("DELETE FROM recovery_link WHERE state <> 'live' AND ended_at < $1");
	(void)arg;
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &expire, int64(now)))) return st;
	return store_exec(db, &forget, int64(now - LINK_KEPT));
}

enum status recovery_sweep(struct conn *db)
{
	return store_write(db, sweep, NULL);
}
