/* The second factor: codes as RFC 6238 has them, each opens once, and nothing in the database opens anything. tests/http/office_signin.py compares with oathtool. */
#include "test.h"

#include "institution/factor.h"
#include "staff.h"

static const uint8_t key[FACTOR_KEY_SIZE] = { 1, 2, 3 };

struct starting {
	const uint8_t *key;
	int64_t id;
};

static enum status begin_in(struct conn *db, void *arg)
{
	const struct starting *x = arg;
	return factor_begin(db, mem, x->key, x->id);
}

static struct operator person(struct staff_house *h, int64_t id)
{
	struct operator who;
	assert_status(operator_get(h->db, mem, h->t.institution, id, &who), OK);
	return who;
}

/* Base32 as people type it, back into bytes. */
static struct str bytes_of(struct str typed)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct buf b = buf_in(mem);
	unsigned held = 0, bits = 0;
	for (size_t i = 0; i < typed.len; i++) {
		const char *at = typed.at[i] == ' ' ? NULL : strchr(alphabet, typed.at[i]);
		if (!at) continue;
		held = held << 5 | (unsigned)(at - alphabet);
		if ((bits += 5) >= 8) buf_add_char(&b, (char)(held >> (bits -= 8) & 255));
	}
	return buf_str(&b);
}

/* Sets it up; gives the secret and the recovery codes. */
static struct str set_up(struct staff_house *h, int64_t id, struct str codes[FACTOR_RECOVERY_CODES])
{
	struct factor_setup setup;
	struct operator who = person(h, id);
	in_write(h->db, begin_in, &(struct starting){ key, id });
	assert_status(factor_setup(h->db, mem, key, &who, S("Théâtre du Lac"), &setup), OK);
	struct str secret = bytes_of(setup.typed);
	assert_int_equal(secret.len, FACTOR_SECRET_SIZE);
	assert_status(factor_confirm(h->db, mem, key, &who, factor_code_at(mem, secret, store_now(h->db) / SECOND), &h->from, codes), OK);
	return secret;
}

static enum status pass(struct staff_house *h, int64_t id, struct str code)
{
	struct operator who = person(h, id);
	struct str token;
	int wait;
	return factor_pass(h->db, mem, key, &who, code, &h->from, &token, &wait);
}

TEST(codes_are_those_of_rfc_6238)
{
	static const struct {
		int64_t at;
		struct str code;
	} vectors[] = { { 59, { STR("287082") } }, { 1111111109, { STR("081804") } }, { 1111111111, { STR("050471") } },
		{ 1234567890, { STR("005924") } }, { 2000000000, { STR("279037") } }, { 20000000000, { STR("353130") } } };
	for (size_t i = 0; i < COUNT(vectors); i++) assert_str(factor_code_at(mem, S("12345678901234567890"), vectors[i].at), vectors[i].code);
}

TEST(a_code_opens_once_with_blanks_and_only_for_a_minute)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES];
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR), now = store_now(h.db) / SECOND;
	struct str secret = set_up(&h, id, codes);
	assert_status(pass(&h, id, factor_code_at(mem, secret, now)), REFUSED); /* it served to confirm */
	do_sql(h.db, "UPDATE operator SET factor_step = 0");
	struct str code = factor_code_at(mem, secret, now);
	struct str spaced = str_format(mem, " %.3s %.3s ", code.at, code.at + 3);
	assert_status(pass(&h, id, spaced), OK);
	assert_status(pass(&h, id, code), REFUSED);
	do_sql(h.db, "UPDATE operator SET factor_step = 0");
	assert_status(pass(&h, id, factor_code_at(mem, secret, now - 90)), REFUSED);
	assert_status(pass(&h, id, factor_code_at(mem, secret, now + 90)), REFUSED);
	staff_house_close(&h);
}

TEST(a_recovery_code_opens_once_in_any_case)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES];
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR), left;
	set_up(&h, id, codes);
	assert_status(pass(&h, id, str_lower(mem, codes[3])), OK);
	assert_status(pass(&h, id, codes[3]), REFUSED);
	assert_status(factor_codes_left(h.db, id, &left), OK);
	assert_int_equal(left, FACTOR_RECOVERY_CODES - 1);
	assert_status(pass(&h, id, S("AAAA AAAA AAAA")), REFUSED);
	assert_status(pass(&h, id, S("")), REFUSED);
	staff_house_close(&h);
}

TEST(a_recovery_code_of_somebody_blocked_opens_nothing_and_stays_unused)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES];
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR), left;
	set_up(&h, id, codes);
	do_sql(h.db, "UPDATE operator SET state = 'blocked'"); /* between the password and the code */
	assert_status(pass(&h, id, codes[0]), REFUSED);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session"), 0);
	assert_status(factor_codes_left(h.db, id, &left), OK);
	assert_int_equal(left, FACTOR_RECOVERY_CODES);
	staff_house_close(&h);
}

