/* dealing/ending.h: ending an order or a ticket with all that belongs to it: places, tickets, bills, the buyer's mail. */
#pragma once
#include "sales/order.h"

/* Who ends which order, and why. */
struct ending {
	int64_t institution, order;
	struct str reason; /* 'cancelled', 'expired' */
	struct str by_name;
};

/* Ends an order, inside a store_write: tickets void, places free, its open bills credited, the buyer told by a mail of class Cancellation confirmation. NOT_FOUND: it has ended
 * already. A paid bill stays as it is: what came in on it is kept and shown. */
enum status order_end(struct conn *db, struct arena *a, const struct ending *e);

/* Ends one ticket of an order, inside a store_write: open bills are credited whole, and what is left is billed anew with the day of the last one; where nothing is
 * left to pay the order is settled. NOT_FOUND: that ticket is not living. */
enum status ticket_end(struct conn *db, struct arena *a, const struct ending *e, int64_t ticket, struct problem *why);

/* What a mail about an ended order needs when it is sent. */
struct letter_about;
enum status order_about(struct conn *db, struct arena *a, int64_t institution, int64_t order, struct letter_about *out);

/* Ends the next reservation whose bill was not paid in time and that nothing was paid on, in a store_write of its own. NOT_FOUND: there is none. */
enum status reservation_expire_next(struct conn *db, struct arena *a);
