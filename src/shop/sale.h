/* shop/sale.h: what the pages of the sale share: who sells, whose basket, and what templates show. */
#pragma once
#include "dealing/checkout.h"
#include "shop/shop.h"

/* Reads who sells here. False: the answer is 503. */
bool seller_of(struct request *r, struct seller *out);

/* Whose basket this browser's is; a browser without a cookie has none. NEW_ONE gives it a cookie, for a page that is about to take something. */
enum owning { OWNER_AS_IS, OWNER_NEW_ONE };
struct basket_owner owner_of(struct request *r, enum owning how);

/* The token that takes the place of this browser's once ORDER is bought, so that whoever planted the old one does not see the order. The same however often the form
 * is sent. And giving it. */
struct str basket_token_after(struct request *r, int64_t order);
void basket_renew(struct request *r, struct str token);

/* The browser has no basket any more; its account still finds it. */
void basket_forget(struct request *r);

/* A part of the playbill. */
struct month {
	struct str name; /* "November 2026" */
	const struct show *shows;
	size_t count;
};

/* The shows by the month of the house's zone. */
struct month *months_of(struct request *r, const struct show *shows, size_t count, size_t *months);

/* A show's day of the month and the rest of its date; what is offered, as the class of .state and its words; its path. */
int64_t show_day(const struct shop_page *p, const struct show *s);
struct str show_weekday_time(const struct shop_page *p, const struct show *s);
struct str show_iso(const struct shop_page *p, const struct show *s);
const char *offer_class(enum offer o);
enum message offer_message(enum offer o);
const char *show_path(const struct shop_page *p, const struct show *s); /* for links with a parameter */
struct url picture_link(const struct shop_page *p, const struct show *s);
struct url show_link(const struct shop_page *p, const struct show *s);
struct url event_link(const struct shop_page *p, int64_t event);
struct url order_link(const struct shop_page *p, int64_t number);
struct url tickets_link(const struct shop_page *p, int64_t order, const char *what); /* "tickets.pdf", "tickets" */

/* An amount without its currency: "1’234.50". */
struct str plain_amount(struct arena *a, int64_t minor);

/* What the form that was refused had asked for, so that nothing is to be chosen again: a number of places ("0": none), a seat at this tariff. */
struct str places_wished(const struct shop_page *p, const struct category_offer *c, const struct price_of *price);
bool is_seat_wished(const struct shop_page *p, int64_t seat, const struct price_of *price);

/* Basket and order as a table: one row a line. */
struct line_shown {
	const struct line *line;
	bool is_first; /* of its performance: the row says which */
	struct str seats;
};
struct line_shown *lines_shown(struct request *r, const struct lines *lines);

/* The order of the path, when the visitor may see it (its owner, who just ordered it, who came by its link): 0, or the status of the answer. */
int order_of_path(struct request *r, struct order *o);

/* A state as the class of .state, its words, and what comes next. */
const char *order_class(enum order_state state);
enum message order_message(enum order_state state);
enum message order_note_message(enum order_state state);

/* A bill's amount and what it is about it: "CHF 195.00, to be paid by 4 December 2026"; and its PDF. */
struct bill;
struct str bill_words(const struct shop_page *p, struct render *out, const struct bill *b);
struct url bill_link(const struct shop_page *p, const struct bill *b);

/* What the checkout shows beside the till. */
struct mode_shown {
	const struct shipment_mode *mode;
	bool is_chosen;
};
struct fee_shown {
	struct str name;
	int64_t quantity, amount;
};

/* An amount for a hidden field: "1234.50". */
struct str plain_digits(struct arena *a, int64_t minor);
