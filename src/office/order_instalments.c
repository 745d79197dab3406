/* office/order_instalments.c: a sale on pending account is paid in parts: days and amounts that add up, a bill each. */
#include "base/day.h"
#include "billing/instalment.h"
#include "institution/audit.h"
#include "office/order_instalments.html.h"
#include "office/orders.h"
#include "sales/price.h"
#include "web/csrf.h"

#define PARTS_AT_FIRST 3
#define DAY_SAFE	   28 /* of a month: each month has it */

static const struct form_field fields[] = {
	{ "due", .max = 10, .is_repeated = true },
	{ "amount", .max = 20, .is_repeated = true },
};

static struct response page_answer(
	struct request *r, int status, const struct order *o, const struct instalment_typed *rows, size_t count, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_INSTALMENTS, OFFICE_TAB_ORDERS);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_order_instalments(&out, &(const struct tpl_office_order_instalments){ .page = &p,
										   .number = order_number(r->arena, o->number),
										   .total = lang_amount(r->arena, r->language, o->total, o->currency),
										   .rows = rows,
										   .row_count = count,
										   .csrf = csrf_token(r, "/orders/:NUMBER/instalments"),
										   .why = why });
	return office_answer(r, status, &out);
}

/* MONTHS after DAY, on a day that each month has. */
static int64_t months_later(int64_t day, int months)
{
	struct date d = date_of_day(day);
	int month = d.month - 1 + months;
	return day_of_date((struct date){ d.year + month / 12, month % 12 + 1, d.day < DAY_SAFE ? d.day : DAY_SAFE });
}

/* Equal parts, a month from one to the next, the first in a month; cents that are left over go to the first. */
static struct instalment_typed *proposed(struct request *r, const struct order *o, size_t count)
{
	struct instalment_typed *rows = ARENA_ARRAY(r->arena, struct instalment_typed, count);
	int64_t today = day_of(r->arena, store_now(r->db), staff_of(r)->person.zone), part = o->total / (int64_t)count;
	for (size_t i = 0; i < count; i++) {
		int64_t amount = i ? part : o->total - part * ((int64_t)count - 1);
		rows[i] = (struct instalment_typed){ (int64_t)i + 1, day_text(r->arena, months_later(today, (int)i + 1)),
			str_format(r->arena, "%lld.%02lld", (long long)(amount / 100), (long long)(amount % 100)) };
	}
	return rows;
}

struct response office_order_instalments_page(struct request *r)
{
	struct order o;
	int64_t count;
	int failed = office_order_of_path(r, RIGHT_ORDER_WRITE, &o);
	if (failed) return error_answer(r, failed);
	if (o.state != ORDER_SOLD_UNPAID) return error_answer(r, 404);
	if (!str_int64(request_query(r, "count"), &count) || count < 2 || count > BILL_PARTS_MOST) count = PARTS_AT_FIRST;
	return page_answer(r, 200, &o, proposed(r, &o, (size_t)count), (size_t)count, NULL);
}

struct agreeing {
	struct request *r;
	const struct order *o;
	struct part parts[BILL_PARTS_MOST];
	size_t count;
	struct problem *why;
};

/* Bills go by mail where the buyer has an address; else they are for the post. */
static enum status agree(struct conn *db, void *arg)
{
	struct agreeing *x = arg;
	struct arena *a = x->r->arena;
	const struct actor *who = actor_of(x->r);
	enum bill_way way = x->o->buyer.email.shown.len ? BILL_BY_MAIL : BILL_KEPT;
	x->why->first = NULL; /* it may run again */
	enum status st = instalments_agree(db, a, x->o->institution, x->o->id, x->parts, x->count, way, who->name, x->why);
	if (st) return st;
	const struct audit_value after[] = { { "instalments", str_format(a, "%zu", x->count) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "instalments-agreed", "order", x->o->id, NULL, after });
}

/* What was typed, for the page and as parts; a finding at "parts" for the first row that cannot be read. */
static void read_rows(const struct form *f, struct instalment_typed *rows, struct agreeing *x)
{
	size_t at_due = 0, at_amount = 0;
	struct str due, amount;
	int64_t today = day_of(x->r->arena, store_now(x->r->db), staff_of(x->r)->person.zone);
	while (x->count < BILL_PARTS_MOST && form_next(f, "due", &at_due, &due) && form_next(f, "amount", &at_amount, &amount)) {
		struct part *p = &x->parts[x->count];
		rows[x->count] = (struct instalment_typed){ (int64_t)x->count + 1, due, amount };
		x->count++;
		bool is_read = day_read(due, &p->due_day) && p->due_day >= today && price_read(amount, &p->amount);
		if (!is_read && !problem_any(x->why)) problem_add(x->why, "parts", MSG_INSTALMENTS_ROW, arg_int("row", (int64_t)x->count));
	}
}

struct response office_order_instalments(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct instalment_typed *rows = ARENA_ARRAY(r->arena, struct instalment_typed, BILL_PARTS_MOST);
	struct order o;
	struct problem why = problem_in(r->arena);
	struct agreeing x = { .r = r, .o = &o, .why = &why };
	int failed = office_order_of_path(r, RIGHT_ORDER_WRITE, &o);
	if (failed) return error_answer(r, failed);
	read_rows(&f, rows, &x);
	if (problem_any(&f.why)) return page_answer(r, 422, &o, rows, x.count, &f.why);
	enum status st = problem_any(&why) ? REFUSED : store_write(r->db, agree, &x);
	if (st == REFUSED && problem_any(&why)) return page_answer(r, 422, &o, rows, x.count, &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 409 : 503);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/orders/%.*s?done=instalments-agreed", STR_ARG(order_number(r->arena, o.number))));
}
