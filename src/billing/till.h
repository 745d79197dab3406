/* billing/till.h: money taken at counters: who took what for which order, and what a till holds at the end of the day. */
#pragma once
#include "institution/actor.h"
#include "store/recount.h"

enum till_mode { TILL_CASH, TILL_CARD, TILL_MODES };

struct till_taking {
	int64_t institution, point_of_sale, order;
	enum till_mode mode;
	int64_t amount, given; /* given in cash before the change; not less than AMOUNT */
	int64_t operator_id;
	struct str by_name;
};

/* Notes it, inside the store_write that makes the order. Once an order: CONFLICT or REFUSED is a mistake of who calls. */
enum status till_take(struct conn *db, const struct till_taking *t);

/* What was taken for an order; NOT_FOUND: nothing, at no counter. */
enum status till_of_order(struct conn *db, struct arena *a, int64_t order, struct till_taking *out);

/* What one operator took at one counter in one way. */
struct till_sum {
	int64_t point_of_sale, organisation, operator_id, orders, amount;
	enum till_mode mode;
	struct str counter, by_name, currency;
};

#define TILL_SUMS_MOST 500 /* of a day: fifty counters with five people each, two ways to pay */

/* Of the counters where WHO may sell, from UTC time FROM up to UNTIL; by counter, operator, mode. */
enum status till_sums(struct conn *db, struct arena *a, const struct actor *who, int64_t from, int64_t until, struct till_sum **out, size_t *count);

extern const struct recount till_recounts[];
extern const size_t till_recount_count;
