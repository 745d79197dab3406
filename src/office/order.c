/* office/order.c: one order: what was bought, by whom, its tickets and its history. */
#include "office/order.html.h"

#include "accounts/contact.h"
#include "base/day.h"
#include "base/log.h"
#include "billing/bill_letter.h"
#include "billing/series.h"
#include "institution/point_of_sale.h"
#include "office/orders.h"
#include "web/csrf.h"

static const struct {
	enum message word;
	const char *shape;
} ticket_states[] = {
	[TICKET_HELD] = { MSG_TICKET_HELD, "wait" },
	[TICKET_SOLD] = { MSG_TICKET_SOLD, "done" },
	[TICKET_PRINTED] = { MSG_TICKET_PRINTED, "done" },
	[TICKET_CONTROLLED] = { MSG_TICKET_CONTROLLED, "done" },
	[TICKET_CANCELLED] = { MSG_TICKET_CANCELLED, "end" },
	[TICKET_INVALIDATED] = { MSG_TICKET_INVALIDATED, "end" },
};

static const struct {
	const char *event;
	enum message word;
} events[] = {
	{ "closed", MSG_ORDER_EVENT_CLOSED },
	{ "settled", MSG_ORDER_EVENT_SETTLED },
	{ "partly-paid", MSG_ORDER_EVENT_PARTLY_PAID },
	{ "printed", MSG_ORDER_EVENT_PRINTED },
	{ "cancelled", MSG_ORDER_EVENT_CANCELLED },
	{ "ticket-cancelled", MSG_ORDER_EVENT_TICKET_CANCELLED },
	{ "payment-returned", MSG_ORDER_EVENT_PAYMENT_RETURNED },
	{ "payment-more", MSG_ORDER_EVENT_PAYMENT_MORE },
	{ "payment-late", MSG_ORDER_EVENT_PAYMENT_LATE },
};

/* What is kept as a word of the program, in words of people; a name stays itself. */
static const struct {
	const char *kept;
	enum message word;
} words[] = {
	{ "buyer", MSG_BY_BUYER },
	{ "bank", MSG_BY_BANK },
	{ "expired", MSG_REASON_EXPIRED },
	{ "cancelled", MSG_ORDER_CANCELLED },
	{ "changed", MSG_REASON_CHANGED },
	{ "invoice", MSG_PAYMENT_INVOICE },
	{ "cash", MSG_PAYMENT_CASH },
	{ "card", MSG_PAYMENT_CARD },
	{ "none", MSG_PAYMENT_NONE },
};

static struct str in_words(struct request *r, struct str kept)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq(kept, str_of(words[i].kept))) return lang_text(r->arena, r->language, words[i].word, NULL);
	return kept;
}

/* "Row D, 5", or empty. */
static struct str seat_words(struct request *r, struct str row, struct str seats, int64_t count)
{
	if (!seats.len) return S("");
	return lang_text(
		r->arena, r->language, MSG_ROW_AND_SEATS, (const struct arg[]){ arg_text("row", row), arg_text("seats", seats), arg_int("n", count), { 0 } });
}

/* The seats of a line, row by row: "Row D, seats 5, 6; row E, seat 1". */
static struct str line_seats(struct request *r, const struct line *n)
{
	struct buf b = buf_in(r->arena);
	for (size_t i = 0, k; i < n->seat_count; i = k) {
		struct buf seats = buf_in(r->arena);
		for (k = i; k < n->seat_count && str_eq(n->seats[k].row, n->seats[i].row); k++) {
			if (k > i) buf_add(&seats, S(", "));
			buf_add(&seats, n->seats[k].seat);
		}
		if (i) buf_add(&b, S("; "));
		buf_add(&b, seat_words(r, n->seats[i].row, buf_str(&seats), (int64_t)(k - i)));
	}
	return buf_str(&b);
}

static void lines_show(struct request *r, struct order_shown *x)
{
	x->line = ARENA_ARRAY(r->arena, struct order_line_shown, x->lines->count + 1);
	for (size_t i = 0; i < x->lines->count; i++) {
		const struct line *n = &x->lines->line[i];
		bool is_first = n->kind == LINE_TICKET && (i == 0 || n[-1].performance != n->performance);
		x->line[i] = (struct order_line_shown){ n, is_first, line_seats(r, n) };
	}
}

