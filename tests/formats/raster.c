/* tests/formats/raster.c: pixels are as dark as they are covered. */
#include "formats/raster.h"

#include <math.h>
#include <stdlib.h>

#include "test.h"

static void square(struct raster *r, double left, double top, double right, double bottom)
{
	raster_move(r, left, top);
	raster_line(r, right, top);
	raster_line(r, right, bottom);
	raster_line(r, left, bottom);
}

static int at(const struct raster *r, uint32_t x, uint32_t y)
{
	const struct picture *p = raster_picture(r);
	return p->at[y * p->width + x];
}

TEST(a_pixel_is_as_dark_as_it_is_covered)
{
	struct raster *r = raster_new(mem, 8, 8);
	square(r, 1, 1, 3.5, 2.25);
	raster_fill(r, 0);
	assert_int_equal(at(r, 1, 1), 0);
	assert_int_equal(at(r, 2, 1), 0);
	assert_in_range(at(r, 3, 1), 127, 128); /* half */
	assert_in_range(at(r, 1, 2), 191, 192); /* a quarter */
	assert_in_range(at(r, 3, 2), 223, 224); /* an eighth */
	assert_int_equal(at(r, 0, 1), 255);
	assert_int_equal(at(r, 4, 1), 255);
	assert_int_equal(at(r, 1, 3), 255);
}

TEST(a_contour_that_runs_the_other_way_is_a_hole_and_shapes_may_overlap)
{
	struct raster *r = raster_new(mem, 12, 12);
	square(r, 1, 1, 9, 9);
	raster_move(r, 3, 3);
	raster_line(r, 3, 6);
	raster_line(r, 6, 6);
	raster_line(r, 6, 3);
	square(r, 7, 7, 11, 11);
	raster_fill(r, 0);
	assert_int_equal(at(r, 2, 2), 0);
	assert_int_equal(at(r, 4, 4), 255);
	assert_int_equal(at(r, 8, 8), 0); /* covered twice */
	assert_int_equal(at(r, 10, 10), 0);
}

TEST(white_is_painted_over_black)
{
	struct raster *r = raster_new(mem, 6, 6);
	raster_block(r, 0, 0, 6, 6);
	square(r, 2, 2, 4, 4);
	raster_fill(r, 255);
	assert_int_equal(at(r, 1, 1), 0);
	assert_int_equal(at(r, 2, 2), 255);
}

TEST(a_curve_covers_the_area_that_mathematics_says)
{
	struct raster *r = raster_new(mem, 100, 100);
	raster_move(r, 0, 100);
	raster_curve(r, 50, 0, 100, 100); /* a parabola's segment: two thirds of 100 x 50 */
	raster_fill(r, 0);
	double dark = 0;
	for (uint32_t y = 0; y < 100; y++)
		for (uint32_t x = 0; x < 100; x++) dark += (255 - at(r, x, y)) / 255.0;
	assert_true(fabs(dark - 100 * 50 * 2 / 3.0) < 20);
}

TEST(what_lies_outside_of_the_picture_is_left_away)
{
	struct raster *r = raster_new(mem, 10, 10);
	square(r, -5, -5, 5, 5);
	raster_fill(r, 0);
	square(r, 8, 8, 50, 50);
	raster_fill(r, 0);
	square(r, 20, 0, 30, 10);
	raster_fill(r, 0);
	raster_block(r, -3, 6, 2, 90);
	raster_block(r, 5, 5, 2, 2);
	assert_int_equal(at(r, 4, 4), 0);
	assert_int_equal(at(r, 5, 5), 255);
	assert_int_equal(at(r, 9, 9), 0);
	assert_int_equal(at(r, 9, 0), 255);
	assert_int_equal(at(r, 0, 9), 0);
	assert_int_equal(at(r, 2, 9), 255);
}
