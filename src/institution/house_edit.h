/* institution/house_edit.h: what a house says of itself: name, address, how it is reached. */
#pragma once
#include "institution/actor.h"
#include "institution/point_of_sale.h"

struct house_edit {
	struct str name, street, house_number, postcode, town, country, phone, email;
	struct str office_url; /* where operators find the office; empty: at the first shop's host */
	enum http_allowed allowed;
	int64_t version; /* that the form was made from */
};

enum status house_edit_get(struct conn *db, struct arena *a, int64_t institution, struct house_edit *out);

/* Changes the actor's institution, inside a store_write, and notes it. REFUSED with findings at "name", "street", "house_number", "postcode", "town", "country",
 * "phone", "house_email", "office_url", and at "" when somebody else saved it meanwhile. */
enum status house_edit_save(struct conn *db, struct arena *a, const struct actor *who, const struct house_edit *e, struct problem *why);
