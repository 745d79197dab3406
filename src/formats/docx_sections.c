/* formats/docx_sections.c: {{#name}} … {{/name}} built into sections: of pieces inside a paragraph, of blocks, of a table's rows. And the subject. */
#include "formats/docx_tree.h"

#include "base/status.h"

struct frame {
	struct docx_node *section; /* the innermost open one's; frame 0 is the list itself and has none */
	struct docx_node *into;
};

/* Sections open at one place of the tree. */
struct stack {
	struct arena *arena;
	struct docx *docx;
	struct frame frames[DOCX_SECTION_DEPTH + 1];
	size_t depth;
};

static struct docx_node *section_new(struct arena *a, const struct docx_node *open)
{
	struct docx_node *s = ARENA_NEW(a, struct docx_node);
	s->kind = DOCX_SECTION;
	s->text = open->text;
	s->is_unless = open->is_unless;
	s->look = open->look;
	return s;
}

/* A finding about a tag, shown as it is written. */
static void tag_note(struct docx *d, enum message message, const struct docx_node *tag)
{
	const char *mark = tag->kind == DOCX_CLOSE ? "/" : tag->is_unless ? "^" : "#";
	docx_note(&d->faults, message, "tag", str_format(d->faults.arena, "{{%s%.*s}}", mark, STR_ARG(tag->text)));
}

/* Opens or closes a section as TAG says. */
static void tag_apply(struct stack *s, const struct docx_node *tag)
{
	if (tag->kind == DOCX_OPEN) {
		if (s->depth == DOCX_SECTION_DEPTH) {
			tag_note(s->docx, MSG_DOCX_SECTIONS_TOO_DEEP, tag);
			return;
		}
		struct docx_node *section = section_new(s->arena, tag);
		docx_append(s->frames[s->depth].into, section);
		s->frames[++s->depth] = (struct frame){ section, section };
		return;
	}
	size_t at = s->depth;
	while (at > 0 && !str_eq_nocase(s->frames[at].section->text, tag->text)) at--;
	if (at == 0) {
		tag_note(s->docx, MSG_DOCX_SECTION_UNOPENED, tag);
		return;
	}
	if (at != s->depth) tag_note(s->docx, MSG_DOCX_SECTION_CROSSED, s->frames[s->depth].section);
	s->depth = at - 1;
}

static void stack_end(struct stack *s)
{
	if (s->depth) tag_note(s->docx, MSG_DOCX_SECTION_UNCLOSED, s->frames[s->depth].section);
}

static bool is_tag(const struct docx_node *n)
{
	return n->kind == DOCX_OPEN || n->kind == DOCX_CLOSE;
}

static bool is_blank_text(const struct docx_node *n)
{
	return n->kind == DOCX_TEXT && str_trim(n->text).len == 0;
}

/* ---- inside a paragraph ---- */

/* Where the tag that closes OPEN stands among the pieces after it; NULL when the paragraph has none. */
static struct docx_node *closing(const struct docx_node *open)
{
	int depth = 0;
	for (struct docx_node *n = open->next; n; n = n->next) {
		if (!is_tag(n) || !str_eq_nocase(n->text, open->text)) continue;
		if (n->kind == DOCX_OPEN) depth++;
		else if (depth-- == 0) return n;
	}
	return NULL;
}

/* Sections that begin and end in PARAGRAPH; tags of others stay. */
static void inline_sections(struct arena *a, struct docx *d, struct docx_node *paragraph)
{
	bool has_tag = false;
	for (const struct docx_node *n = paragraph->first; n; n = n->next) has_tag |= is_tag(n);
	if (!has_tag) return;
	struct docx_node out = { 0 };
	struct stack s = { .arena = a, .docx = d, .frames[0].into = &out };
	for (struct docx_node *n = paragraph->first, *next; n; n = next) {
		next = n->next;
		bool is_own = n->kind == DOCX_OPEN ? s.depth > 0 || closing(n) : n->kind == DOCX_CLOSE && s.depth > 0;
		if (is_own) tag_apply(&s, n);
		else {
			n->next = NULL;
			docx_append(s.frames[s.depth].into, n);
		}
	}
	stack_end(&s);
	paragraph->first = out.first;
	paragraph->last = out.last;
}

/* ---- over paragraphs ---- */

/* Takes the tags at the front of PARAGRAPH off it, with blanks before and between them. */
static struct docx_node *tags_in_front(struct docx_node *paragraph)
{
	struct docx_node *last = NULL;
	for (struct docx_node *n = paragraph->first; n && (is_tag(n) || is_blank_text(n)); n = n->next)
		if (is_tag(n)) last = n;
	if (!last) return NULL;
	struct docx_node *tags = paragraph->first;
	paragraph->first = last->next;
	if (!paragraph->first) paragraph->last = NULL;
	last->next = NULL;
	return tags;
}

