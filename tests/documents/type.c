/* Document types: for whom they are, drafts and versions of their templates, and the rule that no class is left without one. */
#include "test.h"

#include <pthread.h>

#include "documents/draft.h"
#include "documents/outbox.h"
#include "documents/preview.h"
#include "documents/type.h"
#include "institution/profile.h"
#include "theatre.h"

/* ---- building ---- */

static enum status install(struct conn *db, void *arg)
{
	return document_types_install(db, ((struct theatre *)arg)->institution);
}

static struct theatre house_open(void)
{
	struct theatre t = theatre_open();
	in_write(t.db, install, &t);
	return t;
}

static struct actor actor_in(int64_t institution)
{
	return actor_command(institution, S("M. Ducommun"));
}

static struct document_type type_of(struct theatre *t, enum document_class class)
{
	struct document_type *list;
	size_t count;
	struct actor who = actor_in(t->institution);
	assert_status(document_type_list(t->db, mem, &who, class, S(""), &list, &count), OK);
	assert_int_equal(count, 1);
	struct document_type got;
	assert_status(document_type_get(t->db, mem, &who, list[0].id, &got), OK);
	return got;
}

struct changing {
	int64_t institution;
	const struct actor *who; /* NULL: who may everything */
	struct document_type type;
	struct problem *why;
	int64_t id;
};

static enum status change_in(struct conn *db, void *arg)
{
	struct changing *x = arg;
	struct arena *a = arena_new();
	struct actor all = actor_in(x->institution);
	if (x->why) x->why->first = NULL;
	enum status st = document_type_change(db, a, x->who ? x->who : &all, &x->type, x->why);
	arena_free(a);
	return st;
}

static enum status change(struct theatre *t, struct document_type type)
{
	return store_write(t->db, change_in, &(struct changing){ .institution = t->institution, .type = type });
}

static enum status add_in(struct conn *db, void *arg)
{
	struct changing *x = arg;
	struct actor all = actor_in(x->institution);
	return document_type_add(db, mem, x->who ? x->who : &all, &x->type, &x->id, x->why);
}

static int64_t add(struct theatre *t, const char *code, enum document_class class, bool is_active)
{
	struct changing x = { .institution = t->institution,
		.type = { .class = class, .code = str_of(code), .name = S("Ours"), .main_language = LANG_FR, .is_active = is_active } };
	in_write(t->db, add_in, &x);
	return x.id;
}

static struct str shipped_word(enum document_class class, enum language l)
{
	const struct shipped_template *s = shipped_template(class, l);
	return (struct str){ s->at, (size_t)(s->end - s->at) };
}

struct drafting {
	const struct actor *who; /* NULL: who may everything */
	int64_t institution, type, id, version;
	struct str word;
	struct problem *why;
};

static enum status draft_in(struct conn *db, void *arg)
{
	struct drafting *x = arg;
	struct actor all = actor_in(x->institution);
	const struct draft_file file = { LANG_DE, x->word, S("neu.docx") };
	return draft_add(db, mem, x->who ? x->who : &all, x->type, &file, &x->id, x->why);
}

static enum status use_in(struct conn *db, void *arg)
{
	struct drafting *x = arg;
	struct actor all = actor_in(x->institution);
	return draft_use(db, mem, x->who ? x->who : &all, x->type, x->id, &x->version, x->why);
}

static enum status drop_in(struct conn *db, void *arg)
{
	struct drafting *x = arg;
	struct actor all = actor_in(x->institution);
	return draft_drop(db, mem, x->who ? x->who : &all, x->type, x->id, x->why);
}

static struct drafting draft(struct theatre *t, int64_t type)
{
	struct drafting x = { .institution = t->institution, .type = type, .word = shipped_word(CLASS_RESET_PASSWORD, LANG_DE) };
	in_write(t->db, draft_in, &x);
	return x;
}

static int64_t in_force(struct theatre *t, enum document_class class, enum language l, int64_t shop, int64_t type)
{
	int64_t template = 0;
	enum status st = template_in_force(t->db, &(struct template_wanted){ t->institution, shop, type, class }, &l, &template);
	if (st != NOT_FOUND) assert_status(st, OK);
	return template;
}

