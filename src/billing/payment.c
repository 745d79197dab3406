/* billing/payment.c: allocations, the work list, reports. */
#include "billing/payment.h"

#include "billing/series.h"

/* ---- allocations ---- */

enum status allocation_add(struct conn *db, int64_t bill, int64_t line, int64_t amount, struct str by_name, enum bill_state *state)
{
	static const struct sql q = SQL("INSERT INTO allocation (bill, import_line, amount, at, by_name) VALUES ($1, $2, $3, $4, $5)");
	enum status st = bill_book(db, bill, amount, state);
	return st ? st : store_exec(db, &q, int64(bill), int64(line), int64(amount), int64(store_now(db)), text(by_name));
}

enum status payment_bill_find(struct conn *db, struct arena *a, int64_t institution, struct str reference, int64_t *bill, int64_t *order)
{
	struct bill b;
	enum status st = bill_by_reference(db, a, institution, reference, &b);
	if (st == OK) *bill = b.id, *order = b.order;
	return st;
}

enum status payment_account_known(struct conn *db, int64_t institution, struct str account, bool *out)
{
	static const struct sql q = SQL("SELECT CASE WHEN EXISTS (SELECT 1 FROM bill WHERE institution = $1 AND account = $2) OR EXISTS"
									" (SELECT 1 FROM administrative_value WHERE institution = $1 AND (qr_iban = $2 OR iban = $2)) THEN 1 ELSE 0 END");
	enum status st = store_row(db, &q, int64(institution), text(account));
	if (st == OK) *out = col_int64(db, 0) != 0;
	return st;
}

enum status bills_open_count(struct conn *db, int64_t order, int64_t *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM bill WHERE customer_order = $1 AND state = 'open'");
	enum status st = store_row(db, &q, int64(order));
	if (st == OK) *out = col_int64(db, 0);
	return st;
}

enum status payment_line_money_add(struct conn *db, int64_t import, int64_t amount, int64_t *line)
{
	static const struct sql q =
		SQL("UPDATE import_line SET money = money + $2 WHERE id = (SELECT min(l.id) FROM import_line l WHERE l.payment_import = $1)"
			" RETURNING id");
	enum status st = store_row(db, &q, int64(import), int64(amount));
	if (st == OK) *line = col_int64(db, 0);
	return st;
}

/* ---- the work list ---- */

static struct str key_bytes(const struct reconcile_key *key)
{
	return (struct str){ (const char *)key, sizeof *key };
}

/* By what a line can be found again: each of its marks; an entry that stands for its transactions, by the entry too. */
static size_t keys_of(const struct import_line *line, struct reconcile_key *out)
{
	size_t count = 0;
	for (unsigned k = 0; k < RECONCILE_KINDS; k++)
		if (line->marks.kinds & 1u << k) out[count++] = line->marks.keys[k];
	if (line->marks.has_entry) out[count++] = line->marks.entry;
	return count;
}

