/* Two contacts that are one person (domain.md 7): nothing moves, readers ask for both, an account falls silent, and for a month it can be undone. */
#include "test.h"

#include "accounts/buyers.h"
#include "accounts/contact_file.h"
#include "accounts/contact_search.h"
#include "accounts/merge.h"

#define JEANNE S("jeanne@example.org")
#define JANE   S("jane@example.org")

struct merging {
	struct actor who;
	struct merge_pair pair;
	struct problem why;
};

static enum status merge_in(struct conn *db, void *arg)
{
	struct merging *x = arg;
	x->why = problem_in(mem);
	return merge(db, mem, &x->who, &x->pair, &x->why);
}

static enum status undo_in(struct conn *db, void *arg)
{
	struct merging *x = arg;
	x->why = problem_in(mem);
	return merge_undo(db, mem, &x->who, x->pair.stays, x->pair.goes, &x->why);
}

static int64_t contact_of(struct buyers *b, int64_t account)
{
	return sql_number(b->db, "SELECT contact FROM internet_account WHERE id = $1", int64(account));
}

static int64_t version_of(struct buyers *b, int64_t contact)
{
	return sql_number(b->db, "SELECT version FROM contact WHERE id = $1", int64(contact));
}

static struct merging pair_of(struct buyers *b, int64_t stays, int64_t goes)
{
	return (struct merging){ .who = actor_command(b->theatre.institution, S("O. Favre")),
		.pair = { stays, version_of(b, stays), goes, version_of(b, goes) } };
}

/* Two contacts with an account each, the second merged into the first. */
static struct merging two_merged(struct buyers *b)
{
	int64_t stays = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), goes = contact_of(b, buyer(b, JANE, ACCOUNT_ACTIVE, OTHER));
	struct merging x = pair_of(b, stays, goes);
	in_write(b->db, merge_in, &x);
	return x;
}

struct noting {
	struct actor who;
	struct file_change change;
};

static enum status note_in(struct conn *db, void *arg)
{
	struct noting *x = arg;
	return contact_file_change(db, mem, &x->who, &x->change, NULL);
}

TEST(readers_of_the_one_that_stays_ask_for_both)
{
	struct buyers *b = buyers_open();
	int64_t stays = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), goes = contact_of(b, buyer(b, JANE, ACCOUNT_ACTIVE, OTHER));
	struct noting n = { actor_command(b->theatre.institution, S("O. Favre")),
		{ .kind = FILE_PHONE, .contact = goes, .version = version_of(b, goes), .value = S("079 555 27 14") } };
	in_write(b->db, note_in, &n);
	struct merging x = pair_of(b, stays, goes);
	in_write(b->db, merge_in, &x);
	struct contact_file *file = ARENA_NEW(mem, struct contact_file);
	assert_status(contact_file_get(b->db, mem, stays, file), OK);
	assert_int_equal(file->channel_count, 1);
	assert_int_equal(sql_number(b->db, "SELECT contact FROM contact_channel"), goes); /* nothing moves */
	struct contact_query q = { .institution = b->theatre.institution, .typed = S("jane@example.org") };
	struct contact_page *page = ARENA_NEW(mem, struct contact_page);
	assert_status(contact_search(b->db, mem, &q, page), OK);
	assert_int_equal(page->count, 1);
	assert_int_equal(page->rows[0].id, stays); /* found by what the other was known by */
	buyers_close(b);
}

TEST(of_two_accounts_one_is_blocked_and_silent)
{
	struct buyers *b = buyers_open();
	int64_t stays = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), goes = contact_of(b, buyer(b, JANE, ACCOUNT_ACTIVE, OTHER));
	sign_in(b, JANE, OTHER);
	ask(b, JANE);
	struct str link = newest_link(b);
	struct merging x = pair_of(b, stays, goes);
	in_write(b->db, merge_in, &x);
	assert_int_equal(
		sql_number(b->db, "SELECT count(*) FROM internet_account WHERE state = 'blocked' AND state_reason = 'merged' AND contact = $1", int64(goes)),
		1);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM account_session"), 0);
	assert_int_equal(sign_in(b, JANE, OTHER), SIGNIN_WRONG);
	assert_true(redeem(b, link, GOOD) != RECOVERY_DONE);
	int64_t mails = sql_number(b->db, "SELECT count(*) FROM outbox_message");
	minutes_pass(b, 90);
	ask(b, JANE); /* 83: silent like unknown */
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM outbox_message"), mails);
	assert_int_equal(sign_in(b, JEANNE, GOOD), SIGNIN_DONE);
	buyers_close(b);
}

