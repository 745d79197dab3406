/* accounts/signin.h: signing in with a password: the same cost whoever it is (recovery-cases 1, 71), and limits against guessing. */
#pragma once
#include "accounts/session.h"

enum signin_outcome { SIGNIN_DONE, SIGNIN_WRONG, SIGNIN_LIMITED, SIGNIN_TRY_AGAIN };

/* Checks the password of the institution's account of EMAIL (as typed) and begins a session at the asker's door. One answer for no account, no password yet, not
 * active, wrong password. An old hash is upgraded. LIMITED: too many tries; *WAIT gets the seconds until the next. */
enum signin_outcome signin(struct conn *db, struct arena *a, struct hasher *hasher, int64_t institution, struct str email, struct str password,
	const struct asker *from, struct str *token, int *wait);

/* Forgets the wrong tries at the account of KEY: those from NETWORK, and the address's own count from anywhere; not what NETWORK tried at others. For whoever has
 * shown by other means that the account is theirs (recovery-cases 84). Inside a store_write, after the account's row. */
enum status signin_forgive(struct conn *db, struct arena *a, int64_t institution, struct str key, struct str network);
