/* accounts/contact.h: the contact file of the office: one contact with all that is known about it (domain.md 7). Every function takes who acts: a contact of another
 * institution is NOT_FOUND. What changes a contact begins with the conditional UPDATE of its version, so that two operators don't overwrite each other silently. */
#pragma once
#include "accounts/account.h"
#include "institution/audit.h"

struct postal {
	struct str street, house_number, postcode, town, country;
};

/* What a form says of a contact. */
struct contact_fields {
	bool is_structure; /* then LAST_NAME is its name */
	struct str salutation, first_name, last_name, department, vat_number;
	struct str birth_date; /* "1984-03-14" or empty */
	struct str email, phone;
	enum language language;
	struct postal address;
};

struct contact {
	int64_t id, number, version, made_at, merged_into;
	struct contact_fields is; /* the phone in E.164 where it is one */
};

/* The contact's internet account that lives; or, when none does, the one closed last. */
struct contact_account {
	int64_t id; /* 0: never had one */
	enum account_state state;
	struct str email, reason;
	int64_t made_at, signin_at, signin_at_shop, sessions;
	struct str shop_name; /* of the last sign-in */
	bool has_password;
};

enum status contact_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct contact *out);
enum status contact_account_get(struct conn *db, struct arena *a, int64_t contact, struct contact_account *out);

/* "Jeanne Rochat"; a structure's name. */
struct str contact_name(struct arena *a, const struct contact_fields *f);

/* Checks the fields and puts phone and e-mail in order: findings at each. For forms while one types, too. */
enum status contact_check(struct arena *a, struct contact_fields *f, struct problem *why);

/* The same of an address alone, at its fields. */
void contact_address_check(const struct postal *p, struct problem *why);

/* Makes a contact with the next number, inside a store_write, and notes it. F was checked. */
enum status contact_make(struct conn *db, struct arena *a, const struct actor *who, const struct contact_fields *f, int64_t *id);

/* Saves F if the contact is still at VERSION, inside a store_write, and notes it. REFUSED with a finding at "version" when somebody was faster, at "email" when
 * the address of its account cannot follow. An invited account's is corrected, and its invitation goes out anew; that of one somebody uses waits until it is confirmed
 * (email_change.h), and the contact keeps the old one until then. F was checked. */
enum status contact_save(
	struct conn *db, struct arena *a, const struct actor *who, int64_t id, int64_t version, const struct contact_fields *f, struct problem *why);

/* The first half of every change of a contact: takes its row from VERSION to the next; REFUSED with a finding at "version". Inside a store_write. */
enum status contact_take(struct conn *db, const struct actor *who, int64_t id, int64_t version, struct problem *why);

/* Makes an invited internet account for the contact, inside a store_write; no mail yet. REFUSED with a finding at "email": none, or another living account has the
 * address (with its contact's number); at "internet_account" when it has one already. */
enum status contact_account_make(struct conn *db, struct arena *a, const struct actor *who, int64_t contact, int64_t *account, struct problem *why);

/* ---- likely the same ---- */

#define LIKELY_MOST 5 /* beside a form; more and nobody compares them */

struct likely {
	int64_t id, number;
	struct str name, email, town;
};

/* Contacts that may be the one of F: the same e-mail, or the same folded name with the same postcode, birth date or phone. BUT itself is left out. */
enum status contact_likely(struct conn *db, struct arena *a, const struct actor *who, const struct contact_fields *f, int64_t but,
	struct likely out[static LIKELY_MOST], size_t *count);
