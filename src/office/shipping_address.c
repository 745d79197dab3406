/* office/shipping_address.c: where a shipment goes, changed until its tickets are at the printing company. The order keeps what its buyer said. */
#include "base/country.h"
#include "institution/audit.h"
#include "office/house.h"
#include "office/shipment_address.html.h"
#include "office/shipping.h"
#include "web/csrf.h"

/* As the QR-bill has them, which the checkout's fields follow. */
static const struct form_field fields[] = {
	{ "company", .max = 70 },
	{ "name", .max = 70 },
	{ "street", .max = 70 },
	{ "house_number", .max = 16 },
	{ "postcode", .max = 16 },
	{ "town", .max = 35 },
	{ "country", .max = 2 },
};

static struct response form_answer(struct request *r, int status, const struct shipment *s, const struct address *to, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_SHIPMENT_ADDRESS_CHANGE, OFFICE_TAB_SHIPPING);
	struct tpl_office_shipment_address page = {
		.page = &p, .number = shipment_number(r->arena, s->number), .to = to, .csrf = csrf_token(r, "/shipments/:NUMBER/address"), .why = why
	};
	struct country *all = country_list(r->arena, r->language, &page.country_count);
	struct choice *countries = ARENA_ARRAY(r->arena, struct choice, page.country_count);
	for (size_t i = 0; i < page.country_count; i++) countries[i] = (struct choice){ 0, all[i].code, all[i].name, str_eq(all[i].code, to->country) };
	page.countries = countries;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_shipment_address(&out, &page);
	return office_answer(r, status, &out);
}

struct response office_shipment_address_page(struct request *r)
{
	struct shipment s;
	struct response instead;
	return shipment_of_path(r, &s, &instead) ? form_answer(r, 200, &s, &s.address, NULL) : instead;
}

static struct address address_of(const struct form *f, const struct shipment *s)
{
	return (struct address){ .salutation = s->address.salutation,
		.name = form_text(f, "name"),
		.company = form_text(f, "company"),
		.street = form_text(f, "street"),
		.house_number = form_text(f, "house_number"),
		.postcode = form_text(f, "postcode"),
		.town = form_text(f, "town"),
		.country = form_text(f, "country") };
}

static void check(const struct address *to, struct problem *why)
{
	if (!to->name.len && !to->company.len) problem_add(why, "name", MSG_SHIPMENT_NAME_MISSING);
	if (!to->street.len) problem_add(why, "street", MSG_STREET_MISSING);
	if (!to->postcode.len) problem_add(why, "postcode", MSG_POSTCODE_MISSING);
	if (!to->town.len) problem_add(why, "town", MSG_TOWN_MISSING);
	if (!country_known(to->country)) problem_add(why, "country", MSG_COUNTRY_MISSING);
}

struct moving {
	struct request *r;
	const struct shipment *shipment;
	const struct address *to;
	struct problem why;
};

static enum status move(struct conn *db, void *arg)
{
	struct moving *x = arg;
	struct arena *a = x->r->arena;
	const struct address *was = &x->shipment->address, *to = x->to;
	x->why = problem_in(a);
	enum status st = shipment_address_set(db, a, x->shipment->institution, x->shipment->id, to, &x->why);
	if (st) return st;
	const struct audit_value before[] = { { "name", was->name }, { "street", was->street }, { "house-number", was->house_number },
		{ "postcode", was->postcode }, { "town", was->town }, { "country", was->country }, { NULL, { 0 } } };
	const struct audit_value after[] = { { "name", to->name }, { "street", to->street }, { "house-number", to->house_number },
		{ "postcode", to->postcode }, { "town", to->town }, { "country", to->country }, { NULL, { 0 } } };
	return audit_note(db, a, actor_of(x->r), &(const struct audit_record){ "shipment-address-changed", "shipment", x->shipment->id, before, after });
}

struct response office_shipment_address(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct shipment s;
	struct response instead;
	if (!shipment_of_path(r, &s, &instead)) return instead;
	struct address to = address_of(&f, &s);
	check(&to, &f.why);
	if (problem_any(&f.why)) return form_answer(r, 422, &s, &to, &f.why);
	struct moving x = { .r = r, .shipment = &s, .to = &to };
	enum status st = store_write(r->db, move, &x);
	if (st == REFUSED) return form_answer(r, 409, &s, &to, &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/shipments/%.*s?done=saved", STR_ARG(shipment_number(r->arena, s.number))));
}
