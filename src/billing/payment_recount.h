/* billing/payment_recount.h: what must be true of payments: that every franc a bank reported lies on a bill or on the work list. */
#pragma once
#include "store/recount.h"

extern const struct recount payment_recounts[];
extern const size_t payment_recount_count;
