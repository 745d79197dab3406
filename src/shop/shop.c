/* shop/shop.c: the buyer's face: its routes, whose request it is, who asks, what lets in. */
#include "shop/shop.h"

#include "guard/rate.h"
#include "base/clock.h"
#include "shop/error.html.h"
#include "shop/letters.h"
#include "web/cookie.h"
#include "web/path.h"

const struct route shop_routes[] = {
	{ GET, "/", shop_home_page, .needs = 0 },
	{ GET, "/events/:ID", shop_event_page, .needs = 0 },
	{ GET, "/performances/:ID", shop_performance_page, .needs = 0 },
	{ GET, "/basket", shop_basket_page, .needs = NO_STORE },
	{ POST, "/basket", shop_basket, .needs = CSRF | NO_STORE, .limit = LIMIT_BASKET },
	{ POST, "/basket/remove", shop_basket_remove, .needs = CSRF | NO_STORE },
	{ POST, "/basket/mend", shop_basket_mend, .needs = CSRF | NO_STORE },
	{ GET, "/checkout", shop_checkout_page, .needs = NO_STORE },
	{ POST, "/checkout", shop_checkout, .needs = CSRF | NO_STORE, .limit = LIMIT_CHECKOUT },
	{ GET, "/orders/:NUMBER", shop_order_page, .needs = NO_STORE },
	{ GET, "/orders/:NUMBER/bills/:BILL.pdf", shop_bill, .needs = NO_STORE | SLOW }, /* the first reader makes it */
	{ GET, "/orders/:NUMBER/invoice.pdf", shop_invoice, .needs = NO_STORE | SLOW },
	{ GET, "/orders/:NUMBER/tickets", shop_tickets_page, .needs = NO_STORE },
	{ GET, "/orders/:NUMBER/tickets.pdf", shop_tickets_pdf, .needs = NO_STORE | SLOW }, /* one is set at a time */
	{ GET, "/terms", shop_terms_page, .needs = 0 },
	{ GET, "/follow", shop_follow_page, .needs = NO_STORE },
	{ POST, "/follow", shop_follow, .needs = CSRF | NO_STORE, .limit = LIMIT_FOLLOW },
	{ GET, "/account/orders", shop_orders_page, .needs = BUYER | NO_STORE },
	{ GET, "/look/:ACCENT.css", shop_look, .needs = 0 },
	{ GET, "/pictures/:DIGEST.jpg", shop_picture, .needs = 0 },
	{ GET, "/logo/:DIGEST.png", shop_logo, .needs = 0 },
	{ GET, "/signin", shop_signin_page, .needs = 0 },
	{ POST, "/signin", shop_signin, .needs = CSRF | NO_STORE }, /* accounts/signin counts by itself */
	{ POST, "/signout", shop_signout, .needs = CSRF },
	{ GET, "/register", shop_register_page, .needs = 0 },
	{ POST, "/register", shop_register, .needs = CSRF | NO_STORE, .limit = LIMIT_REGISTER },
	{ GET, "/confirm-email", shop_confirm_page, .needs = NO_STORE },
	{ POST, "/confirm-email", shop_confirm, .needs = CSRF | NO_STORE, .limit = LIMIT_RESET },
	{ GET, "/forgot-password", shop_forgot_page, .needs = 0 },
	{ POST, "/forgot-password", shop_forgot, .needs = CSRF, .limit = LIMIT_RECOVERY },
	{ GET, "/reset-password", shop_reset_page, .needs = NO_STORE },
	{ POST, "/reset-password", shop_reset, .needs = CSRF | NO_STORE, .limit = LIMIT_RESET },
	{ GET, "/account", shop_account_page, .needs = BUYER | NO_STORE },
	{ GET, "/account/profile", shop_profile_page, .needs = BUYER | NO_STORE },
	{ POST, "/account/profile", shop_profile, .needs = BUYER | CSRF | NO_STORE },
	{ GET, "/account/password", shop_password_page, .needs = BUYER | NO_STORE },
	{ POST, "/account/password", shop_password, .needs = BUYER | CSRF | NO_STORE, .limit = LIMIT_PASSWORD },
	{ GET, "/account/email", shop_email_page, .needs = BUYER | NO_STORE },
	{ POST, "/account/email", shop_email, .needs = BUYER | CSRF | NO_STORE, .limit = LIMIT_PASSWORD },
	{ GET, "/change-email", shop_change_email_page, .needs = NO_STORE },
	{ POST, "/change-email", shop_change_email, .needs = CSRF | NO_STORE, .limit = LIMIT_RESET },
	{ GET, "/keep-email", shop_keep_email_page, .needs = NO_STORE },
	{ POST, "/keep-email", shop_keep_email, .needs = CSRF | NO_STORE, .limit = LIMIT_RESET },
	{ GET, "/account/sessions", shop_sessions_page, .needs = BUYER | NO_STORE },
	{ POST, "/account/sessions/end", shop_session_end, .needs = BUYER | CSRF | NO_STORE },
	{ POST, "/account/sessions/end-all", shop_sessions_end, .needs = BUYER | CSRF | NO_STORE },
	{ GET, "/.well-known/change-password", shop_change_password, .needs = 0 },
};
const size_t shop_route_count = COUNT(shop_routes);

