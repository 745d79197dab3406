/* shop/follow.c: a shipment without an account: by the mail's link, or by the order's number and the e-mail address that it was made with. */
#include "base/clock.h"
#include "formats/link.h"
#include "sales/order.h"
#include "shop/follow.html.h"
#include "shop/letters.h"
#include "web/cookie.h"
#include "web/csrf.h"

#define FOLLOWED_FOR	(60 * DAY) /* after the last performance (shipping-rules.md 5) */
#define LINK_COOKIE_AGE (30 * 60)  /* seconds, as with orders */
#define TOKEN_MAX		512

static const struct cookie link_cookie = { .name = "follow-link", .path = "/follow", .is_per_site = true, .max_age_seconds = LINK_COOKIE_AGE };

static const struct form_field fields[] = { { "order", .max = 20 }, { "email", .max = 254 } };

/* The shipment that a link of ours opens, of this house, and its order. */
static enum status followed(struct request *r, struct str token, struct shipment *s, struct order *o)
{
	struct link link;
	if (token.len == 0 || token.len > TOKEN_MAX) return NOT_FOUND;
	if (link_read(shop_of(r)->links, token, LINK_FOR(LINK_FOLLOW), &link) != LINK_GENUINE) return NOT_FOUND;
	enum status st = shipment_by_link(r->db, r->arena, (struct str){ (const char *)link.id, LINK_ID_SIZE }, s);
	if (st == OK && s->institution != door_of(r)->sale.institution) st = NOT_FOUND;
	return st ? st : order_get(r->db, r->arena, s->institution, s->order, o);
}

static struct response form_answer(struct request *r, int status, const struct form *f, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_FOLLOW_TITLE, TAB_NONE);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_follow(&out, &(const struct tpl_shop_follow){ .page = &p,
							  .csrf = csrf_token(r, "/follow"),
							  .number = f ? form_shown(f, "order") : S(""),
							  .email = f ? form_shown(f, "email") : S(""),
							  .why = why });
	return shop_answer(r, status, &out);
}

static struct response shipment_answer(struct request *r, const struct shipment *s, const struct order *o)
{
	struct parcel_shown parcel;
	if (parcel_read(r, s, o->state == ORDER_SETTLED, &parcel)) return error_answer(r, 503);
	if (s->state == SHIPMENT_CANCELLED || (parcel.last_show && store_now(r->db) > parcel.last_show + FOLLOWED_FOR)) return error_answer(r, 404);
	struct shop_page p = shop_page(r, MSG_FOLLOW_TITLE, TAB_NONE);
	struct render out = shop_render(r);
	tpl_shop_follow(&out, &(const struct tpl_shop_follow){ .page = &p, .parcel = &parcel, .number = order_number(r->arena, o->number) });
	return shop_answer(r, 200, &out);
}

struct response shop_follow_page(struct request *r)
{
	struct shipment s;
	struct order o;
	struct str token = str_trim(request_query(r, "token"));
	bool is_link = request_has_query(r, "token");
	enum status st = followed(r, is_link ? token : cookie_get(r, &link_cookie), &s, &o);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	if (is_link && st) return error_answer(r, 404);
	if (is_link) {
		cookie_set(r, &link_cookie, token);
		return shop_redirect(r, S("/follow"));
	}
	return st ? form_answer(r, 200, NULL, NULL) : shipment_answer(r, &s, &o);
}

/* The newest living shipment of an order, asked for also when there is no such order: the same work. */
static enum status newest(struct request *r, int64_t order, struct shipment *out)
{
	struct shipment *all;
	size_t count;
	enum status st = shipments_of_order(r->db, r->arena, order, &all, &count);
	if (st) return st;
	while (count && all[count - 1].state == SHIPMENT_CANCELLED) count--;
	if (!count) return NOT_FOUND;
	*out = all[count - 1];
	return OK;
}

struct response shop_follow(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct order o = { 0 };
	struct shipment s;
	struct email email = { 0 };
	struct problem ignored = problem_in(r->arena);
	int64_t number = 0;
	email_read(r->arena, form_text(&f, "email"), "email", &email, &ignored);
	bool is_read = order_number_read(form_text(&f, "order"), &number);
	enum status st = order_by_number(r->db, r->arena, door_of(r)->sale.institution, is_read ? number : 0, &o);
	bool is_buyer = st == OK && email.key.len && str_eq(o.buyer.email.key, email.key);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	st = newest(r, o.id, &s);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	if (!is_buyer || st) {
		problem_add(&f.why, "order", MSG_FOLLOW_NOT_FOUND);
		return form_answer(r, 422, &f, &f.why);
	}
	cookie_set(r, &link_cookie, link_make(r->arena, shop_of(r)->links, LINK_FOLLOW, (const uint8_t *)s.link_id.at));
	return shop_redirect(r, S("/follow"));
}
