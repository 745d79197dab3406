/* formats/qrbill_png.c: a slip as a picture in grey. The letters are those of the linked font, the symbol's edges lie between whole pixels. */
#include <math.h>
#include <stdlib.h>

#include "formats/qrbill_slip.h"
#include "formats/raster.h"

struct drawing {
	struct raster *raster;
	double scale; /* pixels for a hundredth of a point */
};

/* A font's shape around the picture's point X Y, K pixels for a unit; cutting downwards instead of to the right when IS_TURNED. */
static void add_shape(struct raster *r, const int16_t *p, double x, double y, double k, bool is_turned)
{
	const double xx = is_turned ? 0 : k, xy = is_turned ? k : 0; /* where one unit to the right leads */
#define PLACE(u, v) x + (u)*xx + (v)*xy, y + (u)*xy - (v)*xx
	for (; *p != FONT_END; p += *p == FONT_CURVE ? 5 : 3) {
		if (*p == FONT_MOVE) raster_move(r, PLACE(p[1], p[2]));
		else if (*p == FONT_LINE) raster_line(r, PLACE(p[1], p[2]));
		else raster_curve(r, PLACE(p[1], p[2]), PLACE(p[3], p[4]));
	}
#undef PLACE
}

static void draw_rectangle(const struct drawing *d, double x, double y, double width, double height, uint8_t grey)
{
	double k = d->scale;
	raster_move(d->raster, x * k, y * k);
	raster_line(d->raster, (x + width) * k, y * k);
	raster_line(d->raster, (x + width) * k, (y + height) * k);
	raster_line(d->raster, x * k, (y + height) * k);
	raster_fill(d->raster, grey);
}

static void draw_code(const struct drawing *d, const struct slip *s)
{
	const struct qrbill_code *code = &s->code;
	double module = SLIP_CODE_SIDE * d->scale / code->side, left = s->code_x * d->scale, top = s->code_y * d->scale;
	for (unsigned y = 0; y < code->side; y++)
		for (unsigned x = 0; x < code->side; x++)
			if (code->modules[y * code->side + x])
				raster_block(
					d->raster, lround(left + x * module), lround(top + y * module), lround(left + (x + 1) * module), lround(top + (y + 1) * module));
	struct slip_rectangle parts[SLIP_CROSS_PARTS];
	slip_cross(s, parts);
	for (size_t i = 0; i < SLIP_CROSS_PARTS; i++) draw_rectangle(d, parts[i].x, parts[i].y, parts[i].width, parts[i].height, i ? 255 : 0);
}

/* Lines of a slip run along the sheet's edges: each piece is a rectangle, half its width longer where two meet. */
static void draw_line(const struct drawing *d, const struct slip_line *line)
{
	double half = line->width / 2.0;
	for (unsigned i = 1; i < line->count; i++) {
		struct slip_point p = line->at[i - 1], q = line->at[i];
		double x = p.x < q.x ? p.x : q.x, y = p.y < q.y ? p.y : q.y, width = abs(p.x - q.x), height = abs(p.y - q.y);
		draw_rectangle(d, x - half, y - half, width + 2 * half, height + 2 * half, 0);
	}
}

static void draw_text(const struct drawing *d, const struct slip_text *t)
{
	const struct font *f = &fonts[t->weight];
	double k = t->size * 100 * d->scale / FONT_EM, x = t->x * d->scale;
	struct str rest = t->text;
	while (rest.len) {
		unsigned glyph = font_next(&rest);
		add_shape(d->raster, f->shapes + f->shape_at[glyph], x, t->y * d->scale, k, false);
		raster_fill(d->raster, 0);
		x += f->widths[glyph] * k;
	}
}

struct str slip_png(struct arena *a, const struct slip *s, unsigned dpi)
{
	if (dpi < SLIP_DPI_MIN || dpi > SLIP_DPI_MAX) BUG("%u dpi", dpi);
	struct drawing d = { .scale = dpi / 7200.0 };
	d.raster = raster_new(a, (uint32_t)lround(s->width * d.scale), (uint32_t)lround(s->height * d.scale));
	draw_code(&d, s);
	for (size_t i = 0; i < s->line_count; i++) draw_line(&d, &s->lines[i]);
	for (size_t i = 0; i < s->scissors_count; i++) {
		const struct slip_scissors *at = &s->scissors[i];
		add_shape(d.raster, slip_scissors_shape, at->x * d.scale, at->y * d.scale, d.scale, at->is_vertical);
		raster_fill(d.raster, 0);
	}
	for (size_t i = 0; i < s->text_count; i++) draw_text(&d, &s->texts[i]);
	return png_write(a, raster_picture(d.raster), dpi);
}
