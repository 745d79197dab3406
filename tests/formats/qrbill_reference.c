/* tests/formats/qrbill_reference.c: references and accounts, built, judged and printed; the old code line. */
#include "formats/qrbill_reference.h"

#include "formats/qrbill_esr.h"
#include "test.h"

static struct str qrr(const char *prefix, const char *number)
{
	struct str out = S("");
	struct problem why = problem_in(mem);
	enum status st = qrr_build(mem, str_of(prefix), str_of(number), &out, &why);
	return st ? str_format(mem, "%s: %s", why.first->field, message_ids[why.first->message]) : out;
}

static struct str scor(const char *prefix, const char *number)
{
	struct str out = S("");
	struct problem why = problem_in(mem);
	enum status st = scor_build(mem, str_of(prefix), str_of(number), &out, &why);
	return st ? str_format(mem, "%s: %s", why.first->field, message_ids[why.first->message]) : out;
}

TEST(a_qr_reference_is_prefix_zeros_number_and_check_digit)
{
	assert_str(qrr("", "31394714300"), S("000000000000000313947143007"));
	assert_str(qrr("210000", "313947143000901"), S("210000000003139471430009017"));
	assert_str(qrr("", "12345678901234567890123456"), S("123456789012345678901234567"));
	assert_str(qrr("12 34", "56"), qrr("1234", "56"));
}

TEST(a_qr_reference_is_refused_when_it_cannot_be_one)
{
	assert_str(qrr("", "123456789012345678901234567"), S("number: reference-too-long"));
	assert_str(qrr("1234567", "12345678901234567890"), S("number: reference-too-long"));
	assert_str(qrr("", "A1"), S("number: reference-digits"));
	assert_str(qrr("A1", "1"), S("prefix: reference-digits"));
	assert_str(qrr("", ""), S("number: reference-digits"));
	assert_str(qrr("000", "0"), S("number: reference-zero"));
}

TEST(a_creditor_reference_is_built_with_check_digits_of_two_digits)
{
	assert_str(scor("", "539007547034"), S("RF18539007547034"));
	assert_str(scor("TIX", "000040"), S("RF51TIX000040"));
	assert_str(scor("tix", "000040"), S("RF51TIX000040"));
	for (int i = 0; i < 2000; i++) {
		struct str built = scor("", str_format(mem, "%d%c", i, 0).at);
		if (!scor_is_valid(built) || str_starts(built, S("RF00")) || str_starts(built, S("RF01")) || str_starts(built, S("RF99")))
			fail_msg("%.*s", STR_ARG(built));
	}
}

TEST(a_creditor_reference_is_refused_when_it_cannot_be_one)
{
	assert_str(scor("", "1234567890123456789012"), S("number: reference-too-long"));
	assert_str(scor("", "2026-1"), S("number: reference-characters"));
	assert_str(scor("é", "1"), S("prefix: reference-characters"));
	assert_str(scor("", ""), S("number: reference-characters"));
}

TEST(every_single_slip_of_the_pen_is_seen)
{
	struct str right[] = { S("210000000003139471430009017"), S("RF18539007547034"), S("CH9300762011623852957") };
	for (size_t r = 0; r < COUNT(right); r++)
		for (size_t i = 0; i < right[r].len; i++)
			for (int digit = 0; digit <= 9; digit++) {
				char c = (char)('0' + digit);
				char *wrong = str_c(mem, right[r]);
				if (wrong[i] == c || wrong[i] > '9') continue;
				wrong[i] = c;
				struct str s = str_of(wrong);
				if (r == 0 ? qrr_is_valid(s) : r == 1 ? scor_is_valid(s) : iban_is_valid(s)) fail_msg("%s", wrong);
			}
}

TEST(check_digits_that_only_look_right_are_refused)
{
	/* RF00, RF01 and RF99 leave the same remainder as RF97, RF98 and RF02. */
	for (int i = 0; i < 5000; i++) {
		struct str body = str_format(mem, "%d", i);
		assert_false(scor_is_valid(str_format(mem, "RF00%.*s", STR_ARG(body))));
		assert_false(scor_is_valid(str_format(mem, "RF01%.*s", STR_ARG(body))));
		assert_false(scor_is_valid(str_format(mem, "RF99%.*s", STR_ARG(body))));
	}
}

