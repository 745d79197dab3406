/* office/orders.h: orders as the office sees them: the list, searched by whatever the buyer holds or says, and one with everything about it. */
#pragma once
#include "billing/bill.h"
#include "office/office.h"
#include "sales/order_find.h"
#include "shipping/mode.h"

struct order_view_shown {
	struct url to;
	enum message name;
	bool is_current;
};

struct orders_shown {
	const struct order_page *found;
	struct str typed;
	struct order_view_shown views[ORDER_VIEWS];
	struct url more; /* empty: no older ones */
};

/* A line, its seats in words. */
struct order_line_shown {
	const struct line *line;
	bool is_first; /* of its performance */
	struct str seats;
};

struct order_ticket_shown {
	struct str number, what, seat, prints;
	bool may_cancel;
	enum message state;
	const char *shape;
};

struct order_bill_shown {
	struct str number, due;
	struct url pdf;
	const struct bill *bill;
	enum message state;
	const char *shape;
};

struct credit_note_shown {
	struct str number, bill, reason;
	const struct credit_note *is;
};

/* A row of the form for instalments, as it was typed. */
struct instalment_typed {
	int64_t rank;
	struct str due, amount;
};

struct order_event_shown {
	int64_t at;
	struct str what, by, note;
};

struct order_shown {
	const struct order *order;
	struct str number, contact_name; /* of a contact that is linked */
	const struct lines *lines;
	struct order_line_shown *line;
	struct order_ticket_shown *tickets;
	struct order_event_shown *events;
	struct order_bill_shown *bills;
	struct credit_note_shown *credits;
	size_t ticket_count, event_count, bill_count, credit_count;
	bool may_cancel, may_print, may_part; /* may_part: instalments can be agreed on */
	struct str csrf_print;
	const struct shipment_mode *mode; /* NULL: handed over */
	struct str point_of_sale;
	struct str payment;
};

/* The state of an order in words and as the class of .state. */
enum message order_state_word(enum order_state state);
const char *order_state_shape(enum order_state state);

struct url office_order_link(const struct office_page *p, int64_t number);

struct response office_orders_page(struct request *r);
struct response office_order_page(struct request *r); /* order.c */
struct response office_order_bill(struct request *r);
struct response office_order_cancel_page(struct request *r); /* order_cancel.c */
struct response office_order_cancel(struct request *r);
struct response office_order_instalments_page(struct request *r); /* order_instalments.c */
struct response office_order_instalments(struct request *r);

/* The order that the path names, if the operator may do RIGHT to it; else the answer's status (404, 503). */
int office_order_of_path(struct request *r, enum right right, struct order *out);
