/* tests/accounts/signin.c: signing in with a password, and what a session is. */
#include "test.h"

#include "accounts/buyers.h"

#define JEANNE S("jeanne@example.org")

static const struct sql sessions = SQL("SELECT count(*) FROM account_session");

static struct str signed_in(struct buyers *b, struct asker from)
{
	struct str token;
	int wait;
	assert_int_equal(signin(b->db, mem, b->hasher, b->theatre.institution, JEANNE, GOOD, &from, &token, &wait), SIGNIN_DONE);
	return token;
}

static enum status find(struct buyers *b, struct str token, int64_t shop)
{
	struct session s;
	struct account who;
	return session_find(b->db, mem, token, shop, &s, &who);
}

TEST(an_address_is_typed_in_any_case_and_with_blanks)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	assert_int_equal(sign_in(b, S(" JEANNE@example.ORG "), GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(only_an_active_account_signs_in)
{
	static const enum account_state states[] = { ACCOUNT_INVITED, ACCOUNT_UNCONFIRMED, ACCOUNT_BLOCKED, ACCOUNT_CLOSED };
	struct buyers *b = buyers_open();
	for (size_t i = 0; i < COUNT(states); i++) {
		struct str email = str_format(mem, "buyer%zu@example.org", i);
		buyer(b, email, states[i], GOOD);
		assert_int_equal(sign_in(b, email, GOOD), SIGNIN_WRONG); /* 71: one answer for all */
	}
	assert_int_equal(sign_in(b, S("nobody@example.org"), GOOD), SIGNIN_WRONG);
	assert_int_equal(count_of(b->db, &sessions), 0);
	buyers_close(b);
}

TEST(guessing_is_slowed_for_one_address_and_network_only)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	for (int i = 0; i < 10; i++) assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_WRONG);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_LIMITED);
	b->from.network = S("198.51.100.9");
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE); /* the owner, elsewhere */
	b->from.network = S("203.0.113.7");
	ask(b, JEANNE); /* 84: recovery is not refused for it */
	assert_int_equal(redeem(b, newest_link(b), OTHER), RECOVERY_DONE);
	buyers_close(b);
}

TEST(success_forgets_the_wrong_tries)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 8; i++) assert_int_equal(sign_in(b, JEANNE, OTHER), SIGNIN_WRONG);
		assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	}
	buyers_close(b);
}

TEST(an_old_hash_is_made_anew_at_the_next_sign_in)
{
	struct buyers *b = buyers_open();
	struct account before, after;
	int64_t id = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	assert_status(account_get(b->db, mem, id, &before), OK);
	hasher_stop(b->hasher);
	b->hasher = hasher_start(&(struct hasher_options){ .threads = 2, .passes = 2, .memory = 128 * 1024 });
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE); /* 31 */
	assert_status(account_get(b->db, mem, id, &after), OK);
	assert_false(str_eq(before.password_hash, after.password_hash));
	assert_true(str_find(after.password_hash, S("m=128,t=2")) > 0);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(only_the_hash_of_a_token_is_stored)
{
	struct buyers *b = buyers_open();
	static const struct sql q = SQL("SELECT token_hash FROM account_session");
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct str token = signed_in(b, b->from);
	assert_int_equal(token.len, 43); /* 256 bits */
	assert_status(store_row(b->db, &q), OK);
	struct str stored = col_blob(b->db, 0, mem);
	assert_int_equal(stored.len, 32);
	assert_int_equal(str_find(stored, str_part(token, 0, 8)), -1);
	assert_status(find(b, token, b->theatre.shop), OK);
	assert_status(find(b, str_base64url(mem, stored), b->theatre.shop), NOT_FOUND);
	buyers_close(b);
}

TEST(a_session_of_one_shop_is_none_at_another)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct str token = signed_in(b, b->from);
	assert_status(find(b, token, b->theatre.shop + 1), NOT_FOUND); /* 34 */
	buyers_close(b);
}

TEST(signing_in_again_gives_a_new_token_and_ends_the_old_one)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct str first = signed_in(b, b->from);
	struct asker from = b->from;
	from.session = session_hash(mem, first);
	struct str second = signed_in(b, from);
	assert_false(str_eq(first, second)); /* 33: no fixation */
	assert_status(find(b, first, b->theatre.shop), NOT_FOUND);
	assert_status(find(b, second, b->theatre.shop), OK);
	buyers_close(b);
}

struct ageing {
	int64_t made, seen;
};

static enum status age(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE account_session SET made_at = made_at - $1, seen_at = seen_at - $2");
	struct ageing *x = arg;
	return store_exec(db, &q, int64(x->made), int64(x->seen));
}

