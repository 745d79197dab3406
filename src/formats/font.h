/* formats/font.h: Liberation Sans in two weights, cut down to the characters that may stand on a QR-bill (R06), linked into the program.
 * tools/font.c makes the tables from Debian's font files when Parterre is built. Measures are in units of an em of FONT_EM. */
#pragma once
#include "base/str.h"

#define FONT_EM		2048 /* what both files are drawn on; the tool refuses others */
#define FONT_GLYPHS 325	 /* R06's 324 characters, and 0 for all others: an empty box */

enum font_weight { FONT_REGULAR, FONT_BOLD, FONT_WEIGHTS };

/* Pieces of an outline, in SHAPES: a piece, then its points; a closed contour begins at each move. */
enum font_piece { FONT_MOVE, FONT_LINE, FONT_CURVE, FONT_END }; /* x y; x y; control x y, then x y */

struct font {
	const char *name;	   /* PostScript's */
	struct str program;	   /* a TrueType file without hints and layout tables, deflated (zlib) */
	size_t program_size;   /* inflated */
	struct str to_unicode; /* PDF's map from the file's glyph numbers to characters, deflated */
	int16_t box[4];		   /* around all glyphs: left, bottom, right, top */
	int16_t ascent, descent, cap_height;
	const uint16_t *ids;	  /* of FONT_GLYPHS: the file's own numbers */
	const uint16_t *widths;	  /* of FONT_GLYPHS */
	const uint32_t *shape_at; /* of FONT_GLYPHS: where in SHAPES its outline begins */
	const int16_t *shapes;
};

extern const struct font fonts[FONT_WEIGHTS];

/* The number of a character's glyph: 1 to 324 in the order of R06's ranges; 0 when it is not among them. */
static inline unsigned font_glyph(uint32_t point)
{
	if (point >= 0x20 && point <= 0x7e) return point - 0x20 + 1;
	if (point >= 0xa0 && point <= 0x17f) return point - 0xa0 + 96;
	if (point >= 0x218 && point <= 0x21b) return point - 0x218 + 320;
	return point == 0x20ac ? 324 : 0;
}

/* Takes the first character of REST (UTF-8, not empty; any byte that is none counts as one) off and gives its glyph. */
unsigned font_next(struct str *rest);

/* How wide TEXT runs at size FONT_EM. */
int64_t font_width(enum font_weight weight, struct str text);
