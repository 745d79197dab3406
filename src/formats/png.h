/* formats/png.h: pictures in grey, read from and written as PNG. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

/* Rows from the top without padding, a byte a pixel: 0 black, 255 white. */
struct picture {
	uint8_t *at;
	uint32_t width, height;
};

/* Reads BYTES, a PNG of any kind; what is transparent is white. REFUSED with a finding when it is none, is broken, or has more than PIXELS_MAX pixels. */
enum status png_read(struct arena *a, struct str bytes, size_t pixels_max, struct picture *out, struct problem *why);

/* PICTURE as PNG in arena A, to be shown at DPI. The same picture gives the same bytes. */
struct str png_write(struct arena *a, const struct picture *picture, unsigned dpi);