static enum status case_add(struct conn *db, const struct import_line *line, int64_t amount)
{
	static const struct sql q = SQL("INSERT INTO payment_case (import_line, institution, amount, currency, state, reason, by_name)"
									" VALUES ($1, $2, $3, $4, 'open', '', '')");
	static const struct sql key = SQL("INSERT INTO payment_case_key (import_line, institution, mark) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
	struct reconcile_key keys[RECONCILE_KINDS + 1];
	enum status st = store_exec(db, &q, int64(line->id), int64(line->institution), int64(amount), text(line->t.currency));
	size_t count = amount ? keys_of(line, keys) : 0;
	for (size_t i = 0; i < count && !st; i++) st = store_exec(db, &key, int64(line->id), int64(line->institution), blob(key_bytes(&keys[i])));
	return st;
}

/* Whether both tell of the same money; an entry and its transactions do by the entry (D4). */
static bool is_same_money(const struct import_line *x, const struct import_line *y)
{
	if (x->t.transaction < 0) return x->marks.has_entry && y->marks.has_entry && memcmp(&x->marks.entry, &y->marks.entry, sizeof x->marks.entry) == 0;
	return reconcile_is_same_money(&x->marks, &y->marks);
}

static enum status tell_again(struct conn *db, int64_t line)
{
	static const struct sql q = SQL("UPDATE payment_case SET state = 'told-again', decided_at = $2 WHERE import_line = $1 AND state = 'open'");
	static const struct sql money =
		SQL("UPDATE import_line SET money = money - (SELECT c.amount FROM payment_case c WHERE c.import_line = import_line.id) WHERE id = $1");
	enum status st = store_exec(db, &q, int64(line), int64(store_now(db)));
	return st || store_changes(db) != 1 ? st : store_exec(db, &money, int64(line));
}

/* What stood on the list, and LINE brings again with more words, leaves it: the money is not there twice. */
static enum status told_again(struct conn *db, struct arena *a, const struct import_line *line)
{
	static const struct sql q = SQL("SELECT k.import_line FROM payment_case_key k JOIN payment_case c ON c.import_line = k.import_line"
									" WHERE k.institution = $1 AND k.mark = $2 AND c.state = 'open' AND k.import_line <> $3 LIMIT 20");
	struct reconcile_key keys[RECONCILE_KINDS + 1];
	int64_t found[20];
	size_t count = keys_of(line, keys);
	for (size_t i = 0; i < count; i++) {
		size_t n = 0;
		enum status st = store_query(db, &q, int64(line->institution), blob(key_bytes(&keys[i])), int64(line->id));
		if (st) return st;
		while ((st = store_next(db)) == OK) found[n++] = col_int64(db, 0);
		if (st != NOT_FOUND) return st;
		for (size_t k = 0; k < n; k++) {
			struct import_line other;
			if ((st = import_line_get(db, a, line->institution, found[k], &other))) return st;
			if (is_same_money(&other, line) && (st = tell_again(db, found[k]))) return st;
		}
	}
	return OK;
}

enum status payment_line_decide(struct conn *db, struct arena *a, const struct import_line *line, const struct decided *d)
{
	static const struct sql q =
		SQL("UPDATE import_line SET outcome = $2, bill = $3, money = money + $4, settled = $5, decided_at = $6 WHERE id = $1 AND outcome IS NULL");
	enum status st = store_exec(db, &q, int64(line->id), text(outcome_word(d->outcome)), d->bill ? int64(d->bill) : null_value(), int64(d->money),
		boolean(d->is_settled), int64(store_now(db)));
	if (st) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if (d->money && line->t.transaction >= 0 && (st = told_again(db, a, line))) return st;
	return outcome_needs_look(d->outcome) ? case_add(db, line, d->on_list) : OK;
}

enum status case_end(struct conn *db, struct arena *a, int64_t institution, int64_t line, const char *state, struct str reason, struct str by_name,
	int64_t *amount, struct str *currency)
{
	static const struct sql q = SQL("UPDATE payment_case SET state = $3, reason = $4, by_name = $5, decided_at = $6"
									" WHERE import_line = $1 AND institution = $2 AND state = 'open' RETURNING amount, currency");
	enum status st = store_row(db, &q, int64(line), int64(institution), text(str_of(state)), text(reason), text(by_name), int64(store_now(db)));
	if (st == OK) *amount = col_int64(db, 0), *currency = col_text(db, 1, a);
	return st;
}

/* ---- reports ---- */

enum message payment_did(struct str outcome)
{
	static const enum message did[OUTCOMES] = {
		[OUTCOME_PAID] = MSG_PAYMENTS_DID_PAID,
		[OUTCOME_PARTIAL] = MSG_PAYMENTS_DID_PARTIAL,
		[OUTCOME_OVERPAID] = MSG_PAYMENTS_DID_OVERPAID,
		[OUTCOME_ALREADY_IMPORTED] = MSG_PAYMENTS_DID_ALREADY_IMPORTED,
		[OUTCOME_UNKNOWN_REFERENCE] = MSG_PAYMENTS_DID_UNKNOWN_REFERENCE,
		[OUTCOME_INVALID_REFERENCE] = MSG_PAYMENTS_DID_INVALID_REFERENCE,
		[OUTCOME_NO_REFERENCE] = MSG_PAYMENTS_DID_NO_REFERENCE,
		[OUTCOME_WRONG_ACCOUNT] = MSG_PAYMENTS_DID_WRONG_ACCOUNT,
		[OUTCOME_CURRENCY_MISMATCH] = MSG_PAYMENTS_DID_CURRENCY_MISMATCH,
		[OUTCOME_REVERSED] = MSG_PAYMENTS_DID_REVERSED,
		[OUTCOME_NOT_BOOKED] = MSG_PAYMENTS_DID_NOT_BOOKED,
		[OUTCOME_ENTRY_WITHOUT_DETAILS] = MSG_PAYMENTS_DID_ENTRY_WITHOUT_DETAILS,
		[OUTCOME_ENTRY_REJECTED] = MSG_PAYMENTS_DID_ENTRY_REJECTED,
		[OUTCOME_MISSING_STATEMENT] = MSG_PAYMENTS_DID_MISSING_STATEMENT,
		[OUTCOME_CHARGE] = MSG_PAYMENTS_DID_CHARGE,
		[OUTCOME_OTHER_DEBIT] = MSG_PAYMENTS_DID_OTHER_DEBIT,
		[OUTCOME_BILL_CANCELLED] = MSG_PAYMENTS_DID_BILL_CANCELLED,
	};
	for (int o = 0; o < OUTCOMES; o++)
		if (str_eq(outcome, outcome_word((enum outcome)o))) return did[o];
	return MSG_PAYMENTS_DID_OPEN;
}

#define BOOKED "outcome IN ('paid','partial','overpaid','reversed')"

enum status import_counts(struct conn *db, int64_t import, struct import_counts *out)
{
	static const struct sql q = SQL("SELECT count(*), COALESCE(sum(CASE WHEN " BOOKED " THEN 1 ELSE 0 END), 0),"
									" COALESCE(sum(CASE WHEN outcome = 'already-imported' OR flags & 512 <> 0 THEN 1 ELSE 0 END), 0)"
									" FROM import_line WHERE payment_import = $1 AND message <> ''");
	_Static_assert(IMPORT_KNOWN_FILE == 512, "the statement's number");
	enum status st = store_row(db, &q, int64(import));
	if (st == OK) *out = (struct import_counts){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2) };
	return st;
}

