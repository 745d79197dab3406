/* billing/import.h: bank files as lines in the database: staged unseen, accepted by one write, then decided one by one (dealing/payments.h does that). One import a house
 * at a time. A line is what formats/reconcile.h calls a transaction, with its marks. */
#pragma once
#include "billing/payment_memory.h"
#include "formats/bank_file.h"

#define IMPORT_LEASE	   (5 * MINUTE) /* between two steps of staging; a step takes milliseconds */
#define IMPORT_STEP		   100			/* lines staged by one write: about 5 ms */
#define IMPORT_REPORTS_MAX 4096			/* of one delivery: ten years of days */

enum payment_import_state { IMPORT_STAGING, IMPORT_ACCEPTED, IMPORT_DONE };

/* What is told of a line beside its values. */
enum import_flag {
	IMPORT_CREDIT = 1,
	IMPORT_REVERSAL = 2,
	IMPORT_TURNED = 4,
	IMPORT_RETURN = 8,
	IMPORT_CHARGE = 16,
	IMPORT_HAS_CREDITOR = 32,
	IMPORT_MANY_REFERENCES = 64,
	IMPORT_REJECTED = 128,
	IMPORT_TEST = 256,
	IMPORT_KNOWN_FILE = 512,	/* D1 */
	IMPORT_KNOWN_REPORT = 1024, /* D2 */
	IMPORT_HAS_AMOUNT = 2048,
};

/* A line as it is kept. REPORT and T are what the reconciler needs of them; REPORT is filled in by import_line_read, and T.report points to it. */
struct import_line {
	int64_t id, import, institution;
	int64_t flags;
	struct bank_report report;
	struct bank_transaction t;
	struct reconcile_marks marks;
	struct str words;
};

/* ---- inside a store_write each ---- */

/* Begins an import. REFUSED with words while another of the house goes on; one whose stager has died is thrown away first. */
enum status import_begin(struct conn *db, int64_t institution, struct str file_name, struct str by_name, int64_t *id, struct problem *why);

/* Adds a line and holds the import for IMPORT_LEASE more. NOT_FOUND: it is not being staged any more. */
enum status import_add(struct conn *db, struct arena *a, int64_t id, int64_t institution, const struct bank_transaction *t, int64_t more,
	const struct reconcile_marks *marks);
enum status import_add_missing(struct conn *db, int64_t id, int64_t institution, const struct bank_report *report);
enum status import_add_total(struct conn *db, int64_t id, struct str currency, int64_t credit, int64_t debit);
enum status import_hold(struct conn *db, int64_t id);

/* All that was staged counts from now on, or none of it does. REFUSED: its lines do not come to what the bank says. NOT_FOUND: as import_add. */
enum status import_accept(struct conn *db, int64_t id);

/* Throws away what was staged. */
enum status import_drop(struct conn *db, int64_t id);

/* The next line that nobody has decided about; NOT_FOUND: there is none, and the import is done. */
enum status import_next_line(struct conn *db, struct arena *a, int64_t id, struct import_line *out);

/* ---- reading ---- */

enum status import_line_get(struct conn *db, struct arena *a, int64_t institution, int64_t line, struct import_line *out);

/* An import of the house that was accepted and has undecided lines. */
enum status import_unfinished(struct conn *db, int64_t institution, int64_t *id);

/* A house that has one. NOT_FOUND: none has. */
enum status import_house_unfinished(struct conn *db, int64_t *institution);
