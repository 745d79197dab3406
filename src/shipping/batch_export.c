/* shipping/batch_export.c: a batch in the making: shipments are claimed some at a time, each claim a short write, and whoever else claims passes over them. The
 * last write makes all of it visible. A batch that is given up leaves nothing. */
#include "institution/audit.h"
#include "institution/institution.h"
#include "shipping/batch_inside.h"
#include "shipping/shipment.h"

#define NUMBERS_FROM	1000 /* so that the first batch's number looks like one */
#define CLAIMED_AT_ONCE 20	 /* shipments a write: some hundred lines at most, under 5 ms */

struct making {
	struct arena *a;
	const struct actor *who;
	const struct printer *printer;
	struct batch *batch;
	struct batch_files files;
	int64_t after, lines;		  /* where the claiming stands: the last shipment looked at, and the lines so far */
	int64_t after_now, lines_now; /* of the write that runs */
	size_t claimed;
};

static enum status begin(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("INSERT INTO print_batch (institution, interface, state, by_name, made_at, touched_at, lines, shipments, pieces, changed_text)"
			" VALUES ($1, $2, 'making', $3, $4, $4, 0, 0, 0, '') RETURNING id");
	static const struct sql number = SQL("UPDATE print_batch SET number = $2 WHERE id = $1");
	struct making *x = arg;
	struct batch *b = x->batch;
	enum status st = store_row(db, &q, int64(b->institution), int64(b->interface), text(b->by_name), int64(store_now(db)));
	if (st) return st;
	b->id = col_int64(db, 0);
	b->number = number_with_check(NUMBERS_FROM + b->id);
	return store_exec(db, &number, int64(b->id), int64(b->number));
}

/* ---- claiming ---- */

