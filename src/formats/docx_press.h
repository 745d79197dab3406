/* formats/docx_press.h: what setting a letter knows while it goes down the page. For the docx_print*.c files only. Measures are in points from the upper left. */
#pragma once
#include "formats/canvas.h"
#include "formats/docx_flow.h"
#include "formats/docx_print.h"

#define LEFT		MM(22) /* as office programs in Switzerland have it for letters */
#define RIGHT		MM(20)
#define TEXT_WIDTH	(A4_WIDTH - LEFT - RIGHT)
#define TEXT_SIZE	10	   /* points of ordinary text, whatever the template's is: others keep their proportion */
#define TOP_NEXT	MM(24) /* of further pages */
#define BOTTOM		MM(18)
#define SLIP_TOP	MM(297 - 105)
#define SLIP_GROUND MM(5) /* nothing of the letter touches the line to cut at */

struct press {
	struct arena *arena;
	struct canvas canvas;
	const struct docx_merged *merged;
	const struct docx_letter *letter;
	double y;
	unsigned page;
	bool is_plain; /* bold, no sizes and colours of the template's own: in the band and in headings */
};

/* Ends this page and begins the next, with its head. */
void press_next_page(struct press *p);

/* Goes to the next page unless HEIGHT still fits on this one. */
void press_need(struct press *p, double height);

/* Sets blocks one below the other from p->y on, WIDTH wide from X; blocks that do not fit on the page go on on the next. */
void press_blocks(struct press *p, const struct docx_blocks *blocks, double x, double width);

/* The pieces of a paragraph from N on in one line: the band. */
PangoLayout *press_pieces(struct press *p, const struct docx_node *first, double size, double width);

/* Draws all of SLIP but its symbol at the foot of the page. */
void press_slip(struct press *p, const struct slip *slip);

/* PDF, which Cairo made, with OPERATORS below everything that is on its last page: an update at the end, as PDF has it. BUG when Cairo writes otherwise than it did. */
struct str press_underlay(struct arena *a, struct str pdf, struct str operators);
