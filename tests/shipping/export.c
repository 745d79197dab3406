/* From a sold ticket to the printing company's files: shipping-rules.md 7, by number. */
#include "test.h"

#include <pthread.h>

#include "formats/csv.h"
#include "shipping/house.h"

TEST(case_02_three_tickets_by_post_are_one_shipment_with_one_fee)
{
	struct house *h = house_open(10, 1, 4);
	int64_t order = paid_order(h, "jeanne", 3);
	struct shipment s = shipment_of(h, order);
	struct piece *pieces;
	size_t count;
	assert_int_equal(s.state, SHIPMENT_READY);
	assert_str(s.address.name, S("Jeanne Rochat"));
	assert_str(s.address.town, S("Neuchâtel"));
	assert_status(shipment_pieces(h->db, mem, s.id, &pieces, &count), OK);
	assert_int_equal(count, 1);
	assert_int_equal(pieces[0].ticket_count, 3);
	assert_int_equal(sql_number(h->db, "SELECT sum(quantity * price) FROM order_line WHERE kind = 'shipment'"), 500);
	assert_audit(h->db);
	house_close(h);
}

/* The ways that the checkout shows WHO for what is in the basket. */
static struct till till_of(struct house *h, const char *who)
{
	struct basket_owner owner = buyer_of(mem, who);
	struct till t;
	assert_status(till_open(h->db, mem, &h->hall->seller, &owner, LANG_FR, &t), OK);
	return t;
}

TEST(case_01_four_working_days_before_post_is_too_late_and_the_other_way_is_not)
{
	struct house *h = house_open(10, 1, 4);
	assert_int_equal(take(h->hall, h->hall->standing, "jeanne", 1), BASKET_DONE);
	assert_false(till_of(h, "jeanne").modes[0].is_too_late);
	do_sql(h->db, "UPDATE performance SET starts_at = $1", int64(store_now(h->db) + 4 * DAY)); /* at most four of which are working days */
	struct till t = till_of(h, "jeanne");
	assert_str(t.modes[0].code, S("post"));
	assert_true(t.modes[0].is_too_late); /* shown, with its reason */
	assert_false(t.modes[1].is_too_late);
	int64_t number;
	assert_int_equal(buy_by(h->hall, "jeanne", "post", &number), CHECKOUT_REFUSED);
	house_close(h);
}

TEST(case_03_a_mode_for_this_country_does_not_go_to_another)
{
	struct house *h = house_open(10, 1, 4);
	assert_int_equal(take(h->hall, h->hall->standing, "jeanne", 1), BASKET_DONE);
	struct till t = till_of(h, "jeanne");
	assert_true(shipment_mode_reaches(&t.modes[0], &h->hall->seller, S("CH")));
	assert_false(shipment_mode_reaches(&t.modes[0], &h->hall->seller, S("FR")));
	assert_true(shipment_mode_reaches(&t.modes[1], &h->hall->seller, S("FR")));
	house_close(h);
}

TEST(case_04_a_fee_by_the_ticket_counts_the_products_that_count_for_it)
{
	struct house *h = house_open(10, 1, 4);
	int64_t number;
	do_sql(h->db, "UPDATE shipment_mode SET fee = 200, fee_per = 'ticket' WHERE code = 'post'");
	do_sql(h->db, "UPDATE event SET is_in_shipment_fee = FALSE WHERE code = 'carmen'");
	assert_int_equal(take(h->hall, h->hall->standing, "jeanne", 3), BASKET_DONE);
	assert_int_equal(take(h->hall, h->hall->seated, "jeanne", 1), BASKET_DONE);
	struct till t = till_of(h, "jeanne");
	assert_int_equal(t.modes[0].fee, 600);
	assert_int_equal(till_total(&t, &t.modes[0]), till_total(&t, &t.modes[1]) + 600);
	assert_int_equal(buy_by(h->hall, "jeanne", "post", &number), CHECKOUT_DONE);
	assert_int_equal(sql_number(h->db, "SELECT sum(quantity * price) FROM order_line WHERE kind = 'shipment'"), 600);
	assert_int_equal(sql_number(h->db, "SELECT quantity FROM order_line WHERE kind = 'shipment'"), 3);
	assert_audit(h->db);
	house_close(h);
}

