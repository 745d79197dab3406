/* commands/interface.c: `parterre interface list` and `parterre interface run CODE FUNCTION`: the functions of partner systems, as the office runs them. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/data.h"
#include "commands/interface.h"
#include "sales/ticket.h"
#include "shipping/status.h"

#define LINES_AT_ONCE 1000

static const char *const kinds[] = { "payments", "printer", "partner" };

enum exit_status command_interface_list(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct store *store;
	struct interface *list;
	size_t count = 0;
	int64_t institution;
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	struct conn *db = store_conn(store);
	if ((st = data_institution(db, &institution)) == OK) st = interface_list(db, a, institution, &list, &count);
	for (size_t i = 0; st == OK && i < count; i++)
		printf("%-16.*s  %-8s  %s  %.*s\n", STR_ARG(list[i].code), kinds[list[i].kind], list[i].is_active ? "on " : "off", STR_ARG(list[i].name));
	store_close(store);
	if (st == NOT_FOUND) st = OK;
	return st ? failed_with(a, st, &why) : EXIT_DONE;
}

/* ---- running a function ---- */

void interface_put(struct interface_run *x, const char *name, json_t *value)
{
	if (!value || json_object_set_new(x->answer, name, value)) BUG("out of memory for an answer");
}

json_t *interface_text(struct str s)
{
	return json_stringn(s.at ? s.at : "", s.len);
}

/* One file into the folder --out, under its own name; complete or not there. */
static enum status write_out(struct interface_run *x, const struct stored_file *f, struct str bytes)
{
	struct str folder = config_text(x->config, "out");
	struct str whole = str_format(x->a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(f->name));
	const char *path = str_c(x->a, whole), *part = str_c(x->a, str_format(x->a, "%.*s.part", STR_ARG(whole)));
	FILE *out = fopen(part, "wb");
	bool is_written = out && fwrite(bytes.at, 1, bytes.len, out) == bytes.len && fflush(out) == 0 && fsync(fileno(out)) == 0;
	if (out && fclose(out)) is_written = false;
	if (is_written && rename(part, path) == 0) return OK;
	problem_add(&x->why, "out", MSG_INTERFACE_NOT_WRITTEN, arg_text("path", whole));
	return REFUSED;
}

struct downloading {
	int64_t file;
	struct str by_name;
};

static enum status note_download(struct conn *db, void *arg)
{
	struct downloading *x = arg;
	return file_note_download(db, x->file, x->by_name);
}

static enum status give_file(struct interface_run *x, int64_t id, json_t *names)
{
	struct stored_file f;
	struct str bytes;
	enum status st;
	if (!id) return OK;
	if ((st = file_get(x->db, x->a, x->actor.institution, id, &f))) return st;
	json_array_append_new(names, interface_text(f.name));
	if (!config_given(x->config, "out")) return OK;
	if ((st = file_read(x->db, x->a, x->actor.institution, id, &bytes))) return st;
	if ((st = write_out(x, &f, bytes))) return st;
	return store_write(x->db, note_download, &(struct downloading){ id, x->actor.name });
}

static enum status export_tickets(struct interface_run *x)
{
	struct batch b;
	json_t *names = json_array();
	enum status st = batch_export(x->db, x->a, &x->actor, &x->printer, &b);
	if (st && st != NOT_FOUND) return json_decref(names), st;
	if (st == OK) {
		int64_t files[] = { b.tickets_file, b.letters_file, b.manifest_file };
		for (size_t i = 0; i < COUNT(files) && !(st = give_file(x, files[i], names)); i++) {
		}
	} else {
		b = (struct batch){ 0 };
		st = OK;
	}
	interface_put(x, "batch", b.number ? interface_text(batch_number(x->a, b.number)) : json_null());
	interface_put(x, "lines", json_integer(b.lines));
	interface_put(x, "shipments", json_integer(b.shipments));
	interface_put(x, "files", names);
	return st;
}

