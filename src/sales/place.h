/* sales/place.h: places are rows, and who takes one writes it. No count is kept anywhere that could be wrong: N rows are sold N times.
 *
 * A place is free while free_from lies in the past: never held, given back, or a hold that is over, which needs no job to come by. Each statement here takes all
 * that it was asked for or nothing, and never waits for another buyer: rows that others are writing are passed over (PostgreSQL) or cannot be (SQLite has one
 * writer). When enough are free once the others are through, the answer is CONFLICT, and store_write runs again. */
#pragma once
#include "store/store.h"

#define PLACE_TAKEN (INT64_C(1) << 62) /* free_from of what is sold or reserved: never in the past */

/* Of a performance that is not on sale, or has begun, nothing is free to take. All inside a store_write. LINE is the order_line that holds the places until UNTIL. */

/* N places of ZONE without numbers, or with: the first that are free. NOT_FOUND: so many are not free. */
enum status place_take(struct conn *db, int64_t zone, int64_t n, int64_t line, int64_t until);

/* The numbered places of ZONE in row ROW from POSITION to LAST. NOT_FOUND: not all of them are free. */
enum status place_take_run(struct conn *db, int64_t zone, int64_t row, int64_t position, int64_t last, int64_t line, int64_t until);

/* One seat of ZONE. NOT_FOUND: it is not free, or not in this zone. */
enum status place_take_seat(struct conn *db, int64_t zone, int64_t seat, int64_t line, int64_t until);

/* Gives N of the places that FROM took or holds on in this transaction, until UNTIL, over to TO, in the order of their seats. Others that still name FROM, whose hold
 * is over, may be in other hands just now and are not waited for. */
enum status place_pass(struct conn *db, int64_t from, int64_t to, int64_t n, int64_t until);

/* What LINE holds and nobody took meanwhile is free again. */
enum status place_give_back(struct conn *db, int64_t line);

/* What the lines of ORDER hold, and nobody took meanwhile, is held until UNTIL, if that is later. */
enum status place_hold_on(struct conn *db, int64_t order, int64_t until);

/* Takes for good what the lines of ORDER hold, also when the hold is over but nobody took it. NOT_FOUND unless they are N: the caller rolls back. */
enum status place_keep(struct conn *db, int64_t order, int64_t n);

/* A ticket's place is free again, if LINE took it. */
enum status place_free(struct conn *db, int64_t place, int64_t line);

/* How many of ZONE are free, at most MOST of them counted. */
enum status place_count_free(struct conn *db, int64_t zone, int64_t most, int64_t *out);
