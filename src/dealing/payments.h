/* dealing/payments.h: bank files into the house's books: staged, accepted, then line by line decided by the reconciler over the bills as they are in the write that books
 * it, with what that means for the order. */
#pragma once
#include "billing/payment.h"
#include "institution/actor.h"

struct payment_file {
	int64_t institution;
	struct str name; /* to be shown */
	const struct bank_input *input;
	struct str by_name;
};

/* Imports a file, and first ends an import that was stopped. Not inside a store_write, and not on a polling thread. IMPORT gets its id. REFUSED with findings at "file": it
 * is no bank file, or another import goes on; nothing counts then. Any other failure: if ACCEPTED is set its money counts, and payments_resume goes on. */
struct payment_result {
	int64_t import;
	bool is_accepted;
	bool is_busy; /* refused since another import goes on: the file itself may be right */
};
enum status payments_import(struct conn *db, struct arena *a, const struct payment_file *f, struct payment_result *out, struct problem *why);

/* The first half of it: what was accepted is left to payments_resume, which the background calls. An import of the house that is not done makes it busy. */
enum status payments_accept(struct conn *db, struct arena *a, const struct payment_file *f, struct payment_result *out, struct problem *why);

/* Decides what is left of an import that was accepted, line by line, each in a write of its own, from where it was stopped, until the steady clock says UNTIL
 * (0: to its end). Any number of processes may do so at once. */
enum status payments_resume(struct conn *db, int64_t institution, int64_t until);

/* Puts the money of a line of the work list on the bill with NUMBER ("2026-00017"), with a REASON; nobody's money is moved by its amount. REFUSED with findings at "bill" or
 * "reason"; NOT_FOUND: the line is not on the list (any more). Inside a store_write. */
enum status payment_assign(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct str number, struct str reason, struct problem *why);

/* Takes a line off the work list for a REASON (paid back, not ours); its money stays on no bill. As payment_assign. */
enum status payment_close(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct str reason, struct problem *why);