TEST(from_an_amount_on_shipment_is_free)
{
	struct house *h = house_open(10, 1, 4);
	int64_t number;
	do_sql(h->db, "UPDATE shipment_mode SET free_from = 7000 WHERE code = 'post'");
	assert_int_equal(take(h->hall, h->hall->standing, "jeanne", 1), BASKET_DONE);
	assert_int_equal(till_of(h, "jeanne").modes[0].fee, 500);
	assert_int_equal(take(h->hall, h->hall->standing, "jeanne", 1), BASKET_DONE);
	assert_int_equal(till_of(h, "jeanne").modes[0].fee, 0);
	assert_int_equal(buy_by(h->hall, "jeanne", "post", &number), CHECKOUT_DONE);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM order_line WHERE kind = 'shipment'"), 0);
	house_close(h);
}

TEST(case_05_unpaid_it_is_held_and_in_no_export_and_paid_it_is_ready_at_once)
{
	struct house *h = house_open(10, 1, 4);
	struct paying x = { .order = ordered(h, "jeanne", 2) };
	struct batch b;
	assert_int_equal(shipment_of(h, x.order).state, SHIPMENT_HELD);
	assert_int_equal(shipment_of(h, x.order).holds, HOLD_PAYMENT);
	assert_status(batch_export(h->db, mem, &h->actor, &h->printer, &b), NOT_FOUND);
	in_write(h->db, pay_in_full, &x);
	assert_int_equal(shipment_of(h, x.order).state, SHIPMENT_READY);
	assert_int_equal(exported(h).lines, 2);
	assert_audit(h->db);
	house_close(h);
}

TEST(an_order_that_is_printed_at_home_has_no_shipment)
{
	struct house *h = house_open(10, 1, 4);
	int64_t number;
	assert_int_equal(take(h->hall, h->hall->standing, "jeanne", 1), BASKET_DONE);
	assert_int_equal(buy_by(h->hall, "jeanne", "print-at-home", &number), CHECKOUT_DONE);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM shipment"), 0);
	house_close(h);
}

/* The column NAME of each row of a file of ours, quotes undone by the reader for spreadsheets. */
static struct str column_of(struct str file, const char *name, size_t row)
{
	struct csv c = csv_of(file, ';');
	struct csv_row r;
	size_t at = 0;
	if (csv_next(mem, &c, &r) != CSV_ROW) fail_msg("no header");
	while (at < r.count && !str_eq(r.fields[at], str_of(name))) at++;
	if (at == r.count) fail_msg("no column %s", name);
	for (size_t i = 0; csv_next(mem, &c, &r) == CSV_ROW; i++)
		if (i == row) return r.fields[at];
	fail_msg("no row %zu", row);
	return (struct str){ 0 };
}

static size_t rows_of(struct str file)
{
	struct csv c = csv_of(file, ';');
	struct csv_row r;
	size_t n = 0;
	while (csv_next(mem, &c, &r) == CSV_ROW) n++;
	return n - 1;
}

static const char *buyer_name(int i)
{
	return str_c(mem, str_format(mem, "buyer-%d", i));
}

TEST(case_06_120_tickets_in_50_shipments_make_120_lines_50_letters_and_a_manifest)
{
	struct house *h = house_open(200, 1, 4);
	for (int i = 0; i < 50; i++) paid_order(h, buyer_name(i), i < 20 ? 3 : 2);
	struct batch b = exported(h);
	struct str tickets = file_text(h, b.tickets_file), letters = file_text(h, b.letters_file), manifest = file_text(h, b.manifest_file);
	assert_int_equal(b.lines, 120);
	assert_int_equal(b.shipments, 50);
	assert_int_equal(b.pieces, 50);
	assert_int_equal(rows_of(tickets), 120);
	assert_int_equal(rows_of(letters), 50);
	assert_str(column_of(manifest, "SHA256", 0), str_hex(mem, sha256_of(mem, tickets)));
	assert_str(column_of(manifest, "LINES", 0), S("120"));
	assert_str(column_of(manifest, "FILE_NAME", 0), str_format(mem, "tickets_%.*s.csv", STR_ARG(batch_number(mem, b.number))));
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM shipment WHERE state = 'in_print'"), 50);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM ticket WHERE state = 'sold'"), 120); /* not printed yet */
	assert_audit(h->db);
	house_close(h);
}