static int64_t type_in_force(struct theatre *t, int64_t shop)
{
	return sql_number(t->db, "SELECT document_type FROM document_template WHERE id = $1", int64(in_force(t, CLASS_RESET_PASSWORD, LANG_FR, shop, 0)));
}

/* ---- types ---- */

TEST(types_are_listed_by_class_and_found_by_part_of_code_or_name)
{
	struct theatre t = house_open();
	struct document_type *list;
	size_t count;
	struct actor who = actor_in(t.institution), other = actor_in(t.institution + 1);
	assert_status(document_type_list(t.db, mem, &who, DOCUMENT_CLASSES, S(""), &list, &count), OK);
	assert_int_equal(count, DOCUMENT_CLASSES);
	assert_status(document_type_list(t.db, mem, &who, DOCUMENT_CLASSES, S("password_res"), &list, &count), OK);
	assert_int_equal(count, 1);
	assert_str(list[0].code, S("STX_PASSWORD_RESET"));
	assert_status(document_type_list(t.db, mem, &other, DOCUMENT_CLASSES, S(""), &list, &count), OK);
	assert_int_equal(count, 0);
	theatre_close(&t);
}

TEST(a_new_type_begins_with_the_shipped_templates)
{
	struct theatre t = house_open();
	int64_t id = add(&t, "RESET_OPERA", CLASS_RESET_PASSWORD, true);
	struct template_version *versions;
	size_t count;
	assert_status(template_versions(t.db, mem, t.institution, id, &versions, &count), OK);
	assert_int_equal(count, LANGUAGES);
	for (size_t i = 0; i < count; i++) assert_true(versions[i].is_in_force && versions[i].version == 1);
	theatre_close(&t);
}

TEST(a_code_is_unique_and_plain)
{
	struct theatre t = house_open();
	static const char *const bad[] = { "", "reset", "_RESET", "RÉSET", "RESET OPERA", "STX_PASSWORD_RESET",
		"A2345678901234567890123456789012345678901" };
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct problem why = problem_in(mem);
		struct changing x = { .institution = t.institution, .why = &why, .type = { .code = str_of(bad[i]), .name = S("x"), .is_active = true } };
		if (store_write(t.db, add_in, &x) != REFUSED || !problem_at(&why, "code")) fail_msg("\"%s\" was taken", bad[i]);
	}
	theatre_close(&t);
}

TEST(a_type_is_for_what_belongs_to_its_own_house)
{
	struct theatre t = house_open();
	int64_t other[] = { 4711 };
	struct problem why = problem_in(mem);
	struct changing x = { .institution = t.institution,
		.why = &why,
		.type = { .code = S("X"), .name = S("x"), .is_active = true, .organisations = other, .organisation_count = 1 } };
	assert_status(store_write(t.db, add_in, &x), REFUSED);
	assert_non_null(problem_at(&why, "organisation"));
	theatre_close(&t);
}

TEST(the_last_active_type_of_a_class_stays_on)
{
	struct theatre t = house_open();
	struct problem why = problem_in(mem);
	struct document_type type = type_of(&t, CLASS_RESET_PASSWORD);
	type.is_active = false;
	struct changing x = { .institution = t.institution, .type = type, .why = &why };
	assert_status(store_write(t.db, change_in, &x), REFUSED);
	assert_non_null(problem_at(&why, "active"));
	assert_true(in_force(&t, CLASS_RESET_PASSWORD, LANG_EN, t.shop, 0) > 0);
	add(&t, "OURS", CLASS_RESET_PASSWORD, true);
	assert_status(change(&t, type), OK);
	theatre_close(&t);
}

TEST(a_shop_is_not_left_without_a_type_by_one_that_is_for_others)
{
	struct theatre t = house_open();
	do_sql(t.db, "INSERT INTO organisation (institution, code, name) VALUES ($1, 'opera', 'Opera')", int64(t.institution));
	int64_t opera = sql_number(t.db, "SELECT id FROM organisation WHERE code = 'opera'");
	int64_t counter = sql_number(t.db, "SELECT id FROM sales_channel WHERE kind = 'box-office'");
	struct problem why = problem_in(mem);
	struct document_type type = type_of(&t, CLASS_RESET_PASSWORD);
	type.organisations = &opera, type.organisation_count = 1;
	struct changing x = { .institution = t.institution, .type = type, .why = &why };
	assert_status(store_write(t.db, change_in, &x), REFUSED);
	assert_non_null(problem_at(&why, "active"));
	type.organisation_count = 0, type.channels = &counter, type.channel_count = 1;
	assert_status(change(&t, type), REFUSED);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_type_channel"), 0); /* nothing half done */
	theatre_close(&t);
}

