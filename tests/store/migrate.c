/* tests/store/migrate.c: the schema goes up step by step, or stays where it was. */
#include <sys/wait.h>

#include "test.h"
#include "tests/database.h"

static const struct migration steps[] = {
	{ 1, "0001_first", "CREATE TABLE first (id IDENTITY, name TEXT NOT NULL UNIQUE);" },
	{ 2, "0002_second",
		"CREATE TABLE second (id IDENTITY, first BIGINT NOT NULL REFERENCES first, is_used BOOLEAN NOT NULL DEFAULT FALSE);\n"
		"CREATE INDEX second_first ON second (first);" },
	{ 3, "0003_third", "ALTER TABLE first ADD COLUMN note TEXT; INSERT INTO first (name, note) VALUES ('a', 'b;c');" },
};

static const struct sql count_steps = SQL("SELECT count(*) FROM schema_step"), find_third = SQL("SELECT note FROM first"),
						find_half = SQL("SELECT 1 FROM half"), find_second = SQL("SELECT 1 FROM second");

static struct store *open_empty(void)
{
	return database_open(database_make());
}

static enum schema_state state_of(struct store *s, const struct migration *of, size_t count)
{
	enum schema_state state;
	assert_status(store_schema(store_conn(s), of, count, &state, NULL), OK);
	return state;
}

static enum message refused_by(struct store *s, const struct migration *of, size_t count, enum status wanted)
{
	struct problem why = problem_in(mem);
	assert_status(store_migrate(store_conn(s), of, count, &why), wanted);
	assert_true(problem_any(&why));
	return why.first->message;
}

static int64_t applied(struct store *s)
{
	assert_status(store_row(store_conn(s), &count_steps), OK);
	return col_int64(store_conn(s), 0);
}

TEST(an_empty_database_gets_every_step_once)
{
	struct store *s = open_empty();
	assert_int_equal(state_of(s, steps, COUNT(steps)), SCHEMA_EMPTY);
	assert_status(store_migrate(store_conn(s), steps, COUNT(steps), NULL), OK);
	assert_int_equal(state_of(s, steps, COUNT(steps)), SCHEMA_CURRENT);
	assert_int_equal(applied(s), 3);
	assert_status(store_row(store_conn(s), &find_third), OK);
	assert_str(col_text(store_conn(s), 0, mem), S("b;c"));
	assert_status(store_migrate(store_conn(s), steps, COUNT(steps), NULL), OK);
	assert_int_equal(applied(s), 3);
	database_end(s);
}

TEST(an_older_database_gets_what_it_lacks)
{
	struct store *s = open_empty();
	assert_status(store_migrate(store_conn(s), steps, 1, NULL), OK);
	assert_int_equal(state_of(s, steps, COUNT(steps)), SCHEMA_OLDER);
	assert_status(store_migrate(store_conn(s), steps, COUNT(steps), NULL), OK);
	assert_int_equal(state_of(s, steps, COUNT(steps)), SCHEMA_CURRENT);
	database_end(s);
}

TEST(no_steps_at_all_are_no_trouble)
{
	struct store *s = open_empty();
	assert_status(store_migrate(store_conn(s), steps, 0, NULL), OK);
	database_end(s);
}

TEST(a_step_that_fails_leaves_nothing_of_itself)
{
	static const struct migration failing[] = {
		{ 1, "0001_first", "CREATE TABLE first (id IDENTITY, name TEXT NOT NULL UNIQUE);" },
		{ 2, "0002_half", "CREATE TABLE half (id IDENTITY); INSERT INTO first (name) VALUES ('left over'); INSERT INTO half (colour) VALUES (1);" },
	};
	struct store *s = open_empty();
	assert_int_equal(refused_by(s, failing, COUNT(failing), BROKEN), MSG_SCHEMA_STEP_FAILED);
	assert_int_equal(applied(s), 1);
	assert_status(store_row(store_conn(s), &find_half), BROKEN);
	static const struct sql find_first = SQL("SELECT 1 FROM first");
	assert_status(store_row(store_conn(s), &find_first), NOT_FOUND);
	assert_status(store_migrate(store_conn(s), steps, COUNT(steps), NULL), OK); /* repaired: goes on from there */
	database_end(s);
}

TEST(a_step_that_meets_a_constraint_leaves_nothing_either)
{
	static const struct migration failing[] = { { 1, "0001_twice", "CREATE TABLE half (id BIGINT PRIMARY KEY); INSERT INTO half VALUES (1), (1);" } };
	struct store *s = open_empty();
	assert_int_equal(refused_by(s, failing, COUNT(failing), REFUSED), MSG_SCHEMA_STEP_FAILED);
	assert_int_equal(state_of(s, steps, COUNT(steps)), SCHEMA_EMPTY);
	database_end(s);
}

