/* billing/import.c: the rows of an import. */
#include "billing/import.h"

#include <string.h>

#include "base/clock.h"

#define STAGED_WORDS_MAX 400 /* bytes that are kept of what a payer wrote: banks give 140 characters */

/* ---- staging ---- */

static enum status forget(struct conn *db, int64_t id)
{
	static const struct sql lines = SQL("DELETE FROM import_line WHERE payment_import = $1");
	static const struct sql totals = SQL("DELETE FROM import_total WHERE payment_import = $1");
	static const struct sql row = SQL("DELETE FROM payment_import WHERE id = $1");
	enum status st;
	if ((st = store_exec(db, &lines, int64(id)))) return st;
	if ((st = store_exec(db, &totals, int64(id)))) return st;
	return store_exec(db, &row, int64(id));
}

enum status import_drop(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("UPDATE payment_import SET lease_until = 0 WHERE id = $1 AND state = 'staging'");
	enum status st = store_exec(db, &q, int64(id));
	return st || store_changes(db) != 1 ? st : forget(db, id);
}

enum status import_begin(struct conn *db, int64_t institution, struct str file_name, struct str by_name, int64_t *id, struct problem *why)
{
	static const struct sql dead = SQL("SELECT id FROM payment_import WHERE institution = $1 AND state = 'staging' AND lease_until < $2");
	static const struct sql q =
		SQL("INSERT INTO payment_import (institution, state, file_name, made_at, lease_until, by_name)"
			" VALUES ($1, 'staging', $2, $3, $4, $5) ON CONFLICT (institution) WHERE state <> 'done' DO NOTHING RETURNING id");
	enum status st = payment_book_open(db, institution);
	if (st) return st;
	st = store_row(db, &dead, int64(institution), int64(store_now(db)));
	if (st == OK) st = import_drop(db, col_int64(db, 0));
	if (st && st != NOT_FOUND) return st;
	st = store_row(db, &q, int64(institution), text(file_name), int64(store_now(db)), int64(store_now(db) + IMPORT_LEASE), text(by_name));
	if (st == OK) *id = col_int64(db, 0);
	if (st != NOT_FOUND) return st;
	problem_add(why, "file", MSG_PAYMENTS_BUSY);
	return REFUSED;
}

enum status import_hold(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("UPDATE payment_import SET lease_until = $2 WHERE id = $1 AND state = 'staging'");
	enum status st = store_exec(db, &q, int64(id), int64(store_now(db) + IMPORT_LEASE));
	return st || store_changes(db) == 1 ? st : NOT_FOUND;
}

static struct str with_blanks(struct arena *a, struct str before, struct str more)
{
	return before.len ? str_format(a, "%.*s %.*s", STR_ARG(before), STR_ARG(more)) : more;
}

static const struct {
	enum import_flag flag;
	size_t at; /* of the bool in struct bank_transaction */
} flags[] = {
	{ IMPORT_CREDIT, offsetof(struct bank_transaction, is_credit) },
	{ IMPORT_REVERSAL, offsetof(struct bank_transaction, is_reversal) },
	{ IMPORT_TURNED, offsetof(struct bank_transaction, is_turned) },
	{ IMPORT_RETURN, offsetof(struct bank_transaction, is_return) },
	{ IMPORT_CHARGE, offsetof(struct bank_transaction, is_charge) },
	{ IMPORT_HAS_CREDITOR, offsetof(struct bank_transaction, has_creditor_account) },
	{ IMPORT_MANY_REFERENCES, offsetof(struct bank_transaction, has_more_references) },
	{ IMPORT_REJECTED, offsetof(struct bank_transaction, is_rejected) },
	{ IMPORT_HAS_AMOUNT, offsetof(struct bank_transaction, has_amount) },
};

#define LINE_INSERT                                                                                                                               \
	"INSERT INTO import_line (payment_import, institution, message, account, entry, part, flags, cents, currency, status, credited, "             \
	"reference, marks, booked_on, payer, words, outcome, money, settled, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, " \
	"$13, $14, $15, $16, $17, 0, $18, $19)"

enum status import_add(struct conn *db, struct arena *a, int64_t id, int64_t institution, const struct bank_transaction *t, int64_t more,
	const struct reconcile_marks *marks)
{
	static const struct sql q = SQL(LINE_INSERT);
	struct str references = S(""), words = S("");
	int64_t set = more | (t->report->is_test ? IMPORT_TEST : 0);
	for (size_t i = 0; i < COUNT(flags); i++)
		if (*((const bool *)((const char *)t + flags[i].at))) set |= flags[i].flag;
	for (size_t i = 0; i < t->reference_count; i++) references = with_blanks(a, references, t->references[i].text);
	for (size_t i = 0; i < t->remittance_count && words.len < STAGED_WORDS_MAX; i++) words = with_blanks(a, words, t->remittance[i]);
	return store_exec(db, &q, int64(id), int64(institution), text(str_of(bank_kind_name(t->report->kind))), text(t->report->account), int64(t->entry),
		int64(t->transaction), int64(set), int64(t->cents), text(t->currency), text(t->status), text(t->credited_account), text(references),
		blob((struct str){ (const char *)marks, sizeof *marks }), text(t->booking_date), text(t->debtor_name), text(words), null_value(),
		boolean(false), null_value());
}

enum status import_add_missing(struct conn *db, int64_t id, int64_t institution, const struct bank_report *report)
{
	static const struct sql q = SQL(LINE_INSERT " RETURNING id");
	static const struct sql look = SQL("INSERT INTO payment_case (import_line, institution, amount, currency, state, reason, by_name)"
									   " VALUES ($1, $2, 0, '', 'open', '', '')");
	enum status st = store_row(db, &q, int64(id), int64(institution), text(S("")), text(report->account), int64(-1), int64(-1), int64(0), int64(0),
		text(S("")), text(S("")), text(S("")), text(S("")), blob(S("")), text(report->from), text(S("")), text(report->id),
		text(outcome_word(OUTCOME_MISSING_STATEMENT)), boolean(false), int64(store_now(db)));
	return st ? st : store_exec(db, &look, int64(col_int64(db, 0)), int64(institution));
}

