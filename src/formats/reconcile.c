/* formats/reconcile.c: outcomes, and what decides them. Which tellings are the same money is reconcile_payments.c's. */
#include "formats/reconcile.h"

#include <string.h>

#include "formats/qrbill_reference.h"
#include "formats/reconcile_payments.h"

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
	struct reconcile_row row;
};

struct reconcile {
	struct arena *arena;
	const struct reconcile_lookups *lookups;
	void (*row)(void *user, const struct reconcile_row *row);
	void *user;
	struct bank_findings *findings;
	struct reconcile_marker *marker;
	struct reconcile_key file_key;
	bool is_known_file; /* D1 */
	bool is_known_report, has_new;
	struct gap *gaps, **next_gap;
};

/* ---- bills ---- */

enum lookup { FOUND_NONE, FOUND_ONE, FOUND_INVALID, FOUND_SEVERAL };

/* The one bill that the transaction's references mean. Several references are right when all belong to one bill. */
static enum lookup find_bill(const struct reconcile_lookups *l, const struct bank_transaction *t, struct reconcile_bill *bill)
{
	size_t found = 0, invalid = 0;
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

/* A debit with the reference of a bill takes its money back, unless it went to somebody else's account or is what the bank takes for itself. What comes back to
 * a payer may well name the payer's account (C8). */
static void decide_debit(const struct reconcile_lookups *l, struct reconcile_row *row, const struct bank_transaction *t)
{
	bool is_back = t->is_return || t->is_reversal;
	bool is_elsewhere = !is_back && t->has_creditor_account && !l->account(l->bills, t->credited_account);
	if (!row->has_bill || is_elsewhere || t->is_charge) {
		set(row, t->is_charge ? OUTCOME_CHARGE : OUTCOME_OTHER_DEBIT, t->is_charge ? MSG_BANK_WHY_CHARGE : MSG_BANK_WHY_OTHER_DEBIT);
		return;
	}
	if (!str_eq(t->currency, row->bill.currency)) {
		set(row, OUTCOME_CURRENCY_MISMATCH, MSG_BANK_WHY_CURRENCY);
		row->args[0] = arg_text("paid", t->currency), row->args[1] = arg_text("bill", row->bill.currency);
		return;
	}
	/* A cancelled bill takes no money, so there is none to take back but what came before. */
	if (row->bill.is_cancelled && row->bill.allocated < t->cents) {
		set(row, OUTCOME_BILL_CANCELLED, MSG_BANK_WHY_CANCELLED_BACK);
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
static void decide(const struct reconcile_lookups *l, struct reconcile_row *row, const struct bank_transaction *t, enum lookup found, bool is_credit)
{
	if (!is_credit) decide_debit(l, row, t);
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

/* An entry that stands alone: rejected, without details, or a fee. */
static void decide_entry(
	const struct reconcile_lookups *l, struct reconcile_row *row, const struct reconcile_marks *m, const struct bank_transaction *t)
{
	if (t->is_rejected) set(row, OUTCOME_ENTRY_REJECTED, MSG_BANK_WHY_REJECTED);
	else if (t->is_charge) set(row, OUTCOME_CHARGE, MSG_BANK_WHY_CHARGE);
	else if (!t->is_credit && !t->is_return && !t->is_reversal) set(row, OUTCOME_OTHER_DEBIT, MSG_BANK_WHY_OTHER_DEBIT);
	else set(row, OUTCOME_ENTRY_WITHOUT_DETAILS, MSG_BANK_WHY_NO_DETAILS);
	if (t->is_rejected || !m->has_entry) return;
	/* The details of another message may have come already (D4). */
	int64_t seen;
	l->find(l->memory, &m->entry, 1, &seen);
	if (seen >= 0) set(row, OUTCOME_ALREADY_IMPORTED, MSG_BANK_WHY_SEEN);
	else l->keep(l->memory, &m->entry, 1, 0);
}

static signed char sign_of(int64_t booked)
{
	return booked > 0 ? 1 : booked < 0 ? -1 : 0;
}

/* Tells the memory, and says what that changed. */
static void decide_told(const struct reconcile_lookups *l, struct reconcile_row *row, const struct reconcile_marks *m,
	const struct bank_transaction *t, enum lookup found)
{
	bool is_credit = t->is_credit;
	struct reconcile_effect effect = { row->has_bill ? row->bill.id : -1, t->cents, 0, 0 };
	if (t->is_reversal) {
		bool is_written = t->is_credit != t->is_turned;
		struct reconcile_row turned = *row;
		decide(l, &turned, t, found, !is_written);
		effect.turned = sign_of(turned.booked);
		is_credit = is_written != reconcile_is_turned(l, m->account);
		struct reconcile_row written = *row;
		decide(l, &written, t, found, is_written);
		effect.written = sign_of(written.booked);
	}
	decide(l, row, t, found, is_credit);
	if (!t->is_reversal) effect.written = effect.turned = sign_of(row->booked);
	struct reconcile_change change = reconcile_tell(l, m, &effect);
	/* What was told of before without its reference may be booked now that it has one: details are filled in, money is not added (D4). */
	bool adds = row->booked ? change.own == row->booked : change.payments > 0;
	if (!adds) set(row, OUTCOME_ALREADY_IMPORTED, change.own || change.has_other ? MSG_BANK_WHY_JOINED : MSG_BANK_WHY_SEEN);
	row->booked = change.own;
	if (t->transaction == 0 && m->has_entry) l->keep(l->memory, &m->entry, 1, 0);
}

static void begin_row(const struct reconcile_lookups *l, const struct bank_transaction *t, struct reconcile_row *row, enum lookup *found)
{
	*row = (struct reconcile_row){ .report = t->report, .t = t };
	*found = find_bill(l, t, &row->bill);
	row->has_bill = *found == FOUND_ONE;
}

static bool is_money(const struct bank_transaction *t)
{
	return bank_is_booked(t) && !t->report->is_test;
}

void reconcile_transaction(
	const struct reconcile_lookups *l, const struct reconcile_marks *m, const struct bank_transaction *t, struct reconcile_row *row)
{
	enum lookup found;
	begin_row(l, t, row, &found);
	if (!is_money(t)) set(row, OUTCOME_NOT_BOOKED, t->report->is_test ? MSG_BANK_WHY_TEST : MSG_BANK_WHY_NOT_BOOKED);
	else if (t->transaction < 0) decide_entry(l, row, m, t);
	else decide_told(l, row, m, t, found);
	if (row->has_bill) row->open_after = open_after(&row->bill, row->booked);
}

static void on_transaction(void *user, const struct bank_transaction *t)
{
	struct reconcile *r = user;
	struct reconcile_marks marks = { 0 };
	struct reconcile_row row;
	/* Of a known file, too: what found no bill then may find one now; all else is known by its marks. */
	if (is_money(t)) reconcile_mark(r->marker, t, &marks);
	reconcile_transaction(r->lookups, &marks, t, &row);
	if (row.reason == MSG_BANK_WHY_JOINED)
		bank_find(r->findings, "D3", BANK_WARNING, ((struct bank_place){ t->line, S("TxDtls"), S("") }), MSG_BANK_WHY_JOINED);
	/* Without a number of its own an entry is known by its report. */
	bool is_alone = is_money(t) && t->transaction < 0 && !t->is_rejected;
	if (is_alone && !marks.has_entry && r->is_known_report) set(&row, OUTCOME_ALREADY_IMPORTED, MSG_BANK_WHY_SEEN);
	if (is_money(t) && t->transaction >= 0 && row.outcome != OUTCOME_ALREADY_IMPORTED) r->has_new = true;
	r->row(r->user, &row);
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

bool reconcile_report_seen(const struct reconcile_lookups *l, struct reconcile_key identity)
{
	int64_t seen;
	l->find(l->memory, &identity, 1, &seen);
	if (seen < 0) l->keep(l->memory, &identity, 1, 0);
	return seen >= 0;
}

bool reconcile_learn(const struct reconcile_lookups *l, const struct bank_report *report)
{
	return !report->is_test && reconcile_learn_signs(l, reconcile_account_key(report->account), report->signs);
}

static void on_report(void *user, const struct bank_report *report)
{
	struct reconcile *r = user;
	r->has_new = false;
	struct reconcile_key identity = reconcile_mark_report(r->marker, report);
	r->is_known_report = true;
	if (r->is_known_file) return;
	/* A test is no delivery: the true one may follow under the same name. */
	r->is_known_report = !report->is_test && reconcile_report_seen(r->lookups, identity);
	if (r->is_known_report)
		bank_find(r->findings, "D2", BANK_WARNING, ((struct bank_place){ 0, S("Id"), S("") }), MSG_BANK_REPORT_AGAIN, arg_text("id", report->id));
	if (reconcile_learn(r->lookups, report))
		bank_find(r->findings, "C3", BANK_WARNING, ((struct bank_place){ 0, S("RvslInd"), S("") }), MSG_BANK_TURNED_LATE,
			arg_text("account", report->account));
}

/* A number that was left out, or an opening balance that is not the last closing balance (D5). Numbers may begin again with a year; the pages of a report
 * share its number, its last has the closing balance. */
bool reconcile_report(const struct reconcile_lookups *l, struct arena *a, const struct bank_report *report, struct reconcile_row *row)
{
	*row = (struct reconcile_row){ .outcome = OUTCOME_MISSING_STATEMENT, .report = report };
	struct reconcile_last last, now = { report->sequence, year_of(report), report->page, str_part(report->to, 0, 10), report->closing };
	if (report->kind == BANK_V11 || report->is_test) return false;
	bool is_first = !l->last_get(l->memory, report->kind, report->account, &last);
	/* Without numbers and days on both there is no order that could be checked. */
	bool is_numbered = !is_first && now.sequence >= 0 && last.sequence >= 0;
	if (is_first || (!is_numbered && !(now.to.len && last.to.len))) {
		l->last_set(l->memory, report->kind, report->account, &now);
		return false;
	}
	bool is_same = is_numbered ? now.sequence == last.sequence && now.year == last.year : str_eq(now.to, last.to);
	bool is_new_year = now.year > last.year && now.sequence <= last.sequence;
	bool is_next = is_numbered ? is_new_year || now.sequence > last.sequence : str_compare(now.to, last.to) > 0;
	if (is_same && now.page > last.page) l->last_set(l->memory, report->kind, report->account, &now);
	if (is_same || !is_next) return false; /* late, or once more: it fills no gap that it could make */
	int64_t expected = is_new_year ? 1 : last.sequence + 1;
	const struct bank_balance *before = &last.closing, *opening = &report->opening;
	if (is_numbered && now.sequence > expected) {
		row->reason = MSG_BANK_WHY_GAP;
		row->args[0] = arg_int("expected", expected), row->args[1] = arg_int("found", now.sequence);
	} else if (opening->is_known && before->is_known && str_eq(opening->currency, before->currency) && opening->cents != before->cents) {
		row->reason = MSG_BANK_WHY_BALANCE;
		row->args[0] = arg_text("before", bank_amount(a, before->cents)), row->args[1] = arg_text("now", bank_amount(a, opening->cents));
	}
	l->last_set(l->memory, report->kind, report->account, &now);
	return row->args[0].kind != ARG_END;
}

static void add_gap(struct reconcile *r, const struct reconcile_row *row)
{
	struct gap *g = ARENA_NEW(r->arena, struct gap);
	*g = (struct gap){ NULL, *row->report, *row };
	/* The reader that owns the texts is gone when the gap is told. */
	struct bank_report *report = &g->report;
	struct str *texts[] = { &report->version, &report->message_id, &report->id, &report->created, &report->from, &report->to,
		&report->message_created, &report->account, &report->opening.currency, &report->closing.currency };
	for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = str_keep(r->arena, *texts[i]);
	g->row.report = report;
	*r->next_gap = g;
	r->next_gap = &g->next;
}

static void on_report_end(void *user, const struct bank_report *report)
{
	struct reconcile *r = user;
	struct reconcile_row row;
	if (r->is_known_file) return;
	if (report->is_copy && r->has_new)
		bank_find(r->findings, "D2", BANK_WARNING, ((struct bank_place){ 0, S("CpyDplctInd"), S("") }), MSG_BANK_COPY_NEW,
			arg_text("id", report->id.len ? report->id : report->account)); /* V11 has the participant only */
	if (!r->is_known_report && reconcile_report(r->lookups, r->arena, report, &row)) add_gap(r, &row);
}

const struct bank_handler reconcile_handler = { .report = on_report, .transaction = on_transaction, .report_end = on_report_end };

/* ---- a file ---- */

struct reconcile *reconcile_begin(struct arena *a, const struct reconcile_lookups *lookups, const unsigned char hash[32],
	void (*row)(void *user, const struct reconcile_row *row), void *user, struct bank_findings *findings)
{
	struct reconcile *r = ARENA_NEW(a, struct reconcile);
	*r = (struct reconcile){ .arena = a, .lookups = lookups, .row = row, .user = user, .findings = findings };
	r->next_gap = &r->gaps;
	r->marker = reconcile_marker_new(hash);
	r->file_key = reconcile_file_key(hash);
	int64_t seen;
	lookups->find(lookups->memory, &r->file_key, 1, &seen);
	r->is_known_file = seen >= 0;
	if (r->is_known_file) bank_find(findings, "D1", BANK_WARNING, ((struct bank_place){ 0, S(""), S("") }), MSG_BANK_FILE_AGAIN);
	return r;
}

void reconcile_end(struct reconcile *r)
{
	for (struct gap *g = r->gaps; g; g = g->next) r->row(r->user, &g->row);
	if (!r->is_known_file) r->lookups->keep(r->lookups->memory, &r->file_key, 1, 0);
	reconcile_drop(r);
}

void reconcile_drop(struct reconcile *r)
{
	reconcile_marker_free(r->marker);
	r->marker = NULL;
}