TEST(an_account_has_its_country_s_length)
{
	assert_true(iban_is_valid(S("NO9386011117947")));
	assert_true(iban_is_valid(S("GB82WEST12345698765432")));
	assert_true(iban_is_valid(S("MT84MALT011000012345MTLCAST001S")));
	assert_false(iban_is_valid(S("GB82WEST1234569876543")));
	assert_false(iban_is_valid(S("gb82west12345698765432")));
	assert_false(iban_is_valid(S("")));
	assert_false(iban_is_valid(S("CH")));
}

TEST(numbers_are_printed_in_groups)
{
	assert_str(reference_grouped(mem, QRBILL_QRR, S("210000000003139471430009017")), S("21 00000 00003 13947 14300 09017"));
	assert_str(reference_grouped(mem, QRBILL_SCOR, S("RF18539007547034")), S("RF18 5390 0754 7034"));
	assert_str(iban_grouped(mem, S("CH4431999123000889012")), S("CH44 3199 9123 0008 8901 2"));
	assert_str(iban_grouped(mem, S("")), S(""));
}

TEST(the_kind_of_a_reference_follows_from_the_account)
{
	struct str qr_iban = S("CH4431999123000889012"), iban = S("CH9300762011623852957");
	assert_int_equal(reference_kind_on(qr_iban, S("")), QRBILL_NON);
	assert_int_equal(reference_kind_on(qr_iban, S("RF18539007547034")), QRBILL_QRR);
	assert_int_equal(reference_kind_on(iban, S("RF18539007547034")), QRBILL_SCOR);
	assert_int_equal(reference_kind_on(iban, S("210000000003139471430009017")), QRBILL_QRR);
	assert_int_equal(reference_kind_on(iban, S("4711")), QRBILL_SCOR);
	assert_int_equal(reference_kind_on(iban, S("")), QRBILL_NON);
}

/* ---- the old code line ---- */

#define LINE	  "0100003949753>210000000003139471430009017+ 010391391>"
#define OPEN_LINE "042>210000000003139471430009017+ 010391391>"

static struct esr old_slip(void)
{
	return (struct esr){
		.code = S(""), .amount = 394975, .currency = S("CHF"), .reference = S("210000000003139471430009017"), .participant = S("01-39139-1")
	};
}

TEST(a_code_line_is_written_with_and_without_an_amount)
{
	struct esr e = old_slip();
	struct str line;
	assert_status(esr_write(mem, &e, &line, NULL), OK);
	assert_str(line, S(LINE));
	e.amount = ESR_OPEN;
	assert_status(esr_write(mem, &e, &line, NULL), OK);
	assert_str(line, S(OPEN_LINE));
	e.currency = S("EUR");
	e.amount = ESR_AMOUNT_MAX;
	assert_status(esr_write(mem, &e, &line, NULL), OK);
	assert_true(str_starts(line, S("219999999999")));
}

TEST(a_code_line_is_read_as_it_was_written)
{
	struct esr e;
	assert_status(esr_read(mem, S(LINE), &e, NULL), OK);
	assert_int_equal(e.amount, 394975);
	assert_str(e.code, S("01"));
	assert_str(e.currency, S("CHF"));
	assert_str(e.reference, S("210000000003139471430009017"));
	assert_str(esr_participant_text(mem, e.participant), S("01-39139-1"));
	assert_status(esr_read(mem, S("0100003949753 > 21 00000 00003 13947 14300 09017 + 010391391 >"), &e, NULL), OK);
	assert_status(esr_read(mem, S(OPEN_LINE), &e, NULL), OK);
	assert_int_equal(e.amount, ESR_OPEN);
}

TEST(a_code_line_with_any_digit_wrong_is_refused)
{
	struct esr e;
	for (size_t i = 0; i < sizeof LINE - 1; i++)
		for (int digit = 0; digit <= 9; digit++) {
			char c = (char)('0' + digit);
			char wrong[] = LINE;
			if (wrong[i] == c) continue;
			wrong[i] = c;
			if (esr_read(mem, str_of(wrong), &e, NULL) == OK && i != 43) fail_msg("%s", wrong); /* a blank stands at 43 */
		}
	static const char *const broken[] = { "", ">", ">+>", "01>1+1>", "0100003949753>210000000003139471430009017+ 010391391>x",
		"0100003949753>210000000003139471430009017+ 010391391", "042" };
	for (size_t i = 0; i < COUNT(broken); i++) assert_status(esr_read(mem, str_of(broken[i]), &e, NULL), REFUSED);
}

