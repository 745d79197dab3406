/* store/sqlite.c: SQLite behind store.h. A thread reads on its own connection; one writer thread runs what waits as a group with one durable commit.
 *
 * Beside the database lies PATH-lock, whose first byte is locked by who serves (store_claim), and whose second by who waits for the write lock: SQLite has no
 * queue of its own, and a process that commits without a pause would never let another in. Whoever wants to write takes the turn, then the write lock, then
 * gives the turn back; so two processes that both write alternate, and a lone one pays two system calls a group. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/engine.h"

#define GROUP_MAX		256					 /* members of a group: more don't make it faster */
#define GROUP_TIME		(10 * SECOND / 1000) /* later ones wait for the next group, so that the first get their answer */
#define BUSY_STEP		(SECOND / 2000)		 /* 0.5 ms between two looks at a lock that another process holds */
#define BUSY_MAX		(10 * SECOND)		 /* a command beside writes for milliseconds; who holds the lock for longer is broken */
#define CACHE_READ_KIB	512					 /* 34 threads: 17 MiB at most; the system's own cache does the rest */
#define CACHE_WRITE_KIB 4096
#define WAL_KEEP		"67108864" /* bytes of log kept after a checkpoint */
#define FILE_MODE		0600	   /* people's addresses */

enum lock_byte { LOCK_SERVE = 0, LOCK_TURN = 1 };

/* A write that waits or runs; lives on its thread's stack until is_done. */
struct member {
	struct member *next;
	work_fn *fn;
	void *arg;
	enum status status;
	int runs;
	bool is_again; /* not decided yet: into the next group */
	bool is_outcome_unknown;
	bool is_done;
	pthread_cond_t done;
};

struct sqlite_conn {
	sqlite3 *handle;
	struct prepared_table prepared;
	bool is_writer;
};

struct sqlite_store {
	char *path, *lock_path;
	int lock_file;
	struct conn *writer;
	pthread_t thread;
	bool is_running, is_stopping;
	pthread_cond_t work;
	struct member *first, **last;
};

/* ---- errors ---- */

static enum status status_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return OK;
	case SQLITE_CONSTRAINT: return rc == SQLITE_CONSTRAINT_DATATYPE ? BROKEN : REFUSED;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_NOMEM:
	case SQLITE_PROTOCOL:
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_INTERRUPT: return UNAVAILABLE;
	default: return BROKEN;
	}
}

/* Notes and logs why DB's last call failed; a constraint that refuses a row is an answer and no fault. */
static enum status failed(struct conn *db, int rc, const char *what)
{
	enum status st = status_of(rc);
	conn_said(db, db->sqlite->handle ? sqlite3_errmsg(db->sqlite->handle) : sqlite3_errstr(rc));
	if (st == BROKEN) log_error("SQLite: %s: %s", db->said, what);
	else if (st == UNAVAILABLE) log_warn("SQLite: %s (%d): %s", db->said, rc, what);
	return st;
}

/* ---- opening ---- */

static void sleep_for(int64_t microseconds)
{
	struct timespec t = { .tv_sec = microseconds / SECOND, .tv_nsec = (long)(microseconds % SECOND) * 1000 };
	nanosleep(&t, NULL);
}

static int on_busy(void *ignored, int looks)
{
	(void)ignored;
	if (looks * BUSY_STEP >= BUSY_MAX) return 0;
	sleep_for(BUSY_STEP);
	return 1;
}

static int handle_open(struct conn *db, const char *path)
{
	struct sqlite_conn *c = db->sqlite;
	char pragmas[512];
	int rc = sqlite3_open_v2(path, &c->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc) return rc;
	sqlite3_busy_handler(c->handle, on_busy, NULL);
	/* "x" that names no column is a mistake and no text, as on PostgreSQL. */
	sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	snprintf(pragmas, sizeof pragmas,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
		"PRAGMA journal_size_limit = " WAL_KEEP "; PRAGMA cache_size = -%d; PRAGMA query_only = %s",
		c->is_writer ? CACHE_WRITE_KIB : CACHE_READ_KIB, c->is_writer ? "OFF" : "ON");
	/* Of processes that turn a new file to WAL at once, SQLite sends all but one away without asking the busy handler. */
	int looks = 0;
	do rc = sqlite3_exec(c->handle, pragmas, NULL, NULL, NULL);
	while ((rc & 0xff) == SQLITE_BUSY && on_busy(NULL, looks++));
	return rc;
}

static void statement_end(struct prepared *p)
{
	sqlite3_finalize(p->statement);
}

