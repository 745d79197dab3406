/* dealing/settling.c: the order first, then its shipments. */
#include "dealing/settling.h"

#include "dealing/order_mail.h"
#include "shipping/shipment.h"

enum status order_settle_all(struct conn *db, struct arena *a, int64_t order, struct str by_name)
{
	enum status st = order_settle(db, a, order, by_name);
	if (st || (st = shipments_paid(db, order))) return st;
	return order_tell_tickets(db, a, order);
}
