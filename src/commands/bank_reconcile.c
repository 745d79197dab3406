/* commands/bank_reconcile.c: `parterre bank reconcile --ledger LEDGER.csv FILE…`: every file is read twice. The first reading finds all that could refuse
 * it, so that the second books all of it or nothing was begun (D6). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lang.h"
#include "commands/bank_out.h"
#include "commands/bank_report.h"
#include "commands/commands.h"
#include "formats/bank_ledger.h"
#include "formats/csv.h"
#include "formats/reconcile_memory.h"

/* A file of the command line, or one inside an archive. */
struct item {
	struct item *next;
	struct str path, shown;		 /* as opened; for people */
	struct bank_source *spooled; /* of a pipe: it stays open until the second reading */
	struct str name;			 /* without folder and extension */
	size_t member;
	bool is_accepted;
	struct bank_plan plan;
	struct bank_summary summary;
	struct bank_findings findings;
	int64_t reports;
	bool is_page; /* of a message of several */
	struct reconcile_key pages;
	struct str message;
	int64_t page;
	bool is_last_page;
};

struct run {
	struct arena *arena;
	struct bank_out *out;
	struct bank_ledger *ledger;
	struct reconcile_memory *memory, *pages; /* PAGES: of this run */
	struct reconcile_lookups lookups;
	struct item *items, **next_item, *item; /* ITEM: the one at hand */
	struct bank_report_page *report;		/* NULL: none asked for */
	struct buf line;
	struct arena *line_arena;
	bool is_refused;
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
	reconcile_memory_book(((struct run *)user)->memory, id, cents);
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

static void on_checked_report(void *user, const struct bank_report *report)
{
	struct item *it = user;
	it->reports++;
	if (report->page == 1 && report->is_last_page) return;
	it->is_page = true;
	it->pages = reconcile_pages_key(report);
	it->message = str_keep(it->findings.arena, report->message_id);
	it->page = report->page, it->is_last_page = report->is_last_page;
}

static void check_member(struct run *r, struct bank_file *f, struct str path, struct bank_source *spooled, size_t member)
{
	static const struct bank_handler calls = { .report = on_checked_report };
	struct arena *a = r->arena;
	struct str inside = bank_file_name(f, member), shown = bank_shown_path(a, path);
	struct item *it = ARENA_NEW(a, struct item);
	*it = (struct item){ .path = path,
		.spooled = spooled,
		.shown = inside.len ? str_format(a, "%.*s:%.*s", STR_ARG(shown), STR_ARG(inside)) : shown,
		.name = str_keep(a, base_name(a, inside.len ? inside : path)),
		.member = member,
		.plan.arena = a,
		.findings = bank_findings_in(a) };
	it->is_accepted = bank_file_check(f, member, &calls, it, &it->plan, &it->summary, &it->findings) == OK;
	*r->next_item = it;
	r->next_item = &it->next;
	if (!it->is_accepted) refuse(r, it->shown, &it->findings);
	else if (it->is_page) reconcile_memory_add_page(r->pages, it->pages, it->page, it->is_last_page);
}

static void check_file(struct run *r, struct str path)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct bank_findings findings = bank_findings_in(a);
	struct bank_source *s = ARENA_NEW(r->arena, struct bank_source);
	struct bank_file *f;
	if (bank_source_open(s, path, &why)) {
		failed(&why);
		r->is_refused = true;
	} else {
		if (bank_file_open(a, &s->input, &f, &findings)) refuse(r, bank_shown_path(a, path), &findings);
		else {
			bank_tell_findings(a, bank_shown_path(a, path), &findings);
			for (size_t i = 0; i < bank_file_count(f); i++) check_member(r, f, path, s->is_spooled ? s : NULL, i);
			bank_file_close(f);
		}
		if (!s->is_spooled || !f) bank_source_close(s);
	}
	arena_free(a);
}

/* A message of several pages counts once all of them are there, in this run or before (C14). */
static void check_pages(struct run *r)
{
	for (struct item *it = r->items; it; it = it->next) {
		if (!it->is_accepted || !it->is_page) continue;
		bool is_last = false;
		int64_t page = 1;
		while (reconcile_memory_has_page(r->pages, it->pages, page, &is_last) || reconcile_memory_has_page(r->memory, it->pages, page, &is_last)) {
			if (is_last) break;
			page++;
		}
		if (is_last) continue;
		it->is_accepted = false;
		struct bank_findings findings = bank_findings_in(r->arena);
		bank_find(&findings, "C14", BANK_ERROR, ((struct bank_place){ 0, S("MsgPgntn"), S("") }), MSG_BANK_PAGE_MISSING, arg_int("page", page),
			arg_text("message", it->message));
		refuse(r, it->shown, &findings);
	}
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
	if (r->report) bank_report_row(r->report, row);
}

