/* formats/docx.h: Word documents as mail templates. Bytes in; subject, HTML and plain text out. No file, network, clock or database.
 *
 * A template is read once (docx_read), checked against the fields its class declares (docx_check), and merged for each mail (docx_merge) into a tree
 * that is written twice (docx_html, docx_text). What Word authors may use:
 *   MERGEFIELD name, {{name}}      a field; names are compared without case. Switches \* Upper, Lower, FirstCap, Caps and \b \f are honoured
 *   {{#name}} … {{/name}}          shown when NAME holds, or once for each item when it is a list: inside a paragraph; a paragraph or list item
 *   {{^name}} … {{/name}}          (one or several); table rows (from the first cell of one to the last cell of the same or a later one)
 *   a link whose target is {{name}} the mail's link; alone in its paragraph it is the button
 *   Subject: **bold**              the subject (also Objet :, Betreff:, Oggetto:), else the first paragraph when all of it is bold
 *   style "Band"                   the house's band (or the first shaded paragraph); style "Footer", the page's footer, or what stands below an
 *                                  empty paragraph with a border: the mail's footer
 * Nothing that a template or value holds is ever loaded, run or merged twice. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

/* Bounds of what is read. Zero takes the default. */
struct docx_limits {
	size_t bytes;	 /* of the file */
	size_t unpacked; /* of all its parts, as declared and as found */
	size_t nodes;	 /* of the tree: paragraphs, pieces of text, cells */
};
#define DOCX_BYTES_MAX	  (8u << 20)  /* Word's letters with pictures are under 4 MiB */
#define DOCX_UNPACKED_MAX (16u << 20) /* their parts, of which XML shrinks tenfold */
#define DOCX_NODES_MAX	  200000	  /* 10,000 paragraphs of twenty pieces; 100 bytes each keep us under 64 MiB */

/* A template: lives in the arena it was read into, never changes, and may be merged by any number of threads at once. */
struct docx;

/* A template filled in. */
struct docx_merged;

enum field_kind { FIELD_TEXT, FIELD_URL, FIELD_IMAGE, FIELD_CONDITION, FIELD_LIST };

/* A picture as its file's bytes. TYPE is "image/png", "image/jpeg" or "image/gif". Sizes in CSS pixels, 0 when not known. */
struct docx_image {
	struct str bytes, type, alt;
	unsigned width, height;
};

/* One field that a document class offers. */
struct field_declaration {
	struct str name;	/* "link.url" */
	struct str example; /* "https://…": shown to authors and used in previews; for a condition "yes" or empty */
	enum field_kind kind;
	bool is_required;					   /* a template without it is refused */
	const struct field_declaration *items; /* FIELD_LIST: the fields of an item, named as they stand inside the repeat */
	size_t item_count;
};

/* Reads BYTES into arena A. REFUSED, with words in WHY, when it is no Word document or one that is not safe to read.
 * A document with faults in its text (a repeat that nobody closes) is read; docx_check tells them and docx_merge refuses it. */
enum status docx_read(struct arena *a, struct str bytes, struct docx_limits limits, struct docx **out, struct problem *why);

/* What was read but can't be shown in a mail or not honoured (a chart, a footnote, a date format): for the author to know. Never NULL. */
const struct problem *docx_remarks(const struct docx *d);

/* Whether the template may be used by a class that offers KNOWN: the document's own faults, no subject, unknown fields (with the nearest known name),
 * required fields that are missing. REFUSED with all of them in WHY. */
enum status docx_check(const struct docx *d, const struct field_declaration *known, size_t count, struct problem *why);

/* A field as the template uses it, in document order (subject and body, then header, then footer). */
struct docx_use {
	struct str name;		/* as written */
	struct str instruction; /* Word's own, for a MERGEFIELD; else empty */
	enum docx_use_kind { DOCX_USE_FIELD, DOCX_USE_LINK, DOCX_USE_SECTION, DOCX_USE_UNLESS } kind;
	int depth; /* of sections around it */
};
size_t docx_fields(struct arena *a, const struct docx *d, struct docx_use **out);

struct docx_values;

/* What a field is filled with. Text is text: markup and braces in it stay what they are, a line feed becomes a line break. */
struct docx_value {
	struct str name;
	enum field_kind kind;
	bool is_true;	  /* FIELD_CONDITION */
	bool must_appear; /* the merge fails when no text or link of the result holds it: never a mail without its link */
	struct str text;  /* FIELD_TEXT; FIELD_URL: http, https, mailto or tel */
	struct docx_image image;
	const struct docx_values *items; /* FIELD_LIST: one set an item; a name not found there is looked for outside */
	size_t item_count;
};
struct docx_values {
	const struct docx_value *at;
	size_t count;
};

/* The examples of a class as values, for previews; lists have two items, conditions hold when their example is not empty. */
struct docx_values docx_examples(struct arena *a, const struct field_declaration *known, size_t count);

/* Fills D in for LANGUAGE ("de": how Upper and FirstCap work). The result lives in A and points into D and VALUES.
 * REFUSED with words when a field has no value, an address is none, or a value that must appear does not. */
enum status docx_merge(
	struct arena *a, const struct docx *d, struct docx_values values, struct str language, struct docx_merged **out, struct problem *why);

/* The subject, on one line. */
struct str docx_subject(struct arena *a, const struct docx_merged *m);

/* How the HTML looks. */
struct docx_style {
	uint32_t accent;	 /* 0xRRGGBB: band and button; text on it gets the colour that can be read */
	struct str house;	 /* the band's words where the template has no band */
	struct str language; /* "de" */
	/* How pictures are named: "cid:image1@DOMAIN" for a mail's inline parts; empty: data: URLs, for previews. */
	struct str cid_domain;
};

struct docx_html {
	struct str html;
	const struct docx_image *const *images; /* image N of the cid names is images[N - 1]; empty with data: URLs */
	size_t image_count;
};

/* The mail: a whole HTML document with inline styles, nothing remote. */
struct docx_html docx_html(struct arena *a, const struct docx_merged *m, const struct docx_style *style);

/* The mail as plain text of at most 72 columns with \n line ends; an address stands alone on its line, never wrapped, nothing after it. */
struct str docx_text(struct arena *a, const struct docx_merged *m);

/* White or the ink, whichever can be read on COLOUR. */
uint32_t docx_ink_on(uint32_t colour);
