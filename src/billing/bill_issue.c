/* billing/bill_issue.c: a bill from an order as it stands. Everything is read and written before the number, whose series is locked until the commit. */
#include "base/day.h"
#include "billing/bill.h"
#include "billing/series.h"
#include "documents/outbox.h"
#include "documents/template.h"
#include "formats/link.h"
#include "formats/qrbill_reference.h"
#include "institution/administrative.h"
#include "institution/point_of_sale.h"
#include "sales/price.h"

#define DEBTOR_NAME_MAX 70 /* R13, in characters */

/* What a bill is made from. */
struct issuing {
	const struct new_bill *n;
	struct administrative terms;
	struct order order;
	struct point_of_sale shop;
	struct lines lines;
	enum document_class class;
	enum language language;
	int64_t amount, today, template, id;
};

static enum status read_all(struct conn *db, struct arena *a, struct issuing *x, struct problem *why)
{
	const struct new_bill *n = x->n;
	enum status st;
	if ((st = administrative_get(db, a, n->institution, &x->terms))) return st;
	if ((st = administrative_suffices(a, &x->terms, why))) return st;
	if ((st = order_get(db, a, n->institution, n->order, &x->order))) return st;
	if ((st = point_of_sale_get(db, a, x->order.point_of_sale, &x->shop))) return st;
	x->language = x->order.buyer.language;
	if ((st = lines_read(db, a, n->order, x->language, x->shop.house.main_language, &x->lines))) return st;
	x->today = day_of(a, store_now(db), x->shop.house.zone);
	x->amount = n->parts ? n->parts[n->part] : x->order.total;
	if (x->amount <= 0) BUG("a bill of %lld for order %lld", (long long)x->amount, (long long)n->order);
	x->class = n->parts ? CLASS_QR_INVOICE_BRIEF : CLASS_QR_INVOICE;
	enum language written = x->language;
	st = template_in_force(db, &(struct template_wanted){ n->institution, x->order.point_of_sale, 0, x->class }, &written, &x->template);
	return st == NOT_FOUND ? OK : st; /* it can be made once there is one */
}

/* ---- the rows ---- */

/* The first and last name as the slip holds them: at most 70 characters, cut between two of them (T8). */
static struct str debtor_name(struct arena *a, const struct buyer *b)
{
	struct str name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(b->first_name), STR_ARG(b->last_name)));
	size_t characters = 0, at = 0;
	for (; at < name.len; at++)
		if (((unsigned char)name.at[at] & 0xc0) != 0x80 && ++characters > DEBTOR_NAME_MAX) break;
	return str_trim(str_part(name, 0, at));
}

static enum status insert_bill(struct conn *db, struct arena *a, struct issuing *x)
{
	static const struct sql q = SQL(
		"INSERT INTO bill (institution, point_of_sale, customer_order, instalment, state, year, number, amount, paid, currency, account, "
		"  reference_kind, reference, creditor_name, creditor_street, creditor_house_number, creditor_postcode, creditor_town, creditor_country, "
		"  debtor_name, debtor_street, debtor_house_number, debtor_postcode, debtor_town, debtor_country, language, class, template, issued_at, "
		"  issued_day, due_day, ends_at, is_reservation, by_name) "
		"VALUES ($1, $2, $3, $4, 'open', $5, NULL, $6, 0, $7, $8, $9, '', $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, "
		"  $25, $26, $27, $28, $29, $30) RETURNING id");
	const struct new_bill *n = x->n;
	const struct buyer *b = &x->order.buyer;
	const struct qrbill_address *c = &x->terms.creditor;
	bool is_reservation = x->order.state == ORDER_RESERVED;
	enum status st = store_row(db, &q, int64(n->institution), int64(x->order.point_of_sale), int64(n->order),
		n->instalment ? int64(n->instalment) : null_value(), int64(date_of_day(x->today).year), int64(x->amount), text(x->order.currency),
		text(administrative_account(&x->terms)), text(str_of(qrbill_reference_kind_name(x->terms.reference))), text(c->name), text(c->street),
		text(c->house_number), text(c->postcode), text(c->town), text(c->country), text(debtor_name(a, b)), text(b->street), text(b->house_number),
		text(b->postcode), text(b->town), text(b->country), text(str_of(lang_tag(x->language))), text(str_of(document_class(x->class)->code)),
		x->template ? int64(x->template) : null_value(), int64(store_now(db)), int64(x->today), int64(n->due_day),
		is_reservation && n->ends_at ? int64(n->ends_at) : null_value(), boolean(is_reservation), text(n->by_name));
	if (st == OK) x->id = col_int64(db, 0);
	return st;
}

/* "Sat 5 Dec 2026, 20:00, Large Hall, Category 1, Full price, row D, seats 5, 6". */
static struct str detail_of(struct arena *a, const struct issuing *x, const struct line *n)
{
	const struct str pieces[] = { lang_datetime(a, x->language, n->starts_at, x->shop.house.zone), n->hall, n->category, n->tariff,
		line_seats_text(a, x->language, n) };
	struct buf b = buf_in(a);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		if (b.len && pieces[i].len) buf_add(&b, S(", "));
		buf_add(&b, pieces[i]);
	}
	return buf_str(&b);
}

