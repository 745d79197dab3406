/* sales/figures.c: by the hour, because hours fall into the days of every time zone. */
#include "sales/figures.h"

#include "base/clock.h"

#define STANDS "o.institution = $1 AND o.closed_at >= $2 AND o.state NOT IN ('cancelled','option') "

/* Tickets into the hours that their orders have made. */
static enum status count_tickets(struct conn *db, int64_t institution, int64_t from, size_t most, struct sales_hour *hours, size_t count)
{
	static const struct sql q = SQL("SELECT o.closed_at / 3600000000, count(*) FROM customer_order o JOIN ticket t ON t.customer_order = o.id "
									"WHERE " STANDS "AND t.state NOT IN ('cancelled','invalidated') GROUP BY 1 ORDER BY 1 LIMIT $3");
	enum status st = store_query(db, &q, int64(institution), int64(from), int64((int64_t)most));
	size_t at = 0;
	while (!st && !(st = store_next(db))) {
		int64_t start = col_int64(db, 0) * HOUR;
		while (at < count && hours[at].start < start) at++;
		if (at < count && hours[at].start == start) hours[at].tickets = col_int64(db, 1);
	}
	return st == NOT_FOUND ? OK : st;
}

enum status sales_hours(struct conn *db, struct arena *a, int64_t institution, int64_t from, size_t most, struct sales_hour **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT o.closed_at / 3600000000, count(*), sum(CASE WHEN o.currency = i.currency THEN o.total ELSE 0 END) "
			"FROM customer_order o JOIN institution i ON i.id = o.institution WHERE " STANDS "GROUP BY 1 ORDER BY 1 LIMIT $3");
	enum status st = store_query(db, &q, int64(institution), int64(from), int64((int64_t)most));
	*out = ARENA_ARRAY(a, struct sales_hour, most);
	*count = 0;
	while (!st && !(st = store_next(db)))
		(*out)[(*count)++] = (struct sales_hour){ .start = col_int64(db, 0) * HOUR, .orders = col_int64(db, 1), .money = col_int64(db, 2) };
	return st == NOT_FOUND ? count_tickets(db, institution, from, most, *out, *count) : st;
}
