/* formats/tracking_link.c: a link's template is a URL whose placeholders stand behind the host only, so that no value can change where it leads. */
#include "base/status.h"
#include "formats/tracking.h"

#define VALUE_MAX 120 /* bytes of the longest value when percent-encoded: a number of TRACKING_MAX characters, each three */

enum { NUMBER = 1 };

static const struct placeholder {
	struct str name;
	size_t offset;
	unsigned kind;
} placeholders[] = {
	{ { STR("tracking_number") }, offsetof(struct tracking_values, shown), NUMBER },
	{ { STR("tracking_number_plain") }, offsetof(struct tracking_values, plain), NUMBER },
	{ { STR("language") }, offsetof(struct tracking_values, language), 0 },
	{ { STR("country") }, offsetof(struct tracking_values, country), 0 },
	{ { STR("postcode") }, offsetof(struct tracking_values, postcode), 0 },
	{ { STR("posted_date") }, offsetof(struct tracking_values, posted_date), 0 },
};

/* One piece of a template: a byte that stands for itself, or a placeholder. */
struct piece {
	enum { PIECE_END, PIECE_BYTE, PIECE_PLACE, PIECE_UNKNOWN, PIECE_BRACE } kind;
	char byte;
	const struct placeholder *place;
	size_t at, len;
};

static struct piece next(struct str form, size_t at)
{
	struct piece p = { .at = at, .len = 1 };
	if (at >= form.len) return p;
	char c = form.at[at];
	p.kind = PIECE_BYTE, p.byte = c;
	if (c != '{' && c != '}') return p;
	if (at + 1 < form.len && form.at[at + 1] == c) {
		p.len = 2;
		return p;
	}
	ptrdiff_t end = c == '{' ? str_find(str_part(form, at, form.len), S("}")) : -1;
	p.kind = end < 0 ? PIECE_BRACE : PIECE_UNKNOWN;
	if (end < 0) return p;
	p.len = (size_t)end + 1;
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (str_eq(str_part(form, at + 1, p.len - 2), placeholders[i].name)) p.kind = PIECE_PLACE, p.place = &placeholders[i];
	return p;
}

static bool is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* How long the host and its port are at the beginning of S; 0 when they are none. */
static size_t authority(struct str s)
{
	size_t n = 0, dots = 0, host, digits;
	while (n < s.len && is_host_byte(s.at[n])) {
		if (s.at[n] == '.' && (n == 0 || s.at[n - 1] == '.')) return 0;
		dots += s.at[n++] == '.';
	}
	host = n;
	if (host == 0 || dots == 0) return 0; /* a carrier's page stands on a name with a domain */
	if (n < s.len && s.at[n] == ':') {
		for (n++, digits = 0; n < s.len && s.at[n] >= '0' && s.at[n] <= '9'; n++) digits++;
		if (digits == 0 || digits > 5) return 0;
	}
	return n == s.len || str_has(S("/?#"), s.at[n]) ? n : 0;
}

/* What may stand in a URL as it is; everything else that is no placeholder has to be percent-encoded by whoever writes the template. */
static bool is_url_byte(char c)
{
	return c > ' ' && c < 0x7f && !str_has(S("\\\"<>^`|"), c);
}

static size_t scheme(struct str form, bool *is_http)
{
	*is_http = str_eq_nocase(str_part(form, 0, 7), S("http://"));
	return *is_http ? 7 : str_eq_nocase(str_part(form, 0, 8), S("https://")) ? 8 : 0;
}

struct tracking_link_finding tracking_link_check(struct str form)
{
	struct tracking_link_finding f = { .len = form.len };
	size_t numbers = 0, made = 0, begin = scheme(form, &f.is_http);
	if (form.len > TRACKING_LINK_MAX) return f.fault = LINK_FORM_TOO_LONG, f;
	if (!begin) return f.fault = LINK_FORM_NOT_HTTPS, f;
	size_t host = authority(str_part(form, begin, form.len));
	if (!host) return f.fault = LINK_FORM_HOST, f.at = begin, f.len = form.len - begin, f;
	for (struct piece p = next(form, begin + host); p.kind != PIECE_END; p = next(form, p.at + p.len)) {
		f.at = p.at, f.len = p.len;
		if (p.kind == PIECE_BRACE) return f.fault = LINK_FORM_BRACE, f;
		if (p.kind == PIECE_UNKNOWN) return f.fault = LINK_FORM_UNKNOWN_PLACEHOLDER, f;
		if (p.kind == PIECE_BYTE && !is_url_byte(p.byte)) return f.fault = LINK_FORM_CHARACTER, f;
		if (p.kind == PIECE_PLACE && p.place->kind == NUMBER && ++numbers > 1) return f.fault = LINK_FORM_TWO_NUMBERS, f;
		made += p.kind == PIECE_PLACE ? VALUE_MAX : p.len == 2 ? 3 : 1; /* a brace is percent-encoded */
	}
	f.at = 0, f.len = form.len;
	if (numbers == 0) f.fault = LINK_FORM_NO_NUMBER;
	else if (begin + host + made > TRACKING_LINK_MAX) f.fault = LINK_FORM_TOO_LONG;
	return f;
}

/* Everything but RFC 3986's unreserved characters, so that a value cannot end the part of the link it stands in. */
static void add_encoded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || str_has(S("-._~"), c);
		if (is_plain) buf_add_char(b, c);
		else buf_addf(b, "%%%02X", (unsigned char)c);
	}
}

struct str tracking_link(struct arena *a, struct str form, const struct tracking_values *v)
{
	struct buf b = buf_in(a);
	bool is_http;
	size_t begin = scheme(form, &is_http);
	buf_add(&b, str_part(form, 0, begin));
	for (struct piece p = next(form, begin); p.kind != PIECE_END; p = next(form, p.at + p.len)) {
		if (p.kind == PIECE_PLACE) add_encoded(&b, *(const struct str *)((const char *)v + p.place->offset));
		else if (p.kind == PIECE_BYTE && str_has(S("{}"), p.byte)) add_encoded(&b, (struct str){ &p.byte, 1 }); /* no URL holds a brace as it is */
		else if (p.kind == PIECE_BYTE) buf_add_char(&b, p.byte);
		else BUG("a tracking link's form that was never checked");
	}
	return buf_str(&b);
}

bool tracking_link_allowed(struct str link, struct str host)
{
	bool is_http;
	size_t begin = scheme(link, &is_http);
	if (!begin || is_http || link.len > TRACKING_LINK_MAX || !host.len) return false;
	for (size_t i = 0; i < link.len; i++)
		if (!is_url_byte(link.at[i])) return false;
	struct str rest = str_part(link, begin, link.len);
	return authority(rest) == host.len && str_eq_nocase(str_part(rest, 0, host.len), host);
}
