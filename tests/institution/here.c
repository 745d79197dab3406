/* tests/institution/here.c: an office knows its own answer from every other, and what it learned belongs to the address that it asked. */
#include "test.h"

#include "institution/here.h"
#include "institution/sale_edit.h"
#include "theatre.h"

static const uint8_t key[HERE_KEY_SIZE] = { 1, 2, 3 }, strange[HERE_KEY_SIZE] = { 1, 2, 4 };
static const struct point_of_sale door = { .host = { STR("tickets.example.org") }, .prefix = { STR("/shop") } };

static enum reach judged(const uint8_t by[HERE_KEY_SIZE], struct str question, struct str host, struct str prefix)
{
	struct str answer;
	assert_true(here_answer(mem, by, question, host, prefix, &answer));
	return here_judge(mem, key, question, &door, answer);
}

TEST(an_office_knows_its_own_answer_under_its_own_name)
{
	struct str q = here_question(mem);
	assert_int_equal(judged(key, q, door.host, door.prefix), REACH_HERE);
	assert_int_equal(judged(key, q, S("127.0.0.1:8080"), door.prefix), REACH_RENAMED);
	assert_int_equal(judged(key, q, door.host, S("")), REACH_RENAMED);
}

TEST(any_other_answer_is_another_servers)
{
	struct str q = here_question(mem), old = here_question(mem), answer;
	assert_int_equal(judged(strange, q, door.host, door.prefix), REACH_OTHER);
	assert_true(here_answer(mem, key, old, door.host, door.prefix, &answer));
	assert_int_equal(here_judge(mem, key, q, &door, answer), REACH_OTHER); /* one that was heard before */
	assert_true(here_answer(mem, key, q, S("evil.example.org"), S(""), &answer));
	ptrdiff_t blank = str_find(answer, S(" "));
	struct str forged = str_format(mem, "%.*s tickets.example.org/shop\n", (int)blank, answer.at);
	assert_int_equal(here_judge(mem, key, q, &door, forged), REACH_OTHER); /* the place is part of what is proved */
	const struct str nothing[] = { S(""), S("ok\n"), S("<!DOCTYPE html>"), S(" \n"), str_part(answer, 0, answer.len - 1) };
	for (size_t i = 0; i < COUNT(nothing); i++) assert_int_equal(here_judge(mem, key, q, &door, nothing[i]), REACH_OTHER);
}

TEST(only_questions_are_answered)
{
	struct str answer;
	const struct str others[] = { S(""), S("short"), S("tickets.example.org/sh"), S("AAAAAAAAAAAAAAAAAAAAAA A"), S("AAAAAAAAAAAAAAAAAAAAAAA") };
	for (size_t i = 0; i < COUNT(others); i++) assert_false(here_answer(mem, key, others[i], door.host, door.prefix, &answer));
}

struct noting {
	int64_t shop;
	struct str url;
	enum reach reach;
};

static enum status note(struct conn *db, void *arg)
{
	struct noting *x = arg;
	return reach_note(db, x->shop, x->url, x->reach);
}

struct saving {
	struct actor who;
	struct sale_edit edit;
	struct problem why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	int64_t id;
	x->why = problem_in(mem);
	return sale_save(db, mem, &x->who, &x->edit, &id, &x->why);
}

TEST(what_was_learned_goes_with_the_address_that_was_asked)
{
	struct theatre t = theatre_open();
	struct saving s = { .who = actor_command(t.institution, S("test")) };
	struct sale_row row;
	in_write(t.db, note, &(struct noting){ t.shop, S("https://tickets.example.org/shop"), REACH_HERE });
	assert_status(sale_get(t.db, mem, &s.who, t.shop, &s.edit, &row), OK);
	assert_int_equal(row.reach, REACH_HERE);
	assert_true(row.reach_at > 0);
	in_write(t.db, note, &(struct noting){ t.shop, S("https://old.example.org"), REACH_OTHER }); /* the answer of a visit that came too late */
	s.edit.name = S("Another name");
	in_write(t.db, save, &s);
	assert_status(sale_get(t.db, mem, &s.who, t.shop, &s.edit, &row), OK);
	assert_int_equal(row.reach, REACH_HERE);
	s.edit.public_url = S("https://new.example.org");
	in_write(t.db, save, &s);
	assert_status(sale_get(t.db, mem, &s.who, t.shop, &s.edit, &row), OK);
	assert_int_equal(row.reach, REACH_UNASKED);
	theatre_close(&t);
}
