/* institution/operator_session.h: signing in to the office, and the browsers that are signed in. A token of 256 random bits is in the cookie; the database has
 * its hash only. */
#pragma once
#include "guard/hasher.h"
#include "institution/operator.h"

#define OPERATOR_IDLE \
	HOUR /* unused for so long: signed out (NIST SP 800-63B-4, AAL2), or earlier where the house says so (idle_minutes); polls are no use */
#define OPERATOR_LONGEST	   (12 * HOUR) /* over even when used: a working day */
#define OPERATOR_NOTE		   MINUTE	   /* last use is written no more often than this */
#define OPERATOR_SESSIONS_MOST 20		   /* of an operator: a page shows all of them */

/* From where somebody asks: network, browser, and the session that browser has now (its token hash; empty: none). */
struct operator_asker {
	struct str network, agent, session;
};

enum operator_session_state {
	OPERATOR_SESSION_LIVE,
	OPERATOR_SESSION_HALF, /* the password was right, the second factor is to come */
	OPERATOR_SESSION_IDLE, /* unused for too long: knows whose form it was, opens nothing */
};

struct operator_session {
	struct str token_hash, id; /* 32 and 16 bytes */
	int64_t operator_id, made_at, seen_at;
	enum operator_session_state state;
	struct str network, agent;
};

enum operator_signin { OPERATOR_SIGNIN_DONE, OPERATOR_SIGNIN_WRONG, OPERATOR_SIGNIN_LIMITED, OPERATOR_SIGNIN_TRY_AGAIN };

/* Checks the password of the institution's operator of EMAIL (as typed) and begins a session: HALF when a second factor is to be asked. One answer and the same work
 * for no such operator, invited, blocked, wrong password. LIMITED: too many tries; *WAIT gets the seconds until the next. */
enum operator_signin operator_signin(struct conn *db, struct arena *a, struct hasher *hasher, int64_t institution, struct str email,
	struct str password, const struct operator_asker *from, struct str *token, bool *needs_factor, int *wait);

/* Forgets the wrong tries at the operator's sign-in: those from NETWORK, and the address's own count from anywhere. For who has shown by other means that it is
 * his. Inside a store_write, after the operator's row. */
enum status operator_signin_forgive(struct conn *db, struct arena *a, const struct operator* who, struct str network);

/* The session of TOKEN with its operator, if it is not over and the operator is active; NOT_FOUND else. */
enum status operator_session_find(struct conn *db, struct arena *a, struct str token, struct operator_session *out, struct operator* who);

/* Begins one inside a store_write, and ends the one that this browser had and those longest unused beyond OPERATOR_SESSIONS_MOST: whole ones and
 * half ones apart, so that who knows a password alone pushes nobody out. */
enum status operator_session_begin(struct conn *db, struct arena *a, int64_t id, const struct operator_asker *from, bool is_whole, struct str *token);

/* Writes that it was used now; from the background. */
enum status operator_session_note(struct conn *db, struct str token_hash);

/* Ends one (by token hash), one of this operator (by its public id; NOT_FOUND when there is none), all, or all but one. Inside a store_write. */
enum status operator_session_end(struct conn *db, struct str token_hash);
enum status operator_session_end_by_id(struct conn *db, int64_t id, struct str session);
enum status operator_session_end_all(struct conn *db, int64_t id);
enum status operator_session_end_others(struct conn *db, int64_t id, struct str keep);

/* The operator's living sessions, the latest used first; at most OPERATOR_SESSIONS_MOST. */
enum status operator_session_list(struct conn *db, struct arena *a, int64_t id, struct operator_session **out, size_t *count);

/* Deletes sessions that are over; from the background. */
enum status operator_session_sweep(struct conn *db);
