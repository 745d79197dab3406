/* formats/qrbill_pdf.c: a slip as operators of a PDF page. */
#include "formats/pdf.h"
#include "formats/qrbill_slip.h"

/* All dark modules as one path on a grid of whole numbers, runs in a row as one rectangle: no seams (Q6), and short. */
static void add_code(struct buf *b, const struct slip *s)
{
	const struct qrbill_code *code = &s->code;
	double module = SLIP_CODE_SIDE / 100.0 / code->side;
	buf_add(b, S("q "));
	pdf_real(b, module);
	buf_add(b, S("0 0 "));
	pdf_real(b, -module);
	pdf_hundredths(b, s->code_x);
	pdf_hundredths(b, s->height - s->code_y);
	buf_add(b, S("cm\n"));
	for (unsigned y = 0; y < code->side; y++) {
		const uint8_t *row = code->modules + (size_t)y * code->side;
		for (unsigned x = 0, end; x < code->side; x = end + 1) {
			while (x < code->side && !row[x]) x++;
			if (x == code->side) break;
			for (end = x; end < code->side && row[end];) end++;
			pdf_number(b, (int)x);
			pdf_number(b, (int)y);
			pdf_number(b, (int)(end - x));
			buf_add(b, S("1 re\n"));
		}
	}
	buf_add(b, S("f Q\n"));
}

static void add_cross(struct buf *b, const struct slip *s)
{
	struct slip_rectangle parts[SLIP_CROSS_PARTS];
	slip_cross(s, parts);
	for (size_t i = 0; i < SLIP_CROSS_PARTS; i++) {
		if (i == 1) buf_add(b, S("f 1 g\n"));
		pdf_real(b, parts[i].x / 100);
		pdf_real(b, (s->height - parts[i].y - parts[i].height) / 100);
		pdf_real(b, parts[i].width / 100);
		pdf_real(b, parts[i].height / 100);
		buf_add(b, S("re\n"));
	}
	buf_add(b, S("f 0 g\n"));
}

static void add_lines(struct buf *b, const struct slip *s)
{
	int width = 0;
	for (size_t i = 0; i < s->line_count; i++) {
		const struct slip_line *line = &s->lines[i];
		if (line->width != width) {
			pdf_hundredths(b, width = line->width);
			buf_add(b, S("w\n"));
		}
		for (unsigned k = 0; k < line->count; k++) {
			pdf_hundredths(b, line->at[k].x);
			pdf_hundredths(b, s->height - line->at[k].y);
			buf_add(b, k ? S("l ") : S("m "));
		}
		buf_add(b, S("S\n"));
	}
}

/* PDF has cubic curves only: a quadratic's control point, seen from each end, at two thirds. */
static void add_scissors(struct buf *b, const struct slip *s, const struct slip_scissors *at)
{
	buf_add(b, at->is_vertical ? S("q 0 -.01 .01 0 ") : S("q .01 0 0 .01 "));
	pdf_hundredths(b, at->x);
	pdf_hundredths(b, s->height - at->y);
	buf_add(b, S("cm\n"));
	double x = 0, y = 0;
	for (const int16_t *p = slip_scissors_shape; *p != FONT_END;) {
		if (*p == FONT_CURVE) {
			const double points[6] = { (x + 2 * p[1]) / 3, (y + 2 * p[2]) / 3, (p[3] + 2 * p[1]) / 3.0, (p[4] + 2 * p[2]) / 3.0, p[3], p[4] };
			for (size_t i = 0; i < 6; i++) pdf_hundredths(b, (int)(points[i] * 100));
			buf_add(b, S("c\n"));
			x = p[3], y = p[4];
			p += 5;
		} else {
			pdf_number(b, p[1]);
			pdf_number(b, p[2]);
			buf_add(b, *p == FONT_MOVE ? S("m\n") : S("l\n"));
			x = p[1], y = p[2];
			p += 3;
		}
	}
	buf_add(b, S("f Q\n"));
}

void slip_symbol(struct buf *operators, const struct slip *s)
{
	buf_add(operators, S("q 0 g\n"));
	add_code(operators, s);
	add_cross(operators, s);
	buf_add(operators, S("Q\n"));
}

void slip_pdf(struct pdf *pdf, const struct slip *s)
{
	struct buf *b = pdf_page(pdf, s->width, s->height);
	add_code(b, s);
	add_cross(b, s);
	add_lines(b, s);
	for (size_t i = 0; i < s->scissors_count; i++) add_scissors(b, s, &s->scissors[i]);
	if (s->text_count) pdf_text_begin(pdf);
	for (size_t i = 0; i < s->text_count; i++) {
		const struct slip_text *t = &s->texts[i];
		pdf_text(pdf, t->weight, t->size, t->x, t->y, t->text);
	}
	if (s->text_count) pdf_text_end(pdf);
	pdf_page_end(pdf);
}
