/* formats/reconcile_told.h: tellings of money, and which of them speak of the same payment (D3, D4): a function of the set of them, not of their order. For
 * reconcile_payments.c only. */
#pragma once
#include "formats/reconcile_payments.h"
#include "formats/reconcile_pool.h"

#define RECORDS_MAX RECONCILE_KINDS /* that a telling may link: one a key */
#define TOLD_MAX	(RECORDS_MAX * RECONCILE_TOLD_MAX + 1)

/* A telling as it is kept: bytes without gaps. */
struct told {
	uint64_t keys[RECONCILE_KINDS]; /* half of each is enough within a record; 0 where there is none */
	struct reconcile_key content;
	unsigned char kinds, message, is_copy, is_reversal; /* what it is, up to here */
	signed char written, turned;
	unsigned char by_hand, unused;
	int64_t bill, cents;
};

#define TOLD_IS offsetof(struct told, written)
_Static_assert(sizeof(struct told) == 88, "bytes without gaps");

/* Of the reference that it names; 0: none. */
static inline uint64_t told_reference(const struct told *t)
{
	return t->content.at[0];
}

/* Who told of it: an enum pool_teller. */
unsigned told_by(const struct told *t);

/* Whether KNOWN says all that T says of which payment it is. */
bool told_knows(const struct told *known, const struct told *t);

/* Numbers the payment of each, from 0, some left out; gives the number after the last. Sorts TOLD. */
int told_divide(struct told *told, size_t count, int *payment);
