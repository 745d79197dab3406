/* formats/qrbill_text.c: transliteration by a table, and by Unicode's own decompositions where the table is silent. */
#include "formats/qrbill_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fold.h"
#include "base/status.h"

#define UNKNOWN "."

/* What has no decomposition, or a worse one than people write. Sorted by code point. Greek as in ELOT 743, Cyrillic as in passports (ICAO 9303). */
/* clang-format off */
static const struct translation {
	uint32_t from;
	const char *to;
} translations[] = {
	{ 0x0180, "b" }, { 0x0181, "B" }, { 0x0182, "B" }, { 0x0183, "b" }, { 0x0186, "O" }, { 0x0187, "C" }, { 0x0188, "c" }, { 0x0189, "D" },
	{ 0x018a, "D" }, { 0x018b, "D" }, { 0x018c, "d" }, { 0x018e, "E" }, { 0x018f, "E" }, { 0x0190, "E" }, { 0x0191, "F" }, { 0x0192, "f" },
	{ 0x0193, "G" }, { 0x0194, "G" }, { 0x0196, "I" }, { 0x0197, "I" }, { 0x0198, "K" }, { 0x0199, "k" }, { 0x019a, "l" }, { 0x019d, "N" },
	{ 0x019e, "n" }, { 0x019f, "O" }, { 0x01a4, "P" }, { 0x01a5, "p" }, { 0x01ab, "t" }, { 0x01ac, "T" }, { 0x01ad, "t" }, { 0x01ae, "T" },
	{ 0x01b1, "U" }, { 0x01b2, "V" }, { 0x01b3, "Y" }, { 0x01b4, "y" }, { 0x01b5, "Z" }, { 0x01b6, "z" }, { 0x01b7, "Z" }, { 0x01dd, "e" },
	{ 0x01e4, "G" }, { 0x01e5, "g" }, { 0x0220, "N" }, { 0x0221, "d" }, { 0x0224, "Z" }, { 0x0225, "z" }, { 0x0234, "l" }, { 0x0235, "n" },
	{ 0x0236, "t" }, { 0x0237, "j" }, { 0x023a, "A" }, { 0x023b, "C" }, { 0x023c, "c" }, { 0x023d, "L" }, { 0x023e, "T" }, { 0x023f, "s" },
	{ 0x0240, "z" }, { 0x0243, "B" }, { 0x0244, "U" }, { 0x0245, "V" }, { 0x0246, "E" }, { 0x0247, "e" }, { 0x0248, "J" }, { 0x0249, "j" },
	{ 0x024a, "Q" }, { 0x024b, "q" }, { 0x024c, "R" }, { 0x024d, "r" }, { 0x024e, "Y" }, { 0x024f, "y" }, { 0x0253, "b" }, { 0x0254, "o" },
	{ 0x0256, "d" }, { 0x0257, "d" }, { 0x0259, "e" }, { 0x025b, "e" }, { 0x0260, "g" }, { 0x0268, "i" }, { 0x0269, "i" }, { 0x0272, "n" },
	{ 0x0289, "u" }, { 0x028b, "v" }, { 0x0292, "z" }, { 0x02b9, "'" }, { 0x02ba, "\"" }, { 0x02bb, "'" }, { 0x02bc, "'" }, { 0x02bd, "'" },
	{ 0x02be, "'" }, { 0x02bf, "'" }, { 0x02c6, "^" }, { 0x02c8, "'" }, { 0x02dc, "~" }, { 0x0386, "A" }, { 0x0388, "E" }, { 0x0389, "I" },
	{ 0x038a, "I" }, { 0x038c, "O" }, { 0x038e, "Y" }, { 0x038f, "O" }, { 0x0390, "i" }, { 0x0391, "A" }, { 0x0392, "V" }, { 0x0393, "G" },
	{ 0x0394, "D" }, { 0x0395, "E" }, { 0x0396, "Z" }, { 0x0397, "I" }, { 0x0398, "Th" }, { 0x0399, "I" }, { 0x039a, "K" }, { 0x039b, "L" },
	{ 0x039c, "M" }, { 0x039d, "N" }, { 0x039e, "X" }, { 0x039f, "O" }, { 0x03a0, "P" }, { 0x03a1, "R" }, { 0x03a3, "S" }, { 0x03a4, "T" },
	{ 0x03a5, "Y" }, { 0x03a6, "F" }, { 0x03a7, "Ch" }, { 0x03a8, "Ps" }, { 0x03a9, "O" }, { 0x03aa, "I" }, { 0x03ab, "Y" }, { 0x03ac, "a" },
	{ 0x03ad, "e" }, { 0x03ae, "i" }, { 0x03af, "i" }, { 0x03b0, "y" }, { 0x03b1, "a" }, { 0x03b2, "v" }, { 0x03b3, "g" }, { 0x03b4, "d" },
	{ 0x03b5, "e" }, { 0x03b6, "z" }, { 0x03b7, "i" }, { 0x03b8, "th" }, { 0x03b9, "i" }, { 0x03ba, "k" }, { 0x03bb, "l" }, { 0x03bc, "m" },
	{ 0x03bd, "n" }, { 0x03be, "x" }, { 0x03bf, "o" }, { 0x03c0, "p" }, { 0x03c1, "r" }, { 0x03c2, "s" }, { 0x03c3, "s" }, { 0x03c4, "t" },
	{ 0x03c5, "y" }, { 0x03c6, "f" }, { 0x03c7, "ch" }, { 0x03c8, "ps" }, { 0x03c9, "o" }, { 0x03ca, "i" }, { 0x03cb, "y" }, { 0x03cc, "o" },
	{ 0x03cd, "y" }, { 0x03ce, "o" }, { 0x0401, "E" }, { 0x0402, "Đ" }, { 0x0403, "G" }, { 0x0404, "Ie" }, { 0x0405, "Dz" }, { 0x0406, "I" },
	{ 0x0407, "I" }, { 0x0408, "J" }, { 0x0409, "Lj" }, { 0x040a, "Nj" }, { 0x040b, "Ć" }, { 0x040c, "K" }, { 0x040d, "I" }, { 0x040e, "U" },
	{ 0x040f, "Dž" }, { 0x0410, "A" }, { 0x0411, "B" }, { 0x0412, "V" }, { 0x0413, "G" }, { 0x0414, "D" }, { 0x0415, "E" }, { 0x0416, "Zh" },
	{ 0x0417, "Z" }, { 0x0418, "I" }, { 0x0419, "I" }, { 0x041a, "K" }, { 0x041b, "L" }, { 0x041c, "M" }, { 0x041d, "N" }, { 0x041e, "O" },
	{ 0x041f, "P" }, { 0x0420, "R" }, { 0x0421, "S" }, { 0x0422, "T" }, { 0x0423, "U" }, { 0x0424, "F" }, { 0x0425, "Kh" }, { 0x0426, "Ts" },
	{ 0x0427, "Ch" }, { 0x0428, "Sh" }, { 0x0429, "Shch" }, { 0x042a, "Ie" }, { 0x042b, "Y" }, { 0x042c, "" }, { 0x042d, "E" },
	{ 0x042e, "Iu" }, { 0x042f, "Ia" }, { 0x0430, "a" }, { 0x0431, "b" }, { 0x0432, "v" }, { 0x0433, "g" }, { 0x0434, "d" }, { 0x0435, "e" },
	{ 0x0436, "zh" }, { 0x0437, "z" }, { 0x0438, "i" }, { 0x0439, "i" }, { 0x043a, "k" }, { 0x043b, "l" }, { 0x043c, "m" }, { 0x043d, "n" },
	{ 0x043e, "o" }, { 0x043f, "p" }, { 0x0440, "r" }, { 0x0441, "s" }, { 0x0442, "t" }, { 0x0443, "u" }, { 0x0444, "f" }, { 0x0445, "kh" },
	{ 0x0446, "ts" }, { 0x0447, "ch" }, { 0x0448, "sh" }, { 0x0449, "shch" }, { 0x044a, "ie" }, { 0x044b, "y" }, { 0x044c, "" },
	{ 0x044d, "e" }, { 0x044e, "iu" }, { 0x044f, "ia" }, { 0x0451, "e" }, { 0x0452, "đ" }, { 0x0453, "g" }, { 0x0454, "ie" }, { 0x0455, "dz" },
	{ 0x0456, "i" }, { 0x0457, "i" }, { 0x0458, "j" }, { 0x0459, "lj" }, { 0x045a, "nj" }, { 0x045b, "ć" }, { 0x045c, "k" }, { 0x045d, "i" },
	{ 0x045e, "u" }, { 0x045f, "dž" }, { 0x0490, "G" }, { 0x0491, "g" }, { 0x1e9e, "SS" }, { 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" },
	{ 0x2013, "-" }, { 0x2014, "-" }, { 0x2015, "-" }, { 0x2016, "|" }, { 0x2018, "'" }, { 0x2019, "'" }, { 0x201a, "'" }, { 0x201b, "'" },
	{ 0x201c, "\"" }, { 0x201d, "\"" }, { 0x201e, "\"" }, { 0x201f, "\"" }, { 0x2020, "+" }, { 0x2021, "+" }, { 0x2022, "-" }, { 0x2023, "-" },
	{ 0x2030, "o/oo" }, { 0x2032, "'" }, { 0x2033, "\"" }, { 0x2035, "'" }, { 0x2036, "\"" }, { 0x2039, "<" }, { 0x203a, ">" }, { 0x2043, "-" },
	{ 0x2044, "/" }, { 0x2052, "%" }, { 0x20a3, "Fr." }, { 0x20a4, "£" }, { 0x20ba, "TL" }, { 0x2116, "No." }, { 0x2190, "<-" },
	{ 0x2192, "->" }, { 0x21d2, "=>" }, { 0x2212, "-" }, { 0x2215, "/" }, { 0x2217, "*" }, { 0x2219, "·" }, { 0x221e, "oo" }, { 0x2236, ":" },
	{ 0x2248, "~" }, { 0x2260, "!=" }, { 0x2264, "<=" }, { 0x2265, ">=" }, { 0x25aa, "-" }, { 0x25cf, "-" }, { 0x2713, "x" }, { 0x2714, "x" },
	{ 0x2717, "x" }, { 0x3001, "," }, { 0x3002, "." }, { 0x300c, "\"" }, { 0x300d, "\"" },
};
/* clang-format on */

struct range {
	uint32_t first, last;
};

/* Marks that stand on the letter before them. */
static const struct range marks[] = { { 0x0300, 0x036f }, { 0x0483, 0x0487 }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff },
	{ 0xfe20, 0xfe2f } };