/* And those at its end. */
static struct docx_node *tags_behind(struct docx_node *paragraph)
{
	struct docx_node *kept = NULL; /* the last piece that is neither */
	for (struct docx_node *n = paragraph->first; n; n = n->next)
		if (!is_tag(n) && !is_blank_text(n)) kept = n;
	struct docx_node *tags = kept ? kept->next : paragraph->first;
	bool has_tag = false;
	for (const struct docx_node *n = tags; n; n = n->next) has_tag |= is_tag(n);
	if (!has_tag) return NULL;
	paragraph->last = kept;
	*(kept ? &kept->next : &paragraph->first) = NULL;
	return tags;
}

/* Tags with words on both sides belong to no section that could be built. */
static void tags_in_the_middle(struct docx *d, struct docx_node *paragraph)
{
	for (struct docx_node *n = paragraph->first; n; n = n->next)
		if (is_tag(n)) tag_note(d, MSG_DOCX_SECTION_MIDDLE, n);
}

static void tags_apply(struct stack *s, const struct docx_node *tags)
{
	for (; tags; tags = tags->next)
		if (is_tag(tags)) tag_apply(s, tags);
}

/* A paragraph that is one section as a whole appears and repeats as a whole. */
static struct docx_node *hoisted(struct arena *a, struct docx_node *paragraph)
{
	struct docx_node *only = NULL;
	for (struct docx_node *n = paragraph->first; n; n = n->next) {
		if (is_blank_text(n)) continue;
		if (only || n->kind != DOCX_SECTION) return paragraph;
		only = n;
	}
	if (!only) return paragraph;
	struct docx_node *section = section_new(a, only);
	paragraph->first = only->first;
	paragraph->last = only->last;
	docx_append(section, hoisted(a, paragraph)); /* no deeper than DOCX_SECTION_DEPTH */
	return section;
}

static void paragraph_sections(struct stack *s, struct docx_node *p)
{
	inline_sections(s->arena, s->docx, p);
	bool was_visible = docx_is_visible(p->first);
	const struct docx_node *front = tags_in_front(p), *behind = tags_behind(p);
	tags_in_the_middle(s->docx, p);
	tags_apply(s, front);
	if ((!front && !behind) || was_visible) docx_append(s->frames[s->depth].into, hoisted(s->arena, p));
	tags_apply(s, behind);
}

/* ---- over rows ---- */

/* Whether the tags of a row's cell are closed (opened) in that cell: then they are the cell's business. */
static bool is_answered(const struct docx_node *cell, const struct docx_node *tag)
{
	enum docx_node_kind answer = tag->kind == DOCX_OPEN ? DOCX_CLOSE : DOCX_OPEN;
	for (const struct docx_node *p = cell->first; p; p = p->next)
		for (const struct docx_node *n = p->kind == DOCX_PARAGRAPH ? p->first : NULL; n; n = n->next)
			if (n->kind == answer && str_eq_nocase(n->text, tag->text)) return true;
	return false;
}

static struct docx_node *row_tags(const struct docx_node *cell, struct docx_node *paragraph, struct docx_node *(*take)(struct docx_node *))
{
	if (!paragraph || paragraph->kind != DOCX_PARAGRAPH) return NULL;
	for (const struct docx_node *n = paragraph->first; n; n = n->next)
		if (is_tag(n) && is_answered(cell, n)) return NULL;
	return take(paragraph);
}

static void table_sections(struct arena *a, struct docx *d, struct docx_node *table)
{
	struct docx_node out = { 0 };
	struct stack s = { .arena = a, .docx = d, .frames[0].into = &out };
	for (struct docx_node *row = table->first, *next; row; row = next) {
		next = row->next;
		row->next = NULL;
		for (struct docx_node *cell = row->first; cell; cell = cell->next)
			for (struct docx_node *p = cell->first; p; p = p->next)
				if (p->kind == DOCX_PARAGRAPH) inline_sections(a, d, p);
		bool is_full = docx_is_visible(row->first);
		const struct docx_node *front = row->first ? row_tags(row->first, row->first->first, tags_in_front) : NULL;
		const struct docx_node *behind = row->last ? row_tags(row->last, row->last->last, tags_behind) : NULL;
		for (struct docx_node *cell = row->first; cell; cell = cell->next) docx_sections(a, d, cell);
		tags_apply(&s, front);
		if ((!front && !behind) || is_full) docx_append(s.frames[s.depth].into, row);
		tags_apply(&s, behind);
	}
	stack_end(&s);
	table->first = out.first;
	table->last = out.last;
}

