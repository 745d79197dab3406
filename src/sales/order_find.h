/* sales/order_find.h: the orders of a house as the office looks for them: by anything that somebody at the counter may hold or say, or the newest first. */
#pragma once
#include "institution/actor.h"
#include "sales/order.h"

enum order_view { ORDERS_ALL, ORDERS_UNPAID, ORDERS_SETTLED, ORDERS_CANCELLED, ORDER_VIEWS };

#define ORDERS_A_PAGE 50

struct order_query {
	enum order_view view;
	/* An order's or a ticket's number or a barcode, which are found in every view; or beginnings of words of a contact as in accounts/contact_search.h; empty: all. */
	struct str typed;
	int64_t before; /* only ids below; 0: from the newest */
};

struct order_row {
	int64_t id, number, contact, total, closed_at, tickets; /* living ones */
	enum order_state state;
	struct str currency, payment, first_name, last_name, email;
};

struct order_page {
	struct order_row rows[ORDERS_A_PAGE];
	size_t count;
	int64_t before; /* where the next page begins; 0: this was the last */
};

/* Orders of points of sale that WHO may see (RIGHT_ORDER_READ), closed ones alone. Fails only as a read does. */
enum status order_find(struct conn *db, struct arena *a, const struct actor *who, const struct order_query *q, struct order_page *out);

/* An order by its number, if WHO may do RIGHT at its point of sale; else NOT_FOUND. */
enum status order_for(struct conn *db, struct arena *a, const struct actor *who, enum right right, int64_t number, struct order *out);
