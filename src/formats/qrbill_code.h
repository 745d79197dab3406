/* formats/qrbill_code.h: the symbol of a QR-bill as modules: level M, the smallest version that fits (Q1, Q2), with room for the Swiss cross (Q5). */
#pragma once
#include "base/status.h"
#include "base/str.h"

#define QRBILL_CODE_MAX 117 /* modules a side: version 25 */

struct qrbill_code {
	unsigned side;			/* modules: odd */
	const uint8_t *modules; /* side x side, rows from the top: 1 dark */
};

/* The symbol of PAYLOAD in arena A. Modules that lie under the cross's white square, even in part, are light, so that no slivers stick out from under it.
 * REFUSED: more than QRBILL_PAYLOAD_MAX bytes, which qrbill_check has found before (R45), or none. */
enum status qrbill_code(struct arena *a, struct str payload, struct qrbill_code *out);
