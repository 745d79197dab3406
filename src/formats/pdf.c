/* formats/pdf.c: objects are written as they come, and the table of their places at the end (ISO 32000-1, 7.5). */
#include "formats/pdf.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/status.h"

#define CATALOG	  1
#define PAGES	  2
#define RESOURCES 3
#define IDS_MAX	  1024 /* glyph numbers of a subset: both have about 350 */

/* A subset's name begins with six capitals of our choice (9.6.4). */
#define SUBSET_TAG "PRTRRE+"

struct pdf {
	struct arena *arena;
	struct buf out, content;
	uint64_t taken;	   /* bytes handed over before OUT */
	uint64_t *offsets; /* of object N at N; 0 while it is not written */
	size_t objects, objects_size;
	uint32_t *pages;
	size_t page_count, pages_size;
	int width, height;
	z_stream deflate;
	struct {
		bool is_used;
		uint64_t ids[IDS_MAX / 64]; /* which of its glyphs are */
	} fonts[FONT_WEIGHTS];
	int font, size, x, y; /* of the text that was set last, so that only changes are written */
};

/* ---- numbers ---- */

void pdf_number(struct buf *content, int n)
{
	char digits[12], *at = digits + sizeof digits;
	unsigned value = n < 0 ? 0u - (unsigned)n : (unsigned)n;
	*--at = ' ';
	do *--at = (char)('0' + value % 10);
	while (value /= 10);
	if (n < 0) *--at = '-';
	buf_add(content, (struct str){ at, (size_t)(digits + sizeof digits - at) });
}

void pdf_hundredths(struct buf *content, int n)
{
	if (n % 100 == 0) {
		pdf_number(content, n / 100);
		return;
	}
	unsigned value = n < 0 ? 0u - (unsigned)n : (unsigned)n;
	if (n < 0) buf_add_char(content, '-');
	pdf_number(content, (int)(value / 100));
	content->len--; /* the blank */
	char decimals[4] = { '.', (char)('0' + value / 10 % 10), (char)('0' + value % 10), ' ' };
	if (value % 10 == 0) decimals[2] = ' ';
	buf_add(content, (struct str){ decimals, value % 10 ? 4 : 3 });
}

void pdf_real(struct buf *content, double n)
{
	long long value = llround(n * 100000);
	buf_addf(content, "%s%lld.%05lld ", value < 0 ? "-" : "", llabs(value) / 100000, llabs(value) % 100000);
}

/* ---- objects ---- */

static unsigned object_new(struct pdf *p)
{
	if (p->objects == p->objects_size) {
		size_t size = p->objects_size * 2;
		p->offsets = arena_grow(p->arena, p->offsets, p->objects_size * sizeof *p->offsets, size * sizeof *p->offsets);
		p->objects_size = size;
	}
	return (unsigned)p->objects++;
}

static void object_begin(struct pdf *p, unsigned number)
{
	p->offsets[number] = p->taken + p->out.len;
	pdf_number(&p->out, (int)number);
	buf_add(&p->out, S("0 obj\n"));
}

static void object_end(struct pdf *p)
{
	buf_add(&p->out, S("\nendobj\n"));
}

/* DEFLATED as the stream of an object; MORE goes into its dictionary. */
static void stream(struct pdf *p, unsigned number, struct str deflated, const char *more)
{
	object_begin(p, number);
	buf_addf(&p->out, "<</Length %zu/Filter/FlateDecode%s>>\nstream\n", deflated.len, more);
	buf_add(&p->out, deflated);
	buf_add(&p->out, S("\nendstream"));
	object_end(p);
}

static voidpf memory_get(voidpf arena, uInt items, uInt size)
{
	return arena_alloc(arena, (size_t)items * size);
}

static void memory_leave(voidpf arena, voidpf address)
{
	(void)arena, (void)address; /* the arena takes it back as a whole */
}

struct pdf *pdf_new(struct arena *a)
{
	struct pdf *p = ARENA_NEW(a, struct pdf);
	p->arena = a;
	p->out = buf_in(a);
	p->content = buf_in(a);
	p->objects_size = 32;
	p->offsets = ARENA_ARRAY(a, uint64_t, p->objects_size);
	p->objects = RESOURCES + 1;
	p->deflate = (z_stream){ .zalloc = memory_get, .zfree = memory_leave, .opaque = a };
	if (deflateInit(&p->deflate, Z_DEFAULT_COMPRESSION) != Z_OK) BUG("zlib does not start");
	buf_add(&p->out, S("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")); /* bytes beyond ASCII: no transfer takes it for text (7.5.2) */
	return p;
}

