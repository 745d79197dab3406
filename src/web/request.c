/* web/request.c: what a handler reads. */
#include "web/request.h"

#include "web/inside.h"

static const struct pair *param(const struct request *r, const char *name)
{
	struct str want = str_of(name);
	for (size_t i = 0; i < r->inside->param_count; i++)
		if (str_eq(r->inside->params[i].name, want)) return &r->inside->params[i];
	return NULL;
}

struct str request_query(const struct request *r, const char *name)
{
	const struct pair *p = param(r, name);
	return p ? p->value : S("");
}

bool request_has_query(const struct request *r, const char *name)
{
	return param(r, name) != NULL;
}

struct str request_segment(const struct request *r, size_t index)
{
	if (index >= SEGMENTS_MAX) BUG("segment %zu", index);
	struct str s = r->inside->segments[index];
	return s.at ? s : S("");
}

bool request_segment_id(const struct request *r, size_t index, int64_t *id)
{
	struct str s = request_segment(r, index);
	return s.len && s.at[0] != '0' && str_int64(s, id) && *id > 0; /* one spelling: 007 is no 7 */
}

struct str request_header(const struct request *r, const char *name)
{
	struct str want = str_of(name);
	for (size_t i = 0; i < r->inside->header_count; i++)
		if (str_eq_nocase(r->inside->headers[i].name, want)) return r->inside->headers[i].value;
	return S("");
}

bool request_is_secure(const struct request *r)
{
	return str_starts(r->origin, S("https://"));
}

struct str request_link(const struct request *r, struct str path)
{
	return r->prefix.len ? str_format(r->arena, "%.*s%.*s", STR_ARG(r->prefix), STR_ARG(path)) : path;
}

struct str request_asset(const struct request *r, const char *name)
{
	const struct server_options *o = r->inside->options;
	const struct asset *found = asset_named(o->assets, o->asset_count, str_of(name));
	if (!found) BUG("no asset \"%s\"", name);
	return request_link(r, found->path);
}
