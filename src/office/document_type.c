/* office/document_type.c: a document type with its templates in force, their versions and previews; uploading, going back, a test. */
#include "documents/outbox.h"
#include "documents/preview.h"
#include "office/document_type.html.h"
#include "office/house.h"
#include "web/csrf.h"

/* ---- previews ---- */

/* A house without a door: what its first shop may look like. */
static void made_up_shop(struct request *r, struct point_of_sale *out)
{
	const struct staff *s = staff_of(r);
	*out = (struct point_of_sale){ .institution = s->person.institution,
		.name = s->person.institution_name,
		.organisation_name = s->person.institution_name,
		.public_url = S("https://tickets.example.org"),
		.host = S("tickets.example.org"),
		.accent = S("#005f6b"),
		.house = { .name = s->person.institution_name, .zone = s->person.zone, .email = s->person.email, .main_language = s->person.language } };
}

enum status preview_shop(struct request *r, struct point_of_sale *out, bool *is_real)
{
	struct sale_row *rows;
	struct actor all = *actor_of(r); /* whoever may see a mail may see its sender's name */
	size_t count;
	enum status st;
	all.rights_everywhere |= RIGHT(RIGHT_POINT_OF_SALE_READ);
	if ((st = sale_list(r->db, r->arena, &all, &rows, &count))) return st;
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].is_internet || rows[i].state == SALE_CLOSED || rows[i].state == SALE_DRAFT) continue;
		*is_real = true;
		if ((st = point_of_sale_get(r->db, r->arena, rows[i].id, out))) return st;
		return logo_get(r->db, r->arena, out->id, &out->logo);
	}
	*is_real = false;
	made_up_shop(r, out);
	return OK;
}

struct preview_shown preview_ways(const struct office_page *p, struct str path, struct str frame)
{
	struct arena *a = p->request->arena;
	const char *start = str_c(a, path);
	struct str view = request_query(p->request, "view");
	return (struct preview_shown){
		.view = str_eq(view, S("desktop")) ? VIEW_DESKTOP
				: str_eq(view, S("text"))  ? VIEW_PLAIN
										   : VIEW_PHONE,
		.frame = url_of(frame),
		.phone = office_link_with(p, start, "view", S("phone")),
		.desktop = office_link_with(p, start, "view", S("desktop")),
		.plain = office_link_with(p, start, "view", S("text")),
	};
}

struct response preview_answer(struct request *r, const struct document_type *type, enum language l, struct str word)
{
	struct template_findings found = template_look(r->arena, word, type->class);
	struct document_preview preview;
	struct point_of_sale shop;
	bool is_real;
	if (preview_shop(r, &shop, &is_real)) return error_answer(r, 503);
	if (!found.docx || document_preview(r->arena, found.docx, type->class, &shop, l, store_now(r->db), &preview, &found.faults))
		return error_answer(r, 404);
	return response_html(r, 200, preview.html);
}

/* ---- the page ---- */

static struct version_shown version_shown(const struct document_type *type, const struct template_version *v)
{
	bool is_shipped = !v->file_name.len && str_eq(v->made_by, S("shipped"));
	return (struct version_shown){ v->id, v->version, v->made_at, v->language, is_shipped ? S("Parterre") : v->made_by, S(""), v->is_in_force,
		is_shipped, v->language == type->main_language, false };
}

/* Subject and text of a version in force, by its preview. */
static enum status look_at(
	struct request *r, const struct document_type *type, const struct point_of_sale *shop, struct version_shown *v, struct str *text)
{
	struct template_version ignored;
	struct document_preview preview;
	struct str word;
	enum status st = template_version_get(r->db, r->arena, actor_of(r)->institution, type->id, v->id, &ignored, &word);
	if (st) return st;
	struct template_findings found = template_look(r->arena, word, type->class);
	if (!found.docx || document_preview(r->arena, found.docx, type->class, shop, v->language, store_now(r->db), &preview, &found.faults)) return OK;
	v->subject = preview.subject;
	if (text) *text = preview.text;
	return OK;
}

struct type_page {
	struct version_shown *in_force, *versions; /* of the open language */
	size_t in_force_count, version_count;
	struct preview_shown preview;
	int64_t shown; /* the version that the preview shows */
};

