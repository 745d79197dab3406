/* accounts/account_email.h: correcting the address of an account that nobody has used yet. */
#pragma once
#include "accounts/contact.h"

/* Whether saving EMAIL as the main address of CONTACT would change the one its living account signs in with; *STATE is that account's. */
enum status account_email_differs(struct conn *db, struct arena *a, int64_t contact, struct str email, bool *differs, enum account_state *state);

/* Moves the invited account of CONTACT to EMAIL, which was checked: its links die and the invitation goes out anew, through the shop of the last one while that is
 * open. Inside a store_write, after contact_take. REFUSED with a finding at "email": the address has an account (whose it is), no shop is open to the actor, or he may not send links. */
enum status account_email_correct(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str email, struct problem *why);
