/* formats/qrbill_svg.c: a slip as SVG. Coordinates are hundredths of a point, so they are whole numbers. */
#include "formats/qrbill_slip.h"

/* Whole numbers and two letters: short. Each run of dark modules is a stroke one module thick; the pen never comes back (Q6: one path). */
static void add_code(struct buf *b, const struct slip *s)
{
	const struct qrbill_code *code = &s->code;
	buf_addf(
		b, "<path transform=\"translate(%d %d)scale(%.5f)\" stroke=\"#000\" d=\"M0 .5", s->code_x, s->code_y, (double)SLIP_CODE_SIDE / code->side);
	int at_x = 0, at_y = 0;
	for (int y = 0, side = (int)code->side; y < side; y++) {
		const uint8_t *row = code->modules + y * side;
		for (int x = 0, end; x < side; x = end + 1) {
			while (x < side && !row[x]) x++;
			if (x == side) break;
			for (end = x; end < side && row[end];) end++;
			if (x != at_x || y != at_y) {
				buf_add_char(b, 'm');
				buf_add_int(b, x - at_x);
				if (y >= at_y) buf_add_char(b, ' ');
				buf_add_int(b, y - at_y);
			}
			buf_add_char(b, 'h');
			buf_add_int(b, end - x);
			at_x = end, at_y = y;
		}
	}
	buf_add(b, S("\"/>\n"));
}

static void add_cross(struct buf *b, const struct slip *s)
{
	struct slip_rectangle parts[SLIP_CROSS_PARTS];
	slip_cross(s, parts);
	for (size_t i = 0; i < SLIP_CROSS_PARTS; i++)
		buf_addf(b, "<path%s d=\"M%.1f %.1fh%.1fv%.1fh-%.1fz\"/>\n", i ? " fill=\"#fff\"" : "", parts[i].x, parts[i].y, parts[i].width,
			parts[i].height, parts[i].width);
}

static void add_lines(struct buf *b, const struct slip *s)
{
	for (size_t i = 0; i < s->line_count;) {
		int width = s->lines[i].width;
		buf_addf(b, "<path fill=\"none\" stroke=\"#000\" stroke-width=\"%d\" d=\"", width);
		for (; i < s->line_count && s->lines[i].width == width; i++) {
			const struct slip_line *line = &s->lines[i];
			buf_addf(b, "M%d %d", line->at[0].x, line->at[0].y);
			for (unsigned k = 1; k < line->count; k++) buf_addf(b, "L%d %d", line->at[k].x, line->at[k].y);
		}
		buf_add(b, S("\"/>\n"));
	}
}

static void add_scissors(struct buf *b, const struct slip_scissors *at)
{
	buf_addf(b, "<path transform=\"translate(%d %d)%s\" d=\"", at->x, at->y, at->is_vertical ? "rotate(90)" : "");
	for (const int16_t *p = slip_scissors_shape; *p != FONT_END; p += *p == FONT_CURVE ? 5 : 3) {
		if (*p == FONT_CURVE) buf_addf(b, "Q%d %d %d %d", p[1], -p[2], p[3], -p[4]);
		else buf_addf(b, "%c%d %d", *p == FONT_MOVE ? 'M' : 'L', p[1], -p[2]);
	}
	buf_add(b, S("\"/>\n"));
}

/* Arial and Helvetica have the same widths as Liberation Sans, so lines keep their length where a viewer lacks it. */
static void add_texts(struct buf *b, const struct slip *s)
{
	int size = 0;
	enum font_weight weight = FONT_REGULAR;
	for (size_t i = 0; i < s->text_count; i++) {
		const struct slip_text *t = &s->texts[i];
		if (t->size != size || t->weight != weight) {
			if (size) buf_add(b, S("</g>\n"));
			buf_addf(b, "<g font-size=\"%d\"%s>\n", t->size * 100, t->weight == FONT_BOLD ? " font-weight=\"700\"" : "");
			size = t->size;
			weight = t->weight;
		}
		buf_addf(b, "<text x=\"%d\" y=\"%d\">", t->x, t->y);
		buf_add_escaped(b, t->text);
		buf_add(b, S("</text>\n"));
	}
	if (size) buf_add(b, S("</g>\n"));
}

struct str slip_svg(struct arena *a, const struct slip *s)
{
	struct buf b = buf_in(a);
	double mm = 25.4 / 7200;
	buf_addf(&b,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.4gmm\" height=\"%.4gmm\" viewBox=\"0 0 %d %d\" "
		"font-family=\"'Liberation Sans',Arial,Helvetica,sans-serif\">\n"
		"<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>\n", /* without ground it is read as black on black */
		s->width * mm, s->height * mm, s->width, s->height, s->width, s->height);
	add_code(&b, s);
	add_cross(&b, s);
	add_lines(&b, s);
	for (size_t i = 0; i < s->scissors_count; i++) add_scissors(&b, &s->scissors[i]);
	add_texts(&b, s);
	buf_add(&b, S("</svg>\n"));
	return buf_str(&b);
}
