/* office/document_draft.c: an uploaded template, what was found in it, and putting it in force. */
#include "documents/preview.h"
#include "office/document_draft.html.h"
#include "office/house.h"
#include "web/csrf.h"

static bool draft_of_path(struct request *r, struct document_type *type, struct draft *d, struct response *instead)
{
	int64_t id;
	if (!type_of_path(r, type, instead)) return false;
	enum status st = request_segment_id(r, 1, &id) ? draft_get(r->db, r->arena, actor_of(r)->institution, type->id, id, d) : NOT_FOUND;
	if (!st) return true;
	*instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return false;
}

static enum status version_in_force(struct request *r, const struct document_type *type, enum language l, int64_t *version)
{
	struct template_version *all;
	size_t count;
	enum status st = template_versions(r->db, r->arena, actor_of(r)->institution, type->id, &all, &count);
	*version = 0;
	for (size_t i = 0; !st && i < count; i++)
		if (all[i].is_in_force && all[i].language == l) *version = all[i].version;
	return st;
}

static struct response draft_answer(
	struct request *r, int status, const struct document_type *type, const struct draft *d, struct template_findings *found)
{
	struct office_page p = office_institution_page(r, MSG_DRAFT_TITLE, PLACE_DOCUMENT_TYPES);
	struct draft_shown shown = { .type = type, .draft = d, .faults = &found->faults, .remarks = &found->remarks };
	struct str path = str_format(r->arena, "/institution/document-types/%lld/drafts/%lld", (long long)type->id, (long long)d->id);
	struct preview_shown preview = preview_ways(&p, path, str_format(r->arena, "%.*s/mail", STR_ARG(path)));
	struct document_preview filled;
	struct point_of_sale shop;
	struct problem ignored = problem_in(r->arena);
	bool is_real;
	if (preview_shop(r, &shop, &is_real) || version_in_force(r, type, d->language, &shown.in_force)) return error_answer(r, 503);
	p.is_error = problem_any(&found->faults);
	preview.title = lang_text(
		r->arena, r->language, MSG_PREVIEW_TITLE, (const struct arg[]){ arg_text("language", str_of(lang_name(d->language))), { .kind = ARG_END } });
	if (found->docx && !document_preview(r->arena, found->docx, type->class, &shop, d->language, store_now(r->db), &filled, &ignored))
		preview.is_there = true, preview.subject = filled.subject, preview.text = filled.text;
	struct render out = office_render(r);
	tpl_office_document_draft(&out, &(const struct tpl_office_document_draft){ .page = &p,
										.shown = &shown,
										.class_code = str_of(document_class(type->class)->code),
										.preview = &preview,
										.may_write = document_type_may_change(actor_of(r), type),
										.csrf_use = csrf_token(r, "/institution/document-types/:ID/drafts/:N/use"),
										.csrf_drop = csrf_token(r, "/institution/document-types/:ID/drafts/:N/drop") });
	return office_answer(r, status, &out);
}

struct response office_draft_page(struct request *r)
{
	struct document_type type;
	struct draft d;
	struct response instead;
	if (!draft_of_path(r, &type, &d, &instead)) return instead;
	struct template_findings found = template_look(r->arena, d.word, type.class);
	return draft_answer(r, 200, &type, &d, &found);
}

struct response office_draft_mail(struct request *r)
{
	struct document_type type;
	struct draft d;
	struct response instead;
	return draft_of_path(r, &type, &d, &instead) ? preview_answer(r, &type, d.language, d.word) : instead;
}

struct moving {
	struct request *r;
	int64_t type, draft, version;
	struct problem why;
};

static enum status use(struct conn *db, void *arg)
{
	struct moving *x = arg;
	x->why.first = NULL; /* it may run again */
	return draft_use(db, x->r->arena, actor_of(x->r), x->type, x->draft, &x->version, &x->why);
}

static enum status drop(struct conn *db, void *arg)
{
	struct moving *x = arg;
	x->why.first = NULL; /* it may run again */
	return draft_drop(db, x->r->arena, actor_of(x->r), x->type, x->draft, &x->why);
}

/* REFUSED: the type was given to other organisations while he looked. */
static struct response not_moved(struct request *r, enum status st)
{
	if (st == REFUSED) return error_answer_with(r, 403, MSG_DOCUMENT_TYPE_NOT_YOURS, NULL);
	return error_answer(r, st == NOT_FOUND ? 404 : 503);
}

static struct response back_to(struct request *r, const struct document_type *type, enum language l, const char *done)
{
	return office_redirect(r, str_format(r->arena, "/institution/document-types/%lld?language=%s&done=%s", (long long)type->id, lang_tag(l), done));
}

struct response office_draft_use(struct request *r)
{
	struct document_type type;
	struct draft d;
	struct response instead;
	if (!draft_of_path(r, &type, &d, &instead) || !type_to_change(r, &type, &instead)) return instead;
	struct template_findings found = template_look(r->arena, d.word, type.class);
	if (problem_any(&found.faults)) return draft_answer(r, 422, &type, &d, &found);
	struct moving x = { r, type.id, d.id, 0, problem_in(r->arena) };
	enum status st = store_write(r->db, use, &x);
	if (st) return not_moved(r, st);
	return back_to(r, &type, d.language, "in-force");
}

struct response office_draft_drop(struct request *r)
{
	struct document_type type;
	struct draft d;
	struct response instead;
	if (!draft_of_path(r, &type, &d, &instead) || !type_to_change(r, &type, &instead)) return instead;
	struct moving x = { r, type.id, d.id, 0, problem_in(r->arena) };
	enum status st = store_write(r->db, drop, &x);
	if (st) return not_moved(r, st);
	return back_to(r, &type, d.language, "draft-dropped");
}
