/* tests/fuzz/qrbill_s1.c: any text is read as billing information within bounds; what was read is written and read again as the same.
 * Code lines and references too, which are as small. */
#include "formats/qrbill_esr.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_s1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct str bytes = { (const char *)data, size };
	struct str text = str_format(a, "//S1/%.*s", STR_ARG(bytes)), out;
	struct qrbill_findings f = qrbill_findings_in(a);
	struct s1 s, again;
	struct esr e;
	int64_t sum;
	s1_read(text, &s, &f);
	struct str written = s1_write(a, &s);
	if (written.len && (!s1_read(written, &again, &f) || !str_eq(written, s1_write(a, &again)))) BUG("S1 is not read as it was written");
	s1_sum_differs(&s, 100, &sum);
	if (esr_read(a, bytes, &e, NULL) == OK && (esr_write(a, &e, &out, NULL) || esr_read(a, out, &e, NULL)))
		BUG("a code line is not read as it was written");
	struct str compact = reference_compact(a, bytes);
	if (iban_is_usable(compact) && !iban_is_valid(compact)) BUG("an account is usable and not valid");
	if (scor_build(a, S(""), bytes, &out, NULL) == OK && !scor_is_valid(out)) BUG("a creditor reference is built wrongly");
	if (qrr_build(a, S(""), bytes, &out, NULL) == OK && !qrr_is_valid(out)) BUG("a QR reference is built wrongly");
	arena_free(a);
	return 0;
}
