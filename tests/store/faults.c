/* tests/store/faults.c: what is left when disks fill, processes die and connections break. What was answered with OK is there; of everything else nothing,
 * unless the store itself says that it can't know. */
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "test.h"
#include "tests/database.h"
#include "tests/proxy.h"

static const struct migration steps[] = {
	{ 1, "0001_pairs",
		"CREATE TABLE one (id BIGINT NOT NULL PRIMARY KEY, bytes BYTES);"
		"CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY);"
		"CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);"
		"INSERT INTO counter VALUES (1, 0), (2, 0);" },
};

static const struct sql insert_one = SQL("INSERT INTO one (id, bytes) VALUES ($1, $2)");
static const struct sql insert_other = SQL("INSERT INTO other (id) VALUES ($1)");
static const struct sql find_one = SQL("SELECT 1 FROM one WHERE id = $1");
static const struct sql count_halves =
	SQL("SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM other), (SELECT count(*) FROM one JOIN other ON one.id = other.id)");

static struct store *open_pairs(void)
{
	return database_open_with(steps, COUNT(steps));
}

static void wait_ms(int ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000L };
	nanosleep(&t, NULL);
}

struct pair {
	int64_t id;
	struct str bytes;
	int runs;
};

/* A row in each of two tables: a half of it would be seen. */
static enum status write_pair(struct conn *db, void *arg)
{
	struct pair *p = arg;
	p->runs++;
	enum status st = store_exec(db, &insert_one, int64(p->id), blob(p->bytes));
	return st ? st : store_exec(db, &insert_other, int64(p->id));
}

static enum status write_id(struct store *s, int64_t id)
{
	struct pair p = { .id = id };
	return store_write(store_conn(s), write_pair, &p);
}

/* How many pairs there are; fails when there is a half. */
static int64_t pairs(struct store *s)
{
	struct conn *db = store_conn(s);
	assert_status(store_row(db, &count_halves), OK);
	assert_int_equal(col_int64(db, 0), col_int64(db, 2));
	assert_int_equal(col_int64(db, 1), col_int64(db, 2));
	return col_int64(db, 0);
}

/* Runs FN in a child with its own opening of the newest database. */
static pid_t in_process(void (*fn)(struct store *s, void *arg), void *arg)
{
	struct str url = database_url();
	pid_t child = fork();
	if (child) return child;
	struct store *s = database_open(url);
	fn(s, arg);
	store_close(s);
	_exit(0);
}

