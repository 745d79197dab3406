/* tests/formats/tracking.c: numbers of carriers and the links to their pages (shipping-rules.md: section 6, and cases 29, 30, 32 to 34, 36). */
#include "test.h"

#include "formats/tracking.h"

#define VALUE_ROOM 200 /* what a value may take at the most, and something */

static struct tracking as(struct str given, enum tracking_form form)
{
	return tracking_read(mem, given, form, S(""));
}

static enum tracking_link_fault fault_of(struct str form)
{
	return tracking_link_check(form).fault;
}

TEST(case_29_dots_blanks_and_neither_are_one_number_shown_with_dots)
{
	static const struct str spellings[] = { { STR("98.34.123456.12345678") }, { STR("98 34 123456 12345678") }, { STR("983412345612345678") },
		{ STR(" 98\xc2\xa0"
			  "34 123456\xe2\x80\xaf"
			  "12345678 ") } };
	for (size_t i = 0; i < COUNT(spellings); i++) {
		struct tracking t = as(spellings[i], TRACKING_SWISS_POST);
		assert_int_equal(t.fault, TRACKING_OK);
		assert_str(t.plain, S("983412345612345678"));
		assert_str(t.shown, S("98.34.123456.12345678"));
	}
}

TEST(a_domestic_number_of_swiss_post_is_judged_by_its_form_alone)
{
	assert_int_equal(as(S("973412345612345678"), TRACKING_SWISS_POST).fault, TRACKING_WRONG_FORM);
	assert_int_equal(as(S("98341234561234567"), TRACKING_SWISS_POST).fault, TRACKING_WRONG_FORM);
	assert_int_equal(as(S("98341234561234567A"), TRACKING_SWISS_POST).fault, TRACKING_WRONG_FORM);
	assert_int_equal(as(S("993412345612345679"), TRACKING_SWISS_POST).fault, TRACKING_OK);
}

TEST(case_30_a_wrong_check_digit_says_which_would_be_right)
{
	struct tracking t = as(S("RX123456789CH"), TRACKING_S10);
	assert_int_equal(t.fault, TRACKING_WRONG_CHECK);
	assert_int_equal(t.expected, '5');
	assert_str(t.plain, S("RX123456789CH"));
	assert_int_equal(as(S("rx 123 456 785 ch"), TRACKING_S10).fault, TRACKING_OK);
	assert_int_equal(as(S("RN573817394CH"), TRACKING_S10).fault, TRACKING_OK);
	assert_int_equal(as(S("RX12345678CH"), TRACKING_S10).fault, TRACKING_WRONG_FORM);
}

TEST(ups_and_dpd_numbers_have_their_check_characters)
{
	assert_int_equal(as(S("1Z5R89390357567127"), TRACKING_UPS).fault, TRACKING_OK);
	assert_int_equal(as(S("1z 879e 9303 4683 4440"), TRACKING_UPS).fault, TRACKING_OK);
	assert_int_equal(as(S("1Z5R89390357567128"), TRACKING_UPS).expected, '7');
	assert_int_equal(as(S("2Z5R89390357567127"), TRACKING_UPS).fault, TRACKING_WRONG_FORM);
	assert_int_equal(as(S("15502370264989N"), TRACKING_DPD).fault, TRACKING_OK);
	assert_int_equal(as(S("155023702649890"), TRACKING_DPD).expected, 'N');
	assert_int_equal(as(S("008182709980000020033350276C"), TRACKING_DPD).expected, 0);
	assert_int_equal(as(S("1550237026498AN"), TRACKING_DPD).fault, TRACKING_WRONG_FORM);
}

TEST(a_partner_may_have_a_pattern_of_its_own)
{
	struct str pattern = S("##.**-@###");
	assert_int_equal(tracking_read(mem, S("44 a1-x123"), TRACKING_OWN, pattern).fault, TRACKING_OK);
	assert_int_equal(tracking_read(mem, S("44a1x123"), TRACKING_OWN, pattern).fault, TRACKING_WRONG_FORM);
	assert_int_equal(tracking_read(mem, S("44a1-x12"), TRACKING_OWN, pattern).fault, TRACKING_WRONG_FORM);
	assert_int_equal(tracking_read(mem, S("44a1-x1234"), TRACKING_OWN, pattern).fault, TRACKING_WRONG_FORM);
}

TEST(what_is_no_number_is_said_to_be_none)
{
	assert_int_equal(as(S(" . "), TRACKING_ANY).fault, TRACKING_EMPTY);
	assert_int_equal(as(S("<script>"), TRACKING_ANY).fault, TRACKING_WRONG_FORM);
	assert_int_equal(as(S("\xc3\xa9"), TRACKING_ANY).fault, TRACKING_WRONG_FORM);
	assert_int_equal(as(S("12345678901234567890123456789012345678901"), TRACKING_ANY).fault, TRACKING_TOO_LONG);
	assert_int_equal(as(S("ab/c-1"), TRACKING_ANY).fault, TRACKING_OK);
	char long_one[TRACKING_MAX * 4 + 1];
	memset(long_one, ' ', sizeof long_one);
	assert_int_equal(as((struct str){ long_one, sizeof long_one }, TRACKING_ANY).fault, TRACKING_TOO_LONG);
}

