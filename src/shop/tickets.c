/* shop/tickets.c: tickets to be printed at home, and to be shown on a phone. */
#include "shop/tickets.html.h"

#include "base/log.h"
#include "dealing/tickets.h"
#include "shop/sale.h"

/* 404 for who may not see the order, and while there are no tickets for him to have: nobody learns which. */
static int tickets_of_path(struct request *r, bool in_orders_language, struct order *o, struct ticket_sheet **sheets, size_t *count)
{
	int failed = order_of_path(r, o);
	if (failed) return failed;
	enum language l = in_orders_language ? o->buyer.language : r->language;
	if (buyer_tickets(r->db, r->arena, &door_of(r)->sale, o, l, sheets, count)) return 503;
	return *count ? 0 : 404;
}

struct response shop_tickets_page(struct request *r)
{
	struct order o;
	struct ticket_sheet *sheets;
	size_t count;
	int failed = tickets_of_path(r, false, &o, &sheets, &count);
	if (failed) return error_answer(r, failed);
	struct symbol *symbols = ARENA_ARRAY(r->arena, struct symbol, count);
	for (size_t i = 0; i < count; i++)
		if (!symbol_make(r->arena, sheets[i].barcode, SYMBOL_Q, &symbols[i])) return error_answer(r, 503);
	struct shop_page p = shop_page(r, MSG_TICKETS, visitor_of(r) ? TAB_ACCOUNT : TAB_HOME);
	struct render out = shop_render(r);
	tpl_shop_tickets(&out, &(const struct tpl_shop_tickets){ .page = &p, .order = &o, .sheets = sheets, .symbols = symbols, .count = count });
	return shop_answer(r, 200, &out);
}

struct response shop_tickets_pdf(struct request *r)
{
	struct order o;
	struct ticket_sheet *sheets;
	struct problem why = problem_in(r->arena);
	struct str pdf;
	size_t count;
	int failed = tickets_of_path(r, true, &o, &sheets, &count);
	if (failed) return error_answer(r, failed);
	if (ticket_pdf(r->arena, &door_of(r)->sale, &o, o.buyer.language, sheets, count, &pdf, &why)) {
		log_warn("tickets of order %lld: %.*s", (long long)o.id, STR_ARG(lang_problem(r->arena, LANG_EN, &why)));
		return error_answer(r, 503);
	}
	struct response answer = response_bytes(r, 200, "application/pdf", pdf);
	response_download(r, &answer, ticket_file_name(r->arena, o.buyer.language, &o));
	return answer;
}
