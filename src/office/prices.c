/* office/prices.c: all that decides what places cost, and the price tables. */
#include "office/prices.h"

#include "office/price_table.html.h"
#include "office/prices.html.h"
#include "sales/price.h"
#include "web/csrf.h"

struct saving {
	struct request *r;
	struct str name, percent, *typed;
	int64_t basis_points, id;
	struct rate_table_row table;
	struct price_grid prices;
	struct problem why;
};

static enum status read_all(struct request *r, struct prices_shown *x)
{
	struct rate_table_row *tables;
	struct named_edit *categories, *tariffs;
	struct vat_rate *vats;
	struct fee_edit *fees;
	struct house_of house;
	const struct actor *who = actor_of(r);
	enum status st;
	if ((st = house_of(r->db, r->arena, who->institution, &house))) return st;
	if ((st = rate_table_rows(r->db, r->arena, who, &tables, &x->table_count))) return st;
	if ((st = named_rows(r->db, r->arena, who, NAMED_CATEGORY, &categories, &x->category_count))) return st;
	if ((st = named_rows(r->db, r->arena, who, NAMED_TARIFF, &tariffs, &x->tariff_count))) return st;
	if ((st = vat_rates(r->db, r->arena, who->institution, &vats, &x->vat_count))) return st;
	if ((st = fee_rows(r->db, r->arena, who, &fees, &x->fee_count))) return st;
	x->tables = tables, x->categories = categories, x->tariffs = tariffs, x->vats = vats, x->fees = fees;
	x->currency = house.currency;
	x->main_language = house.main_language;
	x->may_write = may_write_house(r);
	return OK;
}

static struct response answer(struct saving *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct prices_shown shown = { .vat_name = x->name, .vat_percent = x->percent };
	if (read_all(r, &shown)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_PRICES, OFFICE_TAB_PROGRAMME);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_prices(
		&out, &(const struct tpl_office_prices){ .page = &p, .x = &shown, .csrf = csrf_token(r, "/programme/prices/vat"), .done = done, .why = why });
	return office_answer(r, status, &out);
}

struct response office_prices_page(struct request *r)
{
	struct saving x = { .r = r };
	struct office_page p = office_page(r, MSG_PRICES, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

/* The answer to a write that went well or badly, but had no findings to show. */
static struct response failed(struct request *r, enum status st)
{
	return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
}

static enum status add_vat(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return vat_rate_add(db, x->r->arena, actor_of(x->r), x->name, x->basis_points, &x->id, &x->why);
}

struct response office_vat_add(struct request *r)
{
	static const struct form_field fields[] = { { "vat-name", .max = PRICE_NAME_MAX }, { "vat-percent", .max = 10 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = {
		.r = r, .why = problem_in(r->arena), .name = form_text(&f, "vat-name"), .percent = form_text(&f, "vat-percent"), .basis_points = -1
	};
	if (!may_write_house(r)) return error_answer(r, 403);
	if (!price_read(x.percent, &x.basis_points)) x.basis_points = -1; /* per cent with two decimals are whole basis points */
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	enum status st = store_write(r->db, add_vat, &x);
	if (st == REFUSED && problem_any(&x.why)) return answer(&x, 422, S(""), &x.why);
	return st ? failed(r, st) : office_redirect(r, S("/programme/prices?done=saved"));
}

/* ---- a price table ---- */

static bool table_of_path(struct saving *x, struct response *instead)
{
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &x->id) ? rate_table_get(r->db, r->arena, actor_of(r), x->id, &x->table) : NOT_FOUND;
	if (!st) st = grid_read(r->db, r->arena, actor_of(r), r->language, 0, x->id, &x->prices);
	if (st) *instead = failed(r, st);
	x->name = x->table.name;
	return st == OK;
}

static struct response table_answer(struct saving *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct table_form form = { .table = &x->table, .name = x->name, .prices = x->prices, .may_write = may_write_house(r) };
	struct vat_rate *vats;
	struct house_of house;
	if (house_of(r->db, r->arena, actor_of(r)->institution, &house)) return error_answer(r, 503);
	if (vat_rates(r->db, r->arena, actor_of(r)->institution, &vats, &form.vat_count)) return error_answer(r, 503);
	form.vats = vats;
	form.currency = house.currency;
	form.cells = grid_cells(r, &x->prices, x->typed);
	struct office_page p = office_page(r, MSG_PRICES, OFFICE_TAB_PROGRAMME);
	p.title = x->table.name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_price_table(&out, &(const struct tpl_office_price_table){
									 .page = &p, .form = &form, .csrf = csrf_token(r, "/programme/prices/tables/:ID"), .done = done, .why = why });
	return office_answer(r, status, &out);
}

struct response office_table_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	if (!table_of_path(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_PRICES, OFFICE_TAB_PROGRAMME);
	return table_answer(&x, 200, office_done(&p), NULL);
}

static enum status save_table(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return rate_table_save(db, x->r->arena, actor_of(x->r), &x->prices, x->name, &x->why);
}

struct response office_table_save(struct request *r)
{
	static const struct form_field fields[] = { { "name", .max = EVENT_TITLE_MAX }, { "vat_rate", .max = 20 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!table_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	x.name = form_text(&f, "name");
	x.prices.vat_rate = office_typed_number(&f, "vat_rate");
	x.typed = grid_typed(&f, &x.prices);
	if (problem_any(&f.why)) return table_answer(&x, 422, S(""), &f.why);
	enum status st = store_write(r->db, save_table, &x);
	if (st == REFUSED && problem_any(&x.why)) return table_answer(&x, 422, S(""), &x.why);
	return st ? failed(r, st) : office_redirect(r, str_format(r->arena, "/programme/prices/tables/%lld?done=saved", (long long)x.id));
}
