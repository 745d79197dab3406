/* formats/sheet.c: characters one by one from whichever encoding, fields from characters, rows from fields. */
#include "formats/sheet.h"

#include "base/fold.h"
#include "base/status.h"

#define NO_CHARACTER (-1)
#define REPLACEMENT	 0xfffd

static const char separators[] = { ';', ',', '\t', '|' };

/* Windows-1252 differs from Latin 1 here; the five bytes that stand for nothing become U+FFFD. */
static const uint16_t windows_1252[32] = { 0x20ac, REPLACEMENT, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
	0x0152, REPLACEMENT, 0x017d, REPLACEMENT, REPLACEMENT, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
	0x0153, REPLACEMENT, 0x017e, 0x0178 };

static uint32_t unit(const struct sheet *s, size_t at)
{
	const unsigned char *b = (const unsigned char *)s->bytes.at + at;
	return s->encoding == SHEET_UTF16_LE ? (uint32_t)(b[0] | b[1] << 8) : (uint32_t)(b[0] << 8 | b[1]);
}

/* A half of a pair alone is no character: U+FFFD. */
static int32_t next_utf16(struct sheet *s)
{
	uint32_t u = unit(s, s->at);
	s->at += 2;
	if (u < 0xd800 || u > 0xdfff) return (int32_t)u;
	if (u > 0xdbff || s->at + 2 > s->bytes.len) return REPLACEMENT;
	uint32_t low = unit(s, s->at);
	if (low < 0xdc00 || low > 0xdfff) return REPLACEMENT;
	s->at += 2;
	return (int32_t)(0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00));
}

/* The next character; UTF-8 is taken byte by byte, since all of it was found valid and none of its bytes means anything here. */
static int32_t next_character(struct sheet *s)
{
	bool is_utf16 = s->encoding == SHEET_UTF16_LE || s->encoding == SHEET_UTF16_BE;
	if (s->at + (is_utf16 ? 2 : 1) > s->bytes.len) return NO_CHARACTER;
	if (is_utf16) return next_utf16(s);
	unsigned char c = (unsigned char)s->bytes.at[s->at++];
	return s->encoding == SHEET_WINDOWS_1252 && c >= 0x80 && c < 0xa0 ? windows_1252[c - 0x80] : c;
}

static int32_t peek(const struct sheet *s)
{
	struct sheet ahead = *s;
	return next_character(&ahead);
}

