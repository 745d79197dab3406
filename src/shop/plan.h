/* shop/plan.h: the seat plan of a performance: what is free, taken and chosen. The chosen seats stand in the address (?s=12.13), so that each place is a link that works
 * without script; the list's check boxes say the same as s-12=on. */
#pragma once
#include "shop/sale.h"

#define CHOSEN_MOST 50 /* seats in one address; no channel sells more in one order */

struct seat_shown {
	const struct plan_seat *seat;
	struct str chosen;			  /* the value of s that follows when it is pressed */
	struct str x, y, below, tick; /* on the plan; where its number stands; the mark on a chosen one */
	struct str category;		  /* its name */
	struct str row;				  /* "A"; in a hall of several zones "A, Balcony" */
	int rank;					  /* of the category, from 1: what stands in the circle */
	bool is_mine;
};

struct row_shown {
	struct str name, x, other_x, y; /* both ends */
	struct str label;				/* as a seat's row */
	const struct seat_shown *seats;
	size_t count;
	size_t free;
};

/* Of several zones each has its name above it. */
struct area_shown {
	struct str name, x, y;
};

struct plan {
	struct area_shown *areas;
	size_t area_count; /* 0: a single zone, which needs no name */
	struct seat_shown *seats;
	size_t count;
	struct row_shown *rows;
	size_t row_count;
	const struct seat_shown **mine;
	size_t mine_count;
	size_t free;
	struct str view, stage; /* the drawing's frame; the stage's line */
	struct str stage_x;
	struct str taken; /* one path for all that is gone */
};

/* The plan of a performance with what the address chooses; no seats where places have no numbers. */
enum status plan_read(struct request *r, const struct seller *s, int64_t performance, const struct offers *offers, struct plan *out);