/* What nobody sees: joiners, directions, variation selectors, tags, the byte order mark. */
static const struct range invisible[] = { { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f },
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xe0000, 0xe0fff } };

/* Controls and separators: a blank. */
static const struct range spaces[] = { { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 },
	{ 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 } };

static bool is_in(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (c >= ranges[i].first && c <= ranges[i].last) return true;
	return false;
}

bool qrbill_character_allowed(uint32_t c)
{
	return (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0x17f) || (c >= 0x218 && c <= 0x21b) || c == 0x20ac;
}

/* ---- code points of valid UTF-8 ---- */

/* Takes the first code point off REST. */
static bool next_point(struct str *rest, uint32_t *c, struct str *bytes)
{
	if (rest->len == 0) return false;
	unsigned char first = (unsigned char)rest->at[0];
	size_t len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t point = len == 1 ? first : first & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) point = point << 6 | ((unsigned char)rest->at[i] & 0x3f);
	*c = point;
	*bytes = str_part(*rest, 0, len);
	*rest = str_part(*rest, len, rest->len);
	return true;
}

/* The only code point of S when it may stand in the symbol. */
static bool is_one_allowed(struct str s)
{
	uint32_t c;
	struct str bytes;
	return next_point(&s, &c, &bytes) && s.len == 0 && qrbill_character_allowed(c);
}

