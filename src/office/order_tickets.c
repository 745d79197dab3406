/* office/order_tickets.c: the tickets of an order, printed at the counter. */
#include "base/log.h"
#include "institution/audit.h"
#include "office/counter.h"
#include "office/orders.h"
#include "sales/paper.h"
#include "sales/ticket_words.h"

struct response office_order_tickets(struct request *r)
{
	struct order o;
	struct point_of_sale sale;
	struct ticket_sheet *sheets;
	struct problem why = problem_in(r->arena);
	struct str pdf;
	size_t count;
	int failed = office_order_of_path(r, RIGHT_PRINT, &o);
	if (failed) return error_answer(r, failed);
	enum status st = point_of_sale_get(r->db, r->arena, o.point_of_sale, &sale);
	if (st == OK) st = ticket_sheets(r->db, r->arena, &sale, &o, o.buyer.language, &sheets, &count);
	if (st == OK && !count) return error_answer(r, 404);
	if (st == OK) st = ticket_pdf(r->arena, &sale, &o, o.buyer.language, sheets, count, &pdf, &why);
	if (st == REFUSED) log_warn("tickets of order %lld: %.*s", (long long)o.id, STR_ARG(lang_problem(r->arena, LANG_EN, &why)));
	return st ? error_answer(r, 503) : response_bytes(r, 200, "application/pdf", pdf);
}

struct printing {
	struct request *r;
	const struct order *o;
	int64_t count;
};

/* The order's row first, then its tickets. */
static enum status print(struct conn *db, void *arg)
{
	struct printing *x = arg;
	struct ticket *tickets;
	size_t count;
	bool is_void;
	enum status st;
	x->count = 0;
	if ((st = order_hold(db, x->o->id))) return st;
	if ((st = order_tickets(db, x->r->arena, x->o->id, &tickets, &count))) return st;
	for (size_t i = 0; i < count; i++) {
		if (!tickets[i].barcode.len || tickets[i].state == TICKET_CANCELLED || tickets[i].state == TICKET_INVALIDATED) continue;
		if ((st = ticket_printed(db, tickets[i].id, &is_void))) return st;
		x->count++;
	}
	return x->count ? order_note(db, x->o->id, "printed", actor_of(x->r)->name, S("")) : NOT_FOUND;
}

/* A button and not a link, because it counts: the page comes with what the button answers. */
struct response office_order_print(struct request *r)
{
	struct order o;
	struct printing x = { .r = r, .o = &o };
	int failed = office_order_of_path(r, RIGHT_PRINT, &o);
	if (failed) return error_answer(r, failed);
	enum status st = store_write(r->db, print, &x);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/orders/%.*s/tickets.pdf", STR_ARG(order_number(r->arena, o.number))));
}
