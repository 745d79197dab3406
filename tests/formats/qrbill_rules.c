/* tests/formats/qrbill_rules.c: the rules that hold of a bill to be written, by their numbers. */
#include "formats/qrbill_rules.h"

#include "qrbill_bills.h"

TEST(a_bill_without_a_fault_has_no_findings)
{
	struct qrbill bill = theatre_bill(), plain = plain_bill();
	assert_found(bill, "");
	assert_found(plain, "");
}

TEST(all_findings_come_at_once_in_the_order_of_rules_then_lines)
{
	struct qrbill bill = theatre_bill();
	bill.currency = S("USD");
	bill.debtor.postcode = S("");
	bill.creditor.postcode = S("");
	bill.creditor.name = S("");
	bill.account = S("CH8930123000012345678");
	assert_found(bill, "R10 account; R13 creditor.name; R16 creditor.postcode; R16 debtor.postcode; R22 currency");
}

TEST(r06_what_the_code_cannot_hold_is_put_otherwise_and_told)
{
	struct qrbill bill = theatre_bill();
	bill.message = S("“Hamlet” – Łódź");
	assert_found(bill, "R06 message (warning)");
	assert_str(bill.message, S("\"Hamlet\" - Łódź"));
}

TEST(r06_a_decomposed_letter_is_composed_without_a_word)
{
	struct qrbill bill = theatre_bill();
	bill.debtor.town = S("Zu\u0308rich");
	assert_found(bill, "");
	assert_str(bill.debtor.town, S("Zürich"));
}

TEST(r06_a_name_of_which_nothing_is_left_is_refused)
{
	struct qrbill bill = theatre_bill();
	bill.debtor.name = S("李明");
	assert_found(bill, "R06 debtor.name");
	bill = theatre_bill();
	bill.debtor.name = S("李明 Li Ming");
	assert_found(bill, "R06 debtor.name (warning)");
	bill = theatre_bill();
	bill.message = S("🙏");
	assert_found(bill, "R06 message (warning)");
}

TEST(r06_a_line_end_cannot_make_a_line)
{
	struct qrbill bill = plain_bill();
	bill.message = S("Row 7\nEPD\n//S1/10/1");
	assert_found(bill, "R06 message (warning)");
	assert_str(bill.message, S("Row 7 EPD //S1/10/1"));
}

TEST(r07_surplus_blanks_go)
{
	struct qrbill bill = theatre_bill();
	bill.debtor.name = S(" Noémie   Favre ");
	bill.reference = S("88 00000 00000 00000 00000 10001");
	assert_found(bill, "R07 debtor.name (warning); R07 reference (warning)");
	assert_str(bill.debtor.name, S("Noémie Favre"));
	assert_str(bill.reference, S("880000000000000000000010001"));
	bill = theatre_bill();
	bill.reference = S("88\u00a000000\u00a000000 00000\u00a000000\u00ad10001");
	bill.account = S("CH88\u00a03012 3000 0123 4567 8");
	assert_found(bill, "R07 reference (warning); R10 account (warning)");
	assert_str(bill.reference, S("880000000000000000000010001"));
	assert_str(bill.account, S("CH8830123000012345678"));
}

TEST(r07_r13_what_shows_nothing_is_a_blank)
{
	static const char *const nothing[] = { " ", "\u00a0", "\u00ad", "\u00ad\u00ad", " \u00ad\u00a0", "\u200b" };
	for (size_t i = 0; i < COUNT(nothing); i++) {
		struct qrbill bill = theatre_bill();
		bill.debtor.name = str_of(nothing[i]);
		if (str_find(checked(&bill), S("R13 debtor.name")) < 0) fail_msg("name %zu", i);
	}
	struct qrbill bill = theatre_bill();
	bill.message = S("\u00adRow\u00a0 \u00a07, Ga\u00adlerie\u00a02");
	assert_found(bill, "R07 message (warning)");
	assert_str(bill.message, S("Row 7, Ga\u00adlerie\u00a02"));
}

