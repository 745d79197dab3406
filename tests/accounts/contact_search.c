/* tests/accounts/contact_search.c: finding a contact by what one remembers of it. */
#include "test.h"

#include "accounts/buyers.h"
#include "accounts/contact_demo.h"
#include "accounts/contact_search.h"
#include "accounts/contact_words.h"
#include "accounts/phone.h"

/* ---- folding ---- */

static struct str words_of(struct str typed)
{
	struct search_word w[SEARCH_WORDS_MAX];
	struct buf b = buf_in(mem);
	size_t count = search_words(mem, typed, w);
	for (size_t i = 0; i < count; i++) buf_addf(&b, "%s%.*s", i ? "|" : "", STR_ARG(w[i].from));
	return buf_str(&b);
}

TEST(case_accents_and_umlauts_do_not_count)
{
	static const char *const mullers[] = { "Müller", "MUELLER", "muller", "mu\xcc\x88ller" };
	for (size_t i = 0; i < COUNT(mullers); i++) assert_str(words_of(str_of(mullers[i])), S("muller"));
	assert_str(words_of(S("Weiß")), S("weiss"));
	assert_str(words_of(S("Lœffel Loeffel Löffel")), S("loffel|loffel|loffel"));
	assert_str(words_of(S("Élodie d'Aubigné-Roch")), S("elodie|d|aubigne|roch"));
}

TEST(numbers_with_blanks_and_signs_are_one_word)
{
	assert_str(words_of(S("079 555 27 14")), S("0795552714"));
	assert_str(words_of(S("+41 (0)79 / 555.27.14")), S("41795552714"));
	assert_str(words_of(S("0041 79\xc2\xa0"
						  "555")),
		S("4179555"));
	assert_str(words_of(S("rochat 079 55 neuch")), S("rochat|07955|neuch"));
	assert_str(words_of(S("10482-6")), S("104826"));
}

TEST(an_address_is_one_word)
{
	assert_str(words_of(S(" Jeanne.R@Example.ORG ")), S("jeanne.r@example.org"));
	assert_str(words_of(S("jeanne.r")), S("jeanne|r"));
}

TEST(more_words_than_make_sense_are_passed_over)
{
	struct buf b = buf_in(mem);
	struct search_word w[SEARCH_WORDS_MAX];
	for (int i = 0; i < 1000; i++) buf_add(&b, S("word "));
	assert_int_equal(search_words(mem, buf_str(&b), w), SEARCH_WORDS_MAX);
	assert_int_equal(search_words(mem, S(""), w), 0);
	assert_int_equal(search_words(mem, S(" - ' "), w), 0);
}

/* ---- telephone numbers ---- */

static struct str phone(const char *typed, const char *country)
{
	struct str e164;
	struct problem why = problem_in(mem);
	enum status st = phone_read(mem, str_of(typed), str_of(country), "phone", &e164, &why);
	assert_true((st == REFUSED) == problem_any(&why));
	return st ? S("refused") : e164;
}

TEST(a_phone_is_stored_with_its_country)
{
	assert_str(phone("079 555 27 14", "CH"), S("+41795552714"));
	assert_str(phone("+41 (0)79 555 27 14", "DE"), S("+41795552714"));
	assert_str(phone("0041/79/555.27.14", ""), S("+41795552714"));
	assert_str(phone("03 55 55 01 44", "FR"), S("+33355550144"));
	assert_str(phone("06 5555 0123", "IT"), S("+390655550123")); /* the 0 is the number's own */
	assert_str(phone("555 01 10", "LI"), S("+4235550110"));
	assert_str(phone("030 5550123", "DE"), S("+49305550123"));
	assert_str(phone("", "CH"), S(""));
}

TEST(what_is_no_phone_is_refused)
{
	static const char *const bad[] = { "079 555 27 14 evenings", "79 555 27 14", "079 555 27 1", "12", "+0795552714", "+1234567890123456",
		"++41795552714", "\xff" };
	for (size_t i = 0; i < COUNT(bad); i++) assert_str(phone(bad[i], "CH"), S("refused"));
	assert_str(phone("020 5550123", "NL"), S("refused")); /* not in our table: with its country, please */
}

