/* shipping/status_run.c: applying a printing status file: lines in steps, each step one write that also moves the import's own count, so that a crash or a second
 * process loses none and does none twice; then the shipments that they touched, each once all its lines are through. */
#include "shipping/status_run.h"

#include "institution/audit.h"
#include "shipping/notice.h"
#include "shipping/posting.h"

#define LINES_AT_ONCE	  50 /* a write: some three hundred statements, under 5 ms */
#define SHIPMENTS_AT_ONCE 10

enum status reading_begin(struct conn *db, struct arena *a, const struct printer *p, const struct print_status *file, struct reading *r)
{
	static const struct sql q = SQL("SELECT zone FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(p->interface.institution));
	if (st) return st;
	*r = (struct reading){ .a = a, .printer = p, .zone = col_text(db, 0, a) };
	reading_look(r, file);
	return OK;
}

/* ---- letting it be applied ---- */

enum status status_apply(struct conn *db, struct arena *a, const struct actor *who, int64_t id, bool sends_mails)
{
	static const struct sql same = SQL("SELECT 1 FROM status_import i JOIN status_import o ON o.interface = i.interface AND o.sha256 = i.sha256"
									   " WHERE i.id = $1 AND o.id <> i.id AND o.state <> 'read'");
	static const struct sql q =
		SQL("UPDATE status_import SET state = 'applying', sends_mails = $3 WHERE id = $1 AND institution = $2 AND state = 'read' AND preview <> ''"
			" RETURNING interface");
	static const struct sql foreseen = SQL("DELETE FROM status_line WHERE status_import = $1");
	enum status st = store_row(db, &same, int64(id));
	if (st != NOT_FOUND) return st == OK ? REFUSED : st;
	if ((st = store_row(db, &q, int64(id), int64(who->institution), boolean(sends_mails)))) return st;
	int64_t interface = col_int64(db, 0);
	if ((st = printer_remember_mails(db, interface, sends_mails))) return st;
	if ((st = store_exec(db, &foreseen, int64(id)))) return st;
	const struct audit_value after[] = { { "mails", sends_mails ? S("yes") : S("no") }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "status-applied", "import", id, NULL, after });
}

/* ---- lines ---- */

struct step {
	struct arena *a; /* of the lines; the write's own memory comes from it, too */
	struct reading *reading;
	struct print_status_line lines[LINES_AT_ONCE];
	size_t count;
	int64_t import, done;
};

static enum status note_line(struct conn *db, const struct step *x, const struct print_status_line *l, const struct decision *d)
{
	static const struct sql q = SQL("INSERT INTO status_line (status_import, line, outcome, why, about, said) VALUES ($1, $2, $3, $4, $5, $6)");
	static const struct sql touch =
		SQL("INSERT INTO status_shipment (status_import, shipment, is_done) VALUES ($1, $2, FALSE) ON CONFLICT DO NOTHING");
	bool has_words = d->why != WHY_NONE;
	enum status st = store_exec(db, &q, int64(x->import), int64(l->line), text(str_of(line_outcome_name(d->outcome))),
		text(str_of(line_why_name(d->why))), text(d->about), text(has_words ? line_said(x->a, l) : S("")));
	if (st || (d->outcome != OUTCOME_APPLIED && d->outcome != OUTCOME_VOID)) return st;
	return store_exec(db, &touch, int64(x->import), int64(d->shipment));
}

static enum status apply_some(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE status_import SET done = $3 WHERE id = $1 AND state = 'applying' AND done = $2");
	struct step *x = arg;
	enum status st = store_exec(db, &q, int64(x->import), int64(x->done), int64(x->done + (int64_t)x->count));
	if (st) return st;
	if (store_changes(db) == 0) return NOT_FOUND; /* another process goes on with it */
	for (size_t i = 0; i < x->count; i++) {
		struct decision d;
		if ((st = line_decide(db, x->a, x->reading, &x->lines[i], &d))) return st;
		if ((st = line_apply(db, x->reading, &d))) return st;
		if ((st = note_line(db, x, &x->lines[i], &d))) return st;
	}
	return OK;
}

