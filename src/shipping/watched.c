/* shipping/watched.c: rows and folders. */
#include "shipping/watched.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "institution/audit.h"

#define PATH_MAX_BYTES 400	/* of a folder, with room for a name below what the system takes */
#define WHY_SHOWN	   1000 /* bytes of a reason */

/* ---- rows ---- */

enum status watched_list(struct conn *db, struct arena *a, struct watched **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT i.id, i.institution, i.kind, i.code, i.name, w.path, h.main_language FROM watched_folder w"
			" JOIN interface i ON i.id = w.interface JOIN institution h ON h.id = i.institution WHERE i.is_active ORDER BY i.id LIMIT $1");
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(INTERFACES_MOST)))) return st;
	*out = ARENA_ARRAY(a, struct watched, INTERFACES_MOST);
	while ((st = store_next(db)) == OK) {
		bool is_payments = str_eq(col_text(db, 2, a), S("payments"));
		(*out)[(*count)++] =
			(struct watched){ .interface = { col_int64(db, 0), col_int64(db, 1), is_payments ? INTERFACE_PAYMENTS : INTERFACE_PRINTER,
								  col_text(db, 3, a), col_text(db, 4, a), true },
				.path = col_text(db, 5, a) };
		lang_from_tag(col_text(db, 6, a), &(*out)[*count - 1].language);
	}
	return st == NOT_FOUND ? OK : st;
}

enum status watched_path(struct conn *db, struct arena *a, int64_t interface, struct str *out)
{
	static const struct sql q = SQL("SELECT path FROM watched_folder WHERE interface = $1");
	enum status st = store_row(db, &q, int64(interface));
	*out = st == OK ? col_text(db, 0, a) : S("");
	return st == NOT_FOUND ? OK : st;
}

enum status watched_set(struct conn *db, struct arena *a, const struct actor *who, int64_t interface, struct str path, struct problem *why)
{
	static const struct sql taken = SQL("SELECT 1 FROM watched_folder WHERE path = $1 AND interface <> $2");
	static const struct sql off = SQL("DELETE FROM watched_folder WHERE interface = $1");
	static const struct sql on = SQL("INSERT INTO watched_folder (interface, path, lease_until) SELECT i.id, $2, 0 FROM interface i"
									 " WHERE i.id = $1 AND i.institution = $3 AND i.kind <> 'partner'"
									 " ON CONFLICT (interface) DO UPDATE SET path = excluded.path, lease_until = 0");
	struct str before;
	enum status st;
	why->first = NULL;
	if ((st = watched_path(db, a, interface, &before))) return st;
	st = store_row(db, &taken, text(path), int64(interface));
	if (st == OK) return problem_add(why, "folder", MSG_WATCHED_TAKEN), REFUSED;
	if (st != NOT_FOUND) return st;
	st = path.len ? store_exec(db, &on, int64(interface), text(path), int64(who->institution)) : store_exec(db, &off, int64(interface));
	if (st) return st;
	if (path.len && store_changes(db) != 1) return NOT_FOUND;
	const struct audit_value was[] = { { "folder", before }, { 0 } }, is[] = { { "folder", path }, { 0 } };
	return audit_note(db, a, who, &(const struct audit_record){ "folder-changed", "interface", interface, was, is });
}

struct turn {
	int64_t interface, lease;
};

static enum status claim(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE watched_folder SET lease_until = $2 WHERE interface = $1 AND lease_until < $3 RETURNING lease_until");
	struct turn *x = arg;
	int64_t now = store_now(db);
	enum status st = store_row(db, &q, int64(x->interface), int64(now + WATCHED_LEASE), int64(now));
	if (st == OK) x->lease = col_int64(db, 0);
	return st;
}

static enum status give_back(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE watched_folder SET lease_until = 0 WHERE interface = $1 AND lease_until = $2");
	const struct turn *x = arg;
	return store_exec(db, &q, int64(x->interface), int64(x->lease));
}

enum status watched_claim(struct conn *db, int64_t interface, int64_t *lease)
{
	struct turn x = { .interface = interface };
	enum status st = store_write(db, claim, &x);
	*lease = x.lease;
	return st;
}

enum status watched_release(struct conn *db, int64_t interface, int64_t lease)
{
	return store_write(db, give_back, &(struct turn){ interface, lease });
}

/* ---- folders ---- */

struct str watched_plain(struct str path)
{
	path = str_trim(path);
	while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
	return path;
}

