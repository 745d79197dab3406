/* What a printing company's file does: shipping-rules.md 7, by number. */
#include "test.h"

#include "documents/outbox.h"
#include "documents/template.h"
#include "shipping/house.h"
#include "shipping/notice.h"
#include "shipping/posting.h"
#include "shipping/status.h"
#include "shipping/track.h"

static enum status install(struct conn *db, void *arg)
{
	struct house *h = arg;
	return document_types_install(db, h->actor.institution);
}

/* ORDERS paid orders of EACH tickets, exported. */
static struct house *exported_house(int orders, int each, struct batch *b)
{
	struct house *h = house_open(orders * each + 5, 1, 4);
	in_write(h->db, install, h);
	for (int i = 0; i < orders; i++) paid_order(h, str_c(mem, str_format(mem, "buyer-%d", i)), each);
	*b = exported(h);
	return h;
}

struct applying {
	struct house *house;
	int64_t import;
	bool sends;
	enum status st;
};

static enum status let_go(struct conn *db, void *arg)
{
	struct applying *x = arg;
	x->st = status_apply(db, mem, &x->house->actor, x->import, x->sends);
	return x->st;
}

enum mails { NO_MAILS, MAILS };

static struct status_import report_of(struct house *h, int64_t import)
{
	struct status_import i;
	assert_status(status_get(h->db, mem, h->actor.institution, import, &i), OK);
	return i;
}

static struct status_import imported(struct house *h, struct str file, enum mails mails)
{
	struct applying x = { .house = h, .sends = mails == MAILS };
	struct problem why = problem_in(mem);
	bool is_before;
	enum status st = status_upload(h->db, mem, &h->actor, &h->printer, S("status.csv"), file, PREVIEW_NOW, &x.import, &is_before, &why);
	if (st) fail_msg("upload: %s", problem_any(&why) ? str_c(mem, lang_problem(mem, LANG_EN, &why)) : status_name(st));
	if (!is_before) {
		in_write(h->db, let_go, &x);
		assert_status(status_run(h->db, x.import, 0), OK);
	}
	struct status_import i = report_of(h, x.import);
	assert_int_equal(i.state, IMPORT_APPLIED);
	assert_audit(h->db);
	return i;
}

static enum message refused_whole(struct house *h, struct str file)
{
	struct problem why = problem_in(mem);
	int64_t id;
	bool is_before;
	assert_status(status_upload(h->db, mem, &h->actor, &h->printer, S("status.csv"), file, PREVIEW_NOW, &id, &is_before, &why), REFUSED);
	return why.first->message;
}

/* Barcodes of the batch by line. */
static struct str barcode(struct house *h, const struct batch *b, int64_t line)
{
	static const struct sql q = SQL("SELECT barcode FROM print_line WHERE batch = $1 AND line = $2");
	assert_status(store_row(h->db, &q, int64(b->id), int64(line)), OK);
	return col_text(h->db, 0, mem);
}

static struct str tracking_number(int i)
{
	return str_format(mem, "98.34.123456.%08d", i);
}

/* A line each for ORDERS shipments of EACH tickets, with a number where WITH says so. */
static struct str posted_file(struct house *h, const struct batch *b, int orders, int each, bool (*with)(int order))
{
	struct buf f = buf_in(mem);
	buf_add(&f, S("BAR_CODE;TICKET_STATE;TRACKING_NUMBER\r\n"));
	for (int o = 0; o < orders; o++)
		for (int t = 0; t < each; t++)
			buf_addf(&f, "%.*s;POSTED;%.*s\r\n", STR_ARG(barcode(h, b, o * each + t + 1)), STR_ARG(with(o) ? tracking_number(o) : S("")));
	return buf_str(&f);
}

static bool all(int order)
{
	return order >= 0;
}

static bool none(int order)
{
	return order < 0;
}

static bool half(int order)
{
	return order % 2;
}

#define count_of(h, literal) sql_number((h)->db, literal)
#define MAIL_COUNT			 "SELECT count(*) FROM outbox_message WHERE class = 'follow-shipment'"

