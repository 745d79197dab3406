/* Another address for an account that is used: confirmed at the new one, told to the old one, stopped from there (recovery-cases 16, 66, 67, 68, 69). */
#include "test.h"

#include "accounts/buyers.h"
#include "accounts/contact.h"
#include "accounts/counter.h"
#include "accounts/email_change.h"

#define OLD	 S("jeanne@example.org")
#define NEW	 S("jeanne@example.net")
#define NEW2 S("j.rochat@example.net")

struct owner {
	struct buyers *b;
	int64_t account;
};

static struct owner owner_of_account(void)
{
	struct owner o = { .b = buyers_open() };
	o.account = buyer(o.b, OLD, ACCOUNT_ACTIVE, GOOD);
	return o;
}

static enum status ask_for(struct owner *o, struct str email, struct str password, struct problem *why)
{
	*why = problem_in(mem);
	return email_change_ask(o->b->db, mem, o->b->hasher, o->account, email, password, &o->b->from, why);
}

static void asks(struct owner *o, struct str email)
{
	struct problem why;
	minutes_pass(o->b, 2);
	assert_status(ask_for(o, email, GOOD, &why), OK);
}

/* The token of the newest mail with a link of PURPOSE, to RECIPIENT. */
static struct str link_to(struct owner *o, enum link_purpose purpose, struct str recipient)
{
	static const struct sql q = SQL("SELECT link_id FROM outbox_message WHERE link_purpose = $1 AND recipient = $2 ORDER BY id DESC LIMIT 1");
	assert_status(store_row(o->b->db, &q, int64(purpose), text(recipient)), OK);
	struct str id = col_blob(o->b->db, 0, mem);
	enum status st = store_write(o->b->db, sending, &id);
	if (st != NOT_FOUND) assert_status(st, OK); /* ended before it was sent: the mail would be dropped */
	return link_make(mem, o->b->keys, purpose, (const uint8_t *)id.at);
}

static enum recovery_outcome confirm(struct owner *o, struct str token)
{
	struct recovery_view view;
	return email_change_confirm(o->b->db, mem, o->b->keys, token, &o->b->from, &view);
}

static enum recovery_outcome stop(struct owner *o, struct str token)
{
	struct recovery_view view;
	return email_change_stop(o->b->db, mem, o->b->keys, token, &o->b->from, &view);
}

static void assert_address(struct owner *o, struct str email)
{
	struct account who;
	assert_status(account_get(o->b->db, mem, o->account, &who), OK);
	assert_str(who.email, email);
	assert_int_equal(sql_number(o->b->db, "SELECT count(*) FROM contact WHERE id = $1 AND email = $2", int64(who.contact), text(email)), 1);
}

TEST(the_new_address_counts_once_it_is_confirmed_there)
{
	struct owner o = owner_of_account();
	struct recovery_view view;
	asks(&o, S("  Jeanne@EXAMPLE.net "));
	assert_address(&o, OLD);
	assert_int_equal(sign_in(o.b, OLD, GOOD), SIGNIN_DONE);
	struct str link = link_to(&o, LINK_CHANGE_EMAIL, S("Jeanne@EXAMPLE.net"));
	assert_int_equal(email_change_look(o.b->db, mem, o.b->keys, LINK_CHANGE_EMAIL, link, &view), RECOVERY_DONE);
	assert_str(view.email, S("Jeanne@EXAMPLE.net"));
	assert_address(&o, OLD); /* opening is not using */
	assert_int_equal(confirm(&o, link), RECOVERY_DONE);
	assert_int_equal(sign_in(o.b, OLD, GOOD), SIGNIN_WRONG);
	assert_int_equal(sign_in(o.b, NEW, GOOD), SIGNIN_DONE);
	assert_int_equal(confirm(&o, link), RECOVERY_USED);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM contact_word WHERE word LIKE 'jeanne@example.net%'"), 1); /* found by it */
	buyers_close(o.b);
}

