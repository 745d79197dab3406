/* formats/bank.h: what a bank's file says, whatever its form: reports of an account, their transactions, findings.
 * Money is integer cents. Rules have numbers (C1 to C15, D1 to D6), which findings carry; docs/bank-files.md lists them. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define BANK_PIECE			65536					 /* bytes that files are read by: more makes nothing faster */
#define BANK_AMOUNT_MAX		INT64_C(999999999999999) /* cents; ten times the country's yearly product */
#define BANK_FINDINGS_MAX	100						 /* of a file that are told one by one */
#define BANK_CURRENCIES_MAX 16						 /* in one file; an account has one */
#define BANK_REFERENCES_MAX 8						 /* of one transaction */
#define BANK_REMITTANCE_MAX 64						 /* lines of text of one transaction; the schema has no bound */

/* ---- findings ---- */

enum bank_severity { BANK_WARNING, BANK_ERROR };

struct bank_finding {
	struct bank_finding *next;
	const char *rule; /* "C5"; "C00" where the file can't be read at all */
	enum bank_severity severity;
	int64_t line;		/* 0: of the file as a whole */
	struct str element; /* "Amt", or what the record of another form calls it */
	struct str path;	/* "Document/BkToCstmrStmt/Stmt/Ntry/Amt"; may be empty */
	enum message message;
	const struct arg *args;
};

/* In the order they were made; after BANK_FINDINGS_MAX they are only counted. */
struct bank_findings {
	struct arena *arena;
	struct bank_finding *first, *last;
	int64_t count, errors;
};

struct bank_findings bank_findings_in(struct arena *a);

/* Where something was found. */
struct bank_place {
	int64_t line;
	struct str element, path;
};

/* Adds a finding: bank_find(f, "C5", BANK_ERROR, place, MSG_…, arg_text(…)). Texts are copied. */
#define bank_find(f, rule, severity, place, message, ...) \
	bank_find_args((f), (rule), (severity), (place), (message), (const struct arg[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = ARG_END } })
void bank_find_args(
	struct bank_findings *f, const char *rule, enum bank_severity severity, struct bank_place place, enum message message, const struct arg *args);

/* ---- what a file says ---- */

enum bank_kind { BANK_STATEMENT, BANK_NOTIFICATION, BANK_V11 };

/* "camt.053", "camt.054", "v11". */
const char *bank_kind_name(enum bank_kind kind);

struct bank_balance {
	bool is_known;
	int64_t cents; /* signed: negative is a debit */
	struct str currency;
};

/* What a statement's balances prove of the signs of its reversals (C3). */
enum bank_signs { BANK_SIGNS_UNKNOWN, BANK_SIGNS_WRITTEN, BANK_SIGNS_TURNED };

/* A statement, a notification, or the whole of a V11 file. */
struct bank_report {
	enum bank_kind kind;
	struct str version; /* "08"; of V11 the type of its records, "3" */
	struct str message_id, id;
	struct str created, from, to; /* as written */
	struct str message_created;	  /* the same for all pages of a message */
	struct str account;			  /* IBAN or the bank's own; of V11 the participant */
	int64_t number;				  /* in the file, from 0 */
	int64_t sequence;			  /* ElctrncSeqNb; -1 where there is none */
	int64_t page;				  /* of the message, from 1; of the report if has_pages */
	bool is_last_page;
	bool has_pages; /* the report counts pages of its own (C14) */
	bool is_copy;	/* says of itself that it repeats another */
	bool is_test;
	enum bank_signs signs;				  /* known where a plan is applied */
	struct bank_balance opening, closing; /* these and what follows: known at its end only */
	int64_t as_written, as_turned;		  /* sums of a camt report's booked entries, signed; with the signs of reversals turned */
	struct str booked_currency;			  /* of those entries; empty: there are none */
	bool has_several_currencies;
};

enum bank_reference_type { BANK_UNTYPED, BANK_QRR, BANK_SCOR, BANK_ISR };

struct bank_reference {
	enum bank_reference_type type; /* as the file says, not by its look */
	struct str text;			   /* without blanks, capitals */
};