TEST(r10_an_account_is_cleaned_and_then_has_to_be_right)
{
	struct qrbill bill = theatre_bill();
	bill.account = S("ch88 3012 3000 0123 4567 8");
	assert_found(bill, "R10 account (warning)");
	assert_str(bill.account, S("CH8830123000012345678"));
	bill.account = S("DE89370400440532013000");
	bill.kind = QRBILL_NON;
	bill.reference = S("");
	assert_found(bill, "R10 account");
	bill.account = S("");
	assert_found(bill, "R10 account");
}

TEST(r13_to_r17_lengths_count_characters_not_bytes)
{
	static const struct {
		const char *path;
		size_t max;
		const char *found;
	} lengths[] = {
		{ "creditor.name", 70, "R13 creditor.name" },
		{ "creditor.street", 70, "R14 creditor.street" },
		{ "creditor.house_number", 16, "R15 creditor.house_number" },
		{ "creditor.postcode", 16, "R16 creditor.postcode" },
		{ "creditor.town", 35, "R17 creditor.town" },
		{ "debtor.name", 70, "R13 debtor.name" },
		{ "debtor.street", 70, "R14 debtor.street" },
		{ "debtor.house_number", 16, "R15 debtor.house_number" },
		{ "debtor.postcode", 16, "R16 debtor.postcode" },
		{ "debtor.town", 35, "R17 debtor.town" },
		{ "message", 140, "R40 message" },
		{ "alternative_schemes[1]", 100, "R43 alternative_schemes[1]" },
	};
	for (size_t i = 0; i < COUNT(lengths); i++) {
		const struct qrbill_text_field *field = qrbill_text_fields;
		while (strcmp(field->path, lengths[i].path) != 0) field++;
		struct qrbill bill = theatre_bill();
		bill.schemes[0] = S("eBill/B/a@example.ch");
		bill.scheme_count = 2;
		*qrbill_text_at(&bill, field) = times(lengths[i].max, S("é"));
		assert_str(checked(&bill), S(""));
		*qrbill_text_at(&bill, field) = times(lengths[i].max + 1, S("é"));
		assert_str(checked(&bill), str_of(lengths[i].found));
	}
}

TEST(r13_r16_r17_r18_have_to_be_filled)
{
	struct qrbill bill = theatre_bill();
	bill.creditor = (struct qrbill_address){ .street = S("Bühnenweg") };
	assert_found(bill, "R13 creditor.name; R16 creditor.postcode; R17 creditor.town; R18 creditor.country");
}

TEST(r15_a_number_in_the_street_is_noticed)
{
	static const char *const with[] = { "Rue examplaire 22a", "Bühnenweg 7", "Weg 22 a", "12, rue du Lac", "Rue du Lac 1268/2/22" };
	static const char *const without[] = { "Bühnenweg", "Strasse des 17. Juni", "Postfach 120", "Case postale 3", "1. Strasse", "P.O. Box 12", "7",
		"Place A" };
	for (size_t i = 0; i < COUNT(with); i++) {
		struct qrbill bill = theatre_bill();
		bill.debtor.street = str_of(with[i]);
		bill.debtor.house_number = S("");
		assert_found(bill, "R15 debtor.street (warning)");
		bill.debtor.house_number = S("7");
		assert_found(bill, "");
	}
	for (size_t i = 0; i < COUNT(without); i++) {
		struct qrbill bill = theatre_bill();
		bill.debtor.street = str_of(without[i]);
		bill.debtor.house_number = S("");
		assert_found(bill, "");
	}
}

