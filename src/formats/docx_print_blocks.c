/* formats/docx_print_blocks.c: paragraphs, lists and tables of a letter, each set by Pango and laid down line by line. */
#include "base/status.h"
#include "formats/docx_press.h"

#define SIZE_MIN		7
#define SIZE_MAX_		20
#define HEADING_SIZE	15
#define LINE_SPACING	1.25 /* of the letters' own height */
#define PARAGRAPH_SPACE 7	 /* points after one */
#define INDENT			16	 /* of a list's level */
#define COLUMN_GAP		10
#define CELL_SPACE		3 /* above and below what is in a row */
#define COLUMNS_MAX		12
#define HAIR			0.5
#define HAIR_COLOUR		0xa6b0b2
#define INK				0x000000
#define IMAGE_PIXELS	(1u << 24) /* a logo; more would be a bomb */

static double points_of(PangoLayout *layout, bool is_height)
{
	int width, height;
	pango_layout_get_size(layout, &width, &height);
	return (double)(is_height ? height : width) / PANGO_SCALE;
}

/* ---- pieces ---- */

static void attribute(PangoAttrList *list, PangoAttribute *a, size_t from, size_t to)
{
	a->start_index = (guint)from;
	a->end_index = (guint)to;
	pango_attr_list_insert(list, a);
}

/* The template's sizes, in the proportion that they have to its ordinary text. */
static double size_of(const struct press *p, unsigned half_points)
{
	double size = (double)half_points * TEXT_SIZE / p->merged->from->half_points;
	return size < SIZE_MIN ? SIZE_MIN : size > SIZE_MAX_ ? SIZE_MAX_ : size;
}

static void look_add(const struct press *p, PangoAttrList *list, const struct docx_node *n, size_t from, size_t to)
{
	const struct docx_look *l = &n->look;
	if (p->is_plain) {
		attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
		return;
	}
	if (l->is_bold) attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
	if (l->is_italic) attribute(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
	if (l->is_underlined) attribute(list, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), from, to);
	if (l->is_struck) attribute(list, pango_attr_strikethrough_new(TRUE), from, to);
	if (l->half_points && l->half_points != p->merged->from->half_points)
		attribute(list, pango_attr_size_new_absolute((int)(size_of(p, l->half_points) * PANGO_SCALE)), from, to);
	if (l->has_colour && l->colour != 0xffffff) {
		guint16 r = (guint16)((l->colour >> 16 & 255) * 257), g = (guint16)((l->colour >> 8 & 255) * 257), b = (guint16)((l->colour & 255) * 257);
		attribute(list, pango_attr_foreground_new(r, g, b), from, to);
	}
}

/* The pieces from FIRST on as one layout, WIDTH wide. Pictures stand beside the text, not in it. */
PangoLayout *press_pieces(struct press *p, const struct docx_node *first, double size, double width)
{
	struct buf b = buf_in(p->arena);
	PangoAttrList *list = pango_attr_list_new();
	for (const struct docx_node *n = first; n; n = n->next) {
		size_t from = b.len;
		if (n->kind == DOCX_BREAK) buf_add(&b, S("\xe2\x80\xa8")); /* LINE SEPARATOR: no new paragraph */
		else if (n->kind == DOCX_TEXT) buf_add(&b, n->text);
		if (b.len > from) look_add(p, list, n, from, b.len);
	}
	PangoLayout *layout = canvas_layout(&p->canvas, buf_str(&b), size, FONT_REGULAR);
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(layout, LINE_SPACING);
	return layout;
}

/* A heading has one size, and is bold. */
static PangoLayout *paragraph_layout(struct press *p, const struct docx_node *n, double width)
{
	bool is_heading = n->paragraph->heading > 0, was_plain = p->is_plain;
	p->is_plain = was_plain || is_heading;
	PangoLayout *layout = press_pieces(p, n->first, is_heading ? HEADING_SIZE : TEXT_SIZE, width);
	p->is_plain = was_plain;
	if (n->paragraph->align == DOCX_RIGHT) pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
	if (n->paragraph->align == DOCX_CENTRE) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
	return layout;
}

/* Lays LAYOUT down from p->y on, a line at a time, so that a long one goes on on the next page. */
static void lines_out(struct press *p, PangoLayout *layout, double x)
{
	PangoLayoutIter *lines = pango_layout_get_iter(layout);
	do {
		PangoRectangle extents;
		int top, bottom;
		pango_layout_iter_get_line_yrange(lines, &top, &bottom);
		pango_layout_iter_get_line_extents(lines, NULL, &extents);
		double height = (double)(bottom - top) / PANGO_SCALE, base = (double)(pango_layout_iter_get_baseline(lines) - top) / PANGO_SCALE;
		press_need(p, height);
		canvas_colour(&p->canvas, INK);
		cairo_move_to(p->canvas.cr, x + (double)extents.x / PANGO_SCALE, p->y + base);
		pango_cairo_show_layout_line(p->canvas.cr, pango_layout_iter_get_line_readonly(lines));
		p->y += height;
	} while (pango_layout_iter_next_line(lines));
	pango_layout_iter_free(lines);
}

