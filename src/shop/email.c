/* shop/email.c: another address for one's account: asking, and the two links that it makes: confirm the new one, keep the old one. */
#include "accounts/email_change.h"

#include "shop/email.html.h"
#include "shop/email_link.html.h"
#include "shop/shop.h"
#include "web/cookie.h"
#include "web/csrf.h"

static const struct form_field email_fields[] = {
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "old_password", .max_bytes = PASSWORD_BYTES, .is_secret = true, .is_required = true },
};

static struct response email_answer(struct request *r, int status, struct str typed, const struct problem *why)
{
	struct email_change waiting = { 0 };
	enum status st = email_change_waiting(r->db, r->arena, visitor_of(r)->account.id, &waiting);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	struct shop_page p = shop_page(r, MSG_EMAIL_CHANGE_TITLE, TAB_ACCOUNT);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_email(&out, &(const struct tpl_shop_email){ .page = &p,
							 .csrf = csrf_token(r, "/account/email"),
							 .email = typed,
							 .waiting = waiting.email,
							 .done = request_has_query(r, "sent") ? lang_text(r->arena, r->language, MSG_EMAIL_CHANGE_SENT, NULL) : S(""),
							 .why = why });
	return shop_answer(r, status, &out);
}

struct response shop_email_page(struct request *r)
{
	return email_answer(r, 200, S(""), NULL);
}

struct response shop_email(struct request *r)
{
	struct form f = form_read(r, email_fields, COUNT(email_fields));
	struct asker from = asker_of(r);
	if (problem_any(&f.why)) return email_answer(r, 422, form_shown(&f, "email"), &f.why);
	enum status st = email_change_ask(
		r->db, r->arena, shop_of(r)->hasher, visitor_of(r)->account.id, form_text(&f, "email"), form_text(&f, "old_password"), &from, &f.why);
	if (st == REFUSED) return email_answer(r, 422, form_shown(&f, "email"), &f.why);
	if (st == NOT_FOUND) return error_answer(r, 409); /* changed or closed meanwhile */
	if (st) return error_answer(r, 503);
	wake_background(r);
	return shop_redirect(r, S("/account/email?sent=1"));
}

/* ---- the links ---- */

/* Both go the same way: look, a button, done. */
struct way {
	enum link_purpose purpose;
	const char *path;
	struct cookie cookie;
	enum message title, text, button, done;
	enum recovery_outcome (*act)(
		struct conn *db, struct arena *a, struct link_keys keys, struct str token, const struct asker *from, struct recovery_view *view);
};

static const struct way ways[] = {
	{ LINK_CHANGE_EMAIL, "/change-email", { "change", "/change-email", true, LINK_COOKIE_SECONDS }, MSG_EMAIL_CHANGE_CONFIRM_TITLE,
		MSG_EMAIL_CHANGE_CONFIRM_TEXT, MSG_EMAIL_CHANGE_CONFIRM, MSG_EMAIL_CHANGE_CONFIRMED, email_change_confirm },
	{ LINK_KEEP_EMAIL, "/keep-email", { "keep", "/keep-email", true, LINK_COOKIE_SECONDS }, MSG_EMAIL_KEEP_TITLE, MSG_EMAIL_KEEP_TEXT, MSG_EMAIL_KEEP,
		MSG_EMAIL_KEPT, email_change_stop },
};
enum { CHANGE, KEEP };

/* STATUS 200 with what was DONE, or with the button (VIEW), or what is wrong with the link. */
static struct response link_answer(
	struct request *r, int status, const struct way *w, const struct recovery_view *view, struct str token, enum message said)
{
	struct shop_page p = shop_page(r, w->title, TAB_SIGNIN);
	p.is_narrow = true;
	p.is_error = status >= 400;
	struct render out = shop_render(r);
	tpl_shop_email_link(&out, &(const struct tpl_shop_email_link){
								  .page = &p,
								  .path = w->path,
								  .csrf = view ? csrf_token(r, w->path) : S(""),
								  .link = view ? shop_link_mark(r, token) : S(""),
								  .email = view ? view->email : S(""),
								  .said = said,
								  .button = w->button,
							  });
	return shop_answer(r, status, &out);
}

