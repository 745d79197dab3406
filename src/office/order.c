/* office/order.c: one order: what was bought, by whom, its tickets and its history. */
#include "office/order.html.h"

#include "accounts/contact.h"
#include "institution/point_of_sale.h"
#include "office/orders.h"

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
	{ "cancelled", MSG_ORDER_EVENT_CANCELLED },
	{ "ticket-cancelled", MSG_ORDER_EVENT_TICKET_CANCELLED },
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

static enum status order_show(struct request *r, struct order_shown *x, struct lines *lines, struct shipment_mode *mode)
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
	if (st == OK) st = tickets_show(r, x);
	if (st == OK) st = events_show(r, x);
	if (st) return st;
	x->point_of_sale = sale.name;
	x->number = order_number(r->arena, o->number);
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
	int64_t number;
	if (!order_number_read(request_segment(r, 0), &number)) return error_answer(r, 404);
	enum status st = order_for(r->db, r->arena, actor_of(r), RIGHT_ORDER_READ, number, &o);
	if (st == OK) st = order_show(r, &x, &lines, &mode);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct office_page p = office_page(r, MSG_ORDER, OFFICE_TAB_ORDERS);
	p.title = str_format(r->arena, "%.*s %.*s", STR_ARG(p.title), STR_ARG(x.number));
	struct render out = office_render(r);
	tpl_office_order(&out, &(const struct tpl_office_order){ .page = &p, .x = &x });
	return office_answer(r, 200, &out);
}
