/* dealing/ending.c: the order's row first, then its bills; the series of numbers last. */
#include "dealing/ending.h"

#include "billing/instalment.h"
#include "dealing/order_mail.h"
#include "dealing/settling.h"
#include "documents/letter.h"
#include "shipping/shipment.h"

enum status order_end(struct conn *db, struct arena *a, const struct ending *e)
{
	struct order o;
	int64_t count, paid;
	enum status st;
	if ((st = order_cancel(db, e->order, e->reason, e->by_name))) return st;
	if ((st = shipments_follow_tickets(db, a, e->order))) return st;
	if ((st = order_get(db, a, e->institution, e->order, &o))) return st;
	if ((st = order_tell(db, a, &o, CLASS_CANCELLATION))) return st;
	if ((st = instalments_end(db, e->order))) return st;
	return bills_credit_open(db, a, e->institution, e->order, e->reason, e->by_name, &count, &paid);
}

enum status order_about(struct conn *db, struct arena *a, int64_t institution, int64_t order, struct letter_about *out)
{
	struct order o;
	struct point_of_sale shop;
	enum status st;
	if ((st = order_get(db, a, institution, order, &o))) return st;
	if ((st = point_of_sale_get(db, a, o.point_of_sale, &shop))) return st;
	enum language l = o.buyer.language;
	const struct docx_value values[] = {
		{ .name = S("contact.first_name"), .text = o.buyer.first_name },
		{ .name = S("contact.last_name"), .text = o.buyer.last_name },
		{ .name = S("account.email"), .text = o.buyer.email.shown },
		{ .name = S("is_expired"), .kind = FIELD_CONDITION, .is_true = str_eq(o.reason, S("expired")) },
		{ .name = S("order.number"), .text = order_number(a, o.number) },
		{ .name = S("order.date"), .text = lang_date(a, l, o.closed_at, shop.house.zone) },
		{ .name = S("order.total"), .text = lang_amount(a, l, o.total, o.currency) },
	};
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, COUNT(values));
	for (size_t i = 0; i < COUNT(values); i++) at[i] = values[i];
	*out = (struct letter_about){ .values = { at, COUNT(values) }, .path = str_format(a, "/orders/%.*s", STR_ARG(order_number(a, o.number))) };
	return OK;
}

/* ---- one ticket ---- */

/* What is still to be billed, and the day of the last bill. */
static enum status rest_of(struct conn *db, struct arena *a, const struct order *o, int64_t *rest, int64_t *due_day, int64_t *ends_at)
{
	struct bill *bills;
	size_t count;
	enum status st = bills_of_order(db, a, o->institution, o->id, &bills, &count);
	*rest = o->total;
	*due_day = *ends_at = 0;
	for (size_t i = 0; st == OK && i < count; i++) {
		if (bills[i].state != BILL_CREDITED) *rest -= bills[i].amount;
		if (bills[i].due_day > *due_day) *due_day = bills[i].due_day;
		if (bills[i].ends_at > *ends_at) *ends_at = bills[i].ends_at;
	}
	return st;
}

static enum status bill_rest(struct conn *db, struct arena *a, const struct order *o, const struct ending *e, struct problem *why)
{
	int64_t rest, due_day, ends_at, id;
	enum status st = rest_of(db, a, o, &rest, &due_day, &ends_at);
	if (st) return st;
	if (rest <= 0) return order_settle_all(db, a, o->id, e->by_name);
	const int64_t parts[] = { rest, o->total - rest };
	const struct new_bill n = { .institution = o->institution,
		.order = o->id,
		.parts = rest < o->total ? parts : NULL,
		.part_count = COUNT(parts),
		.due_day = due_day,
		.ends_at = ends_at,
		.way = BILL_BY_MAIL,
		.by_name = e->by_name };
	return bill_issue(db, a, &n, &id, why);
}

enum status ticket_end(struct conn *db, struct arena *a, const struct ending *e, int64_t ticket, struct problem *why)
{
	struct order o;
	int64_t count, paid;
	enum status st;
	if ((st = ticket_cancel(db, e->order, ticket, e->by_name))) return st;
	if ((st = shipments_follow_tickets(db, a, e->order))) return st;
	if ((st = order_get(db, a, e->institution, e->order, &o))) return st;
	if ((st = instalments_end(db, e->order))) return st;
	if (o.state == ORDER_CANCELLED && (st = order_tell(db, a, &o, CLASS_CANCELLATION))) return st;
	st = bills_credit_open(db, a, e->institution, e->order, o.state == ORDER_CANCELLED ? e->reason : S("changed"), e->by_name, &count, &paid);
	return st || count == 0 || o.state == ORDER_CANCELLED ? st : bill_rest(db, a, &o, e, why);
}

/* ---- reservations ---- */

struct expiring {
	struct arena *a;
	struct ending ending;
};

static enum status expire(struct conn *db, void *arg)
{
	struct expiring *x = arg;
	bool is_unpaid;
	enum status st = order_end(db, x->a, &x->ending);
	if (st == NOT_FOUND) return bills_end_never(db, x->ending.order); /* it was paid or ended meanwhile */
	if (st) return st;
	if ((st = bills_are_unpaid(db, x->ending.order, &is_unpaid))) return st; /* now that its row is ours */
	return is_unpaid ? OK : REFUSED;
}

enum status reservation_expire_next(struct conn *db, struct arena *a)
{
	struct expiring x = { .a = a, .ending = { .reason = S("expired"), .by_name = S("background") } };
	enum status st = bill_ending_next(db, &x.ending.institution, &x.ending.order);
	if (st) return st;
	st = store_write(db, expire, &x);
	return st == REFUSED ? OK : st; /* money came in: somebody decides by hand, and bill_ending_next passes it over */
}
