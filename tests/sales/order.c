/* tests/sales/order.c: from a basket to an order, and its states. */
#include "test.h"

#include "base/day.h"
#include "sales/hall.h"

TEST(a_reservation_holds_its_tickets_until_it_is_paid)
{
	struct hall *h = hall_open(10, 1, 4);
	struct order o = order_of(h, bought(h, h->standing, "jeanne", 2));
	struct ticket *tickets;
	size_t count;
	assert_int_equal(o.state, ORDER_RESERVED);
	assert_int_equal(o.total, 2 * 3500 + 500);
	assert_str(o.buyer.town, S("Neuchâtel"));
	assert_status(order_tickets(h->db, mem, o.id, &tickets, &count), OK);
	assert_int_equal(count, 2);
	assert_int_equal(tickets[0].state, TICKET_HELD);
	assert_int_equal(tickets[0].barcode.len, 0);
	hall_close(h);
}

struct doing {
	int64_t order, ticket;
	enum status st;
};

static enum status settle(struct conn *db, void *arg)
{
	struct doing *x = arg;
	x->st = order_settle(db, mem, x->order, S("bank"));
	return x->st == NOT_FOUND ? OK : x->st;
}

static enum status cancel(struct conn *db, void *arg)
{
	struct doing *x = arg;
	x->st = order_cancel(db, x->order, S("expired"), S("background"));
	return x->st == NOT_FOUND ? OK : x->st;
}

static enum status cancel_ticket(struct conn *db, void *arg)
{
	struct doing *x = arg;
	x->st = ticket_cancel(db, x->order, x->ticket, S("O. Favre"));
	return x->st == NOT_FOUND ? OK : x->st;
}

static enum status paid_partly(struct conn *db, void *arg)
{
	struct doing *x = arg;
	x->st = order_paid_partly(db, x->order, S("bank"));
	return x->st == NOT_FOUND ? OK : x->st;
}

TEST(paid_in_full_it_is_settled_and_its_tickets_have_barcodes)
{
	struct hall *h = hall_open(10, 1, 4);
	struct doing x = { .order = order_of(h, bought(h, h->standing, "jeanne", 3)).id };
	in_write(h->db, settle, &x);
	assert_status(x.st, OK);
	assert_int_equal(sql_number(h->db, "SELECT count(DISTINCT barcode) FROM ticket WHERE state = 'sold'"), 3);
	in_write(h->db, settle, &x);
	assert_status(x.st, NOT_FOUND); /* once */
	hall_close(h);
}

TEST(paid_in_part_a_reservation_stays_one_and_a_sale_does_not)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t reserved = bought(h, h->standing, "jeanne", 1);
	struct doing x = { .order = order_of(h, reserved).id };
	in_write(h->db, paid_partly, &x);
	assert_int_equal(order_of(h, reserved).state, ORDER_RESERVED);
	do_sql(h->db, "UPDATE sales_channel SET invoice_as = 'pending-account'");
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	int64_t sold = bought(h, h->standing, "karl", 1);
	assert_int_equal(order_of(h, sold).state, ORDER_SOLD_UNPAID);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM ticket WHERE state = 'sold' AND barcode IS NOT NULL"), 1);
	x.order = order_of(h, sold).id;
	in_write(h->db, paid_partly, &x);
	assert_int_equal(order_of(h, sold).state, ORDER_PARTLY_PAID);
	hall_close(h);
}

TEST(a_cancelled_order_frees_its_places_and_voids_its_tickets)
{
	struct hall *h = hall_open(3, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 3);
	struct doing x = { .order = order_of(h, number).id };
	assert_int_equal(take(h, h->standing, "karl", 1), BASKET_TOO_FEW);
	in_write(h->db, cancel, &x);
	assert_int_equal(order_of(h, number).state, ORDER_CANCELLED);
	assert_str(order_of(h, number).reason, S("expired"));
	assert_int_equal(take(h, h->standing, "karl", 3), BASKET_DONE);
	in_write(h->db, settle, &x);
	assert_status(x.st, NOT_FOUND);
	in_write(h->db, cancel, &x);
	assert_status(x.st, NOT_FOUND);
	hall_close(h);
}

