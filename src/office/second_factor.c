/* office/second_factor.c: the code after the password, and setting it up. */
#include "formats/symbol.h"
#include "institution/factor.h"
#include "office/factor.html.h"
#include "office/factor_codes.html.h"
#include "office/factor_setup.html.h"
#include "office/office.h"
#include "web/csrf.h"

#define CODE_BYTES 64 /* a recovery code with its blanks has 14 */

static const struct form_field pass_fields[] = {
	{ "code", .max_bytes = CODE_BYTES, .is_secret = true, .is_required = true },
	{ "next", .max_bytes = OFFICE_NEXT_BYTES },
};

/* ---- signing in ---- */

static struct response pass_answer(struct request *r, int status, struct str next, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_FACTOR_TITLE, OFFICE_TAB_NONE);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_factor(
		&out, &(const struct tpl_office_factor){
				  .page = &p, .csrf = csrf_token(r, "/second-factor"), .csrf_signout = csrf_token(r, "/signout"), .next = next, .why = why });
	return office_answer(r, status, &out);
}

struct response office_factor_page(struct request *r)
{
	struct str next = office_local_next(request_query(r, "next"));
	if (staff_of(r)) return office_redirect(r, next.len ? next : S("/"));
	return pass_answer(r, 200, next, NULL);
}

struct response office_factor(struct request *r)
{
	const struct staff *half = r->visitor;
	struct form f = form_read(r, pass_fields, COUNT(pass_fields));
	struct str next = office_local_next(form_text(&f, "next")), token;
	struct operator_asker from = office_asker(r);
	int wait = 0;
	if (staff_of(r)) return office_redirect(r, next.len ? next : S("/")); /* the second of two clicks */
	if (problem_any(&f.why)) return pass_answer(r, 422, next, &f.why);
	enum status st = factor_pass(r->db, r->arena, office_of(r)->factor_secret, &half->person, form_text(&f, "code"), &from, &token, &wait);
	if (st == OK) {
		office_sign_in_browser(r, token);
		return office_redirect(r, next.len ? next : S("/"));
	}
	if (st != REFUSED) return error_answer(r, 503);
	if (!wait) {
		problem_add(&f.why, "code", MSG_FACTOR_WRONG);
		return pass_answer(r, 422, next, &f.why);
	}
	problem_add(&f.why, "", MSG_SIGNIN_LIMITED, arg_int("n", (wait + 59) / 60));
	struct response answer = pass_answer(r, 429, next, &f.why);
	response_retry_after(r, &answer, wait);
	return answer;
}

/* ---- setting up ---- */

static struct response setup_answer(struct request *r, int status, const struct problem *why)
{
	struct factor_setup setup = { 0 };
	enum status st = factor_setup(r->db, r->arena, office_of(r)->factor_secret, &staff_of(r)->person, staff_of(r)->person.institution_name, &setup);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_FACTOR_TITLE, OFFICE_TAB_NONE);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_factor_setup(&out, &(const struct tpl_office_factor_setup){
									  .page = &p,
									  .csrf_begin = csrf_token(r, "/me/second-factor/begin"),
									  .csrf = csrf_token(r, "/me/second-factor"),
									  .typed = setup.typed,
									  .is_demanded = !office_of(r)->is_demo && actor_may(actor_of(r), RIGHT_OPERATOR_WRITE),
									  .why = why,
								  });
	return office_answer(r, status, &out);
}

struct response office_factor_setup_page(struct request *r)
{
	if (staff_of(r)->person.has_factor) return office_redirect(r, S("/me"));
	return setup_answer(r, 200, NULL);
}

struct beginning {
	struct request *r;
};

static enum status begin(struct conn *db, void *arg)
{
	struct request *r = ((struct beginning *)arg)->r;
	return factor_begin(db, r->arena, office_of(r)->factor_secret, staff_of(r)->person.id);
}

struct response office_factor_begin(struct request *r)
{
	enum status st = store_write(r->db, begin, &(struct beginning){ r });
	if (st && st != REFUSED) return error_answer(r, 503); /* refused: one is in force, which the page says */
	return office_redirect(r, S("/me/second-factor"));
}

static struct str svg_of(struct arena *a, struct str text)
{
	struct symbol symbol;
	if (!symbol_make(a, text, SYMBOL_M, &symbol)) return S("");
	unsigned size = symbol.side + 2 * SYMBOL_QUIET;
	struct str path = symbol_path(a, &symbol);
	return str_format(a,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
		"<path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path d=\"%.*s\"/></svg>\n",
		size, size, size, size, STR_ARG(path));
}

struct response office_factor_picture(struct request *r)
{
	struct factor_setup setup;
	enum status st = factor_setup(r->db, r->arena, office_of(r)->factor_secret, &staff_of(r)->person, staff_of(r)->person.institution_name, &setup);
	struct str svg = st ? S("") : svg_of(r->arena, setup.address);
	return svg.len ? response_bytes(r, 200, "image/svg+xml", svg) : error_answer(r, st && st != NOT_FOUND ? 503 : 404);
}

static const struct form_field confirm_fields[] = { { "code", .max_bytes = CODE_BYTES, .is_secret = true, .is_required = true } };

struct response office_factor_confirm(struct request *r)
{
	struct form f = form_read(r, confirm_fields, COUNT(confirm_fields));
	struct str codes[FACTOR_RECOVERY_CODES];
	struct operator_asker from = office_asker(r);
	if (problem_any(&f.why)) return setup_answer(r, 422, &f.why);
	enum status st = factor_confirm(r->db, r->arena, office_of(r)->factor_secret, &staff_of(r)->person, form_text(&f, "code"), &from, codes);
	if (st == NOT_FOUND) return office_redirect(r, S("/me/second-factor"));
	if (st == REFUSED) {
		problem_add(&f.why, "code", MSG_FACTOR_WRONG);
		return setup_answer(r, 422, &f.why);
	}
	if (st) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_FACTOR_TITLE, OFFICE_TAB_NONE);
	struct render out = office_render(r);
	tpl_office_factor_codes(&out, &(const struct tpl_office_factor_codes){ .page = &p, .codes = codes });
	return office_answer(r, 200, &out); /* shown this once, so there is no place to send the browser to */
}
