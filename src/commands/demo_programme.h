/* commands/demo_programme.h: what the demonstration's theatre plays: a standing zone, a seated hall, eight performances from 15 days ahead. */
#pragma once
#include "base/arena.h"
#include "store/store.h"

/* Makes it all for the house and its shop, inside a store_write. */
enum status demo_programme_make(struct conn *db, struct arena *a, int64_t institution, int64_t shop);

/* Moves it on when its first evening has come nearer than 15 days, inside a store_write. */
enum status demo_programme_move(struct conn *db, struct arena *a);
