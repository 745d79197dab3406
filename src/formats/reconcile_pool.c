/* formats/reconcile_pool.c: pairs are made by kinds, in an order that is always the same, so that the sum depends on what is in the pool alone. */
#include "formats/reconcile_pool.h"

#include <string.h>

#define PILES_MAX 48 /* that pairs are made of; real pools have four. What is beyond only a forged file brings: it stays as it is */

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

/* Payments that are alike. */
struct pile {
	unsigned tellers, keys;
	enum pool_state state;
	bool is_guest;
	enum pool_state counted; /* what a guest does where it is counted */
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

static bool may_be_one(const struct pile *x, const struct pile *y)
{
	return !(x->tellers & y->tellers) && !(x->keys & y->keys) && !(x->is_guest && y->is_guest);
}

/* How few others are left for X: those with the fewest are paired first, so that none goes without. */
static int64_t choice_of(const struct piles *p, const struct pile *x)
{
	int64_t others = -x->payments;
	for (size_t i = 0; i < p->count; i++)
		if (&p->at[i] != x && may_be_one(x, &p->at[i])) others += p->at[i].payments;
	return others;
}

/* Whether one message tells of both. */
static bool is_within(const struct pile *x, const struct pile *y)
{
	const unsigned statement = POOL_STATEMENT | POOL_STATEMENT_COPY, tellers = x->tellers | y->tellers;
	return !(tellers & statement) || !(tellers & ~statement);
}

/* The next pair, which is always the same: a copy and its original first, then who has least choice, then those that do the same. False: there is none. */
static bool next_pair(const struct piles *p, size_t *first, size_t *second)
{
	int64_t choices[PILES_MAX], best[3] = { 0 };
	bool is_any = false;
	for (size_t i = 0; i < p->count; i++) choices[i] = choice_of(p, &p->at[i]);
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = i + 1; k < p->count; k++) {
			const struct pile *x = &p->at[i], *y = &p->at[k];
			if (!may_be_one(x, y)) continue;
			const int64_t cost[3] = { !is_within(x, y), choices[i] < choices[k] ? choices[i] : choices[k], x->state != y->state };
			size_t at = 0;
			while (at < 2 && cost[at] == best[at]) at++;
			if (is_any && cost[at] >= best[at]) continue;
			memcpy(best, cost, sizeof best);
			is_any = true;
			*first = i, *second = k;
		}
	return is_any;
}

static void put(struct piles *to, struct pile pile)
{
	for (size_t i = 0; i < to->count; i++) {
		struct pile *x = &to->at[i];
		if (x->tellers != pile.tellers || x->keys != pile.keys || x->state != pile.state || x->is_guest != pile.is_guest ||
			x->counted != pile.counted)
			continue;
		x->payments += pile.payments;
		return;
	}
	to->at[to->count++] = pile;
}

static void take(struct piles *from, size_t i, int64_t payments)
{
	if (from->at[i].payments -= payments) return;
	memmove(from->at + i, from->at + i + 1, (from->count - i - 1) * sizeof *from->at);
	from->count--;
}

/* Makes one payment of every two that may be one; each step empties a pile, so there is room for the new one. */
static void make_pairs(struct piles *p)
{
	size_t i, k;
	while (next_pair(p, &i, &k)) {
		const struct pile x = p->at[i], y = p->at[k];
		struct pile both = { x.tellers | y.tellers, x.keys | y.keys, together(x.state, y.state), x.is_guest || y.is_guest,
			x.is_guest ? x.counted : y.counted, x.payments < y.payments ? x.payments : y.payments };
		take(p, k, both.payments); /* the later first: what follows it moves */
		take(p, i, both.payments);
		put(p, both);
	}
}

static int64_t booked_by(enum pool_state state, int64_t payments)
{
	return state == POOL_BOOKS ? payments : state == POOL_TAKES ? -payments : 0;
}

static struct pile pile_of(const struct pool_pile *from)
{
	const unsigned kind = from->kind / 2;
	const enum pool_state state = (enum pool_state)(kind % POOL_STATES);
	bool is_guest = from->kind % 2;
	return (struct pile){ kind / POOL_STATES / POOL_KEYS, kind / POOL_STATES % POOL_KEYS, state, is_guest, is_guest ? state : POOL_NOTHING,
		from->payments };
}

static void count(struct pool_sum *sum, const struct pile *x)
{
	if (!x->is_guest) sum->payments += x->payments;
	sum->booked += booked_by(x->state, x->payments) - (x->is_guest ? booked_by(x->counted, x->payments) : 0);
}

struct pool_sum pool_sum(const struct pool *p)
{
	struct pool_sum sum = { 0, 0 };
	struct piles piles = { .count = 0 };
	for (size_t i = 0; i < p->count; i++) {
		const struct pile pile = pile_of(&p->piles[i]);
		if (piles.count < PILES_MAX) piles.at[piles.count++] = pile;
		else count(&sum, &pile);
	}
	if (piles.count > 1) make_pairs(&piles); /* nearly all have one */
	for (size_t i = 0; i < piles.count; i++) count(&sum, &piles.at[i]);
	return sum;
}
