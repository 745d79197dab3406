/* accounts/staff.c: as recovery.c, one row a link and one conditional statement an arrow; the operator's row is taken first, then links, sessions, mails. */
#include "accounts/staff.h"

#include "accounts/notice.h"
#include "base/random.h"
#include "guard/password.h"
#include "institution/audit.h"
#include "institution/factor.h"

#define LINK_KEPT (30 * DAY) /* a dead row says how it died so long */

static struct actor himself(const struct operator* who, struct str network)
{
	return (struct actor){ .operator_id = who->id, .institution = who->institution, .name = who->name, .email = who->email, .network = network };
}

static enum status note(struct conn *db, struct arena *a, const struct actor *by, const char *verb, int64_t id)
{
	return audit_note(db, a, by, &(struct audit_record){ .verb = verb, .kind = "operator", .record = id });
}

/* ---- mails ---- */

static enum status mail_add(struct conn *db, struct arena *a, enum document_class class, const struct operator* who, int64_t shop, int64_t asked_at,
	bool is_factor_reset, struct str link_id)
{
	const struct merge_value values[] = {
		{ .field = "operator.name", .text = who->name },
		{ .field = "operator.email", .text = who->email },
		{ .field = "request.time", .at = asked_at },
		{ .field = class == CLASS_OPERATOR_NOTICE ? "is_factor_reset" : NULL, .text = is_factor_reset ? S("1") : S("") },
		{ .field = NULL },
	};
	const struct letter letter = {
		.class = class,
		.point_of_sale = shop,
		.language = who->language,
		.recipient = who->email,
		.recipient_name = who->name,
		.values = values,
		.link_id = link_id,
		.link_purpose = link_id.len ? LINK_OPERATOR : 0,
	};
	return outbox_add(db, a, &letter);
}

static enum status notice(struct conn *db, struct arena *a, const struct operator* who, bool is_factor_reset)
{
	int64_t shop;
	enum status st = point_of_sale_of_office(db, who->institution, &shop);
	if (st) return st == NOT_FOUND ? OK : st; /* a house without a shop has no sender */
	return mail_add(db, a, CLASS_OPERATOR_NOTICE, who, shop, store_now(db), is_factor_reset, S(""));
}

static enum status link_add(struct conn *db, struct arena *a, const struct operator* who, enum document_class class, int64_t shop, int64_t asked_at)
{
	static const struct sql insert =
		SQL("INSERT INTO operator_link (link_id, operator, state, fingerprint, made_at) VALUES ($1, $2, 'live', $3, $4)");
	static const struct sql retire =
		SQL("UPDATE operator_link SET state = 'superseded', ended_at = $2 WHERE operator = $1 AND state = 'live' AND link_id NOT IN"
			" (SELECT link_id FROM operator_link WHERE operator = $1 AND state = 'live' ORDER BY made_at DESC, link_id LIMIT $3)");
	struct str link_id = random_bytes(a, LINK_ID_SIZE);
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &insert, blob(link_id), int64(who->id), blob(account_fingerprint(a, who->password_hash, who->email_key)), int64(now))))
		return st;
	if ((st = store_exec(db, &retire, int64(who->id), int64(now), int64(LINKS_LIVE)))) return st;
	return mail_add(db, a, class, who, shop, asked_at, false, link_id);
}

/* ---- inviting ---- */

/* Takes the operator's row, so that two processes decide one after the other, and reads it as it is then. */
static enum status take(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct operator* who)
{
	static const struct sql q = SQL("UPDATE operator SET mailed_at = mailed_at WHERE id = $1 AND institution = $2");
	enum status st = store_exec(db, &q, int64(id), int64(institution));
	return st ? st : operator_get(db, a, institution, id, who);
}

enum status staff_invite(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why)
{
	struct operator who;
	int64_t shop;
	enum status st;
	if ((st = take(db, a, by->institution, id, &who))) return st;
	if (who.state == OPERATOR_BLOCKED) return problem_add(why, "", MSG_OPERATOR_IS_BLOCKED), REFUSED;
	if (who.password_hash.len) return problem_add(why, "", MSG_OPERATOR_HAS_PASSWORD), REFUSED;
	st = point_of_sale_of_office(db, by->institution, &shop);
	if (st == NOT_FOUND) return problem_add(why, "", MSG_OPERATOR_MAIL_NEEDS_SHOP), REFUSED;
	if (st || (st = note(db, a, by, "operator-invited", id))) return st;
	return link_add(db, a, &who, CLASS_OPERATOR_INVITATION, shop, store_now(db));
}

