/* guard/password.h: whether a new password may be taken: long enough, and nothing that somebody who knows the person and the house would try first. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define PASSWORD_POINTS_MIN 12	/* characters: code points of its NFC */
#define PASSWORD_BYTES_MAX	256 /* of its NFC: more than anybody types, little enough to hash and estimate */
#define PASSWORD_BITS_MIN	30	/* as libzxcvbn estimates it: a thousand million guesses */

/* OK, or REFUSED with one finding at FIELD that says in words what is wrong and what to do. Every character is allowed but NUL, and none is forced.
 * WORDS ends with an empty str: the person's names and addresses, the names of house and shop, as they stand in the database (NULL: none). Each counts also without
 * accents, without blanks, and in its parts. A is for working in and keeps copies of the password, as a request's arena has one
 * anyway: who ends it wipes it (arena_wipe). */
enum status password_check(struct arena *a, struct str password, const struct str *words, const char *field, struct problem *why);