static int exit_of(pid_t child)
{
	int status;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* ---- a full disk ---- */

struct member {
	struct store *store;
	enum status (*fn)(struct conn *db, void *arg);
	struct pair pair;
	enum status got;
	bool is_unknown;
	sem_t *begun, *may_go;
};

static enum status hold_then_write(struct conn *db, void *arg)
{
	struct member *m = arg;
	if (m->begun) sem_post(m->begun);
	if (m->may_go) sem_wait(m->may_go);
	return m->fn(db, &m->pair);
}

static void *member_write(void *arg)
{
	struct member *m = arg;
	struct conn *db = store_conn(m->store);
	m->got = store_write(db, hold_then_write, m);
	m->is_unknown = store_outcome_unknown(db);
	return NULL;
}

/* Runs the COUNT writes of MEMBERS so that the second and later ones share one group on SQLite: the first keeps the writer until they wait. */
static void write_as_group(struct store *s, struct member *members, size_t count)
{
	sem_t begun, may_go;
	pthread_t threads[8];
	sem_init(&begun, 0, 0);
	sem_init(&may_go, 0, 0);
	members[0].begun = &begun;
	members[0].may_go = &may_go;
	for (size_t i = 0; i < count; i++) {
		members[i].store = s;
		pthread_create(&threads[i], NULL, member_write, &members[i]);
		if (i == 0) sem_wait(&begun);
		else wait_ms(20);
	}
	sem_post(&may_go);
	for (size_t i = 0; i < count; i++) pthread_join(threads[i], NULL);
	sem_destroy(&begun);
	sem_destroy(&may_go);
}

static bool is_on_sqlite(struct store *s)
{
	return store_engine(store_conn(s)) == ENGINE_SQLITE;
}

static enum status stop_growing(struct conn *db, void *arg)
{
	static const struct sql tight = SQL("PRAGMA max_page_count = 1"); /* the database's present size, then */
	(void)arg;
	return store_exec(db, &tight);
}

static enum status may_grow(struct conn *db, void *arg)
{
	static const struct sql wide = SQL("PRAGMA max_page_count = 1000000");
	(void)arg;
	return store_exec(db, &wide);
}

/* SQLite drops the whole transaction when a statement finds no room: those who had succeeded before in the group have lost their rows too. */
TEST(sqlite_a_statement_that_finds_no_room_fails_its_whole_group)
{
	struct store *s = open_pairs();
	if (is_on_sqlite(s)) {
		struct str large = { arena_alloc(mem, 1u << 20), 1u << 20 };
		struct member m[5] = { { .fn = write_pair, .pair = { .id = 1 } }, { .fn = write_pair, .pair = { .id = 2 } },
			{ .fn = write_pair, .pair = { .id = 2 } }, { .fn = write_pair, .pair = { .id = 3, .bytes = large } },
			{ .fn = write_pair, .pair = { .id = 4 } } };
		assert_status(store_write(store_conn(s), stop_growing, NULL), OK);
		write_as_group(s, m, 5);
		assert_status(m[0].got, OK);
		assert_status(m[1].got, UNAVAILABLE);
		assert_status(m[2].got, UNAVAILABLE); /* not REFUSED: the row that refused it is gone */
		assert_status(m[3].got, UNAVAILABLE);
		assert_status(m[4].got, OK); /* had not run yet: the next group */
		assert_int_equal(m[1].pair.runs + m[2].pair.runs + m[3].pair.runs, 3);
		for (int i = 0; i < 5; i++) assert_false(m[i].is_unknown);
		assert_int_equal(pairs(s), 2);
		assert_status(store_write(store_conn(s), may_grow, NULL), OK);
		assert_status(write_id(s, 2), OK);
	}
	database_end(s);
}

/* A limit on the size of files is a full disk that needs no root: the log can't take the commit. */
static void commit_without_room(struct store *s, void *arg)
{
	(void)arg;
	struct rlimit all, tight;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &all);
	if (write_id(s, 1) != OK) _exit(1);
	tight = all;
	tight.rlim_cur = 256 << 10;
	setrlimit(RLIMIT_FSIZE, &tight);
	struct str large = { calloc(1, 1u << 20), 1u << 20 };
	/* The large one comes last: it may use up the group's time. */
	struct member m[4] = { { .fn = write_pair, .pair = { .id = 2 } }, { .fn = write_pair, .pair = { .id = 3 } },
		{ .fn = write_pair, .pair = { .id = 4 } }, { .fn = write_pair, .pair = { .id = 5, .bytes = large } } };
	write_as_group(s, m, 4);
	if (m[0].got != OK) _exit(2);
	for (int i = 1; i < 4; i++)
		if (m[i].got != UNAVAILABLE || m[i].is_unknown || m[i].pair.runs != 1) _exit(10 + i);
	if (pairs(s) != 2) _exit(3);
	setrlimit(RLIMIT_FSIZE, &all);
	if (write_id(s, 3) != OK || pairs(s) != 3) _exit(4);
	free((void *)large.at);
}

TEST(sqlite_a_commit_that_finds_no_room_fails_its_whole_group)
{
	struct store *s = open_pairs();
	bool is_sqlite = is_on_sqlite(s);
	store_close(s);
	if (is_sqlite) {
		assert_int_equal(exit_of(in_process(commit_without_room, NULL)), 0);
		s = database_open(database_url());
		assert_int_equal(pairs(s), 3);
		store_close(s);
	}
	database_remove_all();
}

#define SMALL_DISK "/tmp/parterre-test-small-disk"

/* A file system of 24 MiB that belongs to the server's user. */
static bool small_disk_make(void)
{
	const struct passwd *postgres = getpwnam("postgres");
	mkdir(SMALL_DISK, 0700);
	if (!postgres || mount("tmpfs", SMALL_DISK, "tmpfs", 0, "size=24m") != 0) return false;
	return chown(SMALL_DISK, postgres->pw_uid, postgres->pw_gid) == 0;
}

