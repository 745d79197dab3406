/* work/noted.h: a bounded set of sessions' token hashes that threads put in and the background takes out. */
#pragma once
#include "base/str.h"

#define NOTED_MAX  4096 /* sessions between two looks of the background, a second apart */
#define NOTED_SIZE 32	/* octets of a token hash */

struct noted;
struct noted *noted_new(void);
void noted_free(struct noted *n);

/* Once however often it is put in. Another length than NOTED_SIZE, or no room: forgotten. */
void noted_add(struct noted *n, struct str token_hash);

/* Takes all out, in arena A; gives how many. */
size_t noted_take(struct noted *n, struct arena *a, struct str **out);
