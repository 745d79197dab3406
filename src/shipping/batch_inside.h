/* shipping/batch_inside.h: what claiming and writing files share. */
#pragma once
#include "shipping/batch.h"

/* The files of a batch that is being made, kept (file.h) but not referred to yet, with what its encoding lacked. */
struct batch_files {
	int64_t tickets, letters, manifest; /* letters 0: none wished */
	int64_t pieces;
	struct str changed_text;
};
enum status batch_files_write(struct conn *db, struct arena *a, const struct batch *b, const struct printer *p, struct batch_files *out);

/* A row of fields, each in quotes, ended by CR and LF. */
void print_row_add(struct buf *b, const struct str *fields, size_t count, char separator);
