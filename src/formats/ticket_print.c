/* formats/ticket_print.c: the ticket stands in the upper half of its page, so that it is one fold to a pocket. */
#include "formats/ticket_print.h"

#include "base/status.h"
#include "formats/docx.h"
#include "formats/symbol.h"

#define LEFT		MM(20)
#define RIGHT		MM(20)
#define WIDTH		(A4_WIDTH - LEFT - RIGHT)
#define BAND_HEIGHT MM(16)
#define HEAD_TOP	MM(26)
#define CODE_SIDE	MM(46) /* read by any scanner at arm's length, also when it is crumpled */
#define CODE_LEFT	(A4_WIDTH - RIGHT - CODE_SIDE)
#define TEXT_WIDTH	(WIDTH - CODE_SIDE - MM(10)) /* left of the code */
#define GAP			MM(4)
#define RULE		2
#define HAIR		0.5
#define SOFT		0x545d61

static const struct canvas_style band = { 13, FONT_BOLD, 0 }, when = { 12, FONT_BOLD, 0 }, title = { 28, FONT_BOLD, 0 },
								 what = { 11, FONT_REGULAR, 0 }, place = { 18, FONT_BOLD, 0 }, label = { 8, FONT_REGULAR, SOFT },
								 value = { 11, FONT_REGULAR, 0 }, signs = { 10, FONT_REGULAR, 0 }, note = { 9, FONT_REGULAR, SOFT };

static double width_of(const struct canvas *c, struct str text, struct canvas_style style)
{
	PangoLayout *layout = canvas_layout(c, text, style.size, style.weight);
	int width;
	pango_layout_get_size(layout, &width, NULL);
	g_object_unref(layout);
	return (double)width / PANGO_SCALE;
}

static void band_out(const struct canvas *c, uint32_t accent, const struct ticket_sheet *t)
{
	struct canvas_style style = band;
	double y = (BAND_HEIGHT - band.size * 1.15) / 2;
	style.colour = docx_ink_on(accent);
	canvas_colour(c, accent);
	cairo_rectangle(c->cr, 0, 0, A4_WIDTH, BAND_HEIGHT);
	cairo_fill(c->cr);
	canvas_text(c, t->house, LEFT, y, TEXT_WIDTH, style);
	style.weight = FONT_REGULAR;
	canvas_text(c, t->count, A4_WIDTH - RIGHT - width_of(c, t->count, style), y, 0, style);
}

static void rule(const struct canvas *c, double y, double width)
{
	cairo_set_line_width(c->cr, width);
	canvas_colour(c, 0);
	cairo_move_to(c->cr, LEFT, y);
	cairo_line_to(c->cr, A4_WIDTH - RIGHT, y);
	cairo_stroke(c->cr);
}

/* All dark modules as one path on a grid of whole numbers: no seams between them. */
static void code_out(const struct canvas *c, struct str barcode, double x, double y)
{
	struct symbol s;
	if (!symbol_make(c->arena, barcode, SYMBOL_Q, &s)) BUG("no symbol of %.*s", STR_ARG(barcode));
	cairo_save(c->cr);
	canvas_colour(c, 0);
	cairo_translate(c->cr, x, y);
	cairo_scale(c->cr, CODE_SIDE / s.side, CODE_SIDE / s.side);
	for (unsigned row = 0; row < s.side; row++)
		for (unsigned at = 0, end; at < s.side; at = end + 1) {
			for (end = at; end < s.side && s.modules[row * s.side + end];) end++;
			if (end > at) cairo_rectangle(c->cr, at, row, end - at, 1);
		}
	cairo_fill(c->cr);
	cairo_restore(c->cr);
	canvas_text(c, barcode, x + (CODE_SIDE - width_of(c, barcode, signs)) / 2, y + CODE_SIDE + MM(2), 0, signs);
}

static double facts_out(const struct canvas *c, const struct ticket_sheet *t, double y)
{
	double half = TEXT_WIDTH / 2, tallest = 0;
	for (size_t i = 0; i < t->fact_count; i++) {
		double x = i % 2 ? LEFT + half : LEFT;
		if (i % 2 == 0) y += tallest, tallest = 0;
		double height = canvas_text(c, t->facts[i].label, x, y, half - GAP, label);
		height += canvas_text(c, t->facts[i].value, x, y + height, half - GAP, value) + GAP;
		if (height > tallest) tallest = height;
	}
	return y + tallest;
}

static void sheet_out(const struct canvas *c, uint32_t accent, const struct ticket_sheet *t)
{
	double y = HEAD_TOP;
	band_out(c, accent, t);
	y += canvas_text(c, t->when, LEFT, y, WIDTH, when) + MM(1);
	y += canvas_text(c, t->title, LEFT, y, WIDTH, title);
	if (t->what.len) y += canvas_text(c, t->what, LEFT, y, WIDTH, what);
	y += GAP;
	rule(c, y, RULE);
	double top = y + 2 * GAP;
	code_out(c, t->barcode, CODE_LEFT, top);
	y = top + canvas_text(c, t->place, LEFT, top, TEXT_WIDTH, place) + GAP;
	y = facts_out(c, t, y);
	double below_code = top + CODE_SIDE + MM(10);
	if (y < below_code) y = below_code;
	rule(c, y, HAIR);
	canvas_text(c, t->note, LEFT, y + GAP, WIDTH, note);
	cairo_show_page(c->cr);
}

bool ticket_print(struct arena *a, const struct paper_head *head, uint32_t accent, const struct ticket_sheet *sheets, size_t count, struct str *out)
{
	struct canvas c;
	if (!canvas_open(&c, a, head)) return false;
	for (size_t i = 0; i < count; i++) sheet_out(&c, accent, &sheets[i]);
	*out = canvas_close(&c);
	return true;
}
