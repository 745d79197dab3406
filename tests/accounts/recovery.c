/* tests/accounts/recovery.c: a link from asking to redeeming, without a page. Numbers are those of the recovery cases. */
#include "test.h"

#include <pthread.h>

#include "accounts/buyers.h"

#define JEANNE S("jeanne@example.org")

static const struct sql mails = SQL("SELECT count(*) FROM outbox_message");
static const struct sql live_links = SQL("SELECT count(*) FROM recovery_link WHERE state = 'live'");
static const struct sql sessions = SQL("SELECT count(*) FROM account_session");

TEST(a_link_works_once)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_DONE);
	assert_int_equal(redeem(b, link, OTHER), RECOVERY_USED); /* 14 */
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_WRONG);
	buyers_close(b);
}

TEST(looking_at_a_link_uses_nothing_up)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	struct recovery_view view;
	for (int i = 0; i < 20; i++) assert_int_equal(recovery_look(b->db, mem, b->keys, link, &view), RECOVERY_DONE);
	assert_str(view.email_masked, S("j…@example.org"));
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_DONE);
	buyers_close(b);
}

TEST(a_refused_password_uses_nothing_up)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	for (int i = 0; i < 20; i++) assert_int_equal(redeem(b, link, S("jeanne rochat")), RECOVERY_REFUSED); /* 18 */
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_DONE);
	buyers_close(b);
}

TEST(a_link_of_another_installation_is_unknown)
{
	struct buyers *b = buyers_open();
	const uint8_t seed[LINK_SEED_SIZE] = { 8 }, id[LINK_ID_SIZE] = { 1 };
	struct link_key foreign = link_key_of(seed);
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	assert_int_equal(redeem(b, link_make(mem, (struct link_keys){ &foreign, 1 }, LINK_RESET, id), GOOD), RECOVERY_UNKNOWN);
	assert_int_equal(redeem(b, link_make(mem, b->keys, LINK_CONFIRM_EMAIL, id), GOOD), RECOVERY_UNKNOWN); /* 7: another purpose */
	assert_int_equal(redeem(b, link_make(mem, b->keys, LINK_RESET, id), GOOD), RECOVERY_EXPIRED);		  /* 9: genuine, but without a row */
	buyers_close(b);
}

static enum status age_links(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE recovery_link SET deadline = deadline - $1");
	return store_exec(db, &q, int64(*(int64_t *)arg));
}

TEST(a_link_lives_48_hours_from_sending)
{
	struct buyers *b = buyers_open();
	struct recovery_view view;
	int64_t nearly = 48 * HOUR - 10 * SECOND, over = 11 * SECOND;
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	in_write(b->db, age_links, &nearly);
	assert_int_equal(recovery_look(b->db, mem, b->keys, link, &view), RECOVERY_DONE);
	in_write(b->db, age_links, &over);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_EXPIRED); /* 11 */
	assert_status(recovery_sweep(b->db), OK);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_EXPIRED);
	buyers_close(b);
}

static enum status age_events(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE account_event SET at = at - $1");
	return store_exec(db, &q, int64(*(int64_t *)arg));
}

TEST(the_three_newest_links_live_and_the_first_success_ends_all)
{
	struct buyers *b = buyers_open();
	struct str link[4];
	int64_t hour = HOUR;
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	for (int i = 0; i < 4; i++) {
		ask(b, JEANNE);
		link[i] = newest_link(b);
		minutes_pass(b, 60); /* so that neither the pause nor the hour's limit stands in the way */
		in_write(b->db, age_events, &hour);
	}
	struct recovery_view view;
	assert_int_equal(count_of(b->db, &live_links), 3);
	assert_int_equal(redeem(b, link[0], GOOD), RECOVERY_SUPERSEDED); /* 15: a fourth retires the oldest */
	assert_int_equal(recovery_look(b->db, mem, b->keys, link[1], &view), RECOVERY_DONE);
	assert_int_equal(redeem(b, link[2], GOOD), RECOVERY_DONE);
	assert_int_equal(redeem(b, link[1], GOOD), RECOVERY_SUPERSEDED);
	assert_int_equal(redeem(b, link[3], GOOD), RECOVERY_SUPERSEDED);
	assert_int_equal(count_of(b->db, &live_links), 0);
	buyers_close(b);
}

