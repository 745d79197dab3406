/* formats/docx_merge.c: a template and values into a tree without fields. A value's text goes into a text node and is never looked at again. */
#include "formats/docx_tree.h"

#include <string.h>
#include <unicode/ucasemap.h>

#include "base/status.h"

#define MERGED_NODES_MAX 400000 /* a repeat inside a repeat must not grow without end; 100 bytes each */

/* Values at hand: an item's, then those around it. */
struct scope {
	struct docx_values values;
	const struct scope *outer;
};

struct merge {
	struct arena *arena;
	const struct docx *docx;
	char language[4];
	size_t nodes;
	bool is_refused;
	struct problem *why;
	const struct docx_value **appeared; /* of those that must */
	size_t appeared_count, must_count;
	uint32_t *ordinals; /* DOCX_LEVELS for each list */
};

static void refuse(struct merge *m, enum message message, struct str name)
{
	m->is_refused = true;
	if (m->why) docx_note(m->why, message, "name", name);
}

static const struct docx_value *value_find(const struct scope *s, struct str name)
{
	for (; s; s = s->outer)
		for (size_t i = 0; i < s->values.count; i++)
			if (str_eq_nocase(s->values.at[i].name, name)) return &s->values.at[i];
	return NULL;
}

static const struct docx_value *value_of(struct merge *m, const struct scope *s, struct str name)
{
	const struct docx_value *v = value_find(s, name);
	if (!v) refuse(m, MSG_DOCX_VALUE_MISSING, name);
	return v;
}

static void appears(struct merge *m, const struct docx_value *v)
{
	if (!v->must_appear) return;
	for (size_t i = 0; i < m->appeared_count; i++)
		if (m->appeared[i] == v) return;
	if (m->appeared_count < m->must_count) m->appeared[m->appeared_count++] = v;
}

static struct docx_node *node_copy(struct merge *m, const struct docx_node *n, struct docx_node *into)
{
	if (++m->nodes > MERGED_NODES_MAX) {
		if (!m->is_refused && m->why) problem_add(m->why, "", MSG_DOCX_MERGED_TOO_LONG);
		m->is_refused = true;
		return NULL;
	}
	struct docx_node *copy = ARENA_NEW(m->arena, struct docx_node);
	*copy = *n;
	copy->next = copy->first = copy->last = NULL;
	docx_append(into, copy);
	return copy;
}

/* ---- text ---- */

static struct str cased(struct merge *m, struct str s, enum docx_case letters)
{
	if (letters == DOCX_AS_IS || s.len == 0 || s.len > INT32_MAX / 4) return s;
	struct str rest = S("");
	if (letters == DOCX_FIRST_CAPITAL) {
		size_t first = 1;
		while (first < s.len && ((unsigned char)s.at[first] & 0xc0) == 0x80) first++;
		rest = str_part(s, first, s.len);
		s = str_part(s, 0, first);
	}
	UErrorCode error = U_ZERO_ERROR;
	UCaseMap *map = ucasemap_open(m->language, 0, &error);
	if (U_FAILURE(error)) BUG("ICU: %s", u_errorName(error));
	size_t size = s.len * 3 + 16; /* one letter becomes three at most */
	char *at = arena_alloc(m->arena, size + rest.len);
	int32_t len = letters == DOCX_LOWER		 ? ucasemap_utf8ToLower(map, at, (int32_t)size, s.at, (int32_t)s.len, &error)
				  : letters == DOCX_CAPITALS ? ucasemap_utf8ToTitle(map, at, (int32_t)size, s.at, (int32_t)s.len, &error)
											 : ucasemap_utf8ToUpper(map, at, (int32_t)size, s.at, (int32_t)s.len, &error);
	ucasemap_close(map);
	if (U_FAILURE(error)) return str_keep(m->arena, s);
	if (rest.len) memcpy(at + len, rest.at, rest.len);
	return (struct str){ at, (size_t)len + rest.len };
}

static void text_add(struct merge *m, const struct docx_node *like, struct str text, struct docx_node *into)
{
	struct str rest = text, line;
	bool is_first = true;
	while (str_next(&rest, '\n', &line)) {
		if (!is_first) {
			struct docx_node *end = node_copy(m, like, into);
			if (!end) return;
			end->kind = DOCX_BREAK;
			end->text = S("");
		}
		is_first = false;
		if (line.len && line.at[line.len - 1] == '\r') line.len--;
		if (line.len == 0) continue;
		struct docx_node *n = node_copy(m, like, into);
		if (!n) return;
		n->kind = DOCX_TEXT;
		n->text = line;
		n->field = NULL;
	}
}

