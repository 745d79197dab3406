/* institution/administrative.c: one row, saved by one conditional statement; what holds of a bill's members the rules of formats/qrbill.h decide. */
#include "institution/administrative.h"

#include "formats/qrbill_esr.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_s1.h"
#include "institution/audit.h"

#define VAT_LENGTH_MIN 5  /* Liechtenstein's, digits alone */
#define VAT_LENGTH_MAX 14 /* of the longest in Europe */
#define UID_DIGITS	   9

static const char *const slip_names[] = { [BILL_SLIP_QR] = "qr", [BILL_SLIP_ISR] = "isr", [BILL_SLIP_BOTH] = "both" };
static const char *const reference_names[] = { [QRBILL_NON] = "none", [QRBILL_QRR] = "qrr", [QRBILL_SCOR] = "scor" };

static int written(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, str_of(names[i]))) return (int)i;
	BUG("%.*s among the administrative values", STR_ARG(name));
}

/* ---- reading ---- */

#define CREDITOR_COLUMN 11 /* of the six of its address; the house's six follow */

static struct qrbill_address address_at(struct conn *db, int column, struct arena *a)
{
	return (struct qrbill_address){ .name = col_text(db, column, a),
		.street = col_text(db, column + 1, a),
		.house_number = col_text(db, column + 2, a),
		.postcode = col_text(db, column + 3, a),
		.town = col_text(db, column + 4, a),
		.country = col_text(db, column + 5, a) };
}

