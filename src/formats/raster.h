/* formats/raster.h: fills shapes in a grey picture, edges smoothed by the area that a shape covers of each pixel. */
#pragma once
#include "formats/png.h"

struct raster;

/* A white picture of WIDTH x HEIGHT pixels in arena A. */
struct raster *raster_new(struct arena *a, uint32_t width, uint32_t height);
const struct picture *raster_picture(const struct raster *r);

/* A shape is built from closed contours, in pixels from the upper left corner; a curve has one control point, CX CY. What lies outside of the picture is left away. */
void raster_move(struct raster *r, double x, double y);
void raster_line(struct raster *r, double x, double y);
void raster_curve(struct raster *r, double cx, double cy, double x, double y);

/* Fills the shape built so far (an inner contour that runs the other way is a hole) with GREY, and begins the next. */
void raster_fill(struct raster *r, uint8_t grey);

/* Blackens whole pixels: columns X to RIGHT and rows Y to BOTTOM, these not included. */
void raster_block(struct raster *r, long x, long y, long right, long bottom);
