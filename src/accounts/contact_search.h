/* accounts/contact_search.h: the list of contacts: searched by the beginnings of words, or sorted where nothing is searched; a page at a time, by key. */
#pragma once
#include "accounts/account.h"

#define SEARCH_RARE (10 * 1000 + 1)		 /* a word of fewer contacts drives the search; of more, walking the names finds a page's worth sooner */
#define SEARCH_STEP 1000				 /* contacts looked at between two looks at the clock */
#define SEARCH_WALK (30 * SECOND / 1000) /* then the rest is left to one more letter typed */
#define LIST_PAGE	50

enum contact_order { BY_NAME, BY_NUMBER, BY_TOWN, CONTACT_ORDERS };

/* What of the accounts is shown: all contacts, those with a living account, those without, those whose account is in one state. */
enum account_filter { ANY_ACCOUNT, WITH_ACCOUNT, WITHOUT_ACCOUNT, WITH_INVITED, WITH_UNCONFIRMED, WITH_ACTIVE, WITH_BLOCKED, ACCOUNT_FILTERS };

struct contact_query {
	int64_t institution;
	struct str typed;		  /* empty: everybody, in ORDER */
	enum contact_order order; /* a search is always by name */
	bool is_descending;
	enum account_filter account;
	struct str language; /* tag, or empty */
	int64_t made_from;	 /* UTC; 0: whenever */
	struct str after;	 /* a page's `next`, or empty */
};

struct contact_row {
	int64_t id, number;
	bool is_structure;
	struct str first_name, last_name, email, phone, postcode, town, country;
	int64_t account; /* the living one; 0: none */
	enum account_state state;
};

struct contact_page {
	struct contact_row rows[LIST_PAGE];
	size_t count;
	struct str next;	/* where the next page begins; empty: this was the last */
	bool is_broken_off; /* the walk ended by the clock, "more: type on"; NEXT goes on from there */
};

/* Merged contacts are left out. An AFTER that is none of ours begins at the beginning. Fails only as a read does. */
enum status contact_search(struct conn *db, struct arena *a, const struct contact_query *q, struct contact_page *out);
