/* shop/recovery.c: a forgotten password: asking for the mail, opening its link, setting a new one. */
#include <sodium.h>

#include "shop/forgot.html.h"
#include "shop/reset.html.h"
#include "shop/shop.h"
#include "web/cookie.h"
#include "web/csrf.h"
#include "web/path.h"

/* The link while its form is open: out of the address bar, only on its own page. */
static const struct cookie link_cookie = { .name = "link", .path = "/reset-password", .is_per_site = true, .max_age_seconds = LINK_COOKIE_SECONDS };

static const struct form_field forgot_fields[] = {
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "next", .max_bytes = NEXT_BYTES },
};

static const struct form_field reset_fields[] = {
	{ "password", .max_bytes = PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "password_again", .max_bytes = PASSWORD_BYTES, .is_secret = true },
	{ "link", .max_bytes = 64 },
};

/* ---- asking ---- */

struct forgot {
	enum message title;
	struct str email, next, done, dead;
	const struct problem *why;
};

static struct response forgot_answer(struct request *r, int status, const struct forgot *f)
{
	struct shop_page p = shop_page(r, f->title, TAB_SIGNIN);
	p.is_narrow = true;
	p.is_error = problem_any(f->why) || f->dead.len;
	struct render out = shop_render(r);
	tpl_shop_forgot(&out, &(const struct tpl_shop_forgot){ .page = &p,
							  .csrf = csrf_token(r, "/forgot-password"),
							  .next = f->next,
							  .email = f->email,
							  .done = f->done,
							  .dead = f->dead,
							  .why = f->why });
	return shop_answer(r, status, &out);
}

struct response shop_forgot_page(struct request *r)
{
	struct forgot f = { .title = MSG_FORGOT_TITLE, .next = local_next(request_query(r, "next")) };
	if (request_has_query(r, "sent")) f.done = lang_text(r->arena, r->language, MSG_FORGOT_DONE, NULL);
	return forgot_answer(r, 200, &f);
}

struct response shop_forgot(struct request *r)
{
	struct form f = form_read(r, forgot_fields, COUNT(forgot_fields));
	struct str next = local_next(form_text(&f, "next"));
	struct str key;
	if (!problem_any(&f.why) && !email_key(r->arena, form_text(&f, "email"), &key)) problem_add(&f.why, "email", MSG_EMAIL_NOT_ONE_ADDRESS);
	if (problem_any(&f.why)) {
		struct forgot again = { .title = MSG_FORGOT_TITLE, .email = form_shown(&f, "email"), .next = next, .why = &f.why };
		return forgot_answer(r, 422, &again);
	}
	if (recovery_ask(r->db, door_of(r)->sale.id, form_text(&f, "email"), r->language, next, r->client)) return error_answer(r, 503);
	wake_background(r);
	return shop_redirect(r,
		next.len ? str_format(r->arena, "/forgot-password?sent=1&next=%.*s", STR_ARG(percent_encode(r->arena, next))) : S("/forgot-password?sent=1"));
}

/* ---- links that no longer work ---- */

struct response shop_dead_link_page(struct request *r, enum recovery_outcome outcome, const struct recovery_view *view)
{
	struct forgot f = { .next = view ? view->next : S("") };
	int status = 410;
	enum message said;
	switch (outcome) {
	case RECOVERY_USED: f.title = MSG_LINK_USED_TITLE, said = MSG_LINK_USED; break;
	case RECOVERY_SUPERSEDED: f.title = MSG_LINK_SUPERSEDED_TITLE, said = MSG_LINK_SUPERSEDED; break;
	case RECOVERY_EXPIRED: f.title = MSG_LINK_EXPIRED_TITLE, said = MSG_LINK_EXPIRED; break;
	case RECOVERY_UNKNOWN: f.title = MSG_LINK_UNKNOWN_TITLE, said = MSG_LINK_UNKNOWN, status = 404; break;
	default: return error_answer(r, 503);
	}
	f.dead = lang_text(r->arena, r->language, said, (const struct arg[]){ arg_int("n", door_of(r)->sale.house.link_hours), { .kind = ARG_END } });
	return forgot_answer(r, status, &f);
}

