/* documents/letter.h: from a claimed row of the outbox to the bytes of its mail. Only here, and only in memory, does a link exist whole. */
#pragma once
#include "documents/outbox.h"
#include "documents/parsed.h"

/* A link's token (formats/link.h), how long it lives and when it ends; an empty token: the mail has none. OFFICE: --office-url; empty: the box office is where
 * the house says, else at the host of the mail's point of sale. */
struct letter_link {
	struct str token;
	int64_t life, deadline;
	struct str office;
};

/* A mail ready to go: the envelope and the complete message. */
struct finished_letter {
	struct str sender, recipient;
	struct str message;
};

/* Merges the template of M with its values, the point of sale's look and LINK. REFUSED with findings when that cannot be done: a template that is broken or
 * lost, a class with a link but none given. Never a mail without its link. The caller wipes arena A afterwards: it held the link. */
enum status letter_finish(struct templates *t, struct conn *db, struct arena *a, const struct outbox_mail *m, const struct letter_link *link,
	struct finished_letter *out, struct problem *why);

/* The address that a link of PURPOSE opens at a point of sale, or for operators at the office; empty for a purpose without a page. */
struct str letter_link_url(struct arena *a, struct str public_url, struct str office, int purpose, struct str token);
