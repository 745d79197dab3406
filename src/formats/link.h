/* formats/link.h: the signed link that a mail carries (design.md 6). Pure: no file, no database, no clock.
 * base64url of version (1) · key id (4) · purpose (1) · link id (16) · Ed25519 signature (64): 86 bytes, 115 characters, one spelling.
 * 86 bytes leave two spare bits in the last character, so it is one of 16 letters and digits and never - or _, which mail programs cut off.
 * The signature keeps strangers, and whoever can merely write to the database, away; the row of the link id decides everything else. */
#pragma once
#include "base/str.h"

#define LINK_ID_SIZE   16
#define LINK_TEXT_SIZE 115
#define LINK_SEED_SIZE 32

/* What a link is good for; the numbers stand in links that people hold: never change one. */
enum link_purpose {
	LINK_RESET = 1,
	LINK_INVITATION = 2,
	LINK_OPERATOR = 3,
	LINK_CONFIRM_EMAIL = 4,
	LINK_ORDER = 5,
	LINK_FOLLOW = 6,
	LINK_CHANGE_EMAIL = 7, /* confirms the new address of an account */
	LINK_KEEP_EMAIL = 8	   /* keeps the old one */
};

/* A set of purposes, for what a page accepts: LINK_FOR(LINK_RESET) | LINK_FOR(LINK_INVITATION). */
#define LINK_FOR(purpose) (1u << (purpose))

struct link_key {
	uint8_t id[4]; /* the first bytes of a hash of the public key */
	uint8_t public_key[32];
	uint8_t secret_key[64];
};

/* The keys an installation holds, oldest first; the newest signs, all verify. */
struct link_keys {
	const struct link_key *key;
	size_t count;
};

struct link {
	enum link_purpose purpose;
	uint8_t id[LINK_ID_SIZE];
};

enum link_reading { LINK_FORGED = 0, LINK_GENUINE };

/* The key pair that SEED, 32 random bytes, stands for. The caller clears both with sodium_memzero when done. */
struct link_key link_key_of(const uint8_t seed[LINK_SEED_SIZE]);

/* The link's text, LINK_TEXT_SIZE characters in arena A, signed with the newest of KEYS, of which there must be one. ID is random (random_fill). */
struct str link_make(struct arena *a, struct link_keys keys, enum link_purpose purpose, const uint8_t id[LINK_ID_SIZE]);

/* Reads TEXT, which is exactly the link and nothing around it (the page trims). LINK_GENUINE when one of KEYS signed it for one of PURPOSES
 * (a set of LINK_FOR); then OUT is filled. Else LINK_FORGED, and OUT is all zero: no reason is told apart. */
enum link_reading link_read(struct link_keys keys, struct str text, unsigned purposes, struct link *out);
