/* shipping/status_inside.h: what reading a printing status file and applying it share. */
#pragma once
#include "shipping/status.h"

/* A set of 64-bit keys with a value each, for all lines of a file. */
struct key_set {
	struct key_slot {
		uint64_t key;
		int64_t value, other; /* other: of lines, the first that contradicts */
		uint64_t content;
		bool is_taken;
	} * slots;
	size_t size;
};

/* What deciding lines needs. */
struct reading {
	struct arena *a;
	const struct printer *printer;
	struct str zone;
	struct key_set lines;	  /* by what a line is about: its first line, and what that says */
	struct key_set numbers;	  /* tracking numbers of this file: the shipment that has each; for the preview */
	struct key_set shipments; /* that would be told; for the preview */
	unsigned char hash_key[16];
};

/* What a line does. */
struct decision {
	enum line_outcome outcome;
	enum line_why why;
	struct str about;
	int64_t print_line, ticket, shipment, batch; /* print_line 0: none */
	enum print_line_state from, to;
	bool was_posted, is_posted, is_newly_printed;
	int64_t partner, printed_at, posted_at;
	struct str tracking_given, tracking, tracking_url;
};

/* Goes through the file once and knows which lines speak of the same ticket. The caller owns nothing: all lives in R's arena. */
void reading_look(struct reading *r, const struct print_status *file);

/* What LINE does as things stand. Reads only. */
enum status line_decide(struct conn *db, struct arena *a, struct reading *r, const struct print_status_line *l, struct decision *d);

/* Does it, inside a store_write. CONFLICT: it stands otherwise by now; the write runs again. */
enum status line_apply(struct conn *db, const struct reading *r, const struct decision *d);

/* In key_set: the slot of KEY, new ones zeroed with is_taken set; *IS_NEW says so. */
struct key_slot *key_slot(struct key_set *s, uint64_t key, bool *is_new);
void key_set_make(struct arena *a, struct key_set *s, size_t entries);

const char *line_why_name(enum line_why why);
enum line_why line_why_read(struct str name);
const char *line_outcome_name(enum line_outcome outcome);
enum line_outcome line_outcome_read(struct str name);
