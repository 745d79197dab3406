/* sales/figures.h: what was sold, counted. */
#pragma once
#include "store/store.h"

/* Orders that were closed in one hour and stand: neither ended nor mere requests. */
struct sales_hour {
	int64_t start; /* UTC */
	int64_t orders, tickets;
	int64_t money; /* cents of the house's currency; orders in another are counted without theirs */
};

/* Those of INSTITUTION since FROM, the oldest first, at most MOST hours in which anything was sold. */
enum status sales_hours(struct conn *db, struct arena *a, int64_t institution, int64_t from, size_t most, struct sales_hour **out, size_t *count);
