/* sales/prices_edit.c: categories, tariffs, VAT rates, fees and price tables. */
#include "sales/prices_edit.h"

#include "institution/audit.h"
#include "institution/organisation.h"
#include "institution/plain.h"
#include "sales/price.h"

#define CODE_MAX   20
#define CODE_TRIES 100
#define RANK_MOST  999
#define VAT_MOST   5000 /* basis points: half of the price */

static bool may_write(const struct actor *who)
{
	return actor_may_in(who, RIGHT_PROGRAMME_WRITE, 0);
}

/* [a-z0-9_]: a hyphen parts the names of a form's fields. */
static struct str code_of(struct arena *a, struct str name, int n)
{
	struct str code = code_from(a, name, CODE_MAX);
	struct buf b = buf_in(a);
	for (size_t i = 0; i < code.len; i++) buf_add_char(&b, code.at[i] == '-' ? '_' : code.at[i]);
	if (n > 1) buf_addf(&b, "_%d", n);
	return buf_str(&b);
}

static enum status note(struct conn *db, struct arena *a, const struct actor *who, const char *verb, const char *kind, int64_t id, struct str name)
{
	const struct audit_value after[] = { { "name", name }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ verb, kind, id, NULL, after });
}

static void check_names(const struct words *w, enum language main_language, struct problem *why)
{
	static const char *const fields[LANGUAGES] = { [LANG_EN] = "name-en", [LANG_FR] = "name-fr", [LANG_DE] = "name-de", [LANG_IT] = "name-it" };
	for (int l = 0; l < LANGUAGES; l++)
		if ((!w->in[l].len && (enum language)l == main_language) || !is_plain_line(w->in[l], PRICE_NAME_MAX))
			problem_add(why, fields[l], MSG_EVENT_LINE_LONG, arg_int("n", PRICE_NAME_MAX));
}

static struct words words_at(struct conn *db, struct arena *a, int first)
{
	struct words w = { { { 0 } } };
	static const enum language columns[] = { LANG_EN, LANG_FR, LANG_DE, LANG_IT };
	for (int i = 0; i < LANGUAGES; i++) w.in[columns[i]] = col_text(db, first + i, a);
	return w;
}

#define WORDS(w) text((w)->in[LANG_EN]), text((w)->in[LANG_FR]), text((w)->in[LANG_DE]), text((w)->in[LANG_IT])

/* ---- categories and tariffs ---- */

static const struct sql named_all[] = {
	[NAMED_CATEGORY] =
		SQL("SELECT id, code, rank, name_en, name_fr, name_de, name_it FROM seat_category WHERE institution = $1 AND (id = $2 OR $2 = 0)"
			" ORDER BY rank, id LIMIT $3"),
	[NAMED_TARIFF] = SQL("SELECT id, code, rank, name_en, name_fr, name_de, name_it FROM tariff WHERE institution = $1 AND (id = $2 OR $2 = 0)"
						 " ORDER BY rank, id LIMIT $3"),
};
static const int64_t named_most[] = { [NAMED_CATEGORY] = GRID_CATEGORIES, [NAMED_TARIFF] = GRID_TARIFFS };

static struct named_edit named_at(struct conn *db, struct arena *a, enum named_kind kind)
{
	return (struct named_edit){ kind, col_int64(db, 0), col_text(db, 1, a), col_int64(db, 2), words_at(db, a, 3) };
}

enum status named_rows(struct conn *db, struct arena *a, const struct actor *who, enum named_kind kind, struct named_edit **out, size_t *count)
{
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct named_edit, (size_t)named_most[kind]);
	if ((st = store_query(db, &named_all[kind], int64(who->institution), int64(0), int64(named_most[kind])))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = named_at(db, a, kind);
	return st == NOT_FOUND ? OK : st;
}

enum status named_get(struct conn *db, struct arena *a, const struct actor *who, enum named_kind kind, int64_t id, struct named_edit *out)
{
	enum status st = store_row(db, &named_all[kind], int64(who->institution), int64(id), int64(1));
	if (st == OK) *out = named_at(db, a, kind);
	return st;
}

