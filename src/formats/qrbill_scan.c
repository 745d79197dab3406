/* formats/qrbill_scan.c: a picture is read, and its codes are looked for. */
#include "formats/qrbill_scan.h"

#include "formats/png.h"
#include "formats/qrbill_zxing.h"

struct codes {
	struct arena *arena;
	struct str *at;
	size_t count;
};

static void on_code(void *arg, const uint8_t *bytes, size_t len)
{
	struct codes *c = arg;
	if (c->count < SCAN_CODES_MAX) c->at[c->count++] = str_keep(c->arena, (struct str){ (const char *)bytes, len });
}

enum status qrbill_scan_png(struct arena *a, struct str png, struct str **codes, size_t *count, struct problem *why)
{
	struct codes found = { a, ARENA_ARRAY(a, struct str, SCAN_CODES_MAX), 0 };
	struct picture picture = { 0 };
	enum status st;
	*count = 0;
	if (png.len > SCAN_PNG_MAX) {
		problem_add(why, "", MSG_PNG_TOO_LONG, arg_int("mib", SCAN_PNG_MAX >> 20));
		return REFUSED;
	}
	if ((st = png_read(a, png, SCAN_PIXELS_MAX, &picture, why))) return st;
	if (!zxing_qr_codes(picture.at, (int)picture.width, (int)picture.height, SCAN_CODES_MAX, on_code, &found)) {
		problem_add(why, "", MSG_PNG_UNREADABLE, arg_text("why", S("zxing-cpp")));
		return REFUSED;
	}
	*codes = found.at;
	*count = found.count;
	return OK;
}
