/* tests/accounts/counter.c: recovery from the counter, its limits and its impossible cases; many at once. */
#include "test.h"

#include "accounts/account_acts.h"
#include "accounts/bulk.h"
#include "accounts/buyers.h"
#include "accounts/counter.h"
#include "institution/operator.h"

#define JEANNE S("jeanne@example.org")

static struct actor operator_of(struct buyers *b, int64_t id, const char *name)
{
	struct actor who = actor_command(b->theatre.institution, str_of(name));
	(void)id; /* limits are counted by it, the trail would want a row of it */
	return who;
}

static int64_t contact_of(struct buyers *b, int64_t account)
{
	return sql_number(b->db, "SELECT contact FROM internet_account WHERE id = $1", int64(account));
}

static int64_t mails(struct buyers *b)
{
	return sql_number(b->db, "SELECT count(*) FROM outbox_message");
}

struct sending_one {
	struct actor who;
	struct counter_order order;
	struct counter_result result;
	struct problem why;
};

static enum status send_it(struct conn *db, void *arg)
{
	struct sending_one *x = arg;
	x->why = problem_in(mem);
	return counter_send(db, mem, &x->who, &x->order, &x->result, &x->why);
}

static struct sending_one *send(struct buyers *b, const char *name, struct counter_order order, enum status want)
{
	struct sending_one *x = ARENA_NEW(mem, struct sending_one);
	*x = (struct sending_one){ .who = operator_of(b, 1, name), .order = order };
	assert_status(store_write(b->db, send_it, x), want);
	return x;
}

static enum message refusal(struct buyers *b, struct counter_order order)
{
	int64_t before = mails(b), accounts = sql_number(b->db, "SELECT count(*) FROM internet_account"),
			trail = sql_number(b->db, "SELECT count(*) FROM audit_entry");
	struct sending_one *x = send(b, "O. Favre", order, REFUSED);
	assert_int_equal(mails(b), before); /* nothing half done */
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM internet_account"), accounts);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry"), trail);
	return x->why.first->message;
}

TEST(an_operator_sends_a_link_and_the_buyer_sets_a_password)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	struct sending_one *x = send(b, "O. Favre", (struct counter_order){ .contact = contact }, OK);
	assert_int_equal(x->result.outcome, COUNTER_SENT);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message WHERE by_operator = 'O. Favre' AND lane = 1"), 1);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'recovery-sent' AND record = $1", int64(contact)), 1);
	assert_int_equal(redeem(b, newest_link(b), OTHER), RECOVERY_DONE);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_DONE);
	buyers_close(b);
}

TEST(two_operators_send_one_mail_and_read_who_was_faster)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	send(b, "O. Favre", (struct counter_order){ .contact = contact }, OK);
	struct sending_one *x = send(b, "M. Ducommun", (struct counter_order){ .contact = contact }, OK); /* 53 */
	assert_int_equal(x->result.outcome, COUNTER_SENT_BEFORE);
	assert_str(x->result.by, S("O. Favre"));
	assert_int_equal(mails(b), 1);
	do_sql(b->db, "UPDATE recovery_link SET made_at = made_at - $1", int64(COUNTER_PAUSE));
	assert_int_equal(send(b, "M. Ducommun", (struct counter_order){ .contact = contact }, OK)->result.outcome, COUNTER_SENT);
	buyers_close(b);
}

TEST(what_the_buyer_asked_for_is_no_reason_not_to_send)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	for (int i = 0; i < 5; i++) ask(b, JEANNE); /* 76: the address's own limit is used up */
	assert_int_equal(send(b, "O. Favre", (struct counter_order){ .contact = contact }, OK)->result.outcome, COUNTER_SENT);
	buyers_close(b);
}

