/* tests/store/values.c: what goes in comes out, the same on both engines. */
#include "test.h"

#include "tests/database.h"

static const struct migration steps[] = {
	{ 1, "0001_things",
		"CREATE TABLE thing (id IDENTITY, number BIGINT, words TEXT, bytes BYTES, is_true BOOLEAN); -- a ; and a TEXT in a comment\n"
		"CREATE TABLE part (thing BIGINT NOT NULL REFERENCES thing, name TEXT NOT NULL UNIQUE, size BIGINT NOT NULL CHECK (size >= 0),"
		" label TEXT NOT NULL DEFAULT 'BOOLEAN; TEXT');" },
};

static struct store *open_things(void)
{
	return database_open_with(steps, COUNT(steps));
}

struct thing {
	struct value values[4];
	int64_t id;
};

static enum status add_thing(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO thing (number, words, bytes, is_true) VALUES ($1, $2, $3, $4) RETURNING id");
	struct thing *t = arg;
	enum status st = store_row_values(db, &q, t->values, COUNT(t->values));
	if (st == OK) t->id = col_int64(db, 0);
	return st;
}

static int64_t add(struct store *s, struct value number, struct value words, struct value bytes, struct value is_true)
{
	struct thing t = { .values = { number, words, bytes, is_true } };
	assert_status(store_write(store_conn(s), add_thing, &t), OK);
	return t.id;
}

static struct conn *stand_on(struct store *s, int64_t id)
{
	static const struct sql q = SQL("SELECT number, words, bytes, is_true FROM thing WHERE id = $1");
	struct conn *db = store_conn(s);
	assert_status(store_row(db, &q, int64(id)), OK);
	return db;
}

TEST(integers_keep_all_64_bits)
{
	struct store *s = open_things();
	const int64_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(9007199254740993) };
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct conn *db = stand_on(s, add(s, int64(numbers[i]), null_value(), null_value(), null_value()));
		assert_true(col_int64(db, 0) == numbers[i]);
	}
	database_end(s);
}

TEST(text_keeps_every_letter_and_an_empty_text_is_not_null)
{
	struct store *s = open_things();
	struct str words[] = { S(""), S("Müller-Lüdenscheid"), S("'; DROP TABLE thing; --"), S("\xf0\x9f\x8e\xad"), S("a\\x41\n\tb%s$1"),
		S("e\xcc\x81") };
	for (size_t i = 0; i < COUNT(words); i++) {
		struct conn *db = stand_on(s, add(s, null_value(), text(words[i]), null_value(), null_value()));
		assert_false(col_is_null(db, 1));
		assert_str(col_text(db, 1, mem), words[i]);
	}
	struct conn *db = stand_on(s, add(s, null_value(), text((struct str){ NULL, 0 }), blob((struct str){ NULL, 0 }), null_value()));
	assert_false(col_is_null(db, 1));
	assert_false(col_is_null(db, 2));
	database_end(s);
}

TEST(bytes_keep_every_value)
{
	struct store *s = open_things();
	char all[256];
	for (int i = 0; i < 256; i++) all[i] = (char)i;
	struct str bytes[] = { { all, 256 }, S(""), S("\0\0"), S("\\x00"), S("\\\\") };
	for (size_t i = 0; i < COUNT(bytes); i++) {
		struct conn *db = stand_on(s, add(s, null_value(), null_value(), blob(bytes[i]), null_value()));
		assert_false(col_is_null(db, 2));
		assert_str(col_blob(db, 2, mem), bytes[i]);
	}
	database_end(s);
}

TEST(a_large_text_and_large_bytes_come_back_whole)
{
	struct store *s = open_things();
	size_t len = 3u << 20;
	char *large = arena_alloc(mem, len);
	memset(large, 'x', len);
	struct conn *db = stand_on(s, add(s, null_value(), text((struct str){ large, len }), blob((struct str){ large, len }), null_value()));
	assert_str(col_text(db, 1, mem), ((struct str){ large, len }));
	assert_str(col_blob(db, 2, mem), ((struct str){ large, len }));
	database_end(s);
}