TEST(it_takes_the_password_and_is_told_to_the_old_address_at_once)
{
	struct owner o = owner_of_account();
	struct problem why;
	assert_status(ask_for(&o, NEW, OTHER, &why), REFUSED);
	assert_non_null(problem_at(&why, "old_password"));
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message"), 0);
	assert_status(ask_for(&o, S("a@example.org,b@example.org"), GOOD, &why), REFUSED);
	assert_status(ask_for(&o, OLD, GOOD, &why), REFUSED);
	assert_non_null(problem_at(&why, "email"));
	asks(&o, NEW);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-notice' AND recipient = $1", text(OLD)), 1);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-change' AND recipient = $1", text(NEW)), 1);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-change' AND merge_values LIKE '%Rochat%'"),
		0); /* no name to an address that nobody has confirmed */
	assert_int_equal(
		sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-notice' AND merge_values LIKE '%jeanne@example.net%'"), 0);
	buyers_close(o.b);
}

TEST(a_link_confirms_only_the_address_that_it_was_mailed_to)
{
	struct owner o = owner_of_account();
	asks(&o, NEW);
	struct str first = link_to(&o, LINK_CHANGE_EMAIL, NEW);
	asks(&o, NEW2);
	struct str second = link_to(&o, LINK_CHANGE_EMAIL, NEW2);
	assert_int_equal(confirm(&o, first), RECOVERY_SUPERSEDED);
	assert_address(&o, OLD);
	assert_int_equal(confirm(&o, second), RECOVERY_DONE);
	assert_address(&o, NEW2);
	assert_int_equal(confirm(&o, first), RECOVERY_SUPERSEDED);
	assert_address(&o, NEW2);
	/* nor does a link of another purpose */
	asks(&o, NEW);
	assert_int_equal(confirm(&o, link_to(&o, LINK_KEEP_EMAIL, NEW2)), RECOVERY_UNKNOWN);
	assert_int_equal(redeem(o.b, link_to(&o, LINK_CHANGE_EMAIL, NEW), OTHER), RECOVERY_UNKNOWN);
	buyers_close(o.b);
}

TEST(the_old_address_stops_it_before_it_takes_effect)
{
	struct owner o = owner_of_account();
	asks(&o, NEW);
	struct str link = link_to(&o, LINK_CHANGE_EMAIL, NEW), keep = link_to(&o, LINK_KEEP_EMAIL, OLD);
	assert_int_equal(stop(&o, keep), RECOVERY_DONE);
	assert_int_equal(confirm(&o, link), RECOVERY_SUPERSEDED);
	assert_address(&o, OLD);
	assert_int_equal(sign_in(o.b, OLD, GOOD), SIGNIN_DONE); /* nothing else has changed */
	assert_int_equal(stop(&o, keep), RECOVERY_USED);
	buyers_close(o.b);
}

TEST(the_old_address_takes_it_back_from_a_thief_who_confirmed_it)
{
	struct owner o = owner_of_account();
	asks(&o, NEW);
	struct str keep = link_to(&o, LINK_KEEP_EMAIL, OLD);
	assert_int_equal(confirm(&o, link_to(&o, LINK_CHANGE_EMAIL, NEW)), RECOVERY_DONE);
	ask(o.b, NEW); /* he recovers by mail, so that the owner's password is gone, too */
	assert_int_equal(redeem(o.b, newest_link(o.b), OTHER), RECOVERY_DONE);
	assert_int_equal(sign_in(o.b, NEW, OTHER), SIGNIN_DONE);
	assert_int_equal(stop(&o, keep), RECOVERY_DONE);
	assert_address(&o, OLD);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM account_session"), 0);
	assert_int_equal(sign_in(o.b, OLD, OTHER), SIGNIN_WRONG);
	assert_int_equal(sign_in(o.b, NEW, OTHER), SIGNIN_WRONG);
	assert_int_equal(redeem(o.b, link_to(&o, LINK_RESET, OLD), GOOD), RECOVERY_DONE); /* the mail that comes with it */
	assert_int_equal(sign_in(o.b, OLD, GOOD), SIGNIN_DONE);
	buyers_close(o.b);
}

