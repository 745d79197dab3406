/* shop/signin.c: signing in and out. */
#include "accounts/signin.h"

#include "shop/sale.h"
#include "shop/signin.html.h"
#include "web/cookie.h"
#include "web/csrf.h"
#include "web/path.h"

static const struct form_field signin_fields[] = {
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "password", .max_bytes = PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "next", .max_bytes = NEXT_BYTES },
};

static struct response signin_answer(struct request *r, int status, struct str email, struct str next, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_SIGN_IN, TAB_SIGNIN);
	p.is_narrow = true;
	p.is_error = problem_any(why);
	struct render out = shop_render(r);
	tpl_shop_signin(&out, &(const struct tpl_shop_signin){
							  .page = &p, .csrf = csrf_token(r, "/signin"), .next = next, .email = email, .done = done_message(&p), .why = why });
	return shop_answer(r, status, &out);
}

struct response shop_signin_page(struct request *r)
{
	if (visitor_of(r)) return shop_redirect(r, next_or(request_query(r, "next"), S("/account")));
	return signin_answer(r, 200, S(""), local_next(request_query(r, "next")), NULL);
}

struct response shop_signin(struct request *r)
{
	struct form f = form_read(r, signin_fields, COUNT(signin_fields));
	struct str next = local_next(form_text(&f, "next")), token;
	struct asker from = asker_of(r);
	int wait = 0;
	if (problem_any(&f.why)) return signin_answer(r, 422, form_shown(&f, "email"), next, &f.why);
	switch (signin(
		r->db, r->arena, shop_of(r)->hasher, door_of(r)->sale.institution, form_text(&f, "email"), form_text(&f, "password"), &from, &token, &wait)) {
	case SIGNIN_DONE: sign_in_browser(r, token); return shop_redirect(r, next_or(next, S("/account")));
	case SIGNIN_WRONG: problem_add(&f.why, "email", MSG_SIGNIN_WRONG); return signin_answer(r, 422, form_shown(&f, "email"), next, &f.why);
	case SIGNIN_LIMITED: {
		problem_add(&f.why, "", MSG_SIGNIN_LIMITED, arg_int("n", (wait + 59) / 60));
		struct response answer = signin_answer(r, 429, form_shown(&f, "email"), next, &f.why);
		response_retry_after(r, &answer, wait);
		return answer;
	}
	default: return error_answer(r, 503);
	}
}

static enum status end(struct conn *db, void *arg)
{
	const struct visitor *v = arg;
	return session_end(db, v->session.token_hash);
}

struct response shop_signout(struct request *r)
{
	struct visitor *v = r->visitor;
	if (v && store_write(r->db, end, v)) return error_answer(r, 503);
	sign_out_browser(r);
	basket_forget(r); /* it is the account's, which finds it again; whoever comes next begins with an empty one */
	return shop_redirect(r, S("/?done=signed-out"));
}
