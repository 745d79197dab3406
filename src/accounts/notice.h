/* accounts/notice.h: the mails about an account: who gets them and what is merged into them. */
#pragma once
#include "base/clock.h"
#include "accounts/account.h"
#include "documents/outbox.h"
#include "formats/link.h"

/* A mail with a link: for whom, why, where it opens, and how it was asked for. */
struct link_wish {
	enum link_purpose purpose;
	int64_t shop;
	struct str next;		 /* where the visitor was heading */
	int64_t asked_at;		 /* UTC, shown as request.time */
	struct str by_operator;	 /* the name of who sends it from the office; empty: the buyer asked */
	int64_t document_type;	 /* the operator's choice; 0: the one that fits the shop best */
	bool is_bulk;			 /* one of many: leaves after what somebody waits for */
	struct str change_email; /* CLASS_EMAIL_NOTICE: the new address, masked */
};

/* Queues the mail of CLASS with link LINK_ID (16 bytes), inside a store_write. */
enum status notice_add_link(
	struct conn *db, struct arena *a, enum document_class class, const struct account *who, const struct link_wish *wish, struct str link_id);

/* Queues a mail of CLASS about WHO, without a link, to the stored address in the account's language, inside a store_write. ASKED_AT: UTC, shown as request.time. */
enum status notice_add(struct conn *db, struct arena *a, enum document_class class, const struct account *who, int64_t shop, int64_t asked_at);

#define NOTICE_PAUSE  MINUTE /* several causes within a minute send one mail */
#define NOTICE_HOURLY 3		 /* mails an hour, account and cause that a stranger can bring about */

/* What a stranger can do to make us write to somebody. Counted apart, or who registers another's address three times keeps the owner from recovering. */
enum notice_cause { CAUSE_RECOVERY, CAUSE_REGISTRATION, CAUSE_EMAIL_CHANGE };

/* Whether the account may get another mail of this CAUSE, and notes that it does. Takes the account's row, so that two processes decide one after the other, and
 * reads WHO again, who may have changed until then. REFUSED when NOTICE_PAUSE or NOTICE_HOURLY says no; NOT_FOUND when the account is gone or closed. Inside a store_write. */
enum status notice_allow(struct conn *db, struct arena *a, enum notice_cause cause, struct account *who, struct str network);