/* ---- pages ---- */

struct buf *pdf_page(struct pdf *p, int width, int height)
{
	p->width = width;
	p->height = height;
	p->content.len = 0;
	return &p->content;
}

void pdf_page_end(struct pdf *p)
{
	unsigned page = object_new(p), content = object_new(p);
	if (p->page_count == p->pages_size) {
		size_t size = p->pages_size ? p->pages_size * 2 : 16;
		p->pages = arena_grow(p->arena, p->pages, p->pages_size * sizeof *p->pages, size * sizeof *p->pages);
		p->pages_size = size;
	}
	p->pages[p->page_count++] = page;
	object_begin(p, page);
	buf_addf(&p->out, "<</Type/Page/Parent %d 0 R/Resources %d 0 R/Contents %u 0 R/MediaBox[0 0 ", PAGES, RESOURCES, content);
	pdf_hundredths(&p->out, p->width);
	pdf_hundredths(&p->out, p->height);
	buf_add(&p->out, S("]>>"));
	object_end(p);

	/* Its length is known only afterwards, so what is deflated goes in behind a dictionary that leaves room. */
	object_begin(p, content);
	size_t bound = deflateBound(&p->deflate, p->content.len), begun = p->out.len;
	buf_addf(&p->out, "<</Length %10zu/Filter/FlateDecode>>\nstream\n", (size_t)0);
	char *room = buf_room(&p->out, bound);
	p->deflate.next_in = (Bytef *)p->content.at;
	p->deflate.avail_in = (uInt)p->content.len;
	p->deflate.next_out = (Bytef *)room;
	p->deflate.avail_out = (uInt)bound;
	if (deflate(&p->deflate, Z_FINISH) != Z_STREAM_END) BUG("%zu bytes don't deflate into %zu", p->content.len, bound);
	size_t len = bound - p->deflate.avail_out;
	buf_added(&p->out, len);
	if (deflateReset(&p->deflate) != Z_OK) BUG("zlib does not start again");
	char digits[11];
	snprintf(digits, sizeof digits, "%10zu", len);
	memcpy(p->out.at + begun + strlen("<</Length "), digits, 10);
	buf_add(&p->out, S("\nendstream"));
	object_end(p);
}

/* ---- text ---- */

void pdf_text_begin(struct pdf *p)
{
	buf_add(&p->content, S("BT\n"));
	p->font = -1;
	p->size = p->x = 0;
	p->y = p->height; /* text begins at the page's lower left corner */
}

void pdf_text(struct pdf *p, enum font_weight weight, int size, int x, int y, struct str text)
{
	struct buf *b = &p->content;
	const struct font *f = &fonts[weight];
	p->fonts[weight].is_used = true;
	if (p->font != (int)weight || p->size != size) {
		buf_addf(b, "/F%d %d Tf ", (int)weight, size);
		p->font = (int)weight;
		p->size = size;
	}
	pdf_hundredths(b, x - p->x);
	pdf_hundredths(b, p->y - y);
	p->x = x;
	p->y = y;
	buf_add(b, S("Td("));
	char *at = buf_room(b, text.len * 4 + 5), *to = at; /* a byte becomes two at most, and each may need a \ before it */
	while (text.len) {
		unsigned id = f->ids[font_next(&text)];
		p->fonts[weight].ids[id / 64] |= UINT64_C(1) << (id % 64);
		const char bytes[2] = { (char)(id >> 8), (char)id };
		for (size_t i = 0; i < 2; i++) {
			if (bytes[i] == '(' || bytes[i] == ')' || bytes[i] == '\\' || bytes[i] == '\r') *to++ = '\\';
			*to++ = bytes[i] == '\r' ? 'r' : bytes[i];
		}
	}
	buf_added(b, (size_t)(to - at));
	buf_add(b, S(")Tj\n"));
}

void pdf_text_end(struct pdf *p)
{
	buf_add(&p->content, S("ET\n"));
}

/* ---- the end ---- */

static int per_mille(int units)
{
	return (int)lround(units * 1000.0 / FONT_EM);
}

