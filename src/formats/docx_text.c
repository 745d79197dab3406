/* formats/docx_text.c: the mail as plain text: 72 columns, an address alone on its line. */
#include "formats/docx_flow.h"

#include "base/status.h"

#define COLUMNS		72 /* quoted twice in an answer it still fits 80 */
#define CELLS_MAX	16 /* columns of a table that is set as one */
#define INDENT_STEP 3

struct text {
	struct arena *arena;
	struct buf out;
	const struct docx_merged *merged;
	struct str *shown; /* addresses that stand in it already */
	size_t shown_count, shown_size;
};

/* One paragraph while its lines are broken. */
struct lines {
	struct text *t;
	struct buf word;
	size_t column, indent;
	bool is_after_url;
	struct str *links; /* addresses of links in it, for the lines below */
	size_t link_count, link_size;
};

static void str_push(struct arena *a, struct str **at, size_t *count, size_t *size, struct str s)
{
	if (*count == *size) {
		size_t grown = *size ? *size * 2 : 8;
		*at = arena_grow(a, *at, *size * sizeof **at, grown * sizeof **at);
		*size = grown;
	}
	(*at)[(*count)++] = s;
}

static bool is_shown(const struct text *t, struct str url)
{
	for (size_t i = 0; i < t->shown_count; i++)
		if (str_eq(t->shown[i], url)) return true;
	return false;
}

static void new_line(struct lines *l)
{
	buf_add_char(&l->t->out, '\n');
	l->column = 0;
}

static void word_end(struct lines *l)
{
	struct str word = buf_str(&l->word);
	if (word.len == 0) return;
	size_t width = str_points(word);
	if (l->column > l->indent && l->column + 1 + width > COLUMNS) new_line(l);
	if (l->column == 0)
		for (; l->column < l->indent; l->column++) buf_add_char(&l->t->out, ' ');
	else if (l->column > l->indent) {
		buf_add_char(&l->t->out, ' ');
		l->column++;
	}
	buf_add(&l->t->out, word);
	l->column += width;
	l->word.len = 0;
}

/* Alone on its line, from the first column, so that no mail program takes anything else for a part of it. */
static void url_out(struct lines *l, struct str url)
{
	if (str_eq(buf_str(&l->word), S("("))) l->word.len = 0;
	word_end(l);
	if (l->column > l->indent) new_line(l);
	buf_add(&l->t->out, url);
	new_line(l);
	l->is_after_url = true;
	if (!is_shown(l->t, url)) str_push(l->t->arena, &l->t->shown, &l->t->shown_count, &l->t->shown_size, url);
}

static void words_out(struct lines *l, struct str s)
{
	while (l->is_after_url && s.len && str_find(S(".,;:!?)"), str_part(s, 0, 1)) >= 0) s = str_part(s, 1, s.len);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c == ' ' || c == '\t' || c == '\n') word_end(l);
		else buf_add_char(&l->word, c);
		l->is_after_url = false;
	}
}

static bool is_web(struct str s)
{
	return str_eq_nocase(str_part(s, 0, 7), S("http://")) || str_eq_nocase(str_part(s, 0, 8), S("https://"));
}

/* After the words of a link: where it goes, unless the words say it. */
static void link_out(struct lines *l, const struct docx_link *link, struct str words)
{
	struct str target = link->target;
	ptrdiff_t colon = str_find(target, S(":"));
	struct str address = str_part(target, (size_t)colon + 1, target.len);
	if (is_web(target)) {
		str_push(l->t->arena, &l->links, &l->link_count, &l->link_size, target);
	} else if (!str_eq(str_trim(words), address)) {
		words_out(l, S(" ("));
		words_out(l, address);
		words_out(l, S(")"));
	}
}

