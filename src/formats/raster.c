/* formats/raster.c: each edge adds, row by row, the area to the right of it with the sign of its direction; summing a row gives what is covered. */
#include "formats/raster.h"

#include <math.h>
#include <string.h>

#define FLAT	   0.1 /* pixels: how far a curve's chords may lie from it */
#define CHORDS_MAX 64

struct raster {
	struct arena *arena;
	struct picture picture;
	struct edge {
		double x0, y0, x1, y1;
	} * edges;
	size_t count, size;
	double begin_x, begin_y, x, y; /* of the contour being built */
	float *cover;
	size_t cover_size;
};

struct raster *raster_new(struct arena *a, uint32_t width, uint32_t height)
{
	struct raster *r = ARENA_NEW(a, struct raster);
	r->arena = a;
	r->picture = (struct picture){ arena_alloc(a, (size_t)width * height), width, height };
	memset(r->picture.at, 255, (size_t)width * height);
	return r;
}

const struct picture *raster_picture(const struct raster *r)
{
	return &r->picture;
}

void raster_line(struct raster *r, double x, double y)
{
	if (r->count == r->size) {
		size_t size = r->size ? r->size * 2 : 256;
		r->edges = arena_grow(r->arena, r->edges, r->size * sizeof *r->edges, size * sizeof *r->edges);
		r->size = size;
	}
	r->edges[r->count++] = (struct edge){ r->x, r->y, x, y };
	r->x = x;
	r->y = y;
}

void raster_move(struct raster *r, double x, double y)
{
	if (r->x != r->begin_x || r->y != r->begin_y) raster_line(r, r->begin_x, r->begin_y);
	r->begin_x = r->x = x;
	r->begin_y = r->y = y;
}

void raster_curve(struct raster *r, double cx, double cy, double x, double y)
{
	/* A quadratic's N chords stay within a quarter of its bend, divided by N squared. */
	double x0 = r->x, y0 = r->y, bend = hypot(x0 - 2 * cx + x, y0 - 2 * cy + y);
	int n = (int)ceil(sqrt(bend / (4 * FLAT)));
	if (n < 1) n = 1;
	if (n > CHORDS_MAX) n = CHORDS_MAX;
	for (int i = 1; i <= n; i++) {
		double t = (double)i / n, u = 1 - t;
		raster_line(r, u * u * x0 + 2 * u * t * cx + t * t * x, u * u * y0 + 2 * u * t * cy + t * t * y);
	}
}

/* The part of an edge within one row, from X to NEXT, HEIGHT of the row high (negative: upwards). Up to u, what the edge has passed of that height is
 * h(u), rising from its left to its right end; a pixel is covered by the integral of h over it. ROW gets the differences from pixel to pixel. */
static void add_to_row(float *row, double x, double next, double height)
{
	double left = x < next ? x : next, right = x < next ? next : x, slope = right > left ? height / (right - left) : 0, before = 0;
	for (long i = (long)floor(left), last = (long)ceil(right); i <= last; i++) {
		double covered = height;
		if ((double)i < right) {
			double from = (double)i > left ? (double)i : left, to = (double)(i + 1) < right ? (double)(i + 1) : right;
			double begin = slope * (from - left), end = to < right ? slope * (to - left) : height;
			covered = (begin + end) / 2 * (to - from) + end * ((double)(i + 1) - to);
		}
		row[i] += (float)(covered - before);
		before = covered;
	}
}

static void add_edge(float *cover, size_t stride, struct edge e)
{
	double sign = 1;
	if (e.y0 > e.y1) {
		e = (struct edge){ e.x1, e.y1, e.x0, e.y0 };
		sign = -1;
	}
	if (e.y0 == e.y1) return;
	double slope = (e.x1 - e.x0) / (e.y1 - e.y0), x = e.x0, y = e.y0;
	for (long row = (long)floor(y); y < e.y1; row++) {
		double below = (double)(row + 1) < e.y1 ? (double)(row + 1) : e.y1, next = e.x0 + slope * (below - e.y0);
		if (below == e.y1) next = e.x1; /* exactly, so that nothing lies outside of the box */
		add_to_row(cover + (size_t)row * stride, x, next, sign * (below - y));
		x = next;
		y = below;
	}
}

/* Paints what ROW of differences covers onto one row of pixels. */
static void paint_row(uint8_t *pixels, const float *row, long from, long to, long origin, uint8_t grey)
{
	float sum = 0;
	for (long x = origin; x < to; x++) {
		sum += row[x - origin];
		float part = fminf(fabsf(sum), 1);
		if (x >= from && part > 0) pixels[x] = (uint8_t)lrintf((float)pixels[x] * (1 - part) + (float)grey * part);
	}
}

void raster_fill(struct raster *r, uint8_t grey)
{
	raster_move(r, 0, 0);
	double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
	for (size_t i = 0; i < r->count; i++) {
		const struct edge *e = &r->edges[i];
		left = fmin(left, fmin(e->x0, e->x1)), right = fmax(right, fmax(e->x0, e->x1));
		top = fmin(top, fmin(e->y0, e->y1)), bottom = fmax(bottom, fmax(e->y0, e->y1));
	}
	size_t count = r->count;
	r->count = 0;
	if (count == 0 || left >= r->picture.width || right <= 0 || top >= r->picture.height || bottom <= 0) return;

	long x0 = (long)floor(left), y0 = (long)floor(top), width = (long)ceil(right) - x0 + 2, height = (long)ceil(bottom) - y0;
	size_t cells = (size_t)width * (size_t)height;
	if (cells > r->cover_size) {
		r->cover = arena_grow(r->arena, r->cover, r->cover_size * sizeof *r->cover, cells * sizeof *r->cover);
		r->cover_size = cells;
	}
	memset(r->cover, 0, cells * sizeof *r->cover);
	for (size_t i = 0; i < count; i++) {
		struct edge e = r->edges[i];
		add_edge(r->cover, (size_t)width, (struct edge){ e.x0 - (double)x0, e.y0 - (double)y0, e.x1 - (double)x0, e.y1 - (double)y0 });
	}
	long from = x0 < 0 ? 0 : x0, to = x0 + width < (long)r->picture.width ? x0 + width : (long)r->picture.width;
	for (long y = y0 < 0 ? 0 : y0; y < y0 + height && y < (long)r->picture.height; y++)
		paint_row(r->picture.at + (size_t)y * r->picture.width, r->cover + (y - y0) * width, from, to, x0, grey);
}

static long within(long at, uint32_t size)
{
	return at < 0 ? 0 : at > (long)size ? (long)size : at;
}

void raster_block(struct raster *r, long x, long y, long right, long bottom)
{
	x = within(x, r->picture.width), right = within(right, r->picture.width);
	y = within(y, r->picture.height), bottom = within(bottom, r->picture.height);
	for (; y < bottom && x < right; y++) memset(r->picture.at + y * (long)r->picture.width + x, 0, (size_t)(right - x));
}
