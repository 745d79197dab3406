/* shipping/notice.h: what buyers are told of their letters: each thing once, however often a file is imported. */
#pragma once
#include "documents/letter.h"
#include "shipping/shipment.h"

enum notice_kind { NOTICE_SENT, NOTICE_PART_SENT, NOTICE_CORRECTION };
const char *notice_kind_name(enum notice_kind kind);
bool notice_kind_read(struct str name, enum notice_kind *out);

/* Tells of the pieces of SHIPMENT that were posted and not told of yet, inside a store_write: *sent* when all are in the post, else *part sent*. Without an e-mail
 * address the notice stands on the list to tell by letter. NOT_FOUND: there is nothing to tell. */
enum status notice_posted(struct conn *db, struct arena *a, const struct shipment *s, int64_t import, struct str by_name); /* import 0: by hand */

/* Tells the numbers as they are now, inside a store_write: for ones that came after the mail. NOT_FOUND: nothing to correct, or told already. */
enum status notice_correction(struct conn *db, struct arena *a, const struct shipment *s, struct str by_name);

/* Sends the newest mail of KIND once more, as things are now, inside a store_write: for a buyer who lost it. NOT_FOUND: no such mail went. */
enum status notice_again(struct conn *db, struct arena *a, const struct shipment *s, enum notice_kind kind);

/* Whether a told piece has got another number since. */
enum status notice_correction_due(struct conn *db, int64_t shipment, bool *is_due);

/* Inside the worker: what a mail about notice ID says, its link's path among it. */
enum status notice_about(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct letter_about *out);

struct notice {
	int64_t id, made_at;
	enum notice_kind kind;
	bool is_by_letter; /* no e-mail address: tell by letter */
	struct str by_name;
};
#define NOTICES_MOST 50 /* of a shipment */
enum status notices_of(struct conn *db, struct arena *a, int64_t shipment, struct notice **out, size_t *count);
