/* Operators: rights in contexts, signing in, sessions, and what the trail says of it. */
#include "test.h"

#include "institution/audit.h"
#include "staff.h"

static enum status second_organisation(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO organisation (institution, code, name) VALUES ($1, 'opera', 'Opera') RETURNING id");
	struct staff_house *h = arg;
	return store_row(db, &q, int64(h->t.institution));
}

static int64_t organisation(struct staff_house *h, const char *code)
{
	return sql_number(h->db, "SELECT id FROM organisation WHERE institution = $1 AND code = $2", int64(h->t.institution), text(str_of(code)));
}

TEST(rights_come_from_profiles)
{
	struct staff_house h = staff_house_open();
	struct actor box = actor_for(&h, hire(&h, S("box@example.org"), PROFILE_BOX_OFFICE));
	assert_true(actor_may(&box, RIGHT_ACCOUNT_RESET));
	assert_false(actor_may(&box, RIGHT_ACCOUNT_BULK_RESET));
	assert_false(actor_may(&box, RIGHT_OPERATOR_READ));
	struct actor auditor = actor_for(&h, hire(&h, S("auditor@example.org"), PROFILE_AUDITOR));
	assert_true(actor_may(&auditor, RIGHT_AUDIT_READ));
	for (int r = 0; r < RIGHTS; r++) { /* an auditor reads, changes nothing */
		struct str title = lang_text(mem, LANG_EN, right_title((enum right)r), NULL);
		if (actor_may(&auditor, (enum right)r) && !str_starts(title, S("See")) && !str_starts(title, S("Read")))
			fail_msg("an auditor may: %.*s", STR_ARG(title));
	}
	staff_house_close(&h);
}

TEST(a_profile_in_an_organisation_counts_there_only)
{
	struct staff_house h = staff_house_open();
	in_write(h.db, second_organisation, &h);
	int64_t drama = organisation(&h, "main"), opera = organisation(&h, "opera");
	const struct operator_context both[] = { { .profile = PROFILE_MANAGER, .organisation = opera },
		{ .profile = PROFILE_BOX_OFFICE, .organisation = drama } };
	struct actor who = actor_for(&h, hire_with(&h, S("o@example.org"), both, COUNT(both), STAFF_PASSWORD));
	assert_true(actor_may(&who, RIGHT_DOCUMENT_WRITE));
	assert_true(actor_may_in(&who, RIGHT_DOCUMENT_WRITE, opera));
	assert_false(actor_may_in(&who, RIGHT_DOCUMENT_WRITE, drama));
	assert_false(actor_may_in(&who, RIGHT_DOCUMENT_WRITE, 0)); /* what is for all organisations */
	assert_true(actor_may_in(&who, RIGHT_CONTACT_READ, drama));
	staff_house_close(&h);
}

TEST(an_administrator_of_one_organisation_does_not_rule_the_house)
{
	struct staff_house h = staff_house_open();
	const struct operator_context part = { .profile = PROFILE_ADMINISTRATOR, .organisation = organisation(&h, "main") };
	struct actor who = actor_for(&h, hire_with(&h, S("a@example.org"), &part, 1, STAFF_PASSWORD));
	assert_false(actor_may(&who, RIGHT_OPERATOR_WRITE));
	assert_false(actor_may(&who, RIGHT_AUDIT_READ));
	assert_false(actor_may_in(&who, RIGHT_SETTING_WRITE, part.organisation));
	assert_true(actor_may(&who, RIGHT_CONTACT_WRITE));
	staff_house_close(&h);
}

TEST(an_organisation_of_another_house_is_no_context)
{
	struct staff_house h = staff_house_open();
	do_sql(h.db, "INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, phone, email, made_at)"
				 " VALUES ('Other', 'UTC', 'CHF', 'en', '', '', '', '', 'CH', '', '', 0)");
	int64_t other = sql_number(h.db, "SELECT max(id) FROM institution");
	do_sql(h.db, "INSERT INTO organisation (institution, code, name) VALUES ($1, 'other', 'Other')", int64(other));
	const struct operator_context foreign = { .profile = PROFILE_MANAGER, .organisation = sql_number(h.db, "SELECT max(id) FROM organisation") };
	struct hiring x = { .h = &h, .n = { .name = S("X"), .language = LANG_EN, .contexts = &foreign, .context_count = 1 } };
	assert_status(email_read(mem, S("x@example.org"), "email", &x.n.email, NULL), OK);
	assert_status(store_write(h.db, hire_in, &x), NOT_FOUND);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator"), 0);
	staff_house_close(&h);
}

