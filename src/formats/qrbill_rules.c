/* formats/qrbill_rules.c: the rules that hold of a bill, whether it is to be written or was read. A row or a function each, named by their numbers. */
#include "formats/qrbill_rules.h"

#include <string.h>

#include "base/country.h"
#include "formats/qrbill_postcode.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_s1.h"
#include "formats/qrbill_text.h"

#define AT(member) offsetof(struct qrbill, member)

const struct qrbill_text_field qrbill_text_fields[QRBILL_TEXT_FIELDS] = {
	{ "account", AT(account), 4, 10, 0, false },
	{ "creditor.name", AT(creditor.name), 6, 13, 70, true },
	{ "creditor.street", AT(creditor.street), 7, 14, QRBILL_STREET_MAX, false },
	{ "creditor.house_number", AT(creditor.house_number), 8, 15, QRBILL_HOUSE_NUMBER_MAX, false },
	{ "creditor.postcode", AT(creditor.postcode), 9, 16, 16, true },
	{ "creditor.town", AT(creditor.town), 10, 17, 35, true },
	{ "creditor.country", AT(creditor.country), 11, 18, 0, false },
	{ "currency", AT(currency), 20, 22, 0, false },
	{ "debtor.name", AT(debtor.name), 22, 13, 70, true },
	{ "debtor.street", AT(debtor.street), 23, 14, QRBILL_STREET_MAX, false },
	{ "debtor.house_number", AT(debtor.house_number), 24, 15, QRBILL_HOUSE_NUMBER_MAX, false },
	{ "debtor.postcode", AT(debtor.postcode), 25, 16, 16, true },
	{ "debtor.town", AT(debtor.town), 26, 17, 35, true },
	{ "debtor.country", AT(debtor.country), 27, 18, 0, false },
	{ "reference", AT(reference), 29, 31, 0, false },
	{ "message", AT(message), 30, 40, 140, false },
	{ "bill_information", AT(bill_information), 32, 42, 140, false },
	{ "alternative_schemes[0]", AT(schemes[0]), 33, 43, QRBILL_SCHEME_MAX, false },
	{ "alternative_schemes[1]", AT(schemes[1]), 34, 43, QRBILL_SCHEME_MAX, false },
};

#define MESSAGE_AND_INFORMATION_MAX 140 /* R40 */
#define COMBINED_LINE_MAX			70	/* of the guidelines 2.2, for postcode and town together */
#define CREDITOR_LINE				6	/* of the name */
#define DEBTOR_LINE					22
#define TYPE_LINE					28
#define AMOUNT_LENGTH_MAX			12

struct str *qrbill_text_at(struct qrbill *bill, const struct qrbill_text_field *field)
{
	return (struct str *)((char *)bill + field->offset);
}

bool qrbill_is_debtor_field(const struct qrbill_text_field *field)
{
	return field->line >= DEBTOR_LINE && field->line < DEBTOR_LINE + QRBILL_ADDRESS_FIELDS;
}

bool qrbill_amount_read(struct str text, int64_t *amount)
{
	if (text.len < 4 || text.len > AMOUNT_LENGTH_MAX || text.at[text.len - 3] != '.') return false;
	if (text.at[0] == '0' && text.len > 4) return false; /* a leading zero */
	int64_t cents = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (i == text.len - 3) continue;
		if (text.at[i] < '0' || text.at[i] > '9') return false;
		cents = cents * 10 + (text.at[i] - '0');
	}
	*amount = cents;
	return true;
}

/* ---- R10, R13 to R18: single members ---- */

/* A hostile text is not repeated whole. */
static struct arg found(struct str s)
{
	enum { FOUND_MAX = 40 };
	size_t len = s.len;
	if (len > FOUND_MAX)
		for (len = FOUND_MAX; len && ((unsigned char)s.at[len] & 0xc0) == 0x80;) len--;
	return arg_text("found", str_part(s, 0, len));
}

