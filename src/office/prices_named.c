/* office/prices_named.c: the forms of a category, a tariff and a fee. A path without id is a new one. */
#include "office/fee.html.h"
#include "office/named.html.h"
#include "office/prices.h"
#include "sales/price.h"
#include "web/csrf.h"

struct saving {
	struct request *r;
	struct named_edit named;
	struct fee_edit fee;
	struct str amount;
	int64_t id;
	struct problem why;
};

static const struct {
	const char *path, *one, *fresh;
	enum message title;
} kinds[] = {
	[NAMED_CATEGORY] = { "/programme/prices/categories", "/programme/prices/categories/:ID", "/programme/prices/categories/new", MSG_CATEGORY_NEW },
	[NAMED_TARIFF] = { "/programme/prices/tariffs", "/programme/prices/tariffs/:ID", "/programme/prices/tariffs/new", MSG_TARIFF_NEW },
};

static struct response failed(struct request *r, enum status st)
{
	return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
}

#define NAMES_FIELDS                                                                                                  \
	{ "name-en", .max = PRICE_NAME_MAX }, { "name-fr", .max = PRICE_NAME_MAX }, { "name-de", .max = PRICE_NAME_MAX }, \
	{                                                                                                                 \
		"name-it", .max = PRICE_NAME_MAX                                                                              \
	}

static struct words names_read(struct form *f)
{
	struct words w;
	for (int l = 0; l < LANGUAGES; l++) w.in[l] = form_text(f, zone_name_fields[l]);
	return w;
}

/* ---- categories and tariffs ---- */

static struct response named_answer(struct saving *x, int status, const struct problem *why)
{
	struct request *r = x->r;
	struct house_of house;
	if (house_of(r->db, r->arena, actor_of(r)->institution, &house)) return error_answer(r, 503);
	struct office_page p = office_page(r, kinds[x->named.kind].title, OFFICE_TAB_PROGRAMME);
	struct str name = words_in(&x->named.name, r->language, house.main_language);
	if (x->named.id && name.len) p.title = name;
	p.is_error = problem_any(why);
	struct str action =
		x->named.id ? str_format(r->arena, "%s/%lld", kinds[x->named.kind].path, (long long)x->named.id) : str_of(kinds[x->named.kind].fresh);
	struct render out = office_render(r);
	tpl_office_named(&out, &(const struct tpl_office_named){ .page = &p,
							   .e = &x->named,
							   .action = office_link(&p, str_c(r->arena, action)),
							   .main_language = house.main_language,
							   .may_write = may_write_house(r),
							   .csrf = csrf_token(r, x->named.id ? kinds[x->named.kind].one : kinds[x->named.kind].fresh),
							   .why = why });
	return office_answer(r, status, &out);
}

/* The one of the path, or a new one. */
static bool named_of_path(struct saving *x, enum named_kind kind, struct response *instead)
{
	struct request *r = x->r;
	x->named = (struct named_edit){ .kind = kind };
	if (!request_segment(r, 0).len) return true;
	enum status st = request_segment_id(r, 0, &x->id) ? named_get(r->db, r->arena, actor_of(r), kind, x->id, &x->named) : NOT_FOUND;
	if (st) *instead = failed(r, st);
	return st == OK;
}

static struct response named_page(struct request *r, enum named_kind kind)
{
	struct saving x = { .r = r };
	struct response instead;
	return named_of_path(&x, kind, &instead) ? named_answer(&x, 200, NULL) : instead;
}

static enum status save_named(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return named_save(db, x->r->arena, actor_of(x->r), &x->named, &x->id, &x->why);
}

