/* sales/line.h: the lines of a basket or an order, as pages and papers show them. Reads only. */
#pragma once
#include "base/lang.h"
#include "store/store.h"

enum line_kind { LINE_TICKET, LINE_CHARGE, LINE_SHIPMENT, LINE_OVERHEAD, LINE_ROUNDING };

const char *line_kind_name(enum line_kind kind);

/* A line, in the language asked for. Text lives in the arena given. */
struct line {
	int64_t id;
	enum line_kind kind;
	int64_t quantity, price; /* of one */
	int64_t vat;			 /* basis points */
	int64_t kept;			 /* tickets: places it has now; fewer than quantity when a hold ended and others took them */
	int64_t performance, starts_at;
	struct str title, hall, zone, category, tariff; /* of a ticket */
	struct str name;								/* of a fee */
	struct line_seat {
		struct str row, seat;
	} * seats; /* of a ticket with numbers */
	size_t seat_count;
};

struct lines {
	struct line *line;
	size_t count;
	int64_t tickets, tickets_total; /* of all tickets */
	int64_t kept;					/* places that there really are */
	int64_t total;					/* of all lines */
	int64_t first_at;				/* the earliest performance; 0 without tickets */
};

#define LINES_MOST 500 /* of an order: places_most tickets of as many kinds, and the fees */

/* The lines of ORDER, tickets by performance first. OTHERWISE: the language where a text is missing. */
enum status lines_read(struct conn *db, struct arena *a, int64_t order, enum language l, enum language otherwise, struct lines *out);

/* The sums by VAT rate: what is in TOTAL at a rate, and the VAT in it, rounded once a rate. */
struct vat_sum {
	int64_t basis_points, gross, vat;
};
#define VAT_RATES_MOST LINES_MOST /* Switzerland has four, but nobody keeps a house from giving each line its own */
size_t lines_vat(const struct lines *lines, struct vat_sum out[VAT_RATES_MOST]);

/* "row D, seats 5, 6, 7" of a line in language L; empty without numbers. */
struct str line_seats_text(struct arena *a, enum language l, const struct line *n);

/* An amount without its currency, for columns: "1’234.50". */
struct str amount_bare(struct arena *a, int64_t minor);
