/* shop/programme.c: an event and its performances; a performance and what of it may be bought. */
#include "shop/event.html.h"
#include "shop/performance.html.h"
#include "shop/plan.h"
#include "web/csrf.h"

/* The large head of a page about an event. */
static void poster_of(struct shop_page *p, const struct show *s)
{
	p->title = s->title;
	p->poster.title = s->title;
	p->poster.over = s->season;
	p->poster.what = s->what;
}

struct response shop_event_page(struct request *r)
{
	struct seller seller;
	struct show *shows;
	size_t count;
	int64_t event;
	if (!request_segment_id(r, 0, &event)) return error_answer(r, 404);
	if (!seller_of(r, &seller) || catalogue_shows(r->db, r->arena, &seller, r->language, event, 0, PLAYBILL_MOST, &shows, &count))
		return error_answer(r, 503);
	if (count == 0) return error_answer(r, 404);
	struct shop_page p = shop_page(r, MSG_TAB_HOME, TAB_HOME);
	poster_of(&p, &shows[0]);
	struct render out = shop_render(r);
	tpl_shop_event(&out, &(const struct tpl_shop_event){ .page = &p, .shows = shows, .count = count });
	return shop_answer(r, 200, &out);
}

struct response shop_performance_answer(struct request *r, int status, int64_t performance, const struct problem *why)
{
	struct seller seller;
	struct show show;
	struct offers offers;
	struct plan plan;
	if (!seller_of(r, &seller)) return error_answer(r, 503);
	enum status st = catalogue_show(r->db, r->arena, &seller, r->language, performance, &show);
	if (st == NOT_FOUND) return error_answer(r, 404);
	if (st || catalogue_offers(r->db, r->arena, &seller, r->language, performance, &offers)) return error_answer(r, 503);
	if (plan_read(r, &seller, performance, &offers, &plan)) return error_answer(r, 503);
	struct shop_page p = shop_page(r, MSG_TAB_HOME, TAB_HOME);
	poster_of(&p, &show);
	p.poster.at = show.starts_at;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_performance(&out, &(const struct tpl_shop_performance){
								   .page = &p,
								   .show = &show,
								   .offers = &offers,
								   .csrf = csrf_token(r, "/basket"),
								   .why = why,
								   .most = seller.places_most,
								   .plan = &plan,
							   });
	struct response answer = shop_answer(r, status, &out);
	response_pack(r, &answer);
	return answer;
}

struct response shop_performance_page(struct request *r)
{
	int64_t performance;
	if (!request_segment_id(r, 0, &performance)) return error_answer(r, 404);
	return shop_performance_answer(r, 200, performance, NULL);
}