/* The widths of the glyphs that were used: "[first [width...] ...]" (9.7.4.3). */
static void write_widths(struct pdf *p, enum font_weight weight)
{
	const struct font *f = &fonts[weight];
	uint16_t widths[IDS_MAX] = { 0 };
	for (unsigned g = 0; g < FONT_GLYPHS; g++) widths[f->ids[g]] = f->widths[g];
	buf_add(&p->out, S("/W["));
	bool is_open = false;
	for (unsigned id = 0; id < IDS_MAX; id++) {
		bool is_used = p->fonts[weight].ids[id / 64] >> (id % 64) & 1;
		if (is_open && !is_used) buf_add_char(&p->out, ']');
		if (!is_open && is_used) buf_addf(&p->out, "%u[", id);
		else if (is_used) buf_add_char(&p->out, ' ');
		if (is_used) buf_add_int(&p->out, per_mille(widths[id]));
		is_open = is_used;
	}
	buf_add(&p->out, S("]"));
}

/* The five objects of a weight; gives the number of the first. */
static unsigned write_font(struct pdf *p, enum font_weight weight)
{
	const struct font *f = &fonts[weight];
	char sizes[32];
	unsigned font = object_new(p), descendant = object_new(p), descriptor = object_new(p), program = object_new(p), to_unicode = object_new(p);
	object_begin(p, font);
	buf_addf(&p->out, "<</Type/Font/Subtype/Type0/BaseFont/" SUBSET_TAG "%s/Encoding/Identity-H/DescendantFonts[%u 0 R]/ToUnicode %u 0 R>>", f->name,
		descendant, to_unicode);
	object_end(p);
	object_begin(p, descendant);
	buf_addf(&p->out,
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/" SUBSET_TAG "%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
		"/FontDescriptor %u 0 R/CIDToGIDMap/Identity",
		f->name, descriptor);
	write_widths(p, weight);
	buf_add(&p->out, S(">>"));
	object_end(p);
	object_begin(p, descriptor);
	buf_addf(&p->out,
		"<</Type/FontDescriptor/FontName/" SUBSET_TAG "%s/Flags 32/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d"
		"/FontFile2 %u 0 R>>",
		f->name, per_mille(f->box[0]), per_mille(f->box[1]), per_mille(f->box[2]), per_mille(f->box[3]), per_mille(f->ascent), per_mille(f->descent),
		per_mille(f->cap_height), weight == FONT_BOLD ? 140 : 88, program);
	object_end(p);
	snprintf(sizes, sizeof sizes, "/Length1 %zu", f->program_size);
	stream(p, program, f->program, sizes);
	stream(p, to_unicode, f->to_unicode, "");
	return font;
}

static void write_table(struct pdf *p)
{
	uint64_t begun = p->taken + p->out.len;
	buf_addf(&p->out, "xref\n0 %zu\n0000000000 65535 f \n", p->objects);
	for (size_t i = 1; i < p->objects; i++) {
		if (!p->offsets[i]) BUG("object %zu was not written", i);
		buf_addf(&p->out, "%010" PRIu64 " 00000 n \n", p->offsets[i]);
	}
	buf_addf(&p->out, "trailer\n<</Size %zu/Root %d 0 R>>\nstartxref\n%" PRIu64 "\n%%%%EOF\n", p->objects, CATALOG, begun);
}

void pdf_finish(struct pdf *p)
{
	unsigned first[FONT_WEIGHTS] = { 0 };
	for (unsigned w = 0; w < FONT_WEIGHTS; w++)
		if (p->fonts[w].is_used) first[w] = write_font(p, w);
	object_begin(p, RESOURCES);
	buf_add(&p->out, S("<</Font<<"));
	for (unsigned w = 0; w < FONT_WEIGHTS; w++)
		if (first[w]) buf_addf(&p->out, "/F%u %u 0 R", w, first[w]);
	buf_add(&p->out, S(">>>>"));
	object_end(p);
	object_begin(p, CATALOG);
	buf_addf(&p->out, "<</Type/Catalog/Pages %d 0 R>>", PAGES);
	object_end(p);
	object_begin(p, PAGES);
	buf_addf(&p->out, "<</Type/Pages/Count %zu/Kids[", p->page_count);
	for (size_t i = 0; i < p->page_count; i++) buf_addf(&p->out, "%u 0 R\n", p->pages[i]);
	buf_add(&p->out, S("]>>"));
	object_end(p);
	write_table(p);
}

struct str pdf_take(struct pdf *p)
{
	struct str bytes = buf_str(&p->out);
	p->taken += bytes.len;
	p->out.len = 0; /* the bytes stay where they are until something is added */
	return bytes;
}
