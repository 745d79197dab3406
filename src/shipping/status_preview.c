/* shipping/status_preview.c: what a printing status file would do, before anybody decides; of long files made in the background, step by step. */
#include "base/clock.h"
#include "shipping/status_run.h"

#define SAID_MOST	 120 /* bytes of a line that people are shown */
#define PREVIEW_STEP 500 /* lines between two small writes that move the count: some 60 ms */

/* ---- looking ---- */

struct str line_said(struct arena *a, const struct print_status_line *l)
{
	const struct str parts[] = { l->bar_code, l->ticket, l->batch, l->batch_line, l->tracking, l->reason };
	struct buf b = buf_in(a);
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (!parts[i].len) continue;
		if (b.len) buf_add(&b, S("; "));
		buf_add(&b, parts[i]);
	}
	struct str said = str_part(buf_str(&b), 0, SAID_MOST);
	while (said.len && !str_is_text(said)) said.len--; /* not in the middle of a character */
	return said;
}

static enum status count_mail(struct conn *db, struct reading *r, const struct decision *d, int64_t *mails)
{
	static const struct sql q = SQL("SELECT 1 FROM shipment s JOIN customer_order o ON o.id = s.customer_order WHERE s.id = $1 AND o.email <> ''");
	bool is_new;
	if (d->outcome != OUTCOME_APPLIED || !d->is_posted || d->was_posted) return OK;
	key_slot(&r->shipments, (uint64_t)d->shipment * UINT64_C(0x9E3779B97F4A7C15), &is_new);
	if (!is_new) return OK;
	enum status st = store_row(db, &q, int64(d->shipment));
	*mails += st == OK;
	return st == NOT_FOUND ? OK : st;
}

enum status preview_look(struct conn *db, struct reading *r, struct print_status *file, size_t most, struct preview *out, bool *has_more)
{
	struct arena *row = arena_new();
	struct print_status_line l;
	struct decision d;
	enum status st = OK;
	size_t n = 0;
	while (st == OK && n < most && (*has_more = print_status_next(row, file, &l))) {
		n++;
		if ((st = line_decide(db, row, r, &l, &d))) break;
		out->counts[d.outcome]++;
		st = count_mail(db, r, &d, &out->mails);
		if (d.why != WHY_NONE && out->problem_count < PROBLEMS_SHOWN)
			out->problems[out->problem_count++] =
				(struct status_line){ l.line, d.outcome, d.why, str_keep(r->a, d.about), str_keep(r->a, line_said(row, &l)) };
		arena_reset(row);
	}
	arena_free(row);
	return st;
}

/* ---- writing it down ---- */

struct str preview_text(struct arena *a, const struct preview *p)
{
	struct buf b = buf_in(a);
	for (int i = 0; i < LINE_OUTCOMES; i++) buf_addf(&b, "%lld,", (long long)p->counts[i]);
	buf_add_int(&b, p->mails);
	return str_format(a, "[%.*s]", STR_ARG(buf_str(&b)));
}

enum status preview_write(struct conn *db, int64_t import, const struct preview *p)
{
	static const struct sql line =
		SQL("INSERT INTO status_line (status_import, line, outcome, why, about, said) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
	enum status st = OK;
	for (size_t i = 0; i < p->problem_count && !st; i++) {
		const struct status_line *l = &p->problems[i];
		st = store_exec(db, &line, int64(import), int64(l->line), text(str_of(line_outcome_name(l->outcome))), text(str_of(line_why_name(l->why))),
			text(l->about), text(l->said));
	}
	return st;
}

/* ---- in the background ---- */

struct status_preview {
	struct arena *arena; /* all of it */
	int64_t id, done;
	bool has_more;
	struct printer printer;
	struct print_status file;
	struct reading reading;
	struct preview preview;
};

/* An import that nobody is at becomes ours. */
static enum status claim(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE status_import SET done = 0, touched_at = $1 WHERE state = 'read' AND preview = '' AND touched_at < $2 AND id ="
			" (SELECT min(id) FROM status_import WHERE state = 'read' AND preview = '' AND touched_at < $2) RETURNING id, institution");
	struct status_import *i = arg;
	enum status st = store_row(db, &q, int64(store_now(db)), int64(store_now(db) - PREVIEW_LEASE));
	if (st == OK) *i = (struct status_import){ .id = col_int64(db, 0), .institution = col_int64(db, 1) };
	return st;
}

static enum status begin(struct conn *db, struct status_preview **out)
{
	struct status_import i;
	struct str bytes;
	enum status st = store_write(db, claim, &i);
	if (st) return st;
	struct arena *a = arena_new();
	struct status_preview *p = ARENA_NEW(a, struct status_preview);
	*p = (struct status_preview){ .arena = a, .id = i.id, .has_more = true };
	if ((st = status_get(db, a, i.institution, i.id, &i)) || (st = printer_get(db, a, i.institution, i.interface, &p->printer)) ||
		(st = file_read(db, a, i.institution, i.file, &bytes))) {
		arena_free(a);
		return st == NOT_FOUND ? BROKEN : st;
	}
	p->file = print_status_of(a, bytes, p->printer.is_day_first);
	if (p->file.fault || (st = reading_begin(db, a, &p->printer, &p->file, &p->reading))) { /* it had none when it was kept */
		arena_free(a);
		return st ? st : BROKEN;
	}
	*out = p;
	return OK;
}

static int64_t looked_at(const struct status_preview *p)
{
	int64_t lines = 0;
	for (int i = 0; i < LINE_OUTCOMES; i++) lines += p->preview.counts[i];
	return lines;
}

static enum status move_on(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE status_import SET done = $3, touched_at = $4 WHERE id = $1 AND state = 'read' AND preview = '' AND done = $2");
	struct status_preview *p = arg;
	enum status st = store_exec(db, &q, int64(p->id), int64(p->done), int64(looked_at(p)), int64(store_now(db)));
	return st || store_changes(db) ? st : NOT_FOUND;
}

/* The count goes back to 0: it is the applied lines' from here on. */
static enum status finish(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("UPDATE status_import SET done = 0, preview = $3 WHERE id = $1 AND state = 'read' AND preview = '' AND done = $2");
	struct status_preview *p = arg;
	enum status st = store_exec(db, &q, int64(p->id), int64(p->done), text(preview_text(p->arena, &p->preview)));
	if (st) return st;
	return store_changes(db) ? preview_write(db, p->id, &p->preview) : NOT_FOUND;
}

static enum status step(struct conn *db, struct status_preview *p)
{
	enum status st = preview_look(db, &p->reading, &p->file, PREVIEW_STEP, &p->preview, &p->has_more);
	if (st) return st;
	if (!p->has_more) return store_write(db, finish, p);
	if ((st = store_write(db, move_on, p))) return st;
	p->done = looked_at(p);
	return OK;
}

enum status status_preview_go(struct conn *db, struct status_preview **p, int64_t until)
{
	enum status st = *p ? OK : begin(db, p);
	if (st) return st;
	do { /* one step at least, or reading a long file could use up each turn */
		st = step(db, *p);
	} while (st == OK && (*p)->has_more && clock_steady() < until);
	if (st || !(*p)->has_more) {
		status_preview_drop(*p);
		*p = NULL;
	}
	return st;
}

void status_preview_drop(struct status_preview *p)
{
	if (p) arena_free(p->arena);
}
