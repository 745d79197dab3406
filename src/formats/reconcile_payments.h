/* formats/reconcile_payments.h: which tellings speak of the same money (D3, D4), and what of it lies on which bill. What is reckoned depends on the set of
 * tellings alone and not on their order: a telling that links two payments which were taken for different ones takes back what was booked twice. For
 * reconcile.c only. */
#pragma once
#include "formats/reconcile.h"

#define RECONCILE_TOLD_MAX 64 /* different tellings that hang together; real ones are four. More of the same change nothing */

/* What a transaction would do to its bill if it were the only one. */
struct reconcile_effect {
	int64_t bill;				 /* the caller's id; only if either sign is not 0 */
	int64_t cents;				 /* never negative */
	signed char written, turned; /* 1: books CENTS; −1: takes them back; 0: nothing. As it is written, and if its bank turns reversals (C3) */
};

struct reconcile_change {
	int64_t payments; /* how many more there are now; 0: it was told of before */
	int64_t own;	  /* cents that were booked on EFFECT's bill */
	bool has_other;	  /* others' bills changed, too */
};

/* Adds a telling and books what changes. */
struct reconcile_change reconcile_tell(const struct reconcile_lookups *l, const struct reconcile_marks *m, const struct reconcile_effect *effect);

/* Whether the bank of ACCOUNT is known to turn reversals. */
bool reconcile_is_turned(const struct reconcile_lookups *l, struct reconcile_key account);

/* Notes what a statement of ACCOUNT proves, and books what changes in what was told of before; whether anything did. */
bool reconcile_learn_signs(const struct reconcile_lookups *l, struct reconcile_key account, enum bank_signs signs);
