/* tests/sales/basket.c: taking places into a basket, one buyer after another. The crowd is in crowd.c. */
#include "test.h"

#include "sales/hall.h"

TEST(places_are_taken_and_held)
{
	struct hall *h = hall_open(10, 1, 4);
	assert_int_equal(take(h, h->standing, "jeanne", 3), BASKET_DONE);
	struct lines lines = lines_of(h, basket_of(h, "jeanne"));
	assert_int_equal(lines.tickets, 3);
	assert_int_equal(lines.kept, 3);
	assert_int_equal(lines.total, 3 * 3500);
	assert_int_equal(take(h, h->standing, "karl", 8), BASKET_TOO_FEW);
	assert_int_equal(take(h, h->standing, "karl", 7), BASKET_DONE);
	hall_close(h);
}

TEST(too_few_take_nothing)
{
	struct hall *h = hall_open(10, 1, 4);
	struct wish both[] = { { S("stand"), S("full"), 6, 0 }, { S("stand"), S("child"), 5, 0 } };
	assert_int_equal(take_wishes(h, h->standing, "jeanne", both, 2), BASKET_TOO_FEW);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM place WHERE holder IS NOT NULL"), 0);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM customer_order"), 0);
	hall_close(h);
}

TEST(more_of_the_same_joins_its_line_and_another_tariff_has_its_own)
{
	struct hall *h = hall_open(10, 1, 4);
	struct wish child = { S("stand"), S("child"), 1, 0 };
	take(h, h->standing, "jeanne", 2);
	take(h, h->standing, "jeanne", 1);
	assert_int_equal(take_wishes(h, h->standing, "jeanne", &child, 1), BASKET_DONE);
	struct lines lines = lines_of(h, basket_of(h, "jeanne"));
	assert_int_equal(lines.count, 2);
	assert_int_equal(lines.line[0].quantity, 3);
	assert_int_equal(lines.line[1].price, 1750);
	hall_close(h);
}

TEST(an_expired_hold_is_free_to_the_next_buyer_at_once)
{
	struct hall *h = hall_open(5, 1, 4);
	take(h, h->standing, "jeanne", 5);
	assert_int_equal(take(h, h->standing, "karl", 1), BASKET_TOO_FEW);
	holds_end(h);
	assert_int_equal(take(h, h->standing, "karl", 2), BASKET_DONE);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).kept, 3);
	hall_close(h);
}

TEST(an_expired_hold_that_nobody_took_still_checks_out)
{
	struct hall *h = hall_open(5, 1, 4);
	int64_t number;
	take(h, h->standing, "jeanne", 5);
	holds_end(h);
	assert_int_equal(buy_by(h, "jeanne", "post", &number), CHECKOUT_DONE);
	assert_int_equal(take(h, h->standing, "karl", 1), BASKET_TOO_FEW);
	hall_close(h);
}

TEST(a_basket_that_lost_places_does_not_check_out_but_is_mended)
{
	struct hall *h = hall_open(5, 1, 4);
	int64_t number = 0;
	take(h, h->standing, "jeanne", 5);
	holds_end(h);
	take(h, h->standing, "karl", 2);
	assert_int_equal(buy_by(h, "jeanne", "post", &number), CHECKOUT_LOST);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).tickets, 3);
	assert_int_equal(buy_by(h, "jeanne", "post", &number), CHECKOUT_DONE);
	assert_int_equal(order_of(h, number).total, 3 * 3500 + 500);
	hall_close(h);
}

TEST(each_change_holds_everything_anew)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t soon = 60 * SECOND;
	take(h, h->standing, "jeanne", 2);
	do_sql(h->db, "UPDATE place SET free_from = free_from - $1 WHERE holder IS NOT NULL", int64(h->seller.hold - soon));
	take(h, h->standing, "jeanne", 1);
	assert_int_equal(sql_number(h->db, "SELECT count(DISTINCT free_from) FROM place WHERE holder IS NOT NULL"), 1);
	hall_close(h);
}

TEST(a_basket_ends_with_its_longest_life)
{
	struct hall *h = hall_open(10, 1, 4);
	take(h, h->standing, "jeanne", 2);
	int64_t before = basket_of(h, "jeanne");
	do_sql(h->db, "UPDATE customer_order SET made_at = made_at - $1", int64(h->seller.longest));
	take(h, h->standing, "jeanne", 1);
	assert_true(basket_of(h, "jeanne") != before);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM place WHERE holder IS NOT NULL"), 1);
	hall_close(h);
}

