/* shop/order.c: an order as its buyer sees it, and the list of them. */
#include "shop/order.html.h"

#include "base/day.h"
#include "base/log.h"
#include "billing/bill_letter.h"
#include "billing/series.h"
#include "dealing/tickets.h"
#include "formats/link.h"
#include "shop/letters.h"
#include "shop/orders.html.h"
#include "shop/sale.h"
#include "web/cookie.h"

#define ORDERS_SHOWN	50
#define TOKEN_MAX		512
#define LINK_COOKIE_AGE (30 * 60) /* seconds, as with recovery */

/* Whoever opened an order by its mail's link sees it for a while, without the link in the address. */
static const struct cookie link_cookie = { .name = "order-link", .path = "/orders", .is_per_site = true, .max_age_seconds = LINK_COOKIE_AGE };

static const struct {
	const char *class;
	enum message message, note;
} states[] = {
	[ORDER_IN_PROGRESS] = { "wait", MSG_ORDER_IN_PROGRESS, MSG_ORDER_NOTE_IN_PROGRESS },
	[ORDER_OPTION] = { "wait", MSG_ORDER_OPTION, MSG_ORDER_NOTE_OPTION },
	[ORDER_RESERVED] = { "wait", MSG_ORDER_RESERVED, MSG_ORDER_NOTE_RESERVED },
	[ORDER_SOLD_UNPAID] = { "wait", MSG_ORDER_SOLD_UNPAID, MSG_ORDER_NOTE_SOLD_UNPAID },
	[ORDER_PARTLY_PAID] = { "part", MSG_ORDER_PARTLY_PAID, MSG_ORDER_NOTE_PARTLY_PAID },
	[ORDER_SETTLED] = { "done", MSG_ORDER_SETTLED, MSG_ORDER_NOTE_SETTLED },
	[ORDER_CANCELLED] = { "end", MSG_ORDER_CANCELLED, MSG_ORDER_NOTE_CANCELLED },
	[ORDER_ABANDONED] = { "end", MSG_ORDER_CANCELLED, MSG_ORDER_NOTE_CANCELLED },
};

const char *order_class(enum order_state state)
{
	return states[state].class;
}

enum message order_message(enum order_state state)
{
	return states[state].message;
}

enum message order_note_message(enum order_state state)
{
	return states[state].note;
}

/* The order that a link in a mail opens; NOT_FOUND for one that is not ours. */
static enum status order_of_link(struct request *r, struct str token, struct order *out)
{
	struct link link;
	if (token.len == 0 || token.len > TOKEN_MAX) return NOT_FOUND;
	if (link_read(shop_of(r)->links, token, LINK_FOR(LINK_ORDER), &link) != LINK_GENUINE) return NOT_FOUND;
	return order_by_link(r->db, r->arena, (struct str){ (const char *)link.id, LINK_ID_SIZE }, out);
}

/* Whether the visitor is its owner, who just ordered it, or came by its link. Nobody else learns that it is there. */
static bool may_see(struct request *r, const struct order *o)
{
	const struct visitor *v = visitor_of(r);
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	struct order by_link;
	if (v && (o->account ? o->account == v->account.id : str_eq(o->buyer.email.key, v->account.email_key))) return true;
	if (owner.browser_hash.len && str_eq_secret(owner.browser_hash, o->browser_hash)) return true;
	return order_of_link(r, cookie_get(r, &link_cookie), &by_link) == OK && by_link.id == o->id;
}

static struct response open_link(struct request *r)
{
	struct order o;
	struct str token = str_trim(request_query(r, "token"));
	enum status st = order_of_link(r, token, &o);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	cookie_set(r, &link_cookie, token);
	return shop_redirect(r, str_format(r->arena, "/orders/%.*s", STR_ARG(order_number(r->arena, o.number))));
}

int order_of_path(struct request *r, struct order *o)
{
	int64_t number;
	if (!order_number_read(request_segment(r, 0), &number)) return 404;
	enum status st = order_by_number(r->db, r->arena, door_of(r)->sale.institution, number, o);
	if (st == NOT_FOUND || (st == OK && !may_see(r, o))) return 404;
	return st ? 503 : 0;
}

/* ---- bills ---- */

static struct response bill_answer(struct request *r, const struct bill *b)
{
	struct problem why = problem_in(r->arena);
	struct str pdf;
	enum status st = bill_pdf(r->db, r->arena, shop_of(r)->templates, b->institution, b->id, &pdf, &why);
	if (st == REFUSED) log_warn("bill %lld has no PDF: %.*s", (long long)b->id, STR_ARG(lang_problem(r->arena, LANG_EN, &why)));
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct response answer = response_bytes(r, 200, "application/pdf", pdf);
	response_download(r, &answer, bill_file_name(r->arena, b));
	return answer;
}