TEST(a_change_of_the_password_or_a_recovery_ends_what_waits)
{
	struct owner o = owner_of_account();
	asks(&o, NEW);
	struct str link = link_to(&o, LINK_CHANGE_EMAIL, NEW);
	minutes_pass(o.b, 2);
	ask(o.b, OLD);
	assert_int_equal(redeem(o.b, link_to(&o, LINK_RESET, OLD), OTHER), RECOVERY_DONE); /* 66, 69 */
	assert_int_equal(confirm(&o, link), RECOVERY_SUPERSEDED);
	assert_address(&o, OLD);
	buyers_close(o.b);
}

TEST(confirming_ends_links_and_other_sessions)
{
	struct owner o = owner_of_account();
	sign_in(o.b, OLD, GOOD);
	ask(o.b, OLD);
	struct str reset = link_to(&o, LINK_RESET, OLD);
	asks(&o, NEW);
	assert_int_equal(confirm(&o, link_to(&o, LINK_CHANGE_EMAIL, NEW)), RECOVERY_DONE);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM account_session"), 0);
	assert_int_equal(redeem(o.b, reset, OTHER), RECOVERY_SUPERSEDED); /* 16 */
	buyers_close(o.b);
}

TEST(whose_an_address_is_stays_unknown_to_who_asks)
{
	struct owner o = owner_of_account();
	int64_t other = buyer(o.b, NEW, ACCOUNT_ACTIVE, OTHER);
	asks(&o, NEW);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-change'"), 0);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'account-exists' AND account = $1", int64(other)), 1);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-notice' AND account = $1", int64(o.account)), 1);
	buyers_close(o.b);
}

TEST(an_address_taken_meanwhile_is_not_taken_away)
{
	struct owner o = owner_of_account();
	asks(&o, NEW);
	struct str link = link_to(&o, LINK_CHANGE_EMAIL, NEW);
	buyer(o.b, NEW, ACCOUNT_ACTIVE, OTHER);
	assert_int_equal(confirm(&o, link), RECOVERY_REFUSED);
	assert_address(&o, OLD);
	assert_int_equal(sign_in(o.b, NEW, OTHER), SIGNIN_DONE);
	buyers_close(o.b);
}

TEST(asking_again_and_again_is_limited)
{
	struct owner o = owner_of_account();
	struct problem why;
	for (int i = 0; i < NOTICE_HOURLY; i++) asks(&o, str_format(mem, "x%d@example.net", i));
	minutes_pass(o.b, 2);
	assert_status(ask_for(&o, NEW, GOOD, &why), REFUSED);
	assert_int_equal(problem_at(&why, "email")->message, MSG_EMAIL_CHANGE_OFTEN);
	buyers_close(o.b);
}

/* ---- by the office ---- */

struct saving {
	struct actor who;
	struct contact_fields is;
	int64_t id;
	struct problem why;
};

static enum status save_in(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(mem);
	int64_t version = sql_number(db, "SELECT version FROM contact WHERE id = $1", int64(x->id));
	return contact_save(db, mem, &x->who, x->id, version, &x->is, &x->why);
}

static struct saving at_the_desk(struct owner *o)
{
	struct contact c;
	struct saving x = { .who = actor_command(o->b->theatre.institution, S("O. Favre")),
		.id = sql_number(o->b->db, "SELECT contact FROM internet_account WHERE id = $1", int64(o->account)) };
	assert_status(contact_get(o->b->db, mem, &x.who, x.id, &c), OK);
	x.is = c.is;
	x.is.email = NEW;
	return x;
}

