/* tests/accounts/siege.c: what a stranger who knows an address, and nothing else, must not bring about. */
#include "test.h"

#include "accounts/buyers.h"
#include "accounts/notice.h"
#include "guard/rate.h"

#define JEANNE S("jeanne@example.org")

static const struct sql counters = SQL("SELECT count(*) FROM rate_counter");
static const struct sql newest_class = SQL("SELECT class FROM outbox_message ORDER BY id DESC LIMIT 1");

static struct str registers(struct buyers *b, struct str email, struct str password)
{
	struct registration r = { .first_name = S("Jeanne"), .last_name = S("Rochat"), .email = email, .password = password, .password_again = password };
	struct problem why = problem_in(mem);
	struct str browser;
	assert_status(registration_ask(b->db, mem, b->hasher, S("Théâtre du Lac"), &r, &b->from, &browser, &why), OK);
	assert_status(registration_decide(b->db, mem), OK);
	return browser;
}

static enum recovery_outcome confirms(struct buyers *b, struct str link, struct str browser)
{
	struct recovery_view view;
	struct str session;
	struct problem why = problem_in(mem);
	return registration_confirm(b->db, mem, b->keys, b->hasher, link, browser, S(""), &b->from, &view, &session, &why);
}

static void come_from(struct buyers *b, int network)
{
	b->from.network = str_format(mem, "198.51.100.%d", network);
}

/* ---- guessing ---- */

TEST(one_client_locks_nobody_out)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	for (int i = 0; i < 300; i++) sign_in(b, JEANNE, OTHER);
	come_from(b, 1);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(one_client_fills_no_table)
{
	struct buyers *b = buyers_open();
	for (int i = 0; i < 400; i++) sign_in(b, str_format(mem, "somebody%d@example.org", i), OTHER);
	assert_true(count_of(b->db, &counters) <= 2 * 100 + 2); /* what its own limit let through, pair and address each */
	buyers_close(b);
}

TEST(many_clients_slow_an_address_and_recovery_lifts_it)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	for (int network = 1; network <= 20; network++) {
		come_from(b, network);
		for (int i = 0; i < 10; i++) assert_int_equal(sign_in(b, JEANNE, S("a wrong one")), SIGNIN_WRONG);
	}
	come_from(b, 100);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_LIMITED);
	ask(b, JEANNE);
	come_from(b, 1);
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE); /* 84: here, and elsewhere */
	come_from(b, 100);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	come_from(b, 2);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_LIMITED); /* not where others guessed */
	buyers_close(b);
}

TEST(wrong_tries_at_one_house_do_not_count_at_another)
{
	struct buyers *b = buyers_open();
	struct str token;
	int wait;
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	for (int i = 0; i < 20; i++) signin(b->db, mem, b->hasher, b->theatre.institution + 1, JEANNE, OTHER, &b->from, &token, &wait);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE); /* 80 */
	buyers_close(b);
}

TEST(counters_go_when_their_time_is_over)
{
	struct buyers *b = buyers_open();
	sign_in(b, JEANNE, OTHER);
	do_sql(b->db,
		"INSERT INTO rate_counter (key, stretch, count, ends_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
		" SELECT key, n.i, 1, 1 FROM n, (SELECT key FROM rate_counter LIMIT 1) k");
	int64_t before = count_of(b->db, &counters);
	assert_status(rate_sweep(b->db), OK); /* more than one transaction takes */
	assert_int_equal(count_of(b->db, &counters), before - 1200);
	buyers_close(b);
}

/* ---- mails ---- */

TEST(registering_somebodys_address_does_not_keep_the_owner_from_recovering)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	for (int i = 0; i < 5; i++) {
		registers(b, JEANNE, GOOD);
		minutes_pass(b, 2);
	}
	registers(b, JEANNE, GOOD);
	ask(b, JEANNE);
	assert_status(store_row(b->db, &newest_class), OK);
	assert_str(col_text(b->db, 0, mem), S("reset-password"));
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	buyers_close(b);
}

TEST(registering_an_address_again_where_no_mail_may_go_changes_nothing)
{
	struct buyers *b = buyers_open();
	struct str browser = registers(b, JEANNE, GOOD), link = newest_link(b);
	registers(b, JEANNE, OTHER); /* at once: no second mail, so the first must stay good */
	assert_int_equal(confirms(b, link, browser), RECOVERY_DONE);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(who_registers_again_has_seven_days_again)
{
	struct buyers *b = buyers_open();
	int64_t six_days = 6 * DAY, two_days = 2 * DAY;
	registers(b, JEANNE, OTHER);
	do_sql(b->db, "UPDATE internet_account SET made_at = made_at - $1", int64(six_days));
	minutes_pass(b, 2);
	struct str browser = registers(b, JEANNE, GOOD), link = newest_link(b);
	do_sql(b->db, "UPDATE internet_account SET made_at = made_at - $1", int64(two_days));
	assert_status(registration_sweep(b->db), OK);
	assert_int_equal(confirms(b, link, browser), RECOVERY_DONE);
	buyers_close(b);
}

TEST(a_merged_contact_stays_silent)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_BLOCKED, OTHER);
	do_sql(b->db, "UPDATE contact SET merged_into = id");
	registers(b, JEANNE, GOOD);
	ask(b, JEANNE);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message"), 0); /* 83 */
	buyers_close(b);
}

