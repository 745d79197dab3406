/* office/operators.c: who has a sign-in: list, new, detail. */
#include "office/operators.h"

#include "accounts/staff.h"
#include "institution/organisation.h"
#include "office/contacts.h"
#include "office/operator.html.h"
#include "office/operator_new.html.h"
#include "office/operators.html.h"
#include "web/csrf.h"

const char *operator_state_shape(enum operator_state state)
{
	return state == OPERATOR_ACTIVE ? "done" : state == OPERATOR_INVITED ? "wait" : "bad";
}

enum message operator_state_title(enum operator_state state)
{
	return state == OPERATOR_ACTIVE ? MSG_OPERATOR_ACTIVE : state == OPERATOR_INVITED ? MSG_OPERATOR_INVITED : MSG_OPERATOR_BLOCKED;
}

/* ---- list ---- */

/* "Box office (Opera), Manager". */
static bool profiles_text(struct request *r, int64_t id, struct str *out)
{
	struct operator_context *c;
	size_t count;
	struct buf b = buf_in(r->arena);
	if (operator_contexts(r->db, r->arena, id, &c, &count)) return false;
	for (size_t i = 0; i < count; i++) {
		if (b.len) buf_add(&b, S(", "));
		buf_add(&b, lang_text(r->arena, r->language, profile_title(c[i].profile), NULL));
		if (c[i].organisation) buf_addf(&b, " (%.*s)", STR_ARG(c[i].organisation_name));
	}
	*out = buf_str(&b);
	return true;
}

struct response office_operators_page(struct request *r)
{
	struct operator* list;
	size_t count;
	if (operator_list(r->db, r->arena, actor_of(r)->institution, &list, &count)) return error_answer(r, 503);
	struct operator_row *rows = ARENA_ARRAY(r->arena, struct operator_row, count + 1);
	for (size_t i = 0; i < count; i++) {
		rows[i].who = &list[i];
		if (!profiles_text(r, list[i].id, &rows[i].profiles)) return error_answer(r, 503);
	}
	struct office_page p = office_institution_page(r, MSG_OFFICE_PLACE_OPERATORS, PLACE_OPERATORS);
	struct render out = office_render(r);
	tpl_office_operators(
		&out, &(const struct tpl_office_operators){
				  .page = &p, .rows = rows, .count = count, .may_write = actor_may(actor_of(r), RIGHT_OPERATOR_WRITE), .done = office_done(&p) });
	return office_answer(r, 200, &out);
}

/* ---- the form ---- */

static const struct form_field form_fields[] = {
	{ "name", .max = OPERATOR_NAME_MAX },
	{ "email", .max = EMAIL_MAX },
	{ "language", .max = 2 },
	{ "context", .max_bytes = 40, .is_repeated = true },
	{ "version", .max_bytes = 20 },
};

/* "box-office" or "box-office-17". */
static bool context_read(struct str value, struct operator_context *out)
{
	size_t dash = value.len;
	while (dash > 0 && value.at[dash - 1] >= '0' && value.at[dash - 1] <= '9') dash--;
	bool has_organisation = dash < value.len && dash > 1 && value.at[dash - 1] == '-';
	*out = (struct operator_context){ 0 };
	if (has_organisation && !str_int64(str_part(value, dash, value.len), &out->organisation)) return false;
	return profile_from_name(has_organisation ? str_part(value, 0, dash - 1) : value, &out->profile);
}

/* The form's contexts, each once; a value that is none is passed over. */
static struct operator_context *contexts_read(struct request *r, const struct form *f, size_t *count)
{
	struct operator_context *list = ARENA_ARRAY(r->arena, struct operator_context, OPERATOR_CONTEXTS_MAX), c;
	struct str value;
	size_t at = 0;
	*count = 0;
	while (*count < OPERATOR_CONTEXTS_MAX && form_next(f, "context", &at, &value)) {
		bool is_known = !context_read(value, &c);
		for (size_t i = 0; i < *count; i++) is_known |= list[i].profile == c.profile && list[i].organisation == c.organisation;
		if (!is_known) list[(*count)++] = c;
	}
	return list;
}

static bool is_chosen(const struct operator_context *list, size_t count, enum profile_code p, int64_t organisation)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].profile == p && list[i].organisation == organisation) return true;
	return false;
}

static void group_fill(struct request *r, struct context_group *g, int64_t organisation, const struct operator_context *chosen, size_t count)
{
	for (int p = 0; p < PROFILES; p++) {
		const char *name = profile_name((enum profile_code)p);
		g->choices[p] = (struct context_choice){
			.value = organisation ? str_format(r->arena, "%s-%lld", name, (long long)organisation) : str_of(name),
			.profile = profile_title((enum profile_code)p),
			.is_chosen = is_chosen(chosen, count, (enum profile_code)p, organisation),
		};
	}
}

