/* formats/docx_part.c: the body, a header or a footer: WordprocessingML's events into the tree. */
#include "formats/docx_reading.h"

#include "base/status.h"

#define LINK_WEIGHT 8 /* a link's target or a field's instruction takes as much memory as so many nodes */

struct field_frame {
	struct buf instruction;
	enum { IN_INSTRUCTION, IN_SHOWN, IN_HIDDEN } phase;
	struct docx_node *node;		  /* a merge field's: takes the look of the first run of its result */
	const struct docx_link *link; /* a HYPERLINK's */
};

/* The paragraph and run being read; kept aside while a text box in them is. */
struct place {
	struct docx_node *paragraph;
	const struct style *style;
	struct properties direct; /* the paragraph's own */
	struct properties run;	  /* the run's own */
	const struct style *run_style;
	struct docx_look look;
	bool is_in_paragraph_properties, is_in_run_properties, is_in_border, is_look_known;
};

struct walk {
	struct reading *reading;
	struct docx_node *into;					  /* the container of blocks: root or cell */
	struct docx_node *parents[XML_DEPTH_MAX]; /* containers around it */
	size_t parent_count;
	struct place now, kept[TEXT_BOX_DEPTH];
	size_t kept_count;
	struct field_frame fields[FIELDS_DEPTH];
	size_t field_count;
	const struct docx_link *link; /* of w:hyperlink */
	bool alternates[ALTERNATE_DEPTH];
	size_t alternate_count;
	bool is_in_text, is_in_instruction, is_first_page;
	struct docx_image drawing; /* alternative text and size of the drawing around a picture */
	struct str header, footer, first_header, first_footer;
};

static struct arena *arena_of(const struct walk *w)
{
	return w->reading->arena;
}

/* Counts what takes memory, WEIGHT nodes' worth of it. False once there is too much. */
static bool has_room(struct reading *r, size_t weight)
{
	r->nodes += weight;
	if (r->nodes <= r->nodes_max) return true;
	if (!r->is_full) problem_add(r->why, "", MSG_DOCX_TOO_LONG);
	r->is_full = true;
	return false;
}

struct docx_node *docx_node_add(struct reading *r, struct docx_node *parent, enum docx_node_kind kind)
{
	if (!has_room(r, 1)) return NULL;
	struct docx_node *n = ARENA_NEW(r->arena, struct docx_node);
	n->kind = kind;
	docx_append(parent, n);
	return n;
}

/* ---- looks ---- */

static struct properties paragraph_properties(const struct walk *w)
{
	const struct styles *s = &w->reading->styles;
	struct properties p = s->defaults;
	if (w->now.style) p = properties_over(p, w->now.style->all);
	return properties_over(p, w->now.direct);
}

static struct docx_look look_now(struct walk *w)
{
	if (w->now.is_look_known) return w->now.look;
	struct properties p = w->reading->styles.defaults;
	if (w->now.style) p = properties_over(p, w->now.style->all);
	if (w->now.run_style) p = properties_over(p, w->now.run_style->all);
	p = properties_over(p, w->now.run);
	w->now.look = (struct docx_look){ .has_colour = p.has_colour,
		.is_bold = p.is_bold,
		.is_italic = p.is_italic,
		.is_underlined = p.is_underlined,
		.is_struck = p.is_struck,
		.is_hidden = p.is_hidden,
		.is_capitals = p.is_capitals,
		.half_points = p.half_points };
	if (p.has_colour) w->now.look.colour = p.colour;
	w->now.is_look_known = true;
	return w->now.look;
}

static bool is_same_paragraph(const struct docx_paragraph *a, const struct docx_paragraph *b)
{
	return a->heading == b->heading && a->align == b->align && a->level == b->level && a->is_tight == b->is_tight && a->is_footer == b->is_footer &&
		   a->is_band == b->is_band && a->is_shaded == b->is_shaded && a->has_rule == b->has_rule && a->list == b->list &&
		   a->half_points == b->half_points;
}

