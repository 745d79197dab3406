/* office/test_bill.c: a bill on the screen, made of the house's administrative values, and read back from its picture by the program's own reader, so that a wrong
 * account shows here and not with the first buyer. Nothing of it is stored. */
#include "formats/qrbill_reference.h"
#include "formats/qrbill_scan.h"
#include "formats/qrbill_slip.h"
#include "office/administrative.h"

#define TEST_AMOUNT 12300 /* cents */
#define TEST_DPI	150	  /* a module has six pixels */

/* REFUSED when V does not suffice. */
static enum status bill_of(struct request *r, const struct administrative *v, struct qrbill *out)
{
	static const enum qrbill_language languages[] = { [LANG_EN] = QRBILL_EN, [LANG_FR] = QRBILL_FR, [LANG_DE] = QRBILL_DE, [LANG_IT] = QRBILL_IT };
	struct arena *a = r->arena;
	struct problem ignored = problem_in(a);
	struct qrbill_findings f = qrbill_findings_in(a);
	*out = (struct qrbill){
		.amount = TEST_AMOUNT, .language = languages[r->language], .message = lang_text(a, r->language, MSG_TEST_BILL_MESSAGE, NULL)
	};
	administrative_bill(v, out);
	out->debtor = (struct qrbill_address){ S("Jeanne Rochat"), S("Rue du Lac"), S("7"), S("1006"), S("Lausanne"), S("CH") };
	if (administrative_suffices(a, v, &ignored)) return REFUSED;
	if (out->kind == QRBILL_QRR && qrr_build(a, v->bank_prefix, S("2026000001"), &out->reference, &ignored)) return REFUSED;
	if (out->kind == QRBILL_SCOR && scor_build(a, S(""), S("2026000001"), &out->reference, &ignored)) return REFUSED;
	qrbill_check(out, &f);
	return qrbill_is_valid(&f) ? OK : REFUSED;
}

/* Draws the symbol as a picture and reads that. */
static bool read_back(struct arena *a, const struct qrbill *bill, struct qrbill *out)
{
	struct slip slip;
	struct str *codes;
	size_t count;
	struct problem ignored = problem_in(a);
	struct qrbill_findings f = qrbill_findings_in(a);
	if (slip_lay_out(a, bill, SLIP_CODE, SLIP_NO_LINES, &slip)) return false;
	if (qrbill_scan_png(a, slip_png(a, &slip, TEST_DPI), &codes, &count, &ignored) || count != 1) return false;
	qrbill_read(codes[0], QRBILL_STRICT, out, &f);
	return qrbill_is_valid(&f);
}

struct test_bill test_bill(struct request *r, const struct office_page *p, const struct administrative *v)
{
	struct arena *a = r->arena;
	struct qrbill written, read = { 0 };
	if (bill_of(r, v, &written)) return (struct test_bill){ 0 };
	bool is_readable = read_back(a, &written, &read);
	struct str payload = qrbill_payload(a, &written);
	return (struct test_bill){ .is_there = true,
		.is_right = is_readable && str_eq(payload, qrbill_payload(a, &read)),
		.picture = office_link_with(p, "/institution/administrative-values/bill.svg", "v", str_format(a, "%lld", (long long)v->version)),
		.account = iban_grouped(a, read.account),
		.reference = reference_grouped(a, read.kind, read.reference),
		.creditor = str_format(a, "%.*s, %.*s %.*s", STR_ARG(read.creditor.name), STR_ARG(read.creditor.postcode), STR_ARG(read.creditor.town)),
		.amount = lang_amount(a, r->language, read.amount, read.currency) };
}

struct response office_test_bill(struct request *r)
{
	struct administrative v;
	struct qrbill bill;
	struct slip slip;
	if (administrative_get(r->db, r->arena, actor_of(r)->institution, &v)) return error_answer(r, 503);
	if (bill_of(r, &v, &bill) || slip_lay_out(r->arena, &bill, SLIP_PAYMENT_PART, SLIP_NO_LINES, &slip)) return error_answer(r, 404);
	return response_bytes(r, 200, "image/svg+xml", slip_svg(r->arena, &slip));
}
