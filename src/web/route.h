/* web/route.h: the route table, which is the map of a face, and the face itself.
 * What must hold before a handler runs stands beside its path and is enforced below it, so that no handler can forget (design.md 2, style.md 5). */
#pragma once
#include "base/problem.h"
#include "base/status.h"
#include "web/request.h"
#include "web/response.h"

/* ---- what a route needs ---- */

#define CSRF	 (1u << 0) /* the form's token and the Origin are right, else 403; every POST route must have it (a face without is a BUG) */
#define NO_STORE (1u << 1) /* nothing of the answer may be kept: Cache-Control: no-store */
#define SLOW	 (1u << 2) /* the handler waits for something: never on a polling thread */
#define FILES	 (1u << 3) /* takes multipart/form-data beside urlencoded forms */
#define PREVIEW	 (1u << 4) /* a mail shown in a sandboxed frame of our own pages: inline styles and data: images, nothing else */
#define OPEN	 (1u << 5) /* a POST that no browser's form sends and that changes nothing: exempt from CSRF; say why beside it */

/* Bits of the face: FACE_NEED(0) to FACE_NEED(15): signed in, a right, a second factor; its `may` looks at them. */
#define FACE_NEED(n) (1u << (16 + (n)))
#define FACE_NEEDS	 0xffff0000u

#define BODY_FORM_MAX (64u << 10) /* a form of text fields; a route that takes more says so in .body_max */

struct route {
	enum method method;	 /* GET (answers HEAD too) or POST */
	const char *pattern; /* "/orders/:NUMBER/bills/:BILL.pdf": a segment of ":NAME" takes one non-empty segment, and may end in a fixed ".suffix" */
	struct response (*handle)(struct request *r);
	unsigned needs;
	int limit;		 /* which rate limit of the face counts it; 0 none; read by the face's `is_within_limit` */
	size_t body_max; /* bytes of body at most; 0 is BODY_FORM_MAX */
};

/* A part of the product with pages of its own: shop, office, mailbox. Faces are tried in the order they are given. */
struct face {
	const char *name; /* in metrics; part of what a CSRF token is bound to */
	const struct route *routes;
	size_t count;
	void *context; /* the process's things of this face (keys, hashing pool …): r->context */

	/* Whose request this is, by r->host and r->path. OK: mine; sets r->site, r->origin, r->site_code, r->languages and r->prefix (the web floor then takes
	 * the prefix off the path). NOT_FOUND: not my host. REFUSED: my host, no such place: 404. Runs on a polling thread and before the body is
	 * read: looks in memory only, r->db is NULL. */
	enum status (*enter)(struct request *r);

	/* Who asks: sets r->visitor, r->secret and, when the account has one, r->language. Runs where the handler will run. May be NULL. */
	void (*identify)(struct request *r);

	/* Whether the route's needs let this visitor in. False: what to answer INSTEAD (a redirect to sign in, 403). Runs before CSRF is looked at and before the
	 * handler. May be NULL only when no route has a need of the face. */
	bool (*may)(struct request *r, struct response *instead);

	/* Runs once a POST's CSRF was found right, before it is counted and handled. False: what to answer INSTEAD: a form whose session ended is kept for later. May be
	 * NULL. */
	bool (*hold)(struct request *r, struct response *instead);

	/* Counts the request against its route's limit; false: what to answer INSTEAD (429). Runs after CSRF was found right, so that no foreign page uses up what a
	 * visitor may do. May be NULL only when no route has a limit. */
	bool (*is_within_limit)(struct request *r, struct response *instead);

	/* The page for an error STATUS: says in M what happened and what to do, and shows r->id. WHY may be NULL. M is a message without arguments.
	 * Must not fail and must not ask the database: it may run before the body, on a polling thread, with r->db NULL. r->site is set, r->visitor may
	 * be unknown, r->route is NULL when none was found. NULL: the web floor's own bare page. */
	struct response (*error_page)(struct request *r, int status, enum message m, const struct problem *why);
};

/* The face's error page for STATUS with the web floor's own words: for handlers (404 for what isn't the visitor's, 503 …). */
struct response error_answer(struct request *r, int status);

/* The same with words of the caller. */
struct response error_answer_with(struct request *r, int status, enum message m, const struct problem *why);

/* ---- below: for the web floor and tests ---- */

#define SEGMENTS_MAX 4 /* more in one path and nobody reads it any more */

struct route_match {
	const struct route *route; /* NULL: none for this method */
	bool path_is_known;		   /* some route has this path, for another method */
	bool methods[METHODS];	   /* which */
	struct str segments[SEGMENTS_MAX];
};

/* The first route that fits METHOD and PATH (raw, still percent-encoded, inside the point of sale). */
struct route_match route_find(struct arena *a, const struct face *f, enum method method, struct str path);

/* Whether PATH fits PATTERN; the decoded segments that stand at ":NAME" go to SEGMENTS, in arena A where they had to be decoded. */
bool route_fits(struct arena *a, const char *pattern, struct str path, struct str segments[SEGMENTS_MAX]);

/* Stops the program when a face's table is wrong: a POST without CSRF, a need without `may`, a pattern that does not begin with '/'. */
void face_check(const struct face *f);
