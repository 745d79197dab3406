/* formats/symbol.h: a text as a QR code (ISO/IEC 18004), for screens and paper. QR-bills have their own (formats/qrbill_code.h). */
#pragma once
#include "base/str.h"

#define SYMBOL_QUIET 4 /* modules to be left light around it (6.3.8) */

enum symbol_level { SYMBOL_M, SYMBOL_Q }; /* how much of it may be spoilt: 15 %, 25 % */

struct symbol {
	unsigned side;			/* modules, without the quiet zone */
	const uint8_t *modules; /* side x side, rows from the top: 1 dark */
};

/* The smallest symbol of TEXT in arena A. False: TEXT is empty, holds a NUL or is too long for any. */
bool symbol_make(struct arena *a, struct str text, enum symbol_level level, struct symbol *out);

/* Its dark modules as the data of an SVG path, runs in a row as one rectangle, each corner moved right and down by the quiet zone. */
struct str symbol_path(struct arena *a, const struct symbol *s);