/* At the paragraph's begin, and again once its properties are known. Most are like the one before and share its record. */
static void paragraph_settle(struct walk *w)
{
	if (!w->now.paragraph) return;
	struct properties p = paragraph_properties(w);
	const struct style *s = w->now.style;
	struct docx_paragraph out = {
		.heading = s ? s->heading : 0,
		.align = p.align,
		.level = p.level,
		.is_tight = p.after == 0,
		.is_footer = s && s->is_footer,
		.is_band = s && s->is_band,
		.is_shaded = p.is_shaded,
		.has_rule = p.has_rule,
		.list = numbering_find(&w->reading->numbering, p.list),
		.half_points = p.half_points,
	};
	if (!out.heading && p.has & 1u << HAS_OUTLINE && p.outline < 6) out.heading = (uint8_t)(p.outline + 1);
	const struct docx_paragraph *last = w->reading->last;
	if (!last || !is_same_paragraph(last, &out)) {
		struct docx_paragraph *kept = ARENA_NEW(arena_of(w), struct docx_paragraph);
		*kept = out;
		w->reading->last = last = kept;
	}
	w->now.paragraph->paragraph = last;
}

static void paragraph_begin(struct walk *w)
{
	w->now = (struct place){ .style = w->reading->styles.paragraph };
	w->now.paragraph = docx_node_add(w->reading, w->into, DOCX_PARAGRAPH);
	paragraph_settle(w); /* Word leaves w:pPr out when there is nothing to say */
}

/* ---- text and fields ---- */

/* Whether what is read now is seen: not the instruction of a field, not the old result of one that is merged. */
static bool is_shown(const struct walk *w)
{
	for (size_t i = 0; i < w->field_count; i++)
		if (w->fields[i].phase != IN_SHOWN) return false;
	return w->now.paragraph;
}

static const struct docx_link *link_now(const struct walk *w)
{
	for (size_t i = w->field_count; i-- > 0;)
		if (w->fields[i].link) return w->fields[i].link;
	return w->link;
}

static struct docx_node *piece_add(struct walk *w, enum docx_node_kind kind)
{
	struct docx_look look = look_now(w);
	if (!is_shown(w) || look.is_hidden) return NULL;
	struct docx_node *n = docx_node_add(w->reading, w->now.paragraph, kind);
	if (!n) return NULL;
	n->look = look;
	n->link = link_now(w);
	return n;
}

static void text_add(struct walk *w, struct str text)
{
	struct reading *r = w->reading;
	if (w->field_count) {
		struct field_frame *f = &w->fields[w->field_count - 1];
		if (f->phase == IN_HIDDEN && f->node) { /* the look that the author gave the shown result is the field's */
			f->node->look = look_now(w);
			f->node = NULL;
		}
	}
	r->text += text.len;
	if (r->text > TEXT_MAX) {
		if (!r->is_full) problem_add(r->why, "", MSG_DOCX_TOO_LONG);
		r->is_full = true;
		return;
	}
	struct docx_node *n = piece_add(w, DOCX_TEXT);
	if (n) n->text = str_keep(r->arena, text);
}

static void field_begin(struct walk *w)
{
	if (!has_room(w->reading, LINK_WEIGHT)) return;
	if (w->field_count == FIELDS_DEPTH) {
		w->reading->is_full = true; /* what follows could not be told from instructions */
		problem_add(w->reading->why, "", MSG_DOCX_FIELDS_TOO_DEEP);
		return;
	}
	w->fields[w->field_count++] = (struct field_frame){ .instruction = buf_in(arena_of(w)), .phase = IN_INSTRUCTION };
}

