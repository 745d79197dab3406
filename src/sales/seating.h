/* sales/seating.h: which seats are the best: a pure function of what is free. Nothing here knows of a database. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define SEATING_BEST 8 /* runs to choose among, so that buyers who come together don't all want the same */

/* A seat: rows count from the stage, neighbours in a row differ by one in position, an aisle leaves a gap. */
struct seat_at {
	int64_t row, position;
	bool is_free;
};

/* Seats beside each other. */
struct seat_run {
	int64_t row, position, last;
	int64_t cost; /* lower is better */
	bool leaves_single;
};

/* The best runs of N free seats in one row, the best first, at most SEATING_BEST. SEATS are sorted by row and position. A run that leaves a single seat over, one
 * with nobody beside it, comes only when every run does. 0: no row is long enough. */
size_t seating_best(const struct seat_at *seats, size_t count, int64_t n, struct seat_run best[static SEATING_BEST]);

/* N seats in several runs, the longest first, when no row is long enough for all; OUT has room for N. 0: fewer than N are free. */
size_t seating_split(struct arena *a, const struct seat_at *seats, size_t count, int64_t n, struct seat_run *out);
