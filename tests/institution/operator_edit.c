/* Changing operators: two at once, the last administrator, an address that stays; and forms that were kept. */
#include "test.h"

#include "institution/operator_parked.h"
#include "staff.h"

struct editing {
	struct staff_house *h;
	struct new_operator n;
	int64_t id, version;
	struct problem why;
};

static enum status change_in(struct conn *db, void *arg)
{
	struct editing *x = arg;
	x->why = problem_in(mem);
	return operator_change(db, mem, &x->h->by, x->id, x->version, &x->n, &x->why);
}

static enum status block_in(struct conn *db, void *arg)
{
	struct editing *x = arg;
	x->why = problem_in(mem);
	return operator_block(db, mem, &x->h->by, x->id, &x->why);
}

static enum status unblock_in(struct conn *db, void *arg)
{
	struct editing *x = arg;
	return operator_unblock(db, mem, &x->h->by, x->id);
}

static const struct operator_context manager = { .profile = PROFILE_MANAGER }, administrator = { .profile = PROFILE_ADMINISTRATOR };

TEST(the_second_of_two_who_edit_is_told)
{
	struct staff_house h = staff_house_open();
	struct editing x = { .h = &h,
		.n = { .name = S("Anna"), .contexts = &manager, .context_count = 1 },
		.id = hire(&h, S("a@example.org"), PROFILE_MANAGER),
		.version = 1 };
	in_write(h.db, change_in, &x);
	x.n.name = S("Other");
	assert_status(store_write(h.db, change_in, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_OPERATOR_CHANGED_MEANWHILE);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator WHERE name = 'Anna' AND version = 2"), 1);
	staff_house_close(&h);
}

TEST(the_last_administrator_stays)
{
	struct staff_house h = staff_house_open();
	int64_t anna = hire(&h, S("a@example.org"), PROFILE_ADMINISTRATOR);
	hire(&h, S("m@example.org"), PROFILE_MANAGER);
	struct editing x = { .h = &h, .n = { .name = S("Anna"), .contexts = &manager, .context_count = 1 }, .id = anna, .version = 1 };
	assert_status(store_write(h.db, change_in, &x), REFUSED);
	assert_status(store_write(h.db, block_in, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_OPERATOR_LAST_ADMINISTRATOR);
	hire_with(&h, S("new@example.org"), &administrator, 1, S("")); /* invited only: nobody knows whether she ever comes */
	assert_status(store_write(h.db, block_in, &x), REFUSED);
	hire(&h, S("b@example.org"), PROFILE_ADMINISTRATOR);
	in_write(h.db, block_in, &x);
	assert_status(store_write(h.db, block_in, &x), NOT_FOUND); /* is so already */
	in_write(h.db, unblock_in, &x);
	staff_house_close(&h);
}

static enum status begin_in(struct conn *db, void *arg)
{
	struct editing *x = arg;
	struct str token;
	return operator_session_begin(db, mem, x->id, &x->h->from, true, &token);
}

TEST(a_session_begun_beside_the_blocking_is_over_when_it_is_lifted)
{
	struct staff_house h = staff_house_open();
	hire(&h, S("a@example.org"), PROFILE_ADMINISTRATOR);
	struct editing x = { .h = &h, .id = hire(&h, S("m@example.org"), PROFILE_MANAGER) };
	in_write(h.db, block_in, &x);
	in_write(h.db, begin_in, &x);
	in_write(h.db, unblock_in, &x);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_session"), 0);
	staff_house_close(&h);
}

TEST(an_address_is_corrected_while_invited_and_stays_afterwards)
{
	struct staff_house h = staff_house_open();
	struct editing x = { .h = &h,
		.n = { .name = S("N"), .contexts = &manager, .context_count = 1 },
		.id = hire_with(&h, S("wrong@example.org"), NULL, 0, S("")),
		.version = 1 };
	assert_status(email_read(mem, S("right@example.org"), "email", &x.n.email, NULL), OK);
	in_write(h.db, change_in, &x);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator WHERE email_key = 'right@example.org'"), 1);
	x.id = hire(&h, S("a@example.org"), PROFILE_MANAGER);
	assert_status(email_read(mem, S("thief@example.org"), "email", &x.n.email, NULL), OK);
	in_write(h.db, change_in, &x);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator WHERE email_key = 'a@example.org'"), 1);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator WHERE email_key = 'thief@example.org'"), 0);
	staff_house_close(&h);
}

