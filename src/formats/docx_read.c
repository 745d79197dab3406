/* formats/docx_read.c: from a file's bytes to the tree: package, relationships, parts, then tags and subject. */
#include "formats/docx_reading.h"

#include "base/status.h"

void docx_append(struct docx_node *parent, struct docx_node *child)
{
	if (parent->last) parent->last->next = child;
	else parent->first = child;
	parent->last = child;
}

bool docx_is_visible(const struct docx_node *n)
{
	for (; n; n = n->next) {
		switch (n->kind) {
		case DOCX_FIELD:
		case DOCX_IMAGE: return true;
		case DOCX_TEXT:
			if (str_trim(n->text).len) return true;
			break;
		default:
			if (docx_is_visible(n->first)) return true;
		}
	}
	return false;
}

void docx_note(struct problem *list, enum message message, const char *name, struct str text)
{
	size_t count = 0;
	for (const struct finding *f = list->first; f; f = f->next, count++)
		if (f->message == message && (!name || str_eq(f->args[0].text, text))) return;
	if (count >= FINDINGS_MAX) return;
	if (name) problem_add(list, "", message, arg_text(name, str_keep(list->arena, text)));
	else problem_add(list, "", message);
}

/* ---- relationships and content types ---- */

const struct relation *relation_find(const struct relations *r, struct str id)
{
	for (size_t i = 0; id.len && i < r->count; i++)
		if (str_eq(r->at[i].id, id)) return &r->at[i];
	return NULL;
}

static const struct relation *relation_of(const struct relations *r, struct str type)
{
	for (size_t i = 0; i < r->count; i++)
		if (str_eq(r->at[i].type, type) && !r->at[i].is_external) return &r->at[i];
	return NULL;
}

struct relations_walk {
	struct arena *arena;
	struct relations *out;
	size_t size;
};

static bool relations_start(void *user, const struct xml_element *e)
{
	struct relations_walk *w = user;
	if (e->space != XML_PACKAGE) return false;
	if (str_eq(e->name, S("Relationships"))) return true;
	if (!str_eq(e->name, S("Relationship")) || w->out->count == RELATIONS_MAX) return false;
	if (w->out->count == w->size) {
		size_t size = w->size ? w->size * 2 : 16;
		w->out->at = arena_grow(w->arena, w->out->at, w->size * sizeof *w->out->at, size * sizeof *w->out->at);
		w->size = size;
	}
	struct str type = xml_attribute(e, XML_OTHER, "Type"), last = type, piece;
	while (str_next(&type, '/', &piece)) last = piece;
	w->out->at[w->out->count++] = (struct relation){
		.id = str_keep(w->arena, xml_attribute(e, XML_OTHER, "Id")),
		.type = str_keep(w->arena, last),
		.target = str_keep(w->arena, xml_attribute(e, XML_OTHER, "Target")),
		.is_external = str_eq(xml_attribute(e, XML_OTHER, "TargetMode"), S("External")),
	};
	return false;
}

/* The relations of PART (empty: of the package); a part without them has none. */
static enum status relations_read(struct reading *r, struct str part, struct relations *out)
{
	static const struct xml_handler handler = { relations_start, NULL, NULL };
	struct str folder = S(""), file = part;
	for (size_t i = part.len; i-- > 0;)
		if (part.at[i] == '/') {
			folder = str_part(part, 0, i + 1);
			file = str_part(part, i + 1, part.len);
			break;
		}
	*out = (struct relations){ 0 };
	struct str path = str_format(r->arena, "%.*s_rels/%.*s.rels", STR_ARG(folder), STR_ARG(file)), xml;
	struct arena *own = arena_new();
	enum status st = package_part(r->package, own, path, &xml, r->why);
	struct relations_walk w = { .arena = r->arena, .out = out };
	if (st == OK) st = xml_walk(xml, path, &handler, &w, NULL, r->why);
	else if (st == NOT_FOUND) st = OK;
	arena_free(own);
	return st;
}

struct types_walk {
	bool has_macros, is_word;
};

static bool types_start(void *user, const struct xml_element *e)
{
	struct types_walk *w = user;
	struct str type = xml_attribute(e, XML_OTHER, "ContentType");
	if (str_find(type, S("macroEnabled")) >= 0 || str_find(type, S("vbaProject")) >= 0) w->has_macros = true;
	if (str_find(type, S("wordprocessingml")) >= 0 || str_find(type, S("macroEnabled")) >= 0) w->is_word = true;
	return true;
}

static enum status types_check(struct reading *r)
{
	static const struct xml_handler handler = { types_start, NULL, NULL };
	struct types_walk w = { 0 };
	struct arena *own = arena_new();
	struct str path = S("[Content_Types].xml"), xml;
	enum status st = package_part(r->package, own, path, &xml, r->why);
	if (st == OK) st = xml_walk(xml, path, &handler, &w, NULL, r->why);
	else if (st == NOT_FOUND) problem_add(r->why, "", MSG_DOCX_NOT_WORD);
	if (st == OK && w.has_macros) problem_add(r->why, "", MSG_DOCX_MACROS), st = REFUSED;
	if (st == OK && !w.is_word) problem_add(r->why, "", MSG_DOCX_NOT_WORD), st = REFUSED;
	arena_free(own);
	return st == OK ? OK : REFUSED;
}

