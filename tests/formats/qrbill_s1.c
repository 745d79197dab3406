/* tests/formats/qrbill_s1.c: billing information in Swico's syntax. */
#include "formats/qrbill_s1.h"

#include "qrbill_bills.h"

static struct s1 read_s1(const char *text, struct str *findings)
{
	struct s1 s;
	struct qrbill_findings f = qrbill_findings_in(mem);
	s1_read(str_of(text), &s, &f);
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < f.count; i++) buf_addf(&b, "%s%s %s", i ? "; " : "", f.at[i].said.field, message_ids[f.at[i].said.message]);
	*findings = buf_str(&b);
	return s;
}

#define FULL "//S1/10/A\\/B\\\\C/11/261124/20/1400.000-53/30/106017086/31/261101261130/32/8.1:100.00;2.6:50.00/33/8.1:4.05/40/2:10;0:30"

TEST(all_fields_are_read_and_written_again)
{
	struct str found;
	struct s1 s = read_s1(FULL, &found);
	assert_str(found, S(""));
	assert_str(s.invoice_number, S("A/B\\C"));
	assert_str(s.invoice_date, S("2026-11-24"));
	assert_str(s.customer_reference, S("1400.000-53"));
	assert_str(s.uid, S("106017086"));
	assert_str(s.vat_date, S("2026-11-01/2026-11-30"));
	assert_str(s.vat, S("8.1:100.00;2.6:50.00"));
	assert_str(s.import_tax, S("8.1:4.05"));
	assert_str(s.conditions, S("2:10;0:30"));
	assert_str(s1_write(mem, &s), S(FULL));
}

TEST(nothing_is_written_of_nothing)
{
	assert_str(s1_write(mem, &(struct s1){ 0 }), S(""));
}

TEST(what_is_odd_is_passed_over_and_told)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
		{ "//S1/10/1/XX/2", " qrbill-s1-tag" },
		{ "//S1/10/A/10/B", "10 qrbill-s1-twice" },
		{ "//S1/20/A/10/B", "10 qrbill-s1-order" },
		{ "//S1/11/190570", "11 qrbill-s1-date" },
		{ "//S1/11/230229", "11 qrbill-s1-date" },
		{ "//S1/11/240229", "" },
		{ "//S1/11/2611241", "11 qrbill-s1-date" },
		{ "//S1/11/2611241530", "" },
		{ "//S1/31/261124261332", "" }, /* a day with a time */
		{ "//S1/31/261130261101", "31 qrbill-s1-period" },
		{ "//S1/31/261130261130", "" },
		{ "//S1/32/08.1:100.00", "32 qrbill-s1-zeros" },
		{ "//S1/32/8.1:0100.00", "32 qrbill-s1-zeros" },
		{ "//S1/32/0:0.50", "" },
		{ "//S1/33/8.1:00.50", "33 qrbill-s1-zeros" },
		{ "//S1/40/0:030", "40 qrbill-s1-zeros" },
		{ "//S1/32/8.1;2.6", "32 qrbill-s1-list" }, /* rates of which nets? */
		{ "//S1/32/8.1:100.00;2.6", "32 qrbill-s1-list" },
		{ "//S1/33/4.05", "" },
		{ "//S1/10/a\\b", "10 qrbill-s1-escape" },
		{ "//S1/10/a\\", "10 qrbill-s1-escape" },
		{ "//S1/10/a\\\\b\\/c", "" },
		{ "//S1/30/CHE106017086", "30 qrbill-s1-uid" },
		{ "//S1/30/106017087", "30 qrbill-s1-uid" },
		{ "//S1/32/8,1", "32 qrbill-s1-list" },
		{ "//S1/32/.5", "32 qrbill-s1-list" },
		{ "//S1/32/8.1:", "32 qrbill-s1-list" },
		{ "//S1/32/8.1:1:1", "32 qrbill-s1-list" },
		{ "//S1/40/30", "40 qrbill-s1-list" },
		{ "//S1/40/2:10", "40 qrbill-s1-net-term" },
		{ "//S1/", "" },
		{ "//S1/10", "" },
		{ "//S1/10//11/", "" },
		{ "//S1/10//10/B", "" }, /* empty is absent: only one is there */
		{ "//S1/10/A/10/", "" },
		{ "//S1/20//10/A", "" },
		{ "/S1/10/1", " qrbill-s1-none" },
		{ "//S1", " qrbill-s1-none" },
		{ "", " qrbill-s1-none" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str found;
		read_s1(cases[i].text, &found);
		if (!str_eq(found, str_of(cases[i].found))) fail_msg("%s: %.*s", cases[i].text, STR_ARG(found));
	}
}

