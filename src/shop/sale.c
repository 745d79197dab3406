/* shop/sale.c: what the pages of the sale share. */
#include "shop/sale.h"

#include <sodium.h>

#include "base/day.h"
#include "base/random.h"
#include "web/cookie.h"

#define TOKEN_BYTES 32
#define TOKEN_LEN	43 /* of its base64url */

/* Kept until the browser is closed: it opens the order that was just made. */
static const struct cookie basket_cookie = { .name = "basket", .is_per_site = true };

bool seller_of(struct request *r, struct seller *out)
{
	return seller_get(r->db, r->arena, door_of(r)->sale.id, out) == OK;
}

struct basket_owner owner_of(struct request *r, enum owning how)
{
	struct basket_owner owner = { .account = visitor_of(r) ? visitor_of(r)->account.id : 0 };
	struct str token = cookie_get(r, &basket_cookie);
	if (token.len != TOKEN_LEN && how == OWNER_NEW_ONE) {
		token = str_base64url(r->arena, random_bytes(r->arena, TOKEN_BYTES));
		cookie_set(r, &basket_cookie, token);
	}
	if (token.len == TOKEN_LEN) owner.browser_hash = browser_hash(r->arena, token);
	return owner;
}

struct str basket_token_after(struct request *r, int64_t order)
{
	struct str token = cookie_get(r, &basket_cookie);
	unsigned char *out = arena_alloc(r->arena, TOKEN_BYTES);
	if (token.len != TOKEN_LEN) return str_base64url(r->arena, random_bytes(r->arena, TOKEN_BYTES));
	struct str whole = str_format(r->arena, "basket %lld %.*s", (long long)order, STR_ARG(token));
	crypto_generichash(out, TOKEN_BYTES, (const unsigned char *)whole.at, whole.len, shop_of(r)->link_secret, sizeof shop_of(r)->link_secret);
	return str_base64url(r->arena, (struct str){ (char *)out, TOKEN_BYTES });
}

void basket_renew(struct request *r, struct str token)
{
	cookie_set(r, &basket_cookie, token);
}

void basket_forget(struct request *r)
{
	cookie_clear(r, &basket_cookie);
}

/* ---- what is on ---- */

static struct str zone_of(const struct request *r)
{
	return door_of(r)->sale.house.zone;
}

struct month *months_of(struct request *r, const struct show *shows, size_t count, size_t *months)
{
	struct month *out = ARENA_ARRAY(r->arena, struct month, count + 1);
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		struct str name = lang_month(r->arena, r->language, shows[i].starts_at, zone_of(r));
		if (n == 0 || !str_eq(out[n - 1].name, name)) out[n++] = (struct month){ .name = name, .shows = &shows[i] };
		out[n - 1].count++;
	}
	*months = n;
	return out;
}

int64_t show_day(const struct shop_page *p, const struct show *s)
{
	return date_of_day(day_of(p->request->arena, s->starts_at, zone_of(p->request))).day;
}

struct str show_weekday_time(const struct shop_page *p, const struct show *s)
{
	return lang_weekday_time(p->request->arena, p->request->language, s->starts_at, zone_of(p->request));
}

struct str show_iso(const struct shop_page *p, const struct show *s)
{
	return lang_iso(p->request->arena, s->starts_at, zone_of(p->request));
}

static const struct {
	const char *class;
	enum message message;
} offers[] = {
	[OFFER_OPEN] = { "done", MSG_PLACES_LEFT },
	[OFFER_FEW] = { "part", MSG_FEW_PLACES_LEFT },
	[OFFER_SOLD_OUT] = { "end", MSG_SOLD_OUT },
	[OFFER_LATER] = { "wait", MSG_ON_SALE_LATER },
	[OFFER_OVER] = { "end", MSG_SALE_OVER },
	[OFFER_CANCELLED] = { "bad", MSG_PERFORMANCE_CANCELLED },
};

const char *offer_class(enum offer o)
{
	return offers[o].class;
}

enum message offer_message(enum offer o)
{
	return offers[o].message;
}

static struct url link_to(const struct shop_page *p, const char *format, int64_t id)
{
	return shop_link(p, str_c(p->request->arena, str_format(p->request->arena, format, (long long)id)));
}

const char *show_path(const struct shop_page *p, const struct show *s)
{
	return str_c(p->request->arena, str_format(p->request->arena, "/performances/%lld", (long long)s->id));
}

struct url picture_link(const struct shop_page *p, const struct show *s)
{
	struct arena *a = p->request->arena;
	return url_of(str_format(a, "/pictures/%.*s.jpg", STR_ARG(s->picture)));
}

struct url show_link(const struct shop_page *p, const struct show *s)
{
	return link_to(p, "/performances/%lld", s->id);
}

struct url event_link(const struct shop_page *p, int64_t event)
{
	return link_to(p, "/events/%lld", event);
}

struct url order_link(const struct shop_page *p, int64_t number)
{
	struct arena *a = p->request->arena;
	return shop_link(p, str_c(a, str_format(a, "/orders/%.*s", STR_ARG(order_number(a, number)))));
}

struct url tickets_link(const struct shop_page *p, int64_t order, const char *what)
{
	struct arena *a = p->request->arena;
	return shop_link(p, str_c(a, str_format(a, "/orders/%.*s/%s", STR_ARG(order_number(a, order)), what)));
}

struct str plain_digits(struct arena *a, int64_t minor)
{
	return str_format(a, "%lld.%02lld", (long long)(minor / 100), (long long)(minor % 100));
}

struct str plain_amount(struct arena *a, int64_t minor)
{
	return amount_bare(a, minor);
}

/* ---- what was wished for ---- */

#define PLACES_DIGITS 4 /* of a number of places */

struct str places_wished(const struct shop_page *p, const struct category_offer *c, const struct price_of *price)
{
	struct str wanted = str_format(p->request->arena, "places-%.*s-%.*s", STR_ARG(c->code), STR_ARG(price->code)), name, value;
	size_t at = 0;
	int64_t n;
	while (form_next_named(p->request, S("places-"), &at, &name, &value))
		if (str_eq(name, wanted) && value.len <= PLACES_DIGITS && str_int64(value, &n) && n > 0) return value;
	return S("0");
}

bool is_seat_wished(const struct shop_page *p, int64_t seat, const struct price_of *price)
{
	struct str wanted = str_format(p->request->arena, "%lld-%.*s", (long long)seat, STR_ARG(price->code)), name, value;
	size_t at = 0;
	while (form_next_named(p->request, S("seat"), &at, &name, &value))
		if (str_eq(value, wanted)) return true;
	return false;
}

/* ---- lines ---- */

struct line_shown *lines_shown(struct request *r, const struct lines *lines)
{
	struct line_shown *out = ARENA_ARRAY(r->arena, struct line_shown, lines->count + 1);
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *n = &lines->line[i];
		out[i] = (struct line_shown){ .line = n,
			.is_first = n->kind == LINE_TICKET && (i == 0 || n[-1].performance != n->performance),
			.seats = line_seats_text(r->arena, r->language, n) };
	}
	return out;
}
