/* formats/docx_styles.c: styles.xml and numbering.xml, as far as mails show it. */
#include "formats/docx_styles.h"

#include <stdlib.h>

#include "base/status.h"

struct properties properties_over(struct properties base, struct properties top)
{
	struct properties p = base;
	p.has |= top.has;
#define TAKE(property, field) \
	if (top.has & 1u << (property)) p.field = top.field
	TAKE(HAS_BOLD, is_bold);
	TAKE(HAS_ITALIC, is_italic);
	TAKE(HAS_UNDERLINE, is_underlined);
	TAKE(HAS_STRIKE, is_struck);
	TAKE(HAS_HIDDEN, is_hidden);
	TAKE(HAS_CAPITALS, is_capitals);
	TAKE(HAS_COLOUR, colour);
	TAKE(HAS_COLOUR, has_colour);
	TAKE(HAS_SIZE, half_points);
	TAKE(HAS_ALIGN, align);
	TAKE(HAS_AFTER, after);
	TAKE(HAS_OUTLINE, outline);
	TAKE(HAS_LIST, list);
	TAKE(HAS_LEVEL, level);
	TAKE(HAS_SHADE, is_shaded);
	TAKE(HAS_RULE, has_rule);
#undef TAKE
	return p;
}

static uint32_t number_in(struct str s, uint32_t max)
{
	int64_t n;
	if (!str_int64(s, &n) || n < 0) return 0;
	return n > (int64_t)max ? max : (uint32_t)n;
}

static bool hex_colour(struct str s, uint32_t *out)
{
	uint32_t c = 0;
	if (s.len != 6) return false;
	for (size_t i = 0; i < 6; i++) {
		char h = s.at[i];
		uint32_t digit = h >= '0' && h <= '9'	? (uint32_t)(h - '0')
						 : h >= 'a' && h <= 'f' ? (uint32_t)(h - 'a' + 10)
						 : h >= 'A' && h <= 'F' ? (uint32_t)(h - 'A' + 10)
												: 16;
		if (digit == 16) return false;
		c = c << 4 | digit;
	}
	*out = c;
	return true;
}

static bool is_on(struct str value)
{
	return !str_eq(value, S("0")) && !str_eq(value, S("false")) && !str_eq(value, S("off")) && !str_eq(value, S("none")); /* no value: on */
}

static uint8_t align_of(struct str value)
{
	if (str_eq(value, S("center"))) return DOCX_CENTRE;
	return str_eq(value, S("right")) || str_eq(value, S("end")) ? DOCX_RIGHT : DOCX_LEFT;
}

bool properties_read(struct properties *p, const struct xml_element *e)
{
	static const struct {
		struct str name;
		enum property property;
	} known[] = {
		{ { STR("b") }, HAS_BOLD },
		{ { STR("i") }, HAS_ITALIC },
		{ { STR("u") }, HAS_UNDERLINE },
		{ { STR("strike") }, HAS_STRIKE },
		{ { STR("dstrike") }, HAS_STRIKE },
		{ { STR("vanish") }, HAS_HIDDEN },
		{ { STR("caps") }, HAS_CAPITALS },
		{ { STR("color") }, HAS_COLOUR },
		{ { STR("sz") }, HAS_SIZE },
		{ { STR("jc") }, HAS_ALIGN },
		{ { STR("spacing") }, HAS_AFTER },
		{ { STR("outlineLvl") }, HAS_OUTLINE },
		{ { STR("numId") }, HAS_LIST },
		{ { STR("ilvl") }, HAS_LEVEL },
		{ { STR("shd") }, HAS_SHADE },
	};
	if (e->space != XML_WORD) return false;
	size_t i = 0;
	while (i < COUNT(known) && !str_eq(e->name, known[i].name)) i++;
	if (i == COUNT(known)) return false;
	struct str value = xml_attribute(e, XML_WORD, "val");
	uint32_t fill;
	enum property property = known[i].property;
	switch (property) {
	case HAS_BOLD: p->is_bold = is_on(value); break;
	case HAS_ITALIC: p->is_italic = is_on(value); break;
	case HAS_UNDERLINE: p->is_underlined = is_on(value); break;
	case HAS_STRIKE: p->is_struck = is_on(value); break;
	case HAS_HIDDEN: p->is_hidden = is_on(value); break;
	case HAS_CAPITALS: p->is_capitals = is_on(value); break;
	case HAS_COLOUR: p->has_colour = hex_colour(value, &p->colour); break; /* "auto" takes a style's colour away */
	case HAS_SIZE: p->half_points = (uint16_t)number_in(value, 3276); break;
	case HAS_ALIGN: p->align = align_of(value); break;
	case HAS_AFTER:
		value = xml_attribute(e, XML_WORD, "after");
		if (value.len == 0) return true;
		p->after = (uint16_t)number_in(value, 31680);
		break;
	case HAS_OUTLINE: p->outline = (uint8_t)number_in(value, 9); break;
	case HAS_LIST: p->list = number_in(value, INT32_MAX); break;
	case HAS_LEVEL: p->level = (uint8_t)number_in(value, DOCX_LEVELS - 1); break;
	case HAS_SHADE: p->is_shaded = hex_colour(xml_attribute(e, XML_WORD, "fill"), &fill) && fill != 0xffffff; break;
	case HAS_RULE: break;
	}
	p->has |= 1u << property;
	return true;
}

