/* institution/operator_session.c: one path whoever it is: count, look, hash, note; then a session. */
#include "institution/operator_session.h"

#include <sodium.h>

#include "base/random.h"
#include "guard/rate.h"
#include "institution/audit.h"

#define TOKEN_BYTES 32
#define AGENT_MAX	300 /* octets kept of a User-Agent: enough to tell a phone from a laptop */

/* Guessing one address from one place, from one place at all, and one address from anywhere. A house's operators share a network. */
static const struct rate_limit limit_pair = { "office-pair", 15 * MINUTE, 10 };
static const struct rate_limit limit_network = { "office-network", 15 * MINUTE, 100 };
static const struct rate_limit limit_address = { "office-address", HOUR, 100 };

/* ---- sessions ---- */

static struct str token_hash(struct arena *a, struct str token)
{
	unsigned char *hash = arena_alloc(a, 32);
	crypto_generichash(hash, 32, (const unsigned char *)token.at, token.len, NULL, 0);
	return (struct str){ (char *)hash, 32 };
}

/* Cut between characters. */
static struct str agent_cut(struct str agent)
{
	if (!str_is_text(agent)) return S("");
	size_t len = agent.len < AGENT_MAX ? agent.len : AGENT_MAX;
	while (len < agent.len && len > 0 && ((unsigned char)agent.at[len] & 0xc0) == 0x80) len--;
	return str_part(agent, 0, len);
}

enum status operator_session_begin(struct conn *db, struct arena *a, int64_t id, const struct operator_asker *from, bool is_whole, struct str *token)
{
	static const struct sql q = SQL("INSERT INTO operator_session (token_hash, id, operator, is_whole, made_at, seen_at, network, agent)"
									" VALUES ($1, $2, $3, $4, $5, $5, $6, $7)");
	static const struct sql end =
		SQL("DELETE FROM operator_session WHERE operator = $1 AND token_hash NOT IN"
			" (SELECT token_hash FROM operator_session WHERE operator = $1 AND is_whole = $3 ORDER BY seen_at DESC, made_at DESC"
			"  LIMIT $2) AND is_whole = $3");
	enum status st;
	if (from->session.len && (st = operator_session_end(db, from->session))) return st;
	if ((st = store_exec(db, &end, int64(id), int64(OPERATOR_SESSIONS_MOST - 1), boolean(is_whole)))) return st; /* room for the new one */
	*token = str_base64url(a, random_bytes(a, TOKEN_BYTES));
	return store_exec(db, &q, blob(token_hash(a, *token)), blob(random_bytes(a, 16)), int64(id), boolean(is_whole), int64(store_now(db)),
		text(from->network), text(agent_cut(from->agent)));
}

/* The house says how long its operators may be idle, OPERATOR_IDLE at most. */
#define SESSION_COLUMNS "s.token_hash, s.id, s.operator, s.made_at, s.seen_at, s.is_whole, s.network, s.agent, i.idle_minutes, i.id"
#define SESSION_TABLES	" FROM operator_session s JOIN operator o ON o.id = s.operator JOIN institution i ON i.id = o.institution "
#define SESSION_HOUSE	9 /* of SESSION_COLUMNS */

static void session_read(struct conn *db, struct arena *a, int64_t now, struct operator_session *s)
{
	*s = (struct operator_session){
		.token_hash = col_blob(db, 0, a),
		.id = col_blob(db, 1, a),
		.operator_id = col_int64(db, 2),
		.made_at = col_int64(db, 3),
		.seen_at = col_int64(db, 4),
		.network = col_text(db, 6, a),
		.agent = col_text(db, 7, a),
	};
	bool is_idle = s->seen_at <= now - col_int64(db, 8) * MINUTE;
	s->state = !col_boolean(db, 5) ? OPERATOR_SESSION_HALF : is_idle ? OPERATOR_SESSION_IDLE : OPERATOR_SESSION_LIVE;
}