enum status administrative_get(struct conn *db, struct arena *a, int64_t institution, struct administrative *out)
{
	static const struct sql q =
		SQL("SELECT i.currency, v.version, v.vat_number, v.slip, v.qr_since, v.reference, v.qr_iban, v.iban, v.bank_prefix, v.postal_account, "
			"v.days_to_pay, "
			"  v.creditor_name, v.creditor_street, v.creditor_house_number, v.creditor_postcode, v.creditor_town, v.creditor_country, "
			"  i.name, i.street, i.house_number, i.postcode, i.town, i.country, v.grace_days "
			"FROM institution i LEFT JOIN administrative_value v ON v.institution = i.id WHERE i.id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st) return st;
	struct qrbill_address entered = address_at(db, CREDITOR_COLUMN, a), house = address_at(db, CREDITOR_COLUMN + 6, a);
	*out = (struct administrative){ .currency = col_text(db, 0, a),
		.reference = QRBILL_QRR,
		.creditor = qrbill_has_address(&entered) ? entered : house,
		.creditor_is_house = !qrbill_has_address(&entered),
		.days_to_pay = DAYS_TO_PAY_DEFAULT,
		.grace_days = GRACE_DAYS_DEFAULT };
	if (col_is_null(db, 1)) return OK;
	out->version = col_int64(db, 1);
	out->vat_number = col_text(db, 2, a);
	out->slip = (enum bill_slip)written(col_text(db, 3, a), slip_names, COUNT(slip_names));
	out->qr_since = col_int64(db, 4);
	out->reference = (enum qrbill_reference_kind)written(col_text(db, 5, a), reference_names, COUNT(reference_names));
	out->qr_iban = col_text(db, 6, a);
	out->iban = col_text(db, 7, a);
	out->bank_prefix = col_text(db, 8, a);
	out->postal_account = col_text(db, 9, a);
	out->days_to_pay = col_int64(db, 10);
	out->grace_days = col_int64(db, CREDITOR_COLUMN + 12);
	return OK;
}

enum bill_slip administrative_slip_on(const struct administrative *v, int64_t day)
{
	return v->qr_since && day >= v->qr_since ? BILL_SLIP_QR : v->slip;
}

struct str administrative_account(const struct administrative *v)
{
	return v->reference == QRBILL_QRR ? v->qr_iban : v->iban;
}

void administrative_bill(const struct administrative *v, struct qrbill *bill)
{
	bill->account = administrative_account(v);
	bill->creditor = v->creditor;
	bill->currency = v->currency;
	bill->kind = v->reference;
}

/* ---- checking ---- */

/* The form's field for a member of a bill; NULL: it has none. */
static const char *field_of(const char *member)
{
	static const char *const fields[][2] = { { "creditor.name", "creditor_name" }, { "creditor.street", "creditor_street" },
		{ "creditor.house_number", "creditor_house_number" }, { "creditor.postcode", "creditor_postcode" }, { "creditor.town", "creditor_town" },
		{ "creditor.country", "creditor_country" }, { "currency", "currency" } };
	for (size_t i = 0; i < COUNT(fields); i++)
		if (str_eq(str_of(member), str_of(fields[i][0]))) return fields[i][1];
	return NULL;
}

/* What the rules of a bill say of creditor, currency and account, on a bill whose amount is open. */
static void check_bill(struct arena *a, const struct administrative *v, struct problem *why)
{
	struct qrbill_findings f = qrbill_findings_in(a);
	struct qrbill bill = { .amount = QRBILL_AMOUNT_OPEN };
	struct str reference = { 0 };
	administrative_bill(v, &bill);
	if (bill.kind == QRBILL_QRR && !qrr_build(a, v->bank_prefix, S("1"), &reference, NULL)) bill.reference = reference;
	if (bill.kind == QRBILL_SCOR && !scor_build(a, S(""), S("1"), &reference, NULL)) bill.reference = reference;
	qrbill_check(&bill, &f);
	for (size_t i = 0; i < f.count; i++) {
		const char *field = f.at[i].severity == QRBILL_ERROR ? field_of(f.at[i].said.field) : NULL;
		if (field && !problem_at(why, field)) problem_add_args(why, field, f.at[i].said.message, f.at[i].said.args);
	}
}

enum status administrative_suffices(struct arena *a, const struct administrative *v, struct problem *why)
{
	bool is_qrr = v->reference == QRBILL_QRR;
	if (!administrative_account(v).len) problem_add(why, is_qrr ? "qr_iban" : "iban", MSG_ADMINISTRATIVE_ACCOUNT_NEEDED);
	if (v->slip != BILL_SLIP_QR && !v->postal_account.len) problem_add(why, "postal_account", MSG_ADMINISTRATIVE_POSTAL_NEEDED);
	check_bill(a, v, why);
	return problem_any(why) ? REFUSED : OK;
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9') return false;
	return true;
}

/* Letters in capitals and digits; false when anything else stands there but what people put between them. */
static bool vat_compact(struct arena *a, struct str s, struct str *out)
{
	struct buf b = buf_in(a);
	struct str capitals = reference_compact(a, s);
	for (size_t i = 0; i < capitals.len; i++) {
		char c = capitals.at[i];
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) buf_add_char(&b, c);
		else if (c != '.' && c != '-') return false;
	}
	*out = buf_str(&b);
	return true;
}

/* A Swiss one by its check digit, whatever word stands behind it (MWST, TVA, IVA); other countries' by their look. */
static bool vat_read(struct arena *a, struct str typed, struct str *out)
{
	struct str s;
	if (!vat_compact(a, typed, &s)) return false;
	if (str_starts(s, S("CHE"))) {
		struct str digits = str_part(s, 3, UID_DIGITS), word = str_part(s, 3 + UID_DIGITS, s.len);
		bool is_word = !word.len || str_eq(word, S("MWST")) || str_eq(word, S("TVA")) || str_eq(word, S("IVA")) || str_eq(word, S("VAT"));
		if (!is_word || !s1_uid_is_valid(digits)) return false;
		*out = str_format(a, "CHE-%.3s.%.3s.%.3s", digits.at, digits.at + 3, digits.at + 6);
		return true;
	}
	*out = s;
	return s.len == 0 || (s.len >= VAT_LENGTH_MIN && s.len <= VAT_LENGTH_MAX);
}

