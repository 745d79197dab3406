/* formats/qrbill_esr.h: the code line of the orange slip (ESR, BVR), which was paid with until 30 September 2022: for institutions that move old bills
 * over. "0100003949753>210000000003139471430009017+ 010391391>". */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define ESR_AMOUNT_MAX INT64_C(9999999999) /* cents; ten digits */
#define ESR_OPEN	   INT64_C(-1)		   /* without an amount: ESR+ */

struct esr {
	struct str code; /* "01": ESR in francs; "04": the same without amount; "21" and "31" in euros; others as read */
	int64_t amount;	 /* cents, or ESR_OPEN */
	struct str currency;
	struct str reference;	/* 27 digits, the last its check digit */
	struct str participant; /* 9 digits: two of the kind, six of the number, one to check */
};

/* A participant number as people write it, "01-39139-1", or its nine digits, as nine digits in arena A. False when its check digit is wrong or it is none. */
bool esr_participant(struct arena *a, struct str text, struct str *out);

/* "010391391" as "01-39139-1". */
struct str esr_participant_text(struct arena *a, struct str participant);

/* The line, in arena A. REFUSED with findings on "amount", "currency" (not CHF or EUR), "reference" and "participant".
 * CODE empty is chosen by amount and currency. */
enum status esr_write(struct arena *a, const struct esr *e, struct str *line, struct problem *why);

/* Reads LINE, blanks anywhere. REFUSED with all that is wrong with it; OUT then has the parts that could be read, also when one of the characters that
 * part them is missing: a reference as it stands there, a participant only with its right check digit. */
enum status esr_read(struct arena *a, struct str line, struct esr *out, struct problem *why);
