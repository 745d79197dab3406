/* commands/bank_reconcile.c: `parterre bank reconcile --ledger LEDGER.csv FILE…`: every file is read twice. The first reading finds all that could refuse
 * it, so that the second books all of it or nothing was begun (D6). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/lang.h"
#include "commands/bank_out.h"
#include "commands/bank_pages.h"
#include "commands/bank_report.h"
#include "commands/commands.h"
#include "formats/bank_ledger.h"
#include "formats/csv.h"
#include "formats/reconcile_memory.h"

#define LOCK_PAUSE_MS 20
#define READ_MIN	  65536 /* bytes for a file whose size nobody knows */
#define LOCK_TRIES	  50	/* a second: other runs mostly end sooner, and nobody need read of them */

struct run {
	struct arena *arena;
	struct bank_out *out;
	struct bank_ledger *ledger;
	struct reconcile_memory *memory;
	struct reconcile_lookups lookups;
	struct bank_item *items, **next_item, *item; /* ITEM: the one at hand */
	struct bank_report_page *report;			 /* NULL: none asked for */
	struct buf line;
	struct arena *line_arena;
	int64_t moved;	 /* cents that were booked since the last row */
	char *lock_name; /* of the state's lock; NULL: none is held */
	int lock;
	bool is_refused, has_said_waiting;
};

/* ---- look-ups: bills from the ledger with what was allocated so far, the rest from memory ---- */

static bool find_bill(void *user, struct str reference, struct reconcile_bill *out)
{
	struct run *r = user;
	if (!bank_ledger_bill(r->ledger, reference, out)) return false;
	out->allocated = reconcile_memory_booked(r->memory, out->id);
	return true;
}

static void book(void *user, int64_t id, int64_t cents)
{
	struct run *r = user;
	reconcile_memory_book(r->memory, id, cents);
	if (__builtin_add_overflow(r->moved, cents, &r->moved)) r->moved = cents < 0 ? INT64_MIN : INT64_MAX;
}

static bool find_account(void *user, struct str account)
{
	return bank_ledger_account(((struct run *)user)->ledger, account);
}

/* ---- the first reading ---- */

static struct str base_name(struct arena *a, struct str path)
{
	for (size_t i = path.len; i-- > 0;)
		if (path.at[i] == '/') {
			path = str_part(path, i + 1, path.len);
			break;
		}
	if (str_ends(path, S(".gz"))) path = str_part(path, 0, path.len - 3);
	for (size_t i = path.len; i-- > 1;)
		if (path.at[i] == '.') {
			path = str_part(path, 0, i);
			break;
		}
	return bank_shown_path(a, path);
}

static void refuse(struct run *r, struct str shown, const struct bank_findings *findings)
{
	bank_tell_findings(r->arena, shown, findings);
	r->is_refused = true;
}

static void on_page_refused(void *user, struct bank_item *it)
{
	refuse(user, it->shown, &it->findings);
}

static void add_item(struct run *r, struct bank_item *it)
{
	*r->next_item = it;
	r->next_item = &it->next;
}

static void check_member(struct run *r, struct bank_file *f, struct str path, struct bank_source *spooled, size_t member)
{
	static const struct bank_handler calls = { .report = bank_pages_report, .report_end = bank_pages_report_end };
	struct arena *a = r->arena;
	struct str inside = bank_file_name(f, member), shown = bank_shown_path(a, path);
	struct bank_item *it = ARENA_NEW(a, struct bank_item);
	*it = (struct bank_item){ .path = path,
		.spooled = spooled,
		.shown = inside.len ? str_format(a, "%.*s:%.*s", STR_ARG(shown), STR_ARG(inside)) : shown,
		.name = str_keep(a, base_name(a, inside.len ? inside : path)),
		.member = member,
		.plan.arena = a,
		.findings = bank_findings_in(a) };
	it->is_accepted = bank_file_check(f, member, &calls, it, &it->plan, &it->summary, &it->findings) == OK;
	add_item(r, it);
	if (!it->is_accepted) refuse(r, it->shown, &it->findings);
}

/* A file that could not be opened: it stands in the report with the reason. */
static struct bank_item *add_unread(struct run *r, struct str path)
{
	struct bank_item *it = ARENA_NEW(r->arena, struct bank_item);
	*it = (struct bank_item){ .path = path, .shown = bank_shown_path(r->arena, path), .findings = bank_findings_in(r->arena) };
	add_item(r, it);
	return it;
}

