/* dealing/checkout.h: from a basket to an order: what it costs, how it may be sent and paid, and the one write that makes it. */
#pragma once
#include "sales/basket.h"
#include "sales/order.h"
#include "shipping/mode.h"

enum payment_mode { PAY_INVOICE, PAY_CASH, PAY_CARD };

/* What stands before a buyer at the checkout. */
struct till {
	int64_t order, held_until, now;
	struct lines lines;
	struct shipment_mode *modes;
	size_t mode_count;
	struct fee *fees; /* charges and overheads that come on top */
	size_t fee_count;
	int64_t subtotal;	   /* tickets and fees; a mode's fee comes on top */
	bool has_invoice;	   /* invoice is offered */
	bool can_bill;		   /* the house's administrative values suffice for bills */
	int64_t invoice_until; /* until when */
	int64_t pay_by;		   /* when the last day to pay an invoice of today is over: the house's days to pay, and before the first performance */
	int64_t due_day;	   /* that day (base/day.h) */
	int64_t ends_at;	   /* when a reservation that was not paid by then ends */
};

/* NOT_FOUND: there is no basket, or nothing in it. */
enum status till_open(struct conn *db, struct arena *a, const struct seller *s, const struct basket_owner *owner, enum language l, struct till *out);

/* What the basket costs with this mode. */
int64_t till_total(const struct till *t, const struct shipment_mode *m);

/* What a sale at the counter has beside it. */
struct counter_sale {
	int64_t operator_id;
	int64_t given; /* in cash, before the change; 0: exactly what is due */
};

/* What the buyer, or an operator for him, chose. At a counter the buyer may stay unnamed where nothing is sent or billed, and an empty shipment mode hands the tickets
 * over. */
struct purchase {
	const struct buyer *buyer;
	struct str shipment_mode; /* its code */
	enum payment_mode payment;
	int64_t total; /* as it was shown */
	struct str by_name;
	int64_t contact;						  /* whose order it is; 0: a new contact of the buyer's */
	const struct counter_sale *counter;		  /* NULL: not at a counter */
	struct str browser_before, browser_after; /* hashes of the browser's cookie, which is renewed; empty: there is none */
};

enum checkout_outcome {
	CHECKOUT_DONE,
	CHECKOUT_REFUSED, /* findings at the fields */
	CHECKOUT_OTHER_TOTAL,
	CHECKOUT_LOST,	   /* others took places after the hold had ended; the basket was mended */
	CHECKOUT_OFF_SALE, /* a performance is not on sale any more, or has begun; the basket was mended */
	CHECKOUT_EMPTY,	   /* no basket */
	CHECKOUT_TRY_AGAIN
};

/* Makes the order in one store_write, with the row of what was taken at a counter. NUMBER gets the order's. Findings go to WHY at the fields of the contract, at "contact" and "given". */
enum checkout_outcome checkout(
	struct conn *db, struct arena *a, const struct seller *s, const struct till *t, const struct purchase *p, int64_t *number, struct problem *why);

/* Findings at the fields of the buyer's name and address: Swiss postal form, checked as a bill needs it. */
void buyer_check(const struct buyer *b, bool needs_address, struct problem *why);
