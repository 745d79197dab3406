/* dealing/order_mail.h: mails to a buyer about his order, with the order's link. */
#pragma once
#include "documents/class.h"
#include "sales/order.h"

/* Queues one of CLASS (Cancellation confirmation, Order confirmation), inside a store_write; nothing for a buyer without an address. */
enum status order_tell(struct conn *db, struct arena *a, const struct order *o, enum document_class class);

/* An order that is sold: when its buyer gets the tickets himself he is told that they are there. */
enum status order_tell_tickets(struct conn *db, struct arena *a, int64_t order);
