/* tests/accounts/request.c: a request that can't be decided does not stand before the others. */
#include "test.h"

#include "accounts/buyers.h"
#include "accounts/request.h"

#define JEANNE S("jeanne@example.org")

/* From this network no event can be noted: whatever it asks fails, as a flaw of ours would make it. */
#define CURSED S("198.51.100.0")

static void curse(struct buyers *b)
{
	do_sql(
		b->db, "INSERT INTO account_event (institution, kind, at, network) VALUES ($1, 'curse', 0, '198.51.100.0')", int64(b->theatre.institution));
	do_sql(b->db, "CREATE UNIQUE INDEX curse ON account_event (network) WHERE network = '198.51.100.0'");
}

static void lift(struct buyers *b)
{
	do_sql(b->db, "DROP INDEX curse");
}

static void recovery_asks(struct buyers *b, struct str network)
{
	assert_status(recovery_ask(b->db, b->theatre.shop, JEANNE, LANG_EN, S(""), network), OK);
}

static void registration_asks(struct buyers *b, struct str email, struct str network)
{
	struct registration r = { .first_name = S("Jeanne"), .last_name = S("Rochat"), .email = email, .password = GOOD, .password_again = GOOD };
	struct asker from = b->from;
	struct problem why = problem_in(mem);
	struct str browser;
	from.network = network;
	assert_status(registration_ask(b->db, mem, b->hasher, S("Théâtre du Lac"), &r, &from, &browser, &why), OK);
}

TEST(a_recovery_that_fails_lets_others_pass_and_comes_again)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	curse(b);
	recovery_asks(b, CURSED);
	recovery_asks(b, S("203.0.113.7"));
	assert_status(recovery_decide(b->db, mem), OK); /* put off */
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message"), 0);
	assert_status(recovery_decide(b->db, mem), OK); /* the one behind it */
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message"), 1);
	assert_status(recovery_decide(b->db, mem), NOT_FOUND); /* not due yet */
	assert_int_equal(sql_number(b->db, "SELECT attempts FROM recovery_request"), 1);

	lift(b);
	minutes_pass(b, 120); /* for the limits of mails */
	do_sql(b->db, "UPDATE internet_account SET recovery_at = 0");
	do_sql(b->db, "UPDATE recovery_request SET due_at = $1", int64(store_now(b->db)));
	assert_status(recovery_decide(b->db, mem), OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message"), 2);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM recovery_request"), 0);
	buyers_close(b);
}

TEST(a_registration_that_fails_lets_others_pass_and_comes_again)
{
	struct buyers *b = buyers_open();
	curse(b);
	registration_asks(b, S("first@example.org"), CURSED);
	registration_asks(b, JEANNE, S("203.0.113.7"));
	assert_status(registration_decide(b->db, mem), OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM internet_account"), 0);
	assert_status(registration_decide(b->db, mem), OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM internet_account"), 1);
	assert_status(registration_decide(b->db, mem), NOT_FOUND);
	lift(b);
	do_sql(b->db, "UPDATE registration_request SET due_at = $1", int64(store_now(b->db)));
	assert_status(registration_decide(b->db, mem), OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM internet_account"), 2);
	buyers_close(b);
}

TEST(it_is_tried_ever_less_often_and_given_up_after_a_day)
{
	struct buyers *b = buyers_open();
	curse(b);
	recovery_asks(b, CURSED);
	int64_t pause = 0;
	for (int i = 0; i < 5; i++) {
		int64_t before = store_now(b->db);
		assert_status(recovery_decide(b->db, mem), OK);
		int64_t due = sql_number(b->db, "SELECT due_at FROM recovery_request");
		assert_true(due - before > pause);
		pause = due - before;
		do_sql(b->db, "UPDATE recovery_request SET due_at = 0");
	}
	assert_true(pause >= HOUR && pause < HOUR + MINUTE);
	do_sql(b->db, "UPDATE recovery_request SET asked_at = asked_at - $1", int64(REQUEST_PATIENCE));
	assert_status(recovery_decide(b->db, mem), OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM recovery_request"), 0);
	buyers_close(b);
}
