/* billing/bill.c: reading bills, and the two things that move of one: what was paid, and its state. */
#include "billing/bill.h"

#include "base/day.h"
#include "billing/series.h"
#include "formats/qrbill_reference.h"
#include "institution/point_of_sale.h"

static const char *const states[] = { [BILL_OPEN] = "open", [BILL_PAID] = "paid", [BILL_CREDITED] = "credited" };

const char *bill_state_name(enum bill_state state)
{
	return states[state];
}

static enum bill_state state_read(struct str name)
{
	return (enum bill_state)str_index(name, states, COUNT(states), "bill state");
}

static enum qrbill_reference_kind kind_read(struct str name)
{
	for (int k = QRBILL_NON; k <= QRBILL_SCOR; k++)
		if (str_eq(name, str_of(qrbill_reference_kind_name((enum qrbill_reference_kind)k)))) return (enum qrbill_reference_kind)k;
	BUG("reference kind %.*s", STR_ARG(name));
}

/* ---- reading ---- */

#define BILL_COLUMNS                                                                                                                         \
	"SELECT b.id, b.institution, b.point_of_sale, b.customer_order, b.instalment, b.state, b.year, b.number, b.amount, b.paid, b.currency, " \
	"b.account, b.reference_kind, b.reference, b.language, b.class, b.template, b.issued_at, b.issued_day, b.due_day, b.ends_at, "           \
	"b.is_reservation, o.number, CASE WHEN p.bill IS NULL THEN 0 ELSE 1 END, b.creditor_name, b.creditor_street, b.creditor_house_number, "  \
	"b.creditor_postcode, b.creditor_town, b.creditor_country, b.debtor_name, b.debtor_street, b.debtor_house_number, b.debtor_postcode, "   \
	"b.debtor_town, b.debtor_country FROM bill b JOIN customer_order o ON o.id = b.customer_order LEFT JOIN bill_paper p ON p.bill = b.id"
#define CREDITOR_COLUMN 24 /* six, then the debtor's six */

static struct qrbill_address address_read(struct conn *db, int column, struct arena *a)
{
	return (struct qrbill_address){ .name = col_text(db, column, a),
		.street = col_text(db, column + 1, a),
		.house_number = col_text(db, column + 2, a),
		.postcode = col_text(db, column + 3, a),
		.town = col_text(db, column + 4, a),
		.country = col_text(db, column + 5, a) };
}

static void bill_read(struct conn *db, struct arena *a, struct bill *b)
{
	*b = (struct bill){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.point_of_sale = col_int64(db, 2),
		.order = col_int64(db, 3),
		.instalment = col_int64(db, 4),
		.state = state_read(col_text(db, 5, a)),
		.year = col_int64(db, 6),
		.number = col_int64(db, 7),
		.amount = col_int64(db, 8),
		.paid = col_int64(db, 9),
		.currency = col_text(db, 10, a),
		.account = col_text(db, 11, a),
		.kind = kind_read(col_text(db, 12, a)),
		.reference = col_text(db, 13, a),
		.language = lang_written(col_text(db, 14, a)),
		.template = col_int64(db, 16),
		.issued_at = col_int64(db, 17),
		.issued_day = col_int64(db, 18),
		.due_day = col_int64(db, 19),
		.ends_at = col_int64(db, 20),
		.is_reservation = col_boolean(db, 21),
		.order_number = col_int64(db, 22),
		.has_paper = col_int64(db, 23) != 0,
		.creditor = address_read(db, CREDITOR_COLUMN, a),
		.debtor = address_read(db, CREDITOR_COLUMN + 6, a),
	};
	if (!document_class_from_code(col_text(db, 15, a), &b->class)) BUG("bill %lld has an unknown class", (long long)b->id);
}

static enum status bill_row(struct conn *db, struct arena *a, enum status st, struct bill *out)
{
	if (st == OK) bill_read(db, a, out);
	return st;
}

enum status bill_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct bill *out)
{
	static const struct sql q = SQL(BILL_COLUMNS " WHERE b.id = $1 AND b.institution = $2");
	return bill_row(db, a, store_row(db, &q, int64(id), int64(institution)), out);
}

