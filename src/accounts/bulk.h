/* accounts/bulk.h: links for many contacts in one action, as background work: one contact a transaction, in the bulk lane, told truly while it goes on. */
#pragma once
#include "accounts/counter.h"

#define BULK_MOST 2000 /* contacts of one action: a subscription's worth; all of them are written down in one transaction */

struct bulk_order {
	struct str key; /* of the form it came with: the same form sent twice is one action */
	const int64_t *contacts;
	size_t count;
	struct counter_choice choice;
};

/* Writes the action down, inside a store_write, and notes it; *ID becomes its id, also when the form had been sent before. REFUSED with findings as counter_choose
 * gives them, and at "" for more than BULK_MOST or nobody. Contacts of another institution are left out. */
enum status bulk_ask(struct conn *db, struct arena *a, const struct actor *who, const struct bulk_order *order, int64_t *id, struct problem *why);

/* Sends to the next contact of the oldest action as the operator who asked, or closes the action. Once he is blocked or lacks the right, what is left of it becomes
 * BULK_STOPPED. NOT_FOUND when nothing waits. From the background. */
enum status bulk_next(struct conn *db, struct arena *a);

/* What became of contacts. */
enum bulk_outcome {
	BULK_WAITS,
	BULK_SENT,
	BULK_SENT_BEFORE,
	BULK_NO_ACCOUNT,
	BULK_NO_EMAIL,
	BULK_BLOCKED,
	BULK_CLOSED,
	BULK_MERGED,
	BULK_NO_WAY,  /* point of sale or document type were switched off meanwhile */
	BULK_STOPPED, /* who asked for it was blocked, or may send to many no longer */
	BULK_OUTCOMES
};

struct bulk_view {
	int64_t id, made_at, ended_at, total, done;
	struct str by, document_type, point_of_sale; /* names */
	int64_t counts[BULK_OUTCOMES];
};
enum status bulk_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct bulk_view *out);

/* Contacts that got none, by id; those after AFTER, at most MOST. */
struct bulk_left {
	int64_t contact, number;
	struct str name;
	enum bulk_outcome outcome;
};
enum status bulk_list_left(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, int64_t after, size_t most, struct bulk_left *out, size_t *count);
