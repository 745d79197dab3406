/* billing/bill_letter.c: a bill's values for templates, its slip, and its PDF, which is made once. */
#include "billing/bill_letter.h"

#include "base/day.h"
#include "documents/preview.h"
#include "documents/template.h"
#include "formats/docx_print.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_s1.h"
#include "formats/qrbill_slip.h"

/* What a bill's letter is filled with. */
struct saying {
	struct bill bill;
	struct bill_lines lines;
	struct order order;
	struct point_of_sale shop;
};

static enum status saying_read(struct conn *db, struct arena *a, int64_t institution, int64_t bill, struct saying *x)
{
	enum status st;
	if ((st = bill_get(db, a, institution, bill, &x->bill))) return st;
	if ((st = bill_lines_read(db, a, bill, &x->lines))) return st;
	if ((st = order_get(db, a, institution, x->bill.order, &x->order))) return st;
	if ((st = point_of_sale_speaking(db, a, x->bill.point_of_sale, &x->shop))) return st;
	return logo_get(db, a, x->shop.id, &x->shop.logo);
}

/* ---- values ---- */

static struct docx_value text_value(const char *name, struct str s)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_TEXT, .text = s };
}

static struct docx_value condition_value(const char *name, bool is_true)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_CONDITION, .is_true = is_true };
}

static struct docx_value list_value(const char *name, const struct docx_values *items, size_t count)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_LIST, .items = items, .item_count = count };
}

static struct docx_values kept(struct arena *a, const struct docx_value *values, size_t count)
{
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, count);
	for (size_t i = 0; i < count; i++) at[i] = values[i];
	return (struct docx_values){ at, count };
}

static const struct docx_values *line_items(struct arena *a, const struct bill_lines *lines)
{
	struct docx_values *out = ARENA_ARRAY(a, struct docx_values, lines->count + 1);
	for (size_t i = 0; i < lines->count; i++) {
		const struct bill_line *n = &lines->line[i];
		const struct docx_value values[] = {
			text_value("line.title", n->title),
			text_value("line.detail", n->detail),
			text_value("line.quantity", str_format(a, "%lld", (long long)n->quantity)),
			text_value("line.price", amount_bare(a, n->price)),
			text_value("line.amount", amount_bare(a, n->quantity * n->price)),
		};
		out[i] = kept(a, values, COUNT(values));
	}
	return out;
}

/* "2.6": as few decimals as it needs, one at least. */
static struct str rate_text(struct arena *a, int64_t basis_points)
{
	if (basis_points % 10) return str_format(a, "%lld.%02lld", (long long)(basis_points / 100), (long long)(basis_points % 100));
	return str_format(a, "%lld.%lld", (long long)(basis_points / 100), (long long)(basis_points % 100 / 10));
}

static const struct docx_values *vat_items(struct arena *a, const struct bill_lines *lines, size_t *count)
{
	struct docx_values *out = ARENA_ARRAY(a, struct docx_values, lines->vat_count + 1);
	*count = 0;
	for (size_t i = 0; i < lines->vat_count; i++) {
		const struct bill_vat *v = &lines->vat[i];
		if (v->vat == 0) continue;
		const struct docx_value values[] = { text_value("vat.rate", rate_text(a, v->basis_points)), text_value("vat.gross", amount_bare(a, v->gross)),
			text_value("vat.amount", amount_bare(a, v->vat)) };
		out[(*count)++] = kept(a, values, COUNT(values));
	}
	return out;
}

static struct str day_said(struct arena *a, const struct saying *x, int64_t day)
{
	return lang_date(a, x->bill.language, day_begins(a, day, x->shop.house.zone), x->shop.house.zone);
}

enum shape { IN_MAIL, IN_LETTER };