TEST(a_type_made_for_an_organisation_goes_before_one_for_all)
{
	struct theatre t = house_open();
	int64_t organisation = sql_number(t.db, "SELECT organisation FROM point_of_sale"), general = type_of(&t, CLASS_RESET_PASSWORD).id;
	assert_int_equal(type_in_force(&t, t.shop), general);
	int64_t own = add(&t, "OURS", CLASS_RESET_PASSWORD, true);
	assert_int_equal(type_in_force(&t, t.shop), general); /* both for all: the older */
	do_sql(t.db, "INSERT INTO document_type_organisation (document_type, organisation) VALUES ($1, $2)", int64(own), int64(organisation));
	assert_int_equal(type_in_force(&t, t.shop), own);
	struct document_type *list;
	size_t count;
	assert_status(document_types_usable(t.db, mem, t.institution, CLASS_RESET_PASSWORD, t.shop, &list, &count), OK);
	assert_int_equal(count, 2);
	do_sql(t.db, "UPDATE document_type_organisation SET organisation = organisation"); /* and away from this shop: */
	do_sql(t.db, "INSERT INTO organisation (institution, code, name) VALUES ($1, 'opera', 'Opera')", int64(t.institution));
	do_sql(t.db, "UPDATE document_type_organisation SET organisation = (SELECT id FROM organisation WHERE code = 'opera')");
	assert_int_equal(type_in_force(&t, t.shop), general);
	assert_status(document_types_usable(t.db, mem, t.institution, CLASS_RESET_PASSWORD, t.shop, &list, &count), OK);
	assert_int_equal(count, 1);
	assert_int_equal(in_force(&t, CLASS_RESET_PASSWORD, LANG_FR, t.shop, own), 0); /* not even when it is asked for */
	theatre_close(&t);
}

TEST(a_chosen_type_is_used_while_it_is_active)
{
	struct theatre t = house_open();
	int64_t own = add(&t, "OURS", CLASS_RESET_PASSWORD, true);
	int64_t template = in_force(&t, CLASS_RESET_PASSWORD, LANG_FR, t.shop, own);
	assert_int_equal(sql_number(t.db, "SELECT document_type FROM document_template WHERE id = $1", int64(template)), own);
	do_sql(t.db, "UPDATE document_type SET is_active = false WHERE id = $1", int64(own));
	assert_int_equal(in_force(&t, CLASS_RESET_PASSWORD, LANG_FR, t.shop, own), 0);
	assert_int_equal(in_force(&t, CLASS_CONFIRM_EMAIL, LANG_FR, t.shop, own), 0);
	theatre_close(&t);
}

TEST(a_main_language_has_a_template)
{
	struct theatre t = house_open();
	struct problem why = problem_in(mem);
	do_sql(t.db, "DELETE FROM document_template WHERE language = 'it'");
	struct document_type type = type_of(&t, CLASS_RESET_PASSWORD);
	type.main_language = LANG_IT;
	assert_status(store_write(t.db, change_in, &(struct changing){ .institution = t.institution, .type = type, .why = &why }), REFUSED);
	assert_non_null(problem_at(&why, "main_language"));
	type.id += 1000;
	assert_status(change(&t, type), NOT_FOUND);
	theatre_close(&t);
}

struct switcher {
	struct store *store;
	struct changing change;
	enum status outcome;
};

static void *switch_off(void *arg)
{
	struct switcher *s = arg;
	s->outcome = store_write(store_conn(s->store), change_in, &s->change);
	return NULL;
}

