/* web/route.c: finding a route. A linear walk: the longest table has a hundred rows of which most differ in their first bytes. */
#include "web/route.h"

#include <string.h>

#include "web/path.h"

/* A segment of the path, decoded; false when it can be part of no address of ours. */
static bool segment_decode(struct arena *a, struct str raw, struct str *out)
{
	*out = raw;
	if (str_has(raw, '%') && !percent_decode(a, raw, PLUS_IS_PLUS, out)) return false;
	return out->len && str_is_text(*out) && !str_has_control(*out) && !str_eq(*out, S(".")) && !str_eq(*out, S(".."));
}

bool route_fits(struct arena *a, const char *pattern, struct str path, struct str segments[SEGMENTS_MAX])
{
	struct str pattern_rest = str_of(pattern), path_rest = path, want, raw, got;
	size_t n = 0;
	if (str_eq(path, pattern_rest) && !str_has(path, ':')) return true;
	while (str_next(&pattern_rest, '/', &want)) {
		if (!str_next(&path_rest, '/', &raw)) return false;
		if (want.len == 0) { /* before the first '/', and the whole of "/" */
			if (raw.len) return false;
			continue;
		}
		if (!segment_decode(a, raw, &got)) return false;
		if (want.at[0] != ':') {
			if (!str_eq(want, got)) return false;
			continue;
		}
		ptrdiff_t dot = str_find(want, S("."));
		if (dot > 0) { /* ":BILL.pdf" */
			struct str suffix = str_part(want, (size_t)dot, want.len);
			if (got.len <= suffix.len || !str_ends(got, suffix)) return false;
			got.len -= suffix.len;
		}
		segments[n++] = got;
	}
	return path_rest.at == NULL;
}

/* Whether one look at the first letters tells them apart; not where a segment may be anything or is encoded. */
static bool starts_otherwise(const char *pattern, struct str path)
{
	return path.len > 1 && pattern[1] != path.at[1] && pattern[1] != ':' && path.at[1] != '%';
}

struct route_match route_find(struct arena *a, const struct face *f, enum method method, struct str path)
{
	struct route_match m = { 0 };
	for (size_t i = 0; i < f->count; i++) {
		const struct route *t = &f->routes[i];
		if (starts_otherwise(t->pattern, path) || !route_fits(a, t->pattern, path, m.segments)) continue;
		m.path_is_known = true;
		m.methods[t->method] = true;
		if (t->method != method) continue;
		m.route = t;
		break;
	}
	return m;
}

void face_check(const struct face *f)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct route *t = &f->routes[i];
		size_t segments = 0;
		for (const char *c = t->pattern; *c; c++) segments += *c == ':';
		if (t->pattern[0] != '/') BUG("%s: pattern \"%s\" does not begin with '/'", f->name, t->pattern);
		if (segments > SEGMENTS_MAX) BUG("%s: pattern \"%s\" has more than SEGMENTS_MAX segments", f->name, t->pattern);
		if (t->method != GET && t->method != POST) BUG("%s: %s is neither GET nor POST", f->name, t->pattern);
		if (t->method == POST && !(t->needs & (CSRF | OPEN))) BUG("%s: POST %s needs no CSRF", f->name, t->pattern);
		if (t->method == GET && t->needs & (CSRF | FILES)) BUG("%s: GET %s has no form to check", f->name, t->pattern);
		if (t->needs & FACE_NEEDS && !f->may) BUG("%s: %s has needs that nobody looks at", f->name, t->pattern);
		if (t->limit && !f->is_within_limit) BUG("%s: %s has a limit that nobody counts", f->name, t->pattern);
		if (!t->handle) BUG("%s: %s has no handler", f->name, t->pattern);
	}
}
