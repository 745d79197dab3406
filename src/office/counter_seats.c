/* office/counter_seats.c: seats picked at the counter, row by row as they stand before the stage. */
#include "office/counter.h"
#include "office/counter_seats.html.h"
#include "web/csrf.h"

/* Tariffs of all categories, each once: what seats picked together are sold at. */
static struct price_of *tariffs_of(struct arena *a, const struct offers *o, size_t *count)
{
	size_t most = 1;
	for (size_t c = 0; c < o->count; c++) most += o->categories[c].price_count;
	struct price_of *out = ARENA_ARRAY(a, struct price_of, most);
	*count = 0;
	for (size_t c = 0; c < o->count; c++)
		for (size_t p = 0; o->categories[c].is_numbered && p < o->categories[c].price_count; p++) {
			size_t at = 0;
			while (at < *count && out[at].tariff != o->categories[c].prices[p].tariff) at++;
			if (at == *count) out[(*count)++] = o->categories[c].prices[p];
		}
	return out;
}

static struct str category_of(const struct offers *o, int64_t id)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->categories[i].id == id) return o->categories[i].name;
	return S("");
}

struct response office_counter_seats_page(struct request *r)
{
	struct counter_shown x = { 0 };
	struct response instead;
	struct show show;
	struct plan_seat *seats;
	size_t count;
	int64_t id;
	if (!counter_here(r, &x, &instead)) return instead;
	if (!x.here || !str_int64(request_query(r, "performance"), &id)) return error_answer(r, 404);
	str_int64(request_query(r, "contact"), &x.contact);
	enum status st = catalogue_show(r->db, r->arena, &x.seller, r->language, id, &show);
	if (st == OK) st = catalogue_offers(r->db, r->arena, &x.seller, r->language, id, &x.offers);
	if (st == OK) st = catalogue_plan(r->db, r->arena, &x.seller, r->language, id, &seats, &count);
	if (st || !count) return error_answer(r, st && st != NOT_FOUND ? 503 : 404);
	struct counter_seat *shown = ARENA_ARRAY(r->arena, struct counter_seat, count);
	for (size_t i = 0; i < count; i++) {
		bool begins = i == 0 || seats[i].row_rank != seats[i - 1].row_rank || !str_eq(seats[i].row_name, seats[i - 1].row_name);
		shown[i] = (struct counter_seat){ .seat = &seats[i],
			.category = category_of(&x.offers, seats[i].seat_category),
			.begins_row = begins,
			.is_after_gap = !begins && seats[i].position > seats[i - 1].position + 1 };
	}
	size_t tariff_count;
	struct price_of *tariffs = tariffs_of(r->arena, &x.offers, &tariff_count);
	struct office_page p = office_page(r, MSG_COUNTER_SEATS, OFFICE_TAB_COUNTER);
	struct render out = office_render(r);
	tpl_office_counter_seats(&out, &(const struct tpl_office_counter_seats){ .page = &p,
									   .show = &show,
									   .seats = shown,
									   .count = count,
									   .tariffs = tariffs,
									   .tariff_count = tariff_count,
									   .contact = x.contact,
									   .back = office_link(&p, str_c(r->arena, counter_path(r, id, x.contact))),
									   .csrf = csrf_token(r, "/counter/basket") });
	return office_answer(r, 200, &out);
}
