/* formats/docx_html.c: the mail's HTML. One column of 560 px in tables because mail programs want tables; styles inline because many drop the rest; the
 * style element only darkens. Everything that came from a template or a value is escaped. */
#include "formats/docx_flow.h"

#include <string.h>

#include "base/status.h"

#define FONT	  "'Helvetica Neue',Helvetica,Arial,sans-serif"
#define TEXT_SIZE 17 /* px, for ordinary text */
#define SIZE_MIN  12
#define SIZE_MAX_ 40
#define INK		  0x13181au
#define LIGHT	  0xffffffu

struct writer {
	struct arena *arena;
	struct buf *out;
	const struct docx_merged *merged;
	const struct docx_style *style;
	const struct docx_image **images;
	size_t image_count, image_size;
	bool is_plain; /* no sizes and colours of its own: band, footer, headings */
};

/* ---- colours ---- */

static double channel(uint32_t colour, int shift)
{
	double c = (colour >> shift & 255) / 255.0;
	return c * c * (0.8 + 0.2 * c); /* sRGB's curve, near enough to choose between two inks */
}

static double luminance(uint32_t c)
{
	return 0.2126 * channel(c, 16) + 0.7152 * channel(c, 8) + 0.0722 * channel(c, 0);
}

static double contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
	return x > y ? x / y : y / x;
}

/* PERCENT of colour B in colour A. */
static uint32_t mixed(uint32_t a, uint32_t b, uint32_t percent)
{
	uint32_t out = 0;
	for (int shift = 0; shift <= 16; shift += 8) out |= (((a >> shift & 255) * (100 - percent) + (b >> shift & 255) * percent) / 100) << shift;
	return out;
}

uint32_t docx_ink_on(uint32_t colour)
{
	return contrast(LIGHT, colour) >= contrast(INK, colour) ? LIGHT : INK;
}

/* Colours nobody would miss (nearly black) or could read (nearly white on white) are the ink's. */
static bool is_tint(const struct docx_look *look)
{
	const uint32_t c = look->colour;
	bool is_dark = (c >> 16 & 255) < 0x40 && (c >> 8 & 255) < 0x40 && (c & 255) < 0x40;
	return look->has_colour && !is_dark && contrast(c, LIGHT) >= 3;
}

/* ---- pieces of text ---- */

static unsigned pixels_of(const struct writer *w, unsigned half_points)
{
	unsigned px = (half_points * TEXT_SIZE + w->merged->from->half_points / 2) / w->merged->from->half_points;
	return px < SIZE_MIN ? SIZE_MIN : px > SIZE_MAX_ ? SIZE_MAX_ : px;
}

static void add_base64(struct buf *b, struct str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < bytes.len; i += 3) {
		unsigned char c[3] = { 0 };
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		memcpy(c, bytes.at + i, n);
		char four[4] = { digits[c[0] >> 2], digits[(c[0] & 3) << 4 | c[1] >> 4], digits[(c[1] & 15) << 2 | c[2] >> 6], digits[c[2] & 63] };
		for (size_t k = n + 1; k < 4; k++) four[k] = '=';
		buf_add(b, (struct str){ four, 4 });
	}
}

/* The number of an image's part; pictures with the same bytes share one. */
static size_t image_number(struct writer *w, const struct docx_image *image)
{
	for (size_t i = 0; i < w->image_count; i++)
		if (w->images[i]->bytes.at == image->bytes.at) return i + 1;
	if (w->image_count == w->image_size) {
		size_t size = w->image_size ? w->image_size * 2 : 8;
		w->images = arena_grow(w->arena, w->images, w->image_size * sizeof *w->images, size * sizeof *w->images);
		w->image_size = size;
	}
	w->images[w->image_count++] = image;
	return w->image_count;
}

