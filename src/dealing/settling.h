/* dealing/settling.h: an order that is paid in full, with all that waits for it. */
#pragma once
#include "sales/order.h"

/* Settles an order, inside a store_write: its tickets are sold, its shipments no longer wait for payment. NOT_FOUND: it is not one that could be. Whoever books the
 * payment that completes an order calls this and not order_settle; the audit sees who did not. */
enum status order_settle_all(struct conn *db, struct arena *a, int64_t order, struct str by_name);
