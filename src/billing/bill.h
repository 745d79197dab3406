/* billing/bill.h: bills: issued once, numbered without gaps in their year, never changed afterwards; a correction is a credit note (domain.md 9).
 * Whatever changes an order begins with its row (sales/order.h); bills come after it. */
#pragma once
#include "documents/class.h"
#include "formats/qrbill.h"
#include "sales/order.h"

enum bill_state { BILL_OPEN, BILL_PAID, BILL_CREDITED };

const char *bill_state_name(enum bill_state state);

/* A bill as it was issued; only STATE and PAID move. Text lives in the arena given to the function that read it. Days are base/day.h's, in the house's zone. */
struct bill {
	int64_t id, institution, point_of_sale, order, instalment; /* instalment: 0 for none */
	int64_t year, number;
	enum bill_state state;
	int64_t amount, paid; /* paid: the signed sum of what was allocated to it, never clipped */
	struct str currency;
	struct str account; /* QR-IBAN or IBAN, compact */
	enum qrbill_reference_kind kind;
	struct str reference; /* compact; empty for QRBILL_NON */
	struct qrbill_address creditor, debtor;
	enum language language;
	enum document_class class;
	int64_t template; /* 0: none was in force */
	int64_t issued_at, issued_day, due_day;
	int64_t ends_at; /* when an unpaid reservation is over; 0: never by itself */
	bool is_reservation;
	int64_t order_number;
	bool has_paper; /* its PDF was made */
};

enum status bill_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct bill *out);
enum status bill_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t year, int64_t number, struct bill *out);

/* The bill that carries REFERENCE (as banks write it: blanks and letter case do not count), in whatever state. NOT_FOUND: none of this institution does. */
enum status bill_by_reference(struct conn *db, struct arena *a, int64_t institution, struct str reference, struct bill *out);

/* All bills of an order, the oldest first. */
enum status bills_of_order(struct conn *db, struct arena *a, int64_t institution, int64_t order, struct bill **out, size_t *count);

/* The open bills of an institution, the newest first, at most MOST. */
enum status bill_list_open(struct conn *db, struct arena *a, int64_t institution, size_t most, struct bill **out, size_t *count);

/* What is still to be paid: min(amount, amount - paid), negative for a surplus (qrbill-rules.md 2.4); 0 of a credited bill that nothing was paid on. */
int64_t bill_open_amount(const struct bill *b);

/* "2026-00017". */
struct str bill_number(struct arena *a, const struct bill *b);

#define BILLS_MOST		500 /* of an order that pages and checks look at: instalments, and what was billed anew */
#define BILL_PARTS_MOST 60	/* instalments: five years of months */

/* ---- issuing, inside a store_write whose last step it is ---- */

enum bill_way { BILL_BY_MAIL, BILL_KEPT /* nothing is sent: handed over, or for the post */ };

struct new_bill {
	int64_t institution, order;
	const int64_t *parts; /* amounts that make up the order's total; NULL: one bill over all of it */
	size_t part_count, part;
	int64_t instalment; /* 0: none */
	int64_t due_day, ends_at;
	enum bill_way way;
	struct str by_name;
};

/* Issues a bill over an order as it stands now, by the administrative values of now, and queues its mail. REFUSED with findings when those do not suffice
 * (administrative_suffices); an order that costs nothing is a BUG. ID gets the bill's. */
enum status bill_issue(struct conn *db, struct arena *a, const struct new_bill *n, int64_t *id, struct problem *why);

/* ---- later, inside a store_write that began with the order's row ---- */

/* Allocates AMOUNT (negative: takes back) to a bill: paid once that covers it, open again when it no longer does; a credited one stays credited, what came in is
 * kept. STATE gets what it is then. */
enum status bill_book(struct conn *db, int64_t bill, int64_t amount, enum bill_state *state);

/* Credits all bills of an order that are open, whole, each by a credit note. REASON: 'expired', 'cancelled', 'changed'. COUNT gets how many; PAID what had been paid on them. */
enum status bills_credit_open(
	struct conn *db, struct arena *a, int64_t institution, int64_t order, struct str reason, struct str by_name, int64_t *count, int64_t *paid);

/* ---- reservations that end ---- */

/* The order whose reservation is over the longest: an open bill past its ends_at, nothing paid on any of the order's bills. NOT_FOUND: there is none. */
enum status bill_ending_next(struct conn *db, int64_t *institution, int64_t *order);

/* Whether nothing was paid on any bill of an order. */
enum status bills_are_unpaid(struct conn *db, int64_t order, bool *out);

/* An order that is no reservation any more does not end by itself. */
enum status bills_end_never(struct conn *db, int64_t order);

/* ---- credit notes ---- */

struct credit_note {
	int64_t id, bill, year, number, amount, issued_at;
	struct str reason, by_name;
};
enum status credit_notes_of_order(struct conn *db, struct arena *a, int64_t order, struct credit_note **out, size_t *count);

/* ---- what a bill says ---- */

struct bill_line {
	struct str title, detail;
	int64_t quantity, price, vat;
};
struct bill_vat {
	int64_t basis_points, gross, vat;
};
struct bill_lines {
	struct bill_line *line;
	size_t count;
	struct bill_vat *vat;
	size_t vat_count;
};
enum status bill_lines_read(struct conn *db, struct arena *a, int64_t bill, struct bill_lines *out);
