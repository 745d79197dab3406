/* documents/draft.h: an uploaded template before it replaces anything: its findings, and putting it in force. */
#pragma once
#include "base/clock.h"
#include "documents/template.h"
#include "institution/actor.h"

#define DRAFTS_KEPT 20		   /* of a type: the newest; who uploads again and again has looked at the older ones */
#define DRAFT_LIFE	(30 * DAY) /* a month after it was uploaded nobody remembers why */

struct draft {
	int64_t id, type, made_at;
	enum language language;
	struct str word, file_name, made_by;
	bool is_overtaken; /* another version came into force since it was uploaded */
};

/* What an author must know of a template: FAULTS stand in its way, REMARKS do not. */
struct template_findings {
	struct problem faults, remarks;
	const struct docx *docx; /* NULL: it could not be read */
};

/* Reads and checks WORD for CLASS; everything lives in arena A. Takes some milliseconds: never inside store_write. */
struct template_findings template_look(struct arena *a, struct str word, enum document_class class);

/* An upload: the .docx, its name, and the language it is for. */
struct draft_file {
	enum language language;
	struct str word, name;
};

/* Keeps a file as a draft of document type TYPE, inside a store_write. As document_type_take; REFUSED also for a file that is empty or too large.
 * Whether it may be used is looked at later. */
enum status draft_add(
	struct conn *db, struct arena *a, const struct actor *who, int64_t type, const struct draft_file *file, int64_t *id, struct problem *why);

/* A draft of a type that the caller has read as the actor may (document_type_get). */
enum status draft_get(struct conn *db, struct arena *a, int64_t institution, int64_t type, int64_t id, struct draft *out);

/* Puts a draft in force as the next version of its language and removes it, inside a store_write, and notes it. The caller has looked at it: a draft never changes. As
 * document_type_take; NOT_FOUND also when it is gone: somebody else used or dropped it. */
enum status draft_use(struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t id, int64_t *version, struct problem *why);

/* Forgets a draft, inside a store_write; one that is gone is none. As document_type_take. */
enum status draft_drop(struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t id, struct problem *why);