enum status bill_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t year, int64_t number, struct bill *out)
{
	static const struct sql q = SQL(BILL_COLUMNS " WHERE b.institution = $1 AND b.year = $2 AND b.number = $3");
	return bill_row(db, a, store_row(db, &q, int64(institution), int64(year), int64(number)), out);
}

enum status bill_by_reference(struct conn *db, struct arena *a, int64_t institution, struct str reference, struct bill *out)
{
	static const struct sql q = SQL(BILL_COLUMNS " WHERE b.institution = $1 AND b.reference = $2 AND b.reference <> ''");
	struct str compact = reference_compact(a, reference);
	if (compact.len == 0 || !str_is_text(compact)) return NOT_FOUND;
	return bill_row(db, a, store_row(db, &q, int64(institution), text(compact)), out);
}

enum status bills_of_order(struct conn *db, struct arena *a, int64_t institution, int64_t order, struct bill **out, size_t *count)
{
	static const struct sql q = SQL(BILL_COLUMNS " WHERE b.customer_order = $1 AND b.institution = $2 ORDER BY b.id LIMIT $3");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(order), int64(institution), int64(BILLS_MOST)))) return st;
	*out = ARENA_ARRAY(a, struct bill, BILLS_MOST);
	while ((st = store_next(db)) == OK) bill_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status bill_list_open(struct conn *db, struct arena *a, int64_t institution, size_t most, struct bill **out, size_t *count)
{
	static const struct sql q = SQL(BILL_COLUMNS " WHERE b.institution = $1 AND b.state = 'open' ORDER BY b.id DESC LIMIT $2");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64((int64_t)most)))) return st;
	*out = ARENA_ARRAY(a, struct bill, most);
	while ((st = store_next(db)) == OK) bill_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

int64_t bill_open_amount(const struct bill *b)
{
	int64_t open = b->state == BILL_CREDITED ? -b->paid : b->amount - b->paid;
	return open < b->amount ? open : b->amount;
}

struct str bill_number(struct arena *a, const struct bill *b)
{
	return series_number(a, b->year, b->number);
}