TEST(a_line_says_what_the_house_needs_to_print_and_pack)
{
	struct house *h = house_open(10, 1, 4);
	paid_order(h, "jeanne", 2);
	struct batch b = exported(h);
	struct str f = file_text(h, b.tickets_file);
	static const char *const want[][2] = { { "LINE_NUMBER", "2" }, { "BATCH_LINES", "2" }, { "BAR_CODE_TYPE", "QR" }, { "COPY", "1" },
		{ "TICKET_STATE", "NOT_PRINTED" }, { "LAYOUT_CODE", "A6-BLUE" }, { "PIECE", "1" }, { "PIECES", "1" }, { "TICKET_IN_PIECE", "2" },
		{ "TICKETS_IN_PIECE", "2" }, { "SHIPMENT_MODE_CODE", "post" }, { "POSTAL_SERVICE", "A_PLUS" }, { "PRODUCT_NAME", "concert" },
		{ "PRICE", "35.00" }, { "CURRENCY", "CHF" }, { "TARIFF_CODE", "full" }, { "LANGUAGE", "fr" }, { "ADDRESS_1", "Jeanne Rochat" },
		{ "ADDRESS_2", "Rue des Moulins 27" }, { "ADDRESS_3", "2000 Neuchâtel" }, { "ADDRESS_4", "" }, { "COUNTRY", "CH" },
		{ "SENDER_1", "Théâtre du Lac" } };
	assert_true(str_starts(f, S("\xEF\xBB\xBF\"BATCH_NUMBER\";\"LINE_NUMBER\"")));
	assert_true(str_ends(f, S("\r\n")));
	for (size_t i = 0; i < COUNT(want); i++) assert_str(column_of(f, want[i][0], 1), str_of(want[i][1]));
	assert_int_equal(column_of(f, "BAR_CODE", 0).len, BARCODE_LENGTH);
	assert_int_equal(str_find(f, S("jeanne@example.org")), -1); /* never e-mail, phone, birth date */
	house_close(h);
}

/* ---- several at once ---- */

struct operator
{
	struct house *house;
	struct store *store;
	int64_t lines;
	enum status st;
};

static void *export_now(void *arg)
{
	struct operator* o = arg;
	struct arena *a = arena_new();
	struct batch b;
	o->st = batch_export(store_conn(o->store), a, &o->house->actor, &o->house->printer, &b);
	o->lines = o->st == OK ? b.lines : 0;
	arena_free(a);
	return NULL;
}

#define TIMES 100

TEST(case_07_of_two_operators_who_export_at_once_each_ticket_is_in_one_batch_a_hundred_times)
{
	struct house *h = house_open(TIMES * 6, 1, 4);
	int64_t lines = 0;
	for (int i = 0; i < TIMES; i++) {
		struct operator two[2] = { { h, h->hall->theatre.store, 0, OK }, { h, h->hall->theatre.store, 0, OK } };
		pthread_t threads[2];
		for (int k = 0; k < 3; k++) paid_order(h, buyer_name(i * 3 + k), 2);
		for (int k = 0; k < 2; k++) pthread_create(&threads[k], NULL, export_now, &two[k]);
		for (int k = 0; k < 2; k++) pthread_join(threads[k], NULL);
		for (int k = 0; k < 2; k++)
			if (two[k].st && two[k].st != NOT_FOUND) fail_msg("export: %s", status_name(two[k].st));
		lines += two[0].lines + two[1].lines;
	}
	struct batch rest; /* what one passed over because the other was just looking at it */
	if (batch_export(h->db, mem, &h->actor, &h->printer, &rest) == OK) lines += rest.lines;
	assert_int_equal(lines, TIMES * 6);
	assert_int_equal(sql_number(h->db, "SELECT count(DISTINCT ticket) FROM print_line"), TIMES * 6);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM print_line"), TIMES * 6);
	assert_audit(h->db);
	house_close(h);
}

TEST(case_08_a_day_later_the_file_has_the_same_bytes_and_both_downloads_are_logged)
{
	struct house *h = house_open(10, 1, 4);
	paid_order(h, "jeanne", 2);
	struct batch b = exported(h);
	struct str first = file_text(h, b.tickets_file);
	do_sql(h->db, "UPDATE event_text SET title = 'Another title'");
	assert_str(file_text(h, b.tickets_file), first);
	house_close(h);
}

TEST(case_09_nothing_ready_makes_no_batch)
{
	struct house *h = house_open(10, 1, 4);
	struct batch b;
	assert_status(batch_export(h->db, mem, &h->actor, &h->printer, &b), NOT_FOUND);
	paid_order(h, "jeanne", 2);
	exported(h);
	assert_status(batch_export(h->db, mem, &h->actor, &h->printer, &b), NOT_FOUND); /* nothing new */
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM print_batch"), 1);
	house_close(h);
}