TEST(giving_back_frees_the_places)
{
	struct hall *h = hall_open(5, 1, 4);
	take(h, h->standing, "jeanne", 5);
	int64_t order = basket_of(h, "jeanne");
	assert_status(basket_remove(h->db, order, lines_of(h, order).line[0].id), OK);
	assert_int_equal(take(h, h->standing, "karl", 5), BASKET_DONE);
	assert_int_equal(lines_of(h, order).count, 0);
	hall_close(h);
}

TEST(nobody_gives_back_what_another_holds)
{
	struct hall *h = hall_open(5, 1, 4);
	take(h, h->standing, "jeanne", 2);
	take(h, h->standing, "karl", 2);
	int64_t line = lines_of(h, basket_of(h, "jeanne")).line[0].id;
	assert_status(basket_remove(h->db, basket_of(h, "karl"), line), NOT_FOUND);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).kept, 2);
	hall_close(h);
}

TEST(a_channel_sells_so_many_in_one_order)
{
	struct hall *h = hall_open(100, 1, 4);
	assert_int_equal(take(h, h->standing, "jeanne", h->seller.places_most + 1), BASKET_TOO_MANY);
	assert_int_equal(take(h, h->standing, "jeanne", h->seller.places_most), BASKET_DONE);
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_TOO_MANY);
	hall_close(h);
}

TEST(nothing_is_sold_before_the_window_opens_nor_after_it_closed)
{
	struct hall *h = hall_open(10, 1, 4);
	do_sql(h->db, "UPDATE sale_window SET opens_at = $1", int64(store_now(h->db) + HOUR));
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_NOT_ON_SALE);
	do_sql(h->db, "UPDATE sale_window SET opens_at = $1, closes_at = $2", int64(store_now(h->db) - DAY), int64(store_now(h->db) - HOUR));
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_NOT_ON_SALE);
	do_sql(h->db, "DELETE FROM sale_window");
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_NOT_ON_SALE);
	hall_close(h);
}

TEST(unknown_codes_are_refused)
{
	struct hall *h = hall_open(10, 1, 4);
	struct wish category = { S("royal"), S("full"), 1, 0 }, tariff = { S("stand"), S("dog"), 1, 0 }, none = { S("stand"), S("full"), 0, 0 };
	assert_int_equal(take_wishes(h, h->standing, "jeanne", &category, 1), BASKET_UNKNOWN);
	assert_int_equal(take_wishes(h, h->standing, "jeanne", &tariff, 1), BASKET_UNKNOWN);
	assert_int_equal(take_wishes(h, h->standing, "jeanne", &none, 1), BASKET_UNKNOWN);
	assert_int_equal(take(h, h->standing + 99, "jeanne", 1), BASKET_NOT_ON_SALE);
	hall_close(h);
}

/* ---- seats ---- */

TEST(best_seats_are_together)
{
	struct hall *h = hall_open(1, 4, 8);
	struct wish family[] = { { S("1"), S("full"), 2, 0 }, { S("1"), S("child"), 2, 0 } };
	assert_int_equal(take_wishes(h, h->seated, "jeanne", family, 2), BASKET_DONE);
	struct lines lines = lines_of(h, basket_of(h, "jeanne"));
	assert_int_equal(lines.count, 2);
	assert_int_equal(lines.line[0].seat_count, 2);
	assert_int_equal(lines.line[1].seat_count, 2);
	assert_int_equal(
		sql_number(h->db, "SELECT max(s.position) - min(s.position) FROM place p JOIN seat s ON s.id = p.seat WHERE p.holder IS NOT NULL"), 3);
	assert_int_equal(sql_number(h->db, "SELECT count(DISTINCT s.row_rank) FROM place p JOIN seat s ON s.id = p.seat WHERE p.holder IS NOT NULL"), 1);
	hall_close(h);
}

TEST(what_no_row_has_is_split_and_said)
{
	struct hall *h = hall_open(1, 3, 4);
	assert_int_equal(take(h, h->seated, "jeanne", 6), BASKET_SPLIT);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).kept, 6);
	assert_int_equal(take(h, h->seated, "karl", 7), BASKET_TOO_FEW);
	assert_int_equal(take(h, h->seated, "karl", 6), BASKET_SPLIT);
	hall_close(h);
}