TEST(an_operator_has_a_limit_of_his_own)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	for (int i = 0; i < COUNTER_MOST; i++) {
		assert_int_equal(send(b, "O. Favre", (struct counter_order){ .contact = contact }, OK)->result.outcome, COUNTER_SENT);
		do_sql(b->db, "UPDATE recovery_link SET made_at = made_at - $1", int64(DAY));
	}
	struct sending_one *x = send(b, "O. Favre", (struct counter_order){ .contact = contact }, OK);
	assert_int_equal(x->result.outcome, COUNTER_LIMITED);
	assert_in_range(x->result.wait, 1, COUNTER_STRETCH / SECOND + 1);
	assert_int_equal(mails(b), COUNTER_MOST);
	assert_int_equal(
		send(b, "O. Favre", (struct counter_order){ .contact = contact, .is_bulk = true }, OK)->result.outcome, COUNTER_SENT); /* outside it */
	buyers_close(b);
}

TEST(each_impossible_case_has_its_own_words_and_leaves_nothing)
{
	struct buyers *b = buyers_open();
	int64_t account = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD), contact = contact_of(b, account);
	const struct counter_order order = { .contact = contact };
	assert_int_equal(refusal(b, (struct counter_order){ .contact = contact, .purpose = FOR_NEW_ACCOUNT }), MSG_ACCOUNT_IS_THERE);
	do_sql(b->db, "UPDATE internet_account SET state = 'blocked'");
	assert_int_equal(refusal(b, order), MSG_COUNTER_BLOCKED);
	do_sql(b->db, "UPDATE internet_account SET state = 'closed'");
	assert_int_equal(refusal(b, order), MSG_COUNTER_CLOSED);
	do_sql(b->db, "UPDATE contact SET email = '', email_key = ''");
	assert_int_equal(refusal(b, (struct counter_order){ .contact = contact, .purpose = FOR_NEW_ACCOUNT }), MSG_CONTACT_WITHOUT_EMAIL);
	do_sql(b->db, "UPDATE internet_account SET state = 'active'");
	assert_int_equal(refusal(b, (struct counter_order){ .contact = contact, .choice = { .document_type = S("TYPE_OF_ANOTHER_CLASS") } }),
		MSG_COUNTER_TYPE_GONE); /* 54 */
	assert_int_equal(refusal(b, (struct counter_order){ .contact = contact, .choice = { .point_of_sale = S("suspended") } }), MSG_COUNTER_SHOP_GONE);
	do_sql(b->db, "UPDATE document_type SET is_active = FALSE");
	assert_int_equal(refusal(b, order), MSG_COUNTER_NO_TYPE);
	do_sql(b->db, "UPDATE point_of_sale SET state = 'suspended'");
	assert_int_equal(refusal(b, order), MSG_COUNTER_NO_SHOP);
	do_sql(b->db, "UPDATE contact SET merged_into = id");
	assert_int_equal(refusal(b, order), MSG_COUNTER_MERGED);
	buyers_close(b);
}

TEST(of_several_types_or_shops_one_has_to_be_chosen)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	do_sql(b->db,
		"INSERT INTO document_type (institution, class, code, name, main_language, is_active) VALUES ($1, 'reset-password', 'SCHOOLS', 'Schools', "
		"'fr', TRUE)",
		int64(b->theatre.institution));
	do_sql(b->db, "INSERT INTO document_template (document_type, language, version, word, made_at, made_by) SELECT d.id, 'fr', 1, t.word, 0, 'x' "
				  "FROM document_type d, document_template t WHERE d.code = 'SCHOOLS' AND t.id = (SELECT min(id) FROM document_template)");
	assert_int_equal(refusal(b, (struct counter_order){ .contact = contact }), MSG_COUNTER_TYPE_MISSING);
	send(b, "O. Favre", (struct counter_order){ .contact = contact, .choice = { .document_type = S("SCHOOLS") } }, OK);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message m JOIN document_template t ON t.id = m.template JOIN document_type d ON "
									   "d.id = t.document_type WHERE d.code = 'SCHOOLS'"),
		1);
	buyers_close(b);
}

TEST(without_the_right_in_the_shops_organisation_nothing_is_sent)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	struct sending_one x = { .who = operator_of(b, 1, "O. Favre"), .order = { .contact = contact } };
	x.who.rights_everywhere = 0; /* 52: has it in another organisation */
	assert_status(store_write(b->db, send_it, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_COUNTER_NO_SHOP_OF_YOURS);
	x.who = operator_of(b, 1, "O. Favre");
	x.who.institution++;
	assert_status(store_write(b->db, send_it, &x), NOT_FOUND);
	assert_int_equal(mails(b), 0);
	buyers_close(b);
}

