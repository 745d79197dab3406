/* formats/canvas.c: one map of fonts for the process, under a lock. */
#include "formats/canvas.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/status.h"

#define FONT_FILES "/usr/share/fonts/truetype/liberation2/LiberationSans-" /* of Debian's fonts-liberation2 */

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

/* Liberation Sans and nothing else, so that a paper looks the same whatever is installed. */
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

static cairo_status_t keep(void *to, const unsigned char *bytes, unsigned length)
{
	buf_add(to, (struct str){ (const char *)bytes, length });
	return CAIRO_STATUS_SUCCESS;
}

static void head_set(const struct canvas *c, const struct paper_head *head)
{
	time_t at = (time_t)(head->made_at / 1000000);
	struct tm t;
	char date[] = "0000-00-00T00:00:00Z";
	gmtime_r(&at, &t);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &t);
	cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_TITLE, str_c(c->arena, head->title));
	cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_AUTHOR, str_c(c->arena, head->author));
}

bool canvas_open(struct canvas *c, struct arena *a, const struct paper_head *head)
{
	pthread_mutex_lock(&lock);
	if (!fonts_open()) {
		pthread_mutex_unlock(&lock);
		return false;
	}
	*c = (struct canvas){ .arena = a, .pdf = buf_in(a) };
	c->surface = cairo_pdf_surface_create_for_stream(keep, &c->pdf, A4_WIDTH, A4_HEIGHT);
	cairo_pdf_surface_restrict_to_version(c->surface, CAIRO_PDF_VERSION_1_4);
	head_set(c, head);
	c->cr = cairo_create(c->surface);
	c->pango = context_new(a, head->language);
	return true;
}

struct str canvas_close(struct canvas *c)
{
	g_object_unref(c->pango);
	cairo_destroy(c->cr);
	cairo_surface_finish(c->surface);
	if (cairo_surface_status(c->surface)) BUG("Cairo: %s", cairo_status_to_string(cairo_surface_status(c->surface)));
	cairo_surface_destroy(c->surface);
	pthread_mutex_unlock(&lock);
	return buf_str(&c->pdf);
}

PangoLayout *canvas_layout(const struct canvas *c, struct str text, double size, enum font_weight weight)
{
	PangoLayout *layout = pango_layout_new(c->pango);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, "Liberation Sans");
	pango_font_description_set_weight(font, weight == FONT_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_text(layout, text.len ? text.at : "", (int)text.len);
	return layout;
}

void canvas_colour(const struct canvas *c, uint32_t colour)
{
	cairo_set_source_rgb(c->cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

double canvas_text(const struct canvas *c, struct str text, double x, double y, double width, struct canvas_style style)
{
	PangoLayout *layout = canvas_layout(c, text, style.size, style.weight);
	int height;
	if (width > 0) pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	canvas_colour(c, style.colour);
	cairo_move_to(c->cr, x, y);
	pango_cairo_show_layout(c->cr, layout);
	pango_layout_get_size(layout, NULL, &height);
	g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}