enum status operator_session_find(struct conn *db, struct arena *a, struct str token, struct operator_session *out, struct operator* who)
{
	static const struct sql q = SQL("SELECT " SESSION_COLUMNS SESSION_TABLES "WHERE s.token_hash = $1 AND s.made_at > $2");
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_row(db, &q, blob(token_hash(a, token)), int64(now - OPERATOR_LONGEST)))) return st;
	session_read(db, a, now, out);
	if (out->state == OPERATOR_SESSION_HALF && out->seen_at <= now - OPERATOR_IDLE) return NOT_FOUND;
	if ((st = operator_get(db, a, col_int64(db, SESSION_HOUSE), out->operator_id, who))) return st;
	return who->state == OPERATOR_ACTIVE ? OK : NOT_FOUND;
}

static enum status note(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE operator_session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2 AND seen_at > $2 - $3 * "
			"  (SELECT i.idle_minutes FROM operator o JOIN institution i ON i.id = o.institution WHERE o.id = operator_session.operator)");
	const struct str *hash = arg;
	int64_t now = store_now(db);
	return store_exec(db, &q, blob(*hash), int64(now), int64(MINUTE)); /* what went idle meanwhile stays so */
}

enum status operator_session_note(struct conn *db, struct str hash)
{
	return store_write(db, note, &hash);
}

enum status operator_session_end(struct conn *db, struct str hash)
{
	static const struct sql q = SQL("DELETE FROM operator_session WHERE token_hash = $1");
	return store_exec(db, &q, blob(hash));
}

enum status operator_session_end_by_id(struct conn *db, int64_t id, struct str session)
{
	static const struct sql q = SQL("DELETE FROM operator_session WHERE operator = $1 AND id = $2");
	enum status st = store_exec(db, &q, int64(id), blob(session));
	return st ? st : store_changes(db) ? OK : NOT_FOUND;
}

enum status operator_session_end_all(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("DELETE FROM operator_session WHERE operator = $1");
	return store_exec(db, &q, int64(id));
}

enum status operator_session_end_others(struct conn *db, int64_t id, struct str keep)
{
	static const struct sql q = SQL("DELETE FROM operator_session WHERE operator = $1 AND token_hash <> $2");
	return store_exec(db, &q, int64(id), blob(keep));
}

enum status operator_session_list(struct conn *db, struct arena *a, int64_t id, struct operator_session **out, size_t *count)
{
	static const struct sql q = SQL(
		"SELECT " SESSION_COLUMNS SESSION_TABLES "WHERE s.operator = $1 AND s.seen_at > $2 - $5 * i.idle_minutes AND s.made_at > $3 AND s.is_whole"
		" ORDER BY s.seen_at DESC, s.made_at DESC LIMIT $4");
	int64_t now = store_now(db);
	enum status st;
	*out = ARENA_ARRAY(a, struct operator_session, OPERATOR_SESSIONS_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(id), int64(now), int64(now - OPERATOR_LONGEST), int64(OPERATOR_SESSIONS_MOST), int64(MINUTE)))) return st;
	while ((st = store_next(db)) == OK) session_read(db, a, now, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql q = SQL("DELETE FROM operator_session WHERE made_at <= $1");
	(void)arg;
	return store_exec(db, &q, int64(store_now(db) - OPERATOR_LONGEST));
}

enum status operator_session_sweep(struct conn *db)
{
	return store_write(db, sweep, NULL);
}

/* ---- signing in ---- */

struct attempt {
	struct arena *a;
	const struct operator_asker *from;
	const struct operator* who;
	int64_t institution;
	struct str address, pair, new_hash, token;
	int wait;
};

/* Who is turned away by one limit is not counted by the next: else one client would use up an address for everybody. */
static enum status count(struct conn *db, void *arg)
{
	struct attempt *x = arg;
	const struct {
		const struct rate_limit *limit;
		struct str what;
	} counted[] = { { &limit_network, x->from->network }, { &limit_pair, x->pair }, { &limit_address, x->address } };
	enum status st = OK;
	x->wait = 0;
	for (size_t i = 0; !st && i < COUNT(counted); i++) st = rate_count(db, x->a, counted[i].limit, counted[i].what, &x->wait);
	return st == REFUSED ? OK : st; /* the counts stay, also when the limit is reached */
}

