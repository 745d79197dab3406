/* dealing/tickets.h: the tickets that a buyer may have as a PDF or on a screen. */
#pragma once
#include "sales/ticket_words.h"

/* The tickets of ORDER that its buyer gets himself, none (*COUNT is 0) as long as the order or its shipment mode does not allow it: they are sold, and the mode is one that leaves them to him
 * (print at home, electronic, e-mail, mobile). What goes by post or over the counter is printed once, by the house. */
enum status buyer_tickets(struct conn *db, struct arena *a, const struct point_of_sale *sale, const struct order *o, enum language l,
	struct ticket_sheet **out, size_t *count);

/* Whether there may be any, by the order's state and mode alone: for lists. Fails only as a read does. */
enum status buyer_has_tickets(struct conn *db, struct arena *a, const struct order *o, bool *out);
