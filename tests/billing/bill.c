/* tests/billing/bill.c: a checkout on invoice is billed: number, reference, amount, day; credited when its order ends; never changed. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "base/day.h"
#include "billing/instalment.h"
#include "billing/recount.h"
#include "billing/series.h"
#include "dealing/ending.h"
#include "formats/qrbill_reference.h"
#include "sales/hall.h"
#include "sales/recount.h"

struct books {
	struct recounted sales[32], billing[16];
};

static enum status recount_all(struct conn *db, void *arg)
{
	struct books *x = arg;
	enum status st = recount_run(db, sales_recounts, sales_recount_count, x->sales);
	return st ? st : recount_run(db, billing_recounts, billing_recount_count, x->billing);
}

/* The words of the rules of billing that are broken now; those of the sale have to hold. */
static struct str broken(struct hall *h)
{
	struct books x;
	struct buf b = buf_in(mem);
	assert_true(sales_recount_count <= COUNT(x.sales) && billing_recount_count <= COUNT(x.billing));
	assert_status(store_snapshot(h->db, recount_all, &x), OK);
	for (size_t i = 0; i < sales_recount_count; i++)
		if (x.sales[i].differing) fail_msg("audit: %s differ", x.sales[i].check->what);
	for (size_t i = 0; i < billing_recount_count; i++)
		if (x.billing[i].differing) buf_addf(&b, "%s%s", b.len ? " " : "", x.billing[i].check->what);
	return buf_str(&b);
}

static struct bill bill_of(struct hall *h, int64_t order_number)
{
	struct bill *bills;
	size_t count;
	struct order o = order_of(h, order_number);
	assert_status(bills_of_order(h->db, mem, h->theatre.institution, o.id, &bills, &count), OK);
	assert_true(count > 0);
	return bills[count - 1];
}

TEST(a_checkout_on_invoice_is_billed)
{
	struct hall *h = hall_open(10, 2, 6);
	int64_t number = bought(h, h->seated, "jeanne", 2);
	struct bill b = bill_of(h, number), found;
	struct bill_lines lines;
	assert_int_equal(b.state, BILL_OPEN);
	assert_int_equal(b.number, 1);
	assert_int_equal(b.amount, order_of(h, number).total);
	assert_str(b.account, S("CH4431999123000889012"));
	assert_str(b.debtor.name, S("Jeanne Rochat"));
	assert_str(b.creditor.name, S("Théâtre du Lac"));
	assert_true(qrr_is_valid(b.reference));
	assert_status(bill_by_reference(h->db, mem, h->theatre.institution, reference_grouped(mem, b.kind, b.reference), &found), OK);
	assert_int_equal(found.id, b.id);
	assert_status(bill_by_reference(h->db, mem, h->theatre.institution + 1, b.reference, &found), NOT_FOUND);
	assert_status(bill_by_number(h->db, mem, h->theatre.institution, b.year, 1, &found), OK);
	assert_status(bill_lines_read(h->db, mem, b.id, &lines), OK);
	assert_int_equal(lines.count, 2); /* the seats, and the post */
	assert_int_equal(lines.line[0].quantity, 2);
	assert_true(str_find(lines.line[0].detail, S("Rang")) >= 0); /* in the buyer's language: French */
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(its_day_is_the_houses_or_the_last_before_the_first_performance)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t today = day_of(mem, store_now(h->db), h->seller.zone);
	do_sql(h->db, "UPDATE administrative_value SET days_to_pay = 10");
	assert_int_equal(bill_of(h, bought(h, h->standing, "jeanne", 1)).due_day, today + 10);
	do_sql(h->db, "UPDATE administrative_value SET days_to_pay = 60");
	struct bill b = bill_of(h, bought(h, h->standing, "karl", 1));
	int64_t evening = day_of(mem, sql_number(h->db, "SELECT starts_at FROM performance WHERE id = $1", int64(h->standing)), h->seller.zone);
	assert_true(b.due_day < evening && b.due_day >= evening - 4); /* a working day before it, over a weekend at most */
	int64_t over;
	assert_status(working_day_after(h->db, mem, &h->seller, b.due_day, 3, &over), OK);
	assert_int_equal(b.ends_at, over); /* three bank days after its day */
	hall_close(h);
}

