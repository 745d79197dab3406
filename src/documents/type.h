/* documents/type.h: a house's own documents of a class: for whom they are, and whether they are used. */
#pragma once
#include "documents/template.h"
#include "institution/actor.h"

#define DOCUMENT_TYPES_MAX	   300 /* of a house: some two dozen classes, a few types each */
#define DOCUMENT_TYPE_CODE_MAX 40
#define DOCUMENT_TYPE_NAME_MAX 100

struct document_type {
	int64_t id;
	enum document_class class;
	struct str code, name;
	enum language main_language;
	bool is_active;
	int64_t *organisations, *channels; /* ids of those it is for; none: all. Read by document_type_get alone */
	size_t organisation_count, channel_count;
};

/* Whether WHO may change what is for T's organisations: the right has to be held in each of them, and in the whole house for a type that is for all. */
bool document_type_may_change(const struct actor *who, const struct document_type *t);

/* The types of the actor's house that he may read, by class and code; CLASS DOCUMENT_CLASSES is all. SEARCH is part of code, name or class code, folded; empty: all.
 * Whoever reads documents anywhere reads those for all organisations, and beside them those that are for one where he does. */
enum status document_type_list(struct conn *db, struct arena *a, const struct actor *who, enum document_class class, struct str search,
	struct document_type **out, size_t *count);

/* The active types of CLASS that may be used at point of sale POINT_OF_SALE (0: anywhere in the house) and have a template in their main language. */
enum status document_types_usable(struct conn *db, struct arena *a, int64_t institution, enum document_class class, int64_t point_of_sale,
	struct document_type **out, size_t *count);

/* NOT_FOUND also for one that the actor may not read. */
enum status document_type_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct document_type *out);

/* Takes the row of a type that the actor may change, inside a store_write: whatever changes its templates or drafts begins so, and versions are numbered under it.
 * NOT_FOUND: no such type, or none that he may read; REFUSED with a finding at "": not his to change. */
enum status document_type_take(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct document_type *out, struct problem *why);

/* Makes T with the shipped templates of its class as first versions, inside a store_write, and notes it; *ID becomes its id. REFUSED with findings at "code", "name",
 * "organisation" (also when it would be for organisations where the actor may change none), "channel". */
enum status document_type_add(
	struct conn *db, struct arena *a, const struct actor *who, const struct document_type *t, int64_t *id, struct problem *why);

/* Changes name, main language, for whom, and whether active; class and code stay. Inside a store_write, and noted. REFUSED with findings: as above, at "" when it is not
 * the actor's to change as it stands, at "main_language" when there is no template in it, and at "active" when an active internet point of sale would be left without a type of the class (domain.md 5, Limitation). */
enum status document_type_change(struct conn *db, struct arena *a, const struct actor *who, const struct document_type *t, struct problem *why);

/* Whether each internet point of sale that is active or suspended has an active type of each class; else a finding at FIELD for each it lacks, and
 * REFUSED. For whoever changes point of sale or type, after the change and inside its transaction. CLASS DOCUMENT_CLASSES: all. */
enum status document_types_suffice(
	struct conn *db, struct arena *a, int64_t institution, enum document_class class, const char *field, struct problem *why);
