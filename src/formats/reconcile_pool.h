/* formats/reconcile_pool.h: payments of the same words that one message alone told of (D4). A statement's and a notification's are the same money, and a
 * copy's and its original's, unless their keys tell them apart; how many there are then, is a matter of counting. For reconcile_payments.c only. */
#pragma once
#include "formats/reconcile.h"

/* What a payment does to the bill of its words. BY_HAND: a person decided. */
enum pool_state { POOL_TAKES, POOL_NOTHING, POOL_BOOKS, POOL_BY_HAND, POOL_STATES };

#define POOL_KINDS (2 * 2 * 8 * POOL_STATES)

/* What is alike of payments of the same words: the message, whether only copies told of them, their kinds of keys, what they do. */
static inline unsigned pool_kind(bool is_notification, bool is_copy, unsigned keys, enum pool_state state)
{
	return ((is_notification * 2u + is_copy) * 8u + (keys & 7u)) * POOL_STATES + (unsigned)state;
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
