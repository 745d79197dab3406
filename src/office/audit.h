/* office/audit.h: what the page of the audit trail shows. */
#pragma once
#include "office/office.h"

/* A value that changed; BEFORE or AFTER is empty where there was none. */
struct audit_change {
	struct str name, before, after;
};

struct audit_row {
	const struct audit_entry *entry;
	struct str verb, kind; /* in words */
	struct url to;		   /* the record's page; empty: it has none */
	bool is_erased;
	struct audit_change *changes;
	size_t change_count;
};

/* The search as it was typed. */
struct audit_form {
	struct str words, from, until;
	struct str kind, record;
	int64_t operator_id;
};

/* A kind of record, to search by. */
struct audit_kind {
	struct str code, name;
	bool is_chosen;
};

/* What a code of the trail means to people: PREFIX is "trail-verb-", "trail-kind-" or "trail-field-". A code without words stays what it is. */
struct str trail_word(struct request *r, const char *prefix, struct str code);
