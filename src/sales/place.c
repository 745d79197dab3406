/* sales/place.c: taking places, keeping them, giving them back. */
#include "sales/place.h"

/* A performance's places are taken only while it is on sale and to come: asked in the statement that takes, since a page may be older than a click in the office. */
#define ON_SALE(zone, now)                                                                                    \
	" EXISTS (SELECT 1 FROM performance_zone o JOIN performance f ON f.id = o.performance WHERE o.id = " zone \
	"  AND f.state = 'on-sale' AND f.starts_at > " now ")"

/* One statement: the rows are locked first, then changed only if they are as many as were asked for. */
#define TAKE_PICKED                                 \
	" UPDATE place SET free_from = $1, holder = $2" \
	"  WHERE id IN (SELECT id FROM pick) AND free_from <= $3 AND (SELECT count(*) FROM pick) = $4 AND" ON_SALE("$5", "$3")

/* Too few were to be had. Whether they are too few for good: rows in other hands may come free when those roll back. */
static enum status short_of(struct conn *db, int64_t n, const struct sql *count, const struct value *values, size_t value_count)
{
	enum status st = store_row_values(db, count, values, value_count);
	if (st) return st;
	return col_int64(db, 0) >= n ? CONFLICT : NOT_FOUND;
}

enum status place_count_free(struct conn *db, int64_t zone, int64_t most, int64_t *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM (SELECT id FROM place WHERE zone = $1 AND free_from <= $2 LIMIT $3) free");
	enum status st = store_row(db, &q, int64(zone), int64(store_now(db)), int64(most));
	if (st == OK) *out = col_int64(db, 0);
	return st;
}

enum status place_take(struct conn *db, int64_t zone, int64_t n, int64_t line, int64_t until)
{
	static const struct sql q =
		SQL("WITH pick AS (SELECT id FROM place WHERE zone = $5 AND free_from <= $3 ORDER BY free_from, id LIMIT $4" SKIP_LOCKED ")" TAKE_PICKED);
	static const struct sql count =
		SQL("SELECT count(*) FROM (SELECT id FROM place WHERE zone = $1 AND free_from <= $2 AND" ON_SALE("$1", "$2") " LIMIT $3) free");
	int64_t now = store_now(db);
	enum status st;
	if (n < 1) BUG("%lld places", (long long)n);
	if ((st = store_exec(db, &q, int64(until), int64(line), int64(now), int64(n), int64(zone)))) return st;
	if (store_changes(db) == n) return OK;
	return short_of(db, n, &count, (const struct value[]){ int64(zone), int64(now), int64(n) }, 3);
}

/* The seats are chosen in a sub-select, so that only their places are locked: the same seat is sold for other evenings too. */
enum status place_take_run(struct conn *db, int64_t zone, int64_t row, int64_t position, int64_t last, int64_t line, int64_t until)
{
#define RUN_OF "seat IN (SELECT s.id FROM seat s JOIN performance_zone z ON z.zone = s.zone"
	static const struct sql q =
		SQL("WITH pick AS (SELECT id FROM place WHERE zone = $5 AND free_from <= $3 AND " RUN_OF " WHERE z.id = $5 AND s.row_rank = $6"
			"   AND s.position BETWEEN $7 AND $8)" SKIP_LOCKED ")" TAKE_PICKED);
	static const struct sql count = SQL("SELECT count(*) FROM place WHERE zone = $1 AND free_from <= $2 AND" ON_SALE(
		"$1", "$2") " AND " RUN_OF " WHERE z.id = $1 AND s.row_rank = $3 AND s.position BETWEEN $4 AND $5)");
	int64_t now = store_now(db), n = last - position + 1;
	enum status st;
	if ((st = store_exec(db, &q, int64(until), int64(line), int64(now), int64(n), int64(zone), int64(row), int64(position), int64(last)))) return st;
	if (store_changes(db) == n) return OK;
	return short_of(db, n, &count, (const struct value[]){ int64(zone), int64(now), int64(row), int64(position), int64(last) }, 5);
}

enum status place_take_seat(struct conn *db, int64_t zone, int64_t seat, int64_t line, int64_t until)
{
	static const struct sql q =
		SQL("WITH pick AS (SELECT id FROM place WHERE zone = $5 AND seat = $6 AND free_from <= $3" SKIP_LOCKED ")" TAKE_PICKED);
	static const struct sql count = SQL("SELECT count(*) FROM place WHERE zone = $1 AND free_from <= $2 AND seat = $3 AND" ON_SALE("$1", "$2"));
	int64_t now = store_now(db), one = 1;
	enum status st;
	if ((st = store_exec(db, &q, int64(until), int64(line), int64(now), int64(one), int64(zone), int64(seat)))) return st;
	if (store_changes(db) == 1) return OK;
	return short_of(db, 1, &count, (const struct value[]){ int64(zone), int64(now), int64(seat) }, 3);
}

enum status place_pass(struct conn *db, int64_t from, int64_t to, int64_t n, int64_t until)
{
	static const struct sql q =
		SQL("UPDATE place SET holder = $2 WHERE holder = $1 AND id IN (SELECT p.id FROM place p LEFT JOIN seat s ON s.id = p.seat"
			" WHERE p.holder = $1 AND p.free_from = $4 ORDER BY s.row_rank DESC, s.position DESC, p.id DESC LIMIT $3)");
	enum status st = store_exec(db, &q, int64(from), int64(to), int64(n), int64(until));
	if (st) return st;
	return store_changes(db) == n ? OK : CONFLICT;
}

enum status place_give_back(struct conn *db, int64_t line)
{
	static const struct sql q = SQL("UPDATE place SET free_from = 0, holder = NULL WHERE id IN"
									" (SELECT id FROM place WHERE holder = $1 AND free_from < $2" SKIP_LOCKED ") AND holder = $1 AND free_from < $2");
	return store_exec(db, &q, int64(line), int64(PLACE_TAKEN));
}

enum status place_hold_on(struct conn *db, int64_t order, int64_t until)
{
#define OF_ORDER "holder IN (SELECT id FROM order_line WHERE customer_order = $1) AND free_from < $2"
	static const struct sql q =
		SQL("UPDATE place SET free_from = $2 WHERE id IN (SELECT id FROM place WHERE " OF_ORDER SKIP_LOCKED ") AND " OF_ORDER);
	return store_exec(db, &q, int64(order), int64(until));
}

enum status place_keep(struct conn *db, int64_t order, int64_t n)
{
	static const struct sql q =
		SQL("UPDATE place SET free_from = $2 WHERE holder IN (SELECT id FROM order_line WHERE customer_order = $1) AND free_from < $2");
	enum status st = store_exec(db, &q, int64(order), int64(PLACE_TAKEN));
	if (st) return st;
	return store_changes(db) == n ? OK : NOT_FOUND;
}

enum status place_free(struct conn *db, int64_t place, int64_t line)
{
	static const struct sql q = SQL("UPDATE place SET free_from = 0, holder = NULL WHERE id = $1 AND holder = $2 AND free_from = $3");
	enum status st = store_exec(db, &q, int64(place), int64(line), int64(PLACE_TAKEN));
	if (st) return st;
	return store_changes(db) == 1 ? OK : NOT_FOUND;
}
