/* formats/image.h: pictures in colour that people upload, a house's logo: read within bounds, fitted, and written anew, so that nothing of the file itself is ever passed on. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

/* Rows from the top without padding, four bytes a pixel: red, green, blue, and how opaque (colours are not multiplied by it). */
struct image {
	uint8_t *at;
	uint32_t width, height;
};

/* Reads BYTES: PNG, JPEG or WebP, told apart by what they are and not by a name; the first picture of an animated PNG, no animated WebP. REFUSED with a finding at
 * FIELD when it is none of them, is broken or cut off, or has more than PIXELS_MAX pixels, which is asked before any is unpacked. */
enum status image_read(struct arena *a, struct str bytes, size_t pixels_max, const char *field, struct image *out, struct problem *why);

/* IMAGE, or one made smaller that fits in WIDTH by HEIGHT and keeps its proportions; never larger than it was. */
struct image image_fit(struct arena *a, struct image image, uint32_t width, uint32_t height);

/* IMAGE as PNG in arena A, without a word of the file that it came from. The same picture gives the same bytes. */
struct str image_png(struct arena *a, struct image image);

/* IMAGE as JPEG in arena A, on white where it is not opaque: for photographs. Empty when the library fails. */
struct str image_jpeg(struct arena *a, struct image image);
