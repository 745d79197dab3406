/* web/cookie.c: reading Cookie, writing Set-Cookie (RFC 6265bis). */
#include "web/cookie.h"

#include "web/inside.h"

#define COOKIE_VALUE_MAX 512 /* a recovery token has 115 characters */

static bool is_cookie_text(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c <= ' ' || c >= 0x7f || c == ';' || c == ',' || c == '"' || c == '\\') return false;
	}
	return true;
}

static struct str cookie_name(struct request *r, const struct cookie *c)
{
	const char *prefix = !request_is_secure(r) ? "" : c->path ? "__Secure-" : "__Host-";
	struct buf b = buf_in(r->arena);
	buf_add(&b, str_of(prefix));
	buf_add(&b, str_of(c->name));
	if (c->is_per_site) buf_add_char(&b, '-');
	if (c->is_per_site) buf_add(&b, r->site_code);
	return buf_str(&b);
}

struct str cookie_get(struct request *r, const struct cookie *c)
{
	struct str name = cookie_name(r, c), found = { NULL, 0 };
	for (size_t i = 0; i < r->inside->header_count; i++) {
		if (!str_eq_nocase(r->inside->headers[i].name, S("cookie"))) continue;
		struct str rest = r->inside->headers[i].value, piece, key;
		while (str_next(&rest, ';', &piece)) {
			piece = str_trim(piece);
			if (!str_next(&piece, '=', &key) || !piece.at || !str_eq(key, name)) continue;
			if (found.at && !str_eq(found, piece)) return S(""); /* two claims: neither is believed */
			found = piece;
		}
	}
	return found.at && found.len <= COOKIE_VALUE_MAX && is_cookie_text(found) ? found : S("");
}

static void change(struct request *r, const struct cookie *c, struct str value, int max_age)
{
	struct str name = cookie_name(r, c), path = c->path ? request_link(r, str_of(c->path)) : S("/");
	struct buf b = buf_in(r->arena);
	const struct str words[] = { name, S("="), value, S("; Path="), path, S("; HttpOnly; SameSite=Lax") };
	for (size_t i = 0; i < COUNT(words); i++) buf_add(&b, words[i]);
	if (request_is_secure(r)) buf_add(&b, S("; Secure"));
	if (max_age >= 0) buf_addf(&b, "; Max-Age=%d", max_age);
	r->inside->is_personal = true;
	for (struct cookie_change *at = r->inside->cookies; at; at = at->next)
		if (str_eq(at->name, name)) {
			at->line = buf_str(&b);
			return;
		}
	struct cookie_change *new = ARENA_NEW(r->arena, struct cookie_change);
	*new = (struct cookie_change){ r->inside->cookies, name, buf_str(&b) };
	r->inside->cookies = new;
}

void cookie_set(struct request *r, const struct cookie *c, struct str value)
{
	if (value.len > COOKIE_VALUE_MAX || !is_cookie_text(value)) BUG("cookie %s: a value that no browser would send back", c->name);
	change(r, c, value, c->max_age_seconds ? c->max_age_seconds : -1);
}

void cookie_clear(struct request *r, const struct cookie *c)
{
	change(r, c, S(""), 0);
}
