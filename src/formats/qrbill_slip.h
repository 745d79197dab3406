/* formats/qrbill_slip.h: the printed bill. It is laid out once, as texts, lines and a symbol with their places on the sheet; PDF, SVG and PNG draw that.
 * Geometry, type and overflow are those of the SIX Implementation Guidelines 3.3 to 3.7 and the Style Guide. */
#pragma once
#include "formats/font.h"
#include "formats/qrbill.h"
#include "formats/qrbill_code.h"

enum slip_size {
	SLIP_ALONE,		   /* 210 x 105 mm; with words above it 210 x 110 */
	SLIP_A4,		   /* at the foot of a sheet with room for a letter */
	SLIP_PAYMENT_PART, /* 148 x 105 mm: for screens, where the whole bill can be had too */
	SLIP_CODE,		   /* 56 x 56 mm: the symbol and the free ground around it */
};

enum slip_separation {
	SLIP_SCISSORS,
	SLIP_WORDS,	   /* scissors where the language has no such words */
	SLIP_LINES,	   /* neither: for sheets that say elsewhere where to separate */
	SLIP_NO_LINES, /* paper that is perforated */
};

/* Places are in hundredths of a point from the sheet's upper left corner. */
#define SLIP_MM(mm)	   ((int)((mm)*7200 / 25.4 + 0.5))
#define SLIP_CODE_SIDE SLIP_MM(46) /* of the symbol, whatever its version (Q3) */

/* One line of text; Y is its base line, SIZE in points. */
struct slip_text {
	int x, y, size;
	enum font_weight weight;
	struct str text;
};

/* A stroke of WIDTH through the first COUNT points. */
struct slip_line {
	int width;
	unsigned count;
	struct slip_point {
		int x, y;
	} at[3];
};

/* Scissors on a separation line, cutting to the right or downwards; X and Y are where their blades cross. */
struct slip_scissors {
	int x, y;
	bool is_vertical;
};

#define SLIP_SCISSORS_MAX 2

struct slip {
	int width, height;
	struct slip_text *texts;
	size_t text_count, text_size;
	struct slip_line *lines;
	size_t line_count, line_size;
	struct slip_scissors scissors[SLIP_SCISSORS_MAX];
	size_t scissors_count;
	struct qrbill_code code;
	int code_x, code_y; /* its upper left corner; 46 mm a side */
};

/* Lays BILL out in arena A. REFUSED: its payload does not fit into the symbol, which qrbill_check has found before (R45). */
enum status slip_lay_out(struct arena *a, const struct qrbill *bill, enum slip_size size, enum slip_separation separation, struct slip *out);

/* The scissors' outline as a font's shape (formats/font.h), filled by the nonzero rule: cutting to the right, around (0, 0), in hundredths of a point,
 * y upwards. */
extern const int16_t slip_scissors_shape[];

/* The Swiss cross in the symbol's middle: a black square and two white bars, each as left, top, width, height in hundredths of a point. */
#define SLIP_CROSS_PARTS 3
struct slip_rectangle {
	double x, y, width, height;
};
void slip_cross(const struct slip *s, struct slip_rectangle parts[SLIP_CROSS_PARTS]);

/* A whole document of one slip, in arena A. */
struct str slip_svg(struct arena *a, const struct slip *s);

#define SLIP_DPI_MIN 72
#define SLIP_DPI_MAX 600 /* A4 then takes 35 MB in memory; a module has nine pixels at the least */

struct str slip_png(struct arena *a, const struct slip *s, unsigned dpi);

/* The symbol and its cross as operators of a PDF page, for who draws the rest himself. */
void slip_symbol(struct buf *operators, const struct slip *s);

/* Adds S as a page. */
struct pdf;
void slip_pdf(struct pdf *pdf, const struct slip *s);