static void rule_lengths(struct qrbill *bill, struct qrbill_exceptions but, struct qrbill_findings *f)
{
	bool has_debtor = qrbill_has_address(&bill->debtor);
	for (size_t i = 0; i < COUNT(qrbill_text_fields); i++) {
		const struct qrbill_text_field *field = &qrbill_text_fields[i];
		struct str text = *qrbill_text_at(bill, field);
		int64_t points = (int64_t)str_points(text);
		bool is_debtor = qrbill_is_debtor_field(field), is_combined = is_debtor ? but.debtor_is_combined : but.creditor_is_combined;
		int max = field->rule == 17 && is_combined && but.is_combined_refused ? COMBINED_LINE_MAX : field->max;
		if (is_debtor && !has_debtor) continue;
		if (max && points > max)
			qrbill_find(f, field->rule, QRBILL_ERROR, field->line, field->path, MSG_QRBILL_TOO_LONG, arg_int("max", max), arg_int("length", points));
		if (field->is_required && text.len == 0) qrbill_find(f, field->rule, QRBILL_ERROR, field->line, field->path, MSG_QRBILL_MISSING);
	}
}

static void rule_account(const struct qrbill *bill, struct qrbill_exceptions but, struct qrbill_findings *f)
{
	if (but.is_account_known || iban_is_usable(bill->account)) return;
	if (bill->account.len == 0) qrbill_find(f, 10, QRBILL_ERROR, 4, "account", MSG_QRBILL_MISSING);
	else qrbill_find(f, 10, QRBILL_ERROR, 4, "account", MSG_QRBILL_ACCOUNT, found(bill->account));
}

/* The path of a member of the address whose name stands on LINE. */
static const char *path_of(int line, int rule)
{
	for (size_t i = 0; i < COUNT(qrbill_text_fields); i++)
		if (qrbill_text_fields[i].rule == rule && qrbill_text_fields[i].line >= line && qrbill_text_fields[i].line < line + QRBILL_ADDRESS_FIELDS)
			return qrbill_text_fields[i].path;
	BUG("no member of rule %d at line %d", rule, line);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Words before a number that make it one of a post office box. */
static bool is_box(struct str word)
{
	static const char *const words[] = { "postfach", "postale", "postal", "box", "pf", "cp", "fach" };
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq_nocase(word, str_of(words[i]))) return true;
	return false;
}

/* R15, for a street without a house number of its own: whether it seems to hold one, as its last word ("Rue examplaire 22a", "Weg 22 a") or as its
 * first ("12, rue du Lac"). */
static bool street_has_number(struct str street)
{
	struct str rest = street, word, last = S(""), before = S(""), first = S("");
	size_t words = 0;
	while (str_next(&rest, ' ', &word)) {
		if (words++ == 0) first = word;
		before = last;
		last = word;
	}
	if (words < 2) return false;
	if (last.len == 1 && !is_digit(last.at[0]) && before.len && is_digit(before.at[0])) return words > 2; /* "22 a" */
	if (last.len && is_digit(last.at[0]) && !str_ends(last, S("."))) return !is_box(before);
	if (first.len && first.at[first.len - 1] == ',') first.len--;
	for (size_t i = 0; i < first.len; i++)
		if (!is_digit(first.at[i])) return false;
	return first.len > 0;
}

static void rule_address(const struct qrbill_address *a, int line, bool is_combined, struct qrbill_findings *f)
{
	if (!is_combined && a->house_number.len == 0 && street_has_number(a->street))
		qrbill_find(f, 15, QRBILL_WARNING, line + 1, path_of(line, 14), MSG_QRBILL_NUMBER_IN_STREET, found(a->street));
	if (qrbill_postcode_has_country(a->postcode, a->country))
		qrbill_find(f, 16, QRBILL_ERROR, line + 3, path_of(line, 16), MSG_QRBILL_POSTCODE_PREFIX, found(a->postcode));
	if (a->country.len == 0) qrbill_find(f, 18, QRBILL_ERROR, line + 5, path_of(line, 18), MSG_QRBILL_MISSING);
	else if (!country_known(a->country)) qrbill_find(f, 18, QRBILL_ERROR, line + 5, path_of(line, 18), MSG_QRBILL_COUNTRY, found(a->country));
}

/* ---- R20 to R22: money ---- */

/* R21: in the four languages of the guidelines; Romansh has none that counts. */
static bool is_notice(struct str message)
{
	static const char *const notices[] = { "NICHT ZUR ZAHLUNG VERWENDEN", "NE PAS UTILISER POUR LE PAIEMENT", "NON UTILIZZARE PER IL PAGAMENTO",
		"DO NOT USE FOR PAYMENT" };
	for (size_t i = 0; i < COUNT(notices); i++)
		if (str_eq(message, str_of(notices[i]))) return true;
	return false;
}