void docx_sections(struct arena *a, struct docx *d, struct docx_node *root)
{
	struct docx_node out = { 0 };
	struct stack s = { .arena = a, .docx = d, .frames[0].into = &out };
	for (struct docx_node *n = root->first, *next; n; n = next) {
		next = n->next;
		n->next = NULL;
		if (n->kind == DOCX_PARAGRAPH) paragraph_sections(&s, n);
		else {
			if (n->kind == DOCX_TABLE) table_sections(a, d, n);
			docx_append(s.frames[s.depth].into, n);
		}
	}
	stack_end(&s);
	root->first = out.first;
	root->last = out.last;
}

/* ---- the subject ---- */

/* Length of a blank at the front: ASCII, no-break (U+00A0), narrow no-break (U+202F) and thin (U+2009), which stand before colons in French. */
static size_t blank_at(struct str s)
{
	if (s.len && (s.at[0] == ' ' || s.at[0] == '\t')) return 1;
	if (str_starts(s, S("\xc2\xa0"))) return 2;
	return str_starts(s, S("\xe2\x80\xaf")) || str_starts(s, S("\xe2\x80\x89")) ? 3 : 0;
}

static struct str without_blanks(struct str s)
{
	size_t n;
	while ((n = blank_at(s))) s = str_part(s, n, s.len);
	return s;
}

/* Bytes of "Subject:" at the front of S, in any of the languages, with its blanks; 0 when it begins otherwise. */
static size_t label_at(struct str s)
{
	static const struct str labels[] = { { STR("Subject") }, { STR("Objet") }, { STR("Betreff") }, { STR("Oggetto") } };
	struct str begin = without_blanks(s);
	for (size_t i = 0; i < COUNT(labels); i++) {
		if (!str_eq_nocase(str_part(begin, 0, labels[i].len), labels[i])) continue;
		struct str rest = without_blanks(str_part(begin, labels[i].len, begin.len));
		if (rest.len && rest.at[0] == ':') return s.len - rest.len + 1;
	}
	return 0;
}

#define LABEL_MAX 64 /* bytes of a label with its blanks */

static size_t label_of(struct arena *a, const struct docx_node *paragraph)
{
	struct buf b = buf_in(a);
	for (const struct docx_node *n = paragraph->first; n && n->kind == DOCX_TEXT && b.len < LABEL_MAX; n = n->next)
		buf_add(&b, str_part(n->text, 0, LABEL_MAX));
	return label_at(buf_str(&b));
}

static void label_cut(struct docx_node *paragraph, size_t len)
{
	for (struct docx_node *n = paragraph->first; n && len; n = n->next) {
		size_t cut = n->text.len < len ? n->text.len : len;
		n->text = str_part(n->text, cut, n->text.len);
		len -= cut;
	}
}

/* What of the pieces is bold, blanks between bold words too. */
static void keep_bold(struct docx_node *list)
{
	struct docx_node out = { 0 };
	for (struct docx_node *n = list->first, *next; n; n = next) {
		next = n->next;
		n->next = NULL;
		if (n->kind == DOCX_SECTION) keep_bold(n);
		else if (!n->look.is_bold && !is_blank_text(n)) continue;
		docx_append(&out, n);
	}
	list->first = out.first;
	list->last = out.last;
}

static bool is_all_bold(const struct docx_node *n)
{
	for (; n; n = n->next) {
		if (n->kind == DOCX_SECTION ? !is_all_bold(n->first) : !n->look.is_bold && !is_blank_text(n)) return false;
	}
	return true;
}

static void body_remove(struct docx *d, const struct docx_node *paragraph)
{
	struct docx_node out = { 0 };
	for (struct docx_node *n = d->body.first, *next; n; n = next) {
		next = n->next;
		n->next = NULL;
		if (n != paragraph) docx_append(&out, n);
	}
	d->body.first = out.first;
	d->body.last = out.last;
}

void docx_subject_find(struct arena *a, struct docx *d)
{
	struct docx_node *found = NULL, *first = NULL;
	size_t label = 0;
	for (struct docx_node *n = d->body.first; n && !found; n = n->next) {
		if (!first && docx_is_visible(n->first)) first = n;
		if (n->kind == DOCX_PARAGRAPH && (label = label_of(a, n))) found = n;
	}
	if (found) label_cut(found, label);
	else if (first && first->kind == DOCX_PARAGRAPH && is_all_bold(first->first)) found = first;
	if (!found) {
		docx_note(&d->faults, MSG_DOCX_NO_SUBJECT, NULL, S(""));
		return;
	}
	body_remove(d, found);
	keep_bold(found);
	d->subject.first = found->first;
	d->subject.last = found->last;
	d->has_subject = docx_is_visible(found->first);
	if (!d->has_subject) docx_note(&d->faults, MSG_DOCX_SUBJECT_NOT_BOLD, NULL, S(""));
}