TEST(a_place_is_sold_again_after_its_ticket_was_cancelled)
{
	struct hall *h = hall_open(2, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 2);
	struct order o = order_of(h, number);
	struct ticket *tickets;
	size_t count;
	assert_status(order_tickets(h->db, mem, o.id, &tickets, &count), OK);
	struct doing x = { .order = o.id, .ticket = tickets[0].id };
	in_write(h->db, cancel_ticket, &x);
	assert_status(x.st, OK);
	assert_int_equal(order_of(h, number).total, 3500 + 500);
	bought(h, h->standing, "karl", 1);
	in_write(h->db, cancel_ticket, &x);
	assert_status(x.st, NOT_FOUND); /* once */
	x.ticket = tickets[1].id;
	in_write(h->db, cancel_ticket, &x);
	assert_int_equal(order_of(h, number).state, ORDER_CANCELLED); /* no ticket is left */
	hall_close(h);
}

TEST(nobody_cancels_a_ticket_of_another_order)
{
	struct hall *h = hall_open(5, 1, 4);
	struct order mine = order_of(h, bought(h, h->standing, "jeanne", 1)), other = order_of(h, bought(h, h->standing, "karl", 1));
	struct ticket *tickets;
	size_t count;
	assert_status(order_tickets(h->db, mem, other.id, &tickets, &count), OK);
	struct doing x = { .order = mine.id, .ticket = tickets[0].id };
	in_write(h->db, cancel_ticket, &x);
	assert_status(x.st, NOT_FOUND);
	hall_close(h);
}

TEST(the_schema_lets_one_living_ticket_have_a_place)
{
	struct hall *h = hall_open(1, 1, 4);
	bought(h, h->standing, "jeanne", 1);
	static const struct sql twice =
		SQL("INSERT INTO ticket (institution, customer_order, order_line, place, state, barcode, prints, replaced_by, made_at)"
			" SELECT institution, customer_order, order_line, place, 'held', NULL, 0, NULL, made_at FROM ticket");
	struct theatre_sql x = { &twice, NULL, 0 };
	assert_status(store_write(h->db, theatre_exec, &x), REFUSED);
	hall_close(h);
}

TEST(every_transition_is_in_the_history)
{
	struct hall *h = hall_open(5, 1, 4);
	struct doing x = { .order = order_of(h, bought(h, h->standing, "jeanne", 1)).id };
	struct order_event *events;
	size_t count;
	in_write(h->db, settle, &x);
	in_write(h->db, cancel, &x);
	assert_status(order_history(h->db, mem, x.order, &events, &count), OK);
	assert_int_equal(count, 3);
	assert_str(events[0].event, S("closed"));
	assert_str(events[0].state, S("reserved"));
	assert_str(events[1].state, S("settled"));
	assert_str(events[2].note, S("expired"));
	hall_close(h);
}

/* ---- checkout ---- */

TEST(the_same_basket_makes_one_order)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t first = bought(h, h->standing, "jeanne", 1), second;
	assert_int_equal(buy_by(h, "jeanne", "post", &second), CHECKOUT_EMPTY);
	struct order o;
	assert_status(order_of_browser(h->db, mem, h->theatre.shop, browser_hash(mem, S("jeanne")), 0, &o), OK);
	assert_int_equal(o.number, first);
	hall_close(h);
}

TEST(another_total_than_shown_is_not_charged)
{
	struct hall *h = hall_open(10, 1, 4);
	struct basket_owner owner = buyer_of(mem, "jeanne");
	struct buyer b = jeanne();
	struct problem why = problem_in(mem);
	struct till till;
	int64_t number;
	take(h, h->standing, "jeanne", 2);
	assert_status(till_open(h->db, mem, &h->seller, &owner, LANG_FR, &till), OK);
	struct purchase p = { &b, S("post"), PAY_INVOICE, 1, S("buyer") };
	assert_int_equal(checkout(h->db, mem, &h->seller, &till, &p, &number, &why), CHECKOUT_OTHER_TOTAL);
	p.total = till_total(&till, &till.modes[0]);
	take(h, h->standing, "jeanne", 1); /* in another tab, after this one had read the basket */
	assert_int_equal(checkout(h->db, mem, &h->seller, &till, &p, &number, &why), CHECKOUT_OTHER_TOTAL);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM customer_order WHERE number IS NOT NULL"), 0);
	hall_close(h);
}

