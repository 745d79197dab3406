/* tests/formats/reconcile.c: outcomes one by one, and the same money told of twice (D1 to D6). */
#include "formats/reconcile.h"

#include "reconcile_books.h"

/* ---- outcomes ---- */

TEST(a_payment_settles_a_bill_in_part_in_full_or_more)
{
	struct made m = outcome_of(qrr_single("118.00", REF_1));
	assert_int_equal(m.outcome, OUTCOME_PAID);
	assert_str(m.bill, S("1001"));
	assert_int_equal(m.open, 0);
	m = outcome_of(qrr_single("100", REF_1));
	assert_int_equal(m.outcome, OUTCOME_PARTIAL);
	assert_int_equal(m.open, 1800);
	m = outcome_of(qrr_single("118.05", REF_1));
	assert_int_equal(m.outcome, OUTCOME_OVERPAID);
	assert_int_equal(m.open, -5);
}

TEST(a_second_payment_is_kept_as_a_surplus)
{
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", qrr_single("118.00", REF_1)));
	struct str again = entry_of("118.00", "CRDT", "", details_of(tx_of("T2", qrr("118.00", REF_1).at)));
	import(b, message_of("054", again));
	assert_outcome(b, 0, "overpaid");
	assert_int_equal(b->made[0].reason, MSG_BANK_WHY_PAID_AGAIN);
	assert_int_equal(b->made[0].open, -11800);
	books_close(b);
}

TEST(a_reference_may_be_unknown_wrong_missing_or_one_of_several)
{
	outcome_is(qrr_single("1", "880000000000000000007777771"), "unknown-reference");
	outcome_is(qrr_single("1", "880000000000000000000010017"), "invalid-reference");
	outcome_is(qrr_single("1", "hello"), "invalid-reference");
	outcome_is(single("59.90", ""), "no-reference");
	const char *two = "<RmtInf><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf>";
	outcome_is(single("1", str_format(mem, two, REF_1, REF_2).at), "invalid-reference");
	outcome_is(single("118", str_format(mem, two, REF_1, REF_1).at), "paid");
	outcome_is(single("118", str_format(mem, two, REF_1, "880000000000000000007777771").at), "invalid-reference");
}

TEST(an_account_that_no_bill_knows_is_wrong_and_one_of_another_bill_is_fine)
{
	const char *inside = "%s<RltdPties><CdtrAcct><Id><IBAN>%s</IBAN></Id></CdtrAcct></RltdPties>";
	struct str payment = qrr("118", REF_1);
	/* the reference stands behind the parties in the schema; readers don't mind */
	outcome_is(single("118", str_format(mem, inside, payment.at, "CH5109000000250092291").at), "wrong-account");
	outcome_is(single("118", str_format(mem, inside, payment.at, IBAN).at), "paid");
}

TEST(a_payment_in_another_currency_is_not_booked)
{
	struct made m = outcome_of(qrr_single("100", SCOR_5));
	assert_int_equal(m.outcome, OUTCOME_CURRENCY_MISMATCH);
	assert_str(m.bill, S("1005"));
	assert_int_equal(m.open, 10000);
}

TEST(a_creditor_reference_is_found_in_any_case_with_blanks)
{
	struct str euros = S("<Ntry><Amt Ccy=\"EUR\">100</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls><TxDtls><RmtInf><Strd><CdtrRefInf>"
						 "<Ref>rf89 tix0 0100 5</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>");
	outcome_is(euros, "paid");
}

TEST(a_cancelled_bill_takes_no_money)
{
	struct made m = outcome_of(qrr_single("1250.05", REF_3));
	assert_int_equal(m.outcome, OUTCOME_BILL_CANCELLED);
	assert_int_equal(m.booked, 0);
}

