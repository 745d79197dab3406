/* web/response.h: what a handler answers. Built by these functions, returned by value; its bytes live in the request's arena or for ever.
 * The web floor adds the security headers, X-Request-Id, the request's cookies and Cache-Control (no-store for what needs a visitor, sets a cookie or
 * answers a POST; else no-cache). */
#pragma once
#include "base/str.h"

struct request;

struct response_header {
	struct response_header *next;
	struct str name, value;
};

struct response {
	int status;
	struct str type; /* Content-Type; empty: no body */
	struct str body;
	struct response_header *headers;
	struct str cache; /* Cache-Control; empty: as above */
};

/* A page. */
struct response response_html(struct request *r, int status, struct str html);

/* Bytes of another kind: "text/css; charset=utf-8", "application/pdf", "image/svg+xml". */
struct response response_bytes(struct request *r, int status, const char *type, struct str bytes);

/* 303 (or another 3xx) to PATH inside the point of sale (its prefix is put before it); one that is not local (path_is_local) leads to "/". */
struct response response_redirect(struct request *r, int status, struct str path);

/* 303 to an absolute URL that we made ourselves: another point of sale's public URL. Never what came from outside. */
struct response response_redirect_url(struct request *r, struct str url);

/* One header more; of one name the last word counts. A value with a control character is a BUG: what comes from outside is checked or encoded first. */
void response_header(struct request *r, struct response *answer, const char *name, struct str value);

/* The browser saves it under NAME (any text; RFC 6266) instead of showing it. */
void response_download(struct request *r, struct response *answer, struct str name);

/* May be kept for SECONDS by anybody: the point of sale's stylesheet, public images. */
void response_cache(struct request *r, struct response *answer, int seconds);

/* Sends the body packed to who takes that, if it is large; to be called when the page is whole. For pages whose only secrets are their forms' tokens: what is
 * packed beside text of the visitor's choice can be guessed from its size, all but these, which are masked. */
void response_pack(struct request *r, struct response *answer);

/* Try again in SECONDS: for 429 and 503. */
void response_retry_after(struct request *r, struct response *answer, int seconds);
