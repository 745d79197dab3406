/* formats/camt.h: camt.053 and camt.054, versions 02 to 08, read by events in constant memory.
 * The structure is checked by a table of our own (camt_table.c), not by a schema: an element that a box of it does not know, that stands twice or is
 * missing ends the reading, since what it hid would be lost. A document type declaration ends it at once; depth, attributes, silence and text are
 * bounded. */
#pragma once
#include "formats/bank.h"

#define CAMT_DEPTH_MAX		64	  /* elements inside each other; the messages reach 15 */
#define CAMT_ATTRIBUTES_MAX 32	  /* of one element; the messages have 4 at most */
#define CAMT_SILENCE_MAX	65536 /* bytes without an event: a text that long comes in pieces, and no tag is that long */
#define CAMT_TEXT_MAX		2048  /* bytes of one element's text; the schema's longest are 500 characters */
#define CAMT_TEXTS_MAX		65536 /* bytes that are kept of one transaction; real ones have some hundred */

#define CAMT_NAMES_MAX 4096 /* different names in one file; the schemas have some 700. libxml2 keeps each, and looks for each */

struct camt;

/* What a reading is for. */
enum camt_pass {
	CAMT_READ,	/* every transaction is handed on, also of entries that turn out to be broken */
	CAMT_CHECK, /* the same, and PLAN is filled */
	CAMT_APPLY, /* as PLAN says: rejected entries as one */
};

/* A reader. Findings go to FINDINGS. The caller frees it; it keeps nothing else alive. */
struct camt *camt_new(enum camt_pass pass, struct bank_plan *plan, const struct bank_handler *handler, void *user, struct bank_findings *findings);
void camt_free(struct camt *c);

/* Reads the next piece, of any length; camt_end says that it was the last. REFUSED with a finding: what was handed on does not count. */
enum status camt_feed(struct camt *c, struct str piece);
enum status camt_end(struct camt *c);
