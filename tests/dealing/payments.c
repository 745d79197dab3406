/* tests/dealing/payments.c: what a bank's file does to orders: each outcome, once, in any order, over any stop. */
#include "test.h"

#include <signal.h>
#include <sys/wait.h>

#include "billing/payment_recount.h"
#include "billing/recount.h"
#include "dealing/ending.h"
#include "dealing/payments.h"
#include "formats/camt_build.h"
#include "sales/hall.h"
#include "sales/recount.h"

/* ---- files ---- */

#define HOUSE_ACCOUNT "CH4431999123000889012" /* hall.h's */

/* An entry that came to ACCOUNT, with one transaction of INSIDE; KEY names it. */
static struct str paid_entry(const char *key, const char *account, const char *sign, const char *amount, struct str inside)
{
	return str_format(mem,
		"<Ntry><NtryRef>%s</NtryRef><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>" ENTRY_IS "<AcctSvcrRef>%s</AcctSvcrRef>%.*s</Ntry>\n",
		account, amount, sign, key, STR_ARG(details_of(tx_of(str_c(mem, str_format(mem, "T%s", key)), str_c(mem, inside)))));
}

static const char *francs(int64_t cents)
{
	return str_c(mem, bank_amount(mem, cents));
}

static struct str payment(const char *key, int64_t cents, struct str reference)
{
	return paid_entry(key, HOUSE_ACCOUNT, "CRDT", francs(cents), qrr(francs(cents), str_c(mem, reference)));
}

static struct str no_words(const char *key, int64_t cents)
{
	return paid_entry(
		key, HOUSE_ACCOUNT, "CRDT", francs(cents), str_format(mem, "<Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>", francs(cents)));
}

static struct str returned(const char *key, int64_t cents, struct str reference)
{
	struct str inside = str_format(mem,
		"<Amt "
		"Ccy=\"CHF\">%s</Amt><CdtDbtInd>DBIT</CdtDbtInd><RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>%.*s</Ref>"
		"</CdtrRefInf></Strd></RmtInf>",
		francs(cents), STR_ARG(reference));
	return paid_entry(key, HOUSE_ACCOUNT, "DBIT", francs(cents), inside);
}

static struct str both(struct str a, struct str b)
{
	return str_format(mem, "%.*s%.*s", STR_ARG(a), STR_ARG(b));
}

static struct str file_of(const char *id, struct str entries)
{
	return message_with("054", "08", "", report_with("054", id, "", entries));
}

/* ---- the house ---- */

static enum status import_bytes(struct hall *h, struct str bytes, struct payment_result *out)
{
	struct bank_input input = bank_input_of(&bytes);
	struct problem why = problem_in(mem);
	const struct payment_file f = { h->theatre.institution, S("camt.xml"), &input, S("Anne") };
	return payments_import(h->db, mem, &f, out, &why);
}

static int64_t import(struct hall *h, struct str bytes)
{
	struct payment_result r;
	assert_status(import_bytes(h, bytes, &r), OK);
	return r.import;
}