TEST(a_session_ends_unused_after_a_week_and_used_after_a_month)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct str token = signed_in(b, b->from);
	in_write(b->db, age, &(struct ageing){ .made = 7 * DAY, .seen = 7 * DAY - MINUTE });
	assert_status(find(b, token, b->theatre.shop), OK);
	assert_status(session_note(b->db, session_hash(mem, token)), OK);
	in_write(b->db, age, &(struct ageing){ .made = 23 * DAY - MINUTE, .seen = 0 });
	assert_status(find(b, token, b->theatre.shop), OK);
	in_write(b->db, age, &(struct ageing){ .made = MINUTE, .seen = 0 });
	assert_status(find(b, token, b->theatre.shop), NOT_FOUND);

	token = signed_in(b, b->from);
	in_write(b->db, age, &(struct ageing){ .made = 7 * DAY, .seen = 7 * DAY });
	assert_status(find(b, token, b->theatre.shop), NOT_FOUND);
	assert_status(session_sweep(b->db), OK);
	assert_int_equal(count_of(b->db, &sessions), 0);
	buyers_close(b);
}

static enum status block(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET state = 'blocked'");
	(void)arg;
	return store_exec(db, &q);
}

TEST(a_blocked_accounts_sessions_are_worthless_at_once)
{
	struct buyers *b = buyers_open();
	buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct str token = signed_in(b, b->from);
	in_write(b->db, block, NULL);
	assert_status(find(b, token, b->theatre.shop), NOT_FOUND);
	buyers_close(b);
}

TEST(changing_the_password_needs_the_old_one_and_keeps_this_session_only)
{
	struct buyers *b = buyers_open();
	struct problem why = problem_in(mem);
	int64_t id = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct str here = signed_in(b, b->from), elsewhere = signed_in(b, b->from);
	struct asker from = b->from;
	from.session = session_hash(mem, here);
	assert_status(account_change_password(b->db, mem, b->hasher, id, OTHER, S("seven quiet lanterns walk"), &from, &why), REFUSED);
	assert_non_null(problem_at(&why, "old_password"));
	why = problem_in(mem);
	assert_status(account_change_password(b->db, mem, b->hasher, id, GOOD, S("jeanne@example.org"), &from, &why), REFUSED); /* 30 */
	assert_non_null(problem_at(&why, "password"));
	why = problem_in(mem);
	assert_status(account_change_password(b->db, mem, b->hasher, id, GOOD, OTHER, &from, &why), OK);
	assert_status(find(b, here, b->theatre.shop), OK);
	assert_status(find(b, elsewhere, b->theatre.shop), NOT_FOUND);
	buyers_close(b);
}

TEST(the_profile_takes_only_choices_that_exist)
{
	struct buyers *b = buyers_open();
	int64_t id = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	static const struct {
		struct str salutation, country;
		const char *field; /* NULL: fine */
	} cases[] = { { { STR("") }, { STR("CH") }, NULL }, { { STR("ms") }, { STR("FR") }, NULL }, { { STR("dr") }, { STR("CH") }, "salutation" },
		{ { STR("mr") }, { STR("XX") }, "country" }, { { STR("mr") }, { STR("ch") }, "country" }, { { STR("mr") }, { STR("") }, "country" } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct problem why = problem_in(mem);
		struct profile p = { .salutation = cases[i].salutation, .first_name = S("Jeanne"), .last_name = S("Rochat"), .country = cases[i].country };
		assert_status(account_change_profile(b->db, mem, id, &p, &why), cases[i].field ? REFUSED : OK);
		if (cases[i].field) assert_non_null(problem_at(&why, cases[i].field));
	}
	buyers_close(b);
}

TEST(the_profile_says_at_each_field_what_is_missing)
{
	struct buyers *b = buyers_open();
	struct problem why = problem_in(mem);
	struct account who;
	int64_t id = buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD);
	struct profile p = { .first_name = S("Jeanne"), .last_name = S(""), .street = S("Rue des Moulins"), .country = S("CH") };
	assert_status(account_change_profile(b->db, mem, id, &p, &why), REFUSED);
	const char *fields[] = { "last_name", "postcode", "town" };
	for (size_t i = 0; i < COUNT(fields); i++) assert_non_null(problem_at(&why, fields[i]));
	p.last_name = S("Rochat-Müller"), p.postcode = S("2000"), p.town = S("Neuchâtel"), p.language = LANG_DE;
	why = problem_in(mem);
	assert_status(account_change_profile(b->db, mem, id, &p, &why), OK);
	assert_status(account_get(b->db, mem, id, &who), OK);
	assert_str(who.last_name, S("Rochat-Müller"));
	assert_int_equal(who.language, LANG_DE);
	buyers_close(b);
}
