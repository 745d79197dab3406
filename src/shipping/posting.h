/* shipping/posting.h: letters that left: what a shipment's printed lines say of its pieces. */
#pragma once
#include "base/problem.h"
#include "store/store.h"

/* Puts pieces into the post as SHIPMENT's lines say, inside a store_write: a piece is posted when all of its tickets are; tickets of one piece with different
 * numbers are in different letters, so it becomes several. Then the shipment's state. */
enum status shipment_post(struct conn *db, struct arena *a, int64_t shipment);

/* Posts all printed pieces of a shipment by hand, inside a store_write. NOT_FOUND: none is printed and not posted. */
enum status shipment_post_by_hand(struct conn *db, struct arena *a, int64_t institution, int64_t shipment);

/* The number of piece N as somebody typed it, inside a store_write; empty takes it away. A wrong form or check digit is REFUSED with a finding at
 * "tracking_number" unless it is KEPT all the same; one of another letter on its way always. NOT_FOUND: there is no such piece, or its shipment is over. */
enum number_wish { NUMBER_CHECKED, NUMBER_KEPT };
enum status piece_number_set(
	struct conn *db, struct arena *a, int64_t institution, int64_t shipment, int64_t n, struct str given, enum number_wish wish, struct problem *why);

#define NUMBER_LIVES (INT64_C(400) * 24 * 3600 * 1000000) /* microseconds: then a carrier may use a number again */

/* To whom a number belongs: 0 nobody. Reads only. */
enum status number_owner(struct conn *db, int64_t institution, int64_t partner, struct str number, int64_t *shipment);

/* Gives a number to SHIPMENT, inside a store_write. REFUSED: it is another's. */
enum status number_claim(struct conn *db, int64_t institution, int64_t partner, struct str number, int64_t shipment);
