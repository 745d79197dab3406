/* office/recovery.c: an operator's password by mail: asking for the link, opening it, setting a new one. It ends at the sign-in. */
#include <sodium.h>

#include "accounts/staff.h"
#include "institution/institution.h"
#include "office/forgot.html.h"
#include "office/office.h"
#include "office/staff_reset.html.h"
#include "web/cookie.h"
#include "web/csrf.h"

#define LINK_COOKIE_SECONDS (30 * 60) /* design.md 6 */
#define TOKEN_MAX			512		  /* bytes of a token looked at; a link has LINK_TEXT_SIZE */

/* The link while its form is open: out of the address bar, only on its own page. */
static const struct cookie link_cookie = { .name = "office-link", .path = "/reset-password", .max_age_seconds = LINK_COOKIE_SECONDS };

static const struct form_field forgot_fields[] = { { "email", .max = EMAIL_MAX, .is_required = true } };

static const struct form_field reset_fields[] = {
	{ "password", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "password_again", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true },
	{ "link", .max_bytes = 64 },
};

/* ---- asking ---- */

struct forgot {
	enum message title;
	struct str email, done, dead;
	const struct problem *why;
};

static struct response forgot_answer(struct request *r, int status, const struct forgot *f)
{
	struct office_page p = office_page(r, f->title, OFFICE_TAB_NONE);
	p.is_error = problem_any(f->why) || f->dead.len;
	struct render out = office_render(r);
	tpl_office_forgot(
		&out, &(const struct tpl_office_forgot){
				  .page = &p, .csrf = csrf_token(r, "/forgot-password"), .email = f->email, .done = f->done, .dead = f->dead, .why = f->why });
	return office_answer(r, status, &out);
}

struct response office_forgot_page(struct request *r)
{
	struct forgot f = { .title = MSG_FORGOT_TITLE };
	if (request_has_query(r, "sent")) f.done = lang_text(r->arena, r->language, MSG_FORGOT_DONE, NULL);
	return forgot_answer(r, 200, &f);
}

struct response office_forgot(struct request *r)
{
	struct form f = form_read(r, forgot_fields, COUNT(forgot_fields));
	struct str key;
	int64_t institution;
	if (!problem_any(&f.why) && !email_key(r->arena, form_text(&f, "email"), &key)) problem_add(&f.why, "email", MSG_EMAIL_NOT_ONE_ADDRESS);
	if (problem_any(&f.why)) {
		struct forgot again = { .title = MSG_FORGOT_TITLE, .email = form_shown(&f, "email"), .why = &f.why };
		return forgot_answer(r, 422, &again);
	}
	enum status st = institution_first(r->db, &institution);
	if (st == OK) st = staff_recovery_ask(r->db, institution, form_text(&f, "email"), r->client);
	if (st && st != NOT_FOUND) return error_answer(r, 503); /* a house that is not there yet has no operators */
	office_wake(r);
	return office_redirect(r, S("/forgot-password?sent=1"));
}

/* ---- links that no longer work ---- */

static struct response dead_link_page(struct request *r, enum recovery_outcome outcome)
{
	struct forgot f = { 0 };
	int status = 410;
	enum message said;
	switch (outcome) {
	case RECOVERY_USED: f.title = MSG_LINK_USED_TITLE, said = MSG_LINK_USED; break;
	case RECOVERY_SUPERSEDED: f.title = MSG_LINK_SUPERSEDED_TITLE, said = MSG_LINK_SUPERSEDED; break;
	case RECOVERY_EXPIRED: f.title = MSG_LINK_EXPIRED_TITLE, said = MSG_LINK_EXPIRED; break;
	case RECOVERY_UNKNOWN: f.title = MSG_LINK_UNKNOWN_TITLE, said = MSG_LINK_UNKNOWN, status = 404; break;
	default: return error_answer(r, 503);
	}
	f.dead = lang_text(r->arena, r->language, said, (const struct arg[]){ arg_int("n", office_link_hours(r)), { .kind = ARG_END } });
	return forgot_answer(r, status, &f);
}