/* Whether NAME in DIR is a plain file that is to be fetched; nothing hidden, no link, nothing unfinished. */
static bool is_to_fetch(int dir, const char *name)
{
	struct stat info;
	if (name[0] == '.' || str_ends(str_of(name), S(WATCHED_PART))) return false;
	return fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode);
}

/* Its own descriptor, so that DIR stays open; read from the beginning whoever read before. */
static DIR *listing(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0) close(fd);
	return d;
}

struct str watched_next_file(struct arena *a, int dir, int64_t *count)
{
	struct str first = S("");
	int64_t n = 0;
	DIR *d = listing(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (!is_to_fetch(dir, e->d_name)) continue;
		n++;
		if (!first.len || strcmp(e->d_name, first.at) < 0) first = str_of(str_c(a, str_of(e->d_name)));
	}
	if (d) closedir(d);
	if (count) *count = n;
	return first;
}

static enum status check(struct arena *a, struct str path, bool must_be_empty, struct problem *why)
{
	struct stat info;
	if (!path.len) return OK;
	if (path.at[0] != '/' || path.len > PATH_MAX_BYTES || str_has_control(path)) return problem_add(why, "folder", MSG_INTERFACE_FOLDER), REFUSED;
	const char *c = str_c(a, path);
	if (stat(c, &info) || !S_ISDIR(info.st_mode)) return problem_add(why, "folder", MSG_WATCHED_MISSING, arg_text("path", path)), REFUSED;
	int dir = access(c, R_OK | W_OK | X_OK) ? -1 : open(c, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) return problem_add(why, "folder", MSG_WATCHED_CLOSED, arg_text("path", path)), REFUSED;
	DIR *d = listing(dir);
	for (struct dirent *e; must_be_empty && d && (e = readdir(d));) {
		struct str name = str_of(e->d_name);
		bool is_ours = str_eq(name, S(".")) || str_eq(name, S("..")) || str_eq(name, S(WATCHED_WORK)) || str_eq(name, S(WATCHED_DONE)) ||
					   str_eq(name, S(WATCHED_REFUSED));
		if (is_ours) continue;
		problem_add(why, "folder", MSG_WATCHED_NOT_EMPTY, arg_text("path", path));
		break;
	}
	if (d) closedir(d);
	close(dir);
	return problem_any(why) ? REFUSED : OK;
}

enum status watched_check(struct arena *a, struct str path, struct problem *why)
{
	return check(a, path, false, why);
}

enum status watched_check_new(struct arena *a, struct str path, struct problem *why)
{
	return check(a, path, true, why);
}

/* ---- looking ---- */

/* What stands in NAME.txt. */
static struct str reason_of(struct arena *a, int refused, const char *name)
{
	char *at = arena_alloc(a, WHY_SHOWN);
	int fd = openat(refused, str_c(a, str_format(a, "%s.txt", name)), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, at, WHY_SHOWN);
	if (fd >= 0) close(fd);
	struct str s = str_trim((struct str){ at, len > 0 ? (size_t)len : 0 });
	while (s.len && !str_is_text(s)) s.len--; /* cut in a character */
	return s;
}

static void list_refused(struct arena *a, int refused, struct watched_view *out)
{
	DIR *d = listing(refused);
	out->refused = ARENA_ARRAY(a, struct refused_file, WATCHED_SHOWN);
	for (struct dirent *e; d && out->refused_count < WATCHED_SHOWN && (e = readdir(d));) {
		struct str name = str_of(e->d_name);
		bool is_reason = str_ends(name, S(".txt")) && faccessat(refused, str_c(a, str_part(name, 0, name.len - 4)), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
		if (is_reason || !is_to_fetch(refused, e->d_name) || !str_is_text(name)) continue;
		out->refused[out->refused_count++] = (struct refused_file){ str_keep(a, name), reason_of(a, refused, e->d_name) };
	}
	if (d) closedir(d);
}

void watched_look(struct arena *a, struct str path, struct watched_view *out)
{
	*out = (struct watched_view){ .path = path, .fault = problem_in(a) };
	if (!path.len || watched_check(a, path, &out->fault)) return;
	int dir = open(str_c(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) return;
	watched_next_file(a, dir, &out->waiting);
	int refused = openat(dir, WATCHED_REFUSED, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (refused >= 0) list_refused(a, refused, out), close(refused);
	close(dir);
}
