/* accounts/registration.h: making one's own account: register, a mail with a link, confirm (domain.md 4). Whether an address is known is never told. */
#pragma once
#include "base/clock.h"
#include "accounts/recovery.h"

#define UNCONFIRMED_LIFE (7 * DAY)

struct registration {
	struct str first_name, last_name, email, password, password_again;
	enum language language;
	struct str next;
};

/* Notes a registration: checks the fields, hashes, one row; the same whether or not the address is known. BROWSER gets a secret for this browser's cookie.
 * REFUSED with findings; UNAVAILABLE when the hashing pool is full. */
enum status registration_ask(struct conn *db, struct arena *a, struct hasher *hasher, struct str institution_name, const struct registration *r,
	const struct asker *from, struct str *browser, struct problem *why);

/* Takes the first registration that is due and decides, or puts it off as recovery_decide does: a new unconfirmed account and its link; an unconfirmed one is replaced; a living one gets "you have an account already".
 * NOT_FOUND when none is due. From the background. */
enum status registration_decide(struct conn *db, struct arena *a);

/* Looks at a confirmation link; *NEEDS_PASSWORD: this is not the browser that registered. */
enum recovery_outcome registration_look(
	struct conn *db, struct arena *a, struct link_keys keys, struct str token, struct str browser, struct recovery_view *view, bool *needs_password);

/* Confirms: the account becomes active, its links end, a session begins. REFUSED with a finding at "password" when one is needed and wrong. */
enum recovery_outcome registration_confirm(struct conn *db, struct arena *a, struct link_keys keys, struct hasher *hasher, struct str token,
	struct str browser, struct str password, const struct asker *from, struct recovery_view *view, struct str *session, struct problem *why);

/* Deletes unconfirmed accounts after UNCONFIRMED_LIFE; from the background. */
enum status registration_sweep(struct conn *db);
