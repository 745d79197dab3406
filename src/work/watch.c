/* work/watch.c: from the folder to work/, into the database, then to done/ or refused/. */
#include "work/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "dealing/payments.h"
#include "shipping/status.h"
#include "shipping/watched.h"

#define BY		   S("watched folder")
#define NAME_KEPT  200 /* bytes of a name in done/ and refused/: room for ~99 and .txt */
#define SAME_NAME  99  /* files of one name there; the next stays in work/ until somebody tidies up */
#define TOLD_EVERY HOUR

/* One turn. */
struct watching {
	struct conn *db;
	struct arena *a;
	const atomic_bool *is_stopping;
	const struct watched *watched;
	int root, work; /* open folders */
	struct str name;
	struct problem why;
};

/* ---- what is imported ---- */

struct open_file {
	int fd;
	const atomic_bool *is_stopping;
};

/* A stop looks like a file that cannot be read any more: nothing of it counts then. */
static int64_t read_at(void *user, int64_t offset, void *to, size_t len)
{
	const struct open_file *f = user;
	size_t done = 0;
	while (done < len) {
		if (*f->is_stopping) return -1;
		ssize_t n = pread(f->fd, (char *)to + done, len - done, offset + (int64_t)done);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return -1;
		if (n == 0) break;
		done += (size_t)n;
	}
	return (int64_t)done;
}

/* OK: it is in the books; REFUSED with words; NOT_FOUND: not now. */
static enum status import_payments(struct watching *x, const struct bank_input *input)
{
	struct payment_result result;
	const struct payment_file f = { x->watched->interface.institution, x->name, input, BY };
	enum status st = payments_accept(x->db, x->a, &f, &result, &x->why);
	return st == REFUSED && result.is_busy ? NOT_FOUND : st;
}

struct applying {
	struct watching *watching;
	const struct actor *who;
	int64_t import;
	bool sends_mails;
};

static enum status apply(struct conn *db, void *arg)
{
	struct applying *x = arg;
	return status_apply(db, x->watching->a, x->who, x->import, x->sends_mails);
}

/* Mails as the check box stood last. */
static enum status import_status(struct watching *x, const struct bank_input *input)
{
	const struct actor who = actor_command(x->watched->interface.institution, BY);
	struct applying next = { .watching = x, .who = &who };
	struct printer printer;
	bool is_before;
	size_t len = input->size < (int64_t)SHEET_BYTES_MAX ? (size_t)input->size : SHEET_BYTES_MAX + 1; /* one more is too large */
	char *at = arena_alloc(x->a, len + 1);
	int64_t got = input->read_at(input->user, 0, at, len);
	if (got < 0) return problem_add(&x->why, "file", MSG_INTERFACE_NOT_READ, arg_text("path", x->name)), REFUSED;
	enum status st = printer_get(x->db, x->a, who.institution, x->watched->interface.id, &printer);
	if (st) return st;
	st = status_upload(x->db, x->a, &who, &printer, x->name, (struct str){ at, (size_t)got }, PREVIEW_NOW, &next.import, &is_before, &x->why);
	if (st || is_before) return st;
	next.sends_mails = printer.sends_mails;
	st = store_write(x->db, apply, &next);
	return st == REFUSED || st == NOT_FOUND ? OK : st; /* the same file was applied meanwhile */
}

static enum status import(struct watching *x)
{
	struct stat info;
	struct open_file f = { openat(x->work, x->name.at, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), x->is_stopping };
	const struct bank_input input = { &f, read_at, f.fd >= 0 && fstat(f.fd, &info) == 0 ? info.st_size : 0 };
	enum status st = REFUSED;
	if (!str_is_text(x->name)) problem_add(&x->why, "file", MSG_WATCHED_NAME);
	else if (f.fd < 0) problem_add(&x->why, "file", MSG_INTERFACE_NOT_READ, arg_text("path", x->name));
	else st = x->watched->interface.kind == INTERFACE_PAYMENTS ? import_payments(x, &input) : import_status(x, &input);
	if (f.fd >= 0) close(f.fd);
	return *x->is_stopping && st == REFUSED ? NOT_FOUND : st;
}

/* ---- moving ---- */

