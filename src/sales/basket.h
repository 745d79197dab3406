/* sales/basket.h: what somebody is about to buy. A basket is an order in progress; it belongs to a browser (by its cookie's hash), and to the account that is
 * signed in there, so that it survives signing in, and a recovery on another machine. */
#pragma once
#include "sales/catalogue.h"
#include "sales/line.h"

/* Whose basket: 32 bytes of the browser's cookie, and the account signed in (0: none). */
struct basket_owner {
	struct str browser_hash;
	int64_t account;
};

/* The hash of a cookie's token, in arena A. */
struct str browser_hash(struct arena *a, struct str token);

/* The basket of OWNER at a point of sale: the browser's own, else the newest of the account. NOT_FOUND: there is none. */
enum status basket_find(struct conn *db, int64_t point_of_sale, const struct basket_owner *owner, int64_t *order, int64_t *held_until);

/* How many tickets are in it: for the tab. 0 without a basket. */
enum status basket_count(struct conn *db, int64_t point_of_sale, const struct basket_owner *owner, int64_t *tickets);

#define WISHES_MOST 100 /* of one request: categories × tariffs, or seats */
#define PLACES_MOST 200 /* of any order, whatever a channel says: a page, a letter and one write hold so many */
#define TAKE_TRIES	20	/* runs of seats that others take while we choose */

/* N places of a category at a tariff, or one seat at a tariff. Codes as the page has them. */
struct wish {
	struct str category, tariff;
	int64_t n;
	int64_t seat; /* 0: the best there are */
};

/* A field "places-CATEGORY-TARIFF" with its number; N is 0 for an empty one. False: not such a name, or no number. */
bool wish_of_field(struct str name, struct str value, struct wish *out);

enum basket_outcome {
	BASKET_DONE,
	BASKET_SPLIT,	/* done; the seats are not all beside each other */
	BASKET_ANEW,	/* done; what was in the basket before had been there too long and was given back */
	BASKET_TOO_FEW, /* so many are not free: nothing was taken */
	BASKET_NOT_ON_SALE,
	BASKET_UNKNOWN,	 /* no such category, tariff or seat; or nothing wished for */
	BASKET_TOO_MANY, /* more than the channel sells in one order */
	BASKET_TRY_AGAIN
};

/* Takes what is wished for, all or nothing, into OWNER's basket, and holds everything in it for the channel's delay from now. ORDER gets the basket. */
enum basket_outcome basket_add(struct conn *db, struct arena *a, const struct seller *s, const struct basket_owner *owner, int64_t performance,
	const struct wish *wishes, size_t count, int64_t *order);

/* Gives a line back. NOT_FOUND: it is not in this basket. */
enum status basket_remove(struct conn *db, int64_t order, int64_t line);

/* Lines become as long as what they still hold: what others took meanwhile goes, and what is no longer on sale or has begun; who looks is told before. */
enum status basket_mend(struct conn *db, int64_t order);

/* Ends baskets whose holds have been over for a day; from the background. */
enum status basket_sweep(struct conn *db);
