/* A house is made whole or not at all; its numbers run without gaps and check themselves. */
#include "test.h"

#include "theatre.h"

struct making {
	struct new_institution n;
	int64_t institution, shop;
	struct problem why;
};

static enum status make(struct conn *db, void *arg)
{
	struct making *m = arg;
	m->why = problem_in(mem);
	return institution_make(db, mem, &m->n, HTTP_ON_LOOPBACK_ONLY, &m->institution, &m->shop, &m->why);
}

TEST(a_new_house_has_its_shop)
{
	struct store *s = database_open_fresh();
	struct conn *db = store_conn(s);
	int64_t id;
	assert_status(institution_first(db, &id), NOT_FOUND);
	struct making m = { .n = theatre_new() };
	m.n.texts[LANG_FR] = (struct house_text){ S("Une salle au bord de l’eau."), S("Ma–Sa 13:00–18:00") };
	assert_status(store_write(db, make, &m), OK);
	assert_status(institution_first(db, &id), OK);
	assert_true(id == m.institution);
	struct point_of_sale p;
	assert_status(point_of_sale_get(db, mem, m.shop, &p), OK);
	assert_int_equal(p.institution, m.institution);
	assert_int_equal(p.state, SALE_ACTIVE);
	assert_str(p.code, S("shop"));
	assert_str(p.public_url, S("https://tickets.example.org/shop"));
	assert_str(p.organisation_name, S("Théâtre du Lac"));
	assert_str(p.house.town, S("Lausanne"));
	assert_int_equal(p.house.main_language, LANG_FR);
	assert_int_equal(p.languages, 15);
	struct house_text says;
	assert_status(house_text_get(db, mem, m.institution, LANG_DE, &says), OK);
	assert_str(says.description, S("Une salle au bord de l’eau.")); /* nothing in German: the main language's */
	database_end(s);
}

TEST(words_in_the_visitors_language_go_before_the_main_ones)
{
	struct theatre t = theatre_open();
	struct house_text says;
	assert_status(house_text_get(t.db, mem, t.institution, LANG_EN, &says), OK);
	assert_str(says.description, S(""));
	do_sql(t.db, "INSERT INTO institution_text VALUES ($1, 'fr', 'Au lac', ''), ($1, 'en', 'By the lake', '')", int64(t.institution));
	assert_status(house_text_get(t.db, mem, t.institution, LANG_EN, &says), OK);
	assert_str(says.description, S("By the lake"));
	theatre_close(&t);
}

TEST(every_fault_of_a_new_house_is_told_and_nothing_is_made)
{
	struct store *s = database_open_fresh();
	struct making m = { .n = { .zone = S("Mars/Olympus"),
							.currency = S("chf"),
							.accent = S("teal"),
							.sender_address = S("a@b\r\nBcc: c@d"),
							.public_url = S("nowhere") } };
	int64_t id;
	assert_status(store_write(store_conn(s), make, &m), REFUSED);
	static const char *const fields[] = { "institution", "zone", "currency", "languages", "accent", "sender", "public-url" };
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!problem_at(&m.why, fields[i])) fail_msg("nothing was said about %s", fields[i]);
	assert_status(institution_first(store_conn(s), &id), NOT_FOUND);
	database_end(s);
}

TEST(two_doors_cannot_stand_at_one_address)
{
	struct theatre t = theatre_open();
	struct making m = { .n = theatre_new() };
	m.n.public_url = S("https://TICKETS.example.org/shop/");
	assert_status(store_write(t.db, make, &m), REFUSED);
	assert_int_equal(problem_at(&m.why, "public-url")->message, MSG_PUBLIC_URL_TAKEN);
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM institution"), 1);
	theatre_close(&t);
}

TEST(without_a_sender_mail_leaves_under_the_shops_own_host)
{
	struct store *s = database_open_fresh();
	struct making m = { .n = theatre_new() };
	m.n.sender_address = S("");
	m.n.sender_name = S("");
	assert_status(store_write(store_conn(s), make, &m), OK);
	struct point_of_sale p;
	assert_status(point_of_sale_get(store_conn(s), mem, m.shop, &p), OK);
	assert_str(p.sender_address, S("no-reply@tickets.example.org"));
	assert_str(p.sender_name, S("Théâtre du Lac"));
	database_end(s);
}

struct moving {
	int64_t id;
	struct str url;
};

static enum status move(struct conn *db, void *arg)
{
	struct moving *m = arg;
	return point_of_sale_move(db, mem, m->id, m->url, HTTP_ON_LOOPBACK_ONLY, NULL);
}

TEST(a_shop_moves_and_may_stay_where_it_is)
{
	struct theatre t = theatre_open();
	struct point_of_sale p;
	assert_status(store_write(t.db, move, &(struct moving){ t.shop, S("http://127.0.0.1:4711") }), OK);
	assert_status(store_write(t.db, move, &(struct moving){ t.shop, S("http://127.0.0.1:4711/") }), OK);
	assert_status(point_of_sale_find(t.db, mem, S("127.0.0.1:4711"), S("/signin"), &p), OK);
	assert_int_equal(p.id, t.shop);
	assert_status(store_write(t.db, move, &(struct moving){ t.shop, S("http://example.org") }), REFUSED);
	assert_status(store_write(t.db, move, &(struct moving){ t.shop + 1000, S("https://example.org") }), NOT_FOUND);
	theatre_close(&t);
}

struct numbering {
	int64_t institution, got;
	const char *name;
};

static enum status number(struct conn *db, void *arg)
{
	struct numbering *n = arg;
	return institution_next_number(db, n->institution, n->name, &n->got);
}

TEST(numbers_run_by_name_from_one)
{
	struct theatre t = theatre_open();
	struct numbering n = { t.institution, 0, "contact" }, other = { t.institution, 0, "bill" };
	for (int64_t want = 1; want <= 3; want++) {
		in_write(t.db, number, &n);
		assert_int_equal(n.got, want);
	}
	in_write(t.db, number, &other);
	assert_int_equal(other.got, 1);
	theatre_close(&t);
}

TEST(a_check_digit_finds_every_wrong_digit_and_most_swaps)
{
	assert_int_equal(number_with_check(7992739871), 79927398713); /* the standard's own example */
	assert_false(number_checks(0));
	assert_false(number_checks(7));
	for (int64_t n = 1; n < 2000; n++) {
		int64_t whole = number_with_check(n);
		assert_true(number_checks(whole));
		for (int64_t place = 1; place <= whole; place *= 10)
			for (int64_t digit = 0; digit < 10; digit++) {
				int64_t wrong = whole + (digit - whole / place % 10) * place;
				if (wrong != whole && number_checks(wrong)) fail_msg("%lld passes for %lld", (long long)wrong, (long long)whole);
			}
	}
}

TEST(a_number_with_its_letter_is_read_as_people_write_it)
{
	static const char *const right[] = { "S-10001-6", "s 100016", "10001-6", " S100016 ", "100016" };
	static const char *const wrong[] = { "", "S", "B-10001-6", "S-10001-7", "S-10001-6x", "S--", "0", "123456789012345678901234" };
	int64_t number;
	for (size_t i = 0; i < COUNT(right); i++)
		if (!number_lettered_read(str_of(right[i]), 'S', &number) || number != 100016) fail_msg("\"%s\" was not read", right[i]);
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (number_lettered_read(str_of(wrong[i]), 'S', &number)) fail_msg("\"%s\" was read as %lld", wrong[i], (long long)number);
}
