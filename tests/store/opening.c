/* tests/store/opening.c: opening, claiming and copying a database. */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "test.h"
#include "tests/database.h"

static const struct migration steps[] = {
	{ 1, "0001_pairs", "CREATE TABLE one (id BIGINT NOT NULL PRIMARY KEY); CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY);" },
};

static bool is_on_sqlite(struct store *s)
{
	return store_engine(store_conn(s)) == ENGINE_SQLITE;
}

static enum message refused_url(struct str url, enum status wanted)
{
	struct store *s;
	struct problem why = problem_in(mem);
	assert_status(store_open(url, &s, &why), wanted);
	assert_null(s);
	assert_true(problem_any(&why));
	return why.first->message;
}

TEST(a_url_that_is_none_of_ours_is_refused)
{
	const char *urls[] = { "", "sqlite:", "mysql://localhost/x", "parterre.db", "postgresql://h/d?prepared=perhaps", "postgresql://h/d?colour=red" };
	for (size_t i = 0; i < COUNT(urls); i++) assert_int_equal(refused_url(str_of(urls[i]), REFUSED), MSG_DATABASE_URL_UNKNOWN);
}

TEST(a_database_that_cannot_be_reached_is_unavailable)
{
	assert_int_equal(refused_url(S("sqlite:/nowhere/at/all/x.db"), UNAVAILABLE), MSG_SYSTEM_ERROR);
	assert_int_equal(refused_url(S("postgresql://127.0.0.1:1/x"), UNAVAILABLE), MSG_DATABASE_CANNOT_OPEN);
}

TEST(sqlite_a_file_that_is_no_database_is_refused_and_left_alone)
{
	if (database_server()) return;
	struct str url = database_make();
	const char *path = str_c(mem, str_part(url, 7, SIZE_MAX));
	char words[] = "Dear diary, this is not a database; it only lies where one was expected. It is longer than a hundred bytes, as a header is.";
	FILE *f = fopen(path, "w");
	fputs(words, f);
	fclose(f);
	assert_int_equal(refused_url(url, REFUSED), MSG_DATABASE_CANNOT_OPEN);
	char now[sizeof words];
	f = fopen(path, "r");
	assert_non_null(fgets(now, sizeof now, f));
	fclose(f);
	assert_string_equal(now, words);
	database_remove_all();
}

