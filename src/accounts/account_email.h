/* accounts/account_email.h: correcting the address of an account that nobody has used yet. */
#pragma once
#include "accounts/contact.h"

/* Whether saving EMAIL as the main address of CONTACT would change the one its living account signs in with; *STATE is that account's. */
enum status account_email_differs(struct conn *db, struct arena *a, int64_t contact, struct str email, bool *differs, enum account_state *state);

/* The counter's limits for a mail that saving an address causes, with the account's row taken: REFUSED with a finding at "email". Inside a store_write. */
enum status account_email_allow(struct conn *db, struct arena *a, const struct actor *who, int64_t account, struct problem *why);

/* Begins the change of the address of CONTACT's account, which somebody uses (email_change.h), as an operator; through the shop of its last link or sign-in while that is open.
 * Inside a store_write, after contact_take. REFUSED with a finding at "email". */
enum status account_email_ask(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str email, struct problem *why);

/* Moves the invited account of CONTACT to EMAIL, which was checked: its links die and the invitation goes out anew, through the shop of the last one while that is
 * open. It is a link sent from the counter, with the counter's right and limits. Inside a store_write, after contact_take. REFUSED with a finding at "email": the address has an
 * account (whose it is), he may not send links or has sent too many, one went out just now, or no shop is open to him. */
enum status account_email_correct(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, struct str email, struct problem *why);