static void check_file(struct run *r, struct str path)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct bank_findings findings = bank_findings_in(a);
	struct bank_source *s = ARENA_NEW(r->arena, struct bank_source);
	struct bank_file *f;
	if (bank_source_open(s, path, &why)) {
		struct bank_item *it = add_unread(r, path);
		for (const struct finding *x = why.first; x; x = x->next)
			bank_find_args(&it->findings, "C00", BANK_ERROR, (struct bank_place){ 0, S(""), S("") }, x->message, x->args);
		failed(&why);
		r->is_refused = true;
	} else {
		if (bank_file_open(a, &s->input, &f, &findings)) {
			struct bank_item *it = add_unread(r, path);
			for (const struct bank_finding *x = findings.first; x; x = x->next)
				bank_find_args(&it->findings, x->rule, x->severity, (struct bank_place){ x->line, x->element, x->path }, x->message, x->args);
			refuse(r, it->shown, &it->findings);
		} else {
			bank_tell_findings(a, bank_shown_path(a, path), &findings);
			for (size_t i = 0; i < bank_file_count(f); i++) check_member(r, f, path, s->is_spooled ? s : NULL, i);
			bank_file_close(f);
		}
		if (!s->is_spooled || !f) bank_source_close(s);
	}
	arena_free(a);
}

/* ---- the second reading ---- */

static struct str number(struct arena *a, int64_t n)
{
	return str_format(a, "%lld", (long long)n);
}

static void on_row(void *user, const struct reconcile_row *row)
{
	struct run *r = user;
	struct arena *a = r->line_arena;
	const struct bank_transaction *t = row->t;
	struct str fields[6] = { r->item->name, S(""), S(""), outcome_word(row->outcome), S(""), S("") };
	arena_reset(a);
	if (t) {
		fields[1] = r->item->reports > 1 ? str_format(a, "%lld/%lld", (long long)row->report->number, (long long)t->entry) : number(a, t->entry);
		if (t->transaction >= 0) fields[2] = number(a, t->transaction);
	}
	if (row->has_bill) fields[4] = row->bill.name, fields[5] = number(a, row->open_after);
	r->line.len = 0;
	csv_add(&r->line, fields, COUNT(fields), ',', CSV_LF);
	bank_out_add(r->out, buf_str(&r->line));
	if (r->report && bank_report_row(r->report, row, r->moved)) r->moved = 0;
}

static enum status apply(struct run *r, struct bank_item *it)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	/* What the second reading finds the first one found; only what the reconciler adds is new. */
	struct bank_findings again = bank_findings_in(a);
	struct bank_source opened = { 0 }, *s = it->spooled ? it->spooled : &opened;
	struct bank_file *f;
	enum status st = it->spooled ? OK : bank_source_open(s, it->path, &why);
	if (st) return failed(&why), arena_free(a), st;
	r->item = it;
	if (r->report) bank_report_file(r->report, it->shown, &it->findings);
	struct bank_summary summary;
	if (!(st = bank_file_open(a, &s->input, &f, &again))) {
		if (it->member < bank_file_count(f)) {
			struct reconcile *reconcile = reconcile_begin(a, &r->lookups, it->summary.hash, on_row, r, &it->findings);
			st = bank_file_apply(f, it->member, &reconcile_handler, reconcile, &it->plan, &summary, &again);
			if (st || summary.bytes != it->summary.bytes) reconcile_drop(reconcile), st = CONFLICT;
			else reconcile_end(reconcile);
		} else st = CONFLICT;
		bank_file_close(f);
	}
	if (!it->spooled) bank_source_close(s);
	if (st) problem_add(&why, "", MSG_BANK_CHANGED), failed(&why);
	else {
		bank_pages_keep(it, r->memory);
		bank_tell_findings(a, it->shown, &it->findings);
	}
	arena_free(a);
	return st;
}

/* ---- files around it ---- */

