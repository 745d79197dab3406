/* office/parked.c: "your form is still here": nothing is lost on a session's end, and nothing is sent without a hand on the button. */
#include "office/parked.h"

#include <string.h>

#include "office/parked.html.h"
#include "web/csrf.h"

bool route_may_be_parked(const struct route *t)
{
	unsigned decision = t->needs & DECISION_MASK;
	enum right right;
	return t->method == POST && t->needs & CSRF && !(t->needs & FILES) && (decision == OPERATOR || decision_right(decision, &right));
}

/* The body's fields but what belongs to the form itself. */
static struct parked_field *fields_of(struct request *r, size_t *count)
{
	struct parked_field *list = ARENA_ARRAY(r->arena, struct parked_field, FORM_FIELDS_MAX);
	struct str name, value;
	size_t at = 0;
	*count = 0;
	while (*count < FORM_FIELDS_MAX && form_next_raw(r, &at, &name, &value))
		if (!str_eq(name, S("csrf")) && !str_eq(name, S("parked"))) list[(*count)++] = (struct parked_field){ name, value };
	return list;
}

static bool park(struct request *r, const struct staff *s)
{
	size_t count;
	const struct parked_field *fields = fields_of(r, &count);
	if (!parked_may_be_kept(r->path, fields, count)) return false;
	return parked_keep(r->db, r->arena, s->person.id, r->path, fields, count) == OK;
}

/* The form that was kept came again by its own button: then it is done with. */
static void forget(struct request *r, const struct staff *s)
{
	struct str name, value, id;
	size_t at = 0;
	while (form_next_raw(r, &at, &name, &value))
		if (str_eq(name, S("parked")) && str_from_hex(r->arena, value, &id) && parked_drop(r->db, s->person.id, id))
			return; /* it goes by itself in a day */
}

bool office_hold(struct request *r, struct response *instead)
{
	const struct staff *s = r->visitor;
	if (!s || s->session.state == OPERATOR_SESSION_HALF) return true;
	if (s->session.state == OPERATOR_SESSION_LIVE) {
		forget(r, s);
		return true;
	}
	if ((r->route->needs & DECISION_MASK) == ANYBODY) return true; /* he is about to sign in */
	*instead = office_redirect(r, park(r, s) ? S("/signin?next=%2Fparked&done=parked") : S("/signin?done=idle"));
	return false;
}

/* The route that the kept form goes to, if there is one still that takes it. */
static const struct route *route_of(struct request *r, const struct parked *p)
{
	struct route_match m = route_find(r->arena, r->face, POST, p->path);
	return m.route && route_may_be_parked(m.route) ? m.route : NULL;
}

struct response office_parked_page(struct request *r)
{
	struct parked kept;
	enum status st = parked_get(r->db, r->arena, staff_of(r)->person.id, &kept);
	const struct route *route = st == OK ? route_of(r, &kept) : NULL;
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	if (!route) return office_redirect(r, S("/"));
	struct office_page p = office_page(r, MSG_PARKED_TITLE, OFFICE_TAB_NONE);
	struct render out = office_render(r);
	tpl_office_parked(&out, &(const struct tpl_office_parked){ .page = &p,
								.kept = &kept,
								.id = str_hex(r->arena, kept.id),
								.csrf = csrf_token(r, route->pattern),
								.csrf_drop = csrf_token(r, "/parked/drop") });
	return office_answer(r, 200, &out);
}

/* office_hold has forgotten it already. */
struct response office_parked_drop(struct request *r)
{
	return office_redirect(r, S("/"));
}
