/* store/store.c: what both engines share: values and their checks, rows, who may ask when, and the life of connections. */
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "store/engine.h"

/* Guards every list of connections: a thread may end while another closes the store. Taken rarely, held shortly. */
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;

static _Thread_local struct conn *conns_of_thread;
static _Thread_local bool thread_only_reads, thread_writes;

static pthread_key_t thread_end;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;

/* ---- values ---- */

struct value int64(int64_t n)
{
	return (struct value){ .kind = VALUE_INT64, .number = n };
}

/* Both engines' libraries take a null pointer for NULL, so that empty text must point somewhere. */
static struct str not_null(struct str s)
{
	return s.at ? s : S("");
}

struct value text(struct str s)
{
	return (struct value){ .kind = VALUE_TEXT, .bytes = not_null(s) };
}

struct value blob(struct str bytes)
{
	return (struct value){ .kind = VALUE_BLOB, .bytes = not_null(bytes) };
}

struct value boolean(bool is_true)
{
	return (struct value){ .kind = VALUE_BOOLEAN, .number = is_true };
}

struct value null_value(void)
{
	return (struct value){ .kind = VALUE_NULL };
}

/* ---- connections and their threads ---- */

struct conn *conn_new(struct store *s)
{
	struct conn *db = calloc(1, sizeof *db);
	if (!db) BUG("out of memory for a connection");
	db->store = s;
	db->thread = pthread_self();
	db->arena = arena_new();
	atomic_fetch_add(&s->holders, 1);
	return db;
}

static void store_release(struct store *s)
{
	if (atomic_fetch_sub(&s->holders, 1) != 1) return;
	pthread_cond_destroy(&s->writes_over);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

void conn_free(struct conn *db)
{
	arena_free(db->arena);
	store_release(db->store);
	free(db);
}

/* Takes DB out of its store's list and closes what the engine holds, unless store_close did. */
static void conn_leave_store(struct conn *db)
{
	pthread_mutex_lock(&registry);
	if (!db->is_closed) {
		struct conn **at = &db->store->conns;
		while (*at != db) at = &(*at)->next_of_store;
		*at = db->next_of_store;
		db->store->engine->conn_close(db);
	}
	pthread_mutex_unlock(&registry);
}

static void on_thread_end(void *ignored)
{
	(void)ignored;
	while (conns_of_thread) {
		struct conn *db = conns_of_thread;
		conns_of_thread = db->next_of_thread;
		conn_leave_store(db);
		conn_free(db);
	}
}

static void thread_end_make(void)
{
	if (pthread_key_create(&thread_end, on_thread_end) != 0) BUG("no thread key left");
}

/* Frees the running thread's connections to stores that are closed. */
static void conns_sweep(void)
{
	struct conn **at = &conns_of_thread;
	while (*at) {
		struct conn *db = *at;
		if (db->is_closed) {
			*at = db->next_of_thread;
			conn_free(db);
		} else at = &db->next_of_thread;
	}
}

struct conn *store_conn(struct store *s)
{
	for (struct conn *db = conns_of_thread; db; db = db->next_of_thread)
		if (db->store == s) return db;
	pthread_once(&thread_end_once, thread_end_make);
	conns_sweep();
	struct conn *db = conn_new(s);
	db->next_of_thread = conns_of_thread;
	conns_of_thread = db;
	pthread_setspecific(thread_end, db); /* any value but NULL: on_thread_end runs */
	pthread_mutex_lock(&registry);
	db->next_of_store = s->conns;
	s->conns = db;
	pthread_mutex_unlock(&registry);
	return db;
}

void store_thread_only_reads(void)
{
	thread_only_reads = true;
}

enum engine store_engine(const struct conn *db)
{
	return db->store->engine->kind;
}

enum status store_connections(struct conn *db, int64_t *allowed, int64_t *ours)
{
	static const struct sql q = SQL("SELECT CAST(current_setting('max_connections') AS BIGINT)");
	*allowed = *ours = 0;
	if (store_engine(db) == ENGINE_SQLITE) return OK;
	enum status st = store_row(db, &q);
	if (st) return st;
	*allowed = col_int64(db, 0);
	*ours = LINKS_MAX;
	return OK;
}

/* ---- opening and closing ---- */

enum status store_open(struct str url, struct store **out, struct problem *why)
{
	static const struct engine_calls *const engines[] = { &sqlite_engine, &postgres_engine };
	*out = NULL;
	const struct engine_calls *engine = NULL;
	for (size_t i = 0; i < COUNT(engines); i++)
		if (str_starts(url, str_of(engines[i]->scheme))) engine = engines[i];
	if (!engine && str_starts(url, S("postgres://"))) engine = &postgres_engine;
	if (!engine) return problem_add(why, "database", MSG_DATABASE_URL_UNKNOWN), REFUSED;

	struct store *s = calloc(1, sizeof *s);
	if (!s) BUG("out of memory for a store");
	s->engine = engine;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->writes_over, NULL);
	atomic_store(&s->holders, 1);
	enum status st = engine->open(s, url, why);
	if (st) {
		engine->close(s);
		store_release(s);
		return st;
	}
	*out = s;
	return OK;
}