enum status staff_mail(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct outbox_mail *out)
{
	static const struct sql q =
		SQL("SELECT l.link_id FROM operator_link l JOIN operator o ON o.id = l.operator WHERE o.institution = $1 AND o.id = $2"
			" ORDER BY l.made_at DESC, l.link_id LIMIT 1");
	enum status st = store_row(db, &q, int64(by->institution), int64(id));
	return st ? st : outbox_of_link(db, a, by->institution, col_blob(db, 0, a), out);
}

/* ---- asking ---- */

struct asking {
	int64_t institution;
	struct str email, network;
};

static enum status ask(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO operator_request (institution, email, network, asked_at) VALUES ($1, $2, $3, $4)");
	struct asking *x = arg;
	return store_exec(db, &q, int64(x->institution), text(x->email), text(x->network), int64(store_now(db)));
}

enum status staff_recovery_ask(struct conn *db, int64_t institution, struct str email, struct str network)
{
	struct asking x = { institution, email, network };
	return store_write(db, ask, &x);
}

/* ---- deciding ---- */

struct request {
	int64_t institution, asked_at;
	struct str email, network;
};

static enum status request_take(struct conn *db, struct arena *a, struct request *r)
{
	static const struct sql q = SQL("DELETE FROM operator_request WHERE id = (SELECT id FROM operator_request ORDER BY id LIMIT 1" SKIP_LOCKED ")"
									" RETURNING institution, email, network, asked_at");
	enum status st = store_row(db, &q);
	if (st) return st;
	*r =
		(struct request){ .institution = col_int64(db, 0), .email = col_text(db, 1, a), .network = col_text(db, 2, a), .asked_at = col_int64(db, 3) };
	return OK;
}

/* The links are the count: an invitation within the minute makes another mail needless, too. */
static enum status is_allowed(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("SELECT count(*), max(made_at) FROM operator_link WHERE operator = $1 AND made_at > $2");
	int64_t now = store_now(db);
	enum status st = store_row(db, &q, int64(id), int64(now - HOUR));
	if (st) return st;
	return col_int64(db, 0) >= NOTICE_HOURLY || col_int64(db, 1) > now - NOTICE_PAUSE ? REFUSED : OK;
}

static enum status decide(struct conn *db, void *arg)
{
	struct arena *a = arg;
	struct request r;
	struct operator who = { 0 };
	struct str key;
	int64_t shop;
	enum status st;
	if ((st = request_take(db, a, &r))) return st;
	st = email_key(a, r.email, &key) ? operator_by_email(db, a, r.institution, key, &who) : NOT_FOUND;
	if (st == OK) st = take(db, a, r.institution, who.id, &who);
	if (st && st != NOT_FOUND) return st;
	struct actor by = { .institution = r.institution, .network = r.network }; /* whoever typed it */
	if (st == NOT_FOUND) return note(db, a, &by, "recovery-unknown", 0);
	if (who.state == OPERATOR_BLOCKED) return note(db, a, &by, "recovery-blocked", who.id);
	if ((st = is_allowed(db, who.id))) return st == REFUSED ? note(db, a, &by, "recovery-limited", who.id) : st;
	if ((st = note(db, a, &by, "recovery-asked", who.id))) return st;
	if ((st = point_of_sale_of_office(db, r.institution, &shop))) return st == NOT_FOUND ? OK : st;
	return link_add(db, a, &who, who.password_hash.len ? CLASS_OPERATOR_RESET : CLASS_OPERATOR_INVITATION, shop, r.asked_at);
}

enum status staff_decide(struct conn *db, struct arena *a)
{
	return store_write(db, decide, a);
}

/* ---- looking ---- */

struct looking {
	struct arena *a;
	struct str link_id;
	struct staff_view *view;
	struct operator* who;
	enum recovery_outcome outcome;
};