TEST(two_who_switch_off_one_each_leave_one_on)
{
	struct theatre t = house_open();
	for (int round = 0; round < 10; round++) {
		char code[8];
		snprintf(code, sizeof code, "R%d", round);
		struct document_type first = type_of(&t, CLASS_ACCOUNT_EXISTS), second = first;
		second.id = add(&t, code, CLASS_ACCOUNT_EXISTS, true);
		first.is_active = second.is_active = false;
		struct switcher s[] = { { t.store, { .institution = t.institution, .type = first }, OK },
			{ t.store, { .institution = t.institution, .type = second }, OK } };
		pthread_t threads[2];
		for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, switch_off, &s[i]), 0);
		for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
		assert_true((s[0].outcome == OK) != (s[1].outcome == OK));
		assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_type WHERE class = 'account-exists' AND is_active"), 1);
		do_sql(t.db, "DELETE FROM document_template WHERE document_type = $1", int64(second.id));
		do_sql(t.db, "DELETE FROM document_type WHERE id = $1", int64(second.id));
		do_sql(t.db, "UPDATE document_type SET is_active = true");
	}
	theatre_close(&t);
}

/* ---- drafts and versions ---- */

TEST(a_draft_replaces_nothing_until_it_is_used)
{
	struct theatre t = house_open();
	int64_t type = type_of(&t, CLASS_RESET_PASSWORD).id, before = in_force(&t, CLASS_RESET_PASSWORD, LANG_DE, t.shop, 0);
	struct drafting x = draft(&t, type);
	struct draft got;
	assert_status(draft_get(t.db, mem, t.institution, type, x.id, &got), OK);
	assert_true(str_eq(got.word, x.word));
	assert_str(got.file_name, S("neu.docx"));
	assert_false(got.is_overtaken);
	assert_int_equal(in_force(&t, CLASS_RESET_PASSWORD, LANG_DE, t.shop, 0), before);
	in_write(t.db, use_in, &x);
	assert_int_equal(x.version, 2);
	int64_t after = in_force(&t, CLASS_RESET_PASSWORD, LANG_DE, t.shop, 0);
	assert_true(after != before);
	struct template_version v;
	struct str word;
	assert_status(template_version_get(t.db, mem, t.institution, type, after, &v, &word), OK);
	assert_true(v.is_in_force && v.version == 2 && str_eq(word, x.word));
	assert_str(v.made_by, S("M. Ducommun"));
	assert_str(v.file_name, S("neu.docx"));
	assert_status(store_write(t.db, use_in, &x), NOT_FOUND); /* a double click */
	theatre_close(&t);
}

TEST(a_draft_knows_that_it_was_overtaken)
{
	struct theatre t = house_open();
	int64_t type = type_of(&t, CLASS_RESET_PASSWORD).id;
	struct drafting mine = draft(&t, type), theirs = draft(&t, type);
	struct draft got;
	do_sql(t.db, "UPDATE document_draft SET made_at = made_at - 1000");
	in_write(t.db, use_in, &theirs);
	assert_status(draft_get(t.db, mem, t.institution, type, mine.id, &got), OK);
	assert_true(got.is_overtaken);
	theatre_close(&t);
}

TEST(drafts_of_a_type_are_few_and_do_not_last)
{
	struct theatre t = house_open();
	int64_t type = type_of(&t, CLASS_RESET_PASSWORD).id;
	int64_t first = draft(&t, type).id;
	for (int i = 0; i < DRAFTS_KEPT; i++) draft(&t, type);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_draft"), DRAFTS_KEPT);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_draft WHERE id = $1", int64(first)), 0);
	do_sql(t.db, "UPDATE document_draft SET made_at = made_at - $1", int64(DRAFT_LIFE + 1));
	draft(&t, type);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_draft"), 1);
	theatre_close(&t);
}

TEST(another_house_sees_and_uses_nothing)
{
	struct theatre t = house_open();
	int64_t type = type_of(&t, CLASS_RESET_PASSWORD).id;
	struct drafting x = draft(&t, type);
	struct draft got;
	struct document_type other;
	struct template_version *versions;
	size_t count;
	struct actor stranger = actor_in(t.institution + 1);
	assert_status(document_type_get(t.db, mem, &stranger, type, &other), NOT_FOUND);
	assert_status(draft_get(t.db, mem, t.institution + 1, type, x.id, &got), NOT_FOUND);
	assert_status(draft_get(t.db, mem, t.institution, type + 1, x.id, &got), NOT_FOUND); /* nor another type */
	assert_status(template_versions(t.db, mem, t.institution + 1, type, &versions, &count), OK);
	assert_int_equal(count, 0);
	x.institution++;
	assert_status(store_write(t.db, use_in, &x), NOT_FOUND);
	assert_status(store_write(t.db, draft_in, &x), NOT_FOUND);
	x.institution--, x.type++;
	assert_status(store_write(t.db, use_in, &x), NOT_FOUND);
	theatre_close(&t);
}

