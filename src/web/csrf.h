/* web/csrf.h: the hidden field "csrf" that ties a form to the browser it was shown in (design.md 6). Checked by the web floor for routes that need CSRF:
 * token right for that route and this browser's secret, and Origin (else Referer) of the point of sale's own public URL. */
#pragma once
#include "web/request.h"

/* The token for a form that posts to the route PATTERN of this face ("/contacts/:ID"); a pattern without a POST route is a BUG.
 * Another one each time, all of them right. Gives a guest his cookie when he has none, and makes the answer no-store. */
struct str csrf_token(struct request *r, const char *pattern);

/* Whether this POST may be carried out; for the web floor. */
bool csrf_is_right(struct request *r);
