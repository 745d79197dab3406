/* dealing/order_mail.c: what the mail says comes from the order when it is sent (order_about). */
#include "dealing/order_mail.h"

#include "dealing/tickets.h"
#include "documents/outbox.h"
#include "formats/link.h"

enum status order_tell(struct conn *db, struct arena *a, const struct order *o, enum document_class class)
{
	const struct buyer *b = &o->buyer;
	if (!b->email.shown.len) return OK;
	const struct letter letter = { .class = class,
		.point_of_sale = o->point_of_sale,
		.language = b->language,
		.recipient = b->email.shown,
		.recipient_name = str_format(a, "%.*s %.*s", STR_ARG(b->first_name), STR_ARG(b->last_name)),
		.link_id = o->link_id,
		.link_purpose = o->link_id.len ? LINK_ORDER : 0,
		.account = o->account,
		.about = "order",
		.about_id = o->id };
	return outbox_add(db, a, &letter);
}

enum status order_tell_tickets(struct conn *db, struct arena *a, int64_t order)
{
	struct order o;
	bool has;
	enum status st;
	if ((st = order_held(db, a, order, &o))) return st;
	if ((st = buyer_has_tickets(db, a, &o, &has)) || !has) return st;
	return order_tell(db, a, &o, CLASS_ORDER_CONFIRMATION);
}