static void image_out(struct writer *w, const struct docx_image *image)
{
	struct buf *b = w->out;
	if (w->style->cid_domain.len) {
		buf_addf(b, "<img src=\"cid:image%zu@", image_number(w, image));
		buf_add_escaped(b, w->style->cid_domain);
	} else {
		buf_add(b, S("<img src=\"data:"));
		buf_add_escaped(b, image->type);
		buf_add(b, S(";base64,"));
		add_base64(b, image->bytes);
	}
	buf_add(b, S("\" alt=\""));
	buf_add_escaped(b, image->alt);
	buf_add_char(b, '"');
	if (image->width) buf_addf(b, " width=\"%u\"", image->width > 560 ? 560 : image->width);
	buf_add(b, S(" style=\"max-width:100%; height:auto; border:0;\">"));
}

static void look_open(struct writer *w, const struct docx_node *n)
{
	struct buf *b = w->out;
	const struct docx_look *l = &n->look;
	bool has_tint = !w->is_plain && !n->link && is_tint(l);
	unsigned px = !w->is_plain && l->half_points ? pixels_of(w, l->half_points) : TEXT_SIZE;
	if (has_tint || px != TEXT_SIZE || l->is_capitals) {
		buf_add(b, S("<span style=\""));
		if (has_tint) buf_addf(b, "color:#%06x;", (unsigned)l->colour);
		if (px != TEXT_SIZE) buf_addf(b, "font-size:%upx;line-height:%upx;", px, px * 3 / 2);
		if (l->is_capitals) buf_add(b, S("text-transform:uppercase;"));
		buf_add(b, S("\">"));
	}
	if (l->is_bold && !w->is_plain) buf_add(b, S("<b>"));
	if (l->is_italic) buf_add(b, S("<i>"));
	if (l->is_underlined && !n->link) buf_add(b, S("<u>"));
	if (l->is_struck) buf_add(b, S("<s>"));
}

static void look_close(struct writer *w, const struct docx_node *n)
{
	struct buf *b = w->out;
	const struct docx_look *l = &n->look;
	if (l->is_struck) buf_add(b, S("</s>"));
	if (l->is_underlined && !n->link) buf_add(b, S("</u>"));
	if (l->is_italic) buf_add(b, S("</i>"));
	if (l->is_bold && !w->is_plain) buf_add(b, S("</b>"));
	bool has_tint = !w->is_plain && !n->link && is_tint(l);
	unsigned px = !w->is_plain && l->half_points ? pixels_of(w, l->half_points) : TEXT_SIZE;
	if (has_tint || px != TEXT_SIZE || l->is_capitals) buf_add(b, S("</span>"));
}

static void pieces_out(struct writer *w, const struct docx_node *n)
{
	struct buf *b = w->out;
	const struct docx_link *link = NULL;
	for (; n; n = n->next) {
		if (link != n->link) {
			if (link) buf_add(b, S("</a>"));
			link = n->link;
			if (link) {
				buf_add(b, S("<a href=\""));
				buf_add_escaped(b, link->target);
				buf_add(b, w->is_plain ? S("\" style=\"color:inherit;\">") : S("\" style=\"color:#13181a;\">"));
			}
		}
		if (n->kind == DOCX_BREAK) buf_add(b, S("<br>"));
		else if (n->kind == DOCX_IMAGE) image_out(w, n->image);
		else if (n->kind == DOCX_TEXT) {
			look_open(w, n);
			buf_add_escaped(b, n->text);
			look_close(w, n);
		}
	}
	if (link) buf_add(b, S("</a>"));
}

/* ---- blocks ---- */

static void blocks_out(struct writer *w, const struct docx_blocks *blocks);

static const char *align_style(const struct docx_node *n)
{
	return n->paragraph->align == DOCX_CENTRE ? " text-align:center;" : n->paragraph->align == DOCX_RIGHT ? " text-align:right;" : "";
}

static void heading_out(struct writer *w, const struct docx_node *n, bool is_first)
{
	static const unsigned sizes[] = { 34, 24, 20, 17, 17, 17 };
	unsigned level = n->paragraph->heading, px = sizes[level - 1];
	if (n->paragraph->half_points > w->merged->from->half_points) px = pixels_of(w, n->paragraph->half_points);
	struct buf *b = w->out;
	const struct docx_look *look = &n->first->look;
	buf_addf(b, "<h%u style=\"margin:%upx 0 %upx; font-size:%upx; line-height:%upx;%s", level, is_first ? 0 : 32, level == 1 ? 24 : 12, px,
		px * 9 / 8, align_style(n));
	if (px >= 28) buf_add(b, S(" letter-spacing:-1px;"));
	if (is_tint(look)) buf_addf(b, " color:#%06x;", (unsigned)look->colour);
	buf_add(b, S("\">"));
	w->is_plain = true;
	pieces_out(w, n->first);
	w->is_plain = false;
	buf_addf(b, "</h%u>\n", level);
}

