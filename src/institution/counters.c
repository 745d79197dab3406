/* institution/counters.c: the counters. */
#include "institution/counters.h"

enum status counter_list(struct conn *db, struct arena *a, const struct actor *who, struct counter **out, size_t *count)
{
	static const struct sql q = SQL("SELECT p.id, p.organisation, p.name FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel"
									" WHERE p.institution = $1 AND p.state = 'active' AND c.kind = 'box-office' ORDER BY p.name, p.id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct counter, COUNTERS_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(who->institution), int64(COUNTERS_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		(*out)[*count] = (struct counter){ col_int64(db, 0), col_int64(db, 1), col_text(db, 2, a) };
		if (actor_may_in(who, RIGHT_SELL, (*out)[*count].organisation)) ++*count;
	}
	return st == NOT_FOUND ? OK : st;
}
