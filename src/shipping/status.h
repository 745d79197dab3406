/* shipping/status.h: import printing status: what became of tickets, as a printing company's file says (shipping-rules.md 4). A file is kept and read whole for a
 * preview; applied it is in steps that go on after a crash; what a line does is decided in the write that does it, and no file is applied twice. */
#pragma once
#include "formats/print_status.h"
#include "shipping/batch.h"

/* What became of a line. OUTCOME_VOID: printed although the ticket is void; the paper may be on its way, and somebody should look. */
enum line_outcome { OUTCOME_APPLIED, OUTCOME_ALREADY, OUTCOME_REPEATED, OUTCOME_REFUSED, OUTCOME_VOID, LINE_OUTCOMES };

/* Why; those from WHY_DATE_DROPPED on are warnings of lines that were applied. */
enum line_why {
	WHY_NONE,
	WHY_BROKEN,
	WHY_NO_KEY,
	WHY_EXCEL,		   /* ABOUT: the column */
	WHY_STATE_UNKNOWN, /* ABOUT: the column */
	WHY_DATE,		   /* ABOUT: the column */
	WHY_UNKNOWN,
	WHY_KEYS_DISAGREE,
	WHY_CONTRADICTS,  /* ABOUT: the other line */
	WHY_REISSUED,	  /* ABOUT: the ticket that replaces it */
	WHY_STATE,		  /* ABOUT: the state that the line has */
	WHY_NUMBER_FORM,  /* ABOUT: the number */
	WHY_NUMBER_TAKEN, /* ABOUT: the other shipment */
	WHY_VOID,
	WHY_DATE_DROPPED, /* ABOUT: the column */
	WHY_URL_DROPPED,
	WHY_NUMBER_WARNED, /* ABOUT: the number */
	LINE_WHYS
};

/* What to tell people, with {about}. */
enum message line_why_message(enum line_why why);

/* READING: kept, and its preview is being made in the background. */
enum import_state { IMPORT_READING, IMPORT_READ, IMPORT_APPLYING, IMPORT_SENDING, IMPORT_APPLIED };

struct status_import {
	int64_t id, institution, interface, file, made_at, applied_at, lines, done;
	enum import_state state;
	bool sends_mails;
	struct str by_name, name, encoding, separator, unknown, sha256; /* name: the file's */
	int64_t counts[LINE_OUTCOMES];									/* as previewed, or as they became once applied */
	int64_t mails;													/* that would go, or that went */
};

#define PROBLEMS_SHOWN 200 /* lines of a preview and a report that a page lists */

struct status_line {
	int64_t line;
	enum line_outcome outcome;
	enum line_why why;
	struct str about, said;
};

#define PREVIEW_AT_ONCE 2000 /* lines that are previewed while somebody waits: a quarter of a second */

/* Keeps a file, reads it whole and writes down what it would do; in writes of its own. REFUSED with one sentence when all of it cannot be read, or when it belongs
 * to another interface. A file that was applied before: OK, *IS_BEFORE, and *ID is that import's. PREVIEW_LATER: of one longer than PREVIEW_AT_ONCE the background
 * makes the preview, and it is READING until then. */
enum preview_when { PREVIEW_NOW, PREVIEW_LATER };
enum status status_upload(struct conn *db, struct arena *a, const struct actor *who, const struct printer *p, struct str name, struct str bytes,
	enum preview_when when, int64_t *id, bool *is_before, struct problem *why);

/* A preview under way. It is kept between its maker's turns and lost with its process: then another, or the next start, begins it anew. */
struct status_preview;

/* Goes on with *P, or where that is NULL with the oldest that nobody is at, until the steady clock says UNTIL; *P is NULL again when it is through, or another
 * process has it. Its count moves by a small write each step. NOT_FOUND: there is none. From the background. */
enum status status_preview_go(struct conn *db, struct status_preview **p, int64_t until);
void status_preview_drop(struct status_preview *p);

#define PREVIEW_LEASE (10 * SECOND) /* a preview whose count stood still so long has lost its maker: a step takes a tenth of one */

enum status status_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct status_import *out);
enum status status_list(
	struct conn *db, struct arena *a, int64_t institution, int64_t interface, size_t most, struct status_import **out, size_t *count);

/* The lines that somebody should read, after LINE. */
enum status status_problems(struct conn *db, struct arena *a, int64_t import, int64_t after, size_t most, struct status_line **out, size_t *count);

/* Lets it be applied, inside a store_write. NOT_FOUND: it was already, or is being read. REFUSED: the same file was, by another import. */
enum status status_apply(struct conn *db, struct arena *a, const struct actor *who, int64_t id, bool sends_mails);

/* Goes on with import ID until it is applied or the steady clock says UNTIL (0: until it is applied); in writes of its own. From the background and the command. */
enum status status_run(struct conn *db, int64_t id, int64_t until);

/* The oldest import that is not through yet. NOT_FOUND: none. */
enum status status_open(struct conn *db, int64_t *id);

/* Sends the notices of an applied import that were not sent, some at a time, inside a store_write; *COUNT: how many. */
enum status status_notices(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct str by_name, int64_t *count);

/* How many shipments of an applied import the buyer was not told of. */
enum status status_untold(struct conn *db, int64_t institution, int64_t id, int64_t *count);
