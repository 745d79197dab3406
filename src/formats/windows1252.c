/* formats/windows1252.c: Unicode to one byte each. */
#include "formats/windows1252.h"

#include "base/fold.h"
#include "base/status.h"

/* The bytes 0x80 to 0x9F; 0: none. From 0xA0 on both are alike. */
static const uint16_t high[32] = { 0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178 };

/* Letters that Unicode does not take apart, and signs. */
static const struct {
	uint32_t from;
	const char *to;
} others[] = { { 0x0141, "L" }, { 0x0142, "l" }, { 0x0110, "D" }, { 0x0111, "d" }, { 0x0126, "H" }, { 0x0127, "h" }, { 0x0131, "i" }, { 0x0138, "k" },
	{ 0x014A, "N" }, { 0x014B, "n" }, { 0x0166, "T" }, { 0x0167, "t" }, { 0x0180, "b" }, { 0x1E9E, "SS" }, { 0x2010, "-" }, { 0x2011, "-" },
	{ 0x2012, "-" }, { 0x2015, "-" }, { 0x2032, "'" }, { 0x2033, "\"" }, { 0x2212, "-" }, { 0x202F, "\xC2\xA0" }, { 0x2009, " " } };

static uint32_t point_at(struct str s, size_t *len)
{
	unsigned char c = (unsigned char)s.at[0];
	*len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	uint32_t point = *len == 1 ? c : c & (0x7Fu >> *len);
	for (size_t i = 1; i < *len; i++) point = point << 6 | ((unsigned char)s.at[i] & 0x3Fu);
	return point;
}

/* The byte for POINT, or -1. */
static int byte_of(uint32_t point)
{
	if (point < 0x80 || (point >= 0xA0 && point <= 0xFF)) return (int)point;
	for (int i = 0; i < 32; i++)
		if (high[i] && high[i] == point) return 0x80 + i;
	return -1;
}

static bool is_mark(uint32_t point)
{
	return (point >= 0x0300 && point <= 0x036F) || (point >= 0x200B && point <= 0x200F) || point == 0xFEFF;
}

static void add(struct buf *b, uint32_t point, struct str utf8, bool is_shown)
{
	int byte = byte_of(point);
	if (byte < 0) {
		if (!is_mark(point)) buf_add_char(b, '?');
	} else if (is_shown) buf_add(b, utf8);
	else buf_add_char(b, (char)byte);
}

/* A character that has no byte: by its parts. */
static void add_parts(struct arena *a, struct buf *b, uint32_t point, struct str utf8, bool is_shown)
{
	struct str parts = text_nfkd(a, utf8);
	for (size_t i = 0; i < COUNT(others); i++)
		if (others[i].from == point) parts = str_of(others[i].to);
	for (size_t at = 0, len; at < parts.len; at += len) {
		uint32_t part = point_at(str_part(parts, at, parts.len), &len);
		add(b, part, str_part(parts, at, len), is_shown);
	}
}

static struct str written(struct arena *a, struct str text, bool *is_changed, bool is_shown)
{
	struct str s = text_nfc(a, text);
	struct buf b = buf_in(a);
	*is_changed = false;
	for (size_t at = 0, len; at < s.len; at += len) {
		uint32_t point = point_at(str_part(s, at, s.len), &len);
		struct str utf8 = str_part(s, at, len);
		if (byte_of(point) >= 0) {
			add(&b, point, utf8, is_shown);
			continue;
		}
		*is_changed = true;
		add_parts(a, &b, point, utf8, is_shown);
	}
	return buf_str(&b);
}

struct str windows_1252(struct arena *a, struct str text, bool *is_changed)
{
	return written(a, text, is_changed, false);
}

struct str windows_1252_shown(struct arena *a, struct str text, bool *is_changed)
{
	return written(a, text, is_changed, true);
}