TEST(several_requests_within_a_minute_send_one_mail_and_three_go_in_an_hour)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	for (int i = 0; i < 5; i++) ask(b, JEANNE);
	assert_int_equal(count_of(b->db, &mails), 1);
	for (int i = 0; i < 10; i++) {
		minutes_pass(b, 2);
		ask(b, JEANNE);
	}
	assert_int_equal(count_of(b->db, &mails), 3); /* 39 */
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	buyers_close(b);
}

TEST(an_address_that_nobody_has_gets_nothing_and_leaves_the_same_row)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	buyer(b, S("gone@example.org"), ACCOUNT_CLOSED, OTHER);
	ask(b, S("nobody@example.org"));
	ask(b, S("gone@example.org"));
	ask(b, S("no address"));
	assert_int_equal(count_of(b->db, &mails), 0);
	buyers_close(b);
}

TEST(the_mail_goes_to_the_stored_address_in_the_accounts_language)
{
	struct buyers *b = buyers_open();
	static const struct sql q = SQL("SELECT recipient, language, merge_values FROM outbox_message");
	buyer(b, S("Jeanne@Example.org"), ACCOUNT_ACTIVE, OTHER);
	ask(b, S("  JEANNE@EXAMPLE.ORG\xc2\xa0")); /* 25, 26 */
	assert_status(store_row(b->db, &q), OK);
	assert_str(col_text(b->db, 0, mem), S("Jeanne@Example.org"));
	assert_str(col_text(b->db, 1, mem), S("fr")); /* 90: asked in English */
	assert_int_equal(str_find(col_text(b->db, 2, mem), S("token")), -1);
	buyers_close(b);
}

TEST(look_alike_addresses_get_only_their_own_mail)
{
	struct buyers *b = buyers_open();
	static const struct sql q = SQL("SELECT recipient FROM outbox_message");
	buyer(b, S("mike@example.org"), ACCOUNT_ACTIVE, OTHER);
	buyer(b, S("m\xc4\xb1ke@example.org"), ACCOUNT_ACTIVE, OTHER);
	ask(b, S("M\xc4\xb1KE@EXAMPLE.ORG")); /* 82 */
	assert_int_equal(count_of(b->db, &mails), 1);
	assert_status(store_row(b->db, &q), OK);
	assert_str(col_text(b->db, 0, mem), S("m\xc4\xb1ke@example.org"));
	buyers_close(b);
}

TEST(a_blocked_account_is_told_to_ask_the_office)
{
	struct buyers *b = buyers_open();
	static const struct sql q = SQL("SELECT class, link_id IS NULL FROM outbox_message");
	buyer(b, JEANNE, ACCOUNT_BLOCKED, OTHER);
	ask(b, JEANNE);
	assert_status(store_row(b->db, &q), OK);
	assert_str(col_text(b->db, 0, mem), S("account-blocked"));
	assert_int_equal(count_of(b->db, &live_links), 0);
	buyers_close(b);
}

TEST(an_invited_or_unconfirmed_account_is_confirmed_by_the_redemption_only)
{
	struct buyers *b = buyers_open();
	struct account who;
	int64_t invited = buyer(b, JEANNE, ACCOUNT_INVITED, S("")), unconfirmed = buyer(b, S("paul@example.org"), ACCOUNT_UNCONFIRMED, OTHER);
	struct recovery_view view;
	ask(b, JEANNE);
	struct str link = newest_link(b);
	assert_int_equal(recovery_look(b->db, mem, b->keys, link, &view), RECOVERY_DONE); /* 70 */
	assert_true(view.is_invitation);
	assert_status(account_get(b->db, mem, invited, &who), OK);
	assert_int_equal(who.state, ACCOUNT_INVITED);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_DONE);
	assert_status(account_get(b->db, mem, invited, &who), OK);
	assert_int_equal(who.state, ACCOUNT_ACTIVE);

	ask(b, S("paul@example.org"));
	assert_int_equal(sign_in(b, S("paul@example.org"), OTHER), SIGNIN_WRONG); /* 69: unconfirmed holds no session */
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	assert_status(account_get(b->db, mem, unconfirmed, &who), OK);
	assert_int_equal(who.state, ACCOUNT_ACTIVE);
	assert_int_equal(sign_in(b, S("paul@example.org"), OTHER), SIGNIN_WRONG);
	buyers_close(b);
}

