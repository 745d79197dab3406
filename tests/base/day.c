/* tests/base/day.c: calendar days of a zone. */
#include "test.h"

#include "base/clock.h"
#include "base/day.h"

#define ZURICH S("Europe/Zurich")

TEST(the_first_day_is_a_thursday)
{
	assert_int_equal(day_of_date((struct date){ 1970, 1, 1 }), 0);
	assert_int_equal(day_weekday(0), 3);
	assert_int_equal(day_weekday(-1), 2);
	assert_int_equal(day_weekday(day_of_date((struct date){ 2026, 11, 24 })), 1);
}

TEST(every_day_of_eight_centuries_comes_back)
{
	for (int64_t day = day_of_date((struct date){ 1600, 1, 1 }); day < day_of_date((struct date){ 2400, 1, 1 }); day++) {
		struct date d = date_of_day(day);
		if (day_of_date(d) != day) fail_msg("%lld is %d-%d-%d", (long long)day, d.year, d.month, d.day);
	}
	assert_int_equal(day_of_date((struct date){ 2024, 3, 1 }) - day_of_date((struct date){ 2024, 2, 28 }), 2);
	assert_int_equal(day_of_date((struct date){ 2100, 3, 1 }) - day_of_date((struct date){ 2100, 2, 28 }), 1);
}

TEST(a_day_ends_at_midnight_of_its_zone)
{
	int64_t winter = day_of_date((struct date){ 2026, 11, 24 }), summer = day_of_date((struct date){ 2026, 7, 1 });
	assert_int_equal(day_begins(mem, winter, ZURICH), winter * DAY - HOUR);
	assert_int_equal(day_begins(mem, summer, ZURICH), summer * DAY - 2 * HOUR);
	assert_int_equal(day_of(mem, winter * DAY - HOUR, ZURICH), winter);
	assert_int_equal(day_of(mem, winter * DAY - HOUR - 1, ZURICH), winter - 1);
}

TEST(the_days_on_which_clocks_change_have_23_and_25_hours)
{
	int64_t spring = day_of_date((struct date){ 2026, 3, 29 }), autumn = day_of_date((struct date){ 2026, 10, 25 });
	assert_int_equal(day_begins(mem, spring + 1, ZURICH) - day_begins(mem, spring, ZURICH), 23 * HOUR);
	assert_int_equal(day_begins(mem, autumn + 1, ZURICH) - day_begins(mem, autumn, ZURICH), 25 * HOUR);
}

TEST(a_time_of_the_clock_is_the_same_on_every_day)
{
	int64_t spring = day_of_date((struct date){ 2026, 3, 29 }), autumn = day_of_date((struct date){ 2026, 10, 25 });
	assert_int_equal(day_time(mem, spring - 1, 20 * 60, ZURICH), (spring - 1) * DAY + 19 * HOUR);
	assert_int_equal(day_time(mem, spring, 20 * 60, ZURICH), spring * DAY + 18 * HOUR);
	assert_int_equal(day_time(mem, spring, 3 * 60 + 30, ZURICH), spring * DAY + HOUR + 30 * MINUTE);
	assert_int_equal(day_time(mem, spring, 2 * 60 + 30, ZURICH), spring * DAY + HOUR + 30 * MINUTE); /* there is no such time: an hour on */
	assert_int_equal(day_time(mem, autumn, 2 * 60 + 30, ZURICH), autumn * DAY + 30 * MINUTE);		 /* there are two: the first */
	assert_int_equal(day_time(mem, autumn, 20 * 60, ZURICH), autumn * DAY + 19 * HOUR);
	assert_str(day_time_text(mem, spring * DAY + 18 * HOUR, ZURICH), S("2026-03-29T20:00"));
}

TEST(a_date_and_time_is_read_as_browsers_send_it_and_as_people_type_it)
{
	int64_t day, wanted = day_of_date((struct date){ 2026, 12, 24 });
	int minutes;
	static const struct str good[] = { { STR("2026-12-24T20:05") }, { STR("2026-12-24T20:05:00") }, { STR("24.12.2026 20:05") },
		{ STR("24.12.2026  20:05") } };
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(day_time_read(good[i], &day, &minutes));
		assert_int_equal(day, wanted);
		assert_int_equal(minutes, 20 * 60 + 5);
	}
	static const struct str bad[] = { { STR("") }, { STR("2026-12-24") }, { STR("2026-02-30T20:00") }, { STR("2026-13-01T20:00") },
		{ STR("2026-12-24T24:00") }, { STR("2026-12-24T20:60") }, { STR("24.12.26 20:00") }, { STR("24.12.2026 20:00 h") },
		{ STR("24/12/2026 20:00") }, { STR("T:") }, { STR("2026-12-24T20") } };
	for (size_t i = 0; i < COUNT(bad); i++)
		if (day_time_read(bad[i], &day, &minutes)) fail_msg("%.*s", STR_ARG(bad[i]));
}

TEST(a_day_is_written_and_read_as_browsers_do)
{
	static const char *const wrong[] = { "", "2026-02-31", "2026-13-01", "2026-00-10", "2026-1-10", "1969-12-31", "24.11.2026", "2026-11-24 ",
		"2026-11-2x" };
	int64_t day = 0;
	assert_true(day_read(S("2024-02-29"), &day));
	assert_int_equal(day, day_of_date((struct date){ 2024, 2, 29 }));
	assert_str(day_text(mem, day), S("2024-02-29"));
	for (size_t i = 0; i < COUNT(wrong); i++) assert_false(day_read(str_of(wrong[i]), &day));
}