enum status bill_lines_read(struct conn *db, struct arena *a, int64_t bill, struct bill_lines *out)
{
	static const struct sql lines = SQL("SELECT title, detail, quantity, price, vat FROM bill_line WHERE bill = $1 ORDER BY rank LIMIT $2");
	static const struct sql vat = SQL("SELECT basis_points, gross, vat FROM bill_vat WHERE bill = $1 ORDER BY basis_points LIMIT $2");
	enum status st;
	*out = (struct bill_lines){ .line = ARENA_ARRAY(a, struct bill_line, LINES_MOST), .vat = ARENA_ARRAY(a, struct bill_vat, VAT_RATES_MOST) };
	if ((st = store_query(db, &lines, int64(bill), int64(LINES_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		out->line[out->count++] = (struct bill_line){ col_text(db, 0, a), col_text(db, 1, a), col_int64(db, 2), col_int64(db, 3), col_int64(db, 4) };
	if (st != NOT_FOUND) return st;
	if ((st = store_query(db, &vat, int64(bill), int64(VAT_RATES_MOST)))) return st;
	while ((st = store_next(db)) == OK) out->vat[out->vat_count++] = (struct bill_vat){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2) };
	return st == NOT_FOUND ? OK : st;
}

/* ---- what moves ---- */

enum status bill_book(struct conn *db, int64_t bill, int64_t amount, enum bill_state *state)
{
	static const struct sql q =
		SQL("UPDATE bill SET paid = paid + $2, state = CASE WHEN state = 'credited' THEN state WHEN paid + $2 >= amount THEN 'paid' ELSE 'open' END"
			" WHERE id = $1 RETURNING state");
	struct arena *a = arena_new();
	enum status st = store_row(db, &q, int64(bill), int64(amount));
	if (st == OK) *state = state_read(col_text(db, 0, a));
	arena_free(a);
	return st;
}

struct crediting {
	int64_t bill, point_of_sale, amount, note;
};

static enum status credit_rows(struct conn *db, struct arena *a, int64_t order, struct crediting **out, int64_t *count, int64_t *paid)
{
	static const struct sql q =
		SQL("UPDATE bill SET state = 'credited' WHERE customer_order = $1 AND state = 'open' RETURNING id, point_of_sale, amount, paid");
	enum status st;
	*out = ARENA_ARRAY(a, struct crediting, BILLS_MOST);
	*count = *paid = 0;
	if ((st = store_query(db, &q, int64(order)))) return st;
	while ((st = store_next(db)) == OK) {
		if (*count == BILLS_MOST) BUG("more than %d open bills of order %lld", BILLS_MOST, (long long)order);
		(*out)[(*count)++] = (struct crediting){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2), 0 };
		*paid += col_int64(db, 3);
	}
	return st == NOT_FOUND ? OK : st;
}

static enum status number_note(struct conn *db, int64_t institution, int64_t year, int64_t note)
{
	static const struct sql q = SQL("UPDATE credit_note SET number = $2 WHERE id = $1 AND number IS NULL");
	int64_t number;
	enum status st = series_next(db, institution, SERIES_CREDIT_NOTE, year, &number);
	return st ? st : store_exec(db, &q, int64(note), int64(number));
}

enum status bills_credit_open(
	struct conn *db, struct arena *a, int64_t institution, int64_t order, struct str reason, struct str by_name, int64_t *count, int64_t *paid)
{
	static const struct sql q = SQL("INSERT INTO credit_note (institution, bill, year, number, amount, issued_at, reason, by_name)"
									" VALUES ($1, $2, $3, NULL, $4, $5, $6, $7) RETURNING id");
	struct crediting *bills;
	struct point_of_sale shop;
	enum status st;
	if ((st = credit_rows(db, a, order, &bills, count, paid))) return st;
	if (*count == 0) return OK;
	if ((st = point_of_sale_get(db, a, bills[0].point_of_sale, &shop))) return st == NOT_FOUND ? BROKEN : st;
	int64_t year = date_of_day(day_of(a, store_now(db), shop.house.zone)).year;
	for (int64_t i = 0; i < *count; i++) {
		if ((st = store_row(db, &q, int64(institution), int64(bills[i].bill), int64(year), int64(bills[i].amount), int64(store_now(db)), text(reason),
				 text(by_name))))
			return st;
		bills[i].note = col_int64(db, 0);
	}
	for (int64_t i = 0; i < *count; i++)
		if ((st = number_note(db, institution, year, bills[i].note))) return st;
	return OK;
}

/* ---- reservations that end ---- */

#define UNPAID "NOT EXISTS (SELECT 1 FROM bill p WHERE p.customer_order = b.customer_order AND p.paid <> 0)"

enum status bill_ending_next(struct conn *db, int64_t *institution, int64_t *order)
{
	static const struct sql q = SQL("SELECT b.institution, b.customer_order FROM bill b WHERE b.state = 'open' AND b.ends_at IS NOT NULL"
									" AND b.ends_at <= $1 AND b.paid = 0 AND " UNPAID " ORDER BY b.ends_at, b.id LIMIT 1");
	enum status st = store_row(db, &q, int64(store_now(db)));
	if (st) return st;
	*institution = col_int64(db, 0);
	*order = col_int64(db, 1);
	return OK;
}

enum status bills_are_unpaid(struct conn *db, int64_t order, bool *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM bill WHERE customer_order = $1 AND paid <> 0");
	enum status st = store_row(db, &q, int64(order));
	if (st == OK) *out = col_int64(db, 0) == 0;
	return st;
}

enum status bills_end_never(struct conn *db, int64_t order)
{
	static const struct sql q = SQL("UPDATE bill SET ends_at = NULL WHERE customer_order = $1 AND ends_at IS NOT NULL");
	return store_exec(db, &q, int64(order));
}

/* ---- credit notes ---- */

enum status credit_notes_of_order(struct conn *db, struct arena *a, int64_t order, struct credit_note **out, size_t *count)
{
	static const struct sql q = SQL("SELECT n.id, n.bill, n.year, n.number, n.amount, n.issued_at, n.reason, n.by_name FROM credit_note n"
									" JOIN bill b ON b.id = n.bill WHERE b.customer_order = $1 ORDER BY n.id LIMIT $2");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(order), int64(BILLS_MOST)))) return st;
	*out = ARENA_ARRAY(a, struct credit_note, BILLS_MOST);
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct credit_note){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2), col_int64(db, 3), col_int64(db, 4),
			col_int64(db, 5), col_text(db, 6, a), col_text(db, 7, a) };
	return st == NOT_FOUND ? OK : st;
}