TEST(a_changed_step_is_refused)
{
	static const struct migration changed[] = {
		{ 1, "0001_first", "CREATE TABLE first (id IDENTITY, name TEXT NOT NULL);" },
		{ 2, "0002_second", "CREATE TABLE second (id IDENTITY);" },
	};
	struct store *s = open_empty();
	assert_status(store_migrate(store_conn(s), steps, 1, NULL), OK);
	assert_int_equal(state_of(s, changed, COUNT(changed)), SCHEMA_FOREIGN);
	assert_int_equal(refused_by(s, changed, COUNT(changed), REFUSED), MSG_SCHEMA_FOREIGN);
	assert_int_equal(applied(s), 1);
	assert_status(store_row(store_conn(s), &find_second), BROKEN);
	database_end(s);
}

TEST(a_newer_database_is_refused)
{
	struct store *s = open_empty();
	assert_status(store_migrate(store_conn(s), steps, COUNT(steps), NULL), OK);
	assert_int_equal(state_of(s, steps, 2), SCHEMA_NEWER);
	assert_int_equal(refused_by(s, steps, 2, REFUSED), MSG_SCHEMA_NEWER);
	database_end(s);
}

static enum status make_foreign_table(struct conn *db, void *arg)
{
	static const struct sql q = SQL("CREATE TABLE recipe (id INTEGER PRIMARY KEY)");
	(void)arg;
	return store_exec(db, &q);
}

TEST(a_database_of_somebody_else_is_refused)
{
	struct store *s = open_empty();
	assert_status(store_write(store_conn(s), make_foreign_table, NULL), OK);
	assert_int_equal(state_of(s, steps, COUNT(steps)), SCHEMA_FOREIGN);
	assert_int_equal(refused_by(s, steps, COUNT(steps), REFUSED), MSG_SCHEMA_FOREIGN);
	assert_status(store_row(store_conn(s), &count_steps), BROKEN); /* not even our own table was made in it */
	database_end(s);
}

TEST(a_step_with_deferrable_is_refused)
{
	static const struct migration deferring[] = {
		{ 1, "0001_later", "CREATE TABLE a (id BIGINT PRIMARY KEY, b BIGINT REFERENCES a DEFERRABLE INITIALLY DEFERRED);" },
	};
	struct store *s = open_empty();
	assert_int_equal(refused_by(s, deferring, COUNT(deferring), BROKEN), MSG_SCHEMA_STEP_FAILED);
	database_end(s);
}

static enum status insert_wrong_boolean(struct conn *db, void *arg)
{
	static const struct sql first = SQL("INSERT INTO first (name) VALUES ('x')");
	static const struct sql sqlite = SQL("INSERT INTO second (first, is_used) SELECT id, 2 FROM first");
	(void)arg;
	enum status st = store_exec(db, &first);
	return st ? st : store_exec(db, &sqlite);
}

TEST(a_boolean_is_nothing_but_true_or_false)
{
	struct store *s = open_empty();
	assert_status(store_migrate(store_conn(s), steps, 2, NULL), OK);
	bool is_sqlite = store_engine(store_conn(s)) == ENGINE_SQLITE;
	assert_status(store_write(store_conn(s), insert_wrong_boolean, NULL), is_sqlite ? REFUSED : BROKEN);
	database_end(s);
}

TEST(processes_that_migrate_at_once_apply_each_step_once)
{
	enum { PROCESSES = 4 };
	for (int round = 0; round < 5; round++) {
		struct str url = database_make();
		pid_t children[PROCESSES];
		int go[2];
		assert_int_equal(pipe(go), 0);
		for (int i = 0; i < PROCESSES; i++) {
			children[i] = fork();
			if (children[i]) continue;
			char byte;
			close(go[1]);
			if (read(go[0], &byte, 1) != 0) _exit(9); /* all begin when the parent closes its end: opening a new file is a race, too */
			struct store *s = database_open(url);
			enum status st = store_migrate(store_conn(s), steps, COUNT(steps), NULL);
			store_close(s);
			_exit((int)st);
		}
		usleep(50000);
		close(go[1]);
		for (int i = 0; i < PROCESSES; i++) {
			int status;
			waitpid(children[i], &status, 0);
			assert_true(WIFEXITED(status));
			assert_status((enum status)WEXITSTATUS(status), OK);
		}
		close(go[0]);
		struct store *s = database_open(url);
		assert_int_equal(applied(s), COUNT(steps));
		database_end(s);
	}
}

TEST(the_products_own_steps_apply)
{
	struct store *s = database_open_fresh();
	if (store_migration_count) assert_int_equal(state_of(s, store_migrations, store_migration_count), SCHEMA_CURRENT);
	database_end(s);
}
