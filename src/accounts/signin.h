/* accounts/signin.h: signing in with a password: the same cost whoever it is (recovery-cases 1, 71), and limits against guessing. */
#pragma once
#include "accounts/session.h"

enum signin_outcome { SIGNIN_DONE, SIGNIN_WRONG, SIGNIN_LIMITED, SIGNIN_TRY_AGAIN };

/* Checks the password of the account of EMAIL (as typed) at SHOP and begins a session, ending the one of OLD_TOKEN_HASH. One answer for no account, no password yet, not
 * active, wrong password. An old hash is upgraded. LIMITED: too many tries; *WAIT gets the seconds until the next. */
enum signin_outcome signin(struct conn *db, struct arena *a, struct hasher *hasher, int64_t institution, int64_t shop, struct str email,
	struct str password, struct str network, struct str agent, struct str old_token_hash, struct str *token, int64_t *account, int *wait);
