/* formats/docx_reading.h: what the reader knows while it reads one part after another; for the docx_*.c files only. */
#pragma once
#include "formats/docx_styles.h"

#define RELATIONS_MAX	1024	   /* of a part; Word writes one for each picture and link */
#define TEXT_MAX		(4u << 20) /* all text together; a book of 1,000 pages is 3 MiB */
#define TAGS_MAX		1000	   /* typed ones; a letter has a few dozen */
#define IMAGES_MAX		32		   /* more is no mail */
#define FIELDS_DEPTH	16		   /* fields inside fields; Word itself nests a handful */
#define TEXT_BOX_DEPTH	4		   /* text boxes inside text boxes */
#define ALTERNATE_DEPTH 16		   /* alternate contents inside each other */

struct relation {
	struct str id, type, target; /* type: its last word, "image" */
	bool is_external;
};

struct relations {
	struct relation *at;
	size_t count;
};

struct reading {
	struct arena *arena;
	struct docx *docx;
	struct package *package;
	struct styles styles;
	struct numbering numbering;
	struct str part; /* being read, with its relations */
	struct relations relations;
	size_t nodes, nodes_max, text, tags;
	bool is_full;			   /* nodes or text over the limit: the reading stops */
	struct str header, footer; /* relation ids that the first section names */
	bool has_section, has_body;
	struct {
		struct str path;
		const struct docx_image *image;
	} images[IMAGES_MAX];
	size_t image_count;
	const struct docx_paragraph *last; /* the latest paragraph's properties */
	struct problem *why;
};

const struct relation *relation_find(const struct relations *r, struct str id);

/* Reads the blocks of a document, header or footer in XML into INTO. */
enum status docx_part_read(struct reading *r, struct str xml, struct docx_node *into);

/* A new node at the end of PARENT; NULL when the tree is full. */
struct docx_node *docx_node_add(struct reading *r, struct docx_node *parent, enum docx_node_kind kind);

/* docx_tags.c: what authors type. Splits the text of PARAGRAPH at its {{tags}}, however many runs they were typed in. */
void docx_tags_find(struct reading *r, struct docx_node *paragraph);

/* docx_wordfield.c: Word's fields. */
enum word_field_kind { WORD_MERGEFIELD, WORD_HYPERLINK, WORD_HIDDEN, WORD_SHOWN, WORD_REFUSED };
struct word_field {
	enum word_field_kind kind;
	struct str word, argument; /* "MERGEFIELD", and the name or target */
	struct docx_field field;
};

/* Reads an instruction, with remarks about what can't be honoured. */
struct word_field word_field_read(struct arena *a, struct docx *d, struct str instruction);
