/* office/watched.c: an administrator says which folder an interface's files are fetched from. */
#include "office/watched.h"

#include "office/watched_form.html.h"
#include "web/csrf.h"

#define FOLDER_MAX 400 /* as interfaces have it */

static const char *path_of(struct arena *a, struct str code, const char *rest)
{
	return str_c(a, str_format(a, "/interfaces/%.*s%s", STR_ARG(code), rest));
}

enum status watched_shown_of(const struct office_page *p, const struct interface *i, struct watched_shown *out)
{
	struct arena *a = p->request->arena;
	struct str path;
	enum status st = watched_path(p->request->db, a, i->id, &path);
	*out = (struct watched_shown){ 0 };
	if (st) return st;
	watched_look(a, path, &out->view);
	out->refused = str_format(a, "%.*s/" WATCHED_REFUSED, STR_ARG(path));
	if (actor_may(actor_of(p->request), RIGHT_SETTING_WRITE)) out->change = office_link(p, path_of(a, i->code, "/folder"));
	return OK;
}

/* The interface that the path names, if it has files to fetch. */
static enum status interface_of_path(struct request *r, struct interface *out)
{
	enum status st = interface_by_code(r->db, r->arena, actor_of(r)->institution, request_segment(r, 0), out);
	return st == OK && out->kind == INTERFACE_PARTNER ? NOT_FOUND : st;
}

static struct response form_answer(struct request *r, int status, const struct interface *i, struct str folder, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_WATCHED_TITLE, i->kind == INTERFACE_PAYMENTS ? OFFICE_TAB_MONEY : OFFICE_TAB_SHIPPING);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_watched_form(&out, &(const struct tpl_office_watched_form){ .page = &p,
									  .is = i,
									  .back = office_link(&p, path_of(r->arena, i->code, "")),
									  .to = office_link(&p, path_of(r->arena, i->code, "/folder")),
									  .folder = folder,
									  .csrf = csrf_token(r, "/interfaces/:CODE/folder"),
									  .why = why });
	return office_answer(r, status, &out);
}

struct response office_watched_page(struct request *r)
{
	struct interface i;
	struct str path;
	enum status st = interface_of_path(r, &i);
	if (!st) st = watched_path(r->db, r->arena, i.id, &path);
	return st ? error_answer(r, st == NOT_FOUND ? 404 : 503) : form_answer(r, 200, &i, path, NULL);
}

struct setting {
	struct request *r;
	int64_t interface;
	struct str path;
	struct problem *why;
};

static enum status set(struct conn *db, void *arg)
{
	struct setting *x = arg;
	return watched_set(db, x->r->arena, actor_of(x->r), x->interface, x->path, x->why);
}

struct response office_watched(struct request *r)
{
	static const struct form_field fields[] = { { "folder", .max = FOLDER_MAX } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct problem why = problem_in(r->arena);
	struct interface i;
	struct str before;
	enum status st = interface_of_path(r, &i);
	if (!st) st = watched_path(r->db, r->arena, i.id, &before);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct setting x = { r, i.id, watched_plain(form_text(&f, "folder")), &why };
	if (problem_any(&f.why)) return form_answer(r, 422, &i, form_shown(&f, "folder"), &f.why);
	bool is_new = !str_eq(before, x.path);
	st = is_new ? watched_check_new(r->arena, x.path, &why) : watched_check(r->arena, x.path, &why);
	if (!st) st = store_write(r->db, set, &x);
	if (st == REFUSED) return form_answer(r, 422, &i, form_shown(&f, "folder"), &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/interfaces/%.*s?done=watched-saved", STR_ARG(i.code)));
}
