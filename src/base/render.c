/* base/render.c: escaping, each way once. */
#include "base/render.h"

#include <string.h>

#include "base/status.h"

#define PAGE_FIRST 6144 /* bytes: most pages, so that they grow by nothing while their links are made beside them in the same arena */

struct render render_in(struct arena *a, enum language language, struct str zone, struct str base)
{
	struct render r = { .out = buf_in(a), .language = language, .zone = zone, .base = base };
	buf_room(&r.out, PAGE_FIRST);
	return r;
}

struct url url_of(struct str text)
{
	return (struct url){ text };
}

struct html render_take(struct render *r, size_t len)
{
	if (len > r->out.len) BUG("take from %zu of %zu bytes", len, r->out.len);
	struct str taken = str_keep(r->out.arena, str_part(buf_str(&r->out), len, r->out.len));
	r->out.len = len;
	return (struct html){ taken };
}

static struct html time_element(struct render *r, int64_t utc, struct str words)
{
	struct buf b = buf_in(r->out.arena);
	buf_add(&b, S("<time datetime=\""));
	buf_add(&b, lang_iso(r->out.arena, utc, r->zone));
	buf_add(&b, S("\">"));
	buf_add_escaped(&b, words);
	buf_add(&b, S("</time>"));
	return (struct html){ buf_str(&b) };
}

struct html render_datetime(struct render *r, int64_t utc)
{
	return time_element(r, utc, lang_datetime(r->out.arena, r->language, utc, r->zone));
}

struct html render_date(struct render *r, int64_t utc)
{
	return time_element(r, utc, lang_date(r->out.arena, r->language, utc, r->zone));
}

struct str render_amount(struct render *r, int64_t minor, struct str currency)
{
	return lang_amount(r->out.arena, r->language, minor, currency);
}

struct str render_number(struct render *r, int64_t n)
{
	return lang_number(r->out.arena, r->language, n);
}

void render_base(struct render *r)
{
	if (r->base.len) buf_add_escaped(&r->out, r->base);
}

static const struct render_part *find_part(const struct render_part *parts, struct str name)
{
	for (const struct render_part *p = parts; p && p->name; p++)
		if (str_eq(str_of(p->name), name)) return p;
	return NULL;
}

void render_say(struct render *r, enum message m, const struct arg *args, const struct render_part *parts)
{
	struct str rest = lang_pattern(r->language, m, args), piece, name;
	while (str_next(&rest, '{', &piece)) {
		buf_add_escaped(&r->out, piece);
		if (!rest.at || !str_next(&rest, '}', &name)) break;
		const struct render_part *part = find_part(parts, name);
		if (part) render_html(r, part->html);
		else buf_add_escaped(&r->out, lang_arg(r->out.arena, r->language, m, args, name));
	}
}

void render_str(struct render *r, struct str s)
{
	buf_add_escaped(&r->out, s);
}

void render_c(struct render *r, const char *s)
{
	render_str(r, str_of(s));
}

void render_int(struct render *r, int64_t n)
{
	buf_add_int(&r->out, n);
}

void render_unsigned(struct render *r, uint64_t n)
{
	buf_addf(&r->out, "%llu", (unsigned long long)n);
}

void render_html(struct render *r, struct html h)
{
	buf_add(&r->out, h.markup);
}

void render_url_text(struct render *r, struct url u)
{
	render_str(r, u.text);
}

/* What may stand in a URL as it is: unreserved characters (RFC 3986, 2.3), and those that part it or are encoded already. & is written as an entity. */
enum { UNRESERVED = 1, DELIMITER = 2 };
__extension__ static const unsigned char url_bytes[256] = { ['a' ... 'z'] = UNRESERVED,
	['A' ... 'Z'] = UNRESERVED,
	['0' ... '9'] = UNRESERVED,
	['-'] = UNRESERVED,
	['.'] = UNRESERVED,
	['_'] = UNRESERVED,
	['~'] = UNRESERVED,
	[':'] = DELIMITER,
	['/'] = DELIMITER,
	['?'] = DELIMITER,
	['#'] = DELIMITER,
	['['] = DELIMITER,
	[']'] = DELIMITER,
	['@'] = DELIMITER,
	['!'] = DELIMITER,
	['$'] = DELIMITER,
	['('] = DELIMITER,
	[')'] = DELIMITER,
	['*'] = DELIMITER,
	['+'] = DELIMITER,
	[','] = DELIMITER,
	[';'] = DELIMITER,
	['='] = DELIMITER,
	['%'] = DELIMITER };

static void add_percent(struct buf *b, unsigned char c)
{
	buf_addf(b, "%%%02X", c);
}

/* Whether U is relative or has a scheme that can't run anything. Browsers pass over tabs, line ends and leading blanks within a scheme;
 * so what stands before the first colon has to be one of ours, byte by byte. */
static bool is_harmless(struct str u)
{
	static const struct str schemes[] = { { STR("http") }, { STR("https") }, { STR("mailto") }, { STR("tel") } };
	size_t colon = 0;
	while (colon < u.len && !strchr(":/?#", u.at[colon])) colon++;
	if (colon == u.len || u.at[colon] != ':') return true;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (str_eq_nocase(str_part(u, 0, colon), schemes[i])) return true;
	return false;
}

void render_url(struct render *r, struct url u)
{
	struct str s = u.text;
	bool is_path = s.len && s.at[0] == '/';
	if (!is_path && !is_harmless(s)) {
		buf_add(&r->out, S("about:invalid"));
		return;
	}
	if (is_path && !(s.len > 1 && s.at[1] == '/')) render_base(r);
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (url_bytes[c]) continue;
		buf_add(&r->out, str_part(s, from, i - from));
		if (c == '&') buf_add(&r->out, S("&amp;"));
		else add_percent(&r->out, c);
		from = i + 1;
	}
	buf_add(&r->out, str_part(s, from, s.len));
}

void render_part_str(struct render *r, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (url_bytes[c] == UNRESERVED) buf_add_char(&r->out, (char)c);
		else add_percent(&r->out, c);
	}
}

void render_part_c(struct render *r, const char *s)
{
	render_part_str(r, str_of(s));
}

void render_part_url(struct render *r, struct url u)
{
	render_part_str(r, u.text);
}

struct arg render_arg_c(const char *name, const char *s)
{
	return arg_text(name, str_of(s));
}
