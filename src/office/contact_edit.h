/* office/contact_edit.h: what the form of a contact sees. */
#pragma once
#include "base/country.h"
#include "office/contacts.h"

struct country_choice {
	struct str code, name;
	bool is_chosen;
};

/* A field that two operators see differently. */
struct difference_shown {
	enum message name;
	struct str yours, theirs;
};
#define DIFFERENCES_MAX 16

struct edit_shown {
	const struct contact *old; /* NULL: a new one */
	const struct contact_fields *is;
	struct str action, csrf;
	int64_t version;
	bool wants_account, may_invite;
	struct str why_no_account; /* why none can be made; empty: one can */
	struct country_choice *countries;
	size_t country_count;
	struct likely likely[LIKELY_MOST];
	size_t likely_count;
	struct difference_shown differences[DIFFERENCES_MAX];
	size_t difference_count;
	const struct problem *why;
};

struct response office_contact_new_page(struct request *r);
struct response office_contact_new(struct request *r);
struct response office_contact_edit_page(struct request *r);
struct response office_contact_save(struct request *r);
struct response office_contact_beside(struct request *r);