TEST(a_phone_is_shown_as_its_country_writes_it)
{
	assert_str(phone_for_people(mem, S("+41795552714")), S("079\xc2\xa0"
														   "555\xc2\xa0"
														   "27\xc2\xa0"
														   "14"));
	assert_str(phone_for_people(mem, S("+33355550144")), S("+33\xc2\xa0"
														   "3\xc2\xa0"
														   "55\xc2\xa0"
														   "55\xc2\xa0"
														   "01\xc2\xa0"
														   "44"));
	assert_str(phone_for_people(mem, S("+12125550123")), S("+12125550123"));
	assert_str(phone_for_people(mem, S("evenings only")), S("evenings only"));
}

/* ---- searching ---- */

static struct contact_page *search(struct buyers *b, struct contact_query q)
{
	struct contact_page *page = ARENA_NEW(mem, struct contact_page);
	q.institution = b->theatre.institution;
	assert_status(contact_search(b->db, mem, &q, page), OK);
	return page;
}

static size_t found(struct buyers *b, const char *typed)
{
	return search(b, (struct contact_query){ .typed = str_of(typed) })->count;
}

TEST(a_contact_is_found_by_whatever_its_words_begin_with)
{
	struct buyers *b = buyers_open();
	buyer(b, S("jeanne.rochat@example.org"), ACCOUNT_ACTIVE, GOOD);
	static const char *const hits[] = { "Jeanne", "rochat j", "ROC", "jeanne.rochat@", "jeanne.roch", "18", "1-8", "jeanne roch" };
	static const char *const misses[] = { "eanne", "ochat", "rochat marc", "jeanne@", "81", "@example.org" };
	for (size_t i = 0; i < COUNT(hits); i++) assert_int_equal(found(b, hits[i]), 1);
	for (size_t i = 0; i < COUNT(misses); i++) assert_int_equal(found(b, misses[i]), 0);
	buyers_close(b);
}

TEST(what_the_owner_changes_is_found_at_once)
{
	struct buyers *b = buyers_open();
	int64_t id = buyer(b, S("jeanne@example.org"), ACCOUNT_ACTIVE, GOOD);
	const struct profile p = { .first_name = S("Jeanne"),
		.last_name = S("Müller"),
		.phone = S("079 555 27 14"),
		.postcode = S("2034"),
		.town = S("Peseux"),
		.country = S("CH") };
	assert_status(account_change_profile(b->db, mem, id, &p, NULL), OK);
	static const char *const hits[] = { "mueller", "079 555", "+41 79 555 27 14", "pes", "2034 pes" };
	for (size_t i = 0; i < COUNT(hits); i++) assert_int_equal(found(b, hits[i]), 1);
	assert_int_equal(found(b, "rochat"), 0);
	buyers_close(b);
}

TEST(merged_contacts_and_other_houses_are_not_listed)
{
	struct buyers *b = buyers_open();
	buyer(b, S("a@example.org"), ACCOUNT_ACTIVE, GOOD);
	buyer(b, S("b@example.org"), ACCOUNT_ACTIVE, GOOD);
	assert_int_equal(found(b, "rochat"), 2);
	do_sql(b->db, "UPDATE contact SET merged_into = (SELECT min(id) FROM contact) WHERE id = (SELECT max(id) FROM contact)");
	assert_int_equal(found(b, "rochat"), 1);
	struct contact_page *page = ARENA_NEW(mem, struct contact_page);
	const struct contact_query other = { .institution = b->theatre.institution + 1, .typed = S("rochat") };
	assert_status(contact_search(b->db, mem, &other, page), OK);
	assert_int_equal(page->count, 0);
	buyers_close(b);
}

/* ---- a crowd ---- */

#define CROWD 16000 /* more of them have an address than SEARCH_RARE */

static struct buyers *crowd_open(int64_t count)
{
	struct buyers *b = buyers_open();
	assert_status(contact_demo_crowd(b->db, b->theatre.institution, count, S("hash"), NULL), OK);
	return b;
}

/* All pages of Q, each contact once, in order; counts how many. */
static size_t all_pages(struct buyers *b, struct contact_query q)
{
	size_t count = 0;
	int64_t seen = 0;
	for (int pages = 0; pages < 1000; pages++) {
		struct contact_page *page = search(b, q);
		for (size_t i = 0; i < page->count; i++) {
			if (page->rows[i].id == seen) fail_msg("contact %lld twice", (long long)seen);
			seen = page->rows[i].id;
		}
		count += page->count;
		if (page->next.len == 0) return count;
		q.after = page->next;
	}
	fail_msg("no last page");
	return 0;
}