/* ---- contacts of the office ---- */

struct making_contact {
	struct actor who;
	struct contact_fields is;
	int64_t id;
	int64_t version;
	struct problem why;
};

static enum status make_it(struct conn *db, void *arg)
{
	struct making_contact *x = arg;
	return contact_make(db, mem, &x->who, &x->is, &x->id);
}

static enum status save_it(struct conn *db, void *arg)
{
	struct making_contact *x = arg;
	x->why = problem_in(mem);
	return contact_save(db, mem, &x->who, x->id, x->version, &x->is, &x->why);
}

static struct making_contact *new_contact(struct buyers *b, struct str email)
{
	struct making_contact *x = ARENA_NEW(mem, struct making_contact);
	*x = (struct making_contact){ .who = operator_of(b, 1, "O. Favre"),
		.is = { .first_name = S("Ute"),
			.last_name = S("Röchling"),
			.email = email,
			.language = LANG_DE,
			.address = { .postcode = S("3011"), .town = S("Bern"), .country = S("CH") } } };
	struct problem why = problem_in(mem);
	assert_status(contact_check(mem, &x->is, &why), OK);
	in_write(b->db, make_it, x);
	return x;
}

TEST(an_account_for_a_contact_is_invited_by_the_same_template)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = new_contact(b, S("ute@example.org"));
	struct sending_one *x = send(b, "O. Favre", (struct counter_order){ .contact = c->id, .purpose = FOR_NEW_ACCOUNT }, OK);
	assert_int_equal(x->result.outcome, COUNTER_SENT);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM internet_account WHERE state = 'invited' AND language = 'de'"), 1);
	assert_int_equal(sign_in(b, S("ute@example.org"), GOOD), SIGNIN_WRONG);
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	assert_int_equal(sign_in(b, S("ute@example.org"), GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(an_address_that_has_an_account_says_whose)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct making_contact *c = new_contact(b, S("JEANNE@example.org"));
	assert_int_equal(refusal(b, (struct counter_order){ .contact = c->id, .purpose = FOR_NEW_ACCOUNT }), MSG_EMAIL_HAS_ACCOUNT); /* 81 */
	buyers_close(b);
}

/* For the counter's pause. */
static void a_minute_passes(struct buyers *b)
{
	do_sql(b->db, "UPDATE recovery_link SET made_at = made_at - $1", int64(COUNTER_PAUSE));
}

/* An invited contact whose address is about to be corrected to EMAIL. */
static struct making_contact *invited_contact(struct buyers *b, struct str email)
{
	struct making_contact *c = new_contact(b, S("uti@example.org"));
	send(b, "O. Favre", (struct counter_order){ .contact = c->id, .purpose = FOR_NEW_ACCOUNT }, OK);
	c->version = sql_number(b->db, "SELECT version FROM contact WHERE id = $1", int64(c->id));
	c->is.email = email;
	return c;
}

TEST(correcting_an_address_sends_no_second_link_within_the_minute)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = invited_contact(b, S("ute@example.org"));
	int64_t before = mails(b);
	assert_status(store_write(b->db, save_it, c), REFUSED);
	assert_int_equal(problem_at(&c->why, "email")->message, MSG_EMAIL_CORRECTED_SOON);
	assert_int_equal(mails(b), before);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM internet_account WHERE email = 'uti@example.org'"), 1); /* nothing half done */
	a_minute_passes(b);
	in_write(b->db, save_it, c);
	buyers_close(b);
}

TEST(correcting_addresses_counts_against_the_operators_limit)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = invited_contact(b, S("x@example.org"));
	for (int i = 1; i < COUNTER_MOST; i++) {
		a_minute_passes(b);
		c->is.email = str_format(mem, "x%d@example.org", i);
		in_write(b->db, save_it, c);
		c->version++;
	}
	a_minute_passes(b);
	c->is.email = S("last@example.org");
	assert_status(store_write(b->db, save_it, c), REFUSED);
	assert_int_equal(problem_at(&c->why, "email")->message, MSG_COUNTER_LIMITED);
	assert_int_equal(mails(b), COUNTER_MOST);
	buyers_close(b);
}

