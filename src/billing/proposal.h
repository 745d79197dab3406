/* billing/proposal.h: which bills a payment without a usable reference may be meant for. A proposal is for a person to confirm, and never comes from an amount. */
#pragma once
#include "billing/bill.h"

#define PROPOSALS_MOST 5

struct proposal {
	struct bill bill;
	bool is_named; /* the payer wrote its number, or its order's; else the payer has the name on it */
};

/* Open bills whose number or whose order's number stands in WORDS, then those made out to PAYER. OUT has room for PROPOSALS_MOST. */
enum status proposals_find(
	struct conn *db, struct arena *a, int64_t institution, struct str payer, struct str words, struct proposal *out, size_t *count);
