/* formats/reconcile.h: what each transaction of a bank's file means for the bills. A pure function over two look-ups of its caller: a bill by its
 * reference, and what was seen before. Never by amount alone; no line is lost; files in any order, and repeated, leave the same amounts open (the words
 * may differ). Rules D1 to D6: docs/bank-files.md. */
#pragma once
#include "formats/bank.h"

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
	int64_t id; /* the caller's */
	struct str name;
	struct str currency;
	int64_t cents, allocated; /* what it asks for; signed sum of what was allocated so far */
	bool is_cancelled;
};

/* A key is a hash: equal ones stand for one thing. */
struct reconcile_key {
	uint64_t at[2];
};

/* A transaction seen before. */
struct reconcile_seen {
	unsigned char kinds;	/* which kinds of keys it carries, a set of 1 << kind */
	unsigned char messages; /* which messages told of it, a set of 1 << enum bank_kind */
	bool is_allocated;		/* to a bill; else its money still waits for somebody */
};

/* The last report of an account, by message. */
struct reconcile_last {
	int64_t sequence, year; /* −1: none */
	struct str to;			/* its last day */
	struct bank_balance closing;
};

struct reconcile_lookups {
	void *bills; /* the first argument of the next two */
	/* The bill that REFERENCE (compact) belongs to; false: none. */
	bool (*bill)(void *user, struct str reference, struct reconcile_bill *out);
	/* Whether any bill is to be paid to ACCOUNT. */
	bool (*account)(void *user, struct str account);
	void *memory; /* of all that follow */
	/* What KEY was kept with; −1: nothing. */
	int64_t (*find)(void *user, struct reconcile_key key);
	void (*keep)(void *user, struct reconcile_key key, int64_t value);
	/* Transactions seen, by numbers from 0 on. */
	int64_t (*seen_add)(void *user, struct reconcile_seen seen);
	struct reconcile_seen (*seen_get)(void *user, int64_t number);
	void (*seen_set)(void *user, int64_t number, struct reconcile_seen seen);
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
	int64_t booked;		/* signed cents that this row allocates to the bill: the caller adds them to what the look-up gives from now on */
	int64_t open_after; /* cents; negative: surplus */
};

/* Whether OUTCOME asks a person to look. */
bool outcome_needs_look(enum outcome o);

struct reconcile;

/* Begins a file whose bytes have HASH (SHA-256). Rows go to ROW in the file's order, missing statements last. Findings go to FINDINGS. */
struct reconcile *reconcile_begin(struct arena *a, const struct reconcile_lookups *lookups, const unsigned char hash[32],
	void (*row)(void *user, const struct reconcile_row *row), void *user, struct bank_findings *findings);

/* Feeds it: give them to bank_file_apply. */
extern const struct bank_handler reconcile_handler; /* with the struct reconcile as user */

/* All of the file has been fed. */
void reconcile_end(struct reconcile *r);
