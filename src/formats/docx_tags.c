/* formats/docx_tags.c: {{fields}} and {{#sections}} typed as text, and targets of links. */
#include "formats/docx_reading.h"

#include <string.h>

#include "base/status.h"

bool docx_is_name(struct str name)
{
	if (name.len == 0 || name.len > DOCX_NAME_MAX || !str_is_text(name) || name.at[0] == ' ') return false;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
		if (!is_letter && c != '.' && c != '_' && c != '-' && c != ' ') return false;
	}
	return true;
}

/* What stands between the braces. False when it is nothing of ours. */
static bool tag_read(struct str inside, enum docx_node_kind *kind, bool *is_unless, struct str *name)
{
	inside = str_trim(inside);
	*kind = DOCX_FIELD;
	*is_unless = false;
	if (inside.len && (inside.at[0] == '#' || inside.at[0] == '^' || inside.at[0] == '/')) {
		*kind = inside.at[0] == '/' ? DOCX_CLOSE : DOCX_OPEN;
		*is_unless = inside.at[0] == '^';
		inside = str_trim(str_part(inside, 1, inside.len));
	}
	*name = inside;
	return docx_is_name(inside);
}

/* The text of a paragraph as one, each piece knowing where it came from. Other pieces count as a NUL, which no text has. */
struct line {
	struct reading *reading;
	struct str text;
	const struct docx_node *piece; /* the one that holds AT */
	size_t at, piece_at;		   /* read so far; where PIECE begins */
	struct docx_node out;
};

static size_t piece_len(const struct docx_node *n)
{
	return n->kind == DOCX_TEXT ? n->text.len : 1;
}

static bool is_same_look(const struct docx_node *a, const struct docx_node *b)
{
	const struct docx_look *x = &a->look, *y = &b->look; /* one by one: padding has no value */
	return a->link == b->link && x->colour == y->colour && x->half_points == y->half_points && x->has_colour == y->has_colour &&
		   x->is_bold == y->is_bold && x->is_italic == y->is_italic && x->is_underlined == y->is_underlined && x->is_struck == y->is_struck &&
		   x->is_hidden == y->is_hidden && x->is_capitals == y->is_capitals;
}

static void text_out(struct line *l, const struct docx_node *like, struct str text)
{
	struct docx_node *last = l->out.last;
	if (last && last->kind == DOCX_TEXT && is_same_look(last, like) && last->text.at + last->text.len == text.at) {
		last->text.len += text.len;
		return;
	}
	struct docx_node *n = docx_node_add(l->reading, &l->out, DOCX_TEXT);
	if (!n) return;
	n->look = like->look;
	n->link = like->link;
	n->text = text;
}

/* Hands on everything before END; with OUT false passes over it. */
static void advance(struct line *l, size_t end, bool out)
{
	while (l->at < end) {
		size_t piece_end = l->piece_at + piece_len(l->piece), stop = end < piece_end ? end : piece_end;
		if (l->piece->kind == DOCX_TEXT) {
			if (out) text_out(l, l->piece, str_part(l->text, l->at, stop - l->at));
		} else if (out) {
			struct docx_node *same = ARENA_NEW(l->reading->arena, struct docx_node);
			*same = *l->piece;
			same->next = NULL;
			docx_append(&l->out, same);
		}
		l->at = stop;
		if (stop == piece_end) {
			l->piece_at = piece_end;
			l->piece = l->piece->next;
		}
	}
}

static void tag_out(struct line *l, size_t begin, size_t end)
{
	enum docx_node_kind kind;
	bool is_unless;
	struct str name;
	if (!tag_read(str_part(l->text, begin + 2, end - begin - 4), &kind, &is_unless, &name)) {
		docx_note(&l->reading->docx->faults, MSG_DOCX_TAG_UNREADABLE, "tag", str_part(l->text, begin, end - begin));
		advance(l, end, true);
		return;
	}
	if (++l->reading->tags > TAGS_MAX) {
		if (!l->reading->is_full) problem_add(l->reading->why, "", MSG_DOCX_TOO_LONG);
		l->reading->is_full = true;
	}
	while (l->piece->kind == DOCX_TEXT && l->piece->text.len == 0) l->piece = l->piece->next;
	const struct docx_node *like = l->piece; /* the run in which the braces begin gives the look */
	struct docx_node *n = docx_node_add(l->reading, &l->out, kind);
	if (n) {
		n->look = like->look;
		n->link = like->link;
		n->text = name;
		n->is_unless = is_unless;
	}
	advance(l, end, false);
}

