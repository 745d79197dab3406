/* formats/reconcile_pool.h: payments of the same words (D4). A statement's and a notification's are the same money, and a copy's and its original's, unless
 * their keys tell them apart; how many there are then, is a matter of counting. For reconcile_payments.c only. */
#pragma once
#include "formats/reconcile.h"

/* What a payment does to the bill of its words. BY_HAND: a person decided. */
enum pool_state { POOL_TAKES, POOL_NOTHING, POOL_BOOKS, POOL_BY_HAND, POOL_STATES };

/* Who told of a payment: a set. Two that the same has told of are two. */
enum pool_teller { POOL_STATEMENT = 1, POOL_STATEMENT_COPY = 2, POOL_NOTIFICATION = 4, POOL_NOTIFICATION_COPY = 8 };
#define POOL_ORIGINALS (POOL_STATEMENT | POOL_NOTIFICATION)
#define POOL_TELLERS   16

#define POOL_KEYS  16 /* sets of RECONCILE_NUMBERS */
#define POOL_KINDS (POOL_TELLERS * POOL_KEYS * (int)POOL_STATES * 2)

/* What is alike of payments of the same words: who told of them, their kinds of keys, what they do. A guest is a payment that some tell of in other words: it is
 * counted there, and here only takes what is the same money. */
static inline unsigned pool_kind(unsigned tellers, unsigned keys, enum pool_state state, bool is_guest)
{
	return ((tellers * POOL_KEYS + keys) * POOL_STATES + (unsigned)state) * 2 + is_guest;
}

struct pool {
	int64_t bill; /* what its payments are booked on; -1: none was */
	size_t count;
	struct pool_pile {
		uint32_t kind, payments;
	} piles[POOL_KINDS];
};

/* From and to the bytes that are kept; TO holds POOL_BYTES_MAX. */
#define POOL_BYTES_MAX (8 + 8 * POOL_KINDS)
void pool_from(struct pool *p, struct str bytes);
struct str pool_bytes(const struct pool *p, char *to);

/* One more, or one less. */
void pool_add(struct pool *p, unsigned kind, int n);

/* How many payments it holds, and how many of them are booked less how many are taken back. */
struct pool_sum {
	int64_t payments, booked;
};
struct pool_sum pool_sum(const struct pool *p);
