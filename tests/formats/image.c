/* tests/formats/image.c: pictures that people upload are read within bounds, and come out as pixels and nothing else. */
#include "formats/image.h"

#include <stdlib.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include "test.h"

#define PIXELS_MAX 4096

static enum status read_in(struct str bytes, size_t pixels_max, struct image *out, enum message *said)
{
	struct problem why = problem_in(mem);
	enum status st = image_read(mem, bytes, pixels_max, "logo", out, &why);
	const struct finding *f = problem_at(&why, "logo");
	*said = f ? f->message : (enum message)0;
	if (st == REFUSED) assert_non_null(f);
	return st;
}

/* All of one colour. */
static struct image plain(uint32_t width, uint32_t height, uint8_t red, uint8_t green, uint8_t blue, uint8_t opaque)
{
	struct image image = { arena_alloc(mem, (size_t)width * height * 4), width, height };
	for (size_t i = 0; i < (size_t)width * height; i++) {
		const uint8_t pixel[] = { red, green, blue, opaque };
		memcpy(image.at + i * 4, pixel, sizeof pixel);
	}
	return image;
}

static struct str as_jpeg(struct image image)
{
	unsigned char *at = NULL;
	unsigned long size = 0;
	tjhandle jpeg = tjInitCompress();
	if (tjCompress2(jpeg, image.at, (int)image.width, 0, (int)image.height, TJPF_RGBA, &at, &size, TJSAMP_444, 95, 0)) fail_msg("no JPEG");
	struct str kept = str_keep(mem, (struct str){ (const char *)at, size });
	tjFree(at);
	tjDestroy(jpeg);
	return kept;
}

static struct str as_webp(struct image image)
{
	uint8_t *at = NULL;
	size_t size = WebPEncodeLosslessRGBA(image.at, (int)image.width, (int)image.height, (int)image.width * 4, &at);
	struct str kept = str_keep(mem, (struct str){ (const char *)at, size });
	WebPFree(at);
	return kept;
}

TEST(each_of_the_three_formats_is_read_by_what_it_is)
{
	struct image image = plain(12, 8, 200, 40, 90, 255), read;
	const struct str files[] = { image_png(mem, image), as_jpeg(image), as_webp(image) };
	enum message said;
	for (size_t i = 0; i < COUNT(files); i++) {
		assert_status(read_in(files[i], PIXELS_MAX, &read, &said), OK);
		assert_int_equal(read.width, 12);
		assert_int_equal(read.height, 8);
		assert_in_range(read.at[0], 196, 204); /* JPEG keeps colours nearly */
		assert_in_range(read.at[1], 36, 44);
		assert_in_range(read.at[2], 86, 94);
		assert_int_equal(read.at[3], 255);
	}
}

TEST(what_is_transparent_stays_so)
{
	struct image image = plain(3, 3, 10, 20, 30, 77), read;
	enum message said;
	assert_status(read_in(image_png(mem, image), PIXELS_MAX, &read, &said), OK);
	assert_int_equal(read.at[3], 77);
	assert_status(read_in(as_webp(image), PIXELS_MAX, &read, &said), OK);
	assert_int_equal(read.at[3], 77);
}

TEST(other_formats_are_refused_also_those_that_browsers_would_draw)
{
	static const struct str others[] = { { STR("") }, { STR("GIF89a\x01\0\x01\0\0\0\0;") }, { STR("<svg xmlns=\"http://www.w3.org/2000/svg\"/>") },
		{ STR("BM\x1e\0\0\0") }, { STR("RIFF\x04\0\0\0WAVE") }, { STR("\0\0\0 ftypavif") }, { STR("%PDF-1.7") } };
	struct image read;
	enum message said;
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_status(read_in(others[i], PIXELS_MAX, &read, &said), REFUSED);
		assert_int_equal(said, MSG_IMAGE_KIND);
	}
}

TEST(a_picture_of_too_many_pixels_is_refused_before_any_is_unpacked)
{
	struct image image = plain(64, 65, 1, 2, 3, 255), read = { 0 };
	const struct str files[] = { image_png(mem, image), as_jpeg(image), as_webp(image) };
	enum message said;
	for (size_t i = 0; i < COUNT(files); i++) {
		assert_status(read_in(files[i], PIXELS_MAX, &read, &said), REFUSED);
		assert_int_equal(said, MSG_IMAGE_TOO_LARGE);
		assert_null(read.at);
	}
}

TEST(a_file_that_is_cut_off_or_spoilt_is_refused)
{
	struct image image = plain(40, 40, 0, 0, 0, 255), read;
	enum message said;
	for (size_t i = 0; i < 40 * 40; i++) image.at[i * 4] = (uint8_t)(i * 37), image.at[i * 4 + 1] = (uint8_t)(i * 91); /* so that its data are long */
	const struct str files[] = { image_png(mem, image), as_jpeg(image), as_webp(image) };
	for (size_t i = 0; i < COUNT(files); i++) {
		assert_status(read_in(files[i], PIXELS_MAX, &read, &said), OK);
		assert_status(read_in(str_part(files[i], 0, files[i].len / 2), PIXELS_MAX, &read, &said), REFUSED);
		assert_int_equal(said, MSG_IMAGE_UNREADABLE);
		assert_status(read_in(str_part(files[i], 0, 13), PIXELS_MAX, &read, &said), REFUSED);
	}
}

TEST(a_picture_is_made_smaller_until_it_fits_and_never_larger)
{
	static const struct {
		uint32_t width, height, becomes_wide, becomes_high;
	} cases[] = { { 100, 40, 100, 40 }, { 10, 4, 10, 4 }, { 200, 40, 100, 20 }, { 200, 200, 40, 40 }, { 4000, 1, 100, 1 }, { 1, 4000, 1, 40 },
		{ 101, 40, 100, 39 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct image out = image_fit(mem, plain(cases[i].width, cases[i].height, 9, 9, 9, 255), 100, 40);
		assert_int_equal(out.width, cases[i].becomes_wide);
		assert_int_equal(out.height, cases[i].becomes_high);
		assert_int_equal(out.at[0], 9);
	}
}

TEST(what_cannot_be_seen_does_not_colour_what_can)
{
	struct image image = plain(4, 2, 0, 0, 0, 0);										/* transparent black, */
	for (size_t i = 0; i < 4; i++) memcpy(image.at + i * 2 * 4, "\xff\xff\xff\xff", 4); /* every other pixel white */
	struct image out = image_fit(mem, image, 2, 1);
	assert_int_equal(out.at[0], 255);
	assert_int_equal(out.at[3], 128);
}

TEST(nothing_of_the_file_but_its_pixels_is_written)
{
	static const char chunk[] = "\0\0\0\x0ctEXtComment\0evil\x5d\x8a\x3f\x1f"; /* a wrong checksum of an ancillary chunk is no fault to libpng */
	struct image image = plain(5, 5, 1, 2, 3, 255), read;
	struct str clean = image_png(mem, image);
	struct buf b = buf_in(mem);
	enum message said;
	buf_add(&b, str_part(clean, 0, 33)); /* signature and IHDR */
	buf_add(&b, (struct str){ chunk, sizeof chunk - 1 });
	buf_add(&b, str_part(clean, 33, clean.len));
	buf_add(&b, S("<script>behind the end</script>"));
	assert_status(read_in(buf_str(&b), PIXELS_MAX, &read, &said), OK);
	assert_str(image_png(mem, read), clean);
}
