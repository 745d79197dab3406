/* institution/channel.c: sales channels and working days. */
#include "institution/channel.h"

#include "base/day.h"

#define CLOSED_IN_A_ROW 60 /* days looked at beyond the weekends: no house is closed for longer */

enum status seller_get(struct conn *db, struct arena *a, int64_t point_of_sale, struct seller *out)
{
	static const struct sql q =
		SQL("SELECT p.id, p.institution, p.organisation, c.id, c.hold_us, c.longest_us, c.places_most, c.invoice_as, c.invoice_days,"
			"  i.currency, i.zone, i.country, i.main_language"
			" FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel JOIN institution i ON i.id = p.institution"
			" WHERE p.id = $1");
	enum status st;
	if ((st = store_row(db, &q, int64(point_of_sale)))) return st;
	struct str as = col_text(db, 7, a);
	*out = (struct seller){
		.point_of_sale = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.organisation = col_int64(db, 2),
		.channel = col_int64(db, 3),
		.hold = col_int64(db, 4),
		.longest = col_int64(db, 5),
		.places_most = col_int64(db, 6),
		.invoice_as = str_eq(as, S("reservation"))		 ? INVOICE_RESERVATION
					  : str_eq(as, S("pending-account")) ? INVOICE_PENDING_ACCOUNT
														 : INVOICE_NOT,
		.invoice_days = col_int64(db, 8),
		.currency = col_text(db, 9, a),
		.zone = col_text(db, 10, a),
		.country = col_text(db, 11, a),
	};
	lang_from_tag(col_text(db, 12, a), &out->main_language);
	return OK;
}

static bool is_listed(const int64_t *days, size_t count, int64_t day)
{
	for (size_t i = 0; i < count; i++)
		if (days[i] == day) return true;
	return false;
}

/* Days of the institution that are no working days, from FROM to TO. */
static enum status closed_between(struct conn *db, struct arena *a, int64_t institution, int64_t from, int64_t to, int64_t **days, size_t *count)
{
	static const struct sql q = SQL("SELECT day FROM closed_day WHERE institution = $1 AND day BETWEEN $2 AND $3 ORDER BY day DESC LIMIT $4");
	int64_t most = to - from + 1;
	enum status st;
	*days = ARENA_ARRAY(a, int64_t, (size_t)most);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(from), int64(to), int64(most)))) return st;
	while ((st = store_next(db)) == OK) (*days)[(*count)++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

static bool is_working(const int64_t *closed, size_t count, int64_t day)
{
	return day_weekday(day) < 5 && !is_listed(closed, count, day);
}

enum status working_day_over(struct conn *db, struct arena *a, const struct seller *s, int64_t at, int64_t n, int64_t *out)
{
	int64_t day = day_of(a, at, s->zone), span = n * 2 + CLOSED_IN_A_ROW, *closed;
	size_t count;
	enum status st = closed_between(db, a, s->institution, day - span, day, &closed, &count);
	if (st) return st;
	while (n > 0)
		if (is_working(closed, count, --day)) n--;
	*out = day_begins(a, day + 1, s->zone);
	return OK;
}

enum status working_day_after(struct conn *db, struct arena *a, const struct seller *s, int64_t day, int64_t n, int64_t *out)
{
	int64_t span = n * 2 + CLOSED_IN_A_ROW, *closed;
	size_t count;
	enum status st = closed_between(db, a, s->institution, day, day + span, &closed, &count);
	if (st) return st;
	while (n > 0)
		if (is_working(closed, count, ++day)) n--;
	*out = day_begins(a, day + 1, s->zone);
	return OK;
}

enum status closed_day_add(struct conn *db, int64_t institution, int64_t day)
{
	static const struct sql q = SQL("INSERT INTO closed_day (institution, day) VALUES ($1, $2) ON CONFLICT DO NOTHING");
	return store_exec(db, &q, int64(institution), int64(day));
}
