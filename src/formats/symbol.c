/* formats/symbol.c: libqrencode makes the modules. */
#include "formats/symbol.h"

#include <qrencode.h>

bool symbol_make(struct arena *a, struct str text, enum symbol_level level, struct symbol *out)
{
	const char *c = str_c(a, text);
	QRcode *made = c ? QRcode_encodeString(c, 0, level == SYMBOL_Q ? QR_ECLEVEL_Q : QR_ECLEVEL_M, QR_MODE_8, 1) : NULL;
	if (!made) return false;
	size_t count = (size_t)made->width * (size_t)made->width;
	uint8_t *modules = arena_alloc(a, count);
	for (size_t i = 0; i < count; i++) modules[i] = made->data[i] & 1;
	*out = (struct symbol){ (unsigned)made->width, modules };
	QRcode_free(made);
	return true;
}

struct str symbol_path(struct arena *a, const struct symbol *s)
{
	struct buf b = buf_in(a);
	for (unsigned y = 0; y < s->side; y++) {
		const uint8_t *row = s->modules + (size_t)y * s->side;
		for (unsigned x = 0, end; x < s->side; x = end + 1) {
			for (end = x; end < s->side && row[end];) end++;
			if (end > x) buf_addf(&b, "M%u %uh%uv1h-%uz", x + SYMBOL_QUIET, y + SYMBOL_QUIET, end - x, end - x);
		}
	}
	return buf_str(&b);
}
