/* commands/bank_report_data.h: what the report's template shows. For bank_report.c and bank_report.html only. */
#pragma once
#include "base/render.h"
#include "formats/reconcile.h"

/* Texts are in the page's language. */
struct report_finding {
	struct report_finding *next;
	int64_t line;
	struct str said, rule;
};

/* Rows of one outcome in one currency. */
struct report_count {
	struct report_count *next;
	enum outcome outcome;
	struct str currency, word, state, done, share, amount;
	int64_t rows, cents;
};

/* Sums of one currency. */
struct report_figure {
	struct report_figure *next;
	struct str currency, booked, look, known;
	int64_t look_rows, booked_cents, look_cents, known_cents;
};

/* A row that somebody must look at. */
struct report_look {
	struct report_look *next;
	struct str place, payer, reference, bill, open, word, state, why, amount;
	bool has_date;
	int64_t date;
};

struct report_file {
	struct report_file *next;
	struct str name, form, account;
	bool is_refused;
	int64_t errors, rows, look_rows;
	const struct bank_findings *said;
	struct report_finding *findings;
	struct report_count *counts;
	struct report_figure *figures;
	struct report_look *looks, **next_look;
};
