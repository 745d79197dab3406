/* tests/sales/crowd.c: many buyers at once on one zone and one hall, with holds that end meanwhile: exactly N are sold, never more, and no place is lost. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

#include "sales/hall.h"
#include "sales/recount.h"

#define BUYERS	  48
#define GONE_MOST 40

struct crowd {
	struct hall *h;
	int64_t performance, most; /* places a buyer takes at a time */
	atomic_int buyers, failures;
	atomic_bool is_over;
};

static void nap(unsigned *dice, unsigned most_us)
{
	*dice = *dice * 1103515245u + 12345u;
	usleep(*dice / 65536u % most_us);
}

/* Takes, forgets every third basket, buys the others; until nothing is left for two tries in a row. */
static void *buyer_runs(void *arg)
{
	struct crowd *c = arg;
	struct conn *db = store_conn(c->h->theatre.store);
	struct arena *a = arena_new();
	int me = atomic_fetch_add(&c->buyers, 1), gone = 0;
	unsigned dice = (unsigned)me;
	for (int round = 0; gone < GONE_MOST && !atomic_load(&c->is_over); round++) {
		arena_reset(a);
		int64_t order, number = 0;
		struct basket_owner owner = { .browser_hash = browser_hash(a, str_format(a, "buyer %d %d", me, round)) };
		struct wish w = { c->performance == c->h->standing ? S("stand") : S("1"), S("full"), 1 + (me + round) % c->most, 0 };
		enum basket_outcome got = basket_add(db, a, &c->h->seller, &owner, c->performance, &w, 1, &order);
		if (got == BASKET_TOO_FEW) {
			w.n = 1;
			got = basket_add(db, a, &c->h->seller, &owner, c->performance, &w, 1, &order);
		}
		if (got == BASKET_TOO_FEW) gone++;
		if (got == BASKET_TOO_FEW || got == BASKET_TRY_AGAIN) {
			nap(&dice, 40000);
			continue;
		}
		if (got != BASKET_DONE && got != BASKET_SPLIT) atomic_fetch_add(&c->failures, 1);
		gone = 0;
		if ((me + round) % 3 == 0) continue; /* his hold will end */
		nap(&dice, 10000);
		struct buyer b = jeanne();
		struct problem why = problem_in(a);
		struct till till;
		if (till_open(db, a, &c->h->seller, &owner, LANG_FR, &till)) continue;
		struct purchase p = { &b, S("print-at-home"), PAY_CASH, till_total(&till, &till.modes[1]), S("buyer") };
		enum checkout_outcome end = checkout(db, a, &c->h->seller, &till, &p, &number, &why);
		if (end == CHECKOUT_REFUSED || end == CHECKOUT_OTHER_TOTAL) atomic_fetch_add(&c->failures, 1);
	}
	arena_free(a);
	return NULL;
}

/* Longer than it takes to buy on a busy machine, or nobody would ever get through; shorter than the patience of who finds nothing (GONE_MOST pauses). */
#define short_holds(h) do_sql((h)->db, "UPDATE sales_channel SET hold_us = 400000, places_most = 8")

static void crowd_runs(struct hall *h, int64_t performance, int64_t most)
{
	struct crowd c = { .h = h, .performance = performance, .most = most };
	pthread_t threads[BUYERS];
	short_holds(h);
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	for (int i = 0; i < BUYERS; i++) assert_int_equal(pthread_create(&threads[i], NULL, buyer_runs, &c), 0);
	for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&c.failures), 0);
}

/* What is sold is whole: a place a ticket, a ticket a place, as many as the lines say; and nothing is free that nobody could buy. */
static void assert_sold_exactly(struct hall *h, int64_t performance, int64_t n)
{
	assert_int_equal(
		sql_number(h->db, "SELECT count(*) FROM place p JOIN performance_zone z ON z.id = p.zone WHERE z.performance = $1", int64(performance)), n);
	int64_t taken =
		sql_number(h->db, "SELECT count(*) FROM place p JOIN performance_zone z ON z.id = p.zone WHERE z.performance = $1 AND p.free_from = $2",
			int64(performance), int64(PLACE_TAKEN));
	assert_int_equal(taken, n);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM ticket WHERE state = 'sold'"), n);
	assert_int_equal(sql_number(h->db, "SELECT count(DISTINCT place) FROM ticket WHERE state = 'sold'"), n);
	assert_int_equal(sql_number(h->db, "SELECT CAST(sum(n.quantity) AS BIGINT) FROM order_line n JOIN customer_order o ON o.id = n.customer_order"
									   " WHERE o.state = 'settled' AND n.kind = 'ticket'"),
		n);
}

static enum status audit(struct conn *db, void *arg)
{
	return recount_run(db, sales_recounts, sales_recount_count, arg);
}

static void assert_adds_up(struct hall *h)
{
	struct recounted *lines = ARENA_ARRAY(mem, struct recounted, sales_recount_count);
	assert_status(store_snapshot(h->db, audit, lines), OK);
	for (size_t i = 0; i < sales_recount_count; i++)
		if (lines[i].differing) fail_msg("audit: %s differ", lines[i].check->what);
}

TEST(a_crowd_buys_exactly_the_places_of_a_zone)
{
	struct hall *h = hall_open(200, 1, 4);
	crowd_runs(h, h->standing, 4);
	assert_sold_exactly(h, h->standing, 200);
	assert_adds_up(h);
	hall_close(h);
}

TEST(a_crowd_buys_exactly_the_seats_of_a_hall)
{
	struct hall *h = hall_open(1, 8, 15);
	crowd_runs(h, h->seated, 3);
	assert_sold_exactly(h, h->seated, 120);
	assert_adds_up(h);
	hall_close(h);
}
