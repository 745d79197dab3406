/* office/shipping_shipment.c: shipments: the list by state, one with its letters and mails, and what is done to it by hand. */
#include "institution/audit.h"
#include "office/shipment.html.h"
#include "office/shipments.html.h"
#include "office/shipping.h"
#include "sales/order.h"
#include "shipping/posting.h"
#include "web/csrf.h"

#define SHIPMENTS_SHOWN 50

/* ---- the list ---- */

static struct str holds_text(struct request *r, unsigned holds)
{
	static const struct {
		enum hold hold;
		enum message name;
	} names[] = { { HOLD_PAYMENT, MSG_HOLD_PAYMENT }, { HOLD_ADDRESS, MSG_HOLD_ADDRESS }, { HOLD_ADDRESS_CHECK, MSG_HOLD_ADDRESS_CHECK },
		{ HOLD_DATE, MSG_HOLD_DATE }, { HOLD_HAND, MSG_HOLD_HAND } };
	struct buf b = buf_in(r->arena);
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!(holds & names[i].hold)) continue;
		if (b.len) buf_add(&b, S(", "));
		buf_add(&b, lang_text(r->arena, r->language, names[i].name, NULL));
	}
	return buf_str(&b);
}

struct response office_shipments_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_SHIPMENTS, OFFICE_TAB_SHIPPING);
	struct shipment *list;
	int64_t before = 0, institution = actor_of(r)->institution, counts[SHIPMENT_CANCELLED + 1];
	unsigned state = SHIPMENT_CANCELLED + 1;
	struct str wanted = request_query(r, "state");
	if (request_has_query(r, "before") && (!str_int64(request_query(r, "before"), &before) || before < 1)) return error_answer(r, 404);
	for (unsigned s = 0; s <= SHIPMENT_CANCELLED; s++)
		if (str_eq(wanted, str_of(shipment_state_name((enum shipment_state)s)))) state = s;
	struct tpl_office_shipments page = { .page = &p, .state = state, .counts = counts };
	if (shipment_counts(r->db, institution, counts) ||
		shipment_list(r->db, r->arena, institution, state, before, SHIPMENTS_SHOWN, &list, &page.count))
		return error_answer(r, 503);
	struct shipment_shown *shown = ARENA_ARRAY(r->arena, struct shipment_shown, page.count + 1);
	for (size_t i = 0; i < page.count; i++) shown[i] = (struct shipment_shown){ list[i], holds_text(r, list[i].holds) };
	page.list = shown;
	if (page.count == SHIPMENTS_SHOWN)
		page.more = url_of(str_format(r->arena, "/shipments?state=%.*s&before=%lld", STR_ARG(wanted), (long long)list[page.count - 1].id));
	struct render out = office_render(r);
	tpl_office_shipments(&out, &page);
	return office_answer(r, 200, &out);
}

/* ---- one ---- */

bool shipment_of_path(struct request *r, struct shipment *s, struct response *instead)
{
	int64_t number;
	enum status st =
		shipment_number_read(request_segment(r, 0), &number) ? shipment_by_number(r->db, r->arena, actor_of(r)->institution, number, s) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

static enum status pieces_shown(struct request *r, const struct shipment *s, struct piece_shown **out, size_t *count)
{
	struct piece *pieces;
	enum status st = shipment_pieces(r->db, r->arena, s->id, &pieces, count);
	*out = ARENA_ARRAY(r->arena, struct piece_shown, *count + 1);
	for (size_t i = 0; !st && i < *count; i++) {
		struct piece_shown *x = &(*out)[i];
		x->piece = pieces[i];
		x->tickets = ARENA_ARRAY(r->arena, struct ticket_shown, pieces[i].ticket_count + 1);
		st = track_of(r->db, r->arena, s, &pieces[i], r->language, staff_of(r)->person.zone, &x->track);
		for (size_t t = 0; !st && t < pieces[i].ticket_count; t++) {
			x->tickets[t].id = pieces[i].tickets[t];
			x->tickets[t].number = ticket_number(r->arena, pieces[i].tickets[t]);
			st = paper_read(r->db, r->arena, pieces[i].tickets[t], r->language, &x->tickets[t].paper);
		}
	}
	return st;
}

/* Then its address stands on paper, also when another of its letters is still to be printed. */
static bool is_any_printed(const struct piece_shown *pieces, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t t = 0; t < pieces[i].piece.ticket_count; t++)
			if (pieces[i].tickets[t].paper.state == TICKET_PRINTED) return true;
	return false;
}