TEST(case_12_the_export_file_sent_back_unchanged_prints_and_posts_nothing)
{
	struct batch b;
	struct house *h = exported_house(5, 2, &b);
	struct status_import i = imported(h, file_text(h, b.tickets_file), MAILS);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 10);
	assert_int_equal(i.unknown.len, 0);
	assert_int_equal(count_of(h, "SELECT count(*) FROM ticket WHERE state = 'printed'"), 10);
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'printed'"), 5);
	assert_int_equal(count_of(h, MAIL_COUNT), 0);
	assert_int_equal(count_of(h, "SELECT count(*) FROM print_batch WHERE state = 'complete'"), 1);
	house_close(h);
}

TEST(case_12_printed_means_posted_where_the_house_does_both)
{
	struct batch b;
	struct house *h = exported_house(5, 2, &b);
	h->printer.is_printed_posted = true;
	printer_change(h);
	struct status_import i = imported(h, file_text(h, b.tickets_file), MAILS);
	assert_int_equal(i.mails, 5);
	assert_int_equal(count_of(h, MAIL_COUNT), 5);
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'sent'"), 5);
	house_close(h);
}

TEST(case_13_posted_with_numbers_is_one_mail_a_shipment)
{
	struct batch b;
	struct house *h = exported_house(6, 2, &b);
	imported(h, posted_file(h, &b, 6, 2, all), MAILS);
	assert_int_equal(count_of(h, MAIL_COUNT), 6);
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'sent'"), 6);
	assert_int_equal(count_of(h, "SELECT count(*) FROM ticket WHERE state = 'printed'"), 12);
	assert_int_equal(count_of(h, "SELECT count(*) FROM piece WHERE tracking <> ''"), 6);
	house_close(h);
}

static struct letter_about about_of(struct house *h, int64_t nth)
{
	static const struct sql q = SQL("SELECT about_id FROM outbox_message WHERE class = 'follow-shipment' ORDER BY id LIMIT 1 OFFSET $1");
	struct letter_about about;
	assert_status(store_row(h->db, &q, int64(nth)), OK);
	assert_status(notice_about(h->db, mem, h->actor.institution, col_int64(h->db, 0), &about), OK);
	return about;
}

static const struct docx_value *value_of(const struct docx_values *values, const char *name)
{
	for (size_t i = 0; i < values->count; i++)
		if (str_eq(values->at[i].name, str_of(name))) return &values->at[i];
	fail_msg("no value %s", name);
	return NULL;
}

TEST(cases_14_and_15_each_mail_has_its_own_branch)
{
	struct batch b;
	struct house *h = exported_house(4, 2, &b);
	imported(h, posted_file(h, &b, 4, 2, half), MAILS);
	assert_int_equal(count_of(h, MAIL_COUNT), 4);
	for (int o = 0; o < 4; o++) {
		struct letter_about about = about_of(h, o);
		assert_int_equal(value_of(&about.values, "has_tracking")->is_true, half(o));
		const struct docx_value *pieces = value_of(&about.values, "pieces");
		assert_int_equal(pieces->item_count, 1);
		struct str link = value_of(&pieces->items[0], "piece.tracking_url")->text;
		if (half(o)) assert_str(link, str_format(mem, "https://service.post.ch/ekp-web/ui/entry/search/9834123456%08d?lang=fr", o));
		else assert_int_equal(link.len, 0);
		assert_int_equal(value_of(&about.values, "tickets")->item_count, 2);
		assert_str(about.path, S("/follow"));
	}
	house_close(h);
}

TEST(case_14_without_any_number_all_are_told)
{
	struct batch b;
	struct house *h = exported_house(3, 2, &b);
	imported(h, posted_file(h, &b, 3, 2, none), MAILS);
	assert_int_equal(count_of(h, MAIL_COUNT), 3);
	house_close(h);
}

struct sending {
	struct house *house;
	int64_t import, count;
};

static enum status send_now(struct conn *db, void *arg)
{
	struct sending *x = arg;
	return status_notices(db, mem, x->house->actor.institution, x->import, S("A. Keller"), &x->count);
}

TEST(case_16_without_the_box_no_mail_goes_and_later_exactly_those)
{
	struct batch b;
	struct house *h = exported_house(12, 1, &b);
	struct sending x = { .house = h, .import = imported(h, posted_file(h, &b, 12, 1, all), NO_MAILS).id };
	int64_t untold, sent = 0;
	assert_int_equal(count_of(h, MAIL_COUNT), 0);
	assert_status(status_untold(h->db, h->actor.institution, x.import, &untold), OK);
	assert_int_equal(untold, 12);
	do {
		in_write(h->db, send_now, &x);
		sent += x.count;
	} while (x.count);
	assert_int_equal(sent, 12);
	assert_int_equal(count_of(h, MAIL_COUNT), 12);
	assert_audit(h->db);
	house_close(h);
}