static enum checkout_outcome buy_with(
	struct hall *h, const char *who, struct buyer b, const char *mode, enum payment_mode payment, struct problem *why)
{
	struct basket_owner owner = buyer_of(mem, who);
	struct till till;
	int64_t number;
	*why = problem_in(mem);
	assert_status(till_open(h->db, mem, &h->seller, &owner, LANG_FR, &till), OK);
	const struct shipment_mode *m = &till.modes[str_eq(str_of(mode), S("post")) ? 0 : 1];
	struct purchase p = { &b, str_of(mode), payment, till_total(&till, m), S("buyer") };
	return checkout(h->db, mem, &h->seller, &till, &p, &number, why);
}

TEST(an_invoice_needs_an_address_that_a_letter_reaches)
{
	struct hall *h = hall_open(10, 1, 4);
	struct problem why;
	struct buyer b = jeanne();
	take(h, h->standing, "jeanne", 1);
	b.postcode = b.town = b.street = S("");
	assert_int_equal(buy_with(h, "jeanne", b, "print-at-home", PAY_INVOICE, &why), CHECKOUT_REFUSED);
	assert_non_null(problem_at(&why, "street"));
	assert_non_null(problem_at(&why, "postcode"));
	assert_non_null(problem_at(&why, "town"));
	assert_int_equal(buy_with(h, "jeanne", b, "print-at-home", PAY_CASH, &why), CHECKOUT_DONE); /* nothing is sent */
	hall_close(h);
}

TEST(a_mode_goes_where_its_rule_says_and_says_so)
{
	struct hall *h = hall_open(10, 1, 4);
	struct problem why;
	struct buyer b = jeanne();
	take(h, h->standing, "jeanne", 1);
	b.country = S("DE");
	assert_int_equal(buy_with(h, "jeanne", b, "post", PAY_INVOICE, &why), CHECKOUT_REFUSED);
	assert_int_equal(problem_at(&why, "shipment_mode")->message, MSG_SHIPMENT_MODE_COUNTRY);
	b.country = S("XX");
	assert_int_equal(buy_with(h, "jeanne", b, "print-at-home", PAY_INVOICE, &why), CHECKOUT_REFUSED);
	assert_non_null(problem_at(&why, "country"));
	b.country = S("DE");
	assert_int_equal(buy_with(h, "jeanne", b, "print-at-home", PAY_INVOICE, &why), CHECKOUT_DONE);
	hall_close(h);
}

static void evening_in(struct hall *h, int64_t days)
{
	do_sql(h->db, "UPDATE performance SET starts_at = $1", int64(store_now(h->db) + days * DAY));
}

TEST(post_and_invoice_end_some_working_days_before_the_evening)
{
	struct hall *h = hall_open(10, 1, 4);
	struct problem why;
	take(h, h->standing, "jeanne", 1);
	evening_in(h, 3); /* never five working days */
	assert_int_equal(buy_with(h, "jeanne", jeanne(), "post", PAY_CASH, &why), CHECKOUT_REFUSED);
	assert_int_equal(problem_at(&why, "shipment_mode")->message, MSG_SHIPMENT_MODE_TOO_LATE);
	assert_int_equal(buy_with(h, "jeanne", jeanne(), "print-at-home", PAY_INVOICE, &why), CHECKOUT_REFUSED);
	assert_int_equal(problem_at(&why, "payment")->message, MSG_PAYMENT_TOO_LATE);
	evening_in(h, 10); /* always more than five */
	assert_int_equal(buy_with(h, "jeanne", jeanne(), "post", PAY_INVOICE, &why), CHECKOUT_DONE);
	hall_close(h);
}