TEST(who_may_not_send_links_corrects_no_invited_address)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = invited_contact(b, S("ute@example.org"));
	a_minute_passes(b);
	c->who.rights &= ~RIGHT(RIGHT_ACCOUNT_RESET); /* he has it in the shop's organisation by a row that the route does not look at */
	assert_status(store_write(b->db, save_it, c), REFUSED);
	assert_int_equal(problem_at(&c->why, "email")->message, MSG_EMAIL_NEEDS_RESET_RIGHT);
	buyers_close(b);
}

TEST(correcting_an_invited_address_kills_its_links_and_mails_anew)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = new_contact(b, S("uti@example.org"));
	send(b, "O. Favre", (struct counter_order){ .contact = c->id, .purpose = FOR_NEW_ACCOUNT }, OK);
	struct str wrong = newest_link(b);
	c->version = sql_number(b->db, "SELECT version FROM contact WHERE id = $1", int64(c->id));
	c->is.email = S("ute@example.org");
	a_minute_passes(b);
	in_write(b->db, save_it, c);
	assert_int_equal(redeem(b, wrong, GOOD), RECOVERY_SUPERSEDED);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message WHERE recipient = 'ute@example.org'"), 1);
	assert_int_equal(redeem(b, newest_link(b), GOOD), RECOVERY_DONE);
	assert_int_equal(sign_in(b, S("ute@example.org"), GOOD), SIGNIN_DONE);
	c->version++;
	c->is.email = S("other@example.org"); /* somebody uses it now: a right of its own (email_change.c) */
	c->who.rights &= ~RIGHT(RIGHT_ACCOUNT_EMAIL);
	assert_status(store_write(b->db, save_it, c), REFUSED);
	assert_non_null(problem_at(&c->why, "email"));
	buyers_close(b);
}

TEST(correcting_to_an_address_that_has_an_account_says_whose)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct making_contact *c = new_contact(b, S("uti@example.org"));
	send(b, "O. Favre", (struct counter_order){ .contact = c->id, .purpose = FOR_NEW_ACCOUNT }, OK);
	int64_t before = mails(b);
	a_minute_passes(b);
	c->version = sql_number(b->db, "SELECT version FROM contact WHERE id = $1", int64(c->id));
	c->is.email = JEANNE;
	assert_status(store_write(b->db, save_it, c), REFUSED);
	assert_int_equal(problem_at(&c->why, "email")->message, MSG_EMAIL_HAS_ACCOUNT);
	assert_int_equal(mails(b), before);
	buyers_close(b);
}

TEST(the_second_of_two_saves_is_told)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = new_contact(b, S("ute@example.org"));
	struct contact before;
	assert_status(contact_get(b->db, mem, &c->who, c->id, &before), OK);
	c->version = before.version;
	c->is.phone = S("+41315558871");
	in_write(b->db, save_it, c);
	c->is.phone = S("");
	assert_status(store_write(b->db, save_it, c), REFUSED);
	assert_non_null(problem_at(&c->why, "version"));
	struct contact after;
	assert_status(contact_get(b->db, mem, &c->who, c->id, &after), OK);
	assert_str(after.is.phone, S("+41315558871"));
	buyers_close(b);
}

TEST(sign_ins_and_mails_leave_the_version)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	int64_t before = sql_number(b->db, "SELECT version FROM contact WHERE id = $1", int64(contact));
	sign_in(b, JEANNE, GOOD);
	send(b, "O. Favre", (struct counter_order){ .contact = contact }, OK);
	assert_int_equal(sql_number(b->db, "SELECT version FROM contact WHERE id = $1", int64(contact)), before);
	buyers_close(b);
}

