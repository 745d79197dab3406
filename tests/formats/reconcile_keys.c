/* tests/formats/reconcile_keys.c: which numbers and words make two tellings the same money, one rule a test; each in every order of its files. */
#include "reconcile_books.h"

#include "chance.h"
#include "formats/qrbill_reference.h"

#define UETR_A	"<UETR>aaaaaaaa-9151-4f95-b1df-f873cdfc13df</UETR>"
#define REFS_A	"<AcctSvcrRef>T1</AcctSvcrRef>"
#define INSTR_A "<InstrId>I1</InstrId>"
#define DUPL	"<CpyDplctInd>DUPL</CpyDplctInd>"
#define FILES	6

/* What one file tells of one payment; NULL stands for what most say. */
struct telling {
	const char *kind, *id, *copy;
	const char *entry, *refs, *reference, *payer; /* of the entry; of the transaction; "" for none */
	const char *sign, *more, *currency, *dates;
};

#define DATES "<BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt>"

static const char *or_else(const char *s, const char *usual)
{
	return s ? s : usual;
}

/* An entry of 10 with one transaction. */
static struct str entry_that(const struct telling *t)
{
	const char *entry = or_else(t->entry, ""), *reference = or_else(t->reference, REF_1);
	struct buf b = buf_in(mem);
	buf_addf(&b, "<Ntry><NtryRef>" QR_IBAN "</NtryRef><Amt Ccy=\"%s\">10</Amt><CdtDbtInd>%s</CdtDbtInd>%s<Sts><Cd>BOOK</Cd></Sts>%s",
		or_else(t->currency, "CHF"), or_else(t->sign, "CRDT"), or_else(t->more, ""), or_else(t->dates, DATES));
	if (*entry) buf_addf(&b, "<AcctSvcrRef>%s</AcctSvcrRef>", entry);
	buf_addf(&b, "<NtryDtls><TxDtls><Refs>%s</Refs>", or_else(t->refs, ""));
	if (t->payer) buf_addf(&b, "<RltdPties><Dbtr><Pty><Nm>%s</Nm></Pty></Dbtr></RltdPties>", t->payer);
	if (*reference) buf_addf(&b, "<RmtInf><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf>", reference);
	buf_add(&b, S("</TxDtls></NtryDtls></Ntry>"));
	return buf_str(&b);
}

static struct str file_with(const struct telling *t, struct str entries)
{
	return message_with(t->kind, "08", "", report_with(t->kind, t->id, or_else(t->copy, ""), entries));
}

static struct str file_that(const struct telling *t)
{
	return file_with(t, entry_that(t));
}

static int64_t booked_of(struct books *b, const char *reference)
{
	struct reconcile_bill bill;
	assert_true(find_bill(b, str_of(reference), &bill));
	return bill.allocated;
}

struct want {
	int64_t first, second; /* cents on the bills of REF_1 and REF_2 */
};

/* Takes the Nth of all orders of FILES; false: there are no more. */
static bool in_order(struct str *files, size_t count, size_t n)
{
	for (size_t i = count; i > 1; i--) {
		size_t k = n % i;
		struct str other = files[i - 1];
		files[i - 1] = files[k], files[k] = other;
		n /= i;
	}
	return n == 0;
}

static void books_are(const struct str *files, size_t count, struct want want)
{
	struct str order[FILES];
	for (size_t n = 0;; n++) {
		memcpy(order, files, count * sizeof *files);
		if (!in_order(order, count, n)) return;
		struct books *b = books_of(ledger_text);
		for (size_t i = 0; i < count; i++) import(b, order[i]);
		int64_t first = booked_of(b, REF_1), second = booked_of(b, REF_2);
		books_close(b);
		if (first != want.first || second != want.second)
			fail_msg("order %zu: %lld and %lld are booked, not %lld and %lld", n, (long long)first, (long long)second, (long long)want.first,
				(long long)want.second);
	}
}

