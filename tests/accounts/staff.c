/* Operators' links: invited, forgotten, used once; the cases of recovery-cases.md that speak of staff. */
#include "test.h"

#include "accounts/staff.h"
#include "buyers.h"
#include "institution/staff.h"

struct offices {
	struct staff_house h;
	struct link_key key;
	struct link_keys keys;
};

static enum status install_types(struct conn *db, void *arg)
{
	return document_types_install(db, *(int64_t *)arg);
}

static struct offices *offices_open(void)
{
	struct offices *o = ARENA_NEW(mem, struct offices);
	const uint8_t seed[LINK_SEED_SIZE] = { 7 };
	o->h = staff_house_open();
	in_write(o->h.db, install_types, &o->h.t.institution);
	o->key = link_key_of(seed);
	o->keys = (struct link_keys){ &o->key, 1 };
	return o;
}

static void ask_for_link(struct offices *o, struct str email)
{
	assert_status(staff_recovery_ask(o->h.db, o->h.t.institution, email, S("203.0.113.7")), OK);
	assert_status(staff_decide(o->h.db, mem), OK);
}

static enum status sending_in(struct conn *db, void *arg)
{
	int64_t deadline;
	return staff_link_sending(db, *(struct str *)arg, &deadline);
}

/* The token of the newest mail, sent as the worker would. */
static struct str newest(struct offices *o)
{
	static const struct sql q = SQL("SELECT link_id, link_purpose FROM outbox_message WHERE link_id IS NOT NULL ORDER BY id DESC LIMIT 1");
	assert_status(store_row(o->h.db, &q), OK);
	struct str link_id = col_blob(o->h.db, 0, mem);
	assert_int_equal(col_int64(o->h.db, 1), LINK_OPERATOR);
	in_write(o->h.db, sending_in, &link_id);
	return link_make(mem, o->keys, LINK_OPERATOR, (const uint8_t *)link_id.at);
}

static enum recovery_outcome use(struct offices *o, struct str link, struct str password)
{
	struct staff_view view;
	struct problem why = problem_in(mem);
	return staff_redeem(o->h.db, mem, o->keys, o->h.hasher, link, password, S("203.0.113.7"), &view, &why);
}

static void hours_pass(struct offices *o, int64_t hours)
{
	do_sql(o->h.db, "UPDATE operator_link SET made_at = made_at - $1, deadline = deadline - $1", int64(hours * HOUR));
}

static int64_t mails(struct offices *o, const char *class)
{
	return sql_number(o->h.db, "SELECT count(*) FROM outbox_message WHERE class = $1", text(str_of(class)));
}

struct inviting {
	struct offices *o;
	int64_t id;
	struct problem why;
};

static enum status invite_in(struct conn *db, void *arg)
{
	struct inviting *x = arg;
	x->why = problem_in(mem);
	return staff_invite(db, mem, &x->o->h.by, x->id, &x->why);
}

TEST(an_invited_operator_sets_a_password_and_signs_in)
{
	struct offices *o = offices_open();
	struct str token;
	struct inviting x = { .o = o, .id = hire_with(&o->h, S("new@example.org"), NULL, 0, S("")) };
	in_write(o->h.db, invite_in, &x);
	assert_int_equal(mails(o, "operator-invitation"), 1);
	assert_int_equal(use(o, newest(o), GOOD), RECOVERY_DONE);
	assert_int_equal(office_sign_in(&o->h, S("new@example.org"), GOOD, &token), OPERATOR_SIGNIN_DONE);
	assert_status(store_write(o->h.db, invite_in, &x), REFUSED); /* nobody sends a link into an account that has an owner */
	staff_house_close(&o->h);
}

