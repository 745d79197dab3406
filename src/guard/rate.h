/* guard/rate.h: how often in how long. Counters are rows, so that all processes count together; keys are hashes. */
#pragma once
#include "base/clock.h"
#include "store/store.h"

struct rate_limit {
	const char *name;
	int64_t stretch; /* microseconds */
	int64_t most;
};

/* Counts one try of WHAT and says whether it is still within the limit: OK or REFUSED, then *WAIT has the seconds until the stretch ends. Inside a store_write. */
enum status rate_count(struct conn *db, struct arena *a, const struct rate_limit *limit, struct str what, int *wait);

/* Forgets what was counted for WHAT in the present stretch. */
enum status rate_forget(struct conn *db, struct arena *a, const struct rate_limit *limit, struct str what);

/* Deletes counters whose stretch is over; from the background. */
enum status rate_sweep(struct conn *db);