static const struct line *line_of(const struct lines *lines, int64_t id)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->line[i].id == id) return &lines->line[i];
	return NULL;
}

static enum status tickets_show(struct request *r, struct order_shown *x)
{
	struct ticket *tickets;
	enum status st = order_tickets(r->db, r->arena, x->order->id, &tickets, &x->ticket_count);
	if (st) return st;
	x->tickets = ARENA_ARRAY(r->arena, struct order_ticket_shown, x->ticket_count + 1);
	for (size_t i = 0; i < x->ticket_count; i++) {
		const struct ticket *t = &tickets[i];
		const struct line *n = line_of(x->lines, t->line);
		x->tickets[i] = (struct order_ticket_shown){ .number = ticket_number(r->arena, t->id),
			.what = n ? str_format(r->arena, "%.*s, %.*s", STR_ARG(n->title), STR_ARG(n->tariff)) : S(""),
			.seat = t->seat.len ? seat_words(r, t->row, t->seat, 1)
					: n			? n->zone
								: S(""),
			.may_cancel = x->may_cancel && t->state != TICKET_CANCELLED && t->state != TICKET_INVALIDATED,
			.prints = str_format(r->arena, "%lld", (long long)t->prints),
			.state = ticket_states[t->state].word,
			.shape = ticket_states[t->state].shape };
	}
	return OK;
}

static enum status events_show(struct request *r, struct order_shown *x)
{
	struct order_event *all;
	enum status st = order_history(r->db, r->arena, x->order->id, &all, &x->event_count);
	if (st) return st;
	x->events = ARENA_ARRAY(r->arena, struct order_event_shown, x->event_count + 1);
	for (size_t i = 0; i < x->event_count; i++) {
		struct str what = all[i].event;
		for (size_t k = 0; k < COUNT(events); k++)
			if (str_eq(what, str_of(events[k].event))) what = lang_text(r->arena, r->language, events[k].word, NULL);
		x->events[i] = (struct order_event_shown){ all[i].at, what, in_words(r, all[i].by_name), in_words(r, all[i].note) };
	}
	return OK;
}

/* ---- bills ---- */

static enum status bills_show(struct request *r, const struct office_page *p, struct order_shown *x)
{
	static const struct {
		enum message word;
		const char *shape;
	} shown[] = { [BILL_OPEN] = { MSG_BILL_STATE_OPEN, "wait" },
		[BILL_PAID] = { MSG_BILL_STATE_PAID, "done" },
		[BILL_CREDITED] = { MSG_BILL_STATE_CREDITED, "end" } };
	struct arena *a = r->arena;
	struct str zone = staff_of(r)->person.zone;
	struct bill *bills;
	enum status st = bills_of_order(r->db, a, x->order->institution, x->order->id, &bills, &x->bill_count);
	if (st) return st;
	x->bills = ARENA_ARRAY(a, struct order_bill_shown, x->bill_count + 1);
	for (size_t i = 0; i < x->bill_count; i++) {
		struct str number = bill_number(a, &bills[i]);
		x->bills[i] = (struct order_bill_shown){ .number = number,
			.due = lang_date(a, r->language, day_begins(a, bills[i].due_day, zone), zone),
			.pdf = office_link(p, str_c(a, str_format(a, "/orders/%.*s/bills/%.*s.pdf", STR_ARG(x->number), STR_ARG(number)))),
			.bill = &bills[i],
			.state = shown[bills[i].state].word,
			.shape = shown[bills[i].state].shape };
	}
	return OK;
}

static enum status credits_show(struct request *r, struct order_shown *x)
{
	struct credit_note *notes;
	enum status st = credit_notes_of_order(r->db, r->arena, x->order->id, &notes, &x->credit_count);
	if (st) return st;
	x->credits = ARENA_ARRAY(r->arena, struct credit_note_shown, x->credit_count + 1);
	for (size_t i = 0; i < x->credit_count; i++) {
		struct credit_note_shown *c = &x->credits[i];
		*c = (struct credit_note_shown){
			.number = series_number(r->arena, notes[i].year, notes[i].number), .reason = in_words(r, notes[i].reason), .is = &notes[i]
		};
		for (size_t k = 0; k < x->bill_count; k++)
			if (x->bills[k].bill->id == notes[i].bill) c->bill = x->bills[k].number;
	}
	return OK;
}