static enum status lines_end(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE status_import SET state = 'sending', applied_at = $2 WHERE id = $1 AND state = 'applying' AND done = lines");
	return store_exec(db, &q, int64(((struct step *)arg)->import), int64(store_now(db)));
}

static enum status apply_lines(struct conn *db, struct step *x, struct print_status file, int64_t until)
{
	struct print_status_line passed;
	enum status st = OK;
	bool has_more = true;
	for (int64_t i = 0; i < x->done && has_more; i++) {
		has_more = print_status_next(x->a, &file, &passed);
		arena_reset(x->a);
	}
	while (st == OK && has_more) {
		for (x->count = 0; x->count < LINES_AT_ONCE && (has_more = print_status_next(x->a, &file, &x->lines[x->count]));) x->count++;
		if (x->count && (st = store_write(db, apply_some, x))) break;
		x->done += (int64_t)x->count;
		arena_reset(x->a);
		if (has_more && until && clock_steady() >= until) return OK;
	}
	return st ? st : store_write(db, lines_end, x);
}

/* ---- shipments ---- */

struct closing {
	struct arena *a;
	int64_t import, institution;
	bool sends_mails, is_over;
	struct str by_name;
};

static enum status settle_batches(struct conn *db, struct arena *a, int64_t shipment)
{
	static const struct sql q = SQL("SELECT DISTINCT batch FROM print_line WHERE shipment = $1 ORDER BY batch LIMIT 20");
	int64_t ids[20];
	size_t count = 0;
	(void)a;
	enum status st = store_query(db, &q, int64(shipment));
	while (!st && !(st = store_next(db))) ids[count++] = col_int64(db, 0);
	for (size_t i = 0; i < count && st == NOT_FOUND; i++)
		if (!(st = batch_settle_state(db, ids[i]))) st = NOT_FOUND;
	return st == NOT_FOUND ? OK : st;
}

static enum status close_one(struct conn *db, struct closing *x, int64_t id)
{
	static const struct sql done = SQL("UPDATE status_shipment SET is_done = TRUE WHERE status_import = $1 AND shipment = $2");
	struct shipment s;
	enum status st;
	if ((st = shipment_post(db, x->a, id))) return st;
	if ((st = settle_batches(db, x->a, id))) return st;
	if ((st = shipment_get(db, x->a, x->institution, id, &s))) return st;
	if (x->sends_mails && (st = notice_posted(db, x->a, &s, x->import, x->by_name)) && st != NOT_FOUND) return st;
	return store_exec(db, &done, int64(x->import), int64(id));
}

static enum status close_some(struct conn *db, void *arg)
{
	static const struct sql lock = SQL("UPDATE status_import SET done = done WHERE id = $1 AND state = 'sending'");
	static const struct sql next = SQL("SELECT shipment FROM status_shipment WHERE status_import = $1 AND NOT is_done ORDER BY shipment LIMIT $2");
	static const struct sql over = SQL("UPDATE status_import SET state = 'applied' WHERE id = $1 AND state = 'sending'");
	struct closing *x = arg;
	int64_t ids[SHIPMENTS_AT_ONCE];
	size_t count = 0;
	enum status st;
	x->is_over = false;
	if ((st = store_exec(db, &lock, int64(x->import)))) return st; /* one process at a time */
	if (store_changes(db) == 0) return x->is_over = true, OK;
	st = store_query(db, &next, int64(x->import), int64(SHIPMENTS_AT_ONCE));
	while (!st && !(st = store_next(db))) ids[count++] = col_int64(db, 0);
	if (st != NOT_FOUND) return st;
	for (size_t i = 0; i < count; i++)
		if ((st = close_one(db, x, ids[i]))) return st;
	if (count) return OK;
	x->is_over = true;
	return store_exec(db, &over, int64(x->import));
}

