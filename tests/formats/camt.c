/* tests/formats/camt.c: what is read of camt messages, rule by rule (C1 to C15), and what is refused. */
#include "formats/camt.h"

#include "camt_build.h"

#define REFERENCE "880000000000000000000010016"

static const struct bank_transaction *only(const struct read_file *f)
{
	assert_right(f);
	assert_int_equal(f->count, 1);
	return &f->at[0].t;
}

static const struct bank_transaction *only_of(const char *amount, const char *inside)
{
	return only(read_entries(single(amount, inside)));
}

/* ---- C1: accounts ---- */

TEST(the_credited_account_is_the_creditors_else_the_entrys_reference_else_the_reports)
{
	assert_str(only_of("1", "<RltdPties><CdtrAcct><Id><IBAN>CH44 3199 9123 0008 8901 2</IBAN></Id></CdtrAcct></RltdPties>")->credited_account,
		S("CH4431999123000889012"));
	assert_str(only_of("1", "")->credited_account, S(QR_IBAN));
	struct str plain = str_format(mem, "<Ntry><NtryRef>010391391</NtryRef><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "</Ntry>");
	assert_str(only(read_entries(plain))->credited_account, S(IBAN));
	struct str longer =
		str_format(mem, "<Ntry><NtryRef>" QR_IBAN "-17</NtryRef><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "</Ntry>");
	assert_str(only(read_entries(longer))->credited_account, S(QR_IBAN));
}

TEST(an_account_may_be_the_banks_own_number)
{
	struct str reports = S("<Ntfctn><Id>N</Id><Acct><Id><Othr><Id>0123-45 6</Id></Othr></Id></Acct><Ntry><Amt Ccy=\"CHF\">1</Amt>"
						   "<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry></Ntfctn>");
	struct read_file *f = read_bytes(message_with("054", "04", "", reports));
	only(f);
	assert_str(f->at[0].r.account, S("0123-456"));
}

/* ---- C2: status ---- */

TEST(the_status_is_read_as_text_and_as_code_in_every_version)
{
	const char *versions[] = { "02", "03", "04", "05", "06", "07", "08" };
	const char *spelled[] = { "<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>\n <Cd>PDNG</Cd>\n</Sts>" };
	for (size_t v = 0; v < COUNT(versions); v++)
		for (size_t i = 0; i < COUNT(spelled); i++) {
			struct str entry = str_format(mem, "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>%s</Ntry>", spelled[i]);
			struct read_file *f = read_bytes(message_with("054", versions[v], "", report_with("054", "N", "", entry)));
			assert_str(only(f)->status, S("PDNG"));
			assert_false(bank_is_booked(&f->at[0].t));
			assert_int_equal(f->summary.total_count, 0);
			assert_str(f->at[0].r.version, str_of(versions[v]));
		}
}

/* ---- C3: signs ---- */

TEST(the_sign_is_the_transactions_else_the_entrys)
{
	struct str parts = str_format(mem, "%.*s%.*s", STR_ARG(tx_of("T1", "<Amt Ccy=\"CHF\">10</Amt>")),
		STR_ARG(tx_of("T2", "<Amt Ccy=\"CHF\">4</Amt><CdtDbtInd>DBIT</CdtDbtInd>")));
	struct read_file *f = read_entries(entry_of("6", "CRDT", "", details_of(parts)));
	assert_right(f);
	assert_true(f->at[0].t.is_credit);
	assert_false(f->at[1].t.is_credit);
}

static struct str statement(const char *opening, const char *closing, const char *sign, const char *entries)
{
	const char *balance = "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>%s</CdtDbtInd></Bal>";
	struct buf more = buf_in(mem);
	buf_add(&more, str_format(mem, balance, "OPBD", opening, "CRDT"));
	buf_add(&more, str_format(mem, balance, "CLBD", closing, sign));
	buf_add_char(&more, 0);
	return message_with("053", "08", "", report_with("053", "S1", more.at, str_of(entries)));
}

static const char reversal[] = "<Ntry><Amt Ccy=\"CHF\">30</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS "</Ntry>"
							   "<Ntry><Amt Ccy=\"CHF\">10</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd>" ENTRY_IS "</Ntry>";

TEST(a_reversal_stands_as_written_when_the_balances_say_so)
{
	struct read_file *f = read_bytes(statement("100", "140", "CRDT", reversal));
	assert_right(f);
	assert_true(f->at[1].t.is_credit && f->at[1].t.is_reversal);
	assert_int_equal(f->findings.count, 0);
}

TEST(a_reversal_is_turned_when_only_so_the_balances_are_right)
{
	struct read_file *f = read_bytes(statement("100", "120", "CRDT", reversal));
	assert_right(f);
	assert_true(f->at[0].t.is_credit);
	assert_false(f->at[1].t.is_credit);
	assert_true(has_finding(f, "C3", MSG_BANK_BALANCE_TURNED));
	assert_int_equal(f->summary.totals[0].debit, 1000);
}

TEST(balances_that_no_sign_explains_are_an_error)
{
	struct read_file *f = read_bytes(statement("100", "121", "CRDT", reversal));
	assert_true(has_finding(f, "C3", MSG_BANK_BALANCE_DIFFERS));
	assert_int_equal(f->findings.errors, 1);
}

TEST(a_debit_balance_is_below_zero)
{
	assert_right(read_bytes(statement("10", "20", "DBIT", "<Ntry><Amt Ccy=\"CHF\">30</Amt><CdtDbtInd>DBIT</CdtDbtInd>" ENTRY_IS "</Ntry>")));
}

TEST(pending_entries_are_no_part_of_the_balances)
{
	assert_right(
		read_bytes(statement("10", "10", "CRDT", "<Ntry><Amt Ccy=\"CHF\">30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>")));
}

/* ---- C4: amounts ---- */

TEST(the_amount_is_the_transactions_else_its_details_else_the_entrys)
{
	assert_int_equal(only_of("7", "<Amt Ccy=\"CHF\">7.00</Amt>")->cents, 700);
	assert_int_equal(
		only_of("7", "<AmtDtls><InstdAmt><Amt Ccy=\"USD\">9</Amt></InstdAmt><TxAmt><Amt Ccy=\"CHF\">7</Amt></TxAmt></AmtDtls>")->cents, 700);
	assert_int_equal(only_of("7", "")->cents, 700);
	const struct bank_transaction *t = only_of("7", "<AmtDtls><TxAmt><Amt Ccy=\"USD\">9</Amt></TxAmt></AmtDtls>");
	assert_int_equal(t->cents, 700);
	assert_str(t->currency, S("CHF"));
}

TEST(parts_without_amounts_of_their_own_reject_their_entry)
{
	struct str parts = str_format(mem, "%.*s%.*s", STR_ARG(tx_of("T1", "")), STR_ARG(tx_of("T2", "")));
	struct read_file *f = read_entries(entry_of("7", "CRDT", "", details_of(parts)));
	assert_true(has_finding(f, "C4", MSG_BANK_NO_AMOUNT));
	assert_int_equal(f->count, 2);
	assert_false(f->at[0].t.has_amount);
}

/* ---- C5: sums ---- */

static struct read_file *parts(const char *sum, const char *batch, const char *first, const char *second)
{
	struct str txs = str_format(mem, "%s%.*s%.*s", batch, STR_ARG(tx_of("T1", first)), STR_ARG(tx_of("T2", second)));
	return read_entries(entry_of(sum, "CRDT", "", details_of(txs)));
}

TEST(parts_that_are_not_the_sum_are_an_error_in_the_line_of_the_entry)
{
	assert_right(parts("9", "<Btch><NbOfTxs>2</NbOfTxs></Btch>", "<Amt Ccy=\"CHF\">4</Amt>", "<Amt Ccy=\"CHF\">5</Amt>"));
	struct read_file *f = parts("9.01", "", "<Amt Ccy=\"CHF\">4</Amt>", "<Amt Ccy=\"CHF\">5</Amt>");
	assert_status(f->st, OK);
	assert_true(has_finding(f, "C5", MSG_BANK_SUM_DIFFERS));
	assert_str(f->findings.first->element, S("Ntry"));
	assert_str(f->findings.first->path, S("Document/BkToCstmrDbtCdtNtfctn/Ntfctn/Ntry"));
	assert_int_equal(f->findings.first->line, 5);
	f = parts("9", "<Btch><NbOfTxs>3</NbOfTxs></Btch>", "<Amt Ccy=\"CHF\">4</Amt>", "<Amt Ccy=\"CHF\">5</Amt>");
	assert_true(has_finding(f, "C5", MSG_BANK_COUNT_DIFFERS));
	f = parts("9", "", "<Amt Ccy=\"CHF\">4</Amt>", "<Amt Ccy=\"EUR\">5</Amt>");
	assert_true(has_finding(f, "C5", MSG_BANK_SUM_CURRENCY));
}

TEST(one_batch_may_count_for_all_details_of_its_entry)
{
	struct str one = details_of(tx_of("T1", "<Amt Ccy=\"CHF\">4</Amt>"));
	struct str two = details_of(str_format(mem, "<Btch><NbOfTxs>2</NbOfTxs></Btch>%.*s", STR_ARG(tx_of("T2", "<Amt Ccy=\"CHF\">5</Amt>"))));
	assert_right(read_entries(entry_of("9", "CRDT", "", str_format(mem, "%.*s%.*s", STR_ARG(one), STR_ARG(two)))));
}

TEST(a_batch_without_its_transactions_is_no_error)
{
	struct read_file *f = read_entries(entry_of("9", "CRDT", "", details_of(S("<Btch><NbOfTxs>2</NbOfTxs></Btch>"))));
	assert_int_equal(only(f)->transaction, -1);
}

/* ---- C6, C7: references ---- */

TEST(references_are_read_with_their_types_without_blanks_in_capitals)
{
	const struct bank_transaction *t = only_of("1",
		"<RmtInf><Ustrd>Danke</Ustrd><Ustrd>sehr</Ustrd><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>rf89 tix0 0100 5</Ref>"
		"</CdtrRefInf></Strd><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>ISR Reference</Prtry></CdOrPrtry></Tp><Ref>" REFERENCE
		"</Ref></CdtrRefInf></Strd>"
		"<Strd><CdtrRefInf><Ref>" REFERENCE "</Ref></CdtrRefInf></Strd></RmtInf>");
	assert_int_equal(t->reference_count, 2);
	assert_int_equal(t->references[0].type, BANK_SCOR);
	assert_str(t->references[0].text, S("RF89TIX001005"));
	assert_int_equal(t->references[1].type, BANK_ISR);
	assert_int_equal(t->remittance_count, 2);
	assert_str(t->remittance[1], S("sehr"));
}

TEST(a_reference_belongs_to_its_own_transaction)
{
	struct read_file *f =
		parts("9", "", "<Amt Ccy=\"CHF\">4</Amt><RmtInf><Ustrd>x</Ustrd><Strd><CdtrRefInf><Ref>" REFERENCE "</Ref></CdtrRefInf></Strd></RmtInf>",
			"<Amt Ccy=\"CHF\">5</Amt>");
	assert_int_equal(f->at[1].t.reference_count, 0);
	assert_int_equal(f->at[1].t.remittance_count, 0);
}

TEST(a_reject_code_is_told_and_still_money)
{
	const char *inside = "<RmtInf><Strd><AddtlRmtInf>?REJECT?%s</AddtlRmtInf></Strd></RmtInf>";
	assert_int_equal(read_entries(single("1", str_format(mem, inside, "0").at))->findings.count, 0);
	struct read_file *f = read_entries(single("1", str_format(mem, inside, "5").at));
	only(f);
	assert_true(has_finding(f, "C7", MSG_BANK_REJECT_CODE));
}

/* ---- C8 to C11 ---- */

static const char *coded(const char *family, const char *sub)
{
	struct str s = str_format(mem, "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>%s</Cd><SubFmlyCd>%s</SubFmlyCd></Fmly></Domn></BkTxCd>", family, sub);
	return str_c(mem, s);
}

TEST(codes_tell_fees_and_returns)
{
	assert_true(only_of("1", coded("RCDT", "CHRG"))->is_charge);
	assert_true(only_of("1", coded("ICDT", "RRTN"))->is_return);
	assert_true(only_of("1", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")->is_return);
	assert_str(only_of("1", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")->return_reason, S("AC04"));
	assert_true(only(read_entries(entry_of("1", "DBIT", coded("MDOP", "CHRG"), S(""))))->is_charge);
	assert_false(only_of("1", coded("RCDT", "VCOM"))->is_charge);
}

TEST(charges_are_summed_and_said_to_be_deducted_or_not)
{
	const struct bank_transaction *t =
		only_of("97", "<Amt Ccy=\"CHF\">97</Amt><Chrgs><TtlChrgsAndTaxAmt Ccy=\"CHF\">3</TtlChrgsAndTaxAmt><Rcrd><Amt "
					  "Ccy=\"CHF\">2.50</Amt><ChrgInclInd>true</ChrgInclInd>"
					  "</Rcrd><Rcrd><Amt Ccy=\"CHF\">0.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>");
	assert_true(t->has_charges && t->is_charge_included);
	assert_int_equal(t->charge_cents, 300);
	t = only_of("1", "<Chrgs><Rcrd><Amt Ccy=\"CHF\">0.90</Amt><ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>");
	assert_true(t->has_charges && !t->is_charge_included);
	t = only_of("1", "<Chrgs><Amt Ccy=\"CHF\">1.20</Amt></Chrgs>"); /* version 02 */
	assert_int_equal(t->charge_cents, 120);
	assert_false(only_of("1", "")->has_charges);
}

TEST(the_value_date_falls_back)
{
	const char *head = "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>%s<NtryDtls><TxDtls>%s</TxDtls></NtryDtls></Ntry>";
	const char *accepted = "<RltdDts><AccptncDtTm>2026-11-18T24:00:00+01:00</AccptncDtTm></RltdDts>";
	assert_str(only(read_entries(str_format(mem, head, "<ValDt><DtTm>2026-11-19T10:00:00</DtTm></ValDt>", accepted)))->value_date, S("2026-11-19"));
	assert_str(only(read_entries(str_format(mem, head, "", accepted)))->value_date, S("2026-11-18"));
	assert_str(only(read_entries(str_format(mem, head, "<BookgDt><Dt>2026-11-17</Dt></BookgDt>", "")))->value_date, S("2026-11-17"));
	struct str entry = str_format(mem, head, "", "");
	struct str spanned = report_with("054", "N", "<FrToDt><FrDtTm>2026-11-01T00:00:00</FrDtTm><ToDtTm>2026-11-16T24:00:00</ToDtTm></FrToDt>", entry);
	assert_str(only(read_bytes(message_with("054", "08", "", spanned)))->value_date, S("2026-11-16"));
	assert_str(only(read_entries(entry))->value_date, S("2026-11-20"));
}

TEST(the_debtor_is_who_owed_and_at_a_counter_who_stood_there)
{
	const char *both =
		"%s<RltdPties><Dbtr><Pty><Nm>PostFinance</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>CH51 0900 0000 2500 9229 1</IBAN></Id></DbtrAcct>"
		"<UltmtDbtr><Nm>Pia Muster</Nm><PstlAdr><StrtNm>Gasse</StrtNm><BldgNb>2</BldgNb><PstCd>9400</PstCd><TwnNm>Rorschach</TwnNm>"
		"<Ctry>CH</Ctry></PstlAdr></UltmtDbtr></RltdPties>";
	const struct bank_transaction *t = only_of("1", str_c(mem, str_format(mem, both, "")));
	assert_str(t->debtor_name, S("PostFinance"));
	assert_str(t->debtor_iban, S("CH5109000000250092291"));
	t = only_of("1", str_c(mem, str_format(mem, both, coded("CNTR", "CDPT"))));
	assert_str(t->debtor_name, S("Pia Muster"));
	assert_str(t->debtor_address, S("Gasse 2, 9400 Rorschach, CH"));
}

/* ---- C12 to C15 ---- */

TEST(amounts_are_read_exactly)
{
	static const struct {
		const char *text;
		int64_t cents;
	} right[] = { { "20", 2000 }, { "1000", 100000 }, { "0.5", 50 }, { ".05", 5 }, { "7.", 700 }, { "+7.10", 710 }, { "1949.75000", 194975 },
		{ "007", 700 }, { "9999999999999.99", BANK_AMOUNT_MAX }, { "0.00", 0 } };
	for (size_t i = 0; i < COUNT(right); i++) {
		int64_t cents = -1;
		assert_int_equal(bank_cents(str_of(right[i].text), &cents), BANK_NUMBER_RIGHT);
		assert_int_equal(cents, right[i].cents);
	}
	const char *wrong[] = { "", ".", "-1", "1,00", "1e3", "1.0.0", "0x1", "NaN", "1 000", "٣" };
	int64_t cents;
	for (size_t i = 0; i < COUNT(wrong); i++) assert_int_equal(bank_cents(str_of(wrong[i]), &cents), BANK_NUMBER_WRONG);
	assert_int_equal(bank_cents(S("1.005"), &cents), BANK_NUMBER_TOO_PRECISE);
	assert_int_equal(bank_cents(S("10000000000000"), &cents), BANK_NUMBER_TOO_LARGE);
	assert_int_equal(bank_cents(S("99999999999999999999999999999999999999"), &cents), BANK_NUMBER_TOO_LARGE);
	assert_refused(read_entries(single("1.001", "")), "C12", MSG_BANK_TOO_PRECISE);
	assert_refused(read_entries(single("-1", "")), "C00", MSG_BANK_VALUE);
	assert_refused(read_entries(single("99999999999999999999", "")), "C12", MSG_BANK_TOO_LARGE);
}

TEST(dates_are_real_days)
{
	struct str date;
	assert_true(bank_date(S("2024-02-29T24:00:00.000+01:00"), &date));
	assert_str(date, S("2024-02-29"));
	const char *wrong[] = { "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "20261120", "2026-11-2", "0000-01-01", "2026-11-20x" };
	for (size_t i = 0; i < COUNT(wrong); i++) assert_false(bank_date(str_of(wrong[i]), &date));
}

TEST(amounts_are_written_with_two_decimals)
{
	assert_str(bank_amount(mem, 5), S("0.05"));
	assert_str(bank_amount(mem, -194975), S("-1949.75"));
	assert_str(bank_amount(mem, INT64_MIN), S("-92233720368547758.08"));
}

TEST(a_page_of_several_is_a_warning)
{
	struct str report = report_with("054", "N", "", single("1", ""));
	struct read_file *f = read_bytes(message_with("054", "08", "<MsgPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></MsgPgntn>", report));
	only(f);
	assert_true(has_finding(f, "C14", MSG_BANK_PAGE));
}

TEST(a_test_file_says_so)
{
	struct str report = report_with("054", "N", "", single("1", ""));
	assert_true(read_bytes(message_with("054", "08", "<AddtlInf>SPS/2.1/TEST</AddtlInf>", report))->at[0].r.is_test);
	assert_false(read_bytes(message_with("054", "08", "<AddtlInf>SPS/2.1/PROD</AddtlInf>", report))->at[0].r.is_test);
}

/* ---- the structure ---- */

TEST(what_the_structure_does_not_know_is_refused_with_line_and_element)
{
	struct read_file *f = read_entries(S("<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\n<NtryDtlz/></Ntry>"));
	assert_refused(f, "C00", MSG_BANK_ELEMENT_UNKNOWN);
	assert_int_equal(f->findings.first->line, 6);
	assert_str(f->findings.first->element, S("Ntry"));
}

TEST(what_is_missing_twice_or_in_the_wrong_place_is_refused)
{
	static const struct {
		const char *entries;
		const char *element;
		enum message message;
	} wrong[] = {
		{ "<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>", "Amt", MSG_BANK_ELEMENT_MISSING },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><Sts>BOOK</Sts></Ntry>", "CdtDbtInd", MSG_BANK_ELEMENT_MISSING },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>", "Sts", MSG_BANK_ELEMENT_MISSING },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><Amt Ccy=\"CHF\">1</Amt></Ntry>", "Amt", MSG_BANK_ELEMENT_TWICE },
		{ "<Ntry><Amt>1</Amt></Ntry>", "Amt", MSG_BANK_CURRENCY },
		{ "<Ntry><Amt Ccy=\"chf\">1</Amt></Ntry>", "Amt", MSG_BANK_CURRENCY },
		{ "<Ntry><Amt Ccy=\"CHF\">1<b/></Amt></Ntry>", "Amt", MSG_BANK_ELEMENT_UNKNOWN },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CREDIT</CdtDbtInd></Ntry>", "CdtDbtInd", MSG_BANK_VALUE },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>yes</RvslInd></Ntry>", "RvslInd", MSG_BANK_VALUE },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts> </Sts></Ntry>", "Sts", MSG_BANK_VALUE },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>20.11.2026</Dt></BookgDt></Ntry>", "Dt", MSG_BANK_VALUE },
		{ "<Ntry><Amt Ccy=\"CHF\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls/><Sts>BOOK</Sts></Ntry>", "NtryDtls", MSG_BANK_ELEMENT_LATE },
		{ "<TxDtls/>", "Ntfctn", MSG_BANK_ELEMENT_UNKNOWN },
	};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct read_file *f = read_entries(str_of(wrong[i].entries));
		assert_refused(f, "C00", wrong[i].message);
		assert_str(f->findings.first->element, str_of(wrong[i].element));
		assert_true(f->findings.first->line > 0);
	}
}

TEST(a_report_needs_its_head_and_a_message_its_reports)
{
	assert_refused(read_bytes(message_with("054", "08", "", S(""))), "C00", MSG_BANK_ELEMENT_MISSING);
	assert_refused(read_bytes(message_with("054", "08", "", S("<Ntfctn><Id>N</Id></Ntfctn>"))), "C00", MSG_BANK_ELEMENT_MISSING);
	assert_refused(read_bytes(message_with("054", "08", "", S("<Ntfctn><Id>N</Id><Ntry/></Ntfctn>"))), "C00", MSG_BANK_ELEMENT_LATE);
	assert_refused(read_bytes(message_with("054", "08", "", S("<Stmt/>"))), "C00", MSG_BANK_ELEMENT_UNKNOWN);
}

TEST(other_messages_and_versions_are_refused)
{
	const char *others[] = { "urn:iso:std:iso:20022:tech:xsd:camt.054.001.01", "urn:iso:std:iso:20022:tech:xsd:camt.054.001.09",
		"urn:iso:std:iso:20022:tech:xsd:camt.052.001.08", "urn:iso:std:iso:20022:tech:xsd:camt.054.001.080", "urn:x", "" };
	for (size_t i = 0; i < COUNT(others); i++)
		assert_refused(
			read_bytes(str_format(mem, "<Document xmlns=\"%s\"><BkToCstmrDbtCdtNtfctn/></Document>", others[i])), "C00", MSG_BANK_NAMESPACE);
	struct str mixed = S("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrDbtCdtNtfctn/></Document>");
	assert_refused(read_bytes(mixed), "C00", MSG_BANK_MESSAGE_OTHER);
	assert_refused(read_bytes(S("<html/>")), "C00", MSG_BANK_ELEMENT_UNKNOWN);
}

TEST(extensions_are_passed_over_whatever_they_hold)
{
	only(read_entries(entry_of(
		"1", "CRDT", "", details_of(tx_of("T", "<SplmtryData><Envlp><Ntry xmlns=\"urn:own\"><Amt>x</Amt><Amt/></Ntry></Envlp></SplmtryData>")))));
}

/* ---- pieces ---- */

TEST(a_file_cut_anywhere_is_refused)
{
	struct str whole = message_of("054", single("1949.75", qrr("1949.75", REFERENCE).at));
	struct str end = S("</Document>");
	size_t last = (size_t)str_find(whole, end) + end.len;
	assert_right(read_bytes(str_part(whole, 0, last)));
	for (size_t len = 0; len < last; len++) {
		struct read_file *f = read_bytes(str_part(whole, 0, len));
		assert_status(f->st, REFUSED);
		assert_true(f->findings.errors > 0);
	}
}

static void count_one(void *user, const struct bank_transaction *t)
{
	*(int64_t *)user += t->cents;
}

TEST(pieces_of_any_length_are_read_alike)
{
	static const struct bank_handler count = { .transaction = count_one };
	struct str whole = message_of("054", single("1949.75", qrr("1949.75", REFERENCE).at));
	for (size_t step = 1; step < 50; step++) {
		int64_t sum = 0;
		struct bank_findings findings = bank_findings_in(mem);
		struct camt *c = camt_new(CAMT_READ, NULL, &count, &sum, &findings);
		for (size_t at = 0; at < whole.len; at += step) assert_status(camt_feed(c, str_part(whole, at, step)), OK);
		assert_status(camt_end(c), OK);
		camt_free(c);
		assert_int_equal(sum, 194975);
	}
}

/* ---- hostile ---- */

TEST(a_document_type_ends_the_reading_at_once)
{
	struct str bomb =
		S("<?xml version=\"1.0\"?><!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
		  "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">&c;</Document>");
	struct read_file *f = read_bytes(bomb);
	assert_refused(f, "C00", MSG_BANK_DOCTYPE);
	assert_int_equal(f->findings.count, 1);
	assert_refused(read_bytes(S("<!DOCTYPE Document SYSTEM \"file:///etc/passwd\"><Document/>")), "C00", MSG_BANK_DOCTYPE);
}

static struct str repeated(const char *begin, const char *what, size_t times, const char *end)
{
	struct buf b = buf_in(mem);
	buf_add(&b, str_of(begin));
	for (size_t i = 0; i < times; i++) buf_add(&b, str_of(what));
	buf_add(&b, str_of(end));
	return buf_str(&b);
}

#define OPEN "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>"

TEST(depth_is_bounded)
{
	assert_refused(read_bytes(repeated(OPEN "<SplmtryData>", "<a>", CAMT_DEPTH_MAX, "")), "C00", MSG_BANK_TOO_DEEP);
	assert_refused(read_bytes(repeated(OPEN "<SplmtryData>", "<a>", 100000, "")), "C00", MSG_BANK_TOO_DEEP);
}

TEST(attributes_are_bounded)
{
	struct buf some = buf_in(mem), many = buf_in(mem);
	for (int i = 0; i < 200000; i++) {
		if (i <= CAMT_ATTRIBUTES_MAX) buf_addf(&some, " a%d=\"\"", i);
		buf_addf(&many, " a%d=\"\"", i);
	}
	struct str few = buf_str(&some), lots = buf_str(&many);
	assert_refused(read_bytes(str_format(mem, OPEN "<SplmtryData%.*s/>", STR_ARG(few))), "C00", MSG_BANK_ATTRIBUTES);
	assert_refused(read_bytes(str_format(mem, OPEN "<SplmtryData%.*s/>", STR_ARG(lots))), "C00", MSG_BANK_SILENCE);
}

TEST(silence_is_bounded)
{
	assert_refused(read_bytes(repeated("<Document a=\"", "x", 3 * CAMT_SILENCE_MAX, "\"/>")), "C00", MSG_BANK_SILENCE);
	assert_refused(read_bytes(repeated("<!-- ", "x", 3 * CAMT_SILENCE_MAX, " --><Document/>")), "C00", MSG_BANK_SILENCE);
	assert_refused(read_bytes(repeated("<", " ", 3 * CAMT_SILENCE_MAX, "")), "C00", MSG_BANK_SILENCE);
}

TEST(different_names_are_bounded)
{
	struct buf names = buf_in(mem), spaces = buf_in(mem);
	for (int i = 0; i < 3 * CAMT_NAMES_MAX; i++) buf_addf(&names, "<n%d/>", i), buf_addf(&spaces, "<a xmlns:n%d=\"u:%d\"/>", i, i);
	struct str one = buf_str(&names), other = buf_str(&spaces);
	assert_refused(read_bytes(str_format(mem, OPEN "<SplmtryData>%.*s", STR_ARG(one))), "C00", MSG_BANK_NAMES);
	assert_refused(read_bytes(str_format(mem, OPEN "<SplmtryData>%.*s", STR_ARG(other))), "C00", MSG_BANK_NAMES);
}

TEST(texts_are_bounded)
{
	struct str text = repeated("<RmtInf><Ustrd>", "x", CAMT_TEXT_MAX + 1, "</Ustrd></RmtInf>");
	assert_refused(read_entries(single("1", str_c(mem, text))), "C00", MSG_BANK_TEXT_TOO_LONG);
	text = repeated("<RmtInf>", "<Ustrd>x</Ustrd>", BANK_REMITTANCE_MAX + 1, "</RmtInf>");
	assert_refused(read_entries(single("1", str_c(mem, text))), "C00", MSG_BANK_TEXTS_TOO_LONG);
	struct str line = repeated("<Ustrd>", "x", CAMT_TEXT_MAX, "</Ustrd>");
	text = repeated("<RmtInf>", str_c(mem, line), CAMT_TEXTS_MAX / CAMT_TEXT_MAX + 1, "</RmtInf>");
	assert_refused(read_entries(single("1", str_c(mem, text))), "C00", MSG_BANK_TEXTS_TOO_LONG);
	assert_right(read_entries(single("1", str_c(mem, repeated("<AddtlTxInf>", "x", 1 << 20, "</AddtlTxInf>")))));
}

TEST(sums_that_overflow_are_refused)
{
	struct buf entries = buf_in(mem);
	for (int i = 0; i < 9300; i++)
		buf_add(&entries, S("<Ntry><Amt Ccy=\"CHF\">9999999999999.99</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>"));
	assert_refused(read_entries(buf_str(&entries)), "C12", MSG_BANK_TOTAL_TOO_LARGE);
}

TEST(findings_are_counted_beyond_the_ones_told)
{
	struct buf entries = buf_in(mem);
	struct str bad = entry_of("9", "CRDT", "", details_of(tx_of("T", "<Amt Ccy=\"CHF\">8</Amt>")));
	for (int i = 0; i < 3 * BANK_FINDINGS_MAX; i++) buf_add(&entries, bad);
	struct read_file *f = read_entries(buf_str(&entries));
	size_t told = 0;
	for (const struct bank_finding *x = f->findings.first; x; x = x->next) told++;
	assert_int_equal(told, BANK_FINDINGS_MAX);
	assert_int_equal(f->findings.errors, 3 * BANK_FINDINGS_MAX);
}

TEST(other_encodings_are_read_and_wrong_ones_refused)
{
	struct str latin =
		S("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" OPEN "<GrpHdr><MsgId>\xe9</MsgId><CreDtTm>2026-11-20T00:00:00</CreDtTm></GrpHdr>"
		  "<Ntfctn><Id>N</Id><Acct><Id><IBAN>" IBAN "</IBAN></Id></Acct></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>");
	assert_right(read_bytes(latin));
	assert_refused(read_bytes(S(OPEN "<GrpHdr><MsgId>\xe9</MsgId>")), "C00", MSG_BANK_XML);
	assert_refused(read_bytes(S("<?xml version=\"1.0\" encoding=\"x-nothing\"?><Document/>")), "C00", MSG_BANK_XML);
}

static const struct bank_plan *count_plan(void *user)
{
	++*(int *)user;
	return NULL; /* the check found something further down */
}

TEST(a_plan_is_asked_for_once_whatever_the_answer)
{
	const char *balance = "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"CHF\">0</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>";
	struct buf entries = buf_in(mem), head = buf_in(mem);
	for (int i = 0; i < 10; i++) buf_add(&entries, entry_of("1", "CRDT", "<RvslInd>true</RvslInd>", S("")));
	buf_addf(&head, balance, "OPBD");
	buf_addf(&head, balance, "CLBD");
	buf_add_char(&head, 0);
	static const struct bank_handler calls = { .plan = count_plan };
	struct bank_findings findings = bank_findings_in(mem);
	int asked = 0;
	struct camt *c = camt_new(CAMT_READ, NULL, &calls, &asked, &findings);
	assert_status(camt_feed(c, message_with("053", "08", "", report_with("053", "S", head.at, buf_str(&entries)))), OK);
	camt_free(c);
	assert_int_equal(asked, 1);
}