TEST(case_17_the_same_file_again_does_nothing_also_with_its_lines_in_another_order)
{
	struct batch b;
	struct house *h = exported_house(3, 2, &b);
	struct str file = posted_file(h, &b, 3, 2, all);
	int64_t first = imported(h, file, MAILS).id, id;
	bool is_before;
	struct problem why = problem_in(mem);
	assert_status(status_upload(h->db, mem, &h->actor, &h->printer, S("again.csv"), file, PREVIEW_NOW, &id, &is_before, &why), OK);
	assert_true(is_before);
	assert_int_equal(id, first);
	struct buf other = buf_in(mem);
	buf_add(&other, S("BAR_CODE;TICKET_STATE;TRACKING_NUMBER\n"));
	for (int line = 6; line >= 1; line--)
		buf_addf(&other, "%.*s;POSTED;%.*s\n", STR_ARG(barcode(h, &b, line)), STR_ARG(tracking_number((line - 1) / 2)));
	struct status_import i = imported(h, buf_str(&other), MAILS);
	assert_int_equal(i.counts[OUTCOME_ALREADY], 6);
	assert_int_equal(i.mails, 0);
	assert_int_equal(count_of(h, MAIL_COUNT), 3);
	house_close(h);
}

struct correcting {
	struct house *house;
	struct shipment shipment;
	enum status st;
};

static enum status correct(struct conn *db, void *arg)
{
	struct correcting *x = arg;
	x->st = notice_correction(db, mem, &x->shipment, S("A. Keller"));
	return x->st == NOT_FOUND ? OK : x->st;
}

TEST(case_18_numbers_that_come_later_are_kept_and_a_correction_is_offered)
{
	struct batch b;
	struct house *h = exported_house(1, 2, &b);
	bool is_due;
	imported(h, posted_file(h, &b, 1, 2, none), MAILS);
	struct correcting x = { .house = h, .shipment = shipment_of(h, count_of(h, "SELECT customer_order FROM shipment")) };
	assert_status(notice_correction_due(h->db, x.shipment.id, &is_due), OK);
	assert_false(is_due);
	imported(h, posted_file(h, &b, 1, 2, all), MAILS);
	assert_int_equal(count_of(h, MAIL_COUNT), 1); /* not by itself */
	assert_status(notice_correction_due(h->db, x.shipment.id, &is_due), OK);
	assert_true(is_due);
	in_write(h->db, correct, &x);
	assert_status(x.st, OK);
	assert_int_equal(count_of(h, MAIL_COUNT), 2);
	in_write(h->db, correct, &x);
	assert_status(x.st, NOT_FOUND); /* once */
	house_close(h);
}

TEST(case_19_an_import_that_is_broken_off_goes_on_where_it_was)
{
	struct batch b;
	struct house *h = exported_house(60, 2, &b);
	struct applying x = { .house = h, .sends = true };
	struct problem why = problem_in(mem);
	bool is_before;
	int runs = 0;
	assert_status(
		status_upload(h->db, mem, &h->actor, &h->printer, S("status.csv"), posted_file(h, &b, 60, 2, all), PREVIEW_NOW, &x.import, &is_before, &why),
		OK);
	in_write(h->db, let_go, &x);
	while (report_of(h, x.import).state != IMPORT_APPLIED) {
		assert_status(status_run(h->db, x.import, 1), OK); /* the time is over after each step */
		runs++;
	}
	assert_true(runs > 5);
	assert_int_equal(count_of(h, "SELECT count(*) FROM status_line WHERE outcome = 'applied'"), 120);
	assert_int_equal(count_of(h, "SELECT count(*) FROM ticket WHERE prints = 1"), 120);
	assert_int_equal(count_of(h, MAIL_COUNT), 60);
	assert_audit(h->db);
	house_close(h);
}

TEST(case_20_another_separator_line_end_and_header_do_not_matter)
{
	struct batch b;
	struct house *h = exported_house(2, 1, &b);
	struct str file = str_format(mem,
		"\xEF\xBB\xBF"
		"Bar Code, Status,Colour\n\n%.*s,SENT,blue\n\n%.*s,Versandt,red\n",
		STR_ARG(barcode(h, &b, 1)), STR_ARG(barcode(h, &b, 2)));
	struct status_import i = imported(h, file, MAILS);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 2);
	assert_str(i.unknown, S("Colour"));
	assert_int_equal(count_of(h, MAIL_COUNT), 2);
	house_close(h);
}

