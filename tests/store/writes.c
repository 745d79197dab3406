/* tests/store/writes.c: transactions: what one write promises to its caller, and what many at once promise to each other. */
#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "test.h"
#include "tests/database.h"

#define THREADS 8

static const struct migration steps[] = {
	{ 1, "0001_notes",
		"CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, written_at BIGINT NOT NULL);"
		"CREATE TABLE quota (id BIGINT NOT NULL PRIMARY KEY, remaining BIGINT NOT NULL CHECK (remaining >= 0));"
		"INSERT INTO quota VALUES (1, 50);" },
};

static const struct sql insert_note = SQL("INSERT INTO note (id, written_at) VALUES ($1, $2)");
static const struct sql count_notes = SQL("SELECT count(*) FROM note");
static const struct sql find_note = SQL("SELECT 1 FROM note WHERE id = $1");

static struct store *open_notes(void)
{
	return database_open_with(steps, COUNT(steps));
}

static enum status note(struct conn *db, void *arg)
{
	const int64_t *id = arg;
	return store_exec(db, &insert_note, int64(*id), int64(store_now(db)));
}

static int64_t notes(struct conn *db)
{
	assert_status(store_row(db, &count_notes), OK);
	return col_int64(db, 0);
}

static bool is_on_sqlite(struct store *s)
{
	return store_engine(store_conn(s)) == ENGINE_SQLITE;
}

static void wait_ms(int ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000L };
	nanosleep(&t, NULL);
}

/* ---- one write ---- */

TEST(what_a_write_did_is_there_when_it_returns)
{
	struct store *s = open_notes();
	int64_t id = 7;
	assert_status(store_write(store_conn(s), note, &id), OK);
	assert_int_equal(notes(store_conn(s)), 1);
	assert_false(store_outcome_unknown(store_conn(s)));
	database_end(s);
}

static enum status note_then_refuse(struct conn *db, void *arg)
{
	enum status st = note(db, arg);
	return st ? st : NOT_FOUND;
}

TEST(a_function_that_does_not_return_ok_leaves_nothing)
{
	struct store *s = open_notes();
	int64_t id = 7;
	assert_status(store_write(store_conn(s), note_then_refuse, &id), NOT_FOUND);
	assert_int_equal(notes(store_conn(s)), 0);
	database_end(s);
}

static enum status pass_over_a_failure(struct conn *db, void *arg)
{
	int64_t *id = arg, other = *id + 1;
	assert_status(note(db, id), OK);
	assert_status(note(db, id), REFUSED);
	assert_status(note(db, &other), REFUSED); /* the transaction is over, whatever the statement */
	assert_status(store_row(db, &count_notes), REFUSED);
	assert_status(store_query(db, &count_notes), REFUSED);
	assert_status(store_next(db), REFUSED);
	return OK;
}

TEST(a_failed_statement_ends_its_transaction_even_when_it_is_passed_over)
{
	struct store *s = open_notes();
	int64_t id = 7;
	assert_status(store_write(store_conn(s), pass_over_a_failure, &id), REFUSED);
	assert_int_equal(notes(store_conn(s)), 0);
	assert_status(store_write(store_conn(s), note, &id), OK);
	database_end(s);
}

struct conflicts {
	int conflicts, runs;
};

static enum status meet_conflicts(struct conn *db, void *arg)
{
	struct conflicts *c = arg;
	int64_t id = 1;
	c->runs++;
	enum status st = note(db, &id);
	if (st) return st;
	return c->runs <= c->conflicts ? CONFLICT : OK;
}

TEST(a_write_that_meets_conflicts_runs_again)
{
	struct store *s = open_notes();
	struct conflicts c = { .conflicts = 2 };
	assert_status(store_write(store_conn(s), meet_conflicts, &c), OK);
	assert_int_equal(c.runs, 3);
	assert_int_equal(notes(store_conn(s)), 1);
	database_end(s);
}

TEST(a_write_that_meets_nothing_but_conflicts_gives_up)
{
	struct store *s = open_notes();
	struct conflicts c = { .conflicts = 1000 };
	assert_status(store_write(store_conn(s), meet_conflicts, &c), CONFLICT);
	assert_int_equal(c.runs, 10);
	assert_int_equal(notes(store_conn(s)), 0);
	database_end(s);
}

struct times {
	int64_t first, second;
};

