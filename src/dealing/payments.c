/* dealing/payments.c: one decision at a time: the house's book first, then the order's row, then its bills. */
#include "dealing/payments.h"

#include "base/clock.h"
#include "billing/series.h"
#include "dealing/settling.h"
#include "institution/audit.h"

#define REASON_MAX 500 /* characters of why somebody decided by hand */

/* ---- look-ups of one write ---- */

struct deciding {
	struct conn *db;
	struct arena *arena;
	struct payment_memory memory; /* its ST is the whole write's */
	struct reconcile_lookups lookups;
	int64_t institution, line; /* LINE 0: an import as a whole, IMPORT */
	int64_t import;
	struct str by_name;
	int64_t booked;
	bool is_settled;
};

static void bill_as_known(const struct deciding *x, const struct bill *b, struct reconcile_bill *out)
{
	*out = (struct reconcile_bill){ .id = b->id,
		.name = bill_number(x->arena, b),
		.currency = b->currency,
		.cents = b->amount,
		.allocated = b->paid,
		.is_cancelled = b->state == BILL_CREDITED };
}

/* The order's row is ours before the bill is read for good: who cancels it meanwhile waits, or has done it. */
static enum status bill_held(struct deciding *x, int64_t id, int64_t order, struct bill *out)
{
	enum status st = order_hold(x->db, order);
	return st ? st : bill_get(x->db, x->arena, x->institution, id, out);
}

static bool find_bill(void *user, struct str reference, struct reconcile_bill *out)
{
	struct deciding *x = user;
	struct bill b;
	int64_t id, order;
	if (x->memory.st) return false;
	enum status st = payment_bill_find(x->db, x->arena, x->institution, reference, &id, &order);
	if (st == NOT_FOUND) return false;
	if (!st) st = bill_held(x, id, order, &b);
	if (st) return x->memory.st = st, false;
	bill_as_known(x, &b, out);
	return true;
}

static bool find_account(void *user, struct str account)
{
	struct deciding *x = user;
	bool is_known = false;
	if (!x->memory.st) x->memory.st = payment_account_known(x->db, x->institution, account, &is_known);
	return is_known;
}

/* What money on a bill, or money taken off it, means for its order. */
static enum status tell_order(struct deciding *x, const struct bill *b, int64_t cents)
{
	int64_t open;
	enum status st = bills_open_count(x->db, b->order, &open);
	if (st) return st;
	struct str note = lang_amount(x->arena, LANG_EN, cents < 0 ? -cents : cents, b->currency);
	if (cents < 0) return order_note(x->db, b->order, "payment-returned", x->by_name, note);
	st = open ? order_paid_partly(x->db, b->order, x->by_name) : order_settle_all(x->db, x->arena, b->order, x->by_name);
	if (!st && !open) x->is_settled = true;
	/* Settled before, or ended: the money is kept, and shown. */
	return st == NOT_FOUND ? order_note(x->db, b->order, "payment-more", x->by_name, note) : st;
}

static void book(void *user, int64_t id, int64_t cents)
{
	struct deciding *x = user;
	struct bill b;
	enum bill_state state;
	int64_t line = x->line;
	if (x->memory.st || !cents) return;
	enum status st = bill_get(x->db, x->arena, x->institution, id, &b);
	if (!st) st = bill_held(x, id, b.order, &b);
	if (!st && !line) st = payment_line_money_add(x->db, x->import, cents, &line);
	if (!st) st = allocation_add(x->db, id, line, cents, x->by_name, &state);
	if (!st) st = tell_order(x, &b, cents);
	x->booked += cents;
	x->memory.st = st;
}

static void deciding_begin(struct deciding *x)
{
	x->memory = (struct payment_memory){ x->db, x->arena, x->institution, OK };
	x->lookups = (struct reconcile_lookups){ .bills = x, .bill = find_bill, .account = find_account, .book = book };
	payment_memory_lookups(&x->memory, &x->lookups);
	x->memory.st = payment_book_open(x->db, x->institution);
}

/* ---- one line ---- */