#define IMPORT_COLUMNS                                                                                                                     \
	"SELECT i.id, i.made_at, i.state, i.file_name, i.by_name, (SELECT count(*) FROM import_line l WHERE l.payment_import = i.id),"         \
	" (SELECT count(*) FROM import_line l WHERE l.payment_import = i.id AND l.outcome IS NOT NULL),"                                       \
	" (SELECT count(*) FROM payment_case c JOIN import_line l ON l.id = c.import_line WHERE l.payment_import = i.id AND c.state = 'open')" \
	" FROM payment_import i WHERE i.institution = $1 AND i.state <> 'staging'"

static void import_read(struct conn *db, struct arena *a, struct import_summary *s)
{
	*s = (struct import_summary){ .id = col_int64(db, 0),
		.made_at = col_int64(db, 1),
		.state = str_eq(col_text(db, 2, a), S("done")) ? IMPORT_DONE : IMPORT_ACCEPTED,
		.file_name = col_text(db, 3, a),
		.by_name = col_text(db, 4, a),
		.lines = col_int64(db, 5),
		.decided = col_int64(db, 6),
		.to_look_at = col_int64(db, 7) };
}

enum status import_list(struct conn *db, struct arena *a, int64_t institution, struct import_summary **out, size_t *count)
{
	static const struct sql q = SQL(IMPORT_COLUMNS " ORDER BY i.id DESC LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct import_summary, IMPORTS_A_PAGE);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(IMPORTS_A_PAGE)))) return st;
	while ((st = store_next(db)) == OK) import_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status import_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct import_summary *out)
{
	static const struct sql q = SQL(IMPORT_COLUMNS " AND i.id = $2");
	enum status st = store_row(db, &q, int64(institution), int64(id));
	if (st == OK) import_read(db, a, out);
	return st;
}

enum status import_outcomes(struct conn *db, struct arena *a, int64_t import, struct outcome_sum **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT COALESCE(outcome, ''), currency, count(*), sum(CASE WHEN flags & 1 = 1 THEN cents ELSE -cents END), sum(money),"
			" sum(CASE WHEN settled THEN 1 ELSE 0 END) FROM import_line WHERE payment_import = $1 GROUP BY outcome, currency"
			" ORDER BY count(*) DESC, outcome, currency LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct outcome_sum, OUTCOME_SUMS_MAX);
	*count = 0;
	if ((st = store_query(db, &q, int64(import), int64(OUTCOME_SUMS_MAX)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] =
			(struct outcome_sum){ col_text(db, 0, a), col_text(db, 1, a), col_int64(db, 2), col_int64(db, 3), col_int64(db, 4), col_int64(db, 5) };
	return st == NOT_FOUND ? OK : st;
}

enum status import_totals(struct conn *db, struct arena *a, int64_t import, struct import_total **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT t.currency, t.credit, t.debit, (SELECT COALESCE(sum(l.cents), 0) FROM import_line l WHERE l.payment_import = $1"
			" AND l.currency = t.currency AND l.status = 'BOOK' AND l.flags & 1 = 1 AND l.flags & 2048 <> 0),"
			" (SELECT COALESCE(sum(l.cents), 0) FROM import_line l WHERE l.payment_import = $1"
			" AND l.currency = t.currency AND l.status = 'BOOK' AND l.flags & 1 = 0 AND l.flags & 2048 <> 0)"
			" FROM import_total t WHERE t.payment_import = $1 ORDER BY t.currency LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct import_total, BANK_CURRENCIES_MAX);
	*count = 0;
	if ((st = store_query(db, &q, int64(import), int64(BANK_CURRENCIES_MAX)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct import_total){ col_text(db, 0, a), col_int64(db, 1), col_int64(db, 2), col_int64(db, 3), col_int64(db, 4) };
	return st == NOT_FOUND ? OK : st;
}

#define SHOWN_COLUMNS                                                                                                      \
	"SELECT l.id, l.payment_import, l.cents, l.money, COALESCE(c.amount, 0), COALESCE(b.year, 0), COALESCE(b.number, 0), " \
	"COALESCE(o.number, 0), COALESCE(l.outcome, ''), l.currency, l.reference, l.payer, l.words, l.booked_on, l.credited, " \
	"COALESCE(c.reason, ''), COALESCE(c.by_name, ''), l.flags, COALESCE(c.state, ''), l.settled, l.part, "                 \
	"CASE WHEN l." BOOKED " THEN 1 ELSE 0 END, CASE WHEN l.message <> '' THEN 1 ELSE 0 END FROM import_line l"             \
	" LEFT JOIN payment_case c ON c.import_line = l.id LEFT JOIN bill b ON b.id = l.bill LEFT JOIN customer_order o ON o.id = b.customer_order"

static void shown_read(struct conn *db, struct arena *a, struct payment_line *l)
{
	*l = (struct payment_line){ .id = col_int64(db, 0),
		.import = col_int64(db, 1),
		.cents = col_int64(db, 2),
		.money = col_int64(db, 3),
		.on_list = col_int64(db, 4),
		.bill_year = col_int64(db, 5),
		.bill_number = col_int64(db, 6),
		.order_number = col_int64(db, 7),
		.outcome = col_text(db, 8, a),
		.currency = col_text(db, 9, a),
		.reference = col_text(db, 10, a),
		.payer = col_text(db, 11, a),
		.words = col_text(db, 12, a),
		.booked_on = col_text(db, 13, a),
		.account = col_text(db, 14, a),
		.reason = col_text(db, 15, a),
		.by_name = col_text(db, 16, a),
		.is_credit = col_int64(db, 17) & IMPORT_CREDIT,
		.is_open = str_eq(col_text(db, 18, a), S("open")),
		.is_settled = col_boolean(db, 19),
		.is_whole_entry = col_int64(db, 20) < 0,
		.is_booked = col_int64(db, 21) != 0,
		.is_of_file = col_int64(db, 22) != 0 };
}

enum status payment_lines(
	struct conn *db, struct arena *a, int64_t institution, int64_t import, int64_t after, struct payment_line **out, size_t *count)
{
	static const struct sql all = SQL(SHOWN_COLUMNS " WHERE l.institution = $1 AND l.payment_import = $2 AND l.id > $3 ORDER BY l.id LIMIT $4");
	static const struct sql open =
		SQL(SHOWN_COLUMNS " WHERE c.institution = $1 AND c.state = 'open' AND c.import_line > $2 ORDER BY c.import_line LIMIT $3");
	enum status st;
	*out = ARENA_ARRAY(a, struct payment_line, LINES_A_PAGE);
	*count = 0;
	if (import) st = store_query(db, &all, int64(institution), int64(import), int64(after), int64(LINES_A_PAGE));
	else st = store_query(db, &open, int64(institution), int64(after), int64(LINES_A_PAGE));
	if (st) return st;
	while ((st = store_next(db)) == OK) shown_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status payment_cases_count(struct conn *db, int64_t institution, int64_t *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM payment_case WHERE institution = $1 AND state = 'open'");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *out = col_int64(db, 0);
	return st;
}
