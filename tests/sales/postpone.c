/* A programme that has come too near moves on by whole weeks; nobody's hour changes, also when the clocks do. */
#include "test.h"

#include "base/day.h"
#include "sales/hall.h"
#include "sales/postpone.h"

struct postponing {
	int64_t institution, first_day;
};

static enum status postpone_in(struct conn *db, void *arg)
{
	struct postponing *x = arg;
	return programme_postpone(db, mem, x->institution, S("Europe/Zurich"), x->first_day);
}

static void postpone(struct hall *h, int64_t first_day)
{
	in_write(h->db, postpone_in, &(struct postponing){ h->theatre.institution, first_day });
}

static int64_t at(int year, int month, int day, int hour)
{
	return day_begins(mem, day_of_date((struct date){ year, month, day }), S("Europe/Zurich")) + hour * HOUR;
}

static int64_t starts_at(struct hall *h, int64_t performance)
{
	return sql_number(h->db, "SELECT starts_at FROM performance WHERE id = $1", int64(performance));
}

static void stands_on(struct hall *h, int64_t performance, int64_t when)
{
	do_sql(h->db, "UPDATE performance SET starts_at = $2, doors_at = $3, ends_at = $4 WHERE id = $1", int64(performance), int64(when),
		int64(when - HOUR), int64(when + 2 * HOUR));
	do_sql(h->db, "UPDATE sale_window SET closes_at = $2 WHERE performance = $1", int64(performance), int64(when - HOUR));
}

TEST(a_programme_moves_by_weeks_until_its_first_evening_is_far_enough)
{
	struct hall *h = hall_open(10, 1, 2);
	stands_on(h, h->standing, at(2027, 1, 6, 20));
	stands_on(h, h->seated, at(2027, 1, 9, 20));
	postpone(h, day_of_date((struct date){ 2027, 1, 15 }));
	assert_int_equal(starts_at(h, h->standing), at(2027, 1, 20, 20));
	assert_int_equal(starts_at(h, h->seated), at(2027, 1, 23, 20));
	assert_int_equal(sql_number(h->db, "SELECT closes_at FROM sale_window WHERE performance = $1", int64(h->seated)), at(2027, 1, 23, 19));
	hall_close(h);
}

TEST(a_programme_that_is_far_enough_stays)
{
	struct hall *h = hall_open(10, 1, 2);
	stands_on(h, h->standing, at(2027, 1, 6, 20));
	stands_on(h, h->seated, at(2027, 1, 9, 20));
	postpone(h, day_of_date((struct date){ 2027, 1, 6 }));
	assert_int_equal(starts_at(h, h->standing), at(2027, 1, 6, 20));
	hall_close(h);
}

TEST(the_hour_stays_over_the_change_of_clocks_and_on_its_very_day)
{
	struct hall *h = hall_open(10, 1, 2);
	stands_on(h, h->standing, at(2027, 3, 21, 20));
	stands_on(h, h->seated, at(2027, 3, 28, 20) - HOUR); /* 20:00 on the day that has 23 hours */
	postpone(h, day_of_date((struct date){ 2027, 3, 22 }));
	assert_int_equal(starts_at(h, h->standing), at(2027, 3, 28, 20) - HOUR);
	assert_int_equal(starts_at(h, h->seated), at(2027, 4, 4, 20));
	hall_close(h);
}
