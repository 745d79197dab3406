/* work/post.h: one mail from the outbox to the mail server. */
#pragma once
#include <stdatomic.h>

#include "documents/letter.h"
#include "formats/link.h"
#include "mail/mailer.h"

/* What sending needs; used by one thread at a time. */
struct post {
	struct store *store;
	struct link_keys keys;		   /* the newest signs */
	struct mailer *_Atomic mailer; /* NULL: none is set up yet, and mails wait. Another may take its place; the old one stays open */
	struct templates *templates;
	struct str office;		  /* --office-url; may be empty */
	const uint8_t *audit_key; /* AUDIT_KEY_SIZE bytes; NULL: nothing is sealed */
};

/* Claims the next mail and, in the same transaction, sets its link's deadline, or drops it when the link is no longer live; then merges, signs and sends it
 * outside any transaction and marks what became of it. NOT_FOUND when nothing was due; OK when a mail was dealt with, however it ended; else the
 * database's failure, and the mail is due again when its lease is over. */
enum status post_next(const struct post *p);
