/* dealing/checkout.c: from a basket to an order. */
#include "dealing/checkout.h"

#include <string.h>

#include "accounts/guest.h"
#include "base/country.h"
#include "base/day.h"
#include "billing/bill.h"
#include "billing/till.h"
#include "dealing/order_mail.h"
#include "institution/administrative.h"
#include "sales/price.h"
#include "shipping/shipment.h"

#define FEE_LINES_MOST 24 /* fees_due's bound, the shipment's and a rounding */

static int64_t fees_of(const struct till *t)
{
	int64_t sum = 0;
	for (size_t i = 0; i < t->fee_count; i++) sum += t->fees[i].amount * (t->fees[i].kind == LINE_CHARGE ? t->lines.tickets : 1);
	return sum;
}

/* Until when an invoice of now is to be paid, and whether there can be one at all. */
static enum status invoice_terms(struct conn *db, struct arena *a, const struct seller *s, struct till *t)
{
	struct administrative terms;
	struct problem missing = problem_in(a);
	int64_t last;
	enum status st;
	if ((st = administrative_get(db, a, s->institution, &terms))) return st;
	if ((st = working_day_over(db, a, s, t->lines.first_at, 1, &last))) return st;
	int64_t before_first = day_of(a, last - 1, s->zone), today = day_of(a, t->now, s->zone);
	t->due_day = today + terms.days_to_pay;
	if (t->due_day > before_first) t->due_day = before_first;
	t->pay_by = day_begins(a, t->due_day + 1, s->zone);
	t->can_bill = s->invoice_as != INVOICE_NOT && administrative_suffices(a, &terms, &missing) == OK;
	t->has_invoice = t->can_bill && t->now < t->invoice_until && t->due_day >= today; /* nobody is asked to have paid yesterday */
	return working_day_after(db, a, s, t->due_day, terms.grace_days, &t->ends_at);
}

enum status till_open(struct conn *db, struct arena *a, const struct seller *s, const struct basket_owner *owner, enum language l, struct till *out)
{
	enum status st;
	*out = (struct till){ .now = store_now(db) };
	if ((st = basket_find(db, s->point_of_sale, owner, &out->order, &out->held_until))) return st;
	if ((st = lines_read(db, a, out->order, l, s->main_language, &out->lines))) return st;
	if (out->lines.tickets == 0) return NOT_FOUND;
	if ((st = fees_due(db, a, s->institution, s->channel, l, &out->fees, &out->fee_count))) return st;
	if ((st = shipment_modes(db, a, s, l, out->lines.first_at, &out->modes, &out->mode_count))) return st;
	for (size_t i = 0; i < out->mode_count; i++)
		if ((st = shipment_mode_charge(db, out->order, out->lines.tickets_total, &out->modes[i]))) return st;
	if ((st = working_day_over(db, a, s, out->lines.first_at, s->invoice_days, &out->invoice_until))) return st;
	if ((st = invoice_terms(db, a, s, out))) return st;
	out->subtotal = out->lines.tickets_total + fees_of(out);
	return OK;
}

int64_t till_total(const struct till *t, const struct shipment_mode *m)
{
	return t->subtotal + (m ? m->fee : 0);
}

/* ---- what was typed ---- */

void buyer_check(const struct buyer *b, bool needs_address, struct problem *why)
{
	account_names_check(b->first_name, b->last_name, why);
	if (!country_known(b->country)) problem_add(why, "country", MSG_COUNTRY_MISSING);
	bool has_address = needs_address || b->street.len || b->postcode.len || b->town.len;
	if (has_address && b->postcode.len == 0) problem_add(why, "postcode", MSG_POSTCODE_MISSING);
	if (has_address && b->town.len == 0) problem_add(why, "town", MSG_TOWN_MISSING);
	if (needs_address && b->street.len == 0) problem_add(why, "street", MSG_STREET_MISSING);
}

static const struct shipment_mode *mode_chosen(const struct till *t, struct str code)
{
	for (size_t i = 0; i < t->mode_count; i++)
		if (str_eq(t->modes[i].code, code)) return &t->modes[i];
	return NULL;
}