TEST(duplicates_are_told_by_address_or_by_name_and_more)
{
	struct buyers *b = buyers_open();
	struct making_contact *c = new_contact(b, S("ute@example.org"));
	struct likely likely[LIKELY_MOST];
	size_t count;
	struct contact_fields same_email = { .last_name = S("Other"), .email = S("UTE@example.org"), .address = { .country = S("CH") } };
	struct contact_fields same_name = {
		.first_name = S("ute"), .last_name = S("Rochling"), .address = { .postcode = S("3011"), .country = S("CH") }
	};
	struct contact_fields name_alone = { .first_name = S("Ute"), .last_name = S("Röchling"), .address = { .country = S("CH") } };
	assert_status(contact_likely(b->db, mem, &c->who, &same_email, 0, likely, &count), OK);
	assert_int_equal(count, 1);
	assert_status(contact_likely(b->db, mem, &c->who, &same_name, 0, likely, &count), OK);
	assert_int_equal(count, 1);
	assert_status(contact_likely(b->db, mem, &c->who, &same_name, c->id, likely, &count), OK);
	assert_int_equal(count, 0); /* not of itself */
	assert_status(contact_likely(b->db, mem, &c->who, &name_alone, 0, likely, &count), OK);
	assert_int_equal(count, 0);
	buyers_close(b);
}

/* ---- acts ---- */

struct acting {
	struct actor who;
	int64_t contact;
	enum account_act act;
};

static enum status act_it(struct conn *db, void *arg)
{
	struct acting *x = arg;
	return account_act(db, mem, &x->who, x->contact, x->act, NULL);
}

TEST(blocking_ends_sessions_and_links_and_can_be_undone)
{
	struct buyers *b = buyers_open();
	struct acting x = { operator_of(b, 1, "O. Favre"), contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), ACT_BLOCK };
	sign_in(b, JEANNE, GOOD);
	ask(b, JEANNE);
	struct str link = newest_link(b);
	in_write(b->db, act_it, &x);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM account_session"), 0);
	assert_true(redeem(b, link, OTHER) != RECOVERY_DONE);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_WRONG);
	assert_status(store_write(b->db, act_it, &x), REFUSED); /* stands elsewhere by now */
	x.act = ACT_UNBLOCK;
	in_write(b->db, act_it, &x);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(closing_frees_the_address)
{
	struct buyers *b = buyers_open();
	struct acting x = { operator_of(b, 1, "O. Favre"), contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), ACT_CLOSE };
	in_write(b->db, act_it, &x);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_WRONG);
	assert_status(store_write(b->db, act_it, &x), NOT_FOUND); /* closed is final */
	buyer(b, JEANNE, ACCOUNT_ACTIVE, OTHER);
	assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_DONE);
	buyers_close(b);
}

struct mailing_again {
	struct actor who;
	int64_t contact, mail;
	struct problem why;
};

static enum status again_in(struct conn *db, void *arg)
{
	struct mailing_again *x = arg;
	x->why = problem_in(mem);
	return account_mail_again(db, mem, &x->who, x->contact, x->mail, &x->why);
}

