/* tests/formats/reconcile_order.c: files in any order, and repeated, leave the same amounts open, however they tell of the same money. */
#include "reconcile_books.h"

#include "chance.h"
#include "formats/reconcile_payments.h"

/* ---- files of a house ---- */

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

/* Kinds of keys that a telling may have. */
enum { UETR = 1, REFS = 2, INSTRUCTION = 4 };

/* An entry of one transaction with the keys KEYS of payment N; of others' if it is chance's. REFERENCE may be empty. */
static void add_entry(
	struct buf *to, unsigned keys, const unsigned n[3], const char *amount, const char *sign, const char *reference, bool is_reversal)
{
	buf_addf(to, "<Ntry><NtryRef>" QR_IBAN "</NtryRef><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s" ENTRY_IS, amount, sign,
		is_reversal ? "<RvslInd>true</RvslInd>" : "");
	if (keys & (REFS | INSTRUCTION)) buf_addf(to, "<AcctSvcrRef>E%u</AcctSvcrRef>", n[2]);
	buf_add(to, S("<NtryDtls><TxDtls><Refs>"));
	if (keys & REFS) buf_addf(to, "<AcctSvcrRef>T%u</AcctSvcrRef>", n[1]);
	if (keys & INSTRUCTION) buf_addf(to, "<InstrId>I%u</InstrId>", n[2]);
	if (keys & UETR) buf_addf(to, "<UETR>f4b15ec5-9151-4f95-b1df-%012u</UETR>", n[0]);
	buf_add(to, S("</Refs>"));
	if (*reference) buf_addf(to, "<RmtInf><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf>", reference);
	buf_add(to, S("</TxDtls></NtryDtls></Ntry>"));
}

#define BALANCE "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"CHF\">%d</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
#define OPENING 1000000

/* A message whose entries have keys of their own or others', references or none, signs of all kinds; some are copies, some have balances. */
static struct str any_file(bool is_mixed, bool is_turning)
{
	static const char *const references[] = { REF_1, REF_1, REF_2, REF_3, "880000000000000000007777771", "" };
	bool is_statement = chance(2);
	struct buf entries = buf_in(mem), head = buf_in(mem);
	int sum = OPENING;
	for (unsigned count = 1 + chance(4); count > 0; count--) {
		unsigned payment = chance(4), n[3] = { payment, payment, payment };
		for (size_t i = 0; is_mixed && i < COUNT(n); i++) n[i] = chance(3);
		const char *reference = is_mixed ? references[chance(COUNT(references))] : chance(3) ? references[payment] : "";
		bool is_credit = is_mixed ? chance(4) > 0 : true, is_reversal = is_mixed ? chance(4) == 0 : payment == 3;
		int amount = is_mixed ? 10 + 10 * (int)chance(2) : 10 + (int)payment % 2 * 10;
		add_entry(&entries, is_mixed || !chance(3) ? chance(8) : 7, n, str_c(mem, str_format(mem, "%d", amount)), is_credit ? "CRDT" : "DBIT",
			reference, is_reversal);
		sum += is_credit != (is_reversal && is_turning) ? amount : -amount;
	}
	if (chance(4) == 0) buf_add(&head, S("<CpyDplctInd>DUPL</CpyDplctInd>"));
	if (is_statement && chance(2)) buf_addf(&head, BALANCE BALANCE, "OPBD", OPENING, "CLBD", sum);
	buf_add_char(&head, 0);
	const char *kind = is_statement ? "053" : "054";
	return message_with(kind, "08", "", report_with(kind, str_c(mem, str_format(mem, "R%u", chance(5))), head.at, buf_str(&entries)));
}

/* What is booked, clipped nowhere. */
static void booked_amounts(struct books *b, int64_t out[4])
{
	const char *references[] = { REF_1, REF_2, REF_3, SCOR_5 };
	for (size_t i = 0; i < 4; i++) {
		struct reconcile_bill bill;
		assert_true(find_bill(b, str_of(references[i]), &bill));
		out[i] = bill.allocated;
	}
}

static void shuffle(struct str *files, size_t count)
{
	for (size_t i = count; i-- > 1;) {
		size_t k = chance((uint32_t)i + 1);
		struct str other = files[i];
		files[i] = files[k], files[k] = other;
	}
}