static enum status insert_line(
	struct conn *db, const struct issuing *x, int64_t rank, struct str title, struct str detail, const int64_t numbers[static 3])
{
	static const struct sql q = SQL("INSERT INTO bill_line (bill, rank, title, detail, quantity, price, vat) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	return store_exec(db, &q, int64(x->id), int64(rank), text(title), text(detail), int64(numbers[0]), int64(numbers[1]), int64(numbers[2]));
}

/* The order's lines; of a part of the price one line that says which. */
static enum status insert_lines(struct conn *db, struct arena *a, const struct issuing *x)
{
	enum status st = OK;
	if (x->n->parts) {
		struct str title = lang_text(a, x->language, MSG_BILL_PART_LINE,
			(const struct arg[]){ arg_int("number", (int64_t)x->n->part + 1), arg_int("count", (int64_t)x->n->part_count),
				arg_text("order", order_number(a, x->order.number)), { 0 } });
		return insert_line(db, x, 1, title, S(""), (const int64_t[3]){ 1, x->amount, 0 });
	}
	for (size_t i = 0; i < x->lines.count && st == OK; i++) {
		const struct line *n = &x->lines.line[i];
		bool is_ticket = n->kind == LINE_TICKET;
		struct str name = n->kind == LINE_ROUNDING ? lang_text(a, x->language, MSG_LINE_ROUNDING, NULL) : n->name;
		if (n->quantity == 0) continue; /* all of its tickets were cancelled */
		st = insert_line(db, x, (int64_t)i + 1, is_ticket ? n->title : name, is_ticket ? detail_of(a, x, n) : S(""),
			(const int64_t[3]){ n->quantity, n->price, n->vat });
	}
	return st;
}

/* This bill's part of what the order has at a rate. */
static int64_t part_of(struct arena *a, const struct new_bill *n, int64_t whole)
{
	if (!n->parts) return whole;
	int64_t *shares = ARENA_ARRAY(a, int64_t, n->part_count);
	split_by_weight(whole, n->parts, n->part_count, shares);
	return shares[n->part];
}

/* VAT was rounded once a rate and order; each bill has its part. The last rate's gross is what is left of the bill's amount, so that both sums are right. */
static enum status insert_vat(struct conn *db, struct arena *a, const struct issuing *x)
{
	static const struct sql q = SQL("INSERT INTO bill_vat (bill, basis_points, gross, vat) VALUES ($1, $2, $3, $4)");
	struct vat_sum sums[VAT_RATES_MOST];
	size_t count = lines_vat(&x->lines, sums);
	int64_t left = x->amount;
	enum status st = OK;
	for (size_t i = 0; i < count && st == OK; i++) {
		int64_t gross = i + 1 == count ? left : part_of(a, x->n, sums[i].gross);
		left -= gross;
		st = store_exec(db, &q, int64(x->id), int64(sums[i].basis_points), int64(gross), int64(part_of(a, x->n, sums[i].vat)));
	}
	return st;
}

/* ---- the mail ---- */

static enum status queue_mail(struct conn *db, struct arena *a, const struct issuing *x)
{
	const struct order *o = &x->order;
	const struct buyer *b = &o->buyer;
	if (x->n->way != BILL_BY_MAIL || !b->email.shown.len) return OK;
	const struct letter letter = { .class = x->class,
		.point_of_sale = o->point_of_sale,
		.language = x->language,
		.recipient = b->email.shown,
		.recipient_name = str_format(a, "%.*s %.*s", STR_ARG(b->first_name), STR_ARG(b->last_name)),
		.link_id = o->link_id,
		.link_purpose = LINK_ORDER,
		.account = o->account,
		.about = "bill",
		.about_id = x->id };
	return outbox_add(db, a, &letter);
}

/* ---- the number ---- */

/* Institution, year and number, so that no two bills that a bank's file can hold for one account have the same. */
static enum status reference_of(struct arena *a, const struct issuing *x, int64_t year, int64_t number, struct str *out, struct problem *why)
{
	struct str digits = str_format(a, "%03lld%04lld%07lld", (long long)x->n->institution, (long long)year, (long long)number);
	*out = S("");
	switch (x->terms.reference) {
	case QRBILL_QRR: return qrr_build(a, x->terms.bank_prefix, digits, out, why);
	case QRBILL_SCOR: return scor_build(a, S(""), digits, out, why);
	case QRBILL_NON: break;
	}
	return OK;
}

static enum status number_it(struct conn *db, struct arena *a, const struct issuing *x, struct problem *why)
{
	static const struct sql q = SQL("UPDATE bill SET number = $2, reference = $3 WHERE id = $1 AND number IS NULL");
	int64_t year = date_of_day(x->today).year, number;
	struct str reference;
	enum status st;
	if ((st = series_next(db, x->n->institution, SERIES_BILL, year, &number))) return st;
	if ((st = reference_of(a, x, year, number, &reference, why))) return st;
	return store_exec(db, &q, int64(x->id), int64(number), text(reference));
}

enum status bill_issue(struct conn *db, struct arena *a, const struct new_bill *n, int64_t *id, struct problem *why)
{
	struct issuing x = { .n = n };
	enum status st;
	if ((st = read_all(db, a, &x, why))) return st == NOT_FOUND ? BROKEN : st;
	if ((st = insert_bill(db, a, &x))) return st;
	if ((st = insert_lines(db, a, &x))) return st;
	if ((st = insert_vat(db, a, &x))) return st;
	if ((st = queue_mail(db, a, &x))) return st;
	*id = x.id;
	return number_it(db, a, &x, why);
}
