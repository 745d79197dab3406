/* institution/signing_key.h: which signing keys are in use, so that a host with another key folder is told at its start and not by half of the links failing. */
#pragma once
#include "formats/link.h"
#include "base/problem.h"
#include "store/store.h"

/* Compares the keys in use with those that HAVE holds: REFUSED with words when one is missing, or when there are none in HAVE. */
enum status signing_keys_check(struct conn *db, struct arena *a, struct link_keys have, struct problem *why);

/* Notes that the newest of HAVE signs from now on, inside a store_write. */
enum status signing_key_note(struct conn *db, struct link_keys have);