#define told_leave(want_first, want_second, ...)                                                 \
	do {                                                                                         \
		const struct telling tellings_[] = { __VA_ARGS__ };                                      \
		struct str files_[FILES];                                                                \
		for (size_t i_ = 0; i_ < COUNT(tellings_); i_++) files_[i_] = file_that(&tellings_[i_]); \
		books_are(files_, COUNT(tellings_), (struct want){ want_first, want_second });           \
	} while (0)

/* ---- keys ---- */

TEST(a_reversal_that_repeats_the_numbers_of_its_payment_is_no_telling_of_it)
{
#define BALANCES(from, to)                                                                                               \
	"<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CHF\">" from "</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>" \
	"<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CHF\">" to "</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
	struct telling paid = { "053", "S1", BALANCES("0", "10"), "E1", UETR_A REFS_A };
	struct telling turned = { "053", "S2", BALANCES("10", "0"), "E1", UETR_A REFS_A, .more = "<RvslInd>true</RvslInd>" };
	struct telling told = { "054", "N2", NULL, "E1", REFS_A, .more = "<RvslInd>true</RvslInd>" };
	told_leave(0, 0, paid, turned);
	told_leave(0, 0, paid, turned, told);
	struct telling written = turned;
	written.sign = "DBIT";
	told_leave(0, 0, paid, written);
}

TEST(one_number_in_two_currencies_is_two_payments)
{
	told_leave(1000, 0, { "054", "N1", NULL, "E1", UETR_A }, { "053", "S1", NULL, "E1", UETR_A, .currency = "EUR" });
	struct books *b = books_of(ledger_text);
	import(b, file_that(&(struct telling){ "053", "S1", NULL, "E1", UETR_A, SCOR_5, .currency = "EUR" }));
	import(b, file_that(&(struct telling){ "054", "N1", NULL, "E1", UETR_A, SCOR_5 }));
	assert_outcome(b, 0, "currency-mismatch");
	books_close(b);
}

TEST(a_number_of_the_instruction_is_not_held_against_one_of_the_transaction)
{
	told_leave(1000, 0, { "054", "N1", NULL, "E1", INSTR_A "<TxId>X9</TxId>" }, { "053", "S1", NULL, "E1", "<TxId>X9</TxId>" });
	told_leave(1000, 0, { "054", "N1", NULL, "E1", INSTR_A "<TxId>X9</TxId>" }, { "054", "N1", DUPL, "E1", "<TxId>X9</TxId>" });
	told_leave(2000, 0, { "054", "N1", NULL, "E1", "<TxId>X8</TxId>" }, { "053", "S1", NULL, "E1", "<TxId>X9</TxId>" });
}

TEST(a_number_of_all_parts_of_an_entry_is_the_same_in_whatever_company)
{
	struct telling one = { "054", "N1", NULL, "E1", REFS_A, REF_1, "P" }, two = { "054", "N1", NULL, "E1", REFS_A, REF_2, "Q" };
	struct str batch = entry_that(&one), second = entry_that(&two);
	ptrdiff_t from = str_find(second, S("<TxDtls>")), to = str_find(second, S("</NtryDtls>")), end = str_find(batch, S("</NtryDtls>"));
	batch = str_format(mem, "%.*s%.*s%.*s", (int)end, batch.at, (int)(to - from), second.at + from, STR_ARG(str_part(batch, (size_t)end, batch.len)));
	/* The sum of two: an amount for each part. */
	ptrdiff_t amount = str_find(batch, S(">10<"));
	((char *)(uintptr_t)batch.at)[amount + 1] = '2';
	struct buf b = buf_in(mem);
	for (size_t at = 0; at < batch.len; at++) {
		if (str_starts(str_part(batch, at, batch.len), S("<RltdPties>"))) buf_add(&b, S("<Amt Ccy=\"CHF\">10</Amt>"));
		buf_add_char(&b, batch.at[at]);
	}
	struct telling statement = { "053", "S1" };
	struct str files[] = { file_with(&one, buf_str(&b)),
		file_with(&statement, str_format(mem, "%.*s%.*s", STR_ARG(entry_that(&one)), STR_ARG(second))),
		file_that(&(struct telling){ "054", "N1", DUPL, "E1", REFS_A, REF_1, "P" }) };
	books_are(files, COUNT(files), (struct want){ 1000, 1000 });
}

