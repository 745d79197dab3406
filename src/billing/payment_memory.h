/* billing/payment_memory.h: what the reconciler has seen of a house's payments, in the database (formats/reconcile.h). */
#pragma once
#include "formats/reconcile.h"
#include "store/store.h"

/* One write's view of it. A statement that fails is remembered in ST: whoever ends the write looks there, and throws away all that came of it. */
struct payment_memory {
	struct conn *db;
	struct arena *arena; /* lives as long as the write */
	int64_t institution;
	enum status st;
};

/* Sets the look-ups of what was seen (all but bill, account and book). Records and reports are changed inside a store_write that began with payment_book_open;
 * `find` may also read outside of one. */
void payment_memory_lookups(struct payment_memory *m, struct reconcile_lookups *out);

/* Begins a write that decides about a house's money: no other decides meanwhile. Before any order's row. */
enum status payment_book_open(struct conn *db, int64_t institution);
