/* formats/reconcile_marks.h: what a transaction is known by (D2, D3). A pure function of its file up to there, so that who stages lines can keep the marks
 * with each line, and decide about it later, in any write, after any crash. */
#pragma once
#include "formats/bank.h"

/* A key is a hash: equal ones stand for one thing. */
struct reconcile_key {
	uint64_t at[2];
};

/* The strongest first: UETR; references of entry and transaction; reference of the entry and InstrId, or TxId; reference of the entry and day, which counts
 * between statement and notification and for copies only (D4); and the place, which every transaction has: its words, the report, and how often the report
 * has said them up to there. In each are account, amount, currency, sign and whether it is a reversal: banks give one number to payment and reversal. */
enum reconcile_kind { RECONCILE_UETR, RECONCILE_REFS, RECONCILE_INSTRUCTION, RECONCILE_TX_ID, RECONCILE_ENTRY, RECONCILE_PLACE, RECONCILE_KINDS };

/* The kinds that tell two payments apart where they differ. */
#define RECONCILE_NUMBERS ((1u << RECONCILE_ENTRY) - 1)

/* Plain bytes without pointers: may be stored. */
struct reconcile_marks {
	struct reconcile_key keys[RECONCILE_KINDS]; /* those of KINDS */
	struct reconcile_key content; /* what it says: account, date, amount, sign, reference, payer; its first half is the reference's, 0 without one */
	struct reconcile_key entry;	  /* its entry, if it stands for it: its first transaction, or itself */
	struct reconcile_key account;
	struct reconcile_key pages;		 /* on a page of several: its report, all pages of it; else 0 */
	int64_t page, cents;			 /* which page; the amount, never negative */
	uint32_t again[RECONCILE_KINDS]; /* how often the page has had each of KEYS up to there */
	unsigned char kinds;			 /* a set of 1 << kind */
	unsigned char message;			 /* enum bank_kind */
	bool has_entry, is_copy, is_reversal;
};

/* Counts what a file repeats while it is read: some 50 bytes for each different number and place in the report at hand, of which a
 * transaction has up to six. */
struct reconcile_marker;

/* For the file whose content has HASH (SHA-256). The caller frees it. */
struct reconcile_marker *reconcile_marker_new(const unsigned char hash[32]);
void reconcile_marker_free(struct reconcile_marker *m);

/* Begins the next report of the file; gives its identity (D2). */
struct reconcile_key reconcile_mark_report(struct reconcile_marker *m, const struct bank_report *report);

/* Marks T; to be called for every transaction and entry that is booked and no test, in the file's order. */
void reconcile_mark(struct reconcile_marker *m, const struct bank_transaction *t, struct reconcile_marks *out);

/* Whether a number or the place makes X and Y one payment, looked at alone: two references never are, nor two pages of one report. */
bool reconcile_is_same_money(const struct reconcile_marks *x, const struct reconcile_marks *y);

/* The key of KIND for this reference alone. */
struct reconcile_key reconcile_own_key(const struct reconcile_marks *m, enum reconcile_kind kind);

/* Of what stands on a page: its key of KIND when it is the Nth, over all pages, with that key and these words (from 1); what counts them; itself. */
struct reconcile_key reconcile_nth_key(const struct reconcile_marks *m, enum reconcile_kind kind, uint64_t n);
struct reconcile_key reconcile_count_key(const struct reconcile_marks *m, enum reconcile_kind kind);
struct reconcile_key reconcile_telling_key(const struct reconcile_marks *m, enum reconcile_kind kind);

/* What belongs to KEY for a purpose, and to nothing else. */
enum reconcile_purpose { FOR_AGAIN = 1, FOR_SIGNS, FOR_REVERSALS, FOR_REVERSAL, FOR_WORDS, FOR_PAGE, FOR_REFERENCE };
struct reconcile_key reconcile_derived(struct reconcile_key key, enum reconcile_purpose purpose, uint64_t n);

/* Where a table of SIZE slots (a power of two) begins to look for KEY: keys that are derived with numbers one after the other lie far from each other. */
size_t reconcile_slot(struct reconcile_key key, size_t size);

struct reconcile_key reconcile_file_key(const unsigned char hash[32]);
struct reconcile_key reconcile_account_key(struct str account);
