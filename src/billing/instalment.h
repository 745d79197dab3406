/* billing/instalment.h: an order's price in parts, each with a day and a bill of its own: for a sale on pending account (domain.md 2). */
#pragma once
#include "billing/bill.h"

struct instalment {
	int64_t id, rank, due_day, amount;
	bool is_agreed; /* else it ended with its order, or another plan took its place */
	int64_t bill;	/* 0: none is open or paid any more */
};
enum status instalments_of_order(struct conn *db, struct arena *a, int64_t order, struct instalment **out, size_t *count);

/* A plan ends with its order, or when another price is billed, inside a store_write. */
enum status instalments_end(struct conn *db, int64_t order);

/* A part of a plan. */
struct part {
	int64_t due_day, amount;
};

/* Agrees on a plan for an order that is sold and unpaid, inside a store_write: its open bills are credited, and each part is billed. REFUSED with findings at "parts"
 * when the amounts do not add up to the order's total or are not all positive, when the days do not rise, or when something was paid already; NOT_FOUND for an order in another state. */
enum status instalments_agree(struct conn *db, struct arena *a, int64_t institution, int64_t order, const struct part *parts, size_t count,
	enum bill_way way, struct str by_name, struct problem *why);
