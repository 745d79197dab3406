/* web/cookie.h: cookies by declaration. Always HttpOnly and SameSite=Lax; Secure, and named __Host-… (with a path of its own: __Secure-…),
 * when the point of sale's public URL is https. */
#pragma once
#include "web/request.h"

struct cookie {
	const char *name;	 /* [a-z-]+ */
	const char *path;	 /* inside the point of sale; NULL: the whole host */
	bool is_per_site;	 /* the point of sale's code becomes part of the name, so that two shops on one host don't share it */
	int max_age_seconds; /* 0: until the browser is closed */
};

/* What the browser sent; empty when nothing, when it is over 512 bytes or not of printable ASCII, or when it came twice with two values. */
struct str cookie_get(struct request *r, const struct cookie *c);

/* Goes out with whatever the handler answers. VALUE is printable ASCII without ; , " \ and blanks (base64url is), else a BUG. The last call for a cookie counts. */
void cookie_set(struct request *r, const struct cookie *c, struct str value);

/* Takes it away from the browser. */
void cookie_clear(struct request *r, const struct cookie *c);
