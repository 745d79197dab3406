/* institution/factor.h: an operator's second factor: a code of six digits that changes every 30 seconds (TOTP, RFC 6238), and ten recovery codes.
 * The secret is sealed with a key of --secret-dir, recovery codes are keyed hashes: the database alone opens nothing. */
#pragma once
#include "institution/operator_session.h"

#define FACTOR_KEY_SIZE		  32
#define FACTOR_SECRET_SIZE	  20 /* RFC 4226: as long as SHA-1's hash */
#define FACTOR_STEP			  30 /* seconds */
#define FACTOR_DIGITS		  6
#define FACTOR_RECOVERY_CODES 10

/* Makes a new secret for the operator, not in force until factor_confirm, inside a store_write. REFUSED when one is in force. */
enum status factor_begin(struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], int64_t id);

/* The secret being set up, as base32 in groups of four to type, and as the otpauth:// address that authenticator apps read (ISSUER: the house). NOT_FOUND: none is
 * being set up. The caller wipes the arena. */
struct factor_setup {
	struct str typed, address;
};
enum status factor_setup(
	struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], const struct operator* who, struct str issuer, struct factor_setup *out);

/* Puts it in force when CODE (blanks allowed) is right, gives CODES, FACTOR_RECOVERY_CODES new recovery codes that are shown this once, and ends all sessions but KEEP.
 * REFUSED: wrong code; NOT_FOUND: none is being set up. In a store_write of its own; the trail notes it. */
enum status factor_confirm(struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], const struct operator* who, struct str code,
	const struct operator_asker *from, struct str codes[FACTOR_RECOVERY_CODES]);

/* The second half of signing in: CODE of the app, or a recovery code, each of which opens once. OK: the half session is over and TOKEN is a new, whole one. REFUSED:
 * wrong, or used before. *WAIT > 0 with REFUSED: too many tries. */
enum status factor_pass(struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], const struct operator* who, struct str code,
	const struct operator_asker *from, struct str *token, int *wait);

/* Takes it off (lost phone), ends every session, inside a store_write; in the trail. NOT_FOUND: no such operator of the house, or he has none. */
enum status factor_reset(struct conn *db, struct arena *a, const struct actor *by, int64_t id);

/* How many recovery codes are left. */
enum status factor_codes_left(struct conn *db, int64_t id, int64_t *out);

/* ---- for tests ---- */

/* The code of SECRET at UTC second T. */
struct str factor_code_at(struct arena *a, struct str secret, int64_t t);
