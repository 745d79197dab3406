/* sales/recount.h: what must be true of places, orders, tickets, their money and their numbers. */
#pragma once
#include "store/recount.h"

extern const struct recount sales_recounts[];
extern const size_t sales_recount_count;