static struct response page_answer(struct request *r, int status, const struct typed_number *typed)
{
	struct shipment s;
	struct order o;
	struct piece_shown *pieces;
	struct notice *notices;
	struct response instead;
	if (!shipment_of_path(r, &s, &instead)) return instead;
	struct office_page p = office_page(r, MSG_SHIPMENT, OFFICE_TAB_SHIPPING);
	p.title = shipment_number(r->arena, s.number);
	p.is_error = typed->n > 0;
	struct tpl_office_shipment page = { .page = &p,
		.shipment = &s,
		.order = &o,
		.holds = holds_text(r, s.holds),
		.may_print = actor_may(actor_of(r), RIGHT_PRINT),
		.csrf_notices = csrf_token(r, "/shipments/:NUMBER/notices"),
		.csrf_hold = csrf_token(r, "/shipments/:NUMBER/hold"),
		.csrf_let_go = csrf_token(r, "/shipments/:NUMBER/let-go"),
		.csrf_post = csrf_token(r, "/shipments/:NUMBER/post"),
		.csrf_reissue = csrf_token(r, "/shipments/:NUMBER/reissue"),
		.csrf_piece = csrf_token(r, "/shipments/:NUMBER/pieces/:N"),
		.typed = typed,
		.done = office_done(&p) };
	if (order_get(r->db, r->arena, s.institution, s.order, &o) || pieces_shown(r, &s, &pieces, &page.piece_count) ||
		notices_of(r->db, r->arena, s.id, &notices, &page.notice_count) || notice_correction_due(r->db, s.id, &page.is_correction_due))
		return error_answer(r, 503);
	page.pieces = pieces;
	page.notices = notices;
	for (size_t i = 0; i < page.piece_count; i++) page.is_untold |= pieces[i].piece.posted_at && !pieces[i].piece.told_in;
	page.is_open = s.state != SHIPMENT_HANDED_OVER && s.state != SHIPMENT_REPLACED && s.state != SHIPMENT_CANCELLED;
	page.may_move = (s.state == SHIPMENT_HELD || s.state == SHIPMENT_READY) && !is_any_printed(pieces, page.piece_count);
	struct render out = office_render(r);
	tpl_office_shipment(&out, &page);
	return office_answer(r, status, &out);
}

struct response office_shipment_page(struct request *r)
{
	return page_answer(r, 200, &(const struct typed_number){ 0 });
}

/* ---- by hand ---- */

struct doing {
	struct request *r;
	struct shipment shipment;
	enum notice_kind kind;
	int64_t ticket, piece;
	enum number_wish wish;
	struct str number;
	struct problem why;
};

static enum status note(struct conn *db, const struct doing *x, const char *verb)
{
	return audit_note(db, x->r->arena, actor_of(x->r), &(const struct audit_record){ verb, "shipment", x->shipment.id, NULL, NULL });
}

static enum status send_notice(struct conn *db, void *arg)
{
	struct doing *x = arg;
	struct str by = actor_of(x->r)->name;
	if (x->kind == NOTICE_CORRECTION) return notice_correction(db, x->r->arena, &x->shipment, by);
	return notice_posted(db, x->r->arena, &x->shipment, 0, by);
}

static enum status send_again(struct conn *db, void *arg)
{
	struct doing *x = arg;
	enum status st = notice_again(db, x->r->arena, &x->shipment, x->kind);
	return st ? st : note(db, x, "notice-again");
}

