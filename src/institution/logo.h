/* institution/logo.h: the logo of a point of sale: in the shop's head, and where a template has the field shop.logo. */
#pragma once
#include "base/problem.h"
#include "institution/actor.h"
#include "store/store.h"

#define LOGO_FILE_MAX	(1u << 20) /* bytes of what is uploaded; a logo as a photograph of the full size below has half of it */
#define LOGO_PIXELS_MAX (4u << 20) /* of what is uploaded: 2,048 by 2,048; 16 MiB while it is read */
#define LOGO_WIDTH_MAX	240		   /* as it is shown, in CSS pixels; two pixels of its own each, for dense screens and for paper */
#define LOGO_HEIGHT_MAX 80

/* Text lives in the arena given to the function that read it. Without a digest: none. */
struct logo {
	struct str digest; /* of png, hexadecimal */
	struct str png;
	int64_t width, height; /* as it is shown, in CSS pixels */
};

/* What an uploaded picture becomes: read within the bounds above, fitted and written anew as PNG. Outside of transactions. REFUSED with a finding at "logo". */
enum status logo_of_file(struct arena *a, struct str bytes, struct logo *out, struct problem *why);

/* Of a point of sale; an empty one when it has none. logo_look leaves the picture itself away. */
enum status logo_get(struct conn *db, struct arena *a, int64_t point_of_sale, struct logo *out);
enum status logo_look(struct conn *db, struct arena *a, int64_t point_of_sale, struct logo *out);

/* Gives a point of sale a logo, or takes it away (NULL), inside a store_write, and notes it. NOT_FOUND where the actor may not write it, and for one that is closed. */
enum status logo_set(struct conn *db, struct arena *a, const struct actor *who, int64_t point_of_sale, const struct logo *logo);
