/* institution/first_run.h: who may set up a new installation: whoever reads what `serve` printed, until there is an administrator. */
#pragma once
#include "store/store.h"

#define SETUP_KEY_SIZE	32 /* of keys_secret(…, "setup", …) */
#define SETUP_CODE_SIZE 14 /* "K7QF-29XM-T4RD": 60 bits */

/* Whether no operator has the profile administrator yet. */
enum status setup_is_open(struct conn *db, bool *out);

/* Whether nobody at all can sign in yet, so that the sign-in leads to the set-up. */
enum status setup_is_fresh(struct conn *db, bool *out);

/* setup_is_open inside a store_write, after waiting for others who set up at the same moment. */
enum status setup_is_open_locked(struct conn *db, bool *out);

/* The database's own id, made at the first call, inside a store_write; 16 octets in arena A. */
enum status database_id_make(struct conn *db, struct arena *a, struct str *id);

/* The code of this database under KEY, the same from every process with the same key folder. Made of A to Z and 2 to 9 without what looks alike. */
enum status setup_code(struct conn *db, struct arena *a, const uint8_t key[SETUP_KEY_SIZE], struct str *code);

/* Whether TYPED is CODE, whatever its case, blanks and hyphens; in constant time. */
bool setup_code_is(struct arena *a, struct str typed, struct str code);
