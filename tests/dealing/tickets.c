/* tests/dealing/tickets.c: which tickets a buyer gets himself, and when. */
#include "test.h"

#include "dealing/ending.h"
#include "dealing/settling.h"
#include "dealing/tickets.h"
#include "sales/hall.h"

static int64_t bought_by(struct hall *h, const char *mode, int64_t performance, int64_t n)
{
	int64_t number = 0;
	assert_int_equal(take(h, performance, mode, n), BASKET_DONE);
	assert_int_equal(buy_by(h, mode, mode, &number), CHECKOUT_DONE);
	return number;
}

static enum status settle(struct conn *db, void *arg)
{
	return order_settle_all(db, mem, *(int64_t *)arg, S("bank"));
}

static void paid(struct hall *h, int64_t number)
{
	int64_t id = order_of(h, number).id;
	in_write(h->db, settle, &id);
}

static size_t sheets_of(struct hall *h, int64_t number, struct ticket_sheet **out)
{
	struct point_of_sale sale;
	struct order o = order_of(h, number);
	size_t count;
	assert_status(point_of_sale_get(h->db, mem, o.point_of_sale, &sale), OK);
	assert_status(buyer_tickets(h->db, mem, &sale, &o, LANG_EN, out, &count), OK);
	return count;
}

TEST(a_reservation_has_none_until_it_is_paid)
{
	struct hall *h = hall_open(10, 2, 6);
	struct ticket_sheet *sheets;
	int64_t number = bought_by(h, "print-at-home", h->seated, 2);
	assert_int_equal(sheets_of(h, number, &sheets), 0);
	paid(h, number);
	assert_int_equal(sheets_of(h, number, &sheets), 2);
	assert_int_equal(sheets[0].barcode.len, BARCODE_LENGTH);
	assert_false(str_eq(sheets[0].barcode, sheets[1].barcode));
	assert_true(str_find(sheets[0].place, S("Stalls, ")) == 0);
	assert_str(sheets[1].count, S("Ticket 2 of 2"));
	hall_close(h);
}

TEST(what_goes_by_post_is_printed_by_the_house_alone)
{
	struct hall *h = hall_open(10, 1, 4);
	struct ticket_sheet *sheets;
	int64_t number = bought_by(h, "post", h->standing, 2);
	paid(h, number);
	assert_int_equal(sheets_of(h, number, &sheets), 0);
	hall_close(h);
}

struct ending_of {
	struct hall *h;
	int64_t order, ticket;
};

static enum status end_ticket(struct conn *db, void *arg)
{
	struct ending_of *x = arg;
	struct problem why = problem_in(mem);
	const struct ending e = { x->h->theatre.institution, x->order, S("cancelled"), S("O. Favre") };
	return ticket_end(db, mem, &e, x->ticket, &why);
}

TEST(a_cancelled_ticket_is_not_among_them)
{
	struct hall *h = hall_open(10, 1, 4);
	struct ticket_sheet *sheets;
	struct ticket *tickets;
	size_t count;
	int64_t number = bought_by(h, "print-at-home", h->standing, 2);
	struct ending_of x = { .h = h, .order = order_of(h, number).id };
	paid(h, number);
	assert_status(order_tickets(h->db, mem, x.order, &tickets, &count), OK);
	x.ticket = tickets[0].id;
	in_write(h->db, end_ticket, &x);
	assert_int_equal(sheets_of(h, number, &sheets), 1);
	assert_str(sheets[0].barcode, tickets[1].barcode);
	assert_str(sheets[0].count, S("Ticket 1 of 1"));
	x.ticket = tickets[1].id;
	in_write(h->db, end_ticket, &x);
	assert_int_equal(sheets_of(h, number, &sheets), 0);
	hall_close(h);
}