static int folder_in(int root, const char *name)
{
	if (mkdirat(root, name, 0750) && errno != EEXIST) return -1;
	return openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool write_reason(int to, const char *name, struct str words)
{
	int fd = openat(to, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0) return false;
	bool is_written = write(fd, words.at, words.len) == (ssize_t)words.len && fsync(fd) == 0;
	return close(fd) == 0 && is_written;
}

/* From work/ to FOLDER under a name that is free there: "camt.xml", "camt.xml~2". The reason, if there is one, is written first: what lies there has one. */
static enum status move_to(struct watching *x, const char *folder, struct str reason)
{
	struct str kept = str_part(x->name, 0, NAME_KEPT);
	int to = folder_in(x->root, folder);
	bool is_moved = false, is_gone = false;
	if (to < 0) return BROKEN;
	for (int n = 1; n <= SAME_NAME && !is_moved && !is_gone; n++) {
		const char *name = str_c(x->a, n == 1 ? kept : str_format(x->a, "%.*s~%d", STR_ARG(kept), n));
		if (faccessat(to, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) continue; /* nobody else makes it: the lease is ours */
		if (reason.len && !write_reason(to, str_c(x->a, str_format(x->a, "%s.txt", name)), reason)) break;
		is_moved = renameat(x->work, x->name.at, to, name) == 0;
		is_gone = !is_moved && errno == ENOENT; /* our lease had ended, and who came next moved it */
	}
	close(to);
	return is_moved || is_gone ? OK : BROKEN;
}

/* In the house's main language, for whoever looks into the folder. */
static struct str reason(struct watching *x)
{
	return str_format(x->a, "%.*s\n", STR_ARG(lang_problem(x->a, x->watched->language, &x->why)));
}

/* What a stop left in work/ comes first. */
static enum status take_one(struct watching *x)
{
	x->name = watched_next_file(x->a, x->work, NULL);
	if (!x->name.len) {
		x->name = watched_next_file(x->a, x->root, NULL);
		if (!x->name.len) return NOT_FOUND;
		if (renameat(x->root, x->name.at, x->work, x->name.at)) return errno == ENOENT ? NOT_FOUND : BROKEN;
	}
	enum status st = import(x);
	if (st == OK) return move_to(x, WATCHED_DONE, S(""));
	if (st == REFUSED) return move_to(x, WATCHED_REFUSED, reason(x));
	return st;
}

/* ---- whose turn it is ---- */

/* A house imports one bank's file at a time; the next waits in its folder. */
static bool must_wait(struct watching *x)
{
	int64_t import;
	return x->watched->interface.kind == INTERFACE_PAYMENTS && import_unfinished(x->db, x->watched->interface.institution, &import) != NOT_FOUND;
}

static enum status take_turn(struct watching *x)
{
	int64_t lease;
	if (!watched_next_file(x->a, x->root, NULL).len && !watched_next_file(x->a, x->work, NULL).len)
		return NOT_FOUND; /* nothing is written for an empty folder */
	if (must_wait(x)) return NOT_FOUND;
	enum status st = watched_claim(x->db, x->watched->interface.id, &lease);
	if (st) return st;
	st = take_one(x);
	enum status released = watched_release(x->db, x->watched->interface.id, lease);
	return st ? st : released;
}

static enum status watch_one(struct watching *x)
{
	enum status st = BROKEN;
	x->root = open(str_c(x->a, x->watched->path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	x->work = x->root < 0 ? -1 : folder_in(x->root, WATCHED_WORK);
	if (x->work >= 0) st = take_turn(x);
	if (x->work >= 0) close(x->work);
	if (x->root >= 0) close(x->root);
	return st;
}

enum status watch_next(struct conn *db, struct arena *a, const atomic_bool *is_stopping, int64_t *told_at)
{
	struct watched *list;
	size_t count;
	enum status st = watched_list(db, a, &list, &count);
	if (st) return st;
	for (size_t i = 0; i < count && !*is_stopping; i++) {
		struct watching x = { .db = db, .a = a, .is_stopping = is_stopping, .watched = &list[i], .why = problem_in(a) };
		if ((st = watch_one(&x)) == OK || st == UNAVAILABLE) return st;
		if (st == NOT_FOUND || (*told_at && clock_steady() - *told_at < TOLD_EVERY)) continue;
		/* The folder is at fault, or one file of it; the others go on. The interface's page says the same. */
		log_warn("watched folder %.*s: %.*s stays where it is: %s", STR_ARG(list[i].path), STR_ARG(x.name), status_name(st));
		*told_at = clock_steady();
	}
	return NOT_FOUND;
}
