/* shipping/mode.h: the ways in which tickets reach the buyer, and when each is offered (shipping-rules.md 1). */
#pragma once
#include "institution/channel.h"

enum shipment_kind {
	SHIP_BY_HAND,
	SHIP_PRINT_AT_HOME,
	SHIP_ELECTRONIC,
	SHIP_EMAIL,
	SHIP_MOBILE,
	SHIP_PICK_UP,
	SHIP_HAND_LATER,
	SHIP_POST,
	SHIP_REGISTERED,
	SHIP_COURIER,
	SHIP_EXTERNAL
};

#define SHIPMENT_KINDS (SHIP_EXTERNAL + 1)

enum abroad { ABROAD_NO, ABROAD_YES, ABROAD_ANY };

/* What the database and forms call them: "print-at-home"; "any". And back: false when there is none of this name. */
struct str shipment_kind_code(enum shipment_kind kind);
bool shipment_kind_read(struct str code, enum shipment_kind *out);
struct str abroad_code(enum abroad abroad);
bool abroad_read(struct str code, enum abroad *out);

#define MODES_MOST 30 /* of a house; one has four to eight */

/* A mode as the checkout shows it. Text lives in the arena given. */
struct shipment_mode {
	int64_t id, vat;			 /* basis points */
	int64_t fee;				 /* of the whole basket, minor units; as shipment_mode_get has it, of one order or ticket */
	int64_t fee_each, fee_times; /* what it is made of */
	int64_t free_from;			 /* tickets worth so much travel free; 0: never */
	bool is_fee_by_ticket;
	enum shipment_kind kind;
	enum abroad abroad;
	struct str code, name, note;
	bool needs_address;
	bool is_too_late; /* its last day is over for this basket */
};

/* The active modes of a seller's channel in their order, for a basket whose earliest performance begins at FIRST_AT. */
enum status shipment_modes(
	struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t first_at, struct shipment_mode **out, size_t *count);

/* What M costs for the tickets of basket ORDER, which are worth TOTAL: once, or for each whose product counts for it; nothing from its FREE_FROM on. */
enum status shipment_mode_charge(struct conn *db, int64_t order, int64_t total, struct shipment_mode *m);

/* Whether a mode goes to COUNTRY. */
bool shipment_mode_reaches(const struct shipment_mode *m, const struct seller *s, struct str country);

/* By id, for an order made long ago; also one that is off by now. */
enum status shipment_mode_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, enum language l, struct shipment_mode *out);

/* Makes a mode, inside a store_write. REFUSED: the code is taken. */
struct new_shipment_mode {
	struct str code;
	enum shipment_kind kind;
	int64_t rank, last_days, fee, vat_rate;
	struct str name[LANGUAGES], note[LANGUAGES];
	enum abroad abroad;
	bool needs_address, is_fee_by_ticket;
	int64_t free_from;
};
enum status shipment_mode_make(struct conn *db, int64_t institution, const struct new_shipment_mode *n, int64_t *id);