static void add_piece(void *user, struct str piece)
{
	buf_add(user, piece);
}

/* The next run: what was seen comes from a file. */
static void reopen(struct books *b)
{
	struct buf state = buf_in(mem);
	struct problem why = problem_in(mem);
	reconcile_memory_save(b->memory, add_piece, &state);
	reconcile_memory_free(b->memory);
	b->memory = reconcile_memory_new();
	assert_status(reconcile_memory_load(b->memory, buf_str(&state), &why), OK);
	reconcile_memory_lookups(b->memory, &b->lookups);
}

/* Imports FILES in orders of chance, some of them more than once, in several runs: always the same is booked. */
static void same_in_any_order(struct str *files, size_t count, int orders, int round)
{
	int64_t want[4], got[4];
	struct books *b = books_of(ledger_text);
	for (size_t i = 0; i < count; i++) import(b, files[i]);
	booked_amounts(b, want);
	books_close(b);
	for (int order = 0; order < orders; order++) {
		b = books_of(ledger_text);
		shuffle(files, count);
		for (size_t i = 0; i < count; i++) {
			import(b, files[i]);
			if (chance(3) == 0) import(b, files[chance((uint32_t)i + 1)]);
			if (chance(8) == 0) reopen(b);
		}
		booked_amounts(b, got);
		books_close(b);
		for (size_t i = 0; i < 4; i++)
			if (got[i] != want[i]) fail_msg("round %d, order %d, bill %zu: %lld and %lld", round, order, i, (long long)want[i], (long long)got[i]);
	}
}

TEST(files_in_any_order_and_repeated_leave_the_same_amounts_open)
{
	for (int round = 0; round < 60; round++) {
		struct str files[FILES];
		same_in_any_order(files, some_files(files), 4, round);
		arena_reset(mem);
	}
}

TEST(tellings_that_know_different_keys_of_the_same_payments_leave_the_same_in_any_order)
{
	for (int round = 0; round < 200; round++) {
		struct str files[FILES];
		bool is_turning = chance(4) == 0;
		for (size_t i = 0; i < FILES; i++) files[i] = any_file(false, is_turning);
		same_in_any_order(files, FILES, 3, round);
		arena_reset(mem);
	}
}

TEST(tellings_that_contradict_each_other_leave_the_same_in_any_order)
{
	for (int round = 0; round < 300; round++) {
		struct str files[FILES];
		size_t count = 2 + chance(FILES - 1);
		for (size_t i = 0; i < count; i++) files[i] = any_file(true, chance(2));
		same_in_any_order(files, count, 3, round);
		arena_reset(mem);
	}
}

/* ---- one by one ---- */

static struct str file_of(const char *kind, const char *id, const char *head, unsigned keys, unsigned refs, const char *reference)
{
	struct buf entry = buf_in(mem);
	add_entry(&entry, keys, (const unsigned[]){ 1, refs, 1 }, "10", "CRDT", reference, false);
	return message_with(kind, "08", "", report_with(kind, id, head, buf_str(&entry)));
}

#define COPY "<CpyDplctInd>DUPL</CpyDplctInd>"

TEST(an_original_after_its_copy_is_no_second_payment)
{
	struct books *b = books_of(ledger_text);
	import(b, file_of("054", "C1", COPY, 0, 0, REF_1));
	assert_outcome(b, 0, "partial");
	import(b, file_of("054", "C2", COPY, 0, 0, REF_1));
	assert_outcome(b, 0, "already-imported");
	import(b, file_of("054", "N1", "", 0, 0, REF_1));
	assert_outcome(b, 0, "already-imported");
	import(b, file_of("054", "N2", "", 0, 0, REF_1)); /* the first that the copies have not told of */
	assert_outcome(b, 0, "partial");
	assert_int_equal(open_of(b, REF_1), 9800);
	books_close(b);
}

TEST(what_only_a_copy_tells_of_is_money_too)
{
	struct str one = file_of("054", "N1", "", 0, 0, REF_1), copy = file_of("054", "C1", COPY, 0, 0, REF_1);
	ptrdiff_t from = str_find(copy, S("<Ntry>")), to = str_find(copy, S("</Ntry>")) + 7;
	struct str entry = str_part(copy, (size_t)from, (size_t)(to - from));
	struct str two = str_format(mem, "%.*s%.*s%.*s", (int)to, copy.at, STR_ARG(entry), STR_ARG(str_part(copy, (size_t)to, copy.len)));
	for (int order = 0; order < 2; order++) {
		struct books *b = books_of(ledger_text);
		import(b, order ? one : two);
		import(b, order ? two : one);
		assert_int_equal(open_of(b, REF_1), 9800);
		books_close(b);
	}
}