void store_close(struct store *s)
{
	pthread_mutex_lock(&s->lock);
	s->is_closing = true;
	while (s->writes) pthread_cond_wait(&s->writes_over, &s->lock);
	pthread_mutex_unlock(&s->lock);

	pthread_mutex_lock(&registry);
	for (struct conn *db = s->conns; db; db = db->next_of_store) {
		s->engine->conn_close(db);
		db->is_closed = true;
	}
	s->conns = NULL;
	pthread_mutex_unlock(&registry);

	s->engine->close(s);
	conns_sweep();
	store_release(s);
}

enum status store_claim(struct store *s, struct problem *why)
{
	return s->engine->claim(s, why);
}

enum status store_backup(struct store *s, struct str path, struct problem *why)
{
	return s->engine->backup(s, path, why);
}

/* ---- statements ---- */

static void check_thread(const struct conn *db)
{
	if (!pthread_equal(db->thread, pthread_self())) BUG("a connection is used by another thread than its own");
}

void conn_said(struct conn *db, const char *message)
{
	size_t len = strcspn(message, "\n"); /* PostgreSQL ends with a line break, and more lines may hold data */
	if (len > SAID_MAX - 1) len = SAID_MAX - 1;
	memcpy(db->said, message, len);
	db->said[len] = 0;
}

struct row *conn_row_add(struct conn *db, struct row *before)
{
	struct row *row = arena_alloc(db->arena, sizeof *row + (size_t)db->columns * sizeof(struct value));
	if (before) before->next = row;
	else db->rows = row;
	return row;
}

static bool values_are_text(const struct value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values[i].kind == VALUE_TEXT && !str_is_text(values[i].bytes)) return false;
	return true;
}

static void rows_forget(struct conn *db)
{
	db->rows = db->at = NULL;
	db->columns = 0;
}

static enum status run(struct conn *db, const struct sql *q, const struct value *values, size_t count, enum want want)
{
	check_thread(db);
	if (count > VALUES_MAX) BUG("%zu values: %s", count, q->text);
	rows_forget(db);
	db->changes = 0;
	if (db->failed) return db->last = db->failed;
	if (db->is_closed) return db->last = UNAVAILABLE;
	arena_reset(db->arena);
	enum status st = values_are_text(values, count) ? db->store->engine->run(db, q, values, count, want) : REFUSED;
	if (st) rows_forget(db);
	if (st && db->doing) db->failed = st;
	return db->last = st;
}

enum status store_exec_values(struct conn *db, const struct sql *q, const struct value *values, size_t count)
{
	return run(db, q, values, count, WANT_NOTHING);
}

enum status store_row_values(struct conn *db, const struct sql *q, const struct value *values, size_t count)
{
	enum status st = run(db, q, values, count, WANT_FIRST);
	if (st) return st;
	db->at = db->rows;
	db->rows = NULL;
	return db->at ? OK : NOT_FOUND;
}

enum status store_query_values(struct conn *db, const struct sql *q, const struct value *values, size_t count)
{
	return run(db, q, values, count, WANT_ALL);
}

