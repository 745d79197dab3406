/* office/me.c: one's own sign-in: password, language, devices. */
#include "office/me.h"

#include "accounts/staff.h"
#include "institution/factor.h"
#include "office/me.html.h"
#include "office/me_password.html.h"
#include "web/agent.h"
#include "web/csrf.h"

bool devices_shown(struct request *r, int64_t operator_id, struct device_shown **out, size_t *count)
{
	struct operator_session *list;
	if (operator_session_list(r->db, r->arena, operator_id, &list, count)) return false;
	*out = ARENA_ARRAY(r->arena, struct device_shown, *count + 1);
	for (size_t i = 0; i < *count; i++) {
		struct str name = agent_name(r->arena, list[i].agent);
		(*out)[i] = (struct device_shown){
			.id = str_hex(r->arena, list[i].id),
			.browser = name.len ? name : lang_text(r->arena, r->language, MSG_SESSION_UNKNOWN_BROWSER, NULL),
			.network = list[i].network,
			.made_at = list[i].made_at,
			.seen_at = list[i].seen_at,
			.is_this = str_eq(list[i].token_hash, staff_of(r)->session.token_hash),
		};
	}
	return true;
}

struct response office_me_page(struct request *r)
{
	const struct operator* who = & staff_of(r)->person;
	struct operator_context *contexts;
	struct device_shown *devices;
	size_t context_count, device_count;
	int64_t codes_left;
	if (factor_codes_left(r->db, who->id, &codes_left)) return error_answer(r, 503);
	if (operator_contexts(r->db, r->arena, who->id, &contexts, &context_count)) return error_answer(r, 503);
	if (!devices_shown(r, who->id, &devices, &device_count)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_OFFICE_ME, OFFICE_TAB_NONE);
	struct render out = office_render(r);
	tpl_office_me(&out, &(const struct tpl_office_me){
							.page = &p,
							.csrf_language = csrf_token(r, "/me/language"),
							.csrf_end = csrf_token(r, "/me/sessions/end"),
							.csrf_all = csrf_token(r, "/me/sessions/end-all"),
							.done = office_done(&p),
							.contexts = contexts,
							.context_count = context_count,
							.devices = devices,
							.device_count = device_count,
							.codes_left = codes_left,
						});
	return office_answer(r, 200, &out);
}

/* ---- language ---- */

static const struct form_field language_fields[] = { { "language", .max = 2, .is_required = true } };

struct language_change {
	int64_t id;
	enum language l;
};

static enum status change_language(struct conn *db, void *arg)
{
	const struct language_change *x = arg;
	return operator_set_language(db, x->id, x->l);
}

struct response office_me_language(struct request *r)
{
	struct form f = form_read(r, language_fields, COUNT(language_fields));
	struct language_change x = { .id = staff_of(r)->person.id };
	if (!lang_from_tag(form_text(&f, "language"), &x.l)) return error_answer(r, 400);
	if (store_write(r->db, change_language, &x)) return error_answer(r, 503);
	return response_redirect(r, 303, S("/me?done=language-changed")); /* in the language just chosen */
}

/* ---- password ---- */

static const struct form_field password_fields[] = {
	{ "old_password", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "password", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true },
	{ "password_again", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true },
};

static struct response password_answer(struct request *r, int status, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_CHANGE_PASSWORD, OFFICE_TAB_NONE);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_me_password(&out, &(const struct tpl_office_me_password){ .page = &p, .csrf = csrf_token(r, "/me/password"), .why = why });
	return office_answer(r, status, &out);
}

struct response office_me_password_page(struct request *r)
{
	return password_answer(r, 200, NULL);
}

struct response office_me_password(struct request *r)
{
	struct form f = form_read(r, password_fields, COUNT(password_fields));
	struct operator_asker from = office_asker(r);
	if (!str_eq(form_text(&f, "password"), form_text(&f, "password_again"))) problem_add(&f.why, "password_again", MSG_PASSWORDS_DIFFER);
	enum status st = staff_change_password(
		r->db, r->arena, office_of(r)->hasher, &staff_of(r)->person, form_text(&f, "old_password"), form_text(&f, "password"), &from, &f.why);
	if (st == REFUSED) return password_answer(r, 422, &f.why);
	if (st == NOT_FOUND) return error_answer(r, 409); /* changed or blocked meanwhile */
	if (st) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(r, S("/me?done=password-changed"));
}

/* ---- devices ---- */

static const struct form_field session_fields[] = { { "id", .max_bytes = 32, .is_required = true } };

struct ending {
	int64_t id;
	struct str session;
};

static enum status end_one(struct conn *db, void *arg)
{
	const struct ending *x = arg;
	enum status st = operator_session_end_by_id(db, x->id, x->session);
	return st == NOT_FOUND ? OK : st; /* over by itself */
}

static enum status end_all(struct conn *db, void *arg)
{
	const struct ending *x = arg;
	return operator_session_end_all(db, x->id);
}

struct response office_me_session_end(struct request *r)
{
	struct form f = form_read(r, session_fields, COUNT(session_fields));
	struct ending x = { .id = staff_of(r)->person.id };
	if (!str_from_hex(r->arena, form_text(&f, "id"), &x.session)) return error_answer(r, 404);
	if (store_write(r->db, end_one, &x)) return error_answer(r, 503);
	return office_redirect(r, S("/me?done=session-ended"));
}

struct response office_me_sessions_end(struct request *r)
{
	struct ending x = { .id = staff_of(r)->person.id };
	if (store_write(r->db, end_all, &x)) return error_answer(r, 503);
	office_sign_out_browser(r);
	return office_redirect(r, S("/signin?done=sessions-ended"));
}
