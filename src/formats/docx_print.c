/* formats/docx_print.c: the sheet: pages, band, window, and where the slip goes. */
#include "formats/docx_print.h"

#include "base/status.h"
#include "formats/docx_press.h"

#define BAND_HEIGHT	  MM(16)
#define BAND_SIZE	  13
#define WINDOW_LEFT	  MM(118) /* the window on the right, of envelopes C5 and C5/6 (Swiss Post) */
#define WINDOW_TOP	  MM(50)
#define WINDOW_SIZE	  10
#define SENDER_WIDTH  MM(85)
#define BODY_TOP	  MM(80) /* below the window */
#define BODY_DISTANCE MM(8)
#define HEAD_SIZE	  8
#define SOFT		  0x545d61

/* ---- pages ---- */

void press_next_page(struct press *p)
{
	cairo_show_page(p->canvas.cr);
	p->page++;
	p->y = TOP_NEXT;
	struct str head = str_format(p->arena, "%.*s · %u", STR_ARG(p->letter->title), p->page);
	canvas_text(&p->canvas, head, LEFT, MM(12), 0, (struct canvas_style){ HEAD_SIZE, FONT_REGULAR, SOFT });
}

void press_need(struct press *p, double height)
{
	if (p->y + height > A4_HEIGHT - BOTTOM && p->y > TOP_NEXT) press_next_page(p);
}

static void band_out(struct press *p, const struct docx_node *band)
{
	int height;
	PangoLayout *layout;
	canvas_colour(&p->canvas, p->letter->accent);
	cairo_rectangle(p->canvas.cr, 0, 0, A4_WIDTH, BAND_HEIGHT);
	cairo_fill(p->canvas.cr);
	p->is_plain = true;
	layout = band ? press_pieces(p, band->first, BAND_SIZE, TEXT_WIDTH) : canvas_layout(&p->canvas, p->letter->house, BAND_SIZE, FONT_BOLD);
	p->is_plain = false;
	pango_layout_get_size(layout, NULL, &height);
	canvas_colour(&p->canvas, docx_ink_on(p->letter->accent));
	cairo_move_to(p->canvas.cr, LEFT, (BAND_HEIGHT - (double)height / PANGO_SCALE) / 2);
	pango_cairo_show_layout(p->canvas.cr, layout);
	g_object_unref(layout);
}

/* The template's footer is the sender beside the window. */
static void head_out(struct press *p, const struct docx_node *band, const struct docx_blocks *sender)
{
	band_out(p, band);
	canvas_text(&p->canvas, p->letter->recipient, WINDOW_LEFT, WINDOW_TOP, 0, (struct canvas_style){ WINDOW_SIZE, FONT_REGULAR, 0 });
	p->y = WINDOW_TOP;
	press_blocks(p, sender, LEFT, SENDER_WIDTH);
	p->y = p->y + BODY_DISTANCE > BODY_TOP ? p->y + BODY_DISTANCE : BODY_TOP;
}

static struct str slip_out(struct press *p)
{
	struct buf operators = buf_in(p->arena);
	if (p->y > SLIP_TOP - SLIP_GROUND) press_next_page(p);
	press_slip(p, p->letter->slip);
	slip_symbol(&operators, p->letter->slip);
	return buf_str(&operators);
}

/* ---- the document ---- */

static struct str set(struct press *p)
{
	struct docx_blocks body = { 0 }, sender = { 0 };
	const struct docx_node *band = NULL, *n;
	struct docx_flow flow = docx_flow(p->merged);
	enum docx_place place;
	while ((n = docx_flow_next(&flow, &place))) {
		if (place == DOCX_IN_BODY) docx_blocks_add(p->arena, &body, n);
		else if (place == DOCX_IN_FOOTER) docx_blocks_add(p->arena, &sender, n);
		else if (!band) band = n;
	}
	head_out(p, band, &sender);
	press_blocks(p, &body, LEFT, TEXT_WIDTH);
	return p->letter->slip ? slip_out(p) : S("");
}

enum status docx_print(struct arena *a, const struct docx_merged *m, const struct docx_letter *letter, struct str *out, struct problem *why)
{
	struct press p = { .arena = a, .merged = m, .letter = letter, .page = 1 };
	const struct paper_head head = { letter->title, letter->house, letter->language, letter->made_at };
	if (!canvas_open(&p.canvas, a, &head)) return problem_add(why, "", MSG_LETTER_FONT_MISSING), REFUSED;
	struct str operators = set(&p);
	cairo_show_page(p.canvas.cr);
	struct str pdf = canvas_close(&p.canvas);
	*out = operators.len ? press_underlay(a, pdf, operators) : pdf;
	return OK;
}
