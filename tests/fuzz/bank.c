/* tests/fuzz/bank.c: any bytes as a bank's file, as XML, V11, gzip or an archive: read within bounds, refused with words, and read alike in any pieces. */
#include <string.h>

#include "formats/bank_file.h"
#include "formats/camt.h"
#include "formats/reconcile_memory.h"
#include "formats/v11.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_transaction(void *user, const struct bank_transaction *t)
{
	const struct str texts[] = { t->status, t->currency, t->debtor_name, t->debtor_address, t->credited_account, t->transaction_ref,
		t->report->account };
	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i].len && !str_is_text(texts[i])) BUG("a text is no text");
	if (t->cents < 0 || t->cents > BANK_AMOUNT_MAX || t->reference_count > BANK_REFERENCES_MAX) BUG("an amount is none");
	*(int64_t *)user += t->has_amount ? t->cents % 1000003 : 1;
}

static const struct bank_handler handler = { .transaction = on_transaction };

/* ---- reconciling: a house that has a bill for every reference ---- */

struct house {
	int64_t moved, booked; /* amounts without their sign; with it */
};

static bool find_bill(void *user, struct str reference, struct reconcile_bill *out)
{
	(void)user;
	*out = (struct reconcile_bill){ .id = reference.len ? (unsigned char)reference.at[reference.len - 1] : 0, .currency = S("CHF"), .cents = 100 };
	return true;
}

static bool find_account(void *user, struct str account)
{
	(void)user, (void)account;
	return true;
}

static void book(void *user, int64_t id, int64_t cents)
{
	struct house *h = user;
	if (id < 0) BUG("booked on no bill");
	h->moved += (cents < 0 ? -cents : cents) % 1000003;
	h->booked += cents % 1000003;
}

static void on_row(void *user, const struct reconcile_row *row)
{
	if (row->outcome >= OUTCOMES) BUG("no outcome");
	++*(int64_t *)user;
}

/* What was imported once changes nothing when it comes again, under another name of its file. */
static void import_twice(struct arena *a, struct bank_file *f, size_t member, struct bank_plan *plan)
{
	struct house h = { 0 };
	struct reconcile_memory *memory = reconcile_memory_new();
	struct reconcile_lookups lookups = { .bills = &h, .bill = find_bill, .account = find_account, .book = book };
	reconcile_memory_lookups(memory, &lookups);
	int64_t moved[2], rows[2] = { 0, 0 };
	for (int time = 0; time < 2; time++) {
		struct bank_findings findings = bank_findings_in(a);
		struct bank_summary summary;
		const unsigned char hash[32] = { (unsigned char)time };
		struct reconcile *r = reconcile_begin(a, &lookups, hash, on_row, &rows[time], &findings);
		if (bank_file_apply(f, member, &reconcile_handler, r, plan, &summary, &findings)) BUG("what was right is refused when it is reconciled");
		reconcile_end(r);
		moved[time] = h.moved;
	}
	if (moved[0] != moved[1]) BUG("a file that came again moved money");
	if (rows[1] > rows[0]) BUG("a file that came again has more rows");
	reconcile_memory_free(memory);
}

static void on_kind(void *user, const struct bank_report *report)
{
	if (report->kind == BANK_V11) *(bool *)user = true;
}

/* The whole way through the door. */
static void through_the_door(struct arena *a, struct str bytes)
{
	struct bank_findings findings = bank_findings_in(a);
	struct bank_input input = bank_input_of(&bytes);
	struct bank_summary summary;
	struct bank_file *f;
	int64_t sum = 0;
	if (bank_file_open(a, &input, &f, &findings)) {
		if (!findings.errors) BUG("refused without words");
		return;
	}
	for (size_t i = 0; i < bank_file_count(f) && i < 8; i++) {
		findings = bank_findings_in(a);
		enum status st = bank_file_read(f, i, &handler, &sum, &summary, &findings);
		if (st && !findings.errors) BUG("refused without words");
		struct bank_plan plan = { .arena = a };
		struct bank_findings again = bank_findings_in(a);
		static const struct bank_handler kinds = { .report = on_kind };
		bool is_v11 = false; /* known by its bytes alone */
		if (bank_file_check(f, i, &kinds, &is_v11, &plan, &summary, &again) != st) BUG("read and checked differ");
		if (!st && bank_file_apply(f, i, &handler, &sum, &plan, &summary, &again)) BUG("what was right is refused when it is applied");
		if (!st && !is_v11) import_twice(a, f, i, &plan);
	}
	bank_file_close(f);
}

/* In one piece and byte by byte. */
static void in_pieces(struct arena *a, struct str bytes, bool is_v11)
{
	int64_t sums[2] = { 0, 0 };
	enum status st[2];
	for (int way = 0; way < 2; way++) {
		struct bank_findings findings = bank_findings_in(a);
		size_t step = way ? 1 : bytes.len + 1;
		struct camt *c = is_v11 ? NULL : camt_new(CAMT_READ, NULL, &handler, &sums[way], &findings);
		struct v11 *v = is_v11 ? v11_new(a, &handler, &sums[way], &findings) : NULL;
		st[way] = OK;
		for (size_t at = 0; at < bytes.len && !st[way]; at += step) {
			struct str piece = str_part(bytes, at, step);
			st[way] = c ? camt_feed(c, piece) : v11_feed(v, piece);
		}
		if (!st[way]) st[way] = c ? camt_end(c) : v11_end(v);
		if (st[way] && !findings.errors) BUG("refused without words");
		camt_free(c);
	}
	if (st[0] != st[1] || (!st[0] && sums[0] != sums[1])) BUG("pieces make a difference");
}

/* The first byte chooses. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) return 0;
	struct arena *a = arena_new();
	struct str bytes = { (const char *)data + 1, size - 1 };
	if (data[0] % 3 == 0) through_the_door(a, bytes);
	else in_pieces(a, bytes, data[0] % 3 == 1);
	arena_free(a);
	return 0;
}
