/* shop/register.c: making an account, and confirming its address. */
#include "accounts/registration.h"

#include "shop/confirm.html.h"
#include "shop/register.html.h"
#include "shop/registered.html.h"
#include "shop/shop.h"
#include "web/cookie.h"
#include "web/csrf.h"

/* The browser that registered need not type the password again when it opens the link. */
static const struct cookie browser_cookie = {
	.name = "registered", .path = "/confirm-email", .is_per_site = true, .max_age_seconds = (int)(UNCONFIRMED_LIFE / SECOND)
};
static const struct cookie link_cookie = { .name = "link", .path = "/confirm-email", .is_per_site = true, .max_age_seconds = LINK_COOKIE_SECONDS };

static const struct form_field register_fields[] = {
	{ "first_name", .max = 200 }, /* accounts says how long a name may be, with words of its own */
	{ "last_name", .max = 200 },
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "password", .max_bytes = PASSWORD_BYTES, .is_secret = true },
	{ "password_again", .max_bytes = PASSWORD_BYTES, .is_secret = true },
	{ "next", .max_bytes = NEXT_BYTES },
};

static const struct form_field confirm_fields[] = {
	{ "password", .max_bytes = PASSWORD_BYTES, .is_secret = true },
};

static struct response register_answer(struct request *r, int status, const struct form *f, struct str next, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_MAKE_AN_ACCOUNT, TAB_SIGNIN);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_register(&out, &(const struct tpl_shop_register){
								.page = &p,
								.csrf = csrf_token(r, "/register"),
								.next = next,
								.first_name = f ? form_shown(f, "first_name") : S(""),
								.last_name = f ? form_shown(f, "last_name") : S(""),
								.email = f ? form_shown(f, "email") : S(""),
								.why = why,
							});
	return shop_answer(r, status, &out);
}

static struct response registered_page(struct request *r)
{
	struct shop_page p = shop_page(r, MSG_CHECK_YOUR_MAIL, TAB_SIGNIN);
	p.is_narrow = true;
	struct render out = shop_render(r);
	tpl_shop_registered(&out, &(const struct tpl_shop_registered){ .page = &p });
	return shop_answer(r, 200, &out);
}

struct response shop_register_page(struct request *r)
{
	if (request_has_query(r, "sent")) return registered_page(r);
	if (visitor_of(r)) return shop_redirect(r, S("/account"));
	return register_answer(r, 200, NULL, local_next(request_query(r, "next")), NULL);
}

struct response shop_register(struct request *r)
{
	struct form f = form_read(r, register_fields, COUNT(register_fields));
	const struct registration asked = {
		.first_name = form_text(&f, "first_name"),
		.last_name = form_text(&f, "last_name"),
		.email = form_text(&f, "email"),
		.password = form_text(&f, "password"),
		.password_again = form_text(&f, "password_again"),
		.language = r->language,
		.next = local_next(form_text(&f, "next")),
	};
	struct asker from = asker_of(r);
	struct str browser;
	if (problem_any(&f.why)) return register_answer(r, 422, &f, asked.next, &f.why);
	enum status st = registration_ask(r->db, r->arena, shop_of(r)->hasher, door_of(r)->sale.house.name, &asked, &from, &browser, &f.why);
	if (st == REFUSED) return register_answer(r, 422, &f, asked.next, &f.why);
	if (st) return error_answer(r, 503);
	cookie_set(r, &browser_cookie, browser);
	wake_background(r);
	return shop_redirect(r, S("/register?sent=1"));
}

/* ---- confirming ---- */

static struct response confirm_answer(struct request *r, int status, const struct recovery_view *view, bool needs_password, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_CONFIRM_TITLE, TAB_SIGNIN);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_confirm(&out, &(const struct tpl_shop_confirm){
							   .page = &p,
							   .csrf = csrf_token(r, "/confirm-email"),
							   .email_masked = view->email_masked,
							   .email = view->email,
							   .needs_password = needs_password,
							   .why = why,
						   });
	return shop_answer(r, status, &out);
}

static struct response open_link(struct request *r)
{
	struct str token = str_trim(request_query(r, "token"));
	struct recovery_view view;
	bool needs_password;
	if (token.len > LINK_TOKEN_MAX) return shop_dead_link_page(r, RECOVERY_UNKNOWN, NULL);
	enum recovery_outcome outcome = registration_look(r->db, r->arena, shop_of(r)->links, token, S(""), &view, &needs_password);
	if (outcome == RECOVERY_UNKNOWN || outcome == RECOVERY_TRY_AGAIN) return shop_dead_link_page(r, outcome, NULL);
	if (view.point_of_sale && view.point_of_sale != door_of(r)->sale.id) return link_of_another_shop(r, "/confirm-email", view.point_of_sale, token);
	cookie_set(r, &link_cookie, token);
	return shop_redirect(r, S("/confirm-email"));
}

/* A confirmation's dead link: whose address is confirmed by now signs in; else the account vanished or is to be made again. */
static struct response dead(struct request *r, enum recovery_outcome outcome, const struct recovery_view *view)
{
	if (outcome != RECOVERY_TRY_AGAIN) cookie_clear(r, &link_cookie);
	if (outcome == RECOVERY_USED) return shop_redirect(r, S("/signin?done=confirmed-before"));
	return shop_dead_link_page(r, outcome, view);
}

struct response shop_confirm_page(struct request *r)
{
	if (request_has_query(r, "token")) return open_link(r);
	struct str token = cookie_get(r, &link_cookie);
	struct recovery_view view;
	bool needs_password;
	if (token.len == 0) return shop_dead_link_page(r, RECOVERY_UNKNOWN, NULL);
	enum recovery_outcome outcome =
		registration_look(r->db, r->arena, shop_of(r)->links, token, cookie_get(r, &browser_cookie), &view, &needs_password);
	if (outcome != RECOVERY_DONE) return dead(r, outcome, &view);
	return confirm_answer(r, 200, &view, needs_password, NULL);
}

struct response shop_confirm(struct request *r)
{
	struct form f = form_read(r, confirm_fields, COUNT(confirm_fields));
	struct str token = cookie_get(r, &link_cookie), session;
	struct recovery_view view;
	struct asker from = asker_of(r);
	if (token.len == 0) return shop_dead_link_page(r, RECOVERY_UNKNOWN, NULL);
	enum recovery_outcome outcome = registration_confirm(r->db, r->arena, shop_of(r)->links, shop_of(r)->hasher, token,
		cookie_get(r, &browser_cookie), form_text(&f, "password"), &from, &view, &session, &f.why);
	if (outcome == RECOVERY_REFUSED) return confirm_answer(r, 422, &view, true, &f.why);
	if (outcome != RECOVERY_DONE) return dead(r, outcome, &view);
	cookie_clear(r, &link_cookie);
	cookie_clear(r, &browser_cookie);
	sign_in_browser(r, session);
	return shop_redirect(r, next_or(view.next, S("/account?done=confirmed")));
}
