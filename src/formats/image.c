/* formats/image.c: three libraries that each read one format from memory, and one mean of areas. */
#include "formats/image.h"

#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>

#define CHANNELS 4

/* ---- reading ---- */

static enum status unreadable(const char *field, struct problem *why)
{
	problem_add(why, field, MSG_IMAGE_UNREADABLE);
	return REFUSED;
}

/* Room for the pixels; REFUSED when there are too many, or none. */
static enum status room(
	struct arena *a, uint64_t width, uint64_t height, size_t pixels_max, const char *field, struct image *out, struct problem *why)
{
	if (!width || !height) return unreadable(field, why);
	if (width > pixels_max || height > pixels_max / width)
		return problem_add(why, field, MSG_IMAGE_TOO_LARGE, arg_int("millions", (int64_t)(pixels_max >> 20))), REFUSED;
	*out = (struct image){ arena_alloc(a, (size_t)(width * height * CHANNELS)), (uint32_t)width, (uint32_t)height };
	return OK;
}

static enum status png_into(struct arena *a, struct str bytes, size_t pixels_max, const char *field, struct image *out, struct problem *why)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	enum status st;
	if (!png_image_begin_read_from_memory(&image, bytes.at, bytes.len)) return unreadable(field, why);
	image.format = PNG_FORMAT_RGBA;
	st = room(a, image.width, image.height, pixels_max, field, out, why);
	if (st == OK && !png_image_finish_read(&image, NULL, out->at, 0, NULL)) st = unreadable(field, why);
	png_image_free(&image);
	return st;
}

/* A file that is cut off is a warning for the library and is drawn grey at its end: for us it is broken. LIMITSCANS: a progressive file of 10,000 passes takes minutes. */
static enum status jpeg_into(struct arena *a, struct str bytes, size_t pixels_max, const char *field, struct image *out, struct problem *why)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	int width, height, sampling, space;
	enum status st = REFUSED;
	tjhandle jpeg = tjInitDecompress();
	if (!jpeg) return UNAVAILABLE;
	if (tjDecompressHeader3(jpeg, at, bytes.len, &width, &height, &sampling, &space) || width < 0 || height < 0) unreadable(field, why);
	else st = room(a, (uint64_t)width, (uint64_t)height, pixels_max, field, out, why);
	if (st == OK && tjDecompress2(jpeg, at, bytes.len, out->at, width, 0, height, TJPF_RGBA, TJFLAG_LIMITSCANS)) st = unreadable(field, why);
	tjDestroy(jpeg);
	return st;
}

static enum status webp_into(struct arena *a, struct str bytes, size_t pixels_max, const char *field, struct image *out, struct problem *why)
{
	const uint8_t *at = (const uint8_t *)bytes.at;
	WebPBitstreamFeatures f;
	enum status st;
	if (WebPGetFeatures(at, bytes.len, &f) != VP8_STATUS_OK || f.has_animation || f.width < 0 || f.height < 0) return unreadable(field, why);
	if ((st = room(a, (uint64_t)f.width, (uint64_t)f.height, pixels_max, field, out, why))) return st;
	size_t size = (size_t)f.width * (size_t)f.height * CHANNELS;
	return WebPDecodeRGBAInto(at, bytes.len, out->at, size, f.width * CHANNELS) ? OK : unreadable(field, why);
}

enum status image_read(struct arena *a, struct str bytes, size_t pixels_max, const char *field, struct image *out, struct problem *why)
{
	if (str_starts(bytes, S("\x89PNG\r\n\x1a\n"))) return png_into(a, bytes, pixels_max, field, out, why);
	if (str_starts(bytes, S("\xff\xd8\xff"))) return jpeg_into(a, bytes, pixels_max, field, out, why);
	if (str_starts(bytes, S("RIFF")) && str_eq(str_part(bytes, 8, 4), S("WEBP"))) return webp_into(a, bytes, pixels_max, field, out, why);
	problem_add(why, field, MSG_IMAGE_KIND);
	return REFUSED;
}

/* ---- fitting ---- */