TEST(two_payments_with_two_references_stay_two_whatever_a_third_without_one_shares_with_both)
{
	told_leave(1000, 1000, { "054", "N1", NULL, "E1", UETR_A, REF_1 }, { "054", "N2", NULL, "E1", REFS_A, REF_2 },
		{ "054", "N3", NULL, "E1", UETR_A REFS_A, "" });
}

/* A number for all payments, day after day: a contract's, or a word that fills the field. */
static void all_are_paid(const char *number, bool is_late)
{
	enum { DAYS = 80 };
	struct buf ledger = buf_in(mem);
	buf_add(&ledger, S(HEAD));
	char *references[DAYS];
	for (int day = 0; day < DAYS; day++) {
		struct str base = str_format(mem, "88%024d", 4000 + day);
		references[day] = str_c(mem, str_format(mem, "%.*s%c", STR_ARG(base), mod10_recursive(base)));
		buf_addf(&ledger, "%d,CHF,1000,QRR,%s," QR_IBAN ",\n", day, references[day]);
	}
	struct books *b = books_of(str_c(mem, buf_str(&ledger)));
	char *refs = str_c(mem, str_format(mem, "<AcctSvcrRef>%s</AcctSvcrRef>", number));
	for (int day = 0; day < DAYS; day++)
		for (int i = 0; i < 2; i++) {
			char *dates = str_c(mem, str_format(mem, "<BookgDt><Dt>2026-%02d-%02d</Dt></BookgDt>", 1 + day / 28, 1 + day % 28));
			char *id = str_c(mem, str_format(mem, "R%d", day));
			import(
				b, file_that(&(struct telling){ i ? "053" : "054", id, NULL, number, refs, is_late && !i ? "" : references[day], .dates = dates }));
		}
	for (int day = 0; day < DAYS; day++)
		if (open_of(b, references[day])) fail_msg("%s: day %d leaves %lld", number, day, (long long)open_of(b, references[day]));
	books_close(b);
}

TEST(a_number_that_returns_every_day_loses_and_doubles_nothing)
{
	all_are_paid("VERTRAG-77", false);
	all_are_paid("VERTRAG-77", true);
}

TEST(words_that_fill_a_field_are_no_numbers)
{
	static const char *const fillers[] = { "NOTAVAIL", "NOTPROVIDED", "not available", "NONE", "N/A", "0000" };
	for (size_t i = 0; i < COUNT(fillers); i++) {
		char *refs = str_c(mem, str_format(mem, "<AcctSvcrRef>%s</AcctSvcrRef>", fillers[i]));
		told_leave(2000, 0, { "054", "N1", NULL, fillers[i], refs }, { "054", "N2", NULL, fillers[i], refs });
	}
}

/* ---- piles ---- */

TEST(what_both_messages_told_of_is_joined_by_copies_without_its_numbers)
{
	struct telling n = { "054", "N1", NULL, "S1", REFS_A }, s = { "053", "S1", NULL, "S1", REFS_A }, copy = { "054", "N1b", DUPL },
				   other = { "053", "S1", NULL, "", UETR_A }, other_copy = { "054", "N1c", DUPL, "", UETR_A };
	told_leave(1000, 0, n, copy, s);
	told_leave(1000, 0, n, other, other_copy);
	told_leave(1000, 0, n, s, copy, { "053", "S1b", DUPL, "", UETR_A });
	/* but a third original of a message is another payment */
	told_leave(2000, 0, n, s, copy, { "054", "N9" });
	told_leave(2000, 0, n, s, { "054", "N9" }, { "053", "S9" });
}

TEST(as_many_pairs_are_made_as_keys_allow)
{
	told_leave(2000, 0, { "054", "N1", NULL, "E1", REFS_A }, { "054", "N2", NULL, "E2", "<UETR>bbbbbbbb-9151-4f95-b1df-f873cdfc13df</UETR>" },
		{ "053", "S1", NULL, "E3", UETR_A }, { "053", "S2", NULL, "E4", INSTR_A });
}

