/* formats/mime_read.h: a message as a mail program shows it. For the demonstration's mailbox; what we send ourselves is written by mime.h. */
#pragma once
#include "base/status.h"
#include "base/str.h"

struct mime_shown {
	struct str from, to, subject; /* decoded, as people read them */
	struct str headers;			  /* all, as they stand, decoded; lines end in LF */
	struct str text, html;		  /* of the first part of each kind; empty when there is none */
	int64_t date;				  /* UTC microseconds; 0: none */
};

/* Reads the message BYTES, in arena A. REFUSED when it is none. Pictures are put into the HTML as data: addresses. */
enum status mime_read(struct arena *a, struct str bytes, struct mime_shown *out);
