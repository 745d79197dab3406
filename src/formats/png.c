/* formats/png.c: libpng's simple reading, and its writing with a resolution, which the simple way can't say. */
#include "formats/png.h"

#include <string.h>

#include <png.h>
#include <zlib.h>

#define INCHES_A_METRE 39.37007874

enum status png_read(struct arena *a, struct str bytes, size_t pixels_max, struct picture *out, struct problem *why)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	const png_color white = { 255, 255, 255 };
	enum status st = REFUSED;
	if (!png_image_begin_read_from_memory(&image, bytes.at, bytes.len)) {
		problem_add(why, "", MSG_PNG_UNREADABLE, arg_text("why", str_keep(a, str_of(image.message))));
		return REFUSED;
	}
	image.format = PNG_FORMAT_GRAY;
	if ((uint64_t)image.width * image.height > pixels_max) {
		problem_add(why, "", MSG_PNG_TOO_LARGE, arg_int("millions", (int64_t)(pixels_max >> 20)));
		goto done;
	}
	out->width = image.width;
	out->height = image.height;
	out->at = arena_alloc(a, PNG_IMAGE_SIZE(image));
	if (png_image_finish_read(&image, &white, out->at, 0, NULL)) st = OK;
	else problem_add(why, "", MSG_PNG_UNREADABLE, arg_text("why", str_keep(a, str_of(image.message))));
done:
	png_image_free(&image);
	return st;
}

static noreturn void on_error(png_structp png, png_const_charp what)
{
	(void)png;
	BUG("libpng: %s", what); /* our own picture, into memory: nothing from outside can do this */
}

static void on_warning(png_structp png, png_const_charp what)
{
	on_error(png, what);
}

static void on_write(png_structp png, png_bytep bytes, size_t len)
{
	buf_add(png_get_io_ptr(png), (struct str){ (const char *)bytes, len });
}

struct str png_write(struct arena *a, const struct picture *picture, unsigned dpi)
{
	struct buf b = buf_in(a);
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	if (!info) BUG("no memory");
	png_set_write_fn(png, &b, on_write, NULL);
	png_set_IHDR(png, info, picture->width, picture->height, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	uint32_t dots = (uint32_t)(dpi * INCHES_A_METRE + 0.5);
	png_set_pHYs(png, info, dots, dots, PNG_RESOLUTION_METER);
	png_set_filter(png, 0, PNG_FILTER_NONE);  /* mostly white: filters only cost time, */
	png_set_compression_strategy(png, Z_RLE); /* and looking for more than runs takes three times as long for a tenth of the size */
	png_write_info(png, info);
	for (size_t y = 0; y < picture->height; y++) png_write_row(png, picture->at + y * picture->width);
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	return buf_str(&b);
}
