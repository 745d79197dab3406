/* institution/signing_key.c: names of keys only; the keys lie in --secret-dir. */
#include "institution/signing_key.h"

#include <string.h>

static bool holds(struct link_keys have, struct str id)
{
	for (size_t i = 0; i < have.count; i++)
		if (id.len == sizeof have.key[i].id && memcmp(have.key[i].id, id.at, id.len) == 0) return true;
	return false;
}

enum status signing_keys_check(struct conn *db, struct arena *a, struct link_keys have, struct problem *why)
{
	static const struct sql q = SQL("SELECT key_id FROM signing_key ORDER BY noted_at");
	enum status st = store_query(db, &q);
	if (st) return st;
	while ((st = store_next(db)) == OK) {
		struct str id = col_blob(db, 0, a);
		if (!holds(have, id)) problem_add(why, "secret-dir", MSG_SIGNING_KEY_MISSING, arg_text("key", str_hex(a, id)));
	}
	if (st != NOT_FOUND) return st;
	return problem_any(why) ? REFUSED : OK;
}

enum status signing_key_note(struct conn *db, struct link_keys have)
{
	static const struct sql q = SQL("INSERT INTO signing_key (key_id, noted_at) VALUES ($1, $2) ON CONFLICT (key_id) DO NOTHING");
	if (have.count == 0) BUG("no signing key");
	const struct link_key *newest = &have.key[have.count - 1];
	return store_exec(db, &q, blob((struct str){ (const char *)newest->id, sizeof newest->id }), int64(store_now(db)));
}
