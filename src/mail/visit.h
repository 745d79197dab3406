/* mail/visit.h: a visit to an address over HTTP, as a stranger would come. It stands beside mail because the same library and the same bounds (reach.h) do both. */
#pragma once
#include "base/status.h"
#include "base/str.h"

enum visit_outcome {
	VISIT_ANSWERED,	   /* with 200, and with what the caller has to look at */
	VISIT_OTHER,	   /* with anything else, also a redirect, which is not followed */
	VISIT_SILENT,	   /* nobody there, nothing said in time, or an address that is not asked (mail_may_reach) */
	VISIT_UNKNOWN,	   /* no such name */
	VISIT_CERTIFICATE, /* its certificate is not valid for the name, or there is no TLS */
};

#define VISIT_SECONDS 5	   /* how long somebody waits for a page to be saved, and a worker with him */
#define VISIT_BYTES	  1024 /* of the answer; ours has some hundred */

/* GETs URL (http or https, as public_url_read leaves it, with a path). *BODY gets what came, VISIT_BYTES at most, in arena A. No proxy, no redirect, no cookie, no other
 * protocol, TLS always verified. */
enum visit_outcome visit(struct arena *a, struct str url, struct str *body);