/* A transaction, or an entry that stands for what is inside it. Texts live until the handler returns. */
struct bank_transaction {
	const struct bank_report *report;
	int64_t entry;		 /* in the report, from 0 */
	int64_t transaction; /* in the entry, from 0, counted over all its details; -1: the entry itself, which has none or was rejected */
	int64_t line;

	bool is_rejected;		   /* its sum check failed: nothing of it counts (C5) */
	bool has_amount;		   /* false: the file says none for this part (C4) */
	bool is_credit;			   /* money that came in (C3) */
	bool is_reversal;		   /* RvslInd */
	bool is_turned;			   /* is_credit is the opposite of what is written (C3) */
	bool is_return;			   /* by its code or reason (C8) */
	bool is_charge;			   /* a fee of the bank's, by its code (C8) */
	bool has_creditor_account; /* CdtrAcct was there */
	bool has_more_references;  /* than are kept */
	bool has_charges;
	bool is_charge_included; /* deducted from its amount already (C9) */

	int64_t cents; /* never negative */
	struct str currency;
	struct str status; /* "BOOK" counts, no other does (C2) */
	struct str return_reason;
	struct str booking_date, value_date; /* YYYY-MM-DD; value_date falls back as C10 says */
	struct str credited_account;		 /* CdtrAcct, else NtryRef if it is an IBAN, else the report's; empty for V11 */
	struct str debtor_name, debtor_iban, debtor_address;
	struct str entry_ref, transaction_ref; /* AcctSvcrRef of both */
	struct str instruction, tx_id;		   /* InstrId, TxId */
	struct str uetr, end_to_end_id;
	int64_t entry_cents;  /* the entry's amount, signed; 0 for V11 */
	int64_t charge_cents; /* all charges of its own currency */

	size_t reference_count, remittance_count;
	struct bank_reference references[BANK_REFERENCES_MAX]; /* different ones */
	struct str remittance[BANK_REMITTANCE_MAX];
};

static inline bool bank_is_booked(const struct bank_transaction *t)
{
	return str_eq(t->status, S("BOOK"));
}

/* Numbers, ascending. */
struct bank_list {
	uint64_t *at;
	size_t count, size;
};

/* What only a whole reading tells: what its reversals' signs are (C3), which entries are rejected (C5). Made by a checking pass. */
struct bank_plan {
	struct arena *arena;
	bool is_made;
	struct bank_list rejected;		  /* report << 32 | entry */
	struct bank_list turned, written; /* reports whose balances prove it */
};

bool bank_list_has(const struct bank_list *list, uint64_t what);
void bank_list_add(struct arena *a, struct bank_list *list, uint64_t what);

enum bank_signs bank_plan_signs(const struct bank_plan *p, int64_t report);

/* Notes what is proven of REPORT by more than its own file: after the checking pass, and only what that left unknown. */
void bank_plan_set_signs(struct bank_plan *p, int64_t report, enum bank_signs signs);

/* What readers call; NULL members are not called. USER is the first argument. */
struct bank_handler {
	void (*report)(void *user, const struct bank_report *r); /* before its transactions */
	void (*transaction)(void *user, const struct bank_transaction *t);
	void (*report_end)(void *user, const struct bank_report *r);

	/* Asked once in a reading without a plan, when a reversal's sign depends on sums further down. */
	const struct bank_plan *(*plan)(void *user);
};

/* ---- values ---- */

enum bank_number { BANK_NUMBER_RIGHT, BANK_NUMBER_WRONG, BANK_NUMBER_TOO_PRECISE, BANK_NUMBER_TOO_LARGE };

/* A decimal as XML writes it ("20", "1000.5", ".50"), as cents. More than two decimals that are not zero are too precise (C12). */
enum bank_number bank_cents(struct str s, int64_t *cents);

/* "1949.75" in arena A; TO holds at least 24 bytes; gives the length. */
struct str bank_amount(struct arena *a, int64_t cents);
size_t bank_amount_to(char *to, int64_t cents);

/* The date at the beginning of an ISO date or time ("2026-11-20T24:00:00+01:00"), whatever its hour; false where there is none. */
bool bank_date(struct str s, struct str *date);
