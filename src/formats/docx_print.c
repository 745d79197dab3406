/* formats/docx_print.c: the sheet: fonts, pages, band, window, and where the slip goes. */
#include "formats/docx_print.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/status.h"
#include "formats/docx_press.h"
#include "formats/pdf.h"

#define FONT_FILES	  "/usr/share/fonts/truetype/liberation2/LiberationSans-" /* of Debian's fonts-liberation2 */
#define BAND_HEIGHT	  MM(16)
#define BAND_SIZE	  13
#define WINDOW_LEFT	  MM(118) /* the window on the right, of envelopes C5 and C5/6 (Swiss Post) */
#define WINDOW_TOP	  MM(50)
#define WINDOW_SIZE	  10
#define SENDER_WIDTH  MM(85)
#define BODY_TOP	  MM(80) /* below the window */
#define BODY_DISTANCE MM(8)
#define HEAD_SIZE	  8
#define SOFT		  0x545d61

/* ---- fonts ---- */

/* One map for the process, under a lock: loading fonts takes longer than a page, and Pango's maps belong to one thread at a time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PangoFontMap *map;
static FcConfig *config;

/* fontconfig keeps its patterns behind offsets, where a leak checker does not find them. */
static void fonts_close(void)
{
	pthread_mutex_lock(&lock);
	g_clear_object(&map);
	FcConfigAppFontClear(config);
	pthread_mutex_unlock(&lock);
}

/* Liberation Sans and nothing else, so that a letter looks the same whatever is installed. */
static bool fonts_open(void)
{
	static const char *const files[] = { "Regular", "Bold", "Italic", "BoldItalic" };
	char path[sizeof FONT_FILES "BoldItalic.ttf"];
	if (map) return true;
	config = FcConfigCreate();
	if (!config) BUG("out of memory for fonts");
	for (size_t i = 0; i < COUNT(files); i++) {
		snprintf(path, sizeof path, FONT_FILES "%s.ttf", files[i]);
		if (FcConfigAppFontAddFile(config, (const FcChar8 *)path)) continue;
		FcConfigDestroy(config);
		return false;
	}
	FcConfigSetCurrent(config); /* or Pango would read the host's, and all its fonts */
	map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
	atexit(fonts_close);
	return true;
}

static PangoContext *context_new(struct arena *a, struct str language)
{
	PangoContext *pango = pango_font_map_create_context(map);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE); /* paper has no pixels */
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(pango, options);
	pango_cairo_context_set_resolution(pango, 72);
	pango_context_set_language(pango, pango_language_from_string(str_c(a, language)));
	pango_context_set_round_glyph_positions(pango, FALSE);
	cairo_font_options_destroy(options);
	return pango;
}

PangoLayout *press_layout(struct press *p, struct str text, double size, enum font_weight weight)
{
	PangoLayout *layout = pango_layout_new(p->pango);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, "Liberation Sans");
	pango_font_description_set_weight(font, weight == FONT_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_text(layout, text.len ? text.at : "", (int)text.len);
	return layout;
}