/* All of the file at PATH, which may be a pipe, in arena A. NOT_FOUND without words. */
static enum status read_all(struct arena *a, struct str path, struct str *out, struct problem *why)
{
	char *c = str_c(a, path);
	struct stat stat;
	int fd = c ? open(c, O_RDONLY | O_CLOEXEC) : -1, error = c ? errno : EINVAL;
	if (fd < 0 && error == ENOENT) return NOT_FOUND;
	if (fd < 0) return problem_errno(why, c ? c : "?", error), UNAVAILABLE;
	size_t len = 0, size = fstat(fd, &stat) || stat.st_size < READ_MIN ? READ_MIN : (size_t)stat.st_size + 1; /* one more, to see the end */
	char *at = arena_grow_bytes(a, NULL, 0, size);
	for (ssize_t n = 1; n;) {
		if (len == size) at = arena_grow_bytes(a, at, size, 2 * size), size *= 2;
		n = read(fd, at + len, size - len);
		if (n > 0) len += (size_t)n;
		else if (n < 0 && errno != EINTR) {
			error = errno;
			close(fd);
			return problem_errno(why, c, error), UNAVAILABLE;
		}
	}
	close(fd);
	*out = (struct str){ at, len };
	return OK;
}

static void write_piece(void *user, struct str piece)
{
	bank_out_add(user, piece);
}

/* Waits for the lock of NAME at FD; says so after a moment, since a run that hangs looks like one that waits. False: errno says why not. */
static bool wait_for_lock(struct run *r, int fd, const char *name)
{
	const struct timespec pause = { 0, LOCK_PAUSE_MS * 1000000L };
	for (int tries = 0; flock(fd, LOCK_EX | (tries <= LOCK_TRIES ? LOCK_NB : 0)); tries++) {
		if (errno == EINTR) continue;
		if (errno != EWOULDBLOCK) return false;
		if (tries < LOCK_TRIES) nanosleep(&pause, NULL);
		else if (!r->has_said_waiting) {
			struct str words = lang_text(
				r->arena, bank_language(), MSG_BANK_STATE_WAITS, (const struct arg[]){ arg_text("file", str_of(name)), { .kind = ARG_END } });
			fprintf(stderr, "parterre: %.*s\n", STR_ARG(words));
			r->has_said_waiting = true;
		}
	}
	return true;
}

/* One run at a time has a state, from its reading to its writing; another waits. The lock lies beside it, since the state is replaced by a new file. */
static enum status lock_state(struct run *r, struct str path, struct problem *why)
{
	char *name = str_c(r->arena, str_format(r->arena, "%.*s.lock", STR_ARG(path)));
	for (struct stat ours, there;;) {
		int fd = name ? open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1, error = name ? errno : EINVAL;
		if (fd < 0) return problem_errno(why, name ? name : "?", error), UNAVAILABLE;
		if (!wait_for_lock(r, fd, name)) return problem_errno(why, name, errno), close(fd), UNAVAILABLE;
		/* Whoever had it may have taken the file away while we waited. */
		if (!fstat(fd, &ours) && !stat(name, &there) && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev) {
			r->lock = fd, r->lock_name = name;
			return OK;
		}
		close(fd);
	}
}

static void unlock_state(struct run *r)
{
	if (!r->lock_name) return;
	unlink(r->lock_name);
	close(r->lock);
}

/* Writes a file whole or not at all: beside it first, on the disk, then in its place. A link goes on leading to it. */
static enum status write_file(struct arena *a, struct str path, void (*fill)(struct bank_out *o, void *user), void *user, struct problem *why)
{
	char *to = str_c(a, path), *there = to ? realpath(to, NULL) : NULL;
	if (there) path = str_keep(a, str_of(there)), to = str_c(a, path);
	free(there);
	char *beside = str_c(a, str_format(a, "%.*s.XXXXXX", STR_ARG(path)));
	struct bank_out *o = ARENA_NEW(a, struct bank_out);
	o->fd = to ? mkostemp(beside, O_CLOEXEC) : -1;
	if (o->fd < 0) return problem_errno(why, to ? beside : "?", to ? errno : EINVAL), UNAVAILABLE;
	fill(o, user);
	bank_out_flush(o);
	if (!o->error && fsync(o->fd)) o->error = errno;
	if (close(o->fd) && !o->error) o->error = errno;
	if (!o->error && rename(beside, to)) o->error = errno;
	if (!o->error) return OK;
	unlink(beside);
	return problem_errno(why, to, o->error), UNAVAILABLE;
}

static void fill_state(struct bank_out *o, void *user)
{
	reconcile_memory_save(((struct run *)user)->memory, write_piece, o);
}

