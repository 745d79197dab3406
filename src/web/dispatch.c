/* web/dispatch.c: what must hold is checked here, in one order, so that no handler can forget. */
#include "web/dispatch.h"

#include "base/log.h"
#include "web/csrf.h"
#include "web/path.h"

#define HEADERS_MAX	  100  /* browsers send 20 */
#define TARGET_MAX	  8192 /* the longest address of ours, a search behind a proxy, has a few hundred */
#define HOST_MAX	  260  /* a name has 253 characters (RFC 1035), and a port */
#define RETRY_SECONDS 3	   /* what an overloaded server needs to work off its queue several times */
#define ASSETS_PATH	  S("/assets/")
#define ASSET_CACHE	  S("public, max-age=31536000, immutable")

/* ---- the head ---- */

/* Headers that change how a request is read or who is believed: a second one is an attempt to be read in two ways. */
static const struct str single[] = { { STR("host") }, { STR("content-length") }, { STR("transfer-encoding") }, { STR("content-type") },
	{ STR("origin") }, { STR("referer") } };

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_letter && !str_has(S("!#$%&'*+-.^_`|~"), c)) return false;
	}
	return s.len > 0;
}

static bool is_header_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f) return false;
	return true;
}

static int check_headers(struct request *r)
{
	struct request_inside *in = r->inside;
	bool seen[COUNT(single)] = { false };
	if (in->header_count > HEADERS_MAX) return 431;
	for (size_t i = 0; i < in->header_count; i++) {
		if (!is_token(in->headers[i].name) || !is_header_value(in->headers[i].value)) return 400;
		for (size_t j = 0; j < COUNT(single); j++) {
			if (!str_eq_nocase(in->headers[i].name, single[j])) continue;
			if (seen[j]) return 400;
			seen[j] = true;
		}
	}
	struct str length = request_header(r, "content-length"), coding = request_header(r, "transfer-encoding");
	if (seen[2] && (seen[1] || !str_eq_nocase(coding, S("chunked")))) return 400;
	in->is_chunked = seen[2];
	int64_t announced = 0;
	if (seen[1] && (!str_int64(length, &announced) || announced < 0 || length.at[0] == '-')) return 400;
	in->announced = (uint64_t)announced;
	return 0;
}

static bool is_host(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || str_has(S("-._:[]"), c))) return false;
	}
	return s.len <= HOST_MAX;
}

/* Splits the target of the request line: "/path?query", or an absolute one, whose authority then stands for Host (RFC 9112, 3.2.2). */
static int read_target(struct request *r)
{
	struct str target = r->inside->target;
	r->host = str_lower(r->arena, str_trim(request_header(r, "host")));
	if (target.len > TARGET_MAX) return 414;
	for (size_t i = 0; i < target.len; i++)
		if ((unsigned char)target.at[i] <= ' ' || target.at[i] == 0x7f) return 400;
	bool is_http = str_starts(target, S("http://")), is_https = str_starts(target, S("https://"));
	if (is_http || is_https) {
		target = str_part(target, is_http ? 7 : 8, target.len);
		size_t end = 0;
		while (end < target.len && target.at[end] != '/' && target.at[end] != '?') end++;
		r->host = str_lower(r->arena, str_part(target, 0, end));
		target = str_part(target, end, target.len);
		if (target.len == 0) target = S("/");
	}
	if (!is_host(r->host)) return 400;
	ptrdiff_t mark = str_find(target, S("?"));
	r->path = mark < 0 ? target : str_part(target, 0, (size_t)mark);
	r->query = mark < 0 ? S("") : str_part(target, (size_t)mark + 1, target.len);
	return str_starts(r->path, S("/")) && !str_has(target, '#') ? 0 : 400;
}

/* Decodes the query. A name that comes twice could be read in two ways by two readers: refused. */
static int read_query(struct request *r)
{
	struct request_inside *in = r->inside;
	if (r->query.len == 0) return 0;
	in->params = ARENA_ARRAY(r->arena, struct pair, QUERY_PARAMS_MAX);
	struct str rest = r->query, piece, name;
	while (str_next(&rest, '&', &piece)) {
		if (piece.len == 0) continue;
		if (in->param_count == QUERY_PARAMS_MAX) return 400;
		struct pair p;
		if (!str_next(&piece, '=', &name)) return 400;
		if (!percent_decode(r->arena, name, PLUS_IS_BLANK, &p.name)) return 400;
		if (!percent_decode(r->arena, piece.at ? piece : S(""), PLUS_IS_BLANK, &p.value)) return 400;
		if (!str_is_text(p.name) || str_has_control(p.name) || !str_is_text(p.value) || str_has_control(p.value)) return 400;
		for (size_t i = 0; i < in->param_count; i++)
			if (str_eq(in->params[i].name, p.name)) return 400;
		in->params[in->param_count++] = p;
	}
	return 0;
}

