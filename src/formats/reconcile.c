/* formats/reconcile.c: outcomes, and what decides them. What was seen before is reconcile_seen.c's. */
#include "formats/reconcile.h"

#include <string.h>

#include "formats/qrbill_reference.h"
#include "formats/reconcile_keys.h"

struct str outcome_word(enum outcome o)
{
	static const struct str words[OUTCOMES] = { { STR("paid") }, { STR("partial") }, { STR("overpaid") }, { STR("already-imported") },
		{ STR("unknown-reference") }, { STR("invalid-reference") }, { STR("no-reference") }, { STR("wrong-account") }, { STR("currency-mismatch") },
		{ STR("reversed") }, { STR("not-booked") }, { STR("entry-without-details") }, { STR("entry-rejected") }, { STR("missing-statement") },
		{ STR("charge") }, { STR("other-debit") }, { STR("bill-cancelled") } };
	return words[o];
}

bool outcome_needs_look(enum outcome o)
{
	static const bool looks[OUTCOMES] = { [OUTCOME_OVERPAID] = true,
		[OUTCOME_UNKNOWN_REFERENCE] = true,
		[OUTCOME_INVALID_REFERENCE] = true,
		[OUTCOME_NO_REFERENCE] = true,
		[OUTCOME_WRONG_ACCOUNT] = true,
		[OUTCOME_CURRENCY_MISMATCH] = true,
		[OUTCOME_REVERSED] = true,
		[OUTCOME_ENTRY_WITHOUT_DETAILS] = true,
		[OUTCOME_ENTRY_REJECTED] = true,
		[OUTCOME_MISSING_STATEMENT] = true,
		[OUTCOME_BILL_CANCELLED] = true };
	return looks[o];
}

/* A report that follows on none: told at the end of its file. */
struct gap {
	struct gap *next;
	struct bank_report report;
	enum message reason;
	struct arg args[3];
};

struct reconcile {
	struct arena *arena;
	const struct reconcile_lookups *lookups;
	void (*row)(void *user, const struct reconcile_row *row);
	void *user;
	struct bank_findings *findings;
	struct reconcile_pass pass;
	struct reconcile_key file_key;
	bool is_known_file; /* D1 */
	bool has_new;		/* in the report at hand */
	struct gap *gaps, **next_gap;
};

/* ---- bills ---- */

enum lookup { FOUND_NONE, FOUND_ONE, FOUND_INVALID, FOUND_SEVERAL };

/* The one bill that the transaction's references mean. Several references are right when all belong to one bill. */
static enum lookup find_bill(struct reconcile *r, const struct bank_transaction *t, struct reconcile_bill *bill)
{
	size_t found = 0, invalid = 0;
	const struct reconcile_lookups *l = r->lookups;
	if (t->has_more_references) return FOUND_SEVERAL;
	for (size_t i = 0; i < t->reference_count; i++) {
		struct str text = t->references[i].text;
		struct reconcile_bill other;
		if (!l->bill(l->bills, text, &other)) {
			if (!qrr_is_valid(text) && !scor_is_valid(text)) invalid++;
		} else if (found && other.id != bill->id) return FOUND_SEVERAL;
		else found++, *bill = other;
	}
	if (found && found < t->reference_count) return FOUND_SEVERAL; /* part of the money is for something else */
	return found ? FOUND_ONE : invalid ? FOUND_INVALID : FOUND_NONE;
}

