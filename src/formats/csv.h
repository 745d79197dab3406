/* formats/csv.h: lines of comma-separated values as RFC 4180 has them: fields may be quoted, and hold separators, quotes and line ends then. */
#pragma once
#include "base/str.h"

#define CSV_FIELDS_MAX 256		   /* of a row; our widest table has some thirty */
#define CSV_FIELD_MAX  (64u << 10) /* bytes; texts of ours are below 10,000 characters */

/* A text being read. Lines end in LF, CR+LF or the text's end; a byte order mark at its beginning is passed over. */
struct csv {
	struct str rest;
	char separator;
	int64_t line; /* where the next row begins, from 1 */
};

struct csv csv_of(struct str text, char separator);

/* The fields point into the text or, where quotes had to be undone, into the arena. LINE is where the row begins. */
struct csv_row {
	struct str *fields;
	size_t count;
	int64_t line;
};

/* CSV_BROKEN: a quote that is never closed, text behind a closing quote, or a limit passed; ROW->line says where, and nothing more can be read. */
enum csv_result { CSV_END, CSV_ROW, CSV_BROKEN };

/* Takes the next row off. Empty lines are passed over. ROW lives as long as arena A and the text. */
enum csv_result csv_next(struct arena *a, struct csv *c, struct csv_row *row);

/* The same into the CSV_FIELDS_MAX fields at FIELDS, for long files: arena A is used only where a field holds doubled quotes. */
enum csv_result csv_next_into(struct arena *a, struct csv *c, struct str *fields, struct csv_row *row);

/* How rows are written: the standard's way ends them in CR+LF. */
enum csv_style {
	CSV_PLAIN = 0,
	CSV_LF = 1,		 /* LF alone */
	CSV_DEFUSED = 2, /* for people with spreadsheets: what would run as a formula there gets an apostrophe before it; numbers stay */
};

/* Adds a row of COUNT fields, quoted where they must be. */
void csv_add(struct buf *b, const struct str *fields, size_t count, char separator, unsigned style);
