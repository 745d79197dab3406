/* institution/sale_open.c: shops to choose from. */
#include "institution/sale_open.h"

#define OPEN_SALES                                                                                  \
	"FROM point_of_sale p JOIN sales_channel c ON c.id = p.sales_channel WHERE p.institution = $1 " \
	"AND p.state = 'active' AND c.kind IN ('internet-b2c','internet-b2b') "

enum status sale_list_open(struct conn *db, struct arena *a, const struct actor *who, enum right right, struct open_sale **out, size_t *count)
{
	static const struct sql q = SQL("SELECT p.id, p.code, p.name, p.host, p.prefix, p.organisation " OPEN_SALES "ORDER BY p.name, p.id LIMIT $2");
	*out = ARENA_ARRAY(a, struct open_sale, OPEN_SALES_MAX);
	*count = 0;
	enum status st = store_query(db, &q, int64(who->institution), int64(OPEN_SALES_MAX));
	if (st) return st;
	while ((st = store_next(db)) == OK) {
		if (!actor_may_in(who, right, col_int64(db, 5))) continue;
		(*out)[(*count)++] = (struct open_sale){
			.id = col_int64(db, 0),
			.code = col_text(db, 1, a),
			.name = col_text(db, 2, a),
			.host = col_text(db, 3, a),
			.prefix = col_text(db, 4, a),
		};
	}
	return st == NOT_FOUND ? OK : st;
}

enum status sale_count_open(struct conn *db, int64_t institution, int64_t *out)
{
	static const struct sql q = SQL("SELECT count(*) " OPEN_SALES);
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *out = col_int64(db, 0);
	return st;
}
