/* web/response.c: answers are built here and sent by wire.c. */
#include "web/response.h"

#include <zlib.h>

#include "web/assets.h"
#include "web/inside.h"
#include "web/path.h"

#define PACK_FROM	16384	  /* bytes; a smaller page fits the first round trip as well packed as not, and packing costs time */
#define PACK_LEVEL	1		  /* level 6 saves a seventh more and takes three times as long */
#define GZIP_BITS	(15 + 16) /* zlib's way to ask for a gzip head */
#define GZIP_MEMORY 8

struct response response_html(struct request *r, int status, struct str html)
{
	(void)r;
	return (struct response){ .status = status, .type = S("text/html; charset=utf-8"), .body = html };
}

struct response response_bytes(struct request *r, int status, const char *type, struct str bytes)
{
	(void)r;
	return (struct response){ .status = status, .type = str_of(type), .body = bytes };
}

struct response response_redirect(struct request *r, int status, struct str path)
{
	struct response answer = { .status = status };
	response_header(r, &answer, "Location", request_link(r, path_is_local(path) ? path : S("/")));
	return answer;
}

struct response response_redirect_url(struct request *r, struct str url)
{
	struct response answer = { .status = 303 };
	response_header(r, &answer, "Location", url);
	return answer;
}

void response_header(struct request *r, struct response *answer, const char *name, struct str value)
{
	if (str_has_control(value)) BUG("header %s holds a control character", name);
	for (struct response_header *at = answer->headers; at; at = at->next)
		if (str_eq_nocase(at->name, str_of(name))) {
			at->value = value;
			return;
		}
	struct response_header *h = ARENA_NEW(r->arena, struct response_header);
	*h = (struct response_header){ answer->headers, str_of(name), value };
	answer->headers = h;
}

void response_download(struct request *r, struct response *answer, struct str name)
{
	/* The plain form for old browsers, every other character an underscore; the extended one (RFC 8187) for the rest. */
	struct buf plain = buf_in(r->arena);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == ' ';
		buf_add_char(&plain, is_plain ? c : '_');
	}
	struct str extended = percent_encode(r->arena, name), simple = buf_str(&plain);
	response_header(r, answer, "Content-Disposition",
		str_format(r->arena, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s", STR_ARG(simple), STR_ARG(extended)));
}

void response_cache(struct request *r, struct response *answer, int seconds)
{
	answer->cache = str_format(r->arena, "public, max-age=%d", seconds);
}

void response_retry_after(struct request *r, struct response *answer, int seconds)
{
	response_header(r, answer, "Retry-After", str_format(r->arena, "%d", seconds));
}

void response_pack(struct request *r, struct response *answer)
{
	z_stream z = { 0 };
	if (answer->body.len < PACK_FROM) return;
	response_header(r, answer, "Vary", S("Accept-Encoding"));
	if (coding_accept(request_header(r, "accept-encoding"), true, false) != CODING_GZIP) return;
	if (deflateInit2(&z, PACK_LEVEL, Z_DEFLATED, GZIP_BITS, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) return; /* no memory: it goes as it is */
	uLong most = deflateBound(&z, answer->body.len);
	char *to = arena_alloc(r->arena, most);
	z.next_in = (z_const Bytef *)(uintptr_t)answer->body.at;
	z.avail_in = (uInt)answer->body.len;
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)most;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
		answer->body = (struct str){ to, z.total_out };
		response_header(r, answer, "Content-Encoding", S("gzip"));
	}
	deflateEnd(&z);
}
