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

/* What the thing that a mail is about (struct letter) adds when it is sent: values, which go before the queued ones; the path that its link opens; a PDF. */
struct letter_about {
	struct docx_values values;
	struct str path;			/* "/orders/10001-7"; empty: the link's purpose says it */
	struct str file_name, file; /* empty: none */
};

/* A mail ready to go: the envelope and the complete message. */
struct finished_letter {
	struct str sender, recipient;
	struct str message;
};

/* Merges the template of M with its values, the point of sale's look, LINK and what it is ABOUT (NULL: nothing). REFUSED with findings when that cannot be done: a template that is broken or
 * lost, a class with a link but none given. Never a mail without its link. The caller wipes arena A afterwards: it held the link. */
enum status letter_finish(struct templates *t, struct conn *db, struct arena *a, const struct outbox_mail *m, const struct letter_link *link,
	const struct letter_about *about, struct finished_letter *out, struct problem *why);

/* The values that every letter of a point of sale knows, for one that is no mail: house, shop, its logo where it has been read, today at NOW in language L. */
struct docx_values letter_house_values(struct arena *a, const struct point_of_sale *shop, enum language l, int64_t now);

/* The values of CLASS in the order of its dictionary: the first in SETS (COUNT of them) that has the field; empty where none does. */
struct docx_values letter_values(struct arena *a, enum document_class class, const struct docx_values *sets, size_t count);

/* The address that a link of PURPOSE opens at a point of sale, or for operators at the office; empty for a purpose without a page. */
struct str letter_link_url(struct arena *a, struct str public_url, struct str office, int purpose, struct str token);