static enum status named_update(struct conn *db, const struct actor *who, const struct named_edit *e)
{
	static const struct sql updates[] = {
		[NAMED_CATEGORY] =
			SQL("UPDATE seat_category SET rank = $3, name_en = $4, name_fr = $5, name_de = $6, name_it = $7 WHERE institution = $1 AND id = $2"),
		[NAMED_TARIFF] =
			SQL("UPDATE tariff SET rank = $3, name_en = $4, name_fr = $5, name_de = $6, name_it = $7 WHERE institution = $1 AND id = $2"),
	};
	enum status st = store_exec(db, &updates[e->kind], int64(who->institution), int64(e->id), int64(e->rank), WORDS(&e->name));
	return st ? st : store_changes(db) ? OK : NOT_FOUND;
}

enum status named_save(struct conn *db, struct arena *a, const struct actor *who, const struct named_edit *e, int64_t *id, struct problem *why)
{
	struct named_edit *all;
	struct house_of house;
	size_t count;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if ((st = house_of(db, a, who->institution, &house))) return st;
	if ((st = named_rows(db, a, who, e->kind, &all, &count))) return st;
	check_names(&e->name, house.main_language, why);
	if (e->rank < 0 || e->rank > RANK_MOST) problem_add(why, "rank", MSG_NUMBER_BETWEEN, arg_int("least", 0), arg_int("most", RANK_MOST));
	if (!e->id && (int64_t)count >= named_most[e->kind]) problem_add(why, "", MSG_PARTS_TOO_MANY, arg_int("n", named_most[e->kind]));
	if (problem_any(why)) return REFUSED;
	struct str name = e->name.in[house.main_language];
	bool is_category = e->kind == NAMED_CATEGORY;
	*id = e->id;
	st = e->id ? named_update(db, who, e) : REFUSED;
	for (int n = 1; !e->id && n <= CODE_TRIES && st == REFUSED; n++)
		st = is_category ? seat_category_make(db, who->institution, code_of(a, name, n), e->rank, &e->name, id)
						 : tariff_make(db, who->institution, code_of(a, name, n), e->rank, &e->name, id);
	return st ? st : note(db, a, who, is_category ? "category-saved" : "tariff-saved", is_category ? "seat-category" : "tariff", *id, name);
}

/* ---- VAT ---- */

enum status vat_rate_add(
	struct conn *db, struct arena *a, const struct actor *who, struct str name, int64_t basis_points, int64_t *id, struct problem *why)
{
	enum status st = REFUSED;
	if (!may_write(who)) return NOT_FOUND;
	if (!name.len || !is_plain_line(name, PRICE_NAME_MAX)) problem_add(why, "vat-name", MSG_EVENT_LINE_LONG, arg_int("n", PRICE_NAME_MAX));
	if (basis_points < 0 || basis_points > VAT_MOST) problem_add(why, "vat-percent", MSG_VAT_PERCENT);
	if (problem_any(why)) return REFUSED;
	for (int n = 1; n <= CODE_TRIES && st == REFUSED; n++) st = vat_rate_make(db, who->institution, code_of(a, name, n), name, basis_points, id);
	return st ? st : note(db, a, who, "vat-rate-made", "vat-rate", *id, name);
}

