/* tests/sales/recount.c: the audit finds what was spoilt behind our back, each rule by a row that breaks it. */
#include "test.h"

#include "sales/hall.h"
#include "sales/recount.h"

struct looking {
	struct recounted lines[32];
};

static enum status look(struct conn *db, void *arg)
{
	struct looking *x = arg;
	return recount_run(db, sales_recounts, sales_recount_count, x->lines);
}

/* The words of the rules that are broken now. */
static struct str broken(struct hall *h)
{
	struct looking x;
	struct buf b = buf_in(mem);
	assert_true(sales_recount_count <= COUNT(x.lines));
	assert_status(store_snapshot(h->db, look, &x), OK);
	for (size_t i = 0; i < sales_recount_count; i++)
		if (x.lines[i].differing) buf_addf(&b, "%s%s", b.len ? " " : "", x.lines[i].check->what);
	return buf_str(&b);
}

/* Baskets, a reservation, a settled and a cancelled order, standing and seated. */
static struct hall *busy_hall(void)
{
	struct hall *h = hall_open(20, 2, 6);
	struct problem why = problem_in(mem);
	struct basket_owner karl = buyer_of(mem, "karl");
	struct buyer b = jeanne();
	struct till till;
	int64_t number;
	bought(h, h->standing, "jeanne", 3);
	take(h, h->seated, "karl", 2);
	assert_status(till_open(h->db, mem, &h->seller, &karl, LANG_FR, &till), OK);
	struct purchase p = { &b, S("print-at-home"), PAY_CARD, till_total(&till, &till.modes[1]), S("O. Favre") };
	assert_int_equal(checkout(h->db, mem, &h->seller, &till, &p, &number, &why), CHECKOUT_DONE);
	take(h, h->standing, "lena", 2);
	return h;
}

#define RESERVED "(SELECT id FROM customer_order WHERE state = 'reserved')"
#define SETTLED	 "(SELECT id FROM customer_order WHERE state = 'settled')"
#define BASKET	 "(SELECT id FROM customer_order WHERE state = 'in_progress')"

TEST(a_busy_evening_adds_up)
{
	struct hall *h = busy_hall();
	assert_str(broken(h), S(""));
	holds_end(h);
	assert_str(broken(h), S(""));
	assert_int_equal(take(h, h->standing, "mona", 17), BASKET_DONE); /* what Lena held is taken */
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* Each spoils one row and names the rules that must notice. */
#define SPOILT(name, noticed, statement)   \
	TEST(name)                             \
	{                                      \
		struct hall *h = busy_hall();      \
		do_sql(h->db, statement);          \
		assert_str(broken(h), S(noticed)); \
		hall_close(h);                     \
	}

SPOILT(a_place_that_vanished, "places", "DELETE FROM place WHERE id = (SELECT min(id) FROM place WHERE free_from = 0)")
SPOILT(a_place_too_many, "places",
	"INSERT INTO place (zone, seat, free_from, holder) SELECT zone, NULL, 0, NULL FROM place WHERE id = (SELECT min(id) FROM place)")
SPOILT(
	a_seat_of_another_kind, "seats", "UPDATE place SET seat = NULL WHERE id = (SELECT max(id) FROM place WHERE seat IS NOT NULL AND free_from = 0)")
SPOILT(a_taken_place_without_ticket, "taken",
	"UPDATE place SET free_from = 4611686018427387904, holder = 1 WHERE id = (SELECT max(id) FROM place WHERE free_from = 0)")
SPOILT(a_holder_of_what_is_free, "holds", "UPDATE place SET holder = 1000 WHERE id = (SELECT max(id) FROM place WHERE free_from = 0)")
SPOILT(a_hold_without_holder, "holds",
	"UPDATE place SET holder = NULL WHERE id = (SELECT max(id) FROM place WHERE free_from > 0 AND free_from < 4611686018427387904)")
SPOILT(a_basket_that_holds_more_than_it_says, "baskets", "UPDATE order_line SET quantity = 1 WHERE customer_order = " BASKET)
SPOILT(a_sold_place_that_is_free, "tickets", "UPDATE place SET free_from = 0, holder = NULL WHERE id = (SELECT min(place) FROM ticket)")
SPOILT(a_sold_ticket_of_a_reservation, "states",
	"UPDATE ticket SET state = 'sold', barcode = 'ABCDFGHJKMNPQRST' WHERE id = (SELECT min(id) FROM ticket)")
SPOILT(a_held_ticket_of_a_settled_order, "states", "UPDATE ticket SET state = 'held' WHERE id = (SELECT max(id) FROM ticket)")
SPOILT(a_line_of_more_than_its_tickets, "lines",
	"UPDATE order_line SET quantity = quantity + 1, price = price * 3 / 4 WHERE customer_order = " RESERVED " AND kind = 'ticket'")
SPOILT(a_total_that_is_not_its_lines, "money", "UPDATE customer_order SET total = total + 1 WHERE id = " SETTLED)
SPOILT(a_price_changed_after_the_sale, "money", "UPDATE order_line SET price = price - 1 WHERE customer_order = " SETTLED " AND kind = 'ticket'")
SPOILT(a_number_of_another_order, "numbers", "UPDATE customer_order SET number = 123455 WHERE id = " RESERVED)
SPOILT(a_check_digit_that_is_wrong, "numbers", "UPDATE customer_order SET number = number / 10 * 10 + (number + 1) % 10 WHERE id = " RESERVED)
SPOILT(a_barcode_that_a_spreadsheet_destroys, "barcodes", "UPDATE ticket SET barcode = 'A12E456789012345' WHERE id = (SELECT max(id) FROM ticket)")
SPOILT(a_state_that_nobody_noted, "history", "UPDATE customer_order SET state = 'sold_unpaid' WHERE id = " SETTLED)
