/* accounts/counter.h: recovery from the counter: an operator sends a link and never sees it (domain.md 5, Office). Every case in which that can't be has its own finding,
 * and nothing is half done then. */
#pragma once
#include "accounts/contact.h"
#include "documents/type.h"
#include "institution/sale_open.h"

#define COUNTER_PAUSE MINUTE /* while a link sent by the office so shortly ago lives, no second is sent */
#define BULK_PAUSE	  DAY /* an action for many gives nobody a second link so soon after the first, unless that was used: repeated, it sends nothing */
#define COUNTER_MOST \
	60 /* links an operator sends one by one in COUNTER_STRETCH: one a minute of a busy counter, with room; many have an action of their own */
#define COUNTER_STRETCH (15 * MINUTE) /* the buyer's own limits don't count for the office, nor the other way round */

/* What the pop-up offers. */
struct counter_offer {
	int64_t contact, account;
	struct str name, email;
	enum language language;
	bool is_invitation; /* no password yet */
	bool makes_account; /* there is no account yet: sending makes one */
	struct problem why; /* why it can't be; findings at "": then the rest may be missing */
	bool lacks_shop;	/* because there is no internet point of sale at all: the page links to where one is set up */
	struct document_type *types;
	size_t type_count;
	struct open_sale *sales; /* the one of the last sign-in first */
	size_t sale_count;
	int64_t last_shop; /* of the last sign-in; 0: none */
};

/* For a contact with an account, or, where MAKES, for one that shall get one. NOT_FOUND: no such contact. */
enum counter_for { FOR_ACCOUNT, FOR_NEW_ACCOUNT };
enum status counter_offer(
	struct conn *db, struct arena *a, const struct actor *who, int64_t contact, enum counter_for purpose, struct counter_offer *out);

/* The same without a contact yet: what a new one with an account would be sent with. */
enum status counter_offer_new(struct conn *db, struct arena *a, const struct actor *who, struct counter_offer *out);

/* What the operator chose, by code; empty where there was only one to choose. */
struct counter_choice {
	struct str document_type, point_of_sale;
};

/* Reads a choice against an offer: findings at "document_type" and "point_of_sale" when one is missing or was switched off meanwhile. REFUSED then. */
enum status counter_choose(const struct counter_offer *offer, const struct counter_choice *choice, int64_t *type, int64_t *shop, struct problem *why);

/* The codes of what was chosen, for the trail. */
struct str counter_type_code(const struct counter_offer *offer, int64_t type);
struct str counter_sale_code(const struct counter_offer *offer, int64_t shop);

enum counter_outcome { COUNTER_SENT, COUNTER_SENT_BEFORE, COUNTER_LIMITED };

struct counter_result {
	enum counter_outcome outcome;
	struct str by; /* COUNTER_SENT_BEFORE: who was faster, and when */
	int64_t at;
	int wait; /* COUNTER_LIMITED: seconds */
};

/* Whether WHO may send ACCOUNT a link by hand now, inside a store_write that has taken the account's row, and counts it. COUNTER_SENT: he may; else as above, and
 * nothing was counted beyond his limit. For whatever sends one beside counter_send. */
enum status counter_allow(struct conn *db, struct arena *a, const struct actor *who, int64_t account, struct counter_result *out);

/* Sends, inside a store_write: looks again whether it can be, makes the account first where FOR_NEW_ACCOUNT, the link, its mail, the trail. REFUSED with findings
 * (nothing happened); OK with the outcome. */
struct counter_order {
	int64_t contact;
	enum counter_for purpose;
	struct counter_choice choice;
	bool is_bulk; /* one of many: the operator's limit doesn't count */
};
enum status counter_send(
	struct conn *db, struct arena *a, const struct actor *who, const struct counter_order *order, struct counter_result *out, struct problem *why);