/* ---- styles.xml ---- */

struct styles_walk {
	struct arena *arena;
	struct styles *out;
	struct style *now;
	bool is_default;
	size_t size;
};

static bool style_begin(struct styles_walk *w, const struct xml_element *e)
{
	struct styles *s = w->out;
	if (s->count == STYLES_MAX) return false;
	if (s->count == w->size) {
		size_t size = w->size ? w->size * 2 : 64;
		s->at = arena_grow(w->arena, s->at, w->size * sizeof *s->at, size * sizeof *s->at);
		w->size = size;
	}
	w->now = &s->at[s->count++];
	*w->now = (struct style){ .id = str_keep(w->arena, xml_attribute(e, XML_WORD, "styleId")) };
	struct str is_default = xml_attribute(e, XML_WORD, "default");
	w->now->is_default = is_default.len && is_on(is_default) && str_eq(xml_attribute(e, XML_WORD, "type"), S("paragraph"));
	return true;
}

static bool styles_start(void *user, const struct xml_element *e)
{
	struct styles_walk *w = user;
	if (e->space != XML_WORD) return false;
	if (str_eq(e->name, S("style"))) return style_begin(w, e);
	if (str_eq(e->name, S("styles")) || str_eq(e->name, S("rPr")) || str_eq(e->name, S("pPr")) || str_eq(e->name, S("rPrDefault")) ||
		str_eq(e->name, S("pPrDefault")) || str_eq(e->name, S("numPr")))
		return true;
	if (str_eq(e->name, S("docDefaults"))) {
		w->is_default = true;
		return true;
	}
	if (!w->now) {
		if (w->is_default) properties_read(&w->out->defaults, e);
		return false;
	}
	if (str_eq(e->name, S("name"))) w->now->name = str_lower(w->arena, xml_attribute(e, XML_WORD, "val"));
	else if (str_eq(e->name, S("basedOn"))) w->now->based_on = str_keep(w->arena, xml_attribute(e, XML_WORD, "val"));
	else properties_read(&w->now->own, e);
	return false; /* table styles' parts, what else a style has */
}

static void styles_end(void *user, enum xml_space space, struct str name)
{
	struct styles_walk *w = user;
	if (space != XML_WORD) return;
	if (str_eq(name, S("style"))) w->now = NULL;
	if (str_eq(name, S("docDefaults"))) w->is_default = false;
}

static int by_id(const void *a, const void *b)
{
	return str_compare(((const struct style *)a)->id, ((const struct style *)b)->id);
}

const struct style *style_find(const struct styles *s, struct str id)
{
	struct style wanted = { .id = id };
	return s->count ? bsearch(&wanted, s->at, s->count, sizeof *s->at, by_id) : NULL;
}

static uint8_t heading_of(struct str name)
{
	if (str_eq(name, S("title"))) return 1;
	if (name.len == 9 && str_starts(name, S("heading ")) && name.at[8] >= '1' && name.at[8] <= '6') return (uint8_t)(name.at[8] - '0');
	return 0;
}

static void style_resolve(const struct styles *s, struct style *style)
{
	const struct style *chain[STYLE_CHAIN];
	size_t n = 0;
	for (const struct style *at = style; at && n < COUNT(chain); at = at->based_on.len ? style_find(s, at->based_on) : NULL) chain[n++] = at;
	style->all = (struct properties){ 0 };
	for (size_t i = n; i-- > 0;) {
		style->all = properties_over(style->all, chain[i]->own);
		uint8_t heading = heading_of(chain[i]->name);
		if (heading) style->heading = heading;
		if (str_eq(chain[i]->name, S("footer"))) style->is_footer = true;
		if (str_eq(chain[i]->name, S("band"))) style->is_band = true;
	}
	if (!style->heading && style->all.has & 1u << HAS_OUTLINE && style->all.outline < 6) style->heading = (uint8_t)(style->all.outline + 1);
}

