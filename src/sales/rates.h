/* sales/rates.h: prices by seat category × tariff, as the office edits them. A rate table may serve many performances; what is in baskets and orders keeps the price
 * it came in with. Writing runs inside a store_write. */
#pragma once
#include "base/lang.h"
#include "institution/actor.h"
#include "store/store.h"

#define GRID_CATEGORIES	 40 /* of one hall: it has under ten */
#define GRID_TARIFFS	 20
#define VAT_CHOICES_MOST 50

/* A category or tariff: a line or column of the grid. */
struct grid_head {
	int64_t id;
	struct str code, name;
};

#define NO_PRICE (-1) /* this tariff is not sold in this category */

struct price_grid {
	int64_t rate_table, vat_rate; /* 0: none yet */
	struct grid_head *categories, *tariffs;
	size_t category_count, tariff_count;
	int64_t *prices; /* category by category */
};

static inline int64_t *grid_cell(const struct price_grid *g, size_t category, size_t tariff)
{
	return &g->prices[category * g->tariff_count + tariff];
}

/* The grid of CONFIGURATION's categories (0: of all that the house has) and its tariffs, with the prices of RATE_TABLE (0: none). */
enum status grid_read(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t configuration, int64_t rate_table, struct price_grid *out);

/* The rate table of these prices: G's own when it says the same already, else a new one called NAME, noted. REFUSED with findings at "prices" or "vat_rate". */
enum status grid_table(
	struct conn *db, struct arena *a, const struct actor *who, const struct price_grid *g, struct str name, int64_t *table, struct problem *why);

struct vat_rate {
	int64_t id, basis_points;
	struct str code, name;
};
enum status vat_rates(struct conn *db, struct arena *a, int64_t institution, struct vat_rate **out, size_t *count);