TEST(a_forgotten_password_is_set_by_mail_and_ends_every_session)
{
	struct offices *o = offices_open();
	struct str token;
	struct operator_session s;
	struct operator who;
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	assert_int_equal(office_sign_in(&o->h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	ask_for_link(o, S(" ANNA@example.org"));
	assert_int_equal(sql_number(o->h.db, "SELECT count(*) FROM outbox_message WHERE recipient = 'anna@example.org'"), 1);
	assert_int_equal(use(o, newest(o), GOOD), RECOVERY_DONE);
	assert_status(operator_session_find(o->h.db, mem, token, &s, &who), NOT_FOUND);
	assert_int_equal(office_sign_in(&o->h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_WRONG);
	assert_int_equal(office_sign_in(&o->h, S("anna@example.org"), GOOD, &token), OPERATOR_SIGNIN_DONE);
	assert_int_equal(mails(o, "operator-notice"), 1);
	staff_house_close(&o->h);
}

TEST(a_link_works_once_and_for_48_hours)
{
	struct offices *o = offices_open();
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	ask_for_link(o, S("anna@example.org"));
	struct str link = newest(o);
	assert_int_equal(use(o, link, GOOD), RECOVERY_DONE);
	assert_int_equal(use(o, link, OTHER), RECOVERY_USED);
	hours_pass(o, 2);
	ask_for_link(o, S("anna@example.org"));
	link = newest(o);
	hours_pass(o, 48);
	assert_int_equal(use(o, link, GOOD), RECOVERY_EXPIRED);
	staff_house_close(&o->h);
}

TEST(a_success_ends_the_siblings_and_a_changed_address_all)
{
	struct offices *o = offices_open();
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	ask_for_link(o, S("anna@example.org"));
	struct str first = newest(o);
	hours_pass(o, 1);
	ask_for_link(o, S("anna@example.org"));
	assert_int_equal(use(o, newest(o), GOOD), RECOVERY_DONE);
	assert_int_equal(use(o, first, OTHER), RECOVERY_SUPERSEDED);
	hours_pass(o, 2);
	ask_for_link(o, S("anna@example.org"));
	do_sql(o->h.db, "UPDATE operator SET email_key = 'ann@example.org'");
	assert_int_equal(use(o, newest(o), OTHER), RECOVERY_SUPERSEDED);
	staff_house_close(&o->h);
}

TEST(several_requests_in_a_minute_send_one_mail_and_no_more_than_three_in_an_hour)
{
	struct offices *o = offices_open();
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	ask_for_link(o, S("anna@example.org"));
	ask_for_link(o, S("anna@example.org"));
	assert_int_equal(mails(o, "operator-reset"), 1);
	for (int i = 0; i < 4; i++) {
		do_sql(o->h.db, "UPDATE operator_link SET made_at = made_at - $1", int64(2 * MINUTE));
		ask_for_link(o, S("anna@example.org"));
	}
	assert_int_equal(mails(o, "operator-reset"), 3);
	staff_house_close(&o->h);
}

TEST(nobody_and_who_is_blocked_get_no_mail_and_the_request_is_one_row_all_the_same)
{
	struct offices *o = offices_open();
	hire(&o->h, S("gone@example.org"), PROFILE_MANAGER);
	do_sql(o->h.db, "UPDATE operator SET state = 'blocked'");
	assert_status(staff_recovery_ask(o->h.db, o->h.t.institution, S("gone@example.org"), S("203.0.113.7")), OK);
	assert_status(staff_recovery_ask(o->h.db, o->h.t.institution, S("nobody@example.org"), S("203.0.113.7")), OK);
	assert_int_equal(sql_number(o->h.db, "SELECT count(*) FROM operator_request"), 2);
	assert_status(staff_decide(o->h.db, mem), OK);
	assert_status(staff_decide(o->h.db, mem), OK);
	assert_status(staff_decide(o->h.db, mem), NOT_FOUND);
	assert_int_equal(sql_number(o->h.db, "SELECT count(*) FROM outbox_message"), 0);
	staff_house_close(&o->h);
}

TEST(a_blocked_operators_link_is_dead)
{
	struct offices *o = offices_open();
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	ask_for_link(o, S("anna@example.org"));
	do_sql(o->h.db, "UPDATE operator SET state = 'blocked'");
	assert_int_equal(use(o, newest(o), GOOD), RECOVERY_EXPIRED);
	staff_house_close(&o->h);
}

TEST(a_buyers_link_opens_no_office_and_an_operators_no_shop)
{
	struct offices *o = offices_open();
	struct recovery_view view;
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	ask_for_link(o, S("anna@example.org"));
	struct str link = newest(o), link_id;
	assert_int_equal(recovery_look(o->h.db, mem, o->keys, link, &view), RECOVERY_UNKNOWN);
	static const struct sql q = SQL("SELECT link_id FROM operator_link");
	assert_status(store_row(o->h.db, &q), OK);
	link_id = col_blob(o->h.db, 0, mem);
	struct str forged = link_make(mem, o->keys, LINK_RESET, (const uint8_t *)link_id.at); /* signed by us, for another purpose */
	assert_int_equal(use(o, forged, GOOD), RECOVERY_UNKNOWN);
	staff_house_close(&o->h);
}

TEST(a_weak_password_uses_nothing_up)
{
	struct offices *o = offices_open();
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	ask_for_link(o, S("anna@example.org"));
	struct str link = newest(o);
	assert_int_equal(use(o, link, S("short")), RECOVERY_REFUSED);
	assert_int_equal(use(o, link, S("Théâtre du Lac")), RECOVERY_REFUSED);
	assert_int_equal(use(o, link, S("Olivier Favre 1")), RECOVERY_REFUSED);
	assert_int_equal(use(o, link, GOOD), RECOVERY_DONE);
	staff_house_close(&o->h);
}

TEST(success_by_mail_lifts_the_limit_of_wrong_passwords)
{
	struct offices *o = offices_open();
	struct str token;
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	for (int i = 0; i < 11; i++) office_sign_in(&o->h, S("anna@example.org"), S("wrong"), &token);
	assert_int_equal(office_sign_in(&o->h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_LIMITED);
	ask_for_link(o, S("anna@example.org"));
	assert_int_equal(use(o, newest(o), GOOD), RECOVERY_DONE);
	assert_int_equal(office_sign_in(&o->h, S("anna@example.org"), GOOD, &token), OPERATOR_SIGNIN_DONE);
	staff_house_close(&o->h);
}

TEST(without_a_shop_there_is_no_sender_and_the_invitation_says_so)
{
	struct offices *o = offices_open();
	do_sql(o->h.db, "UPDATE point_of_sale SET state = 'closed'");
	struct inviting x = { .o = o, .id = hire_with(&o->h, S("new@example.org"), NULL, 0, S("")) };
	assert_status(store_write(o->h.db, invite_in, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_OPERATOR_MAIL_NEEDS_SHOP);
	staff_house_close(&o->h);
}

TEST(changing_ones_password_asks_for_the_old_and_signs_out_elsewhere)
{
	struct offices *o = offices_open();
	struct str here, there;
	struct operator_session s;
	struct operator who;
	struct problem why = problem_in(mem);
	hire(&o->h, S("anna@example.org"), PROFILE_MANAGER);
	office_sign_in(&o->h, S("anna@example.org"), STAFF_PASSWORD, &there);
	office_sign_in(&o->h, S("anna@example.org"), STAFF_PASSWORD, &here);
	assert_status(operator_session_find(o->h.db, mem, here, &s, &who), OK);
	struct operator_asker from = { .network = S("203.0.113.7"), .session = s.token_hash };
	assert_status(staff_change_password(o->h.db, mem, o->h.hasher, &who, S("wrong"), GOOD, &from, &why), REFUSED);
	assert_non_null(problem_at(&why, "old_password"));
	why = problem_in(mem);
	assert_status(staff_change_password(o->h.db, mem, o->h.hasher, &who, STAFF_PASSWORD, GOOD, &from, &why), OK);
	assert_status(operator_session_find(o->h.db, mem, here, &s, &who), OK);
	assert_status(operator_session_find(o->h.db, mem, there, &s, &who), NOT_FOUND);
	staff_house_close(&o->h);
}