static void button_out(struct writer *w, const struct docx_node *n, const struct docx_link *link)
{
	struct buf *b = w->out;
	unsigned accent = w->style->accent;
	buf_addf(b,
		"<table role=\"presentation\"%s cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 24px;\"><tbody><tr>\n"
		"<td class=\"act\" align=\"center\" style=\"background:#%06x; border:1px solid #%06x;\"><a href=\"",
		n->paragraph->align == DOCX_CENTRE ? " align=\"center\"" : "", accent, accent);
	buf_add_escaped(b, link->target);
	buf_addf(b, "\" style=\"display:inline-block; padding:15px 28px; font:bold 17px/22px " FONT "; color:#%06x; text-decoration:none;\">",
		(unsigned)docx_ink_on(accent));
	for (const struct docx_node *t = n->first; t; t = t->next)
		if (t->kind == DOCX_TEXT) buf_add_escaped(b, t->text);
	buf_add(b, S("</a></td>\n</tr></tbody></table>\n"));
}

/* Lines of one paragraph from place I on; the place of the last of them. */
static size_t paragraph_out(struct writer *w, const struct docx_blocks *blocks, size_t i)
{
	struct buf *b = w->out;
	const struct docx_node *n = blocks->at[i], *url = docx_lone_url(n);
	size_t last = i;
	while (last + 1 < blocks->count && docx_is_one_paragraph(blocks->at[last], blocks->at[last + 1])) last++;
	const struct docx_node *after = docx_seen_after(blocks, last);
	int margin = after && docx_lone_url(after) ? 8 : after && docx_button(after) ? 24 : 16;
	buf_addf(b, "<p style=\"margin:0 0 %dpx;%s%s\">", margin, url ? " font-size:14px; line-height:20px; word-break:break-all;" : "", align_style(n));
	for (size_t k = i; k <= last; k++) {
		if (k > i) buf_add(b, S("<br>\n"));
		pieces_out(w, blocks->at[k]->first);
	}
	buf_add(b, S("</p>\n"));
	return last;
}

/* ---- lists ---- */

static void list_open(struct writer *w, const struct docx_paragraph *p)
{
	enum docx_number number = w->merged->from->lists[p->list - 1].levels[p->level].number;
	static const char *const types[] = {
		[DOCX_DECIMAL] = "1", [DOCX_LOWER_LETTER] = "a", [DOCX_UPPER_LETTER] = "A", [DOCX_LOWER_ROMAN] = "i", [DOCX_UPPER_ROMAN] = "I"
	};
	const char *margin = p->level ? "4px 0 0" : "0 0 16px";
	if (number == DOCX_BULLET || number == DOCX_NO_NUMBER) {
		buf_addf(w->out, "<ul style=\"margin:%s; padding:0 0 0 24px;%s\">\n", margin, number == DOCX_BULLET ? "" : " list-style:none;");
		return;
	}
	buf_addf(w->out, "<ol type=\"%s\"", types[number]);
	if (p->ordinal != 1) buf_addf(w->out, " start=\"%u\"", (unsigned)p->ordinal);
	buf_addf(w->out, " style=\"margin:%s; padding:0 0 0 28px;\">\n", margin);
}

static void list_close(struct writer *w, const struct docx_paragraph *p)
{
	enum docx_number number = w->merged->from->lists[p->list - 1].levels[p->level].number;
	buf_add(w->out, number == DOCX_BULLET || number == DOCX_NO_NUMBER ? S("</li>\n</ul>\n") : S("</li>\n</ol>\n"));
}

