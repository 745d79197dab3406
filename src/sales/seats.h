/* sales/seats.h: the seats of a zone as a table (docs/seats.md): read from CSV, and written so that it reads back the same. */
#pragma once
#include "store/store.h"

#define SEATS_MOST 4000 /* of a zone: as many as a plan shows; a larger hall has several zones */

enum seats_fault {
	SEATS_NOT_TEXT,		  /* not UTF-8 */
	SEATS_BROKEN,		  /* a quote that is never closed, or text behind one */
	SEATS_COLUMN_MISSING, /* row, seat or category */
	SEATS_CELL_MISSING,	  /* in such a column */
	SEATS_CELL_TOO_LONG,  /* more than SEATS_NAME_MAX characters */
	SEATS_NOT_A_NUMBER,	  /* position, row_order, x, y */
	SEATS_CATEGORY_UNKNOWN,
	SEATS_TWICE,	/* the same row and seat, or the same place in a row, as another line */
	SEATS_TOO_MANY, /* more than SEATS_MOST lines */
	SEATS_NONE,
	SEATS_IN_USE /* a performance sells this zone */
};

#define SEATS_NAME_MAX 10 /* characters of a row's or a seat's name: what stands on a ticket */

struct seats_finding {
	enum seats_fault fault;
	size_t line; /* of the file; 0: of all of it */
	const char *column;
};

struct seats_report {
	struct seats_finding *findings;
	size_t count, seats;
};

#define SEATS_FINDINGS_MOST 200 /* nobody mends more at a time */

/* Makes the seats of a numbered zone of the institution from CSV, in the place of those it had, inside a store_write. REFUSED with all findings and nothing changed;
 * NOT_FOUND: no such zone. */
enum status seats_import(struct conn *db, struct arena *a, int64_t institution, int64_t zone, struct str csv, struct seats_report *out);

/* The zone's seats as such a file, in arena A. */
enum status seats_export(struct conn *db, struct arena *a, int64_t institution, int64_t zone, struct str *out);