/* ---- what is told to people ---- */

struct shown {
	struct buf text;
	uint32_t seen[QRBILL_SHOWN_MAX];
	size_t count; /* QRBILL_SHOWN_MAX + 1: there were more */
};

/* Whether C is new to the list; then its name stands there. */
static bool show(struct shown *list, uint32_t c, struct str bytes)
{
	for (size_t i = 0; i < list->count && i < QRBILL_SHOWN_MAX; i++)
		if (list->seen[i] == c) return false;
	if (list->count > QRBILL_SHOWN_MAX) return false;
	if (list->count++ == QRBILL_SHOWN_MAX) {
		buf_add(&list->text, S(", …"));
		return false;
	}
	list->seen[list->count - 1] = c;
	if (list->count > 1) buf_add(&list->text, S(", "));
	bool is_visible = c > ' ' && !is_in(spaces, COUNT(spaces), c) && !is_in(marks, COUNT(marks), c) && !is_in(invisible, COUNT(invisible), c);
	if (is_visible) buf_add(&list->text, bytes);
	else buf_addf(&list->text, "U+%04X", (unsigned)c);
	return true;
}

/* ---- replacing ---- */

static int by_code_point(const void *key, const void *row)
{
	uint32_t c = *(const uint32_t *)key, from = ((const struct translation *)row)->from;
	return c < from ? -1 : c > from;
}

/* What is written for C, with how its parts are: marks are kept where the letter with them may stand in the symbol. */
static struct str replacement(struct arena *a, uint32_t c, struct str bytes, bool may_decompose, bool *is_unknown)
{
	if (qrbill_character_allowed(c)) return bytes;
	const struct translation *t = bsearch(&c, translations, COUNT(translations), sizeof *translations, by_code_point);
	if (t) return str_of(t->to);
	if (is_in(spaces, COUNT(spaces), c)) return S(" ");
	if (is_in(marks, COUNT(marks), c) || is_in(invisible, COUNT(invisible), c)) return S("");
	struct str parts = may_decompose ? text_nfkd(a, bytes) : bytes, part;
	if (!may_decompose || str_eq(parts, bytes)) {
		*is_unknown = true;
		return S(UNKNOWN);
	}
	struct buf out = buf_in(a);
	struct str letter = S("");
	for (uint32_t p; next_point(&parts, &p, &part);) {
		if (!is_in(marks, COUNT(marks), p)) {
			buf_add(&out, letter);
			letter = replacement(a, p, part, false, is_unknown);
			continue;
		}
		struct str composed = text_nfc(a, str_format(a, "%.*s%.*s", STR_ARG(letter), STR_ARG(part)));
		if (is_one_allowed(composed)) letter = composed;
	}
	buf_add(&out, letter);
	return buf_str(&out);
}

