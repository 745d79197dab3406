/* formats/tracking.h: tracking numbers of letters and parcels, and the link to the carrier's page (shipping-rules.md, sections 1 and 6). */
#pragma once
#include "base/str.h"

/* What a distributing partner's numbers look like. */
enum tracking_form {
	TRACKING_ANY,		 /* letters and digits, as the partner gives them */
	TRACKING_SWISS_POST, /* 18 digits from 98 or 99; no check digit of their own */
	TRACKING_S10,		 /* UPU S10: two letters, eight digits, check digit, country */
	TRACKING_UPS,		 /* 1Z, fifteen characters, check digit */
	TRACKING_DPD,		 /* 14 or 27 characters and one by ISO 7064, mod 37,36 */
	TRACKING_OWN,		 /* a pattern: # a digit, @ a letter, * either, anything else stands for itself */
	TRACKING_FORMS
};

enum tracking_fault {
	TRACKING_OK,
	TRACKING_EMPTY,
	TRACKING_TOO_LONG,
	TRACKING_WRONG_FORM,
	TRACKING_WRONG_CHECK /* EXPECTED is the character that would be right */
};

#define TRACKING_MAX 40 /* characters of a number; the longest in use has 34 */

struct tracking {
	struct str plain; /* capitals and digits alone (for TRACKING_ANY and TRACKING_OWN also the hyphen and the slash): what is compared and unique */
	struct str shown; /* with the dots of Swiss Post, else PLAIN */
	enum tracking_fault fault;
	char expected;
};

/* Reads a number as typed, scanned or sent: blanks, no-break spaces and dots inside are passed over. PATTERN is for TRACKING_OWN.
 * PLAIN is filled also for a wrong form or check digit, which the caller may let pass: no carrier's number is refused here for good. */
struct tracking tracking_read(struct arena *a, struct str given, enum tracking_form form, struct str pattern);

/* What a tracking link's template may hold in braces. */
struct tracking_values {
	struct str shown, plain, language, country, postcode, posted_date; /* {tracking_number}, {tracking_number_plain}, … */
};

enum tracking_link_fault {
	LINK_FORM_OK,
	LINK_FORM_TOO_LONG,			   /* or what it makes, with the longest values */
	LINK_FORM_NOT_HTTPS,		   /* neither https:// nor http:// */
	LINK_FORM_HOST,				   /* none, or not a host's name: with user info, a placeholder, a bad port */
	LINK_FORM_CHARACTER,		   /* a blank, a control character, a backslash or a quote */
	LINK_FORM_UNKNOWN_PLACEHOLDER, /* the finding's LEN bytes are it */
	LINK_FORM_BRACE,			   /* one that is opened or closed alone */
	LINK_FORM_NO_NUMBER,
	LINK_FORM_TWO_NUMBERS
};

struct tracking_link_finding {
	enum tracking_link_fault fault;
	size_t at, len; /* where in the template, in bytes */
	bool is_http;	/* works, but is not encrypted: a warning */
};

#define TRACKING_LINK_MAX 2000 /* characters of a finished link: what every browser and mail program takes */

/* Judges a template before it is saved. */
struct tracking_link_finding tracking_link_check(struct str form);

/* The link: each value percent-encoded, so that it stays what it is in a path, a query or a fragment. The form has passed tracking_link_check. */
struct str tracking_link(struct arena *a, struct str form, const struct tracking_values *v);

/* Whether a link that a file brought may be shown: https, this host and no other, nothing that hides where it leads. */
bool tracking_link_allowed(struct str link, struct str host);