/* ---- what the floor itself answers ---- */

static struct response asset_page(struct request *r)
{
	const struct server_options *o = r->inside->options;
	const struct asset *found = asset_at(o->assets, o->asset_count, r->path);
	if (!found) return error_answer(r, 404);
	enum coding coding = coding_accept(request_header(r, "accept-encoding"), found->gzip.len, found->brotli.len);
	struct str bytes = coding == CODING_BROTLI ? found->brotli : coding == CODING_GZIP ? found->gzip : found->bytes;
	bool is_known = str_find(request_header(r, "if-none-match"), found->etag) >= 0;
	struct response answer = { .status = is_known ? 304 : 200, .type = found->type, .body = is_known ? S("") : bytes, .cache = ASSET_CACHE };
	response_header(r, &answer, "ETag", found->etag);
	response_header(r, &answer, "Vary", S("Accept-Encoding"));
	if (coding != CODING_IDENTITY) response_header(r, &answer, "Content-Encoding", coding == CODING_BROTLI ? S("br") : S("gzip"));
	return answer;
}

static struct response healthz(struct request *r)
{
	return response_bytes(r, 200, "text/plain; charset=utf-8", S("ok\n"));
}

static struct response readyz(struct request *r)
{
	enum status (*ready)(struct conn * db) = r->inside->options->ready;
	bool is_ready = !ready || ready(r->db) == OK;
	return response_bytes(r, is_ready ? 200 : 503, "text/plain; charset=utf-8", is_ready ? S("ready\n") : S("not ready\n"));
}

static const struct route own_routes[] = {
	{ GET, "/healthz", healthz, .needs = NO_STORE },
	{ GET, "/readyz", readyz, .needs = NO_STORE | SLOW },
};
static const struct face own_face = { .name = "web", .routes = own_routes, .count = COUNT(own_routes) };
static const struct route asset_route = { GET, "/assets/:FILE", asset_page };

/* ---- finding the way ---- */

static int take_match(struct request *r, struct route_match m)
{
	struct request_inside *in = r->inside;
	if (m.route) {
		r->route = m.route;
		for (size_t i = 0; i < SEGMENTS_MAX; i++) in->segments[i] = m.segments[i];
		return 0;
	}
	if (!m.path_is_known) return 404;
	in->allow = m.methods[GET] ? m.methods[POST] ? S("GET, HEAD, POST") : S("GET, HEAD") : S("POST");
	return 405;
}

static int find_route(struct request *r)
{
	struct route_match own = route_find(r->arena, &own_face, r->method, r->path);
	if (own.path_is_known) return r->face = &own_face, take_match(r, own);
	const struct server_options *o = r->inside->options;
	bool host_is_known = false;
	for (size_t i = 0; i < o->face_count && !r->face; i++) {
		r->context = o->faces[i].context;
		enum status st = o->faces[i].enter(r);
		host_is_known |= st == REFUSED;
		if (st == OK) r->face = &o->faces[i];
	}
	if (r->face) {
		if (!str_starts(r->path, r->prefix)) BUG("%s: prefix \"%.*s\" is not the path's", r->face->name, STR_ARG(r->prefix));
		r->path = str_part(r->path, r->prefix.len, r->path.len);
		if (r->path.len == 0) r->path = S("/");
	}
	if (str_starts(r->path, ASSETS_PATH)) {
		struct route_match m = { .route = r->method == GET ? &asset_route : NULL, .path_is_known = true, .methods = { [GET] = true } };
		return take_match(r, m);
	}
	if (!r->face) return host_is_known ? 404 : 421;
	return take_match(r, route_find(r->arena, r->face, r->method, r->path));
}

bool dispatch_has_body(const struct request *r)
{
	return r->inside->announced || r->inside->is_chunked;
}

static int check_body(struct request *r)
{
	struct request_inside *in = r->inside;
	if (!dispatch_has_body(r)) return 0;
	if (r->method == POST) in->body_max = r->route->body_max ? r->route->body_max : BODY_FORM_MAX;
	if (in->announced > in->body_max) return 413;
	if (r->method != POST) return 400; /* a body behind a GET means nothing to us and something to others */
	struct str type = request_header(r, "content-type"), boundary;
	if (media_type_is(type, S("application/x-www-form-urlencoded"))) return 0;
	return r->route->needs & FILES && multipart_boundary(type, &boundary) ? 0 : 415;
}