static enum status set_number(struct conn *db, void *arg)
{
	struct doing *x = arg;
	struct arena *a = x->r->arena;
	x->why = problem_in(a);
	enum status st = piece_number_set(db, a, x->shipment.institution, x->shipment.id, x->piece, x->number, x->wish, &x->why);
	if (st) return st;
	const struct audit_value after[] = { { "tracking-number", x->number }, { NULL, { 0 } } };
	return audit_note(db, a, actor_of(x->r), &(const struct audit_record){ "tracking-number-set", "shipment", x->shipment.id, NULL, after });
}

static enum status hold(struct conn *db, void *arg)
{
	struct doing *x = arg;
	enum status st = shipment_hold(db, x->shipment.institution, x->shipment.id);
	return st ? st : note(db, x, "shipment-held");
}

static enum status let_go(struct conn *db, void *arg)
{
	struct doing *x = arg;
	enum status st = shipment_let_go(db, x->shipment.institution, x->shipment.id);
	return st ? st : note(db, x, "shipment-let-go");
}

static enum status post(struct conn *db, void *arg)
{
	struct doing *x = arg;
	enum status st = shipment_post_by_hand(db, x->r->arena, x->shipment.institution, x->shipment.id);
	return st ? st : note(db, x, "shipment-posted");
}

static enum status reissue(struct conn *db, void *arg)
{
	struct doing *x = arg;
	int64_t anew;
	enum status st = shipment_reissue(db, x->r->arena, x->shipment.institution, x->ticket, actor_of(x->r)->name, &anew);
	return st ? st : note(db, x, "ticket-reissued");
}

/* Does it and shows the shipment; one that was otherwise by then is shown as it is. */
static struct response done(struct request *r, struct doing *x, enum status (*fn)(struct conn *, void *))
{
	struct response instead;
	x->r = r;
	if (!shipment_of_path(r, &x->shipment, &instead)) return instead;
	enum status st = store_write(r->db, fn, x);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(
		r, str_format(r->arena, "/shipments/%.*s%s", STR_ARG(shipment_number(r->arena, x->shipment.number)), st ? "" : "?done=saved"));
}

struct response office_shipment_notice(struct request *r)
{
	static const struct form_field fields[] = { { "kind", .max = 20 }, { "again", .max = 10 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct doing x = { 0 };
	if (!notice_kind_read(form_text(&f, "kind"), &x.kind)) return error_answer(r, 400);
	return done(r, &x, form_has(&f, "again") ? send_again : send_notice);
}

struct response office_shipment_piece(struct request *r)
{
	static const struct form_field fields[] = { { "tracking_number", .max = 200 }, { "keep", .max = 10 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct doing x = { .r = r, .number = form_text(&f, "tracking_number"), .wish = form_has(&f, "keep") ? NUMBER_KEPT : NUMBER_CHECKED };
	struct response instead;
	if (!request_segment_id(r, 1, &x.piece)) return error_answer(r, 404);
	if (!shipment_of_path(r, &x.shipment, &instead)) return instead;
	enum status st = problem_any(&f.why) ? REFUSED : store_write(r->db, set_number, &x);
	if (st == REFUSED) {
		const struct finding *said = problem_any(&f.why) ? f.why.first : x.why.first;
		return page_answer(r, 422, &(const struct typed_number){ x.piece, x.number, lang_finding(r->arena, r->language, said) });
	}
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/shipments/%.*s?done=saved", STR_ARG(shipment_number(r->arena, x.shipment.number))));
}

struct response office_shipment_hold(struct request *r)
{
	return done(r, &(struct doing){ 0 }, hold);
}

struct response office_shipment_let_go(struct request *r)
{
	return done(r, &(struct doing){ 0 }, let_go);
}

struct response office_shipment_post(struct request *r)
{
	return done(r, &(struct doing){ 0 }, post);
}

struct response office_shipment_reissue(struct request *r)
{
	static const struct form_field fields[] = { { "ticket", .max = 20 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct doing x = { 0 };
	if (!str_int64(form_text(&f, "ticket"), &x.ticket)) return error_answer(r, 400);
	return done(r, &x, reissue);
}
