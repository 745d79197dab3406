/* institution/institution.h: making a house, and its running numbers. */
#pragma once
#include "institution/point_of_sale.h"

/* What `init` and the demonstration know of a new house. */
struct new_institution {
	struct str name, zone, currency, street, house_number, postcode, town, country, phone, email;
	enum language main_language;
	unsigned languages;
	struct str public_url, accent, sender_name, sender_address;
	struct house_text texts[LANGUAGES];
	struct str office_url; /* as office_url_read left it; empty: none of its own */
};

/* Makes the institution, an organisation of the same name, the channels box office and internet, and the first internet point of sale (active), inside a
 * store_write of the caller. REFUSED with findings for bad input; nothing is made then. */
enum status institution_make(struct conn *db, struct arena *a, const struct new_institution *n, enum http_allowed allowed, int64_t *institution,
	int64_t *point_of_sale, struct problem *why);

/* The same without a point of sale: what the first run in the browser begins with. Public URL and sender don't count. */
enum status institution_found(struct conn *db, const struct new_institution *n, int64_t *institution, struct problem *why);

/* The oldest institution and the oldest internet point of sale: what commands speak of. NOT_FOUND when there is none yet. */
enum status institution_first(struct conn *db, int64_t *id);
enum status point_of_sale_first(struct conn *db, int64_t *id);

/* Moves a point of sale to another public URL, inside a store_write. REFUSED as public_url_read does, or when another door stands there. */
enum status point_of_sale_move(struct conn *db, struct arena *a, int64_t id, struct str public_url, enum http_allowed allowed, struct problem *why);

/* The next of the institution's numbers of NAME ("contact"), from 1, inside a store_write. */
enum status institution_next_number(struct conn *db, int64_t institution, const char *name, int64_t *out);

/* N with a check digit behind it (ISO/IEC 7812-1 annex B, Luhn), and whether a number ends in its own. */
int64_t number_with_check(int64_t n);
bool number_checks(int64_t n);

/* "10482-6": a number that ends in its check digit, as people read it. */
struct str number_for_people(struct arena *a, int64_t n);

/* "S-10001-6", "s 100016", "10001-6" for LETTER 'S': the number with its check digit; false when it is none. */
bool number_lettered_read(struct str text, char letter, int64_t *number);