TEST(case_10_a_name_is_exact_in_utf_8_and_listed_and_transliterated_in_windows_1252)
{
	struct house *h = house_open(10, 1, 4);
	paid_order(h, "jeanne", 1);
	do_sql(h->db, "UPDATE shipment SET name = 'Łukasz Şahin; \"Wagner\"'");
	struct batch b = exported(h);
	assert_str(column_of(file_text(h, b.tickets_file), "NAME", 0), S("Łukasz Şahin; \"Wagner\""));
	assert_int_equal(b.changed_text.len, 0);
	h->printer.encoding = ENCODING_WINDOWS_1252;
	printer_change(h);
	paid_order(h, "karl", 1);
	do_sql(h->db, "UPDATE shipment SET name = 'Łukasz Şahin; \"Wagner\"' WHERE state = 'ready'");
	b = exported(h);
	assert_str(column_of(file_text(h, b.tickets_file), "NAME", 0), S("Lukasz Sahin; \"Wagner\""));
	assert_str(b.changed_text, S("Łukasz Şahin; \"Wagner\" → Lukasz Sahin; \"Wagner\"\n"));
	house_close(h);
}

TEST(case_28_thirty_tickets_are_three_pieces_of_twelve_twelve_and_six)
{
	struct house *h = house_open(40, 1, 4);
	do_sql(h->db, "UPDATE sales_channel SET places_most = 30");
	assert_status(seller_get(h->db, mem, h->hall->theatre.shop, &h->hall->seller), OK);
	struct shipment s = shipment_of(h, paid_order(h, "jeanne", 30));
	struct piece *pieces;
	size_t count;
	assert_status(shipment_pieces(h->db, mem, s.id, &pieces, &count), OK);
	assert_int_equal(count, 3);
	assert_int_equal(pieces[0].ticket_count, 12);
	assert_int_equal(pieces[1].ticket_count, 12);
	assert_int_equal(pieces[2].ticket_count, 6);
	house_close(h);
}

/* ---- after the export ---- */

struct moving {
	struct house *house;
	struct address to;
	int64_t shipment;
	struct problem why;
	enum status st;
};

static enum status move(struct conn *db, void *arg)
{
	struct moving *x = arg;
	x->why = problem_in(mem);
	x->st = shipment_address_set(db, mem, x->house->actor.institution, x->shipment, &x->to, &x->why);
	return x->st == REFUSED ? OK : x->st;
}

TEST(case_40_an_address_changes_before_the_export_and_not_after)
{
	struct house *h = house_open(10, 1, 4);
	struct shipment s = shipment_of(h, paid_order(h, "jeanne", 1));
	struct moving x = { .house = h, .to = s.address, .shipment = s.id };
	x.to.town = S("Marin");
	in_write(h->db, move, &x);
	assert_status(x.st, OK);
	struct batch b = exported(h);
	assert_str(column_of(file_text(h, b.tickets_file), "TOWN", 0), S("Marin"));
	x.to.town = S("Bern");
	in_write(h->db, move, &x);
	assert_status(x.st, REFUSED);
	assert_int_equal(x.why.first->message, MSG_SHIPMENT_AT_PRINTER);
	house_close(h);
}

TEST(case_41_a_gift_has_no_price_on_its_ticket)
{
	struct house *h = house_open(10, 1, 4);
	paid_order(h, "jeanne", 1);
	do_sql(h->db, "UPDATE shipment SET is_gift = TRUE");
	assert_str(column_of(file_text(h, exported(h).tickets_file), "PRICE_TEXT", 0), S(""));
	house_close(h);
}

struct withdrawing {
	struct house *house;
	struct batch *batch;
	const int64_t *lines;
	size_t count;
	int64_t withdrawn;
};

static enum status withdraw(struct conn *db, void *arg)
{
	struct withdrawing *x = arg;
	return batch_withdraw(db, mem, &x->house->actor, x->batch, x->lines, x->count, &x->withdrawn);
}