struct response shop_bill(struct request *r)
{
	struct order o;
	struct bill b;
	int64_t year, number;
	int failed = order_of_path(r, &o);
	if (failed) return error_answer(r, failed);
	if (!series_number_read(request_segment(r, 1), &year, &number)) return error_answer(r, 404);
	enum status st = bill_by_number(r->db, r->arena, o.institution, year, number, &b);
	if (st == NOT_FOUND || (st == OK && b.order != o.id)) return error_answer(r, 404);
	return st ? error_answer(r, 503) : bill_answer(r, &b);
}

/* The oldest that is open; when none is, the newest. */
struct response shop_invoice(struct request *r)
{
	struct order o;
	struct bill *bills;
	size_t count, at = 0;
	int failed = order_of_path(r, &o);
	if (failed) return error_answer(r, failed);
	if (bills_of_order(r->db, r->arena, o.institution, o.id, &bills, &count)) return error_answer(r, 503);
	if (count == 0) return error_answer(r, 404);
	while (at < count && bills[at].state != BILL_OPEN) at++;
	return bill_answer(r, &bills[at < count ? at : count - 1]);
}

struct str bill_words(const struct shop_page *p, struct render *out, const struct bill *b)
{
	static const enum message messages[] = { [BILL_OPEN] = MSG_BILL_OPEN, [BILL_PAID] = MSG_BILL_PAID, [BILL_CREDITED] = MSG_BILL_CREDITED };
	struct request *r = p->request;
	struct str zone = door_of(r)->sale.house.zone;
	return lang_text(r->arena, r->language, messages[b->state],
		(const struct arg[]){ arg_text("amount", render_amount(out, b->amount, b->currency)),
			arg_text("date", lang_date(r->arena, r->language, day_begins(r->arena, b->due_day, zone), zone)), { 0 } });
}

struct url bill_link(const struct shop_page *p, const struct bill *b)
{
	struct arena *a = p->request->arena;
	return shop_link(
		p, str_c(a, str_format(a, "/orders/%.*s/bills/%.*s.pdf", STR_ARG(order_number(a, b->order_number)), STR_ARG(bill_number(a, b)))));
}

/* ---- the page ---- */

struct response shop_order_page(struct request *r)
{
	struct order o;
	struct lines lines;
	struct shipment_mode mode;
	struct vat_sum vat[VAT_RATES_MOST];
	struct bill *bills;
	size_t bill_count;
	int64_t institution = door_of(r)->sale.institution;
	if (request_has_query(r, "token")) return open_link(r);
	int failed = order_of_path(r, &o);
	if (failed) return error_answer(r, failed);
	if (bills_of_order(r->db, r->arena, institution, o.id, &bills, &bill_count)) return error_answer(r, 503);
	if (lines_read(r->db, r->arena, o.id, r->language, door_of(r)->sale.house.main_language, &lines)) return error_answer(r, 503);
	struct parcel_shown *parcels;
	size_t parcel_count;
	if (parcels_of_order(r, o.id, o.state == ORDER_SETTLED, &parcels, &parcel_count)) return error_answer(r, 503);
	bool has_mode = o.shipment_mode && shipment_mode_get(r->db, r->arena, institution, o.shipment_mode, r->language, &mode) == OK;
	bool has_tickets;
	if (buyer_has_tickets(r->db, r->arena, &o, &has_tickets)) return error_answer(r, 503);
	struct shop_page p = shop_page(r, MSG_ORDER, visitor_of(r) ? TAB_ACCOUNT : TAB_HOME);
	p.data_state = order_state_name(o.state);
	struct render out = shop_render(r);
	tpl_shop_order(&out, &(const struct tpl_shop_order){
							 .page = &p,
							 .order = &o,
							 .lines = &lines,
							 .shown = lines_shown(r, &lines),
							 .mode = has_mode ? &mode : NULL,
							 .has_tickets = has_tickets,
							 .vat = vat,
							 .vat_count = lines_vat(&lines, vat),
							 .bills = bills,
							 .bill_count = bill_count,
							 .parcels = parcels,
							 .parcel_count = parcel_count,
						 });
	return shop_answer(r, 200, &out);
}

struct response shop_orders_page(struct request *r)
{
	const struct account *who = &visitor_of(r)->account;
	struct shop_page p = shop_page(r, MSG_ORDERS, TAB_ACCOUNT);
	struct tpl_shop_orders page = { .page = &p };
	struct order *orders;
	int64_t before = 0;
	str_int64(request_query(r, "before"), &before);
	if (order_list(r->db, r->arena, who->institution, who->id, who->email_key, before > 0 ? before : 0, ORDERS_SHOWN, &orders, &page.count))
		return error_answer(r, 503);
	page.orders = orders;
	page.has_tickets = ARENA_ARRAY(r->arena, bool, page.count + 1);
	for (size_t i = 0; i < page.count; i++)
		if (buyer_has_tickets(r->db, r->arena, &orders[i], &page.has_tickets[i])) return error_answer(r, 503);
	if (page.count == ORDERS_SHOWN)
		page.more = shop_link_with(&p, "/account/orders", "before", str_format(r->arena, "%lld", (long long)orders[page.count - 1].id));
	struct render out = shop_render(r);
	tpl_shop_orders(&out, &page);
	return shop_answer(r, 200, &out);
}
