/* base/str.h: text and bytes with a length, and the buffer that builds them.
 * A str is borrowed, never owned, and need not end in NUL; what it points to lives as long as its source says. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct str {
	const char *at;
	size_t len;
};

#define S(lit)	 ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR(lit) "" lit, sizeof(lit) - 1 /* in static tables: { STR("lit") } */

/* For printf's "%.*s": printf("%.*s", STR_ARG(s)). S is a variable or cheap: it is evaluated twice. */
#define STR_ARG(s) (int)(s).len, (s).at

/* A str of a C string; NULL is empty. */
struct str str_of(const char *c);

/* A copy in arena A, which the copy lives as long as. */
struct str str_keep(struct arena *a, struct str s);

/* A copy in arena A that ends in NUL, for libraries. NULL when S holds a NUL itself: the caller refuses it. */
char *str_c(struct arena *a, struct str s);

bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters alike */
bool str_starts(struct str s, struct str with);
bool str_ends(struct str s, struct str with);
bool str_has(struct str s, char c);

/* Byte by byte, the shorter first: negative, 0 or positive. */
int str_compare(struct str a, struct str b);

/* In constant time for equal lengths: for secrets. */
bool str_eq_secret(struct str a, struct str b);

/* Without white space at both ends: ASCII blanks and the no-break space. */
struct str str_trim(struct str s);

/* From byte FROM (at most the length), LEN bytes at most. */
struct str str_part(struct str s, size_t from, size_t len);

/* The place of PART in S, or -1. An empty PART is at 0. */
ptrdiff_t str_find(struct str s, struct str part);

/* Takes what stands before the first C (all when there is none) off the front of REST, and C too. False when REST had been used up. */
bool str_next(struct str *rest, char c, struct str *piece);

/* The place of S among NAMES, where it must be: a word that our own CHECK lets into the database. BUG, with WHAT it is of, when it is none. */
size_t str_index(struct str s, const char *const *names, size_t count, const char *what);

/* Reads a whole decimal number, with a minus sign for negative ones; false for anything else, also for one that does not fit. */
bool str_int64(struct str s, int64_t *out);

/* Lower case for ASCII letters, in arena A. */
struct str str_lower(struct arena *a, struct str s);

/* Whether S is valid UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms) and holds no NUL. */
bool str_is_text(struct str s);

/* Whether S holds a control character (C0, DEL or, as UTF-8, C1). */
bool str_has_control(struct str s);

/* Code points of valid UTF-8; other bytes count one each. */
size_t str_points(struct str s);

/* A formatted text in arena A. */
struct str str_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull(2)));

/* Grows in an arena. Fields are read-only outside str.c. */
struct buf {
	struct arena *arena;
	char *at;
	size_t len, size;
};

/* An empty buffer in arena A. */
struct buf buf_in(struct arena *a);

/* Room for LEN bytes more; the caller writes there and calls buf_added. */
char *buf_grow(struct buf *b, size_t len); /* for buf_room only */
static inline char *buf_room(struct buf *b, size_t len)
{
	return b->size - b->len < len ? buf_grow(b, len) : b->at + b->len;
}
void buf_added(struct buf *b, size_t len);

/* Here, because most bytes of most pages pass it, with lengths that the compiler knows. */
static inline void buf_add(struct buf *b, struct str s)
{
	if (s.len == 0) return;
	memcpy(buf_room(b, s.len), s.at, s.len);
	b->len += s.len;
}

static inline void buf_add_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->len++;
}

void buf_add_int(struct buf *b, int64_t n);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull(2)));

/* S with & < > " ' as entities: right for HTML text and for quoted attributes. */
void buf_add_escaped(struct buf *b, struct str s);

/* What is in it now: points into the arena, valid until the buffer grows. */
struct str buf_str(const struct buf *b);

/* Bytes as text: hexadecimal in lower case; base64url without padding (RFC 4648, section 5). */
struct str str_hex(struct arena *a, struct str bytes);
struct str str_base64url(struct arena *a, struct str bytes);

/* Lower-case hexadecimal into bytes; false for anything else. */
bool str_from_hex(struct arena *a, struct str text, struct str *bytes);

/* Base64url without padding into bytes; false for any spelling but the canonical one. */
bool str_from_base64url(struct arena *a, struct str text, struct str *bytes);