TEST(what_a_cancelled_bill_never_took_is_not_taken_back_from_it)
{
	struct str paid = qrr_single("45", REF_3),
			   back = entry_of("45", "DBIT", "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>",
				   details_of(tx_of("T2", "<RmtInf><Strd><CdtrRefInf><Ref>" REF_3 "</Ref></CdtrRefInf></Strd></RmtInf>")));
	for (int order = 0; order < 2; order++) {
		struct books *b = books_of(ledger_text);
		import(b, message_of("054", order ? back : paid));
		import(b, message_of("054", order ? paid : back));
		assert_outcome(b, 0, "bill-cancelled");
		struct reconcile_bill bill;
		assert_true(find_bill(b, S(REF_3), &bill));
		assert_int_equal(bill.allocated, 0);
		/* money that came before it was cancelled is taken back */
		book(b, bill.id, 4500);
		import(b, message_with("054", "08", "",
					  report_with("054", "N8", "",
						  entry_of("45", "DBIT", "",
							  details_of(tx_of("T3", "<RmtInf><Strd><CdtrRefInf><Ref>" REF_3 "</Ref></CdtrRefInf></Strd></RmtInf>"))))));
		assert_outcome(b, 0, "reversed");
		assert_int_equal(b->made[0].booked, -4500);
		books_close(b);
	}
}

static struct str debit(const char *inside)
{
	return entry_of("45", "DBIT", "", details_of(tx_of("T1", inside)));
}

#define WITH_REFERENCE "<RmtInf><Strd><CdtrRefInf><Ref>" REF_1 "</Ref></CdtrRefInf></Strd></RmtInf>"

TEST(money_taken_back_opens_the_bill_again_but_never_above_its_amount)
{
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", debit(WITH_REFERENCE "<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>")));
	assert_outcome(b, 0, "reversed");
	assert_int_equal(b->made[0].open, 11800);
	import(b, message_of("054", entry_of("118", "CRDT", "", details_of(tx_of("T9", qrr("118", REF_1).at)))));
	assert_outcome(b, 0, "partial"); /* the sum itself is not clipped */
	assert_int_equal(b->made[0].open, 4500);
	books_close(b);
}

TEST(other_debits_and_fees_are_noted)
{
	outcome_is(debit(""), "other-debit");
	outcome_is(debit("<RmtInf><Strd><CdtrRefInf><Ref>880000000000000000007777771</Ref></CdtrRefInf></Strd></RmtInf>"), "other-debit");
	/* our own payment to somebody who uses the same number */
	outcome_is(debit(WITH_REFERENCE "<RltdPties><CdtrAcct><Id><IBAN>CH5109000000250092291</IBAN></Id></CdtrAcct></RltdPties>"), "other-debit");
	const char *fee = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>";
	outcome_is(debit(fee), "charge");
	outcome_is(debit(str_c(mem, str_format(mem, "%s" WITH_REFERENCE, fee))), "charge"); /* whatever bill it speaks of */
	outcome_is(entry_of("5", "DBIT", fee, S("")), "charge");
	outcome_is(entry_of("5", "DBIT", "", S("")), "other-debit");
}

TEST(what_is_not_booked_or_a_test_does_nothing)
{
	struct str pending = S("<Ntry><Amt Ccy=\"CHF\">118</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts><NtryDtls><TxDtls>" WITH_REFERENCE
						   "</TxDtls></NtryDtls></Ntry>");
	struct made m = outcome_of(pending);
	assert_int_equal(m.outcome, OUTCOME_NOT_BOOKED);
	assert_str(m.bill, S("1001"));
	assert_int_equal(m.open, 11800);
	struct books *b = books_of(ledger_text);
	struct str report = report_with("054", "N", "", qrr_single("118", REF_1));
	for (int i = 0; i < 2; i++) {
		import(b, message_with("054", "08", "<AddtlInf>SPS/2.1/TEST</AddtlInf>", report));
		assert_outcome(b, 0, "not-booked");
	}
	import(b, message_with("054", "08", "<AddtlInf>SPS/2.1/PROD</AddtlInf>", report_with("054", "N2", "", qrr_single("118", REF_1))));
	assert_outcome(b, 0, "paid"); /* a test keeps no keys */
	books_close(b);
}

TEST(an_entry_whose_sum_is_wrong_is_rejected_as_a_whole)
{
	struct str wrong = entry_of("119", "CRDT", "", details_of(tx_of("T1", qrr("118", REF_1).at)));
	struct str both =
		str_format(mem, "%.*s%.*s", STR_ARG(wrong), STR_ARG(entry_of("59.90", "CRDT", "", details_of(tx_of("T2", qrr("59.90", REF_2).at)))));
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", both));
	assert_int_equal(b->count, 2);
	assert_outcome(b, 0, "entry-rejected");
	assert_outcome(b, 1, "paid");
	assert_int_equal(open_of(b, REF_1), 11800);
	books_close(b);
}

