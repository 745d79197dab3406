/* sales/rates.c: prices by category and tariff. */
#include "sales/rates.h"

#include "institution/audit.h"
#include "sales/event_edit.h"
#include "sales/name.h"
#include "sales/programme.h"

#define CODE_MAX   24
#define CODE_TRIES 1000 /* a house's tables of the same name */

static enum status heads_read(struct conn *db, struct arena *a, struct grid_head *out, size_t *count)
{
	enum status st;
	while ((st = store_next(db)) == OK) out[(*count)++] = (struct grid_head){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a) };
	return st == NOT_FOUND ? OK : st;
}

static enum status prices_read(struct conn *db, const struct actor *who, int64_t rate_table, struct price_grid *g)
{
	static const struct sql q = SQL("SELECT t.vat_rate, r.seat_category, r.tariff, r.price FROM rate_table t LEFT JOIN rate r ON r.rate_table = t.id"
									" WHERE t.institution = $1 AND t.id = $2 LIMIT 10000");
	enum status st = store_query(db, &q, int64(who->institution), int64(rate_table));
	if (st) return st;
	while ((st = store_next(db)) == OK) {
		g->rate_table = rate_table;
		g->vat_rate = col_int64(db, 0);
		for (size_t c = 0; c < g->category_count; c++)
			for (size_t t = 0; t < g->tariff_count; t++)
				if (g->categories[c].id == col_int64(db, 1) && g->tariffs[t].id == col_int64(db, 2)) *grid_cell(g, c, t) = col_int64(db, 3);
	}
	return st == NOT_FOUND ? OK : st;
}

enum status grid_read(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t configuration, int64_t rate_table, struct price_grid *out)
{
	static const struct sql categories = SQL("SELECT c.id, c.code," NAME_OF(
		"c", "$2", "$3") " FROM seat_category c WHERE c.institution = $1 AND (c.id IN"
						 " (SELECT z.seat_category FROM zone z WHERE z.configuration = $4 UNION"
						 "  SELECT s.seat_category FROM zone z JOIN seat s ON s.zone = z.id WHERE z.configuration = $4) OR $4 = 0)"
						 " ORDER BY c.rank, c.id LIMIT $5");
	static const struct sql tariffs =
		SQL("SELECT t.id, t.code," NAME_OF("t", "$2", "$3") " FROM tariff t WHERE t.institution = $1 ORDER BY t.rank, t.id LIMIT $4");
	struct house_of house;
	enum status st;
	*out = (struct price_grid){ .categories = ARENA_ARRAY(a, struct grid_head, GRID_CATEGORIES),
		.tariffs = ARENA_ARRAY(a, struct grid_head, GRID_TARIFFS) };
	if ((st = house_of(db, a, who->institution, &house))) return st;
	struct str main_language = str_of(lang_tag(house.main_language));
	if ((st = store_query(
			 db, &categories, int64(who->institution), text(str_of(lang_tag(l))), text(main_language), int64(configuration), int64(GRID_CATEGORIES))))
		return st;
	if ((st = heads_read(db, a, out->categories, &out->category_count))) return st;
	if ((st = store_query(db, &tariffs, int64(who->institution), text(str_of(lang_tag(l))), text(main_language), int64(GRID_TARIFFS)))) return st;
	if ((st = heads_read(db, a, out->tariffs, &out->tariff_count))) return st;
	out->prices = ARENA_ARRAY(a, int64_t, out->category_count * out->tariff_count + 1);
	for (size_t i = 0; i < out->category_count * out->tariff_count; i++) out->prices[i] = NO_PRICE;
	return rate_table ? prices_read(db, who, rate_table, out) : OK;
}

/* Whether the table that G came from says the same, cell by cell. */
static enum status is_same(struct conn *db, struct arena *a, const struct actor *who, const struct price_grid *g, bool *out)
{
	struct price_grid now = *g;
	enum status st;
	now.rate_table = 0;
	now.prices = ARENA_ARRAY(a, int64_t, g->category_count * g->tariff_count + 1);
	for (size_t i = 0; i < g->category_count * g->tariff_count; i++) now.prices[i] = NO_PRICE;
	if ((st = prices_read(db, who, g->rate_table, &now))) return st;
	*out = now.rate_table && now.vat_rate == g->vat_rate;
	for (size_t i = 0; i < g->category_count * g->tariff_count; i++) *out &= now.prices[i] == g->prices[i];
	return OK;
}

static enum status table_make(struct conn *db, struct arena *a, const struct actor *who, const struct price_grid *g, struct str name, int64_t *table)
{
	struct str code = code_from(a, name, CODE_MAX);
	enum status st = REFUSED;
	for (int n = 1; n <= CODE_TRIES && st == REFUSED; n++)
		st = rate_table_make(db, who->institution, n == 1 ? code : str_format(a, "%.*s-%d", STR_ARG(code), n), name, g->vat_rate, table);
	for (size_t c = 0; c < g->category_count && !st; c++)
		for (size_t t = 0; t < g->tariff_count && !st; t++)
			if (*grid_cell(g, c, t) != NO_PRICE) st = rate_set(db, *table, g->categories[c].id, g->tariffs[t].id, *grid_cell(g, c, t));
	return st;
}

enum status grid_table(
	struct conn *db, struct arena *a, const struct actor *who, const struct price_grid *g, struct str name, int64_t *table, struct problem *why)
{
	static const struct sql vat = SQL("SELECT id FROM vat_rate WHERE institution = $1 AND id = $2");
	bool has_price = false, is_as_before = false;
	enum status st;
	for (size_t i = 0; i < g->category_count * g->tariff_count; i++) has_price |= g->prices[i] != NO_PRICE;
	if (!has_price) problem_add(why, "prices", MSG_PRICES_MISSING);
	if ((st = store_row(db, &vat, int64(who->institution), int64(g->vat_rate))) && st != NOT_FOUND) return st;
	if (st) problem_add(why, "vat_rate", MSG_CHOICE_UNKNOWN);
	if (problem_any(why)) return REFUSED;
	if (g->rate_table && (st = is_same(db, a, who, g, &is_as_before))) return st;
	*table = g->rate_table;
	if (is_as_before) return OK;
	if ((st = table_make(db, a, who, g, name, table))) return st;
	const struct audit_value after[] = { { "name", name }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "prices-made", "rate-table", *table, NULL, after });
}

enum status vat_rates(struct conn *db, struct arena *a, int64_t institution, struct vat_rate **out, size_t *count)
{
	static const struct sql q = SQL("SELECT id, basis_points, code, name FROM vat_rate WHERE institution = $1 ORDER BY basis_points, id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct vat_rate, VAT_CHOICES_MOST);
	if ((st = store_query(db, &q, int64(institution), int64(VAT_CHOICES_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct vat_rate){ col_int64(db, 0), col_int64(db, 1), col_text(db, 2, a), col_text(db, 3, a) };
	return st == NOT_FOUND ? OK : st;
}