TEST(a_registration_that_an_older_version_took_is_dropped)
{
	struct buyers *b = buyers_open();
	registers(b, JEANNE, GOOD);
	do_sql(b->db,
		"INSERT INTO registration_request (point_of_sale, first_name, last_name, email, password_hash, browser_hash, language, next, network, "
		"asked_at)"
		" VALUES ($1, 'J', 'R', 'no address', 'x', $2, 'en', '', '', 0)",
		int64(b->theatre.shop), blob(S("x")));
	assert_status(registration_decide(b->db, mem), OK);
	assert_status(registration_decide(b->db, mem), NOT_FOUND); /* gone: the next one has its turn */
	buyers_close(b);
}

TEST(a_name_carries_no_advertisement_into_other_peoples_mail)
{
	static const struct {
		struct str name;
		bool is_taken;
	} names[] = { { { STR("You won! http://evil.example") }, false }, { { STR("WWW.evil.example") }, false }, { { STR("evil.example/win") }, false },
		{ { STR("a@x.org, b@x.org") }, true }, { { STR("J. R. R. O’Hara-Müller") }, true }, { { STR("St.John") }, true },
		{ { STR("Anna/Marie") }, true } };
	for (size_t i = 0; i < COUNT(names); i++) {
		struct problem why = problem_in(mem);
		assert_status(account_names_check(names[i].name, S("Rochat"), &why), names[i].is_taken ? OK : REFUSED);
		why = problem_in(mem);
		assert_status(account_names_check(S("Jeanne"), names[i].name, &why), names[i].is_taken ? OK : REFUSED);
	}
}

struct allowing {
	struct account who;
};

static enum status allow(struct conn *db, void *arg)
{
	struct allowing *x = arg;
	return notice_allow(db, mem, CAUSE_RECOVERY, &x->who, S(""));
}

TEST(who_changed_while_a_mail_was_decided_is_read_again)
{
	struct buyers *b = buyers_open();
	struct allowing x;
	int64_t id = buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	assert_status(account_get(b->db, mem, id, &x.who), OK);
	do_sql(b->db, "UPDATE internet_account SET password_hash = 'another'");
	in_write(b->db, allow, &x);
	assert_str(x.who.password_hash, S("another")); /* a link for the old one would be dead on arrival */
	do_sql(b->db, "UPDATE internet_account SET state = 'closed'");
	assert_status(store_write(b->db, allow, &x), NOT_FOUND);
	buyers_close(b);
}

/* ---- doors, sessions, the trail ---- */

TEST(a_link_is_worthless_at_another_shop)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	b->from.shop = b->theatre.shop + 1;
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_UNKNOWN); /* 24 */
	b->from.shop = b->theatre.shop;
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_DONE);

	struct str browser = registers(b, S("paul@example.org"), GOOD), confirmation = newest_link(b);
	b->from.shop = b->theatre.shop + 1;
	assert_int_equal(confirms(b, confirmation, browser), RECOVERY_UNKNOWN);
	b->from.shop = b->theatre.shop;
	assert_int_equal(confirms(b, confirmation, browser), RECOVERY_DONE);
	buyers_close(b);
}

TEST(no_session_is_hidden_behind_others)
{
	struct buyers *b = buyers_open();
	struct session *list;
	size_t count;
	int64_t id = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	for (int i = 0; i < SESSIONS_MOST + 5; i++) assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM account_session"), SESSIONS_MOST);
	assert_status(session_list(b->db, mem, id, &list, &count), OK);
	assert_int_equal(count, SESSIONS_MOST);
	buyers_close(b);
}

TEST(the_trail_is_kept_for_half_a_year)
{
	struct buyers *b = buyers_open();
	int64_t long_ago = EVENT_KEPT + DAY;
	for (int i = 0; i < 3; i++) sign_in(b, JEANNE, OTHER);
	do_sql(b->db, "UPDATE account_event SET at = at - $1 WHERE id < (SELECT max(id) FROM account_event)", int64(long_ago));
	assert_status(account_event_sweep(b->db), OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM account_event"), 1);
	buyers_close(b);
}
