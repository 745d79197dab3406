/* formats/reconcile.h: what each transaction of a bank's file means for the bills. A pure function over two look-ups of its caller: a bill by its
 * reference, and what was seen before. Never by amount alone; no line is lost; files in any order, and repeated, leave the same amounts open (the words
 * may differ). Rules D1 to D6: docs/bank-files.md.
 *
 * Two ways to use it.
 * In one go: reconcile_begin, then reconcile_handler through bank_file_apply, then reconcile_end; rows come as the file is read.
 * In steps, for who keeps lines in a database and may be stopped between any two:
 *   1. While the file is read, every transaction is stored as a line that nobody sees yet, with the marks that reconcile_mark gives for it. What names a line
 *      for ever is the file's hash, the member of its archive, report, entry and transaction.
 *   2. The file is accepted by one write; with it, of each report, what reconcile_report says (D2, D5) and reconcile_learn (C3).
 *   3. Line after line, each in a write of its own that also notes the line as done: reconcile_transaction decides with the look-ups of that write. It needs
 *      of struct bank_transaction: report (kind, account, is_test), transaction, is_rejected, is_credit, is_turned, is_reversal, is_return, is_charge,
 *      has_creditor_account, has_more_references, cents, currency, status, credited_account, references. Files may take turns, and lines come in any order, but
 *      one after the other: two writes at once would not see each other's.
 * Memory: up to 300 bytes for each different transaction of the report at hand (reconcile_marker), nothing else that grows. */
#pragma once
#include "formats/bank.h"
#include "formats/reconcile_marks.h"

enum outcome {
	OUTCOME_PAID,
	OUTCOME_PARTIAL,
	OUTCOME_OVERPAID, /* also a second payment: kept, a surplus */
	OUTCOME_ALREADY_IMPORTED,
	OUTCOME_UNKNOWN_REFERENCE,
	OUTCOME_INVALID_REFERENCE,
	OUTCOME_NO_REFERENCE,
	OUTCOME_WRONG_ACCOUNT,
	OUTCOME_CURRENCY_MISMATCH,
	OUTCOME_REVERSED,
	OUTCOME_NOT_BOOKED,
	OUTCOME_ENTRY_WITHOUT_DETAILS,
	OUTCOME_ENTRY_REJECTED,
	OUTCOME_MISSING_STATEMENT,
	OUTCOME_CHARGE,
	OUTCOME_OTHER_DEBIT,
	OUTCOME_BILL_CANCELLED,
	OUTCOMES
};

/* "paid", "already-imported"; the words that files and people see. */
struct str outcome_word(enum outcome o);

/* ---- the look-ups ---- */

/* A bill as the caller knows it now. */
struct reconcile_bill {
	int64_t id; /* the caller's, not negative, the same as long as the bill lives: money is taken back by it */
	struct str name;
	struct str currency;
	int64_t cents, allocated; /* what it asks for; signed sum of what was booked on it so far */
	bool is_cancelled;
};

/* The last report of an account, by message. */
struct reconcile_last {
	int64_t sequence, year; /* -1: none */
	int64_t page;
	struct str to; /* its last day */
	struct bank_balance closing;
};

/* A look-up that fails says that nothing is there; its caller remembers that it failed and throws away all that came of it. */
struct reconcile_lookups {
	void *bills; /* the first argument of the next three */
	/* The bill that REFERENCE (compact) belongs to; false: none. */
	bool (*bill)(void *user, struct str reference, struct reconcile_bill *out);
	/* Whether any bill is to be paid to ACCOUNT. */
	bool (*account)(void *user, struct str account);
	/* Adds CENTS (negative: takes them back) to what is booked on bill ID; the bill look-up's `allocated` holds them from now on. Called before the row that
	 * they belong to. They are mostly the row's own bill's, but a transaction may also show that two others were one payment, and a statement that a bank
	 * turns the sign of reversals. */
	void (*book)(void *user, int64_t id, int64_t cents);

