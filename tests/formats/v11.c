/* tests/formats/v11.c: files of the old slip, type 3 and type 4, and what refuses them. */
#include "formats/v11.h"

#include "camt_build.h"
#include "formats/qrbill_reference.h"

#define PARTICIPANT "010234561"

static struct str reference(int n)
{
	struct str digits = str_format(mem, "%026d", n);
	return str_format(mem, "%.*s%c", STR_ARG(digits), mod10_recursive(digits));
}

/* A record of type 3: what it pays for, how much, with which fee. */
static struct str record_3(const char *code, int n, int cents, int fee)
{
	struct str ref = reference(n);
	return str_format(mem, "%s" PARTICIPANT "%.*s%010d%010d220930220930%06d%09d0%09d%04d", code, STR_ARG(ref), cents, 0, 221003, n, 0, fee);
}

static struct str total_3(const char *code, int64_t cents, int count, int fees)
{
	return str_format(mem, "%s" PARTICIPANT "%.27s%012lld%012d221003%09d%09d", code, "999999999999999999999999999", (long long)cents, count, fees, 0);
}

static struct str record_4(const char *code, char delivery, int n, const char *currency, int cents, int fee)
{
	struct str ref = reference(n);
	return str_format(mem, "%s03%c" PARTICIPANT "%.*s%s%012d%035d2022093020220930202210030%s%06d%74s", code, delivery, STR_ARG(ref), currency, cents,
		n, currency, fee, "");
}

static struct str total_4(const char *code, char delivery, const char *currency, int cents, int count, int fees)
{
	return str_format(mem, "%s99%c" PARTICIPANT "%.27s%s%012d%012d20221003%s%011d", code, delivery, "999999999999999999999999999", currency, cents,
		count, currency, fees);
}

/* Records as lines. */
static struct str lines(const struct str *records, size_t count, const char *end)
{
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < count; i++) {
		buf_add(&b, records[i]);
		buf_add(&b, str_of(end));
	}
	return buf_str(&b);
}

#define LINES(end, ...) lines((const struct str[]){ __VA_ARGS__ }, sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str), end)

/* Records padded to WIDTH, without ends. */
static struct str stream(size_t width, struct str a, struct str b)
{
	return str_format(mem, "%-*.*s%-*.*s", (int)width, STR_ARG(a), (int)width, STR_ARG(b));
}

/* Without an end of the last line. */
static struct str joined_lines(struct str a, struct str b)
{
	return str_format(mem, "%.*s\n%.*s", STR_ARG(a), STR_ARG(b));
}

TEST(a_record_of_type_3_is_read)
{
	struct read_file *f = read_bytes(LINES("\r\n", record_3("002", 1, 11800, 90), total_3("999", 11800, 1, 90)));
	assert_right(f);
	const struct bank_transaction *t = &f->at[0].t;
	assert_int_equal(t->cents, 11800);
	assert_int_equal(t->charge_cents, 90);
	assert_str(t->currency, S("CHF"));
	assert_true(t->is_credit);
	assert_str(t->booking_date, S("2022-09-30"));
	assert_str(t->value_date, S("2022-10-03"));
	assert_str(t->references[0].text, reference(1));
	assert_int_equal(t->references[0].type, BANK_ISR);
	assert_int_equal(t->transaction, 0);
	assert_str(f->at[0].r.version, S("3"));
}

TEST(records_are_read_by_lines_of_any_width_and_as_a_stream)
{
	struct str r = record_3("002", 1, 11800, 90), t = total_3("999", 11800, 1, 90);
	assert_right(read_bytes(LINES("\n", r, t)));
	assert_right(read_bytes(LINES("                          \r\n", r, t)));
	assert_right(read_bytes(joined_lines(r, t)));
	assert_right(read_bytes(stream(128, r, t)));
	assert_right(read_bytes(stream(200, record_4("011", '1', 1, "CHF", 500, 0), total_4("991", '1', "CHF", 500, 1, 0))));
	assert_right(read_bytes(LINES("\r\n", r, t, S("\x1a"))));
}

