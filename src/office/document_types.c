/* office/document_types.c: the list of document types, the form of one, and the fields of a class. */
#include "documents/preview.h"
#include "office/document_class.html.h"
#include "office/document_form.html.h"
#include "office/document_types.html.h"
#include "office/house.h"
#include "web/csrf.h"

#define SEARCH_MAX 100 /* characters of what one looks for */

bool type_of_path(struct request *r, struct document_type *out, struct response *instead)
{
	int64_t id;
	enum status st = request_segment_id(r, 0, &id) ? document_type_get(r->db, r->arena, actor_of(r), id, out) : NOT_FOUND;
	if (!st) return true;
	*instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return false;
}

bool type_to_change(struct request *r, struct document_type *out, struct response *instead)
{
	if (!type_of_path(r, out, instead)) return false;
	if (document_type_may_change(actor_of(r), out)) return true;
	*instead = error_answer_with(r, 403, MSG_DOCUMENT_TYPE_NOT_YOURS, NULL);
	return false;
}

static struct choice *classes(struct request *r, struct str chosen)
{
	struct choice *list = ARENA_ARRAY(r->arena, struct choice, DOCUMENT_CLASSES);
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		const struct document_class_info *info = document_class((enum document_class)c);
		struct str code = str_of(info->code);
		list[c] = (struct choice){ c, code, lang_text(r->arena, r->language, info->name, NULL), str_eq(code, chosen) };
	}
	return list;
}

static struct str class_name(struct request *r, enum document_class class)
{
	return lang_text(r->arena, r->language, document_class(class)->name, NULL);
}

struct response office_types_page(struct request *r)
{
	struct str search = str_trim(request_query(r, "q")), code = request_query(r, "class");
	struct document_type *list;
	enum document_class class = DOCUMENT_CLASSES;
	size_t count;
	if (code.len && !document_class_from_code(code, &class)) return error_answer(r, 404);
	if (str_points(search) > SEARCH_MAX) search = S("");
	if (document_type_list(r->db, r->arena, actor_of(r), class, search, &list, &count)) return error_answer(r, 503);
	struct type_shown *rows = ARENA_ARRAY(r->arena, struct type_shown, count + 1);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct type_shown){ list[i].id, list[i].code, list[i].name, class_name(r, list[i].class), lang_name(list[i].main_language),
			list[i].is_active };
	struct office_page p = office_institution_page(r, MSG_OFFICE_PLACE_DOCUMENT_TYPES, PLACE_DOCUMENT_TYPES);
	struct render out = office_render(r);
	tpl_office_document_types(&out, &(const struct tpl_office_document_types){ .page = &p,
										.rows = rows,
										.count = count,
										.classes = classes(r, code),
										.class_count = DOCUMENT_CLASSES,
										.search = search,
										.may_write = actor_may(actor_of(r), RIGHT_DOCUMENT_WRITE),
										.done = office_done(&p) });
	return office_answer(r, 200, &out);
}

/* ---- the form ---- */

static const struct form_field type_fields[] = {
	{ "code", .max = DOCUMENT_TYPE_CODE_MAX },
	{ "name", .max = DOCUMENT_TYPE_NAME_MAX },
	{ "class", .max = 40 },
	{ "main_language", .max = 2 },
	{ "active", .max = 3 },
	{ "organisation", .max = 20, .is_repeated = true },
	{ "channel", .max = 20, .is_repeated = true },
};

int64_t *chosen_ids(struct request *r, const struct form *f, const char *field, size_t *count)
{
	int64_t *ids = ARENA_ARRAY(r->arena, int64_t, FORM_FIELDS_MAX);
	size_t at = 0;
	struct str value;
	*count = 0;
	while (form_next(f, field, &at, &value))
		if (str_int64(value, &ids[*count])) ++*count;
	return ids;
}

static bool is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id) return true;
	return false;
}

/* The organisations whose documents the operator changes, with those of T chosen; who changes them in a single one can mean no other. */
static void organisation_choices(
	struct request *r, const struct document_type *t, const struct organisation *all, size_t count, struct type_form *out)
{
	out->organisations = ARENA_ARRAY(r->arena, struct choice, count + 1);
	for (size_t i = 0; i < count; i++)
		if (actor_may_in(actor_of(r), RIGHT_DOCUMENT_WRITE, all[i].id))
			out->organisations[out->organisation_count++] =
				(struct choice){ all[i].id, all[i].code, all[i].name, is_among(t->organisations, t->organisation_count, all[i].id) };
	if (!out->may_all && out->organisation_count == 1) out->organisations[0].is_chosen = true;
}

/* Whom one may choose from, with those of T chosen. */
static enum status type_choices(struct request *r, const struct document_type *t, struct type_form *out)
{
	int64_t institution = actor_of(r)->institution;
	size_t organisation_count;
	struct organisation *organisations;
	struct sales_channel *channels;
	enum status st;
	if ((st = organisation_list(r->db, r->arena, institution, &organisations, &organisation_count))) return st;
	if ((st = channel_list(r->db, r->arena, institution, &channels, &out->channel_count))) return st;
	out->may_all = actor_may_in(actor_of(r), RIGHT_DOCUMENT_WRITE, 0);
	organisation_choices(r, t, organisations, organisation_count, out);
	out->channels = ARENA_ARRAY(r->arena, struct choice, out->channel_count + 1);
	for (size_t i = 0; i < out->channel_count; i++)
		out->channels[i] =
			(struct choice){ channels[i].id, channels[i].code, channels[i].name, is_among(t->channels, t->channel_count, channels[i].id) };
	for (int l = 0; l < LANGUAGES; l++)
		out->languages[l] =
			(struct choice){ l, str_of(lang_tag((enum language)l)), str_of(lang_name((enum language)l)), (enum language)l == t->main_language };
	return OK;
}

