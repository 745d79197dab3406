/* office/counter.h: the counter: one screen for a queue. Which counter it is stands in a cookie, what is being sold in the operator's own basket, the performance and
 * the contact that are looked at in the address; so it works without script, and two operators never meet. */
#pragma once
#include "accounts/contact_search.h"
#include "billing/till.h"
#include "dealing/checkout.h"
#include "institution/counters.h"
#include "office/office.h"

#define COUNTER_CONTACTS 8 /* found contacts on the screen; more, and one types on */

/* A performance of the list. */
struct counter_show {
	const struct show *show;
	struct url to;
	int64_t free;
	bool is_chosen;
};

/* One of the basket's lines. */
struct counter_line {
	const struct line *line;
	bool is_first; /* of its performance */
	struct str seats;
};

struct counter_contact {
	int64_t id;
	struct url to;
	struct str name, number, place;
};

/* A seat to be ticked. */
struct counter_seat {
	const struct plan_seat *seat;
	struct str category;
	bool begins_row, is_after_gap;
};

/* A sale that was just made. */
struct counter_sold {
	struct str number;
	int64_t tickets, total, back; /* BACK: to give back in cash */
	bool is_printed_here;		  /* the tickets are to be handed over now */
};

struct counter_shown {
	struct counter *counters;
	size_t counter_count;
	const struct counter *here; /* NULL: there is none */
	struct counter_show *shows;
	size_t show_count;
	const struct show *show; /* the chosen one; NULL: none */
	struct offers offers;
	bool has_seats; /* numbered: they can be picked */
	int64_t wanted; /* the performance that a form came from; 0: the address says */
	struct str typed_show, typed_contact;
	struct counter_contact *found;
	size_t found_count;
	int64_t contact; /* chosen; 0: nobody */
	struct str contact_name, contact_place;
	bool has_basket;
	struct till till;
	struct counter_line *lines;
	int64_t due_cash;				 /* with its rounding */
	struct str payment, given, mode; /* as they were sent, when they were refused */
	struct counter_sold *sold;
	struct str csrf_choose, csrf_basket, csrf_remove, csrf_sell, csrf_print;
	struct seller seller;
};

/* The counter where the operator stands, or the answer INSTEAD. */
bool counter_here(struct request *r, struct counter_shown *x, struct response *instead);

/* The screen: for the pages and for what was refused. */
struct response counter_screen(struct request *r, int status, struct counter_shown *x, const struct problem *why);

/* The basket of the operator who asks. */
struct basket_owner counter_owner(struct request *r);

/* "/counter" with what is looked at. */
struct str counter_path(struct request *r, int64_t performance, int64_t contact);

/* The chosen contact as a buyer; false with the answer's status. An id of 0: nobody. */
bool counter_buyer(struct request *r, int64_t contact, struct buyer *out, struct str *name, int *failed);

struct response office_counter_page(struct request *r); /* counter.c */
struct response office_counter_choose(struct request *r);
struct response office_counter_shows(struct request *r);
struct response office_counter_contacts(struct request *r);
struct response office_counter_basket(struct request *r); /* counter_sell.c */
struct response office_counter_remove(struct request *r);
struct response office_counter_sell(struct request *r);
struct response office_counter_seats_page(struct request *r); /* counter_seats.c */
struct response office_takings_page(struct request *r);		  /* counter_takings.c */
struct response office_order_tickets(struct request *r);	  /* order_tickets.c */
struct response office_order_print(struct request *r);
