/* institution/audit_seal.h: the chain over the audit trail. Entries are sealed behind the writers' backs, so that nobody waits for anybody; a seal is a keyed hash of
 * the one before it and of its entry, so who can merely write to the database can neither alter, remove nor reorder what was sealed. What is personal in an entry
 * (name, network, values) enters by a digest with a salt of its own: erased together with the salt (all zero then), it leaves the chain whole.
 * What no chain sees, rows cut off its end together with their seals, shows against the newest seal, which is logged every hour. */
#pragma once
#include "institution/audit.h"

#define AUDIT_KEY_SIZE		 32
#define AUDIT_SEALED_AT_ONCE 100 /* entries a transaction, so that it stays under 5 ms */

/* Seals the oldest unsealed entries, in one store_write. NOT_FOUND: there is none, or another process is at it. From the background. */
enum status audit_seal_next(struct conn *db, struct arena *a, const uint8_t key[AUDIT_KEY_SIZE]);

/* The newest seal; number 0 when there is none. */
struct audit_newest {
	int64_t number;
	struct str seal; /* hexadecimal */
};
enum status audit_seal_newest(struct conn *db, struct arena *a, struct audit_newest *out);

/* What became of the trail. */
struct audit_verdict {
	int64_t sealed, unsealed, erased;
	int64_t broken_seal; /* number of the first seal that does not fit its entry, or that is missing; 0: none */
	int64_t stray;		 /* entries that are neither sealed nor waiting for it: taken out of the queue by hand */
};

/* Takes what is personal (name, network, values) out of the sealed entries about a record, in one store_write of the caller's, and notes that and by whom: digests stay, so the
 * chain holds. *COUNT: how many. Entries that wait for their seal are left: they have no digest yet. */
enum status audit_erase(struct conn *db, struct arena *a, const struct actor *who, struct str kind, int64_t record, int64_t *count);

/* How many sealed entries about a record say anything personal still. */
enum status audit_erasable(struct conn *db, int64_t institution, struct str kind, int64_t record, int64_t *count);

/* Walks the whole chain. */
enum status audit_check(struct conn *db, const uint8_t key[AUDIT_KEY_SIZE], struct audit_verdict *out);
