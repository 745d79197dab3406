/* What was sold is counted by the hour in which it was ordered; what ended counts no more. */
#include "test.h"

#include "hall.h"
#include "sales/figures.h"

static struct sales_hour sold(struct hall *h, int64_t from, size_t hours)
{
	struct sales_hour *rows;
	size_t count;
	assert_status(sales_hours(h->db, mem, h->theatre.institution, from, 10, &rows, &count), OK);
	assert_int_equal(count, hours);
	return count ? rows[count - 1] : (struct sales_hour){ 0 };
}

TEST(orders_tickets_and_money_of_an_hour_are_counted)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t now = store_now(h->db);
	sold(h, now - DAY, 0);
	int64_t first = bought(h, h->standing, "jeanne", 2);
	bought(h, h->standing, "karl", 1);
	assert_int_equal(take(h, h->standing, "lea", 1), BASKET_DONE); /* a basket is no sale */
	do_sql(h->db, "UPDATE customer_order SET closed_at = $1 WHERE number IS NOT NULL", int64(now));
	struct sales_hour all = sold(h, now - DAY, 1);
	assert_int_equal(all.orders, 2);
	assert_int_equal(all.tickets, 3);
	assert_int_equal(all.money, 3 * 3500 + 2 * 500);
	assert_int_equal(all.start, now / HOUR * HOUR);
	do_sql(h->db, "UPDATE customer_order SET closed_at = $1 WHERE number = $2", int64(now - 3 * HOUR), int64(first));
	assert_int_equal(sold(h, now - DAY, 2).tickets, 1);
	assert_int_equal(sold(h, now - HOUR, 1).orders, 1); /* the other is longer ago */
	hall_close(h);
}

TEST(what_was_cancelled_or_is_in_other_money_does_not_add_up)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t from = store_now(h->db) - DAY, gone = bought(h, h->standing, "jeanne", 2), other = bought(h, h->standing, "karl", 1);
	do_sql(h->db, "UPDATE ticket SET state = 'cancelled' WHERE customer_order = (SELECT id FROM customer_order WHERE number = $1)", int64(gone));
	do_sql(h->db, "UPDATE customer_order SET state = 'cancelled' WHERE number = $1", int64(gone));
	do_sql(h->db, "UPDATE customer_order SET currency = 'EUR' WHERE number = $1", int64(other));
	struct sales_hour all = sold(h, from, 1);
	assert_int_equal(all.orders, 1);
	assert_int_equal(all.tickets, 1);
	assert_int_equal(all.money, 0);
	hall_close(h);
}
