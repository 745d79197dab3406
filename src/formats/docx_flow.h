/* formats/docx_flow.h: how both writers see a merged document: header, body without its band, footer. For the docx_*.c files only. */
#pragma once
#include "formats/docx_tree.h"

enum docx_place { DOCX_IN_BAND, DOCX_IN_BODY, DOCX_IN_FOOTER };

/* Blocks of the mail in order: docx_flow_next until NULL. */
struct docx_flow {
	const struct docx_node *next;
	const struct docx_merged *merged;
	int part; /* header, body, footer */
	bool is_below_rule;
};
struct docx_flow docx_flow(const struct docx_merged *m);
const struct docx_node *docx_flow_next(struct docx_flow *f, enum docx_place *place);

/* The address when PARAGRAPH is nothing but it, spelled out; NULL otherwise. */
const struct docx_node *docx_lone_url(const struct docx_node *paragraph);

/* The link when PARAGRAPH is nothing but a link to a field: the button; NULL otherwise. */
const struct docx_link *docx_button(const struct docx_node *paragraph);

/* Whether A and B are lines of one paragraph: tight, seen, and of the same kind. */
bool docx_is_one_paragraph(const struct docx_node *a, const struct docx_node *b);

/* Blocks in a row: the body, the footer, a cell. */
struct docx_blocks {
	const struct docx_node **at;
	size_t count, size;
};
void docx_blocks_add(struct arena *a, struct docx_blocks *b, const struct docx_node *n);

/* What stands before a list's item: "-", "3.", "iv."; empty for none. */
struct str docx_item_mark(struct arena *a, const struct docx_merged *m, const struct docx_paragraph *p);
/* The next block that is seen after place I, or NULL. */
const struct docx_node *docx_seen_after(const struct docx_blocks *b, size_t i);
