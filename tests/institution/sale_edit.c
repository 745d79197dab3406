/* Points of sale are made as drafts, opened, suspended and closed; each change is checked, conditional and noted. */
#include "test.h"

#include "institution/sale_edit.h"
#include "theatre.h"

struct saving {
	struct actor who;
	struct sale_edit edit;
	struct problem why;
	int64_t id;
	enum sale_state to;
};

static enum status save_in(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(mem);
	return sale_save(db, mem, &x->who, &x->edit, &x->id, &x->why);
}

static enum status move_in(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(mem);
	return sale_move(db, mem, &x->who, x->id, x->to, &x->why);
}

static struct saving opera(struct theatre *t)
{
	return (struct saving){ .who = actor_command(t->institution, S("A. Keller")),
		.edit = { .organisation = sql_number(t->db, "SELECT id FROM organisation"),
			.channel = sql_number(t->db, "SELECT id FROM sales_channel WHERE kind = 'internet-b2c'"),
			.code = S("opera"),
			.name = S("Opéra"),
			.public_url = S("https://opera.example.org/"),
			.accent = S("#7a0019"),
			.sender_name = S("Opéra"),
			.sender_address = S("opera@example.org"),
			.languages = 1u << LANG_FR | 1u << LANG_DE } };
}

static enum status move(struct theatre *t, struct saving *x, enum sale_state to)
{
	x->to = to;
	return store_write(t->db, move_in, x);
}

static struct sale_edit get(struct theatre *t, struct saving *x)
{
	struct sale_edit e;
	struct sale_row row;
	assert_status(sale_get(t->db, mem, &x->who, x->id, &e, &row), OK);
	return e;
}

TEST(a_new_shop_is_a_draft_that_nobody_finds_until_it_is_opened)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	struct point_of_sale p;
	in_write(t.db, save_in, &x);
	assert_status(point_of_sale_find(t.db, mem, S("opera.example.org"), S("/"), &p), NOT_FOUND);
	assert_status(move(&t, &x, SALE_ACTIVE), OK);
	assert_status(point_of_sale_find(t.db, mem, S("opera.example.org"), S("/"), &p), OK);
	assert_int_equal(p.id, x.id);
	assert_str(p.public_url, S("https://opera.example.org"));
	assert_int_equal(p.languages, 1u << LANG_FR | 1u << LANG_DE);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM audit_entry WHERE kind = 'point-of-sale' AND record = $1", int64(x.id)), 2);
	theatre_close(&t);
}

TEST(a_point_of_sale_goes_along_its_arrows_only)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	in_write(t.db, save_in, &x);
	assert_status(move(&t, &x, SALE_SUSPENDED), REFUSED);
	assert_non_null(problem_at(&x.why, "state"));
	assert_status(move(&t, &x, SALE_ACTIVE), OK);
	assert_status(move(&t, &x, SALE_ACTIVE), REFUSED); /* a double click changes nothing, and says so */
	assert_status(move(&t, &x, SALE_CLOSED), REFUSED);
	assert_status(move(&t, &x, SALE_SUSPENDED), OK);
	assert_status(move(&t, &x, SALE_CLOSED), OK);
	assert_status(move(&t, &x, SALE_ACTIVE), REFUSED);
	theatre_close(&t);
}

TEST(two_shops_never_stand_at_one_address)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	x.edit.public_url = S("https://tickets.example.org/shop");
	in_write(t.db, save_in, &x); /* as a draft it may */
	assert_status(move(&t, &x, SALE_ACTIVE), REFUSED);
	assert_non_null(problem_at(&x.why, "public-url"));
	struct sale_edit e = get(&t, &x);
	e.public_url = S("https://tickets.example.org/opera");
	x.edit = e;
	in_write(t.db, save_in, &x);
	assert_status(move(&t, &x, SALE_ACTIVE), OK);
	x.edit = get(&t, &x);
	x.edit.public_url = S("https://tickets.example.org/shop/");
	assert_status(store_write(t.db, save_in, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "public-url"));
	theatre_close(&t);
}

TEST(a_shop_without_an_address_is_not_opened)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	x.edit.public_url = S("");
	in_write(t.db, save_in, &x);
	assert_status(move(&t, &x, SALE_ACTIVE), REFUSED);
	assert_non_null(problem_at(&x.why, "public-url"));
	theatre_close(&t);
}

