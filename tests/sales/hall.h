/* tests/sales/hall.h: a theatre that sells: a standing zone of CAPACITY places and a hall of ROWS rows of SEATS seats, one evening each, in 30 days.
 *
 *   struct hall *h = hall_open(1000, 5, 10);
 *   take(h, h->standing, "1", 3)                        // three places at the full price for buyer "1"
 *   hall_close(h); */
#pragma once
#include "base/clock.h"
#include "dealing/checkout.h"
#include "institution/administrative.h"
#include "sales/place.h"
#include "theatre.h"

struct hall {
	struct theatre theatre;
	struct conn *db;
	struct seller seller;
	int64_t standing, seated; /* performances */
	int64_t stand, category, full, child, vat;
	int64_t capacity, rows, seats;
};

static inline struct words named(const char *name)
{
	struct words w = { { { 0 } } };
	for (int l = 0; l < LANGUAGES; l++) w.in[l] = str_of(name);
	return w;
}

/* Setting up has to succeed. */
static inline void must(enum status st)
{
	if (st) BUG("making the hall: %s", status_name(st));
}

static inline enum status hall_prices(struct conn *db, struct hall *h, int64_t *table)
{
	int64_t i = h->theatre.institution;
	struct words stand = named("Standing"), one = named("1"), full = named("Full price"), child = named("Child");
	must(vat_rate_make(db, i, S("culture"), S("2.6 %"), 260, &h->vat));
	must(rate_table_make(db, i, S("evening"), S("Evening"), h->vat, table));
	must(seat_category_make(db, i, S("stand"), 1, &stand, &h->stand));
	must(seat_category_make(db, i, S("1"), 2, &one, &h->category));
	must(tariff_make(db, i, S("full"), 1, &full, &h->full));
	must(tariff_make(db, i, S("child"), 2, &child, &h->child));
	must(rate_set(db, *table, h->stand, h->full, 3500));
	must(rate_set(db, *table, h->stand, h->child, 1750));
	must(rate_set(db, *table, h->category, h->full, 9500));
	return rate_set(db, *table, h->category, h->child, 4750);
}

static inline enum status hall_seats(struct conn *db, struct hall *h, int64_t zone)
{
	char row[2] = "A", seat[12];
	for (int64_t r = 0; r < h->rows; r++) {
		row[0] = (char)('A' + r);
		for (int64_t s = 1; s <= h->seats; s++) {
			snprintf(seat, sizeof seat, "%d", (int)s);
			struct new_seat n = { .seat_category = h->category,
				.row_rank = r,
				.position = s,
				.x = s * 2500,
				.y = r * 2500,
				.row_name = str_of(row),
				.name = str_of(seat) };
			must(seat_make(db, zone, &n));
		}
	}
	return OK;
}

static inline enum status hall_evening(
	struct conn *db, struct hall *h, int64_t season, const char *code, int64_t configuration, int64_t table, int64_t *id)
{
	int64_t event, at = store_now(db) + 30 * DAY;
	must(event_make(db, h->theatre.institution, season, str_of(code), &event));
	must(event_text_set(db, event, LANG_FR, str_of(code), S(""), S("")));
	struct new_performance n = { h->theatre.institution, event, configuration, table, at, at - HOUR, at + 2 * HOUR, false };
	must(performance_make(db, &n, id));
	return sale_window_set(db, *id, h->seller.channel, store_now(db) - DAY, at);
}

/* What bills need: the account that bills are paid to; the creditor is the house. */
static inline enum status hall_account(struct conn *db, int64_t institution)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct actor who = actor_command(institution, S("hall.h"));
	struct administrative v;
	must(administrative_get(db, a, institution, &v));
	v.qr_iban = S("CH44 3199 9123 0008 8901 2");
	enum status st = administrative_save(db, a, &who, &v, &why);
	arena_free(a);
	return st;
}

static inline enum status hall_make(struct conn *db, void *arg)
{
	struct hall *h = arg;
	int64_t i = h->theatre.institution, venue, arena, hall, zone, table, season, mode;
	struct words floor = named("Floor");
	must(hall_account(db, i));
	must(hall_prices(db, h, &table));
	must(venue_make(db, i, S("lac"), S("Théâtre du Lac"), S("Lausanne"), &venue));
	must(configuration_make(db, venue, S("arena"), S("Arena"), &arena));
	must(configuration_make(db, venue, S("hall"), S("Large Hall"), &hall));
	must(zone_make(db, arena, &(struct new_zone){ S("floor"), 1, floor, h->stand, h->capacity }, &zone));
	must(zone_make(db, hall, &(struct new_zone){ S("stalls"), 1, named("Stalls"), 0, 0 }, &zone));
	must(hall_seats(db, h, zone));
	must(season_make(db, h->seller.organisation, S("2026"), S("Season 2026/27"), &season));
	must(hall_evening(db, h, season, "concert", arena, table, &h->standing));
	must(hall_evening(db, h, season, "carmen", hall, table, &h->seated));
	struct new_shipment_mode post = { .code = S("post"),
		.kind = SHIP_POST,
		.rank = 1,
		.last_days = 5,
		.fee = 500,
		.vat_rate = h->vat,
		.name = { { STR("Post") } },
		.needs_address = true };
	struct new_shipment_mode home = { .code = S("print-at-home"), .kind = SHIP_PRINT_AT_HOME, .rank = 2, .vat_rate = h->vat, .abroad = ABROAD_ANY };
	must(shipment_mode_make(db, i, &post, &mode));
	return shipment_mode_make(db, i, &home, &mode);
}