static void handle_close(struct sqlite_conn *c)
{
	prepared_clear(&c->prepared, statement_end);
	sqlite3_close(c->handle);
	c->handle = NULL;
}

/* Opens DB's handle at its first use. */
static enum status handle_need(struct conn *db)
{
	if (db->sqlite && db->sqlite->handle) return OK;
	if (!db->sqlite) db->sqlite = calloc(1, sizeof *db->sqlite);
	if (!db->sqlite) BUG("out of memory for a connection");
	int rc = handle_open(db, db->store->sqlite->path);
	if (!rc) return OK;
	enum status st = failed(db, rc, "opening");
	handle_close(db->sqlite);
	return st;
}

static void sqlite_conn_close(struct conn *db)
{
	if (!db->sqlite) return;
	handle_close(db->sqlite);
	free(db->sqlite);
	db->sqlite = NULL;
}

static enum status sqlite_open(struct store *s, struct str url, struct problem *why)
{
	struct sqlite_store *q = s->sqlite = calloc(1, sizeof *s->sqlite);
	if (!q) BUG("out of memory for a store");
	q->lock_file = -1;
	q->last = &q->first;
	pthread_cond_init(&q->work, NULL);

	struct str path = str_part(url, sizeof "sqlite:" - 1, url.len);
	char name[PATH_MAX];
	if (path.len == 0 || path.len >= sizeof name || str_has(path, 0)) return problem_add(why, "database", MSG_DATABASE_URL_UNKNOWN), REFUSED;
	memcpy(name, path.at, path.len);
	name[path.len] = 0;
	int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (file < 0) return problem_errno(why, name, errno), UNAVAILABLE;
	close(file);
	q->path = realpath(name, NULL); /* one file, one lock, whatever it is called */
	if (!q->path || asprintf(&q->lock_path, "%s-lock", q->path) < 0) return problem_errno(why, name, errno), UNAVAILABLE;

	q->writer = conn_new(s);
	q->writer->sqlite = calloc(1, sizeof *q->writer->sqlite);
	if (!q->writer->sqlite) BUG("out of memory for a connection");
	q->writer->sqlite->is_writer = true;
	enum status st = handle_need(q->writer);
	if (!st) return OK;
	problem_add(why, "database", MSG_DATABASE_CANNOT_OPEN, arg_text("said", why ? str_keep(why->arena, str_of(q->writer->said)) : S("")));
	return st == UNAVAILABLE ? UNAVAILABLE : REFUSED; /* no database at all, or one that is damaged */
}

static void sqlite_close(struct store *s)
{
	struct sqlite_store *q = s->sqlite;
	if (!q) return;
	pthread_mutex_lock(&s->lock);
	q->is_stopping = true;
	pthread_cond_signal(&q->work);
	pthread_mutex_unlock(&s->lock);
	if (q->is_running) pthread_join(q->thread, NULL);
	if (q->writer) {
		sqlite_conn_close(q->writer);
		conn_free(q->writer);
	}
	if (q->lock_file >= 0) close(q->lock_file);
	pthread_cond_destroy(&q->work);
	free(q->path);
	free(q->lock_path);
	free(q);
	s->sqlite = NULL;
}

/* ---- the lock file ---- */

