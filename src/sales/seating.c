/* sales/seating.c: the best seats. A row further back costs as much as two seats further from the middle. */
#include "sales/seating.h"

#include <stdlib.h>
#include <string.h>

#define ROW_COST  4			/* of half seats */
#define MANY_COST (1 << 20) /* beyond any hall's: a single seat left over weighs more than the place */

/* Free seats beside each other: SEATS[0] to SEATS[LEN - 1]. */
struct block {
	const struct seat_at *seats;
	int64_t len;
};

/* The block at AT, which is free. */
static struct block block_at(const struct seat_at *seats, size_t count, size_t at)
{
	size_t end = at + 1;
	while (end < count && seats[end].is_free && seats[end].row == seats[at].row && seats[end].position == seats[end - 1].position + 1) end++;
	return (struct block){ &seats[at], (int64_t)(end - at) };
}

/* Twice the middle of the row that SEATS[AT] stands in. */
static int64_t middle_of(const struct seat_at *seats, size_t count, size_t at)
{
	size_t first = at, last = at;
	while (first > 0 && seats[first - 1].row == seats[at].row) first--;
	while (last + 1 < count && seats[last + 1].row == seats[at].row) last++;
	return seats[first].position + seats[last].position;
}

static void keep(struct seat_run run, struct seat_run *best, size_t *kept)
{
	size_t at = *kept;
	while (at > 0 && best[at - 1].cost > run.cost) at--;
	if (at == SEATING_BEST) return;
	size_t behind = (*kept < SEATING_BEST ? *kept : SEATING_BEST - 1) - at;
	memmove(&best[at + 1], &best[at], behind * sizeof *best);
	best[at] = run;
	if (*kept < SEATING_BEST) ++*kept;
}

size_t seating_best(const struct seat_at *seats, size_t count, int64_t n, struct seat_run best[static SEATING_BEST])
{
	size_t kept = 0;
	int64_t rows = 0;
	for (size_t i = 0; i < count;) {
		if (i > 0 && seats[i].row != seats[i - 1].row) rows++;
		if (!seats[i].is_free) {
			i++;
			continue;
		}
		struct block b = block_at(seats, count, i);
		int64_t middle = middle_of(seats, count, i);
		for (int64_t from = 0; from + n <= b.len; from++) {
			int64_t left = from, right = b.len - n - from;
			struct seat_run run = { .row = b.seats->row, .position = b.seats[from].position, .last = b.seats[from + n - 1].position };
			run.leaves_single = left == 1 || right == 1;
			run.cost = rows * ROW_COST + llabs(run.position + run.last - middle) + (run.leaves_single ? MANY_COST : 0);
			keep(run, best, &kept);
		}
		i += (size_t)b.len;
	}
	while (kept && best[kept - 1].leaves_single && !best[0].leaves_single) kept--;
	return kept;
}

static int longest_first(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	if (x->len != y->len) return x->len > y->len ? -1 : 1;
	return x->seats < y->seats ? -1 : 1;
}

size_t seating_split(struct arena *a, const struct seat_at *seats, size_t count, int64_t n, struct seat_run *out)
{
	struct block *blocks = ARENA_ARRAY(a, struct block, count ? count : 1);
	size_t block_count = 0, runs = 0;
	int64_t free = 0;
	for (size_t i = 0; i < count;) {
		if (!seats[i].is_free) {
			i++;
			continue;
		}
		blocks[block_count] = block_at(seats, count, i);
		free += blocks[block_count].len;
		i += (size_t)blocks[block_count++].len;
	}
	if (free < n) return 0;
	qsort(blocks, block_count, sizeof *blocks, longest_first);
	for (size_t i = 0; n > 0; i++) {
		int64_t len = blocks[i].len < n ? blocks[i].len : n;
		out[runs++] =
			(struct seat_run){ .row = blocks[i].seats->row, .position = blocks[i].seats[0].position, .last = blocks[i].seats[len - 1].position };
		n -= len;
	}
	return runs;
}