TEST(case_32_forms_that_could_lead_elsewhere_are_refused_with_their_place)
{
	assert_int_equal(fault_of(S("javascript:alert({tracking_number})")), LINK_FORM_NOT_HTTPS);
	assert_int_equal(fault_of(S("https://{tracking_number}.example.org/")), LINK_FORM_HOST);
	assert_int_equal(fault_of(S("https://post.example.org{tracking_number}")), LINK_FORM_HOST);
	assert_int_equal(fault_of(S("https://post.example.org@evil.example/{tracking_number}")), LINK_FORM_HOST);
	assert_int_equal(fault_of(S("https://post.example.org:8{tracking_number}/")), LINK_FORM_HOST);
	assert_int_equal(fault_of(S("https://localhost/{tracking_number}")), LINK_FORM_HOST);
	assert_int_equal(fault_of(S("https://post.example.org/?a=1")), LINK_FORM_NO_NUMBER);
	assert_int_equal(fault_of(S("https://post.example.org/{tracking_number}/{tracking_number_plain}")), LINK_FORM_TWO_NUMBERS);
	assert_int_equal(fault_of(S("https://post.example.org/a b{tracking_number}")), LINK_FORM_CHARACTER);
	assert_int_equal(fault_of(S("https://post.example.org/{tracking_number}\"onclick")), LINK_FORM_CHARACTER);
	assert_int_equal(fault_of(S("https://post.example.org/}{tracking_number}")), LINK_FORM_BRACE);
	struct tracking_link_finding f = tracking_link_check(S("https://post.example.org/{number}"));
	assert_int_equal(f.fault, LINK_FORM_UNKNOWN_PLACEHOLDER);
	assert_int_equal(f.at, 25);
	assert_int_equal(f.len, 8);
}

TEST(case_32_a_value_stays_itself_in_path_query_and_fragment)
{
	struct tracking_values v = { .shown = S("a/b?c#d e") };
	assert_str(tracking_link(mem, S("https://post.example.org/x/{tracking_number}/y"), &v), S("https://post.example.org/x/a%2Fb%3Fc%23d%20e/y"));
	assert_str(
		tracking_link(mem, S("https://post.example.org/?n={tracking_number}&x=1"), &v), S("https://post.example.org/?n=a%2Fb%3Fc%23d%20e&x=1"));
	assert_str(tracking_link(mem, S("https://post.example.org/#/{tracking_number}"), &v), S("https://post.example.org/#/a%2Fb%3Fc%23d%20e"));
}

TEST(every_placeholder_is_filled_and_doubled_braces_are_one)
{
	struct tracking_values v = { S("98.34"), S("9834"), S("fr"), S("CH"), S("8001"), S("2026-11-24") };
	struct str form = S("https://post.example.org/{{x}}/{tracking_number_plain}?lang={language}&c={country}&p={postcode}&d={posted_date}");
	assert_int_equal(fault_of(form), LINK_FORM_OK);
	assert_str(tracking_link(mem, form, &v), S("https://post.example.org/%7Bx%7D/9834?lang=fr&c=CH&p=8001&d=2026-11-24"));
}

TEST(plain_http_works_with_a_warning)
{
	struct tracking_link_finding f = tracking_link_check(S("http://post.example.org:8080/{tracking_number}"));
	assert_int_equal(f.fault, LINK_FORM_OK);
	assert_true(f.is_http);
	assert_false(tracking_link_check(S("https://post.example.org/{tracking_number}")).is_http);
}

TEST(a_form_whose_link_could_become_too_long_is_refused)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S("https://post.example.org/{tracking_number}?"));
	while (b.len < TRACKING_LINK_MAX - VALUE_ROOM) buf_add_char(&b, 'x');
	assert_int_equal(fault_of(buf_str(&b)), LINK_FORM_OK);
	for (int i = 0; i < VALUE_ROOM; i++) buf_add_char(&b, 'x');
	assert_int_equal(fault_of(buf_str(&b)), LINK_FORM_TOO_LONG);
}

TEST(a_link_from_a_file_leads_to_the_partner_or_is_dropped)
{
	struct str host = S("track.example.org");
	assert_true(tracking_link_allowed(S("https://track.example.org/p?n=1#x"), host));
	assert_true(tracking_link_allowed(S("HTTPS://Track.Example.org"), host));
	assert_false(tracking_link_allowed(S("http://track.example.org/p"), host));
	assert_false(tracking_link_allowed(S("https://track.example.org.evil.example/p"), host));
	assert_false(tracking_link_allowed(S("https://track.example.org@evil.example/p"), host));
	assert_false(tracking_link_allowed(S("https://track.example.org:81/p"), host));
	assert_false(tracking_link_allowed(S("https://track.example.org\\@evil.example/"), host));
	assert_false(tracking_link_allowed(S("https://track.example.org/\n"), host));
	assert_false(tracking_link_allowed(S("javascript:alert(1)"), host));
	assert_false(tracking_link_allowed(S("https:///p"), S("")));
}