TEST(a_seat_pointed_at_is_taken_or_refused)
{
	struct hall *h = hall_open(1, 1, 4);
	int64_t seat = sql_number(h->db, "SELECT id FROM seat WHERE position = 2");
	struct wish w = { .tariff = S("child"), .n = 1, .seat = seat };
	assert_int_equal(take_wishes(h, h->seated, "jeanne", &w, 1), BASKET_DONE);
	assert_str(lines_of(h, basket_of(h, "jeanne")).line[0].seats[0].seat, S("2"));
	assert_int_equal(take_wishes(h, h->seated, "karl", &w, 1), BASKET_TOO_FEW);
	struct wish elsewhere = { .tariff = S("child"), .n = 1, .seat = seat };
	assert_int_equal(take_wishes(h, h->standing, "karl", &elsewhere, 1), BASKET_UNKNOWN);
	hall_close(h);
}

/* ---- shares ---- */

static enum status share_out(struct conn *db, void *arg)
{
	struct hall *h = arg;
	int64_t channel, contingent;
	static const struct sql other = SQL("SELECT id FROM sales_channel WHERE code = 'box-office'");
	static const struct sql zone = SQL("SELECT id FROM performance_zone WHERE performance = $1");
	must(store_row(db, &other));
	channel = col_int64(db, 0);
	must(contingent_make(db, h->standing, S("counter"), S("Counter"), channel, &contingent));
	must(store_row(db, &zone, int64(h->standing)));
	return contingent_fill(db, contingent, col_int64(db, 0), 4);
}

TEST(a_share_of_another_channel_is_not_sold_here)
{
	struct hall *h = hall_open(10, 1, 4);
	in_write(h->db, share_out, h);
	assert_int_equal(take(h, h->standing, "jeanne", 7), BASKET_TOO_FEW);
	assert_int_equal(take(h, h->standing, "jeanne", 6), BASKET_DONE);
	hall_close(h);
}

TEST(a_share_of_ones_own_channel_comes_after_the_free_sale)
{
	struct hall *h = hall_open(10, 1, 4);
	in_write(h->db, share_out, h);
	do_sql(h->db, "UPDATE contingent_channel SET sales_channel = $1", int64(h->seller.channel));
	assert_int_equal(take(h, h->standing, "jeanne", 8), BASKET_DONE);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).kept, 8);
	assert_int_equal(take(h, h->standing, "karl", 3), BASKET_TOO_FEW);
	hall_close(h);
}

static enum status share_out_seats(struct conn *db, void *arg)
{
	struct hall *h = arg;
	int64_t contingent;
	static const struct sql other = SQL("SELECT id FROM sales_channel WHERE code = 'box-office'");
	static const struct sql zone = SQL("SELECT id FROM performance_zone WHERE performance = $1");
	must(store_row(db, &other));
	must(contingent_make(db, h->seated, S("sponsors"), S("Sponsors"), col_int64(db, 0), &contingent));
	must(store_row(db, &zone, int64(h->seated)));
	return contingent_fill(db, contingent, col_int64(db, 0), 4);
}

TEST(a_seat_of_another_channels_share_is_not_sold_to_who_knows_its_number)
{
	struct hall *h = hall_open(1, 2, 4);
	in_write(h->db, share_out_seats, h);
	int64_t shared = sql_number(h->db, "SELECT min(p.seat) FROM place p JOIN performance_zone z ON z.id = p.zone WHERE z.contingent IS NOT NULL");
	struct wish w = { .tariff = S("full"), .n = 1, .seat = shared };
	assert_int_equal(take_wishes(h, h->seated, "jeanne", &w, 1), BASKET_UNKNOWN);
	do_sql(h->db, "UPDATE contingent_channel SET sales_channel = $1", int64(h->seller.channel));
	assert_int_equal(take_wishes(h, h->seated, "jeanne", &w, 1), BASKET_DONE);
	hall_close(h);
}

TEST(what_no_share_has_alone_is_taken_from_several_and_said)
{
	struct hall *h = hall_open(1, 2, 4);
	struct wish both[] = { { S("1"), S("full"), 3, 0 }, { S("1"), S("child"), 4, 0 } };
	in_write(h->db, share_out_seats, h);
	do_sql(h->db, "UPDATE contingent_channel SET sales_channel = $1", int64(h->seller.channel));
	assert_int_equal(take_wishes(h, h->seated, "jeanne", both, 2), BASKET_SPLIT);
	struct lines lines = lines_of(h, basket_of(h, "jeanne"));
	assert_int_equal(lines.kept, 7);
	assert_int_equal(lines.total, 3 * 9500 + 4 * 4750);
	assert_int_equal(take(h, h->seated, "karl", 2), BASKET_TOO_FEW);
	assert_int_equal(take(h, h->seated, "karl", 1), BASKET_DONE);
	hall_close(h);
}

