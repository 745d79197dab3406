/* sales/postpone.h: a whole programme, later: for a demonstration that is started again when its evenings have come too near. */
#pragma once
#include "store/store.h"

/* Moves all performances of INSTITUTION and what is left of their sales by as many weeks as it takes until none begins before FIRST_DAY (base/day.h), inside a
 * store_write; each keeps its weekday and its hour in ZONE. Whoever bought comes on the new day. Nothing moves when none is too near. */
enum status programme_postpone(struct conn *db, struct arena *a, int64_t institution, struct str zone, int64_t first_day);