TEST(an_address_is_one_operator_however_it_is_written)
{
	struct staff_house h = staff_house_open();
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	struct hiring x = { .h = &h, .n = { .name = S("Anna"), .language = LANG_EN } };
	assert_status(email_read(mem, S(" ANNA@Example.ORG "), "email", &x.n.email, NULL), OK);
	assert_status(store_write(h.db, hire_in, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "email"));
	staff_house_close(&h);
}

TEST(an_operator_of_another_house_is_not_found)
{
	struct staff_house h = staff_house_open();
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	struct operator who;
	assert_status(operator_get(h.db, mem, h.t.institution, id, &who), OK);
	assert_status(operator_get(h.db, mem, h.t.institution + 1, id, &who), NOT_FOUND);
	assert_status(operator_by_email(h.db, mem, h.t.institution + 1, S("anna@example.org"), &who), NOT_FOUND);
	staff_house_close(&h);
}

/* ---- signing in ---- */

TEST(the_right_password_opens_a_session_and_a_wrong_one_does_not)
{
	struct staff_house h = staff_house_open();
	struct str token;
	struct operator_session s;
	struct operator who;
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), S("wrong"), &token), OPERATOR_SIGNIN_WRONG);
	assert_int_equal(office_sign_in(&h, S("nobody@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_WRONG);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session"), 0);
	assert_int_equal(office_sign_in(&h, S(" ANNA@EXAMPLE.ORG "), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	assert_status(operator_session_find(h.db, mem, token, &s, &who), OK);
	assert_int_equal(s.state, OPERATOR_SESSION_LIVE);
	assert_str(who.email, S("anna@example.org"));
	staff_house_close(&h);
}

TEST(who_is_invited_or_blocked_does_not_sign_in)
{
	struct staff_house h = staff_house_open();
	struct str token;
	hire_with(&h, S("new@example.org"), NULL, 0, S(""));
	hire(&h, S("gone@example.org"), PROFILE_MANAGER);
	do_sql(h.db, "UPDATE operator SET state = 'blocked' WHERE email_key = 'gone@example.org'");
	assert_int_equal(office_sign_in(&h, S("new@example.org"), S(""), &token), OPERATOR_SIGNIN_WRONG);
	assert_int_equal(office_sign_in(&h, S("gone@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_WRONG);
	staff_house_close(&h);
}

TEST(blocking_ends_a_session_at_the_next_request)
{
	struct staff_house h = staff_house_open();
	struct str token;
	struct operator_session s;
	struct operator who;
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	do_sql(h.db, "UPDATE operator SET state = 'blocked'");
	assert_status(operator_session_find(h.db, mem, token, &s, &who), NOT_FOUND);
	staff_house_close(&h);
}

TEST(guessing_is_limited_by_address_and_network_and_a_success_lifts_it)
{
	struct staff_house h = staff_house_open();
	struct str token;
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	for (int i = 0; i < 9; i++) assert_int_equal(office_sign_in(&h, S("anna@example.org"), S("wrong"), &token), OPERATOR_SIGNIN_WRONG);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	for (int i = 0; i < 10; i++) assert_int_equal(office_sign_in(&h, S("anna@example.org"), S("wrong"), &token), OPERATOR_SIGNIN_WRONG);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_LIMITED);
	h.from.network = S("198.51.100.9"); /* the owner elsewhere is not locked out */
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	staff_house_close(&h);
}

TEST(a_session_goes_idle_and_is_over_after_a_working_day)
{
	struct staff_house h = staff_house_open();
	struct str token;
	struct operator_session s;
	struct operator who;
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	do_sql(h.db, "UPDATE operator_session SET seen_at = seen_at - $1", int64(OPERATOR_IDLE));
	assert_status(operator_session_find(h.db, mem, token, &s, &who), OK);
	assert_int_equal(s.state, OPERATOR_SESSION_IDLE);
	assert_status(operator_session_note(h.db, s.token_hash), OK); /* what went idle is not woken by a late note */
	assert_status(operator_session_find(h.db, mem, token, &s, &who), OK);
	assert_int_equal(s.state, OPERATOR_SESSION_IDLE);
	do_sql(h.db, "UPDATE operator_session SET seen_at = seen_at + $1, made_at = made_at - $2", int64(OPERATOR_IDLE), int64(OPERATOR_LONGEST));
	assert_status(operator_session_find(h.db, mem, token, &s, &who), NOT_FOUND);
	assert_status(operator_session_sweep(h.db), OK);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session"), 0);
	staff_house_close(&h);
}

TEST(a_new_session_ends_the_one_that_this_browser_had)
{
	struct staff_house h = staff_house_open();
	struct str first, second;
	struct operator_session s;
	struct operator who;
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &first), OPERATOR_SIGNIN_DONE);
	assert_status(operator_session_find(h.db, mem, first, &s, &who), OK);
	h.from.session = s.token_hash;
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &second), OPERATOR_SIGNIN_DONE);
	assert_false(str_eq(first, second));
	assert_status(operator_session_find(h.db, mem, first, &s, &who), NOT_FOUND);
	staff_house_close(&h);
}