static enum status apply(struct run *r, struct item *it)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	/* What the second reading finds the first one found; only what the reconciler adds is new. */
	struct bank_findings again = bank_findings_in(a);
	struct bank_source opened, *s = it->spooled ? it->spooled : &opened;
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
		if (it->is_page) reconcile_memory_add_page(r->memory, it->pages, it->page, it->is_last_page);
		bank_tell_findings(a, it->shown, &it->findings);
	}
	arena_free(a);
	return st;
}

/* ---- files around it ---- */

/* All of the file at PATH in arena A. NOT_FOUND without words. */
static enum status read_all(struct arena *a, struct str path, struct str *out, struct problem *why)
{
	char *c = str_c(a, path);
	struct stat stat;
	int fd = c ? open(c, O_RDONLY | O_CLOEXEC) : -1, error = c ? errno : EINVAL;
	if (fd < 0 && error == ENOENT) return NOT_FOUND;
	size_t len = 0, size = 0;
	char *at = NULL;
	if (fd >= 0 && !fstat(fd, &stat)) {
		size = (size_t)stat.st_size + 1; /* one more, to see the end */
		at = arena_grow_bytes(a, NULL, 0, size);
		ssize_t n;
		while (len < size && (n = read(fd, at + len, size - len)) != 0) {
			if (n > 0) len += (size_t)n;
			else if (errno != EINTR) break;
		}
		error = len == (size_t)stat.st_size ? 0 : errno ? errno : EIO;
	} else if (fd >= 0) error = errno;
	if (fd >= 0) close(fd);
	if (error) return problem_errno(why, c ? c : "?", error), UNAVAILABLE;
	*out = (struct str){ at, len };
	return OK;
}

static void write_piece(void *user, struct str piece)
{
	bank_out_add(user, piece);
}

/* Writes a file whole or not at all: beside it first, on the disk, then in its place. */
static enum status write_file(struct arena *a, struct str path, void (*fill)(struct bank_out *o, void *user), void *user, struct problem *why)
{
	char *to = str_c(a, path), *beside = str_c(a, str_format(a, "%.*s.new", STR_ARG(path)));
	struct bank_out *o = ARENA_NEW(a, struct bank_out);
	o->fd = to ? open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
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
	r->pages = reconcile_memory_new();
	reconcile_memory_lookups(r->memory, &r->lookups);
	r->lookups.bills = r, r->lookups.bill = find_bill, r->lookups.account = find_account, r->lookups.book = book;
	if (!config_given(c, "state")) return OK;
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
	check_pages(r);
	bank_out_add(r->out, S("file,entry,tx,outcome,bill,open_cents_after\n"));
	for (struct item *it = r->items; it && !st; it = it->next)
		if (it->is_accepted) st = apply(r, it);
	if (bank_out_flush(r->out)) return problem_errno(why, "stdout", r->out->error), UNAVAILABLE;
	if (st) return st;
	if (r->report && (st = write_file(r->arena, config_text(c, "report"), fill_report, r, why))) return st;
	return config_given(c, "state") ? write_file(r->arena, config_text(c, "state"), fill_state, r, why) : OK;
}

enum exit_status command_bank_reconcile(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	if (!config_given(c, "ledger")) {
		problem_add(&why, "ledger", MSG_OPTION_REQUIRED);
		failed(&why);
		return EXIT_USAGE;
	}
	struct run r = { .arena = a, .out = ARENA_NEW(a, struct bank_out), .line = buf_in(a), .line_arena = arena_new() };
	r.next_item = &r.items;
	r.out->fd = 1;
	if (config_given(c, "report")) r.report = bank_report_new(a);
	enum status st = open_books(&r, c, &why);
	if (!st) st = run_files(&r, c, &why);
	reconcile_memory_free(r.memory);
	reconcile_memory_free(r.pages);
	bank_ledger_free(r.ledger);
	arena_free(r.line_arena);
	if (problem_any(&why)) failed(&why);
	return st || r.is_refused ? EXIT_FAILED : EXIT_DONE;
}