static enum status close_shipments(struct conn *db, const struct status_import *i, int64_t until)
{
	struct closing x = { .a = arena_new(), .import = i->id, .institution = i->institution, .sends_mails = i->sends_mails, .by_name = i->by_name };
	enum status st = OK;
	do { /* one step at least, or reading a long file could use up each turn */
		st = store_write(db, close_some, &x);
		arena_reset(x.a);
	} while (st == OK && !x.is_over && !(until && clock_steady() >= until));
	arena_free(x.a);
	return st;
}

/* ---- the whole ---- */

static enum status run_lines(struct conn *db, struct arena *a, const struct status_import *i, int64_t until)
{
	struct step *x = ARENA_NEW(a, struct step);
	struct printer p;
	struct reading r;
	struct str bytes;
	enum status st;
	if ((st = printer_get(db, a, i->institution, i->interface, &p))) return st == NOT_FOUND ? BROKEN : st;
	if ((st = file_read(db, a, i->institution, i->file, &bytes))) return st == NOT_FOUND ? BROKEN : st;
	struct print_status file = print_status_of(a, bytes, p.is_day_first);
	if (file.fault) return BROKEN; /* it had none when it was previewed */
	if ((st = reading_begin(db, a, &p, &file, &r))) return st;
	*x = (struct step){ .a = arena_new(), .reading = &r, .import = i->id, .done = i->done };
	st = apply_lines(db, x, file, until);
	arena_free(x->a);
	return st;
}

enum status status_open(struct conn *db, int64_t *id)
{
	static const struct sql q = SQL("SELECT id FROM status_import WHERE state IN ('applying','sending') ORDER BY id LIMIT 1");
	enum status st = store_row(db, &q);
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

static enum status import_of(struct conn *db, struct arena *a, int64_t id, struct status_import *out)
{
	static const struct sql q = SQL("SELECT institution FROM status_import WHERE id = $1");
	enum status st = store_row(db, &q, int64(id));
	return st ? st : status_get(db, a, col_int64(db, 0), id, out);
}

enum status status_run(struct conn *db, int64_t id, int64_t until)
{
	struct arena *a = arena_new();
	struct status_import i;
	enum status st;
	while ((st = import_of(db, a, id, &i)) == OK && (i.state == IMPORT_APPLYING || i.state == IMPORT_SENDING)) {
		st = i.state == IMPORT_APPLYING ? run_lines(db, a, &i, until) : close_shipments(db, &i, until);
		if (st == NOT_FOUND) st = OK; /* another process was a step ahead: look again */
		if (st || (until && clock_steady() >= until)) break;
		arena_reset(a);
	}
	arena_free(a);
	return st;
}

/* ---- mails later ---- */

#define UNTOLD                                                                                                                                  \
	" FROM status_shipment x JOIN shipment s ON s.id = x.shipment WHERE x.status_import = $1 AND s.institution = $2 AND s.state <> 'cancelled'" \
	"  AND EXISTS (SELECT 1 FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living"                                                 \
	"    WHERE p.shipment = s.id AND p.posted_at IS NOT NULL AND p.told_in IS NULL)"

enum status status_untold(struct conn *db, int64_t institution, int64_t id, int64_t *count)
{
	static const struct sql q = SQL("SELECT count(*)" UNTOLD);
	enum status st = store_row(db, &q, int64(id), int64(institution));
	if (st == OK) *count = col_int64(db, 0);
	return st;
}

enum status status_notices(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct str by_name, int64_t *count)
{
	static const struct sql q = SQL("SELECT s.id" UNTOLD " ORDER BY s.id LIMIT $3");
	int64_t ids[SHIPMENTS_AT_ONCE];
	size_t found = 0;
	enum status st = store_query(db, &q, int64(id), int64(institution), int64(SHIPMENTS_AT_ONCE));
	*count = 0;
	while (!st && !(st = store_next(db))) ids[found++] = col_int64(db, 0);
	if (st != NOT_FOUND) return st;
	for (size_t i = 0; i < found; i++) {
		struct shipment s;
		if ((st = shipment_get(db, a, institution, ids[i], &s))) return st;
		if ((st = notice_posted(db, a, &s, id, by_name)) && st != NOT_FOUND) return st;
		*count += st == OK;
	}
	return OK;
}
