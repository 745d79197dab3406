/* base/str.c: text with a length. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"

#define FORMAT_FIRST 120 /* most formatted texts fit, and are then written in one go */
#define BUF_FIRST	 256 /* grows in place while it is the arena's last allocation */

struct str str_of(const char *c)
{
	return (struct str){ c ? c : "", c ? strlen(c) : 0 };
}

struct str str_keep(struct arena *a, struct str s)
{
	char *at = arena_alloc(a, s.len + 1);
	if (s.len) memcpy(at, s.at, s.len);
	return (struct str){ at, s.len };
}

char *str_c(struct arena *a, struct str s)
{
	if (s.len && memchr(s.at, 0, s.len)) return NULL;
	char *at = arena_alloc(a, s.len + 1);
	if (s.len) memcpy(at, s.at, s.len);
	return at;
}

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len) return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i])) return false;
	return true;
}

bool str_starts(struct str s, struct str with)
{
	return s.len >= with.len && str_eq(str_part(s, 0, with.len), with);
}

bool str_ends(struct str s, struct str with)
{
	return s.len >= with.len && str_eq(str_part(s, s.len - with.len, with.len), with);
}

bool str_has(struct str s, char c)
{
	return s.len && memchr(s.at, c, s.len);
}

int str_compare(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;
	if (order) return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_eq_secret(struct str a, struct str b)
{
	if (a.len != b.len) return false;
	volatile unsigned char different = 0;
	for (size_t i = 0; i < a.len; i++) different |= (unsigned char)(a.at[i] ^ b.at[i]);
	return different == 0;
}

static size_t space_at(const char *at, size_t len)
{
	if (len && (*at == ' ' || (*at >= '\t' && *at <= '\r'))) return 1;
	return len >= 2 && at[0] == '\xc2' && at[1] == '\xa0' ? 2 : 0;
}

struct str str_trim(struct str s)
{
	size_t n;
	while ((n = space_at(s.at, s.len))) s = str_part(s, n, s.len);
	for (;;) {
		if (s.len && space_at(s.at + s.len - 1, 1)) s.len--;
		else if (s.len >= 2 && space_at(s.at + s.len - 2, 2) == 2) s.len -= 2;
		else return s;
	}
}

struct str str_part(struct str s, size_t from, size_t len)
{
	if (from > s.len) from = s.len;
	if (len > s.len - from) len = s.len - from;
	return (struct str){ s.at + from, len };
}

ptrdiff_t str_find(struct str s, struct str part)
{
	if (part.len == 0) return 0;
	if (s.len == 0) return -1;
	const char *at = memmem(s.at, s.len, part.at, part.len);
	return at ? at - s.at : -1;
}

bool str_next(struct str *rest, char c, struct str *piece)
{
	if (!rest->at) return false;
	const char *end = rest->len ? memchr(rest->at, c, rest->len) : NULL;
	if (!end) {
		*piece = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	size_t len = (size_t)(end - rest->at);
	*piece = str_part(*rest, 0, len);
	*rest = str_part(*rest, len + 1, rest->len);
	return true;
}

size_t str_index(struct str s, const char *const *names, size_t count, const char *what)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(s, str_of(names[i]))) return i;
	BUG("%s %.*s", what, STR_ARG(s));
}

bool str_int64(struct str s, int64_t *out)
{
	bool is_negative = s.len && s.at[0] == '-';
	if (is_negative) s = str_part(s, 1, s.len);
	if (s.len == 0 || s.len > 19) return false;
	int64_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9') return false;
		int64_t digit = s.at[i] - '0';
		if (__builtin_mul_overflow(n, 10, &n)) return false;
		if (__builtin_sub_overflow(n, digit, &n)) return false; /* negative all along: INT64_MIN fits */
	}
	if (!is_negative && __builtin_sub_overflow((int64_t)0, n, &n)) return false;
	*out = n;
	return true;
}

struct str str_lower(struct arena *a, struct str s)
{
	char *at = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++) at[i] = lower(s.at[i]);
	return (struct str){ at, s.len };
}