static enum status read_file(struct interface_run *x, struct str *out)
{
	struct str name = config_text(x->config, "file");
	struct stat info;
	if (!name.len) return problem_add(&x->why, "file", MSG_INTERFACE_FILE_MISSING), REFUSED;
	int fd = open(str_c(x->a, name), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) || info.st_size > (off_t)SHEET_BYTES_MAX + 1) {
		if (fd >= 0) close(fd);
		return problem_add(&x->why, "file", MSG_INTERFACE_NOT_READ, arg_text("path", name)), REFUSED;
	}
	char *at = arena_alloc(x->a, (size_t)info.st_size + 1);
	size_t len = 0;
	ssize_t got;
	while (len < (size_t)info.st_size && (got = read(fd, at + len, (size_t)info.st_size - len)) > 0) len += (size_t)got;
	close(fd);
	*out = (struct str){ at, len };
	return OK;
}

static enum status apply(struct conn *db, void *arg)
{
	struct interface_run *x = arg;
	return status_apply(db, x->a, &x->actor, x->import, x->sends_mails);
}

struct str interface_file_name(struct str path)
{
	struct str rest = path, part, last = path;
	while (str_next(&rest, '/', &part)) last = part;
	return last;
}

static enum status tell_import(struct interface_run *x, bool is_before)
{
	struct status_import i;
	struct status_line *problems = NULL;
	size_t count = 0;
	json_t *refused = json_array();
	enum status st;
	if ((st = status_get(x->db, x->a, x->actor.institution, x->import, &i)) == OK)
		st = status_problems(x->db, x->a, x->import, 0, PROBLEMS_SHOWN, &problems, &count);
	for (size_t k = 0; st == OK && k < count && !is_before; k++) {
		if (problems[k].outcome != OUTCOME_REFUSED) continue;
		struct str words =
			lang_text(x->a, LANG_EN, line_why_message(problems[k].why), (const struct arg[]){ arg_text("about", problems[k].about), { 0 } });
		json_array_append_new(refused, json_pack("{s:I,s:s%}", "line", (json_int_t)problems[k].line, "why", words.at, words.len));
	}
	interface_put(x, "import", json_integer(x->import));
	interface_put(x, "file", interface_text(interface_file_name(config_text(x->config, "file"))));
	interface_put(x, "lines", json_integer(i.lines));
	interface_put(x, "applied", json_integer(is_before ? 0 : i.counts[OUTCOME_APPLIED] + i.counts[OUTCOME_VOID]));
	interface_put(x, "repeated", json_integer(is_before ? i.lines : i.counts[OUTCOME_REPEATED] + i.counts[OUTCOME_ALREADY]));
	interface_put(x, "refused", refused);
	interface_put(x, "mails", json_integer(is_before ? 0 : i.mails));
	return st;
}

static enum status import_status(struct interface_run *x)
{
	struct str bytes;
	bool is_before;
	enum status st;
	if ((st = read_file(x, &bytes))) return st;
	st = status_upload(x->db, x->a, &x->actor, &x->printer, interface_file_name(config_text(x->config, "file")), bytes, PREVIEW_NOW, &x->import,
		&is_before, &x->why);
	if (st) return st;
	if (!is_before && (st = store_write(x->db, apply, x))) return st;
	if ((st = status_run(x->db, x->import, 0))) return st; /* also one that a crash left */
	return tell_import(x, is_before);
}

static enum status list_open(struct interface_run *x)
{
	json_t *lines = json_array();
	int64_t after = 0;
	size_t count;
	enum status st;
	do {
		struct print_line *some;
		if ((st = open_lines(x->db, x->a, x->actor.institution, x->printer.interface.id, after, LINES_AT_ONCE, &some, &count))) break;
		for (size_t i = 0; i < count; i++) {
			struct str batch = batch_number(x->a, some[i].batch_number), ticket = ticket_number(x->a, some[i].ticket);
			json_array_append_new(lines, json_pack("{s:s%,s:I,s:s%,s:s}", "batch", batch.at, batch.len, "line", (json_int_t)some[i].line, "ticket",
											 ticket.at, ticket.len, "state", print_line_state_name(some[i].state)));
			after = some[i].id;
		}
	} while (count == LINES_AT_ONCE);
	interface_put(x, "open", lines);
	return st;
}

