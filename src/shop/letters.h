/* shop/letters.h: what a buyer sees of the letters of an order. */
#pragma once
#include "shipping/track.h"
#include "shop/shop.h"

struct letter_shown {
	struct piece piece;
	struct track track;
	struct str words; /* "Posted on 24 November 2026" */
	const char *class;
};

/* A shipment with its steps and its letters. */
struct parcel_shown {
	struct shipment shipment;
	struct letter_shown *letters;
	size_t count;
	struct step_shown {
		const char *class; /* of .steps: done, part, next */
		enum message name;
		int64_t at; /* 0: not yet, or not known */
	} steps[4];
	int64_t last_show; /* the last performance that it has tickets for */
};

/* One shipment; the shipments of an order. */
enum status parcel_read(struct request *r, const struct shipment *s, bool is_paid, struct parcel_shown *out);
enum status parcels_of_order(struct request *r, int64_t order, bool is_paid, struct parcel_shown **out, size_t *count);

struct response shop_follow_page(struct request *r); /* follow.c */
struct response shop_follow(struct request *r);
