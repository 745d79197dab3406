/* office/signin.c: signing in and out. */
#include "institution/first_run.h"
#include "institution/institution.h"
#include "office/office.h"
#include "office/signin.html.h"
#include "web/csrf.h"
#include "web/path.h"

static const struct form_field signin_fields[] = {
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "password", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "next", .max_bytes = OFFICE_NEXT_BYTES },
};

struct str office_local_next(struct str next)
{
	return next.len && path_is_local(next) ? next : S("");
}

struct str office_with_next(struct request *r, const char *path, struct str next)
{
	if (!next.len) return str_of(path);
	return str_format(r->arena, "%s?next=%.*s", path, STR_ARG(percent_encode(r->arena, next)));
}

static struct response signin_answer(struct request *r, int status, struct str email, struct str next, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_SIGN_IN, OFFICE_TAB_NONE);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_signin(&out, &(const struct tpl_office_signin){ .page = &p,
								.csrf = csrf_token(r, "/signin"),
								.next = next,
								.email = email,
								.shop = url_of(office_door(r) ? office_door(r)->sale.public_url : S("")),
								.done = office_done(&p),
								.why = why });
	return office_answer(r, status, &out);
}

struct response office_signin_page(struct request *r)
{
	struct str next = office_local_next(request_query(r, "next"));
	bool is_fresh = false;
	if (staff_of(r)) return office_redirect(r, next.len ? next : S("/"));
	if (r->db && !setup_is_fresh(r->db, &is_fresh) && is_fresh) return office_redirect(r, S("/setup"));
	return signin_answer(r, 200, S(""), next, NULL);
}

static struct response limited(struct request *r, struct form *f, struct str next, int wait)
{
	problem_add(&f->why, "", MSG_SIGNIN_LIMITED, arg_int("n", (wait + 59) / 60));
	struct response answer = signin_answer(r, 429, form_shown(f, "email"), next, &f->why);
	response_retry_after(r, &answer, wait);
	return answer;
}

struct response office_signin(struct request *r)
{
	struct form f = form_read(r, signin_fields, COUNT(signin_fields));
	struct str next = office_local_next(form_text(&f, "next")), token;
	struct operator_asker from = office_asker(r);
	int64_t institution = 0; /* of no operator: a fresh installation answers like a wrong password */
	int wait = 0;
	bool needs_factor = false;
	if (problem_any(&f.why)) return signin_answer(r, 422, form_shown(&f, "email"), next, &f.why);
	enum status st = institution_first(r->db, &institution);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	switch (operator_signin(
		r->db, r->arena, office_of(r)->hasher, institution, form_text(&f, "email"), form_text(&f, "password"), &from, &token, &needs_factor, &wait)) {
	case OPERATOR_SIGNIN_DONE:
		office_sign_in_browser(r, token);
		return office_redirect(r, needs_factor ? office_with_next(r, "/second-factor", next) : next.len ? next : S("/"));
	case OPERATOR_SIGNIN_WRONG: problem_add(&f.why, "email", MSG_SIGNIN_WRONG); return signin_answer(r, 422, form_shown(&f, "email"), next, &f.why);
	case OPERATOR_SIGNIN_LIMITED: return limited(r, &f, next, wait);
	default: return error_answer(r, 503);
	}
}

static enum status end(struct conn *db, void *arg)
{
	const struct staff *s = arg;
	return operator_session_end(db, s->session.token_hash);
}

struct response office_signout(struct request *r)
{
	if (r->visitor && store_write(r->db, end, r->visitor)) return error_answer(r, 503);
	office_sign_out_browser(r);
	return office_redirect(r, S("/signin?done=signed-out"));
}
