/* accounts/merge.h: two contacts that are one person (domain.md 7): nothing moves. The other leads to the one that stays, whose readers ask for both; of two accounts the
 * other's is blocked with the reason `merged` and silent; for MERGE_UNDO it can be undone. */
#pragma once
#include "accounts/contact.h"

#define MERGE_UNDO	(30 * DAY) /* a month after it the mistake has shown itself, or never does */
#define MERGED_MOST 20		   /* that one page lists */

/* The contacts whose files are read for contact $1: itself, and those merged into it. For SQL of accounts/ alone. */
#define CONTACT_AND_MERGED "(SELECT id FROM contact WHERE id = $1 OR merged_into = $1)"

/* Two contacts as they were when somebody compared them. */
struct merge_pair {
	int64_t stays, stays_version, goes, goes_version;
};

/* Why GOES can't be merged into STAYS: findings at "". *BLOCKS: both have an account, and that of GOES would be blocked. NOT_FOUND: no such two contacts. */
enum status merge_look(struct conn *db, struct arena *a, const struct actor *who, int64_t stays, int64_t goes, bool *blocks, struct problem *why);

/* Merges, inside a store_write, and notes it with both. REFUSED with findings: as merge_look gives them, at "version" when somebody changed one of the two meanwhile. */
enum status merge(struct conn *db, struct arena *a, const struct actor *who, const struct merge_pair *pair, struct problem *why);

/* Undoes it, inside a store_write, and notes it: the account is what it was. NOT_FOUND: GOES is not merged into STAYS; REFUSED with a finding at "": too late. */
enum status merge_undo(struct conn *db, struct arena *a, const struct actor *who, int64_t stays, int64_t goes, struct problem *why);

/* What was merged into a contact, the newest first; at most MERGED_MOST. */
struct merged {
	int64_t id, number, at, account; /* 0: it never had one */
	struct str name;
	bool can_be_undone;
};
enum status merged_list(struct conn *db, struct arena *a, int64_t contact, struct merged **out, size_t *count);
