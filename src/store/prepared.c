/* store/prepared.c: a hash table of pointers, open addressing, never more than half full; nothing is ever removed singly. */
#include "store/prepared.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_FIRST 128 /* a thread of the shop runs some fifty statements */

static size_t hash(const struct sql *q, const unsigned char *kinds)
{
	uint64_t h = (uint64_t)(uintptr_t)q * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < VALUES_MAX && kinds[i] != 0xff; i++) h = (h ^ kinds[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h >> 20);
}

/* 0xff marks what lies beyond the values, so that "no value" and NULL differ. */
static void kinds_of(unsigned char *kinds, const struct value *values, size_t count)
{
	memset(kinds, 0xff, VALUES_MAX);
	for (size_t i = 0; i < count; i++) kinds[i] = (unsigned char)values[i].kind;
}

static struct prepared **slot_of(const struct prepared_table *t, const struct sql *q, const char *text, const unsigned char *kinds)
{
	size_t i = hash(q, kinds) & (t->size - 1);
	while (t->slots[i]) {
		const struct prepared *p = t->slots[i];
		if (p->q == q && p->text == text && memcmp(p->kinds, kinds, VALUES_MAX) == 0) break;
		i = (i + 1) & (t->size - 1);
	}
	return &t->slots[i];
}

struct prepared *prepared_find(const struct prepared_table *t, const struct sql *q, const struct value *values, size_t count)
{
	if (!t->size) return NULL;
	unsigned char kinds[VALUES_MAX];
	kinds_of(kinds, values, count);
	return *slot_of(t, q, q->text, kinds);
}

static void grow(struct prepared_table *t)
{
	struct prepared_table bigger = { .size = t->size ? t->size * 2 : SIZE_FIRST, .used = t->used };
	bigger.slots = calloc(bigger.size, sizeof(struct prepared *));
	if (!bigger.slots) BUG("out of memory for prepared statements");
	for (size_t i = 0; i < t->size; i++) {
		struct prepared *p = t->slots[i];
		if (p) *slot_of(&bigger, p->q, p->text, p->kinds) = p;
	}
	free(t->slots);
	*t = bigger;
}

struct prepared *prepared_add(struct prepared_table *t, const struct sql *q, const struct value *values, size_t count)
{
	if (t->used * 2 >= t->size) grow(t);
	struct prepared *p = calloc(1, sizeof *p);
	if (!p) BUG("out of memory for a prepared statement");
	p->q = q;
	p->text = q->text;
	kinds_of(p->kinds, values, count);
	p->number = (unsigned)++t->used;
	*slot_of(t, q, q->text, p->kinds) = p;
	return p;
}

void prepared_clear(struct prepared_table *t, void (*end)(struct prepared *p))
{
	for (size_t i = 0; i < t->size; i++) {
		if (!t->slots[i]) continue;
		if (end) end(t->slots[i]);
		free(t->slots[i]);
	}
	free(t->slots);
	*t = (struct prepared_table){ 0 };
}
