/* institution/actor.h: who acts in the office, with which rights, and where (domain.md 2: profiles in contexts).
 * Every capability of the office takes one; every statement carries its institution, so that a right on a route is never all that stands before a row. */
#pragma once
#include <stdbool.h>

#include "base/str.h"

/* Named rights. Their names stand nowhere but in C: profiles are sets of them (profile.h). */
enum right {
	RIGHT_CONTACT_READ,
	RIGHT_CONTACT_WRITE,
	RIGHT_ACCOUNT_RESET,	  /* sends a reset or invitation link to one contact */
	RIGHT_ACCOUNT_BULK_RESET, /* to many */
	RIGHT_ACCOUNT_EMAIL,	  /* changes the address that an active account signs in with */
	RIGHT_ACCOUNT_BLOCK,	  /* blocks and closes accounts, ends their sessions */
	RIGHT_DOCUMENT_READ,
	RIGHT_DOCUMENT_WRITE,
	RIGHT_POINT_OF_SALE_READ,
	RIGHT_POINT_OF_SALE_WRITE,
	RIGHT_SETTING_READ,
	RIGHT_SETTING_WRITE,
	RIGHT_OPERATOR_READ,
	RIGHT_OPERATOR_WRITE,
	RIGHT_AUDIT_READ,
	RIGHT_AUDIT_ERASE, /* takes what is personal out of the trail */
	RIGHT_OUTBOX_READ,
	RIGHT_OUTBOX_RETRY,
	RIGHT_ORDER_READ,
	RIGHT_ORDER_WRITE,	 /* cancels orders and tickets */
	RIGHT_SHIPPING_READ, /* shipments, batches, interfaces */
	RIGHT_PRINT,		 /* exports tickets, imports their status, posts, reissues */
	RIGHT_INTERFACE_WRITE,
	RIGHT_PROGRAMME_READ,
	RIGHT_PROGRAMME_WRITE, /* events, performances, venues, prices */
	RIGHT_PAYMENT_READ,
	RIGHT_SELL,			 /* at a counter */
	RIGHT_PAYMENT_WRITE, /* imports banks' files, puts money on bills by hand */
	RIGHTS
};

#define RIGHT(r) (UINT64_C(1) << (r))

/* Rights over what belongs to the whole institution: held in an organisation's context they count for nothing. */
#define RIGHTS_OF_HOUSE                                                                                                                            \
	(RIGHT(RIGHT_SETTING_READ) | RIGHT(RIGHT_SETTING_WRITE) | RIGHT(RIGHT_OPERATOR_READ) | RIGHT(RIGHT_OPERATOR_WRITE) | RIGHT(RIGHT_AUDIT_READ) | \
		RIGHT(RIGHT_AUDIT_ERASE) | RIGHT(RIGHT_OUTBOX_READ) | RIGHT(RIGHT_OUTBOX_RETRY) | RIGHT(RIGHT_PAYMENT_READ) | RIGHT(RIGHT_PAYMENT_WRITE))

/* The rights held in one organisation. */
struct grant {
	int64_t organisation;
	uint64_t rights;
};

/* An operator who acts, or a command (operator 0). Text lives as long as the request. */
struct actor {
	int64_t operator_id, institution;
	uint64_t rights;			/* held anywhere: enough for what belongs to the institution as a whole, like contacts */
	uint64_t rights_everywhere; /* held in the institution's own context, so in all its organisations */
	const struct grant *grants; /* one an organisation, on top of these */
	size_t grant_count;
	struct str name, email, network;
};

/* Whether the actor has the right in any context: what a route asks. */
bool actor_may(const struct actor *who, enum right right);

/* Whether he has it in ORGANISATION: what a capability asks of a row that belongs to one. 0: a row for all organisations, which takes the whole house's context. */
bool actor_may_in(const struct actor *who, enum right right, int64_t organisation);

/* The program itself, on behalf of whoever runs a command on the server: every right in INSTITUTION; NAME stands in the audit trail ("parterre operator add"). */
struct actor actor_command(int64_t institution, struct str name);
