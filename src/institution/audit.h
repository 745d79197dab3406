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