static struct actor actor_of(const struct attempt *x)
{
	return (struct actor){ .operator_id = x->who->id, .institution = x->institution, .name = x->who->name, .network = x->from->network };
}

static enum status note_wrong(struct conn *db, void *arg)
{
	struct attempt *x = arg;
	struct actor who = actor_of(x);
	return audit_note(db, x->a, &who, &(struct audit_record){ .verb = "signin-refused", .kind = "operator", .record = x->who->id });
}

static enum status begin(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE operator SET signin_at = $2, password_hash = $3 WHERE id = $1 AND state = 'active' AND password_hash = $4 AND factor_is_on = $5");
	struct attempt *x = arg;
	struct str old = x->who->password_hash;
	struct actor who = actor_of(x);
	enum status st;
	if ((st = store_exec(
			 db, &q, int64(x->who->id), int64(store_now(db)), text(x->new_hash.len ? x->new_hash : old), text(old), boolean(x->who->has_factor))))
		return st;
	if (store_changes(db) != 1) return NOT_FOUND; /* blocked or changed since it was looked at */
	if ((st = rate_forget(db, x->a, &limit_pair, x->pair))) return st;
	if ((st = audit_note(db, x->a, &who,
			 &(struct audit_record){ .verb = x->who->has_factor ? "password-given" : "signed-in", .kind = "operator", .record = x->who->id })))
		return st;
	return operator_session_begin(db, x->a, x->who->id, x->from, !x->who->has_factor, &x->token);
}

static struct str address_counted(struct arena *a, int64_t institution, struct str key)
{
	return str_format(a, "%lld %.*s", (long long)institution, STR_ARG(key));
}

static struct str pair_counted(struct arena *a, struct str address, struct str network)
{
	return str_format(a, "%.*s %.*s", STR_ARG(address), STR_ARG(network));
}

enum status operator_signin_forgive(struct conn *db, struct arena *a, const struct operator* who, struct str network)
{
	struct str address = address_counted(a, who->institution, who->email_key);
	enum status st = rate_forget(db, a, &limit_pair, pair_counted(a, address, network));
	return st ? st : rate_forget(db, a, &limit_address, address);
}

enum operator_signin operator_signin(struct conn *db, struct arena *a, struct hasher *hasher, int64_t institution, struct str email,
	struct str password, const struct operator_asker *from, struct str *token, bool *needs_factor, int *wait)
{
	struct operator who = { 0 };
	struct attempt x = { .a = a, .from = from, .institution = institution, .who = &who };
	struct str key;
	if (!email_key(a, email, &key)) key = email;
	x.address = address_counted(a, institution, key);
	x.pair = pair_counted(a, x.address, from->network);
	if (store_write(db, count, &x)) return OPERATOR_SIGNIN_TRY_AGAIN;
	*wait = x.wait;
	if (x.wait) return OPERATOR_SIGNIN_LIMITED;

	enum status found = operator_by_email(db, a, institution, key, &who);
	if (found && found != NOT_FOUND) return OPERATOR_SIGNIN_TRY_AGAIN;
	bool needs_rehash = false;
	enum status st = hasher_verify(hasher, who.password_hash, password, &needs_rehash); /* without a hash: a stand-in of the same cost */
	if (st == UNAVAILABLE) return OPERATOR_SIGNIN_TRY_AGAIN;
	if (st || who.state != OPERATOR_ACTIVE) return store_write(db, note_wrong, &x) ? OPERATOR_SIGNIN_TRY_AGAIN : OPERATOR_SIGNIN_WRONG;
	if (needs_rehash && hasher_hash(hasher, a, password, &x.new_hash)) x.new_hash = S(""); /* next time, then */
	st = store_write(db, begin, &x);
	if (st) return st == NOT_FOUND ? OPERATOR_SIGNIN_WRONG : OPERATOR_SIGNIN_TRY_AGAIN;
	*token = x.token;
	*needs_factor = who.has_factor;
	return OPERATOR_SIGNIN_DONE;
}
