/* base/render.h: what compiled templates write with (docs/templates.md). Every value goes through the function of the place where it stands;
 * the compiler tools/template chooses the place, _Generic the type. A type that may not stand there is a compile error. */
#pragma once
#include "base/lang.h"

/* A page being made. */
struct render {
	struct buf out;
	enum language language;
	struct str zone; /* IANA name: times are shown in it */
	struct str base; /* before each path of ours: "" or "/prefix" (a point of sale's public URL may have one) */
};

/* An empty page in arena A. */
struct render render_in(struct arena *a, enum language language, struct str zone, struct str base);

/* Markup that is written as it is: only what came out of a template, or out of the sanitiser of mails, may be one. */
struct html {
	struct str markup;
};

/* The whole of an address, for href, src or action. One that begins with a single / is a path of ours and gets the base. With a scheme other than
 * http, https, mailto and tel it is written as about:invalid; bytes that do not belong into a URL are percent-encoded. */
struct url {
	struct str text;
};
struct url url_of(struct str text);

/* What has been written since the page was LEN bytes long, taken off it again: valid as long as the page's arena. */
struct html render_take(struct render *r, size_t len);

/* ---- for expressions in templates ---- */

struct html render_datetime(struct render *r, int64_t utc);						/* <time datetime="…">Tue 24 Nov 2026, 09:15</time> */
struct html render_date(struct render *r, int64_t utc);							/* <time datetime="…">24 November 2026</time> */
struct str render_amount(struct render *r, int64_t minor, struct str currency); /* CHF 1’234.50 */
struct str render_number(struct render *r, int64_t n);							/* 1’234; {{= n}} alone writes 1234 */

/* ---- for compiled templates only ---- */

/* A {placeholder} of a message that is filled with markup. */
struct render_part {
	const char *name; /* NULL ends the list */
	struct html html;
};

void render_base(struct render *r);

/* A template's own text. Always inline, because there are a hundred of them a page, and of each the compiler knows the length. */
__attribute__((always_inline)) static inline void render_literal(struct render *r, const char *at, size_t len)
{
	memcpy(buf_room(&r->out, len), at, len);
	r->out.len += len;
}

/* An asset's path, whose bytes need no look: the build has made them. */
static inline void render_asset(struct render *r, struct str path)
{
	render_base(r);
	buf_add(&r->out, path);
}

/* A message: its text and its arguments escaped, its PARTS as they are. PARTS may be NULL. */
void render_say(struct render *r, enum message m, const struct arg *args, const struct render_part *parts);

void render_str(struct render *r, struct str s); /* with entities */
void render_c(struct render *r, const char *s);
void render_int(struct render *r, int64_t n);
void render_unsigned(struct render *r, uint64_t n);
void render_html(struct render *r, struct html h);
void render_url(struct render *r, struct url u);	  /* whole, as struct url says */
void render_url_text(struct render *r, struct url u); /* as something to read */
void render_part_str(struct render *r, struct str s); /* percent-encoded but for unreserved characters (RFC 3986, 2.3) */
void render_part_c(struct render *r, const char *s);
void render_part_url(struct render *r, struct url u);

/* clang-format off */
/* Text between tags; an attribute, a title or a textarea; a whole URL; a piece of one. */
#define render_put_text(r, v)  _Generic((v), RENDER_INTEGERS, struct str: render_str, const char *: render_c, char *: render_c, struct url: render_url_text, struct html: render_html)((r), (v))
#define render_put_plain(r, v) _Generic((v), RENDER_INTEGERS, struct str: render_str, const char *: render_c, char *: render_c, struct url: render_url_text)((r), (v))
#define render_put_url(r, v)   _Generic((v), struct url: render_url)((r), (v))
#define render_put_part(r, v)  _Generic((v), RENDER_INTEGERS, struct str: render_part_str, const char *: render_part_c, char *: render_part_c, struct url: render_part_url)((r), (v))

#define RENDER_INTEGERS                                                                                     \
	short: render_int, int: render_int, long: render_int, long long: render_int,                            \
	unsigned char: render_unsigned, unsigned short: render_unsigned, unsigned: render_unsigned,             \
	unsigned long: render_unsigned, unsigned long long: render_unsigned

/* An argument of a message. */
#define render_arg(name, v)                                                                                 \
	_Generic((v), struct str: arg_text, const char *: render_arg_c, char *: render_arg_c,                   \
		short: arg_int, int: arg_int, long: arg_int, long long: arg_int, unsigned char: arg_int,            \
		unsigned short: arg_int, unsigned: arg_int, unsigned long: arg_int, unsigned long long: arg_int)((name), (v))
/* clang-format on */
struct arg render_arg_c(const char *name, const char *s);