static void pieces_out(struct lines *l, const struct docx_node *n)
{
	while (n) {
		if (n->link && !n->is_url) { /* a link's words, to its end */
			const struct docx_link *link = n->link;
			struct buf words = buf_in(l->t->arena);
			for (; n && n->link == link; n = n->next)
				if (n->kind == DOCX_TEXT) buf_add(&words, n->text);
			if (is_web(link->target) && str_eq(str_trim(buf_str(&words)), link->target)) url_out(l, link->target);
			else {
				words_out(l, buf_str(&words));
				link_out(l, link, buf_str(&words));
			}
			continue;
		}
		if (n->is_url && is_web(n->text)) url_out(l, n->text);
		else if (n->kind == DOCX_TEXT) words_out(l, n->text);
		else if (n->kind == DOCX_IMAGE) words_out(l, n->image->alt);
		else if (n->kind == DOCX_BREAK) {
			word_end(l);
			if (l->column) new_line(l);
		}
		n = n->next;
	}
}

static void lines_end(struct lines *l)
{
	word_end(l);
	if (l->column) new_line(l);
	for (size_t i = 0; i < l->link_count; i++) {
		buf_add_char(&l->t->out, '\n');
		buf_add(&l->t->out, l->links[i]);
		buf_add_char(&l->t->out, '\n');
	}
}

/* An empty line before what follows, unless nothing stands there yet. */
static void gap(struct text *t)
{
	if (t->out.len && !str_ends(buf_str(&t->out), S("\n\n"))) buf_add_char(&t->out, '\n');
}

static struct lines lines_of(struct text *t, size_t indent)
{
	return (struct lines){ .t = t, .word = buf_in(t->arena), .indent = indent };
}

/* ---- blocks ---- */

static void blocks_out(struct text *t, const struct docx_blocks *blocks);

static void heading_out(struct text *t, const struct docx_node *n)
{
	gap(t);
	size_t from = t->out.len, width = 0;
	struct lines l = lines_of(t, 0);
	pieces_out(&l, n->first);
	lines_end(&l);
	struct str rest = str_part(buf_str(&t->out), from, t->out.len), line;
	while (str_next(&rest, '\n', &line))
		if (str_points(line) > width) width = str_points(line);
	for (size_t i = 0; i < width && i < COLUMNS; i++) buf_add_char(&t->out, n->paragraph->heading == 1 ? '=' : '-');
	buf_add_char(&t->out, '\n');
}

static void add_roman(struct buf *b, uint32_t n, bool is_upper)
{
	static const struct {
		uint32_t value;
		const char *lower, *upper;
	} digits[] = { { 1000, "m", "M" }, { 900, "cm", "CM" }, { 500, "d", "D" }, { 400, "cd", "CD" }, { 100, "c", "C" }, { 90, "xc", "XC" },
		{ 50, "l", "L" }, { 40, "xl", "XL" }, { 10, "x", "X" }, { 9, "ix", "IX" }, { 5, "v", "V" }, { 4, "iv", "IV" }, { 1, "i", "I" } };
	for (size_t i = 0; i < COUNT(digits); i++)
		for (; n >= digits[i].value; n -= digits[i].value) buf_add(b, str_of(is_upper ? digits[i].upper : digits[i].lower));
}

struct str docx_item_mark(struct arena *a, const struct docx_merged *m, const struct docx_paragraph *p)
{
	struct buf b = buf_in(a);
	enum docx_number number = m->from->lists[p->list - 1].levels[p->level].number;
	switch (number) {
	case DOCX_BULLET: return S("-");
	case DOCX_NO_NUMBER: return S("");
	case DOCX_DECIMAL: buf_add_int(&b, p->ordinal); break;
	case DOCX_LOWER_LETTER:
	case DOCX_UPPER_LETTER:
		if (p->ordinal < 1 || p->ordinal > 26) buf_add_int(&b, p->ordinal);
		else buf_add_char(&b, (char)((number == DOCX_LOWER_LETTER ? 'a' : 'A') + (int)p->ordinal - 1));
		break;
	case DOCX_LOWER_ROMAN:
	case DOCX_UPPER_ROMAN: add_roman(&b, p->ordinal % 4000, number == DOCX_UPPER_ROMAN); break;
	}
	buf_add_char(&b, '.');
	return buf_str(&b);
}