/* ---- parts ---- */

/* The part that RELATIONS name for TYPE, unpacked into A; NOT_FOUND when there is none. */
static enum status related_part(
	struct reading *r, struct arena *a, const struct relation *relation, struct str from, struct str *path, struct str *xml)
{
	if (!relation || relation->is_external) return NOT_FOUND;
	*path = package_path(r->arena, from, relation->target);
	return package_part(r->package, a, *path, xml, r->why);
}

static enum status styles_and_numbering(struct reading *r, struct str main)
{
	struct arena *own = arena_new();
	struct str path, xml;
	enum status st = related_part(r, own, relation_of(&r->relations, S("styles")), main, &path, &xml);
	if (st == OK) st = styles_read(r->arena, xml, &r->styles, r->why);
	if (st == OK || st == NOT_FOUND) st = related_part(r, own, relation_of(&r->relations, S("numbering")), main, &path, &xml);
	if (st == OK) st = numbering_read(r->arena, xml, &r->numbering, r->why);
	arena_free(own);
	return st == NOT_FOUND ? OK : st;
}

/* A header or footer that the first section names. */
static enum status margin_read(struct reading *r, const struct relations *main_relations, struct str main, struct str id, struct docx_node *into)
{
	struct arena *own = arena_new();
	struct str path, xml;
	enum status st = related_part(r, own, relation_find(main_relations, id), main, &path, &xml);
	if (st == OK) {
		r->part = path;
		st = relations_read(r, path, &r->relations);
		if (st == OK) st = docx_part_read(r, xml, into);
	}
	arena_free(own);
	return st == NOT_FOUND ? OK : st;
}

static enum status parts_read(struct reading *r)
{
	struct docx *d = r->docx;
	struct relations top;
	struct str main, xml;
	enum status st;
	if ((st = types_check(r))) return st;
	if ((st = relations_read(r, S(""), &top))) return st;
	struct arena *own = arena_new();
	st = related_part(r, own, relation_of(&top, S("officeDocument")), S(""), &main, &xml);
	if (st == NOT_FOUND) problem_add(r->why, "", MSG_DOCX_NOT_WORD), st = REFUSED;
	if (st == OK) st = relations_read(r, main, &r->relations);
	struct relations main_relations = r->relations;
	if (st == OK) st = styles_and_numbering(r, main);
	r->part = main;
	if (st == OK) st = docx_part_read(r, xml, &d->body);
	if (st == OK && !r->has_body) problem_add(r->why, "", MSG_DOCX_NOT_WORD), st = REFUSED;
	arena_free(own);
	if (st == OK) st = margin_read(r, &main_relations, main, r->header, &d->header);
	if (st == OK) st = margin_read(r, &main_relations, main, r->footer, &d->footer);
	return st;
}

/* The house's band: the paragraph of that style, or the first one that is seen when it is shaded. */
static void band_find(struct arena *a, struct docx *d)
{
	for (struct docx_node *n = d->body.first; n; n = n->next) {
		if (n->kind != DOCX_PARAGRAPH || !docx_is_visible(n->first)) continue;
		if (n->paragraph->is_shaded && !n->paragraph->is_band) {
			struct docx_paragraph *band = ARENA_NEW(a, struct docx_paragraph);
			*band = *n->paragraph;
			band->is_band = true;
			n->paragraph = band;
		}
		return;
	}
}

enum status docx_read(struct arena *a, struct str bytes, struct docx_limits limits, struct docx **out, struct problem *why)
{
	*out = NULL;
	if (!limits.bytes) limits.bytes = DOCX_BYTES_MAX;
	if (!limits.unpacked) limits.unpacked = DOCX_UNPACKED_MAX;
	if (!limits.nodes) limits.nodes = DOCX_NODES_MAX;
	struct docx *d = ARENA_NEW(a, struct docx);
	d->faults = problem_in(a);
	d->remarks = problem_in(a);
	d->body.kind = d->header.kind = d->footer.kind = DOCX_CELL;
	struct reading r = { .arena = a, .docx = d, .why = why, .nodes_max = limits.nodes };
	enum status st = package_open(a, bytes, limits, &r.package, why);
	if (st) return st;
	st = parts_read(&r);
	package_close(r.package);
	if (st) return st;
	d->lists = r.numbering.lists;
	d->list_count = r.numbering.count;
	struct properties text = r.styles.paragraph ? properties_over(r.styles.defaults, r.styles.paragraph->all) : r.styles.defaults;
	d->half_points = text.half_points ? text.half_points : 20; /* Word's own default: 10 points */
	docx_sections(a, d, &d->body);
	docx_sections(a, d, &d->header);
	docx_sections(a, d, &d->footer);
	docx_subject_find(a, d);
	band_find(a, d);
	*out = d;
	return OK;
}

const struct problem *docx_remarks(const struct docx *d)
{
	return &d->remarks;
}