TEST(only_an_administrator_moves_an_open_shop_to_another_address)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	in_write(t.db, save_in, &x);
	assert_status(move(&t, &x, SALE_ACTIVE), OK);
	x.edit = get(&t, &x);
	uint64_t all = x.who.rights_everywhere;
	x.who.rights_everywhere = x.who.rights = all & ~RIGHT(RIGHT_SETTING_WRITE);
	x.edit.name = S("Grand Opéra");
	in_write(t.db, save_in, &x);
	x.edit = get(&t, &x);
	x.edit.public_url = S("https://elsewhere.example.org");
	assert_status(store_write(t.db, save_in, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "public-url"));
	x.who.rights_everywhere = x.who.rights = all;
	in_write(t.db, save_in, &x);
	theatre_close(&t);
}

TEST(what_is_wrong_is_said_at_each_field)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	x.edit.code = S("Opera!");
	x.edit.name = S("");
	x.edit.public_url = S("http://opera.example.org");
	x.edit.accent = S("red");
	x.edit.sender_address = S("nobody");
	x.edit.languages = 0;
	assert_status(store_write(t.db, save_in, &x), REFUSED);
	static const char *const fields[] = { "code", "name", "public-url", "accent", "sender_address", "languages" };
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!problem_at(&x.why, fields[i])) fail_msg("nothing at %s", fields[i]);
	x = opera(&t);
	x.edit.code = S("shop");
	assert_status(store_write(t.db, save_in, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "code"));
	theatre_close(&t);
}

TEST(a_counter_needs_no_address)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	int64_t active;
	x.edit.channel = sql_number(t.db, "SELECT id FROM sales_channel WHERE kind = 'box-office'");
	x.edit.public_url = S("https://tickets.example.org/shop"); /* left over in the form: it doesn't count */
	x.edit.sender_address = S("");
	in_write(t.db, save_in, &x);
	assert_str(get(&t, &x).public_url, S(""));
	assert_status(move(&t, &x, SALE_ACTIVE), OK);
	assert_status(point_of_sale_count_active(t.db, &active), OK);
	assert_int_equal(active, 1);
	struct point_of_sale p;
	assert_status(point_of_sale_get(t.db, mem, x.id, &p), OK);
	assert_int_equal(p.languages, 0);
	theatre_close(&t);
}

TEST(two_who_edit_the_same_shop_do_not_overwrite_each_other)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	in_write(t.db, save_in, &x);
	struct saving mine = x, theirs = x;
	mine.edit = theirs.edit = get(&t, &x);
	mine.edit.name = S("Mine"), theirs.edit.name = S("Theirs");
	in_write(t.db, save_in, &theirs);
	assert_status(store_write(t.db, save_in, &mine), REFUSED);
	assert_non_null(problem_at(&mine.why, ""));
	assert_str(get(&t, &x).name, S("Theirs"));
	theatre_close(&t);
}

TEST(another_house_and_another_organisation_have_nothing_to_say)
{
	struct theatre t = theatre_open();
	struct saving x = opera(&t);
	struct sale_row *rows;
	size_t count;
	x.who.institution++;
	assert_status(store_write(t.db, save_in, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "organisation"));
	x.who.institution--;
	in_write(t.db, save_in, &x);
	x.edit = get(&t, &x);
	x.who.institution++;
	assert_status(store_write(t.db, save_in, &x), NOT_FOUND);
	assert_status(move(&t, &x, SALE_ACTIVE), NOT_FOUND);
	x.who.institution--;
	const struct grant elsewhere = { x.edit.organisation + 1, RIGHT(RIGHT_POINT_OF_SALE_READ) | RIGHT(RIGHT_POINT_OF_SALE_WRITE) };
	x.who.rights_everywhere = 0, x.who.grants = &elsewhere, x.who.grant_count = 1;
	assert_status(store_write(t.db, save_in, &x), NOT_FOUND);
	assert_status(sale_list(t.db, mem, &x.who, &rows, &count), OK);
	assert_int_equal(count, 0);
	theatre_close(&t);
}
