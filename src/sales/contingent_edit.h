/* sales/contingent_edit.h: named shares of a performance's places, sold by the channels that they name, as the office cuts them. Only places that are free just now move:
 * what is held or sold stays where it is. Rights as in event_edit.h; what writes runs inside a store_write and is noted in the trail. */
#pragma once
#include "sales/performance_edit.h"

#define CONTINGENT_NAME_MAX 40
#define CONTINGENTS_MOST	30	/* of a performance */
#define POOLS_SHOWN			256 /* as many as the sale looks through */

struct contingent_row {
	int64_t id;
	struct str name, channels; /* "internet, schools" */
};
enum status contingent_rows(struct conn *db, struct arena *a, int64_t performance, struct contingent_row **out, size_t *count);

/* The places of one zone, category and share. */
struct pool_row {
	int64_t id, contingent; /* 0: in the free sale */
	struct str share, zone, category;
	int64_t places, free;
};
enum status pool_rows(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t performance, struct pool_row **out, size_t *count);

/* A new share, empty. REFUSED with findings at "share-name" or "share-channels". */
enum status contingent_add(struct conn *db, struct arena *a, const struct actor *who, int64_t performance, struct str name, const int64_t *channels,
	size_t count, struct problem *why);

/* N free places of the pool FROM go into the share TO (0: back into the free sale). REFUSED with findings at "from", "to" or "n". */
struct contingent_move {
	int64_t performance, from, to, n;
};
enum status contingent_move(struct conn *db, struct arena *a, const struct actor *who, const struct contingent_move *m, struct problem *why);
