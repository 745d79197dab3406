/* office/price_grid.c: prices by category and tariff, as fields and read from them. */
#include "office/programme.h"
#include "sales/price.h"

static struct str cell_name(struct arena *a, const struct price_grid *g, size_t category, size_t tariff)
{
	return str_format(a, "price-%lld-%lld", (long long)g->categories[category].id, (long long)g->tariffs[tariff].id);
}

struct str price_text(struct arena *a, int64_t cents)
{
	return str_format(a, "%lld.%02lld", (long long)(cents / 100), (long long)(cents % 100));
}

struct price_cell *grid_cells(struct request *r, const struct price_grid *g, const struct str *typed)
{
	struct price_cell *out = ARENA_ARRAY(r->arena, struct price_cell, g->category_count * g->tariff_count + 1);
	for (size_t c = 0; c < g->category_count; c++)
		for (size_t t = 0; t < g->tariff_count; t++) {
			size_t at = c * g->tariff_count + t;
			struct str value = g->prices[at] == NO_PRICE ? S("") : price_text(r->arena, g->prices[at]);
			out[at] = (struct price_cell){ str_c(r->arena, cell_name(r->arena, g, c, t)), typed ? typed[at] : value };
		}
	return out;
}

struct str *grid_typed(struct form *f, struct price_grid *g)
{
	struct request *r = f->request;
	struct str *typed = ARENA_ARRAY(r->arena, struct str, g->category_count * g->tariff_count + 1), name, value;
	size_t at = 0;
	for (size_t i = 0; i < g->category_count * g->tariff_count; i++) g->prices[i] = NO_PRICE;
	while (form_next_named(r, S("price-"), &at, &name, &value))
		for (size_t c = 0; c < g->category_count; c++)
			for (size_t t = 0; t < g->tariff_count; t++) {
				struct str id = cell_name(r->arena, g, c, t);
				if (!str_eq(id, name)) continue;
				typed[c * g->tariff_count + t] = value;
				if (value.len && !price_read(value, grid_cell(g, c, t))) problem_add(&f->why, str_c(r->arena, id), MSG_PRICE_UNREAD);
			}
	return typed;
}
