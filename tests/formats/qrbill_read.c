/* tests/formats/qrbill_read.c: what a strict and a lenient reader make of texts that are not quite right. */
#include "qrbill_bills.h"

/* The text of theatre_bill() with line LINE (from 1) replaced, its lines ending in END. */
static struct str text_with(int line, struct str put, struct str end)
{
	struct qrbill bill = theatre_bill();
	struct buf b = buf_in(mem);
	int n = 0;
	for (struct str rest = qrbill_payload(mem, &bill), each; str_next(&rest, '\n', &each);) {
		if (n++) buf_add(&b, end);
		buf_add(&b, n == line ? put : each);
	}
	return buf_str(&b);
}

static struct str with(int line, const char *put)
{
	return text_with(line, str_of(put), S("\n"));
}

/* TEXT's findings by both readers, parted by " | " when they differ. */
static struct str both(struct str text)
{
	struct qrbill bill;
	struct str strict = read_as(text, QRBILL_STRICT, &bill), lenient = read_as(text, QRBILL_LENIENT, &bill);
	return str_eq(strict, lenient) ? strict : str_format(mem, "%.*s | %.*s", STR_ARG(strict), STR_ARG(lenient));
}

TEST(each_line_is_held_against_its_rule)
{
	static const struct {
		int line;
		const char *put, *found;
	} cases[] = {
		{ 1, "SPX", "R01 type" },
		{ 1, "SPC ", "R01 type" }, /* nothing else */
		{ 2, "0210", "R02 version (warning)" },
		{ 2, "0300", "R02 version" },
		{ 2, "200", "R02 version" },
		{ 2, "0200 ", "R07 version (warning)" },
		{ 3, "2", "R03 coding" },
		{ 3, " 1", "R07 coding (warning)" },
		{ 4, "", "R10 account" },
		{ 4, "ch8830123000012345678", "R10 account" },
		{ 4, "CH88 3012 3000 0123 4567 8", "R10 account | R10 account (warning)" },
		{ 4, "CH8830123000012345678 ", "R10 account | R10 account (warning)" },
		{ 5, "", "R12 creditor.type" },
		{ 4, "CH88\u00a03012\u00a03000\u00a00123\u00a04567\u00a08", "R10 account | R10 account (warning)" },
		{ 5, "s", "R12 creditor.type" },
		{ 5, "S ", "R07 creditor.type (warning)" },
		{ 6, "", "R13 creditor.name" },
		{ 6, " ", "R07 creditor.name (warning); R13 creditor.name" },
		{ 6, "\u00a0", "R07 creditor.name (warning); R13 creditor.name" },
		{ 6, "\u00ad", "R07 creditor.name (warning); R13 creditor.name" },
		{ 6, "\u00ad \u00a0\u00ad", "R07 creditor.name (warning); R13 creditor.name" },
		{ 7, " Bühnenweg", "R07 creditor.street (warning)" },
		{ 11, "ch", "R18 creditor.country" },
		{ 12, "S", "R19 ultimate_creditor" },
		{ 18, "CH", "R19 ultimate_creditor" },
		{ 19, "118.0", "R20 amount" },
		{ 19, "118.00 ", "R07 amount (warning)" },
		{ 19, "\u00a0118.00", "R07 amount (warning)" },
		{ 19, " ", "R07 amount (warning)" },
		{ 19, "1 118.00", "R20 amount" },
		{ 19, "0.00", "R21 amount" },
		{ 19, "", "" },
		{ 20, "chf", "R22 currency" },
		{ 20, "CHF ", "R07 currency (warning)" },
		{ 21, "", "R12 debtor.type" },
		{ 28, "QRS", "R30 reference" },
		{ 28, "QRR ", "R07 reference (warning)" },
		{ 28, "NON", "R30 reference; R33 reference" },
		{ 28, "SCOR", "R30 reference; R32 reference" },
		{ 29, "880000000000000000000010002", "R31 reference" },
		{ 29, "88 00000 00000 00000 00000 10001", "R31 reference" },
		{ 30, "a\tb", "R06 message" },
		{ 30, "a\x01", "R06 message" },
		{ 30, "\ta\t", "R06 message" },
		{ 30, "a\u00a0", "R07 message (warning)" },
		{ 30, "Zu\u0308rich", "R06 message" },
		{ 30, "Row  7", "R07 message (warning)" },
		{ 30, "Row\u00a0\u00a07", "R07 message (warning)" },
		{ 30, "Row \u00a07", "R07 message (warning)" },
		{ 30, "Row\u00ad 7", "R07 message (warning)" },
		{ 30, "Row\u00a07", "" },
		{ 30, "DO NOT USE FOR PAYMENT", "R21 message" },
		{ 31, "END", "R41 trailer" },
		{ 31, "EPD ", "R07 trailer (warning)" },
		{ 31, "EPD\n//S1/10/1", "" },
		{ 31, "EPD\nS1/10/1", "R42 bill_information" },
		{ 31, "EPD\n\nA/1\nB/2", "" },
		{ 31, "EPD\n\n\nB/2", "" },
		{ 31, "EPD\n\nA/1\nB/2\nC/3", "R04 " },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str got = both(with(cases[i].line, cases[i].put));
		if (!str_eq(got, str_of(cases[i].found)))
			fail_msg("line %d \"%s\": got \"%.*s\", want \"%s\"", cases[i].line, cases[i].put, STR_ARG(got), cases[i].found);
	}
}

