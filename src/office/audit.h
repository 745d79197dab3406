/* office/audit.h: what the page of the audit trail shows. */
#pragma once
#include "office/office.h"

/* A value that changed; BEFORE or AFTER is empty where there was none. */
struct audit_change {
	struct str name, before, after;
};

struct audit_row {
	const struct audit_entry *entry;
	struct audit_change *changes;
	size_t change_count;
};

/* The search as it was typed. */
struct audit_form {
	struct str words, from, until;
	int64_t operator_id;
};
