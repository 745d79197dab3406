/* formats/docx_print_slip.c: the slip on the letter's page: words, lines and scissors through Cairo, in the letter's fonts; the symbol, which Cairo would take three
 * times as long for, as operators of our own (formats/qrbill_pdf.c) in a content stream that is added to the page afterwards. */
#include <zlib.h>

#include "base/status.h"
#include "formats/docx_press.h"

#define POINTS(hundredths) ((hundredths) / 100.0)

static void scissors_out(struct press *p, const struct slip_scissors *at)
{
	cairo_t *cr = p->canvas.cr;
	double x = 0, y = 0;
	cairo_save(cr);
	cairo_translate(cr, POINTS(at->x), POINTS(at->y));
	if (at->is_vertical) cairo_rotate(cr, 1.5707963267948966);
	cairo_scale(cr, 0.01, -0.01);
	for (const int16_t *s = slip_scissors_shape; *s != FONT_END;) {
		if (*s == FONT_CURVE) { /* Cairo has cubic curves only */
			cairo_curve_to(cr, (x + 2 * s[1]) / 3, (y + 2 * s[2]) / 3, (s[3] + 2 * s[1]) / 3.0, (s[4] + 2 * s[2]) / 3.0, s[3], s[4]);
			x = s[3], y = s[4];
			s += 5;
			continue;
		}
		if (*s == FONT_MOVE) cairo_move_to(cr, s[1], s[2]);
		else cairo_line_to(cr, s[1], s[2]);
		x = s[1], y = s[2];
		s += 3;
	}
	cairo_fill(cr);
	cairo_restore(cr);
}

void press_slip(struct press *p, const struct slip *slip)
{
	canvas_colour(&p->canvas, 0);
	for (size_t i = 0; i < slip->text_count; i++) {
		const struct slip_text *t = &slip->texts[i];
		PangoLayout *layout = canvas_layout(&p->canvas, t->text, t->size, t->weight);
		cairo_move_to(p->canvas.cr, POINTS(t->x), POINTS(t->y));
		pango_cairo_show_layout_line(p->canvas.cr, pango_layout_get_line_readonly(layout, 0)); /* at its base line */
		g_object_unref(layout);
	}
	for (size_t i = 0; i < slip->line_count; i++) {
		const struct slip_line *line = &slip->lines[i];
		cairo_set_line_width(p->canvas.cr, POINTS(line->width));
		for (unsigned k = 0; k < line->count; k++) {
			if (k) cairo_line_to(p->canvas.cr, POINTS(line->at[k].x), POINTS(line->at[k].y));
			else cairo_move_to(p->canvas.cr, POINTS(line->at[k].x), POINTS(line->at[k].y));
		}
		cairo_stroke(p->canvas.cr);
	}
	for (size_t i = 0; i < slip->scissors_count; i++) scissors_out(p, &slip->scissors[i]);
}

/* ---- one content stream more ---- */

/* The place of the last PART in S before END. */
static size_t last_of(struct str s, struct str part, size_t end)
{
	for (size_t at = end < part.len ? 0 : end - part.len + 1; at-- > 0;)
		if (str_eq(str_part(s, at, part.len), part)) return at;
	BUG("no %.*s in Cairo's PDF", STR_ARG(part));
}

/* The number that stands after NAME in S from FROM on. */
static int64_t number_after(struct str s, size_t from, struct str name)
{
	struct str rest = str_part(s, from, s.len);
	ptrdiff_t at = str_find(rest, name);
	int64_t n = 0;
	if (at < 0) BUG("no %.*s in Cairo's PDF", STR_ARG(name));
	for (size_t i = (size_t)at + name.len; i < rest.len; i++) {
		if (rest.at[i] == ' ' && n == 0) continue;
		if (rest.at[i] < '0' || rest.at[i] > '9') break;
		n = n * 10 + (rest.at[i] - '0');
	}
	return n;
}

static struct str deflated(struct arena *a, struct str s)
{
	uLongf size = compressBound(s.len);
	char *at = arena_alloc(a, size);
	if (compress2((Bytef *)at, &size, (const Bytef *)s.at, s.len, Z_BEST_COMPRESSION) != Z_OK) BUG("zlib: a stream of %zu bytes", s.len);
	return (struct str){ at, size };
}

struct str press_underlay(struct arena *a, struct str pdf, struct str operators)
{
	size_t trailer = last_of(pdf, S("trailer"), pdf.len), type = last_of(pdf, S("/Type /Page %"), pdf.len),
		   object = last_of(pdf, S(" 0 obj\n"), type);
	size_t first = object, page_end;
	while (first > 0 && pdf.at[first - 1] >= '0' && pdf.at[first - 1] <= '9') first--;
	ptrdiff_t length = str_find(str_part(pdf, first, pdf.len), S("endobj\n"));
	if (length < 0) BUG("no end of a page in Cairo's PDF");
	page_end = first + (size_t)length + sizeof "endobj\n" - 1;
	struct str page = str_part(pdf, first, page_end - first), stream = deflated(a, operators);
	int64_t number = number_after(pdf, first, S("")), content = number_after(page, 0, S("/Contents")), size = number_after(pdf, trailer, S("/Size"));
	int64_t before = number_after(pdf, trailer, S("startxref\n"));
	size_t contents = (size_t)str_find(page, S("/Contents")), rest = contents;
	while (page.at[rest] != '\n') rest++;
	struct buf b = buf_in(a);
	buf_add(&b, pdf);
	size_t stream_at = b.len;
	buf_addf(&b, "%lld 0 obj\n<< /Length %zu /Filter /FlateDecode >>\nstream\n", (long long)size, stream.len);
	buf_add(&b, stream);
	buf_add(&b, S("\nendstream\nendobj\n"));
	size_t page_at = b.len;
	buf_add(&b, str_part(page, 0, contents));
	buf_addf(&b, "/Contents [ %lld 0 R %lld 0 R ]", (long long)size,
		(long long)content); /* ours first: Cairo turns the page upside down for what follows */
	buf_add(&b, str_part(page, rest, page.len));
	size_t xref_at = b.len;
	buf_addf(&b, "xref\n%lld 1\n%010zu 00000 n \n%lld 1\n%010zu 00000 n \n", (long long)number, page_at, (long long)size, stream_at);
	buf_addf(&b, "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /Prev %lld >>\nstartxref\n%zu\n%%%%EOF\n", (long long)size + 1,
		(long long)number_after(pdf, trailer, S("/Root")), (long long)number_after(pdf, trailer, S("/Info")), (long long)before, xref_at);
	return buf_str(&b);
}
