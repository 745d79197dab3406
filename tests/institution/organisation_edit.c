/* Organisations and sales channels are made and changed by who has the right over the whole house; what a channel says holds for the next basket. */
#include "test.h"

#include "institution/organisation_edit.h"
#include "theatre.h"

struct saving {
	struct actor who;
	struct organisation_edit organisation;
	struct channel_edit channel;
	int64_t id;
	struct problem why;
};

static enum status save_organisation(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(mem);
	return organisation_save(db, mem, &x->who, &x->organisation, &x->id, &x->why);
}

static enum status save_channel(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(mem);
	return channel_save(db, mem, &x->who, &x->channel, &x->id, &x->why);
}

static struct saving saving(struct theatre *t)
{
	struct saving x = {
		.who = actor_command(t->institution, S("A. Keller")), .organisation = { .code = S("opera"), .name = S("Opéra") }, .channel = channel_new()
	};
	x.channel.code = S("schools"), x.channel.name = S("Schools");
	return x;
}

/* Somebody with every right in ORGANISATION alone. */
static struct actor of_one(struct theatre *t, const struct grant *grant)
{
	return (struct actor){
		.institution = t->institution, .rights = grant->rights, .grants = grant, .grant_count = 1, .name = S("O. Favre"), .network = S("")
	};
}

TEST(an_organisation_is_made_and_renamed_and_both_are_noted)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	in_write(t.db, save_organisation, &x);
	assert_status(store_write(t.db, save_organisation, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "code")); /* taken */
	assert_status(organisation_get(t.db, mem, &x.who, x.id, &x.organisation), OK);
	x.organisation.name = S("Opéra du Lac");
	in_write(t.db, save_organisation, &x);
	assert_status(store_write(t.db, save_organisation, &x), REFUSED); /* somebody saved it since */
	assert_non_null(problem_at(&x.why, ""));
	struct organisation_row *rows;
	size_t count;
	assert_status(organisation_rows(t.db, mem, &x.who, &rows, &count), OK);
	assert_int_equal(count, 2);
	assert_str(rows[0].of.name, S("Opéra du Lac"));
	assert_int_equal(rows[0].points_of_sale, 0);
	assert_int_equal(rows[1].points_of_sale, 1);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM audit_entry WHERE kind = 'organisation'"), 2);
	theatre_close(&t);
}

TEST(what_a_channel_says_holds_for_whoever_sells_by_it)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	struct seller s;
	int64_t channel = sql_number(t.db, "SELECT sales_channel FROM point_of_sale WHERE id = $1", int64(t.shop));
	assert_status(channel_get(t.db, mem, &x.who, channel, &x.channel), OK);
	x.channel.hold_minutes = 7, x.channel.longest_minutes = 30, x.channel.places_most = 4, x.channel.invoice_as = INVOICE_NOT,
	x.channel.invoice_days = 9;
	in_write(t.db, save_channel, &x);
	assert_status(seller_get(t.db, mem, t.shop, &s), OK);
	assert_int_equal(s.hold, INT64_C(7) * 60 * 1000000);
	assert_int_equal(s.longest, INT64_C(30) * 60 * 1000000);
	assert_int_equal(s.places_most, 4);
	assert_int_equal(s.invoice_as, INVOICE_NOT);
	assert_int_equal(s.invoice_days, 9);
	theatre_close(&t);
}

TEST(a_channel_that_could_not_sell_is_refused_at_each_field)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	x.channel.code = S("Schools!"), x.channel.kind = S("pigeon"), x.channel.name = S("");
	x.channel.hold_minutes = 0, x.channel.longest_minutes = LONGEST_MINUTES_MAX + 1, x.channel.places_most = -1,
	x.channel.invoice_days = INVOICE_DAYS_MAX + 1;
	assert_status(store_write(t.db, save_channel, &x), REFUSED);
	static const char *const fields[] = { "code", "kind", "name", "hold_minutes", "longest_minutes", "places_most", "invoice_days" };
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!problem_at(&x.why, fields[i])) fail_msg("nothing was said about %s", fields[i]);
	x = saving(&t);
	x.channel.hold_minutes = 60, x.channel.longest_minutes = 59;
	assert_status(store_write(t.db, save_channel, &x), REFUSED);
	assert_non_null(problem_at(&x.why, "longest_minutes"));
	theatre_close(&t);
}

TEST(an_organisations_own_manager_reads_it_and_changes_neither)
{
	struct theatre t = theatre_open();
	struct saving x = saving(&t);
	in_write(t.db, save_organisation, &x);
	struct grant grant = { x.id, RIGHT(RIGHTS) - 1 };
	struct actor all = x.who;
	x.who = of_one(&t, &grant);
	assert_status(organisation_get(t.db, mem, &x.who, x.id, &x.organisation), OK);
	assert_status(store_write(t.db, save_organisation, &x), NOT_FOUND);
	assert_status(store_write(t.db, save_channel, &x), NOT_FOUND);
	int64_t other = sql_number(t.db, "SELECT min(id) FROM organisation");
	assert_status(organisation_get(t.db, mem, &x.who, other, &x.organisation), NOT_FOUND);
	struct organisation_row *rows;
	size_t count;
	assert_status(organisation_rows(t.db, mem, &x.who, &rows, &count), OK);
	assert_int_equal(count, 1);
	all.institution = t.institution + 1; /* another house's */
	assert_status(organisation_get(t.db, mem, &all, x.id, &x.organisation), NOT_FOUND);
	assert_status(channel_get(t.db, mem, &all, sql_number(t.db, "SELECT min(id) FROM sales_channel"), &x.channel), NOT_FOUND);
	theatre_close(&t);
}