TEST(a_stream_may_end_like_a_text)
{
	struct str r = record_3("002", 1, 11800, 90), t = total_3("999", 11800, 1, 90), whole = stream(128, r, t);
	static const char *const ends[] = { "\r\n", "\n", "\x1a", "\r\n\x1a", "\r\n\r\n" };
	for (size_t i = 0; i < COUNT(ends); i++) assert_right(read_bytes(str_format(mem, "%.*s%s", STR_ARG(whole), ends[i])));
	assert_right(
		read_bytes(str_format(mem, "%.*s\r\n", STR_ARG(stream(200, record_4("011", '1', 1, "CHF", 500, 0), total_4("991", '1', "CHF", 500, 1, 0))))));
	assert_refused(read_bytes(str_format(mem, "%.*s\r\n1", STR_ARG(whole))), "V11", MSG_V11_RECORD);
}

TEST(a_record_of_type_4_is_read)
{
	struct read_file *f = read_bytes(LINES("\r\n", record_4("211", '1', 7, "EUR", 500, 15), total_4("991", '1', "EUR", 500, 1, 15)));
	assert_right(f);
	assert_str(f->at[0].t.currency, S("EUR"));
	assert_int_equal(f->at[0].t.cents, 500);
	assert_int_equal(f->at[0].t.charge_cents, 15);
	assert_str(f->at[0].r.version, S("4"));
	assert_true(f->at[0].t.transaction_ref.len > 0);
	assert_false(f->at[0].r.is_test);
}

TEST(a_test_delivery_says_so_and_a_reconstruction_is_a_copy)
{
	struct read_file *f = read_bytes(LINES("\n", record_4("011", '3', 7, "CHF", 500, 0), total_4("991", '3', "CHF", 500, 1, 0)));
	assert_right(f);
	assert_true(f->at[0].r.is_test);
	f = read_bytes(LINES("\n", record_4("011", '2', 7, "CHF", 500, 0), total_4("991", '2', "CHF", 500, 1, 0)));
	assert_true(f->at[0].r.is_copy);
}

TEST(cancellations_are_debits_with_a_total_of_their_own_and_corrections_are_credits)
{
	struct read_file *f = read_bytes(LINES(
		"\n", record_3("002", 1, 100, 0), record_3("005", 2, 30, 0), record_3("008", 3, 7, 0), total_3("999", 107, 2, 0), total_3("995", 30, 1, 0)));
	assert_right(f);
	assert_true(f->at[0].t.is_credit);
	assert_false(f->at[1].t.is_credit);
	assert_true(f->at[2].t.is_credit);
	f = read_bytes(LINES("\n", record_4("012", '1', 1, "CHF", 30, 0), record_4("013", '1', 2, "CHF", 7, 0), total_4("992", '1', "CHF", 30, 1, 0),
		total_4("981", '1', "CHF", 7, 1, 0)));
	assert_right(f);
	assert_false(f->at[0].t.is_credit);
	assert_true(f->at[1].t.is_credit);
}

TEST(a_participant_of_euros_has_euros)
{
	struct str r = record_3("002", 1, 100, 0), t = total_3("999", 100, 1, 0);
	memcpy((char *)(uintptr_t)r.at + 3, "03", 2);
	memcpy((char *)(uintptr_t)t.at + 3, "03", 2);
	struct read_file *f = read_bytes(LINES("\n", r, t));
	assert_right(f);
	assert_str(f->at[0].t.currency, S("EUR"));
}

TEST(a_wrong_total_count_or_fee_is_refused_either_way)
{
	struct str r = record_3("002", 1, 11800, 90);
	static const struct {
		int cents, count, fees;
		enum message message;
	} wrong[] = { { 11801, 1, 90, MSG_V11_TOTAL }, { 11799, 1, 90, MSG_V11_TOTAL }, { 11800, 0, 90, MSG_V11_COUNT }, { 11800, 2, 90, MSG_V11_COUNT },
		{ 11800, 1, 89, MSG_V11_FEES }, { 11800, 1, 91, MSG_V11_FEES } };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct read_file *f = read_bytes(LINES("\n", r, total_3("999", wrong[i].cents, wrong[i].count, wrong[i].fees)));
		assert_refused(f, "V11", wrong[i].message);
		assert_int_equal(f->findings.first->line, 2);
	}
}

