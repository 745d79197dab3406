/* documents/template.h: the Word templates of a document type: what ships, what is in force, versions and the way back. A version is never changed. */
#pragma once
#include "base/lang.h"
#include "documents/class.h"
#include "institution/actor.h"
#include "store/store.h"

/* A .docx that is linked into the program, from templates/documents/ by tools/ship.sh. */
struct shipped_template {
	const char *name; /* "STX_PASSWORD_RESET_en.docx": the type's code and the language */
	const char *at, *end;
};
extern const struct shipped_template shipped_templates[]; /* shipped_template_count of them */
extern const size_t shipped_template_count;

/* The one that ships for a class in language L, or NULL. */
const struct shipped_template *shipped_template(enum document_class class, enum language l);

/* Gives INSTITUTION a document type of each class that it has none of, with the shipped templates as version 1, inside a store_write. */
enum status document_types_install(struct conn *db, int64_t institution);

/* The same for every house that lacks some, in a store_write of its own; a read when none does. At each start: a new version of the program may bring classes
 * that the old one did not know, with or without a migration. */
enum status document_types_complete(struct conn *db);

/* Gives document type TYPE the shipped templates of CLASS as version 1, inside a store_write. */
enum status templates_install(struct conn *db, int64_t type, enum document_class class);

/* Which template a mail needs. */
struct template_wanted {
	int64_t institution;
	int64_t point_of_sale; /* the type has to be usable there; 0: anywhere */
	int64_t document_type; /* this one; 0: of those that fit the one that is for fewest, then the oldest */
	enum document_class class;
};

/* The template in force of an active type, in language *L or else in the type's main language, which *L becomes.
 * NOT_FOUND when there is no active type that fits, or no template of it in either. */
enum status template_in_force(struct conn *db, const struct template_wanted *wanted, enum language *l, int64_t *template);

/* A version of a type in one language. */
struct template_version {
	int64_t id, version, made_at;
	enum language language;
	struct str made_by;	  /* a name; "shipped" for what came with the program */
	struct str file_name; /* as it was uploaded; empty: shipped */
	bool is_in_force;	  /* the highest of its language */
};

#define VERSIONS_MAX 200 /* of a type that a page lists, newest first */

/* The versions of a type of INSTITUTION, by language, the newest first. */
enum status template_versions(struct conn *db, struct arena *a, int64_t institution, int64_t type, struct template_version **out, size_t *count);

/* One version of it and its .docx. */
enum status template_version_get(
	struct conn *db, struct arena *a, int64_t institution, int64_t type, int64_t id, struct template_version *out, struct str *word);

/* Puts version ID in force again: as a new version with its content, inside a store_write, and notes it. As document_type_take (type.h); NOT_FOUND also for
 * an unknown id; REFUSED also when it is in force. VERSION becomes the new version's number. */
enum status template_restore(
	struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t id, int64_t *version, struct problem *why);
