/* institution/counters.h: the counters at which an operator may sell. */
#pragma once
#include "institution/actor.h"
#include "store/store.h"

#define COUNTERS_MOST 50 /* of a house; a stadium has twenty */

struct counter {
	int64_t id, organisation;
	struct str name;
};

/* The active points of sale of channels of kind box office, in organisations where WHO has RIGHT_SELL, by name. */
enum status counter_list(struct conn *db, struct arena *a, const struct actor *who, struct counter **out, size_t *count);
