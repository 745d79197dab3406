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
