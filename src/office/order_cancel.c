/* office/order_cancel.c: cancelling an order or one of its tickets, with a page between the button and the deed. */
#include "dealing/ending.h"
#include "institution/audit.h"
#include "office/order_cancel.html.h"
#include "office/orders.h"
#include "web/csrf.h"

#define TICKET_MAX 20 /* characters of a ticket's number */

static struct response page_answer(struct request *r, int status, const struct order *o, struct str ticket, const struct problem *why)
{
	struct office_page p = office_page(r, ticket.len ? MSG_TICKET_CANCEL : MSG_ORDER_CANCEL, OFFICE_TAB_ORDERS);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_order_cancel(&out,
		&(const struct tpl_office_order_cancel){
			.page = &p, .number = order_number(r->arena, o->number), .ticket = ticket, .csrf = csrf_token(r, "/orders/:NUMBER/cancel"), .why = why });
	return office_answer(r, status, &out);
}

/* Empty, or the number of a ticket; false: neither. */
static bool ticket_read(struct request *r, struct str typed, int64_t *ticket)
{
	*ticket = 0;
	return !typed.len || ticket_number_read(r->arena, typed, ticket);
}

struct response office_order_cancel_page(struct request *r)
{
	struct order o;
	struct str ticket = request_query(r, "ticket");
	int64_t ignored;
	int failed = office_order_of_path(r, RIGHT_ORDER_WRITE, &o);
	if (failed || !ticket_read(r, ticket, &ignored)) return error_answer(r, failed ? failed : 404);
	return page_answer(r, 200, &o, ticket, NULL);
}

struct cancelling {
	struct request *r;
	const struct order *o;
	int64_t ticket; /* 0: all of them */
	struct problem why;
};

static enum status cancel(struct conn *db, void *arg)
{
	struct cancelling *x = arg;
	const struct actor *who = actor_of(x->r);
	struct ending e = { x->o->institution, x->o->id, S("cancelled"), who->name };
	x->why.first = NULL; /* it may run again */
	const struct audit_value before[] = { { "state", str_of(order_state_name(x->o->state)) }, { NULL, { 0 } } };
	const struct audit_value after[] = { { "ticket", x->ticket ? ticket_number(x->r->arena, x->ticket) : S("") }, { NULL, { 0 } } };
	enum status st = x->ticket ? ticket_end(db, x->r->arena, &e, x->ticket, &x->why) : order_end(db, x->r->arena, &e);
	if (st) return st;
	return audit_note(db, x->r->arena, who,
		&(const struct audit_record){ x->ticket ? "ticket-cancelled" : "order-cancelled", "order", x->o->id, before, x->ticket ? after : NULL });
}

static const struct form_field fields[] = { { "ticket", .max = TICKET_MAX } };

struct response office_order_cancel(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct order o;
	struct cancelling x = { .r = r, .o = &o, .why = problem_in(r->arena) };
	struct str ticket = form_text(&f, "ticket");
	int failed = office_order_of_path(r, RIGHT_ORDER_WRITE, &o);
	if (failed || problem_any(&f.why) || !ticket_read(r, ticket, &x.ticket)) return error_answer(r, failed ? failed : 404);
	enum status st = store_write(r->db, cancel, &x);
	if (st == NOT_FOUND) problem_add(&x.why, "", MSG_ORDER_CANCELLED_BEFORE);
	if (st == NOT_FOUND || (st == REFUSED && problem_any(&x.why))) return page_answer(r, 409, &o, ticket, &x.why);
	if (st) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(r,
		str_format(r->arena, "/orders/%.*s?done=%s", STR_ARG(order_number(r->arena, o.number)), x.ticket ? "ticket-cancelled" : "order-cancelled"));
}