static struct docx_values values_of(struct arena *a, const struct saying *x, enum shape shape)
{
	const struct bill *b = &x->bill;
	const struct buyer *buyer = &x->order.buyer;
	size_t vat_count;
	const struct docx_values *vat = vat_items(a, &x->lines, &vat_count);
	const struct docx_value values[] = {
		condition_value("in_mail", shape == IN_MAIL),
		condition_value("in_letter", shape == IN_LETTER),
		condition_value("is_reservation", b->is_reservation),
		text_value("contact.first_name", buyer->first_name),
		text_value("contact.last_name", buyer->last_name),
		text_value("account.email", buyer->email.shown),
		text_value("bill.number", bill_number(a, b)),
		text_value("bill.date", day_said(a, x, b->issued_day)),
		text_value("bill.due_date", day_said(a, x, b->due_day)),
		text_value("bill.amount", lang_amount(a, b->language, b->amount, b->currency)),
		text_value("bill.currency", b->currency),
		text_value("bill.account", iban_grouped(a, b->account)),
		text_value("bill.reference", reference_grouped(a, b->kind, b->reference)),
		text_value("bill.part", x->lines.count ? x->lines.line[0].title : S("")),
		text_value("order.number", order_number(a, x->order.number)),
		text_value("order.date", lang_date(a, b->language, x->order.closed_at, x->shop.house.zone)),
		list_value("lines", line_items(a, &x->lines), x->lines.count),
		list_value("vat", vat, vat_count),
	};
	return kept(a, values, COUNT(values));
}

static struct str order_path(struct arena *a, const struct saying *x)
{
	return str_format(a, "/orders/%.*s", STR_ARG(order_number(a, x->order.number)));
}

/* ---- the slip ---- */

static enum qrbill_language slip_language(enum language l)
{
	enum qrbill_language out = QRBILL_EN;
	qrbill_language_from_tag(str_of(lang_tag(l)), &out);
	return out;
}

/* What the payer's books read: number, day and term (Swico S1). */
static struct str billing_information(struct arena *a, const struct bill *b)
{
	const struct s1 s = { .invoice_number = bill_number(a, b),
		.invoice_date = day_text(a, b->issued_day),
		.conditions = str_format(a, "0:%lld", (long long)(b->due_day - b->issued_day)) };
	return s1_write(a, &s);
}

enum status bill_as_qrbill(struct arena *a, const struct bill *b, struct qrbill *out, struct problem *why)
{
	struct qrbill_findings f = qrbill_findings_in(a);
	*out = (struct qrbill){ .account = b->account,
		.creditor = b->creditor,
		.debtor = b->debtor,
		.amount = b->amount,
		.currency = b->currency,
		.kind = b->kind,
		.reference = b->reference,
		.message =
			lang_text(a, b->language, MSG_BILL_SLIP_MESSAGE, (const struct arg[]){ arg_text("order", order_number(a, b->order_number)), { 0 } }),
		.bill_information = billing_information(a, b),
		.language = slip_language(b->language) };
	if (!b->debtor.postcode.len || !b->debtor.town.len) out->debtor = (struct qrbill_address){ 0 }; /* no whole address: the payer writes his own */
	qrbill_check(out, &f);
	if (qrbill_is_valid(&f)) return OK;
	for (size_t i = 0; i < f.count; i++)
		if (f.at[i].severity == QRBILL_ERROR) problem_add_args(why, f.at[i].said.field, f.at[i].said.message, f.at[i].said.args);
	return REFUSED;
}

/* ---- the PDF ---- */

struct str bill_file_name(struct arena *a, const struct bill *b)
{
	return lang_text(a, b->language, MSG_BILL_FILE_NAME, (const struct arg[]){ arg_text("number", bill_number(a, b)), { 0 } });
}

/* As the window shows it. */
static struct str recipient_of(struct arena *a, const struct qrbill_address *to, struct str home)
{
	struct buf b = buf_in(a);
	buf_addf(&b, "%.*s", STR_ARG(to->name));
	if (to->street.len) buf_addf(&b, "\n%.*s %.*s", STR_ARG(to->street), STR_ARG(to->house_number));
	bool is_abroad = to->country.len && !str_eq(to->country, home);
	if (to->town.len)
		buf_addf(&b, "\n%.*s%s%.*s %.*s", STR_ARG(is_abroad ? to->country : S("")), is_abroad ? "-" : "", STR_ARG(to->postcode), STR_ARG(to->town));
	return buf_str(&b);
}