/* Link and operator in one snapshot: else somebody's success between the two reads would look like a newer link. */
static enum status row_look(struct conn *db, void *arg)
{
	static const struct sql q = SQL("SELECT l.operator, o.institution, l.state, l.fingerprint, l.deadline, l.ended_at FROM operator_link l"
									" JOIN operator o ON o.id = l.operator WHERE l.link_id = $1");
	struct looking *x = arg;
	int64_t now = store_now(db);
	enum status st = store_row(db, &q, blob(x->link_id));
	if (st) return st;
	*x->view =
		(struct staff_view){ .link_id = x->link_id, .operator_id = col_int64(db, 0), .institution = col_int64(db, 1), .ended_at = col_int64(db, 5) };
	struct str state = col_text(db, 2, x->a), fingerprint = col_blob(db, 3, x->a);
	x->outcome = recovery_state_outcome(state, col_int64(db, 4), now);
	if ((st = operator_get(db, x->a, x->view->institution, x->view->operator_id, x->who))) return st;
	x->view->email = x->who->email;
	x->view->email_masked = email_masked(x->a, x->who->email);
	x->view->is_invitation = x->who->password_hash.len == 0;
	if (x->outcome != RECOVERY_DONE) return OK;
	if (x->who->state == OPERATOR_BLOCKED) x->outcome = RECOVERY_EXPIRED;
	else if (!str_eq_secret(fingerprint, account_fingerprint(x->a, x->who->password_hash, x->who->email_key))) x->outcome = RECOVERY_SUPERSEDED;
	return OK;
}

static enum recovery_outcome look(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct staff_view *view, struct operator* who)
{
	struct link link;
	if (link_read(keys, token, LINK_FOR(LINK_OPERATOR), &link) != LINK_GENUINE) return RECOVERY_UNKNOWN;
	struct looking x = { .a = a, .view = view, .who = who, .link_id = str_keep(a, (struct str){ (const char *)link.id, LINK_ID_SIZE }) };
	enum status st = store_snapshot(db, row_look, &x);
	if (st) return st == NOT_FOUND ? RECOVERY_EXPIRED : RECOVERY_TRY_AGAIN;
	return x.outcome;
}

enum recovery_outcome staff_look(struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct staff_view *view)
{
	struct operator who;
	*view = (struct staff_view){ 0 };
	return look(db, a, keys, token, view, &who);
}

/* ---- redeeming and changing ---- */

struct change {
	struct arena *a;
	const struct operator* who;
	struct str link_id; /* empty: changed by himself */
	struct str hash, network, keep;
};

static enum status password_set(struct conn *db, const struct change *x)
{
	static const struct sql q = SQL("UPDATE operator SET password_hash = $2, state = 'active', version = version + 1"
									" WHERE id = $1 AND email_key = $3 AND password_hash IS NOT DISTINCT FROM $4 AND state <> 'blocked'");
	struct str old = x->who->password_hash;
	enum status st = store_exec(db, &q, int64(x->who->id), text(x->hash), text(x->who->email_key), old.len ? text(old) : null_value());
	return st ? st : store_changes(db) == 1 ? OK : NOT_FOUND;
}

static enum status link_use(struct conn *db, const struct change *x)
{
	static const struct sql q = SQL("UPDATE operator_link SET state = 'used', ended_at = $3"
									" WHERE link_id = $1 AND state = 'live' AND deadline > $3 AND fingerprint = $2");
	if (!x->link_id.len) return OK;
	struct str fingerprint = account_fingerprint(x->a, x->who->password_hash, x->who->email_key);
	enum status st = store_exec(db, &q, blob(x->link_id), blob(fingerprint), int64(store_now(db)));
	return st ? st : store_changes(db) == 1 ? OK : NOT_FOUND;
}

static enum status change(struct conn *db, void *arg)
{
	struct change *x = arg;
	struct actor by = himself(x->who, x->network);
	enum status st;
	if ((st = password_set(db, x))) return st;
	if ((st = link_use(db, x))) return st;
	if ((st = staff_end_links(db, x->who->id))) return st;
	st = x->keep.len ? operator_session_end_others(db, x->who->id, x->keep) : operator_session_end_all(db, x->who->id);
	if (st || (st = operator_signin_forgive(db, x->a, x->who, x->network))) return st;
	if ((st = note(db, x->a, &by, x->link_id.len ? "password-set-by-mail" : "password-changed", x->who->id))) return st;
	return notice(db, x->a, x->who, false);
}

