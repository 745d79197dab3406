/* accounts/notice.h: the mails about an account: who gets them and what is merged into them. */
#pragma once
#include "base/clock.h"
#include "accounts/account.h"
#include "documents/outbox.h"

/* Queues a mail of CLASS about WHO, to the stored address in the account's language, inside a store_write. ASKED_AT: UTC, shown as request.time.
 * LINK_ID (16 bytes) and PURPOSE for a mail with a link, else empty and 0. */
enum status notice_add(struct conn *db, struct arena *a, enum document_class class, const struct account *who, int64_t shop, int64_t asked_at,
	struct str link_id, int purpose);

#define NOTICE_PAUSE  MINUTE /* several causes within a minute send one mail */
#define NOTICE_HOURLY 3		 /* mails an hour, account and cause that a stranger can bring about */

/* What a stranger can do to make us write to somebody. Counted apart, or who registers another's address three times keeps the owner from recovering. */
enum notice_cause { CAUSE_RECOVERY, CAUSE_REGISTRATION };

/* Whether the account may get another mail of this CAUSE, and notes that it does. Takes the account's row, so that two processes decide one after the other, and
 * reads WHO again, who may have changed until then. REFUSED when NOTICE_PAUSE or NOTICE_HOURLY says no; NOT_FOUND when the account is gone or closed. Inside a store_write. */
enum status notice_allow(struct conn *db, struct arena *a, enum notice_cause cause, struct account *who, struct str network);
