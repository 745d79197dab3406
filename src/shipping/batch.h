/* shipping/batch.h: print batches: what goes to a printing company, once (shipping-rules.md 2 and 4). */
#pragma once
#include "base/clock.h"
#include "shipping/interface.h"
#include "shipping/file.h"

enum batch_state { BATCH_MAKING, BATCH_EXPORTED, BATCH_PART_BACK, BATCH_COMPLETE, BATCH_CANCELLED };
const char *batch_state_name(enum batch_state state);

struct batch {
	int64_t id, institution, interface, number;
	enum batch_state state;
	struct str by_name, changed_text;
	int64_t made_at, exported_at, due_at;
	int64_t lines, shipments, pieces;
	int64_t tickets_file, letters_file, manifest_file; /* letters_file 0: none wished */
};

/* "B-1047-3", and back. */
struct str batch_number(struct arena *a, int64_t number);
bool batch_number_read(struct str text, int64_t *number);

enum status batch_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t number, struct batch *out);
/* Of an interface (0: of all), the newest first, those before id BEFORE (0: from the newest). */
enum status batch_list(
	struct conn *db, struct arena *a, int64_t institution, int64_t interface, int64_t before, size_t most, struct batch **out, size_t *count);

#define BATCH_LINES_MOST 20000		  /* tickets of a batch; what is left waits for the next */
#define BATCH_GIVEN_UP	 (5 * MINUTE) /* a batch in the making that nobody touched so long is undone */

/* Export colour tickets: claims all that is ready for PRINTER, in steps, and writes the files; the last write makes the batch `exported`. Whoever else exports at
 * the same moment gets other tickets. NOT_FOUND: nothing is ready. In writes of its own. */
enum status batch_export(struct conn *db, struct arena *a, const struct actor *who, const struct printer *p, struct batch *out);

/* How many shipments are ready for a printer. */
enum status batch_ready(struct conn *db, int64_t institution, int64_t interface, int64_t *shipments);

/* Gives up batches whose making nobody goes on with: their lines vanish, their shipments are ready again. A write of its own each. */
enum status batch_sweep(struct conn *db);

/* ---- lines ---- */

enum print_line_state { LINE_EXPORTED, LINE_PRINTED, LINE_SPOILT, LINE_MISSING, LINE_WITHDRAWN };
const char *print_line_state_name(enum print_line_state state);

struct print_line {
	int64_t id, batch_number, line, shipment_number, ticket, copy, printed_at;
	enum print_line_state state;
	bool is_posted, is_void;
	struct str barcode, reason, to, event; /* to: "Jeanne Rochat, 2000 Neuchâtel" */
	int64_t starts_at;
	struct str row, seat;
};

/* Lines of a batch after LINE, in order. */
enum status batch_lines(struct conn *db, struct arena *a, int64_t batch, int64_t after, size_t most, struct print_line **out, size_t *count);

/* List open lines: those of an interface that have not come back, the oldest first, after id AFTER. */
enum status open_lines(
	struct conn *db, struct arena *a, int64_t institution, int64_t interface, int64_t after, size_t most, struct print_line **out, size_t *count);

/* How many lines of a batch stand in each state. */
enum status batch_line_counts(struct conn *db, int64_t batch, int64_t counts[static LINE_WITHDRAWN + 1]);

/* Withdraw lines, inside a store_write: the open ones among LINES (numbers in the batch; LINE_COUNT 0: all) are not to be printed; their shipments are free again.
 * *WITHDRAWN: how many. */
enum status batch_withdraw(
	struct conn *db, struct arena *a, const struct actor *who, const struct batch *b, const int64_t *lines, size_t line_count, int64_t *withdrawn);

/* For the house: the lines that it must not print or must destroy, as a file. Ours alone, or void since. */
enum status batch_withdrawals(struct conn *db, struct arena *a, const struct batch *b, const struct printer *p, struct str *out);

/* Puts a batch into the state that its lines say, inside a store_write. */
enum status batch_settle_state(struct conn *db, int64_t batch);