void docx_tags_find(struct reading *r, struct docx_node *paragraph)
{
	if (!paragraph->first || !paragraph->first->next) {
		struct docx_node *only = paragraph->first;
		if (!only || only->kind != DOCX_TEXT || str_find(only->text, S("{{")) < 0) return;
	}
	size_t size = 0, len = 0; /* as large as needed: there are thousands of paragraphs */
	for (const struct docx_node *n = paragraph->first; n; n = n->next) size += piece_len(n);
	char *all = arena_alloc(r->arena, size);
	for (const struct docx_node *n = paragraph->first; n; len += piece_len(n), n = n->next)
		if (n->kind == DOCX_TEXT) memcpy(all + len, n->text.at, n->text.len);
	struct line l = { .reading = r, .text = { all, size }, .piece = paragraph->first };
	for (;;) {
		struct str rest = str_part(l.text, l.at, l.text.len);
		ptrdiff_t begin = str_find(rest, S("{{"));
		if (begin < 0) break;
		ptrdiff_t end = str_find(str_part(rest, (size_t)begin, rest.len), S("}}"));
		if (end < 0 || str_has(str_part(rest, (size_t)begin, (size_t)end), 0)) {
			docx_note(&r->docx->faults, MSG_DOCX_TAG_UNREADABLE, "tag", str_part(rest, (size_t)begin, 2));
			advance(&l, l.at + (size_t)begin + 2, true);
			continue;
		}
		size_t from = l.at + (size_t)begin;
		advance(&l, from, true);
		tag_out(&l, from, from + (size_t)end + 2);
	}
	advance(&l, l.text.len, true);
	paragraph->first = l.out.first;
	paragraph->last = l.out.last;
}

/* ---- targets of links ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Braces as Word stores them in addresses, %7B and %7D, and everything between them, made plain; other escapes stay. */
static struct str braces_plain(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	int open = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		int high = i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1, low = i + 2 < s.len ? hex_digit(s.at[i + 2]) : -1;
		if (c == '%' && high >= 0 && low >= 0) {
			char plain = (char)(high << 4 | low);
			if (plain == '{' || plain == '}' || open >= 2) {
				c = plain;
				i += 2;
			}
		}
		if (c == '{') open++;
		if (c == '}') open = 0;
		buf_add_char(&b, c);
	}
	return buf_str(&b);
}

static bool is_web_address(struct str s)
{
	static const struct str schemes[] = { { STR("http://") }, { STR("https://") }, { STR("mailto:") }, { STR("tel:") } };
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (str_eq_nocase(str_part(s, 0, schemes[i].len), schemes[i])) return true;
	return false;
}

/* Word makes of a bare field an address of its own: with http:// before it, a slash after it, or as a file in some folder. */
static bool is_words_addition(struct str before, struct str after)
{
	bool is_before = before.len == 0 || str_eq_nocase(before, S("http://")) || str_eq_nocase(before, S("https://")) ||
					 (str_starts(before, S("file:")) && (str_ends(before, S("/")) || str_ends(before, S("\\"))));
	return is_before && (after.len == 0 || str_eq(after, S("/")));
}

static void part_add(struct arena *a, struct docx_node *parts, enum docx_node_kind kind, struct str text)
{
	if (text.len == 0) return;
	struct docx_node *n = ARENA_NEW(a, struct docx_node);
	n->kind = kind;
	n->text = text;
	docx_append(parts, n);
}

struct docx_link *docx_target(struct arena *a, struct docx *d, struct str target)
{
	struct str all = braces_plain(a, str_trim(target)), rest = all;
	struct docx_node parts = { 0 };
	struct docx_link *link = ARENA_NEW(a, struct docx_link);
	size_t fields = 0;
	for (;;) {
		ptrdiff_t begin = str_find(rest, S("{{")), end = str_find(rest, S("}}"));
		enum docx_node_kind kind;
		bool is_unless;
		struct str name;
		if (begin < 0) break;
		if (end < begin || !tag_read(str_part(rest, (size_t)begin + 2, (size_t)(end - begin) - 2), &kind, &is_unless, &name) || kind != DOCX_FIELD) {
			docx_note(&d->faults, MSG_DOCX_TAG_UNREADABLE, "tag", all);
			return NULL;
		}
		struct str before = str_part(rest, 0, (size_t)begin);
		rest = str_part(rest, (size_t)end + 2, rest.len);
		if (++fields == 1 && is_words_addition(before, rest)) {
			before = rest = S("");
			link->is_field = true;
		}
		part_add(a, &parts, DOCX_TEXT, before);
		part_add(a, &parts, DOCX_FIELD, name);
	}
	part_add(a, &parts, DOCX_TEXT, rest);
	if (!parts.first || (parts.first->kind == DOCX_TEXT && !is_web_address(parts.first->text))) {
		docx_note(&d->remarks, MSG_DOCX_LINK_LEFT_OUT, "target", all);
		return NULL;
	}
	link->parts = parts.first;
	return link;
}
