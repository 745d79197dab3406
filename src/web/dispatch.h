/* web/dispatch.h: the walk of one request between the wire and the handler; knows no library. Included by src/web/ only. */
#pragma once
#include "web/inside.h"

/* Looks at the head alone, on a polling thread: refuses what the library lets through, finds face and route, checks what the body announces.
 * Afterwards r->inside->refused is the status to answer with, or 0. */
void dispatch_head(struct request *r);

/* Whether a head announces a body. */
bool dispatch_has_body(const struct request *r);

/* Whether a polling thread may run this one: a refusal, what needs no database, and a GET unless READS_MAY_WAIT (PostgreSQL). */
bool dispatch_is_quick(const struct request *r, bool reads_may_wait);

/* Everything after the body has arrived: who asks, may he, is the form ours, the handler. R->db is set by the caller. */
struct response dispatch_run(struct request *r);
