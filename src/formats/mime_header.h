/* formats/mime_header.h: the header lines of a mail. Whatever a name or a subject holds, it stays inside its own line;
 * GMime's own encoder is not used here, because it lets a name through that looks like an encoded word. */
#pragma once
#include "base/str.h"

/* One address as SMTP and headers write it. */
struct mime_address {
	struct str text;  /* the local part as it was, the domain in ASCII (IDNA 2008, UTS 46) */
	bool is_smtputf8; /* the local part is not ASCII: only servers that offer SMTPUTF8 (RFC 6531) take it */
};

#define MIME_ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3, without the angle brackets */

/* Reads TYPED, which must be exactly one addr-spec (RFC 5321 Mailbox without address literals; a quoted local part holds no blank).
 * False for anything else, above all for what would be two addresses or a second header. The result lives in arena A. */
bool mime_address(struct arena *a, struct str typed, struct mime_address *out);

/* Adds "NAME: VALUE": VALUE is free text; encoded where it must be (RFC 2047), control and bidirectional formatting characters taken out. */
void mime_header_text(struct buf *b, const char *name, struct str value);

/* Adds "NAME: "PERSON" <ADDRESS>", or the address alone when PERSON is empty. */
void mime_header_person(struct buf *b, const char *name, struct str person, struct mime_address address);

/* Adds "NAME: UTC" as RFC 5322 writes a date. */
void mime_header_date(struct buf *b, const char *name, int64_t utc);