static void choose_language(struct request *r)
{
	enum language asked;
	r->language = lang_accept(request_header(r, "accept-language"), r->languages, r->language_default);
	if (!lang_from_tag(request_query(r, "lang"), &asked)) return;
	if (r->languages && !(r->languages & 1u << asked)) return;
	r->inside->has_language = true;
	r->inside->language = r->language = asked;
}

void dispatch_head(struct request *r)
{
	struct request_inside *in = r->inside;
	in->refused = check_headers(r);
	if (!in->refused) in->refused = read_target(r);
	if (in->refused) in->must_close = true; /* where the next request begins is not sure */
	if (!in->refused) in->refused = find_route(r);
	if (!in->refused) in->refused = read_query(r);
	if (!in->refused) in->refused = check_body(r);
	choose_language(r);
}

/* ---- running ---- */

bool dispatch_is_quick(const struct request *r, bool reads_may_wait)
{
	if (r->inside->refused || r->route == &asset_route) return true;
	if (r->method != GET || r->route->needs & SLOW) return false;
	return r->face == &own_face || !reads_may_wait; /* /healthz answers also when all workers wait */
}

static int read_body(struct request *r)
{
	struct request_inside *in = r->inside;
	if (in->body.len == 0) return 0;
	struct str bytes, boundary, type = request_header(r, "content-type");
	if (body_bytes(&in->body, &bytes)) return 503;
	enum status st = multipart_boundary(type, &boundary) ? fields_multipart(r->arena, bytes, boundary, &in->fields)
														 : fields_urlencoded(r->arena, bytes, &in->fields);
	return st == OK ? 0 : st == UNAVAILABLE ? 413 : 400;
}

struct response dispatch_run(struct request *r)
{
	struct request_inside *in = r->inside;
	struct response instead = { 0 };
	if (in->refused) return error_answer(r, in->refused);
	if (r->route == &asset_route) return asset_page(r);
	if (r->face->identify) r->face->identify(r);
	if (in->has_language) r->language = in->language;
	if (r->face->may && !r->face->may(r, &instead)) return instead;
	int refused = read_body(r);
	if (refused) return error_answer(r, refused);
	if (r->route->needs & CSRF && !csrf_is_right(r)) return error_answer_with(r, 403, MSG_ERROR_FORM_STALE, NULL);
	if (r->route->needs & CSRF && r->face->hold && !r->face->hold(r, &instead)) return instead;
	if (r->route->limit && !r->face->is_within_limit(r, &instead)) return instead;
	return r->route->handle(r);
}

/* ---- errors ---- */

static enum message error_message(int status)
{
	switch (status) {
	case 400: return MSG_ERROR_MALFORMED;
	case 401: return MSG_ERROR_SIGN_IN;
	case 403: return MSG_ERROR_FORBIDDEN;
	case 404: return MSG_ERROR_NOT_FOUND;
	case 405: return MSG_ERROR_METHOD;
	case 409: return MSG_ERROR_CONFLICT;
	case 413: return MSG_ERROR_TOO_LARGE;
	case 414: return MSG_ERROR_TOO_LONG;
	case 415: return MSG_ERROR_MEDIA_TYPE;
	case 421: return MSG_ERROR_HOST;
	case 429: return MSG_ERROR_TOO_MANY;
	case 431: return MSG_ERROR_TOO_LONG;
	case 503: return MSG_ERROR_BUSY;
	default: return MSG_ERROR_BROKEN;
	}
}

/* Where no point of sale is known there is no stylesheet and no page frame either. */
static struct response bare_page(struct request *r, int status, enum message m)
{
	struct buf b = buf_in(r->arena);
	buf_addf(&b, "<!DOCTYPE html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%d</title></head><body><main role=\"alert\"><p>",
		lang_tag(r->language), status);
	buf_add_escaped(&b, lang_text(r->arena, r->language, m, NULL));
	buf_addf(&b, "</p><p><small>%.*s</small></p></main></body></html>\n", STR_ARG(r->id));
	return response_html(r, status, buf_str(&b));
}

struct response error_answer_with(struct request *r, int status, enum message m, const struct problem *why)
{
	struct response answer = r->face && r->face->error_page ? r->face->error_page(r, status, m, why) : bare_page(r, status, m);
	if (status == 405) response_header(r, &answer, "Allow", r->inside->allow);
	if (status == 429 || status == 503) response_retry_after(r, &answer, RETRY_SECONDS);
	return answer;
}

struct response error_answer(struct request *r, int status)
{
	return error_answer_with(r, status, error_message(status), NULL);
}
