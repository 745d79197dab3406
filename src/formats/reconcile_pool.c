/* formats/reconcile_pool.c: pairs are made by kinds, in an order that is always the same, so that the sum depends on what is in the pool alone. */
#include "formats/reconcile_pool.h"

#include <string.h>

#define PILES_MAX (8 * POOL_STATES)

void pool_from(struct pool *p, struct str bytes)
{
	p->bill = -1;
	p->count = 0;
	if (bytes.len < sizeof p->bill) return;
	memcpy(&p->bill, bytes.at, sizeof p->bill);
	for (size_t at = sizeof p->bill; at + sizeof *p->piles <= bytes.len && p->count < POOL_KINDS; at += sizeof *p->piles) {
		memcpy(&p->piles[p->count], bytes.at + at, sizeof *p->piles);
		if (p->piles[p->count].kind < POOL_KINDS) p->count++; /* only a kept file that somebody changed has others */
	}
}

struct str pool_bytes(const struct pool *p, char *to)
{
	memcpy(to, &p->bill, sizeof p->bill);
	memcpy(to + sizeof p->bill, p->piles, p->count * sizeof *p->piles);
	return (struct str){ to, sizeof p->bill + p->count * sizeof *p->piles };
}

void pool_add(struct pool *p, unsigned kind, int n)
{
	size_t i = 0;
	while (i < p->count && p->piles[i].kind < kind) i++;
	bool is_there = i < p->count && p->piles[i].kind == kind;
	if (!is_there && (n < 0 || p->count == POOL_KINDS)) return;
	if (!is_there) {
		memmove(p->piles + i + 1, p->piles + i, (p->count - i) * sizeof *p->piles);
		p->piles[i] = (struct pool_pile){ kind, 0 };
		p->count++;
	}
	p->piles[i].payments += (uint32_t)n;
	if (p->piles[i].payments) return;
	memmove(p->piles + i, p->piles + i + 1, (p->count - i - 1) * sizeof *p->piles);
	p->count--;
}

/* ---- pairs ---- */

/* Payments of one message that are alike. */
struct pile {
	unsigned keys;
	enum pool_state state;
	int64_t payments;
};

struct piles {
	struct pile at[PILES_MAX];
	size_t count;
};

/* A person's word before all; what is known of money before what is not. */
static enum pool_state together(enum pool_state a, enum pool_state b)
{
	if (a == POOL_BY_HAND || b == POOL_BY_HAND) return POOL_BY_HAND;
	if (a == POOL_NOTHING) return b;
	return b == POOL_NOTHING || a < b ? a : b;
}

static void put(struct piles *to, unsigned keys, enum pool_state state, int64_t payments)
{
	if (!payments) return;
	for (size_t i = 0; i < to->count; i++)
		if (to->at[i].keys == keys && to->at[i].state == state) {
			to->at[i].payments += payments;
			return;
		}
	to->at[to->count++] = (struct pile){ keys, state, payments };
}

/* Pairs of A and B whose keys do not tell them apart go to TO, first those that do the same; what is left over, too. */
static void pair(struct piles *a, struct piles *b, struct piles *to)
{
	for (int is_any = 0; is_any < 2; is_any++)
		for (size_t i = 0; i < a->count; i++)
			for (size_t k = 0; k < b->count; k++) {
				struct pile *x = &a->at[i], *y = &b->at[k];
				if ((x->keys & y->keys) || (!is_any && x->state != y->state)) continue;
				int64_t n = x->payments < y->payments ? x->payments : y->payments;
				x->payments -= n, y->payments -= n;
				put(to, x->keys | y->keys, together(x->state, y->state), n);
			}
	for (size_t i = 0; i < a->count; i++) put(to, a->at[i].keys, a->at[i].state, a->at[i].payments);
	for (size_t k = 0; k < b->count; k++) put(to, b->at[k].keys, b->at[k].state, b->at[k].payments);
}

/* Those with many keys first: they find the fewest partners. Descending by kind, since piles stand in its order. */
static void of_kind(const struct pool *p, bool is_notification, bool is_copy, struct piles *out)
{
	out->count = 0;
	for (size_t i = p->count; i-- > 0;) {
		unsigned kind = p->piles[i].kind / POOL_STATES;
		if (kind / 16 != is_notification || kind / 8 % 2 != is_copy) continue;
		out->at[out->count++] = (struct pile){ kind % 8, (enum pool_state)(p->piles[i].kind % POOL_STATES), p->piles[i].payments };
	}
}

static int64_t booked_by(enum pool_state state, int64_t payments)
{
	return state == POOL_BOOKS ? payments : state == POOL_TAKES ? -payments : 0;
}

struct pool_sum pool_sum(const struct pool *p)
{
	struct pool_sum sum = { 0, 0 };
	if (p->count == 1) { /* nearly all */
		sum.payments = p->piles[0].payments;
		sum.booked = booked_by((enum pool_state)(p->piles[0].kind % POOL_STATES), sum.payments);
		return sum;
	}
	struct piles originals, copies, told[2] = { { .count = 0 }, { .count = 0 } }, all = { .count = 0 };
	for (int message = 0; message < 2; message++) {
		of_kind(p, message, false, &originals);
		of_kind(p, message, true, &copies);
		pair(&copies, &originals, &told[message]);
	}
	pair(&told[0], &told[1], &all);
	for (size_t i = 0; i < all.count; i++) {
		sum.payments += all.at[i].payments;
		sum.booked += booked_by(all.at[i].state, all.at[i].payments);
	}
	return sum;
}
