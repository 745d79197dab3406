/* tools/font.c: Liberation Sans as C tables: subset to R06's characters for PDF files, widths for setting text, outlines for pictures.
 *   font OUT.c REGULAR.ttf BOLD.ttf
 * The same files give the same bytes. */
#include "formats/font.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hb-ot.h>
#include <hb-subset.h>
#include <zlib.h>

#include "base/status.h"

#define LAST_POINT	  0x20ac /* the euro sign ends R06 */
#define CMAP_RUNS_MAX 100	 /* of one block (Adobe technical note 5014) */
#define FAMILY		  "LiberationSans"

static noreturn void fail(const char *path, const char *what)
{
	fprintf(stderr, "%s: %s\n", path, what);
	exit(1);
}

/* ---- the file for PDF ---- */

static hb_subset_plan_t *plan_of(hb_face_t *face, const char *path)
{
	/* PDF finds glyphs by number: neither names, cmap nor layout is asked for. */
	static const char *const tables[] = { "GSUB", "GPOS", "GDEF", "kern", "cmap", "name", "OS/2", "post", "gasp", "FFTM", "hdmx", "VDMX", "LTSH",
		"DSIG" };
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	if (!input) fail(path, "no memory");
	hb_set_t *points = hb_subset_input_unicode_set(input), *dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
	for (uint32_t p = 0; p <= LAST_POINT; p++)
		if (font_glyph(p)) hb_set_add(points, p);
	for (size_t i = 0; i < COUNT(tables); i++) hb_set_add(dropped, hb_tag_from_string(tables[i], -1));
	hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
	hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(face, input);
	hb_subset_input_destroy(input);
	if (!plan) fail(path, "can't be subset");
	return plan;
}

/* For each of our glyphs its number in the file that is read and in the subset. */
static void map_glyphs(hb_font_t *font, hb_subset_plan_t *plan, const char *path, unsigned from[FONT_GLYPHS], unsigned to[FONT_GLYPHS])
{
	const hb_map_t *moved = hb_subset_plan_old_to_new_glyph_mapping(plan);
	from[0] = to[0] = 0;
	for (uint32_t p = 0; p <= LAST_POINT; p++) {
		unsigned glyph = font_glyph(p);
		hb_codepoint_t id;
		if (!glyph) continue;
		if (!hb_font_get_nominal_glyph(font, p, &id)) fail(path, "lacks a character of R06");
		from[glyph] = id;
		to[glyph] = hb_map_get(moved, id);
	}
}

/* ---- writing C ---- */

static void write_bytes(FILE *out, const char *name, const uint8_t *bytes, size_t len)
{
	fprintf(out, "static const unsigned char %s[] = {", name);
	for (size_t i = 0; i < len; i++) fprintf(out, "%s%u,", i % 32 ? "" : "\n", bytes[i]);
	fprintf(out, "\n};\n");
}

static void write_deflated(FILE *out, const char *name, const void *bytes, size_t len)
{
	uLongf size = compressBound(len);
	uint8_t *packed = malloc(size);
	if (!packed || compress2(packed, &size, bytes, len, Z_BEST_COMPRESSION) != Z_OK) fail(name, "can't be deflated");
	write_bytes(out, name, packed, size);
	free(packed);
}

struct shapes {
	FILE *out;
	unsigned count;
};

static void shape_add(struct shapes *s, enum font_piece piece, const float *points, size_t n)
{
	fprintf(s->out, "%d,", (int)piece);
	for (size_t i = 0; i < n; i++) fprintf(s->out, "%d,", (int)(points[i] < 0 ? points[i] - 0.5f : points[i] + 0.5f));
	s->count += 1 + (unsigned)n;
}

static void on_move(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	shape_add(data, FONT_MOVE, (const float[]){ x, y }, 2);
}

static void on_line(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	shape_add(data, FONT_LINE, (const float[]){ x, y }, 2);
}

static void on_curve(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float cx, float cy, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	shape_add(data, FONT_CURVE, (const float[]){ cx, cy, x, y }, 4);
}

static void write_shapes(FILE *out, hb_font_t *font, const char *weight, const unsigned from[FONT_GLYPHS])
{
	struct shapes s = { out, 0 };
	unsigned at[FONT_GLYPHS];
	hb_draw_funcs_t *draw = hb_draw_funcs_create();
	hb_draw_funcs_set_move_to_func(draw, on_move, NULL, NULL);
	hb_draw_funcs_set_line_to_func(draw, on_line, NULL, NULL);
	hb_draw_funcs_set_quadratic_to_func(draw, on_curve, NULL, NULL); /* TrueType has no cubics */
	fprintf(out, "static const int16_t %s_shapes[] = {", weight);
	for (unsigned g = 0; g < FONT_GLYPHS; g++) {
		at[g] = s.count;
		fputc('\n', out);
		hb_font_get_glyph_shape(font, from[g], draw, &s);
		shape_add(&s, FONT_END, NULL, 0);
	}
	fprintf(out, "\n};\nstatic const uint32_t %s_shape_at[] = {", weight);
	for (unsigned g = 0; g < FONT_GLYPHS; g++) fprintf(out, "%s%u,", g % 16 ? "" : "\n", at[g]);
	fprintf(out, "\n};\n");
	hb_draw_funcs_destroy(draw);
}

static int metric(hb_font_t *font, hb_ot_metrics_tag_t tag, const char *path)
{
	hb_position_t value;
	if (!hb_ot_metrics_get_position(font, tag, &value)) fail(path, "lacks a measure");
	return value;
}