int office_order_of_path(struct request *r, enum right right, struct order *out)
{
	int64_t number;
	if (!order_number_read(request_segment(r, 0), &number)) return 404;
	enum status st = order_for(r->db, r->arena, actor_of(r), right, number, out);
	return st == NOT_FOUND ? 404 : st ? 503 : 0;
}

/* As the buyer got it; made now where nobody has read it yet. */
struct response office_order_bill(struct request *r)
{
	struct order o;
	struct bill b;
	struct problem why = problem_in(r->arena);
	struct str pdf;
	int64_t year, number;
	int failed = office_order_of_path(r, RIGHT_ORDER_READ, &o);
	if (failed || !series_number_read(request_segment(r, 1), &year, &number)) return error_answer(r, failed ? failed : 404);
	enum status st = bill_by_number(r->db, r->arena, o.institution, year, number, &b);
	if (st == OK && b.order != o.id) st = NOT_FOUND;
	if (st == OK) st = bill_pdf(r->db, r->arena, office_of(r)->templates, b.institution, b.id, &pdf, &why);
	if (st == REFUSED) log_warn("bill %lld has no PDF: %.*s", (long long)b.id, STR_ARG(lang_problem(r->arena, LANG_EN, &why)));
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct response answer = response_bytes(r, 200, "application/pdf", pdf);
	response_download(r, &answer, bill_file_name(r->arena, &b));
	return answer;
}

/* ---- the page ---- */

static enum status contact_show(struct request *r, struct order_shown *x)
{
	struct contact c;
	if (!x->order->contact || !actor_may(actor_of(r), RIGHT_CONTACT_READ)) return OK;
	enum status st = contact_get(r->db, r->arena, actor_of(r), x->order->contact, &c);
	if (st == NOT_FOUND) return OK;
	if (st) return st;
	x->contact_name = contact_name(r->arena, &c.is);
	return OK;
}

static enum status order_show(struct request *r, const struct office_page *p, struct order_shown *x, struct lines *lines, struct shipment_mode *mode)
{
	const struct order *o = x->order;
	struct point_of_sale sale;
	enum status st = point_of_sale_get(r->db, r->arena, o->point_of_sale, &sale);
	if (st == OK) st = lines_read(r->db, r->arena, o->id, r->language, sale.house.main_language, lines);
	if (st == OK) st = contact_show(r, x);
	x->lines = lines;
	if (st == OK && o->shipment_mode) {
		st = shipment_mode_get(r->db, r->arena, o->institution, o->shipment_mode, r->language, mode);
		x->mode = mode;
	}
	x->number = order_number(r->arena, o->number);
	x->may_print = (o->state == ORDER_SOLD_UNPAID || o->state == ORDER_PARTLY_PAID || o->state == ORDER_SETTLED) &&
				   actor_may_in(actor_of(r), RIGHT_PRINT, sale.organisation);
	x->csrf_print = csrf_token(r, "/orders/:NUMBER/print");
	x->may_cancel = o->state != ORDER_CANCELLED && actor_may_in(actor_of(r), RIGHT_ORDER_WRITE, sale.organisation);
	if (st == OK) st = tickets_show(r, x);
	x->may_part = x->may_cancel && o->state == ORDER_SOLD_UNPAID;
	if (st == OK) st = bills_show(r, p, x);
	if (st == OK) st = credits_show(r, x);
	if (st == OK) st = events_show(r, x);
	if (st) return st;
	x->point_of_sale = sale.name;
	x->payment = in_words(r, o->payment);
	lines_show(r, x);
	return OK;
}

struct response office_order_page(struct request *r)
{
	struct order o;
	struct lines lines;
	struct shipment_mode mode;
	struct order_shown x = { .order = &o };
	int failed = office_order_of_path(r, RIGHT_ORDER_READ, &o);
	if (failed) return error_answer(r, failed);
	struct office_page p = office_page(r, MSG_ORDER, OFFICE_TAB_ORDERS);
	if (order_show(r, &p, &x, &lines, &mode)) return error_answer(r, 503);
	p.title = str_format(r->arena, "%.*s %.*s", STR_ARG(p.title), STR_ARG(x.number));
	struct render out = office_render(r);
	tpl_office_order(&out, &(const struct tpl_office_order){ .page = &p, .x = &x, .done = office_done(&p) });
	return office_answer(r, 200, &out);
}
