/* tests/fuzz/qrbill_slip.c: what the rules let through can be drawn, in every size and format, and is read back from the picture's own text. */
#include "formats/pdf.h"
#include "formats/qrbill_slip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes up to the next NUL, as Latin-1 and its neighbours: every two-byte letter of UTF-8 has a chance. */
static struct str field(struct arena *a, struct str *rest)
{
	struct str piece = S("");
	struct buf b = buf_in(a);
	str_next(rest, '\0', &piece);
	for (size_t i = 0; i < piece.len; i++) {
		unsigned char c = (unsigned char)piece.at[i];
		if (c < 0x80) buf_add_char(&b, piece.at[i]);
		else buf_addf(&b, "%c%c", 0xc2 + (c & 3), 0x80 | (c >> 2 & 0x3f));
	}
	return buf_str(&b);
}

static struct qrbill_address address(struct arena *a, struct str *rest)
{
	struct str name = field(a, rest), street = field(a, rest), number = field(a, rest), postcode = field(a, rest), town = field(a, rest);
	return (struct qrbill_address){ name, street, number, postcode, town, name.len ? S("CH") : S("") };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) return 0;
	struct arena *a = arena_new();
	struct str rest = { (const char *)data + 2, size - 2 };
	struct qrbill bill = { .account = S("CH5604835012345678009"), .currency = S("CHF"), .amount = data[0] * 1000 - 1, .kind = QRBILL_NON };
	struct qrbill_findings f = qrbill_findings_in(a);
	bill.creditor = address(a, &rest);
	bill.debtor = address(a, &rest);
	bill.message = field(a, &rest);
	bill.schemes[0] = field(a, &rest);
	bill.scheme_count = bill.schemes[0].len > 0;
	bill.language = (enum qrbill_language)(data[1] % QRBILL_LANGUAGES);
	qrbill_check(&bill, &f);
	if (qrbill_is_valid(&f)) {
		struct slip s;
		if (slip_lay_out(a, &bill, (enum slip_size)(data[1] >> 4 & 3), (enum slip_separation)(data[1] >> 6), &s)) BUG("valid, and not laid out");
		struct pdf *p = pdf_new(a);
		slip_pdf(p, &s);
		pdf_finish(p);
		if (!str_ends(pdf_take(p), S("%%EOF\n"))) BUG("a document without end");
		if (!str_is_text(slip_svg(a, &s))) BUG("an SVG that is no text");
		if (slip_png(a, &s, SLIP_DPI_MIN).len == 0) BUG("no picture");
	}
	arena_free(a);
	return 0;
}
