/* billing/recount.h: what must be true of bills, credit notes and instalments, their numbers and their money. */
#pragma once
#include "store/recount.h"

extern const struct recount billing_recounts[];
extern const size_t billing_recount_count;
