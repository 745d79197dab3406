/* institution/operator_parked.h: a form that came when its session had gone idle: kept for the same operator to look at and send again after signing in. Never sent by
 * itself; no passwords, no files. */
#pragma once
#include "institution/operator.h"

#define PARKED_BYTES_MAX (64u << 10) /* as much as a form of text fields may have */
#define PARKED_KEPT		 (12 * HOUR) /* a working day */

struct parked_field {
	struct str name, value;
};

struct parked {
	struct str id;	 /* 16 bytes */
	struct str path; /* where the form goes */
	struct parked_field *fields;
	size_t count;
	int64_t parked_at;
};

/* Whether a form with these fields may be kept: small enough, and no field is named like a secret (audit_is_secret). */
bool parked_may_be_kept(struct str path, const struct parked_field *fields, size_t count);

/* Keeps it, the operator's newest only. In a store_write of its own. */
enum status parked_keep(struct conn *db, struct arena *a, int64_t operator_id, struct str path, const struct parked_field *fields, size_t count);

/* What is kept for the operator; NOT_FOUND: nothing. */
enum status parked_get(struct conn *db, struct arena *a, int64_t operator_id, struct parked *out);

/* Forgets it when it still is the one of ID. In a store_write of its own. */
enum status parked_drop(struct conn *db, int64_t operator_id, struct str id);

/* Deletes what is older than PARKED_KEPT; from the background. */
enum status parked_sweep(struct conn *db);
