/* accounts/account_acts.h: what the office does to an internet account (domain.md 4): each is one conditional statement, its links and sessions, and a row of the trail. */
#pragma once
#include "accounts/contact.h"

enum account_act { ACT_SIGN_OUT, ACT_BLOCK, ACT_UNBLOCK, ACT_CLOSE };

/* Does ACT to the living account of CONTACT, inside a store_write. Blocking and closing end its sessions and links; unblocking gives back what it was, invited or
 * active; closing is for good, and the e-mail is free again. NOT_FOUND: no such contact or no living account; REFUSED with a finding at "" when the account
 * stands elsewhere by now. */
enum status account_act(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, enum account_act act, struct problem *why);

/* Ends one session of CONTACT's account, by its public id, inside a store_write, and notes it; one that is gone already is none. NOT_FOUND: no such contact, or no account. */
enum status account_session_end(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str session);

/* Sends a mail about CONTACT's account again, inside a store_write, and notes it: one that failed is retried, one that was sent is queued anew with what it said; if it has a
 * link, that must still be live. It counts against the operator's limit. NOT_FOUND when MAIL is about nobody's or another's; REFUSED with a finding at "". */
enum status account_mail_again(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, int64_t mail, struct problem *why);