TEST(r16_a_postcode_has_no_country_before_it)
{
	static const char *const prefixed[][2] = { { "CH-1800", "CH" }, { "CH 8001", "CH" }, { "CH8001", "CH" }, { "ch-8001", "CH" },
		{ "CH - 8001", "CH" }, { "CH\u00a08001", "CH" }, { "LI-9490", "LI" }, { "FL-9490", "LI" }, { "FL 9490", "LI" }, { "D-80331", "DE" },
		{ "D 80331", "DE" }, { "D80331", "DE" }, { "DE80331", "DE" }, { "F-75001", "FR" }, { "A-1010", "AT" }, { "L-1234", "LU" },
		{ "I-20121", "IT" }, { "S-114 55", "SE" }, { "PL-00-950", "PL" }, { "EST-10111", "EE" }, { "GB-SW1A 1AA", "GB" }, { "NL-1012 AB", "NL" },
		{ "NL 1012 AB", "NL" }, { "US-10001", "US" }, { "D-80331", "CH" }, { "LV-1010", "CH" }, { "CH-8001", "DE" } };
	static const char *const plain[][2] = { { "8001", "CH" }, { "SW1A 1AA", "GB" }, { "L1 8JQ", "GB" }, { "E1 6AN", "GB" }, { "B33 8TH", "GB" },
		{ "1012 AB", "NL" }, { "K1A 0B1", "CA" }, { "LV-1010", "LV" }, { "LT-01100", "LT" }, { "AD500", "AD" }, { "AZ 1000", "AZ" },
		{ "MD-2001", "MD" }, { "BB15094", "BB" }, { "FO-100", "FO" }, { "KY1-1200", "KY" }, { "VC0100", "VC" }, { "VLT 1117", "MT" },
		{ "A65 F4E2", "IE" }, { "IM1 1AA", "IM" }, { "JE2 3AB", "JE" }, { "C1425", "AR" }, { "GX11 1AA", "GI" }, { "DE 19801", "US" },
		{ "SA 5000", "AU" }, { "2000", "LU" } };
	struct qrbill bill;
	for (size_t i = 0; i < COUNT(prefixed); i++) {
		bill = theatre_bill();
		bill.debtor.postcode = str_of(prefixed[i][0]);
		bill.debtor.country = str_of(prefixed[i][1]);
		if (!str_eq(checked(&bill), S("R16 debtor.postcode"))) fail_msg("%s in %s has a prefix", prefixed[i][0], prefixed[i][1]);
	}
	for (size_t i = 0; i < COUNT(plain); i++) {
		bill = theatre_bill();
		bill.debtor.postcode = str_of(plain[i][0]);
		bill.debtor.country = str_of(plain[i][1]);
		if (checked(&bill).len) fail_msg("%s in %s is a postcode", plain[i][0], plain[i][1]);
	}
}

TEST(r18_a_country_is_one_of_iso_3166)
{
	static const char *const wrong[] = { "CHE", "??", "XX", "C", "41", "C H" };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct qrbill bill = theatre_bill();
		bill.debtor.country = str_of(wrong[i]);
		assert_found(bill, "R18 debtor.country");
	}
	struct qrbill bill = theatre_bill();
	bill.debtor.country = S("li");
	assert_found(bill, "");
	assert_str(bill.debtor.country, S("LI"));
}

TEST(r20_amounts_are_read_in_one_way_only)
{
	static const struct {
		const char *text;
		int64_t cents; /* -1: none */
	} amounts[] = { { "0.00", 0 }, { "0.01", 1 }, { "118.00", 11800 }, { "999999999.99", 99999999999 }, { "1000000000.00", -1 }, { "118", -1 },
		{ "118.0", -1 }, { "118.000", -1 }, { ".50", -1 }, { "00.50", -1 }, { "0118.00", -1 }, { "1'118.00", -1 }, { "1,118.00", -1 },
		{ "118,00", -1 }, { "-5.00", -1 }, { "+5.00", -1 }, { " 5.00", -1 }, { "5.00 ", -1 }, { "1e3.00", -1 }, { "1.00.00", -1 }, { "", -1 },
		{ ".", -1 }, { "0.0", -1 } };
	for (size_t i = 0; i < COUNT(amounts); i++) {
		int64_t cents = -1;
		bool is_amount = qrbill_amount_read(str_of(amounts[i].text), &cents);
		if (is_amount != (amounts[i].cents >= 0) || (is_amount && cents != amounts[i].cents)) fail_msg("\"%s\"", amounts[i].text);
	}
}

