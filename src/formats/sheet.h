/* formats/sheet.h: a table as people's programs save it: the encoding and the separator are found, and what spreadsheets do to values is undone
 * (shipping-rules.md 4, "Reading"). Read row by row from bytes that stand in memory or are mapped; only a row is held at a time. */
#pragma once
#include "base/str.h"

#define SHEET_BYTES_MAX	  (64u << 20)
#define SHEET_ROWS_MAX	  500000
#define SHEET_COLUMNS_MAX 200
#define SHEET_FIELD_MAX	  4000 /* characters */

enum sheet_encoding { SHEET_UTF8, SHEET_UTF16_LE, SHEET_UTF16_BE, SHEET_WINDOWS_1252 };

/* Why all of a file cannot be read. */
enum sheet_fault {
	SHEET_OK,
	SHEET_EMPTY,
	SHEET_TOO_LARGE, /* more than SHEET_BYTES_MAX */
	SHEET_WORKBOOK,	 /* Excel's .xlsx or .xls, or another archive */
	SHEET_NOT_TEXT,	 /* a zero byte where no UTF-16 begins, or broken UTF-16 */
};

struct sheet {
	struct str bytes;
	size_t at;
	int64_t line, rows; /* where the next row begins, from 1; rows read */
	enum sheet_encoding encoding;
	char separator;
	enum sheet_fault fault;
};

/* The separator is the one of ; , tab | that cuts the first row that is not empty into the most fields (none: the semicolon). */
struct sheet sheet_of(struct str bytes);

struct sheet_row {
	struct str *fields; /* UTF-8, values cleaned: sheet_value */
	size_t count;
	int64_t line;	/* of the file, where it begins */
	bool is_broken; /* text stands behind a closing quote */
};

/* SHEET_LIMIT: too many rows, columns or characters, or a quote that is never closed; ROW->line says where, nothing more can be read. */
enum sheet_result { SHEET_END, SHEET_ROW, SHEET_LIMIT };

/* The next row with something in it, in arena A. Quotes are RFC 4180's; lines end in CR+LF, LF or CR, also mixed. */
enum sheet_result sheet_next(struct arena *a, struct sheet *s, struct sheet_row *row);

/* A value without blanks and no-break spaces around it, without Excel's ="…" and without its leading apostrophe. */
struct str sheet_value(struct str v);

/* A column's name in any case, with or without blanks, hyphens, underscores and accents, as one key: "Bar Code", "BAR_CODE" → "barcode". */
struct str sheet_key(struct arena *a, struct str name);