TEST(tellings_that_their_strongest_keys_tell_apart_stay_two_whatever_a_third_shares_with_both)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 2, 0, 1 }, { 1, 2, 0 } };
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct str files[] = { file_of("054", "A", "", REFS | INSTRUCTION, 1, REF_1), file_of("054", "C", "", REFS | INSTRUCTION, 2, REF_1),
			file_of("054", "B", "", UETR | INSTRUCTION, 1, REF_1) };
		struct books *b = books_of(ledger_text);
		for (int k = 0; k < 3; k++) import(b, files[orders[i][k]]);
		assert_int_equal(open_of(b, REF_1), 9800);
		books_close(b);
	}
}

TEST(a_telling_that_shows_two_to_be_one_takes_the_second_back)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct str files[] = { file_of("054", "A", "", UETR, 1, REF_1), file_of("054", "C", "", REFS, 1, REF_1),
			file_of("054", "B", "", UETR | REFS, 1, REF_1) };
		struct books *b = books_of(ledger_text);
		for (int k = 0; k < 3; k++) import(b, files[orders[i][k]]);
		assert_outcome(b, 0, "already-imported");
		assert_int_equal(b->made[0].reason, orders[i][2] == 2 ? MSG_BANK_WHY_JOINED : MSG_BANK_WHY_SEEN);
		assert_int_equal(b->made[0].booked, orders[i][2] == 2 ? -1000 : 0);
		assert_int_equal(b->made[0].open, 10800);
		assert_int_equal(open_of(b, REF_1), 10800);
		books_close(b);
	}
}

/* A credit that is a reversal: where banks turn them, it takes money back. */
static struct str reversal_of(const char *kind, const char *id, unsigned keys, int closing)
{
	struct buf entry = buf_in(mem), head = buf_in(mem);
	add_entry(&entry, keys, (const unsigned[]){ 1, 1, 1 }, "10", "CRDT", REF_1, true);
	if (closing) buf_addf(&head, BALANCE BALANCE, "OPBD", OPENING, "CLBD", closing);
	buf_add_char(&head, 0);
	return message_with(kind, "08", "", report_with(kind, id, head.at, buf_str(&entry)));
}

TEST(what_a_statement_proves_of_signs_holds_for_all_of_its_account_whenever_it_comes)
{
	struct str first = message_of("054", entry_of("100", "CRDT", "", details_of(tx_of("T9", qrr("100", REF_1).at))));
	for (int order = 0; order < 3; order++) {
		struct books *b = books_of(ledger_text);
		import(b, first);
		if (order != 1) import(b, reversal_of("054", "N2", order ? UETR : 0, 0)); /* nobody knows yet */
		assert_int_equal(open_of(b, REF_1), order == 1 ? 1800 : 800);
		import(b, reversal_of("053", "S", order ? UETR : 0, OPENING - 10));
		assert_outcome(b, 0, order == 1 ? "reversed" : "already-imported");
		assert_int_equal(open_of(b, REF_1), 2800);
		if (order != 1) assert_int_equal(b->findings.first->message, MSG_BANK_TURNED_LATE);
		if (order == 1) import(b, reversal_of("054", "N2", UETR, 0));
		assert_int_equal(open_of(b, REF_1), 2800); /* both tell of the same money */
		import(b, reversal_of("054", "N3", REFS, 0));
		assert_outcome(b, 0, "reversed"); /* another one; what was learnt holds */
		assert_int_equal(open_of(b, REF_1), 3800);
		books_close(b);
	}
}

TEST(where_statements_prove_both_signs_stand_as_written)
{
	struct books *b = books_of(ledger_text);
	import(b, reversal_of("053", "S1", UETR, OPENING - 10));
	assert_outcome(b, 0, "reversed");
	import(b, reversal_of("053", "S2", REFS, OPENING + 10));
	assert_outcome(b, 0, "partial");
	assert_int_equal(open_of(b, REF_1), 9800); /* the first, too */
	books_close(b);
}