static enum status read_page(
	struct request *r, const struct office_page *p, const struct document_type *type, enum language open, struct type_page *out)
{
	struct template_version *all;
	struct point_of_sale shop;
	bool is_real;
	size_t count;
	enum status st;
	struct str path = str_format(r->arena, "/institution/document-types/%lld?language=%s", (long long)type->id, lang_tag(open));
	out->preview = preview_ways(p, path, S(""));
	if ((st = preview_shop(r, &shop, &is_real))) return st;
	if ((st = template_versions(r->db, r->arena, actor_of(r)->institution, type->id, &all, &count))) return st;
	out->in_force = ARENA_ARRAY(r->arena, struct version_shown, LANGUAGES + 1);
	out->versions = ARENA_ARRAY(r->arena, struct version_shown, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct version_shown v = version_shown(type, &all[i]);
		v.is_open = v.language == open;
		if (v.is_in_force && (st = look_at(r, type, &shop, &v, v.is_open ? &out->preview.text : NULL))) return st;
		if (v.is_in_force) out->in_force[out->in_force_count++] = v;
		if (v.is_open) out->versions[out->version_count++] = v;
		if (!v.is_open || !v.is_in_force) continue;
		out->shown = v.id;
		out->preview.subject = v.subject;
		out->preview.is_there = v.subject.len > 0;
		out->preview.frame =
			url_of(str_format(r->arena, "/institution/document-types/%lld/versions/%lld/mail", (long long)type->id, (long long)v.id));
	}
	return OK;
}

/* The files that come with the program, to begin again from. */
static struct choice *shipped_files(struct request *r, enum document_class class, size_t *count)
{
	struct choice *files = ARENA_ARRAY(r->arena, struct choice, LANGUAGES);
	*count = 0;
	for (int l = 0; l < LANGUAGES; l++) {
		const struct shipped_template *s = shipped_template(class, (enum language)l);
		if (s) files[(*count)++] = (struct choice){ l, str_of(lang_tag((enum language)l)), str_of(s->name), false };
	}
	return files;
}

static struct response page_answer(struct request *r, int status, const struct document_type *type, const struct problem *why)
{
	struct office_page p = office_institution_page(r, MSG_DOCUMENT_TYPE, PLACE_DOCUMENT_TYPES);
	enum language open = type->main_language;
	struct type_page page = { 0 };
	lang_from_tag(request_query(r, "language"), &open);
	p.title = type->name;
	p.is_error = problem_any(why);
	if (read_page(r, &p, type, open, &page)) return error_answer(r, 503);
	page.preview.title = lang_text(
		r->arena, r->language, MSG_PREVIEW_TITLE, (const struct arg[]){ arg_text("language", str_of(lang_name(open))), { .kind = ARG_END } });
	size_t shipped_count;
	struct choice *shipped = shipped_files(r, type->class, &shipped_count);
	struct render out = office_render(r);
	tpl_office_document_type(&out, &(const struct tpl_office_document_type){ .page = &p,
									   .type = type,
									   .class_name = lang_text(r->arena, r->language, document_class(type->class)->name, NULL),
									   .class_code = str_of(document_class(type->class)->code),
									   .in_force = page.in_force,
									   .in_force_count = page.in_force_count,
									   .versions = page.versions,
									   .version_count = page.version_count,
									   .shipped = shipped,
									   .shipped_count = shipped_count,
									   .open = open,
									   .shown = page.shown,
									   .preview = &page.preview,
									   .may_write = document_type_may_change(actor_of(r), type),
									   .may_test = actor_may(actor_of(r), RIGHT_DOCUMENT_WRITE),
									   .csrf_upload = csrf_token(r, "/institution/document-types/:ID"),
									   .csrf_use = csrf_token(r, "/institution/document-types/:ID/versions/:N/use"),
									   .csrf_test = csrf_token(r, "/institution/document-types/:ID/versions/:N/test"),
									   .done = office_done(&p),
									   .why = why });
	return office_answer(r, status, &out);
}

struct response office_type_page(struct request *r)
{
	struct document_type type;
	struct response instead;
	return type_of_path(r, &type, &instead) ? page_answer(r, 200, &type, NULL) : instead;
}

/* ---- uploading ---- */

struct uploading {
	struct request *r;
	int64_t type, draft;
	enum language language;
	struct upload file;
	struct problem *why;
};

static enum status keep_draft(struct conn *db, void *arg)
{
	struct uploading *x = arg;
	x->why->first = NULL; /* it may run again */
	const struct draft_file file = { x->language, x->file.bytes, x->file.name };
	return draft_add(db, x->r->arena, actor_of(x->r), x->type, &file, &x->draft, x->why);
}