/* Money whose bill nobody knows. */
static bool is_on_no_bill(enum outcome o)
{
	static const bool no_bill[OUTCOMES] = { [OUTCOME_UNKNOWN_REFERENCE] = true,
		[OUTCOME_INVALID_REFERENCE] = true,
		[OUTCOME_NO_REFERENCE] = true,
		[OUTCOME_WRONG_ACCOUNT] = true,
		[OUTCOME_CURRENCY_MISMATCH] = true,
		[OUTCOME_ENTRY_WITHOUT_DETAILS] = true,
		[OUTCOME_ENTRY_REJECTED] = true,
		[OUTCOME_BILL_CANCELLED] = true };
	return no_bill[o];
}

/* Its file was imported before (D1), or the report of an entry that has no number of its own (D2). */
static bool is_known(const struct import_line *l)
{
	bool is_money = bank_is_booked(&l->t) && !(l->flags & IMPORT_TEST) && !l->t.is_rejected;
	return is_money && (l->flags & IMPORT_KNOWN_FILE || (l->flags & IMPORT_KNOWN_REPORT && l->t.transaction < 0 && !l->marks.has_entry));
}

static enum status decide(struct deciding *x, const struct import_line *l)
{
	struct reconcile_row row = { .outcome = OUTCOME_ALREADY_IMPORTED };
	if (is_known(l)) {
		for (size_t i = 0; i < l->t.reference_count && !row.has_bill; i++)
			row.has_bill = find_bill(x, l->t.references[i].text, &row.bill); /* to be shown */
	} else reconcile_transaction(&x->lookups, &l->marks, &l->t, &row);
	if (x->memory.st) return x->memory.st;
	struct decided d = { .outcome = row.outcome, .bill = row.has_bill ? row.bill.id : 0, .is_settled = x->is_settled };
	if (is_on_no_bill(row.outcome)) d.on_list = l->t.is_credit ? l->t.cents : -l->t.cents;
	d.money = x->booked + d.on_list;
	if (row.outcome == OUTCOME_BILL_CANCELLED && d.bill) {
		struct bill b;
		enum status st = bill_get(x->db, x->arena, x->institution, d.bill, &b);
		if (!st) st = order_note(x->db, b.order, "payment-late", x->by_name, lang_amount(x->arena, LANG_EN, l->t.cents, l->t.currency));
		if (st) return st;
	}
	return payment_line_decide(x->db, x->arena, l, &d);
}

struct stepping {
	int64_t institution, import;
};

static enum status step(struct conn *db, void *arg)
{
	const struct stepping *s = arg;
	struct arena *a = arena_new();
	struct import_line line = { 0 };
	struct deciding x = { .db = db, .arena = a, .institution = s->institution, .by_name = S("bank") };
	deciding_begin(&x);
	enum status st = x.memory.st;
	if (!st) st = import_next_line(db, a, s->import, &line);
	if (!st) {
		x.line = line.id;
		st = decide(&x, &line);
		if (st == NOT_FOUND) st = BROKEN; /* what it names is gone: nothing of it may look like the end */
	}
	arena_free(a);
	return st;
}

/* import_next_line notes the end in the write that finds none left; that write has to commit. */
static enum status step_or_end(struct conn *db, void *arg)
{
	enum status st = step(db, arg);
	if (st != NOT_FOUND) return st;
	((struct stepping *)arg)->import = 0;
	return OK;
}

enum status payments_resume(struct conn *db, int64_t institution, int64_t until)
{
	struct stepping s = { institution, 0 };
	enum status st = import_unfinished(db, institution, &s.import);
	int64_t import = s.import;
	while (!st && s.import && !(until && clock_steady() >= until)) {
		s.import = import;
		st = store_write(db, step_or_end, &s);
	}
	return st == NOT_FOUND ? OK : st;
}

/* ---- staging ---- */

struct staged_report {
	struct bank_report report;
	struct reconcile_key identity;
};

struct staged_line {
	struct bank_transaction t;
	struct bank_report report;
	struct reconcile_marks marks;
	int64_t flags;
};

/* A file inside the delivery. */
struct member {
	struct bank_plan plan;
	struct bank_summary summary;
};

struct staging {
	struct conn *db;
	struct arena *arena, *step_arena;
	const struct payment_file *file;
	struct bank_file *opened;
	struct member *members;
	int64_t import;
	struct reconcile_marker *marker;
	bool is_known_file, is_known_report, is_busy;
	struct staged_report *reports;
	size_t report_count;
	struct reconcile_key identity;
	struct staged_line *lines;
	size_t line_count;
	enum status st;
	struct problem *why;
};