TEST(bank_days_pass_over_weekends_and_closed_days)
{
	struct hall *h = hall_open(1, 1, 1);
	int64_t friday = 20784, over; /* 27 November 2026 */
	assert_int_equal(day_weekday(friday), 4);
	assert_status(working_day_after(h->db, mem, &h->seller, friday, 3, &over), OK);
	assert_int_equal(day_of(mem, over - 1, h->seller.zone), friday + 5);
	do_sql(h->db, "INSERT INTO closed_day (institution, day) VALUES ($1, $2)", int64(h->theatre.institution), int64(friday + 3));
	assert_status(working_day_after(h->db, mem, &h->seller, friday, 3, &over), OK);
	assert_int_equal(day_of(mem, over - 1, h->seller.zone), friday + 6);
	assert_status(working_day_after(h->db, mem, &h->seller, friday, 0, &over), OK);
	assert_int_equal(over, day_begins(mem, friday + 1, h->seller.zone));
	hall_close(h);
}

static int64_t order_in_basket(struct hall *h, const char *who)
{
	return lines_of(h, basket_of(h, who)).tickets;
}

TEST(without_an_account_there_is_no_invoice)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number;
	do_sql(h->db, "DELETE FROM administrative_value");
	assert_int_equal(take(h, h->standing, "jeanne", 1), BASKET_DONE);
	assert_int_equal(buy_by(h, "jeanne", "post", &number), CHECKOUT_REFUSED);
	assert_int_equal(order_in_basket(h, "jeanne"), 1); /* and the basket is as it was */
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill"), 0);
	hall_close(h);
}

TEST(a_reference_holds_the_banks_number_institution_year_and_number)
{
	struct hall *h = hall_open(10, 1, 4);
	do_sql(h->db, "UPDATE administrative_value SET bank_prefix = '123456'");
	struct bill b = bill_of(h, bought(h, h->standing, "jeanne", 1));
	struct str body = str_format(mem, "123456000000%03lld%04lld0000001", (long long)h->theatre.institution, (long long)b.year);
	assert_str(str_part(b.reference, 0, 26), body);
	do_sql(h->db, "UPDATE administrative_value SET reference = 'scor', iban = 'CH5800791123000889012'");
	b = bill_of(h, bought(h, h->standing, "karl", 1));
	assert_true(scor_is_valid(b.reference));
	struct bill found;
	assert_status(bill_by_reference(h->db, mem, h->theatre.institution, str_lower(mem, b.reference), &found), OK);
	assert_int_equal(found.id, b.id);
	do_sql(h->db, "UPDATE administrative_value SET reference = 'none'");
	b = bill_of(h, bought(h, h->standing, "lena", 1));
	assert_str(b.reference, S(""));
	assert_status(bill_by_reference(h->db, mem, h->theatre.institution, S(""), &found), NOT_FOUND);
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- ending ---- */

struct doing {
	struct hall *h;
	struct ending ending;
	int64_t ticket, bill, amount;
	const struct part *parts;
	size_t part_count;
	enum bill_state state;
	enum status st;
};

static enum status end_order(struct conn *db, void *arg)
{
	struct doing *x = arg;
	x->st = order_end(db, mem, &x->ending);
	return x->st == NOT_FOUND ? OK : x->st;
}

static enum status end_ticket(struct conn *db, void *arg)
{
	struct doing *x = arg;
	struct problem why = problem_in(mem);
	x->st = ticket_end(db, mem, &x->ending, x->ticket, &why);
	return x->st == NOT_FOUND ? OK : x->st;
}

static enum status book(struct conn *db, void *arg)
{
	struct doing *x = arg;
	return bill_book(db, x->bill, x->amount, &x->state);
}

static enum status agree(struct conn *db, void *arg)
{
	struct doing *x = arg;
	struct problem why = problem_in(mem);
	x->st = instalments_agree(db, mem, x->ending.institution, x->ending.order, x->parts, x->part_count, BILL_KEPT, S("O. Favre"), &why);
	return x->st;
}

static struct doing doing(struct hall *h, int64_t number)
{
	return (struct doing){ .h = h, .ending = { h->theatre.institution, order_of(h, number).id, S("cancelled"), S("O. Favre") } };
}

TEST(an_order_that_ends_is_credited_whole_and_its_reference_still_finds_it)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 3);
	struct bill b = bill_of(h, number), found;
	struct doing x = doing(h, number);
	struct credit_note *notes;
	size_t count;
	in_write(h->db, end_order, &x);
	assert_status(bill_by_reference(h->db, mem, h->theatre.institution, b.reference, &found), OK);
	assert_int_equal(found.state, BILL_CREDITED);
	assert_int_equal(found.amount, b.amount); /* the bill itself stays as it was */
	assert_status(credit_notes_of_order(h->db, mem, x.ending.order, &notes, &count), OK);
	assert_int_equal(count, 1);
	assert_int_equal(notes[0].number, 1);
	assert_int_equal(notes[0].amount, b.amount);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM outbox_message WHERE class = 'cancellation'"), 1);
	in_write(h->db, end_order, &x);
	assert_status(x.st, NOT_FOUND);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(a_ticket_given_back_bills_the_rest_anew)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 2);
	struct bill old = bill_of(h, number);
	struct doing x = doing(h, number);
	struct ticket *tickets;
	size_t count;
	assert_status(order_tickets(h->db, mem, x.ending.order, &tickets, &count), OK);
	x.ticket = tickets[0].id;
	in_write(h->db, end_ticket, &x);
	struct bill new = bill_of(h, number);
	assert_int_equal(new.number, 2);
	assert_int_equal(new.amount, old.amount - 3500);
	assert_int_equal(new.due_day, old.due_day);
	assert_str(broken(h), S(""));
	x.ticket = tickets[1].id;
	in_write(h->db, end_ticket, &x); /* the last one: the order ends */
	assert_int_equal(order_of(h, number).state, ORDER_CANCELLED);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill WHERE state = 'open'"), 0);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM credit_note"), 2);
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- reservations that are not paid ---- */

