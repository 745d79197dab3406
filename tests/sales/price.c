/* tests/sales/price.c: money in whole cents. */
#include "test.h"

#include "sales/price.h"

TEST(vat_is_what_the_price_contains)
{
	assert_int_equal(vat_within(10810, 810), 810);
	assert_int_equal(vat_within(10000, 810), 749); /* 749.306 */
	assert_int_equal(vat_within(10260, 260), 260);
	assert_int_equal(vat_within(12345, 0), 0);
	assert_int_equal(vat_within(0, 810), 0);
	assert_int_equal(vat_within(-10000, 810), -749);
}

TEST(half_a_cent_is_rounded_away_from_zero)
{
	assert_int_equal(vat_within(1, 9999), 0); /* 0.49998 */
	assert_int_equal(vat_within(3, 2000), 1); /* exactly 0.5 */
	assert_int_equal(vat_within(-3, 2000), -1);
}

TEST(vat_of_the_largest_amounts_does_not_overflow)
{
	assert_int_equal(vat_within(INT64_C(900000000000000), 810), INT64_C(67437557816836));
}

TEST(shares_add_up_and_the_largest_remainder_comes_first)
{
	int64_t shares[3];
	split_by_weight(100, (const int64_t[]){ 1, 1, 1 }, 3, shares);
	assert_int_equal(shares[0], 34);
	assert_int_equal(shares[1], 33);
	assert_int_equal(shares[2], 33);
	split_by_weight(10, (const int64_t[]){ 15, 25, 60 }, 3, shares);
	assert_int_equal(shares[0], 2); /* 1.5 and 2.5: both half, the first of equal ones */
	assert_int_equal(shares[1], 2);
	assert_int_equal(shares[2], 6);
}

TEST(a_share_without_weight_gets_nothing)
{
	int64_t shares[3];
	split_by_weight(7, (const int64_t[]){ 0, 3, 0 }, 3, shares);
	assert_int_equal(shares[0], 0);
	assert_int_equal(shares[1], 7);
	split_by_weight(7, (const int64_t[]){ 0, 0, 0 }, 3, shares);
	assert_int_equal(shares[0], 7);
}

TEST(any_split_adds_up)
{
	int64_t weights[5], shares[5], seed = 1;
	for (int round = 0; round < 20000; round++) {
		int64_t total = 0, sum = 0;
		for (int i = 0; i < 5; i++) {
			seed = (seed * 1103515245 + 12345) % 2147483648;
			weights[i] = seed % 5000;
		}
		total = seed % 100000 - 50000;
		split_by_weight(total, weights, 5, shares);
		for (int i = 0; i < 5; i++) sum += shares[i];
		assert_int_equal(sum, total);
	}
}

TEST(cash_is_rounded_to_five)
{
	const int64_t by[] = { 0, -1, -2, 2, 1 };
	for (int64_t i = 0; i < 5; i++) {
		assert_int_equal(cash_rounding(1000 + i), by[i]);
		assert_int_equal((1000 + i + cash_rounding(1000 + i)) % 5, 0);
	}
}

TEST(a_price_is_read_as_people_type_it)
{
	static const struct {
		struct str typed;
		int64_t cents;
	} good[] = { { { STR("95") }, 9500 }, { { STR("95.5") }, 9550 }, { { STR("95.50") }, 9550 }, { { STR("95,50") }, 9550 }, { { STR("0") }, 0 },
		{ { STR("1'234.50") }, 123450 }, { { STR("1\u2019234.05") }, 123405 }, { { STR("10000000") }, PRICE_MAX } };
	static const struct str bad[] = { { STR("") }, { STR("-1") }, { STR("1.234") }, { STR("1.") }, { STR(".5") }, { STR("1.2.3") }, { STR("CHF 5") },
		{ STR("1e3") }, { STR("10000001") }, { STR("99999999999999999999") }, { STR("1.5'0") } };
	int64_t cents;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(price_read(good[i].typed, &cents));
		assert_int_equal(cents, good[i].cents);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (price_read(bad[i], &cents)) fail_msg("%.*s", STR_ARG(bad[i]));
}
