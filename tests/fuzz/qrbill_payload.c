/* tests/fuzz/qrbill_payload.c: any bytes are read as a bill within bounds; what is found valid is written and read again as the same text, and a
 * writer's cleaning holds whatever it is given. */
#include "formats/qrbill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct qrbill bill = { .language = QRBILL_EN }, again = bill, cleaned;
	struct str text = { (const char *)data, size };
	struct qrbill_findings f = qrbill_findings_in(a), g = qrbill_findings_in(a), h = qrbill_findings_in(a);
	qrbill_read(text, QRBILL_LENIENT, &bill, &f);
	cleaned = bill;
	qrbill_check(&cleaned, &g);
	if (qrbill_is_valid(&g)) {
		struct str written = qrbill_payload(a, &cleaned);
		if (written.len > QRBILL_PAYLOAD_MAX) BUG("a valid bill of %zu bytes", written.len);
		qrbill_read(written, QRBILL_STRICT, &again, &h);
		if (!qrbill_is_valid(&h) || !str_eq(written, qrbill_payload(a, &again))) BUG("a valid bill is read as another one");
	}
	for (size_t i = 1; i < f.count; i++)
		if (f.at[i - 1].rule > f.at[i].rule) BUG("findings out of order");
	arena_free(a);
	return 0;
}
