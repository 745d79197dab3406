/* tests/accounts/registration.c: making one's own account. */
#include "test.h"

#include "accounts/buyers.h"

#define JEANNE S("jeanne@example.org")

static const struct sql mails = SQL("SELECT count(*) FROM outbox_message");
static const struct sql newest_class = SQL("SELECT class FROM outbox_message ORDER BY id DESC LIMIT 1");

/* Registers as the shop does and lets the background decide; gives what the browser keeps. */
static struct str registers(struct buyers *b, struct str email, struct str password)
{
	struct registration r = { .first_name = S("Jeanne"), .last_name = S("Rochat"), .email = email, .password = password, .password_again = password };
	struct problem why = problem_in(mem);
	struct str browser;
	assert_status(registration_ask(b->db, mem, b->hasher, S("Théâtre du Lac"), &r, &b->from, &browser, &why), OK);
	assert_status(registration_decide(b->db, mem), OK);
	return browser;
}

static enum recovery_outcome confirms(struct buyers *b, struct str link, struct str browser, struct str password)
{
	struct recovery_view view;
	struct str session;
	struct problem why = problem_in(mem);
	return registration_confirm(b->db, mem, b->keys, b->hasher, link, browser, password, &b->from, &view, &session, &why);
}

TEST(the_browser_that_registered_confirms_by_a_button)
{
	struct buyers *b = buyers_open();
	struct str browser = registers(b, JEANNE, GOOD), link = newest_link(b);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_WRONG); /* not yet */
	struct recovery_view view;
	bool needs_password = true;
	assert_int_equal(registration_look(b->db, mem, b->keys, link, browser, &view, &needs_password), RECOVERY_DONE);
	assert_false(needs_password);
	assert_int_equal(confirms(b, link, browser, S("")), RECOVERY_DONE);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	assert_int_equal(confirms(b, link, browser, S("")), RECOVERY_USED);
	buyers_close(b);
}

TEST(who_has_just_confirmed_can_forget_at_once)
{
	struct buyers *b = buyers_open();
	struct str browser = registers(b, JEANNE, GOOD);
	assert_int_equal(confirms(b, newest_link(b), browser, S("")), RECOVERY_DONE);
	ask(b, JEANNE);
	assert_int_equal(count_of(b->db, &mails), 2);
	assert_int_equal(redeem(b, newest_link(b), OTHER), RECOVERY_DONE);
	buyers_close(b);
}

TEST(another_browser_needs_the_password)
{
	struct buyers *b = buyers_open();
	registers(b, JEANNE, GOOD);
	struct str link = newest_link(b);
	assert_int_equal(confirms(b, link, S(""), OTHER), RECOVERY_REFUSED);
	assert_int_equal(confirms(b, link, S("not the cookie"), S("")), RECOVERY_REFUSED);
	assert_int_equal(confirms(b, link, S(""), GOOD), RECOVERY_DONE);
	buyers_close(b);
}

TEST(a_known_address_gets_a_mail_and_nothing_changes)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	registers(b, JEANNE, GOOD);
	assert_status(store_row(b->db, &newest_class), OK);
	assert_str(col_text(b->db, 0, mem), S("account-exists"));
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_WRONG);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_DONE);
	buyers_close(b);
}

TEST(who_registers_an_unconfirmed_address_again_takes_its_place)
{
	struct buyers *b = buyers_open();
	struct str first_browser = registers(b, JEANNE, GOOD), first = newest_link(b);
	minutes_pass(b, 2);
	struct str browser = registers(b, JEANNE, OTHER), second = newest_link(b);
	assert_int_equal(confirms(b, first, first_browser, GOOD), RECOVERY_SUPERSEDED);
	assert_int_equal(confirms(b, second, browser, S("")), RECOVERY_DONE);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_WRONG);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_DONE);
	buyers_close(b);
}

TEST(the_owner_recovers_an_address_that_a_stranger_registered)
{
	struct buyers *b = buyers_open();
	struct str strangers = registers(b, JEANNE, OTHER), link = newest_link(b);
	minutes_pass(b, 2);
	ask(b, JEANNE);
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE); /* 69 */
	assert_int_equal(confirms(b, link, strangers, OTHER), RECOVERY_SUPERSEDED);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_WRONG);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(findings_come_all_at_once)
{
	struct buyers *b = buyers_open();
	struct registration r = { .email = S("a@x.org,b@x.org"), .password = S("short"), .password_again = S("other") };
	struct problem why = problem_in(mem);
	struct str browser;
	assert_status(registration_ask(b->db, mem, b->hasher, S("Théâtre du Lac"), &r, &b->from, &browser, &why), REFUSED);
	const char *fields[] = { "first_name", "last_name", "email", "password", "password_again" };
	for (size_t i = 0; i < COUNT(fields); i++) assert_non_null(problem_at(&why, fields[i]));
	assert_int_equal(count_of(b->db, &mails), 0);
	buyers_close(b);
}

static enum status age_accounts(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET made_at = made_at - $1");
	(void)arg;
	return store_exec(db, &q, int64(UNCONFIRMED_LIFE + MINUTE));
}

TEST(unconfirmed_accounts_vanish_after_seven_days_and_others_stay)
{
	struct buyers *b = buyers_open();
	static const struct sql accounts = SQL("SELECT count(*) FROM internet_account"), contacts = SQL("SELECT count(*) FROM contact");
	buyer(b, S("paul@example.org"), ACCOUNT_ACTIVE, OTHER);
	registers(b, JEANNE, GOOD);
	assert_status(registration_sweep(b->db), OK);
	assert_int_equal(count_of(b->db, &accounts), 2);
	in_write(b->db, age_accounts, NULL);
	assert_status(registration_sweep(b->db), OK);
	assert_int_equal(count_of(b->db, &accounts), 1);
	assert_int_equal(count_of(b->db, &contacts), 1);
	buyers_close(b);
}