/* ---- pictures ---- */

struct reading {
	struct str rest;
};

static cairo_status_t read_on(void *from, unsigned char *into, unsigned length)
{
	struct reading *r = from;
	if (r->rest.len < length) return CAIRO_STATUS_READ_ERROR;
	memcpy(into, r->rest.at, length);
	r->rest = str_part(r->rest, length, r->rest.len);
	return CAIRO_STATUS_SUCCESS;
}

static uint32_t number_at(struct str s, size_t at)
{
	const unsigned char *c = (const unsigned char *)s.at + at;
	return (uint32_t)c[0] << 24 | (uint32_t)c[1] << 16 | (uint32_t)c[2] << 8 | c[3];
}

/* A PNG, its size known before it is unpacked (its header stands at byte 16); other kinds are for mails alone. */
static void image_out(struct press *p, const struct docx_image *image, double x, double width)
{
	struct reading r = { image->bytes };
	if (!str_eq(image->type, S("image/png")) || image->bytes.len < 24) return;
	uint64_t across = number_at(image->bytes, 16), down = number_at(image->bytes, 20);
	if (across == 0 || down == 0 || across * down > IMAGE_PIXELS) return;
	cairo_surface_t *picture = cairo_image_surface_create_from_png_stream(read_on, &r);
	if (cairo_surface_status(picture) == CAIRO_STATUS_SUCCESS) {
		double wide = image->width ? image->width * 0.75 : (double)across * 0.75; /* CSS pixels are three quarters of a point */
		if (wide > width) wide = width;
		double high = wide * (double)down / (double)across;
		press_need(p, high);
		cairo_save(p->canvas.cr);
		cairo_translate(p->canvas.cr, x, p->y);
		cairo_scale(p->canvas.cr, wide / (double)across, wide / (double)across);
		cairo_set_source_surface(p->canvas.cr, picture, 0, 0);
		cairo_paint(p->canvas.cr);
		cairo_restore(p->canvas.cr);
		p->y += high + PARAGRAPH_SPACE;
	}
	cairo_surface_destroy(picture);
}

/* ---- paragraphs ---- */

static void paragraph_out(struct press *p, const struct docx_node *n, const struct docx_node *after, double x, double width)
{
	for (const struct docx_node *piece = n->first; piece; piece = piece->next)
		if (piece->kind == DOCX_IMAGE) image_out(p, piece->image, x, width);
	PangoLayout *layout = paragraph_layout(p, n, width);
	lines_out(p, layout, x);
	g_object_unref(layout);
	if (!n->paragraph->is_tight || (after && after->kind != DOCX_PARAGRAPH)) p->y += PARAGRAPH_SPACE;
}

static void item_out(struct press *p, const struct docx_node *n, double x, double width)
{
	double indent = INDENT * (n->paragraph->level + 1);
	struct str mark = docx_item_mark(p->arena, p->merged, n->paragraph);
	PangoLayout *layout = canvas_layout(&p->canvas, str_eq(mark, S("-")) ? S("•") : mark, TEXT_SIZE, FONT_REGULAR);
	press_need(p, points_of(layout, true));
	double page_y = p->y;
	pango_layout_set_line_spacing(layout, LINE_SPACING);
	lines_out(p, layout, x + indent - INDENT);
	g_object_unref(layout);
	p->y = page_y;
	layout = paragraph_layout(p, n, width - indent);
	lines_out(p, layout, x + indent);
	g_object_unref(layout);
	p->y += PARAGRAPH_SPACE / 2.0;
}

/* ---- tables ---- */

struct columns {
	size_t count;
	double x[COLUMNS_MAX], width[COLUMNS_MAX];
};

/* How wide what is in CELL runs where nothing breaks it. */
static double cell_natural(struct press *p, const struct docx_node *cell)
{
	double most = 0;
	for (const struct docx_node *n = cell->first; n; n = n->next) {
		if (n->kind != DOCX_PARAGRAPH) continue;
		PangoLayout *layout = paragraph_layout(p, n, 0);
		pango_layout_set_width(layout, -1);
		double width = points_of(layout, false);
		g_object_unref(layout);
		if (width > most) most = width;
	}
	return most;
}