struct beginning {
	struct staff_house *h;
	int64_t id;
	bool is_whole;
	struct str token;
};

static enum status begin_in(struct conn *db, void *arg)
{
	struct beginning *x = arg;
	return operator_session_begin(db, mem, x->id, &x->h->from, x->is_whole, &x->token);
}

TEST(who_knows_the_password_alone_pushes_nobody_out)
{
	struct staff_house h = staff_house_open();
	struct beginning mine = { &h, hire(&h, S("anna@example.org"), PROFILE_MANAGER), true, { 0 } }, thief = { &h, mine.id, false, { 0 } };
	struct operator_session s;
	struct operator who;
	in_write(h.db, begin_in, &mine);
	for (int i = 0; i < OPERATOR_SESSIONS_MOST + 5; i++) in_write(h.db, begin_in, &thief);
	assert_status(operator_session_find(h.db, mem, mine.token, &s, &who), OK);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session"), OPERATOR_SESSIONS_MOST + 1);
	for (int i = 0; i < OPERATOR_SESSIONS_MOST; i++) in_write(h.db, begin_in, &mine);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session WHERE is_whole = $1", boolean(true)), OPERATOR_SESSIONS_MOST);
	staff_house_close(&h);
}

/* ---- the trail ---- */

TEST(the_trail_says_who_made_whom_and_who_signed_in)
{
	struct staff_house h = staff_house_open();
	struct str token;
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token);
	office_sign_in(&h, S("anna@example.org"), S("wrong"), &token);
	assert_int_equal(
		sql_number(h.db,
			"SELECT count(*) FROM audit_entry WHERE verb = 'operator-made' AND record = $1 AND operator IS NULL AND operator_name = 'test'"
			" AND after_values = '{\"name\":\"Olivier Favre\",\"email\":\"anna@example.org\",\"profiles\":\"manager\"}'",
			int64(id)),
		1);
	assert_int_equal(
		sql_number(h.db, "SELECT count(*) FROM audit_entry WHERE verb = 'signed-in' AND operator = $1 AND network = '203.0.113.7'", int64(id)), 1);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM audit_entry WHERE verb = 'signin-refused' AND record = $1", int64(id)), 1);
	staff_house_close(&h);
}

TEST(a_wrong_password_leaves_the_same_rows_whoever_it_was)
{
	struct staff_house h = staff_house_open();
	struct str token;
	hire(&h, S("anna@example.org"), PROFILE_MANAGER);
	int64_t before = sql_number(h.db, "SELECT count(*) FROM audit_entry");
	office_sign_in(&h, S("anna@example.org"), S("wrong"), &token);
	int64_t known = sql_number(h.db, "SELECT count(*) FROM audit_entry");
	office_sign_in(&h, S("nobody@example.org"), S("wrong"), &token);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM audit_entry") - known, known - before);
	staff_house_close(&h);
}

TEST(a_secret_cannot_be_named_in_the_trail)
{
	assert_true(audit_is_secret(S("password")));
	assert_true(audit_is_secret(S("password_hash")));
	assert_true(audit_is_secret(S("reset_link")));
	assert_true(audit_is_secret(S("Token")));
	assert_false(audit_is_secret(S("name")));
	assert_false(audit_is_secret(S("postcode")));
}
