/* sales/paper.h: tickets on paper: what one says, that it was printed, and a new one in the place of one that somebody else may hold. */
#pragma once
#include "base/lang.h"
#include "sales/ticket.h"

/* What stands on a ticket, in the language asked for, else in the house's main language. Text lives in the arena given. */
struct paper {
	int64_t order_number, contact_number; /* contact 0: none */
	int64_t starts_at, doors_at, ordered_at, price;
	int64_t vat; /* basis points */
	enum ticket_state state;
	struct str barcode; /* empty: not sold */
	struct str organiser, product_code, title, subtitle, venue, town, hall, section, row, seat, category, tariff_code, tariff, currency, holder;
};
enum status paper_read(struct conn *db, struct arena *a, int64_t ticket, enum language l, struct paper *out);

/* The living tickets of an order in the order in which one takes them out of an envelope: by date, section, row and seat. */
enum status paper_tickets(struct conn *db, struct arena *a, int64_t order, int64_t **out, size_t *count);

/* Inside a store_write. A ticket came out of a printer once more: a sold one is printed now; one that is void stays void, and IS_VOID says so. */
enum status ticket_printed(struct conn *db, int64_t ticket, bool *is_void);

/* Inside a store_write. TICKET is invalidated, and a new one with its own barcode has its place. NOT_FOUND: it is not sold, or void already. */
enum status ticket_reissue(struct conn *db, struct arena *a, int64_t ticket, struct str by_name, int64_t *anew);
