/* formats/font.c: text to glyphs and widths; the tables are made by tools/font.c. */
#include "formats/font.h"

/* The character at the front of REST and how many bytes it takes; 0 for what is no UTF-8. R06 ends below U+10000, so four bytes are never one of ours. */
static uint32_t point_at(struct str s, size_t *size)
{
	const uint8_t *b = (const uint8_t *)s.at;
	*size = 1;
	if (b[0] < 0x80) return b[0];
	size_t more = b[0] >= 0xf0 ? 3 : b[0] >= 0xe0 ? 2 : b[0] >= 0xc2 ? 1 : 0;
	if (more == 0 || s.len <= more) return 0;
	uint32_t point = b[0] & (0x3fu >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((b[i] & 0xc0) != 0x80) return 0;
		point = point << 6 | (b[i] & 0x3f);
	}
	*size = more + 1;
	return point;
}

unsigned font_next(struct str *rest)
{
	size_t size;
	unsigned glyph = font_glyph(point_at(*rest, &size));
	*rest = str_part(*rest, size, rest->len);
	return glyph;
}

int64_t font_width(enum font_weight weight, struct str text)
{
	const uint16_t *widths = fonts[weight].widths;
	int64_t sum = 0;
	while (text.len) sum += widths[font_next(&text)];
	return sum;
}