/* The words that must not make up a password: name, address, institution. Ends with an empty str. */
static const struct str *password_words(struct arena *a, const struct operator* who)
{
	struct str *words = ARENA_ARRAY(a, struct str, 6), rest = who->email, local = { 0 };
	size_t n = 0;
	str_next(&rest, '@', &local);
	struct str all[] = { who->name, who->email, local, rest.at ? rest : S(""), who->institution_name };
	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i].len) words[n++] = all[i];
	return words;
}

enum recovery_outcome staff_redeem(struct conn *db, struct arena *a, struct link_keys keys, struct hasher *hasher, struct str token,
	struct str password, struct str network, struct staff_view *view, struct problem *why)
{
	struct operator who;
	*view = (struct staff_view){ 0 };
	enum recovery_outcome outcome = look(db, a, keys, token, view, &who);
	if (outcome != RECOVERY_DONE) return outcome;
	password_check(a, password, password_words(a, &who), "password", why);
	if (problem_any(why)) return RECOVERY_REFUSED;
	struct change x = { .a = a, .who = &who, .link_id = view->link_id, .network = network };
	if (hasher_hash(hasher, a, password, &x.hash)) return RECOVERY_TRY_AGAIN;
	enum status st = store_write(db, change, &x);
	if (st == NOT_FOUND) { /* somebody was faster: the row says how */
		outcome = look(db, a, keys, token, view, &who);
		return outcome == RECOVERY_DONE ? RECOVERY_TRY_AGAIN : outcome;
	}
	return st ? RECOVERY_TRY_AGAIN : RECOVERY_DONE;
}

enum status staff_change_password(struct conn *db, struct arena *a, struct hasher *hasher, const struct operator* who, struct str old,
	struct str new_password, const struct operator_asker *from, struct problem *why)
{
	struct change x = { .a = a, .who = who, .network = from->network, .keep = from->session };
	bool needs_rehash;
	password_check(a, new_password, password_words(a, who), "password", why);
	if (problem_any(why)) return REFUSED;
	enum status st = hasher_verify(hasher, who->password_hash, old, &needs_rehash);
	if (st == REFUSED) problem_add(why, "old_password", MSG_PASSWORD_WRONG);
	if (st || (st = hasher_hash(hasher, a, new_password, &x.hash))) return st;
	return store_write(db, change, &x);
}

/* ---- the life of links ---- */

enum status staff_link_sending(struct conn *db, struct str link_id, int64_t *deadline)
{
	static const struct sql q =
		SQL("UPDATE operator_link SET deadline = $2 + $3 * (SELECT i.link_hours FROM operator o JOIN institution i ON i.id = o.institution "
			"  WHERE o.id = operator_link.operator) WHERE link_id = $1 AND state = 'live' RETURNING deadline");
	enum status st = store_row(db, &q, blob(link_id), int64(store_now(db)), int64(HOUR));
	if (st == OK) *deadline = col_int64(db, 0);
	return st;
}

enum status staff_end_links(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("UPDATE operator_link SET state = 'superseded', ended_at = $2 WHERE operator = $1 AND state = 'live'");
	return store_exec(db, &q, int64(id), int64(store_now(db)));
}

enum status staff_block(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why)
{
	enum status st = operator_block(db, a, by, id, why);
	return st ? st : staff_end_links(db, id);
}

enum status staff_factor_reset(struct conn *db, struct arena *a, const struct actor *by, int64_t id)
{
	struct operator who;
	enum status st;
	if ((st = take(db, a, by->institution, id, &who))) return st;
	if ((st = factor_reset(db, a, by, id))) return st;
	return notice(db, a, &who, true);
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql expire = SQL("UPDATE operator_link SET state = 'expired', ended_at = deadline WHERE state = 'live' AND deadline <= $1");
	static const struct sql forget = SQL("DELETE FROM operator_link WHERE state <> 'live' AND ended_at < $1");
	(void)arg;
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_exec(db, &expire, int64(now)))) return st;
	return store_exec(db, &forget, int64(now - LINK_KEPT));
}

enum status staff_sweep(struct conn *db)
{
	return store_write(db, sweep, NULL);
}
