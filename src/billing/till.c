/* billing/till.c: one row an order, written with it. */
#include "billing/till.h"

#include "base/status.h"

static const char *const modes[TILL_MODES] = { "cash", "card" };

static enum till_mode mode_read(struct str name)
{
	for (int m = 0; m < TILL_MODES; m++)
		if (str_eq(name, str_of(modes[m]))) return (enum till_mode)m;
	BUG("till mode %.*s", STR_ARG(name));
}

enum status till_take(struct conn *db, const struct till_taking *t)
{
	static const struct sql q =
		SQL("INSERT INTO till_payment (institution, point_of_sale, customer_order, mode, amount, given, at, operator, by_name)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
	return store_exec(db, &q, int64(t->institution), int64(t->point_of_sale), int64(t->order), text(str_of(modes[t->mode])), int64(t->amount),
		int64(t->given), int64(store_now(db)), int64(t->operator_id), text(t->by_name));
}

enum status till_of_order(struct conn *db, struct arena *a, int64_t order, struct till_taking *out)
{
	static const struct sql q =
		SQL("SELECT institution, point_of_sale, mode, amount, given, operator, by_name FROM till_payment WHERE customer_order = $1");
	enum status st = store_row(db, &q, int64(order));
	if (st) return st;
	*out = (struct till_taking){ .institution = col_int64(db, 0),
		.point_of_sale = col_int64(db, 1),
		.order = order,
		.mode = mode_read(col_text(db, 2, a)),
		.amount = col_int64(db, 3),
		.given = col_int64(db, 4),
		.operator_id = col_int64(db, 5),
		.by_name = col_text(db, 6, a) };
	return OK;
}

enum status till_sums(struct conn *db, struct arena *a, const struct actor *who, int64_t from, int64_t until, struct till_sum **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT p.id, p.organisation, t.operator, count(*), CAST(sum(t.amount) AS BIGINT), t.mode, p.name, max(t.by_name), h.currency"
			" FROM till_payment t JOIN point_of_sale p ON p.id = t.point_of_sale JOIN institution h ON h.id = t.institution WHERE t.institution = $1 "
			"AND t.at >= $2 AND t.at < $3"
			" GROUP BY p.id, p.organisation, p.name, h.currency, t.operator, t.mode ORDER BY p.name, p.id, max(t.by_name), t.operator, t.mode DESC "
			"LIMIT $4");
	enum status st;
	*out = ARENA_ARRAY(a, struct till_sum, TILL_SUMS_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(who->institution), int64(from), int64(until), int64(TILL_SUMS_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		struct till_sum *s = &(*out)[*count];
		*s = (struct till_sum){ .point_of_sale = col_int64(db, 0),
			.organisation = col_int64(db, 1),
			.operator_id = col_int64(db, 2),
			.orders = col_int64(db, 3),
			.amount = col_int64(db, 4),
			.mode = mode_read(col_text(db, 5, a)),
			.counter = col_text(db, 6, a),
			.by_name = col_text(db, 7, a),
			.currency = col_text(db, 8, a) };
		if (actor_may_in(who, RIGHT_SELL, s->organisation)) ++*count;
	}
	return st == NOT_FOUND ? OK : st;
}

/* An order's total falls with each ticket that is cancelled, and stays when all of it is; what was taken at the counter does neither. So it is held against what the order
 * cost when it was closed: each place that was ever sold in it, and its other lines. A ticket that replaces another is no further place. */
#define COST_AT_CLOSING                                                                                                        \
	"(SELECT COALESCE(sum(n.price * CASE WHEN n.kind = 'ticket' THEN (SELECT count(*) FROM ticket k WHERE k.order_line = n.id" \
	"   AND k.state <> 'invalidated') ELSE n.quantity END), 0) FROM order_line n WHERE n.customer_order = o.id)"

const struct recount till_recounts[] = {
	{ "till", "what was taken at a counter is what the order cost, and only what was paid there was taken", SQL("SELECT count(*) FROM till_payment"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o LEFT JOIN till_payment t ON t.customer_order = o.id"
			" WHERE (o.payment IN ('cash','card') AND (t.id IS NULL OR t.mode <> o.payment OR t.amount <> " COST_AT_CLOSING "))"
			" OR (o.payment NOT IN ('cash','card') AND t.id IS NOT NULL)") },
};
const size_t till_recount_count = COUNT(till_recounts);