TEST(postgresql_a_full_disk_fails_the_write_and_nothing_else)
{
	if (!database_server()) return;
	if (geteuid() != 0 || !small_disk_make()) { /* needs root */
		rmdir(SMALL_DISK);
		skip();
	}
	database_tell_server("CREATE TABLESPACE small_disk LOCATION '%s'", SMALL_DISK);
	struct str url = database_make();
	database_tell_server("ALTER DATABASE %s SET default_tablespace = small_disk", databases[database_count - 1].name);
	struct store *s = database_open(url);
	assert_status(store_migrate(store_conn(s), steps, COUNT(steps), NULL), OK);
	struct pair p = { .id = 1, .bytes = random_bytes(mem, 1u << 20) };
	enum status st;
	while ((st = store_write(store_conn(s), write_pair, &p)) == OK && p.id < 100) p.id++;
	assert_status(st, UNAVAILABLE);
	assert_false(store_outcome_unknown(store_conn(s)));
	assert_in_range(p.id, 2, 30);
	assert_int_equal(pairs(s), p.id - 1);
	database_end(s);
	database_tell_server("DROP TABLESPACE %s", "small_disk");
	umount(SMALL_DISK);
	rmdir(SMALL_DISK);
}

/* ---- two processes ---- */

struct crossing {
	int64_t first, second; /* the counters' order in this process */
	int mine, theirs;	   /* ends of pipes: "I have my first" */
	int runs;
};

static enum status count_up(struct conn *db, int64_t id)
{
	static const struct sql q = SQL("UPDATE counter SET n = n + 1 WHERE id = $1");
	return store_exec(db, &q, int64(id));
}

static enum status cross(struct conn *db, void *arg)
{
	struct crossing *c = arg;
	c->runs++;
	enum status st = count_up(db, c->first);
	if (st) return st;
	if (c->runs == 1) {
		char byte = 1;
		struct pollfd theirs = { .fd = c->theirs, .events = POLLIN };
		if (write(c->mine, &byte, 1) != 1) return BROKEN;
		poll(&theirs, 1, 500); /* on SQLite the other can't have come in: one writer */
	}
	return count_up(db, c->second);
}

static void cross_in_process(struct store *s, void *arg)
{
	struct crossing *c = arg;
	enum status st = store_write(store_conn(s), cross, c);
	_exit(st ? 100 + (int)st : c->runs);
}

TEST(of_two_processes_that_lock_each_other_both_succeed)
{
	static const struct sql read = SQL("SELECT min(n), max(n) FROM counter");
	struct store *s = open_pairs();
	int a[2], b[2];
	assert_int_equal(pipe(a) | pipe(b), 0);
	bool is_sqlite = is_on_sqlite(s);
	store_close(s);
	struct crossing one = { .first = 1, .second = 2, .mine = a[1], .theirs = b[0] };
	struct crossing two = { .first = 2, .second = 1, .mine = b[1], .theirs = a[0] };
	pid_t p = in_process(cross_in_process, &one), q = in_process(cross_in_process, &two);
	int runs_one = exit_of(p), runs_two = exit_of(q);
	assert_in_range(runs_one, 1, 10);
	assert_in_range(runs_two, 1, 10);
	if (!is_sqlite) assert_true(runs_one + runs_two > 2); /* it really was a deadlock */
	s = database_open(database_url());
	assert_status(store_row(store_conn(s), &read), OK);
	assert_int_equal(col_int64(store_conn(s), 0), 2);
	assert_int_equal(col_int64(store_conn(s), 1), 2);
	for (int i = 0; i < 2; i++) close(a[i]), close(b[i]);
	database_end(s);
}

#define TURNS		 20
#define SLOW_MS		 30 /* far longer than a write may take: the moment between two groups is then rarely met by chance */
#define BUSY_THREADS 8	/* so that the next group always waits already */

struct busy {
	struct store *store;
	atomic_bool is_over;
	atomic_int *written;
};

static enum status count_slowly(struct conn *db, void *arg)
{
	(void)arg;
	enum status st = count_up(db, 1);
	wait_ms(SLOW_MS);
	return st;
}

static void *keep_writing(void *arg)
{
	struct busy *b = arg;
	while (!atomic_load(&b->is_over))
		if (store_write(store_conn(b->store), count_slowly, NULL) == OK) atomic_fetch_add(b->written, 1);
	return NULL;
}

/* Takes its turns when told to go; its exit tells the longest wait in the time of a slow write. */
static void take_turns(struct store *s, void *arg)
{
	char byte;
	int64_t longest = 0;
	if (read(*(int *)arg, &byte, 1) != 1) _exit(101);
	for (int i = 0; i < TURNS; i++) {
		struct crossing c = { .first = 2, .second = 2, .runs = 1 };
		int64_t begun = clock_steady();
		if (store_write(store_conn(s), cross, &c) != OK) _exit(102);
		if (clock_steady() - begun > longest) longest = clock_steady() - begun;
	}
	longest /= SLOW_MS * (SECOND / 1000);
	_exit(longest > 100 ? 100 : (int)longest);
}