static void be_late(struct hall *h)
{
	do_sql(h->db, "UPDATE bill SET ends_at = $1 WHERE ends_at IS NOT NULL", int64(store_now(h->db) - 1));
}

TEST(an_unpaid_reservation_ends_and_its_places_are_free_again)
{
	struct hall *h = hall_open(3, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 3);
	assert_status(reservation_expire_next(h->db, mem), NOT_FOUND); /* it has time still */
	be_late(h);
	assert_status(reservation_expire_next(h->db, mem), OK);
	assert_status(reservation_expire_next(h->db, mem), NOT_FOUND);
	struct order o = order_of(h, number);
	assert_int_equal(o.state, ORDER_CANCELLED);
	assert_str(o.reason, S("expired"));
	assert_int_equal(take(h, h->standing, "karl", 3), BASKET_DONE);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM outbox_message WHERE class = 'cancellation'"), 1);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(what_something_was_paid_on_ends_by_hand_only)
{
	struct hall *h = hall_open(3, 1, 4);
	int64_t number = bought(h, h->standing, "jeanne", 1);
	struct doing x = doing(h, number);
	x.bill = bill_of(h, number).id;
	x.amount = 5;
	in_write(h->db, book, &x);
	assert_int_equal(x.state, BILL_OPEN);
	be_late(h);
	assert_status(reservation_expire_next(h->db, mem), NOT_FOUND);
	assert_int_equal(order_of(h, number).state, ORDER_RESERVED);
	hall_close(h);
}

TEST(a_sale_on_pending_account_does_not_end_by_itself)
{
	struct hall *h = hall_open(3, 1, 4);
	do_sql(h->db, "UPDATE sales_channel SET invoice_as = 'pending-account'");
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	assert_int_equal(bill_of(h, bought(h, h->standing, "jeanne", 1)).ends_at, 0);
	hall_close(h);
}

/* ---- money ---- */

TEST(a_bill_is_paid_when_its_amount_has_come_and_open_again_when_it_goes_back)
{
	struct hall *h = hall_open(3, 1, 4);
	struct bill b = bill_of(h, bought(h, h->standing, "jeanne", 1));
	struct doing x = { .bill = b.id, .amount = b.amount - 1 };
	in_write(h->db, book, &x);
	assert_int_equal(x.state, BILL_OPEN);
	x.amount = 1;
	in_write(h->db, book, &x);
	assert_int_equal(x.state, BILL_PAID);
	x.amount = 700;
	in_write(h->db, book, &x);
	assert_status(bill_get(h->db, mem, h->theatre.institution, b.id, &b), OK);
	assert_int_equal(bill_open_amount(&b), -700); /* a surplus */
	x.amount = -b.amount - 700;
	in_write(h->db, book, &x);
	assert_int_equal(x.state, BILL_OPEN);
	hall_close(h);
}

static int64_t sold_on_account(struct hall *h, int64_t n)
{
	do_sql(h->db, "UPDATE sales_channel SET invoice_as = 'pending-account'");
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	return bought(h, h->standing, "jeanne", n);
}

TEST(instalments_add_up_and_each_has_its_bill_and_its_part_of_the_vat)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number = sold_on_account(h, 3), total = order_of(h, number).total, today = day_of(mem, store_now(h->db), h->seller.zone);
	const struct part parts[] = { { today + 10, total / 3 }, { today + 40, total / 3 }, { today + 70, total - 2 * (total / 3) } };
	struct doing x = doing(h, number);
	struct instalment *plan;
	size_t count;
	int64_t vat = sql_number(h->db, "SELECT CAST(sum(vat) AS BIGINT) FROM bill_vat");
	x.parts = parts;
	x.part_count = 3;
	in_write(h->db, agree, &x);
	assert_status(instalments_of_order(h->db, mem, x.ending.order, &plan, &count), OK);
	assert_int_equal(count, 3);
	assert_true(plan[0].bill && plan[1].bill && plan[2].bill);
	assert_int_equal(bill_of(h, number).number, 4); /* after the one over all of it */
	assert_int_equal(bill_of(h, number).due_day, today + 70);
	assert_int_equal(sql_number(h->db, "SELECT CAST(sum(v.vat) AS BIGINT) FROM bill_vat v JOIN bill b ON b.id = v.bill WHERE b.state = 'open'"), vat);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(instalments_that_do_not_add_up_are_refused)
{
	struct hall *h = hall_open(10, 1, 4);
	int64_t number = sold_on_account(h, 2), total = order_of(h, number).total;
	const struct part parts[][2] = { { { 21000, total / 2 }, { 21010, total - total / 2 + 1 } }, { { 21000, 0 }, { 21010, total } },
		{ { 21010, 100 }, { 21000, total - 100 } }, { { 21000, total + 1 }, { 21010, -1 } } };
	struct doing x = doing(h, number);
	x.part_count = 2;
	for (size_t i = 0; i < COUNT(parts); i++) {
		x.parts = parts[i];
		assert_status(store_write(h->db, agree, &x), REFUSED);
	}
	x.parts = parts[0];
	x.part_count = 1;
	assert_status(store_write(h->db, agree, &x), REFUSED);
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- numbers ---- */

#define BUYERS 48
#define EACH   2

struct crowd {
	struct hall *h;
	struct store *store;
	int first;
	atomic_int next, failures;
};

/* Buys, and gives every third order back at once. */
static void *buyer_runs(void *arg)
{
	struct crowd *c = arg;
	struct conn *db = store_conn(c->store);
	struct arena *a = arena_new();
	int me = c->first + atomic_fetch_add(&c->next, 1);
	for (int i = 0; i < EACH; i++) {
		int64_t order, number;
		struct basket_owner owner = { .browser_hash = browser_hash(a, str_format(a, "buyer %d %d", me, i)) };
		struct wish w = { S("stand"), S("full"), 1, 0 };
		struct buyer b = jeanne();
		struct problem why = problem_in(a);
		struct till till;
		enum checkout_outcome end = CHECKOUT_TRY_AGAIN;
		while (basket_add(db, a, &c->h->seller, &owner, c->h->standing, &w, 1, &order) == BASKET_TRY_AGAIN) {
		}
		while (end == CHECKOUT_TRY_AGAIN) {
			if (till_open(db, a, &c->h->seller, &owner, LANG_FR, &till)) break;
			struct purchase p = { &b, S("post"), PAY_INVOICE, till_total(&till, &till.modes[0]), S("buyer") };
			end = checkout(db, a, &c->h->seller, &till, &p, &number, &why);
		}
		if (end != CHECKOUT_DONE) atomic_fetch_add(&c->failures, 1);
	}
	arena_free(a);
	return NULL;
}

static int crowd_buys(struct hall *h, struct store *store, int first)
{
	struct crowd c = { .h = h, .store = store, .first = first };
	pthread_t threads[BUYERS];
	for (int i = 0; i < BUYERS; i++) assert_int_equal(pthread_create(&threads[i], NULL, buyer_runs, &c), 0);
	for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
	return atomic_load(&c.failures);
}

TEST(forty_eight_buyers_at_once_leave_no_gap)
{
	struct hall *h = hall_open(BUYERS * EACH, 1, 1);
	assert_int_equal(crowd_buys(h, h->theatre.store, 0), 0);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill"), BUYERS * EACH);
	assert_int_equal(sql_number(h->db, "SELECT max(number) FROM bill"), BUYERS * EACH);
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* Several processes on one database are PostgreSQL's matter. */
TEST(two_processes_leave_no_gap_even_when_one_is_killed)
{
	if (!database_server()) return;
	struct hall *h = hall_open(BUYERS * EACH * 2, 1, 1);
	struct str url = database_url();
	fflush(NULL);
	pid_t other = fork();
	if (other == 0) {
		struct store *store;
		struct problem why = problem_in(mem);
		if (store_open(url, &store, &why)) _exit(1);
		crowd_buys(h, store, 1000);
		_exit(0);
	}
	usleep(300000);
	kill(other, SIGKILL);
	assert_int_equal(crowd_buys(h, h->theatre.store, 0), 0);
	waitpid(other, NULL, 0);
	assert_true(sql_number(h->db, "SELECT count(*) FROM bill") >= BUYERS * EACH);
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- the audit ---- */

TEST(the_audit_finds_what_was_spoilt)
{
	struct hall *h = hall_open(10, 1, 4);
	bought(h, h->standing, "jeanne", 1);
	int64_t ended = bought(h, h->standing, "karl", 1);
	struct doing x = doing(h, ended);
	in_write(h->db, end_order, &x);
	assert_str(broken(h), S(""));
	do_sql(h->db, "UPDATE number_series SET last = last + 1 WHERE kind = 'bill'");
	assert_str(broken(h), S("bills"));
	do_sql(h->db, "UPDATE number_series SET last = last - 1 WHERE kind = 'bill'");
	do_sql(h->db, "UPDATE credit_note SET number = 3");
	assert_str(broken(h), S("credits"));
	do_sql(h->db, "UPDATE credit_note SET number = 1");
	do_sql(h->db, "UPDATE bill_line SET price = price + 1 WHERE rank = 1 AND bill = (SELECT min(id) FROM bill)");
	assert_str(broken(h), S("amounts"));
	do_sql(h->db, "UPDATE bill_line SET price = price - 1 WHERE rank = 1 AND bill = (SELECT min(id) FROM bill)");
	do_sql(h->db, "UPDATE bill SET state = 'paid', paid = amount WHERE state = 'credited'");
	assert_str(broken(h), S("billstates")); /* a note without its credited bill */
	do_sql(h->db, "UPDATE bill SET state = 'credited', paid = 0 WHERE state = 'paid'");
	do_sql(h->db, "UPDATE bill SET state = 'credited' WHERE state = 'open'");
	assert_str(broken(h), S("billed billstates"));
	do_sql(h->db, "UPDATE bill SET state = 'open' WHERE id = (SELECT min(id) FROM bill)");
	do_sql(h->db, "UPDATE bill SET reference = '000000000000001202600000999' WHERE id = (SELECT min(id) FROM bill)");
	assert_str(broken(h), S("references"));
	hall_close(h);
}
