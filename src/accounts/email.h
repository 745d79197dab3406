/* accounts/email.h: addresses as people type them, and the key that makes them one. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

#define EMAIL_MAX 254 /* octets; RFC 5321, 4.5.3.1.3 less the angle brackets */

struct email {
	struct str shown; /* as typed, without blanks at its ends */
	struct str key;	  /* NFC, case folded, the domain by IDNA (UTS 46): unique among an institution's living accounts */
};

/* Reads one address: local part (also quoted, with tags), @, a domain with a dot or "localhost". REFUSED with a finding at FIELD for anything else: two addresses,
 * control characters, more than EMAIL_MAX octets. */
enum status email_read(struct arena *a, struct str typed, const char *field, struct email *out, struct problem *why);

/* "j…@example.org": enough for the owner to know it, too little for others. */
struct str email_masked(struct arena *a, struct str shown);
