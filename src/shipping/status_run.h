/* shipping/status_run.h: what the preview and the import share of beginning. */
#pragma once
#include "shipping/status_inside.h"

/* Makes R ready for FILE's lines. */
enum status reading_begin(struct conn *db, struct arena *a, const struct printer *p, const struct print_status *file, struct reading *r);

/* A line's keys, shortened, for people. */
struct str line_said(struct arena *a, const struct print_status_line *l);