static struct response open_again_page(struct request *r)
{
	struct forgot f = { .title = MSG_RESET_PASSWORD_TITLE, .dead = lang_text(r->arena, r->language, MSG_LINK_OPEN_AGAIN, NULL) };
	return forgot_answer(r, 404, &f);
}

/* ---- opening and redeeming ---- */

struct str shop_link_mark(struct request *r, struct str token)
{
	unsigned char *mark = arena_alloc(r->arena, 16);
	const struct shop *shop = shop_of(r);
	crypto_generichash(mark, 16, (const unsigned char *)token.at, token.len, shop->link_secret, sizeof shop->link_secret);
	return str_base64url(r->arena, (struct str){ (const char *)mark, 16 });
}

static struct response reset_answer(struct request *r, int status, struct str token, const struct recovery_view *view, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_RESET_PASSWORD_TITLE, TAB_SIGNIN);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_reset(&out, &(const struct tpl_shop_reset){
							 .page = &p, .csrf = csrf_token(r, "/reset-password"), .link = shop_link_mark(r, token), .view = view, .why = why });
	return shop_answer(r, status, &out);
}

/* "?token=…": nothing is used up; the link moves from the address bar into a cookie. One of another shop goes to its own. */
static struct response open_link(struct request *r)
{
	struct str token = str_trim(request_query(r, "token"));
	struct recovery_view view;
	if (token.len > LINK_TOKEN_MAX) return shop_dead_link_page(r, RECOVERY_UNKNOWN, NULL);
	enum recovery_outcome outcome = recovery_look(r->db, r->arena, shop_of(r)->links, token, &view);
	if (outcome == RECOVERY_UNKNOWN || outcome == RECOVERY_TRY_AGAIN) return shop_dead_link_page(r, outcome, NULL);
	if (view.point_of_sale && view.point_of_sale != door_of(r)->sale.id) return link_of_another_shop(r, "/reset-password", view.point_of_sale, token);
	cookie_set(r, &link_cookie, token);
	return shop_redirect(r, S("/reset-password"));
}

struct response shop_reset_page(struct request *r)
{
	if (request_has_query(r, "token")) return open_link(r);
	struct str token = cookie_get(r, &link_cookie);
	struct recovery_view view;
	if (token.len == 0) return open_again_page(r);
	enum recovery_outcome outcome = recovery_look(r->db, r->arena, shop_of(r)->links, token, &view);
	if (outcome == RECOVERY_DONE) return reset_answer(r, 200, token, &view, NULL);
	if (outcome != RECOVERY_TRY_AGAIN) cookie_clear(r, &link_cookie);
	return shop_dead_link_page(r, outcome, &view);
}

struct response shop_reset(struct request *r)
{
	struct form f = form_read(r, reset_fields, COUNT(reset_fields));
	struct str token = cookie_get(r, &link_cookie), session;
	if (token.len == 0) return open_again_page(r);
	if (!str_eq_secret(form_text(&f, "link"), shop_link_mark(r, token))) return error_answer_with(r, 409, MSG_LINK_ANOTHER_OPENED, NULL);
	if (!str_eq(form_text(&f, "password"), form_text(&f, "password_again"))) problem_add(&f.why, "password_again", MSG_PASSWORDS_DIFFER);
	struct asker from = asker_of(r);
	struct recovery_view view;
	enum recovery_outcome outcome =
		recovery_redeem(r->db, r->arena, shop_of(r)->links, shop_of(r)->hasher, token, form_text(&f, "password"), &from, &view, &session, &f.why);
	switch (outcome) {
	case RECOVERY_DONE:
		cookie_clear(r, &link_cookie);
		sign_in_browser(r, session);
		wake_background(r);
		return shop_redirect(r, next_or(view.next, S("/account?done=password-changed")));
	case RECOVERY_REFUSED: return reset_answer(r, 422, token, &view, &f.why);
	case RECOVERY_TRY_AGAIN: return error_answer(r, 503);
	default: cookie_clear(r, &link_cookie); return shop_dead_link_page(r, outcome, &view);
	}
}