TEST(another_operators_code_opens_nothing)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES], others[FACTOR_RECOVERY_CODES];
	int64_t anna = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR), ruth = hire(&h, S("ruth@example.org"), PROFILE_AUDITOR);
	set_up(&h, anna, codes);
	set_up(&h, ruth, others);
	assert_status(pass(&h, anna, others[0]), REFUSED);
	/* nor her sealed secret, moved into the other's row */
	do_sql(h.db, "UPDATE operator SET factor_step = 0, factor_secret = (SELECT factor_secret FROM operator WHERE id = $2) WHERE id = $1", int64(anna),
		int64(ruth));
	struct factor_setup ignored;
	struct operator who = person(&h, anna);
	do_sql(h.db, "UPDATE operator SET factor_is_on = $1", boolean(false));
	assert_status(factor_setup(h.db, mem, key, &who, S("x"), &ignored), NOT_FOUND);
	staff_house_close(&h);
}

TEST(the_secret_is_sealed_and_opens_with_its_key_only)
{
	struct staff_house h = staff_house_open();
	const uint8_t other[FACTOR_KEY_SIZE] = { 9 };
	struct factor_setup setup;
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR);
	in_write(h.db, begin_in, &(struct starting){ key, id });
	struct operator who = person(&h, id);
	assert_status(factor_setup(h.db, mem, other, &who, S("x"), &setup), NOT_FOUND);
	assert_status(factor_setup(h.db, mem, key, &who, S("Théâtre du Lac"), &setup), OK);
	assert_true(str_starts(setup.address, S("otpauth://totp/Th%C3%A9%C3%A2tre%20du%20Lac:anna@example.org?secret=")));
	static const struct sql q = SQL("SELECT factor_secret FROM operator");
	assert_status(store_row(h.db, &q), OK);
	assert_int_equal(str_find(col_blob(h.db, 0, mem), bytes_of(setup.typed)), -1);
	staff_house_close(&h);
}

TEST(guessing_codes_is_limited)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES];
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR);
	set_up(&h, id, codes);
	for (int i = 0; i < 10; i++) assert_status(pass(&h, id, S("000000")), REFUSED);
	assert_status(pass(&h, id, codes[0]), REFUSED); /* right, and too late */
	do_sql(h.db, "DELETE FROM rate_counter");
	assert_status(pass(&h, id, codes[0]), OK);
	staff_house_close(&h);
}

TEST(it_is_asked_after_the_password_and_a_half_session_opens_nothing)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES], token;
	struct operator_session s;
	struct operator who;
	bool needs_factor = false;
	int wait, id = (int)hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR);
	set_up(&h, id, codes);
	assert_int_equal(
		operator_signin(h.db, mem, h.hasher, h.t.institution, S("anna@example.org"), STAFF_PASSWORD, &h.from, &token, &needs_factor, &wait),
		OPERATOR_SIGNIN_DONE);
	assert_true(needs_factor);
	assert_status(operator_session_find(h.db, mem, token, &s, &who), OK);
	assert_int_equal(s.state, OPERATOR_SESSION_HALF);
	h.from.session = s.token_hash;
	struct str whole;
	assert_status(factor_pass(h.db, mem, key, &who, codes[0], &h.from, &whole, &wait), OK);
	assert_status(operator_session_find(h.db, mem, token, &s, &who), NOT_FOUND); /* no session id outlives the change of what it opens */
	assert_status(operator_session_find(h.db, mem, whole, &s, &who), OK);
	assert_int_equal(s.state, OPERATOR_SESSION_LIVE);
	staff_house_close(&h);
}

struct resetting {
	struct staff_house *h;
	struct actor by;
	int64_t id;
};

static enum status reset_in(struct conn *db, void *arg)
{
	struct resetting *x = arg;
	return factor_reset(db, mem, &x->by, x->id);
}

TEST(a_reset_takes_it_off_ends_sessions_and_stays_in_its_house)
{
	struct staff_house h = staff_house_open();
	struct str codes[FACTOR_RECOVERY_CODES], token;
	int64_t id = hire(&h, S("anna@example.org"), PROFILE_ADMINISTRATOR);
	set_up(&h, id, codes);
	struct resetting x = { &h, actor_command(h.t.institution + 1, S("another house")), id };
	assert_status(store_write(h.db, reset_in, &x), NOT_FOUND);
	x.by = h.by;
	in_write(h.db, reset_in, &x);
	assert_false(person(&h, id).has_factor);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_recovery_code"), 0);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session"), 0);
	assert_int_equal(office_sign_in(&h, S("anna@example.org"), STAFF_PASSWORD, &token), OPERATOR_SIGNIN_DONE);
	assert_status(store_write(h.db, reset_in, &x), NOT_FOUND);
	staff_house_close(&h);
}