static bool is_found(const struct qrbill_findings *f, int rule)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->at[i].rule == rule) return true;
	return false;
}

/* An amount that could not be read never becomes an open one: its reader has found that, or it is found here. */
static void rule_money(const struct qrbill *bill, struct qrbill_findings *f)
{
	if (bill->amount > QRBILL_AMOUNT_MAX || bill->amount < QRBILL_AMOUNT_OPEN) {
		if (!is_found(f, 20)) qrbill_find(f, 20, QRBILL_ERROR, 19, "amount", MSG_QRBILL_AMOUNT, found(qrbill_amount_text(f->arena, bill->amount)));
	} else if (bill->amount == 0 && !is_notice(bill->message)) {
		qrbill_find(f, 21, QRBILL_ERROR, 19, "amount", MSG_QRBILL_AMOUNT_ZERO);
	} else if (bill->amount != 0 && is_notice(bill->message)) {
		qrbill_find(f, 21, QRBILL_ERROR, 30, "message", MSG_QRBILL_NOTICE_WITH_AMOUNT);
	}
	if (bill->currency.len == 0) qrbill_find(f, 22, QRBILL_ERROR, 20, "currency", MSG_QRBILL_MISSING);
	else if (!str_eq(bill->currency, S("CHF")) && !str_eq(bill->currency, S("EUR")))
		qrbill_find(f, 22, QRBILL_ERROR, 20, "currency", MSG_QRBILL_CURRENCY, found(bill->currency));
}

/* ---- R30 to R33: references ---- */

static bool is_domestic(struct str account)
{
	return account.len == QRBILL_IBAN_LENGTH && (str_starts(account, S("CH")) || str_starts(account, S("LI")));
}

static void rule_reference(const struct qrbill *bill, struct qrbill_exceptions but, struct qrbill_findings *f)
{
	bool is_qr = iban_is_qr(bill->account);
	if (but.is_reference_kind_known || !is_domestic(bill->account)) {
		/* what does not hold is told already */
	} else if (is_qr && bill->kind != QRBILL_QRR) {
		qrbill_find(f, 30, QRBILL_ERROR, TYPE_LINE, "reference", MSG_QRBILL_QR_IBAN_NEEDS_QRR);
	} else if (!is_qr && bill->kind == QRBILL_QRR) {
		qrbill_find(f, 30, QRBILL_ERROR, TYPE_LINE, "reference", MSG_QRBILL_QRR_NEEDS_QR_IBAN);
	}
	switch (bill->kind) {
	case QRBILL_QRR:
		if (!qrr_is_valid(bill->reference)) qrbill_find(f, 31, QRBILL_ERROR, 29, "reference", MSG_QRBILL_REFERENCE_QRR, found(bill->reference));
		break;
	case QRBILL_SCOR:
		if (!scor_is_valid(bill->reference)) qrbill_find(f, 32, QRBILL_ERROR, 29, "reference", MSG_QRBILL_REFERENCE_SCOR, found(bill->reference));
		break;
	case QRBILL_NON:
		if (bill->reference.len) qrbill_find(f, 33, QRBILL_ERROR, 29, "reference", MSG_QRBILL_REFERENCE_NON, found(bill->reference));
	}
}

/* ---- R40 to R45: what follows ---- */

