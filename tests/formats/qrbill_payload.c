/* tests/formats/qrbill_payload.c: the text of the symbol, line for line. */
#include "formats/qrbill.h"
#include "test.h"

static struct qrbill theatre_bill(void)
{
	return (struct qrbill){
		.account = S("CH8830123000012345678"),
		.creditor = { S("Theater Beispiel AG"), S("Bühnenweg"), S("7"), S("3011"), S("Bern"), S("CH") },
		.debtor = { S("Noémie Favre-Zürcher"), S("Chemin des Crêtes"), S("3"), S("1800"), S("Vevey"), S("CH") },
		.amount = 11800,
		.currency = S("CHF"),
		.kind = QRBILL_QRR,
		.reference = S("880000000000000000000010001"),
		.message = S("2 Plätze Parkett, Reihe 7"),
	};
}

#define HEAD                                                                                       \
	"SPC\n0200\n1\nCH8830123000012345678\nS\nTheater Beispiel AG\nBühnenweg\n7\n3011\nBern\nCH\n" \
	"\n\n\n\n\n\n\n"
#define DEBTOR "S\nNoémie Favre-Zürcher\nChemin des Crêtes\n3\n1800\nVevey\nCH\n"
#define TAIL   "QRR\n880000000000000000000010001\n2 Plätze Parkett, Reihe 7\nEPD"

TEST(a_bill_is_written_line_by_line_with_no_end_after_the_last)
{
	struct qrbill bill = theatre_bill();
	assert_str(qrbill_payload(mem, &bill), S(HEAD "118.00\nCHF\n" DEBTOR TAIL));
}

TEST(what_is_absent_leaves_its_lines_empty)
{
	struct qrbill bill = theatre_bill();
	bill.amount = QRBILL_AMOUNT_OPEN;
	bill.debtor = (struct qrbill_address){ 0 };
	assert_str(qrbill_payload(mem, &bill), S(HEAD "\nCHF\n\n\n\n\n\n\n\n" TAIL));
}

TEST(billing_information_follows_the_trailer)
{
	struct qrbill bill = theatre_bill();
	bill.bill_information = S("//S1/10/2026-0001");
	assert_str(qrbill_payload(mem, &bill), S(HEAD "118.00\nCHF\n" DEBTOR TAIL "\n//S1/10/2026-0001"));
}

TEST(a_scheme_without_billing_information_still_has_its_empty_line_before_it)
{
	struct qrbill bill = theatre_bill();
	bill.schemes[bill.scheme_count++] = S("eBill/B/a@example.ch");
	assert_str(qrbill_payload(mem, &bill), S(HEAD "118.00\nCHF\n" DEBTOR TAIL "\n\neBill/B/a@example.ch"));
}

TEST(cents_are_written_with_two_digits)
{
	assert_str(qrbill_amount_text(mem, 1), S("0.01"));
	assert_str(qrbill_amount_text(mem, 0), S("0.00"));
	assert_str(qrbill_amount_text(mem, QRBILL_AMOUNT_MAX), S("999999999.99"));
	assert_str(qrbill_amount_text(mem, QRBILL_AMOUNT_OPEN), S(""));
}