/* A merge field inside another one's instruction: HYPERLINK "{ MERGEFIELD link.url }" reads as HYPERLINK "{{link.url}}". */
static bool field_inside(struct walk *w, const struct word_field *word)
{
	if (w->field_count < 2 || w->fields[w->field_count - 2].phase != IN_INSTRUCTION) return false;
	struct buf *outer = &w->fields[w->field_count - 2].instruction;
	if (word->kind == WORD_MERGEFIELD) {
		buf_add(outer, S("{{"));
		buf_add(outer, word->argument);
		buf_add(outer, S("}}"));
	}
	return true;
}

static void field_merge(struct walk *w, struct field_frame *f, const struct word_field *word)
{
	if (!docx_is_name(word->argument)) {
		docx_note(&w->reading->docx->faults, MSG_DOCX_TAG_UNREADABLE, "tag", word->field.instruction);
		return;
	}
	f->phase = IN_SHOWN; /* for the node itself */
	f->node = piece_add(w, DOCX_FIELD);
	f->phase = IN_HIDDEN;
	if (!f->node) return;
	f->node->text = word->argument;
	struct docx_field *field = ARENA_NEW(arena_of(w), struct docx_field);
	*field = word->field;
	f->node->field = field;
}

/* The instruction is whole: what the field is decides what is done with its result. */
static void field_separate(struct walk *w)
{
	struct field_frame *f = &w->fields[w->field_count - 1];
	if (f->phase != IN_INSTRUCTION) return;
	struct reading *r = w->reading;
	struct word_field word = word_field_read(r->arena, r->docx, buf_str(&f->instruction));
	f->phase = IN_HIDDEN;
	if (field_inside(w, &word)) return;
	if (word.kind == WORD_MERGEFIELD) field_merge(w, f, &word);
	else if (word.kind != WORD_HIDDEN) f->phase = IN_SHOWN;
	if (word.kind == WORD_HYPERLINK && word.argument.len) f->link = docx_target(r->arena, r->docx, word.argument);
}

static void field_end(struct walk *w)
{
	if (w->field_count == 0) return;
	field_separate(w);
	w->field_count--;
}

static bool field_char(struct walk *w, const struct xml_element *e)
{
	struct str type = xml_attribute(e, XML_WORD, "fldCharType");
	if (str_eq(type, S("begin"))) field_begin(w);
	else if (str_eq(type, S("separate")) && w->field_count) field_separate(w);
	else if (str_eq(type, S("end"))) field_end(w);
	return false; /* form fields' data */
}

/* ---- pictures ---- */

static struct str image_type(struct str bytes)
{
	if (str_starts(bytes, S("\x89PNG\r\n\x1a\n"))) return S("image/png");
	if (str_starts(bytes, S("\xff\xd8\xff"))) return S("image/jpeg");
	if (str_starts(bytes, S("GIF87a")) || str_starts(bytes, S("GIF89a"))) return S("image/gif");
	return S("");
}

static struct str image_bytes(struct walk *w, struct str id)
{
	struct reading *r = w->reading;
	const struct relation *relation = relation_find(&r->relations, id);
	if (!relation) return S("");
	if (relation->is_external) {
		docx_note(&r->docx->remarks, MSG_DOCX_IMAGE_OUTSIDE, NULL, S(""));
		return S("");
	}
	struct str path = package_path(r->arena, r->part, relation->target), bytes = S("");
	for (size_t i = 0; i < r->image_count; i++)
		if (str_eq(r->images[i].path, path)) return r->images[i].image->bytes;
	if (r->image_count == IMAGES_MAX || package_part(r->package, r->arena, path, &bytes, NULL) || !image_type(bytes).len) {
		docx_note(&r->docx->remarks, MSG_DOCX_IMAGE_UNREADABLE, "name", path);
		return S("");
	}
	struct docx_image *kept = ARENA_NEW(r->arena, struct docx_image);
	kept->bytes = bytes;
	r->images[r->image_count].path = path;
	r->images[r->image_count++].image = kept;
	return bytes;
}

