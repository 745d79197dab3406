/* sales/picture.h: the picture of an event in a language: beside its title in the shop. Nothing of the uploaded file is kept but its pixels. */
#pragma once
#include "base/lang.h"
#include "institution/actor.h"
#include "store/store.h"

#define PICTURE_FILE_MAX   (4u << 20)  /* bytes of what is uploaded: what a camera's picture has after it was sent by mail */
#define PICTURE_PIXELS_MAX (24u << 20) /* of what is uploaded: a camera's 24 million; 96 MiB while it is read */
#define PICTURE_WIDTH_MAX  960		   /* pixels of its own: twice what a phone's page is wide */
#define PICTURE_HEIGHT_MAX 640
#define PICTURE_ALT_MAX	   150 /* characters: a sentence */

/* Text lives in the arena given to the function that read it. */
struct picture {
	enum language language;
	struct str digest; /* of jpeg, hexadecimal */
	struct str alt, jpeg;
	int64_t width, height;
};

/* What an uploaded picture becomes: read within the bounds above, fitted and written anew. Outside of transactions. REFUSED with a finding at "picture". */
enum status picture_of_file(struct arena *a, struct str bytes, struct picture *out, struct problem *why);

/* Those of an event, without the pictures themselves; at most LANGUAGES. */
enum status picture_rows(struct conn *db, struct arena *a, int64_t event, struct picture *out, size_t *count);

/* The bytes of one of the institution's pictures. NOT_FOUND: there is none (any more). */
enum status picture_bytes(struct conn *db, struct arena *a, int64_t institution, struct str digest, struct str *out);

/* Gives an event a picture in P's language, or takes it away (p->jpeg empty), inside a store_write, and notes it. REFUSED with a finding at "alt"; NOT_FOUND where the
 * actor may not. */
enum status picture_set(struct conn *db, struct arena *a, const struct actor *who, int64_t event, const struct picture *p, struct problem *why);