enum status import_add_total(struct conn *db, int64_t id, struct str currency, int64_t credit, int64_t debit)
{
	static const struct sql q = SQL("INSERT INTO import_total (payment_import, currency, credit, debit) VALUES ($1, $2, $3, $4)"
									" ON CONFLICT (payment_import, currency) DO UPDATE SET credit = import_total.credit + excluded.credit,"
									" debit = import_total.debit + excluded.debit");
	return store_exec(db, &q, int64(id), text(currency), int64(credit), int64(debit));
}

/* ---- accepting ---- */

enum status import_accept(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("UPDATE payment_import SET state = 'accepted', accepted_at = $2 WHERE id = $1 AND state = 'staging'");
	static const struct sql differs =
		SQL("SELECT count(*) FROM import_total t WHERE t.payment_import = $1 AND (t.credit <> (SELECT COALESCE(sum(l.cents), 0) FROM import_line l"
			" WHERE l.payment_import = $1 AND l.currency = t.currency AND l.status = 'BOOK' AND l.flags & 1 = 1 AND l.flags & 2048 <> 0)"
			" OR t.debit <> (SELECT COALESCE(sum(l.cents), 0) FROM import_line l"
			" WHERE l.payment_import = $1 AND l.currency = t.currency AND l.status = 'BOOK' AND l.flags & 1 = 0 AND l.flags & 2048 <> 0))");
	enum status st;
	if ((st = store_exec(db, &q, int64(id), int64(store_now(db))))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_row(db, &differs, int64(id)))) return st;
	return col_int64(db, 0) ? REFUSED : OK;
}

/* ---- lines ---- */

#define LINE_COLUMNS                                                                                                                            \
	"SELECT l.id, l.payment_import, l.institution, l.message, l.account, l.entry, l.part, l.flags, l.cents, l.currency, l.status, l.credited, " \
	"l.reference, l.marks, l.booked_on, l.payer, l.words FROM import_line l"

static void read_references(struct bank_transaction *t, struct str rest)
{
	struct str piece;
	while (rest.len && t->reference_count < BANK_REFERENCES_MAX && str_next(&rest, ' ', &piece))
		t->references[t->reference_count++] = (struct bank_reference){ BANK_UNTYPED, piece };
}

static void line_read(struct conn *db, struct arena *a, struct import_line *l)
{
	struct str message = col_text(db, 3, a), marks = col_blob(db, 13, a);
	*l = (struct import_line){ .id = col_int64(db, 0), .import = col_int64(db, 1), .institution = col_int64(db, 2), .flags = col_int64(db, 7) };
	for (int k = BANK_STATEMENT; k <= BANK_V11; k++)
		if (str_eq(message, str_of(bank_kind_name((enum bank_kind)k)))) l->report.kind = (enum bank_kind)k;
	l->report.account = col_text(db, 4, a);
	l->report.is_test = l->flags & IMPORT_TEST;
	l->t.report = &l->report;
	l->t.entry = col_int64(db, 5);
	l->t.transaction = col_int64(db, 6);
	l->t.cents = col_int64(db, 8);
	l->t.currency = col_text(db, 9, a);
	l->t.status = col_text(db, 10, a);
	l->t.credited_account = col_text(db, 11, a);
	l->t.booking_date = col_text(db, 14, a);
	l->t.debtor_name = col_text(db, 15, a);
	l->words = col_text(db, 16, a);
	for (size_t i = 0; i < COUNT(flags); i++) *((bool *)((char *)&l->t + flags[i].at)) = l->flags & flags[i].flag;
	read_references(&l->t, col_text(db, 12, a));
	if (marks.len == sizeof l->marks) memcpy(&l->marks, marks.at, sizeof l->marks);
	else if (marks.len) BUG("marks of line %lld have %zu bytes", (long long)l->id, marks.len);
}

enum status import_next_line(struct conn *db, struct arena *a, int64_t id, struct import_line *out)
{
	static const struct sql q = SQL(LINE_COLUMNS " WHERE l.payment_import = $1 AND l.outcome IS NULL ORDER BY l.id LIMIT 1");
	static const struct sql done = SQL("UPDATE payment_import SET state = 'done', done_at = $2 WHERE id = $1 AND state = 'accepted'");
	enum status st = store_row(db, &q, int64(id));
	if (st == OK) line_read(db, a, out);
	if (st != NOT_FOUND) return st;
	st = store_exec(db, &done, int64(id), int64(store_now(db)));
	return st ? st : NOT_FOUND;
}

enum status import_line_get(struct conn *db, struct arena *a, int64_t institution, int64_t line, struct import_line *out)
{
	static const struct sql q = SQL(LINE_COLUMNS " WHERE l.id = $1 AND l.institution = $2");
	enum status st = store_row(db, &q, int64(line), int64(institution));
	if (st == OK) line_read(db, a, out);
	return st;
}

enum status import_unfinished(struct conn *db, int64_t institution, int64_t *id)
{
	static const struct sql q = SQL("SELECT id FROM payment_import WHERE institution = $1 AND state = 'accepted'");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

enum status import_house_unfinished(struct conn *db, int64_t *institution)
{
	static const struct sql q = SQL("SELECT institution FROM payment_import WHERE state = 'accepted' ORDER BY id LIMIT 1");
	enum status st = store_row(db, &q);
	if (st == OK) *institution = col_int64(db, 0);
	return st;
}
