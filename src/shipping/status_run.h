/* shipping/status_run.h: what the preview and the import share of beginning. */
#pragma once
#include "shipping/status_inside.h"

/* Makes R ready for FILE's lines. */
enum status reading_begin(struct conn *db, struct arena *a, const struct printer *p, const struct print_status *file, struct reading *r);

/* A line's keys, shortened, for people. */
struct str line_said(struct arena *a, const struct print_status_line *l);

/* What a file would do, as far as it was looked at. */
struct preview {
	int64_t counts[LINE_OUTCOMES], mails;
	struct status_line problems[PROBLEMS_SHOWN];
	size_t problem_count;
};

/* Looks at MOST lines more of FILE, which moves on; *HAS_MORE: the file has not ended. What is kept lives in R's arena. */
enum status preview_look(struct conn *db, struct reading *r, struct print_status *file, size_t most, struct preview *out, bool *has_more);

/* Its counts as they are stored, and its lines to read written down, inside a store_write. */
struct str preview_text(struct arena *a, const struct preview *p);
enum status preview_write(struct conn *db, int64_t import, const struct preview *p);