struct response office_type_upload(struct request *r)
{
	static const struct form_field fields[] = { { "language", .max = 2, .is_required = true } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct problem why = problem_in(r->arena);
	struct uploading x = { .r = r, .why = &why };
	struct document_type type;
	struct response instead;
	if (!type_to_change(r, &type, &instead)) return instead;
	x.type = type.id;
	if (!lang_from_tag(form_text(&f, "language"), &x.language)) problem_add(&why, "language", MSG_CHOICE_UNKNOWN);
	if (!form_file(r, "template", &x.file)) problem_add(&why, "template", MSG_TEMPLATE_FILE_MISSING);
	if (problem_any(&why)) return page_answer(r, 422, &type, &why);
	enum status st = store_write(r->db, keep_draft, &x);
	if (st == REFUSED && problem_any(&why)) return page_answer(r, 422, &type, &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/institution/document-types/%lld/drafts/%lld", (long long)type.id, (long long)x.draft));
}

/* ---- versions ---- */

/* The version that the second segment names; false with the answer INSTEAD. */
static bool version_of_path(struct request *r, struct document_type *type, struct template_version *v, struct str *word, struct response *instead)
{
	int64_t id;
	if (!type_of_path(r, type, instead)) return false;
	enum status st =
		request_segment_id(r, 1, &id) ? template_version_get(r->db, r->arena, actor_of(r)->institution, type->id, id, v, word) : NOT_FOUND;
	if (!st) return true;
	*instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return false;
}

struct response office_version_mail(struct request *r)
{
	struct document_type type;
	struct template_version v;
	struct str word;
	struct response instead;
	return version_of_path(r, &type, &v, &word, &instead) ? preview_answer(r, &type, v.language, word) : instead;
}

static struct response word_file(struct request *r, struct str word, struct str name)
{
	struct response answer = response_bytes(r, 200, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", word);
	response_download(r, &answer, name);
	return answer;
}

struct response office_version_file(struct request *r)
{
	struct document_type type;
	struct template_version v;
	struct str word;
	struct response instead;
	if (!version_of_path(r, &type, &v, &word, &instead)) return instead;
	return word_file(r, word, str_format(r->arena, "%.*s_%s_v%lld.docx", STR_ARG(type.code), lang_tag(v.language), (long long)v.version));
}

struct response office_shipped_file(struct request *r)
{
	struct document_type type;
	struct response instead;
	enum language l;
	if (!type_of_path(r, &type, &instead)) return instead;
	const struct shipped_template *s = lang_from_tag(request_segment(r, 1), &l) ? shipped_template(type.class, l) : NULL;
	if (!s) return error_answer(r, 404);
	return word_file(r, (struct str){ s->at, (size_t)(s->end - s->at) }, str_of(s->name));
}

struct restoring {
	struct request *r;
	int64_t type, id, version;
	struct problem *why;
};

static enum status restore(struct conn *db, void *arg)
{
	struct restoring *x = arg;
	x->why->first = NULL; /* it may run again */
	return template_restore(db, x->r->arena, actor_of(x->r), x->type, x->id, &x->version, x->why);
}

struct response office_version_use(struct request *r)
{
	struct problem why = problem_in(r->arena);
	struct document_type type;
	struct template_version v;
	struct str word;
	struct response instead;
	if (!version_of_path(r, &type, &v, &word, &instead) || !type_to_change(r, &type, &instead)) return instead;
	struct template_findings found = template_look(r->arena, word, type.class);
	if (problem_any(&found.faults)) return page_answer(r, 422, &type, &found.faults); /* it was fine once; the class has changed since */
	struct restoring x = { r, type.id, v.id, 0, &why };
	enum status st = store_write(r->db, restore, &x);
	if (st == REFUSED && problem_any(&why)) return page_answer(r, 409, &type, &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(
		r, str_format(r->arena, "/institution/document-types/%lld?language=%s&done=in-force", (long long)type.id, lang_tag(v.language)));
}

/* ---- a test ---- */

static enum status queue_test(struct conn *db, void *arg)
{
	struct arena *a = arena_new();
	enum status st = outbox_add(db, a, arg);
	arena_free(a);
	return st;
}

struct response office_version_test(struct request *r)
{
	struct problem why = problem_in(r->arena);
	struct document_type type;
	struct template_version v;
	struct point_of_sale shop;
	struct str word;
	struct response instead;
	bool is_real;
	if (!version_of_path(r, &type, &v, &word, &instead)) return instead;
	if (preview_shop(r, &shop, &is_real)) return error_answer(r, 503);
	if (!is_real) return problem_add(&why, "", MSG_SHOP_NEEDED_FIRST), page_answer(r, 422, &type, &why);
	const struct operator* me = & staff_of(r)->person;
	struct letter letter = {
		.class = type.class, .point_of_sale = shop.id, .template = v.id, .language = v.language, .recipient = me->email, .recipient_name = me->name
	};
	if (store_write(r->db, queue_test, &letter)) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(
		r, str_format(r->arena, "/institution/document-types/%lld?language=%s&done=test-sent", (long long)type.id, lang_tag(v.language)));
}