/* A CMap from the subset's numbers to characters, in runs. A run may not carry into a number's first byte (PDF 32000-1, 9.10.3). */
static void write_to_unicode(FILE *out, const char *table, const unsigned to[FONT_GLYPHS])
{
	static uint32_t point_of[UINT16_MAX + 1];
	char text[8192], runs[4096];
	size_t len = 0, count = 0;
	memset(point_of, 0, sizeof point_of);
	for (uint32_t p = LAST_POINT; p > 0; p--)
		if (font_glyph(p)) point_of[to[font_glyph(p)]] = p; /* the lowest of those that share a glyph: blank before no-break space */
	for (unsigned id = 1; id < UINT16_MAX; id++) {
		unsigned last = id;
		if (!point_of[id]) continue;
		while (point_of[last + 1] == point_of[last] + 1 && (last + 1) >> 8 == id >> 8 && point_of[last + 1] >> 8 == point_of[id] >> 8) last++;
		len += (size_t)snprintf(runs + len, sizeof runs - len, "<%04X><%04X><%04X>\n", id, last, point_of[id]);
		if (len >= sizeof runs) fail(table, "has more runs than expected");
		count++;
		id = last;
	}
	if (count > CMAP_RUNS_MAX) fail(table, "has more runs than expected");
	len = (size_t)snprintf(text, sizeof text,
		"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n%zu beginbfrange\n%sendbfrange\nendcmap\n"
		"CMapName currentdict /CMap defineresource pop\nend\nend\n",
		count, runs);
	write_deflated(out, table, text, len);
}

/* The box that the file's head table declares: four signed numbers at byte 36. */
static void write_box(FILE *out, hb_face_t *face, const char *path)
{
	unsigned len;
	hb_blob_t *head = hb_face_reference_table(face, HB_TAG('h', 'e', 'a', 'd'));
	const uint8_t *b = (const uint8_t *)hb_blob_get_data(head, &len);
	if (len < 44) fail(path, "has no head");
	fprintf(out, ".box = {");
	for (size_t i = 36; i < 44; i += 2) fprintf(out, " %d,", (int16_t)(b[i] << 8 | b[i + 1]));
	fprintf(out, " }, ");
	hb_blob_destroy(head);
}

/* One weight's tables; what stands in `fonts` about it goes to DIRECTORY. */
static void write_weight(FILE *out, FILE *directory, const char *weight, const char *name, const char *path)
{
	hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
	if (!blob) fail(path, "can't be read");
	hb_face_t *face = hb_face_create(blob, 0);
	if (hb_face_get_upem(face) != FONT_EM) fail(path, "is not drawn on FONT_EM");
	hb_font_t *font = hb_font_create(face);
	hb_subset_plan_t *plan = plan_of(face, path);
	unsigned from[FONT_GLYPHS], to[FONT_GLYPHS], len;
	char table[64];
	map_glyphs(font, plan, path, from, to);

	hb_face_t *subset = hb_subset_plan_execute_or_fail(plan);
	if (!subset) fail(path, "can't be subset");
	hb_blob_t *program = hb_face_reference_blob(subset);
	const char *bytes = hb_blob_get_data(program, &len);
	snprintf(table, sizeof table, "%s_program", weight);
	write_deflated(out, table, bytes, len);
	snprintf(table, sizeof table, "%s_to_unicode", weight);
	write_to_unicode(out, table, to);
	write_shapes(out, font, weight, from);
	fprintf(out, "static const uint16_t %s_ids[] = {", weight);
	for (unsigned g = 0; g < FONT_GLYPHS; g++) fprintf(out, "%s%u,", g % 16 ? "" : "\n", to[g]);
	fprintf(out, "\n}, %s_widths[] = {", weight);
	for (unsigned g = 0; g < FONT_GLYPHS; g++) fprintf(out, "%s%d,", g % 16 ? "" : "\n", hb_font_get_glyph_h_advance(font, from[g]));
	fprintf(out, "\n};\n");

	fprintf(directory, "\t{ .name = \"%s\", .program = { (const char *)%s_program, sizeof %s_program }, .program_size = %u,\n", name, weight, weight,
		len);
	fprintf(directory, "\t\t.to_unicode = { (const char *)%s_to_unicode, sizeof %s_to_unicode },\n\t\t", weight, weight);
	write_box(directory, subset, path);
	fprintf(directory, ".ascent = %d, .descent = %d, .cap_height = %d,\n", metric(font, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, path),
		metric(font, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, path), metric(font, HB_OT_METRICS_TAG_CAP_HEIGHT, path));
	fprintf(directory, "\t\t.ids = %s_ids, .widths = %s_widths, .shape_at = %s_shape_at, .shapes = %s_shapes },\n", weight, weight, weight, weight);
	hb_blob_destroy(program);
	hb_face_destroy(subset);
	hb_subset_plan_destroy(plan);
	hb_font_destroy(font);
	hb_face_destroy(face);
	hb_blob_destroy(blob);
}

int main(int argc, char **argv)
{
	if (argc != 4) fail("font", "usage: font OUT.c REGULAR.ttf BOLD.ttf");
	char *text;
	size_t len;
	FILE *out = fopen(argv[1], "w"), *directory = open_memstream(&text, &len);
	if (!out || !directory) fail(argv[1], "can't be written");
	fprintf(out, "/* Made by tools/font.c from Liberation Sans (SIL Open Font License 1.1). */\n#include \"formats/font.h\"\n\n");
	write_weight(out, directory, "regular", FAMILY, argv[2]);
	write_weight(out, directory, "bold", FAMILY "-Bold", argv[3]);
	if (fclose(directory)) fail(argv[1], "no memory");
	fprintf(out, "const struct font fonts[FONT_WEIGHTS] = {\n%s};\n", text);
	free(text);
	if (fclose(out)) fail(argv[1], "can't be written");
	return 0;
}