static struct response open_again_page(struct request *r)
{
	struct forgot f = { .title = MSG_RESET_PASSWORD_TITLE, .dead = lang_text(r->arena, r->language, MSG_LINK_OPEN_AGAIN, NULL) };
	return forgot_answer(r, 404, &f);
}

/* ---- opening and redeeming ---- */

/* What the form carries to show that it was opened with the link in the cookie, so that two tabs cannot mix (recovery-cases 55). */
static struct str link_mark(struct request *r, struct str token)
{
	unsigned char *mark = arena_alloc(r->arena, 16);
	const struct office *office = office_of(r);
	crypto_generichash(mark, 16, (const unsigned char *)token.at, token.len, office->link_secret, sizeof office->link_secret);
	return str_base64url(r->arena, (struct str){ (const char *)mark, 16 });
}

static struct response reset_answer(struct request *r, int status, struct str token, const struct staff_view *view, const struct problem *why)
{
	struct office_page p = office_page(r, view->is_invitation ? MSG_OFFICE_SET_PASSWORD_TITLE : MSG_RESET_PASSWORD_TITLE, OFFICE_TAB_NONE);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_staff_reset(&out, &(const struct tpl_office_staff_reset){
									 .page = &p, .csrf = csrf_token(r, "/reset-password"), .link = link_mark(r, token), .view = view, .why = why });
	return office_answer(r, status, &out);
}

/* "?token=…": nothing is used up; the link moves from the address bar into a cookie. */
static struct response open_link(struct request *r)
{
	struct str token = str_trim(request_query(r, "token"));
	struct staff_view view;
	if (token.len > TOKEN_MAX) return dead_link_page(r, RECOVERY_UNKNOWN);
	enum recovery_outcome outcome = staff_look(r->db, r->arena, office_of(r)->links, token, &view);
	if (outcome == RECOVERY_UNKNOWN || outcome == RECOVERY_TRY_AGAIN) return dead_link_page(r, outcome);
	cookie_set(r, &link_cookie, token);
	return office_redirect(r, S("/reset-password"));
}

struct response office_staff_reset_page(struct request *r)
{
	if (request_has_query(r, "token")) return open_link(r);
	struct str token = cookie_get(r, &link_cookie);
	struct staff_view view;
	if (token.len == 0) return open_again_page(r);
	enum recovery_outcome outcome = staff_look(r->db, r->arena, office_of(r)->links, token, &view);
	if (outcome == RECOVERY_DONE) return reset_answer(r, 200, token, &view, NULL);
	if (outcome != RECOVERY_TRY_AGAIN) cookie_clear(r, &link_cookie);
	return dead_link_page(r, outcome);
}

struct response office_staff_reset(struct request *r)
{
	struct form f = form_read(r, reset_fields, COUNT(reset_fields));
	struct str token = cookie_get(r, &link_cookie);
	struct staff_view view;
	if (token.len == 0) return open_again_page(r);
	if (!str_eq_secret(form_text(&f, "link"), link_mark(r, token))) return error_answer_with(r, 409, MSG_LINK_ANOTHER_OPENED, NULL);
	if (!str_eq(form_text(&f, "password"), form_text(&f, "password_again"))) problem_add(&f.why, "password_again", MSG_PASSWORDS_DIFFER);
	enum recovery_outcome outcome =
		staff_redeem(r->db, r->arena, office_of(r)->links, office_of(r)->hasher, token, form_text(&f, "password"), r->client, &view, &f.why);
	switch (outcome) {
	case RECOVERY_DONE:
		cookie_clear(r, &link_cookie);
		office_sign_out_browser(r); /* its session ended with all others, whosever it was */
		office_wake(r);
		return office_redirect(r, S("/signin?done=password-changed"));
	case RECOVERY_REFUSED: return reset_answer(r, 422, token, &view, &f.why);
	case RECOVERY_TRY_AGAIN: return error_answer(r, 503);
	default: cookie_clear(r, &link_cookie); return dead_link_page(r, outcome);
	}
}