static int64_t with_word(struct buyers *b, const char *word)
{
	return sql_number(b->db, "SELECT count(DISTINCT contact) FROM contact_word WHERE word >= $1 AND word < $2", text(str_of(word)),
		text(str_format(mem, "%s\xf4\x8f\xbf\xbf", word)));
}

TEST(pages_show_each_contact_once_rare_or_common)
{
	struct buyers *b = crowd_open(CROWD);
	assert_int_equal(all_pages(b, (struct contact_query){ 0 }), CROWD);
	assert_int_equal(all_pages(b, (struct contact_query){ .order = BY_NUMBER, .is_descending = true }), CROWD);
	assert_int_equal(all_pages(b, (struct contact_query){ .order = BY_TOWN }), CROWD);
	assert_in_range(with_word(b, "contact"), SEARCH_RARE, CROWD); /* so that names are walked */
	assert_int_equal(all_pages(b, (struct contact_query){ .typed = S("contact") }), with_word(b, "contact"));
	assert_in_range(with_word(b, "rochat"), 1, SEARCH_RARE - 1); /* so that it drives */
	assert_int_equal(all_pages(b, (struct contact_query){ .typed = S("rochat") }), with_word(b, "rochat"));
	assert_int_equal(
		all_pages(b, (struct contact_query){ .typed = S("contact rochat") }), all_pages(b, (struct contact_query){ .typed = S("rochat contact") }));
	assert_int_equal(all_pages(b, (struct contact_query){ .typed = S("nobody") }), 0);
	buyers_close(b);
}

TEST(a_common_surname_is_shown_before_all_that_stand_before_it)
{
	struct buyers *b = crowd_open(CROWD);
	do_sql(b->db, "UPDATE contact SET name_key = 'zz ' || name_key WHERE id % 3 <> 0 AND name_key < 'contact'");
	do_sql(b->db,
		"UPDATE contact SET name_key = 'contact' WHERE id = (SELECT max(contact) FROM contact_word WHERE word >= 'contact1' AND word < 'contact2')");
	struct contact_page *page = search(b, (struct contact_query){ .typed = S("contact") });
	assert_int_equal(page->rows[0].id, sql_number(b->db, "SELECT id FROM contact WHERE name_key = 'contact'"));
	assert_int_equal(all_pages(b, (struct contact_query){ .typed = S("contact") }), with_word(b, "contact"));
	buyers_close(b);
}

TEST(filters_part_the_list)
{
	struct buyers *b = crowd_open(2000);
	size_t with = all_pages(b, (struct contact_query){ .account = WITH_ACCOUNT }),
		   without = all_pages(b, (struct contact_query){ .account = WITHOUT_ACCOUNT });
	assert_int_equal(with + without, 2000);
	assert_int_equal((int64_t)with, sql_number(b->db, "SELECT count(*) FROM internet_account"));
	assert_int_equal((int64_t)all_pages(b, (struct contact_query){ .account = WITH_BLOCKED }),
		sql_number(b->db, "SELECT count(*) FROM internet_account WHERE state = 'blocked'"));
	assert_int_equal((int64_t)all_pages(b, (struct contact_query){ .language = S("it"), .typed = S("muller") }),
		sql_number(b->db, "SELECT count(*) FROM contact WHERE language = 'it' AND id IN (SELECT contact FROM contact_word WHERE word >= 'muller' AND "
						  "word < 'mulles')"));
	assert_int_equal(all_pages(b, (struct contact_query){ .made_from = INT64_MAX }), 0);
	buyers_close(b);
}

TEST(a_page_that_was_forged_begins_at_the_beginning)
{
	struct buyers *b = crowd_open(200);
	struct str first = search(b, (struct contact_query){ 0 })->next;
	assert_true(first.len > 0);
	static const char *const forged[] = { "x", "!!!", "AAAA", "_w", "MTIzIA" };
	for (size_t i = 0; i < COUNT(forged); i++) search(b, (struct contact_query){ .after = str_of(forged[i]) });
	assert_str(search(b, (struct contact_query){ .after = S("x") })->next, first);
	buyers_close(b);
}

TEST(numbers_of_a_crowd_carry_their_check_digit)
{
	struct buyers *b = crowd_open(100);
	assert_status(store_query(b->db, &(const struct sql)SQL("SELECT number FROM contact")), OK);
	while (store_next(b->db) == OK) assert_true(number_checks(col_int64(b->db, 0)));
	buyers_close(b);
}