/* Items from place I on; the place of the last of them. */
static size_t list_out(struct writer *w, const struct docx_blocks *blocks, size_t i)
{
	const struct docx_paragraph *open[DOCX_LEVELS];
	size_t depth = 0;
	for (; i < blocks->count; i++) {
		const struct docx_node *n = blocks->at[i];
		if (n->kind != DOCX_PARAGRAPH || !n->paragraph->list || n->paragraph->heading) break;
		if (!docx_is_visible(n->first)) continue;
		const struct docx_paragraph *p = n->paragraph;
		while (depth > p->level + 1u) list_close(w, open[--depth]);
		if (depth == p->level + 1u && open[depth - 1]->list != p->list) list_close(w, open[--depth]);
		if (depth == p->level + 1u) buf_add(w->out, S("</li>\n"));
		while (depth < p->level + 1u) {
			struct docx_paragraph *at = ARENA_NEW(w->arena, struct docx_paragraph);
			*at = *p;
			at->level = (uint8_t)depth;
			if (at->level != p->level) at->ordinal = 1;
			list_open(w, at);
			open[depth++] = at;
			if (depth < p->level + 1u) buf_add(w->out, S("<li style=\"list-style:none;\">\n"));
		}
		buf_add(w->out, S("<li style=\"margin:0 0 4px;\">"));
		pieces_out(w, n->first);
	}
	while (depth > 0) list_close(w, open[--depth]);
	return i - 1;
}

/* ---- tables ---- */

static void cell_out(struct writer *w, const struct docx_node *cell, bool is_head)
{
	const struct docx_node *first = cell->first;
	bool is_line =
		first && first->kind == DOCX_PARAGRAPH && !first->next && !first->paragraph->heading && !first->paragraph->list && !docx_button(first);
	buf_add(w->out, is_head ? S("<th") : S("<td"));
	if (cell->span > 1) buf_addf(w->out, " colspan=\"%u\"", cell->span);
	buf_addf(w->out, " valign=\"top\" align=\"%s\" class=\"hair\" style=\"padding:8px 16px 8px 0; border-bottom:1px solid #cfd5d6;\">",
		is_line && first->paragraph->align == DOCX_RIGHT	? "right"
		: is_line && first->paragraph->align == DOCX_CENTRE ? "center"
															: "left");
	if (is_line) pieces_out(w, first->first);
	else {
		struct docx_blocks blocks = { 0 };
		for (const struct docx_node *n = first; n; n = n->next) docx_blocks_add(w->arena, &blocks, n);
		blocks_out(w, &blocks);
	}
	buf_add(w->out, is_head ? S("</th>") : S("</td>"));
}

static void table_out(struct writer *w, const struct docx_node *table)
{
	buf_add(w->out, S("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 16px; font:inherit;\"><tbody>\n"));
	for (const struct docx_node *row = table->first; row; row = row->next) {
		buf_add(w->out, S("<tr>"));
		for (const struct docx_node *cell = row->first; cell; cell = cell->next) cell_out(w, cell, row->is_header);
		buf_add(w->out, S("</tr>\n"));
	}
	buf_add(w->out, S("</tbody></table>\n"));
}

static void blocks_out(struct writer *w, const struct docx_blocks *blocks)
{
	bool is_first = true;
	for (size_t i = 0; i < blocks->count; i++) {
		const struct docx_node *n = blocks->at[i];
		const struct docx_link *link;
		if (!docx_is_visible(n->first)) continue;
		if (n->kind == DOCX_TABLE) table_out(w, n);
		else if (n->kind != DOCX_PARAGRAPH) continue;
		else if (n->paragraph->heading) heading_out(w, n, is_first);
		else if (n->paragraph->list) i = list_out(w, blocks, i);
		else if ((link = docx_button(n))) button_out(w, n, link);
		else i = paragraph_out(w, blocks, i);
		is_first = false;
	}
}

/* Footer: lines of small print. */
static void footer_out(struct writer *w, const struct docx_blocks *blocks)
{
	bool is_first = true;
	w->is_plain = true;
	for (size_t i = 0; i < blocks->count; i++) {
		const struct docx_node *n = blocks->at[i];
		if (!docx_is_visible(n->first)) continue;
		if (n->kind == DOCX_TABLE) {
			table_out(w, n);
			continue;
		}
		if (!is_first) buf_add(w->out, S("<br>\n"));
		is_first = false;
		pieces_out(w, n->first);
	}
	w->is_plain = false;
}