TEST(booleans_and_null)
{
	struct store *s = open_things();
	assert_true(col_boolean(stand_on(s, add(s, null_value(), null_value(), null_value(), boolean(true))), 3));
	struct conn *db = stand_on(s, add(s, null_value(), null_value(), null_value(), boolean(false)));
	assert_false(col_boolean(db, 3));
	assert_false(col_is_null(db, 3));
	db = stand_on(s, add(s, null_value(), null_value(), null_value(), null_value()));
	for (int i = 0; i < 4; i++) assert_true(col_is_null(db, i));
	assert_true(col_int64(db, 0) == 0);
	assert_str(col_text(db, 1, mem), S(""));
	assert_str(col_blob(db, 2, mem), S(""));
	assert_false(col_boolean(db, 3));
	database_end(s);
}

TEST(text_that_is_no_text_is_refused_before_an_engine_sees_it)
{
	struct store *s = open_things();
	struct str bad[] = { S("a\0b"), S("\xff"), S("\xc3"), S("\xed\xa0\x80"), S("\xc0\xaf") };
	for (size_t i = 0; i < COUNT(bad); i++) {
		static const struct sql q = SQL("SELECT 1 FROM thing WHERE words = $1");
		assert_status(store_row(store_conn(s), &q, text(bad[i])), REFUSED);
		struct thing t = { .values = { null_value(), text(bad[i]), null_value(), null_value() } };
		assert_status(store_write(store_conn(s), add_thing, &t), REFUSED);
	}
	database_end(s);
}

TEST(text_compares_byte_by_byte)
{
	static const struct sql q = SQL("SELECT words FROM thing ORDER BY words");
	struct store *s = open_things();
	const char *sorted[] = { "", "A", "B", "Z", "_", "a", "a b", "ab", "z", "\xc3\x84", "\xc3\xa4", "\xf0\x9f\x8e\xad" };
	for (size_t i = COUNT(sorted); i-- > 0;) add(s, null_value(), text(str_of(sorted[i])), null_value(), null_value());
	struct conn *db = store_conn(s);
	assert_status(store_query(db, &q), OK);
	for (size_t i = 0; i < COUNT(sorted); i++) {
		assert_status(store_next(db), OK);
		assert_str(col_text(db, 0, mem), str_of(sorted[i]));
	}
	assert_status(store_next(db), NOT_FOUND);
	assert_status(store_next(db), NOT_FOUND);
	database_end(s);
}

TEST(sums_and_counts_are_integers)
{
	static const struct sql q = SQL("SELECT count(*), sum(number), max(number) FROM thing");
	struct store *s = open_things();
	add(s, int64(40), null_value(), null_value(), null_value());
	add(s, int64(2), null_value(), null_value(), null_value());
	struct conn *db = store_conn(s);
	assert_status(store_row(db, &q), OK);
	assert_true(col_int64(db, 0) == 2);
	assert_true(col_int64(db, 1) == 42);
	assert_true(col_int64(db, 2) == 40);
	database_end(s);
}

TEST(a_fraction_is_our_mistake)
{
	static const struct sql q = SQL("SELECT avg(number) FROM thing");
	struct store *s = open_things();
	add(s, int64(1), null_value(), null_value(), null_value());
	add(s, int64(2), null_value(), null_value(), null_value());
	assert_status(store_row(store_conn(s), &q), BROKEN);
	database_end(s);
}

TEST(a_row_that_is_not_there_is_not_found)
{
	static const struct sql q = SQL("SELECT id FROM thing WHERE id = $1");
	struct store *s = open_things();
	assert_status(store_row(store_conn(s), &q, int64(77)), NOT_FOUND);
	database_end(s);
}

TEST(identities_are_never_given_twice)
{
	struct store *s = open_things();
	int64_t one = add(s, int64(1), null_value(), null_value(), null_value()), two = add(s, int64(1), null_value(), null_value(), null_value());
	assert_true(two > one);
	database_end(s);
}

TEST(the_same_statement_takes_null_and_other_kinds_in_turn)
{
	static const struct sql q = SQL("SELECT count(*) FROM thing WHERE number = $1");
	struct store *s = open_things();
	add(s, int64(5), null_value(), null_value(), null_value());
	for (int i = 0; i < 3; i++) {
		assert_status(store_row(store_conn(s), &q, null_value()), OK);
		assert_true(col_int64(store_conn(s), 0) == 0);
		assert_status(store_row(store_conn(s), &q, int64(5)), OK);
		assert_true(col_int64(store_conn(s), 0) == 1);
	}
	database_end(s);
}

