/* formats/docx_styles.h: what Word's styles and numbering say about a paragraph or a run; for the docx_*.c files only. */
#pragma once
#include "formats/docx_package.h"
#include "formats/docx_tree.h"

#define STYLES_MAX	4096 /* Word's own gallery has under 400 */
#define STYLE_CHAIN 32	 /* styles based on styles; a circle ends here */
#define LISTS_MAX	1024 /* Word writes one for each list that was ever restarted */

/* Properties that somebody set (HAS is a set of 1 << enum) and those left open. */
enum property {
	HAS_BOLD,
	HAS_ITALIC,
	HAS_UNDERLINE,
	HAS_STRIKE,
	HAS_HIDDEN,
	HAS_CAPITALS,
	HAS_COLOUR,
	HAS_SIZE,
	HAS_ALIGN,
	HAS_AFTER,
	HAS_OUTLINE,
	HAS_LIST,
	HAS_LEVEL,
	HAS_SHADE,
	HAS_RULE
};
struct properties {
	unsigned has;
	bool is_bold, is_italic, is_underlined, is_struck, is_hidden, is_capitals, is_shaded, has_rule, has_colour;
	uint32_t colour;
	uint16_t half_points, after; /* after: twentieths of a point */
	uint8_t align, outline, level;
	uint32_t list; /* Word's number */
};

/* TOP where it says something, BASE elsewhere. */
struct properties properties_over(struct properties base, struct properties top);

/* Takes what element E (in w:pPr or w:rPr) says into P; false when it is none of ours. */
bool properties_read(struct properties *p, const struct xml_element *e);

struct style {
	struct str id, name, based_on; /* name in lower case */
	struct properties own, all;	   /* all: with those it is based on, without the document's defaults */
	uint8_t heading;
	bool is_footer, is_band, is_default, is_resolved;
};

struct styles {
	struct properties defaults;
	struct style *at; /* by id */
	size_t count;
	const struct style *paragraph; /* of paragraphs that name none; NULL when there is none */
};

enum status styles_read(struct arena *a, struct str xml, struct styles *out, struct problem *why);
const struct style *style_find(const struct styles *s, struct str id);

struct numbering {
	struct docx_list *lists;
	uint32_t *numbers; /* Word's number of each */
	size_t count;
};
enum status numbering_read(struct arena *a, struct str xml, struct numbering *out, struct problem *why);

/* Place + 1 of Word's list NUMBER, 0 when there is none. */
uint16_t numbering_find(const struct numbering *n, uint32_t number);