struct withdrawing {
	struct interface_run *running;
	struct batch batch;
	int64_t withdrawn;
};

static enum status withdraw(struct conn *db, void *arg)
{
	struct withdrawing *w = arg;
	return batch_withdraw(db, w->running->a, &w->running->actor, &w->batch, NULL, 0, &w->withdrawn);
}

/* All open lines of the batch that --batch names. */
static enum status withdraw_lines(struct interface_run *x)
{
	struct withdrawing w = { .running = x };
	int64_t number;
	enum status st = NOT_FOUND;
	if (batch_number_read(config_text(x->config, "batch"), &number)) st = batch_by_number(x->db, x->a, x->actor.institution, number, &w.batch);
	if (st == OK && w.batch.interface != x->printer.interface.id) st = NOT_FOUND;
	if (st == OK) st = store_write(x->db, withdraw, &w);
	if (st == NOT_FOUND) return problem_add(&x->why, "batch", MSG_INTERFACE_NO_BATCH), REFUSED;
	interface_put(x, "withdrawn", json_integer(w.withdrawn));
	return st;
}

static const struct {
	enum interface_kind kind;
	const char *name;
	enum status (*run)(struct interface_run *x);
} functions[] = {
	{ INTERFACE_PAYMENTS, "import-payments", interface_import_payments },
	{ INTERFACE_PRINTER, "export-colour-tickets", export_tickets },
	{ INTERFACE_PRINTER, "import-printing-status", import_status },
	{ INTERFACE_PRINTER, "withdraw-lines", withdraw_lines },
	{ INTERFACE_PRINTER, "list-open-lines", list_open },
};

static enum status run_function(struct interface_run *x)
{
	struct interface i;
	enum status st = interface_by_code(x->db, x->a, x->actor.institution, x->config->arguments[0], &i);
	if (st == NOT_FOUND) return problem_add(&x->why, "", MSG_INTERFACE_UNKNOWN, arg_text("code", x->config->arguments[0])), REFUSED;
	if (st == OK && i.kind == INTERFACE_PRINTER) st = printer_get(x->db, x->a, x->actor.institution, i.id, &x->printer);
	for (size_t k = 0; st == OK && k < COUNT(functions); k++)
		if (functions[k].kind == i.kind && str_eq(x->config->arguments[1], str_of(functions[k].name))) return functions[k].run(x);
	if (st == OK) st = (problem_add(&x->why, "", MSG_INTERFACE_NO_FUNCTION, arg_text("function", x->config->arguments[1])), REFUSED);
	return st;
}

/* "batch B-1001-2", a line each; nested values as JSON. */
static void print_plain(const json_t *answer)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)answer, name, value)
	{
		char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		printf("%s %s\n", name, json_is_string(value) ? json_string_value(value) : dumped);
		free(dumped);
	}
}

enum exit_status command_interface_run(struct arena *a, const struct config *c)
{
	struct interface_run x = { .a = a, .config = c, .why = problem_in(a), .answer = json_object(), .sends_mails = config_flag(c, "send-mails") };
	struct store *store;
	int64_t institution;
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &x.why);
	if (st) return json_decref(x.answer), failed_with(a, st, &x.why);
	x.db = store_conn(store);
	if ((st = data_institution(x.db, &institution)) == OK) {
		x.actor = actor_command(institution, S("parterre interface run"));
		st = run_function(&x);
	}
	store_close(store);
	if (st && problem_any(&x.why)) interface_put(&x, "error", interface_text(lang_problem(a, LANG_EN, &x.why)));
	if (config_flag(c, "json")) {
		char *dumped = json_dumps(x.answer, JSON_COMPACT);
		printf("%s\n", dumped);
		free(dumped);
	} else if (st == OK) print_plain(x.answer);
	json_decref(x.answer);
	return st ? failed_with(a, st, &x.why) : EXIT_DONE;
}