TEST(r20_an_amount_has_a_range)
{
	struct qrbill bill = theatre_bill();
	bill.amount = QRBILL_AMOUNT_MAX + 1;
	assert_found(bill, "R20 amount");
	bill.amount = -500;
	assert_found(bill, "R20 amount");
	bill.amount = QRBILL_AMOUNT_UNREADABLE;
	assert_found(bill, "R20 amount");
	bill.amount = QRBILL_AMOUNT_OPEN;
	assert_found(bill, "");
}

TEST(r21_zero_and_the_notice_need_each_other)
{
	static const char *const notices[] = { "NICHT ZUR ZAHLUNG VERWENDEN", "NE PAS UTILISER POUR LE PAIEMENT", "NON UTILIZZARE PER IL PAGAMENTO",
		"DO NOT USE FOR PAYMENT" };
	struct qrbill bill = theatre_bill();
	bill.amount = 0;
	assert_found(bill, "R21 amount");
	bill.message = S("BETG DUVRAR PER IL PAJAMENT");
	assert_found(bill, "R21 amount");
	for (size_t i = 0; i < COUNT(notices); i++) {
		bill.message = str_of(notices[i]);
		bill.amount = 0;
		assert_found(bill, "");
		bill.amount = 11800;
		assert_found(bill, "R21 message");
		bill.amount = QRBILL_AMOUNT_OPEN;
		assert_found(bill, "R21 message");
	}
}

TEST(r22_francs_or_euros)
{
	struct qrbill bill = theatre_bill();
	bill.currency = S("eur");
	assert_found(bill, "");
	assert_str(bill.currency, S("EUR"));
	bill.currency = S("USD");
	assert_found(bill, "R22 currency");
	bill.currency = S("C HF");
	assert_found(bill, "R22 currency");
	bill.currency = S("");
	assert_found(bill, "R22 currency");
}

TEST(r23_a_debtor_is_whole_or_not_there)
{
	struct qrbill bill = theatre_bill();
	bill.debtor = (struct qrbill_address){ 0 };
	assert_found(bill, "");
	bill.debtor.country = S("CH");
	assert_found(bill, "R13 debtor.name; R16 debtor.postcode; R17 debtor.town");
}

TEST(r30_the_account_and_the_reference_belong_together)
{
	struct qrbill bill = theatre_bill();
	bill.account = S("CH9300762011623852957");
	assert_found(bill, "R30 reference");
	bill = theatre_bill();
	bill.kind = QRBILL_NON;
	bill.reference = S("");
	assert_found(bill, "R30 reference");
	bill.kind = QRBILL_SCOR;
	bill.reference = S("RF18539007547034");
	assert_found(bill, "R30 reference");
}

TEST(r11_qr_ibans_are_those_of_certain_banks)
{
	static const struct {
		const char *account;
		bool is_qr;
	} accounts[] = { { "LI4029999000000012345", false }, { "CH3530000000000012345", true }, { "CH2231999000000012345", true },
		{ "CH3032000000000012345", false }, { "LI4630800000000012345", true } };
	for (size_t i = 0; i < COUNT(accounts); i++) {
		struct qrbill bill = theatre_bill();
		bill.account = str_of(accounts[i].account);
		assert_str(checked(&bill), accounts[i].is_qr ? S("") : S("R30 reference"));
	}
}

TEST(r31_to_r33_references_of_each_kind)
{
	struct qrbill bill = theatre_bill();
	bill.reference = S("880000000000000000000010002");
	assert_found(bill, "R31 reference");
	bill.reference = S("000000000000000000000000000");
	assert_found(bill, "R31 reference");
	bill = plain_bill();
	bill.kind = QRBILL_SCOR;
	bill.reference = S("RF51TIX000040");
	assert_found(bill, "");
	bill.reference = S("rf51tix000040");
	assert_found(bill, "");
	bill.reference = S("RF19TIX000040");
	assert_found(bill, "R32 reference");
	bill.reference = S("");
	assert_found(bill, "R32 reference");
	bill.kind = QRBILL_NON;
	bill.reference = S("RF51TIX000040");
	assert_found(bill, "R33 reference");
}