static size_t list_out(struct text *t, const struct docx_blocks *blocks, size_t i)
{
	gap(t);
	for (; i < blocks->count; i++) {
		const struct docx_node *n = blocks->at[i];
		if (n->kind != DOCX_PARAGRAPH || !n->paragraph->list || n->paragraph->heading) break;
		if (!docx_is_visible(n->first)) continue;
		struct str mark = docx_item_mark(t->arena, t->merged, n->paragraph);
		size_t before = INDENT_STEP * (size_t)n->paragraph->level;
		struct lines l = lines_of(t, before + (mark.len ? mark.len + 1 : 0));
		for (size_t k = 0; k < before; k++) buf_add_char(&t->out, ' ');
		buf_add(&t->out, mark);
		if (mark.len) buf_add_char(&t->out, ' ');
		l.column = l.indent;
		pieces_out(&l, n->first);
		lines_end(&l);
	}
	return i - 1;
}

/* ---- tables ---- */

static bool has_link(const struct docx_node *n)
{
	for (; n; n = n->next)
		if (n->link || has_link(n->first)) return true;
	return false;
}

static void flat(struct buf *b, const struct docx_node *n)
{
	for (; n; n = n->next) {
		if (n->kind == DOCX_TEXT) buf_add(b, n->text);
		else if (n->kind == DOCX_IMAGE) buf_add(b, n->image->alt);
		else buf_add_char(b, ' ');
		flat(b, n->first);
	}
}

static struct str cell_text(struct text *t, const struct docx_node *cell)
{
	struct buf b = buf_in(t->arena);
	flat(&b, cell->first);
	return str_trim(buf_str(&b));
}

/* Widths of columns; false when the table is too wide to be one in text. */
static bool table_measure(struct text *t, const struct docx_node *table, size_t *widths)
{
	size_t columns = 0, all = 0;
	for (const struct docx_node *row = table->first; row; row = row->next) {
		size_t i = 0;
		for (const struct docx_node *cell = row->first; cell; cell = cell->next, i++) {
			if (i == CELLS_MAX || has_link(cell->first) || cell->span > 1) return false;
			size_t width = str_points(cell_text(t, cell));
			if (width > widths[i]) widths[i] = width;
		}
		if (i > columns) columns = i;
	}
	for (size_t i = 0; i < columns; i++) all += widths[i] + (i ? 2 : 0);
	return all <= COLUMNS;
}

/* What stands in the cells from CELL on as one line, " · " between them; empty when it is no short line of words. */
static struct str cells_line(struct text *t, const struct docx_node *cell)
{
	struct buf b = buf_in(t->arena);
	for (; cell; cell = cell->next) {
		struct str s = cell_text(t, cell);
		if (has_link(cell->first) || (cell->first && cell->first->next)) return S("");
		if (b.len && s.len) buf_add(&b, S(" · "));
		buf_add(&b, s);
	}
	return str_points(buf_str(&b)) <= COLUMNS ? buf_str(&b) : S("");
}

/* A row that is too wide: what is in its first cell, and below it the others on one line where that is short, else one below the other. */
static void cells_apart(struct text *t, const struct docx_node *table)
{
	for (const struct docx_node *row = table->first; row; row = row->next) {
		struct docx_blocks blocks = { 0 };
		const struct docx_node *cell = row->first;
		struct str line = cell ? cells_line(t, cell->next) : S("");
		for (; cell && !(line.len && cell != row->first); cell = cell->next)
			for (const struct docx_node *n = cell->first; n; n = n->next) docx_blocks_add(t->arena, &blocks, n);
		blocks_out(t, &blocks);
		if (line.len) buf_addf(&t->out, "%.*s\n", STR_ARG(line));
	}
}