/* How often one network may do what costs us or others something; by enum shop_limit. */
static const struct rate_limit limits[] = {
	[LIMIT_RECOVERY] = { "recovery-network", 15 * MINUTE, 30 },
	[LIMIT_REGISTER] = { "register-network", HOUR, 30 },
	[LIMIT_RESET] = { "reset-network", 15 * MINUTE, 60 },
	[LIMIT_BASKET] = { "basket-network", 5 * MINUTE,
		3000 }, /* a school's or an office's hundred people behind one address, in the first minute of a sale */
	[LIMIT_CHECKOUT] = { "checkout-network", 5 * MINUTE, 600 },
	[LIMIT_FOLLOW] = { "follow-network", 15 * MINUTE, 30 },
	[LIMIT_PASSWORD] = { "password-network", 15 * MINUTE, 30 },
};

static const struct cookie session_cookie = { .name = "session", .is_per_site = true, .max_age_seconds = (int)(SESSION_LONGEST / SECOND) };

const struct door *door_of(const struct request *r)
{
	return r->site;
}

const struct visitor *visitor_of(const struct request *r)
{
	return r->visitor;
}

struct shop *shop_of(const struct request *r)
{
	return r->context;
}

struct asker asker_of(struct request *r)
{
	const struct visitor *v = visitor_of(r);
	return (struct asker){
		.shop = door_of(r)->sale.id,
		.network = r->client,
		.agent = request_header(r, "User-Agent"),
		.session = v ? v->session.token_hash : S(""),
	};
}

void wake_background(struct request *r)
{
	shop_of(r)->wake(shop_of(r)->worker);
}

void sign_in_browser(struct request *r, struct str token)
{
	cookie_set(r, &session_cookie, token);
}

void sign_out_browser(struct request *r)
{
	cookie_clear(r, &session_cookie);
}

struct str local_next(struct str next)
{
	return next.len && path_is_local(next) ? next : S("");
}

struct str next_or(struct str next, struct str otherwise)
{
	struct str local = local_next(next);
	return local.len ? local : otherwise;
}

struct response link_of_another_shop(struct request *r, const char *path, int64_t point_of_sale, struct str token)
{
	struct point_of_sale other;
	enum status st = point_of_sale_get(r->db, r->arena, point_of_sale, &other);
	if (st || other.state != SALE_ACTIVE) return error_answer(r, st == OK ? 404 : 503);
	return response_redirect_url(r, str_format(r->arena, "%.*s%s?token=%.*s", STR_ARG(other.public_url), path, STR_ARG(token)));
}

/* ---- the face ---- */

static enum status enter(struct request *r)
{
	const struct doors *doors = shop_of(r)->doors;
	const struct door *d = doors_find(doors, r->host, r->path);
	if (!d) return doors_host(doors, r->host) ? REFUSED : NOT_FOUND;
	r->site = (void *)(uintptr_t)d; /* read-only: struct request has no const for faces that write theirs */
	r->prefix = d->sale.prefix;
	r->origin = d->origin;
	r->site_code = d->sale.code;
	r->languages = d->sale.languages;
	r->language_default = d->sale.house.main_language;
	return OK;
}

static void identify(struct request *r)
{
	struct str token = cookie_get(r, &session_cookie);
	if (token.len == 0 || !r->db) return;
	struct visitor *v = ARENA_NEW(r->arena, struct visitor);
	if (session_find(r->db, r->arena, token, door_of(r)->sale.id, &v->session, &v->account)) return;
	r->visitor = v;
	r->secret = v->session.token_hash;
	r->language = v->account.language;
	if (store_now(r->db) - v->session.seen_at > SESSION_NOTE) shop_of(r)->note_session(shop_of(r)->worker, v->session.token_hash);
}

struct counting {
	struct request *r;
	const struct rate_limit *limit;
	bool is_over;
	int wait;
};

static enum status count(struct conn *db, void *arg)
{
	struct counting *x = arg;
	enum status st = rate_count(db, x->r->arena, x->limit, x->r->client, &x->wait);
	x->is_over = st == REFUSED;
	return st == REFUSED ? OK : st; /* the count stays */
}

static bool is_within_limit(struct request *r, struct response *instead)
{
	struct counting x = { .r = r, .limit = &limits[r->route->limit] };
	if (store_write(r->db, count, &x)) {
		*instead = error_answer(r, 503);
		return false;
	}
	if (!x.is_over) return true;
	*instead = error_answer(r, 429);
	response_retry_after(r, instead, x.wait);
	return false;
}

static bool may(struct request *r, struct response *instead)
{
	if (door_of(r)->sale.state != SALE_ACTIVE) {
		*instead = error_answer_with(r, 503, MSG_SHOP_SUSPENDED, NULL);
		return false;
	}
	if ((r->route->needs & BUYER) && !r->visitor) {
		struct shop_page p = shop_page(r, MSG_SIGN_IN, TAB_SIGNIN);
		*instead = response_redirect(r, 303, shop_link_with(&p, "/signin", "next", r->method == GET ? r->path : S("/account")).text);
		return false;
	}
	return true;
}

static struct response error_page(struct request *r, int status, enum message m, const struct problem *why)
{
	(void)why; /* the message says it; findings belong to forms */
	struct shop_page p = shop_page(r, m == MSG_ERROR_NOT_FOUND ? MSG_ERROR_TITLE_NOT_FOUND : MSG_ERROR_TITLE, TAB_NONE);
	p.is_narrow = true;
	p.is_error = true;
	struct render out = shop_render(r);
	tpl_shop_error(&out, &(const struct tpl_shop_error){ .page = &p, .status = status, .message = m, .id = r->id });
	return shop_answer(r, status, &out);
}

struct face shop_face(struct shop *shop)
{
	return (struct face){
		.name = "shop",
		.routes = shop_routes,
		.count = shop_route_count,
		.context = shop,
		.enter = enter,
		.identify = identify,
		.may = may,
		.is_within_limit = is_within_limit,
		.error_page = error_page,
	};
}
