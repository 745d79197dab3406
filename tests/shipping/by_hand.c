/* What operators do to shipments by hand, and previews that are made in the background: shipping-rules.md 7, by number where it has one. */
#include "test.h"

#include "documents/outbox.h"
#include "documents/template.h"
#include "shipping/house.h"
#include "shipping/notice.h"
#include "shipping/posting.h"
#include "shipping/status.h"

#define count_of(h, literal) sql_number((h)->db, literal)
#define MAIL_COUNT			 "SELECT count(*) FROM outbox_message WHERE class = 'follow-shipment'"

static enum status install(struct conn *db, void *arg)
{
	return document_types_install(db, ((struct house *)arg)->actor.institution);
}

static struct str barcode(struct house *h, int64_t nth)
{
	static const struct sql q = SQL("SELECT barcode FROM print_line ORDER BY id LIMIT 1 OFFSET $1");
	assert_status(store_row(h->db, &q, int64(nth)), OK);
	return col_text(h->db, 0, mem);
}

struct letting {
	struct house *house;
	int64_t import;
};

static enum status let_go(struct conn *db, void *arg)
{
	struct letting *x = arg;
	return status_apply(db, mem, &x->house->actor, x->import, true);
}

static int64_t uploaded(struct house *h, struct str file, enum preview_when when)
{
	struct problem why = problem_in(mem);
	bool is_before;
	int64_t id;
	assert_status(status_upload(h->db, mem, &h->actor, &h->printer, S("status.csv"), file, when, &id, &is_before, &why), OK);
	assert_false(is_before);
	return id;
}

static void import(struct house *h, struct str file)
{
	struct letting x = { h, uploaded(h, file, PREVIEW_NOW) };
	in_write(h->db, let_go, &x);
	assert_status(status_run(h->db, x.import, 0), OK);
	assert_audit(h->db);
}

/* ORDERS shipments of a ticket each, posted and told of without a number. */
static struct house *posted_house(int orders)
{
	struct house *h = house_open(orders + 5, 1, 4);
	struct buf file = buf_in(mem);
	in_write(h->db, install, h);
	for (int i = 0; i < orders; i++) paid_order(h, str_c(mem, str_format(mem, "buyer-%d", i)), 1);
	exported(h);
	buf_add(&file, S("BAR_CODE;STATE\n"));
	for (int i = 0; i < orders; i++) buf_addf(&file, "%.*s;POSTED\n", STR_ARG(barcode(h, i)));
	import(h, buf_str(&file));
	return h;
}

static int64_t shipment_at(struct house *h, int64_t nth)
{
	static const struct sql q = SQL("SELECT id FROM shipment ORDER BY id LIMIT 1 OFFSET $1");
	assert_status(store_row(h->db, &q, int64(nth)), OK);
	return col_int64(h->db, 0);
}

struct typing {
	struct house *house;
	int64_t shipment;
	struct str number;
	enum number_wish wish;
	struct problem why;
	enum status st;
};

static enum status type_in(struct conn *db, void *arg)
{
	struct typing *x = arg;
	x->why = problem_in(mem);
	x->st = piece_number_set(db, mem, x->house->actor.institution, x->shipment, 1, x->number, x->wish, &x->why);
	return x->st == REFUSED || x->st == NOT_FOUND ? OK : x->st;
}

/* The outcome of typing NUMBER for the letter of the shipment NTH. */
static struct typing typed(struct house *h, int64_t nth, struct str number, enum number_wish wish)
{
	struct typing x = { .house = h, .shipment = shipment_at(h, nth), .number = number, .wish = wish };
	in_write(h->db, type_in, &x);
	assert_audit(h->db);
	return x;
}

TEST(a_number_typed_for_a_letter_is_its_own_and_a_correction_is_due)
{
	struct house *h = posted_house(1);
	bool is_due;
	assert_status(typed(h, 0, S("98 34 123456 12345678"), NUMBER_CHECKED).st, OK);
	assert_int_equal(count_of(h, "SELECT count(*) FROM piece WHERE tracking = '983412345612345678'"), 1);
	assert_status(notice_correction_due(h->db, shipment_at(h, 0), &is_due), OK);
	assert_true(is_due);
	assert_int_equal(count_of(h, MAIL_COUNT), 1); /* offered, not sent */
	house_close(h);
}

