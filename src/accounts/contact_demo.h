/* accounts/contact_demo.h: a crowd of made-up contacts, for demonstrations and measurements: `parterre demo --contacts N`. */
#pragma once
#include "store/store.h"

#define DEMO_CROWD_STEP 5000 /* contacts a transaction: some hundred milliseconds, in which nobody else wants to write yet */

/* Makes contacts of INSTITUTION until it has COUNT, each the same at every run; two of five have an internet account, whose password is PASSWORD_HASH's. TOLD is
 * called with how many there are after each step; may be NULL. */
enum status contact_demo_crowd(struct conn *db, int64_t institution, int64_t count, struct str password_hash, void (*told)(int64_t there));