TEST(a_mail_that_was_sent_goes_again_while_its_link_lives)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	ask(b, JEANNE);
	struct str link = newest_link(b);
	struct mailing_again x = { operator_of(b, 1, "O. Favre"), contact, sql_number(b->db, "SELECT max(id) FROM outbox_message"), { 0 } };
	do_sql(b->db, "UPDATE outbox_message SET state = 'sent', sent_at = 1");
	in_write(b->db, again_in, &x);
	assert_int_equal(mails(b), 2);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message WHERE state = 'waiting' AND by_operator = 'O. Favre'"), 1);
	assert_status(store_write(b->db, again_in, &x), REFUSED); /* it is on its way */
	assert_int_equal(x.why.first->message, MSG_MAIL_AGAIN_ON_ITS_WAY);
	do_sql(b->db, "UPDATE outbox_message SET state = 'sent', sent_at = 1");
	assert_int_equal(redeem(b, link, OTHER), RECOVERY_DONE);
	assert_status(store_write(b->db, again_in, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_MAIL_AGAIN_LINK_OVER);
	x.mail = sql_number(b->db, "SELECT id FROM outbox_message WHERE class = 'password-changed'");
	do_sql(b->db, "UPDATE outbox_message SET state = 'sent', merge_values = '{}'");
	assert_status(store_write(b->db, again_in, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_MAIL_AGAIN_FORGOTTEN);
	x.contact = contact_of(b, buyer(b, S("other@example.org"), ACCOUNT_ACTIVE, GOOD));
	assert_status(store_write(b->db, again_in, &x), NOT_FOUND);
	buyers_close(b);
}

struct ending_one {
	struct actor who;
	int64_t contact;
	struct str session;
};

static enum status end_one_in(struct conn *db, void *arg)
{
	struct ending_one *x = arg;
	return account_session_end(db, mem, &x->who, x->contact, x->session);
}

TEST(one_device_is_signed_out_and_the_others_stay)
{
	struct buyers *b = buyers_open();
	int64_t account = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD), other = contact_of(b, buyer(b, S("other@example.org"), ACCOUNT_ACTIVE, GOOD));
	struct session *list;
	size_t count;
	for (int i = 0; i < 3; i++) assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	assert_status(session_list(b->db, mem, account, &list, &count), OK);
	struct ending_one x = { operator_of(b, 1, "O. Favre"), other, list[1].id };
	in_write(b->db, end_one_in, &x); /* another's: nothing ends */
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM account_session"), 3);
	x.contact = contact_of(b, account);
	in_write(b->db, end_one_in, &x);
	in_write(b->db, end_one_in, &x); /* gone already */
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM account_session"), 2);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'account-session-ended'"), 1);
	buyers_close(b);
}

/* ---- many ---- */

struct asking_many {
	struct actor who;
	struct bulk_order order;
	int64_t id;
	struct problem why;
};

static enum status ask_many(struct conn *db, void *arg)
{
	struct asking_many *x = arg;
	x->why = problem_in(mem);
	return bulk_ask(db, mem, &x->who, &x->order, &x->id, &x->why);
}

static void work(struct buyers *b)
{
	while (bulk_next(b->db, mem) == OK) {
	}
}

TEST(one_action_sends_to_all_that_can_have_a_link_and_reports_the_others)
{
	enum { MANY = 20 };
	struct buyers *b = buyers_open();
	int64_t contacts[MANY];
	for (int i = 0; i < MANY; i++)
		contacts[i] = contact_of(b, buyer(b, str_format(mem, "b%d@example.org", i),
										i == 3	 ? ACCOUNT_BLOCKED
										: i == 4 ? ACCOUNT_CLOSED
												 : ACCOUNT_ACTIVE,
										GOOD));
	struct asking_many x = { .who = operator_of(b, 1, "O. Favre"), .order = { .key = S("form-1"), .contacts = contacts, .count = MANY } };
	in_write(b->db, ask_many, &x);
	assert_int_equal(mails(b), 0); /* it is background work */
	int64_t first = x.id;
	in_write(b->db, ask_many, &x); /* a double click */
	assert_int_equal(x.id, first);
	for (int i = 0; i < 5; i++) assert_status(bulk_next(b->db, mem), OK);
	struct bulk_view view;
	assert_status(bulk_get(b->db, mem, &x.who, x.id, &view), OK);
	assert_int_equal(view.done, 5);
	assert_int_equal(view.total, MANY);
	assert_int_equal(view.ended_at, 0);
	work(b);
	assert_status(bulk_get(b->db, mem, &x.who, x.id, &view), OK);
	assert_int_equal(view.done, MANY);
	assert_true(view.ended_at > 0);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'bulk-ended' AND record = $1", int64(x.id)), 1);
	assert_int_equal(view.counts[BULK_SENT], MANY - 2);
	assert_int_equal(view.counts[BULK_BLOCKED], 1);
	assert_int_equal(view.counts[BULK_CLOSED], 1);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message WHERE lane = 3"), MANY - 2);
	struct bulk_left left[MANY];
	size_t count;
	assert_status(bulk_list_left(b->db, mem, &x.who, x.id, 0, MANY, left, &count), OK);
	assert_int_equal(count, 2);
	buyers_close(b);
}

struct hiring_one {
	struct buyers *b;
	int64_t id;
};

