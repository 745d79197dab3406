/* base/arena.c: a list of blocks, the newest first; allocation moves a mark. */
#include "base/arena.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

#define BLOCK_FIRST 8192	   /* most requests fit */
#define BLOCK_MAX	(1u << 20) /* blocks double up to here */
#define ALIGN		_Alignof(max_align_t)

/* Under AddressSanitizer each allocation is followed by a gap, so that running over its end is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define GAP			   16
#define HIDE(at, size) ASAN_POISON_MEMORY_REGION((at), (size))
#define SHOW(at, size) ASAN_UNPOISON_MEMORY_REGION((at), (size))
#else
#define GAP			   0
#define HIDE(at, size) ((void)0)
#define SHOW(at, size) ((void)0)
#endif

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *newest;
	size_t held;
	size_t next_size;
};

static struct block *block_add(struct arena *a, size_t at_least)
{
	size_t size = a->next_size;
	while (size < at_least) size *= 2;
	if (a->next_size < BLOCK_MAX) a->next_size *= 2;
	struct block *b = malloc(sizeof *b + size);
	if (!b) BUG("out of memory for %zu bytes", size);
	b->next = a->newest;
	b->size = size;
	b->used = 0;
	a->newest = b;
	a->held += sizeof *b + size;
	HIDE(b->bytes, size);
	return b;
}

struct arena *arena_new(void)
{
	struct arena *a = calloc(1, sizeof *a);
	if (!a) BUG("out of memory for an arena");
	a->next_size = BLOCK_FIRST;
	return a;
}

static void blocks_free(struct arena *a, struct block *b)
{
	while (b) {
		struct block *next = b->next;
		a->held -= sizeof *b + b->size;
		SHOW(b->bytes, b->size);
		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a) return;
	blocks_free(a, a->newest);
	free(a);
}

void arena_reset(struct arena *a)
{
	struct block *keep = a->newest;
	if (!keep) return;
	while (keep->next && keep->size > BLOCK_FIRST * 8) keep = keep->next; /* a large page does not stay for ever */
	struct block *b = a->newest;
	while (b != keep) {
		struct block *next = b->next;
		b->next = NULL;
		blocks_free(a, b);
		b = next;
	}
	blocks_free(a, keep->next);
	keep->next = NULL;
	keep->used = 0;
	a->newest = keep;
	a->next_size = keep->size;
	HIDE(keep->bytes, keep->size);
}

void arena_wipe(struct arena *a)
{
	for (struct block *b = a->newest; b; b = b->next) {
		SHOW(b->bytes, b->used);
		sodium_memzero(b->bytes, b->used);
	}
}

/* SIZE bytes as they are. */
static void *take(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 4) BUG("allocation of %zu bytes", size);
	size_t need = (size + GAP + ALIGN - 1) / ALIGN * ALIGN;
	if (need == 0) need = ALIGN;
	struct block *b = a->newest;
	if (!b || b->size - b->used < need) b = block_add(a, need);
	void *at = b->bytes + b->used;
	b->used += need;
	SHOW(at, size);
	return at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *arena_grow_bytes(struct arena *a, void *old, size_t old_size, size_t new_size)
{
	if (old && new_size <= old_size) return old;
	struct block *b = a->newest;
	if (old && b && new_size <= SIZE_MAX / 4) {
		size_t old_need = (old_size + GAP + ALIGN - 1) / ALIGN * ALIGN;
		size_t new_need = (new_size + GAP + ALIGN - 1) / ALIGN * ALIGN;
		if (old_need && (char *)old + old_need == b->bytes + b->used && b->used - old_need + new_need <= b->size) {
			b->used += new_need - old_need;
			SHOW(old, new_size);
			return old;
		}
	}
	void *at = take(a, new_size);
	if (old) memcpy(at, old, old_size);
	return at;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
	char *at = arena_grow_bytes(a, old, old_size, new_size);
	if (new_size > old_size) memset(at + old_size, 0, new_size - old_size);
	return at;
}

size_t arena_size(const struct arena *a)
{
	return a->held;
}

size_t arena_array_size(size_t n, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(n, size, &total)) BUG("array of %zu times %zu bytes", n, size);
	return total;
}