TEST(case_21_a_windows_1252_file_is_read_and_said_so)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	struct status_import i = imported(h, str_format(mem, "BAR_CODE;STATUT\n%.*s;Imprim\xE9\n", STR_ARG(barcode(h, &b, 1))), MAILS);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 1);
	assert_str(i.encoding, S("Windows-1252"));
	house_close(h);
}

static struct status_line problem_of(struct house *h, int64_t import, size_t nth)
{
	struct status_line *lines;
	size_t count;
	assert_status(status_problems(h->db, mem, import, 0, PROBLEMS_SHOWN, &lines, &count), OK);
	assert_true(count > nth);
	return lines[nth];
}

TEST(case_22_what_excel_has_destroyed_is_refused_with_its_sentence)
{
	struct batch b;
	struct house *h = exported_house(2, 1, &b);
	struct status_import i = imported(h, str_format(mem, "BAR_CODE;STATE\n9.96013E+17;PRINTED\n%.*s;PRINTED\n", STR_ARG(barcode(h, &b, 1))), MAILS);
	assert_int_equal(i.counts[OUTCOME_REFUSED], 1);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 1);
	assert_int_equal(problem_of(h, i.id, 0).why, WHY_EXCEL);
	house_close(h);
}

TEST(case_23_a_file_that_is_none_is_refused_whole_with_its_own_sentence)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	assert_int_equal(refused_whole(h, (struct str){ STR("PK\x03\x04 a workbook") }), MSG_STATUS_WORKBOOK);
	assert_int_equal(refused_whole(h, S("")), MSG_STATUS_EMPTY);
	assert_int_equal(refused_whole(h, S("BAR_CODE;STATE\n")), MSG_STATUS_NO_LINES);
	assert_int_equal(refused_whole(h, S("NAME;STATE\nx;PRINTED\n")), MSG_STATUS_NO_KEY);
	assert_int_equal(refused_whole(h, S("BATCH_NUMBER;LINE_NUMBER\nB-77-8;1\n")), MSG_STATUS_OTHER_BATCH);
	assert_int_equal(count_of(h, "SELECT count(*) FROM status_import"), 0);
	house_close(h);
}

TEST(case_24_an_unknown_barcode_is_shown_and_the_rest_applied)
{
	struct batch b;
	struct house *h = exported_house(3, 1, &b);
	struct status_import i = imported(h,
		str_format(mem, "BAR_CODE\n%.*s\nKX7P40WNTT2M9999\n%.*s\n%.*s\n", STR_ARG(barcode(h, &b, 1)), STR_ARG(barcode(h, &b, 2)),
			STR_ARG(barcode(h, &b, 3))),
		MAILS);
	struct status_line line = problem_of(h, i.id, 0);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 3);
	assert_int_equal(line.line, 3);
	assert_int_equal(line.why, WHY_UNKNOWN);
	assert_str(line.said, S("KX7P40WNTT2M9999"));
	house_close(h);
}

TEST(case_25_spoilt_tickets_go_with_the_next_batch_as_copy_2_with_the_same_barcode)
{
	struct batch b, next;
	struct house *h = exported_house(3, 2, &b);
	struct str spoilt = barcode(h, &b, 1);
	struct buf f = buf_in(mem);
	buf_add(&f, S("BAR_CODE;STATE\n"));
	for (int line = 1; line <= 6; line++) buf_addf(&f, "%.*s;%s\n", STR_ARG(barcode(h, &b, line)), line <= 3 ? "SPOILT" : "POSTED");
	imported(h, buf_str(&f), MAILS);
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'ready'"), 2);
	assert_int_equal(count_of(h, MAIL_COUNT), 1);
	next = exported(h);
	assert_int_equal(next.lines, 3);
	assert_str(barcode(h, &next, 1), spoilt);
	assert_int_equal(count_of(h, "SELECT min(copy) FROM print_line WHERE state = 'exported'"), 2);
	assert_audit(h->db);
	house_close(h);
}

struct reissuing {
	struct house *house;
	int64_t ticket, anew;
};

static enum status reissue(struct conn *db, void *arg)
{
	struct reissuing *x = arg;
	return shipment_reissue(db, mem, x->house->actor.institution, x->ticket, S("A. Keller"), &x->anew);
}

