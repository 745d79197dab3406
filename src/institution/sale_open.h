/* institution/sale_open.h: the shops that are open now, to choose one from. */
#pragma once
#include "institution/actor.h"
#include "institution/point_of_sale.h"

#define OPEN_SALES_MAX 100 /* what one can choose from; a city's houses have a dozen shops */

struct open_sale {
	int64_t id;
	struct str code, name, host, prefix;
};

/* The active internet points of sale in organisations where the actor has RIGHT, by name. */
enum status sale_list_open(struct conn *db, struct arena *a, const struct actor *who, enum right right, struct open_sale **out, size_t *count);

/* How many the institution has at all: none is something else than none for this operator. */
enum status sale_count_open(struct conn *db, int64_t institution, int64_t *out);
