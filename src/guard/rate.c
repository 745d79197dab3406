/* guard/rate.c: one row a key and stretch, counted by one statement. */
#include "guard/rate.h"

#include <sodium.h>

#define SWEEP_MOST 500 /* rows a transaction, so that it stays under 5 ms */

/* What is counted is hashed with the limit's name, so that neither addresses nor networks stand in the table. */
static struct str counter_key(struct arena *a, const struct rate_limit *limit, struct str what)
{
	struct str whole = str_format(a, "%s:%.*s", limit->name, STR_ARG(what));
	unsigned char *key = arena_alloc(a, 32);
	crypto_generichash(key, 32, (const unsigned char *)whole.at, whole.len, NULL, 0);
	return (struct str){ (char *)key, 32 };
}

enum status rate_count(struct conn *db, struct arena *a, const struct rate_limit *limit, struct str what, int *wait)
{
	static const struct sql q = SQL("INSERT INTO rate_counter (key, stretch, count, ends_at) VALUES ($1, $2, 1, $3)"
									" ON CONFLICT (key, stretch) DO UPDATE SET count = rate_counter.count + 1 RETURNING count");
	int64_t now = store_now(db), stretch = now / limit->stretch, ends_at = (stretch + 1) * limit->stretch;
	enum status st;
	if ((st = store_row(db, &q, blob(counter_key(a, limit, what)), int64(stretch), int64(ends_at)))) return st;
	if (col_int64(db, 0) <= limit->most) return OK;
	*wait = (int)((ends_at - now) / SECOND) + 1;
	return REFUSED;
}

enum status rate_forget(struct conn *db, struct arena *a, const struct rate_limit *limit, struct str what)
{
	static const struct sql q = SQL("DELETE FROM rate_counter WHERE key = $1");
	return store_exec(db, &q, blob(counter_key(a, limit, what)));
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("DELETE FROM rate_counter WHERE (key, stretch) IN (SELECT key, stretch FROM rate_counter WHERE ends_at < $1 LIMIT $2)");
	int64_t *gone = arg;
	enum status st = store_exec(db, &q, int64(store_now(db)), int64(SWEEP_MOST));
	*gone = store_changes(db);
	return st;
}

enum status rate_sweep(struct conn *db)
{
	int64_t gone;
	enum status st;
	do st = store_write(db, sweep, &gone);
	while (!st && gone == SWEEP_MOST);
	return st;
}