static enum status check_vat(struct conn *db, const struct actor *who, int64_t vat_rate, struct problem *why)
{
	static const struct sql q = SQL("SELECT id FROM vat_rate WHERE institution = $1 AND id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(vat_rate));
	if (st == NOT_FOUND) problem_add(why, "vat_rate", MSG_CHOICE_UNKNOWN);
	return st == NOT_FOUND ? OK : st;
}

static enum status check_channel(struct conn *db, const struct actor *who, int64_t channel, const char *field, struct problem *why)
{
	static const struct sql q = SQL("SELECT id FROM sales_channel WHERE institution = $1 AND id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(channel));
	if (st == NOT_FOUND) problem_add(why, field, MSG_CHOICE_UNKNOWN);
	return st == NOT_FOUND ? OK : st;
}

/* ---- fees ---- */

static const struct sql fee_all = SQL("SELECT id, kind, amount, vat_rate, sales_channel, is_active, name_en, name_fr, name_de, name_it FROM fee"
									  " WHERE institution = $1 AND (id = $2 OR $2 = 0) ORDER BY id LIMIT $3");

static struct fee_edit fee_at(struct conn *db, struct arena *a)
{
	return (struct fee_edit){ .id = col_int64(db, 0),
		.kind = str_eq(col_text(db, 1, a), S("charge")) ? FEE_CHARGE : FEE_OVERHEAD,
		.amount = col_int64(db, 2),
		.vat_rate = col_int64(db, 3),
		.channel = col_int64(db, 4),
		.is_active = col_boolean(db, 5),
		.name = words_at(db, a, 6) };
}

enum status fee_rows(struct conn *db, struct arena *a, const struct actor *who, struct fee_edit **out, size_t *count)
{
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct fee_edit, FEES_MOST);
	if ((st = store_query(db, &fee_all, int64(who->institution), int64(0), int64(FEES_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = fee_at(db, a);
	return st == NOT_FOUND ? OK : st;
}

enum status fee_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct fee_edit *out)
{
	enum status st = store_row(db, &fee_all, int64(who->institution), int64(id), int64(1));
	if (st == OK) *out = fee_at(db, a);
	return st;
}

static enum status fee_write(struct conn *db, const struct actor *who, const struct fee_edit *e)
{
	static const struct sql q =
		SQL("UPDATE fee SET amount = $3, vat_rate = $4, sales_channel = $5, is_active = $6, name_en = $7, name_fr = $8, name_de = $9,"
			" name_it = $10 WHERE institution = $1 AND id = $2");
	return store_exec(db, &q, int64(who->institution), int64(e->id), int64(e->amount), int64(e->vat_rate),
		e->channel ? int64(e->channel) : null_value(), boolean(e->is_active), WORDS(&e->name));
}

enum status fee_save(struct conn *db, struct arena *a, const struct actor *who, const struct fee_edit *e, int64_t *id, struct problem *why)
{
	struct house_of house;
	struct fee_edit old;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if ((st = house_of(db, a, who->institution, &house))) return st;
	if (e->id && (st = fee_get(db, a, who, e->id, &old))) return st;
	check_names(&e->name, house.main_language, why);
	if (e->amount < 0 || e->amount > PRICE_MAX) problem_add(why, "amount", MSG_PRICE_UNREAD);
	if ((st = check_vat(db, who, e->vat_rate, why))) return st;
	if (e->channel && (st = check_channel(db, who, e->channel, "channel", why))) return st;
	if (problem_any(why)) return REFUSED;
	struct str name = e->name.in[house.main_language];
	struct new_fee n = { .kind = e->kind, .name = e->name, .amount = e->amount, .vat_rate = e->vat_rate, .channel = e->channel };
	*id = e->id;
	st = e->id ? fee_write(db, who, e) : REFUSED;
	for (int k = 1; !e->id && k <= CODE_TRIES && st == REFUSED; k++) {
		n.code = code_of(a, name, k);
		st = fee_make(db, who->institution, &n, id);
	}
	return st ? st : note(db, a, who, e->id ? "fee-changed" : "fee-made", "fee", *id, name);
}

/* ---- price tables ---- */

static const struct sql tables_all =
	SQL("SELECT t.id, (SELECT count(*) FROM performance p WHERE p.institution = $1 AND p.rate_table = t.id), t.name, v.name FROM rate_table t"
		" JOIN vat_rate v ON v.id = t.vat_rate WHERE t.institution = $1 AND (t.id = $2 OR $2 = 0) ORDER BY t.id DESC LIMIT $3");

static struct rate_table_row table_at(struct conn *db, struct arena *a)
{
	return (struct rate_table_row){ col_int64(db, 0), col_int64(db, 1), col_text(db, 2, a), col_text(db, 3, a) };
}

enum status rate_table_rows(struct conn *db, struct arena *a, const struct actor *who, struct rate_table_row **out, size_t *count)
{
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct rate_table_row, RATE_TABLES_MOST);
	if ((st = store_query(db, &tables_all, int64(who->institution), int64(0), int64(RATE_TABLES_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = table_at(db, a);
	return st == NOT_FOUND ? OK : st;
}

enum status rate_table_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct rate_table_row *out)
{
	enum status st = store_row(db, &tables_all, int64(who->institution), int64(id), int64(1));
	if (st == OK) *out = table_at(db, a);
	return st;
}

enum status rate_table_save(
	struct conn *db, struct arena *a, const struct actor *who, const struct price_grid *g, struct str name, struct problem *why)
{
	static const struct sql q = SQL("UPDATE rate_table SET name = $3, vat_rate = $4 WHERE institution = $1 AND id = $2");
	static const struct sql none = SQL("DELETE FROM rate WHERE rate_table = $1 AND seat_category = $2 AND tariff = $3");
	bool has_price = false;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	for (size_t i = 0; i < g->category_count * g->tariff_count; i++) has_price |= g->prices[i] != NO_PRICE;
	if (!has_price) problem_add(why, "prices", MSG_PRICES_MISSING);
	if (!name.len || !is_plain_line(name, EVENT_TITLE_MAX)) problem_add(why, "name", MSG_EVENT_LINE_LONG, arg_int("n", EVENT_TITLE_MAX));
	if ((st = check_vat(db, who, g->vat_rate, why))) return st;
	if (problem_any(why)) return REFUSED;
	if ((st = store_exec(db, &q, int64(who->institution), int64(g->rate_table), text(name), int64(g->vat_rate)))) return st;
	if (!store_changes(db)) return NOT_FOUND;
	for (size_t c = 0; c < g->category_count && !st; c++)
		for (size_t t = 0; t < g->tariff_count && !st; t++) {
			int64_t price = *grid_cell(g, c, t);
			st = price == NO_PRICE ? store_exec(db, &none, int64(g->rate_table), int64(g->categories[c].id), int64(g->tariffs[t].id))
								   : rate_set(db, g->rate_table, g->categories[c].id, g->tariffs[t].id, price);
		}
	return st ? st : note(db, a, who, "prices-changed", "rate-table", g->rate_table, name);
}

/* ---- a performance's sale ---- */

enum status window_rows(struct conn *db, struct arena *a, int64_t performance, struct window **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT sales_channel, opens_at, closes_at FROM sale_window WHERE performance = $1 ORDER BY sales_channel LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct window, WINDOWS_MOST);
	if ((st = store_query(db, &q, int64(performance), int64(WINDOWS_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = (struct window){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2) };
	return st == NOT_FOUND ? OK : st;
}

static enum status check_sale(struct conn *db, struct arena *a, const struct actor *who, const struct performance_sale *s, struct problem *why)
{
	struct rate_table_row table;
	enum status st = rate_table_get(db, a, who, s->rate_table, &table);
	if (st && st != NOT_FOUND) return st;
	if (st) problem_add(why, "rate_table", MSG_CHOICE_UNKNOWN);
	for (size_t i = 0; i < s->count; i++) {
		const struct window *w = &s->windows[i];
		const char *field = str_c(a, str_format(a, "closes-%lld", (long long)w->channel));
		if (w->closes_at <= w->opens_at) problem_add(why, field, MSG_SALE_OPENS_LATE);
		if ((st = check_channel(db, who, w->channel, field, why))) return st;
	}
	return problem_any(why) ? REFUSED : OK;
}

enum status performance_sale_save(struct conn *db, struct arena *a, const struct actor *who, const struct performance_sale *s, struct problem *why)
{
	static const struct sql q = SQL("UPDATE performance SET rate_table = $3 WHERE institution = $1 AND id = $2");
	static const struct sql none = SQL("DELETE FROM sale_window WHERE performance = $1");
	struct performance_row old;
	enum status st;
	if ((st = performance_row_get(db, a, who, LANG_EN, s->id, &old))) return st;
	if (!actor_may_in(who, RIGHT_PROGRAMME_WRITE, old.organisation)) return NOT_FOUND;
	if ((st = check_sale(db, a, who, s, why))) return st;
	if ((st = store_exec(db, &q, int64(who->institution), int64(s->id), int64(s->rate_table)))) return st;
	if ((st = store_exec(db, &none, int64(s->id)))) return st;
	for (size_t i = 0; i < s->count && !st; i++)
		st = sale_window_set(db, s->id, s->windows[i].channel, s->windows[i].opens_at, s->windows[i].closes_at);
	if (st) return st;
	const struct audit_value after[] = { { "channels", str_format(a, "%zu", s->count) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "performance-sale-changed", "performance", s->id, NULL, after });
}
