/* formats/mime.h: a complete mail from its parts: multipart/alternative of plain text and HTML, the pictures inline beside the HTML, files after all of it.
 * The same struct gives the same bytes, so that a mail sent twice after a crash is the same mail. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define MIME_SIZE_MAX (10u << 20) /* many servers take 10 MB; ours are far smaller */

struct mime_person {
	struct str name, address; /* address empty: none */
};

struct mime_image {
	struct str cid;	 /* what the HTML says after "cid:" */
	struct str type; /* "image/png" */
	struct str bytes;
};

/* A file that comes with the mail. */
struct mime_file {
	struct str name; /* as the reader's folder will have it: "Rechnung-2026-00017.pdf" */
	struct str type; /* "application/pdf" */
	struct str bytes;
};

struct mime_extra {
	const char *name; /* of a header that is not made from the fields above it */
	struct str value; /* free text */
};

struct mail {
	struct mime_person from, sender, reply_to, to; /* sender and reply_to may be none */
	struct str subject;
	struct str text, html; /* UTF-8, lines ending in LF or CRLF; html may be empty */
	struct str language;   /* "de" */
	struct str message_id; /* "something@domain", without angle brackets */
	int64_t date;		   /* UTC microseconds */
	const struct mime_image *images;
	size_t image_count;
	const struct mime_file *files;
	size_t file_count;
	const struct mime_extra *extras;
	size_t extra_count;
};

/* MAIL as the bytes of a message (lines end in CRLF, none longer than 998 bytes), in arena A. A name or subject that cannot stand as it is
 * is made harmless, for no mail is to be lost over one. REFUSED, with findings named after the fields, when an address is not exactly one,
 * a text is not UTF-8, or all is larger than MIME_SIZE_MAX. Safe from any thread. */
enum status mime_write(struct arena *a, const struct mail *mail, struct str *out, struct problem *why);
