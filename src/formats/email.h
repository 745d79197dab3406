/* formats/email.h: addresses as people type them, and the key that makes them one. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define EMAIL_MAX 254 /* octets; RFC 5321, 4.5.3.1.3 less the angle brackets */

struct email {
	struct str shown; /* as typed, without blanks at its ends */
	struct str key;	  /* NFC, case folded, the domain by IDNA (UTS 46): unique among an institution's living accounts */
};

/* Reads an address that is to be stored: one that mail can go to (mime_address). REFUSED with a finding at FIELD for anything else: two addresses, control
 * characters, more than EMAIL_MAX octets. */
enum status email_read(struct arena *a, struct str typed, const char *field, struct email *out, struct problem *why);

/* The key alone, for finding a stored address: laxer than email_read, so that one stored under an older rule is found still. False when it cannot be one. */
bool email_key(struct arena *a, struct str typed, struct str *key);

/* "j…@example.org": enough for the owner to know it, too little for others. */
struct str email_masked(struct arena *a, struct str shown);
