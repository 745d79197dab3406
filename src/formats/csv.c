/* formats/csv.c: RFC 4180, read and written. */
#include "formats/csv.h"

#include <string.h>

#include "base/status.h"

struct csv csv_of(struct str text, char separator)
{
	if (str_starts(text, S("\xef\xbb\xbf"))) text = str_part(text, 3, text.len);
	return (struct csv){ text, separator, 1 };
}

/* The length of what ends a line at AT: 0 where none ends. */
static size_t line_end(struct str s, size_t at)
{
	if (at >= s.len) return 0;
	if (s.at[at] == '\n') return 1;
	return s.at[at] == '\r' && at + 1 < s.len && s.at[at + 1] == '\n' ? 2 : 0;
}

/* Reads the quoted field whose opening quote stands at *AT; *AT ends behind the closing one. */
static bool read_quoted(struct arena *a, struct csv *c, size_t *at, struct str *out)
{
	struct str s = c->rest;
	size_t first = *at + 1, doubled = 0, i = first;
	for (;; i++) {
		if (i >= s.len || i - first > CSV_FIELD_MAX) return false;
		if (s.at[i] == '\n') c->line++;
		if (s.at[i] != '"') continue;
		if (i + 1 >= s.len || s.at[i + 1] != '"') break;
		doubled++, i++;
	}
	*out = str_part(s, first, i - first);
	*at = i + 1;
	if (!doubled) return true;
	char *to = arena_alloc(a, out->len - doubled + 1);
	size_t n = 0;
	for (size_t k = 0; k < out->len; k++) {
		to[n++] = out->at[k];
		if (out->at[k] == '"') k++;
	}
	*out = (struct str){ to, n };
	return true;
}

static size_t read_bare(struct str s, char separator, size_t at)
{
	for (; at < s.len && s.at[at] != separator && s.at[at] != '\n'; at++)
		if (s.at[at] == '\r' && line_end(s, at)) break;
	return at;
}

enum csv_result csv_next_into(struct arena *a, struct csv *c, struct str *fields, struct csv_row *row)
{
	for (size_t n; (n = line_end(c->rest, 0)); c->line++) c->rest = str_part(c->rest, n, c->rest.len);
	*row = (struct csv_row){ fields, 0, c->line };
	if (!c->rest.len) return CSV_END;
	struct str s = c->rest;
	for (size_t at = 0;; at++) {
		if (row->count == CSV_FIELDS_MAX) return CSV_BROKEN;
		struct str *field = &fields[row->count++];
		if (at < s.len && s.at[at] == '"') {
			if (!read_quoted(a, c, &at, field)) return CSV_BROKEN;
		} else {
			size_t end = read_bare(s, c->separator, at);
			if (end - at > CSV_FIELD_MAX) return CSV_BROKEN;
			*field = str_part(s, at, end - at);
			at = end;
		}
		if (at < s.len && s.at[at] == c->separator) continue;
		size_t n = line_end(s, at);
		if (at < s.len && !n) return CSV_BROKEN; /* text behind a closing quote */
		c->rest = str_part(s, at + n, s.len);
		c->line++;
		return CSV_ROW;
	}
}

enum csv_result csv_next(struct arena *a, struct csv *c, struct csv_row *row)
{
	struct str fields[CSV_FIELDS_MAX];
	enum csv_result result = csv_next_into(a, c, fields, row);
	row->fields = NULL;
	if (result != CSV_ROW) return result;
	row->fields = ARENA_ARRAY(a, struct str, row->count);
	memcpy(row->fields, fields, row->count * sizeof *fields);
	return CSV_ROW;
}

static bool is_number(struct str s)
{
	size_t digits = 0, points = 0;
	for (size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0; i < s.len; i++) {
		if (s.at[i] >= '0' && s.at[i] <= '9') digits++;
		else if (s.at[i] == '.') points++;
		else return false;
	}
	return digits && points <= 1;
}

/* Spreadsheets run what begins so (OWASP, "CSV injection"). */
static bool is_formula(struct str s)
{
	return s.len && memchr("=+-@\t\r\n", s.at[0], 7) && !is_number(s);
}

void csv_add(struct buf *b, const struct str *fields, size_t count, char separator, unsigned style)
{
	for (size_t i = 0; i < count; i++) {
		if (i) buf_add_char(b, separator);
		struct str s = fields[i];
		bool is_defused = (style & CSV_DEFUSED) && is_formula(s);
		bool is_quoted = str_has(s, separator) || str_has(s, '"') || str_has(s, '\n') || str_has(s, '\r') || (count == 1 && !s.len);
		if (is_quoted) buf_add_char(b, '"');
		if (is_defused) buf_add_char(b, '\'');
		for (ptrdiff_t quote; is_quoted && (quote = str_find(s, S("\""))) >= 0; s = str_part(s, (size_t)quote + 1, s.len)) {
			buf_add(b, str_part(s, 0, (size_t)quote + 1));
			buf_add_char(b, '"');
		}
		buf_add(b, s);
		if (is_quoted) buf_add_char(b, '"');
	}
	buf_add(b, style & CSV_LF ? S("\n") : S("\r\n"));
}