TEST(an_empty_or_huge_file_is_no_draft)
{
	struct theatre t = house_open();
	struct problem why = problem_in(mem);
	struct drafting x = { .institution = t.institution, .type = type_of(&t, CLASS_RESET_PASSWORD).id, .why = &why };
	assert_status(store_write(t.db, draft_in, &x), REFUSED);
	assert_non_null(problem_at(&why, "template"));
	x.word = (struct str){ arena_alloc(mem, DOCX_BYTES_MAX + 1), DOCX_BYTES_MAX + 1 };
	assert_status(store_write(t.db, draft_in, &x), REFUSED);
	theatre_close(&t);
}

struct restoring {
	const struct actor *who;
	int64_t institution, type, id, version;
	struct problem *why;
};

static enum status restore_in(struct conn *db, void *arg)
{
	struct restoring *x = arg;
	struct actor all = actor_in(x->institution);
	return template_restore(db, mem, x->who ? x->who : &all, x->type, x->id, &x->version, x->why);
}

TEST(an_older_version_comes_back_as_a_new_one)
{
	struct theatre t = house_open();
	int64_t type = type_of(&t, CLASS_RESET_PASSWORD).id, shipped = in_force(&t, CLASS_RESET_PASSWORD, LANG_DE, t.shop, 0);
	struct drafting x = draft(&t, type);
	in_write(t.db, use_in, &x);
	struct problem why = problem_in(mem);
	struct restoring r = { .institution = t.institution, .type = type, .id = shipped, .why = &why };
	in_write(t.db, restore_in, &r);
	assert_int_equal(r.version, 3);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_template WHERE id = $1 AND version = 1", int64(shipped)), 1); /* as it was */
	r.id = in_force(&t, CLASS_RESET_PASSWORD, LANG_DE, t.shop, 0);
	assert_status(store_write(t.db, restore_in, &r), REFUSED);
	assert_non_null(problem_at(&why, "version"));
	r.id = 4711;
	assert_status(store_write(t.db, restore_in, &r), NOT_FOUND);
	r.id = shipped, r.institution++;
	assert_status(store_write(t.db, restore_in, &r), NOT_FOUND);
	theatre_close(&t);
}

/* ---- who may ---- */

/* A manager of one organisation. */
static struct actor manager_in(struct theatre *t, int64_t organisation)
{
	uint64_t rights = profile_rights(PROFILE_MANAGER) & ~RIGHTS_OF_HOUSE;
	struct grant *grant = ARENA_NEW(mem, struct grant);
	*grant = (struct grant){ organisation, rights };
	return (struct actor){ .institution = t->institution, .rights = rights, .grants = grant, .grant_count = 1, .name = S("O. Opera") };
}

static int64_t opera_of(struct theatre *t)
{
	do_sql(t->db, "INSERT INTO organisation (institution, code, name) VALUES ($1, 'opera', 'Opera')", int64(t->institution));
	return sql_number(t->db, "SELECT id FROM organisation WHERE code = 'opera'");
}