TEST(cash_is_rounded_on_a_line_of_its_own_and_settles_at_once)
{
	struct hall *h = hall_open(10, 1, 4);
	struct problem why;
	take(h, h->standing, "jeanne", 1);
	do_sql(h->db, "UPDATE order_line SET price = 3498");
	assert_int_equal(buy_with(h, "jeanne", jeanne(), "print-at-home", PAY_CASH, &why), CHECKOUT_DONE);
	assert_int_equal(sql_number(h->db, "SELECT price FROM order_line WHERE kind = 'rounding'"), 2);
	assert_int_equal(sql_number(h->db, "SELECT total FROM customer_order WHERE state = 'settled' AND payment = 'cash'"), 3500);
	hall_close(h);
}

TEST(a_total_of_nothing_settles_without_a_bill)
{
	struct hall *h = hall_open(10, 1, 4);
	struct problem why;
	do_sql(h->db, "UPDATE rate SET price = 0");
	take(h, h->standing, "jeanne", 1);
	assert_int_equal(buy_with(h, "jeanne", jeanne(), "print-at-home", PAY_INVOICE, &why), CHECKOUT_DONE);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM customer_order WHERE state = 'settled' AND payment = 'none'"), 1);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM ticket WHERE barcode IS NOT NULL"), 1);
	hall_close(h);
}

TEST(a_price_changed_since_stays_as_it_was_in_the_basket)
{
	struct hall *h = hall_open(10, 1, 4);
	take(h, h->standing, "jeanne", 2);
	do_sql(h->db, "UPDATE rate SET price = price * 2");
	take(h, h->standing, "jeanne", 1);
	struct lines lines = lines_of(h, basket_of(h, "jeanne"));
	assert_int_equal(lines.count, 2);
	assert_int_equal(lines.tickets_total, 2 * 3500 + 7000);
	hall_close(h);
}

TEST(fees_come_on_top_and_vat_is_rounded_once_a_rate)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t normal;
	do_sql(h->db, "INSERT INTO vat_rate (institution, code, name, basis_points) VALUES ($1, 'normal', '8.1 %', 810)", int64(h->theatre.institution));
	normal = sql_number(h->db, "SELECT id FROM vat_rate WHERE code = 'normal'");
	do_sql(h->db,
		"INSERT INTO fee (institution, code, kind, name_en, name_fr, name_de, name_it, amount, vat_rate, is_active)"
		" VALUES ($1, 'paper', 'charge', 'Paper', 'Papier', 'Papier', 'Carta', 100, $2, TRUE), ($1, 'work', 'overhead', 'Work', 'Travail', 'Arbeit', "
		"'Lavoro', 300, $2, TRUE)",
		int64(h->theatre.institution), int64(normal));
	struct order o = order_of(h, bought(h, h->standing, "jeanne", 3));
	assert_int_equal(o.total, 3 * 3500 + 3 * 100 + 300 + 500);
	struct lines lines = lines_of(h, o.id);
	assert_int_equal(lines.total, o.total);
	struct vat_sum sums[VAT_RATES_MOST];
	assert_int_equal(lines_vat(&lines, sums), 2);
	assert_int_equal(sums[0].basis_points, 260);
	assert_int_equal(sums[0].gross, 3 * 3500 + 500);
	assert_int_equal(sums[0].vat, 279); /* 278.75: line by line it would be 89 + 89 + 89 + 13 = 280 */
	assert_int_equal(sums[1].vat, 45);
	hall_close(h);
}

TEST(a_fee_without_a_name_in_the_buyers_language_has_the_houses)
{
	struct hall *h = hall_open(10, 1, 4);
	struct fee *fees;
	size_t count;
	do_sql(h->db,
		"INSERT INTO fee (institution, code, kind, name_en, name_fr, name_de, name_it, amount, vat_rate, is_active)"
		" SELECT $1, 'work', 'overhead', '', 'Travail', '', '', 300, min(id), TRUE FROM vat_rate",
		int64(h->theatre.institution));
	assert_status(fees_due(h->db, mem, h->theatre.institution, h->seller.channel, LANG_DE, &fees, &count), OK);
	assert_int_equal(count, 1);
	assert_str(fees[0].name, S("Travail"));
	hall_close(h);
}

