/* sales/picture.c: pictures of events. */
#include "sales/picture.h"

#include <sodium.h>

#include "formats/image.h"
#include "institution/audit.h"
#include "institution/plain.h"
#include "sales/event_edit.h"

#define DIGEST_BYTES 16

enum status picture_of_file(struct arena *a, struct str bytes, struct picture *out, struct problem *why)
{
	static const char field[] = "picture";
	struct image image;
	uint8_t digest[DIGEST_BYTES];
	char *text = arena_alloc(a, 2 * DIGEST_BYTES + 1);
	enum status st;
	if (bytes.len > PICTURE_FILE_MAX) return problem_add(why, field, MSG_LOGO_FILE_LARGE, arg_int("kilobytes", PICTURE_FILE_MAX >> 10)), REFUSED;
	if ((st = image_read(a, bytes, PICTURE_PIXELS_MAX, field, &image, why))) return st;
	image = image_fit(a, image, PICTURE_WIDTH_MAX, PICTURE_HEIGHT_MAX);
	*out = (struct picture){ .jpeg = image_jpeg(a, image), .width = image.width, .height = image.height };
	if (!out->jpeg.len) return UNAVAILABLE;
	crypto_generichash(digest, sizeof digest, (const unsigned char *)out->jpeg.at, out->jpeg.len, NULL, 0);
	sodium_bin2hex(text, 2 * DIGEST_BYTES + 1, digest, sizeof digest);
	out->digest = (struct str){ text, 2 * DIGEST_BYTES };
	return OK;
}

enum status picture_rows(struct conn *db, struct arena *a, int64_t event, struct picture *out, size_t *count)
{
	static const struct sql q = SQL("SELECT language, digest, alt, width, height FROM event_picture WHERE event = $1 ORDER BY language LIMIT $2");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(event), int64(LANGUAGES)))) return st;
	while ((st = store_next(db)) == OK)
		out[(*count)++] = (struct picture){ .language = lang_written(col_text(db, 0, a)),
			.digest = col_text(db, 1, a),
			.alt = col_text(db, 2, a),
			.width = col_int64(db, 3),
			.height = col_int64(db, 4) };
	return st == NOT_FOUND ? OK : st;
}

enum status picture_bytes(struct conn *db, struct arena *a, int64_t institution, struct str digest, struct str *out)
{
	static const struct sql q =
		SQL("SELECT p.jpeg FROM event_picture p JOIN event e ON e.id = p.event WHERE p.digest = $1 AND e.institution = $2 LIMIT 1");
	enum status st = store_row(db, &q, text(digest), int64(institution));
	if (st == OK) *out = col_blob(db, 0, a);
	return st;
}

enum status picture_set(struct conn *db, struct arena *a, const struct actor *who, int64_t event, const struct picture *p, struct problem *why)
{
	static const struct sql drop = SQL("DELETE FROM event_picture WHERE event = $1 AND language = $2");
	static const struct sql put =
		SQL("INSERT INTO event_picture (event, language, digest, alt, jpeg, width, height) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	struct str language = str_of(lang_tag(p->language));
	struct event_edit e;
	enum status st;
	if ((st = event_get(db, a, who, event, &e))) return st;
	if (!actor_may_in(who, RIGHT_PROGRAMME_WRITE, e.organisation)) return NOT_FOUND;
	bool is_set = p->jpeg.len > 0;
	if (is_set && (!p->alt.len || !is_plain_line(p->alt, PICTURE_ALT_MAX)))
		return problem_add(why, "alt", MSG_EVENT_PICTURE_ALT_MISSING, arg_int("n", PICTURE_ALT_MAX)), REFUSED;
	if ((st = store_exec(db, &drop, int64(event), text(language)))) return st;
	if (is_set &&
		(st = store_exec(db, &put, int64(event), text(language), text(p->digest), text(p->alt), blob(p->jpeg), int64(p->width), int64(p->height))))
		return st;
	const struct audit_value after[] = { { "alt", p->alt }, { "language", language }, { NULL, { 0 } } };
	return audit_note(
		db, a, who, &(const struct audit_record){ is_set ? "event-picture-set" : "event-picture-removed", "event", event, NULL, after });
}
