/* base/arena.h: memory that a request, a job or an import owns and gives back all at once.
 * An arena belongs to one thread at a time. Running out of memory ends the program: limits keep us away from there. */
#pragma once
#include <stddef.h>

struct arena;

/* A new, empty arena. The caller frees it. */
struct arena *arena_new(void);

/* Gives everything back, the arena too. NULL does nothing. */
void arena_free(struct arena *a);

/* Forgets everything allocated, and keeps one block for the next use. */
void arena_reset(struct arena *a);

/* Overwrites everything allocated, before a reset or free: for arenas that held passwords. */
void arena_wipe(struct arena *a);

/* SIZE zeroed bytes, aligned for any type; they live until reset or free. */
void *arena_alloc(struct arena *a, size_t size);

/* Grows what was allocated last in place where that is possible, else copies it; what is new is zeroed. OLD may be NULL with OLD_SIZE 0. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

/* The same, and what is new is left as it is: for buffers, which write before they read. */
void *arena_grow_bytes(struct arena *a, void *old, size_t old_size, size_t new_size);

/* Bytes held from the system: for tests and metrics. */
size_t arena_size(const struct arena *a);

#define ARENA_NEW(a, type)		((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), arena_array_size((n), sizeof(type))))

/* N times SIZE; a product that does not fit ends the program. */
size_t arena_array_size(size_t n, size_t size);
