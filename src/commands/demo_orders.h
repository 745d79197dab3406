/* commands/demo_orders.h: what the demonstration's theatre has sold: orders in every state, made as buyers, a bank and operators make them. */
#pragma once
#include "base/arena.h"
#include "store/store.h"

/* Makes them, in writes of their own, for the shop of a house that demo_programme_make has just filled. BUYER_EMAIL: whose account buys too. */
enum status demo_orders_make(struct conn *db, struct arena *a, int64_t institution, int64_t shop, struct str buyer_email);