TEST(r40_message_and_information_share_their_room)
{
	struct qrbill bill = plain_bill();
	bill.message = times(100, S("m"));
	bill.bill_information = str_format(mem, "//S1/10/%.*s", STR_ARG(times(32, S("9"))));
	assert_found(bill, "");
	bill.message = times(101, S("m"));
	assert_found(bill, "R40 message");
}

TEST(r42_billing_information_names_its_syntax)
{
	static const char *const wrong[] = { "S1/10/1", "/S1/10/1", "//", "//S", "// S1", "//é1/" };
	struct qrbill bill = plain_bill();
	for (size_t i = 0; i < COUNT(wrong); i++) {
		bill.bill_information = str_of(wrong[i]);
		assert_found(bill, "R42 bill_information");
	}
	bill.bill_information = S("//X9");
	assert_found(bill, "");
	bill.message = S("");
	bill.bill_information = str_format(mem, "//S1/10/%.*s", STR_ARG(times(132, S("9"))));
	assert_found(bill, "");
	bill.bill_information = str_format(mem, "//S1/10/%.*s", STR_ARG(times(133, S("9"))));
	assert_found(bill, "R40 message; R42 bill_information");
}

TEST(s1_nets_and_taxes_have_to_give_the_amount)
{
	struct qrbill bill = plain_bill();
	bill.amount = 15940; /* 100.00 + 8.10, 50.00 + 1.30 */
	bill.bill_information = S("//S1/10/1/32/8.1:100.00;2.6:50.00");
	assert_found(bill, "");
	bill.amount = 15960;
	assert_found(bill, "S1 bill_information (warning)");
	bill.bill_information = S("//S1/10/1/32/8.1");
	assert_found(bill, "");
}

TEST(s1_what_it_has_wrong_is_told_at_the_bill_information)
{
	struct qrbill bill = plain_bill();
	bill.bill_information = S("//S1/10/1/11/190570/30/CHE106017086");
	assert_found(bill, "S1 bill_information (warning); S1 bill_information (warning)");
	bill.bill_information = S("//XY/11/190570"); /* another syntax's business */
	assert_found(bill, "");
	bill.bill_information = str_format(mem, "//S1%.*s", STR_ARG(times(10000, S("/x/y")))); /* far too long: said once */
	assert_found(bill, "R40 message; R42 bill_information; R45 ");
}

TEST(r43_empty_schemes_at_the_end_are_none)
{
	struct qrbill bill = plain_bill();
	bill.scheme_count = 2;
	assert_found(bill, "");
	assert_int_equal(bill.scheme_count, 0);
}

TEST(r45_a_bill_within_its_lengths_may_still_not_fit_into_the_code)
{
	struct qrbill bill = theatre_bill();
	bill.creditor.name = bill.creditor.street = times(70, S("ü"));
	bill.debtor.name = bill.debtor.street = times(70, S("ü"));
	bill.message = times(140, S("ü"));
	bill.schemes[0] = S("A/");
	bill.scheme_count = 1;
	size_t room = QRBILL_PAYLOAD_MAX - qrbill_payload(mem, &bill).len; /* 2 bytes of the scheme are there already */
	assert_in_range(room, 1, 98);
	bill.schemes[0] = str_format(mem, "A/%.*s", STR_ARG(times(room, S("x"))));
	assert_int_equal(qrbill_payload(mem, &bill).len, QRBILL_PAYLOAD_MAX);
	assert_found(bill, "");
	bill.schemes[0] = str_format(mem, "A/%.*s", STR_ARG(times(room + 1, S("x"))));
	assert_found(bill, "R45 ");
}

TEST(nothing_at_all_is_told_member_by_member)
{
	struct qrbill bill = { .amount = QRBILL_AMOUNT_OPEN };
	assert_found(bill, "R10 account; R13 creditor.name; R16 creditor.postcode; R17 creditor.town; R18 creditor.country; R22 currency");
}
