/* billing/payment.h: what became of the lines of an import: which bill their money lies on, what somebody has to look at, and the reports. dealing/payments.h decides. */
#pragma once
#include "billing/bill.h"
#include "billing/import.h"

/* ---- inside a store_write that began with payment_book_open and the order's row ---- */

/* AMOUNT of LINE's money lies on BILL from now on; negative: no longer does. As bill_book. */
enum status allocation_add(struct conn *db, int64_t bill, int64_t line, int64_t amount, struct str by_name, enum bill_state *state);

/* How a line was decided. */
struct decided {
	enum outcome outcome;
	int64_t bill;	 /* 0: its reference means none */
	int64_t money;	 /* what came with it */
	int64_t on_list; /* of that, what lies on no bill */
	bool is_settled; /* an order was paid in full by it */
};

/* Notes it; what asks somebody to look stands on the work list. NOT_FOUND: it was decided before. */
enum status payment_line_decide(struct conn *db, struct arena *a, const struct import_line *line, const struct decided *d);

/* Money that an import as a whole moves (what it proves of signs, C3) belongs to its first line. NOT_FOUND: it has none. */
enum status payment_line_money_add(struct conn *db, int64_t import, int64_t amount, int64_t *line);

/* The bill whose reference is REFERENCE: its order's id too, for who has to lock that first. NOT_FOUND: none. */
enum status payment_bill_find(struct conn *db, struct arena *a, int64_t institution, struct str reference, int64_t *bill, int64_t *order);

/* Whether any bill of the house, or the house itself, is to be paid to ACCOUNT. */
enum status payment_account_known(struct conn *db, int64_t institution, struct str account, bool *out);

/* How many bills of an order are open. */
enum status bills_open_count(struct conn *db, int64_t order, int64_t *out);

/* Takes a line off the work list, as 'assigned' or 'closed' by hand. AMOUNT and CURRENCY get what it stood there with. NOT_FOUND: it is not on it (any more). */
enum status case_end(struct conn *db, struct arena *a, int64_t institution, int64_t line, const char *state, struct str reason, struct str by_name,
	int64_t *amount, struct str *currency);

/* ---- reading ---- */

#define IMPORTS_A_PAGE 50
#define LINES_A_PAGE   200

struct import_summary {
	int64_t id, made_at, lines, decided, to_look_at;
	enum payment_import_state state;
	struct str file_name, by_name;
};
/* Those accepted, the newest first; what is only staged, nobody sees. */
enum status import_list(struct conn *db, struct arena *a, int64_t institution, struct import_summary **out, size_t *count);
enum status import_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct import_summary *out);

/* An import's lines, as many as its file had: those that moved money of a bill, and those that had come before. */
struct import_counts {
	int64_t lines, applied, repeated;
};
enum status import_counts(struct conn *db, int64_t import, struct import_counts *out);

/* What was done with lines of an outcome, in words. An outcome that is empty is not decided yet. */
enum message payment_did(struct str outcome);

/* The lines of an import by outcome; and the bank's own totals beside those of the lines. */
struct outcome_sum {
	struct str outcome; /* empty: not decided yet */
	struct str currency;
	int64_t lines, cents, money, settled;
};
#define OUTCOME_SUMS_MAX (OUTCOMES * 4)
enum status import_outcomes(struct conn *db, struct arena *a, int64_t import, struct outcome_sum **out, size_t *count);

struct import_total {
	struct str currency;
	int64_t credit, debit, lines_credit, lines_debit;
};
enum status import_totals(struct conn *db, struct arena *a, int64_t import, struct import_total **out, size_t *count);

/* A line for people. */
struct payment_line {
	int64_t id, import, cents, money, on_list, bill_year, bill_number, order_number;
	struct str outcome, currency, reference, payer, words, booked_on, account, reason, by_name;
	bool is_credit, is_open, is_settled, is_whole_entry;
	bool is_booked;	 /* its outcome put money on a bill, or took it off */
	bool is_of_file; /* else a statement that is missing */
};
/* How many lines of a house wait on its work list. */
enum status payment_cases_count(struct conn *db, int64_t institution, int64_t *out);

/* Lines of an import after id AFTER; or the open work list of a house (IMPORT 0). At most LINES_A_PAGE. */
enum status payment_lines(
	struct conn *db, struct arena *a, int64_t institution, int64_t import, int64_t after, struct payment_line **out, size_t *count);