/* Whether the buyer gets his tickets by a link in a mail. */
static bool is_mailed(enum shipment_kind kind)
{
	return kind == SHIP_PRINT_AT_HOME || kind == SHIP_ELECTRONIC || kind == SHIP_EMAIL || kind == SHIP_MOBILE;
}

static void check(const struct till *t, const struct seller *s, const struct purchase *p, const struct shipment_mode *m, struct problem *why)
{
	bool is_invoice = p->payment == PAY_INVOICE, needs_address = is_invoice || (m && m->needs_address);
	if (needs_address || !p->counter) buyer_check(p->buyer, needs_address, why);
	if (p->counter && m && is_mailed(m->kind) && !p->buyer->email.shown.len) problem_add(why, "contact", MSG_COUNTER_EMAIL_MISSING);
	bool is_handed_over = p->counter && !p->shipment_mode.len;
	if (!m && !is_handed_over) problem_add(why, "shipment_mode", MSG_SHIPMENT_MODE_MISSING);
	else if (m && m->is_too_late) problem_add(why, "shipment_mode", MSG_SHIPMENT_MODE_TOO_LATE);
	else if (m && !shipment_mode_reaches(m, s, p->buyer->country)) problem_add(why, "shipment_mode", MSG_SHIPMENT_MODE_COUNTRY);
	if (is_invoice && !t->has_invoice && till_total(t, m)) problem_add(why, "payment", t->can_bill ? MSG_PAYMENT_TOO_LATE : MSG_PAYMENT_NO_INVOICE);
}

/* ---- the write ---- */

struct making {
	struct arena *a;
	const struct seller *s;
	const struct purchase *p;
	struct closing closing;
	enum closed closed;
	int64_t due_day, ends_at;
	bool is_billed;
	int64_t taken; /* in cash or by card; 0: nothing */
};

static enum status make_contact(struct conn *db, const struct making *x)
{
	const struct buyer *b = x->p->buyer;
	if (x->p->contact) return order_set_contact(db, x->closing.order, x->p->contact);
	if (x->p->counter && !b->last_name.len) return OK; /* nobody named */
	struct profile p = { .salutation = S(""),
		.first_name = b->first_name,
		.last_name = b->last_name,
		.street = b->street,
		.house_number = b->house_number,
		.postcode = b->postcode,
		.town = b->town,
		.country = b->country,
		.language = b->language };
	struct account who;
	int64_t contact;
	enum status st;
	if (b->account) {
		if ((st = account_get(db, x->a, b->account, &who))) return st;
		contact = who.contact;
	} else if ((st = guest_contact_make(db, x->a, x->s->institution, &p, &b->email, &contact))) return st;
	return order_set_contact(db, x->closing.order, contact);
}

/* What was paid at the counter goes into the till with the order. */
static enum status take_money(struct conn *db, const struct making *x)
{
	const struct counter_sale *c = x->p->counter;
	if (!c || !x->taken) return OK;
	const struct till_taking t = { .institution = x->s->institution,
		.point_of_sale = x->s->point_of_sale,
		.order = x->closing.order,
		.mode = x->p->payment == PAY_CASH ? TILL_CASH : TILL_CARD,
		.amount = x->taken,
		.given = x->p->payment == PAY_CASH && c->given ? c->given : x->taken,
		.operator_id = c->operator_id,
		.by_name = x->p->by_name };
	return till_take(db, &t);
}

static enum status make(struct conn *db, void *arg)
{
	struct making *x = arg;
	enum status st;
	if ((st = order_close(db, x->a, &x->closing, &x->closed))) return st;
	if (x->closed != CLOSED_DONE) return REFUSED; /* nothing of it stays */
	const struct purchase *p = x->p;
	if (p->browser_before.len && p->browser_after.len && (st = orders_follow_browser(db, x->s->point_of_sale, p->browser_before, p->browser_after)))
		return st;
	if ((st = make_contact(db, x))) return st;
	if ((st = take_money(db, x))) return st;
	if ((st = shipment_open(db, x->a, x->closing.order))) return st;
	if (!x->is_billed) return order_tell_tickets(db, x->a, x->closing.order);
	const struct new_bill n = { .institution = x->s->institution,
		.order = x->closing.order,
		.due_day = x->due_day,
		.ends_at = x->ends_at,
		.way = BILL_BY_MAIL,
		.by_name = x->p->by_name };
	struct problem why = problem_in(x->a);
	int64_t bill;
	st = bill_issue(db, x->a, &n, &bill, &why);
	if (st == REFUSED) x->closed = CLOSED_CHANGED; /* the house's values were there when the till was opened: the page again, with what is so now */
	return st;
}