static void image_add(struct walk *w, struct str id)
{
	if (id.len == 0 || !is_shown(w)) return;
	struct str bytes = image_bytes(w, id);
	if (bytes.len == 0) return;
	struct docx_image *image = ARENA_NEW(arena_of(w), struct docx_image);
	*image = w->drawing;
	image->bytes = bytes;
	image->type = image_type(bytes);
	struct docx_node *n = piece_add(w, DOCX_IMAGE);
	if (n) n->image = image;
}

/* Drawings measure in 914,400 parts of an inch, CSS in 96. */
static unsigned pixels(struct str emu)
{
	int64_t n;
	return str_int64(emu, &n) && n > 0 && n < 9525LL * 20000 ? (unsigned)(n / 9525) : 0;
}

static bool drawing_start(struct walk *w, const struct xml_element *e)
{
	struct docx *d = w->reading->docx;
	if (e->space == XML_PLACED) {
		if (str_eq(e->name, S("inline")) || str_eq(e->name, S("anchor"))) w->drawing = (struct docx_image){ 0 };
		else if (str_eq(e->name, S("docPr"))) w->drawing.alt = str_keep(arena_of(w), xml_attribute(e, XML_OTHER, "descr"));
		else if (str_eq(e->name, S("extent"))) {
			w->drawing.width = pixels(xml_attribute(e, XML_OTHER, "cx"));
			w->drawing.height = pixels(xml_attribute(e, XML_OTHER, "cy"));
		}
		return true;
	}
	if (e->space == XML_VML) {
		if (str_eq(e->name, S("imagedata"))) image_add(w, xml_attribute(e, XML_RELATION, "id"));
		return true;
	}
	if (str_eq(e->name, S("graphicData"))) {
		struct str uri = xml_attribute(e, XML_OTHER, "uri");
		if (str_ends(uri, S("/chart"))) return docx_note(&d->remarks, MSG_DOCX_CHART, NULL, S("")), false;
		if (str_ends(uri, S("/diagram"))) return docx_note(&d->remarks, MSG_DOCX_SMARTART, NULL, S("")), false;
	}
	if (str_eq(e->name, S("blip"))) {
		struct str embedded = xml_attribute(e, XML_RELATION, "embed");
		if (embedded.len) image_add(w, embedded);
		else image_add(w, xml_attribute(e, XML_RELATION, "link"));
		return false;
	}
	return true;
}

static bool alternate_start(struct walk *w, const struct xml_element *e)
{
	if (str_eq(e->name, S("AlternateContent"))) {
		if (w->alternate_count == ALTERNATE_DEPTH) return false;
		w->alternates[w->alternate_count++] = false;
		return true;
	}
	if (w->alternate_count == 0 || w->alternates[w->alternate_count - 1]) return false;
	w->alternates[w->alternate_count - 1] = true; /* one way of saying it is enough */
	return true;
}

/* ---- elements ---- */

/* Tables stand in cells (a document is one), rows in tables, cells in rows; anything else is passed over. */
static bool container_push(struct walk *w, enum docx_node_kind around, enum docx_node_kind kind)
{
	if (w->into->kind != around) return false;
	w->parents[w->parent_count++] = w->into; /* no deeper than the XML is */
	struct docx_node *n = docx_node_add(w->reading, w->into, kind);
	if (n) {
		n->span = 1;
		w->into = n;
	}
	return true;
}

static bool text_box_begin(struct walk *w)
{
	if (w->kept_count == TEXT_BOX_DEPTH) return false;
	w->kept[w->kept_count++] = w->now;
	w->now = (struct place){ 0 };
	return true;
}

