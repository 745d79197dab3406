/* formats/qrbill_code.c: libqrencode makes the modules. */
#include "formats/qrbill_code.h"

#include <string.h>

#include <qrencode.h>

#include "formats/qrbill.h"

/* Millimetres, whatever the version (Q3, Q5). */
#define CODE_SIDE  46
#define CROSS_SIDE 7

static void make_room_for_cross(uint8_t *modules, unsigned side)
{
	unsigned first = (CODE_SIDE - CROSS_SIDE) * side / (2 * CODE_SIDE);
	for (unsigned y = first; y < side - first; y++) memset(modules + y * side + first, 0, side - 2 * first);
}

enum status qrbill_code(struct arena *a, struct str payload, struct qrbill_code *out)
{
	/* libqrencode would go on to version 26 without a word. */
	if (payload.len == 0 || payload.len > QRBILL_PAYLOAD_MAX) return REFUSED;
	QRcode *made = QRcode_encodeData((int)payload.len, (const unsigned char *)payload.at, 0, QR_ECLEVEL_M);
	if (!made) BUG("%zu bytes did not become a symbol", payload.len);
	unsigned side = (unsigned)made->width;
	if (side > QRBILL_CODE_MAX) BUG("a symbol of %u modules", side);
	uint8_t *modules = arena_alloc(a, (size_t)side * side);
	for (size_t i = 0; i < (size_t)side * side; i++) modules[i] = made->data[i] & 1;
	QRcode_free(made);
	make_room_for_cross(modules, side);
	*out = (struct qrbill_code){ side, modules };
	return OK;
}