static enum status add_lines(struct conn *db, void *arg)
{
	struct staging *s = arg;
	struct arena *a = arena_new();
	enum status st = import_hold(db, s->import);
	for (size_t i = 0; i < s->line_count && !st; i++) {
		struct staged_line *l = &s->lines[i];
		l->t.report = &l->report;
		st = import_add(db, a, s->import, s->file->institution, &l->t, l->flags, &l->marks);
	}
	arena_free(a);
	return st;
}

static void flush(struct staging *s)
{
	if (s->line_count && !s->st) s->st = store_write(s->db, add_lines, s);
	s->line_count = 0;
	arena_reset(s->step_arena);
}

static bool is_seen(struct staging *s, const struct reconcile_key *key)
{
	struct payment_memory m = { s->db, s->step_arena, s->file->institution, OK };
	struct reconcile_lookups lookups;
	int64_t value = -1;
	payment_memory_lookups(&m, &lookups);
	lookups.find(lookups.memory, key, 1, &value);
	if (m.st && !s->st) s->st = m.st;
	return value >= 0;
}

static void on_report(void *user, const struct bank_report *report)
{
	struct staging *s = user;
	s->identity = reconcile_mark_report(s->marker, report);
	s->is_known_report = !report->is_test && is_seen(s, &s->identity);
	for (size_t i = 0; i < s->report_count && !report->is_test; i++)
		s->is_known_report |= memcmp(&s->reports[i].identity, &s->identity, sizeof s->identity) == 0;
}

static void on_report_end(void *user, const struct bank_report *report)
{
	struct staging *s = user;
	if (s->is_known_file) return;
	if (s->report_count == IMPORT_REPORTS_MAX) {
		if (!s->st) problem_add(s->why, "file", MSG_PAYMENTS_REPORTS, arg_int("max", IMPORT_REPORTS_MAX)), s->st = REFUSED;
		return;
	}
	struct staged_report *to = &s->reports[s->report_count++];
	*to = (struct staged_report){ *report, s->identity };
	struct bank_report *r = &to->report;
	struct str *texts[] = { &r->version, &r->message_id, &r->id, &r->created, &r->from, &r->to, &r->message_created, &r->account,
		&r->opening.currency, &r->closing.currency };
	for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = str_keep(s->arena, *texts[i]);
}

static void on_transaction(void *user, const struct bank_transaction *t)
{
	struct staging *s = user;
	if (s->st) return;
	struct staged_line *l = &s->lines[s->line_count++];
	*l = (struct staged_line){ .t = *t, .report = *t->report };
	if (s->is_known_file) l->flags |= IMPORT_KNOWN_FILE;
	if (s->is_known_report) l->flags |= IMPORT_KNOWN_REPORT;
	if (bank_is_booked(t) && !t->report->is_test) reconcile_mark(s->marker, t, &l->marks);
	struct str *texts[] = { &l->t.currency, &l->t.status, &l->t.credited_account, &l->t.booking_date, &l->t.debtor_name, &l->report.account };
	for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = str_keep(s->step_arena, *texts[i]);
	for (size_t i = 0; i < t->reference_count; i++) l->t.references[i].text = str_keep(s->step_arena, t->references[i].text);
	for (size_t i = 0; i < t->remittance_count; i++) l->t.remittance[i] = str_keep(s->step_arena, t->remittance[i]);
	if (s->line_count == IMPORT_STEP) flush(s);
}

static void refuse(struct staging *s, const struct bank_findings *findings)
{
	for (const struct bank_finding *f = findings->first; f; f = f->next)
		if (f->severity == BANK_ERROR) {
			problem_add_args(s->why, "file", f->message, f->args);
			return; /* the first says enough; `parterre bank read` tells them all */
		}
	problem_add(s->why, "file", MSG_PAYMENTS_NO_FILE);
}

/* Finds all that could refuse the file, before anything of it is staged (D6). */
static enum status check(struct staging *s)
{
	static const struct bank_handler nothing = { 0 };
	size_t count = bank_file_count(s->opened);
	s->members = ARENA_ARRAY(s->arena, struct member, count);
	for (size_t i = 0; i < count; i++) {
		struct bank_findings findings = bank_findings_in(s->arena);
		s->members[i].plan.arena = s->arena;
		if (bank_file_check(s->opened, i, &nothing, NULL, &s->members[i].plan, &s->members[i].summary, &findings))
			return refuse(s, &findings), REFUSED;
	}
	return OK;
}