TEST(an_operator_asks_for_it_with_a_right_of_its_own)
{
	struct owner o = owner_of_account();
	struct saving x = at_the_desk(&o);
	x.who.rights &= ~RIGHT(RIGHT_ACCOUNT_EMAIL);
	assert_status(store_write(o.b->db, save_in, &x), REFUSED);
	assert_int_equal(problem_at(&x.why, "email")->message, MSG_EMAIL_OF_ACCOUNT);
	x.who.rights |= RIGHT(RIGHT_ACCOUNT_EMAIL);
	x.is.first_name = S("Joanna");
	in_write(o.b->db, save_in, &x);
	assert_address(&o, OLD); /* the rest is saved, the address waits */
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM contact WHERE first_name = 'Joanna'"), 1);
	struct email_change waiting;
	assert_status(email_change_waiting(o.b->db, mem, o.account, &waiting), OK);
	assert_str(waiting.by_operator, S("O. Favre"));
	assert_str(waiting.email, NEW);
	assert_int_equal(sql_number(o.b->db, "SELECT count(*) FROM outbox_message WHERE class = 'email-notice' AND by_operator = 'O. Favre'"), 1);
	assert_int_equal(
		sql_number(o.b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'account-email-change-asked' AND record = $1", int64(x.id)), 1);
	assert_int_equal(confirm(&o, link_to(&o, LINK_CHANGE_EMAIL, NEW)), RECOVERY_DONE);
	assert_address(&o, NEW);
	buyers_close(o.b);
}

struct withdrawing {
	struct actor who;
	int64_t account;
};

static enum status withdraw_in(struct conn *db, void *arg)
{
	struct withdrawing *x = arg;
	return email_change_withdraw(db, mem, &x->who, x->account);
}

TEST(an_operator_withdraws_what_waits_with_the_same_right_and_in_his_own_house)
{
	struct owner o = owner_of_account();
	struct withdrawing x = { actor_command(o.b->theatre.institution, S("O. Favre")), o.account };
	struct email_change waiting;
	assert_status(store_write(o.b->db, withdraw_in, &x), NOT_FOUND); /* nothing waits */
	asks(&o, NEW);
	struct str link = link_to(&o, LINK_CHANGE_EMAIL, NEW);
	x.who.rights &= ~RIGHT(RIGHT_ACCOUNT_EMAIL);
	assert_status(store_write(o.b->db, withdraw_in, &x), NOT_FOUND);
	x.who = actor_command(o.b->theatre.institution + 1, S("O. Favre"));
	assert_status(store_write(o.b->db, withdraw_in, &x), NOT_FOUND);
	assert_status(email_change_waiting(o.b->db, mem, o.account, &waiting), OK);
	x.who = actor_command(o.b->theatre.institution, S("O. Favre"));
	in_write(o.b->db, withdraw_in, &x);
	assert_status(email_change_waiting(o.b->db, mem, o.account, &waiting), NOT_FOUND);
	assert_int_equal(confirm(&o, link), RECOVERY_SUPERSEDED);
	assert_address(&o, OLD);
	buyers_close(o.b);
}

TEST(an_operator_is_told_whose_an_address_is_and_has_the_counters_limits)
{
	struct owner o = owner_of_account();
	struct saving x = at_the_desk(&o);
	buyer(o.b, NEW2, ACCOUNT_ACTIVE, OTHER);
	x.is.email = NEW2;
	assert_status(store_write(o.b->db, save_in, &x), REFUSED);
	assert_int_equal(problem_at(&x.why, "email")->message, MSG_EMAIL_HAS_ACCOUNT);
	x.is.email = NEW;
	in_write(o.b->db, save_in, &x);
	x.is.email = S("third@example.net");
	assert_status(store_write(o.b->db, save_in, &x), REFUSED); /* within the minute */
	assert_int_equal(problem_at(&x.why, "email")->message, MSG_EMAIL_CORRECTED_SOON);
	buyers_close(o.b);
}