static struct response named_saved(struct request *r, enum named_kind kind)
{
	static const struct form_field fields[] = { NAMES_FIELDS, { "rank", .max = 6 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!named_of_path(&x, kind, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	x.named.name = names_read(&f);
	x.named.rank = office_typed_number(&f, "rank");
	if (problem_any(&f.why)) return named_answer(&x, 422, &f.why);
	enum status st = store_write(r->db, save_named, &x);
	if (st == REFUSED && problem_any(&x.why)) return named_answer(&x, 422, &x.why);
	return st ? failed(r, st) : office_redirect(r, S("/programme/prices?done=saved"));
}

struct response office_category_page(struct request *r)
{
	return named_page(r, NAMED_CATEGORY);
}

struct response office_category_save(struct request *r)
{
	return named_saved(r, NAMED_CATEGORY);
}

struct response office_tariff_page(struct request *r)
{
	return named_page(r, NAMED_TARIFF);
}

struct response office_tariff_save(struct request *r)
{
	return named_saved(r, NAMED_TARIFF);
}

/* ---- fees ---- */

static struct response fee_answer(struct saving *x, int status, const struct problem *why)
{
	struct request *r = x->r;
	struct fee_form form = { .fee = &x->fee, .amount = x->amount, .may_write = may_write_house(r) };
	struct vat_rate *vats;
	struct sales_channel *channels;
	struct house_of house;
	int64_t institution = actor_of(r)->institution;
	if (house_of(r->db, r->arena, institution, &house) || vat_rates(r->db, r->arena, institution, &vats, &form.vat_count))
		return error_answer(r, 503);
	if (channel_list(r->db, r->arena, institution, &channels, &form.channel_count)) return error_answer(r, 503);
	form.vats = vats;
	form.main_language = house.main_language;
	form.channels = ARENA_ARRAY(r->arena, struct choice, form.channel_count + 1);
	for (size_t i = 0; i < form.channel_count; i++)
		form.channels[i] = (struct choice){ channels[i].id, channels[i].code, channels[i].name, channels[i].id == x->fee.channel };
	struct office_page p = office_page(r, MSG_FEE_NEW, OFFICE_TAB_PROGRAMME);
	struct str name = words_in(&x->fee.name, r->language, house.main_language);
	if (x->fee.id && name.len) p.title = name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_fee(&out,
		&(const struct tpl_office_fee){
			.page = &p, .form = &form, .csrf = csrf_token(r, x->fee.id ? "/programme/prices/fees/:ID" : "/programme/prices/fees/new"), .why = why });
	return office_answer(r, status, &out);
}

static bool fee_of_path(struct saving *x, struct response *instead)
{
	struct request *r = x->r;
	x->fee = (struct fee_edit){ .is_active = true };
	if (!request_segment(r, 0).len) return true;
	enum status st = request_segment_id(r, 0, &x->id) ? fee_get(r->db, r->arena, actor_of(r), x->id, &x->fee) : NOT_FOUND;
	if (st) *instead = failed(r, st);
	else x->amount = price_text(r->arena, x->fee.amount);
	return st == OK;
}

struct response office_fee_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	return fee_of_path(&x, &instead) ? fee_answer(&x, 200, NULL) : instead;
}

static enum status save_fee(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return fee_save(db, x->r->arena, actor_of(x->r), &x->fee, &x->id, &x->why);
}

struct response office_fee_save(struct request *r)
{
	static const struct form_field fields[] = { NAMES_FIELDS, { "kind", .max = 10 }, { "amount", .max = 20 }, { "vat_rate", .max = 20 },
		{ "channel", .max = 20 }, { "is_active", .max = 3 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!fee_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	if (!x.fee.id) x.fee.kind = str_eq(form_text(&f, "kind"), S("overhead")) ? FEE_OVERHEAD : FEE_CHARGE;
	x.fee.name = names_read(&f);
	x.amount = form_text(&f, "amount");
	if (!price_read(x.amount, &x.fee.amount)) x.fee.amount = -1;
	x.fee.vat_rate = office_typed_number(&f, "vat_rate");
	x.fee.channel = form_text(&f, "channel").len ? office_typed_number(&f, "channel") : 0;
	x.fee.is_active = form_has(&f, "is_active");
	if (problem_any(&f.why)) return fee_answer(&x, 422, &f.why);
	enum status st = store_write(r->db, save_fee, &x);
	if (st == REFUSED && problem_any(&x.why)) return fee_answer(&x, 422, &x.why);
	return st ? failed(r, st) : office_redirect(r, S("/programme/prices?done=saved"));
}
