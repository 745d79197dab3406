/* commands/bank_pages.h: the files of one run, and what binds those together that are pages of one message or report. For bank_reconcile.c. */
#pragma once
#include "commands/bank_out.h"
#include "formats/reconcile_memory.h"

/* A file of the command line, or one inside an archive. */
struct bank_item {
	struct bank_item *next;
	struct str path, shown;		 /* as opened; for people */
	struct bank_source *spooled; /* of a pipe: it stays open until the second reading */
	struct str name;			 /* without folder and extension */
	size_t member;
	bool is_accepted;
	struct bank_plan plan;
	struct bank_summary summary;
	struct bank_findings findings;
	int64_t reports;
	struct bank_page *pages;		   /* that it is, of a message or a report of several */
	struct bank_page_balances *sheets; /* of the statements on them */
};

/* Note that the file has a report, and what it came to; as the handler of a checking pass, with the struct bank_item as user. */
void bank_pages_report(void *user, const struct bank_report *report);
void bank_pages_report_end(void *user, const struct bank_report *report);

/* Pages count once all of them are there, in this run or BEFORE (C14), and a statement's opening balance and the entries of all its pages give its closing
 * balance (C3). Files among ITEMS for which this is not so are accepted no more, have a finding, and are given to REFUSED; what the balances prove of
 * reversals' signs goes into the plans of the others. */
void bank_pages_check(struct bank_item *items, const struct reconcile_memory *before, void (*refused)(void *user, struct bank_item *it), void *user);

/* Remembers the pages of an imported file. */
void bank_pages_keep(const struct bank_item *it, struct reconcile_memory *in);