TEST(success_ends_all_other_sessions_and_mails_a_notice)
{
	struct buyers *b = buyers_open();
	static const struct sql notice = SQL("SELECT count(*) FROM outbox_message WHERE class = 'password-changed' AND recipient = 'jeanne@example.org'");
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	for (int i = 0; i < 3; i++) assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_DONE);
	assert_int_equal(count_of(b->db, &sessions), 3);
	ask(b, JEANNE);
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	assert_int_equal(count_of(b->db, &sessions), 1); /* 33 */
	assert_int_equal(count_of(b->db, &notice), 1);
	buyers_close(b);
}

TEST(a_changed_password_makes_the_link_worthless)
{
	struct buyers *b = buyers_open();
	struct problem why = problem_in(mem);
	int64_t account = buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	assert_status(account_change_password(b->db, mem, b->hasher, account, OTHER, S("seven quiet lanterns walk"), &b->from, &why), OK);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_SUPERSEDED); /* 16 */
	assert_int_equal(sign_in(b, JEANNE, S("seven quiet lanterns walk")), SIGNIN_DONE);
	buyers_close(b);
}

static enum status set_email(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET email = 'new@example.org', email_key = 'new@example.org'");
	(void)arg;
	return store_exec(db, &q);
}

static enum status close_account(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET state = 'closed'");
	(void)arg;
	return store_exec(db, &q);
}

TEST(a_changed_address_or_a_closed_account_makes_the_link_worthless)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	in_write(b->db, set_email, NULL);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_SUPERSEDED);
	minutes_pass(b, 2);
	ask(b, S("new@example.org"));
	link = newest_link(b);
	in_write(b->db, close_account, NULL);
	assert_int_equal(redeem(b, link, GOOD), RECOVERY_EXPIRED);
	buyers_close(b);
}

/* ---- 13: one success among many ---- */

struct racer {
	struct buyers *b;
	struct str link, password;
	enum recovery_outcome outcome;
};

static void *race(void *arg)
{
	struct racer *x = arg;
	struct arena *a = arena_new();
	struct recovery_view view;
	struct str session;
	struct problem why = problem_in(a);
	do
		x->outcome =
			recovery_redeem(store_conn(x->b->theatre.store), a, x->b->keys, x->b->hasher, x->link, x->password, &x->b->from, &view, &session, &why);
	while (x->outcome == RECOVERY_TRY_AGAIN); /* more wait for a hash than the pool takes: as a person would */
	arena_free(a);
	return NULL;
}

TEST(of_many_redemptions_at_once_one_succeeds)
{
	enum { RACERS = 24 };
	struct buyers *b = buyers_open();
	struct racer racers[RACERS];
	pthread_t threads[RACERS];
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	for (int i = 0; i < RACERS; i++) {
		racers[i] = (struct racer){ .b = b, .link = link, .password = str_format(mem, "copper meadow %d umbrella", 1000 + i) };
		assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	}
	int done = -1;
	for (int i = 0; i < RACERS; i++) {
		pthread_join(threads[i], NULL);
		if (racers[i].outcome == RECOVERY_DONE) {
			assert_int_equal(done, -1);
			done = i;
		} else {
			assert_int_equal(racers[i].outcome, RECOVERY_USED);
		}
	}
	assert_true(done >= 0);
	assert_int_equal(sign_in(b, JEANNE, racers[done].password), SIGNIN_DONE);
	buyers_close(b);
}