TEST(r04_r41_a_text_that_breaks_off_is_read_as_far_as_it_goes)
{
	struct qrbill bill;
	assert_str(both(with(30, "2 Plätze\r")), S("R05  | R05  (warning)"));
	struct str text = with(0, "");
	assert_str(read_as(str_part(text, 0, text.len - 4), QRBILL_STRICT, &bill), S("R04 ; R41 trailer"));
	assert_str(bill.message, S("2 Plätze Parkett, Reihe 7"));
	assert_str(read_as(S("SPC"), QRBILL_STRICT, &bill),
		S("R02 version; R03 coding; R04 ; R10 account; R12 creditor.type; R13 creditor.name; R16 creditor.postcode; R17 creditor.town; "
		  "R18 creditor.country; R22 currency; R30 reference; R41 trailer"));
}

TEST(r05_line_ends_of_one_kind)
{
	struct qrbill bill;
	assert_str(both(text_with(0, S(""), S("\r\n"))), S(""));
	assert_str(both(text_with(0, S(""), S("\r"))), S("R05  | R05  (warning)"));
	assert_str(both(with(6, "Theater Beispiel AG\r")), S("R05  | R05  (warning)"));
	assert_str(both(with(31, "EPD\n")), S("R05  (warning)"));
	assert_str(both(with(31, "EPD\n\n\n\n\n\n\n\n")), S("R05  (warning)"));
	assert_str(both(with(31, "EPD\n//S1/10/1\n\n")), S("R05  (warning)"));
	read_as(text_with(0, S(""), S("\r")), QRBILL_LENIENT, &bill);
	assert_str(bill.debtor.town, S("Vevey"));
}

TEST(r06_a_byte_order_mark_and_latin_1_are_told_once_and_read_all_the_same)
{
	struct qrbill bill;
	struct str text = with(0, "");
	assert_str(both(str_format(mem, "\xef\xbb\xbf%.*s", STR_ARG(text))), S("R06 "));
	assert_str(read_as(with(10, "Z\xfcrich"), QRBILL_LENIENT, &bill), S("R06 "));
	assert_str(bill.creditor.town, S("Zürich"));
	assert_str(both((struct str){ "SPC\0\n0200", 9 }), both(S("SPC\xff\n0200")));
}

TEST(r12_a_combined_address_is_parted)
{
	struct qrbill bill;
	struct str text = with(21, "K\nPia Rutschmann\nMarktgasse 28\n9400 Rorschach\n\n\nCH\nQRR\n880000000000000000000010001\n\nEPD");
	text = str_part(text, 0, (size_t)(str_find(text, S("EPD")) + 3));
	assert_str(both(text), S("R12 debtor.type | R12 debtor.type (warning)"));
	read_as(text, QRBILL_LENIENT, &bill);
	assert_str(bill.debtor.street, S("Marktgasse"));
	assert_str(bill.debtor.house_number, S("28"));
	assert_str(bill.debtor.postcode, S("9400"));
	assert_str(bill.debtor.town, S("Rorschach"));
	assert_str(bill.debtor.country, S("CH"));
}

/* The theatre's bill with a combined debtor: lines 23 to 27. */
static struct str combined(const char *lines)
{
	struct str text = with(21, str_format(mem, "K\nPia Rutschmann\n%s\nQRR\n880000000000000000000010001\n\nEPD%c", lines, 0).at);
	return str_part(text, 0, (size_t)(str_find(text, S("EPD")) + 3));
}