static inline struct hall *hall_open(int64_t capacity, int64_t rows, int64_t seats)
{
	struct hall *h = ARENA_NEW(mem, struct hall);
	h->theatre = theatre_open();
	h->db = h->theatre.db;
	h->capacity = capacity;
	h->rows = rows;
	h->seats = seats;
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	in_write(h->db, hall_make, h);
	return h;
}

static inline void hall_close(struct hall *h)
{
	theatre_close(&h->theatre);
}

/* ---- buyers ---- */

static inline struct basket_owner buyer_of(struct arena *a, const char *name)
{
	return (struct basket_owner){ .browser_hash = browser_hash(a, str_of(name)) };
}

static inline enum basket_outcome take_wishes(struct hall *h, int64_t performance, const char *who, const struct wish *wishes, size_t count)
{
	int64_t order;
	struct basket_owner owner = buyer_of(mem, who);
	return basket_add(h->db, mem, &h->seller, &owner, performance, wishes, count, &order);
}

/* N at the full price: standing, or the best seats. */
static inline enum basket_outcome take(struct hall *h, int64_t performance, const char *who, int64_t n)
{
	struct wish w = { performance == h->standing ? S("stand") : S("1"), S("full"), n, 0 };
	return take_wishes(h, performance, who, &w, 1);
}

static inline int64_t basket_of(struct hall *h, const char *who)
{
	struct basket_owner owner = buyer_of(mem, who);
	int64_t order = 0, until;
	assert_status(basket_find(h->db, h->seller.point_of_sale, &owner, &order, &until), OK);
	return order;
}

static inline struct lines lines_of(struct hall *h, int64_t order)
{
	struct lines lines;
	assert_status(lines_read(h->db, mem, order, LANG_FR, LANG_FR, &lines), OK);
	return lines;
}

/* The holds of everybody are over: as when the delay has passed. */
static inline void holds_end(struct hall *h)
{
	int64_t past = store_now(h->db) - 1;
	do_sql(h->db, "UPDATE place SET free_from = $1 WHERE free_from > 0 AND free_from < $2", int64(past), int64(PLACE_TAKEN));
	do_sql(h->db, "UPDATE customer_order SET held_until = $1 WHERE state = 'in_progress'", int64(past));
}

static inline struct buyer jeanne(void)
{
	return (struct buyer){
		.email = { S("jeanne@example.org"), S("jeanne@example.org") },
		.first_name = S("Jeanne"),
		.last_name = S("Rochat"),
		.street = S("Rue des Moulins"),
		.house_number = S("27"),
		.postcode = S("2000"),
		.town = S("Neuchâtel"),
		.country = S("CH"),
		.language = LANG_FR,
	};
}

/* Buys what WHO has in the basket, sent by MODE, on invoice. */
static inline enum checkout_outcome buy_by(struct hall *h, const char *who, const char *mode, int64_t *number)
{
	struct basket_owner owner = buyer_of(mem, who);
	struct buyer b = jeanne();
	struct problem why = problem_in(mem);
	struct till till;
	enum status st = till_open(h->db, mem, &h->seller, &owner, LANG_FR, &till);
	if (st == NOT_FOUND) return CHECKOUT_EMPTY;
	assert_status(st, OK);
	const struct shipment_mode *m = &till.modes[str_eq(str_of(mode), S("post")) ? 0 : 1];
	struct purchase p = { &b, str_of(mode), PAY_INVOICE, till_total(&till, m), S("buyer") };
	return checkout(h->db, mem, &h->seller, &till, &p, number, &why);
}

static inline struct order order_of(struct hall *h, int64_t number)
{
	struct order o;
	assert_status(order_by_number(h->db, mem, h->theatre.institution, number, &o), OK);
	return o;
}

/* One that was bought: its number. */
static inline int64_t bought(struct hall *h, int64_t performance, const char *who, int64_t n)
{
	int64_t number = 0;
	assert_int_equal(take(h, performance, who, n), BASKET_DONE);
	assert_int_equal(buy_by(h, who, "post", &number), CHECKOUT_DONE);
	return number;
}