static enum order_state state_after(const struct seller *s, const struct purchase *p, int64_t total)
{
	if (total == 0 || p->payment != PAY_INVOICE) return ORDER_SETTLED;
	return s->invoice_as == INVOICE_PENDING_ACCOUNT ? ORDER_SOLD_UNPAID : ORDER_RESERVED;
}

static size_t fee_lines(const struct till *t, const struct shipment_mode *m, int64_t rounding, struct fee_line *out)
{
	size_t n = 0;
	for (size_t i = 0; i < t->fee_count; i++)
		out[n++] = (struct fee_line){ t->fees[i].kind, t->fees[i].id, t->fees[i].kind == LINE_CHARGE ? t->lines.tickets : 1, t->fees[i].amount,
			t->fees[i].vat };
	if (m && m->fee) out[n++] = (struct fee_line){ LINE_SHIPMENT, 0, m->fee_times, m->fee_each, m->vat };
	if (rounding) out[n++] = (struct fee_line){ LINE_ROUNDING, 0, 1, rounding, 0 };
	return n;
}

enum checkout_outcome checkout(
	struct conn *db, struct arena *a, const struct seller *s, const struct till *t, const struct purchase *p, int64_t *number, struct problem *why)
{
	static const char *const payments[] = { "invoice", "cash", "card" };
	const struct shipment_mode *m = mode_chosen(t, p->shipment_mode);
	struct fee_line fees[FEE_LINES_MOST];
	if (t->lines.kept < t->lines.tickets) return basket_mend(db, t->order) ? CHECKOUT_TRY_AGAIN : CHECKOUT_LOST;
	check(t, s, p, m, why);
	int64_t total = till_total(t, m), rounding = p->payment == PAY_CASH ? cash_rounding(total) : 0;
	if (p->counter && p->counter->given && p->counter->given < total + rounding) problem_add(why, "given", MSG_COUNTER_GIVEN_TOO_LITTLE);
	if (problem_any(why)) return CHECKOUT_REFUSED;
	if (p->total != total) return CHECKOUT_OTHER_TOTAL;
	struct making x = { .a = a,
		.s = s,
		.p = p,
		.due_day = t->due_day,
		.ends_at = t->ends_at,
		.is_billed = total && p->payment == PAY_INVOICE,
		.taken = p->payment == PAY_INVOICE ? 0 : total + rounding };
	x.closing = (struct closing){
		.order = t->order,
		.tickets = t->lines.tickets,
		.tickets_total = t->lines.tickets_total,
		.fees = fees,
		.fee_count = fee_lines(t, m, rounding, fees),
		.state = state_after(s, p, total),
		.payment = total + rounding ? payments[p->payment] : "none",
		.shipment_mode = m ? m->id : 0,
		.buyer = p->buyer,
		.by_name = p->by_name,
		.browser_hash = p->browser_after,
	};
	enum status st = store_write(db, make, &x);
	*number = order_number_of(t->order);
	if (st == OK) return CHECKOUT_DONE;
	if (st != REFUSED) return CHECKOUT_TRY_AGAIN;
	if (x.closed == CLOSED_BEFORE) return CHECKOUT_EMPTY;
	if (x.closed == CLOSED_CHANGED) return CHECKOUT_OTHER_TOTAL;
	return basket_mend(db, t->order) ? CHECKOUT_TRY_AGAIN : x.closed == CLOSED_OFF_SALE ? CHECKOUT_OFF_SALE : CHECKOUT_LOST;
}