TEST(a_place_that_goes_into_a_share_is_nobodys)
{
	struct hall *h = hall_open(4, 1, 1);
	take(h, h->standing, "jeanne", 4);
	holds_end(h);
	in_write(h->db, share_out, h);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).kept, 0);
	hall_close(h);
}

/* ---- again and too late ---- */

TEST(a_seat_that_is_in_the_basket_already_is_not_taken_twice)
{
	struct hall *h = hall_open(1, 1, 4);
	struct wish w = { .tariff = S("full"), .n = 1, .seat = sql_number(h->db, "SELECT id FROM seat WHERE position = 2") };
	assert_int_equal(take_wishes(h, h->seated, "jeanne", &w, 1), BASKET_DONE);
	assert_int_equal(take_wishes(h, h->seated, "jeanne", &w, 1), BASKET_DONE);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).tickets, 1);
	hall_close(h);
}

TEST(a_basket_at_the_end_of_its_life_begins_anew_and_says_so)
{
	struct hall *h = hall_open(10, 1, 4);
	take(h, h->standing, "jeanne", 5);
	do_sql(h->db, "UPDATE customer_order SET made_at = made_at - $1", int64(h->seller.longest));
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_ANEW);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).tickets, 1);
	hall_close(h);
}

TEST(a_channel_with_short_holds_keeps_what_is_in_the_basket)
{
	struct hall *h = hall_open(10, 1, 4);
	h->seller.hold = MINUTE;
	take(h, h->standing, "jeanne", 5);
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_DONE);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).tickets, 6);
	hall_close(h);
}

TEST(no_channel_sells_more_in_one_order_than_a_page_shows)
{
	struct hall *h = hall_open(PLACES_MOST + 1, 1, 4);
	h->seller.places_most = INT64_MAX;
	assert_int_equal(take(h, h->standing, "jeanne", PLACES_MOST + 1), BASKET_TOO_MANY);
	assert_int_equal(take(h, h->standing, "jeanne", PLACES_MOST), BASKET_DONE);
	hall_close(h);
}

struct passing {
	int64_t from, to, until;
};

static enum status pass_one(struct conn *db, void *arg)
{
	const struct passing *p = arg;
	return place_pass(db, p->from, p->to, 1, p->until);
}

TEST(only_what_is_surely_ours_is_passed_from_line_to_line)
{
	struct hall *h = hall_open(1, 1, 4);
	struct wish child = { S("1"), S("child"), 1, 0 };
	take(h, h->seated, "jeanne", 2);
	take_wishes(h, h->seated, "jeanne", &child, 1);
	struct passing p = { .until = sql_number(h->db, "SELECT held_until FROM customer_order"),
		.from = sql_number(h->db, "SELECT id FROM order_line WHERE quantity = 2"),
		.to = sql_number(h->db, "SELECT id FROM order_line WHERE quantity = 1") };
	/* the one further along is over: another buyer may be about to take it */
	int64_t last = sql_number(h->db, "SELECT max(id) FROM place WHERE holder = $1", int64(p.from));
	do_sql(h->db, "UPDATE place SET free_from = 1 WHERE id = $1", int64(last));
	in_write(h->db, pass_one, &p);
	assert_int_equal(sql_number(h->db, "SELECT holder FROM place WHERE id = $1", int64(last)), p.from);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM place WHERE holder = $1", int64(p.to)), 2);
	assert_status(store_write(h->db, pass_one, &p), CONFLICT);
	hall_close(h);
}

TEST(an_idle_basket_is_ended_by_the_background)
{
	struct hall *h = hall_open(10, 1, 4);
	take(h, h->standing, "jeanne", 2);
	assert_status(basket_sweep(h->db), OK);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM customer_order WHERE state = 'in_progress'"), 1);
	do_sql(h->db, "UPDATE customer_order SET held_until = held_until - $1", int64(2 * DAY));
	assert_status(basket_sweep(h->db), OK);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM customer_order WHERE state = 'abandoned'"), 1);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM place WHERE holder IS NOT NULL"), 0);
	hall_close(h);
}