static enum status read_times(struct conn *db, void *arg)
{
	struct times *t = arg;
	t->first = store_now(db);
	wait_ms(3);
	t->second = store_now(db);
	return OK;
}

TEST(time_stands_still_in_a_transaction)
{
	struct store *s = open_notes();
	struct conn *db = store_conn(s);
	struct times written, read;
	int64_t before = store_now(db);
	assert_status(store_write(db, read_times, &written), OK);
	assert_status(store_snapshot(db, read_times, &read), OK);
	assert_true(written.first == written.second && read.first == read.second);
	assert_true(before <= written.first && written.first < read.first && read.first <= store_now(db));
	assert_true(llabs(store_now(db) - clock_utc()) < MINUTE); /* both are this machine */
	database_end(s);
}

/* ---- mistakes of ours end the program ---- */

/* Whether FN aborts, run in a child with a store of its own. */
static bool is_bug(void (*fn)(struct store *s))
{
	struct str url = database_url();
	pid_t child = fork();
	if (child == 0) {
		struct rlimit none = { 0 };
		setrlimit(RLIMIT_CORE, &none);
		if (!freopen("/dev/null", "w", stderr)) _exit(2);
		signal(SIGABRT, SIG_DFL);
		fn(database_open(url));
		_exit(0);
	}
	int status;
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void write_outside(struct store *s)
{
	store_exec(store_conn(s), &insert_note, int64(1), int64(1));
}

static enum status write_outside_fn(struct conn *db, void *arg)
{
	(void)arg;
	return store_exec(db, &insert_note, int64(1), int64(1));
}

static void write_in_snapshot(struct store *s)
{
	store_snapshot(store_conn(s), write_outside_fn, NULL);
}

static enum status write_again(struct conn *db, void *arg)
{
	int64_t id = 1;
	(void)arg;
	return store_write(db, note, &id);
}

static void write_in_write(struct store *s)
{
	store_write(store_conn(s), write_again, NULL);
}

static void write_in_read(struct store *s)
{
	store_snapshot(store_conn(s), write_again, NULL);
}

static enum status snapshot_again(struct conn *db, void *arg)
{
	(void)arg;
	return store_snapshot(db, read_times, NULL);
}

static void snapshot_in_write(struct store *s)
{
	store_write(store_conn(s), snapshot_again, NULL);
}

static void write_where_one_only_reads(struct store *s)
{
	int64_t id = 1;
	store_thread_only_reads();
	store_write(store_conn(s), note, &id);
}

static void *use_connection(void *conn)
{
	store_row((struct conn *)conn, &count_notes);
	return NULL;
}

static void use_another_threads_connection(struct store *s)
{
	pthread_t t;
	pthread_create(&t, NULL, use_connection, store_conn(s));
	pthread_join(t, NULL);
}

static void read_no_row(struct store *s)
{
	store_row(store_conn(s), &find_note, int64(-1));
	col_int64(store_conn(s), 0);
}

static void read_wrong_type(struct store *s)
{
	static const struct sql q = SQL("SELECT name FROM schema_step");
	store_row(store_conn(s), &q);
	col_int64(store_conn(s), 0);
}

static void read_wrong_column(struct store *s)
{
	store_row(store_conn(s), &count_notes);
	col_int64(store_conn(s), 1);
}

static void only_read(struct store *s)
{
	store_row(store_conn(s), &count_notes);
}

TEST(mistakes_of_ours_are_bugs)
{
	struct store *s = open_notes();
	store_close(s);
	assert_false(is_bug(only_read));
	assert_true(is_bug(write_outside));
	assert_true(is_bug(write_in_snapshot));
	assert_true(is_bug(write_in_write));
	assert_true(is_bug(write_in_read));
	assert_true(is_bug(snapshot_in_write));
	assert_true(is_bug(write_where_one_only_reads));
	assert_true(is_bug(use_another_threads_connection));
	assert_true(is_bug(read_no_row));
	assert_true(is_bug(read_wrong_type));
	assert_true(is_bug(read_wrong_column));
	database_remove_all();
}

/* ---- many at once ---- */

/* Runs FN in N threads, each with its own element of SIZE bytes at JOBS. */
static void in_threads(int n, void *(*fn)(void *), void *jobs, size_t size)
{
	pthread_t *threads = ARENA_ARRAY(mem, pthread_t, (size_t)n);
	for (int i = 0; i < n; i++) assert_int_equal(pthread_create(&threads[i], NULL, fn, (char *)jobs + (size_t)i * size), 0);
	for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
}

struct member {
	struct store *store;
	int64_t id;
	enum status wanted, got;
	sem_t *begun, *may_go;
	const char *path;	 /* of the SQLite file, to look at it from outside */
	int inside, outside; /* notes seen by the member, and by another connection meanwhile */
};

/* The notes that another connection sees; SQLite only. */
static int notes_outside(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM note", -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	int n = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

static enum status member_fn(struct conn *db, void *arg)
{
	struct member *m = arg;
	if (m->begun) sem_post(m->begun);
	if (m->may_go) sem_wait(m->may_go);
	enum status st = note(db, &m->id);
	if (st) return st;
	if ((st = store_row(db, &count_notes))) return st;
	m->inside = (int)col_int64(db, 0);
	if (m->path) m->outside = notes_outside(m->path);
	return m->wanted;
}

static void *member_write(void *arg)
{
	struct member *m = arg;
	m->got = store_write(store_conn(m->store), member_fn, m);
	return NULL;
}

TEST(an_error_in_the_second_member_of_a_group_fails_alone)
{
	struct store *s = open_notes();
	sem_t begun, may_go;
	sem_init(&begun, 0, 0);
	sem_init(&may_go, 0, 0);
	const char *path = is_on_sqlite(s) ? str_c(mem, str_part(database_url(), 7, SIZE_MAX)) : NULL;
	struct member m[4] = {
		{ .store = s, .id = 1, .begun = &begun, .may_go = &may_go }, /* keeps the writer until the others wait */
		{ .store = s, .id = 2 },
		{ .store = s, .id = 3, .wanted = REFUSED },
		{ .store = s, .id = 4, .path = path },
	};
	pthread_t threads[4];
	for (int i = 0; i < 4; i++) {
		pthread_create(&threads[i], NULL, member_write, &m[i]);
		if (i == 0) sem_wait(&begun);
		else wait_ms(20); /* enqueued, in this order */
	}
	sem_post(&may_go);
	for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
	assert_status(m[0].got, OK);
	assert_status(m[1].got, OK);
	assert_status(m[2].got, REFUSED);
	assert_status(m[3].got, OK);
	assert_int_equal(notes(store_conn(s)), 3);
	if (path) {
		assert_int_equal(m[3].inside, 3);  /* its own, the first's and the second's, but not the third's */
		assert_int_equal(m[3].outside, 1); /* the second's was not committed yet: they share one commit */
	}
	sem_destroy(&begun);
	sem_destroy(&may_go);
	database_end(s);
}

struct buyer {
	struct store *store;
	int bought, refused, other;
};

static enum status buy(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE quota SET remaining = remaining - 1 WHERE id = $1 AND remaining > 0 RETURNING remaining");
	(void)arg;
	return store_row(db, &q, int64(1));
}

static void *buy_all(void *arg)
{
	struct buyer *b = arg;
	for (int i = 0; i < 20; i++) {
		enum status st = store_write(store_conn(b->store), buy, NULL);
		if (st == OK) b->bought++;
		else if (st == NOT_FOUND) b->refused++;
		else b->other++;
	}
	return NULL;
}

TEST(of_fifty_places_fifty_are_sold)
{
	struct store *s = open_notes();
	struct buyer buyers[THREADS] = { 0 };
	for (int i = 0; i < THREADS; i++) buyers[i].store = s;
	in_threads(THREADS, buy_all, buyers, sizeof buyers[0]);
	int bought = 0, refused = 0;
	for (int i = 0; i < THREADS; i++) {
		bought += buyers[i].bought;
		refused += buyers[i].refused;
		assert_int_equal(buyers[i].other, 0);
	}
	assert_int_equal(bought, 50);
	assert_int_equal(refused, THREADS * 20 - 50);
	database_end(s);
}

struct late {
	struct store *store;
	int64_t first;
	int64_t written; /* first … first + written - 1 were answered with OK */
	enum status last;
};

static void *write_until_closed(void *arg)
{
	struct late *l = arg;
	struct conn *db = store_conn(l->store);
	for (;;) {
		int64_t id = l->first + l->written;
		l->last = store_write(db, note, &id);
		if (l->last) return NULL;
		l->written++;
	}
}

TEST(a_stop_answers_every_waiting_writer_with_the_truth)
{
	struct store *s = open_notes();
	struct str url = database_url();
	struct late late[THREADS];
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++) {
		late[i] = (struct late){ .store = s, .first = 1000000 * (i + 1) };
		pthread_create(&threads[i], NULL, write_until_closed, &late[i]);
	}
	wait_ms(60);
	store_close(s);
	for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
	s = database_open(url);
	int64_t all = 0;
	for (int i = 0; i < THREADS; i++) {
		assert_status(late[i].last, UNAVAILABLE);
		for (int64_t id = late[i].first; id < late[i].first + late[i].written; id++)
			assert_status(store_row(store_conn(s), &find_note, int64(id)), OK);
		all += late[i].written;
	}
	assert_true(all > 0);
	assert_int_equal(notes(store_conn(s)), all); /* and whoever was told UNAVAILABLE has left nothing */
	database_end(s);
}

TEST(a_closed_store_answers_unavailable)
{
	struct store *s = open_notes();
	struct late late = { .store = s, .first = 1 };
	pthread_t t;
	pthread_create(&t, NULL, write_until_closed, &late);
	wait_ms(10);
	store_close(s);
	pthread_join(t, NULL);
	assert_status(late.last, UNAVAILABLE);
	database_remove_all();
}

struct watcher {
	struct store *store;
	int64_t before, after, written;
};

static void *write_one(void *arg)
{
	struct watcher *w = arg;
	w->written = store_write(store_conn(w->store), note, &(int64_t){ 99 });
	return NULL;
}

static enum status watch(struct conn *db, void *arg)
{
	struct watcher *w = arg;
	w->before = notes(db);
	pthread_t t;
	pthread_create(&t, NULL, write_one, w);
	pthread_join(t, NULL);
	w->after = notes(db);
	return OK;
}

TEST(a_snapshot_sees_one_state_while_others_write)
{
	struct store *s = open_notes();
	struct watcher w = { .store = s };
	assert_status(store_snapshot(store_conn(s), watch, &w), OK);
	assert_int_equal(w.written, OK);
	assert_int_equal(w.before, 0);
	assert_int_equal(w.after, 0);
	assert_int_equal(notes(store_conn(s)), 1);
	database_end(s);
}

TEST(rows_once_asked_for_stay_while_others_write)
{
	static const struct sql list = SQL("SELECT id FROM note ORDER BY id");
	struct store *s = open_notes();
	struct watcher w = { .store = s };
	for (int64_t id = 1; id <= 3; id++) assert_status(store_write(store_conn(s), note, &id), OK);
	struct conn *db = store_conn(s);
	assert_status(store_query(db, &list), OK);
	for (int64_t id = 1; id <= 3; id++) {
		assert_status(store_next(db), OK);
		assert_int_equal(col_int64(db, 0), id);
		if (id == 1) {
			pthread_t t;
			pthread_create(&t, NULL, write_one, &w);
			pthread_join(t, NULL);
		}
	}
	assert_status(store_next(db), NOT_FOUND);
	database_end(s);
}

/* ---- threads come and go ---- */

static int open_files(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/fd");
	while (readdir(d)) n++;
	closedir(d);
	return n;
}

static void *read_once(void *arg)
{
	struct watcher *w = arg;
	w->before = notes(store_conn(w->store));
	return NULL;
}

TEST(a_threads_connection_is_closed_with_the_thread)
{
	struct store *s = open_notes();
	struct watcher w = { .store = s };
	read_once(&w);
	in_threads(1, read_once, &w, sizeof w);
	int before = open_files();
	for (int i = 0; i < 20; i++) in_threads(1, read_once, &w, sizeof w);
	assert_int_equal(open_files(), before);
	database_end(s);
}

static enum status count_backends(struct conn *db, void *arg)
{
	static const struct sql q = SQL("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");
	enum status st = store_row(db, &q);
	if (st == OK) *(int64_t *)arg = col_int64(db, 0);
	return st;
}

TEST(a_process_keeps_at_most_sixteen_connections_to_postgresql)
{
	struct store *s = open_notes();
	if (!is_on_sqlite(s)) {
		struct buyer buyers[40] = { 0 };
		for (int i = 0; i < 40; i++) buyers[i].store = s;
		in_threads(40, buy_all, buyers, sizeof buyers[0]);
		int64_t n = 0;
		assert_status(store_snapshot(store_conn(s), count_backends, &n), OK);
		assert_in_range(n, 2, 16);
	}
	database_end(s);
}