static void add_character(struct buf *b, const struct sheet *s, int32_t c)
{
	if (c < 0x80 || s->encoding == SHEET_UTF8) buf_add_char(b, (char)c);
	else if (c < 0x800) buf_addf(b, "%c%c", 0xc0 | c >> 6, 0x80 | (c & 0x3f));
	else if (c < 0x10000) buf_addf(b, "%c%c%c", 0xe0 | c >> 12, 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
	else buf_addf(b, "%c%c%c%c", 0xf0 | c >> 18, 0x80 | (c >> 12 & 0x3f), 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
}

static bool is_line_end(int32_t c)
{
	return c == '\n' || c == '\r' || c == NO_CHARACTER;
}

/* Counts a line's end whose first character C has been taken; CR+LF is one. */
static void end_line(struct sheet *s, int32_t c)
{
	if (c == NO_CHARACTER) return;
	if (c == '\r' && peek(s) == '\n') next_character(s);
	s->line++;
}

/* What the reading of a field ended at: a separator, a line's end, or a limit. */
enum field_end { FIELD_MORE, FIELD_LAST, FIELD_LIMIT };

struct field {
	struct buf text;
	size_t characters;
	bool is_broken;
};

static bool add(struct field *f, const struct sheet *s, int32_t c)
{
	bool is_inside = s->encoding == SHEET_UTF8 && (c & 0xc0) == 0x80;
	if (!is_inside && ++f->characters > SHEET_FIELD_MAX) return false;
	add_character(&f->text, s, c);
	return true;
}

/* Behind the opening quote. */
static bool read_quoted(struct sheet *s, struct field *f)
{
	for (int32_t c; (c = next_character(s)) != NO_CHARACTER;) {
		if (c == '"' && peek(s) != '"') return true;
		if (c == '"') next_character(s);
		if (!add(f, s, c)) return false;
		if (c == '\n' || (c == '\r' && peek(s) != '\n')) s->line++;
	}
	return false;
}

static enum field_end read_field(struct sheet *s, struct field *f)
{
	bool was_quoted = false;
	for (;;) {
		int32_t c = next_character(s);
		if (c == s->separator) return FIELD_MORE;
		if (is_line_end(c)) {
			end_line(s, c);
			return FIELD_LAST;
		}
		if (c == '"' && !was_quoted && f->characters == 0) {
			was_quoted = true;
			if (!read_quoted(s, f)) return FIELD_LIMIT;
			continue;
		}
		if (was_quoted && (c == ' ' || c == '\t')) continue;
		if (was_quoted) f->is_broken = true;
		if (c == ' ' && f->characters == 0) continue; /* a quote may stand behind blanks */
		if (!add(f, s, c)) return FIELD_LIMIT;
	}
}

/* Also without the narrow no-break space, which French software writes. */
static struct str trim(struct str v)
{
	static const struct str narrow = { STR("\xe2\x80\xaf") };
	for (;;) {
		v = str_trim(v);
		if (str_starts(v, narrow)) v = str_part(v, narrow.len, v.len);
		else if (str_ends(v, narrow)) v.len -= narrow.len;
		else return v;
	}
}

struct str sheet_value(struct str v)
{
	v = trim(v);
	if (v.len >= 3 && str_starts(v, S("=\"")) && str_ends(v, S("\""))) v = trim(str_part(v, 2, v.len - 3));
	if (str_starts(v, S("'"))) v = trim(str_part(v, 1, v.len));
	return v;
}

struct str sheet_key(struct arena *a, struct str name)
{
	struct buf b = buf_in(a);
	struct str folded = str_is_text(name) ? text_fold_search(a, name) : S("");
	for (size_t i = 0; i < folded.len; i++)
		if (folded.at[i] != ' ') buf_add_char(&b, folded.at[i]);
	return buf_str(&b);
}

/* One row, empty or not. The fields lie in a block that grows with them. */
static enum sheet_result read_row(struct arena *a, struct sheet *s, struct sheet_row *row, bool *is_empty)
{
	size_t room = 0;
	*row = (struct sheet_row){ .line = s->line };
	*is_empty = true;
	if (peek(s) == NO_CHARACTER) return SHEET_END;
	for (enum field_end end = FIELD_MORE; end == FIELD_MORE;) {
		struct field f = { .text = buf_in(a) };
		if (row->count == SHEET_COLUMNS_MAX || (end = read_field(s, &f)) == FIELD_LIMIT) return SHEET_LIMIT;
		if (row->count == room) {
			struct str *wider = ARENA_ARRAY(a, struct str, room * 2 + 16);
			for (size_t i = 0; i < row->count; i++) wider[i] = row->fields[i];
			row->fields = wider;
			room = room * 2 + 16;
		}
		struct str value = sheet_value(buf_str(&f.text));
		row->fields[row->count++] = value;
		row->is_broken |= f.is_broken;
		if (value.len) *is_empty = false;
	}
	return SHEET_ROW;
}

enum sheet_result sheet_next(struct arena *a, struct sheet *s, struct sheet_row *row)
{
	bool is_empty;
	enum sheet_result got;
	do got = s->fault == SHEET_OK ? read_row(a, s, row, &is_empty) : SHEET_END;
	while (got == SHEET_ROW && is_empty);
	if (got == SHEET_ROW && ++s->rows > SHEET_ROWS_MAX) return SHEET_LIMIT;
	return got;
}

/* The byte order mark says it; without one, what is valid UTF-8 is UTF-8, for no text in Windows-1252 with accents is by chance. */
static void find_encoding(struct sheet *s)
{
	struct str b = s->bytes;
	if (str_starts(b, S("\xff\xfe"))) s->encoding = SHEET_UTF16_LE, s->at = 2;
	else if (str_starts(b, S("\xfe\xff"))) s->encoding = SHEET_UTF16_BE, s->at = 2;
	else if (str_has(b, '\0')) s->fault = SHEET_NOT_TEXT;
	else if (str_is_text(b)) s->at = str_starts(b, S("\xef\xbb\xbf")) ? 3 : 0;
	else s->encoding = SHEET_WINDOWS_1252;
	if (s->at != 2) return;
	if (b.len % 2) s->fault = SHEET_NOT_TEXT;
	for (size_t at = 2; at + 1 < b.len; at += 2)
		if (unit(s, at) == 0) s->fault = SHEET_NOT_TEXT;
}

static void find_separator(struct sheet *s)
{
	size_t most = 1;
	s->separator = separators[0];
	for (size_t i = 0; i < COUNT(separators); i++) {
		struct arena *a = arena_new();
		struct sheet first = *s;
		struct sheet_row row;
		first.separator = separators[i];
		if (sheet_next(a, &first, &row) == SHEET_ROW && row.count > most) most = row.count, s->separator = separators[i];
		arena_free(a);
	}
}

struct sheet sheet_of(struct str bytes)
{
	struct sheet s = { .bytes = bytes, .line = 1 };
	if (bytes.len > SHEET_BYTES_MAX) s.fault = SHEET_TOO_LARGE;
	else if (str_starts(bytes, S("PK\x03\x04")) || str_starts(bytes, S("\xd0\xcf\x11\xe0"))) s.fault = SHEET_WORKBOOK;
	else find_encoding(&s);
	if (s.fault == SHEET_OK && peek(&s) == NO_CHARACTER) s.fault = SHEET_EMPTY;
	if (s.fault == SHEET_OK) find_separator(&s);
	return s;
}