TEST(of_a_list_the_good_pairs_stay)
{
	struct str found;
	struct s1 s = read_s1("//S1/32/8.1:100.00;x;2.6:50.00/40/;0:30;2", &found);
	assert_str(s.vat, S("8.1:100.00;2.6:50.00"));
	assert_str(s.conditions, S("0:30"));
}

TEST(an_empty_tag_is_absent_and_the_later_one_counts)
{
	struct str found;
	assert_str(read_s1("//S1/10//10/B", &found).invoice_number, S("B"));
	assert_str(read_s1("//S1/10/A/10//10/B", &found).invoice_number, S("A"));
	assert_str(found, S("10 qrbill-s1-twice"));
}

TEST(a_period_that_ends_before_it_begins_is_passed_over)
{
	struct str found;
	assert_str(read_s1("//S1/31/261130261101", &found).vat_date, S(""));
	assert_str(read_s1("//S1/31/261101261130", &found).vat_date, S("2026-11-01/2026-11-30"));
	assert_str(read_s1("//S1/31/251231260101", &found).vat_date, S("2025-12-31/2026-01-01"));
}

TEST(zeros_before_a_number_stay_as_they_are)
{
	struct str found;
	assert_str(read_s1("//S1/32/08.1:100.00", &found).vat, S("08.1:100.00"));
}

TEST(a_backslash_at_the_end_stays_one)
{
	struct str found;
	assert_str(read_s1("//S1/10/a\\", &found).invoice_number, S("a\\"));
	assert_str(read_s1("//S1/10/a\\b", &found).invoice_number, S("a\\b"));
}

static bool differs(const char *text, int64_t amount)
{
	int64_t sum;
	struct s1 s;
	struct qrbill_findings f = qrbill_findings_in(mem);
	return s1_read(str_of(text), &s, &f) && s1_sum_differs(&s, amount, &sum);
}

TEST(nets_and_taxes_are_summed)
{
	int64_t sum;
	assert_false(differs("//S1/32/8.1:100.00", 10810));
	assert_false(differs("//S1/32/8.1:100.00;0:20.00", 12810));
	assert_false(differs("//S1/32/7.7:92.85", 10000)); /* 99.99945: rounded */
	assert_true(s1_sum_differs(&(struct s1){ .vat = S("8.1:100.00") }, 10900, &sum));
	assert_int_equal(sum, 10810);
	assert_true(differs("//S1/32/8.1:100.00", 10000));
}

TEST(three_cents_are_rounding_and_four_are_not)
{
	assert_false(differs("//S1/32/8.1:100.00", 10813));
	assert_true(differs("//S1/32/8.1:100.00", 10814));
	assert_false(differs("//S1/32/8.1:100.00", 10807));
	assert_true(differs("//S1/32/8.1:100.00", 10806));
}

TEST(a_rate_of_any_height_is_summed)
{
	int64_t sum;
	assert_true(differs("//S1/32/810:100.00", 10810)); /* a full stop forgotten */
	assert_false(differs("//S1/32/150:100.00", 25000));
	assert_true(s1_sum_differs(&(struct s1){ .vat = S("810:100.00;2.6:50.00") }, 15940, &sum));
	assert_int_equal(sum, 91000 + 5130);
	assert_true(s1_sum_differs(&(struct s1){ .vat = S("999999999.9999:999999999.9999;999999999.9999:999999999.9999") }, 100, &sum));
	assert_true(sum > QRBILL_AMOUNT_MAX);
	assert_true(differs("//S1/32/999999999:999999999/33/8.1:999999999", 100));
}

TEST(without_a_list_there_is_no_sum)
{
	assert_false(differs("//S1/10/1/32/8.1", 10000));
	assert_false(differs("//S1/10/1", 10000));
	assert_false(differs("//XY/32/8.1:100.00", 10000));
}

TEST(tax_on_import_may_be_in_the_amount_or_not)
{
	assert_false(differs("//S1/32/0:100.00/33/8.1:8.10", 10000));
	assert_false(differs("//S1/32/0:100.00/33/8.1:8.10", 10810));
	assert_true(differs("//S1/32/0:100.00/33/8.1:8.10", 10900));
}

TEST(a_list_without_end_is_not_summed)
{
	int64_t sum;
	assert_false(s1_sum_differs(&(struct s1){ .vat = times(100000, S("8.1:999999999.9999;")) }, 1, &sum));
}