static struct response dead(struct request *r, const struct way *w, enum recovery_outcome outcome)
{
	if (outcome == RECOVERY_TRY_AGAIN) return error_answer(r, 503);
	cookie_clear(r, &w->cookie);
	if (outcome == RECOVERY_UNKNOWN) return link_answer(r, 404, w, NULL, S(""), MSG_LINK_UNKNOWN);
	if (outcome == RECOVERY_REFUSED) return link_answer(r, 409, w, NULL, S(""), MSG_EMAIL_CHANGE_TAKEN);
	return link_answer(r, 410, w, NULL, S(""), outcome == RECOVERY_USED ? MSG_EMAIL_LINK_USED : MSG_EMAIL_LINK_OVER);
}

static struct response open_link(struct request *r, const struct way *w)
{
	struct str token = str_trim(request_query(r, "token"));
	struct recovery_view view;
	if (token.len > LINK_TOKEN_MAX) return dead(r, w, RECOVERY_UNKNOWN);
	enum recovery_outcome outcome = email_change_look(r->db, r->arena, shop_of(r)->links, w->purpose, token, &view);
	if (outcome == RECOVERY_UNKNOWN || outcome == RECOVERY_TRY_AGAIN) return dead(r, w, outcome);
	if (view.point_of_sale && view.point_of_sale != door_of(r)->sale.id) return link_of_another_shop(r, w->path, view.point_of_sale, token);
	cookie_set(r, &w->cookie, token);
	return shop_redirect(r, str_of(w->path));
}

static struct response link_page(struct request *r, const struct way *w)
{
	if (request_has_query(r, "token")) return open_link(r, w);
	if (request_has_query(r, "done")) return link_answer(r, 200, w, NULL, S(""), w->done);
	struct str token = cookie_get(r, &w->cookie);
	struct recovery_view view;
	if (token.len == 0) return link_answer(r, 404, w, NULL, S(""), MSG_LINK_OPEN_AGAIN);
	enum recovery_outcome outcome = email_change_look(r->db, r->arena, shop_of(r)->links, w->purpose, token, &view);
	if (outcome != RECOVERY_DONE) return dead(r, w, outcome);
	return link_answer(r, 200, w, &view, token, w->text);
}

static const struct form_field link_fields[] = { { "link", .max_bytes = 64 } };

static struct response link_post(struct request *r, const struct way *w)
{
	struct form f = form_read(r, link_fields, COUNT(link_fields));
	struct str token = cookie_get(r, &w->cookie);
	struct asker from = asker_of(r);
	struct recovery_view view;
	if (token.len == 0) return link_answer(r, 404, w, NULL, S(""), MSG_LINK_OPEN_AGAIN);
	if (!str_eq_secret(form_text(&f, "link"), shop_link_mark(r, token))) return error_answer_with(r, 409, MSG_LINK_ANOTHER_OPENED, NULL);
	enum recovery_outcome outcome = w->act(r->db, r->arena, shop_of(r)->links, token, &from, &view);
	if (outcome != RECOVERY_DONE) return dead(r, w, outcome);
	cookie_clear(r, &w->cookie);
	wake_background(r);
	return shop_redirect(r, str_format(r->arena, "%s?done=1", w->path));
}

struct response shop_change_email_page(struct request *r)
{
	return link_page(r, &ways[CHANGE]);
}

struct response shop_change_email(struct request *r)
{
	return link_post(r, &ways[CHANGE]);
}

struct response shop_keep_email_page(struct request *r)
{
	return link_page(r, &ways[KEEP]);
}

struct response shop_keep_email(struct request *r)
{
	return link_post(r, &ways[KEEP]);
}