TEST(case_26_a_missing_ticket_is_reissued_with_a_new_barcode_in_the_next_batch)
{
	struct batch b, next;
	struct house *h = exported_house(1, 1, &b);
	struct str old = barcode(h, &b, 1);
	imported(h, str_format(mem, "BAR_CODE;STATE\n%.*s;MISSING\n", STR_ARG(old)), MAILS);
	struct reissuing x = { .house = h, .ticket = count_of(h, "SELECT ticket FROM print_line") };
	in_write(h->db, reissue, &x);
	next = exported(h);
	assert_int_equal(next.lines, 1);
	assert_true(!str_eq(barcode(h, &next, 1), old));
	struct status_import i = imported(h, str_format(mem, "BAR_CODE;STATE\n%.*s;PRINTED\n", STR_ARG(old)), MAILS);
	assert_int_equal(problem_of(h, i.id, 0).why, WHY_REISSUED);
	assert_audit(h->db);
	house_close(h);
}

TEST(case_27_spoilt_after_its_letter_left_is_refused)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	imported(h, posted_file(h, &b, 1, 1, none), MAILS);
	struct status_import i = imported(h, str_format(mem, "BAR_CODE;STATE\n%.*s;SPOILT\n", STR_ARG(barcode(h, &b, 1))), MAILS);
	assert_int_equal(i.counts[OUTCOME_REFUSED], 1);
	assert_int_equal(problem_of(h, i.id, 0).why, WHY_STATE);
	house_close(h);
}

TEST(case_28_two_letters_of_three_posted_are_told_and_the_third_when_it_follows)
{
	struct batch b;
	struct house *h = house_open(40, 1, 4);
	in_write(h->db, install, h);
	do_sql(h->db, "UPDATE sales_channel SET places_most = 30");
	assert_status(seller_get(h->db, mem, h->hall->theatre.shop, &h->hall->seller), OK);
	paid_order(h, "jeanne", 30);
	b = exported(h);
	for (int part = 0; part < 2; part++) {
		struct buf f = buf_in(mem);
		buf_add(&f, S("BAR_CODE;STATE\n"));
		for (int line = part ? 25 : 1; line <= (part ? 30 : 24); line++) buf_addf(&f, "%.*s;POSTED\n", STR_ARG(barcode(h, &b, line)));
		imported(h, buf_str(&f), MAILS);
		struct letter_about about = about_of(h, part);
		assert_str(value_of(&about.values, "shipment.ticket_count")->text, part ? S("6") : S("24"));
		assert_int_equal(value_of(&about.values, "is_part")->is_true, !part);
		assert_int_equal(value_of(&about.values, "is_rest")->is_true, part);
	}
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'sent'"), 1);
	house_close(h);
}

TEST(case_29_a_swiss_number_is_one_however_it_is_written)
{
	static const char *const ways[] = { "98.34.123456.12345678", "98 34 123456 12345678", "983412345612345678" };
	for (size_t i = 0; i < COUNT(ways); i++) {
		struct batch b;
		struct house *h = exported_house(1, 1, &b);
		struct piece *pieces;
		struct track track;
		size_t count;
		imported(h, str_format(mem, "BAR_CODE;TRACKING_NUMBER\n%.*s;%s\n", STR_ARG(barcode(h, &b, 1)), ways[i]), NO_MAILS);
		struct shipment s = shipment_of(h, count_of(h, "SELECT customer_order FROM shipment"));
		assert_status(shipment_pieces(h->db, mem, s.id, &pieces, &count), OK);
		assert_status(track_of(h->db, mem, &s, &pieces[0], LANG_FR, S("Europe/Zurich"), &track), OK);
		assert_str(track.number, S("98.34.123456.12345678"));
		assert_str(track.link, S("https://service.post.ch/ekp-web/ui/entry/search/983412345612345678?lang=fr"));
		house_close(h);
	}
}

TEST(case_30_a_wrong_check_digit_is_a_warning_and_a_refusal_where_the_interface_says_so)
{
	for (int refuses = 0; refuses < 2; refuses++) {
		struct batch b;
		struct house *h = exported_house(1, 1, &b);
		h->partner.number_form = TRACKING_S10;
		h->partner.refuses_wrong = refuses;
		partner_change(h);
		struct status_import i = imported(h, str_format(mem, "BAR_CODE;TRACKING_NUMBER\n%.*s;RX123456789CH\n", STR_ARG(barcode(h, &b, 1))), NO_MAILS);
		assert_int_equal(problem_of(h, i.id, 0).why, refuses ? WHY_NUMBER_FORM : WHY_NUMBER_WARNED);
		assert_int_equal(i.counts[OUTCOME_REFUSED], refuses);
		house_close(h);
	}
}