static enum status begin(struct conn *db, void *arg)
{
	struct staging *s = arg;
	s->why->first = NULL;
	return import_begin(db, s->file->institution, s->file->name, s->file->by_name, &s->import, s->why);
}

static enum status stage_members(struct staging *s)
{
	static const struct bank_handler calls = { .report = on_report, .transaction = on_transaction, .report_end = on_report_end };
	for (size_t i = 0; i < bank_file_count(s->opened) && !s->st; i++) {
		struct member *m = &s->members[i];
		struct bank_summary summary;
		struct bank_findings again = bank_findings_in(s->arena);
		struct reconcile_key key = reconcile_file_key(m->summary.hash);
		s->is_known_file = is_seen(s, &key);
		for (size_t k = 0; k < i; k++) s->is_known_file |= memcmp(s->members[k].summary.hash, m->summary.hash, sizeof m->summary.hash) == 0;
		s->marker = reconcile_marker_new(m->summary.hash);
		if (bank_file_apply(s->opened, i, &calls, s, &m->plan, &summary, &again) && !s->st)
			problem_add(s->why, "file", MSG_BANK_CHANGED), s->st = REFUSED;
		flush(s);
		reconcile_marker_free(s->marker);
	}
	return s->st;
}

/* ---- accepting ---- */

/* What each report says of those before it (D2, D5) and of its account's signs (C3). */
static enum status accept_reports(struct deciding *x, const struct staging *s)
{
	for (size_t i = 0; i < s->report_count; i++) {
		const struct bank_report *r = &s->reports[i].report;
		struct reconcile_row row;
		bool is_again = !r->is_test && reconcile_report_seen(&x->lookups, s->reports[i].identity);
		reconcile_learn(&x->lookups, r);
		bool is_missing = !is_again && reconcile_report(&x->lookups, x->arena, r, &row);
		if (!x->memory.st && is_missing) x->memory.st = import_add_missing(x->db, s->import, s->file->institution, r);
	}
	return x->memory.st;
}

static enum status accept_files(struct deciding *x, const struct staging *s)
{
	for (size_t i = 0; i < bank_file_count(s->opened) && !x->memory.st; i++) {
		const struct bank_summary *sum = &s->members[i].summary;
		struct reconcile_key key = reconcile_file_key(sum->hash);
		x->lookups.keep(x->lookups.memory, &key, 1, 0);
		for (size_t k = 0; k < sum->total_count && !x->memory.st; k++) {
			const struct bank_total *t = &sum->totals[k];
			x->memory.st = import_add_total(x->db, s->import, (struct str){ t->currency, sizeof t->currency }, t->credit, t->debit);
		}
	}
	return x->memory.st;
}

static enum status accept(struct conn *db, void *arg)
{
	struct staging *s = arg;
	struct arena *a = arena_new();
	struct deciding x = { .db = db, .arena = a, .institution = s->file->institution, .import = s->import, .by_name = S("bank") };
	deciding_begin(&x);
	enum status st = x.memory.st;
	if (!st) st = accept_files(&x, s);
	if (!st) st = import_accept(db, s->import);
	if (!st) st = accept_reports(&x, s);
	arena_free(a);
	return st;
}

static enum status drop(struct conn *db, void *arg)
{
	return import_drop(db, ((struct staging *)arg)->import);
}

static enum status stage(struct staging *s)
{
	enum status st = check(s);
	if (st) return st;
	if ((st = store_write(s->db, begin, s))) return s->is_busy = st == REFUSED, st;
	st = stage_members(s);
	if (!st) st = store_write(s->db, accept, s);
	if (!st) return OK;
	if (!store_outcome_unknown(s->db)) store_write(s->db, drop, s); /* if it fails, its lease ends */
	if (!problem_any(s->why) && (st == NOT_FOUND || st == REFUSED)) problem_add(s->why, "file", MSG_PAYMENTS_NO_FILE);
	return st == NOT_FOUND ? REFUSED : st;
}