void press_colour(struct press *p, uint32_t colour)
{
	cairo_set_source_rgb(p->cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

/* ---- pages ---- */

static void text_at(struct press *p, struct str text, double x, double y, double size, uint32_t colour)
{
	PangoLayout *layout = press_layout(p, text, size, FONT_REGULAR);
	press_colour(p, colour);
	cairo_move_to(p->cr, x, y);
	pango_cairo_show_layout(p->cr, layout);
	g_object_unref(layout);
}

void press_next_page(struct press *p)
{
	cairo_show_page(p->cr);
	p->page++;
	p->y = TOP_NEXT;
	text_at(p, str_format(p->arena, "%.*s · %u", STR_ARG(p->letter->title), p->page), LEFT, MM(12), HEAD_SIZE, SOFT);
}

void press_need(struct press *p, double height)
{
	if (p->y + height > PAGE_HEIGHT - BOTTOM && p->y > TOP_NEXT) press_next_page(p);
}

static void band_out(struct press *p, const struct docx_node *band)
{
	int height;
	PangoLayout *layout;
	press_colour(p, p->letter->accent);
	cairo_rectangle(p->cr, 0, 0, PAGE_WIDTH, BAND_HEIGHT);
	cairo_fill(p->cr);
	p->is_plain = true;
	layout = band ? press_pieces(p, band->first, BAND_SIZE, TEXT_WIDTH) : press_layout(p, p->letter->house, BAND_SIZE, FONT_BOLD);
	p->is_plain = false;
	pango_layout_get_size(layout, NULL, &height);
	press_colour(p, docx_ink_on(p->letter->accent));
	cairo_move_to(p->cr, LEFT, (BAND_HEIGHT - (double)height / PANGO_SCALE) / 2);
	pango_cairo_show_layout(p->cr, layout);
	g_object_unref(layout);
}

/* The template's footer is the sender beside the window. */
static void head_out(struct press *p, const struct docx_node *band, const struct docx_blocks *sender)
{
	band_out(p, band);
	text_at(p, p->letter->recipient, WINDOW_LEFT, WINDOW_TOP, WINDOW_SIZE, 0);
	p->y = WINDOW_TOP;
	press_blocks(p, sender, LEFT, SENDER_WIDTH);
	p->y = p->y + BODY_DISTANCE > BODY_TOP ? p->y + BODY_DISTANCE : BODY_TOP;
}

static struct str slip_out(struct press *p)
{
	struct buf operators = buf_in(p->arena);
	if (p->y > SLIP_TOP - SLIP_GROUND) press_next_page(p);
	press_slip(p, p->letter->slip);
	slip_symbol(&operators, p->letter->slip);
	return buf_str(&operators);
}

/* ---- the document ---- */

static cairo_status_t keep(void *to, const unsigned char *bytes, unsigned length)
{
	buf_add(to, (struct str){ (const char *)bytes, length });
	return CAIRO_STATUS_SUCCESS;
}

static void properties_set(struct press *p)
{
	int64_t seconds = p->letter->made_at / 1000000;
	time_t at = (time_t)seconds;
	struct tm t;
	char date[] = "0000-00-00T00:00:00Z";
	gmtime_r(&at, &t);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &t);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, str_c(p->arena, p->letter->title));
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, str_c(p->arena, p->letter->house));
}

static struct str set(struct press *p)
{
	struct docx_blocks body = { 0 }, sender = { 0 };
	const struct docx_node *band = NULL, *n;
	struct docx_flow flow = docx_flow(p->merged);
	enum docx_place place;
	while ((n = docx_flow_next(&flow, &place))) {
		if (place == DOCX_IN_BODY) docx_blocks_add(p->arena, &body, n);
		else if (place == DOCX_IN_FOOTER) docx_blocks_add(p->arena, &sender, n);
		else if (!band) band = n;
	}
	head_out(p, band, &sender);
	press_blocks(p, &body, LEFT, TEXT_WIDTH);
	return p->letter->slip ? slip_out(p) : S("");
}

enum status docx_print(struct arena *a, const struct docx_merged *m, const struct docx_letter *letter, struct str *out, struct problem *why)
{
	struct buf pdf = buf_in(a);
	pthread_mutex_lock(&lock);
	if (!fonts_open()) {
		pthread_mutex_unlock(&lock);
		return problem_add(why, "", MSG_LETTER_FONT_MISSING), REFUSED;
	}
	struct press p = { .arena = a, .merged = m, .letter = letter, .page = 1 };
	p.surface = cairo_pdf_surface_create_for_stream(keep, &pdf, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_pdf_surface_restrict_to_version(p.surface, CAIRO_PDF_VERSION_1_4);
	properties_set(&p);
	p.cr = cairo_create(p.surface);
	p.pango = context_new(a, letter->language);
	struct str operators = set(&p);
	cairo_show_page(p.cr);
	g_object_unref(p.pango);
	cairo_destroy(p.cr);
	cairo_surface_finish(p.surface);
	if (cairo_surface_status(p.surface)) BUG("Cairo: %s", cairo_status_to_string(cairo_surface_status(p.surface)));
	cairo_surface_destroy(p.surface);
	pthread_mutex_unlock(&lock);
	*out = operators.len ? press_underlay(a, buf_str(&pdf), operators) : buf_str(&pdf);
	return OK;
}
