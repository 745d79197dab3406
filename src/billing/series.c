/* billing/series.c: one row a series counts; a write that is rolled back gives its number back. */
#include "billing/series.h"

enum status series_next(struct conn *db, int64_t institution, enum series series, int64_t year, int64_t *out)
{
	static const char *const kinds[] = { [SERIES_BILL] = "bill", [SERIES_CREDIT_NOTE] = "credit-note" };
	static const struct sql q = SQL("INSERT INTO number_series (institution, kind, year, last) VALUES ($1, $2, $3, 1)"
									" ON CONFLICT (institution, kind, year) DO UPDATE SET last = number_series.last + 1 RETURNING last");
	enum status st = store_row(db, &q, int64(institution), text(str_of(kinds[series])), int64(year));
	if (st == OK) *out = col_int64(db, 0);
	return st;
}

struct str series_number(struct arena *a, int64_t year, int64_t number)
{
	return str_format(a, "%lld-%05lld", (long long)year, (long long)number);
}

bool series_number_read(struct str text, int64_t *year, int64_t *number)
{
	struct str rest = str_trim(text), first;
	return str_next(&rest, '-', &first) && str_int64(first, year) && str_int64(rest, number) && *year > 0 && *number > 0;
}