static bool section_start(struct walk *w, const struct xml_element *e)
{
	bool is_header = str_eq(e->name, S("headerReference")), is_footer = str_eq(e->name, S("footerReference"));
	if (str_eq(e->name, S("titlePg"))) {
		struct str value = xml_attribute(e, XML_WORD, "val");
		w->is_first_page = !str_eq(value, S("0")) && !str_eq(value, S("false"));
	}
	if (!is_header && !is_footer) return false;
	struct str type = xml_attribute(e, XML_WORD, "type"), id = str_keep(arena_of(w), xml_attribute(e, XML_RELATION, "id"));
	if (str_eq(type, S("first"))) *(is_header ? &w->first_header : &w->first_footer) = id;
	else if (!str_eq(type, S("even"))) *(is_header ? &w->header : &w->footer) = id;
	return false;
}

static void section_end(struct walk *w)
{
	struct reading *r = w->reading;
	if (!r->has_section) { /* the first section's page is the mail's */
		r->header = w->is_first_page ? w->first_header : w->header;
		r->footer = w->is_first_page ? w->first_footer : w->footer;
		r->has_section = r->header.len || r->footer.len;
	}
	w->is_first_page = false;
	w->header = w->footer = w->first_header = w->first_footer = S("");
}

/* Inside w:pPr. */
static bool paragraph_property(struct walk *w, const struct xml_element *e)
{
	struct place *p = &w->now;
	if (str_eq(e->name, S("pStyle"))) {
		const struct style *s = style_find(&w->reading->styles, xml_attribute(e, XML_WORD, "val"));
		if (s) p->style = s;
		return false;
	}
	if (str_eq(e->name, S("pBdr"))) return p->is_in_border = true;
	if (p->is_in_border && (str_eq(e->name, S("top")) || str_eq(e->name, S("bottom")))) {
		struct str value = xml_attribute(e, XML_WORD, "val");
		if (!str_eq(value, S("nil")) && !str_eq(value, S("none"))) p->direct.has_rule = true, p->direct.has |= 1u << HAS_RULE;
		return false;
	}
	if (str_eq(e->name, S("numPr")) || str_eq(e->name, S("sectPr"))) return true;
	if (str_eq(e->name, S("headerReference")) || str_eq(e->name, S("footerReference")) || str_eq(e->name, S("titlePg"))) return section_start(w, e);
	properties_read(&p->direct, e);
	return false; /* also w:rPr, which is the mark's at the end, and w:pPrChange, which is the past */
}

static bool run_property(struct walk *w, const struct xml_element *e)
{
	if (str_eq(e->name, S("rStyle"))) w->now.run_style = style_find(&w->reading->styles, xml_attribute(e, XML_WORD, "val"));
	else if (!str_eq(e->name, S("shd"))) properties_read(&w->now.run, e);
	return false;
}

enum tag {
	TAG_OTHER,
	TAG_P,
	TAG_PPR,
	TAG_R,
	TAG_RPR,
	TAG_T,
	TAG_INSTRUCTION,
	TAG_FIELD_CHAR,
	TAG_FIELD_SIMPLE,
	TAG_HYPERLINK,
	TAG_BODY,
	TAG_TABLE,
	TAG_ROW,
	TAG_CELL,
	TAG_TEXT_BOX,
	TAG_SECTION,
	TAG_HEADER_ROW,
	TAG_SPAN,
	TAG_BLANK,
	TAG_BREAK,
	TAG_HYPHEN,
	TAG_NOTE,
	TAG_OBJECT,
	TAG_PASS,
};