static enum status hire_one(struct conn *db, void *arg)
{
	struct hiring_one *x = arg;
	const struct operator_context manager = { .profile = PROFILE_MANAGER };
	struct new_operator n = { .name = S("O. Favre"), .language = LANG_EN, .contexts = &manager, .context_count = 1, .password_hash = S("x") };
	struct actor by = actor_command(x->b->theatre.institution, S("test"));
	assert_status(email_read(mem, S("olivier@example.org"), "email", &n.email, NULL), OK);
	return operator_make(db, mem, &by, &n, &x->id, NULL);
}

/* A real operator, who can lose what he may. */
static struct actor hired(struct buyers *b)
{
	struct hiring_one x = { .b = b };
	struct operator person;
	struct actor who;
	in_write(b->db, hire_one, &x);
	assert_status(operator_get(b->db, mem, b->theatre.institution, x.id, &person), OK);
	assert_status(operator_actor(b->db, mem, &person, S("203.0.113.9"), &who), OK);
	return who;
}

TEST(an_action_ends_when_its_operator_is_blocked_or_loses_the_right)
{
	enum { MANY = 4 };
	for (int how = 0; how < 2; how++) {
		struct buyers *b = buyers_open();
		int64_t contacts[MANY];
		for (int i = 0; i < MANY; i++) contacts[i] = contact_of(b, buyer(b, str_format(mem, "b%d@example.org", i), ACCOUNT_ACTIVE, GOOD));
		struct asking_many x = { .who = hired(b), .order = { .key = S("form-1"), .contacts = contacts, .count = MANY } };
		struct bulk_view view;
		in_write(b->db, ask_many, &x);
		assert_status(bulk_next(b->db, mem), OK);
		if (how == 0) do_sql(b->db, "UPDATE operator SET state = 'blocked'");
		else do_sql(b->db, "UPDATE operator_profile SET profile = 'box-office'");
		work(b);
		assert_int_equal(mails(b), 1);
		do_sql(b->db, "UPDATE operator SET state = 'active'");
		do_sql(b->db, "UPDATE operator_profile SET profile = 'manager'");
		work(b); /* what was stopped stays so */
		assert_int_equal(mails(b), 1);
		assert_status(bulk_get(b->db, mem, &x.who, x.id, &view), OK);
		assert_int_equal(view.counts[BULK_SENT], 1);
		assert_int_equal(view.counts[BULK_STOPPED], MANY - 1);
		assert_true(view.ended_at > 0);
		assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'bulk-stopped'"), 1);
		assert_int_equal(
			sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'recovery-sent' AND operator = $1", int64(x.who.operator_id)), 1);
		buyers_close(b);
	}
}

TEST(the_same_action_repeated_mails_nobody_twice)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	struct asking_many x = { .who = operator_of(b, 1, "O. Favre"), .order = { .key = S("form-1"), .contacts = &contact, .count = 1 } };
	struct bulk_view view;
	in_write(b->db, ask_many, &x);
	work(b);
	x.order.key = S("form-2"); /* made anew */
	do_sql(b->db, "UPDATE recovery_link SET made_at = made_at - $1", int64(HOUR));
	in_write(b->db, ask_many, &x);
	work(b);
	assert_int_equal(mails(b), 1);
	assert_status(bulk_get(b->db, mem, &x.who, x.id, &view), OK);
	assert_int_equal(view.counts[BULK_SENT_BEFORE], 1);
	buyers_close(b);
}

TEST(an_action_needs_somebody_and_a_way)
{
	struct buyers *b = buyers_open();
	int64_t contact = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD));
	struct asking_many x = { .who = operator_of(b, 1, "O. Favre"), .order = { .key = S("form-1") } };
	assert_status(store_write(b->db, ask_many, &x), REFUSED);
	x.order.contacts = &contact;
	x.order.count = 1;
	do_sql(b->db, "UPDATE point_of_sale SET state = 'suspended'");
	assert_status(store_write(b->db, ask_many, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_COUNTER_NO_SHOP);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM bulk_action"), 0);
	buyers_close(b);
}