/* A group for the house; one an organisation, when there are several. */
static bool groups_make(struct request *r, const struct operator_context *chosen, size_t count, struct operator_form_shown *out)
{
	struct organisation *list;
	size_t n;
	if (organisation_list(r->db, r->arena, actor_of(r)->institution, &list, &n)) return false;
	struct context_group *groups = ARENA_ARRAY(r->arena, struct context_group, n + 1);
	group_fill(r, &groups[0], 0, chosen, count);
	out->groups = groups;
	out->group_count = 1;
	for (size_t i = 0; n > 1 && i < n; i++) {
		struct context_group *g = &groups[out->group_count++];
		g->name = list[i].name;
		group_fill(r, g, list[i].id, chosen, count);
	}
	return true;
}

/* Reads what both forms share; findings at the fields. */
static struct new_operator operator_form_read(struct request *r, struct form *f)
{
	struct new_operator n = { .name = form_text(f, "name") };
	n.contexts = contexts_read(r, f, &n.context_count);
	operator_name_check(n.name, &f->why);
	if (!lang_from_tag(form_text(f, "language"), &n.language)) n.language = r->language;
	if (n.context_count == 0) problem_add(&f->why, "context", MSG_OPERATOR_NEEDS_PROFILE);
	return n;
}

static struct response new_answer(struct request *r, int status, struct operator_form_shown *shown, const struct problem *why)
{
	struct office_page p = office_institution_page(r, MSG_OPERATOR_NEW, PLACE_OPERATORS);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_operator_new(
		&out, &(const struct tpl_office_operator_new){ .page = &p, .csrf = csrf_token(r, "/operators/new"), .shown = shown, .why = why });
	return office_answer(r, status, &out);
}

struct response office_operator_new_page(struct request *r)
{
	struct operator_form_shown shown = { .language = r->language };
	if (!groups_make(r, NULL, 0, &shown)) return error_answer(r, 503);
	return new_answer(r, 200, &shown, NULL);
}

struct editing {
	struct request *r;
	struct new_operator n;
	int64_t id, version;
	struct problem *why;
};

static enum status make_in(struct conn *db, void *arg)
{
	struct editing *x = arg;
	enum status st;
	x->why->first = NULL; /* of an earlier run */
	if ((st = operator_make(db, x->r->arena, actor_of(x->r), &x->n, &x->id, x->why))) return st;
	return staff_invite(db, x->r->arena, actor_of(x->r), x->id, x->why);
}

struct response office_operator_new(struct request *r)
{
	struct form f = form_read(r, form_fields, COUNT(form_fields));
	struct editing x = { .r = r, .n = operator_form_read(r, &f), .why = &f.why };
	email_read(r->arena, form_text(&f, "email"), "email", &x.n.email, &f.why);
	enum status st = problem_any(&f.why) ? REFUSED : store_write(r->db, make_in, &x);
	if (st == REFUSED) {
		struct operator_form_shown shown = { .name = form_shown(&f, "name"), .email = form_shown(&f, "email"), .language = x.n.language };
		if (!groups_make(r, x.n.contexts, x.n.context_count, &shown)) return error_answer(r, 503);
		return new_answer(r, 422, &shown, &f.why);
	}
	if (st == NOT_FOUND) return error_answer(r, 404); /* an organisation that is none of ours */
	if (st) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/operators/%lld?done=operator-made", (long long)x.id));
}

/* ---- detail ---- */

static struct response detail_answer(
	struct request *r, int status, const struct operator* who, const struct operator_form_shown *shown, const struct problem *why)
{
	struct device_shown *devices;
	struct outbox_mail mail;
	size_t count;
	enum status st = staff_mail(r->db, r->arena, actor_of(r), who->id, &mail);
	if ((st && st != NOT_FOUND) || !devices_shown(r, who->id, &devices, &count)) return error_answer(r, 503);
	struct office_page p = office_institution_page(r, MSG_OPERATOR_TITLE, PLACE_OPERATORS);
	p.title = who->name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_operator(&out, &(const struct tpl_office_operator){
								  .page = &p,
								  .who = who,
								  .shown = shown,
								  .devices = devices,
								  .device_count = count,
								  .mail = st ? NULL : &mail,
								  .may_write = actor_may(actor_of(r), RIGHT_OPERATOR_WRITE),
								  .csrf = csrf_token(r, "/operators/:ID"),
								  .csrf_invite = csrf_token(r, "/operators/:ID/invite"),
								  .csrf_block = csrf_token(r, "/operators/:ID/block"),
								  .csrf_unblock = csrf_token(r, "/operators/:ID/unblock"),
								  .csrf_factor = csrf_token(r, "/operators/:ID/reset-factor"),
								  .csrf_signout = csrf_token(r, "/operators/:ID/sign-out"),
								  .done = office_done(&p),
								  .why = why,
							  });
	return office_answer(r, status, &out);
}