enum status payments_accept(struct conn *db, struct arena *a, const struct payment_file *f, struct payment_result *out, struct problem *why)
{
	struct bank_findings findings = bank_findings_in(a);
	struct staging s = { .db = db, .arena = a, .step_arena = arena_new(), .file = f, .why = why };
	enum status st = OK;
	*out = (struct payment_result){ 0 };
	s.lines = ARENA_ARRAY(a, struct staged_line, IMPORT_STEP);
	s.reports = ARENA_ARRAY(a, struct staged_report, IMPORT_REPORTS_MAX);
	if (bank_file_open(a, f->input, &s.opened, &findings)) refuse(&s, &findings), st = REFUSED;
	if (!st) {
		st = stage(&s);
		bank_file_close(s.opened);
		*out = (struct payment_result){ s.import, !st, s.is_busy };
	}
	arena_free(s.step_arena);
	return st;
}

enum status payments_import(struct conn *db, struct arena *a, const struct payment_file *f, struct payment_result *out, struct problem *why)
{
	*out = (struct payment_result){ 0 };
	enum status st = payments_resume(db, f->institution, 0);
	if (!st) st = payments_accept(db, a, f, out, why);
	return st ? st : payments_resume(db, f->institution, 0);
}

/* ---- by hand ---- */

static enum status reason_check(struct str reason, struct problem *why)
{
	why->first = NULL;
	if (!reason.len) problem_add(why, "reason", MSG_PAYMENTS_WHY);
	if (str_points(reason) > REASON_MAX) problem_add(why, "reason", MSG_FIELD_TOO_LONG, arg_int("max", REASON_MAX));
	return problem_any(why) ? REFUSED : OK;
}

static enum status note(struct deciding *x, const struct actor *who, const char *verb, struct str bill, struct str reason)
{
	const struct audit_value after[] = { { "bill", bill }, { "reason", reason }, { 0 } };
	return audit_note(x->db, x->arena, who, &(struct audit_record){ .verb = verb, .kind = "payment", .record = x->line, .after = after });
}

static enum status bill_chosen(struct deciding *x, struct str number, struct bill *b, struct problem *why)
{
	int64_t year, n;
	enum status st = series_number_read(number, &year, &n) ? bill_by_number(x->db, x->arena, x->institution, year, n, b) : NOT_FOUND;
	if (!st) st = bill_held(x, b->id, b->order, b);
	if (st && st != NOT_FOUND) return st;
	if (st) problem_add(why, "bill", MSG_PAYMENTS_NO_BILL);
	else if (b->state == BILL_CREDITED) problem_add(why, "bill", MSG_PAYMENTS_CREDITED);
	return problem_any(why) ? REFUSED : OK;
}

enum status payment_assign(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct str number, struct str reason, struct problem *why)
{
	struct deciding x = { .db = db, .arena = a, .institution = who->institution, .line = id, .by_name = who->name };
	struct import_line line = { 0 };
	struct bill b = { 0 };
	struct str currency = { 0 };
	int64_t amount = 0;
	enum status st;
	if ((st = reason_check(reason, why))) return st;
	deciding_begin(&x);
	if ((st = x.memory.st)) return st;
	if ((st = import_line_get(db, a, who->institution, id, &line))) return st;
	if ((st = bill_chosen(&x, number, &b, why))) return st;
	if ((st = case_end(db, a, who->institution, id, "assigned", reason, who->name, &amount, &currency))) return st;
	if (amount <= 0 || line.t.transaction < 0) problem_add(why, "bill", MSG_PAYMENTS_NO_MONEY); /* an entry's transactions may still come */
	else if (!str_eq(currency, b.currency)) problem_add(why, "bill", MSG_PAYMENTS_CURRENCY, arg_text("paid", currency), arg_text("bill", b.currency));
	if (problem_any(why)) return REFUSED;
	reconcile_by_hand(&x.lookups, &line.marks);
	book(&x, b.id, amount);
	return x.memory.st ? x.memory.st : note(&x, who, "payment-assigned", bill_number(a, &b), reason);
}

enum status payment_close(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct str reason, struct problem *why)
{
	struct deciding x = { .db = db, .arena = a, .institution = who->institution, .line = id, .by_name = who->name };
	struct str currency;
	int64_t amount;
	enum status st;
	if ((st = reason_check(reason, why))) return st;
	deciding_begin(&x);
	if ((st = x.memory.st)) return st;
	if ((st = case_end(db, a, who->institution, id, "closed", reason, who->name, &amount, &currency))) return st;
	return note(&x, who, "payment-closed", S(""), reason);
}
