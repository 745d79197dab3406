/* store/recount.h: counting from the rows what must be true of them: each capability lists its checks, `parterre audit` runs them in one snapshot. */
#pragma once
#include "store/store.h"

/* What must hold. COUNTED gives how many rows were looked at; DIFFERING gives how many break the rule and the smallest id among them (0 and NULL: none). */
struct recount {
	const char *what; /* one word, for the line: "places" */
	const char *rule; /* as a sentence: "a taken place has one living ticket" */
	struct sql counted, differing;
};

struct recounted {
	const struct recount *check;
	int64_t counted, differing, example;
};

/* Runs COUNT checks; inside a store_snapshot, so that what others write meanwhile does not make them differ. */
enum status recount_run(struct conn *db, const struct recount *checks, size_t count, struct recounted *out);