TEST(a_shipment_mode_without_a_name_in_the_buyers_language_has_the_houses)
{
	struct hall *h = hall_open(10, 1, 4);
	struct shipment_mode *modes;
	size_t count;
	do_sql(h->db, "UPDATE shipment_mode SET name_de = '', note_de = 'halb', name_fr = 'Courrier', note_fr = 'Prioritaire'");
	assert_status(shipment_modes(h->db, mem, &h->seller, LANG_DE, 0, &modes, &count), OK);
	assert_str(modes[0].name, S("Courrier"));
	assert_str(modes[0].note, S("Prioritaire"));
	hall_close(h);
}

TEST(an_order_may_have_more_vat_rates_than_any_country)
{
	struct lines lines = { .line = ARENA_ARRAY(mem, struct line, 20), .count = 20 };
	struct vat_sum sums[VAT_RATES_MOST];
	for (size_t i = 0; i < lines.count; i++) lines.line[i] = (struct line){ .quantity = 1, .price = 1000, .vat = (int64_t)i * 10 };
	assert_int_equal(lines_vat(&lines, sums), 20);
	assert_int_equal(sums[19].gross, 1000);
}

TEST(no_invoice_is_due_before_the_day_on_which_it_is_written)
{
	struct hall *h = hall_open(10, 1, 4);
	struct till till;
	do_sql(h->db, "UPDATE sales_channel SET invoice_days = 0");
	int64_t today = day_of(mem, store_now(h->db), S("Europe/Zurich"));
	do_sql(h->db, "UPDATE performance SET starts_at = $1",
		int64(day_begins(mem, today + 1, S("Europe/Zurich")) - 1)); /* today: the day before is over */
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	take(h, h->standing, "jeanne", 1);
	struct basket_owner owner = buyer_of(mem, "jeanne");
	assert_status(till_open(h->db, mem, &h->seller, &owner, LANG_EN, &till), OK);
	assert_true(till.invoice_until > till.now);
	assert_false(till.has_invoice);
	hall_close(h);
}

TEST(a_guest_makes_a_contact_of_his_own_and_changes_none)
{
	struct hall *h = hall_open(10, 1, 4);
	struct order first = order_of(h, bought(h, h->standing, "jeanne", 1)), second = order_of(h, bought(h, h->standing, "jeanne", 1));
	assert_true(first.contact != 0 && second.contact != 0 && first.contact != second.contact);
	assert_int_equal(first.account, 0);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM contact WHERE email_key = 'jeanne@example.org'"), 2);
	assert_true(sql_number(h->db, "SELECT count(*) FROM contact_word WHERE contact = $1", int64(first.contact)) > 0); /* the office finds it */
	hall_close(h);
}

TEST(a_guests_order_is_found_by_the_account_whose_address_it_names)
{
	struct hall *h = hall_open(10, 1, 4);
	struct order *orders;
	size_t count;
	bought(h, h->standing, "jeanne", 1);
	assert_status(order_list(h->db, mem, h->theatre.institution, 77, S("jeanne@example.org"), 0, 10, &orders, &count), OK);
	assert_int_equal(count, 1);
	assert_status(order_list(h->db, mem, h->theatre.institution, 77, S("karl@example.org"), 0, 10, &orders, &count), OK);
	assert_int_equal(count, 0);
	hall_close(h);
}

TEST(another_house_does_not_find_an_order)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 1);
	struct order o = order_of(h, number);
	assert_status(order_by_number(h->db, mem, h->theatre.institution + 1, number, &o), NOT_FOUND);
	assert_status(order_get(h->db, mem, h->theatre.institution + 1, o.id, &o), NOT_FOUND);
	hall_close(h);
}
