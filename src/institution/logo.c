/* institution/logo.c: nothing of an uploaded file is kept but its pixels: no words, no profile, no second meaning. */
#include "institution/logo.h"

#include <sodium.h>

#include "formats/image.h"
#include "institution/audit.h"
#include "institution/sale_edit.h"

#define DENSITY		 2 /* pixels of the picture a CSS pixel */
#define DIGEST_BYTES 16

enum status logo_of_file(struct arena *a, struct str bytes, struct logo *out, struct problem *why)
{
	static const char field[] = "logo";
	struct image image;
	uint8_t digest[DIGEST_BYTES];
	char *text = arena_alloc(a, 2 * DIGEST_BYTES + 1);
	enum status st;
	if (bytes.len > LOGO_FILE_MAX) return problem_add(why, field, MSG_LOGO_FILE_LARGE, arg_int("kilobytes", LOGO_FILE_MAX >> 10)), REFUSED;
	if ((st = image_read(a, bytes, LOGO_PIXELS_MAX, field, &image, why))) return st;
	image = image_fit(a, image, LOGO_WIDTH_MAX * DENSITY, LOGO_HEIGHT_MAX * DENSITY);
	struct image shown = image_fit(a, image, LOGO_WIDTH_MAX, LOGO_HEIGHT_MAX);
	*out = (struct logo){ .png = image_png(a, image), .width = shown.width, .height = shown.height };
	crypto_generichash(digest, sizeof digest, (const unsigned char *)out->png.at, out->png.len, NULL, 0);
	sodium_bin2hex(text, 2 * DIGEST_BYTES + 1, digest, sizeof digest);
	out->digest = (struct str){ text, 2 * DIGEST_BYTES };
	return OK;
}

enum status logo_look(struct conn *db, struct arena *a, int64_t point_of_sale, struct logo *out)
{
	static const struct sql q = SQL("SELECT digest, width, height FROM point_of_sale_logo WHERE point_of_sale = $1");
	*out = (struct logo){ 0 };
	enum status st = store_row(db, &q, int64(point_of_sale));
	if (st) return st == NOT_FOUND ? OK : st;
	*out = (struct logo){ .digest = col_text(db, 0, a), .width = col_int64(db, 1), .height = col_int64(db, 2) };
	return OK;
}

enum status logo_get(struct conn *db, struct arena *a, int64_t point_of_sale, struct logo *out)
{
	static const struct sql q = SQL("SELECT digest, width, height, png FROM point_of_sale_logo WHERE point_of_sale = $1");
	*out = (struct logo){ 0 };
	enum status st = store_row(db, &q, int64(point_of_sale));
	if (st) return st == NOT_FOUND ? OK : st;
	*out = (struct logo){ .digest = col_text(db, 0, a), .width = col_int64(db, 1), .height = col_int64(db, 2), .png = col_blob(db, 3, a) };
	return OK;
}

static enum status store(struct conn *db, int64_t point_of_sale, const struct logo *logo)
{
	static const struct sql drop = SQL("DELETE FROM point_of_sale_logo WHERE point_of_sale = $1");
	static const struct sql put = SQL("INSERT INTO point_of_sale_logo (point_of_sale, digest, png, width, height) VALUES ($1, $2, $3, $4, $5) "
									  "ON CONFLICT (point_of_sale) DO UPDATE SET digest = $2, png = $3, width = $4, height = $5");
	if (!logo) return store_exec(db, &drop, int64(point_of_sale));
	return store_exec(db, &put, int64(point_of_sale), text(logo->digest), blob(logo->png), int64(logo->width), int64(logo->height));
}

enum status logo_set(struct conn *db, struct arena *a, const struct actor *who, int64_t point_of_sale, const struct logo *logo)
{
	struct sale_edit ignored;
	struct sale_row row;
	struct logo old;
	enum status st;
	if ((st = sale_get(db, a, who, point_of_sale, &ignored, &row))) return st;
	if (!actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, row.organisation) || row.state == SALE_CLOSED) return NOT_FOUND;
	if ((st = logo_look(db, a, point_of_sale, &old))) return st;
	if ((st = store(db, point_of_sale, logo))) return st;
	const struct audit_value before[] = { { "logo", old.digest }, { NULL, { 0 } } },
							 after[] = { { "logo", logo ? logo->digest : S("") }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "point-of-sale-changed", "point-of-sale", point_of_sale, before, after });
}
