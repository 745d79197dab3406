/* accounts/guest.h: the contact of somebody who buys without an account. It is always a new one: what a stranger types never changes a contact that is there. */
#pragma once
#include "accounts/account.h"

/* Makes the contact inside a store_write. The running number's row stays locked until the commit, so this comes last in it. */
enum status guest_contact_make(
	struct conn *db, struct arena *a, int64_t institution, const struct profile *p, const struct email *email, int64_t *contact);