TEST(more_tellings_than_are_kept_change_nothing_more)
{
	struct books *b = books_of(ledger_text);
	for (unsigned i = 0; i < RECONCILE_TOLD_MAX + 40; i++)
		import(b, file_of(i % 2 ? "053" : "054", str_c(mem, str_format(mem, "N%u", i)), "", UETR | REFS, i, REF_1));
	assert_int_equal(open_of(b, REF_1), 10800);
	books_close(b);
}

/* ---- by hand, and in steps ---- */

struct line {
	struct reconcile_marks marks;
	struct read_tx tx;
};

struct staged {
	struct reconcile_marker *marker;
	struct line lines[READ_MAX];
	size_t count;
};

static void stage_report(void *user, const struct bank_report *report)
{
	reconcile_mark_report(((struct staged *)user)->marker, report);
}

static void stage_line(void *user, const struct bank_transaction *t)
{
	struct staged *s = user;
	struct line *line = &s->lines[s->count++];
	struct read_file keeps = { .count = 0 };
	if (bank_is_booked(t)) reconcile_mark(s->marker, t, &line->marks);
	note_tx(&keeps, t);
	line->tx = keeps.at[0];
}

/* Adds the lines of a file, as a house keeps them that decides later. */
static void stage(struct staged *s, struct str bytes)
{
	static const struct bank_handler none, calls = { .report = stage_report, .transaction = stage_line };
	struct bank_findings ignored = bank_findings_in(mem);
	struct bank_plan plan = { .arena = mem };
	struct bank_summary summary;
	struct bank_input input = bank_input_of(&bytes);
	struct bank_file *f;
	assert_status(bank_file_open(mem, &input, &f, &ignored), OK);
	assert_status(bank_file_check(f, 0, &none, NULL, &plan, &summary, &ignored), OK);
	s->marker = reconcile_marker_new(summary.hash);
	assert_status(bank_file_apply(f, 0, &calls, s, &plan, &summary, &ignored), OK);
	reconcile_marker_free(s->marker);
	bank_file_close(f);
}

static struct reconcile_row decide_line(struct books *b, struct line *line)
{
	struct reconcile_row row;
	line->tx.t.report = &line->tx.r;
	reconcile_transaction(&b->lookups, &line->marks, &line->tx.t, &row);
	return row;
}

TEST(lines_that_were_staged_are_decided_one_by_one_in_any_order_as_in_one_go)
{
	for (int round = 0; round < 40; round++) {
		struct str files[4];
		struct staged *s = ARENA_NEW(mem, struct staged);
		int64_t want[4], got[4];
		struct books *b = books_of(ledger_text);
		for (size_t i = 0; i < COUNT(files); i++) import(b, files[i] = any_file(true, false)); /* signs as they are written */
		booked_amounts(b, want);
		books_close(b);
		b = books_of(ledger_text);
		for (size_t i = 0; i < COUNT(files); i++) stage(s, files[i]);
		for (size_t i = s->count; i-- > 1;) {
			size_t k = chance((uint32_t)i + 1);
			struct line other = s->lines[i];
			s->lines[i] = s->lines[k], s->lines[k] = other;
		}
		for (size_t i = 0; i < s->count; i++) {
			decide_line(b, &s->lines[i]);
			if (chance(4) == 0) decide_line(b, &s->lines[i]); /* once more, since somebody forgot that it was done */
			if (chance(8) == 0) reopen(b);
		}
		booked_amounts(b, got);
		books_close(b);
		for (size_t i = 0; i < 4; i++) assert_int_equal(got[i], want[i]);
		arena_reset(mem);
	}
}