TEST(who_manages_one_organisation_changes_nothing_that_is_for_others_too)
{
	struct theatre t = house_open();
	int64_t opera = opera_of(&t), drama = sql_number(t.db, "SELECT organisation FROM point_of_sale");
	const int64_t scopes[][2] = { { 0, 0 }, { drama, 0 }, { opera, drama } };
	struct actor who = manager_in(&t, opera);
	for (size_t i = 0; i < COUNT(scopes); i++) {
		do_sql(t.db, "DELETE FROM document_type_organisation");
		struct document_type type = type_of(&t, CLASS_RESET_PASSWORD);
		struct drafting x = draft(&t, type.id), mine = { &who, t.institution, type.id, 0, 0, x.word, NULL };
		for (int k = 0; k < 2; k++)
			if (scopes[i][k])
				do_sql(t.db, "INSERT INTO document_type_organisation (document_type, organisation) VALUES ($1, $2)", int64(type.id),
					int64(scopes[i][k]));
		struct problem why = problem_in(mem);
		enum status refused = i == 1 ? NOT_FOUND : REFUSED;		  /* what is for others alone he does not even see */
		type.organisations = &opera, type.organisation_count = 1; /* nor may he take it for himself */
		assert_status(store_write(t.db, change_in, &(struct changing){ t.institution, &who, type, &why, 0 }), refused);
		x.who = &who;
		assert_status(store_write(t.db, draft_in, &mine), refused);
		assert_status(store_write(t.db, use_in, &x), refused);
		assert_status(store_write(t.db, drop_in, &x), refused);
		struct restoring r = { &who, t.institution, type.id,
			sql_number(t.db, "SELECT min(id) FROM document_template WHERE document_type = $1", int64(type.id)), 0, &why };
		assert_status(store_write(t.db, restore_in, &r), refused);
		assert_int_equal(sql_number(t.db, "SELECT max(version) FROM document_template"), 1);
		x.who = NULL;
		in_write(t.db, drop_in, &x);
	}
	theatre_close(&t);
}

TEST(who_manages_one_organisation_changes_its_own_types_and_no_wider)
{
	struct theatre t = house_open();
	int64_t opera = opera_of(&t), drama = sql_number(t.db, "SELECT organisation FROM point_of_sale"), both[] = { opera, drama };
	struct actor who = manager_in(&t, opera);
	struct problem why = problem_in(mem);
	struct changing x = { t.institution, &who, { .class = CLASS_RESET_PASSWORD, .code = S("OPERA"), .name = S("Ours"), .main_language = LANG_FR },
		&why, 0 };
	assert_status(store_write(t.db, add_in, &x), REFUSED); /* for the whole house */
	assert_non_null(problem_at(&why, "organisation"));
	x.type.organisations = both, x.type.organisation_count = 2;
	assert_status(store_write(t.db, add_in, &x), REFUSED);
	x.type.organisation_count = 1, why.first = NULL;
	in_write(t.db, add_in, &x);
	x.type.id = x.id, x.type.name = S("Opera's");
	in_write(t.db, change_in, &x);
	struct drafting d = { &who, t.institution, x.id, 0, 0, shipped_word(CLASS_RESET_PASSWORD, LANG_DE), &why };
	in_write(t.db, draft_in, &d);
	in_write(t.db, use_in, &d);
	assert_int_equal(d.version, 2);
	why.first = NULL;
	x.type.organisation_count = 2;
	assert_status(store_write(t.db, change_in, &x), REFUSED);
	assert_non_null(problem_at(&why, "organisation"));
	x.type.organisation_count = 0;
	assert_status(store_write(t.db, change_in, &x), REFUSED);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_type_organisation"), 1);
	theatre_close(&t);
}

TEST(types_are_read_by_whom_they_are_for)
{
	struct theatre t = house_open();
	int64_t opera = opera_of(&t), drama = sql_number(t.db, "SELECT organisation FROM point_of_sale");
	int64_t own = add(&t, "OURS", CLASS_RESET_PASSWORD, true);
	struct actor in_opera = manager_in(&t, opera), in_drama = manager_in(&t, drama), nobody = { .institution = t.institution };
	struct document_type got, *list;
	size_t count;
	assert_status(document_type_get(t.db, mem, &in_opera, own, &got), OK); /* for all */
	assert_status(document_type_get(t.db, mem, &nobody, own, &got), NOT_FOUND);
	do_sql(t.db, "INSERT INTO document_type_organisation (document_type, organisation) VALUES ($1, $2)", int64(own), int64(drama));
	assert_status(document_type_get(t.db, mem, &in_drama, own, &got), OK);
	assert_status(document_type_get(t.db, mem, &in_opera, own, &got), NOT_FOUND);
	assert_status(document_type_list(t.db, mem, &in_drama, CLASS_RESET_PASSWORD, S(""), &list, &count), OK);
	assert_int_equal(count, 2);
	assert_status(document_type_list(t.db, mem, &in_opera, CLASS_RESET_PASSWORD, S(""), &list, &count), OK);
	assert_int_equal(count, 1);
	theatre_close(&t);
}

