/* office/orders.c: the list of orders. */
#include "office/orders.h"

#include "office/orders.html.h"
#include "web/path.h"

#define TYPED_MAX 200 /* characters of a search */

static const struct {
	enum message word;
	const char *shape;
} states[] = {
	[ORDER_IN_PROGRESS] = { MSG_ORDER_IN_PROGRESS, "wait" },
	[ORDER_OPTION] = { MSG_ORDER_OPTION, "wait" },
	[ORDER_RESERVED] = { MSG_ORDER_RESERVED, "wait" },
	[ORDER_SOLD_UNPAID] = { MSG_ORDER_SOLD_UNPAID, "wait" },
	[ORDER_PARTLY_PAID] = { MSG_ORDER_PARTLY_PAID, "part" },
	[ORDER_SETTLED] = { MSG_ORDER_SETTLED, "done" },
	[ORDER_CANCELLED] = { MSG_ORDER_CANCELLED, "end" },
	[ORDER_ABANDONED] = { MSG_ORDER_CANCELLED, "end" },
};

enum message order_state_word(enum order_state state)
{
	return states[state].word;
}

const char *order_state_shape(enum order_state state)
{
	return states[state].shape;
}

struct url office_order_link(const struct office_page *p, int64_t number)
{
	struct arena *a = p->request->arena;
	return office_link(p, str_c(a, str_format(a, "/orders/%.*s", STR_ARG(order_number(a, number)))));
}

static const struct {
	struct str word;
	enum message name;
} views[ORDER_VIEWS] = {
	[ORDERS_ALL] = { { STR("") }, MSG_ORDERS_ALL },
	[ORDERS_UNPAID] = { { STR("unpaid") }, MSG_ORDERS_UNPAID },
	[ORDERS_SETTLED] = { { STR("paid") }, MSG_ORDERS_SETTLED },
	[ORDERS_CANCELLED] = { { STR("cancelled") }, MSG_ORDERS_CANCELLED },
};

static struct url view_link(const struct office_page *p, struct str typed, struct str view)
{
	struct arena *a = p->request->arena;
	struct url searched = office_link_with(p, "/orders", "q", typed);
	if (!view.len) return searched;
	return url_of(str_format(a, "%.*s%cview=%.*s", STR_ARG(searched.text), str_has(searched.text, '?') ? '&' : '?', STR_ARG(view)));
}

static struct order_query query_of(struct request *r)
{
	struct order_query q = { .view = ORDERS_ALL };
	struct str typed = str_trim(request_query(r, "q")), view = request_query(r, "view");
	q.typed = str_points(typed) > TYPED_MAX ? S("") : typed;
	for (int v = 0; v < ORDER_VIEWS; v++)
		if (str_eq(view, views[v].word)) q.view = (enum order_view)v;
	if (!str_int64(request_query(r, "before"), &q.before) || q.before < 1) q.before = 0;
	return q;
}

struct response office_orders_page(struct request *r)
{
	struct order_query q = query_of(r);
	struct order_page *found = ARENA_NEW(r->arena, struct order_page);
	struct orders_shown shown = { .found = found, .typed = q.typed };
	if (order_find(r->db, r->arena, actor_of(r), &q, found)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_ORDERS, OFFICE_TAB_ORDERS);
	bool is_number = q.typed.len && found->count == 1 && str_eq(q.typed, order_number(r->arena, found->rows[0].number));
	if (is_number) return office_redirect(r, str_format(r->arena, "/orders/%.*s", STR_ARG(q.typed)));
	for (int v = 0; v < ORDER_VIEWS; v++)
		shown.views[v] = (struct order_view_shown){ view_link(&p, q.typed, views[v].word), views[v].name, (enum order_view)v == q.view };
	if (found->before) {
		struct url view = view_link(&p, S(""), views[q.view].word);
		shown.more =
			url_of(str_format(r->arena, "%.*s%cbefore=%lld", STR_ARG(view.text), str_has(view.text, '?') ? '&' : '?', (long long)found->before));
	}
	struct render out = office_render(r);
	tpl_office_orders(&out, &(const struct tpl_office_orders){ .page = &p, .x = &shown });
	return office_answer(r, 200, &out);
}