static bool is_alphanumeric(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void rule_information(const struct qrbill *bill, struct qrbill_findings *f)
{
	struct str info = bill->bill_information;
	int64_t message = (int64_t)str_points(bill->message), points = (int64_t)str_points(info);
	if (message <= MESSAGE_AND_INFORMATION_MAX && message + points > MESSAGE_AND_INFORMATION_MAX)
		qrbill_find(f, 40, QRBILL_ERROR, 30, "message", MSG_QRBILL_MESSAGE_SUM, arg_int("max", MESSAGE_AND_INFORMATION_MAX),
			arg_int("length", message + points));
	if (info.len == 0) return;
	if (!str_starts(info, S("//")) || info.len < 4 || !is_alphanumeric(info.at[2]) || !is_alphanumeric(info.at[3]))
		qrbill_find(f, 42, QRBILL_ERROR, 32, "bill_information", MSG_QRBILL_INFORMATION, found(info));
}

/* What S1's own rules say of billing information within R42's length, and whether its sum is the bill's. */
static void rule_s1(const struct qrbill *bill, struct qrbill_exceptions but, struct qrbill_findings *f)
{
	struct qrbill_findings own = qrbill_findings_in(f->arena);
	struct s1 s;
	int64_t sum;
	if (!str_starts(bill->bill_information, S("//S1/")) || str_points(bill->bill_information) > MESSAGE_AND_INFORMATION_MAX) return;
	s1_read(bill->bill_information, &s, &own);
	for (size_t i = 0; i < own.count && !but.is_syntax_opaque; i++)
		qrbill_find_args(f, QRBILL_RULE_S1, QRBILL_WARNING, 32, "bill_information", own.at[i].said.message, own.at[i].said.args);
	if (bill->amount > 0 && s1_sum_differs(&s, bill->amount, &sum))
		qrbill_find(f, QRBILL_RULE_S1, QRBILL_WARNING, 32, "bill_information", MSG_QRBILL_S1_SUM, arg_text("sum", qrbill_amount_text(f->arena, sum)),
			arg_text("amount", qrbill_amount_text(f->arena, bill->amount)));
}

void qrbill_rules(struct qrbill *bill, struct qrbill_exceptions but, size_t bytes, struct qrbill_findings *f)
{
	rule_lengths(bill, but, f);
	rule_account(bill, but, f);
	rule_address(&bill->creditor, CREDITOR_LINE, but.creditor_is_combined, f);
	if (qrbill_has_address(&bill->debtor)) rule_address(&bill->debtor, DEBTOR_LINE, but.debtor_is_combined, f);
	rule_money(bill, f);
	rule_reference(bill, but, f);
	rule_information(bill, f);
	rule_s1(bill, but, f);
	if (bytes > QRBILL_PAYLOAD_MAX)
		qrbill_find(f, 45, QRBILL_ERROR, 0, "", MSG_QRBILL_BYTES, arg_int("max", QRBILL_PAYLOAD_MAX), arg_int("bytes", (int64_t)bytes));
}

/* ---- cleaning, for writers ---- */

/* R06 and R07 of one member. Text that isn't UTF-8 can only come from a caller's mistake: JSON and forms are checked where they are read. */
static void clean(struct str *text, const struct qrbill_text_field *field, struct qrbill_findings *f)
{
	struct qrbill_cleaning what;
	*text = qrbill_text_clean(f->arena, *text, &what);
	if (what.is_illegible && field->max && field->line < TYPE_LINE)
		qrbill_find(f, 6, QRBILL_ERROR, field->line, field->path, MSG_QRBILL_ILLEGIBLE, arg_text("replaced", what.replaced));
	else if (what.replaced.len) qrbill_find(f, 6, QRBILL_WARNING, field->line, field->path, MSG_QRBILL_REPLACED, arg_text("replaced", what.replaced));
	if (what.had_surplus_blanks) qrbill_find(f, 7, QRBILL_WARNING, field->line, field->path, MSG_QRBILL_BLANKS);
}

/* Blanks within a number are told before they go. */
static void compact(struct str *text, int rule, int line, const char *path, struct qrbill_findings *f)
{
	struct str without = reference_unspaced(f->arena, *text);
	if (without.len != text->len) qrbill_find(f, rule, QRBILL_WARNING, line, path, MSG_QRBILL_BLANKS_WITHIN);
	*text = without;
}

void qrbill_check(struct qrbill *bill, struct qrbill_findings *f)
{
	for (size_t i = 0; i < COUNT(qrbill_text_fields); i++) clean(qrbill_text_at(bill, &qrbill_text_fields[i]), &qrbill_text_fields[i], f);
	compact(&bill->account, 10, 4, "account", f);
	compact(&bill->reference, 7, 29, "reference", f);
	bill->account = reference_compact(f->arena, bill->account);
	if (bill->kind == QRBILL_SCOR) bill->reference = reference_capital(f->arena, bill->reference);
	bill->creditor.country = reference_capital(f->arena, bill->creditor.country);
	bill->debtor.country = reference_capital(f->arena, bill->debtor.country);
	bill->currency = reference_capital(f->arena, bill->currency);
	while (bill->scheme_count && bill->schemes[bill->scheme_count - 1].len == 0) bill->scheme_count--;
	qrbill_rules(bill, (struct qrbill_exceptions){ 0 }, qrbill_payload(f->arena, bill).len, f);
	qrbill_findings_sort(f);
}