static int64_t add_saturated(int64_t a, int64_t b)
{
	int64_t sum;
	/* Only a forged file comes near: 90,000 million million. */
	if (__builtin_add_overflow(a, b, &sum)) return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

/* min(amount, amount − sum): what was taken back does not make a bill larger than it was. */
static int64_t open_after(const struct reconcile_bill *bill, int64_t booked)
{
	int64_t sum = add_saturated(bill->allocated, booked);
	return sum <= 0 ? bill->cents : bill->cents - sum;
}

/* ---- outcomes ---- */

static void decide_credit(struct reconcile_row *row, const struct bank_transaction *t)
{
	const struct reconcile_bill *bill = &row->bill;
	int64_t open = open_after(bill, t->cents);
	row->booked = t->cents;
	if (open == 0) row->outcome = OUTCOME_PAID, row->reason = MSG_BANK_WHY_PAID;
	else if (open > 0) row->outcome = OUTCOME_PARTIAL, row->reason = MSG_BANK_WHY_PARTIAL;
	else row->outcome = OUTCOME_OVERPAID, row->reason = bill->allocated >= bill->cents ? MSG_BANK_WHY_PAID_AGAIN : MSG_BANK_WHY_OVERPAID;
}

static void set(struct reconcile_row *row, enum outcome outcome, enum message reason)
{
	row->outcome = outcome, row->reason = reason;
}

/* A debit with the reference of a bill takes its money back, unless it went to somebody else's account or is what the bank takes for itself. */
static void decide_debit(struct reconcile *r, struct reconcile_row *row, const struct bank_transaction *t)
{
	const struct reconcile_lookups *l = r->lookups;
	bool is_elsewhere = t->has_creditor_account && !l->account(l->bills, t->credited_account);
	if (!row->has_bill || is_elsewhere || t->is_charge) {
		set(row, t->is_charge ? OUTCOME_CHARGE : OUTCOME_OTHER_DEBIT, t->is_charge ? MSG_BANK_WHY_CHARGE : MSG_BANK_WHY_OTHER_DEBIT);
		return;
	}
	if (!str_eq(t->currency, row->bill.currency)) {
		set(row, OUTCOME_CURRENCY_MISMATCH, MSG_BANK_WHY_CURRENCY);
		row->args[0] = arg_text("paid", t->currency), row->args[1] = arg_text("bill", row->bill.currency);
		return;
	}
	set(row, OUTCOME_REVERSED, MSG_BANK_WHY_REVERSED);
	row->booked = -t->cents;
}

static void decide_unfound(struct reconcile_row *row, const struct bank_transaction *t, enum lookup found)
{
	if (!t->reference_count && t->is_charge) set(row, OUTCOME_CHARGE, MSG_BANK_WHY_CHARGE);
	else if (!t->reference_count) set(row, OUTCOME_NO_REFERENCE, MSG_BANK_WHY_NO_REFERENCE);
	else if (found == FOUND_SEVERAL) set(row, OUTCOME_INVALID_REFERENCE, MSG_BANK_WHY_SEVERAL);
	else if (found == FOUND_INVALID) set(row, OUTCOME_INVALID_REFERENCE, MSG_BANK_WHY_INVALID);
	else set(row, OUTCOME_UNKNOWN_REFERENCE, MSG_BANK_WHY_UNKNOWN);
}

/* What a transaction would do if it were seen for the first time. */
static void decide(struct reconcile *r, struct reconcile_row *row, const struct bank_transaction *t, enum lookup found)
{
	const struct reconcile_lookups *l = r->lookups;
	if (!t->is_credit) decide_debit(r, row, t);
	else if (!row->has_bill) decide_unfound(row, t, found);
	else if (t->report->kind != BANK_V11 && !l->account(l->bills, t->credited_account)) {
		set(row, OUTCOME_WRONG_ACCOUNT, MSG_BANK_WHY_ACCOUNT);
		row->args[0] = arg_text("account", t->credited_account);
	} else if (row->bill.is_cancelled) set(row, OUTCOME_BILL_CANCELLED, MSG_BANK_WHY_CANCELLED);
	else if (!str_eq(t->currency, row->bill.currency)) {
		set(row, OUTCOME_CURRENCY_MISMATCH, MSG_BANK_WHY_CURRENCY);
		row->args[0] = arg_text("paid", t->currency), row->args[1] = arg_text("bill", row->bill.currency);
	} else decide_credit(row, t);
}

static void hand_on(struct reconcile *r, struct reconcile_row *row)
{
	if (row->has_bill) row->open_after = open_after(&row->bill, row->booked);
	r->row(r->user, row);
}

/* An entry that stands alone: rejected, without details, or a fee. */
static void on_entry(struct reconcile *r, struct reconcile_row *row, const struct bank_transaction *t)
{
	if (t->is_rejected) set(row, OUTCOME_ENTRY_REJECTED, MSG_BANK_WHY_REJECTED);
	else if (t->is_charge) set(row, OUTCOME_CHARGE, MSG_BANK_WHY_CHARGE);
	else if (!t->is_credit && !t->is_return && !t->is_reversal) set(row, OUTCOME_OTHER_DEBIT, MSG_BANK_WHY_OTHER_DEBIT);
	else set(row, OUTCOME_ENTRY_WITHOUT_DETAILS, MSG_BANK_WHY_NO_DETAILS);
	/* The details of another message may have come already (D4). */
	if (!t->is_rejected && (r->is_known_file || reconcile_entry_seen(&r->pass, t))) set(row, OUTCOME_ALREADY_IMPORTED, MSG_BANK_WHY_SEEN);
	hand_on(r, row);
}

static void on_transaction(void *user, const struct bank_transaction *t)
{
	struct reconcile *r = user;
	struct reconcile_row row = { .report = t->report, .t = t };
	enum lookup found = find_bill(r, t, &row.bill);
	row.has_bill = found == FOUND_ONE;
	if (!bank_is_booked(t) || t->report->is_test) {
		set(&row, OUTCOME_NOT_BOOKED, t->report->is_test ? MSG_BANK_WHY_TEST : MSG_BANK_WHY_NOT_BOOKED);
		hand_on(r, &row);
		return;
	}
	if (t->transaction < 0) {
		on_entry(r, &row, t);
		return;
	}
	int64_t seen = r->is_known_file ? 0 : reconcile_seen_find(&r->pass, t);
	if (r->is_known_file) set(&row, OUTCOME_ALREADY_IMPORTED, MSG_BANK_WHY_SEEN);
	else {
		const struct reconcile_lookups *l = r->lookups;
		decide(r, &row, t, found);
		struct reconcile_seen was = seen < 0 ? (struct reconcile_seen){ 0 } : l->seen_get(l->memory, seen);
		/* What was told of before without its reference may be allocated now that it has one: details are filled in, money is not added (D4). */
		bool adds = seen < 0 || (!was.is_allocated && row.booked);
		if (!adds) set(&row, OUTCOME_ALREADY_IMPORTED, MSG_BANK_WHY_SEEN), row.booked = 0;
		reconcile_seen_note(&r->pass, t, seen, row.booked != 0);
		if (seen < 0) r->has_new = true;
	}
	hand_on(r, &row);
}

/* ---- reports ---- */

static int64_t year_of(const struct bank_report *report)
{
	int64_t year;
	const struct str texts[] = { report->to, report->from, report->created };
	for (size_t i = 0; i < COUNT(texts); i++)
		if (str_int64(str_part(texts[i], 0, 4), &year)) return year;
	return -1;
}

static void on_report(void *user, const struct bank_report *report)
{
	struct reconcile *r = user;
	r->has_new = false;
	reconcile_pass_report(&r->pass, report);
	if (r->pass.is_known_report && !r->is_known_file)
		bank_find(r->findings, "D2", BANK_WARNING, ((struct bank_place){ 0, S("Id"), S("") }), MSG_BANK_REPORT_AGAIN, arg_text("id", report->id));
}

static void add_gap(struct reconcile *r, const struct bank_report *report, enum message reason, struct arg first, struct arg second)
{
	struct gap *g = ARENA_NEW(r->arena, struct gap);
	*g = (struct gap){ NULL, *report, reason, { first, second } };
	/* The reader that owns the texts is gone when the gap is told. */
	struct str *texts[] = { &g->report.version, &g->report.message_id, &g->report.id, &g->report.created, &g->report.from, &g->report.to,
		&g->report.account, &g->report.opening.currency, &g->report.closing.currency };
	for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = str_keep(r->arena, *texts[i]);
	*r->next_gap = g;
	r->next_gap = &g->next;
}

/* A number that was left out, or an opening balance that is not the last closing balance (D5). Numbers may begin again with a year. */
static void check_order(struct reconcile *r, const struct bank_report *report)
{
	const struct reconcile_lookups *l = r->lookups;
	struct reconcile_last last, now = { report->sequence, year_of(report), str_part(report->to, 0, 10), report->closing };
	bool is_first = !l->last_get(l->memory, report->kind, report->account, &last);
	/* Without numbers and days on both there is no order that could be checked. */
	bool has_order = is_first || (now.sequence >= 0 && last.sequence >= 0) || (now.to.len && last.to.len);
	if (is_first || !has_order) {
		l->last_set(l->memory, report->kind, report->account, &now);
		return;
	}
	bool is_numbered = now.sequence >= 0 && last.sequence >= 0, is_new_year = now.year > last.year && now.sequence <= last.sequence;
	bool is_next = is_numbered ? is_new_year || now.sequence > last.sequence : str_compare(now.to, last.to) > 0;
	if (!is_next) return; /* late, or once more: it fills no gap that it could make */
	int64_t expected = is_new_year ? 1 : last.sequence + 1;
	struct str currency = report->opening.currency;
	if (is_numbered && now.sequence > expected) add_gap(r, report, MSG_BANK_WHY_GAP, arg_int("expected", expected), arg_int("found", now.sequence));
	else if (report->opening.is_known && last.closing.is_known && str_eq(currency, last.closing.currency) &&
			 report->opening.cents != last.closing.cents)
		add_gap(r, report, MSG_BANK_WHY_BALANCE, arg_text("before", bank_amount(r->arena, last.closing.cents)),
			arg_text("now", bank_amount(r->arena, report->opening.cents)));
	if (!now.closing.is_known) now.closing = last.closing;
	l->last_set(l->memory, report->kind, report->account, &now);
}

static void on_report_end(void *user, const struct bank_report *report)
{
	struct reconcile *r = user;
	if (report->is_copy && r->has_new && !r->is_known_file)
		bank_find(
			r->findings, "D2", BANK_WARNING, ((struct bank_place){ 0, S("CpyDplctInd"), S("") }), MSG_BANK_COPY_NEW, arg_text("id", report->id));
	if (report->kind != BANK_V11 && !report->is_test && !r->is_known_file && !r->pass.is_known_report) check_order(r, report);
}

const struct bank_handler reconcile_handler = { .report = on_report, .transaction = on_transaction, .report_end = on_report_end };

/* ---- a file ---- */

struct reconcile *reconcile_begin(struct arena *a, const struct reconcile_lookups *lookups, const unsigned char hash[32],
	void (*row)(void *user, const struct reconcile_row *row), void *user, struct bank_findings *findings)
{
	struct reconcile *r = ARENA_NEW(a, struct reconcile);
	*r = (struct reconcile){ .arena = a, .lookups = lookups, .row = row, .user = user, .findings = findings };
	r->next_gap = &r->gaps;
	r->file_key = reconcile_file_key(hash);
	r->is_known_file = lookups->find(lookups->memory, r->file_key) >= 0;
	reconcile_pass_begin(&r->pass, lookups);
	if (r->is_known_file) bank_find(findings, "D1", BANK_WARNING, ((struct bank_place){ 0, S(""), S("") }), MSG_BANK_FILE_AGAIN);
	return r;
}

void reconcile_end(struct reconcile *r)
{
	for (struct gap *g = r->gaps; g; g = g->next) {
		struct reconcile_row row = { .outcome = OUTCOME_MISSING_STATEMENT, .reason = g->reason, .report = &g->report };
		memcpy(row.args, g->args, sizeof row.args);
		r->row(r->user, &row);
	}
	if (!r->is_known_file) r->lookups->keep(r->lookups->memory, r->file_key, 0);
	reconcile_pass_end(&r->pass);
}
