/* web/request.h: what a handler reads. Everything lives as long as the request's arena: until the answer has been sent. */
#pragma once
#include "base/lang.h"
#include "base/str.h"

struct conn;
struct route;
struct face;
struct request_inside; /* the web floor's own */

enum method { GET, POST, METHOD_OTHER, METHODS };

struct request {
	struct arena *arena;
	struct conn *db; /* the running thread's; NULL when the server has no store, and in a face's enter */
	const struct route *route;
	const struct face *face;
	void *context; /* the face's: struct face.context */

	enum method method;		/* GET for a HEAD too: the web floor leaves the body away */
	struct str host;		/* as the client named it, in lower case, with its port if any: only to find the point of sale, never to build a link */
	struct str path;		/* raw (percent-encoded), inside the point of sale: begins with '/' */
	struct str query;		/* raw, without '?' */
	struct str id;			/* of this request: 16 characters, in the log, on error pages, in X-Request-Id */
	struct str client;		/* the network that asks, after --trusted-proxy: "203.0.113.7", "2001:db8:1:2::/64" */
	bool is_tls;			/* of our own socket; whether the public URL is https is request_is_secure */
	int64_t started;		/* clock_steady() when the head had arrived */
	enum language language; /* ?lang=, then what identify sets, then Accept-Language; among r->languages */

	/* Set by the face's enter. */
	void *site;			  /* which point of sale */
	struct str prefix;	  /* of the point of sale: "" or "/tickets", taken off the path */
	struct str origin;	  /* of the public URL: "https://tickets.example.org"; decides Secure, HSTS and which Origin may post */
	struct str site_code; /* [a-z0-9_-]+, goes into the names of cookies kept apart by point of sale */
	unsigned languages;	  /* set of 1 << language the point of sale speaks; 0 is all */
	enum language language_default;

	/* Set by the face's identify. */
	void *visitor;	   /* who; NULL is a guest */
	struct str secret; /* 32 bytes bound to the session: what CSRF tokens hang on; empty for a guest, who gets a cookie for it */

	struct request_inside *inside;
};

/* A parameter of the query, decoded: valid UTF-8 without control characters. Empty when it is not there; request_has_query tells.
 * (A query in which a name comes twice, or with bytes that are no text, was answered 400 before the handler ran.) */
struct str request_query(const struct request *r, const char *name);
bool request_has_query(const struct request *r, const char *name);

/* The path's segment at the pattern's INDEX-th ":NAME", decoded; empty when it is no text. */
struct str request_segment(const struct request *r, size_t index);

/* The same as a positive whole number; false when it is none: answer 404. */
bool request_segment_id(const struct request *r, size_t index, int64_t *id);

/* A header's value, name without regard to case; empty when it is not there. The first, when a header may come several times. */
struct str request_header(const struct request *r, const char *name);

/* Whether the point of sale's public URL is https, also when a proxy does the TLS. */
bool request_is_secure(const struct request *r);

/* The path with the point of sale's prefix, for links in pages: request_link(r, S("/signin")). */
struct str request_link(const struct request *r, struct str path);

/* The path of the asset of that source name ("shop.css" → "/tickets/assets/shop.1f0c….css"); a name the build does not know is a BUG. */
struct str request_asset(const struct request *r, const char *name);
