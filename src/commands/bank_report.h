/* commands/bank_report.h: what `parterre bank reconcile --report FILE.html` shows people: a page of its own that needs nothing beside it. */
#pragma once
#include "formats/bank_file.h"
#include "formats/reconcile.h"

struct bank_report_page;

struct bank_report_page *bank_report_new(struct arena *a);

/* Begins FILE; its rows follow. FINDINGS are read when the page is made. */
void bank_report_file(struct bank_report_page *p, struct str file, const struct bank_findings *findings);

/* A file of which nothing was booked, for FINDINGS. */
void bank_report_refused(struct bank_report_page *p, struct str file, const struct bank_findings *findings);

/* MOVED cents were booked since the row before, on whatever bills; false: they go with a later row, since this one has no currency. */
bool bank_report_row(struct bank_report_page *p, const struct reconcile_row *row, int64_t moved);

/* The page. */
struct str bank_report_html(struct bank_report_page *p);