/* Length of the well-formed sequence at AT, 0 when it is not one. */
static size_t sequence(const unsigned char *at, size_t len)
{
	unsigned char c = at[0];
	if (c < 0x80) return c ? 1 : 0;
	size_t n = c >= 0xc2 && c <= 0xdf ? 2 : c >= 0xe0 && c <= 0xef ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
	if (n == 0 || n > len) return 0;
	unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	if (at[1] < low || at[1] > high) return 0;
	for (size_t i = 2; i < n; i++)
		if ((at[i] & 0xc0) != 0x80) return 0;
	return n;
}

bool str_is_text(struct str s)
{
	for (size_t i = 0; i < s.len;) {
		size_t n = sequence((const unsigned char *)s.at + i, s.len - i);
		if (n == 0) return false;
		i += n;
	}
	return true;
}

bool str_has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < 0x20 || c == 0x7f) return true;
		if (c == 0xc2 && i + 1 < s.len && (unsigned char)s.at[i + 1] < 0xa0) return true;
	}
	return false;
}

size_t str_points(struct str s)
{
	size_t points = 0;
	for (size_t i = 0; i < s.len; points++) {
		size_t n = sequence((const unsigned char *)s.at + i, s.len - i);
		i += n ? n : 1;
	}
	return points;
}

/* Adds the text and, behind it and not counted, a NUL. */
static void add_formatted(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0), nonnull(2)));
static void add_formatted(struct buf *b, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	size_t room = b->size - b->len < FORMAT_FIRST ? FORMAT_FIRST : b->size - b->len;
	int len = vsnprintf(buf_room(b, room), room, format, args);
	if (len < 0) BUG("format %s", format);
	if ((size_t)len >= room) vsnprintf(buf_room(b, (size_t)len + 1), (size_t)len + 1, format, again);
	va_end(again);
	b->len += (size_t)len;
}

struct str str_format(struct arena *a, const char *format, ...)
{
	struct buf b = buf_in(a);
	va_list args;
	va_start(args, format);
	add_formatted(&b, format, args);
	va_end(args);
	return buf_str(&b);
}

struct buf buf_in(struct arena *a)
{
	return (struct buf){ .arena = a };
}

char *buf_grow(struct buf *b, size_t len)
{
	size_t size = b->size ? b->size * 2 : BUF_FIRST;
	while (size - b->len < len) size *= 2;
	b->at = arena_grow_bytes(b->arena, b->at, b->size, size);
	b->size = size;
	return b->at + b->len;
}

void buf_added(struct buf *b, size_t len)
{
	if (len > b->size - b->len) BUG("%zu bytes added, room for %zu", len, b->size - b->len);
	b->len += len;
}

void buf_add_int(struct buf *b, int64_t n)
{
	char digits[20], *at = digits + sizeof digits;
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	do *--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0) *--at = '-';
	buf_add(b, (struct str){ at, (size_t)(digits + sizeof digits - at) });
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_formatted(b, format, args);
	va_end(args);
}

static const struct str entities[256] = {
	['&'] = { STR("&amp;") }, ['<'] = { STR("&lt;") }, ['>'] = { STR("&gt;") }, ['"'] = { STR("&quot;") }, ['\''] = { STR("&#39;") }
};

/* Sixteen bytes at once, as every processor of ours has them; the compilers' own notation, so no processor's name stands here. */
typedef uint8_t sixteen __attribute__((vector_size(16)));

/* Not zero where V holds one of & < > " '. Two pairs of them differ by one bit each. */
static sixteen markup_in(sixteen v)
{
	return (sixteen)((v | 1) == '\'') | (sixteen)((v | 2) == '>') | (sixteen)(v == '"');
}

_Static_assert(('&' | 1) == '\'' && ('<' | 2) == '>', "what markup_in pairs");