TEST(case_30_a_wrong_check_digit_that_is_typed_says_the_right_one_and_may_be_kept)
{
	struct house *h = posted_house(1);
	h->partner.number_form = TRACKING_S10;
	h->partner.refuses_wrong = true;
	partner_change(h);
	struct typing x = typed(h, 0, S("RX123456789CH"), NUMBER_CHECKED);
	assert_status(x.st, REFUSED);
	assert_int_equal(problem_at(&x.why, "tracking_number")->message, MSG_TRACKING_CHECK_DIGIT);
	assert_true(str_find(lang_problem(mem, LANG_EN, &x.why), S("check digit should be 5")) > 0);
	assert_int_equal(count_of(h, "SELECT count(*) FROM piece WHERE tracking <> ''"), 0);
	assert_status(typed(h, 0, S("RX123456789CH"), NUMBER_KEPT).st, OK);
	assert_int_equal(count_of(h, "SELECT count(*) FROM piece WHERE tracking = 'RX123456789CH'"), 1);
	house_close(h);
}

TEST(case_31_a_number_that_is_typed_for_a_second_letter_is_refused_and_names_the_first)
{
	struct house *h = posted_house(2);
	assert_status(typed(h, 0, S("983412345612345678"), NUMBER_CHECKED).st, OK);
	struct typing x = typed(h, 1, S("98.34.123456.12345678"), NUMBER_KEPT);
	assert_status(x.st, REFUSED);
	assert_int_equal(problem_at(&x.why, "tracking_number")->message, MSG_STATUS_LINE_NUMBER_TAKEN);
	assert_status(typed(h, 0, S("983412345612345679"), NUMBER_CHECKED).st, OK); /* it was a mistake: the number is free again */
	assert_status(typed(h, 1, S("983412345612345678"), NUMBER_CHECKED).st, OK);
	house_close(h);
}

TEST(a_number_corrected_by_hand_is_not_undone_by_what_an_old_file_said)
{
	struct house *h = posted_house(1);
	import(h, str_format(mem, "BAR_CODE;TRACKING_NUMBER\n%.*s;983412345600000001\n", STR_ARG(barcode(h, 0))));
	assert_status(typed(h, 0, S("983412345600000002"), NUMBER_CHECKED).st, OK);
	import(h, str_format(mem, "BAR_CODE;STATE\n%.*s;PRINTED\n", STR_ARG(barcode(h, 0))));
	assert_int_equal(count_of(h, "SELECT count(*) FROM piece WHERE tracking = '983412345600000002'"), 1);
	assert_status(typed(h, 0, S(" "), NUMBER_CHECKED).st, OK); /* and taken away */
	assert_int_equal(count_of(h, "SELECT count(*) FROM piece WHERE tracking <> ''"), 0);
	assert_int_equal(count_of(h, "SELECT count(*) FROM tracked_number"), 0);
	house_close(h);
}

TEST(a_letter_that_is_not_there_gets_no_number)
{
	struct house *h = posted_house(1);
	do_sql(h->db, "UPDATE shipment SET state = 'replaced'");
	struct typing x = { .house = h, .shipment = shipment_at(h, 0), .number = S("983412345612345678") };
	in_write(h->db, type_in, &x);
	assert_status(x.st, NOT_FOUND);
	house_close(h);
}

struct telling_again {
	struct house *house;
	struct shipment shipment;
	enum notice_kind kind;
	enum status st;
};

static enum status tell_again(struct conn *db, void *arg)
{
	struct telling_again *x = arg;
	x->st = notice_again(db, mem, &x->shipment, x->kind);
	return x->st == NOT_FOUND ? OK : x->st;
}

TEST(a_mail_that_a_buyer_lost_is_sent_again_and_one_that_never_went_is_not)
{
	struct house *h = posted_house(1);
	struct telling_again x = { .house = h, .shipment = shipment_of(h, count_of(h, "SELECT customer_order FROM shipment")), .kind = NOTICE_SENT };
	in_write(h->db, tell_again, &x);
	assert_status(x.st, OK);
	assert_int_equal(count_of(h, MAIL_COUNT), 2);
	assert_int_equal(count_of(h, "SELECT count(*) FROM notice"), 1); /* the buyer was told one thing */
	x.kind = NOTICE_CORRECTION;
	in_write(h->db, tell_again, &x);
	assert_status(x.st, NOT_FOUND);
	assert_int_equal(count_of(h, MAIL_COUNT), 2);
	house_close(h);
}

/* ---- previews ---- */

static struct status_import report_of(struct house *h, int64_t import)
{
	struct status_import i;
	assert_status(status_get(h->db, mem, h->actor.institution, import, &i), OK);
	return i;
}

/* A line for each of two tickets, and so many that nobody knows that a preview of it takes its time. */
static struct str long_file(struct house *h)
{
	struct buf file = buf_in(mem);
	buf_add(&file, S("BAR_CODE;STATE\n"));
	for (int i = 0; i < 2; i++) buf_addf(&file, "%.*s;POSTED\n", STR_ARG(barcode(h, i)));
	for (int i = 0; i < PREVIEW_AT_ONCE; i++) buf_addf(&file, "NOBODYS%d;POSTED\n", i);
	return buf_str(&file);
}

