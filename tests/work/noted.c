/* Sessions that were used wait in a bounded set. */
#include "test.h"

#include "base/random.h"
#include "work/noted.h"

TEST(a_session_is_noted_once_and_taken_once)
{
	struct noted *n = noted_new();
	struct str one = random_bytes(mem, NOTED_SIZE), two = random_bytes(mem, NOTED_SIZE), *got;
	noted_add(n, one);
	noted_add(n, two);
	noted_add(n, one);
	noted_add(n, S("too short"));
	assert_int_equal(noted_take(n, mem, &got), 2);
	assert_true((str_eq(got[0], one) && str_eq(got[1], two)) || (str_eq(got[0], two) && str_eq(got[1], one)));
	assert_int_equal(noted_take(n, mem, &got), 0);
	noted_add(n, one);
	assert_int_equal(noted_take(n, mem, &got), 1);
	noted_free(n);
}

TEST(many_that_fall_on_one_place_are_kept_as_far_as_there_is_room)
{
	struct noted *n = noted_new();
	struct str *got;
	for (int i = 0; i < 100; i++) {
		char hash[NOTED_SIZE] = { 0 };
		hash[NOTED_SIZE - 1] = (char)i; /* the place comes from the first octets */
		noted_add(n, (struct str){ hash, sizeof hash });
	}
	assert_in_range(noted_take(n, mem, &got), 4, 100);
	noted_free(n);
}

TEST(a_flood_stays_within_bounds)
{
	struct noted *n = noted_new();
	struct str *got;
	for (int i = 0; i < 3 * NOTED_MAX; i++) {
		noted_add(n, random_bytes(mem, NOTED_SIZE));
		if (i % 64 == 0) arena_reset(mem);
	}
	assert_in_range(noted_take(n, mem, &got), NOTED_MAX / 2, NOTED_MAX);
	noted_free(n);
}
