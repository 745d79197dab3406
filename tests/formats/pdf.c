/* tests/formats/pdf.c: documents whose table is right, whose text is there, and which stay small; tests/oracles lets other programs judge them. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "formats/pdf.h"
#include "formats/qrbill_slip.h"

static struct qrbill a_bill(void)
{
	return (struct qrbill){ .account = S("CH4431999123000889012"),
		.creditor = { S("Theater am Hafen"), S("Quai"), S("3"), S("8001"), S("Zürich"), S("CH") },
		.debtor = { S("Pia Rutschmann"), S("Marktgasse"), S("28"), S("9400"), S("Rorschach"), S("CH") },
		.amount = 194975,
		.currency = S("CHF"),
		.kind = QRBILL_QRR,
		.reference = S("210000000003139471430009017"),
		.message = S("Abonnement 2026/27") };
}

static struct str document(size_t pages)
{
	struct pdf *p = pdf_new(mem);
	struct buf out = buf_in(mem);
	struct qrbill bill = a_bill();
	for (size_t i = 0; i < pages; i++) {
		struct slip s;
		bill.amount = (int64_t)i + 1;
		assert_status(slip_lay_out(mem, &bill, SLIP_ALONE, SLIP_SCISSORS, &s), OK);
		slip_pdf(p, &s);
		buf_add(&out, pdf_take(p));
	}
	pdf_finish(p);
	buf_add(&out, pdf_take(p));
	return buf_str(&out);
}

static struct str after(struct str s, const char *mark)
{
	ptrdiff_t at = str_find(s, str_of(mark));
	if (at < 0) fail_msg("no %s", mark);
	return str_part(s, (size_t)at + strlen(mark), s.len);
}

static struct str inflated(struct str stream)
{
	uLongf len = 1 << 20;
	char *out = arena_alloc(mem, len);
	uLong used = stream.len;
	assert_int_equal(uncompress2((Bytef *)out, &len, (const Bytef *)stream.at, &used), Z_OK);
	return (struct str){ out, len };
}

/* The first page's operators. */
static struct str operators(struct str pdf)
{
	return inflated(after(after(pdf, "/Filter/FlateDecode>>"), "stream\n"));
}

TEST(the_table_says_where_each_object_begins)
{
	struct str pdf = document(3);
	size_t table = strtoul(str_c(mem, after(pdf, "startxref\n")), NULL, 10);
	struct str rest = str_part(pdf, table, pdf.len);
	assert_true(str_starts(rest, S("xref\n0 ")));
	size_t count = strtoul(str_c(mem, after(rest, "xref\n0 ")), NULL, 10);
	assert_int_equal(count, 1 + 3 + 2 * 3 + 2 * 5);
	const char *row = after(after(rest, "xref\n0 "), "\n").at;
	for (size_t i = 1; i < count; i++) {
		struct str at = str_part(pdf, strtoul(row + 20 * i, NULL, 10), pdf.len);
		struct str begin = str_format(mem, "%zu 0 obj\n", i);
		if (!str_starts(at, begin)) fail_msg("object %zu does not begin where the table says", i);
	}
}

TEST(fonts_are_embedded_once_and_only_where_there_is_text)
{
	struct str one = document(1), many = document(100);
	assert_true(one.len < 35 * 1000);
	assert_true((many.len - one.len) / 99 < 8 * 1000);
	struct str rest = many, ignored;
	size_t files = 0;
	while (str_find(rest, S("/FontFile2")) >= 0) rest = after(rest, "/FontFile2"), files++;
	assert_int_equal(files, 2);

	struct pdf *p = pdf_new(mem);
	struct qrbill bill = a_bill();
	struct slip s;
	assert_status(slip_lay_out(mem, &bill, SLIP_CODE, SLIP_NO_LINES, &s), OK);
	slip_pdf(p, &s);
	pdf_finish(p);
	ignored = pdf_take(p);
	assert_true(str_find(ignored, S("/FontFile2")) < 0);
	assert_true(ignored.len < 5 * 1000);
}

TEST(the_same_pages_give_the_same_bytes)
{
	assert_true(str_eq(document(2), document(2)));
}

TEST(glyphs_whose_numbers_are_delimiters_are_escaped)
{
	struct pdf *p = pdf_new(mem);
	struct buf all = buf_in(mem);
	/* Every character of R06 in one line, so every glyph number, among them those that are ( ) \ and CR. */
	for (uint32_t c = 0x20; c < 0x180; c++) {
		if (!font_glyph(c)) continue;
		if (c < 0x80) buf_add_char(&all, (char)c);
		else buf_add_char(&all, (char)(0xc0 | c >> 6)), buf_add_char(&all, (char)(0x80 | (c & 0x3f)));
	}
	pdf_page(p, 59528, 84189);
	pdf_text_begin(p);
	pdf_text(p, FONT_REGULAR, 8, 1000, 2000, buf_str(&all));
	pdf_text_end(p);
	pdf_page_end(p);
	pdf_finish(p);
	struct str text = after(operators(pdf_take(p)), "Td("), rest = buf_str(&all);
	while (rest.len) {
		uint8_t bytes[2];
		for (size_t i = 0; i < 2; i++) {
			char c = text.at[0];
			assert_true(c != '(' && c != ')' && c != '\r');
			if (c == '\\') {
				text = str_part(text, 1, text.len);
				c = text.at[0] == 'r' ? '\r' : text.at[0];
			}
			bytes[i] = (uint8_t)c;
			text = str_part(text, 1, text.len);
		}
		assert_int_equal(bytes[0] << 8 | bytes[1], fonts[FONT_REGULAR].ids[font_next(&rest)]);
	}
	assert_true(str_starts(text, S(")Tj")));
}

TEST(numbers_are_written_short_and_right)
{
	struct buf b = buf_in(mem);
	pdf_number(&b, 0);
	pdf_number(&b, -17);
	pdf_number(&b, INT32_MIN);
	pdf_hundredths(&b, 1200);
	pdf_hundredths(&b, 1250);
	pdf_hundredths(&b, -1205);
	pdf_hundredths(&b, -5);
	pdf_real(&b, 2.287601);
	pdf_real(&b, -0.5);
	assert_str(buf_str(&b), S("0 -17 -2147483648 12 12.5 -12.05 -0.05 2.28760 -0.50000 "));
}

TEST(each_glyph_and_bold_as_well_has_its_width_and_its_shape)
{
	for (unsigned w = 0; w < FONT_WEIGHTS; w++)
		for (unsigned g = 1; g < FONT_GLYPHS; g++) {
			assert_true(fonts[w].widths[g] > 0);
			bool is_blank = g == font_glyph(' ') || g == font_glyph(0xa0);
			assert_int_equal(fonts[w].shapes[fonts[w].shape_at[g]] == FONT_END, is_blank);
		}
	/* As Arial and Helvetica: 0.556 em a digit, 0.944 em a W. */
	assert_int_equal(font_width(FONT_REGULAR, S("0")), 1139);
	assert_int_equal(font_width(FONT_BOLD, S("W")), 1933);
	assert_int_equal(font_width(FONT_REGULAR, S("\xe2\x82")), fonts[FONT_REGULAR].widths[0] * 2); /* no UTF-8: a box for each byte */
}
