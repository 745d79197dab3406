/* formats/canvas.h: pages of a PDF that Cairo draws and Pango sets in Liberation Sans, whatever fonts are installed beside it. Measures are in points from the upper left.
 *
 *   struct canvas c;
 *   if (!canvas_open(&c, a, &paper)) …                  // the fonts are not installed
 *   … draw on c.cr, cairo_show_page(c.cr) after each page …
 *   struct str pdf = canvas_close(&c);
 *
 * From open to close no other thread has a canvas: Pango's maps of fonts belong to one thread at a time, and loading the fonts takes longer than a page. */
#pragma once
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/str.h"
#include "formats/font.h"

#define MM(mm) ((mm)*72 / 25.4)

#define A4_WIDTH  MM(210)
#define A4_HEIGHT MM(297)

/* What the document says of itself. The same paper and the same drawing give the same bytes. */
struct paper_head {
	struct str title, author;
	struct str language; /* "de" */
	int64_t made_at;	 /* UTC microseconds */
};

struct canvas {
	struct arena *arena;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoContext *pango;
	struct buf pdf;
};

/* Begins a document of A4 pages in arena A. False, with nothing to close, when the fonts are missing. */
bool canvas_open(struct canvas *c, struct arena *a, const struct paper_head *head);

/* Ends it and gives its bytes. */
struct str canvas_close(struct canvas *c);

/* Text in one style, released by who asked; the colour to draw with, 0xRRGGBB. */
PangoLayout *canvas_layout(const struct canvas *c, struct str text, double size, enum font_weight weight);
void canvas_colour(const struct canvas *c, uint32_t colour);

/* TEXT at X, Y (its upper left), broken at WIDTH (0: in one line). Gives its height. */
struct canvas_style {
	double size;
	enum font_weight weight;
	uint32_t colour;
};
double canvas_text(const struct canvas *c, struct str text, double x, double y, double width, struct canvas_style style);