TEST(what_a_person_decided_is_taken_back_and_never_booked_again)
{
	struct staged *s = ARENA_NEW(mem, struct staged);
	struct books *b = books_of(ledger_text);
	stage(s, file_of("054", "A", "", UETR, 1, REF_1));
	assert_int_equal(decide_line(b, &s->lines[0]).outcome, OUTCOME_PARTIAL);
	reconcile_by_hand(&b->lookups, &s->lines[0].marks);
	assert_int_equal(open_of(b, REF_1), 11800);
	import(b, file_of("053", "B", "", UETR | REFS, 1, REF_1));
	assert_outcome(b, 0, "already-imported");
	import(b, file_of("054", "D", "", REFS, 1, REF_1));
	assert_outcome(b, 0, "already-imported");
	assert_int_equal(open_of(b, REF_1), 11800);
	assert_int_equal(decide_line(b, &s->lines[0]).outcome, OUTCOME_ALREADY_IMPORTED);
	assert_int_equal(open_of(b, REF_1), 11800);
	books_close(b);
	/* nor by what only its words tell of it */
	b = books_of(ledger_text);
	decide_line(b, &s->lines[0]);
	reconcile_by_hand(&b->lookups, &s->lines[0].marks);
	import(b, file_of("053", "E", "", 0, 0, REF_1));
	assert_outcome(b, 0, "already-imported");
	assert_int_equal(open_of(b, REF_1), 11800);
	books_close(b);
}

TEST(money_that_found_no_bill_finds_one_later_unless_a_person_decided)
{
	static const char poor[] = HEAD "1001,CHF,11800,QRR," REF_1 "," QR_IBAN ",open\n";
	for (int is_decided = 0; is_decided < 2; is_decided++) {
		struct staged *s = ARENA_NEW(mem, struct staged);
		struct books *b = books_of(poor);
		stage(s, file_of("054", "A", "", UETR, 1, REF_2));
		assert_int_equal(decide_line(b, &s->lines[0]).outcome, OUTCOME_UNKNOWN_REFERENCE);
		if (is_decided) reconcile_by_hand(&b->lookups, &s->lines[0].marks);
		bank_ledger_free(b->ledger);
		struct problem why = problem_in(mem);
		assert_status(bank_ledger_read(str_of(ledger_text), &b->ledger, &why), OK);
		assert_int_equal(decide_line(b, &s->lines[0]).outcome, is_decided ? OUTCOME_ALREADY_IMPORTED : OUTCOME_PARTIAL);
		assert_int_equal(open_of(b, REF_2), is_decided ? 5990 : 4990);
		books_close(b);
	}
}

TEST(a_kept_state_of_which_any_byte_was_changed_is_refused)
{
	struct buf state = buf_in(mem);
	struct books *b = books_of(ledger_text);
	for (size_t i = 0; i < 6; i++) import(b, any_file(true, chance(2)));
	reconcile_memory_save(b->memory, add_piece, &state);
	books_close(b);
	for (int round = 0; round < 400; round++) {
		size_t at = chance((uint32_t)state.len);
		const char was = state.at[at], is = "0123456789abcdef,\n"[chance(18)];
		state.at[at] = is;
		struct reconcile_memory *m = reconcile_memory_new();
		struct problem why = problem_in(mem);
		assert_status(reconcile_memory_load(m, buf_str(&state), &why), is == was ? OK : REFUSED);
		reconcile_memory_free(m);
		state.at[at] = was;
	}
}

TEST(a_state_of_another_version_is_told_from_a_broken_one)
{
	struct reconcile_memory *m = reconcile_memory_new();
	struct problem why = problem_in(mem);
	assert_status(reconcile_memory_load(m, S("parterre-bank-state,2\nend,1\n"), &why), REFUSED);
	assert_int_equal(why.first->message, MSG_BANK_STATE_VERSION);
	reconcile_memory_free(m);
}

TEST(money_of_a_file_that_was_imported_before_finds_the_bill_that_is_there_now)
{
	static const char poor[] = HEAD "1001,CHF,11800,QRR," REF_1 "," QR_IBAN ",open\n";
	struct books *b = books_of(poor);
	struct str file = file_of("054", "A", "", UETR, 1, REF_2);
	import(b, file);
	assert_outcome(b, 0, "unknown-reference");
	import(b, file);
	assert_outcome(b, 0, "already-imported");
	bank_ledger_free(b->ledger);
	struct problem why = problem_in(mem);
	assert_status(bank_ledger_read(str_of(ledger_text), &b->ledger, &why), OK);
	import(b, file);
	assert_outcome(b, 0, "partial");
	assert_int_equal(open_of(b, REF_2), 4990);
	import(b, file);
	assert_outcome(b, 0, "already-imported");
	assert_int_equal(open_of(b, REF_2), 4990);
	books_close(b);
}