static enum status claim_rows(struct conn *db, struct making *x, int64_t ids[static CLAIMED_AT_ONCE])
{
	/* Not as the sub-select of an UPDATE: PostgreSQL may run that once a row, and then the LIMIT holds for each run alone. */
	static const struct sql q = SQL("SELECT id FROM shipment WHERE institution = $1 AND state = 'ready' AND id > $3"
									" AND shipment_mode IN (SELECT m.id FROM shipment_mode m WHERE m.printer = $2) ORDER BY id LIMIT $4" SKIP_LOCKED);
	enum status st = store_query(db, &q, int64(x->batch->institution), int64(x->batch->interface), int64(x->after), int64(CLAIMED_AT_ONCE));
	while (!st && !(st = store_next(db))) ids[x->claimed++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

/* Its tickets that are sold and have neither an open nor a good line. */
static enum status add_lines(struct conn *db, struct making *x, int64_t shipment)
{
	static const struct sql q = SQL(
		"INSERT INTO print_line (batch, line, shipment, piece, ticket, barcode, copy, state, is_posted, is_void, tracking_given, tracking,"
		"  tracking_url, partner, printed_at, posted_at, run, reason)"
		" SELECT CAST($2 AS BIGINT), CAST($3 AS BIGINT) + row_number() OVER (ORDER BY p.n, k.rank), p.shipment, p.id, t.id, t.barcode,"
		"  1 + (SELECT count(*) FROM print_line s WHERE s.ticket = t.id AND s.state = 'spoilt'), 'exported', FALSE, FALSE, '', '', '', NULL, NULL,"
		"  NULL, '', ''"
		" FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living JOIN ticket t ON t.id = k.ticket"
		" WHERE p.shipment = $1 AND t.state IN ('sold','printed')"
		"  AND NOT EXISTS (SELECT 1 FROM print_line l WHERE l.ticket = t.id AND l.state IN ('exported','missing','printed'))");
	static const struct sql claim = SQL("UPDATE shipment SET state = 'in_print' WHERE id = $1 AND state = 'ready'");
	static const struct sql mark = SQL("UPDATE shipment SET batch = $2 WHERE id = $1");
	enum status st;
	if ((st = store_exec(db, &claim, int64(shipment)))) return st;
	if (store_changes(db) == 0) BUG("shipment %lld is no longer ready", (long long)shipment); /* its row is ours */
	if ((st = store_exec(db, &q, int64(shipment), int64(x->batch->id), int64(x->lines_now)))) return st;
	int64_t added = store_changes(db);
	x->lines_now += added;
	return added ? store_exec(db, &mark, int64(shipment), int64(x->batch->id)) : shipment_settle_state(db, shipment);
}

static enum status claim(struct conn *db, void *arg)
{
	static const struct sql touch = SQL("UPDATE print_batch SET touched_at = $2 WHERE id = $1 AND state = 'making'");
	struct making *x = arg;
	int64_t ids[CLAIMED_AT_ONCE];
	enum status st;
	x->claimed = 0;
	x->after_now = x->after;
	x->lines_now = x->lines;
	if ((st = store_exec(db, &touch, int64(x->batch->id), int64(store_now(db))))) return st;
	if (store_changes(db) == 0) return NOT_FOUND; /* given up meanwhile */
	if ((st = claim_rows(db, x, ids))) return st;
	for (size_t i = 0; i < x->claimed; i++)
		if ((st = add_lines(db, x, ids[i]))) return st;
	if (x->claimed) x->after_now = ids[x->claimed - 1];
	return OK;
}

static enum status claim_all(struct conn *db, struct making *x)
{
	enum status st;
	do {
		if ((st = store_write(db, claim, x))) return st;
		x->after = x->after_now;
		x->lines = x->lines_now;
	} while (x->claimed && x->lines < BATCH_LINES_MOST);
	return OK;
}

/* ---- the last write ---- */

static enum status publish(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE print_batch SET state = 'exported', exported_at = $2, due_at = $3, lines = $4,"
			"  shipments = (SELECT count(DISTINCT shipment) FROM print_line WHERE batch = $1), pieces = $5, changed_text = $6, tickets_file = $7,"
			"  letters_file = $8, manifest_file = $9 WHERE id = $1 AND state = 'making' RETURNING shipments");
	struct making *x = arg;
	struct batch *b = x->batch;
	int64_t now = store_now(db), due = now + x->printer->return_days * DAY;
	enum status st = store_row(db, &q, int64(b->id), int64(now), int64(due), int64(x->lines), int64(x->files.pieces), text(x->files.changed_text),
		int64(x->files.tickets), x->files.letters ? int64(x->files.letters) : null_value(), int64(x->files.manifest));
	if (st) return st;
	b->state = BATCH_EXPORTED;
	b->exported_at = now;
	b->due_at = due;
	b->lines = x->lines;
	b->shipments = col_int64(db, 0);
	b->pieces = x->files.pieces;
	b->changed_text = x->files.changed_text;
	b->tickets_file = x->files.tickets;
	b->letters_file = x->files.letters;
	b->manifest_file = x->files.manifest;
	const struct audit_value after[] = { { "batch", batch_number(x->a, b->number) }, { "lines", str_format(x->a, "%lld", (long long)b->lines) },
		{ "shipments", str_format(x->a, "%lld", (long long)b->shipments) }, { NULL, { 0 } } };
	return audit_note(db, x->a, x->who, &(const struct audit_record){ "tickets-exported", "batch", b->id, NULL, after });
}

/* ---- giving up ---- */

static enum status undo(struct conn *db, int64_t batch)
{
	static const struct sql mine = SQL("UPDATE print_batch SET touched_at = $2 WHERE id = $1 AND state = 'making'");
	static const struct sql back = SQL("UPDATE shipment SET batch = NULL, state = 'ready' WHERE batch = $1 AND state = 'in_print'");
	static const struct sql unset = SQL("UPDATE shipment SET batch = NULL WHERE batch = $1");
	static const struct sql lines = SQL("DELETE FROM print_line WHERE batch = $1");
	static const struct sql row = SQL("DELETE FROM print_batch WHERE id = $1");
	enum status st;
	if ((st = store_exec(db, &mine, int64(batch), int64(store_now(db))))) return st;
	if (store_changes(db) == 0) return NOT_FOUND;
	if ((st = store_exec(db, &back, int64(batch)))) return st;
	if ((st = store_exec(db, &unset, int64(batch)))) return st; /* cancelled meanwhile */
	if ((st = store_exec(db, &lines, int64(batch)))) return st;
	return store_exec(db, &row, int64(batch));
}

static enum status undo_this(struct conn *db, void *arg)
{
	return undo(db, ((struct making *)arg)->batch->id);
}

static enum status undo_old(struct conn *db, void *arg)
{
	static const struct sql q = SQL("SELECT id FROM print_batch WHERE state = 'making' AND touched_at < $1 ORDER BY touched_at LIMIT 1");
	(void)arg;
	enum status st = store_row(db, &q, int64(store_now(db) - BATCH_GIVEN_UP));
	return st ? st : undo(db, col_int64(db, 0));
}

enum status batch_sweep(struct conn *db)
{
	enum status st;
	while ((st = store_write(db, undo_old, NULL)) == OK) {
	}
	return st == NOT_FOUND ? OK : st;
}

/* ---- the whole ---- */

enum status batch_ready(struct conn *db, int64_t institution, int64_t interface, int64_t *shipments)
{
	static const struct sql q = SQL("SELECT count(*) FROM shipment WHERE institution = $1 AND state = 'ready'"
									" AND shipment_mode IN (SELECT m.id FROM shipment_mode m WHERE m.printer = $2)");
	enum status st = store_row(db, &q, int64(institution), int64(interface));
	if (st == OK) *shipments = col_int64(db, 0);
	return st;
}

enum status batch_export(struct conn *db, struct arena *a, const struct actor *who, const struct printer *p, struct batch *out)
{
	*out = (struct batch){ .institution = who->institution, .interface = p->interface.id, .by_name = who->name, .made_at = store_now(db) };
	struct making x = { .a = a, .who = who, .printer = p, .batch = out };
	int64_t ready;
	enum status st;
	if ((st = batch_sweep(db))) return st; /* what a crash left five minutes ago goes with this one */
	if ((st = batch_ready(db, who->institution, p->interface.id, &ready))) return st;
	if (ready == 0) return NOT_FOUND;
	if ((st = store_write(db, begin, &x))) return st;
	st = claim_all(db, &x);
	if (st == OK && x.lines == 0) st = NOT_FOUND;
	if (st == OK) st = batch_files_write(db, a, out, p, &x.files);
	if (st == OK) st = store_write(db, publish, &x);
	/* What cannot be undone now is undone by the sweep. After an unknown outcome it is published or still in the making: the sweep knows. */
	if (st && !store_outcome_unknown(db)) store_write(db, undo_this, &x);
	return st;
}
