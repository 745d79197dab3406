/* base/random.h: unpredictable bytes, from libsodium. */
#pragma once
#include "base/str.h"

/* Fills LEN bytes at AT. */
void random_fill(void *at, size_t len);

/* LEN fresh random bytes in arena A. */
struct str random_bytes(struct arena *a, size_t len);