static void fill_report(struct bank_out *o, void *user)
{
	bank_out_add(o, bank_report_html(((struct run *)user)->report));
}

static enum status open_books(struct run *r, const struct config *c, struct problem *why)
{
	struct str text, path = config_text(c, "ledger");
	enum status st = read_all(r->arena, path, &text, why);
	if (st == NOT_FOUND) problem_errno(why, str_c(r->arena, path), ENOENT);
	if (st || (st = bank_ledger_read(text, &r->ledger, why))) return st;
	r->memory = reconcile_memory_new();
	reconcile_memory_lookups(r->memory, &r->lookups);
	r->lookups.bills = r, r->lookups.bill = find_bill, r->lookups.account = find_account, r->lookups.book = book;
	if (!config_given(c, "state")) return OK;
	if ((st = lock_state(r, config_text(c, "state"), why))) return st;
	struct arena *a = arena_new();
	st = read_all(a, config_text(c, "state"), &text, why);
	if (st == NOT_FOUND) st = OK; /* the first run */
	else if (!st) st = reconcile_memory_load(r->memory, text, why);
	arena_free(a);
	return st;
}

static enum status run_files(struct run *r, const struct config *c, struct problem *why)
{
	enum status st = OK;
	for (size_t i = 0; i < c->argument_count; i++) check_file(r, c->arguments[i]);
	bank_pages_check(r->items, r->memory, on_page_refused, r);
	bank_out_add(r->out, S("file,entry,tx,outcome,bill,open_cents_after\n"));
	for (struct bank_item *it = r->items; it && !st; it = it->next)
		if (it->is_accepted) st = apply(r, it);
		else if (r->report) bank_report_refused(r->report, it->shown, &it->findings);
	if (bank_out_flush(r->out)) return problem_errno(why, "stdout", r->out->error), UNAVAILABLE;
	if (st) return st;
	if (r->report && (st = write_file(r->arena, config_text(c, "report"), fill_report, r, why))) return st;
	return config_given(c, "state") ? write_file(r->arena, config_text(c, "state"), fill_state, r, why) : OK;
}

/* Whether A and B name one file, by whatever way. */
static bool is_one_file(struct arena *arena, struct str a, struct str b)
{
	struct stat x, y;
	char *first = str_c(arena, a), *second = str_c(arena, b);
	if (str_eq(a, b)) return true;
	return first && second && !stat(first, &x) && !stat(second, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* What is written must not take the place of what is read, or of each other. */
static enum status check_names(struct arena *a, const struct config *c, struct problem *why)
{
	static const char *const written[] = { "report", "state" };
	for (size_t i = 0; i < COUNT(written); i++) {
		if (!config_given(c, written[i])) continue;
		struct str name = config_text(c, written[i]);
		bool is_taken = is_one_file(a, name, config_text(c, "ledger"));
		if (i == 0 && config_given(c, "state")) is_taken = is_taken || is_one_file(a, name, config_text(c, "state"));
		for (size_t k = 0; k < c->argument_count; k++) is_taken = is_taken || is_one_file(a, name, c->arguments[k]);
		if (!is_taken) continue;
		problem_add(why, written[i], MSG_BANK_WOULD_OVERWRITE, arg_text("file", name));
		return REFUSED;
	}
	return OK;
}

enum exit_status command_bank_reconcile(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	if (!config_given(c, "ledger")) {
		problem_add(&why, "ledger", MSG_OPTION_REQUIRED);
		failed(&why);
		return EXIT_USAGE;
	}
	if (check_names(a, c, &why)) return failed(&why), EXIT_USAGE;
	signal(SIGXFSZ, SIG_IGN); /* a file that may grow no more is an error like others, and nothing is left lying about */
	struct run r = { .arena = a, .out = ARENA_NEW(a, struct bank_out), .line = buf_in(a), .line_arena = arena_new() };
	r.next_item = &r.items;
	r.out->fd = 1;
	if (config_given(c, "report")) r.report = bank_report_new(a);
	enum status st = open_books(&r, c, &why);
	if (!st) st = run_files(&r, c, &why);
	unlock_state(&r);
	reconcile_memory_free(r.memory);
	bank_ledger_free(r.ledger);
	arena_free(r.line_arena);
	if (problem_any(&why)) failed(&why);
	return st || r.is_refused ? EXIT_FAILED : EXIT_DONE;
}