static bool is_address(struct str s)
{
	static const struct str schemes[] = { { STR("http://") }, { STR("https://") }, { STR("mailto:") }, { STR("tel:") } };
	if (!str_is_text(s) || str_has_control(s) || str_has(s, ' ')) return false;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (s.len > schemes[i].len && str_eq_nocase(str_part(s, 0, schemes[i].len), schemes[i])) return true;
	return false;
}

/* A value that can stand as text; false with words when it can't. */
static bool value_text(struct merge *m, const struct docx_value *v, struct str name)
{
	bool is_right = v->kind == FIELD_URL ? v->text.len == 0 || is_address(v->text) : v->kind == FIELD_TEXT && str_is_text(v->text);
	if (!is_right) refuse(m, MSG_DOCX_VALUE_UNUSABLE, name);
	return is_right;
}

static void field_merge(struct merge *m, const struct scope *s, const struct docx_node *n, struct docx_node *into)
{
	const struct docx_value *v = value_of(m, s, n->text);
	if (!v) return;
	if (v->kind == FIELD_IMAGE) {
		if (v->image.bytes.len == 0) return; /* a house without a logo */
		struct docx_node *image = node_copy(m, n, into);
		if (!image) return;
		image->kind = DOCX_IMAGE;
		image->image = &v->image;
		return;
	}
	if (!value_text(m, v, n->text)) return;
	if (v->text.len == 0) return;
	appears(m, v);
	struct docx_node like = *n;
	const struct docx_field *f = n->field;
	if (f && f->before.len) {
		like.is_url = false;
		text_add(m, &like, f->before, into);
	}
	if (v->kind == FIELD_URL) {
		struct docx_link *link = ARENA_NEW(m->arena, struct docx_link);
		link->target = v->text;
		struct docx_node url = like;
		if (!url.link) url.link = link;
		url.is_url = true;
		text_add(m, &url, v->text, into);
	} else text_add(m, &like, cased(m, v->text, f ? f->letters : DOCX_AS_IS), into);
	if (f && f->after.len) text_add(m, &like, f->after, into);
}

/* ---- links ---- */

static void add_encoded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~@+", c));
		if (is_plain) buf_add_char(b, (char)c);
		else buf_addf(b, "%%%02X", c);
	}
}

/* The target: addresses as they are at its beginning, values inside it percent-encoded. */
static const struct docx_link *link_merge(struct merge *m, const struct scope *s, const struct docx_link *link)
{
	struct buf target = buf_in(m->arena);
	for (const struct docx_node *p = link->parts; p; p = p->next) {
		if (p->kind == DOCX_TEXT) {
			buf_add(&target, p->text);
			continue;
		}
		const struct docx_value *v = value_of(m, s, p->text);
		if (!v || !value_text(m, v, p->text)) return NULL;
		appears(m, v);
		if (v->kind == FIELD_URL && target.len == 0) buf_add(&target, v->text);
		else add_encoded(&target, v->text);
	}
	if (!is_address(buf_str(&target))) {
		const struct docx_node *culprit = link->parts;
		while (culprit && culprit->kind != DOCX_FIELD) culprit = culprit->next;
		refuse(m, MSG_DOCX_VALUE_UNUSABLE, culprit ? culprit->text : S("link"));
		return NULL;
	}
	struct docx_link *out = ARENA_NEW(m->arena, struct docx_link);
	out->target = buf_str(&target);
	out->is_field = link->is_field;
	return out;
}

/* ---- nodes ---- */

static void nodes_merge(struct merge *m, const struct scope *s, const struct docx_node *first, struct docx_node *into);

static bool holds(const struct docx_value *v)
{
	switch (v->kind) {
	case FIELD_CONDITION: return v->is_true;
	case FIELD_LIST: return v->item_count > 0;
	case FIELD_IMAGE: return v->image.bytes.len > 0;
	case FIELD_TEXT:
	case FIELD_URL: break;
	}
	return str_trim(v->text).len > 0;
}

static void section_merge(struct merge *m, const struct scope *s, const struct docx_node *n, struct docx_node *into)
{
	const struct docx_value *v = value_of(m, s, n->text);
	if (!v || holds(v) == n->is_unless) return;
	if (v->kind != FIELD_LIST || n->is_unless) {
		nodes_merge(m, s, n->first, into);
		return;
	}
	for (size_t i = 0; i < v->item_count && !m->is_refused; i++) {
		struct scope item = { v->items[i], s };
		nodes_merge(m, &item, n->first, into);
	}
}

static bool has_blanks_to_fill(const struct docx_node *n)
{
	for (; n; n = n->next)
		if (n->kind == DOCX_FIELD || n->kind == DOCX_SECTION) return true;
	return false;
}

