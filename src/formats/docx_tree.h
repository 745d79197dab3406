/* formats/docx_tree.h: the tree that a Word document is read into; for the docx_*.c files only. */
#pragma once
#include "formats/docx.h"

enum docx_node_kind {
	DOCX_PARAGRAPH,
	DOCX_TABLE,
	DOCX_ROW,
	DOCX_CELL,
	DOCX_SECTION, /* a condition or repeat over blocks, rows or pieces of text: {{#name}}, {{^name}} */
	DOCX_TEXT,
	DOCX_FIELD,
	DOCX_BREAK,
	DOCX_IMAGE,
	DOCX_OPEN, /* a tag of a section before docx_sections has built the sections */
	DOCX_CLOSE,
};

enum docx_align { DOCX_LEFT, DOCX_CENTRE, DOCX_RIGHT };

struct docx_look {
	uint32_t colour; /* 0xRRGGBB */
	uint16_t half_points;
	bool has_colour, is_bold, is_italic, is_underlined, is_struck, is_hidden, is_capitals;
};

/* Where a link goes. In a template PARTS (text and fields), in a merged document TARGET. */
struct docx_link {
	const struct docx_node *parts;
	struct str target;
	bool is_field; /* one field and nothing else: alone in its paragraph it is the button */
};

struct docx_paragraph {
	uint8_t heading; /* 1 to 6, 0 for none */
	uint8_t align;
	uint8_t level; /* of a list, from 0 */
	bool is_tight; /* no space after it: a line rather than a paragraph */
	bool is_footer, is_band, is_shaded, has_rule;
	uint16_t list;	  /* number + 1 in docx.lists, 0 for none */
	uint32_t ordinal; /* of a list item, counted while merging */
	uint16_t half_points;
};

enum docx_case { DOCX_AS_IS, DOCX_UPPER, DOCX_LOWER, DOCX_FIRST_CAPITAL, DOCX_CAPITALS };

struct docx_field {
	struct str instruction, before, after; /* \b and \f: written when the field is not empty */
	enum docx_case letters;
};

struct docx_node {
	struct docx_node *next, *first, *last; /* children: blocks of a cell, rows, cells, pieces of text */
	enum docx_node_kind kind;
	bool is_unless; /* section, open: {{^name}} */
	bool is_url;	/* merged text that is an address */
	bool is_header; /* row that heads the table */
	uint8_t span;	/* cell: columns */
	struct docx_look look;
	struct str text; /* the text; the name of a field or section */
	const struct docx_link *link;
	union {
		const struct docx_paragraph *paragraph;
		const struct docx_field *field; /* may be NULL */
		const struct docx_image *image;
	};
};

enum docx_number { DOCX_BULLET, DOCX_DECIMAL, DOCX_LOWER_LETTER, DOCX_UPPER_LETTER, DOCX_LOWER_ROMAN, DOCX_UPPER_ROMAN, DOCX_NO_NUMBER };
#define DOCX_LEVELS 9 /* the format's own */

struct docx_list {
	struct {
		uint8_t number;
		uint16_t start;
	} levels[DOCX_LEVELS];
};

struct docx {
	struct docx_node body, header, footer; /* as cells, of which only the children count */
	struct docx_node subject;			   /* the bold pieces of its paragraph */
	bool has_subject;
	uint16_t half_points; /* of ordinary text */
	const struct docx_list *lists;
	size_t list_count;
	struct problem faults, remarks;
};

struct docx_merged {
	struct docx_node body, header, footer, subject;
	const struct docx *from;
};

/* Appends CHILD. */
void docx_append(struct docx_node *parent, struct docx_node *child);

/* Whether the pieces from N on hold anything a reader sees (text that is not blank, a field, a picture). */
bool docx_is_visible(const struct docx_node *n);

#define DOCX_NAME_MAX	   64 /* longest name of a field */
#define DOCX_SECTION_DEPTH 16 /* sections inside sections */

/* A link's target as parts; NULL with a remark when mails can't have it. */
struct docx_link *docx_target(struct arena *a, struct docx *d, struct str target);

/* Builds sections of the tags below ROOT. */
void docx_sections(struct arena *a, struct docx *d, struct docx_node *root);

/* Takes the subject's paragraph out of the body. */
void docx_subject_find(struct arena *a, struct docx *d);

/* Whether NAME can be a field's. */
bool docx_is_name(struct str name);

/* Notes a finding about the document, once, and no more than FINDINGS_MAX: nobody reads on. NAME may be NULL. */
#define FINDINGS_MAX 50
void docx_note(struct problem *list, enum message message, const char *name, struct str text);