/* ---- no longer on sale ---- */

static void stops(struct hall *h, int64_t performance)
{
	do_sql(h->db, "UPDATE performance SET state = 'stopped' WHERE id = $1", int64(performance));
}

static void begins(struct hall *h, int64_t performance)
{
	do_sql(h->db, "UPDATE performance SET starts_at = $1 WHERE id = $2", int64(store_now(h->db) - SECOND), int64(performance));
}

struct taking {
	int64_t zone, seat;
	enum status run, seat_alone, free;
};

/* The statements themselves, as if whoever asks had read the page before. */
static enum status take_all_ways(struct conn *db, void *arg)
{
	struct taking *t = arg;
	t->free = place_take(db, t->zone, 1, 1, store_now(db) + HOUR);
	t->run = place_take_run(db, t->zone, 0, 1, 2, 1, store_now(db) + HOUR);
	t->seat_alone = place_take_seat(db, t->zone, t->seat, 1, store_now(db) + HOUR);
	return REFUSED;
}

static void assert_nothing_is_taken(struct hall *h)
{
	struct taking t = { .zone = sql_number(h->db, "SELECT id FROM performance_zone WHERE performance = $1", int64(h->seated)) };
	t.seat = sql_number(h->db, "SELECT min(seat) FROM place WHERE zone = $1", int64(t.zone));
	assert_status(store_write(h->db, take_all_ways, &t), REFUSED);
	assert_status(t.free, NOT_FOUND);
	assert_status(t.run, NOT_FOUND);
	assert_status(t.seat_alone, NOT_FOUND);
}

TEST(what_takes_a_place_asks_whether_it_is_on_sale)
{
	struct hall *h = hall_open(10, 1, 4);
	stops(h, h->seated);
	assert_nothing_is_taken(h);
	assert_int_equal(take(h, h->seated, "jeanne", 1), BASKET_NOT_ON_SALE);
	hall_close(h);
}

TEST(what_takes_a_place_asks_whether_it_has_begun)
{
	struct hall *h = hall_open(10, 1, 4);
	begins(h, h->seated);
	assert_nothing_is_taken(h);
	hall_close(h);
}

TEST(a_basket_of_a_stopped_performance_does_not_check_out_but_is_mended)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number;
	assert_int_equal(take(h, h->standing, "jeanne", 2), BASKET_DONE);
	assert_int_equal(take(h, h->seated, "jeanne", 2), BASKET_DONE);
	stops(h, h->seated);
	assert_int_equal(buy_by(h, "jeanne", "print-at-home", &number), CHECKOUT_OFF_SALE);
	assert_int_equal(lines_of(h, basket_of(h, "jeanne")).tickets, 2);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM place WHERE free_from > 0"), 2);
	assert_int_equal(buy_by(h, "jeanne", "print-at-home", &number), CHECKOUT_DONE);
	hall_close(h);
}

TEST(a_basket_of_a_performance_that_has_begun_does_not_check_out)
{
	struct hall *h = hall_open(10, 1, 4);
	struct basket_owner owner = buyer_of(mem, "jeanne");
	struct buyer b = jeanne();
	struct problem why = problem_in(mem);
	struct till till;
	int64_t number;
	assert_int_equal(take(h, h->standing, "jeanne", 2), BASKET_DONE);
	assert_status(till_open(h->db, mem, &h->seller, &owner, LANG_FR, &till), OK);
	begins(h, h->standing);
	struct purchase p = { &b, S("print-at-home"), PAY_INVOICE, till_total(&till, &till.modes[1]), S("buyer") };
	assert_int_equal(checkout(h->db, mem, &h->seller, &till, &p, &number, &why), CHECKOUT_OFF_SALE);
	hall_close(h);
}

TEST(a_sale_that_ends_does_not_end_what_is_held)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number;
	assert_int_equal(take(h, h->standing, "jeanne", 2), BASKET_DONE);
	do_sql(h->db, "UPDATE sale_window SET closes_at = $1", int64(store_now(h->db) - SECOND));
	assert_int_equal(take(h, h->standing, "paul", 1), BASKET_NOT_ON_SALE);
	assert_int_equal(buy_by(h, "jeanne", "print-at-home", &number), CHECKOUT_DONE);
	hall_close(h);
}