TEST(it_can_be_undone_for_a_month)
{
	struct buyers *b = buyers_open();
	struct merging x = two_merged(b);
	in_write(b->db, undo_in, &x);
	assert_int_equal(sign_in(b, JANE, OTHER), SIGNIN_DONE);
	assert_status(store_write(b->db, undo_in, &x), NOT_FOUND);
	x = pair_of(b, x.pair.stays, x.pair.goes);
	in_write(b->db, merge_in, &x);
	do_sql(b->db, "UPDATE contact SET merged_at = merged_at - $1 WHERE merged_at IS NOT NULL", int64(MERGE_UNDO + MINUTE));
	assert_status(store_write(b->db, undo_in, &x), REFUSED);
	assert_int_equal(x.why.first->message, MSG_MERGE_TOO_LATE);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb IN ('contact-merged','contact-unmerged') AND record = $1",
						 int64(x.pair.stays)),
		3);
	buyers_close(b);
}

TEST(an_account_that_the_office_had_blocked_stays_blocked_when_it_is_undone)
{
	struct buyers *b = buyers_open();
	int64_t stays = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), goes = contact_of(b, buyer(b, JANE, ACCOUNT_BLOCKED, OTHER));
	struct merging x = pair_of(b, stays, goes);
	in_write(b->db, merge_in, &x);
	in_write(b->db, undo_in, &x);
	assert_int_equal(sign_in(b, JANE, OTHER), SIGNIN_WRONG);
	buyers_close(b);
}

static void assert_refused(struct buyers *b, struct merging *x, enum message want)
{
	assert_status(store_write(b->db, merge_in, x), REFUSED);
	assert_int_equal(x->why.first->message, want);
	assert_int_equal(sql_number(b->db, "SELECT count(*) FROM audit_entry WHERE verb = 'contact-merged'"), 0);
}

TEST(what_cannot_be_merged_says_why)
{
	struct buyers *b = buyers_open();
	int64_t with = contact_of(b, buyer(b, JEANNE, ACCOUNT_ACTIVE, GOOD)), without = contact_of(b, buyer(b, JANE, ACCOUNT_CLOSED, OTHER));
	struct merging x = pair_of(b, without, with);
	assert_refused(b, &x, MSG_MERGE_ACCOUNT_STAYS); /* the only account of a person does not fall silent */
	x = pair_of(b, with, with);
	assert_refused(b, &x, MSG_MERGE_SAME);
	x = pair_of(b, with, without);
	x.pair.goes_version--;
	assert_refused(b, &x, MSG_CONTACT_CHANGED_MEANWHILE);
	do_sql(b->db, "UPDATE contact SET kind = 'structure' WHERE id = $1", int64(without));
	x = pair_of(b, with, without);
	assert_refused(b, &x, MSG_MERGE_KINDS);
	do_sql(b->db, "UPDATE contact SET kind = 'individual'");
	do_sql(b->db, "UPDATE internet_account SET state = 'active'");
	x.who.rights &= ~RIGHT(RIGHT_ACCOUNT_BLOCK);
	assert_refused(b, &x, MSG_MERGE_NEEDS_BLOCK);
	x = pair_of(b, with, without);
	x.who.institution++;
	assert_status(store_write(b->db, merge_in, &x), NOT_FOUND);
	buyers_close(b);
}

TEST(who_has_others_in_it_stays)
{
	struct buyers *b = buyers_open();
	struct merging x = two_merged(b);
	int64_t third = contact_of(b, buyer(b, S("third@example.org"), ACCOUNT_ACTIVE, GOOD));
	struct merging y = pair_of(b, third, x.pair.stays);
	assert_status(store_write(b->db, merge_in, &y), REFUSED);
	assert_int_equal(y.why.first->message, MSG_MERGE_HAS_OTHERS);
	y = pair_of(b, x.pair.stays, third);
	in_write(b->db, merge_in, &y);
	buyers_close(b);
}
