/* tests/sales/seating.c: which seats are the best. A row is drawn as a word: o free, x taken, a blank is an aisle; the first word is nearest to the stage. */
#include "test.h"

#include "sales/seating.h"

struct drawn {
	struct seat_at seats[256];
	size_t count;
};

static struct drawn draw(const char *const *rows)
{
	struct drawn d = { .count = 0 };
	for (int64_t row = 0; rows[row]; row++)
		for (int64_t i = 0; rows[row][i]; i++)
			if (rows[row][i] != ' ') d.seats[d.count++] = (struct seat_at){ row, i + 1, rows[row][i] == 'o' };
	return d;
}

static struct seat_run best_of(const char *const *rows, int64_t n)
{
	struct drawn d = draw(rows);
	struct seat_run best[SEATING_BEST];
	if (seating_best(d.seats, d.count, n, best) == 0) return (struct seat_run){ .row = -1 };
	return best[0];
}

#define assert_run(run, row_, from, to)        \
	do {                                       \
		struct seat_run run_ = (run);          \
		assert_int_equal(run_.row, row_);      \
		assert_int_equal(run_.position, from); \
		assert_int_equal(run_.last, to);       \
	} while (0)

#define ROWS(...) ((const char *const[]){ __VA_ARGS__, NULL })

TEST(the_middle_of_the_first_row_is_best)
{
	assert_run(best_of(ROWS("oooooooo", "oooooooo"), 2), 0, 4, 5);
}

TEST(the_middle_further_back_is_better_than_the_side_in_front)
{
	assert_run(best_of(ROWS("ooxxxxxxxxoo", "oooooooooooo"), 2), 1, 6, 7);
}

TEST(no_single_seat_is_left_over)
{
	assert_run(best_of(ROWS("ooo"), 2), 0, 1, 2); /* unavoidable */
	assert_run(best_of(ROWS("ooo", "oooo"), 2), 1, 1, 2);
	assert_false(best_of(ROWS("ooooo"), 2).leaves_single);
}

TEST(an_aisle_and_a_taken_seat_part)
{
	assert_run(best_of(ROWS("oo oo", "oxoo"), 3), -1, 0, 0);
	assert_run(best_of(ROWS("oo ooo"), 3), 0, 4, 6);
}

TEST(as_many_as_there_are_in_a_row)
{
	assert_run(best_of(ROWS("oooo"), 4), 0, 1, 4);
	assert_run(best_of(ROWS("oooo"), 5), -1, 0, 0);
	assert_run(best_of(ROWS("xxxx"), 1), -1, 0, 0);
}

TEST(eight_at_most_and_all_free)
{
	struct drawn d = draw(ROWS("oooooooooooooooo", "oxoxoxoxoxoxoxox"));
	struct seat_run best[SEATING_BEST];
	size_t n = seating_best(d.seats, d.count, 1, best);
	assert_int_equal(n, SEATING_BEST);
	for (size_t i = 1; i < n; i++) assert_true(best[i - 1].cost <= best[i].cost);
}

TEST(runs_that_leave_a_single_are_not_offered_beside_better_ones)
{
	struct drawn d = draw(ROWS("oooooo"));
	struct seat_run best[SEATING_BEST];
	size_t n = seating_best(d.seats, d.count, 2, best);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) assert_false(best[i].leaves_single);
}

TEST(who_must_part_sits_in_as_few_rows_as_can_be)
{
	struct drawn d = draw(ROWS("oox", "oooo", "ooo"));
	struct seat_run runs[8];
	assert_int_equal(seating_split(mem, d.seats, d.count, 6, runs), 2);
	assert_run(runs[0], 1, 1, 4);
	assert_run(runs[1], 2, 1, 2);
	assert_int_equal(seating_split(mem, d.seats, d.count, 10, runs), 0);
	assert_int_equal(seating_split(mem, d.seats, 0, 1, runs), 0);
}
