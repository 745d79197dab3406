/* tests/sales/ticket.c: numbers and barcodes. */
#include "test.h"

#include "institution/institution.h"
#include "sales/ticket.h"

TEST(a_barcode_is_no_number_for_a_spreadsheet)
{
	for (int i = 0; i < 2000; i++) {
		struct str code = barcode_make(mem);
		assert_int_equal(code.len, BARCODE_LENGTH);
		assert_true(code.at[0] >= 'A' && code.at[0] <= 'Z');
		for (size_t k = 0; k < code.len; k++) {
			assert_false(strchr("EILOU", code.at[k]));
			assert_true((code.at[k] >= '0' && code.at[k] <= '9') || (code.at[k] >= 'A' && code.at[k] <= 'Z'));
		}
	}
}

TEST(every_sign_of_a_barcode_is_as_likely_as_the_others)
{
	int seen[128] = { 0 };
	for (int i = 0; i < 4000; i++) {
		struct str code = barcode_make(mem);
		for (size_t k = 1; k < code.len; k++) seen[(unsigned char)code.at[k]]++;
	}
	for (const char *c = "0123456789ABCDFGHJKMNPQRSTVWXYZ"; *c; c++) /* 60,000 / 31 = 1,935; four and a half deviations */
		if (seen[(unsigned char)*c] < 1740 || seen[(unsigned char)*c] > 2130) fail_msg("%c came %d times", *c, seen[(unsigned char)*c]);
}

TEST(a_ticket_number_comes_back_and_knows_a_slip_of_the_pen)
{
	int64_t id;
	struct str number = ticket_number(mem, 42);
	assert_int_equal(number.at[0], 'T');
	assert_true(ticket_number_read(mem, number, &id));
	assert_int_equal(id, 42);
	assert_true(ticket_number_read(mem, str_format(mem, " t%.*s %.*s", 3, number.at + 1, (int)number.len - 4, number.at + 4), &id));
	char wrong[16] = "";
	memcpy(wrong, number.at, number.len);
	wrong[3] = wrong[3] == '9' ? '0' : (char)(wrong[3] + 1);
	assert_false(ticket_number_read(mem, str_of(wrong), &id));
	assert_false(ticket_number_read(mem, S("T"), &id));
	assert_false(ticket_number_read(mem, S("100018"), &id));
	assert_false(ticket_number_read(mem, S("T18"), &id));
}

TEST(an_order_number_is_read_with_and_without_its_dash)
{
	int64_t number = order_number_of(7), read;
	assert_true(number_checks(number));
	struct str shown = order_number(mem, number);
	assert_int_equal(shown.at[shown.len - 2], '-');
	assert_true(order_number_read(shown, &read));
	assert_int_equal(read, number);
	assert_true(order_number_read(str_format(mem, "%lld", (long long)number), &read));
	assert_int_equal(read, number);
	const char *const wrong[] = { "", "-", "10007", "-5", "10007-", "10007-12", "10007-x", "1e5-3", "10007-0", "9223372036854775807-1" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (order_number_read(str_of(wrong[i]), &read)) fail_msg("\"%s\" was read as %lld", wrong[i], (long long)read);
}