/* What is wrong with TEXT: "amount esr-check-digit; …". */
static struct str wrong_with(const char *text, struct esr *out)
{
	struct problem why = problem_in(mem);
	struct buf b = buf_in(mem);
	assert_status(esr_read(mem, str_of(text), out, &why), REFUSED);
	for (const struct finding *f = why.first; f; f = f->next) buf_addf(&b, "%s%s %s", f == why.first ? "" : "; ", f->field, message_ids[f->message]);
	return buf_str(&b);
}

TEST(of_a_broken_code_line_the_parts_that_can_be_read_are_given)
{
	static const struct {
		const char *line, *found, *reference, *participant;
		int64_t amount;
	} cases[] = {
		{ "0100003949752>210000000003139471430009017+ 010391391>", "amount esr-check-digit", "210000000003139471430009017", "010391391", 394975 },
		{ "0100003949753>210000000003139471430009018+ 010391391>", "reference qrbill-reference-qrr", "210000000003139471430009018", "010391391",
			394975 },
		{ "0100003949753>210000000003139471430009017+ 010391392>", "participant esr-participant", "210000000003139471430009017", "", 394975 },
		{ "0100003949752>210000000003139471430009018+ 010391392>",
			"amount esr-check-digit; reference qrbill-reference-qrr; participant esr-participant", "210000000003139471430009018", "", 394975 },
		{ "0100003949753>210000000003139471430009017+ 010391391", " esr-line", "210000000003139471430009017", "010391391", 394975 },
		{ "0100003949753210000000003139471430009017+ 010391391>", " esr-line", "210000000003139471430009017", "010391391", 394975 },
		{ "042210000000003139471430009017+ 010391391>", " esr-line", "210000000003139471430009017", "010391391", ESR_OPEN },
		{ "0100003949753>210000000003139471430009017 010391391>", " esr-line", "210000000003139471430009017", "010391391", 394975 },
		{ "0100003949753>210000000003139471430009017+ 010391391>x", " esr-line", "210000000003139471430009017", "010391391", 394975 },
		{ "9900003949753>210000000003139471430009017+ 010391391>", " esr-line", "210000000003139471430009017", "010391391", ESR_OPEN },
		{ "0100003949753>", " esr-line", "", "", 394975 },
		{ "210000000003139471430009017+", " esr-line", "210000000003139471430009017", "", ESR_OPEN },
		{ "+", " esr-line", "", "", ESR_OPEN },
		{ "", " esr-line", "", "", ESR_OPEN },
		{ "hello", " esr-line", "", "", ESR_OPEN },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct esr e;
		struct str found = wrong_with(cases[i].line, &e);
		if (!str_eq(found, str_of(cases[i].found))) fail_msg("%s: %.*s", cases[i].line, STR_ARG(found));
		assert_str(e.reference, str_of(cases[i].reference));
		assert_str(e.participant, str_of(cases[i].participant));
		assert_int_equal(e.amount, cases[i].amount);
	}
}

TEST(a_currency_that_no_slip_had_is_told_of_the_currency)
{
	struct problem why = problem_in(mem);
	struct esr e = old_slip();
	struct str line;
	e.currency = S("USD");
	assert_status(esr_write(mem, &e, &line, &why), REFUSED);
	assert_non_null(problem_at(&why, "currency"));
	assert_null(problem_at(&why, "amount"));
}

TEST(a_code_line_is_not_written_from_wrong_numbers)
{
	struct problem why = problem_in(mem);
	struct esr e = { .code = S(""), .amount = 0, .currency = S("CHF"), .reference = S("1"), .participant = S("01-39139-2") };
	struct str line;
	assert_status(esr_write(mem, &e, &line, &why), REFUSED);
	assert_non_null(problem_at(&why, "amount"));
	assert_non_null(problem_at(&why, "reference"));
	assert_non_null(problem_at(&why, "participant"));
	e = old_slip();
	e.amount = ESR_AMOUNT_MAX + 1;
	assert_status(esr_write(mem, &e, &line, NULL), REFUSED);
	e = old_slip();
	e.currency = S("USD");
	assert_status(esr_write(mem, &e, &line, NULL), REFUSED);
}
