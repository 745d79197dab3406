/* formats/reconcile_told.c: tellings of one strongest key are one class; class after class joins the payments that are there, or is a new one. */
#include "formats/reconcile_told.h"

#include <stdlib.h>
#include <string.h>

#define NO_LINK (RECONCILE_KINDS + 1)
#define OTHER	0 /* stronger than any link */

/* Banks use numbers again, and some give one to many: two references are never one payment, whatever number both have. */
static bool is_other(const struct told *a, const struct told *b)
{
	return told_reference(a) && told_reference(b) && told_reference(a) != told_reference(b);
}

static bool is_number(int kind)
{
	return RECONCILE_NUMBERS & 1u << kind;
}

/* The strongest kind of number that both have decides alone: 1 + kind where it is equal, -1 - kind where not; 0: nothing says anything. Two places that differ
 * say nothing. */
static int compare(const struct told *a, const struct told *b)
{
	for (int kind = 0; is_number(kind); kind++)
		if (a->kinds & b->kinds & 1u << kind) return a->keys[kind] == b->keys[kind] ? 1 + kind : -1 - kind;
	return a->keys[RECONCILE_PLACE] == b->keys[RECONCILE_PLACE] ? 1 + RECONCILE_PLACE : 0;
}

bool told_knows(const struct told *known, const struct told *t)
{
	return compare(known, t) > 0 && (!told_reference(t) || told_reference(t) == told_reference(known));
}

static int level_of(const struct told *t)
{
	return __builtin_ctz((t->kinds & RECONCILE_NUMBERS) | 1u << RECONCILE_PLACE);
}

/* Those with the strongest keys first, equal ones side by side, the rest in any order that is always the same. */
static int in_order(const void *first, const void *second)
{
	const struct told *a = first, *b = second;
	int level = level_of(a), other = level_of(b);
	if (level != other) return level < other ? -1 : 1;
	if (a->keys[level] != b->keys[level]) return a->keys[level] < b->keys[level] ? -1 : 1;
	/* Those without a reference last: they join one that has one. */
	uint64_t reference = told_reference(a) - 1, another = told_reference(b) - 1;
	if (reference != another) return reference < another ? -1 : 1;
	return memcmp(a, b, TOLD_IS);
}

static bool is_same_class(const struct told *a, const struct told *b)
{
	int level = level_of(a);
	return level == level_of(b) && a->keys[level] == b->keys[level] && told_reference(a) == told_reference(b);
}

/* What a class of tellings has to do with the payments before it: the strongest link, and the strongest kind that tells them apart. */
struct links {
	unsigned char link[TOLD_MAX], apart[TOLD_MAX];
};

static void look_for_links(struct links *l, const struct told *told, const int *payment, int payments, size_t from, size_t to)
{
	memset(l->link, NO_LINK, (size_t)payments);
	memset(l->apart, NO_LINK, (size_t)payments);
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < from; k++) {
			int says = compare(&told[i], &told[k]), p = payment[k];
			if (is_other(&told[i], &told[k])) l->apart[p] = OTHER;
			if (says > 0 && says < l->link[p]) l->link[p] = (unsigned char)says;
			if (says < 0 && -says < l->apart[p]) l->apart[p] = (unsigned char)-says;
		}
}

static bool is_linked(const struct links *l, int p)
{
	return l->link[p] < NO_LINK && l->link[p] <= l->apart[p];
}

/* The payment that the class joins: by the strongest link, unless something stronger tells them apart. -1: none. */
static int host_of(const struct links *l, int payments)
{
	int best = -1;
	for (int p = 0; p < payments; p++)
		if (is_linked(l, p) && (best < 0 || l->link[p] < l->link[best])) best = p;
	return best;
}

/* Whether anything that P and Q say tells them apart. */
static bool are_apart(const struct told *told, const int *payment, size_t count, int p, int q)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; payment[i] == p && k < count; k++)
			if (payment[k] == q && (is_other(&told[i], &told[k]) || compare(&told[i], &told[k]) < 0)) return true;
	return false;
}

static void rename_payment(int *payment, size_t count, int from, int to)
{
	for (size_t i = 0; i < count; i++)
		if (payment[i] == from) payment[i] = to;
}

/* Others that the first COUNT tellings' newest class has a number of are its HOST, too, unless they contradict each other. */
static void join_linked(const struct links *l, const struct told *told, int *payment, int payments, size_t count, int host)
{
	for (int p = 0; p < payments; p++)
		if (p != host && is_linked(l, p) && is_number(l->link[p] - 1) && !are_apart(told, payment, count, host, p))
			rename_payment(payment, count, p, host);
}

/* ---- what the number of an entry makes one ---- */

unsigned told_by(const struct told *t)
{
	const unsigned original = t->message == BANK_NOTIFICATION ? POOL_NOTIFICATION : POOL_STATEMENT;
	return original << t->is_copy;
}

/* What payments P and Q are, as one. */
struct both {
	unsigned tellers[2], keys[2];
	uint64_t references[2];
};

static struct both both_of(const struct told *told, const int *payment, size_t count, int p, int q)
{
	struct both b = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (payment[i] != p && payment[i] != q) continue;
		int side = payment[i] == q;
		b.tellers[side] |= told_by(&told[i]);
		b.keys[side] |= told[i].kinds & RECONCILE_NUMBERS;
		if (told_reference(&told[i])) b.references[side] = told_reference(&told[i]);
	}
	return b;
}

/* A statement's and a notification's payments that have the bank's number of the entry are one whatever else they say (D4), and so are copies'; unless other numbers
 * or references tell them apart. Two originals of one message are two. */
static void join_entries(const struct told *told, size_t count, int *payment)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++) {
			if (payment[i] == payment[k] || !(told[i].kinds & told[k].kinds & 1u << RECONCILE_ENTRY)) continue;
			if (told[i].keys[RECONCILE_ENTRY] != told[k].keys[RECONCILE_ENTRY]) continue;
			int p = payment[i], q = payment[k];
			const struct both b = both_of(told, payment, count, p, q);
			if ((b.tellers[0] & b.tellers[1] & POOL_ORIGINALS) || (b.keys[0] & b.keys[1])) continue;
			if (b.references[0] && b.references[1] && b.references[0] != b.references[1]) continue;
			rename_payment(payment, count, q, p);
		}
}

int told_divide(struct told *told, size_t count, int *payment)
{
	int payments = 0;
	if (count > 1) qsort(told, count, sizeof *told, in_order);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && is_same_class(&told[from], &told[to]);) to++;
		struct links links;
		look_for_links(&links, told, payment, payments, from, to);
		const int before = payments, host = host_of(&links, payments);
		if (host < 0) payments++;
		for (size_t i = from; i < to; i++) payment[i] = host < 0 ? before : host;
		if (host >= 0) join_linked(&links, told, payment, before, to, host);
	}
	if (payments > 1) join_entries(told, count, payment);
	return payments;
}
