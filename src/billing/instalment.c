/* billing/instalment.c: plans of payment. */
#include "billing/instalment.h"

enum status instalments_of_order(struct conn *db, struct arena *a, int64_t order, struct instalment **out, size_t *count)
{
	static const struct sql q = SQL("SELECT i.id, i.rank, i.due_day, i.amount, i.state = 'agreed', b.id FROM instalment i"
									" LEFT JOIN bill b ON b.instalment = i.id AND b.state <> 'credited' WHERE i.customer_order = $1"
									" ORDER BY i.id LIMIT $2");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(order), int64(BILLS_MOST)))) return st;
	*out = ARENA_ARRAY(a, struct instalment, BILLS_MOST);
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] =
			(struct instalment){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2), col_int64(db, 3), col_boolean(db, 4), col_int64(db, 5) };
	return st == NOT_FOUND ? OK : st;
}

enum status instalments_end(struct conn *db, int64_t order)
{
	static const struct sql q = SQL("UPDATE instalment SET state = 'ended' WHERE customer_order = $1 AND state = 'agreed'");
	return store_exec(db, &q, int64(order));
}

static bool adds_up(const struct part *parts, size_t count, int64_t total)
{
	for (size_t i = 0; i < count; i++) {
		if (parts[i].amount <= 0 || parts[i].amount > total || (i && parts[i].due_day <= parts[i - 1].due_day)) return false;
		total -= parts[i].amount;
	}
	return total == 0;
}

static enum status insert_part(struct conn *db, int64_t order, int64_t rank, const struct part *p, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO instalment (customer_order, rank, due_day, amount, state) VALUES ($1, $2, $3, $4, 'agreed') RETURNING id");
	enum status st = store_row(db, &q, int64(order), int64(rank), int64(p->due_day), int64(p->amount));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

enum status instalments_agree(struct conn *db, struct arena *a, int64_t institution, int64_t order, const struct part *parts, size_t count,
	enum bill_way way, struct str by_name, struct problem *why)
{
	struct order o;
	int64_t amounts[BILL_PARTS_MOST], ids[BILL_PARTS_MOST], bills, paid, id;
	bool is_unpaid;
	enum status st;
	if ((st = order_sold_unpaid(db, order))) return st;
	if ((st = order_get(db, a, institution, order, &o))) return st;
	if ((st = bills_are_unpaid(db, order, &is_unpaid))) return st;
	if (!is_unpaid) problem_add(why, "parts", MSG_INSTALMENTS_PAID);
	if (count < 2 || count > BILL_PARTS_MOST || !adds_up(parts, count, o.total))
		problem_add(why, "parts", MSG_INSTALMENTS_SUM, arg_int("max", BILL_PARTS_MOST), arg_text("total", amount_bare(a, o.total)));
	if (!is_unpaid || count < 2 || count > BILL_PARTS_MOST || !adds_up(parts, count, o.total)) return REFUSED;
	if ((st = instalments_end(db, order))) return st;
	for (size_t i = 0; i < count; i++) {
		amounts[i] = parts[i].amount;
		if ((st = insert_part(db, order, (int64_t)i + 1, &parts[i], &ids[i]))) return st;
	}
	if ((st = bills_credit_open(db, a, institution, order, S("changed"), by_name, &bills, &paid))) return st;
	for (size_t i = 0; i < count; i++) {
		struct new_bill n = { institution, order, amounts, count, i, ids[i], parts[i].due_day, 0, way, by_name };
		if ((st = bill_issue(db, a, &n, &id, why))) return st;
	}
	return OK;
}
