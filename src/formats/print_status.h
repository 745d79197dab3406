/* formats/print_status.h: the file in which a printing company says what became of the tickets it was sent (shipping-rules.md 4, "Printing status file").
 * Knows what a line says; what it does to tickets is shipping/'s. */
#pragma once
#include "formats/sheet.h"

enum print_state {
	PRINT_STATE_NONE, /* no column, empty, or NOT_PRINTED as the export says: what a line alone means is the interface's setting */
	PRINT_STATE_PRINTED,
	PRINT_STATE_REPRINTED,
	PRINT_STATE_SPOILT,
	PRINT_STATE_MISSING,
	PRINT_STATE_WITHDRAWN,
	PRINT_STATE_POSTED
};

/* A date as the file has it, in the institution's zone. */
struct print_date {
	bool is_given, has_time;
	int64_t day; /* since 1970-01-01 */
	int minute;	 /* of the day */
};

/* Why a line is refused; the first that holds. */
enum print_line_fault {
	PRINT_LINE_OK,
	PRINT_LINE_BROKEN,		  /* text behind a closing quote */
	PRINT_LINE_NO_KEY,		  /* no barcode, no ticket number, no batch with a line */
	PRINT_LINE_EXCEL,		  /* a spreadsheet has rounded the number in COLUMN */
	PRINT_LINE_STATE_UNKNOWN, /* TICKET_STATE */
	PRINT_LINE_DATE			  /* the one in COLUMN is none, or could be two */
};

struct print_status_line {
	int64_t line;
	struct str bar_code, ticket, batch, batch_line; /* the keys: those given are not empty */
	struct str copy, run, reason, shipment, piece, tracking, tracking_url, partner;
	enum print_state state;
	struct print_date printed, posted;
	enum print_line_fault fault;
	const char *column;
};

enum print_file_fault {
	PRINT_FILE_OK,
	PRINT_FILE_SHEET, /* SHEET.FAULT says why */
	PRINT_FILE_LIMIT, /* LINE: too many lines, columns or characters, or a quote that is never closed */
	PRINT_FILE_NO_KEY,
	PRINT_FILE_NO_LINES
};

#define PRINT_STATUS_COLUMNS 15

struct print_status {
	struct sheet sheet;
	enum print_file_fault fault;
	int64_t line, lines;				   /* the fault's; lines below the header */
	int column_at[PRINT_STATUS_COLUMNS];   /* where each column stands; -1: nowhere */
	struct str unknown[SHEET_COLUMNS_MAX]; /* columns that are passed over, as the file names them */
	size_t unknown_count;
	bool is_day_first;					   /* 03/04/2026 is the third of April */
	bool is_rounded[PRINT_STATUS_COLUMNS]; /* more than one number in this column ends as Excel leaves it */
};

/* Reads the header and goes once through all of BYTES, so that nothing is applied of a file that cannot be read to its end.
 * Names live in arena A and in BYTES. */
struct print_status print_status_of(struct arena *a, struct str bytes, bool is_day_first);

/* The next line, in arena A, which the caller resets when it likes. False at the end. The file has no fault. */
bool print_status_next(struct arena *a, struct print_status *p, struct print_status_line *out);