struct counted {
	int64_t inserted, updated, selected, deleted;
};

static enum status count_changes(struct conn *db, void *arg)
{
	static const struct sql insert = SQL("INSERT INTO thing (number) VALUES (1), (2), (3)");
	static const struct sql update = SQL("UPDATE thing SET number = 9 WHERE number > $1 RETURNING id");
	static const struct sql select = SQL("SELECT id FROM thing");
	static const struct sql delete = SQL("DELETE FROM thing");
	struct counted *c = arg;
	enum status st;
	if ((st = store_exec(db, &insert))) return st;
	c->inserted = store_changes(db);
	if ((st = store_row(db, &update, int64(1)))) return st;
	c->updated = store_changes(db);
	if ((st = store_query(db, &select))) return st;
	c->selected = store_changes(db);
	if ((st = store_exec(db, &delete))) return st;
	c->deleted = store_changes(db);
	return OK;
}

TEST(changes_count_the_rows_written_also_with_returning)
{
	struct store *s = open_things();
	struct counted c;
	assert_status(store_write(store_conn(s), count_changes, &c), OK);
	assert_int_equal(c.inserted, 3);
	assert_int_equal(c.updated, 2);
	assert_int_equal(c.selected, 0);
	assert_int_equal(c.deleted, 3);
	database_end(s);
}

static enum status try_statement(struct conn *db, void *arg)
{
	const struct sql *q = arg;
	return store_exec(db, q);
}

TEST(a_constraint_refuses_and_a_wrong_statement_is_broken)
{
	static const struct sql one = SQL("INSERT INTO thing (number) VALUES (1)");
	static const struct sql unique = SQL("INSERT INTO part (thing, name, size) SELECT id, 'a', 1 FROM thing UNION ALL SELECT id, 'a', 1 FROM thing");
	static const struct sql check = SQL("INSERT INTO part (thing, name, size) SELECT id, 'b', -1 FROM thing");
	static const struct sql foreign = SQL("INSERT INTO part (thing, name, size) VALUES (4711, 'c', 1)");
	static const struct sql missing = SQL("INSERT INTO part (thing, size) SELECT id, 1 FROM thing");
	static const struct sql type = SQL("INSERT INTO thing (number) VALUES ('seven')");
	static const struct sql column = SQL("UPDATE thing SET colour = 1");
	static const struct sql quoted = SQL("UPDATE thing SET words = \"no text\"");
	struct store *s = open_things();
	struct conn *db = store_conn(s);
	assert_status(store_write(db, try_statement, (void *)&one), OK);
	assert_status(store_write(db, try_statement, (void *)&unique), REFUSED);
	assert_status(store_write(db, try_statement, (void *)&check), REFUSED);
	assert_status(store_write(db, try_statement, (void *)&foreign), REFUSED);
	assert_status(store_write(db, try_statement, (void *)&missing), REFUSED);
	assert_status(store_write(db, try_statement, (void *)&type), BROKEN);
	assert_status(store_write(db, try_statement, (void *)&column), BROKEN);
	assert_status(store_write(db, try_statement, (void *)&quoted), BROKEN);
	database_end(s);
}

TEST(words_in_strings_and_comments_are_left_alone)
{
	static const struct sql insert = SQL("INSERT INTO part (thing, name, size) SELECT id, 'x', 1 FROM thing");
	static const struct sql read = SQL("SELECT label FROM part");
	struct store *s = open_things();
	struct conn *db = store_conn(s);
	add(s, int64(1), null_value(), null_value(), null_value());
	assert_status(store_write(db, try_statement, (void *)&insert), OK);
	assert_status(store_row(db, &read), OK);
	assert_str(col_text(db, 0, mem), S("BOOLEAN; TEXT"));
	database_end(s);
}

TEST(skip_locked_is_read_by_both_engines)
{
	static const struct sql q = SQL("UPDATE thing SET number = 2 WHERE id = (SELECT id FROM thing WHERE number = 1 ORDER BY id LIMIT 1 " SKIP_LOCKED
									") AND number = 1 RETURNING id");
	struct store *s = open_things();
	add(s, int64(1), null_value(), null_value(), null_value());
	assert_status(store_write(store_conn(s), try_statement, (void *)&q), OK);
	database_end(s);
}