/* A server that commits without a pause must not keep a command beside it from writing, nor the other way round. */
TEST(two_processes_that_write_without_a_pause_take_turns)
{
	store_close(open_pairs()); /* SQLite does not bear an open database over a fork */
	int go[2];
	assert_int_equal(pipe(go), 0);
	pid_t beside = in_process(take_turns, &go[0]);
	struct store *s = database_open(database_url());
	struct busy busy[BUSY_THREADS] = { 0 };
	pthread_t threads[BUSY_THREADS];
	atomic_int written = 0;
	for (int i = 0; i < BUSY_THREADS; i++) {
		busy[i].store = s;
		busy[i].written = &written;
		pthread_create(&threads[i], NULL, keep_writing, &busy[i]);
	}
	while (atomic_load(&written) == 0) wait_ms(1);
	int before = atomic_load(&written);
	assert_int_equal(write(go[1], "g", 1), 1);
	int longest = exit_of(beside), meanwhile = atomic_load(&written) - before;
	for (int i = 0; i < BUSY_THREADS; i++) {
		atomic_store(&busy[i].is_over, true);
		pthread_join(threads[i], NULL);
	}
	assert_in_range(longest, 0, 10);								  /* one group, seldom two, and a slow machine */
	if (is_on_sqlite(s)) assert_in_range(meanwhile, TURNS / 2, 1000); /* one group a turn; on PostgreSQL they don't meet */
	close(go[0]);
	close(go[1]);
	database_end(s);
}

/* ---- a process that dies ---- */

#define DYING_THREADS 4

struct dying {
	struct store *store;
	int64_t first;
	int answers;
};

static void *write_and_tell(void *arg)
{
	struct dying *d = arg;
	for (int64_t id = d->first;; id++)
		if (write_id(d->store, id) == OK && write(d->answers, &id, sizeof id) != sizeof id) _exit(1);
}

static void write_until_killed(struct store *s, void *arg)
{
	struct dying d[DYING_THREADS];
	pthread_t threads[DYING_THREADS];
	for (int i = 0; i < DYING_THREADS; i++) {
		d[i] = (struct dying){ .store = s, .first = 1000000 * (i + 1), .answers = *(int *)arg };
		pthread_create(&threads[i], NULL, write_and_tell, &d[i]);
	}
	for (;;) pause();
}

TEST(what_a_killed_process_was_answered_is_there_and_nothing_is_half)
{
	struct store *s = open_pairs();
	store_close(s);
	for (int round = 0; round < 3; round++) {
		int answers[2];
		assert_int_equal(pipe(answers), 0);
		pid_t child = in_process(write_until_killed, &answers[1]);
		close(answers[1]);
		int64_t id, told = 0;
		static int64_t ids[1000000];
		while (told < 50 * (round + 1) && read(answers[0], &id, sizeof id) == sizeof id) ids[told++] = id;
		kill(child, SIGKILL);
		while (read(answers[0], &id, sizeof id) == sizeof id && told < (int64_t)COUNT(ids)) ids[told++] = id;
		close(answers[0]);
		assert_int_equal(exit_of(child), -SIGKILL);
		assert_true(told >= 50);
		s = database_open(database_url());
		for (int64_t i = 0; i < told; i++) assert_status(store_row(store_conn(s), &find_one, int64(ids[i])), OK);
		assert_true(pairs(s) >= told);
		store_close(s);
		database_remove_all();
		if (round < 2) store_close(open_pairs());
	}
}

/* ---- a connection that breaks ---- */

struct broken_commit {
	enum status got;
	bool is_unknown;
	int runs, commits;
};

static struct broken_commit write_through(struct proxy *p, struct store *s, enum meddling meddling, int64_t id)
{
	struct pair pair = { .id = id };
	int before = atomic_load(&p->commits);
	atomic_store(&p->meddling, meddling);
	struct broken_commit b = { .got = store_write(store_conn(s), write_pair, &pair) };
	b.is_unknown = store_outcome_unknown(store_conn(s));
	b.runs = pair.runs;
	b.commits = atomic_load(&p->commits) - before;
	return b;
}