TEST(sqlite_the_file_is_for_its_owner_alone)
{
	if (database_server()) return;
	struct store *s = database_open_with(steps, COUNT(steps));
	struct stat st;
	assert_int_equal(stat(str_c(mem, str_part(database_url(), 7, SIZE_MAX)), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	database_end(s);
}

TEST(postgresql_an_encoding_that_lacks_letters_is_refused)
{
	if (!database_server()) return;
	struct str url = database_make();
	const char *name = databases[database_count - 1].name;
	database_tell_server("DROP DATABASE %s", name);
	database_tell_server("CREATE DATABASE %s TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", name);
	assert_int_equal(refused_url(url, REFUSED), MSG_DATABASE_ENCODING);
	database_remove_all();
}

TEST(one_process_serves_a_sqlite_file_and_any_number_a_postgresql_database)
{
	struct store *s = database_open_with(steps, COUNT(steps)), *second = database_open(database_url());
	bool is_sqlite = is_on_sqlite(s);
	assert_status(store_claim(s, NULL), OK);
	struct problem why = problem_in(mem);
	assert_status(store_claim(second, &why), is_sqlite ? REFUSED : OK);
	if (is_sqlite) {
		assert_int_equal(why.first->message, MSG_DATABASE_SERVED);
		/* By another name it is the same file. */
		const char *path = str_c(mem, str_part(database_url(), 7, SIZE_MAX));
		struct str link = str_format(mem, "%s-by-another-name", path);
		assert_int_equal(symlink(path, str_c(mem, link)), 0);
		struct store *third = database_open(str_format(mem, "sqlite:%.*s", STR_ARG(link)));
		assert_status(store_claim(third, NULL), REFUSED);
		store_close(third);
	}
	store_close(s);
	assert_status(store_claim(second, NULL), OK);
	database_end(second);
}

struct pragmas {
	int64_t synchronous, foreign_keys;
	struct str journal;
};

static enum status read_pragmas(struct conn *db, void *arg)
{
	static const struct sql synchronous = SQL("PRAGMA synchronous"), foreign_keys = SQL("PRAGMA foreign_keys"), journal = SQL("PRAGMA journal_mode");
	struct pragmas *p = arg;
	enum status st;
	if ((st = store_row(db, &synchronous))) return st;
	p->synchronous = col_int64(db, 0);
	if ((st = store_row(db, &foreign_keys))) return st;
	p->foreign_keys = col_int64(db, 0);
	if ((st = store_row(db, &journal))) return st;
	p->journal = col_text(db, 0, mem);
	return OK;
}

/* That a commit outlives a power cut can't be tried here; that SQLite was told so can. */
TEST(sqlite_commits_are_synced_to_the_disk)
{
	if (database_server()) return;
	struct store *s = database_open_with(steps, COUNT(steps));
	struct pragmas p;
	assert_status(store_write(store_conn(s), read_pragmas, &p), OK);
	assert_int_equal(p.synchronous, 2); /* FULL */
	assert_int_equal(p.foreign_keys, 1);
	assert_str(p.journal, S("wal"));
	database_end(s);
}

struct writer {
	struct store *store;
	atomic_bool is_over;
	sem_t has_begun; /* the first pair is written */
	int64_t written;
	int failed;
};

static enum status write_pair(struct conn *db, void *arg)
{
	static const struct sql one = SQL("INSERT INTO one (id) VALUES ($1)"), other = SQL("INSERT INTO other (id) VALUES ($1)");
	const int64_t *id = arg;
	enum status st = store_exec(db, &one, int64(*id));
	return st ? st : store_exec(db, &other, int64(*id));
}

static void *write_pairs(void *arg)
{
	struct writer *w = arg;
	while (!atomic_load(&w->is_over)) {
		int64_t id = ++w->written;
		if (store_write(store_conn(w->store), write_pair, &id) != OK) w->failed++;
		if (id == 1) sem_post(&w->has_begun);
	}
	return NULL;
}

TEST(a_copy_is_one_state_while_others_write)
{
	static const struct sql count = SQL("SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM one JOIN other ON one.id = other.id)");
	struct store *s = database_open_with(steps, COUNT(steps));
	if (is_on_sqlite(s)) {
		struct writer w = { .store = s };
		sem_init(&w.has_begun, 0, 0);
		pthread_t t;
		pthread_create(&t, NULL, write_pairs, &w);
		sem_wait(&w.has_begun);
		for (int i = 0; i < 5; i++) {
			usleep(10000);
			struct str path = str_format(mem, "%.*s-copy-%d", STR_ARG(str_part(database_url(), 7, SIZE_MAX)), i);
			assert_status(store_backup(s, path, NULL), OK);
			struct store *copy = database_open(str_format(mem, "sqlite:%.*s", STR_ARG(path)));
			assert_status(store_row(store_conn(copy), &count), OK);
			assert_true(col_int64(store_conn(copy), 0) > 0);
			assert_int_equal(col_int64(store_conn(copy), 0), col_int64(store_conn(copy), 1));
			int64_t id = 1000000000;
			assert_status(store_write(store_conn(copy), write_pair, &id), OK); /* and a database in its own right */
			store_close(copy);
		}
		atomic_store(&w.is_over, true);
		pthread_join(t, NULL);
		sem_destroy(&w.has_begun);
		assert_int_equal(w.failed, 0);
	}
	database_end(s);
}

TEST(a_copy_never_takes_the_place_of_a_file)
{
	struct store *s = database_open_with(steps, COUNT(steps));
	struct problem why = problem_in(mem);
	struct str path = is_on_sqlite(s) ? str_part(database_url(), 7, SIZE_MAX) : S("/dev/null");
	assert_status(store_backup(s, path, &why), REFUSED);
	assert_int_equal(why.first->message, is_on_sqlite(s) ? MSG_BACKUP_EXISTS : MSG_BACKUP_POSTGRES);
	assert_int_equal(access(str_c(mem, str_format(mem, "%.*s.part", STR_ARG(path))), F_OK), -1);
	assert_status(store_backup(s, S("/nowhere/at/all/copy.db"), NULL), is_on_sqlite(s) ? UNAVAILABLE : REFUSED);
	database_end(s);
}

TEST(the_pool_is_told_beside_what_the_server_allows)
{
	struct store *s = database_open_fresh();
	int64_t allowed, ours;
	assert_status(store_connections(store_conn(s), &allowed, &ours), OK);
	if (store_engine(store_conn(s)) == ENGINE_SQLITE) assert_true(allowed == 0 && ours == 0);
	else assert_true(allowed >= ours && ours == 16);
	database_end(s);
}