/* A list item's number: one more than the last at its level, deeper levels begin anew. */
static void item_count(struct merge *m, struct docx_node *n)
{
	const struct docx_paragraph *p = n->paragraph;
	if (p->list == 0) return;
	uint32_t *at = m->ordinals + (size_t)(p->list - 1) * DOCX_LEVELS;
	struct docx_paragraph *own = ARENA_NEW(m->arena, struct docx_paragraph);
	*own = *p;
	own->ordinal = m->docx->lists[p->list - 1].levels[p->level].start + at[p->level]++;
	for (size_t i = p->level + 1u; i < DOCX_LEVELS; i++) at[i] = 0;
	n->paragraph = own;
}

static void paragraph_merge(struct merge *m, const struct scope *s, const struct docx_node *n, struct docx_node *into)
{
	struct docx_node pieces = { 0 };
	nodes_merge(m, s, n->first, &pieces);
	if (has_blanks_to_fill(n->first) && !docx_is_visible(pieces.first)) return; /* nothing came of it: no empty line either */
	struct docx_node *copy = node_copy(m, n, into);
	if (!copy) return;
	copy->first = pieces.first;
	copy->last = pieces.last;
	item_count(m, copy);
}

static void nodes_merge(struct merge *m, const struct scope *s, const struct docx_node *first, struct docx_node *into)
{
	const struct docx_link *from = NULL, *link = NULL; /* runs of one link share one */
	for (const struct docx_node *n = first; n && !m->is_refused; n = n->next) {
		struct docx_node with = *n;
		if (n->link) {
			if (n->link != from) link = link_merge(m, s, n->link);
			from = n->link;
			with.link = link;
		} else from = NULL;
		struct docx_node *copy;
		switch (n->kind) {
		case DOCX_FIELD: field_merge(m, s, &with, into); break;
		case DOCX_SECTION: section_merge(m, s, &with, into); break;
		case DOCX_PARAGRAPH: paragraph_merge(m, s, n, into); break;
		case DOCX_TABLE:
		case DOCX_ROW:
		case DOCX_CELL:
			copy = node_copy(m, n, into);
			if (copy) nodes_merge(m, s, n->first, copy);
			break;
		default: node_copy(m, &with, into);
		}
	}
}

enum status docx_merge(
	struct arena *a, const struct docx *d, struct docx_values values, struct str language, struct docx_merged **out, struct problem *why)
{
	*out = NULL;
	for (const struct finding *f = d->faults.first; f; f = f->next)
		if (why) problem_add_args(why, f->field, f->message, f->args);
	if (d->faults.first) return REFUSED;
	struct merge m = { .arena = a, .docx = d, .why = why, .ordinals = ARENA_ARRAY(a, uint32_t, d->list_count * DOCX_LEVELS + 1) };
	for (size_t i = 0; i < 2 && i < language.len; i++) m.language[i] = language.at[i];
	for (size_t i = 0; i < values.count; i++) m.must_count += values.at[i].must_appear;
	m.appeared = ARENA_ARRAY(a, const struct docx_value *, m.must_count + 1);
	struct scope top = { values, NULL };
	struct docx_merged *merged = ARENA_NEW(a, struct docx_merged);
	merged->from = d;
	nodes_merge(&m, &top, d->subject.first, &merged->subject);
	m.appeared_count = 0; /* an address in the subject is none */
	nodes_merge(&m, &top, d->header.first, &merged->header);
	nodes_merge(&m, &top, d->body.first, &merged->body);
	nodes_merge(&m, &top, d->footer.first, &merged->footer);
	for (size_t i = 0; i < values.count && !m.is_refused; i++) {
		bool has_appeared = !values.at[i].must_appear;
		for (size_t k = 0; k < m.appeared_count; k++) has_appeared |= m.appeared[k] == &values.at[i];
		if (!has_appeared) refuse(&m, MSG_DOCX_MUST_APPEAR, values.at[i].name);
	}
	if (!m.is_refused && !docx_is_visible(merged->subject.first)) refuse(&m, MSG_DOCX_SUBJECT_EMPTY, S(""));
	if (m.is_refused) return REFUSED;
	*out = merged;
	return OK;
}

struct str docx_subject(struct arena *a, const struct docx_merged *m)
{
	struct buf b = buf_in(a);
	bool is_after_blank = true;
	for (const struct docx_node *n = m->subject.first; n; n = n->next) {
		struct str s = n->kind == DOCX_TEXT ? n->text : n->kind == DOCX_BREAK ? S(" ") : S("");
		for (size_t i = 0; i < s.len; i++) {
			unsigned char c = (unsigned char)s.at[i];
			bool is_blank = c <= ' ' || c == 0x7f; /* no line ends in a header */
			if (!is_blank) buf_add_char(&b, (char)c);
			else if (!is_after_blank) buf_add_char(&b, ' ');
			is_after_blank = is_blank;
		}
	}
	return str_trim(buf_str(&b));
}