static struct response form_answer(struct request *r, int status, const struct document_type *t, struct str class, const struct problem *why)
{
	struct type_form form = { .id = t->id,
		.code = t->code,
		.name = t->name,
		.is_active = t->is_active,
		.class_name = t->id ? class_name(r, t->class) : S(""),
		.classes = classes(r, class),
		.class_count = DOCUMENT_CLASSES };
	if (type_choices(r, t, &form)) return error_answer(r, 503);
	struct office_page p = office_institution_page(r, t->id ? MSG_DOCUMENT_TYPE_CHANGE : MSG_DOCUMENT_TYPE_NEW, PLACE_DOCUMENT_TYPES);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	const char *path = t->id ? "/institution/document-types/:ID/edit" : "/institution/document-types/new";
	tpl_office_document_form(&out, &(const struct tpl_office_document_form){ .page = &p, .csrf = csrf_token(r, path), .form = &form, .why = why });
	return office_answer(r, status, &out);
}

struct response office_type_new_page(struct request *r)
{
	struct document_type t = { .is_active = true, .main_language = r->language_default };
	return form_answer(r, 200, &t, request_query(r, "class"), NULL);
}

struct saving {
	struct request *r;
	struct document_type type;
	struct problem *why;
	int64_t id;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	if (!x->type.id) return document_type_add(db, x->r->arena, actor_of(x->r), &x->type, &x->id, x->why);
	x->id = x->type.id;
	return document_type_change(db, x->r->arena, actor_of(x->r), &x->type, x->why);
}

/* What was sent, over what stands there. */
static void read_form(struct request *r, struct form *f, struct document_type *t)
{
	struct str tag = form_text(f, "main_language");
	if (!lang_from_tag(tag, &t->main_language)) problem_add(&f->why, "main_language", MSG_CHOICE_UNKNOWN);
	t->name = form_text(f, "name");
	t->is_active = form_has(f, "active");
	t->organisations = chosen_ids(r, f, "organisation", &t->organisation_count);
	t->channels = chosen_ids(r, f, "channel", &t->channel_count);
}

static struct response save_answer(struct request *r, struct form *f, struct saving *x)
{
	struct str class = form_text(f, "class");
	struct problem *after = x->why = ARENA_NEW(r->arena, struct problem);
	*after = problem_in(r->arena);
	if (problem_any(&f->why)) return form_answer(r, 422, &x->type, class, &f->why);
	enum status st = store_write(r->db, save, x);
	if (st == REFUSED && problem_any(after)) return form_answer(r, 422, &x->type, class, after);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/institution/document-types/%lld?done=saved", (long long)x->id));
}

struct response office_type_new(struct request *r)
{
	struct form f = form_read(r, type_fields, COUNT(type_fields));
	struct saving x = { .r = r, .type = { .code = form_text(&f, "code") } };
	if (!document_class_from_code(form_text(&f, "class"), &x.type.class)) problem_add(&f.why, "class", MSG_CHOICE_UNKNOWN);
	read_form(r, &f, &x.type);
	return save_answer(r, &f, &x);
}

struct response office_type_edit_page(struct request *r)
{
	struct document_type t;
	struct response instead;
	return type_to_change(r, &t, &instead) ? form_answer(r, 200, &t, S(""), NULL) : instead;
}

struct response office_type_edit(struct request *r)
{
	struct form f = form_read(r, type_fields, COUNT(type_fields));
	struct saving x = { .r = r };
	struct response instead;
	if (!type_to_change(r, &x.type, &instead)) return instead;
	read_form(r, &f, &x.type);
	return save_answer(r, &f, &x);
}

/* ---- a class's fields ---- */

static enum message kind_of(enum field_kind kind)
{
	switch (kind) {
	case FIELD_URL: return MSG_FIELD_KIND_LINK;
	case FIELD_IMAGE: return MSG_FIELD_KIND_IMAGE;
	case FIELD_CONDITION: return MSG_FIELD_KIND_CONDITION;
	case FIELD_LIST: return MSG_FIELD_KIND_LIST;
	default: return MSG_FIELD_KIND_TEXT;
	}
}

struct response office_class_page(struct request *r)
{
	enum document_class class;
	if (!document_class_from_code(request_segment(r, 0), &class)) return error_answer(r, 404);
	const struct document_class_info *info = document_class(class);
	struct field_shown *fields = ARENA_ARRAY(r->arena, struct field_shown, info->field_count);
	struct point_of_sale shop;
	bool is_real;
	if (preview_shop(r, &shop, &is_real)) return error_answer(r, 503);
	for (size_t i = 0; i < info->field_count; i++) {
		const struct field_declaration *f = &info->fields[i];
		fields[i] = (struct field_shown){ f->name, document_sample(r->arena, f, &shop, r->language, store_now(r->db)), kind_of(f->kind),
			f->is_required, f->kind == FIELD_CONDITION };
	}
	struct office_page p = office_institution_page(r, MSG_DOCUMENT_FIELDS, PLACE_DOCUMENT_TYPES);
	p.title =
		lang_text(r->arena, r->language, MSG_FIELDS_OF_CLASS, (const struct arg[]){ arg_text("class", class_name(r, class)), { .kind = ARG_END } });
	struct render out = office_render(r);
	tpl_office_document_class(&out, &(const struct tpl_office_document_class){ .page = &p, .fields = fields, .count = info->field_count });
	return office_answer(r, 200, &out);
}