enum status styles_read(struct arena *a, struct str xml, struct styles *out, struct problem *why)
{
	static const struct xml_handler handler = { styles_start, styles_end, NULL };
	struct styles_walk w = { .arena = a, .out = out };
	*out = (struct styles){ 0 };
	enum status st = xml_walk(xml, S("styles.xml"), &handler, &w, NULL, why);
	if (st) return st;
	if (out->count) qsort(out->at, out->count, sizeof *out->at, by_id);
	for (size_t i = 0; i < out->count; i++) {
		style_resolve(out, &out->at[i]);
		if (out->at[i].is_default && !out->paragraph) out->paragraph = &out->at[i];
	}
	return OK;
}

/* ---- numbering.xml ---- */

struct abstract {
	uint32_t number;
	struct docx_list list;
};

struct numbering_walk {
	struct arena *arena;
	struct numbering *out;
	struct abstract *abstracts;
	size_t abstract_count;
	struct docx_list *now; /* whose levels are being read */
	uint32_t level;
};

static enum docx_number number_of(struct str format)
{
	static const struct {
		struct str name;
		enum docx_number number;
	} known[] = {
		{ { STR("bullet") }, DOCX_BULLET },
		{ { STR("decimal") }, DOCX_DECIMAL },
		{ { STR("lowerLetter") }, DOCX_LOWER_LETTER },
		{ { STR("upperLetter") }, DOCX_UPPER_LETTER },
		{ { STR("lowerRoman") }, DOCX_LOWER_ROMAN },
		{ { STR("upperRoman") }, DOCX_UPPER_ROMAN },
		{ { STR("none") }, DOCX_NO_NUMBER },
	};
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(format, known[i].name)) return known[i].number;
	return DOCX_DECIMAL;
}

static bool list_begin(struct numbering_walk *w, const struct xml_element *e)
{
	if (w->out->count == LISTS_MAX) return false;
	w->out->numbers[w->out->count] = number_in(xml_attribute(e, XML_WORD, "numId"), INT32_MAX);
	w->now = &w->out->lists[w->out->count++];
	return true;
}

static bool numbering_start(void *user, const struct xml_element *e)
{
	struct numbering_walk *w = user;
	if (e->space != XML_WORD) return false;
	struct str value = xml_attribute(e, XML_WORD, "val");
	if (str_eq(e->name, S("numbering"))) return true;
	if (str_eq(e->name, S("abstractNum"))) {
		if (w->abstract_count == LISTS_MAX) return false;
		struct abstract *x = &w->abstracts[w->abstract_count++];
		x->number = number_in(xml_attribute(e, XML_WORD, "abstractNumId"), INT32_MAX);
		for (size_t i = 0; i < DOCX_LEVELS; i++) x->list.levels[i].start = 1;
		w->now = &x->list;
		return true;
	}
	if (str_eq(e->name, S("num"))) return list_begin(w, e);
	if (str_eq(e->name, S("abstractNumId")) && w->now) {
		uint32_t wanted = number_in(value, INT32_MAX);
		for (size_t i = 0; i < w->abstract_count; i++)
			if (w->abstracts[i].number == wanted) *w->now = w->abstracts[i].list;
	}
	if (str_eq(e->name, S("lvl")) || str_eq(e->name, S("lvlOverride"))) {
		w->level = number_in(xml_attribute(e, XML_WORD, "ilvl"), DOCX_LEVELS - 1);
		return true;
	}
	if (str_eq(e->name, S("numFmt")) && w->now) w->now->levels[w->level].number = (uint8_t)number_of(value);
	if ((str_eq(e->name, S("start")) || str_eq(e->name, S("startOverride"))) && w->now)
		w->now->levels[w->level].start = (uint16_t)number_in(value, UINT16_MAX);
	return false;
}

static void numbering_end(void *user, enum xml_space space, struct str name)
{
	struct numbering_walk *w = user;
	if (space == XML_WORD && (str_eq(name, S("abstractNum")) || str_eq(name, S("num")))) w->now = NULL;
}

enum status numbering_read(struct arena *a, struct str xml, struct numbering *out, struct problem *why)
{
	static const struct xml_handler handler = { numbering_start, numbering_end, NULL };
	*out = (struct numbering){ .lists = ARENA_ARRAY(a, struct docx_list, LISTS_MAX), .numbers = ARENA_ARRAY(a, uint32_t, LISTS_MAX) };
	struct arena *temporary = arena_new();
	struct numbering_walk w = { .arena = a, .out = out, .abstracts = ARENA_ARRAY(temporary, struct abstract, LISTS_MAX) };
	enum status st = xml_walk(xml, S("numbering.xml"), &handler, &w, NULL, why);
	arena_free(temporary);
	return st;
}

uint16_t numbering_find(const struct numbering *n, uint32_t number)
{
	for (size_t i = 0; number && i < n->count; i++)
		if (n->numbers[i] == number) return (uint16_t)(i + 1);
	return 0;
}
