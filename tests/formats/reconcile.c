/* tests/formats/reconcile.c: outcomes one by one, the same money told of twice (D1 to D6), and the promise that files in any order leave the same open. */
#include "formats/reconcile.h"

#include "camt_build.h"
#include "chance.h"
#include "formats/bank_ledger.h"
#include "formats/reconcile_memory.h"

#define HEAD   "bill,currency,amount_cents,ref_type,reference,account,status\n"
#define REF_1  "880000000000000000000010016"
#define REF_2  "880000000000000000000010024"
#define REF_3  "880000000000000000000010032"
#define SCOR_5 "RF89TIX001005"

static const char ledger_text[] = HEAD "1001,CHF,11800,QRR," REF_1 "," QR_IBAN ",open\n"
									   "1002,CHF,5990,QRR," REF_2 "," QR_IBAN ",\n"
									   "1003,CHF,125005,QRR," REF_3 "," QR_IBAN ",cancelled\n"
									   "1005,EUR,10000,SCOR,RF89 TIX0 0100 5," IBAN ",open\n"
									   "1009,CHF,2500,NON,," IBAN ",open\n";

struct made {
	enum outcome outcome;
	struct str bill;
	int64_t open, booked;
	enum message reason;
};

/* A house's books: what a caller of the reconciler keeps. */
struct books {
	struct bank_ledger *ledger;
	struct reconcile_memory *memory;
	struct reconcile_lookups lookups;
	struct bank_findings findings;
	struct made made[READ_MAX];
	size_t count;
};

static bool find_bill(void *user, struct str reference, struct reconcile_bill *out)
{
	struct books *b = user;
	if (!bank_ledger_bill(b->ledger, reference, out)) return false;
	out->allocated = reconcile_memory_allocated(b->memory, out->name);
	return true;
}

static bool find_account(void *user, struct str account)
{
	return bank_ledger_account(((struct books *)user)->ledger, account);
}

static struct books *books_of(const char *ledger)
{
	struct books *b = ARENA_NEW(mem, struct books);
	struct problem why = problem_in(mem);
	assert_status(bank_ledger_read(str_of(ledger), &b->ledger, &why), OK);
	b->memory = reconcile_memory_new();
	b->lookups = (struct reconcile_lookups){ .bills = b, .bill = find_bill, .account = find_account };
	reconcile_memory_lookups(b->memory, &b->lookups);
	b->findings = bank_findings_in(mem);
	return b;
}

static void books_close(struct books *b)
{
	bank_ledger_free(b->ledger);
	reconcile_memory_free(b->memory);
}

static void on_row(void *user, const struct reconcile_row *row)
{
	struct books *b = user;
	if (row->booked) reconcile_memory_allocate(b->memory, row->bill.name, row->booked);
	if (b->count == READ_MAX) return;
	b->made[b->count++] = (struct made){ row->outcome, row->has_bill ? kept(row->bill.name) : S(""), row->open_after, row->booked, row->reason };
}

/* Imports one file; b->made holds its rows. */
static void import(struct books *b, struct str bytes)
{
	static const struct bank_handler none;
	struct bank_findings ignored = bank_findings_in(mem);
	struct bank_plan plan = { .arena = mem };
	struct bank_summary summary;
	struct bank_input input = bank_input_of(&bytes);
	struct bank_file *f;
	b->count = 0;
	b->findings = bank_findings_in(mem);
	assert_status(bank_file_open(mem, &input, &f, &ignored), OK);
	assert_status(bank_file_check(f, 0, &none, NULL, &plan, &summary, &ignored), OK);
	struct reconcile *r = reconcile_begin(mem, &b->lookups, summary.hash, on_row, b, &b->findings);
	assert_status(bank_file_apply(f, 0, &reconcile_handler, r, &plan, &summary, &ignored), OK);
	reconcile_end(r);
	bank_file_close(f);
}

static int64_t open_of(struct books *b, const char *reference)
{
	struct reconcile_bill bill;
	assert_true(find_bill(b, str_of(reference), &bill));
	return bill.allocated <= 0 ? bill.cents : bill.cents - bill.allocated;
}