/* "paid,unknown-reference": the outcomes of an import's lines. */
static struct str outcomes(struct hall *h, int64_t import)
{
	struct payment_line *lines;
	size_t count;
	struct buf b = buf_in(mem);
	assert_status(payment_lines(h->db, mem, h->theatre.institution, import, 0, &lines, &count), OK);
	for (size_t i = 0; i < count; i++) buf_addf(&b, "%s%.*s", i ? "," : "", STR_ARG(lines[i].outcome));
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

static int64_t list_count(struct hall *h)
{
	return sql_number(h->db, "SELECT count(*) FROM payment_case WHERE state = 'open'");
}

static int64_t sold_tickets(struct hall *h, int64_t number)
{
	return sql_number(
		h->db, "SELECT count(*) FROM ticket WHERE customer_order = $1 AND state = 'sold' AND barcode IS NOT NULL", int64(order_of(h, number).id));
}

struct books {
	struct recounted lines[40];
	size_t count;
};

static enum status recount_all(struct conn *db, void *arg)
{
	static const struct {
		const struct recount *checks;
		const size_t *count;
	} all[] = { { sales_recounts, &sales_recount_count }, { billing_recounts, &billing_recount_count },
		{ payment_recounts, &payment_recount_count } };
	struct books *x = arg;
	enum status st = OK;
	x->count = 0;
	for (size_t i = 0; i < COUNT(all) && !st; i++) {
		assert_true(x->count + *all[i].count <= COUNT(x->lines));
		st = recount_run(db, all[i].checks, *all[i].count, x->lines + x->count);
		x->count += *all[i].count;
	}
	return st;
}

static enum status cancel_it(struct conn *db, void *arg)
{
	return order_end(db, mem, arg);
}

static void cancel(struct hall *h, int64_t order)
{
	in_write(h->db, cancel_it, &(struct ending){ h->theatre.institution, order, S("cancelled"), S("Anne") });
}

/* The words of the rules that are broken now. */
static struct str broken(struct hall *h)
{
	struct books x;
	struct buf b = buf_in(mem);
	assert_status(store_snapshot(h->db, recount_all, &x), OK);
	for (size_t i = 0; i < x.count; i++)
		if (x.lines[i].differing) buf_addf(&b, "%s%s", b.len ? " " : "", x.lines[i].check->what);
	return buf_str(&b);
}

/* ---- outcomes ---- */

TEST(a_reservation_paid_in_full_is_a_settled_sale)
{
	struct hall *h = hall_open(10, 2, 6);
	int64_t number = bought(h, h->seated, "jeanne", 2);
	struct bill b = bill_of(h, number);
	assert_int_equal(order_of(h, number).state, ORDER_RESERVED);
	assert_int_equal(sold_tickets(h, number), 0);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM shipment WHERE state = 'held' AND waits_payment"), 1);
	assert_str(outcomes(h, import(h, file_of("N1", payment("a", b.amount, b.reference)))), S("paid"));
	assert_int_equal(order_of(h, number).state, ORDER_SETTLED);
	assert_int_equal(sold_tickets(h, number), 2);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM shipment WHERE state = 'ready'"), 1); /* shipping case 5 */
	assert_int_equal(bill_of(h, number).state, BILL_PAID);
	assert_int_equal(list_count(h), 0);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(what_is_paid_in_two_parts_settles_with_the_second)
{
	struct hall *h = hall_open(10, 2, 6);
	int64_t number = bought(h, h->seated, "jeanne", 2);
	struct bill b = bill_of(h, number);
	assert_str(outcomes(h, import(h, file_of("N1", payment("a", 5000, b.reference)))), S("partial"));
	assert_int_equal(order_of(h, number).state, ORDER_RESERVED);
	assert_int_equal(bill_open_amount(&(struct bill){ .amount = b.amount, .paid = 5000 }), b.amount - 5000);
	assert_str(outcomes(h, import(h, file_of("N2", payment("b", b.amount - 5000, b.reference)))), S("paid"));
	assert_int_equal(order_of(h, number).state, ORDER_SETTLED);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(too_much_and_a_second_payment_are_kept_and_shown)
{
	struct hall *h = hall_open(10, 2, 6);
	int64_t number = bought(h, h->seated, "jeanne", 1);
	struct bill b = bill_of(h, number);
	assert_str(outcomes(h, import(h, file_of("N1", payment("a", b.amount + 100, b.reference)))), S("overpaid"));
	assert_int_equal(order_of(h, number).state, ORDER_SETTLED);
	assert_str(outcomes(h, import(h, file_of("N2", payment("b", b.amount, b.reference)))), S("overpaid"));
	assert_int_equal(bill_of(h, number).paid, 2 * b.amount + 100);
	assert_int_equal(list_count(h), 2);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(what_comes_after_cancelling_lies_on_no_bill)
{
	struct hall *h = hall_open(10, 2, 6);
	int64_t number = bought(h, h->seated, "jeanne", 1);
	struct bill b = bill_of(h, number);
	struct order o = order_of(h, number);
	cancel(h, o.id);
	assert_str(outcomes(h, import(h, file_of("N1", payment("a", b.amount, b.reference)))), S("bill-cancelled"));
	assert_int_equal(order_of(h, number).state, ORDER_CANCELLED);
	assert_int_equal(bill_of(h, number).paid, 0);
	assert_int_equal(list_count(h), 1);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(a_payment_that_goes_back_opens_its_bill)
{
	struct hall *h = hall_open(10, 2, 6);
	int64_t number = bought(h, h->seated, "jeanne", 1);
	struct bill b = bill_of(h, number);
	import(h, file_of("N1", payment("a", b.amount, b.reference)));
	assert_str(outcomes(h, import(h, file_of("N2", returned("b", b.amount, b.reference)))), S("reversed"));
	assert_int_equal(bill_of(h, number).state, BILL_OPEN);
	assert_int_equal(list_count(h), 1);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(money_that_nobody_knows_is_never_lost)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	struct str foreign = paid_entry("d", QR_IBAN, "CRDT", francs(300), qrr("3.00", str_c(mem, b.reference)));
	struct str entries = both(both(payment("a", 1000, S("210000000003139471430009017")), payment("b", 200, S("210000000003139471430009018"))),
		both(no_words("c", b.amount), foreign));
	assert_str(outcomes(h, import(h, file_of("N1", entries))), S("unknown-reference,invalid-reference,no-reference,wrong-account"));
	assert_int_equal(list_count(h), 4);
	assert_int_equal(sql_number(h->db, "SELECT CAST(sum(amount) AS BIGINT) FROM payment_case"), 1500 + b.amount);
	assert_int_equal(bill_of(h, order_of(h, b.order_number).number).paid, 0); /* never by its amount */
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- once ---- */

TEST(no_file_counts_twice_and_no_payment_by_another_file)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	struct str one = both(payment("a", b.amount, b.reference), no_words("c", 700));
	import(h, file_of("N1", one));
	assert_str(outcomes(h, import(h, file_of("N1", one))), S("already-imported,already-imported"));
	assert_str(outcomes(h, import(h, file_of("N2", both(one, payment("z", 100, b.reference))))), S("already-imported,already-imported,overpaid"));
	assert_int_equal(bill_of(h, b.order_number).paid, b.amount + 100);
	assert_int_equal(list_count(h), 2);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(files_in_any_order_leave_the_same)
{
	int64_t paid[2];
	for (int turn = 0; turn < 2; turn++) {
		struct hall *h = hall_open(10, 2, 6);
		struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
		struct str files[] = { file_of("N1", payment("a", b.amount, b.reference)),
			file_of("N2", both(payment("a", b.amount, b.reference), returned("b", 100, b.reference))) };
		import(h, files[turn]);
		import(h, files[1 - turn]);
		paid[turn] = bill_of(h, b.order_number).paid;
		assert_int_equal(paid[turn], b.amount - 100);
		assert_str(broken(h), S(""));
		hall_close(h);
	}
	assert_int_equal(paid[0], paid[1]);
}

TEST(what_a_later_file_brings_with_its_reference_leaves_the_list)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	import(h, file_of("N1", no_words("a", b.amount)));
	assert_int_equal(list_count(h), 1);
	import(h, file_of("N2", payment("a", b.amount, b.reference)));
	assert_int_equal(bill_of(h, b.order_number).paid, b.amount);
	assert_int_equal(list_count(h), 0);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(what_is_no_bank_file_is_refused_whole)
{
	struct hall *h = hall_open(10, 2, 6);
	struct payment_result r;
	assert_status(import_bytes(h, S("name;amount\n"), &r), REFUSED);
	assert_status(import_bytes(h, S(""), &r), REFUSED);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM payment_import"), 0);
	hall_close(h);
}

TEST(one_import_at_a_time_and_a_dead_one_gives_way)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	struct payment_result r;
	do_sql(h->db, "INSERT INTO payment_import (institution, state, file_name, made_at, lease_until, by_name) VALUES ($1, 'staging', 'x', 1, $2, 'y')",
		int64(h->theatre.institution), int64(store_now(h->db) + HOUR));
	assert_status(import_bytes(h, file_of("N1", payment("a", b.amount, b.reference)), &r), REFUSED);
	do_sql(h->db, "UPDATE payment_import SET lease_until = 5");
	assert_str(outcomes(h, import(h, file_of("N1", payment("a", b.amount, b.reference)))), S("paid"));
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM payment_import"), 1);
	hall_close(h);
}

/* ---- stopped ---- */

TEST(an_import_that_was_killed_goes_on_and_books_each_line_once)
{
	enum { ORDERS = 6 };
	struct hall *h = hall_open(100, 1, 1);
	struct str entries = S("");
	int64_t due = 0;
	for (int i = 0; i < ORDERS; i++) {
		const char *who = str_c(mem, str_format(mem, "buyer%d", i));
		struct bill b = bill_of(h, bought(h, h->standing, who, 1));
		entries = both(entries, payment(who, b.amount, b.reference));
		due += b.amount;
	}
	struct str file = file_of("N1", entries), url = database_url();
	for (int after = 1; after <= 16; after *= 2) { /* milliseconds: while it stages, while it decides */
		pid_t child = fork();
		if (child == 0) {
			struct store *s = database_open(url);
			struct bank_input input = bank_input_of(&file);
			const struct payment_file f = { h->theatre.institution, S("camt.xml"), &input, S("Anne") };
			struct payment_result r;
			struct problem why = problem_in(mem);
			payments_import(store_conn(s), mem, &f, &r, &why);
			_exit(0);
		}
		usleep((useconds_t)after * 1000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		do_sql(h->db, "UPDATE payment_import SET lease_until = 5 WHERE state = 'staging'");
	}
	import(h, file);
	assert_int_equal(sql_number(h->db, "SELECT CAST(sum(paid) AS BIGINT) FROM bill"), due);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM customer_order WHERE state = 'settled'"), ORDERS);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM payment_import WHERE state <> 'done'"), 0);
	assert_str(broken(h), S(""));
	hall_close(h);
}

TEST(what_was_accepted_is_decided_by_whoever_comes_next)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	int64_t first = import(h, file_of("N1", no_words("c", 100)));
	/* As if the program had been stopped between accepting and deciding. */
	do_sql(h->db, "DELETE FROM payment_case_key");
	do_sql(h->db, "DELETE FROM payment_case");
	do_sql(h->db, "DELETE FROM payment_key");
	do_sql(h->db, "UPDATE import_line SET outcome = NULL, money = 0, decided_at = NULL");
	do_sql(h->db, "UPDATE payment_import SET state = 'accepted', done_at = NULL");
	import(h, file_of("N2", payment("a", b.amount, b.reference)));
	assert_str(outcomes(h, first), S("no-reference"));
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- by hand ---- */

struct hand {
	struct hall *h;
	int64_t line;
	struct str bill, reason;
	struct problem why;
};

static enum status assign(struct conn *db, void *arg)
{
	struct hand *x = arg;
	struct actor who = actor_command(x->h->theatre.institution, S("Anne"));
	return payment_assign(db, mem, &who, x->line, x->bill, x->reason, &x->why);
}

static enum status by_hand(struct hall *h, struct str bill, const char *reason)
{
	struct hand x = { h, sql_number(h->db, "SELECT min(import_line) FROM payment_case"), bill, str_of(reason), problem_in(mem) };
	return store_write(h->db, assign, &x);
}

TEST(money_is_put_on_a_bill_by_hand_once_and_with_a_reason)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	import(h, file_of("N1", no_words("a", b.amount)));
	assert_status(by_hand(h, bill_number(mem, &b), ""), REFUSED);
	assert_status(by_hand(h, S("2026-99999"), "she called"), REFUSED);
	assert_status(by_hand(h, bill_number(mem, &b), "she called"), OK);
	assert_status(by_hand(h, bill_number(mem, &b), "she called"), NOT_FOUND);
	assert_int_equal(order_of(h, b.order_number).state, ORDER_SETTLED);
	assert_int_equal(list_count(h), 0);
	assert_str(broken(h), S(""));
	/* The bank tells of it again, with its reference: it is booked already. */
	import(h, file_of("N2", payment("a", b.amount, b.reference)));
	assert_int_equal(bill_of(h, b.order_number).paid, b.amount);
	assert_str(broken(h), S(""));
	hall_close(h);
}

/* ---- audit ---- */

TEST(a_franc_that_vanishes_is_missed)
{
	struct hall *h = hall_open(10, 2, 6);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 1));
	import(h, file_of("N1", both(payment("a", b.amount, b.reference), no_words("c", 700))));
	assert_str(broken(h), S(""));
	do_sql(h->db, "UPDATE payment_case SET amount = amount - 100");
	assert_str(broken(h), S("money"));
	do_sql(h->db, "UPDATE payment_case SET amount = amount + 100");
	do_sql(h->db, "UPDATE bill SET paid = paid + 100");
	assert_str(broken(h), S("money paid"));
	do_sql(h->db, "UPDATE bill SET paid = paid - 100");
	do_sql(h->db, "UPDATE import_line SET cents = cents + 100 WHERE outcome = 'paid'");
	assert_str(broken(h), S("imports"));
	hall_close(h);
}
