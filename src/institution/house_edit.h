/* institution/house_edit.h: what a house says of itself: name, address, how it is reached. */
#pragma once
#include "institution/actor.h"
#include "institution/point_of_sale.h"

#define IDLE_MINUTES_MIN 5	/* less would sign out who reads a page */
#define IDLE_MINUTES_MAX 60 /* OPERATOR_IDLE */

struct house_edit {
	struct str name, street, house_number, postcode, town, country, phone, email;
	struct str office_url; /* where operators find the office; empty: at the first shop's host */
	enum http_allowed allowed;
	struct str zone;				  /* IANA name */
	int64_t link_hours, idle_minutes; /* how long a link works; after how long unused the office signs out */
	int64_t version;				  /* that the form was made from */
};

enum status house_edit_get(struct conn *db, struct arena *a, int64_t institution, struct house_edit *out);

/* The house's currency: fixed when it was set up, since prices and orders are in it. */
enum status house_currency(struct conn *db, struct arena *a, int64_t institution, struct str *out);

/* The language in which the house says what it says in no other. */
enum status house_main_language(struct conn *db, struct arena *a, int64_t institution, enum language *out);

/* Changes the actor's institution, inside a store_write, and notes it. REFUSED with findings at "name", "street", "house_number", "postcode", "town", "country",
 * "phone", "house_email", "office_url", "zone", "link_hours", "idle_minutes", and at "" when somebody else saved it meanwhile. */
enum status house_edit_save(struct conn *db, struct arena *a, const struct actor *who, const struct house_edit *e, struct problem *why);
