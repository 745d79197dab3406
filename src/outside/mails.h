/* outside/mails.h: what the mailbox's templates show, and which of the demonstration's places a page is of. */
#pragma once
#include "base/str.h"
#include "formats/mime_read.h"

struct mail_row {
	struct str name, from, to, subject;
	int64_t date;
};

enum mail_view { VIEW_HTML, VIEW_TEXT, VIEW_HEADERS, VIEW_SOURCE };

enum outside_place { PLACE_MAILBOX, PLACE_OUTSIDE };