static enum tag tag_of(struct str name)
{
	static const struct {
		struct str name;
		enum tag tag;
	} known[] = {
		/* the frequent ones first */
		{ { STR("r") }, TAG_R },
		{ { STR("t") }, TAG_T },
		{ { STR("rPr") }, TAG_RPR },
		{ { STR("p") }, TAG_P },
		{ { STR("pPr") }, TAG_PPR },
		{ { STR("instrText") }, TAG_INSTRUCTION },
		{ { STR("fldChar") }, TAG_FIELD_CHAR },
		{ { STR("fldSimple") }, TAG_FIELD_SIMPLE },
		{ { STR("hyperlink") }, TAG_HYPERLINK },
		{ { STR("body") }, TAG_BODY },
		{ { STR("tbl") }, TAG_TABLE },
		{ { STR("tr") }, TAG_ROW },
		{ { STR("tc") }, TAG_CELL },
		{ { STR("tab") }, TAG_BLANK },
		{ { STR("ptab") }, TAG_BLANK },
		{ { STR("br") }, TAG_BREAK },
		{ { STR("cr") }, TAG_BREAK },
		{ { STR("noBreakHyphen") }, TAG_HYPHEN },
		{ { STR("txbxContent") }, TAG_TEXT_BOX },
		{ { STR("sectPr") }, TAG_SECTION },
		{ { STR("tblHeader") }, TAG_HEADER_ROW },
		{ { STR("gridSpan") }, TAG_SPAN },
		{ { STR("footnoteReference") }, TAG_NOTE },
		{ { STR("endnoteReference") }, TAG_NOTE },
		{ { STR("object") }, TAG_OBJECT },
		/* the past, and what describes rather than says */
		{ { STR("del") }, TAG_PASS },
		{ { STR("moveFrom") }, TAG_PASS },
		{ { STR("delText") }, TAG_PASS },
		{ { STR("delInstrText") }, TAG_PASS },
		{ { STR("sdtPr") }, TAG_PASS },
		{ { STR("sdtEndPr") }, TAG_PASS },
		{ { STR("tblPr") }, TAG_PASS },
		{ { STR("tblPrEx") }, TAG_PASS },
		{ { STR("tblGrid") }, TAG_PASS },
		{ { STR("rt") }, TAG_PASS },
	};
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(name, known[i].name)) return known[i].tag;
	return TAG_OTHER;
}

static bool link_start(struct walk *w, const struct xml_element *e)
{
	if (!has_room(w->reading, LINK_WEIGHT)) return false;
	const struct relation *r = relation_find(&w->reading->relations, xml_attribute(e, XML_RELATION, "id"));
	w->link = r ? docx_target(arena_of(w), w->reading->docx, r->target) : NULL; /* else a place in the document itself */
	return true;
}

static bool word_start(struct walk *w, const struct xml_element *e)
{
	struct docx *d = w->reading->docx;
	switch (tag_of(e->name)) {
	case TAG_P:
		if (w->into->kind != DOCX_CELL) return false;
		paragraph_begin(w);
		break;
	case TAG_PPR: return w->now.is_in_paragraph_properties = w->now.paragraph && !w->now.is_in_paragraph_properties;
	case TAG_R:
		w->now.run = (struct properties){ 0 };
		w->now.run_style = NULL;
		w->now.is_look_known = false;
		break;
	case TAG_RPR:
		w->now.is_look_known = false;
		w->now.is_in_run_properties = true;
		break;
	case TAG_T: w->is_in_text = true; break;
	case TAG_INSTRUCTION: w->is_in_instruction = true; break;
	case TAG_FIELD_CHAR: return field_char(w, e);
	case TAG_FIELD_SIMPLE:
		field_begin(w);
		if (w->field_count) buf_add(&w->fields[w->field_count - 1].instruction, xml_attribute(e, XML_WORD, "instr"));
		if (w->field_count && !w->reading->is_full) field_separate(w);
		break;
	case TAG_HYPERLINK: return link_start(w, e);
	case TAG_BODY: w->reading->has_body = true; break;
	case TAG_TABLE: return container_push(w, DOCX_CELL, DOCX_TABLE);
	case TAG_ROW: return container_push(w, DOCX_TABLE, DOCX_ROW);
	case TAG_CELL: return container_push(w, DOCX_ROW, DOCX_CELL);
	case TAG_TEXT_BOX: return text_box_begin(w);
	case TAG_HEADER_ROW:
		if (w->into->kind == DOCX_ROW) w->into->is_header = true;
		return false;
	case TAG_SPAN: {
		int64_t n;
		if (w->into->kind == DOCX_CELL && str_int64(xml_attribute(e, XML_WORD, "val"), &n) && n > 1 && n <= 63) w->into->span = (uint8_t)n;
		return false;
	}
	case TAG_BLANK: text_add(w, S(" ")); return false;
	case TAG_BREAK: piece_add(w, DOCX_BREAK); return false;
	case TAG_HYPHEN: text_add(w, S("\xe2\x80\x91")); return false;
	case TAG_NOTE: docx_note(&d->remarks, MSG_DOCX_FOOTNOTE, NULL, S("")); return false;
	case TAG_OBJECT: docx_note(&d->remarks, MSG_DOCX_OBJECT, NULL, S("")); return false;
	case TAG_PASS: return false;
	case TAG_SECTION:
	case TAG_OTHER: break;
	}
	return true;
}