/* ---- the page ---- */

static void head_out(struct buf *b, const struct docx_style *s, struct str title)
{
	uint32_t band = mixed(s->accent, 0x121516, 80), act = mixed(s->accent, LIGHT, 63);
	buf_add(b, S("<!DOCTYPE html>\n<html lang=\""));
	buf_add_escaped(b, s->language);
	buf_add(b, S("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
				 "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>"));
	buf_add_escaped(b, title);
	buf_addf(b,
		"</title>\n<style>\n  :root { color-scheme: light dark; }\n  @media (prefers-color-scheme: dark) {\n"
		"    .paper { background: #121516 !important; }\n"
		"    .ink, .ink a, .ink span, .ink h1, .ink h2, .ink h3 { color: #eef1f0 !important; }\n"
		"    .soft { color: #a6b0b2 !important; }\n    .rule { border-color: #eef1f0 !important; }\n    .hair { border-color: #3d4648 !important; }\n"
		"    .act { background: #%06x !important; border-color: #%06x !important; }\n    .act a { color: #%06x !important; }\n"
		"    .band { background: #%06x !important; color: #eef1f0 !important; }\n  }\n</style>\n</head>\n",
		(unsigned)act, (unsigned)act, (unsigned)docx_ink_on(act), (unsigned)band);
}

struct docx_html docx_html(struct arena *a, const struct docx_merged *m, const struct docx_style *style)
{
	struct buf b = buf_in(a);
	struct writer w = { .arena = a, .out = &b, .merged = m, .style = style };
	struct docx_blocks body = { 0 }, footer = { 0 };
	const struct docx_node *band = NULL, *n;
	enum docx_place place;
	struct docx_flow flow = docx_flow(m);
	while ((n = docx_flow_next(&flow, &place))) {
		if (place == DOCX_IN_BODY) docx_blocks_add(a, &body, n);
		else if (place == DOCX_IN_FOOTER) docx_blocks_add(a, &footer, n);
		else if (!band) band = n;
	}
	head_out(&b, style, docx_subject(a, m));
	buf_add(&b, S("<body class=\"paper\" style=\"margin:0; padding:0; background:#ffffff;\">\n<main lang=\""));
	buf_add_escaped(&b, style->language);
	buf_addf(&b,
		"\">\n<table role=\"presentation\" class=\"paper\" width=\"100%%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
		"style=\"background:#ffffff;\"><tbody>\n"
		"<tr>\n<td align=\"left\" class=\"band\" style=\"background:#%06x; padding:18px 24px; font:bold 20px/26px " FONT "; color:#%06x;\">",
		(unsigned)style->accent, (unsigned)docx_ink_on(style->accent));
	w.is_plain = true;
	if (band) pieces_out(&w, band->first);
	else buf_add_escaped(&b, style->house);
	w.is_plain = false;
	buf_add(&b, S("</td>\n</tr>\n<tr>\n<td align=\"left\" style=\"padding:32px 24px 40px;\">\n"
				  "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:560px;\"><tbody>\n"
				  "<tr>\n<td class=\"ink\" style=\"padding:0 0 16px; font:17px/26px " FONT "; color:#13181a;\">\n"));
	blocks_out(&w, &body);
	buf_add(&b, S("</td>\n</tr>\n"));
	bool has_footer = false;
	for (size_t i = 0; i < footer.count; i++) has_footer |= docx_is_visible(footer.at[i]->first);
	if (has_footer) {
		buf_add(&b,
			S("<tr>\n<td class=\"soft rule\" style=\"padding:12px 0 0; border-top:2px solid #13181a; font:14px/21px " FONT "; color:#545d61;\">\n"));
		footer_out(&w, &footer);
		buf_add(&b, S("\n</td>\n</tr>\n"));
	}
	buf_add(&b, S("</tbody></table>\n</td>\n</tr>\n</tbody></table>\n</main>\n</body>\n</html>\n"));
	return (struct docx_html){ buf_str(&b), w.images, w.image_count };
}
