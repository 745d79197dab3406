/* institution/channel.h: what a point of sale may do, as its sales channel says, and the house's working days. */
#pragma once
#include "base/lang.h"
#include "store/store.h"

/* What an invoice makes of an order: nothing (not offered); tickets after payment; tickets at once. */
enum invoice_as { INVOICE_NOT, INVOICE_RESERVATION, INVOICE_PENDING_ACCOUNT };

/* A point of sale that sells. Text lives in the arena given to seller_get. */
struct seller {
	int64_t point_of_sale, institution, organisation, channel;
	int64_t hold, longest; /* microseconds: how long places are held; how long a basket may live */
	int64_t places_most;   /* of one order */
	enum invoice_as invoice_as;
	int64_t invoice_days; /* invoice is offered until so many working days before the first performance */
	struct str currency, zone, country;
	enum language main_language;
};

/* NOT_FOUND when there is no such point of sale. */
enum status seller_get(struct conn *db, struct arena *a, int64_t point_of_sale, struct seller *out);

/* When the Nth working day before the day of the UTC time AT is over, in the house's zone; N 0: that day itself. Working days are Monday to Friday less the days that
 * the institution lists. */
enum status working_day_over(struct conn *db, struct arena *a, const struct seller *s, int64_t at, int64_t n, int64_t *out);

/* When the Nth working day after DAY (base/day.h) is over; N 0: DAY itself. */
enum status working_day_after(struct conn *db, struct arena *a, const struct seller *s, int64_t day, int64_t n, int64_t *out);

/* Lists a day (base/day.h) that is no working day, inside a store_write. */
enum status closed_day_add(struct conn *db, int64_t institution, int64_t day);
