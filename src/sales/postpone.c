/* sales/postpone.c: every time by the house's clock, also over the changes to summer time and back. */
#include "sales/postpone.h"

#include "base/day.h"

#define WEEK			 7
#define PERFORMANCES_MAX 1000 /* of a demonstration; the made one has eight */

/* The same hour, DAYS later. Counted from the end of its day: clocks change before anybody plays. */
static int64_t later(struct arena *a, int64_t utc, struct str zone, int64_t days)
{
	int64_t day = day_of(a, utc, zone);
	return day_begins(a, day + days + 1, zone) - (day_begins(a, day + 1, zone) - utc);
}

/* 0: none is too near. */
static enum status days_to_move(struct conn *db, struct arena *a, int64_t institution, struct str zone, int64_t first_day, int64_t *days)
{
	static const struct sql q = SQL("SELECT min(starts_at) FROM performance WHERE institution = $1");
	enum status st = store_row(db, &q, int64(institution));
	*days = 0;
	if (st || col_is_null(db, 0)) return st;
	int64_t first = day_of(a, col_int64(db, 0), zone);
	if (first < first_day) *days = (first_day - first + WEEK - 1) / WEEK * WEEK;
	return OK;
}

struct moving {
	int64_t id, starts_at, doors_at, ends_at;
};

static enum status move(struct conn *db, struct arena *a, const struct moving *m, struct str zone, int64_t days)
{
	static const struct sql performance = SQL("UPDATE performance SET starts_at = $2, doors_at = $3, ends_at = $4 WHERE id = $1");
	static const struct sql windows = SQL("UPDATE sale_window SET closes_at = closes_at + $2 WHERE performance = $1");
	int64_t starts_at = later(a, m->starts_at, zone, days);
	enum status st = store_exec(
		db, &performance, int64(m->id), int64(starts_at), int64(later(a, m->doors_at, zone, days)), int64(starts_at + m->ends_at - m->starts_at));
	return st ? st : store_exec(db, &windows, int64(m->id), int64(starts_at - m->starts_at));
}

enum status programme_postpone(struct conn *db, struct arena *a, int64_t institution, struct str zone, int64_t first_day)
{
	static const struct sql q = SQL("SELECT id, starts_at, doors_at, ends_at FROM performance WHERE institution = $1 ORDER BY id LIMIT $2");
	struct moving *all = ARENA_ARRAY(a, struct moving, PERFORMANCES_MAX);
	int64_t days;
	size_t count = 0;
	enum status st = days_to_move(db, a, institution, zone, first_day, &days);
	if (st || !days) return st;
	st = store_query(db, &q, int64(institution), int64(PERFORMANCES_MAX));
	while (!st && !(st = store_next(db))) all[count++] = (struct moving){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2), col_int64(db, 3) };
	if (st != NOT_FOUND) return st;
	st = OK;
	for (size_t i = 0; i < count && !st; i++) st = move(db, a, &all[i], zone, days);
	return st;
}