/* ---- told twice ---- */

TEST(the_same_file_twice_changes_nothing_and_is_told)
{
	struct books *b = books_of(ledger_text);
	struct str file = message_of("054", qrr_single("100", REF_1));
	import(b, file);
	import(b, file);
	assert_outcome(b, 0, "already-imported");
	assert_int_equal(b->made[0].open, 1800);
	assert_string_equal(b->findings.first->rule, "D1");
	books_close(b);
}

TEST(a_report_delivered_again_with_more_adds_only_what_is_new)
{
	struct str bare = S("<Amt Ccy=\"CHF\">10</Amt><RmtInf><Strd><CdtrRefInf><Ref>" REF_1 "</Ref></CdtrRefInf></Strd></RmtInf>");
	struct str entry = str_format(mem,
		"<Ntry><Amt Ccy=\"CHF\">10</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "<NtryDtls><TxDtls>%.*s</TxDtls></NtryDtls></Ntry>", STR_ARG(bare));
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", entry));
	import(b, message_of("054", str_format(mem, "%.*s%.*s", STR_ARG(entry), STR_ARG(entry))));
	assert_string_equal(b->findings.first->rule, "D2");
	assert_outcome(b, 0, "already-imported");
	assert_outcome(b, 1, "partial");
	assert_int_equal(open_of(b, REF_1), 9800);
	books_close(b);
}

TEST(a_report_is_the_same_whatever_the_number_of_its_message)
{
	struct str entry =
		S("<Ntry><Amt Ccy=\"CHF\">10</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "<NtryDtls><TxDtls>" WITH_REFERENCE "</TxDtls></NtryDtls></Ntry>");
	struct str first = message_of("054", entry);
	char *again = str_c(mem, str_keep(mem, first)), *number = strstr(again, "<MsgId>M1");
	assert_non_null(number);
	struct books *b = books_of(ledger_text);
	import(b, first);
	number[8] = '2';
	import(b, str_of(again));
	assert_outcome(b, 0, "already-imported");
	assert_string_equal(b->findings.first->rule, "D2");
	assert_int_equal(open_of(b, REF_1), 10800);
	books_close(b);
}

TEST(the_same_words_in_another_report_are_another_payment)
{
	struct str entry =
		S("<Ntry><Amt Ccy=\"CHF\">10</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "<NtryDtls><TxDtls>" WITH_REFERENCE "</TxDtls></NtryDtls></Ntry>");
	struct books *b = books_of(ledger_text);
	import(b, message_with("054", "08", "", report_with("054", "N1", "", entry)));
	import(b, message_with("054", "08", "", report_with("054", "N2", "", entry)));
	assert_outcome(b, 0, "partial");
	assert_int_equal(open_of(b, REF_1), 9800);
	import(b, message_with("054", "08", "", report_with("054", "N3", "<CpyDplctInd>DUPL</CpyDplctInd>", entry)));
	assert_outcome(b, 0, "already-imported"); /* unless it says that it is a copy */
	books_close(b);
}

TEST(statement_and_notification_tell_of_the_same_money)
{
	struct str entry =
		S("<Ntry><Amt Ccy=\"CHF\">10</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "<NtryDtls><TxDtls>" WITH_REFERENCE "</TxDtls></NtryDtls></Ntry>");
	struct str twice = str_format(mem, "%.*s%.*s", STR_ARG(entry), STR_ARG(entry));
	const char *orders[][2] = { { "053", "054" }, { "054", "053" } };
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct books *b = books_of(ledger_text);
		import(b, message_with(orders[i][0], "08", "", report_with(orders[i][0], "A", "", entry)));
		import(b, message_with(orders[i][0], "08", "", report_with(orders[i][0], "B", "", entry)));
		import(b, message_with(orders[i][1], "08", "", report_with(orders[i][1], "C", "", twice)));
		assert_outcome(b, 0, "already-imported");
		assert_outcome(b, 1, "already-imported");
		import(b, message_with(orders[i][1], "08", "", report_with(orders[i][1], "D", "", entry)));
		assert_outcome(b, 0, "partial"); /* a third that only this message tells of */
		assert_int_equal(open_of(b, REF_1), 8800);
		books_close(b);
	}
}

TEST(a_sum_without_parts_waits_for_them_and_knows_when_they_were_there)
{
	struct str sum = entry_of("118", "CRDT", "", S("")), detailed = entry_of("118", "CRDT", "", details_of(tx_of("T1", qrr("118", REF_1).at)));
	struct books *b = books_of(ledger_text);
	import(b, message_of("053", sum));
	assert_outcome(b, 0, "entry-without-details");
	import(b, message_of("054", detailed));
	assert_outcome(b, 0, "paid");
	books_close(b);
	b = books_of(ledger_text);
	import(b, message_of("054", detailed));
	import(b, message_of("053", sum));
	assert_outcome(b, 0, "already-imported");
	books_close(b);
}

TEST(details_that_come_later_fill_in_the_reference_and_add_no_money)
{
	struct str poor = entry_of("118", "CRDT", "", details_of(tx_of("T1", "<Amt Ccy=\"CHF\">118</Amt>"))), rich = qrr_single("118", REF_1);
	for (int order = 0; order < 2; order++) {
		struct books *b = books_of(ledger_text);
		import(b, message_of("053", order ? rich : poor));
		assert_outcome(b, 0, order ? "paid" : "no-reference");
		import(b, message_of("054", order ? poor : rich));
		assert_outcome(b, 0, order ? "already-imported" : "paid");
		import(b, message_with("054", "08", "", report_with("054", "N7", "", rich)));
		assert_outcome(b, 0, "already-imported");
		assert_int_equal(open_of(b, REF_1), 0);
		books_close(b);
	}
}

static struct str with_uetr(const char *ref, const char *uetr)
{
	struct str s = str_format(mem, "<TxDtls><Refs>%s%s</Refs>%.*s</TxDtls>", ref, uetr, STR_ARG(qrr("10", REF_1)));
	return entry_of("10", "CRDT", "", details_of(s));
}

TEST(the_strongest_key_that_both_carry_decides_alone)
{
	const char *t1 = "<AcctSvcrRef>T1</AcctSvcrRef>", *u1 = "<UETR>f4b15ec5-9151-4f95-b1df-f873cdfc13df</UETR>",
			   *u2 = "<UETR>cf48d9a7-d85e-45e2-be2e-804e61b4f16a</UETR>";
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", with_uetr(t1, "")));
	import(b, message_with("054", "08", "", report_with("054", "N2", "", with_uetr(t1, u1))));
	assert_outcome(b, 0, "already-imported"); /* by their references; the UETR is added to the first */
	import(b, message_with("054", "08", "", report_with("054", "N3", "", with_uetr("<AcctSvcrRef>T9</AcctSvcrRef>", u1))));
	assert_outcome(b, 0, "already-imported"); /* by the UETR, although the references differ */
	import(b, message_with("054", "08", "", report_with("054", "N4", "", with_uetr(t1, u2))));
	assert_outcome(b, 0, "partial"); /* another UETR is another payment, although the references are the same */
	assert_int_equal(open_of(b, REF_1), 9800);
	books_close(b);
}

TEST(a_reference_that_a_bank_gives_to_a_whole_batch_hides_no_payment)
{
	struct str same = str_format(mem, "%.*s%.*s", STR_ARG(tx_of("S1", qrr("10", REF_1).at)), STR_ARG(tx_of("S1", qrr("20", REF_2).at)));
	struct str file = message_of("054", entry_of("30", "CRDT", "", details_of(same)));
	struct books *b = books_of(ledger_text);
	import(b, file);
	assert_outcome(b, 0, "partial");
	assert_outcome(b, 1, "partial");
	import(b, message_with("054", "04", "", report_with("054", "N2", "", entry_of("30", "CRDT", "", details_of(same)))));
	assert_outcome(b, 0, "already-imported");
	assert_outcome(b, 1, "already-imported");
	books_close(b);
}

TEST(a_batch_of_one_reference_is_the_same_in_whatever_order_its_parts_stand)
{
	const char *amounts[][2] = { { "10", "20" }, { "15", "15" } };
	for (size_t i = 0; i < COUNT(amounts); i++) {
		struct str one = tx_of("S1", qrr(amounts[i][0], REF_1).at), two = tx_of("S1", qrr(amounts[i][1], REF_2).at);
		struct str first = entry_of("30", "CRDT", "", details_of(str_format(mem, "%.*s%.*s", STR_ARG(one), STR_ARG(two))));
		struct str turned = entry_of("30", "CRDT", "", details_of(str_format(mem, "%.*s%.*s", STR_ARG(two), STR_ARG(one))));
		struct books *b = books_of(ledger_text);
		import(b, message_of("054", first));
		int64_t open[] = { open_of(b, REF_1), open_of(b, REF_2) };
		import(b, message_with("054", "04", "", report_with("054", "N2", "", turned)));
		import(b, message_of("053", turned));
		assert_outcome(b, 0, "already-imported");
		assert_outcome(b, 1, "already-imported");
		assert_int_equal(open_of(b, REF_1), open[0]);
		assert_int_equal(open_of(b, REF_2), open[1]);
		books_close(b);
	}
}

/* An entry of its own with the references REFS of its transaction. */
static struct str entry_with(const char *ref, const char *refs, const char *amount, const char *reference)
{
	return str_format(mem,
		"<Ntry><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS
		"<AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls><Refs>%s</Refs>%.*s</TxDtls></NtryDtls></Ntry>",
		amount, ref, refs, STR_ARG(qrr(amount, reference)));
}

#define UETR_1 "<UETR>f4b15ec5-9151-4f95-b1df-f873cdfc13df</UETR>"

TEST(what_a_report_lists_twice_was_booked_twice_whatever_number_both_have)
{
	static const char *const refs[] = { "<AcctSvcrRef>X</AcctSvcrRef>", UETR_1, "<InstrId>I</InstrId>", "<AcctSvcrRef>NONREF</AcctSvcrRef>",
		"<InstrId>NONREF</InstrId>", "<AcctSvcrRef>000000</AcctSvcrRef>" };
	static const char *const amounts[][2] = { { "118", "59.90" }, { "59.90", "59.90" } };
	for (size_t i = 0; i < COUNT(refs); i++)
		for (size_t k = 0; k < COUNT(amounts); k++) {
			const char *entry = strstr(refs[i], "NONREF") ? "NONREF" : "E";
			struct str one = entry_with(entry, refs[i], amounts[k][0], REF_1), two = entry_with(entry, refs[i], amounts[k][1], REF_2);
			struct books *b = books_of(ledger_text);
			import(b, message_of("054", str_format(mem, "%.*s%.*s", STR_ARG(one), STR_ARG(two))));
			assert_outcome(b, 0, k ? "partial" : "paid");
			assert_outcome(b, 1, "paid");
			assert_int_equal(open_of(b, REF_1), k ? 5810 : 0);
			/* and once more, in another order, by another message: no money is added or taken back */
			import(b, message_of("053", str_format(mem, "%.*s%.*s", STR_ARG(two), STR_ARG(one))));
			assert_outcome(b, 0, "already-imported");
			assert_outcome(b, 1, "already-imported");
			assert_int_equal(open_of(b, REF_1), k ? 5810 : 0);
			assert_int_equal(open_of(b, REF_2), 0);
			books_close(b);
		}
}

TEST(two_entries_that_say_the_same_in_one_report_are_two_payments)
{
	struct str one = entry_with("E", UETR_1 "<AcctSvcrRef>X</AcctSvcrRef>", "50", REF_1);
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", str_format(mem, "%.*s%.*s", STR_ARG(one), STR_ARG(one))));
	assert_outcome(b, 1, "partial");
	assert_int_equal(open_of(b, REF_1), 1800);
	import(b, message_of("053", str_format(mem, "%.*s%.*s", STR_ARG(one), STR_ARG(one))));
	assert_outcome(b, 1, "already-imported");
	assert_int_equal(open_of(b, REF_1), 1800);
	books_close(b);
}

/* Page PAGE of two of a message, with the report ID on it. */
static struct str message_page(const char *kind, int page, const char *id, struct str entries)
{
	char *head = str_c(mem, str_format(mem, "<MsgPgntn><PgNb>%d</PgNb><LastPgInd>%s</LastPgInd></MsgPgntn>", page, page == 2 ? "true" : "false"));
	return message_with(kind, "08", head, report_with(kind, id, "", entries));
}

TEST(what_a_report_lists_on_two_pages_was_booked_twice_whatever_number_both_have)
{
	static const char *const refs[] = { "<AcctSvcrRef>X</AcctSvcrRef>", UETR_1, "<InstrId>I</InstrId>", "<AcctSvcrRef>NONREF</AcctSvcrRef>" };
	for (size_t i = 0; i < 2 * COUNT(refs); i++) {
		struct str one = entry_with("E", refs[i / 2], "50", REF_1), pages[2];
		for (int n = 0; n < 2; n++) pages[n] = message_page("054", n + 1, "N1", one);
		struct books *b = books_of(ledger_text);
		import(b, pages[i % 2]); /* in either order */
		assert_outcome(b, 0, "partial");
		import(b, pages[!(i % 2)]);
		assert_outcome(b, 0, "partial");
		assert_int_equal(open_of(b, REF_1), 1800);
		/* A page once more, in other bytes, and the same money in a message of one page. */
		for (int n = 0; n < 2; n++) {
			import(b, str_format(mem, "%.*s\n", STR_ARG(pages[n])));
			assert_outcome(b, 0, "already-imported");
		}
		import(b, message_of("053", str_format(mem, "%.*s%.*s", STR_ARG(one), STR_ARG(one))));
		assert_outcome(b, 0, "already-imported");
		assert_outcome(b, 1, "already-imported");
		assert_int_equal(open_of(b, REF_1), 1800);
		books_close(b);
	}
}

TEST(what_two_reports_of_one_message_list_with_one_number_is_one_payment)
{
	struct str one = entry_with("E", UETR_1, "50", REF_1);
	struct books *b = books_of(ledger_text);
	import(b, message_page("054", 1, "N1", one));
	import(b, message_page("054", 2, "N2", one));
	assert_outcome(b, 0, "already-imported");
	assert_int_equal(open_of(b, REF_1), 6800);
	books_close(b);
}

TEST(a_number_that_another_file_gives_to_another_amount_or_reference_takes_nothing_back)
{
	static const char *const others[][2] = { { "59.90", REF_2 }, { "118", REF_2 }, { "59.90", REF_1 } };
	for (size_t i = 0; i < COUNT(others); i++) {
		struct books *b = books_of(ledger_text);
		import(b, message_of("054", entry_with("1", "<AcctSvcrRef>1</AcctSvcrRef>", "118", REF_1)));
		import(b,
			message_with("054", "08", "", report_with("054", "N2", "", entry_with("1", "<AcctSvcrRef>1</AcctSvcrRef>", others[i][0], others[i][1]))));
		assert_outcome(b, 0, i ? "overpaid" : "paid");
		assert_true(open_of(b, REF_1) <= 0);
		books_close(b);
	}
}

TEST(what_comes_back_names_the_account_of_the_payer_and_opens_the_bill_again)
{
	const char *account = "<RltdPties><CdtrAcct><Id><IBAN>CH5109000000250092291</IBAN></Id></CdtrAcct></RltdPties>";
	static const struct {
		const char *of_entry, *of_transaction, *want;
	} cases[] = {
		{ "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>", "", "reversed" },
		{ "", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", "reversed" },
		{ "<RvslInd>true</RvslInd>", "", "reversed" },
		{ "", "", "other-debit" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct books *b = books_of(ledger_text);
		import(b, message_of("054", qrr_single("118", REF_1)));
		struct str inside =
			str_format(mem, "<Amt Ccy=\"CHF\">118</Amt><CdtDbtInd>DBIT</CdtDbtInd>" WITH_REFERENCE "%s%s%c", account, cases[i].of_transaction, 0);
		import(b, message_of("053", entry_of("118", "DBIT", cases[i].of_entry, details_of(tx_of("T2", inside.at)))));
		assert_outcome(b, 0, cases[i].want);
		books_close(b);
	}
}

TEST(both_sides_of_a_transfer_between_two_of_our_accounts_count)
{
	const char *uetr = "<UETR>f4b15ec5-9151-4f95-b1df-f873cdfc13df</UETR>";
	struct books *b = books_of(ledger_text);
	struct str in = with_uetr("", uetr), out = str_format(mem, "%.*s", STR_ARG(in));
	import(b, message_of("054", in));
	ptrdiff_t at;
	while ((at = str_find(out, S("CRDT"))) >= 0) memcpy((char *)(uintptr_t)out.at + at, "DBIT", 4);
	import(b, message_with("054", "08", "", report_with("054", "N2", "", out)));
	assert_outcome(b, 0, "reversed");
	books_close(b);
}

TEST(entries_of_one_reference_are_told_apart_by_their_amounts_and_how_often_they_stand_there)
{
	struct str fee = entry_of("5", "DBIT", "", S("")),
			   file = str_format(mem, "%.*s%.*s%.*s", STR_ARG(fee), STR_ARG(fee), STR_ARG(entry_of("7", "DBIT", "", S(""))));
	struct books *b = books_of(ledger_text);
	import(b, message_of("053", file));
	for (int i = 0; i < 3; i++) assert_outcome(b, i, "other-debit");
	import(b, message_of("054", file));
	for (int i = 0; i < 3; i++) assert_outcome(b, i, "already-imported");
	books_close(b);
}

/* ---- missing statements ---- */

static struct str numbered(int number, const char *day, const char *opening, const char *closing)
{
	const char *balance = "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>";
	struct buf more = buf_in(mem);
	buf_addf(&more, "<ElctrncSeqNb>%d</ElctrncSeqNb><FrToDt><FrDtTm>%sT00:00:00</FrDtTm><ToDtTm>%sT24:00:00</ToDtTm></FrToDt>", number, day, day);
	buf_addf(&more, balance, "OPBD", opening);
	buf_addf(&more, balance, "CLBD", closing);
	buf_add_char(&more, 0);
	return message_with("053", "08", "", report_with("053", str_format(mem, "S%d-%s%c", number, day, 0).at, more.at, S("")));
}

TEST(a_number_left_out_or_a_balance_that_does_not_follow_is_a_missing_statement)
{
	struct books *b = books_of(ledger_text);
	import(b, message_of("053", S(""))); /* without a number: nothing follows from it */
	import(b, numbered(41, "2026-11-20", "0", "0"));
	assert_int_equal(b->count, 0);
	import(b, numbered(42, "2026-11-21", "0", "0"));
	assert_int_equal(b->count, 0);
	import(b, numbered(44, "2026-11-23", "0", "0"));
	assert_outcome(b, 0, "missing-statement");
	assert_int_equal(b->made[0].reason, MSG_BANK_WHY_GAP);
	import(b, numbered(43, "2026-11-22", "0", "0")); /* late */
	assert_int_equal(b->count, 0);
	import(b, numbered(45, "2026-11-24", "7", "7"));
	assert_outcome(b, 0, "missing-statement");
	assert_int_equal(b->made[0].reason, MSG_BANK_WHY_BALANCE);
	import(b, numbered(1, "2027-01-01", "7", "7")); /* numbers begin again with the year */
	assert_int_equal(b->count, 0);
	import(b, numbered(3, "2027-01-03", "7", "7"));
	assert_outcome(b, 0, "missing-statement");
	books_close(b);
}

static struct str page_of(int number, int page, const char *day, const char *opening, const char *closing)
{
	struct str whole = numbered(number, day, opening ? opening : "0", closing ? closing : "0");
	struct buf b = buf_in(mem);
	ptrdiff_t head = str_find(whole, S("</GrpHdr>")), first = str_find(whole, S("<Bal>"));
	struct str rest = str_part(whole, (size_t)first, whole.len);
	size_t second = (size_t)(first + str_find(rest, S("</Bal>")) + 6);
	size_t end = second + (size_t)str_find(str_part(whole, second, whole.len), S("</Bal>")) + 6;
	buf_add(&b, str_part(whole, 0, (size_t)head));
	buf_addf(&b, "<MsgPgntn><PgNb>%d</PgNb><LastPgInd>%s</LastPgInd></MsgPgntn>", page, closing ? "true" : "false");
	buf_add(&b, str_part(whole, (size_t)head, (size_t)(first - head)));
	if (opening) buf_add(&b, str_part(whole, (size_t)first, second - (size_t)first));
	if (closing) buf_add(&b, str_part(whole, second, end - second));
	buf_add(&b, str_part(whole, end, whole.len));
	return buf_str(&b);
}

TEST(the_closing_balance_of_a_statement_of_pages_is_that_of_the_last)
{
	struct books *b = books_of(ledger_text);
	import(b, numbered(41, "2026-11-20", "5", "5"));
	import(b, page_of(42, 1, "2026-11-21", "5", NULL));
	assert_int_equal(b->count, 0);
	import(b, page_of(42, 2, "2026-11-21", NULL, "7"));
	assert_int_equal(b->count, 0);
	import(b, numbered(43, "2026-11-22", "5", "5"));
	assert_outcome(b, 0, "missing-statement");
	assert_int_equal(b->made[0].reason, MSG_BANK_WHY_BALANCE);
	import(b, numbered(44, "2026-11-23", "5", "5"));
	assert_int_equal(b->count, 0);
	books_close(b);
}

/* ---- kept between runs ---- */

static void add_piece(void *user, struct str piece)
{
	buf_add(user, piece);
}

TEST(what_was_imported_is_kept_and_read_again)
{
	struct books *b = books_of(ledger_text);
	struct str file = message_of("054", qrr_single("100", REF_1));
	import(b, file);
	import(b, numbered(41, "2026-11-20", "0", "0"));
	struct buf state = buf_in(mem);
	reconcile_memory_save(b->memory, add_piece, &state);
	books_close(b);

	b = books_of(ledger_text);
	struct problem why = problem_in(mem);
	assert_status(reconcile_memory_load(b->memory, buf_str(&state), &why), OK);
	assert_int_equal(open_of(b, REF_1), 1800);
	import(b, file);
	assert_outcome(b, 0, "already-imported");
	import(b, numbered(43, "2026-11-20", "0", "0"));
	assert_outcome(b, 0, "missing-statement");
	books_close(b);
	assert_int_equal(str_find(buf_str(&state), S("1001")), -1); /* it holds no names of bills */
}

TEST(a_kept_state_that_is_cut_off_is_refused)
{
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", qrr_single("100", REF_1)));
	struct buf state = buf_in(mem);
	reconcile_memory_save(b->memory, add_piece, &state);
	books_close(b);
	for (size_t len = 0; len + 1 < state.len; len++) {
		struct reconcile_memory *m = reconcile_memory_new();
		struct problem why = problem_in(mem);
		assert_status(reconcile_memory_load(m, str_part(buf_str(&state), 0, len), &why), REFUSED);
		assert_true(problem_any(&why));
		reconcile_memory_free(m);
	}
}

/* ---- the ledger ---- */

static enum message refused_ledger(const char *text)
{
	struct bank_ledger *l;
	struct problem why = problem_in(mem);
	assert_status(bank_ledger_read(str_of(text), &l, &why), REFUSED);
	return why.first->message;
}

TEST(a_ledger_is_refused_with_the_line_that_is_wrong)
{
	assert_int_equal(refused_ledger(""), MSG_LEDGER_COLUMN);
	assert_int_equal(refused_ledger("bill,currency\n"), MSG_LEDGER_COLUMN);
	const char *values[] = { ",CHF,1,QRR," REF_1 "," IBAN ",", "1,CH,1,QRR," REF_1 "," IBAN ",", "1,CHF,-1,QRR," REF_1 "," IBAN ",",
		"1,CHF,1.5,QRR," REF_1 "," IBAN ",", "1,CHF,1,XXX," REF_1 "," IBAN ",", "1,CHF,1,QRR,," IBAN ",", "1,CHF,1,QRR," REF_1 ",,",
		"1,CHF,1,QRR," REF_1 "," IBAN ",maybe", "1,CHF" };
	for (size_t i = 0; i < COUNT(values); i++)
		assert_int_equal(refused_ledger(str_c(mem, str_format(mem, HEAD "%s\n", values[i]))), MSG_LEDGER_VALUE);
	assert_int_equal(refused_ledger(HEAD "1,CHF,1,QRR," REF_1 "," IBAN ",\n2,CHF,1,QRR," REF_1 "," IBAN ",\n"), MSG_LEDGER_TWICE);
	assert_int_equal(refused_ledger(HEAD "1,CHF,1,QRR," REF_1 "," IBAN ",\n1,CHF,1,QRR," REF_2 "," IBAN ",\n"), MSG_LEDGER_TWICE);
	assert_int_equal(refused_ledger(HEAD "1,CHF,1,QRR,\"" REF_1), MSG_LEDGER_BROKEN);
}