static void assert_broken_commit(enum meddling meddling, bool is_unknown, int64_t pairs_then)
{
	struct store *s = open_pairs();
	if (is_on_sqlite(s)) {
		database_end(s); /* has no connection that could break; a killed process is its case */
		return;
	}
	struct proxy proxy;
	struct store *through = database_open(proxy_start(&proxy, mem, database_url()));
	struct broken_commit b = write_through(&proxy, through, meddling, 1);
	assert_status(b.got, UNAVAILABLE);
	assert_true(b.is_unknown == is_unknown);
	assert_int_equal(b.runs, 1); /* never run again once COMMIT was sent */
	assert_int_equal(b.commits, 1);
	assert_int_equal(pairs(s), pairs_then);
	b = write_through(&proxy, through, LET_PASS, 2); /* on a fresh connection */
	assert_status(b.got, OK);
	assert_false(b.is_unknown);
	assert_int_equal(b.runs, 1);
	assert_int_equal(pairs(through), pairs_then + 1);
	store_close(through);
	proxy_stop(&proxy);
	database_end(s);
}

TEST(a_connection_cut_before_the_server_got_commit_leaves_the_outcome_unknown)
{
	assert_broken_commit(CUT_BEFORE_COMMIT, true, 0);
}

TEST(a_connection_cut_after_the_server_got_commit_leaves_the_outcome_unknown)
{
	assert_broken_commit(CUT_AFTER_COMMIT, true, 1);
}

TEST(a_commit_answered_by_rollback_is_no_commit)
{
	assert_broken_commit(ROLL_BACK, false, 0);
}

static enum status end_others(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
	(void)arg;
	return store_row(db, &q);
}

static void *hold_a_link(void *arg)
{
	struct member *m = arg;
	m->got = store_write(store_conn(m->store), hold_then_write, m);
	return NULL;
}

TEST(a_server_that_was_restarted_costs_nobody_an_error)
{
	struct store *s = open_pairs();
	if (!is_on_sqlite(s)) {
		struct member m[5] = { { .fn = write_pair, .pair = { .id = 1 } }, { .fn = write_pair, .pair = { .id = 2 } },
			{ .fn = write_pair, .pair = { .id = 3 } }, { .fn = write_pair, .pair = { .id = 4 } }, { .fn = write_pair, .pair = { .id = 5 } } };
		write_as_group(s, m, 5); /* several links in the pool */
		struct store *killer = database_open(database_url());
		assert_status(store_snapshot(store_conn(killer), end_others, NULL), OK);
		assert_int_equal(pairs(s), 5);
		assert_status(store_snapshot(store_conn(killer), end_others, NULL), OK);
		assert_status(write_id(s, 6), OK);
		store_close(killer);
	}
	database_end(s);
}

struct interrupted {
	struct store *killer;
	int runs;
};

static enum status lose_the_connection(struct conn *db, void *arg)
{
	struct interrupted *x = arg;
	x->runs++;
	enum status st = store_exec(db, &insert_other, int64(1));
	if (st) return st;
	struct member m = { .store = x->killer, .fn = end_others };
	pthread_t t;
	pthread_create(&t, NULL, hold_a_link, &m);
	pthread_join(t, NULL);
	return store_exec(db, &insert_one, int64(1), null_value());
}

TEST(a_connection_lost_in_the_middle_fails_the_write_and_is_known)
{
	struct store *s = open_pairs();
	if (!is_on_sqlite(s)) {
		struct interrupted x = { .killer = database_open(database_url()) };
		assert_status(store_write(store_conn(s), lose_the_connection, &x), UNAVAILABLE);
		assert_false(store_outcome_unknown(store_conn(s)));
		assert_int_equal(x.runs, 1);
		assert_int_equal(pairs(s), 0);
		assert_status(write_id(s, 1), OK);
		store_close(x.killer);
	}
	database_end(s);
}

TEST(without_prepared_statements_everything_works_the_same)
{
	struct store *s = open_pairs();
	if (!is_on_sqlite(s)) {
		struct str url = str_format(mem, "%.*s?prepared=no&application_name=x", STR_ARG(database_url()));
		struct store *plain = database_open(url);
		struct pair p = { .id = 1, .bytes = S("\0\xff") };
		assert_status(store_write(store_conn(plain), write_pair, &p), OK);
		assert_status(store_write(store_conn(plain), write_pair, &p), REFUSED);
		assert_int_equal(pairs(plain), 1);
		static const struct sql prepared = SQL("SELECT count(*) FROM pg_prepared_statements"),
								name = SQL("SELECT current_setting('application_name')");
		assert_status(store_row(store_conn(plain), &prepared), OK);
		assert_int_equal(col_int64(store_conn(plain), 0), 0);
		assert_status(store_row(store_conn(plain), &name), OK);
		assert_str(col_text(store_conn(plain), 0, mem), S("x"));
		store_close(plain);
	}
	database_end(s);
}
