/* institution/audit.h: who did what to which record, when, from where, and how it was before and after. Rows are only ever added. */
#pragma once
#include "institution/actor.h"
#include "store/store.h"

/* A field of the record. A list of them ends with a NULL name. */
struct audit_value {
	const char *name;
	struct str value;
};

struct audit_record {
	const char *verb; /* one word of the trail: "contact-changed" */
	const char *kind; /* of the record: "contact" */
	int64_t record;
	const struct audit_value *before, *after; /* only what the verb touched; may be NULL */
};

/* Adds a row to the trail, inside the store_write that does the deed: both happen or neither. Values are written as they are, so secrets are never given:
 * a name that speaks of one (audit_is_secret) is a BUG. */
enum status audit_note(struct conn *db, struct arena *a, const struct actor *who, const struct audit_record *what);

/* Whether a field of this name would be a secret: password, hash, token, link, secret, code, key. */
bool audit_is_secret(struct str name);

/* A row of the trail, in the arena of the function that read it. */
struct audit_entry {
	int64_t id, at, operator_id, record;
	struct str operator_name, verb, kind, network;
	struct str before, after; /* JSON objects of text by field; empty: none */
};

/* How an entry's codes and values read to people: all of them in one text, in arena A. */
struct audit_speech {
	struct str (*say)(void *of, struct arena *a, const struct audit_entry *e);
	void *of;
};

/* What one looks for: zero and empty are "any". WORDS: each has to stand somewhere in name, number, network, or what is said of verb, kind and values; case and accents
 * do not count. SPEECH is given with them. */
struct audit_search {
	int64_t operator_id, record;
	struct str kind, words;
	struct audit_speech speech;
	int64_t from, until; /* UTC: at or after, before */
};

#define AUDIT_WALK_MAX 20000 /* entries looked at for one page of a search by words: a tenth of a second */

/* The newest first, those before id BEFORE (0: from the newest), at most MOST. *MORE gets the id to go on before, 0 after the last: also when the walk ended because it
 * grew too long, with fewer rows or none. */
enum status audit_list(struct conn *db, struct arena *a, int64_t institution, const struct audit_search *s, int64_t before, size_t most,
	struct audit_entry **out, size_t *count, int64_t *more);