TEST(case_31_a_number_of_two_shipments_is_the_first_ones)
{
	struct batch b;
	struct house *h = exported_house(2, 1, &b);
	struct status_import i = imported(h,
		str_format(mem, "BAR_CODE;TRACKING_NUMBER\n%.*s;983412345612345678\n%.*s;98.34.123456.12345678\n", STR_ARG(barcode(h, &b, 1)),
			STR_ARG(barcode(h, &b, 2))),
		NO_MAILS);
	struct status_line line = problem_of(h, i.id, 0);
	assert_int_equal(line.why, WHY_NUMBER_TAKEN);
	assert_str(line.about, shipment_number(mem, count_of(h, "SELECT min(number) FROM shipment")));
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'sent'"), 1);
	do_sql(h->db, "UPDATE tracked_number SET since = since - $1", int64(NUMBER_LIVES + SECOND)); /* carriers use numbers again */
	i = imported(h, str_format(mem, "BAR_CODE;TRACKING_NUMBER\n%.*s;983412345612345678\n", STR_ARG(barcode(h, &b, 2))), NO_MAILS);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 1);
	house_close(h);
}

TEST(different_numbers_inside_one_letter_are_several_letters)
{
	struct batch b;
	struct house *h = exported_house(1, 3, &b);
	struct piece *pieces;
	size_t count;
	imported(h,
		str_format(mem, "BAR_CODE;TRACKING_NUMBER\n%.*s;983412345600000001\n%.*s;983412345600000001\n%.*s;983412345600000002\n",
			STR_ARG(barcode(h, &b, 1)), STR_ARG(barcode(h, &b, 2)), STR_ARG(barcode(h, &b, 3))),
		MAILS);
	struct shipment s = shipment_of(h, count_of(h, "SELECT customer_order FROM shipment"));
	assert_status(shipment_pieces(h->db, mem, s.id, &pieces, &count), OK);
	assert_int_equal(count, 2);
	assert_int_equal(pieces[0].ticket_count, 2);
	assert_int_equal(pieces[1].ticket_count, 1);
	assert_int_equal(count_of(h, MAIL_COUNT), 1);
	house_close(h);
}

TEST(case_33_without_a_form_the_number_is_shown_and_no_link)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	struct piece *pieces;
	struct track track;
	size_t count;
	h->partner.link_form = S("");
	partner_change(h);
	imported(h, posted_file(h, &b, 1, 1, all), MAILS);
	struct shipment s = shipment_of(h, count_of(h, "SELECT customer_order FROM shipment"));
	assert_status(shipment_pieces(h->db, mem, s.id, &pieces, &count), OK);
	assert_status(track_of(h->db, mem, &s, &pieces[0], LANG_FR, S("Europe/Zurich"), &track), OK);
	assert_true(track.number.len > 0);
	assert_int_equal(track.link.len, 0);
	house_close(h);
}

TEST(cases_34_and_36_the_link_follows_the_partners_form_and_words_at_once)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	struct piece *pieces;
	struct track track;
	size_t count;
	imported(h, posted_file(h, &b, 1, 1, all), MAILS);
	h->partner.link_form = S("https://track.example.org/{language}/{tracking_number}");
	h->partner.languages[LANG_IT] = S("en");
	partner_change(h);
	struct shipment s = shipment_of(h, count_of(h, "SELECT customer_order FROM shipment"));
	assert_status(shipment_pieces(h->db, mem, s.id, &pieces, &count), OK);
	assert_status(track_of(h->db, mem, &s, &pieces[0], LANG_IT, S("Europe/Zurich"), &track), OK);
	assert_str(track.link, S("https://track.example.org/en/98.34.123456.00000000"));
	house_close(h);
}

TEST(case_42_a_buyer_without_an_address_is_on_the_list_to_tell_by_letter)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	do_sql(h->db, "UPDATE customer_order SET email = '', email_key = '' WHERE number IS NOT NULL");
	struct status_import i = imported(h, posted_file(h, &b, 1, 1, none), MAILS);
	assert_int_equal(i.mails, 0);
	assert_int_equal(count_of(h, "SELECT count(*) FROM notice WHERE reason = 'no-email'"), 1);
	house_close(h);
}

