/* institution/sale_terms.h: the terms under which a shop sells, in its own words. Plain text: a blank line ends a paragraph, one that begins with "# " is a heading. */
#pragma once
#include "institution/actor.h"
#include "institution/point_of_sale.h"

#define TERMS_MAX 20000 /* characters of one language: ten printed pages */

#define TERMS_BODY_MAX (512u << 10) /* of a form with all languages: a letter may take six bytes in it */

struct sale_terms {
	struct str words[LANGUAGES]; /* empty: none in this language */
};

/* All of a point of sale's, for any that may be shown; in arena A. */
enum status sale_terms_get(struct conn *db, struct arena *a, int64_t point_of_sale, struct sale_terms *out);

/* What a visitor reads in language L: in it, else in OTHERWISE, else our draft in L, and then IS_DRAFT says so. */
struct str sale_terms_in(struct arena *a, const struct sale_terms *t, const struct point_of_sale *sale, enum language l, bool *is_draft);

/* Our draft for SALE's house, where nobody has written any. */
struct str sale_terms_draft(struct arena *a, const struct point_of_sale *sale, enum language l);

/* Inside a store_write, noted in the trail. Empty words take a language's away. REFUSED with findings at "terms-LANGUAGE"; NOT_FOUND when the actor may not write that point of
 * sale, or it has no shop. */
enum status sale_terms_save(
	struct conn *db, struct arena *a, const struct actor *who, int64_t point_of_sale, const struct sale_terms *t, struct problem *why);