static bool is_letter_or_digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7 && c <= 0x21b);
}

static bool has_letter_or_digit(struct str s)
{
	struct str bytes;
	for (uint32_t c; next_point(&s, &c, &bytes);)
		if (is_letter_or_digit(c)) return true;
	return false;
}

static struct str transliterate(struct arena *a, struct str text, struct qrbill_cleaning *what)
{
	struct shown list = { .text = buf_in(a) };
	struct buf out = buf_in(a);
	struct str rest = text, bytes;
	bool any_unknown = false;
	for (uint32_t c; next_point(&rest, &c, &bytes);) {
		bool is_unknown = false;
		struct str to = replacement(a, c, bytes, true, &is_unknown);
		buf_add(&out, to);
		any_unknown |= is_unknown;
		if (qrbill_character_allowed(c) || !show(&list, c, bytes)) continue;
		if (str_eq(to, S(" "))) to = S("U+0020");
		buf_add(&list.text, S(" → "));
		buf_add(&list.text, to.len ? to : S("–"));
	}
	what->replaced = buf_str(&list.text);
	what->is_illegible = any_unknown && !has_letter_or_digit(buf_str(&out));
	return buf_str(&out);
}

/* ---- blanks ---- */

#define NO_BREAK	S("\u00a0")
#define SOFT_HYPHEN S("\u00ad") /* shows nothing but between letters at a line's end */

/* How many bytes the blank takes that TEXT begins with; 0 when it begins otherwise. */
static size_t blank_length(struct str text)
{
	if (text.len == 0) return 0;
	if (text.at[0] == ' ') return 1;
	return text.at[0] == NO_BREAK.at[0] && (str_starts(text, NO_BREAK) || str_starts(text, SOFT_HYPHEN)) ? NO_BREAK.len : 0;
}

struct str qrbill_text_trim(struct str text)
{
	for (size_t len; (len = blank_length(text));) text = str_part(text, len, text.len);
	for (;;) {
		if (text.len && text.at[text.len - 1] == ' ') text.len--;
		else if (str_ends(text, NO_BREAK) || str_ends(text, SOFT_HYPHEN)) text.len -= NO_BREAK.len;
		else return text;
	}
}

/* How many bytes the blanks take that TEXT begins with, and what is kept of them: one blank as it is, one ordinary blank of several. */
static size_t blanks_length(struct str text, struct str *kept)
{
	size_t len = 0, n, count = 0;
	bool is_soft = true;
	for (struct str rest = text; (n = blank_length(rest)); rest = str_part(rest, n, rest.len), len += n, count++)
		is_soft &= str_starts(rest, SOFT_HYPHEN);
	*kept = count <= 1 ? str_part(text, 0, len) : is_soft ? SOFT_HYPHEN : S(" ");
	return len;
}

static struct str without_surplus_blanks(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	struct str kept;
	for (s = qrbill_text_trim(s); s.len;) {
		size_t len = blanks_length(s, &kept);
		buf_add(&b, len ? kept : str_part(s, 0, 1));
		s = str_part(s, len ? len : 1, s.len);
	}
	return buf_str(&b);
}

static bool has_surplus_blanks(struct str s)
{
	if (qrbill_text_trim(s).len != s.len) return true;
	for (size_t n, before = 0; s.len; s = str_part(s, n ? n : 1, s.len), before = n)
		if ((n = blank_length(s)) && before) return true;
	return false;
}

struct str qrbill_text_clean(struct arena *a, struct str text, struct qrbill_cleaning *what)
{
	*what = (struct qrbill_cleaning){ .had_surplus_blanks = has_surplus_blanks(text), .forbidden = S(""), .replaced = S("") };
	struct shown list = { .text = { 0 } };
	struct str rest = text, bytes;
	for (uint32_t c; next_point(&rest, &c, &bytes);) {
		if (qrbill_character_allowed(c)) continue;
		if (!list.text.arena) list.text = buf_in(a);
		show(&list, c, bytes);
	}
	if (list.count) {
		what->forbidden = buf_str(&list.text);
		text = transliterate(a, text_nfc(a, text), what);
	}
	return has_surplus_blanks(text) ? without_surplus_blanks(a, text) : text;
}
