/* store/prepared.h: the prepared statements of one connection, found by the address of their struct sql and the kinds of their values. */
#pragma once
#include "store/store.h"

#define VALUES_MAX 48 /* a statement with more is a list in disguise: one row a statement is as fast inside a write */

struct sqlite3_stmt;

struct prepared {
	const struct sql *q;
	const char *text;
	unsigned char kinds[VALUES_MAX]; /* PostgreSQL fixes types when it prepares */
	unsigned number;				 /* from 1; names it on a PostgreSQL connection */
	struct sqlite3_stmt *statement;
	unsigned char index[VALUES_MAX]; /* SQLite's of $1, $2… */
};

struct prepared_table {
	struct prepared **slots;
	size_t size, used;
};

/* What was added for Q with values of these kinds, or NULL. */
struct prepared *prepared_find(const struct prepared_table *t, const struct sql *q, const struct value *values, size_t count);

/* Adds an entry for what prepared_find did not find. */
struct prepared *prepared_add(struct prepared_table *t, const struct sql *q, const struct value *values, size_t count);

/* Forgets everything; END, which may be NULL, is called for each entry first. */
void prepared_clear(struct prepared_table *t, void (*end)(struct prepared *p));
