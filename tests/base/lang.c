/* What people read of times, numbers and amounts, in four languages. */
#include "base/lang.h"

#include <pthread.h>
#include <stdio.h>

#include "base/clock.h"
#include "test.h"

#define NBSP   "\xc2\xa0"
#define NARROW "\xe2\x80\xaf"
#define WHEN   INT64_C(1795508100000000) /* 24 November 2026, 08:15 UTC */
#define ZURICH S("Europe/Zurich")

TEST(a_time_is_written_as_switzerland_does)
{
	assert_str(lang_datetime(mem, LANG_EN, WHEN, ZURICH), S("Tue 24 Nov 2026, 09:15"));
	assert_str(lang_datetime(mem, LANG_FR, WHEN, ZURICH), S("mar. 24 nov. 2026, 09:15"));
	assert_str(lang_datetime(mem, LANG_DE, WHEN, ZURICH), S("Di., 24. Nov. 2026, 09:15"));
	assert_str(lang_datetime(mem, LANG_IT, WHEN, ZURICH), S("mar 24 nov 2026, 09:15"));
}

TEST(a_date_is_written_out)
{
	assert_str(lang_date(mem, LANG_EN, WHEN, ZURICH), S("24 November 2026"));
	assert_str(lang_date(mem, LANG_FR, WHEN, ZURICH), S("24 novembre 2026"));
	assert_str(lang_date(mem, LANG_DE, WHEN, ZURICH), S("24. November 2026"));
	assert_str(lang_date(mem, LANG_IT, WHEN, ZURICH), S("24 novembre 2026"));
}

TEST(the_zone_and_its_summer_count)
{
	int64_t summer = INT64_C(1783152000000000); /* 4 July 2026, 08:00 UTC */
	assert_str(lang_datetime(mem, LANG_EN, summer, ZURICH), S("Sat 4 Jul 2026, 10:00"));
	assert_str(lang_datetime(mem, LANG_EN, summer, S("America/New_York")), S("Sat 4 Jul 2026, 04:00"));
	assert_str(lang_iso(mem, WHEN, ZURICH), S("2026-11-24T09:15+01:00"));
	assert_str(lang_iso(mem, summer, ZURICH), S("2026-07-04T10:00+02:00"));
	assert_str(lang_iso(mem, WHEN, S("Etc/UTC")), S("2026-11-24T08:15+00:00"));
	assert_str(lang_iso(mem, -1, S("Etc/UTC")), S("1969-12-31T23:59+00:00"));
	assert_str(lang_iso(mem, WHEN, S("Nowhere/At_All")), S("2026-11-24T08:15+00:00"));
}

TEST(more_zones_than_are_kept_come_out_right)
{
	char zone[16];
	for (int round = 0; round < 2; round++)
		for (int i = 1; i <= 12; i++) {
			snprintf(zone, sizeof zone, "Etc/GMT-%d", i);
			assert_str(lang_iso(mem, WHEN, str_of(zone)), str_format(mem, "2026-11-24T%02d:15+%02d:00", 8 + i, i));
			assert_str(lang_datetime(mem, LANG_EN, WHEN, str_of(zone)), str_format(mem, "Tue 24 Nov 2026, %02d:15", 8 + i));
		}
}

TEST(zones_are_known_by_their_iana_name)
{
	assert_true(lang_zone_known(ZURICH));
	assert_true(lang_zone_known(S("Etc/UTC")));
	assert_false(lang_zone_known(S("Europe/Atlantis")));
	assert_false(lang_zone_known(S("GMT+3")));
	assert_false(lang_zone_known(S("")));
	assert_false(lang_zone_known(S("Europe/Z\xc3\xbcrich")));
}

TEST(numbers_are_grouped)
{
	assert_str(lang_number(mem, LANG_EN, 1234567), S("1’234’567"));
	assert_str(lang_number(mem, LANG_FR, 1234567), S("1" NARROW "234" NARROW "567"));
	assert_str(lang_number(mem, LANG_DE, -1234567), S("-1’234’567"));
	assert_str(lang_number(mem, LANG_IT, 12), S("12"));
	assert_str(lang_number(mem, LANG_DE, INT64_MIN), S("-9’223’372’036’854’775’808"));
}

TEST(amounts_are_exact_and_do_not_break)
{
	assert_str(lang_amount(mem, LANG_EN, 123450, S("CHF")), S("CHF" NBSP "1’234.50"));
	assert_str(lang_amount(mem, LANG_FR, 123450, S("CHF")), S("1" NARROW "234.50" NBSP "CHF"));
	assert_str(lang_amount(mem, LANG_DE, 123450, S("CHF")), S("CHF" NBSP "1’234.50"));
	assert_str(lang_amount(mem, LANG_IT, 123450, S("CHF")), S("CHF" NBSP "1’234.50"));
	assert_str(lang_amount(mem, LANG_DE, 5, S("CHF")), S("CHF" NBSP "0.05"));
	assert_str(lang_amount(mem, LANG_DE, 0, S("CHF")), S("CHF" NBSP "0.00"));
	assert_str(lang_amount(mem, LANG_DE, -123450, S("CHF")), S("CHF-1’234.50"));
	assert_str(lang_amount(mem, LANG_DE, INT64_C(9007199254740993), S("CHF")), S("CHF" NBSP "90’071’992’547’409.93")); /* no double has it */
}