TEST(a_banks_number_of_the_entry_makes_one_of_two_messages_whatever_they_call_the_payer)
{
	struct telling n = { "054", "N1", NULL, "S1", REFS_A, .payer = "Pia Muster" };
	told_leave(1000, 0, n, { "053", "S1", NULL, "S1" });
	told_leave(1000, 0, n, { "053", "S1", NULL, "S1", .payer = "PIA MUSTER" });
	told_leave(1000, 0, n, { "053", "S1", NULL, "S1", .payer = "P", .dates = "<ValDt><Dt>2026-11-20</Dt></ValDt>" });
	told_leave(1000, 0, n, { "053", "S1", NULL, "S1" }, { "054", "N1", DUPL, "S1", .payer = "Pia M." });
	/* nothing else than a sibling or a copy: a bank may give one to several */
	told_leave(2000, 0, { "054", "N1", NULL, "S1", .payer = "P" }, { "054", "N2", NULL, "S1", .payer = "Q" });
	told_leave(2000, 0, { "054", "N1", NULL, "S1", .payer = "P" }, { "053", "S1", NULL, "S2", .payer = "Q" });
	told_leave(1000, 1000, n, { "053", "S1", NULL, "S1", "", REF_2 });
}

TEST(payers_words_of_either_message_find_the_payment_that_a_number_made_one)
{
	told_leave(1000, 0, { "054", "N1", NULL, "S1", UETR_A, .payer = "Pia" }, { "053", "S1", NULL, "S1", UETR_A, .payer = "PIA" },
		{ "054", "N1b", DUPL, .payer = "Pia" }, { "053", "S1b", DUPL, .payer = "PIA" });
}

TEST(payments_of_which_each_telling_knows_other_keys_are_booked_once_in_any_order)
{
	static const struct {
		const char *kind, *id, *copy;
	} reports[] = { { "054", "NA", "" }, { "053", "SB", "" }, { "054", "NAc", DUPL }, { "053", "SBc", DUPL } };
	static const char *const references[] = { REF_1, REF_2 };
	for (int round = 0; round < 1500; round++) {
		struct str files[COUNT(reports)];
		int64_t want[2] = { 0, 0 };
		size_t count = 0;
		for (size_t i = 0; i < COUNT(reports); i++) {
			struct buf entries = buf_in(mem);
			for (int n = 0; n < 2; n++) {
				if (chance(10) < 3) continue;
				unsigned keys = chance(16);
				struct buf refs = buf_in(mem);
				if (keys & 1) buf_addf(&refs, "<AcctSvcrRef>T%d</AcctSvcrRef>", n);
				if (keys & 2) buf_addf(&refs, "<InstrId>I%d</InstrId>", n);
				if (keys & 4) buf_addf(&refs, "<TxId>X%d</TxId>", n);
				if (keys & 8) buf_addf(&refs, "<UETR>f4b15ec5-9151-4f95-b1df-%012d</UETR>", n);
				char *entry = str_c(mem, keys & 7 ? str_format(mem, "E%d", n) : S(""));
				buf_add(&entries, entry_that(&(struct telling){ .entry = entry, .refs = str_c(mem, buf_str(&refs)), .reference = references[n] }));
				want[n] = 1000;
			}
			if (!entries.len) continue;
			const struct telling head = { reports[i].kind, reports[i].id, reports[i].copy };
			files[count++] = file_with(&head, buf_str(&entries));
		}
		for (int order = 0; order < 3; order++) {
			struct str shuffled[COUNT(reports)];
			memcpy(shuffled, files, count * sizeof *files);
			in_order(shuffled, count, chance(24));
			struct books *b = books_of(ledger_text);
			for (size_t i = 0; i < count; i++) import(b, shuffled[i]);
			int64_t got[] = { booked_of(b, REF_1), booked_of(b, REF_2) };
			books_close(b);
			for (int n = 0; n < 2; n++)
				if (got[n] != want[n]) fail_msg("round %d: bill %d has %lld, not %lld", round, n, (long long)got[n], (long long)want[n]);
		}
		arena_reset(mem);
	}
}