	void *memory; /* the first argument of all that follow: what was seen before, a table of keys and one of records */
	/* What each of COUNT keys was kept with; -1: nothing. */
	void (*find)(void *user, const struct reconcile_key *keys, size_t count, int64_t *values);
	/* Keeps each of COUNT keys with VALUE, in place of what it was kept with. */
	void (*keep)(void *user, const struct reconcile_key *keys, size_t count, int64_t value);
	/* Records of bytes (most have under 100), by numbers that grow from 0 or above. What record_get gives lives until the next look-up. */
	int64_t (*record_add)(void *user, struct str bytes);
	struct str (*record_get)(void *user, int64_t number);
	void (*record_set)(void *user, int64_t number, struct str bytes);
	/* False: no report of ACCOUNT by KIND so far. */
	bool (*last_get)(void *user, enum bank_kind kind, struct str account, struct reconcile_last *out);
	void (*last_set)(void *user, enum bank_kind kind, struct str account, const struct reconcile_last *last);
};

/* ---- what comes out ---- */

/* What became of a transaction, an entry, or (missing-statement) a report. */
struct reconcile_row {
	enum outcome outcome;
	enum message reason; /* why, for people; its arguments below */
	struct arg args[3];
	const struct bank_report *report;
	const struct bank_transaction *t; /* NULL for missing-statement */
	bool has_bill;					  /* the reference was found */
	struct reconcile_bill bill;		  /* as it was before */
	int64_t booked;					  /* signed cents that this row booked on BILL */
	int64_t open_after;				  /* cents; negative: surplus */
};

/* Whether OUTCOME asks a person to look. */
bool outcome_needs_look(enum outcome o);

/* ---- in one go ---- */

struct reconcile;

/* Begins a file whose content has HASH (SHA-256). Rows go to ROW in the file's order, missing statements last. Findings go to FINDINGS. The caller ends it. */
struct reconcile *reconcile_begin(struct arena *a, const struct reconcile_lookups *lookups, const unsigned char hash[32],
	void (*row)(void *user, const struct reconcile_row *row), void *user, struct bank_findings *findings);

/* Feeds it: give them to bank_file_apply. */
extern const struct bank_handler reconcile_handler; /* with the struct reconcile as user */

/* All of the file has been fed: missing statements are told. Frees it. */
void reconcile_end(struct reconcile *r);

/* Frees it where a file could not be fed to its end. */
void reconcile_drop(struct reconcile *r);

/* ---- in steps ---- */

/* Decides about T, books, and fills in ROW, whose texts are T's or the look-ups'. Marks of what is not booked are not looked at. */
void reconcile_transaction(
	const struct reconcile_lookups *lookups, const struct reconcile_marks *marks, const struct bank_transaction *t, struct reconcile_row *row);

/* Whether the report with IDENTITY (reconcile_mark_report) was met before (D2); notes it. */
bool reconcile_report_seen(const struct reconcile_lookups *lookups, struct reconcile_key identity);

/* Whether a report is missing before this one, which is new (D5); then ROW says why, in arena A. Notes it as the last of its account. */
bool reconcile_report(const struct reconcile_lookups *lookups, struct arena *a, const struct bank_report *report, struct reconcile_row *row);

/* Notes what REPORT proves of the signs of its account's reversals (C3), before its transactions are decided; whether anything was booked, for earlier ones. */
bool reconcile_learn(const struct reconcile_lookups *lookups, const struct bank_report *report);

/* A person has decided what the line with MARKS is: what was booked for it is taken back, and no other telling of the same money books anything.
 * False: the line was not decided before, or has too many tellings to tell. */
bool reconcile_by_hand(const struct reconcile_lookups *lookups, const struct reconcile_marks *marks);

/* The same for all pages of one message (C14): not its accounts or reports, which may differ from page to page. The same for all pages of a report that counts
 * its own. */
struct reconcile_key reconcile_pages_key(const struct bank_report *report);

/* The day on which the message was made, since banks begin its numbers again: pages belong together whose days are the same or, made over midnight, the next.
 * 0 where it says none, and for a report's own pages. */
int64_t reconcile_pages_day(const struct bank_report *report);

/* The same for all that stands of one report on the pages of a message, and on its own. */
struct reconcile_key reconcile_paged_report_key(const struct bank_report *report);