TEST(a_file_cut_off_is_refused)
{
	struct str whole = LINES("\n", record_3("002", 1, 11800, 90), record_3("002", 2, 100, 0), total_3("999", 11900, 2, 90));
	size_t needed = whole.len - 1 - 9; /* the last column, fees for handling, may be left away; so may the line end */
	assert_right(read_bytes(str_part(whole, 0, needed)));
	for (size_t len = 0; len < needed; len++) assert_status(read_bytes(str_part(whole, 0, len))->st, REFUSED);
	assert_refused(read_bytes(LINES("\n", record_3("002", 1, 1, 0))), "V11", MSG_V11_TOTAL_MISSING);
	/* one participant's total does not close another's records */
	struct str other = record_3("002", 1, 1, 0);
	memcpy((char *)(uintptr_t)other.at + 3, "012", 3);
	assert_refused(read_bytes(LINES("\n", other, total_3("999", 0, 0, 0))), "V11", MSG_V11_TOTAL_MISSING);
}

TEST(a_wrong_check_digit_code_or_column_is_refused)
{
	struct str t = total_3("999", 100, 1, 0);
	struct str wrong = record_3("002", 1, 100, 0);
	((char *)(uintptr_t)wrong.at)[38] ^= 1;
	assert_refused(read_bytes(LINES("\n", wrong, t)), "V11", MSG_V11_REFERENCE);
	assert_refused(read_bytes(LINES("\n", record_3("003", 1, 100, 0), t)), "V11", MSG_V11_CODE);
	assert_refused(read_bytes(LINES("\n", record_3("702", 1, 100, 0), t)), "V11", MSG_V11_CODE);
	static const size_t columns[] = { 5, 20, 45, 67, 73, 99 };
	for (size_t i = 0; i < COUNT(columns); i++) {
		struct str r = record_3("002", 1, 100, 0);
		((char *)(uintptr_t)r.at)[columns[i]] = 'x';
		assert_status(read_bytes(LINES("\n", r, t))->st, REFUSED);
	}
	assert_refused(read_bytes(LINES("\n", record_3("002", 1, 100, 0), record_4("011", '1', 1, "CHF", 1, 0))), "V11", MSG_V11_RECORD);
}

TEST(a_reject_code_is_told_and_still_money)
{
	struct str r = record_3("002", 1, 100, 0);
	((char *)(uintptr_t)r.at)[86] = '5';
	struct read_file *f = read_bytes(LINES("\n", r, total_3("999", 100, 1, 0)));
	assert_right(f);
	assert_true(has_finding(f, "C7", MSG_BANK_REJECT_CODE));
}

/* What a check says of the whole. */
static struct bank_summary checked(struct str bytes)
{
	static const struct bank_handler none;
	struct bank_findings findings = bank_findings_in(mem);
	struct bank_plan plan = { .arena = mem };
	struct bank_summary summary;
	struct bank_input input = bank_input_of(&bytes);
	struct bank_file *f;
	assert_status(bank_file_open(mem, &input, &f, &findings), OK);
	assert_status(bank_file_check(f, 0, &none, NULL, &plan, &summary, &findings), OK);
	bank_file_close(f);
	return summary;
}

TEST(a_file_is_the_same_whatever_ends_its_records)
{
	struct str r = record_3("002", 1, 11800, 90), t = total_3("999", 11800, 1, 90), other = record_3("002", 2, 11800, 90);
	const struct bank_summary want = checked(LINES("\n", r, t));
	const struct str same[] = { LINES("\r\n", r, t), LINES("                          \r\n", r, t), joined_lines(r, t), stream(128, r, t),
		str_format(mem, "%.*s\r\n", STR_ARG(stream(128, r, t))), LINES("\r\n", r, t, S("\x1a")) };
	for (size_t i = 0; i < COUNT(same); i++) assert_memory_equal(checked(same[i]).hash, want.hash, sizeof want.hash);
	assert_memory_not_equal(checked(LINES("\n", other, t)).hash, want.hash, sizeof want.hash);
}
