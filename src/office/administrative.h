/* office/administrative.h: what the page of the administrative values shows. */
#pragma once
#include "institution/administrative.h"
#include "office/house.h"

/* The two views of the settings: the house, and what banks and authorities gave it. */
enum setting_view { SETTINGS_HOUSE, SETTINGS_ADMINISTRATIVE };

/* A bill made of the values and read back from its picture by the program's own reader. */
struct test_bill {
	bool is_there; /* the values suffice for one */
	bool is_right; /* what was read is what was written */
	struct url picture;
	struct str account, reference, creditor, amount; /* as read */
};

struct administrative_form {
	const struct administrative *v;
	struct str qr_since, institution_number; /* "2026-11-24"; of the QR-IBAN: "31999" */
	const char *slip, *reference;
	struct choice *countries;
	size_t country_count;
	struct problem missing; /* what bills still need; empty: nothing */
	struct test_bill bill;
};

struct response office_administrative_page(struct request *r); /* administrative.c */
struct response office_administrative(struct request *r);
struct response office_test_bill(struct request *r); /* test_bill.c */

/* The bill of V, drawn and read back; nothing when V does not suffice for one. */
struct test_bill test_bill(struct request *r, const struct office_page *p, const struct administrative *v);
