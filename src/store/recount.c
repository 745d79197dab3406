/* store/recount.c: running checks. */
#include "store/recount.h"

enum status recount_run(struct conn *db, const struct recount *checks, size_t count, struct recounted *out)
{
	for (size_t i = 0; i < count; i++) {
		enum status st;
		out[i] = (struct recounted){ .check = &checks[i] };
		if ((st = store_row(db, &checks[i].counted))) return st;
		out[i].counted = col_int64(db, 0);
		if ((st = store_row(db, &checks[i].differing))) return st;
		out[i].differing = col_int64(db, 0);
		out[i].example = col_int64(db, 1);
	}
	return OK;
}
