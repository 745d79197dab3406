/* formats/ticket_print.h: tickets to be printed at home: a page of A4 each, with its barcode as a QR code. Text can be copied; no font but the packaged one. */
#pragma once
#include "formats/canvas.h"

#define TICKET_FACTS 6

struct ticket_fact {
	struct str label, value;
};

/* What a page says, in words. */
struct ticket_sheet {
	struct str house, count;	  /* in the band: who puts it on; "2 of 3" */
	struct str when, title, what; /* "Sat 5 Dec 2026, 20:00", "Carmen", "Opera in four acts" (may be empty) */
	struct str place;			  /* "Stalls, row D, seat 5" */
	struct ticket_fact facts[TICKET_FACTS];
	size_t fact_count;
	struct str barcode; /* the code's content, and below it in signs */
	struct str note;	/* what the holder should know */
};

/* A document of COUNT tickets in arena A; the same give the same bytes. False when the fonts are not installed. */
bool ticket_print(struct arena *a, const struct paper_head *head, uint32_t accent, const struct ticket_sheet *sheets, size_t count, struct str *out);