/* Whether S holds nothing to escape, as most values: looked at in pieces that may overlap. */
static bool is_plain(struct str s)
{
	sixteen v = { 0 }, found = { 0 };
	if (s.len >= sizeof v) {
		for (size_t i = 0; i < s.len - sizeof v; i += sizeof v) {
			memcpy(&v, s.at + i, sizeof v);
			found |= markup_in(v);
		}
		memcpy(&v, s.at + s.len - sizeof v, sizeof v);
	} else if (s.len >= 8) {
		memcpy(&v, s.at, 8);
		memcpy((char *)&v + 8, s.at + s.len - 8, 8);
	} else if (s.len >= 4) {
		memcpy(&v, s.at, 4);
		memcpy((char *)&v + 4, s.at + s.len - 4, 4);
	} else {
		for (size_t i = 0; i < s.len; i++)
			if (entities[(unsigned char)s.at[i]].len) return false;
		return true;
	}
	uint64_t halves[2];
	found |= markup_in(v);
	memcpy(halves, &found, sizeof halves);
	return !(halves[0] | halves[1]);
}

void buf_add_escaped(struct buf *b, struct str s)
{
	size_t from = 0;
	if (is_plain(s)) {
		buf_add(b, s);
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		const struct str *entity = &entities[(unsigned char)s.at[i]];
		if (!entity->len) continue;
		buf_add(b, str_part(s, from, i - from));
		buf_add(b, *entity);
		from = i + 1;
	}
	buf_add(b, str_part(s, from, s.len));
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->at ? b->at : "", b->len };
}

struct str str_hex(struct arena *a, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *at = arena_alloc(a, bytes.len * 2 + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		at[2 * i] = digits[(unsigned char)bytes.at[i] >> 4];
		at[2 * i + 1] = digits[(unsigned char)bytes.at[i] & 15];
	}
	return (struct str){ at, bytes.len * 2 };
}

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str str_base64url(struct arena *a, struct str bytes)
{
	size_t len = (bytes.len * 8 + 5) / 6, i = 0;
	char *at = arena_alloc(a, len + 1), *to = at;
	const unsigned char *from = (const unsigned char *)bytes.at;
	for (; i + 3 <= bytes.len; i += 3, to += 4) {
		unsigned three = (unsigned)from[i] << 16 | (unsigned)from[i + 1] << 8 | from[i + 2];
		for (size_t k = 0; k < 4; k++) to[k] = base64url[three >> (18 - 6 * k) & 63];
	}
	if (i < bytes.len) { /* one or two are left: two or three characters */
		unsigned rest = (unsigned)from[i] << 16 | (i + 1 < bytes.len ? (unsigned)from[i + 1] << 8 : 0);
		for (size_t k = 0; k < bytes.len - i + 1; k++) to[k] = base64url[rest >> (18 - 6 * k) & 63];
	}
	return (struct str){ at, len };
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_from_hex(struct arena *a, struct str text, struct str *bytes)
{
	if (text.len % 2) return false;
	char *at = arena_alloc(a, text.len / 2);
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_value(text.at[i]), low = hex_value(text.at[i + 1]);
		if (high < 0 || low < 0) return false;
		at[i / 2] = (char)(high << 4 | low);
	}
	*bytes = (struct str){ at, text.len / 2 };
	return true;
}

static int base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z') return c - 'A';
	if (c >= 'a' && c <= 'z') return c - 'a' + 26;
	if (c >= '0' && c <= '9') return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool str_from_base64url(struct arena *a, struct str text, struct str *bytes)
{
	if (text.len % 4 == 1) return false;
	size_t len = text.len * 6 / 8;
	unsigned char *at = arena_alloc(a, len + 1);
	unsigned bits = 0, held = 0;
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = base64url_value(text.at[i]);
		if (value < 0) return false;
		held = (held << 6 | (unsigned)value) & 0xffff;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		at[n++] = (unsigned char)(held >> bits);
	}
	if (held & ((1u << bits) - 1)) return false; /* spare bits set: another spelling of the same bytes */
	*bytes = (struct str){ (char *)at, len };
	return true;
}
