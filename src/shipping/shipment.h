/* shipping/shipment.h: shipments: one address, one mode, one order; the pieces (letters, parcels) they consist of; their states (shipping-rules.md 2).
 * Every transition is a conditional statement; whoever changes an order has its row first, then its tickets, then its shipments. */
#pragma once
#include "base/lang.h"
#include "store/store.h"

enum shipment_state {
	SHIPMENT_HELD,
	SHIPMENT_READY,
	SHIPMENT_IN_PRINT,
	SHIPMENT_PRINTED,
	SHIPMENT_PART_SENT,
	SHIPMENT_SENT,
	SHIPMENT_HANDED_OVER,
	SHIPMENT_DELIVERED,
	SHIPMENT_REPLACED,
	SHIPMENT_CANCELLED
};
const char *shipment_state_name(enum shipment_state state);

/* Why one is held. */
enum hold { HOLD_PAYMENT = 1, HOLD_ADDRESS = 2, HOLD_ADDRESS_CHECK = 4, HOLD_DATE = 8, HOLD_HAND = 16 };

/* Where it goes, as it stands on the letter. */
struct address {
	struct str salutation, name, company, street, house_number, postcode, town, country;
};

/* A shipment. Text lives in the arena given to who read it. */
struct shipment {
	int64_t id, institution, order, mode, number, replaces, batch; /* batch: the newest; 0: none yet */
	enum shipment_state state;
	unsigned holds; /* a set of enum hold */
	bool is_gift;
	struct address address;
	enum language language;
	struct str link_id;
	int64_t made_at, ready_at, printed_at, sent_at; /* 0: not yet */
};

/* "S-10001-6", and back. */
struct str shipment_number(struct arena *a, int64_t number);
bool shipment_number_read(struct str text, int64_t *number);

enum status shipment_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct shipment *out);
enum status shipment_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t number, struct shipment *out);
enum status shipment_by_link(struct conn *db, struct arena *a, struct str link_id, struct shipment *out);

#define SHIPMENTS_OF_ORDER_MOST 20 /* modes differ, part later, replacements */
enum status shipments_of_order(struct conn *db, struct arena *a, int64_t order, struct shipment **out, size_t *count);

/* Of a state (SHIPMENT_CANCELLED + 1: of all), the newest first, those before id BEFORE (0: from the newest), at most MOST. */
enum status shipment_list(
	struct conn *db, struct arena *a, int64_t institution, unsigned state, int64_t before, size_t most, struct shipment **out, size_t *count);

/* How many stand in each state. */
enum status shipment_counts(struct conn *db, int64_t institution, int64_t counts[static SHIPMENT_CANCELLED + 1]);

/* ---- pieces ---- */

enum piece_state {
	PIECE_PACKED,
	PIECE_POSTED,
	PIECE_IN_TRANSIT,
	PIECE_OUT_FOR_DELIVERY,
	PIECE_ATTEMPT_FAILED,
	PIECE_READY_FOR_PICKUP,
	PIECE_DELIVERED,
	PIECE_RETURNING,
	PIECE_RETURNED,
	PIECE_LOST
};

/* N of how many there are; those without a living ticket are not counted and not listed. */
struct piece {
	int64_t id, n, partner, posted_at, told_in;
	enum piece_state state;
	struct str tracking_given, tracking, tracking_url, told_number;
	int64_t *tickets;
	size_t ticket_count;
};
enum status shipment_pieces(struct conn *db, struct arena *a, int64_t shipment, struct piece **out, size_t *count);

/* ---- what an order does to its shipments: each inside the store_write that does it, after the order's row and its tickets ---- */

/* A closed order gets its shipment, if its mode posts paper: held while it waits for payment or an address, else ready. */
enum status shipment_open(struct conn *db, struct arena *a, int64_t order);

/* The order was settled: no shipment of it waits for payment any more. */
enum status shipments_paid(struct conn *db, int64_t order);

/* The order or some of its tickets are void: their open lines are withdrawn; a shipment without living tickets is cancelled. */
enum status shipments_follow_tickets(struct conn *db, struct arena *a, int64_t order);

/* ---- by hand ---- */

/* The address of one that is not at the printing company, inside a store_write. REFUSED with "already at the printing company". */
enum status shipment_address_set(struct conn *db, struct arena *a, int64_t institution, int64_t id, const struct address *to, struct problem *why);

/* Holds one that is not in print, or lets it go, inside a store_write. NOT_FOUND: it is not in such a state. */
enum status shipment_hold(struct conn *db, int64_t institution, int64_t id);
enum status shipment_let_go(struct conn *db, int64_t institution, int64_t id);

/* A new ticket in the place of one whose paper somebody else may hold, to be printed with the next batch; inside a store_write. NOT_FOUND: no such ticket is on
 * its way in a shipment of ours. */
enum status shipment_reissue(struct conn *db, struct arena *a, int64_t institution, int64_t ticket, struct str by_name, int64_t *anew);

/* Puts a shipment into the state that its lines and pieces say, inside a store_write: the only place that decides it. */
enum status shipment_settle_state(struct conn *db, int64_t shipment);