TEST(withdrawn_lines_free_their_shipments_and_go_with_the_next_batch)
{
	struct house *h = house_open(10, 1, 4);
	int64_t one = paid_order(h, "jeanne", 2), two = paid_order(h, "karl", 1);
	struct batch b = exported(h), again;
	const int64_t lines[] = { 1, 2 };
	struct withdrawing x = { h, &b, lines, 2, 0 };
	struct str file;
	in_write(h->db, withdraw, &x);
	assert_int_equal(x.withdrawn, 2);
	assert_int_equal(shipment_of(h, one).state, SHIPMENT_READY);
	assert_int_equal(shipment_of(h, two).state, SHIPMENT_IN_PRINT);
	assert_status(batch_withdrawals(h->db, mem, &b, &h->printer, &file), OK);
	assert_int_equal(rows_of(file), 2);
	again = exported(h);
	assert_int_equal(again.lines, 2);
	x = (struct withdrawing){ h, &again, NULL, 0, 0 };
	in_write(h->db, withdraw, &x);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM print_batch WHERE state = 'cancelled'"), 1);
	assert_audit(h->db);
	house_close(h);
}

TEST(case_11_a_ticket_cancelled_after_the_export_is_on_the_withdrawal_file)
{
	struct house *h = house_open(10, 1, 4);
	struct paying x = { .order = paid_order(h, "jeanne", 2) };
	struct batch b = exported(h);
	struct str file;
	in_write(h->db, end_order, &x);
	assert_int_equal(shipment_of(h, x.order).state, SHIPMENT_CANCELLED);
	assert_status(batch_withdrawals(h->db, mem, &b, &h->printer, &file), OK);
	assert_int_equal(rows_of(file), 2);
	assert_audit(h->db);
	house_close(h);
}

TEST(a_batch_that_nobody_goes_on_making_is_undone)
{
	struct house *h = house_open(10, 1, 4);
	int64_t order = paid_order(h, "jeanne", 2);
	struct batch b = exported(h);
	do_sql(h->db, "UPDATE print_batch SET state = 'making', exported_at = NULL, tickets_file = NULL, touched_at = touched_at - $1 WHERE id = $2",
		int64(BATCH_GIVEN_UP + SECOND), int64(b.id));
	assert_status(batch_sweep(h->db), OK);
	assert_int_equal(shipment_of(h, order).state, SHIPMENT_READY);
	assert_int_equal(exported(h).lines, 2);
	assert_audit(h->db);
	house_close(h);
}

TEST(case_45_after_its_days_a_file_is_gone_and_its_hash_stays)
{
	struct house *h = house_open(10, 1, 4);
	paid_order(h, "jeanne", 2);
	struct batch b = exported(h);
	struct stored_file f;
	struct str bytes;
	do_sql(h->db, "UPDATE stored_file SET keep_until = $1", int64(store_now(h->db) - 1));
	assert_status(file_sweep(h->db), OK);
	assert_status(file_read(h->db, mem, h->actor.institution, b.tickets_file, &bytes), NOT_FOUND);
	assert_status(file_get(h->db, mem, h->actor.institution, b.tickets_file, &f), OK);
	assert_true(f.gone_at > 0);
	assert_int_equal(f.sha256.len, 32);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM stored_file_part"), 0);
	house_close(h);
}

/* Each line of the audit sees a row that was spoilt. */
TEST(the_audit_sees_each_row_that_is_spoilt)
{
	static const struct sql spoils[] = {
		SQL("UPDATE piece_ticket SET is_living = FALSE"),
		SQL("UPDATE print_batch SET lines = lines + 1"),
		SQL("UPDATE print_line SET state = 'printed'"), /* prints: the ticket says none */
		SQL("UPDATE shipment SET state = 'printed'"),	/* in-print */
		SQL("UPDATE piece SET tracking = '983412345612345678', posted_at = 1, state = 'posted'"),
		SQL("UPDATE piece SET told_in = 7"),
	};
	for (size_t i = 0; i < COUNT(spoils); i++) {
		struct house *h = house_open(10, 1, 4);
		paid_order(h, "jeanne", 2);
		exported(h);
		assert_audit(h->db);
		in_write(h->db, theatre_exec, &(struct theatre_sql){ &spoils[i], NULL, 0 });
		struct recounted *out = ARENA_ARRAY(mem, struct recounted, shipping_recount_count + sales_recount_count);
		int64_t differing = 0;
		assert_status(store_snapshot(h->db, recount_both, out), OK);
		for (size_t k = 0; k < shipping_recount_count; k++) differing += out[k].differing;
		if (!differing) fail_msg("not seen: %s", spoils[i].text);
		house_close(h);
	}
}