/* The pixels of N that piece I of OF covers: [from, to). */
static void piece_of(uint32_t n, uint32_t of, uint32_t i, uint32_t *from, uint32_t *to)
{
	*from = (uint32_t)((uint64_t)i * n / of);
	*to = (uint32_t)(((uint64_t)i + 1) * n / of);
}

/* The mean of an area; a colour counts as much as it is seen, or what is transparent would darken the edges. */
static void mean_of(const struct image *image, uint32_t left, uint32_t right, uint32_t top, uint32_t bottom, uint8_t out[CHANNELS])
{
	uint64_t sum[CHANNELS] = { 0 }, n = (uint64_t)(right - left) * (bottom - top);
	if (!n) BUG("a piece without pixels"); /* a picture is only ever made smaller */
	for (uint32_t y = top; y < bottom; y++) {
		const uint8_t *p = image->at + ((size_t)y * image->width + left) * CHANNELS;
		for (uint32_t x = left; x < right; x++, p += CHANNELS) {
			for (int c = 0; c < 3; c++) sum[c] += (uint64_t)p[c] * p[3];
			sum[3] += p[3];
		}
	}
	for (int c = 0; c < 3; c++) out[c] = sum[3] ? (uint8_t)((sum[c] + sum[3] / 2) / sum[3]) : 0;
	out[3] = (uint8_t)((sum[3] + n / 2) / n);
}

struct image image_fit(struct arena *a, struct image image, uint32_t width, uint32_t height)
{
	if (image.width <= width && image.height <= height) return image;
	struct image out = { .width = width, .height = (uint32_t)((uint64_t)image.height * width / image.width) };
	if (out.height > height) out.width = (uint32_t)((uint64_t)image.width * height / image.height), out.height = height;
	if (!out.width) out.width = 1; /* a hair of a picture */
	if (!out.height) out.height = 1;
	out.at = arena_alloc(a, (size_t)out.width * out.height * CHANNELS);
	uint8_t *p = out.at;
	for (uint32_t y = 0; y < out.height; y++) {
		uint32_t top, bottom, left, right;
		piece_of(image.height, out.height, y, &top, &bottom);
		for (uint32_t x = 0; x < out.width; x++, p += CHANNELS) {
			piece_of(image.width, out.width, x, &left, &right);
			mean_of(&image, left, right, top, bottom, p);
		}
	}
	return out;
}

/* ---- writing ---- */

struct str image_png(struct arena *a, struct image image)
{
	png_image out = { .version = PNG_IMAGE_VERSION, .width = image.width, .height = image.height, .format = PNG_FORMAT_RGBA };
	png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(out);
	char *bytes = arena_alloc(a, size);
	if (!png_image_write_to_memory(&out, bytes, &size, 0, image.at, 0, NULL))
		BUG("libpng: %s", out.message); /* our own pixels, into room that suffices */
	return (struct str){ bytes, size };
}

#define JPEG_QUALITY 82 /* what nobody tells from the original at arm's length */

/* COLOUR as it looks on white paper. */
static uint8_t on_white(unsigned colour, unsigned opaque)
{
	return (uint8_t)((colour * opaque + 255 * (255 - opaque) + 127) / 255);
}

struct str image_jpeg(struct arena *a, struct image image)
{
	size_t pixels = (size_t)image.width * image.height;
	uint8_t *flat = arena_alloc(a, arena_array_size(pixels, 3)), *out = NULL;
	unsigned long len = 0;
	struct str jpeg = S("");
	for (size_t i = 0; i < pixels; i++)
		for (size_t c = 0; c < 3; c++) flat[3 * i + c] = on_white(image.at[4 * i + c], image.at[4 * i + 3]);
	tjhandle coder = tjInitCompress();
	if (coder &&
		!tjCompress2(coder, flat, (int)image.width, 0, (int)image.height, TJPF_RGB, &out, &len, TJSAMP_420, JPEG_QUALITY, TJFLAG_PROGRESSIVE))
		jpeg = str_keep(a, (struct str){ (const char *)out, len });
	tjFree(out);
	if (coder) tjDestroy(coder);
	return jpeg;
}