static enum status template_of(struct conn *db, const struct bill *b, int64_t *id, struct problem *why)
{
	enum language l = b->language;
	enum status st = OK;
	*id = b->template;
	if (*id == 0) st = template_in_force(db, &(struct template_wanted){ b->institution, b->point_of_sale, 0, b->class }, &l, id);
	if (st == NOT_FOUND) return problem_add(why, "template", MSG_BILL_NO_TEMPLATE), REFUSED;
	return st;
}

static enum status pdf_make(
	struct conn *db, struct arena *a, struct templates *templates, const struct saying *x, struct str *out, struct problem *why)
{
	const struct bill *b = &x->bill;
	const struct template *template;
	struct qrbill qr;
	struct slip slip;
	struct docx_merged *merged;
	int64_t id;
	enum status st;
	if ((st = bill_as_qrbill(a, b, &qr, why))) return st;
	if ((st = slip_lay_out(a, &qr, SLIP_A4, SLIP_SCISSORS, &slip))) return st;
	if ((st = template_of(db, b, &id, why))) return st;
	if ((st = template_open(templates, db, id, &template, why))) return st;
	const struct docx_value link = {
		.name = S("link.url"), .kind = FIELD_URL, .text = str_format(a, "%.*s%.*s", STR_ARG(x->shop.public_url), STR_ARG(order_path(a, x)))
	};
	const struct docx_values sets[] = { values_of(a, x, IN_LETTER), { &link, 1 },
		letter_house_values(a, &x->shop, b->language, day_begins(a, b->issued_day, x->shop.house.zone)) };
	struct str language = str_of(lang_tag(b->language));
	const struct docx_letter letter = { .accent = accent_number(x->shop.accent),
		.house = x->shop.house.name,
		.recipient = recipient_of(a, &b->debtor, x->shop.house.country),
		.title = lang_text(a, b->language, MSG_BILL_TITLE, (const struct arg[]){ arg_text("number", bill_number(a, b)), { 0 } }),
		.language = language,
		.made_at = b->issued_at,
		.slip = &slip };
	st = docx_merge(a, template->docx, letter_values(a, b->class, sets, COUNT(sets)), language, &merged, why);
	if (st == OK) st = docx_print(a, merged, &letter, out, why);
	template_close(templates, template);
	return st;
}

struct keeping {
	int64_t bill;
	struct str pdf;
};

static enum status keep(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO bill_paper (bill, pdf, made_at) VALUES ($1, $2, $3) ON CONFLICT (bill) DO NOTHING");
	const struct keeping *x = arg;
	return store_exec(db, &q, int64(x->bill), blob(x->pdf), int64(store_now(db)));
}

static enum status stored(struct conn *db, struct arena *a, int64_t institution, int64_t bill, struct str *out)
{
	static const struct sql q = SQL("SELECT p.pdf FROM bill_paper p JOIN bill b ON b.id = p.bill WHERE p.bill = $1 AND b.institution = $2");
	enum status st = store_row(db, &q, int64(bill), int64(institution));
	if (st == OK) *out = col_blob(db, 0, a);
	return st;
}

enum status bill_pdf(
	struct conn *db, struct arena *a, struct templates *templates, int64_t institution, int64_t bill, struct str *out, struct problem *why)
{
	struct saying x;
	struct keeping k = { .bill = bill };
	enum status st = stored(db, a, institution, bill, out);
	if (st != NOT_FOUND) return st;
	if ((st = saying_read(db, a, institution, bill, &x))) return st;
	if ((st = pdf_make(db, a, templates, &x, &k.pdf, why))) return st;
	if ((st = store_write(db, keep, &k))) return st;
	return stored(db, a, institution, bill, out);
}

enum status bill_about(
	struct conn *db, struct arena *a, struct templates *templates, int64_t institution, int64_t bill, struct letter_about *out, struct problem *why)
{
	struct saying x;
	enum status st;
	if ((st = saying_read(db, a, institution, bill, &x))) return st;
	*out = (struct letter_about){ .values = values_of(a, &x, IN_MAIL), .path = order_path(a, &x), .file_name = bill_file_name(a, &x.bill) };
	return bill_pdf(db, a, templates, institution, bill, &out->file, why);
}