TEST(case_11_printed_though_void_is_noted_and_the_ticket_stays_void)
{
	struct batch b;
	struct house *h = exported_house(1, 2, &b);
	struct str one = barcode(h, &b, 1);
	struct paying x = { .order = count_of(h, "SELECT customer_order FROM shipment") };
	in_write(h->db, end_order, &x);
	struct status_import i = imported(h, str_format(mem, "BAR_CODE;STATE\n%.*s;PRINTED\n", STR_ARG(one)), MAILS);
	assert_int_equal(i.counts[OUTCOME_VOID], 1);
	assert_int_equal(problem_of(h, i.id, 0).why, WHY_VOID);
	assert_int_equal(count_of(h, "SELECT count(*) FROM ticket WHERE state = 'cancelled'"), 2);
	assert_int_equal(count_of(h, MAIL_COUNT), 0);
	house_close(h);
}

TEST(lines_that_contradict_each_other_are_both_refused_and_equal_ones_count_once)
{
	struct batch b;
	struct house *h = exported_house(2, 1, &b);
	struct str one = barcode(h, &b, 1), two = barcode(h, &b, 2);
	struct status_import i = imported(h,
		str_format(
			mem, "BAR_CODE;STATE\n%.*s;PRINTED\n%.*s;SPOILT\n%.*s;PRINTED\n%.*s;PRINTED\n", STR_ARG(one), STR_ARG(one), STR_ARG(two), STR_ARG(two)),
		MAILS);
	assert_int_equal(i.counts[OUTCOME_REFUSED], 2);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 1);
	assert_int_equal(i.counts[OUTCOME_REPEATED], 1);
	assert_str(problem_of(h, i.id, 0).about, S("3")); /* each names the other */
	assert_str(problem_of(h, i.id, 1).about, S("2"));
	house_close(h);
}

TEST(keys_that_disagree_are_refused)
{
	struct batch b;
	struct house *h = exported_house(2, 1, &b);
	struct str number = batch_number(mem, b.number);
	struct status_import i =
		imported(h, str_format(mem, "BATCH_NUMBER;LINE_NUMBER;BAR_CODE\n%.*s;1;%.*s\n", STR_ARG(number), STR_ARG(barcode(h, &b, 2))), MAILS);
	assert_int_equal(problem_of(h, i.id, 0).why, WHY_KEYS_DISAGREE);
	house_close(h);
}

TEST(a_date_that_cannot_be_is_dropped_and_said)
{
	struct batch b;
	struct house *h = exported_house(1, 1, &b);
	struct status_import i = imported(h, str_format(mem, "BAR_CODE;STATE;POSTED_DATE\n%.*s;POSTED;2001-01-01\n", STR_ARG(barcode(h, &b, 1))), MAILS);
	assert_int_equal(i.counts[OUTCOME_APPLIED], 1);
	assert_int_equal(problem_of(h, i.id, 0).why, WHY_DATE_DROPPED);
	assert_int_equal(count_of(h, "SELECT count(*) FROM shipment WHERE state = 'sent'"), 1);
	house_close(h);
}

TEST(case_32_a_link_that_cannot_work_is_refused_at_save_with_its_place)
{
	static const struct {
		const char *form;
		enum message message;
	} cases[] = {
		{ "javascript:alert({tracking_number})", MSG_LINK_FORM_NOT_HTTPS },
		{ "https://{tracking_number}.example.org/", MSG_LINK_FORM_HOST },
		{ "https://track.example.org/{number}", MSG_LINK_FORM_UNKNOWN },
		{ "https://track.example.org/{tracking_number}/{tracking_number_plain}", MSG_LINK_FORM_TWO_NUMBERS },
		{ "https://track.example.org/", MSG_LINK_FORM_NO_NUMBER },
	};
	struct house *h = house_open(10, 1, 4);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct saving x = { &h->actor, NULL, &h->partner, problem_in(mem), OK };
		h->partner.link_form = str_of(cases[i].form);
		assert_status(store_write(h->db, save_partner, &x), REFUSED);
		assert_int_equal(problem_at(&x.why, "link_form")->message, cases[i].message);
	}
	house_close(h);
}
