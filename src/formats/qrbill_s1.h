/* formats/qrbill_s1.h: billing information in Swico's syntax S1, version 1.2 (Implementation Guidelines, annex D): "//S1/10/invoice/11/261124/…". */
#pragma once
#include "formats/qrbill.h"

#define S1_FIELDS 8

/* What a bill says about itself to the payer's books; an absent value is empty. Dates are "2026-11-24". Lists are written as in the syntax, entries
 * parted by ; and their halves by :. */
struct s1 {
	struct str invoice_number;	   /* 10 */
	struct str invoice_date;	   /* 11 */
	struct str customer_reference; /* 20 */
	struct str uid;				   /* 30: nine digits, without CHE */
	struct str vat_date;		   /* 31: a day, or from/to */
	struct str vat;				   /* 32: a rate, or rate:net;… */
	struct str import_tax;		   /* 33: rate:tax;… */
	struct str conditions;		   /* 40: discount:days;…, 0:days is the net term */
};

/* The fields by their tags, ascending. */
extern const struct s1_field {
	const char *tag; /* "10" */
	size_t offset;	 /* of its struct str in struct s1 */
} s1_fields[S1_FIELDS];

/* Reads TEXT in F's arena, with what has to be said about it. False: it is not S1. As lenient as other readers: unknown tags, impossible dates and
 * broken pairs are passed over, order does not matter, of a repeated tag the first counts; each with a warning. So have a number with zeros before it and a
 * backslash that escapes nothing, which are kept as they stand. A tag without a value is absent. A finding's field is the tag. */
bool s1_read(struct str text, struct s1 *out, struct qrbill_findings *f);

/* S as billing information in arena A, tags ascending; empty when S is. What it holds must be as its fields say: s1_read tells. */
struct str s1_write(struct arena *a, const struct s1 *s);

/* Whether S lists net amounts by rate (tag 32) whose sum with tax is another amount than AMOUNT cents, by more than rounding explains (3 cents); then SUM is
 * what it is. */
bool s1_sum_differs(const struct s1 *s, int64_t amount, int64_t *sum);

/* Whether S is the number of a Swiss enterprise without CHE: nine digits, the last of which checks the others. */
bool s1_uid_is_valid(struct str s);
