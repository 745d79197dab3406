/* dealing/tickets.c: the order's state first, then its mode, then the tickets themselves. */
#include "dealing/tickets.h"

#include "shipping/mode.h"

static bool is_left_to_buyer(enum shipment_kind kind)
{
	return kind == SHIP_PRINT_AT_HOME || kind == SHIP_ELECTRONIC || kind == SHIP_EMAIL || kind == SHIP_MOBILE;
}

enum status buyer_has_tickets(struct conn *db, struct arena *a, const struct order *o, bool *out)
{
	struct shipment_mode mode;
	*out = false;
	if (!o->shipment_mode || (o->state != ORDER_SOLD_UNPAID && o->state != ORDER_PARTLY_PAID && o->state != ORDER_SETTLED)) return OK;
	enum status st = shipment_mode_get(db, a, o->institution, o->shipment_mode, LANG_EN, &mode);
	if (st == OK) *out = is_left_to_buyer(mode.kind);
	return st;
}

enum status buyer_tickets(struct conn *db, struct arena *a, const struct point_of_sale *sale, const struct order *o, enum language l,
	struct ticket_sheet **out, size_t *count)
{
	bool has;
	enum status st = buyer_has_tickets(db, a, o, &has);
	*count = 0;
	return st || !has ? st : ticket_sheets(db, a, sale, o, l, out, count);
}