/* Accounts that stand there must be right, and the one that bills are paid to must stand there as soon as the other does. */
static void check_accounts(const struct administrative *v, struct problem *why)
{
	bool is_qrr = v->reference == QRBILL_QRR;
	if (v->qr_iban.len && (!iban_is_usable(v->qr_iban) || !iban_is_qr(v->qr_iban))) problem_add(why, "qr_iban", MSG_ADMINISTRATIVE_QR_IBAN);
	if (v->iban.len && !iban_is_usable(v->iban)) problem_add(why, "iban", MSG_ADMINISTRATIVE_IBAN);
	else if (v->iban.len && iban_is_qr(v->iban)) problem_add(why, "iban", MSG_ADMINISTRATIVE_IBAN_IS_QR);
	if (is_qrr && v->iban.len && !v->qr_iban.len) problem_add(why, "qr_iban", MSG_ADMINISTRATIVE_ACCOUNT_NEEDED);
	if (!is_qrr && v->qr_iban.len && !v->iban.len) problem_add(why, "iban", MSG_ADMINISTRATIVE_ACCOUNT_NEEDED);
	if (!is_digits(v->bank_prefix) || v->bank_prefix.len > BANK_PREFIX_MAX)
		problem_add(why, "bank_prefix", MSG_ADMINISTRATIVE_PREFIX, arg_int("n", BANK_PREFIX_MAX));
	if (v->slip != BILL_SLIP_QR && !v->postal_account.len) problem_add(why, "postal_account", MSG_ADMINISTRATIVE_POSTAL_NEEDED);
}

static void check_days(const struct administrative *v, struct problem *why)
{
	if (v->days_to_pay < 0 || v->days_to_pay > DAYS_TO_PAY_MAX)
		problem_add(why, "days_to_pay", MSG_ADMINISTRATIVE_DAYS, arg_int("n", DAYS_TO_PAY_MAX));
	if (v->grace_days < 0 || v->grace_days > GRACE_DAYS_MAX) problem_add(why, "grace_days", MSG_ADMINISTRATIVE_DAYS, arg_int("n", GRACE_DAYS_MAX));
}

/* V as it is stored. */
static enum status clean(struct arena *a, struct administrative *v, struct problem *why)
{
	v->qr_iban = reference_compact(a, v->qr_iban);
	v->iban = reference_compact(a, v->iban);
	v->bank_prefix = reference_compact(a, v->bank_prefix);
	if (!vat_read(a, v->vat_number, &v->vat_number)) problem_add(why, "vat_number", MSG_ADMINISTRATIVE_VAT);
	if (v->postal_account.len && !esr_participant(a, v->postal_account, &v->postal_account))
		problem_add(why, "postal_account", MSG_ADMINISTRATIVE_POSTAL);
	check_accounts(v, why);
	check_days(v, why);
	if (v->qr_iban.len || v->iban.len || !v->creditor_is_house) check_bill(a, v, why);
	return problem_any(why) ? REFUSED : OK;
}

/* ---- saving ---- */

#define AUDIT_VALUES 17

static const struct audit_value *audit_values(struct arena *a, const struct administrative *v)
{
	struct str since = v->qr_since ? str_format(a, "%lld", (long long)v->qr_since) : S("");
	const struct audit_value values[AUDIT_VALUES] = { { "vat_number", v->vat_number }, { "slip", str_of(slip_names[v->slip]) }, { "qr_since", since },
		{ "reference", str_of(reference_names[v->reference]) }, { "qr_iban", v->qr_iban }, { "iban", v->iban }, { "bank_prefix", v->bank_prefix },
		{ "postal_account", v->postal_account }, { "creditor_name", v->creditor.name }, { "creditor_street", v->creditor.street },
		{ "creditor_house_number", v->creditor.house_number }, { "creditor_postcode", v->creditor.postcode }, { "creditor_town", v->creditor.town },
		{ "creditor_country", v->creditor.country }, { "days_to_pay", str_format(a, "%lld", (long long)v->days_to_pay) },
		{ "grace_days", str_format(a, "%lld", (long long)v->grace_days) }, { NULL, { 0 } } };
	struct audit_value *kept = ARENA_ARRAY(a, struct audit_value, AUDIT_VALUES);
	for (size_t i = 0; i < AUDIT_VALUES; i++) kept[i] = values[i];
	return kept;
}