enum status store_next(struct conn *db)
{
	if (db->last) return db->last;
	db->at = db->rows;
	if (!db->at) return NOT_FOUND;
	db->rows = db->at->next;
	return OK;
}

int64_t store_changes(const struct conn *db)
{
	return db->changes;
}

static const struct value *cell(struct conn *db, int column)
{
	check_thread(db);
	if (!db->at) BUG("a column is read where there is no row");
	if (column < 0 || column >= db->columns) BUG("column %d of %d", column, db->columns);
	return &db->at->cells[column];
}

int64_t col_int64(struct conn *db, int column)
{
	const struct value *v = cell(db, column);
	if (v->kind != VALUE_INT64 && v->kind != VALUE_NULL) BUG("column %d is no integer", column);
	return v->number;
}

bool col_boolean(struct conn *db, int column)
{
	const struct value *v = cell(db, column);
	/* SQLite has integers only. */
	bool is_boolean = v->kind == VALUE_BOOLEAN || v->kind == VALUE_NULL ||
					  (store_engine(db) == ENGINE_SQLITE && v->kind == VALUE_INT64 && (v->number == 0 || v->number == 1));
	if (!is_boolean) BUG("column %d is no boolean", column);
	return v->number == 1;
}

struct str col_text(struct conn *db, int column, struct arena *a)
{
	const struct value *v = cell(db, column);
	if (v->kind != VALUE_TEXT && v->kind != VALUE_NULL) BUG("column %d is no text", column);
	return str_keep(a, v->bytes);
}

struct str col_blob(struct conn *db, int column, struct arena *a)
{
	const struct value *v = cell(db, column);
	if (v->kind != VALUE_BLOB && v->kind != VALUE_NULL) BUG("column %d is no bytes", column);
	return str_keep(a, v->bytes);
}

bool col_is_null(struct conn *db, int column)
{
	return cell(db, column)->kind == VALUE_NULL;
}

/* ---- transactions ---- */

enum status conn_call(struct conn *db, enum doing doing, work_fn *fn, void *arg)
{
	bool wrote = thread_writes;
	thread_writes = doing == DOING_WRITE;
	db->doing = doing;
	db->failed = OK;
	enum status st = fn(db, arg);
	if (db->failed) st = db->failed;
	thread_writes = wrote;
	db->doing = DOING_NOTHING;
	db->failed = OK;
	rows_forget(db);
	return st;
}

enum status store_write(struct conn *db, work_fn *fn, void *arg)
{
	struct store *s = db->store;
	check_thread(db);
	if (thread_only_reads) BUG("store_write on a thread that only reads");
	if (thread_writes || db->doing) BUG("store_write inside a transaction");
	db->is_outcome_unknown = false;
	pthread_mutex_lock(&s->lock);
	bool is_closing = s->is_closing;
	if (!is_closing) s->writes++;
	pthread_mutex_unlock(&s->lock);
	if (is_closing) return UNAVAILABLE;

	enum status st = s->engine->write(db, fn, arg);

	pthread_mutex_lock(&s->lock);
	if (--s->writes == 0) pthread_cond_broadcast(&s->writes_over);
	pthread_mutex_unlock(&s->lock);
	return st;
}

bool store_outcome_unknown(const struct conn *db)
{
	return db->is_outcome_unknown;
}

enum status store_snapshot(struct conn *db, work_fn *fn, void *arg)
{
	check_thread(db);
	if (thread_writes || db->doing) BUG("store_snapshot inside a transaction");
	if (db->is_closed) return UNAVAILABLE;
	return db->store->engine->snapshot(db, fn, arg);
}

int64_t store_now(struct conn *db)
{
	check_thread(db);
	return db->doing ? db->now : db->store->engine->now(db);
}

void conflict_pause(int runs)
{
	uint16_t dice;
	random_fill(&dice, sizeof dice);
	int64_t wait = (int64_t)(1 + dice % 1000) * (1 << (runs < 6 ? runs : 6)); /* up to 1 ms at first, up to 64 ms later */
	struct timespec t = { .tv_sec = wait / SECOND, .tv_nsec = (long)(wait % SECOND) * 1000 };
	nanosleep(&t, NULL);
}
