/* formats/qrbill_lines.h: breaks a slip's text into lines of a given width (T13). */
#pragma once
#include "formats/font.h"

/* How a run of text is set: SIZE in points, lines PITCH apart, at most WIDTH wide, both in hundredths of a point. */
struct setting {
	enum font_weight weight;
	int size, pitch, width;
};

struct lines {
	struct str *at;
	size_t count, size;
};

/* How wide TEXT is in S, in hundredths of a point, rounded up. */
int text_width(const struct setting *s, struct str text);

void lines_add(struct arena *a, struct lines *lines, struct str line);

/* Adds TEXT's lines to LINES: broken at blanks, and anywhere inside a word that is wider than a line. An empty text adds none. */
void lines_wrap(struct arena *a, struct lines *lines, const struct setting *s, struct str text);

/* Keeps MOST lines from the front (at least one), the last of them ending in "..." when others followed. */
void lines_cut(struct arena *a, struct lines *lines, const struct setting *s, size_t most);

/* TEXT, or so much of it from the front as fits into S's width together with "...". */
struct str text_cut(struct arena *a, const struct setting *s, struct str text);