static struct house *two_in_print(void)
{
	struct house *h = house_open(10, 1, 4);
	in_write(h->db, install, h);
	paid_order(h, "jeanne", 1);
	paid_order(h, "karl", 1);
	exported(h);
	return h;
}

TEST(a_long_files_preview_is_made_in_the_background_and_its_count_moves)
{
	struct house *h = two_in_print();
	struct status_preview *p = NULL;
	int64_t id = uploaded(h, long_file(h), PREVIEW_LATER), last = 0;
	struct letting early = { h, id };
	assert_int_equal(report_of(h, id).state, IMPORT_READING);
	assert_status(store_write(h->db, let_go, &early), NOT_FOUND); /* nobody applies what nobody has seen */
	for (int turns = 0; report_of(h, id).state == IMPORT_READING; turns++) {
		struct status_import i = report_of(h, id);
		assert_true(i.done >= last && i.done <= i.lines);
		if (turns) assert_true(i.done > last);
		last = i.done;
		assert_status(status_preview_go(h->db, &p, INT64_MIN), OK);
	}
	assert_null(p);
	struct status_import i = report_of(h, id);
	assert_int_equal(i.state, IMPORT_READ);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 2);
	assert_int_equal(i.counts[OUTCOME_REFUSED], PREVIEW_AT_ONCE);
	assert_int_equal(i.mails, 2);
	assert_status(status_preview_go(h->db, &p, INT64_MAX), NOT_FOUND);
	in_write(h->db, let_go, &early);
	assert_status(status_run(h->db, id, 0), OK);
	assert_int_equal(report_of(h, id).counts[OUTCOME_APPLIED], 2);
	assert_audit(h->db);
	house_close(h);
}

TEST(a_preview_whose_process_died_is_begun_anew_by_the_next)
{
	struct house *h = two_in_print();
	struct status_preview *dead = NULL, *next = NULL;
	int64_t id = uploaded(h, long_file(h), PREVIEW_LATER);
	assert_status(status_preview_go(h->db, &dead, INT64_MIN), OK);
	assert_non_null(dead);
	assert_status(status_preview_go(h->db, &next, INT64_MAX), NOT_FOUND); /* it may live */
	do_sql(h->db, "UPDATE status_import SET touched_at = touched_at - $1", int64(PREVIEW_LEASE + SECOND));
	assert_status(status_preview_go(h->db, &next, INT64_MIN), OK);
	assert_status(status_preview_go(h->db, &next, INT64_MAX), OK);
	assert_int_equal(report_of(h, id).state, IMPORT_READ);
	assert_int_equal(report_of(h, id).counts[OUTCOME_APPLIED], 2);
	assert_status(status_preview_go(h->db, &dead, INT64_MAX), NOT_FOUND); /* it lived, and finds that it is done */
	assert_null(dead);
	assert_int_equal(report_of(h, id).counts[OUTCOME_APPLIED], 2);
	house_close(h);
}

/* ---- interfaces ---- */

TEST(a_host_that_is_none_and_a_code_that_is_a_page_are_refused)
{
	struct house *h = house_open(10, 1, 4);
	static const char *const hosts[] = { "https://service.post.ch", "service.post.ch/x", "post", "a b.ch", "Post.ch" };
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct saving x = { &h->actor, NULL, &h->partner, problem_in(mem), OK };
		h->partner.host = str_of(hosts[i]);
		assert_status(store_write(h->db, save_partner, &x), REFUSED);
		assert_int_equal(problem_at(&x.why, "host")->message, MSG_PARTNER_HOST_WRONG);
	}
	struct partner named = h->partner;
	named.host = S("service.post.ch");
	named.interface.id = 0;
	named.interface.code = S("new");
	struct saving x = { &h->actor, NULL, &named, problem_in(mem), OK };
	assert_status(store_write(h->db, save_partner, &x), REFUSED);
	assert_int_equal(problem_at(&x.why, "code")->message, MSG_INTERFACE_CODE_TAKEN);
	house_close(h);
}

TEST(the_example_of_each_form_has_its_form)
{
	for (int form = 0; form < TRACKING_FORMS; form++) {
		struct partner p = { .number_form = (enum tracking_form)form, .pattern = S("##@-**") };
		struct str sample = partner_sample(mem, &p);
		if (tracking_read(mem, sample, p.number_form, p.pattern).fault) fail_msg("%s: %s", tracking_form_codes[form], str_c(mem, sample));
	}
}