/* ---- findings, previews, tests ---- */

TEST(what_is_wrong_with_a_template_is_found_before_it_is_used)
{
	struct template_findings f = template_look(mem, S("no Word file"), CLASS_RESET_PASSWORD);
	assert_null(f.docx);
	assert_true(problem_any(&f.faults));
	f = template_look(mem, shipped_word(CLASS_PASSWORD_CHANGED, LANG_EN), CLASS_RESET_PASSWORD);
	assert_non_null(f.docx);
	assert_true(problem_any(&f.faults)); /* no link, and fields of another class */
	f = template_look(mem, shipped_word(CLASS_RESET_PASSWORD, LANG_EN), CLASS_RESET_PASSWORD);
	assert_false(problem_any(&f.faults));
}

TEST(a_preview_shows_the_house_and_samples_and_a_link_that_opens_nothing)
{
	struct theatre t = house_open();
	struct point_of_sale shop;
	struct document_preview p;
	struct problem why = problem_in(mem);
	assert_status(point_of_sale_get(t.db, mem, t.shop, &shop), OK);
	for (int c = 0; c < DOCUMENT_CLASSES; c++)
		for (int l = 0; l < LANGUAGES; l++) {
			struct template_findings f = template_look(mem, shipped_word((enum document_class)c, (enum language)l), (enum document_class)c);
			assert_status(document_preview(mem, f.docx, (enum document_class)c, &shop, (enum language)l, store_now(t.db), &p, &why), OK);
			assert_true(p.subject.len > 0 && p.html.len > 0 && p.text.len > 0);
			assert_true(str_find(p.html, S("{{")) < 0);
		}
	struct template_findings f = template_look(mem, shipped_word(CLASS_RESET_PASSWORD, LANG_EN), CLASS_RESET_PASSWORD);
	assert_status(document_preview(mem, f.docx, CLASS_RESET_PASSWORD, &shop, LANG_EN, store_now(t.db), &p, &why), OK);
	assert_true(str_find(p.text, S("https://tickets.example.org/shop/reset-password?token=EXAMPLE")) > 0);
	assert_true(str_find(p.html, S("Jeanne")) > 0);
	theatre_close(&t);
}

struct queueing {
	struct letter letter;
};

static enum status queue_in(struct conn *db, void *arg)
{
	return outbox_add(db, mem, &((struct queueing *)arg)->letter);
}

TEST(a_test_mail_has_the_version_asked_for)
{
	struct theatre t = house_open();
	int64_t shipped = in_force(&t, CLASS_RESET_PASSWORD, LANG_DE, t.shop, 0);
	struct drafting x = draft(&t, type_of(&t, CLASS_RESET_PASSWORD).id);
	in_write(t.db, use_in, &x);
	struct queueing q = {
		{ .class = CLASS_RESET_PASSWORD, .point_of_sale = t.shop, .template = shipped, .language = LANG_DE, .recipient = S("o@example.org") }
	};
	in_write(t.db, queue_in, &q);
	struct outbox_mail m;
	assert_status(outbox_get(t.db, mem, t.institution, sql_number(t.db, "SELECT max(id) FROM outbox_message"), &m), OK);
	assert_true(m.is_test);
	assert_int_equal(m.template, shipped);
	theatre_close(&t);
}

TEST(a_house_of_an_older_program_gets_the_classes_that_it_lacks)
{
	struct theatre t = house_open();
	do_sql(t.db, "DELETE FROM document_template WHERE document_type IN (SELECT id FROM document_type WHERE class = 'follow-shipment')");
	do_sql(t.db, "DELETE FROM document_type WHERE class = 'follow-shipment'");
	assert_status(document_types_complete(t.db), OK);
	assert_int_equal(type_of(&t, CLASS_FOLLOW_SHIPMENT).class, CLASS_FOLLOW_SHIPMENT);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_type"), DOCUMENT_CLASSES);
	assert_status(document_types_complete(t.db), OK);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_type"), DOCUMENT_CLASSES);
	theatre_close(&t);
}
