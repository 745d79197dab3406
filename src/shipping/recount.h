/* shipping/recount.h: what must be true of shipments, pieces, print lines and notices. */
#pragma once
#include "store/recount.h"

extern const struct recount shipping_recounts[];
extern const size_t shipping_recount_count;