/* The page as the operator stands now, with findings above it. */
static struct response operator_now(struct request *r, int status, int64_t id, const struct problem *why)
{
	struct operator who;
	struct operator_context *contexts;
	size_t count;
	enum status st = operator_get(r->db, r->arena, actor_of(r)->institution, id, &who);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	if (operator_contexts(r->db, r->arena, id, &contexts, &count)) return error_answer(r, 503);
	struct operator_form_shown shown = { who.name, who.email, who.language, who.version, .email_is_fixed = who.state != OPERATOR_INVITED };
	if (!groups_make(r, contexts, count, &shown)) return error_answer(r, 503);
	return detail_answer(r, status, &who, &shown, why);
}

struct response office_operator_page(struct request *r)
{
	int64_t id;
	if (!request_segment_id(r, 0, &id)) return error_answer(r, 404);
	return operator_now(r, 200, id, NULL);
}

static enum status change_in(struct conn *db, void *arg)
{
	struct editing *x = arg;
	x->why->first = NULL; /* of an earlier run */
	return operator_change(db, x->r->arena, actor_of(x->r), x->id, x->version, &x->n, x->why);
}

/* What was typed, with what is wrong with it. */
static struct response change_again(struct request *r, const struct editing *x, const struct form *f)
{
	struct operator who;
	enum status st = operator_get(r->db, r->arena, actor_of(r)->institution, x->id, &who);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct operator_form_shown shown = { form_shown(f, "name"), form_shown(f, "email"), x->n.language, x->version,
		.email_is_fixed = who.state != OPERATOR_INVITED };
	if (shown.email_is_fixed) shown.email = who.email;
	if (!groups_make(r, x->n.contexts, x->n.context_count, &shown)) return error_answer(r, 503);
	return detail_answer(r, 422, &who, &shown, &f->why);
}

struct response office_operator_change(struct request *r)
{
	struct form f = form_read(r, form_fields, COUNT(form_fields));
	struct editing x = { .r = r, .n = operator_form_read(r, &f), .why = &f.why };
	if (!request_segment_id(r, 0, &x.id)) return error_answer(r, 404);
	if (!str_int64(form_text(&f, "version"), &x.version)) return error_answer(r, 400);
	if (form_text(&f, "email").len) email_read(r->arena, form_text(&f, "email"), "email", &x.n.email, &f.why);
	enum status st = problem_any(&f.why) ? REFUSED : store_write(r->db, change_in, &x);
	if (st == REFUSED && problem_at(&f.why, "") && problem_at(&f.why, "")->message == MSG_OPERATOR_CHANGED_MEANWHILE)
		return operator_now(r, 409, x.id, &f.why);
	if (st == REFUSED) return change_again(r, &x, &f);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/operators/%lld?done=operator-changed", (long long)x.id));
}

/* ---- what a button does ---- */

struct deed {
	struct request *r;
	int64_t id;
	struct problem *why;
	enum status (*what)(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why);
};

static enum status do_in(struct conn *db, void *arg)
{
	struct deed *x = arg;
	x->why->first = NULL; /* of an earlier run */
	return x->what(db, x->r->arena, actor_of(x->r), x->id, x->why);
}

static struct response do_deed(
	struct request *r, const char *done, enum status (*what)(struct conn *, struct arena *, const struct actor *, int64_t, struct problem *))
{
	struct problem why = problem_in(r->arena);
	struct deed x = { .r = r, .why = &why, .what = what };
	if (!request_segment_id(r, 0, &x.id)) return error_answer(r, 404);
	enum status st = store_write(r->db, do_in, &x);
	if (st == REFUSED) return operator_now(r, 422, x.id, &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/operators/%lld?done=%s", (long long)x.id, done));
}

struct response office_operator_invite(struct request *r)
{
	return do_deed(r, "operator-invited", staff_invite);
}

struct response office_operator_block(struct request *r)
{
	return do_deed(r, "operator-blocked", staff_block);
}

static enum status unblock(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why)
{
	(void)why;
	return operator_unblock(db, a, by, id);
}

struct response office_operator_unblock(struct request *r)
{
	return do_deed(r, "operator-unblocked", unblock);
}

static enum status reset_factor(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why)
{
	if (id != by->operator_id) return staff_factor_reset(db, a, by, id);
	problem_add(why, "", MSG_FACTOR_BY_ANOTHER); /* a session left open must not be enough to get rid of it */
	return REFUSED;
}

struct response office_operator_factor_reset(struct request *r)
{
	return do_deed(r, "factor-reset", reset_factor);
}

static enum status sign_out(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why)
{
	struct operator who;
	enum status st;
	(void)why;
	if ((st = operator_get(db, a, by->institution, id, &who))) return st;
	if ((st = operator_session_end_all(db, id))) return st;
	return audit_note(db, a, by, &(struct audit_record){ .verb = "operator-signed-out", .kind = "operator", .record = id });
}

struct response office_operator_sign_out(struct request *r)
{
	return do_deed(r, "operator-signed-out", sign_out);
}
