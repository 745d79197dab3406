/* formats/docx_print.h: a filled-in Word document as a letter: pages of A4 set with Pango on Cairo in Liberation Sans, the address in the window of a Swiss envelope,
 * a payment slip at the foot of the last page where it fits, else on a page of its own. The only files that are read are the fonts'. */
#pragma once
#include "formats/docx.h"
#include "formats/qrbill_slip.h"

struct docx_letter {
	uint32_t accent;		 /* 0xRRGGBB: the band */
	struct str house;		 /* the band's words where the template has none */
	struct str recipient;	 /* what shows in the window, a line each */
	struct str title;		 /* of the document, and at the head of further pages: "Invoice 2026-00017" */
	struct str language;	 /* "de" */
	int64_t made_at;		 /* UTC microseconds, for the document's properties */
	const struct slip *slip; /* laid out as SLIP_A4; NULL: none */
};

/* M as a PDF in arena A; the same letter gives the same bytes. REFUSED, with words, when the fonts are not installed. Safe from any thread; one letter is set at a time. */
enum status docx_print(struct arena *a, const struct docx_merged *m, const struct docx_letter *letter, struct str *out, struct problem *why);