static enum status write(struct conn *db, int64_t institution, const struct administrative *v)
{
	static const struct sql q = SQL(
		"INSERT INTO administrative_value (institution, version, vat_number, slip, qr_since, reference, qr_iban, iban, bank_prefix, postal_account, "
		"  creditor_name, creditor_street, creditor_house_number, creditor_postcode, creditor_town, creditor_country, days_to_pay, grace_days) "
		"VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) "
		"ON CONFLICT (institution) DO UPDATE SET version = excluded.version, vat_number = excluded.vat_number, slip = excluded.slip, "
		"  qr_since = excluded.qr_since, reference = excluded.reference, qr_iban = excluded.qr_iban, iban = excluded.iban, "
		"  bank_prefix = excluded.bank_prefix, postal_account = excluded.postal_account, creditor_name = excluded.creditor_name, "
		"  creditor_street = excluded.creditor_street, creditor_house_number = excluded.creditor_house_number, "
		"  creditor_postcode = excluded.creditor_postcode, creditor_town = excluded.creditor_town, creditor_country = excluded.creditor_country, "
		"  days_to_pay = excluded.days_to_pay, grace_days = excluded.grace_days WHERE administrative_value.version = $2");
	static const struct qrbill_address none = { 0 };
	const struct qrbill_address *c = v->creditor_is_house ? &none : &v->creditor;
	return store_exec(db, &q, int64(institution), int64(v->version), text(v->vat_number), text(str_of(slip_names[v->slip])),
		v->qr_since ? int64(v->qr_since) : null_value(), text(str_of(reference_names[v->reference])), text(v->qr_iban), text(v->iban),
		text(v->bank_prefix), text(v->postal_account), text(c->name), text(c->street), text(c->house_number), text(c->postcode), text(c->town),
		text(c->country), int64(v->days_to_pay), int64(v->grace_days));
}

static bool is_same(const struct qrbill_address *a, const struct qrbill_address *b)
{
	return str_eq(a->name, b->name) && str_eq(a->street, b->street) && str_eq(a->house_number, b->house_number) && str_eq(a->postcode, b->postcode) &&
		   str_eq(a->town, b->town) && str_eq(a->country, b->country);
}

/* The house's own name and address. */
static enum status house_address(struct conn *db, struct arena *a, int64_t institution, struct qrbill_address *out)
{
	static const struct sql q = SQL("SELECT name, street, house_number, postcode, town, country FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *out = address_at(db, 0, a);
	return st;
}

enum status administrative_save(struct conn *db, struct arena *a, const struct actor *who, const struct administrative *v, struct problem *why)
{
	struct administrative before, after = *v;
	struct qrbill_address house;
	enum status st;
	if ((st = administrative_get(db, a, who->institution, &before))) return st;
	if ((st = house_address(db, a, who->institution, &house))) return st;
	after.currency = before.currency;
	after.creditor_is_house = !qrbill_has_address(&after.creditor) || is_same(&after.creditor, &house);
	if (after.creditor_is_house) after.creditor = house;
	if ((st = clean(a, &after, why))) return st;
	if ((st = write(db, who->institution, &after))) return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	const struct audit_value *was = before.version ? audit_values(a, &before) : NULL;
	return audit_note(
		db, a, who, &(const struct audit_record){ "administrative-values-changed", "institution", who->institution, was, audit_values(a, &after) });
}
