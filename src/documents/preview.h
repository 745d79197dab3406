/* documents/preview.h: a template filled with samples: what its author sees before anybody gets it. */
#pragma once
#include "documents/class.h"
#include "institution/point_of_sale.h"

/* What a preview says of field F of CLASS at point of sale SHOP: the shop's own name, address and look, times around NOW in language L, else the field's example.
 * A link is the shop's, with a token that opens nothing. */
struct str document_sample(struct arena *a, const struct field_declaration *f, const struct point_of_sale *shop, enum language l, int64_t now);

struct document_preview {
	struct str subject, html, text; /* pictures are data: URLs */
};

/* The logo of SHOP, where it has been read, as a field's value. */
struct docx_image document_logo(const struct point_of_sale *shop);

/* With the logo of SHOP. REFUSED with findings when the template cannot be merged. */
enum status document_preview(struct arena *a, const struct docx *d, enum document_class class, const struct point_of_sale *shop, enum language l,
	int64_t now, struct document_preview *out, struct problem *why);

/* "#005f6b" as 0x005f6b. */
uint32_t accent_number(struct str accent);
