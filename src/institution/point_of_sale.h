/* institution/point_of_sale.h: the doors of an institution: its internet points of sale, and what pages and mails say of them. */
#pragma once
#include "base/lang.h"
#include "institution/logo.h"
#include "store/store.h"

#define LINK_HOURS_MAX 48 /* of a link in a mail (domain.md 4); a house may say less */

enum sale_state { SALE_DRAFT, SALE_ACTIVE, SALE_SUSPENDED, SALE_CLOSED };

/* "draft", "active", …: as the database calls it, and back. */
const char *sale_state_name(enum sale_state state);
enum sale_state sale_state_of(struct str name);

/* A house and one of its doors, as pages and mails need them. All text lives in the arena given to the function that read it. */
struct point_of_sale {
	int64_t id, institution, organisation;
	enum sale_state state;
	struct str code, name;
	struct str public_url;	 /* without the last slash: "https://tickets.example.org/shop" */
	struct str host, prefix; /* of public_url: "tickets.example.org", "/shop" or "" */
	unsigned languages;		 /* set of 1 << enum language */
	struct str accent;		 /* "#005f6b" */
	struct str sender_name, sender_address;
	struct str organisation_name;
	struct logo logo; /* only where logo_get or logo_look has put it; none otherwise */
	struct {
		struct str name, zone, currency, street, house_number, postcode, town, country, phone, email;
		int64_t link_hours;	   /* how long a link in a mail works, from sending */
		struct str office_url; /* as office_url_read leaves it; empty: the office is at the first shop's host */
		enum language main_language;
	} house;
};

/* What the house says of itself in one language. */
struct house_text {
	struct str description, opening_hours;
};

/* The internet point of sale, active or suspended, whose public URL has HOST (with the port where it has one; case does not count) and the longest prefix
 * that PATH begins with. NOT_FOUND when there is none. */
enum status point_of_sale_find(struct conn *db, struct arena *a, struct str host, struct str path, struct point_of_sale *out);

/* The shop that speaks for a point of sale in mails and letters, and to which their links lead: itself, or for a counter the oldest open shop of its organisation, else
 * of its house; without any the point of sale as it is. NOT_FOUND: there is no such. */
enum status point_of_sale_speaking(struct conn *db, struct arena *a, int64_t id, struct point_of_sale *out);

/* By id, in any state. */
enum status point_of_sale_get(struct conn *db, struct arena *a, int64_t id, struct point_of_sale *out);

/* In language L, or else in the house's main language; empty when nothing was written. */
enum status house_text_get(struct conn *db, struct arena *a, int64_t institution, enum language l, struct house_text *out);

/* How many active internet points of sale the database has: without one no shop answers. */
enum status point_of_sale_count_active(struct conn *db, int64_t *out);

/* Takes a public URL apart: scheme http or https, host by IDNA in lower case, port where it is not the scheme's own, path without the last slash; no user, query or
 * fragment. REFUSED with a finding at "public-url". http is only for loopback hosts, unless ALLOW_HTTP. */
enum http_allowed { HTTP_ON_LOOPBACK_ONLY, HTTP_ALLOWED };
enum status public_url_read(struct arena *a, struct str url, enum http_allowed allowed, struct point_of_sale *into, struct problem *why);

/* The box office's address: read as a public URL, with nothing or /office behind the host. OUT is its origin, "https://office.example.org"; empty when URL is.
 * REFUSED with a finding at FIELD. */
enum status office_url_read(struct arena *a, struct str url, enum http_allowed allowed, const char *field, struct str *out, struct problem *why);

/* Scheme, host and port of an address of ours. */
struct str public_url_origin(struct str url);

/* Where mails to INSTITUTION's operators come from, and where its office is seen without an address of its own: its oldest internet point of sale that is not closed. NOT_FOUND: none. */
enum status point_of_sale_of_office(struct conn *db, int64_t institution, int64_t *id);

/* A telephone number (E.164) as people of its country write it: "032 555 01 10" for +41325550110, with no-break spaces; others as they are. */
struct str phone_national(struct arena *a, struct str phone);

/* Whether no other active or suspended door stands at host and prefix of DOOR; else a finding at "public-url" and REFUSED. Asked so that words can be given; the
 * index decides. */
enum status door_is_free(struct conn *db, const struct point_of_sale *door, int64_t but, struct problem *why);