#define assert_outcome(b, i, want)                                                                             \
	do {                                                                                                       \
		if ((b)->count <= (size_t)(i)) fail_msg("only %zu rows", (b)->count);                                  \
		struct str got_ = outcome_word((b)->made[i].outcome);                                                  \
		if (!str_eq(got_, str_of(want))) fail_msg("row %d: got %.*s, want %s", (int)(i), STR_ARG(got_), want); \
	} while (0)

/* What one transaction alone makes of fresh books. */
static struct made outcome_of(struct str entries)
{
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", entries));
	assert_int_equal(b->count, 1);
	struct made m = b->made[0];
	books_close(b);
	return m;
}

static struct str qrr_single(const char *amount, const char *reference)
{
	return single(amount, str_c(mem, qrr(amount, reference)));
}

#define outcome_is(entries, want) assert_str(outcome_word(outcome_of(entries).outcome), S(want))

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

/* ---- any order ---- */

#define FILES 12

/* Files that tell of some payments in many ways: parts and wholes, both messages, two versions, repeated reports, pages of the same day. */
static size_t some_files(struct str *files)
{
	const char *references[] = { REF_1, REF_2, REF_3, SCOR_5, "880000000000000000007777771" };
	size_t payments = 3 + chance(6), count = 0;
	struct payment {
		const char *reference;
		int cents;
		bool is_credit;
	} p[10];
	for (size_t i = 0; i < payments; i++) p[i] = (struct payment){ references[chance(COUNT(references))], 100 + (int)chance(20000), chance(5) > 0 };
	while (count < FILES) {
		bool is_statement = chance(2), is_new = chance(2);
		struct buf entries = buf_in(mem);
		for (size_t i = 0; i < payments; i++) {
			if (chance(3) == 0) continue;
			const char *sign = p[i].is_credit ? "CRDT" : "DBIT";
			struct str amount = bank_amount(mem, p[i].cents);
			buf_addf(&entries, "<Ntry><Amt Ccy=\"CHF\">%.*s</Amt><CdtDbtInd>%s</CdtDbtInd>" ENTRY_IS "<AcctSvcrRef>E%zu</AcctSvcrRef>",
				STR_ARG(amount), sign, i);
			if (chance(4)) {
				bool has_reference = !is_statement || chance(2);
				buf_addf(&entries, "<NtryDtls><TxDtls><Refs><AcctSvcrRef>T%zu</AcctSvcrRef>", i);
				if (is_new) buf_addf(&entries, "<UETR>f4b15ec5-9151-4f95-b1df-%012zu</UETR>", i);
				buf_add(&entries, S("</Refs>"));
				if (has_reference) buf_addf(&entries, "<RmtInf><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf>", p[i].reference);
				buf_add(&entries, S("</TxDtls></NtryDtls>"));
			}
			buf_add(&entries, S("</Ntry>"));
		}
		const char *kind = is_statement ? "053" : "054";
		char *id = str_c(mem, str_format(mem, "R%u", chance(4)));
		files[count++] = message_with(kind, is_new ? "08" : "04", "", report_with(kind, id, "", buf_str(&entries)));
	}
	/* every payment is told of in full at least once, in each version */
	return count;
}

static void open_amounts(struct books *b, int64_t out[4])
{
	const char *references[] = { REF_1, REF_2, REF_3, SCOR_5 };
	for (size_t i = 0; i < 4; i++) out[i] = open_of(b, references[i]);
}

TEST(files_in_any_order_and_repeated_leave_the_same_amounts_open)
{
	for (int round = 0; round < 60; round++) {
		struct str files[FILES];
		size_t count = some_files(files);
		int64_t want[4], got[4];
		struct books *b = books_of(ledger_text);
		for (size_t i = 0; i < count; i++) import(b, files[i]);
		open_amounts(b, want);
		books_close(b);
		for (int shuffle = 0; shuffle < 4; shuffle++) {
			b = books_of(ledger_text);
			for (size_t i = count; i-- > 1;) {
				size_t k = chance((uint32_t)i + 1);
				struct str other = files[i];
				files[i] = files[k], files[k] = other;
			}
			for (size_t i = 0; i < count; i++) {
				import(b, files[i]);
				if (chance(3) == 0) import(b, files[chance((uint32_t)i + 1)]);
			}
			open_amounts(b, got);
			books_close(b);
			for (size_t i = 0; i < 4; i++) assert_int_equal(got[i], want[i]);
		}
		arena_reset(mem);
	}
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