static bool on_start(void *user, const struct xml_element *e)
{
	struct walk *w = user;
	if (e->space == XML_COMPATIBLE) return alternate_start(w, e);
	if (e->space == XML_MATH) return docx_note(&w->reading->docx->remarks, MSG_DOCX_EQUATION, NULL, S("")), false;
	if (e->space != XML_WORD) return drawing_start(w, e);
	if (w->now.is_in_run_properties) return run_property(w, e);
	if (w->now.is_in_paragraph_properties) return paragraph_property(w, e);
	if (str_eq(e->name, S("headerReference")) || str_eq(e->name, S("footerReference")) || str_eq(e->name, S("titlePg"))) return section_start(w, e);
	return word_start(w, e);
}

static void on_end(void *user, enum xml_space space, struct str name)
{
	struct walk *w = user;
	if (space == XML_COMPATIBLE && str_eq(name, S("AlternateContent")) && w->alternate_count) w->alternate_count--;
	if (space != XML_WORD) return;
	if (w->now.is_in_border && str_eq(name, S("pBdr"))) w->now.is_in_border = false;
	switch (tag_of(name)) {
	case TAG_P:
		if (w->now.paragraph) docx_tags_find(w->reading, w->now.paragraph);
		w->now.paragraph = NULL;
		break;
	case TAG_PPR:
		w->now.is_in_paragraph_properties = false;
		paragraph_settle(w);
		break;
	case TAG_RPR: w->now.is_in_run_properties = false; break;
	case TAG_T: w->is_in_text = false; break;
	case TAG_INSTRUCTION: w->is_in_instruction = false; break;
	case TAG_FIELD_SIMPLE: field_end(w); break;
	case TAG_HYPERLINK: w->link = NULL; break;
	case TAG_TABLE:
	case TAG_ROW:
	case TAG_CELL:
		if (w->parent_count) w->into = w->parents[--w->parent_count];
		break;
	case TAG_TEXT_BOX:
		if (w->kept_count) w->now = w->kept[--w->kept_count];
		break;
	case TAG_SECTION: section_end(w); break;
	default: break;
	}
}

static void on_text(void *user, struct str text)
{
	struct walk *w = user;
	if (w->is_in_text) text_add(w, text);
	if (!w->is_in_instruction || w->field_count == 0) return;
	struct field_frame *f = &w->fields[w->field_count - 1];
	w->reading->text += text.len;
	if (f->phase == IN_INSTRUCTION && w->reading->text <= TEXT_MAX) buf_add(&f->instruction, text);
}

enum status docx_part_read(struct reading *r, struct str xml, struct docx_node *into)
{
	static const struct xml_handler handler = { on_start, on_end, on_text };
	struct arena *own = arena_new();
	struct walk *w = ARENA_NEW(own, struct walk);
	w->reading = r;
	w->into = into;
	enum status st = xml_walk(xml, r->part, &handler, w, &r->is_full, r->why);
	if (!st && w->field_count) docx_note(&r->docx->faults, MSG_DOCX_FIELD_OPEN, NULL, S(""));
	arena_free(own);
	return st;
}