TEST(nobody_changes_an_operator_of_another_house)
{
	struct staff_house h = staff_house_open();
	struct editing x = {
		.h = &h, .n = { .name = S("X"), .contexts = &manager, .context_count = 1 }, .id = hire(&h, S("a@example.org"), PROFILE_MANAGER), .version = 1
	};
	h.by = actor_command(h.t.institution + 1, S("another house"));
	assert_status(store_write(h.db, change_in, &x), NOT_FOUND);
	assert_status(store_write(h.db, block_in, &x), NOT_FOUND);
	assert_status(store_write(h.db, unblock_in, &x), NOT_FOUND);
	staff_house_close(&h);
}

/* ---- forms kept ---- */

TEST(a_form_is_kept_for_its_operator_until_it_is_sent_or_a_day_is_over)
{
	struct staff_house h = staff_house_open();
	struct parked kept;
	int64_t anna = hire(&h, S("a@example.org"), PROFILE_MANAGER), ruth = hire(&h, S("r@example.org"), PROFILE_AUDITOR);
	const struct parked_field fields[] = { { S("name"), S("Zoé \"Z\"") }, { S("context"), S("manager") }, { S("context"), S("auditor") },
		{ S("note"), S("") } };
	assert_status(parked_keep(h.db, mem, anna, S("/operators/new"), fields, COUNT(fields)), OK);
	assert_status(parked_get(h.db, mem, ruth, &kept), NOT_FOUND);
	assert_status(parked_get(h.db, mem, anna, &kept), OK);
	assert_str(kept.path, S("/operators/new"));
	assert_int_equal(kept.count, COUNT(fields));
	for (size_t i = 0; i < kept.count; i++) {
		assert_str(kept.fields[i].name, fields[i].name);
		assert_str(kept.fields[i].value, fields[i].value);
	}
	assert_status(parked_drop(h.db, ruth, kept.id), OK); /* not hers: nothing happens */
	assert_status(parked_get(h.db, mem, anna, &kept), OK);
	assert_status(parked_drop(h.db, anna, kept.id), OK);
	assert_status(parked_get(h.db, mem, anna, &kept), NOT_FOUND);
	assert_status(parked_keep(h.db, mem, anna, S("/operators/new"), fields, COUNT(fields)), OK);
	do_sql(h.db, "UPDATE operator_parked SET parked_at = parked_at - $1", int64(PARKED_KEPT));
	assert_status(parked_get(h.db, mem, anna, &kept), NOT_FOUND);
	assert_status(parked_sweep(h.db), OK);
	assert_int_equal(sql_number(h.db, "SELECT count(*) FROM operator_parked"), 0);
	staff_house_close(&h);
}

TEST(passwords_and_large_forms_are_not_kept)
{
	char *large = arena_alloc(mem, PARKED_BYTES_MAX);
	memset(large, 'x', PARKED_BYTES_MAX);
	const struct parked_field secret[] = { { S("old_password"), S("x") } }, code[] = { { S("code"), S("123456") } },
							  plain[] = { { S("name"), S("x") } }, big[] = { { S("note"), { large, PARKED_BYTES_MAX } } },
							  binary[] = { { S("note"), S("\xff") } };
	assert_true(parked_may_be_kept(S("/x"), plain, 1));
	assert_false(parked_may_be_kept(S("/x"), secret, 1));
	assert_false(parked_may_be_kept(S("/x"), code, 1));
	assert_false(parked_may_be_kept(S("/x"), big, 1));
	assert_false(parked_may_be_kept(S("/x"), binary, 1));
}
