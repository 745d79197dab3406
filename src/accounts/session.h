/* accounts/session.h: signed-in browsers. A token of 256 random bits is in the cookie; the database has its hash only. */
#pragma once
#include "base/clock.h"
#include "accounts/account.h"

#define SESSION_IDLE	(7 * DAY)	 /* unused for so long: over */
#define SESSION_LONGEST (30 * DAY)	 /* over even when used every day */
#define SESSION_NOTE	(5 * MINUTE) /* last use is written no more often than this */
#define SESSIONS_MOST	50			 /* of an account: what its owner cannot see all of he cannot end */

struct session {
	struct str token_hash, id; /* 32 and 16 bytes */
	int64_t account, point_of_sale, made_at, seen_at;
	struct str network, agent;
};

struct str session_hash(struct arena *a, struct str token);

/* Begins a session inside a store_write, and ends the one that this browser had and those longest unused beyond SESSIONS_MOST; TOKEN gets what goes into the cookie (base64url, in arena A). */
enum status session_begin(struct conn *db, struct arena *a, int64_t account, const struct asker *from, struct str *token);

/* The session of TOKEN at this point of sale with its account, if it lives and the account is active; NOT_FOUND else. */
enum status session_find(struct conn *db, struct arena *a, struct str token, int64_t shop, struct session *out, struct account *who);

/* Writes that the session was used now; from the background. */
enum status session_note(struct conn *db, struct str token_hash);

/* Ends one (by token hash), one of this account (by its public id), all, or all but one. The last three inside a store_write. */
enum status session_end(struct conn *db, struct str token_hash);
enum status session_end_by_id(struct conn *db, int64_t account, struct str id);
enum status session_end_all(struct conn *db, int64_t account);
enum status session_end_others(struct conn *db, int64_t account, struct str keep);

/* The account's living sessions, the latest used first; at most SESSIONS_MOST. */
enum status session_list(struct conn *db, struct arena *a, int64_t account, struct session **out, size_t *count);

/* Deletes sessions that are over; from the background. */
enum status session_sweep(struct conn *db);
