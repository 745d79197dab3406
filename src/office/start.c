/* office/start.c: the start page, and the accent's stylesheet. */
#include "office/office.h"
#include "office/start.html.h"

#define LOOK_KEPT (365 * 86400) /* seconds; its path names the colour */

struct response office_start_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_OFFICE_TAB_START, OFFICE_TAB_START);
	struct render out = office_render(r);
	tpl_office_start(&out, &(const struct tpl_office_start){ .page = &p, .now = store_now(r->db), .done = office_done(&p) });
	return office_answer(r, 200, &out);
}

/* One line, so that no page needs an inline style. */
struct response office_look(struct request *r)
{
	const struct door *d = office_door(r);
	struct str accent = d ? d->sale.accent : S("#005f6b");
	if (!str_eq(request_segment(r, 0), str_part(accent, 1, accent.len))) return error_answer(r, 404);
	struct response answer = response_bytes(r, 200, "text/css; charset=utf-8", str_format(r->arena, ":root { --accent: %.*s; }\n", STR_ARG(accent)));
	response_cache(r, &answer, LOOK_KEPT);
	return answer;
}
