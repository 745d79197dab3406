/* accounts/session.c: signed-in browsers. */
#include "accounts/session.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/random.h"

#define TOKEN_BYTES 32
#define AGENT_MAX	300 /* octets kept of a User-Agent: enough to tell a phone from a laptop */

struct str session_hash(struct arena *a, struct str token)
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

enum status session_begin(struct conn *db, struct arena *a, int64_t account, const struct asker *from, struct str *token)
{
	static const struct sql q = SQL("INSERT INTO account_session (token_hash, id, account, point_of_sale, made_at, seen_at, network, agent)"
									" VALUES ($1, $2, $3, $4, $5, $5, $6, $7)");
	static const struct sql end = SQL("DELETE FROM account_session WHERE account = $1 AND token_hash NOT IN"
									  " (SELECT token_hash FROM account_session WHERE account = $1 ORDER BY seen_at DESC, made_at DESC LIMIT $2)");
	enum status st;
	if (from->session.len && (st = session_end(db, from->session))) return st;
	if ((st = store_exec(db, &end, int64(account), int64(SESSIONS_MOST - 1)))) return st; /* room for the new one */
	*token = str_base64url(a, random_bytes(a, TOKEN_BYTES));
	return store_exec(db, &q, blob(session_hash(a, *token)), blob(random_bytes(a, 16)), int64(account), int64(from->shop), int64(store_now(db)),
		text(from->network), text(agent_cut(from->agent)));
}

static void session_read(struct conn *db, struct arena *a, struct session *s)
{
	*s = (struct session){
		.token_hash = col_blob(db, 0, a),
		.id = col_blob(db, 1, a),
		.account = col_int64(db, 2),
		.point_of_sale = col_int64(db, 3),
		.made_at = col_int64(db, 4),
		.seen_at = col_int64(db, 5),
		.network = col_text(db, 6, a),
		.agent = col_text(db, 7, a),
	};
}

#define SESSION_COLUMNS "token_hash, id, account, point_of_sale, made_at, seen_at, network, agent"

enum status session_find(struct conn *db, struct arena *a, struct str token, int64_t shop, struct session *out, struct account *who)
{
	static const struct sql q = SQL("SELECT " SESSION_COLUMNS " FROM account_session"
									" WHERE token_hash = $1 AND point_of_sale = $2 AND seen_at > $3 AND made_at > $4");
	int64_t now = store_now(db);
	enum status st;
	if ((st = store_row(db, &q, blob(session_hash(a, token)), int64(shop), int64(now - SESSION_IDLE), int64(now - SESSION_LONGEST)))) return st;
	session_read(db, a, out);
	if ((st = account_get(db, a, out->account, who))) return st;
	return who->state == ACCOUNT_ACTIVE ? OK : NOT_FOUND;
}

static enum status note(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE account_session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2");
	const struct str *token_hash = arg;
	return store_exec(db, &q, blob(*token_hash), int64(store_now(db)));
}

enum status session_note(struct conn *db, struct str token_hash)
{
	return store_write(db, note, &token_hash);
}

enum status session_end(struct conn *db, struct str token_hash)
{
	static const struct sql q = SQL("DELETE FROM account_session WHERE token_hash = $1");
	return store_exec(db, &q, blob(token_hash));
}

enum status session_end_by_id(struct conn *db, int64_t account, struct str id)
{
	static const struct sql q = SQL("DELETE FROM account_session WHERE account = $1 AND id = $2");
	return store_exec(db, &q, int64(account), blob(id));
}

enum status session_end_all(struct conn *db, int64_t account)
{
	static const struct sql q = SQL("DELETE FROM account_session WHERE account = $1");
	return store_exec(db, &q, int64(account));
}

enum status session_end_others(struct conn *db, int64_t account, struct str keep)
{
	static const struct sql q = SQL("DELETE FROM account_session WHERE account = $1 AND token_hash <> $2");
	return store_exec(db, &q, int64(account), blob(keep));
}

enum status session_list(struct conn *db, struct arena *a, int64_t account, struct session **out, size_t *count)
{
	static const struct sql q = SQL("SELECT " SESSION_COLUMNS " FROM account_session WHERE account = $1 AND seen_at > $2 AND made_at > $3"
									" ORDER BY seen_at DESC, made_at DESC LIMIT $4");
	int64_t now = store_now(db);
	*out = ARENA_ARRAY(a, struct session, SESSIONS_MOST);
	*count = 0;
	enum status st;
	if ((st = store_query(db, &q, int64(account), int64(now - SESSION_IDLE), int64(now - SESSION_LONGEST), int64(SESSIONS_MOST)))) return st;
	while ((st = store_next(db)) == OK) session_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql q = SQL("DELETE FROM account_session WHERE seen_at <= $1 OR made_at <= $2");
	(void)arg;
	int64_t now = store_now(db);
	return store_exec(db, &q, int64(now - SESSION_IDLE), int64(now - SESSION_LONGEST));
}

enum status session_sweep(struct conn *db)
{
	return store_write(db, sweep, NULL);
}
