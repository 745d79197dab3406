/* shop/home.c: the start page, and the point of sale's stylesheet and logo. */
#include "shop/home.html.h"
#include "sales/picture.h"
#include "shop/sale.h"

#define LOOK_KEPT (365 * 86400) /* seconds; its path names the colour, or the picture */

struct response shop_home_page(struct request *r)
{
	struct shop_page p = shop_page(r, MSG_TAB_HOME, TAB_HOME);
	struct tpl_shop_home home = { .page = &p, .done = done_message(&p) };
	struct seller seller;
	struct show *shows;
	size_t count;
	if (!seller_of(r, &seller) || catalogue_shows(r->db, r->arena, &seller, r->language, 0, 0, PLAYBILL_MOST, &shows, &count))
		return error_answer(r, 503);
	home.months = months_of(r, shows, count, &home.month_count);
	p.poster.title = p.door->sale.house.name;
	p.poster.over = count ? shows[0].season : p.door->sale.house.town;
	p.poster.what = p.text->description;
	struct render out = shop_render(r);
	tpl_shop_home(&out, &home);
	return shop_answer(r, 200, &out);
}

/* One line, so that no page needs an inline style: "/look/005f6b.css". */
struct response shop_look(struct request *r)
{
	struct str accent = door_of(r)->sale.accent;
	if (!str_eq(request_segment(r, 0), str_part(accent, 1, accent.len))) return error_answer(r, 404);
	struct response answer = response_bytes(r, 200, "text/css; charset=utf-8", str_format(r->arena, ":root { --accent: %.*s; }\n", STR_ARG(accent)));
	response_cache(r, &answer, LOOK_KEPT);
	return answer;
}

struct response shop_logo(struct request *r)
{
	struct logo logo;
	if (!str_eq(request_segment(r, 0), door_of(r)->sale.logo.digest)) return error_answer(r, 404);
	if (logo_get(r->db, r->arena, door_of(r)->sale.id, &logo)) return error_answer(r, 503);
	if (!str_eq(request_segment(r, 0), logo.digest)) return error_answer(r, 404); /* changed since the door was read */
	struct response answer = response_bytes(r, 200, "image/png", logo.png);
	response_cache(r, &answer, LOOK_KEPT);
	return answer;
}

/* A picture of the house's programme: its address names its bytes. */
struct response shop_picture(struct request *r)
{
	struct str jpeg;
	enum status st = picture_bytes(r->db, r->arena, door_of(r)->sale.institution, request_segment(r, 0), &jpeg);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct response answer = response_bytes(r, 200, "image/jpeg", jpeg);
	response_cache(r, &answer, LOOK_KEPT);
	return answer;
}