/* Each column as wide as it needs; what is left, or too much, is the widest's. */
static struct columns columns_of(struct press *p, const struct docx_node *table, double x, double width)
{
	struct columns c = { 0 };
	size_t widest = 0;
	for (const struct docx_node *row = table->first; row; row = row->next) {
		size_t at = 0;
		for (const struct docx_node *cell = row->first; cell && at < COLUMNS_MAX; cell = cell->next) {
			double natural = cell->span > 1 ? 0 : cell_natural(p, cell);
			if (natural > c.width[at]) c.width[at] = natural;
			at += cell->span > 1 ? cell->span : 1;
		}
		if (at > COLUMNS_MAX) at = COLUMNS_MAX;
		if (at > c.count) c.count = at;
	}
	double sum = c.count > 1 ? COLUMN_GAP * (double)(c.count - 1) : 0;
	for (size_t i = 0; i < c.count; i++) {
		sum += c.width[i];
		if (c.width[i] > c.width[widest]) widest = i;
	}
	if (c.count) c.width[widest] += width - sum;
	if (c.count && c.width[widest] < width / (double)c.count) /* several are too wide: all alike */
		for (size_t i = 0; i < c.count; i++) c.width[i] = (width - COLUMN_GAP * (double)(c.count - 1)) / (double)c.count;
	for (size_t i = 0; i < c.count; i++) {
		c.x[i] = x;
		x += c.width[i] + COLUMN_GAP;
	}
	return c;
}

static double cell_width(const struct columns *c, size_t at, unsigned span)
{
	size_t last = at + (span > 1 ? span : 1) - 1;
	if (last >= c->count) last = c->count - 1;
	return c->x[last] + c->width[last] - c->x[at];
}

static double cell_height(struct press *p, const struct docx_node *cell, double width)
{
	double height = 0;
	for (const struct docx_node *n = cell->first; n; n = n->next) {
		if (n->kind != DOCX_PARAGRAPH || !docx_is_visible(n->first)) continue;
		PangoLayout *layout = paragraph_layout(p, n, width);
		height += points_of(layout, true);
		g_object_unref(layout);
	}
	return height;
}

static double row_height(struct press *p, const struct docx_node *row, const struct columns *c)
{
	double most = 0;
	size_t at = 0;
	for (const struct docx_node *cell = row->first; cell && at<c->count; at += cell->span> 1 ? cell->span : 1, cell = cell->next) {
		double height = cell_height(p, cell, cell_width(c, at, cell->span));
		if (height > most) most = height;
	}
	return most + 2 * CELL_SPACE;
}

static void row_out(struct press *p, const struct docx_node *row, const struct columns *c, double height)
{
	double top = p->y;
	size_t at = 0;
	for (const struct docx_node *cell = row->first; cell && at<c->count; at += cell->span> 1 ? cell->span : 1, cell = cell->next) {
		p->y = top + CELL_SPACE;
		for (const struct docx_node *n = cell->first; n; n = n->next) {
			if (n->kind != DOCX_PARAGRAPH || !docx_is_visible(n->first)) continue;
			PangoLayout *layout = paragraph_layout(p, n, cell_width(c, at, cell->span));
			lines_out(p, layout, c->x[at]);
			g_object_unref(layout);
		}
	}
	p->y = top + height;
	canvas_colour(&p->canvas, HAIR_COLOUR);
	cairo_set_line_width(p->canvas.cr, HAIR);
	cairo_move_to(p->canvas.cr, c->x[0], p->y);
	cairo_line_to(p->canvas.cr, c->x[c->count - 1] + c->width[c->count - 1], p->y);
	cairo_stroke(p->canvas.cr);
}

/* A row stays whole; the head stands again on each page. */
static void table_out(struct press *p, const struct docx_node *table, double x, double width)
{
	struct columns c = columns_of(p, table, x, width);
	const struct docx_node *head = table->first && table->first->is_header ? table->first : NULL;
	if (c.count == 0) return;
	for (const struct docx_node *row = table->first; row; row = row->next) {
		double height = row_height(p, row, &c);
		unsigned page = p->page;
		press_need(p, height);
		if (p->page != page && head && row != head) row_out(p, head, &c, row_height(p, head, &c));
		row_out(p, row, &c, height);
	}
	p->y += PARAGRAPH_SPACE;
}

void press_blocks(struct press *p, const struct docx_blocks *blocks, double x, double width)
{
	for (size_t i = 0; i < blocks->count; i++) {
		const struct docx_node *n = blocks->at[i];
		if (!docx_is_visible(n->first)) continue;
		if (n->kind == DOCX_TABLE) table_out(p, n, x, width);
		else if (n->kind == DOCX_PARAGRAPH && n->paragraph->list && !n->paragraph->heading) item_out(p, n, x, width);
		else if (n->kind == DOCX_PARAGRAPH) paragraph_out(p, n, docx_seen_after(blocks, i), x, width);
	}
}
