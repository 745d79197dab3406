/* sales/catalogue.h: what is on, and what of it may be bought at a point of sale now. Reads only. Text lives in the arena given. */
#pragma once
#include "institution/channel.h"
#include "sales/programme.h"

#define PLAYBILL_MOST 200 /* performances on one page: a large house's two months */
#define FEW_PLACES	  20  /* "few places left": no more than this are free */

enum offer { OFFER_OPEN, OFFER_FEW, OFFER_SOLD_OUT, OFFER_LATER /* the sale opens at opens_at */, OFFER_OVER, OFFER_CANCELLED };

/* A performance as lists show it, in the language asked for. */
struct show {
	int64_t id, event;
	int64_t starts_at, doors_at, ends_at, opens_at, closes_at;
	struct str title, what, description, season, hall, venue, town;
	int64_t price_from;				 /* -1: no price */
	struct str picture, picture_alt; /* its digest (sales/picture.h); empty: none */
	int64_t picture_width, picture_height;
	enum offer offer;
};

/* The performances that SELLER sells and that have not begun, by time, those from UTC time FROM on, at most MOST. EVENT 0: of all events. */
enum status catalogue_shows(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t event, int64_t from, size_t most,
	struct show **out, size_t *count);

/* One of them; NOT_FOUND when this point of sale does not sell it or it has begun. */
enum status catalogue_show(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct show *out);

/* A price of a category. */
struct price_of {
	int64_t tariff, price;
	struct str code, name;
};

/* What a performance offers in one category: its prices by tariff, and what is free for this point of sale. */
struct category_offer {
	int64_t id;
	struct str code, name;
	int64_t rank;
	int64_t free, places;
	bool is_numbered;
	struct price_of *prices;
	size_t price_count;
};

struct offers {
	struct category_offer *categories;
	size_t count;
	int64_t vat; /* basis points */
};

enum status catalogue_offers(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct offers *out);

/* The same without counting what is free (all 0), for who takes places and will see. */
enum status catalogue_prices(struct conn *db, struct arena *a, const struct seller *s, int64_t performance, struct offers *out);

/* The places of one category that a point of sale may take from, in their order: its free sale first, then its contingents. */
struct pool {
	int64_t zone; /* performance_zone */
	int64_t seat_category;
	bool is_numbered;
};
enum status catalogue_pools(struct conn *db, struct arena *a, const struct seller *s, int64_t performance, struct pool **out, size_t *count);

/* A seat as the plan shows it. */
struct plan_seat {
	int64_t seat, zone, seat_category, row_rank, position, x, y, holder;
	int64_t area; /* the hall's zone, whatever the category: seats come zone by zone */
	struct str row_name, name, area_name;
	bool is_free;
};
enum status catalogue_plan(
	struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct plan_seat **out, size_t *count);

#define PLAN_SEATS_MOST 4000 /* of a plan on one page; larger halls are shown in parts */