TEST(r12_r16_r17_the_second_line_of_a_combined_address_is_a_postcode_and_a_town)
{
	static const struct {
		const char *lines, *found, *postcode, *town;
	} cases[] = {
		{ "Marktgasse 28\n9400 Rorschach\n\n\nCH", "", "9400", "Rorschach" },
		{ "Marktgasse 28\n9400\n\n\nCH", "R17 debtor.town", "9400", "" },
		{ "Marktgasse 28\nRorschach\n\n\nCH", "R16 debtor.postcode", "", "Rorschach" },
		{ "Marktgasse 28\n\n\n\nCH", "R16 debtor.postcode; R17 debtor.town", "", "" },
		{ "Marktgasse 28\n1211 Genève 2\n\n\nCH", "", "1211", "Genève 2" },
		{ "Marktgasse 28\n8001\u00a0Zürich\n\n\nCH", "", "8001", "Zürich" },
		{ "Marktgasse 28\nCH-8001 Zürich\n\n\nCH", "R16 debtor.postcode", "CH-8001", "Zürich" },
		{ "Ringvägen 3\n114 55 Stockholm\n\n\nSE", "", "114 55", "Stockholm" },
		{ "10 Downing Street\nSW1A 2AA London\n\n\nGB", "", "SW1A 2AA", "London" },
		{ "10 Downing Street\nLondon SW1A 2AA\n\n\nGB", "", "SW1A 2AA", "London" },
		{ "10 Downing Street\nLondon\n\n\nGB", "R16 debtor.postcode", "", "London" },
		{ "Marktgasse 28\n9400 Llanfairpwllgwyngyllgogerychwyrndrobw\n\n\nCH", "R17 debtor.town", "9400", "Llanfairpwllgwyngyllgogerychwyrndrobw" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct qrbill bill;
		struct str got = read_as(combined(cases[i].lines), QRBILL_LENIENT, &bill);
		struct str want = str_format(mem, "R12 debtor.type (warning)%s%s", cases[i].found[0] ? "; " : "", cases[i].found);
		if (!str_eq(got, want)) fail_msg("%s: got \"%.*s\"", cases[i].lines, STR_ARG(got));
		assert_str(bill.debtor.postcode, str_of(cases[i].postcode));
		assert_str(bill.debtor.town, str_of(cases[i].town));
	}
}

TEST(r06_r07_what_is_odd_in_a_combined_line_is_told_of_the_member_it_becomes)
{
	struct qrbill bill;
	assert_str(read_as(combined("Marktgasse 28\n9400  Rorschach\n\n\nCH"), QRBILL_LENIENT, &bill),
		S("R07 debtor.town (warning); R12 debtor.type (warning)"));
	assert_str(bill.debtor.house_number, S("28"));
	assert_str(bill.debtor.town, S("Rorschach"));
	assert_str(read_as(combined("Marktgasse  28\n9400 Rorschach\n\n\nCH"), QRBILL_LENIENT, &bill),
		S("R07 debtor.street (warning); R12 debtor.type (warning)"));
	assert_str(read_as(combined("Marktgasse 28\n9400 Ror\tschach\n\n\nCH"), QRBILL_LENIENT, &bill), S("R06 debtor.town; R12 debtor.type (warning)"));
	assert_str(read_as(with(24, " 3"), QRBILL_LENIENT, &bill), S("R07 debtor.house_number (warning)"));
}

TEST(r32_banks_ignore_the_case_of_a_creditor_reference_and_a_bill_has_it_in_capitals)
{
	struct str given = S("SPC\n0200\n1\nCH9300762011623852957\nS\nTheater Beispiel AG\n\n\n3011\nBern\nCH\n\n\n\n\n\n\n\n118.00\nCHF\n\n\n\n\n\n\n\n"
						 "SCOR\nrf51tix000040\n\nEPD");
	struct qrbill bill;
	assert_str(read_as(given, QRBILL_STRICT, &bill), S(""));
	assert_str(bill.reference, S("RF51TIX000040"));
	struct qrbill own = plain_bill();
	own.kind = QRBILL_SCOR;
	own.reference = S("rf51tix000040");
	assert_found(own, "");
	assert_str(own.reference, S("RF51TIX000040"));
}

TEST(r32_blanks_in_a_creditor_reference_stay_an_error_of_its_reader)
{
	struct qrbill bill;
	struct str text = with(28, "SCOR\nrf51 tix0 0004 0\n\nEPD");
	text = str_part(text, 0, (size_t)(str_find(text, S("EPD")) + 3));
	assert_str(read_as(text, QRBILL_STRICT, &bill), S("R30 reference; R32 reference"));
}

TEST(r17_a_town_too_long_is_told_of_a_combined_address_unless_that_is_refused_already)
{
	struct str town = times(71, S("x"));
	assert_str(both(combined("Marktgasse 28\n9400 Rorschach-sur-la-Grande-Rivi\u00e8re-et-Dent\n\n\nCH")),
		S("R12 debtor.type | R12 debtor.type (warning); R17 debtor.town"));
	assert_true(
		str_find(both(combined(str_format(mem, "Weg 2\n9400 %.*s\n\n\nCH%c", STR_ARG(town), 0).at)), S("R12 debtor.type; R17 debtor.town |")) == 0);
}

TEST(r12_what_stands_in_the_other_lines_of_a_combined_address_is_not_lost_in_silence)
{
	assert_str(both(combined("Marktgasse 28\n9400 Rorschach\n9400\n\nCH")),
		S("R12 debtor.type; R12 debtor.postcode | R12 debtor.type (warning); R12 debtor.postcode"));
	assert_str(
		both(combined("Marktgasse\n28\n9400\nRorschach\nCH")), S("R12 debtor.type; R12 debtor.postcode; R12 debtor.town; R17 debtor.town | "
																 "R12 debtor.type (warning); R12 debtor.postcode; R12 debtor.town; R17 debtor.town"));
	struct qrbill bill;
	struct qrbill_findings f = qrbill_findings_in(mem);
	qrbill_read(combined("Marktgasse 28\n9400 Rorschach\n\nHinterhaus\nCH"), QRBILL_STRICT, &bill, &f);
	assert_int_equal(f.at[1].said.message, MSG_QRBILL_COMBINED_SURPLUS);
	assert_str(f.at[1].said.args[0].text, S("Hinterhaus"));
}

TEST(r14_the_first_line_of_a_combined_address_has_70_characters_and_its_number_16)
{
	struct qrbill bill;
	struct str street = times(67, S("é"));
	assert_str(read_as(combined(str_format(mem, "%.*s 28\n9400 Rorschach\n\n\nCH%c", STR_ARG(street), 0).at), QRBILL_LENIENT, &bill),
		S("R12 debtor.type (warning)"));
	assert_str(bill.debtor.house_number, S("28"));
	assert_str(read_as(combined(str_format(mem, "%.*s 281\n9400 Rorschach\n\n\nCH%c", STR_ARG(street), 0).at), QRBILL_LENIENT, &bill),
		S("R12 debtor.type (warning); R14 debtor.street"));
	street = times(71, S("é"));
	assert_str(read_as(combined(str_format(mem, "%.*s 28\n9400 Rorschach\n\n\nCH%c", STR_ARG(street), 0).at), QRBILL_LENIENT, &bill),
		S("R12 debtor.type (warning); R14 debtor.street"));
	assert_str(read_as(combined("Postfach 12345678901234567\n9400 Rorschach\n\n\nCH"), QRBILL_LENIENT, &bill), S("R12 debtor.type (warning)"));
	assert_str(bill.debtor.street, S("Postfach 12345678901234567"));
	assert_str(bill.debtor.house_number, S(""));
}

TEST(r23_a_debtor_that_is_only_begun_is_told_member_by_member)
{
	struct str text = with(21, "S\n\n\n\n\n\n\nQRR\n880000000000000000000010001\n\nEPD");
	text = str_part(text, 0, (size_t)(str_find(text, S("EPD")) + 3));
	assert_str(both(text), S("R13 debtor.name; R16 debtor.postcode; R17 debtor.town; R18 debtor.country"));
	text = with(21, "K\n\n\n\n\n\n\nQRR\n880000000000000000000010001\n\nEPD");
	text = str_part(text, 0, (size_t)(str_find(text, S("EPD")) + 3));
	assert_str(both(text), S("R12 debtor.type; R13 debtor.name; R16 debtor.postcode; R17 debtor.town; R18 debtor.country | "
							 "R12 debtor.type (warning); R13 debtor.name; R16 debtor.postcode; R17 debtor.town; R18 debtor.country"));
}

TEST(s1_what_billing_information_has_wrong_is_a_warning_of_a_lenient_reader)
{
	assert_str(both(with(31, "EPD\n//S1/11/190570")), S(" | S1 bill_information (warning)"));
	assert_str(both(with(31, "EPD\n//S1/10/1/10/2/40/2:10")), S(" | S1 bill_information (warning); S1 bill_information (warning)"));
	assert_str(both(with(31, "EPD\n//S1/10/A/11/261124/20/C/30/106017086/31/261101261130/32/8.1/40/2:10;0:30")), S(""));
	assert_str(both(with(31, "EPD\n//S1/10/A/32/8.1:100.00")), S("S1 bill_information (warning)")); /* 108.10, and the bill 118.00 */
}

TEST(r00_what_is_no_bill_at_all_is_said_in_one_word)
{
	assert_str(both(S("")), S("R00 "));
	assert_str(both(S("https://example.org/")), S("R00 "));
	assert_str(both(S("BCD\n002\n1\nSCT\n\nRed Cross\nBE72000000001616\nEUR1")), S("R00 "));
	assert_str(both((struct str){ NULL, 0 }), S("R00 "));
}

TEST(r45_the_bytes_that_stand_there_are_counted)
{
	struct str line = times(997 - 31, S("x")), text = with(30, str_format(mem, "%.*s%c", STR_ARG(line), 0).at);
	assert_true(str_find(both(text), S("R45")) > 0);
	assert_str(both(with(31, str_format(mem, "EPD%.*s%c", STR_ARG(times(900, S("\n"))), 0).at)), S("R05  (warning)"));
}

/* ---- what is written is read the same ---- */

/* A fixed sequence of numbers: the same bills in each run. */
static uint32_t next_number(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* 0 to MOST characters that may stand in a bill. */
static struct str some_text(uint32_t *seed, size_t least, size_t most)
{
	static const char *const letters[] = { "a", "Z", "7", " ", "é", "ü", "ł", "ș", "€", "ÿ", "Œ", "/", "\\", "-", "ſ", "\u00a0", "~", "!" };
	struct buf b = buf_in(mem);
	size_t n = least + next_number(seed) % (most - least + 1);
	while (n--) buf_add(&b, str_of(letters[next_number(seed) % COUNT(letters)]));
	return buf_str(&b);
}

static void assert_same_address(const struct qrbill_address *a, const struct qrbill_address *b)
{
	assert_str(a->name, b->name);
	assert_str(a->street, b->street);
	assert_str(a->house_number, b->house_number);
	assert_str(a->postcode, b->postcode);
	assert_str(a->town, b->town);
	assert_str(a->country, b->country);
}

TEST(a_valid_bill_is_read_from_its_own_text_as_the_same_bill)
{
	size_t valid = 0;
	for (uint32_t seed = 1; seed <= 20000; seed++) {
		uint32_t s = seed;
		struct qrbill bill = next_number(&s) % 2 ? theatre_bill() : plain_bill(), got;
		bill.creditor.name = some_text(&s, 1, 70);
		bill.creditor.street = some_text(&s, 0, 70);
		bill.creditor.town = some_text(&s, 1, 35);
		bill.debtor.house_number = some_text(&s, 0, 16);
		bill.debtor.postcode = some_text(&s, 1, 16);
		if (next_number(&s) % 4 == 0) bill.debtor = (struct qrbill_address){ 0 };
		bill.message = some_text(&s, 0, 90);
		bill.amount = next_number(&s) % 3 ? next_number(&s) % 10000000 + 1 : QRBILL_AMOUNT_OPEN;
		struct str number = some_text(&s, 0, 40);
		if (next_number(&s) % 2) bill.bill_information = str_format(mem, "//S1/10/%.*s", STR_ARG(number));
		bill.scheme_count = next_number(&s) % 3;
		for (size_t i = 0; i < bill.scheme_count; i++) bill.schemes[i] = some_text(&s, 0, 40);
		struct qrbill_findings f = qrbill_findings_in(mem), again = qrbill_findings_in(mem);
		qrbill_check(&bill, &f);
		if (!qrbill_is_valid(&f)) continue;
		valid++;
		qrbill_read(qrbill_payload(mem, &bill), QRBILL_STRICT, &got, &again);
		for (size_t i = 0; i < again.count; i++)
			if (again.at[i].rule != 15 && again.at[i].rule != QRBILL_RULE_S1) fail_msg("seed %u: %.*s", seed, STR_ARG(findings_text(&again)));
		assert_same_address(&got.creditor, &bill.creditor);
		assert_same_address(&got.debtor, &bill.debtor);
		assert_str(got.account, bill.account);
		assert_int_equal(got.amount, bill.amount);
		assert_str(got.currency, bill.currency);
		assert_int_equal(got.kind, bill.kind);
		assert_str(got.reference, bill.reference);
		assert_str(got.message, bill.message);
		assert_str(got.bill_information, bill.bill_information);
		assert_int_equal(got.scheme_count, bill.scheme_count);
		for (size_t i = 0; i < got.scheme_count; i++) assert_str(got.schemes[i], bill.schemes[i]);
		if (seed % 100 == 0) arena_reset(mem);
	}
	assert_true(valid > 10000);
}