TEST(a_currency_brings_its_own_digits)
{
	assert_str(lang_amount(mem, LANG_DE, 1234, S("JPY")), S("JPY" NBSP "1’234"));
	assert_str(lang_amount(mem, LANG_DE, 1234, S("EUR")), S("EUR" NBSP "12.34"));
	assert_str(lang_amount(mem, LANG_DE, 1234, S("CHF")), S("CHF" NBSP "12.34"));
}

TEST(tags_are_read_with_and_without_a_region)
{
	enum language l;
	assert_true(lang_from_tag(S("de"), &l) && l == LANG_DE);
	assert_true(lang_from_tag(S("DE_ch"), &l) && l == LANG_DE);
	assert_true(lang_from_tag(S("fr-CH"), &l) && l == LANG_FR);
	assert_false(lang_from_tag(S("den"), &l));
	assert_false(lang_from_tag(S("d"), &l));
	assert_false(lang_from_tag(S(""), &l));
	assert_false(lang_from_tag(S("rm"), &l));
	assert_string_equal(lang_tag(LANG_IT), "it");
	assert_string_equal(lang_name(LANG_FR), "Français");
}

TEST(accept_language_gives_the_best_allowed)
{
	assert_int_equal(lang_accept(S("fr-CH, fr;q=0.9, en;q=0.8"), 0, LANG_DE), LANG_FR);
	assert_int_equal(lang_accept(S("en;q=0.2, it;q=0.7, de;q=0.5"), 0, LANG_EN), LANG_IT);
	assert_int_equal(lang_accept(S("de, fr"), 0, LANG_EN), LANG_DE);
	assert_int_equal(lang_accept(S("fr, de"), 1u << LANG_DE | 1u << LANG_EN, LANG_EN), LANG_DE);
	assert_int_equal(lang_accept(S("rm, ja"), 0, LANG_DE), LANG_DE);
	assert_int_equal(lang_accept(S(""), 0, LANG_IT), LANG_IT);
	assert_int_equal(lang_accept(S("*"), 0, LANG_IT), LANG_IT);
	assert_int_equal(lang_accept(S("rm, *;q=0.5, en;q=0.3"), 0, LANG_DE), LANG_DE);
	assert_int_equal(lang_accept(S("de;q=0, *"), 0, LANG_DE), LANG_EN);
	assert_int_equal(lang_accept(S("de;q=0"), 0, LANG_FR), LANG_FR);
	assert_int_equal(lang_accept(S("de;q=banana, fr;q=0.1"), 0, LANG_EN), LANG_FR);
	assert_int_equal(lang_accept(S(",;,;;q=,de"), 0, LANG_EN), LANG_DE);
}

TEST(a_message_takes_its_arguments)
{
	const struct arg args[] = { arg_text("what", S("{said}")), arg_text("said", S("<none>")), { .kind = ARG_END } };
	assert_str(lang_text(mem, LANG_EN, MSG_SYSTEM_ERROR, args), S("{said}: <none>"));
}

TEST(a_number_chooses_the_plural_of_its_language)
{
	const struct arg none[] = { arg_int("n", 0), { 0 } }, one[] = { arg_int("n", 1), { 0 } }, many[] = { arg_int("n", 1200), { 0 } };
	assert_str(lang_text(mem, LANG_EN, MSG_CHARACTERS, none), S("0 characters"));
	assert_str(lang_text(mem, LANG_EN, MSG_CHARACTERS, one), S("1 character"));
	assert_str(lang_text(mem, LANG_FR, MSG_CHARACTERS, none), S("0" NBSP "caractère"));
	assert_str(lang_text(mem, LANG_DE, MSG_CHARACTERS, many), S("1’200 Zeichen"));
	assert_str(lang_text(mem, LANG_IT, MSG_CHARACTERS, one), S("1 carattere"));
}

TEST(a_problem_is_its_findings_line_by_line)
{
	struct problem why = problem_in(mem);
	problem_add(&why, "a", MSG_CHARACTERS, arg_int("n", 1));
	problem_add(&why, "b", MSG_CHARACTERS, arg_int("n", 2));
	assert_str(lang_problem(mem, LANG_EN, &why), S("1 character\n2 characters"));
	assert_str(lang_problem(mem, LANG_EN, NULL), S(""));
}

static int wrong;

static void *use_formats(void *unused)
{
	(void)unused;
	struct arena *a = arena_new();
	for (int i = 0; i < 200; i++) {
		enum language l = (enum language)(i % LANGUAGES);
		lang_datetime(a, l, WHEN + i * HOUR, ZURICH);
		lang_amount(a, l, i, S("CHF"));
		struct str n = lang_number(a, LANG_DE, 1000 + i);
		if (!str_eq(n, str_format(a, "1’%03d", i))) return &wrong;
	}
	arena_free(a);
	return NULL;
}

TEST(threads_format_side_by_side)
{
	pthread_t threads[4];
	void *what;
	for (size_t i = 0; i < COUNT(threads); i++) assert_int_equal(pthread_create(&threads[i], NULL, use_formats, NULL), 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		pthread_join(threads[i], &what);
		assert_null(what);
	}
}
