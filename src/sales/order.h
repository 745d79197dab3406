/* sales/order.h: orders: from the basket's closing through their states (domain.md 4). Every transition is one conditional statement on the order's row, which comes
 * first; one that finds another state than expected changes nothing and answers NOT_FOUND. Each is noted in the history. */
#pragma once
#include "formats/email.h"
#include "sales/line.h"
#include "sales/ticket.h"

enum order_state {
	ORDER_IN_PROGRESS,
	ORDER_OPTION,
	ORDER_RESERVED,
	ORDER_SOLD_UNPAID,
	ORDER_PARTLY_PAID,
	ORDER_SETTLED,
	ORDER_CANCELLED,
	ORDER_ABANDONED
};

const char *order_state_name(enum order_state state);

/* Who buys, as said at the checkout. */
struct buyer {
	struct email email;
	struct str first_name, last_name, street, house_number, postcode, town, country;
	enum language language;
	int64_t account; /* 0: a guest */
};

/* An order. Text lives in the arena given to the function that read it. */
struct order {
	int64_t id, institution, point_of_sale, account, contact, shipment_mode;
	int64_t number; /* 0: a basket still */
	enum order_state state;
	struct str reason, currency, payment;
	int64_t made_at, held_until, closed_at, total;
	struct buyer buyer;
	struct str browser_hash, link_id;
};

enum status order_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct order *out);
/* The same of whatever institution, for who has changed its row in this write. */
enum status order_held(struct conn *db, struct arena *a, int64_t id, struct order *out);
enum status order_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t number, struct order *out);
enum status order_by_link(struct conn *db, struct arena *a, struct str link_id, struct order *out);

/* The newest closed order of a browser, closed after SINCE: for a checkout that was sent twice. */
enum status order_of_browser(struct conn *db, struct arena *a, int64_t point_of_sale, struct str hash, int64_t since, struct order *out);

/* The orders of an account, the newest first, those before id BEFORE (0: from the newest): its own, and those that guests made with its address, which is proven
 * since the account is active. */
enum status order_list(struct conn *db, struct arena *a, int64_t institution, int64_t account, struct str email_key, int64_t before, size_t most,
	struct order **out, size_t *count);

/* ---- closing, inside a store_write ---- */

/* A fee that closing adds. */
struct fee_line {
	enum line_kind kind;
	int64_t fee; /* 0: the shipment's, or a rounding */
	int64_t quantity, price, vat;
};

struct closing {
	int64_t order, tickets, tickets_total; /* as they were read: if they are otherwise by now, nothing is closed */
	const struct fee_line *fees;
	size_t fee_count;
	enum order_state state; /* ORDER_RESERVED, ORDER_SOLD_UNPAID or ORDER_SETTLED */
	const char *payment;	/* 'invoice', 'cash', 'card', 'none' */
	int64_t shipment_mode;	/* 0: handed over */
	const struct buyer *buyer;
	struct str by_name;
	struct str browser_hash; /* of the cookie that the browser has from now on; empty: as it was */
};

enum closed {
	CLOSED_DONE,
	CLOSED_BEFORE /* no basket any more */,
	CLOSED_CHANGED /* other lines than read */,
	CLOSED_OFF_SALE /* a performance is not on sale any more, or has begun */,
	CLOSED_LOST /* others took places meanwhile */
};

/* Makes an order of a basket: takes its places for good, writes its fees and tickets; sold ones get their barcodes. OK with the outcome in OUT; unless it is
 * CLOSED_DONE the caller ends the write with REFUSED. */
enum status order_close(struct conn *db, struct arena *a, const struct closing *c, enum closed *out);

/* What a browser bought before stays its own when its cookie is renewed. */
enum status orders_follow_browser(struct conn *db, int64_t point_of_sale, struct str old_hash, struct str new_hash);

enum status order_set_contact(struct conn *db, int64_t order, int64_t contact);

/* ---- later transitions, inside a store_write ---- */

/* Paid in full: tickets that were held are sold, with their barcodes. */
enum status order_settle(struct conn *db, struct arena *a, int64_t order, struct str by_name);

/* Whether it is sold and not paid, its row locked from here on: what begins a write that changes its bills alone. NOT_FOUND: it is in another state. */
enum status order_sold_unpaid(struct conn *db, int64_t order);

/* Locks its row, whatever its state: what begins a write that decides by what its bills say. */
enum status order_hold(struct conn *db, int64_t order);

/* Paid in part: a reservation stays one, a sale becomes partly paid. */
enum status order_paid_partly(struct conn *db, int64_t order, struct str by_name);

/* All tickets void, their places free. REASON: 'expired', 'cancelled'. */
enum status order_cancel(struct conn *db, int64_t order, struct str reason, struct str by_name);

/* One ticket void, its place free, the order's total less by its price; an order without living tickets is cancelled. */
enum status ticket_cancel(struct conn *db, int64_t order, int64_t ticket, struct str by_name);

/* ---- tickets and history ---- */

struct ticket {
	int64_t id, line, place, prints;
	enum ticket_state state;
	struct str barcode; /* empty: not sold yet */
	struct str row, seat;
};
enum status order_tickets(struct conn *db, struct arena *a, int64_t order, struct ticket **out, size_t *count);

struct order_event {
	int64_t at;
	struct str event, state, by_name, note;
};
enum status order_history(struct conn *db, struct arena *a, int64_t order, struct order_event **out, size_t *count);
enum status order_note(struct conn *db, int64_t order, const char *event, struct str by_name, struct str note);

/* The fees that are due in a channel now: charges (a ticket) and overheads (an order). */
struct fee {
	int64_t id, amount, vat;
	enum line_kind kind;
	struct str name;
};
enum status fees_due(struct conn *db, struct arena *a, int64_t institution, int64_t channel, enum language l, struct fee **out, size_t *count);