static void table_out(struct text *t, const struct docx_node *table)
{
	size_t widths[CELLS_MAX] = { 0 };
	if (!table_measure(t, table, widths)) {
		cells_apart(t, table);
		return;
	}
	gap(t);
	for (const struct docx_node *row = table->first; row; row = row->next) {
		size_t i = 0, owed = 0; /* blanks are written only when something follows */
		for (const struct docx_node *cell = row->first; cell; cell = cell->next, i++) {
			struct str s = cell_text(t, cell);
			size_t room = widths[i] - str_points(s);
			bool is_right = cell->first && cell->first->kind == DOCX_PARAGRAPH && cell->first->paragraph->align == DOCX_RIGHT;
			owed += is_right ? room : 0;
			for (; s.len && owed; owed--) buf_add_char(&t->out, ' ');
			buf_add(&t->out, s);
			owed += 2 + (is_right ? 0 : room);
		}
		buf_add_char(&t->out, '\n');
	}
}

/* Whether the last words before a paragraph's end are followed by a colon: it announces what comes next. */
static bool is_announcing(const struct docx_node *n)
{
	struct str last = S("");
	if (n->kind != DOCX_PARAGRAPH || n->paragraph->heading || docx_button(n)) return false;
	for (const struct docx_node *p = n->first; p; p = p->next)
		if (p->kind == DOCX_TEXT && str_trim(p->text).len) last = str_trim(p->text);
	return str_ends(last, S(":"));
}

/* The HTML's "if the button does nothing, copy this address:" with the address has no sense below the address itself. */
static bool is_repeated(const struct text *t, const struct docx_blocks *b, size_t i)
{
	const struct docx_node *url = docx_lone_url(b->at[i]), *after = docx_seen_after(b, i);
	if (url) return is_shown(t, url->text);
	if (!after || !is_announcing(b->at[i])) return false;
	url = docx_lone_url(after);
	return url && is_shown(t, url->text);
}

static void blocks_out(struct text *t, const struct docx_blocks *blocks)
{
	for (size_t i = 0; i < blocks->count; i++) {
		const struct docx_node *n = blocks->at[i];
		const struct docx_link *link;
		if (!docx_is_visible(n->first) || is_repeated(t, blocks, i)) continue;
		if (n->kind == DOCX_TABLE) table_out(t, n);
		else if (n->kind != DOCX_PARAGRAPH) continue;
		else if (n->paragraph->heading) heading_out(t, n);
		else if (n->paragraph->list) i = list_out(t, blocks, i);
		else {
			gap(t);
			struct lines l = lines_of(t, 0);
			if ((link = docx_button(n))) url_out(&l, link->target);
			else pieces_out(&l, n->first);
			while (i + 1 < blocks->count && docx_is_one_paragraph(blocks->at[i], blocks->at[i + 1])) {
				word_end(&l);
				if (l.column) new_line(&l);
				pieces_out(&l, blocks->at[++i]->first);
			}
			lines_end(&l);
		}
	}
}

struct str docx_text(struct arena *a, const struct docx_merged *m)
{
	struct text t = { .arena = a, .out = buf_in(a), .merged = m };
	struct docx_blocks body = { 0 }, footer = { 0 };
	const struct docx_node *n;
	enum docx_place place;
	struct docx_flow flow = docx_flow(m);
	while ((n = docx_flow_next(&flow, &place)))
		if (place != DOCX_IN_BAND) docx_blocks_add(a, place == DOCX_IN_BODY ? &body : &footer, n);
	blocks_out(&t, &body);
	gap(&t);
	for (size_t i = 0; i < footer.count; i++) {
		if (!docx_is_visible(footer.at[i]->first)) continue;
		if (footer.at[i]->kind == DOCX_TABLE) {
			table_out(&t, footer.at[i]);
			continue;
		}
		struct lines l = lines_of(&t, 0);
		pieces_out(&l, footer.at[i]->first);
		lines_end(&l);
	}
	while (str_ends(buf_str(&t.out), S("\n\n"))) t.out.len--;
	return buf_str(&t.out);
}