/* Opens the lock file at its first use: commands that only read need none. */
static int lock_file_need(struct store *s)
{
	pthread_mutex_lock(&s->lock);
	struct sqlite_store *q = s->sqlite;
	if (q->lock_file < 0) q->lock_file = open(q->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	int file = q->lock_file;
	pthread_mutex_unlock(&s->lock);
	return file;
}

/* Locks or unlocks one byte for this opening of the file; OFD locks, because ordinary ones end when any descriptor of the file is closed. */
static int lock_byte(int file, enum lock_byte byte, short kind, int command)
{
	struct flock lock = { .l_type = kind, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
	int r;
	do r = fcntl(file, command, &lock);
	while (r < 0 && errno == EINTR);
	return r;
}

static enum status sqlite_claim(struct store *s, struct problem *why)
{
	int file = lock_file_need(s);
	if (file >= 0 && lock_byte(file, LOCK_SERVE, F_WRLCK, F_OFD_SETLK) == 0) return OK;
	if (file < 0 || (errno != EAGAIN && errno != EACCES)) return problem_errno(why, "database", errno), UNAVAILABLE;
	problem_add(why, "database", MSG_DATABASE_SERVED, arg_text("path", why ? str_keep(why->arena, str_of(s->sqlite->path)) : S("")));
	return REFUSED;
}

/* ---- statements ---- */

static enum status prepare(struct conn *db, const struct sql *q, const struct value *values, size_t count, struct prepared **out)
{
	struct sqlite_conn *c = db->sqlite;
	*out = prepared_find(&c->prepared, q, values, count);
	if (*out) return OK;
	sqlite3_stmt *statement;
	int rc = sqlite3_prepare_v3(c->handle, q->text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
	if (rc) return failed(db, rc, q->text);
	bool fits = sqlite3_bind_parameter_count(statement) == (int)count;
	struct prepared *p = prepared_add(&c->prepared, q, values, count);
	p->statement = statement;
	for (size_t i = 0; i < count; i++) {
		char name[8];
		snprintf(name, sizeof name, "$%u", (unsigned)(i + 1) % 1000);
		int index = sqlite3_bind_parameter_index(statement, name);
		if (index == 0) fits = false;
		p->index[i] = (unsigned char)index;
	}
	if (!fits) BUG("%zu values for: %s", count, q->text);
	if (!c->is_writer && !sqlite3_stmt_readonly(statement)) BUG("writes outside store_write: %s", q->text);
	*out = p;
	return OK;
}

static int bind(sqlite3_stmt *statement, int at, const struct value *v)
{
	switch (v->kind) {
	case VALUE_NULL: return sqlite3_bind_null(statement, at);
	case VALUE_INT64:
	case VALUE_BOOLEAN: return sqlite3_bind_int64(statement, at, v->number);
	case VALUE_TEXT: return sqlite3_bind_text64(statement, at, v->bytes.at, v->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
	case VALUE_BLOB: return sqlite3_bind_blob64(statement, at, v->bytes.at, v->bytes.len, SQLITE_STATIC);
	}
	BUG("value of kind %d", (int)v->kind);
}

static bool cell_read(struct conn *db, sqlite3_stmt *statement, int column, struct value *to)
{
	const char *at;
	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_NULL: *to = null_value(); return true;
	case SQLITE_INTEGER: *to = int64(sqlite3_column_int64(statement, column)); return true;
	case SQLITE_TEXT:
		at = (const char *)sqlite3_column_text(statement, column);
		*to = text(str_keep(db->arena, (struct str){ at, (size_t)sqlite3_column_bytes(statement, column) }));
		return true;
	case SQLITE_BLOB:
		at = sqlite3_column_blob(statement, column);
		*to = blob(str_keep(db->arena, (struct str){ at, (size_t)sqlite3_column_bytes(statement, column) }));
		return true;
	default: return false; /* a fraction: nothing of ours is one */
	}
}

/* Steps to the end, or to the first row where that suffices: a statement that writes must end, or its count of changes is not yet true. */
static enum status step_all(struct conn *db, sqlite3_stmt *statement, const char *sql, enum want want)
{
	bool writes = !sqlite3_stmt_readonly(statement);
	struct row *last = NULL;
	int rc;
	db->columns = sqlite3_column_count(statement);
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		if (want == WANT_NOTHING || (want == WANT_FIRST && last)) continue;
		last = conn_row_add(db, last);
		for (int i = 0; i < db->columns; i++) {
			if (cell_read(db, statement, i, &last->cells[i])) continue;
			log_error("column %d is a fraction: %s", i, sql);
			return BROKEN;
		}
		if (want == WANT_FIRST && !writes) break;
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) return failed(db, rc, sql);
	if (writes) db->changes = sqlite3_changes64(db->sqlite->handle);
	return OK;
}

static enum status sqlite_run(struct conn *db, const struct sql *q, const struct value *values, size_t count, enum want want)
{
	enum status st = handle_need(db);
	if (st) return st;
	struct prepared *p;
	if ((st = prepare(db, q, values, count, &p))) return st;
	for (size_t i = 0; i < count; i++) {
		int rc = bind(p->statement, p->index[i], &values[i]);
		if (rc) return failed(db, rc, q->text);
	}
	st = step_all(db, p->statement, q->text, want);
	sqlite3_reset(p->statement);
	sqlite3_clear_bindings(p->statement);
	return st;
}

static enum status sqlite_script(struct conn *db, const char *script)
{
	int rc = sqlite3_exec(db->sqlite->handle, script, NULL, NULL, NULL);
	return rc ? failed(db, rc, "a script") : OK;
}

/* Runs one of the words below; SQLite's own code tells what happened. */
static int control(struct conn *db, const struct sql *word)
{
	struct prepared *p;
	if (prepare(db, word, NULL, 0, &p)) return sqlite3_extended_errcode(db->sqlite->handle);
	int rc = sqlite3_step(p->statement);
	sqlite3_reset(p->statement);
	if (rc == SQLITE_DONE) return SQLITE_OK;
	conn_said(db, sqlite3_errmsg(db->sqlite->handle));
	return rc;
}

static const struct sql begin_write = SQL("BEGIN IMMEDIATE"), begin_read = SQL("BEGIN"), commit = SQL("COMMIT"), rollback = SQL("ROLLBACK"),
						savepoint = SQL("SAVEPOINT member"), release = SQL("RELEASE member"), undo = SQL("ROLLBACK TO member");

/* ---- the writer ---- */

static int begin_in_turn(struct store *s)
{
	int file = lock_file_need(s);
	bool has_turn = file >= 0 && lock_byte(file, LOCK_TURN, F_WRLCK, F_OFD_SETLKW) == 0; /* without it we are only less polite */
	int rc = handle_need(s->sqlite->writer) ? SQLITE_CANTOPEN : control(s->sqlite->writer, &begin_write);
	if (has_turn) lock_byte(file, LOCK_TURN, F_UNLCK, F_OFD_SETLK);
	return rc;
}

/* Runs M in its own savepoint. False when the whole transaction is gone (SQLite drops it on a full disk, for one). */
static bool member_run(struct conn *db, struct member *m)
{
	if (control(db, &savepoint)) return false;
	m->runs++;
	db->now = clock_utc();
	m->status = conn_call(db, DOING_WRITE, m->fn, m->arg);
	if (sqlite3_get_autocommit(db->sqlite->handle)) return false;
	int rc = m->status ? control(db, &undo) : SQLITE_OK;
	return (rc ? rc : control(db, &release)) == SQLITE_OK;
}

/* Nothing of the group counts: what members that failed by themselves were told may rest on rows that are no longer there. */
static void group_lost(struct conn *db, struct member *group, bool is_outcome_unknown)
{
	log_warn("SQLite: a group of writes is lost: %s", db->said);
	if (!sqlite3_get_autocommit(db->sqlite->handle)) control(db, &rollback);
	for (struct member *m = group; m; m = m->next) {
		if (m->is_again) continue;
		m->status = UNAVAILABLE;
		m->is_outcome_unknown = is_outcome_unknown;
	}
}

/* Runs the members of GROUP in one transaction; those that it did not get to, or that met a conflict, are marked is_again. */
static void group_run(struct store *s, struct member *group)
{
	struct conn *db = s->sqlite->writer;
	for (struct member *m = group; m; m = m->next) m->is_again = false;
	if (begin_in_turn(s)) {
		log_warn("SQLite: no write is possible: %s", db->said);
		for (struct member *m = group; m; m = m->next) m->status = UNAVAILABLE;
		return;
	}
	int64_t until = clock_steady() + GROUP_TIME;
	bool is_whole = true;
	for (struct member *m = group; m; m = m->next) {
		if (!is_whole || (m != group && clock_steady() > until)) m->is_again = true;
		else is_whole = member_run(db, m);
	}
	if (!is_whole) {
		group_lost(db, group, false);
		return;
	}
	int rc = control(db, &commit);
	if (rc) {
		/* A log that could not be written holds no commit; one whose sync failed may turn out to hold it, when it is read anew after a crash. */
		group_lost(db, group, (rc & 0xff) != SQLITE_FULL && rc != SQLITE_IOERR_WRITE);
		return;
	}
	for (struct member *m = group; m; m = m->next)
		if (!m->is_again && m->status == CONFLICT && m->runs < WRITE_RUNS_MAX) m->is_again = true;
}

/* Takes the next group off the queue. */
static struct member *group_take(struct sqlite_store *q)
{
	struct member *group = q->first, **end = &q->first;
	for (int n = 0; n < GROUP_MAX && *end; n++) end = &(*end)->next;
	q->first = *end;
	if (!q->first) q->last = &q->first;
	*end = NULL;
	if (end == &q->first) return NULL;
	return group;
}

/* Wakes who is done; puts the others in front of the queue, in their order. */
static void group_answer(struct sqlite_store *q, struct member *group)
{
	struct member *again = NULL, **end = &again;
	for (struct member *m = group, *next; m; m = next) {
		next = m->next;
		if (m->is_again) {
			*end = m;
			end = &m->next;
		} else {
			m->is_done = true;
			pthread_cond_signal(&m->done);
		}
	}
	*end = q->first;
	if (again && !q->first) q->last = end;
	if (again) q->first = again;
}

static void *writer_main(void *arg)
{
	struct store *s = arg;
	struct sqlite_store *q = s->sqlite;
	q->writer->thread = pthread_self();
	pthread_mutex_lock(&s->lock);
	for (;;) {
		while (!q->first && !q->is_stopping) pthread_cond_wait(&q->work, &s->lock);
		if (!q->first) break;
		struct member *group = group_take(q);
		pthread_mutex_unlock(&s->lock);
		group_run(s, group);
		pthread_mutex_lock(&s->lock);
		group_answer(q, group);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static enum status sqlite_write(struct conn *db, work_fn *fn, void *arg)
{
	struct store *s = db->store;
	struct sqlite_store *q = s->sqlite;
	struct member m = { .fn = fn, .arg = arg, .status = UNAVAILABLE };
	pthread_cond_init(&m.done, NULL);
	pthread_mutex_lock(&s->lock);
	if (!q->is_running) q->is_running = pthread_create(&q->thread, NULL, writer_main, s) == 0;
	if (q->is_running) {
		*q->last = &m;
		q->last = &m.next;
		pthread_cond_signal(&q->work);
		while (!m.is_done) pthread_cond_wait(&m.done, &s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	pthread_cond_destroy(&m.done);
	db->is_outcome_unknown = m.is_outcome_unknown;
	return m.status;
}

/* ---- snapshots, time, backup ---- */

static enum status sqlite_snapshot(struct conn *db, work_fn *fn, void *arg)
{
	enum status st = handle_need(db);
	if (st) return st;
	int rc = control(db, &begin_read);
	if (rc) return failed(db, rc, "BEGIN");
	db->now = clock_utc();
	st = conn_call(db, DOING_SNAPSHOT, fn, arg);
	if (!sqlite3_get_autocommit(db->sqlite->handle)) control(db, &rollback);
	return st;
}

static int64_t sqlite_now(struct conn *db)
{
	(void)db;
	return clock_utc();
}

/* Copies the database as it is now into the empty file PART: one step, on a read connection of its own, while writers go on. */
static enum status copy_into(struct store *s, const char *part, struct problem *why)
{
	struct conn *from = conn_new(s);
	sqlite3 *to = NULL;
	enum status st = handle_need(from);
	int rc = st ? SQLITE_ERROR : sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (!rc) {
		sqlite3_backup *copy = sqlite3_backup_init(to, "main", from->sqlite->handle, "main");
		if (copy) sqlite3_backup_step(copy, -1);
		rc = copy ? sqlite3_backup_finish(copy) : sqlite3_errcode(to);
	}
	if (rc) {
		const char *said = to ? sqlite3_errmsg(to) : from->said;
		problem_add(why, "", MSG_BACKUP_FAILED, arg_text("said", why ? str_keep(why->arena, str_of(said)) : S("")));
		st = UNAVAILABLE;
	}
	sqlite3_close(to);
	sqlite_conn_close(from);
	conn_free(from);
	return st;
}

static enum status sqlite_backup(struct store *s, struct str path, struct problem *why)
{
	struct arena *a = arena_new();
	enum status st = UNAVAILABLE;
	char *name = str_c(a, path), *part = str_c(a, str_format(a, "%.*s.part", STR_ARG(path)));
	if (!name || !part || path.len == 0) {
		problem_add(why, "", MSG_BACKUP_EXISTS, arg_text("path", S("")));
		arena_free(a);
		return REFUSED;
	}
	int file = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	if (file < 0) {
		problem_errno(why, name, errno);
		goto done;
	}
	close(file);
	if ((st = copy_into(s, part, why))) goto remove;
	/* Under its own name only when whole, and never over another file. */
	if (renameat2(AT_FDCWD, part, AT_FDCWD, name, RENAME_NOREPLACE) == 0) goto done;
	if (errno == EEXIST) {
		problem_add(why, "", MSG_BACKUP_EXISTS, arg_text("path", why ? str_keep(why->arena, path) : S("")));
		st = REFUSED;
	} else {
		problem_errno(why, name, errno);
		st = UNAVAILABLE;
	}
remove:
	unlink(part);
done:
	arena_free(a);
	return st;
}

const struct engine_calls sqlite_engine = {
	.kind = ENGINE_SQLITE,
	.scheme = "sqlite:",
	.open = sqlite_open,
	.close = sqlite_close,
	.claim = sqlite_claim,
	.conn_close = sqlite_conn_close,
	.run = sqlite_run,
	.script = sqlite_script,
	.write = sqlite_write,
	.snapshot = sqlite_snapshot,
	.now = sqlite_now,
	.backup = sqlite_backup,
};
