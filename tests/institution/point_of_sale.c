/* Public URLs have one spelling, and a request finds its door by it. */
#include "test.h"

#include "theatre.h"

static struct str read_url(const char *url, enum http_allowed allowed)
{
	struct point_of_sale p = { 0 };
	struct problem why = problem_in(mem);
	enum status st = public_url_read(mem, str_of(url), allowed, &p, &why);
	if (st) {
		assert_status(st, REFUSED);
		assert_non_null(problem_at(&why, "public-url"));
		return S("refused");
	}
	assert_false(problem_any(&why));
	return str_format(mem, "%.*s %.*s %.*s", STR_ARG(p.public_url), STR_ARG(p.host), STR_ARG(p.prefix));
}

TEST(a_public_url_is_taken_apart)
{
	assert_str(read_url("https://tickets.example.org/", HTTP_ON_LOOPBACK_ONLY), S("https://tickets.example.org tickets.example.org "));
	assert_str(read_url("HTTPS://Tickets.Example.ORG/Shop/", HTTP_ON_LOOPBACK_ONLY), S("https://tickets.example.org/Shop tickets.example.org /Shop"));
	assert_str(read_url("https://example.org:8443/a/b", HTTP_ON_LOOPBACK_ONLY), S("https://example.org:8443/a/b example.org:8443 /a/b"));
	assert_str(read_url("https://example.org:443", HTTP_ON_LOOPBACK_ONLY), S("https://example.org example.org "));
	assert_str(read_url("https://théâtre.example/", HTTP_ON_LOOPBACK_ONLY), S("https://xn--thtre-4qa2c.example xn--thtre-4qa2c.example "));
	assert_str(read_url("https://[2001:DB8::0:1]:8443", HTTP_ON_LOOPBACK_ONLY), S("https://[2001:db8::1]:8443 [2001:db8::1]:8443 "));
	assert_str(read_url("https://192.0.2.7", HTTP_ON_LOOPBACK_ONLY), S("https://192.0.2.7 192.0.2.7 "));
}

TEST(plain_http_is_for_loopback_or_by_name)
{
	assert_str(read_url("http://127.0.0.1:8080", HTTP_ON_LOOPBACK_ONLY), S("http://127.0.0.1:8080 127.0.0.1:8080 "));
	assert_str(read_url("http://localhost:80/", HTTP_ON_LOOPBACK_ONLY), S("http://localhost localhost "));
	assert_str(read_url("http://[::1]:1", HTTP_ON_LOOPBACK_ONLY), S("http://[::1]:1 [::1]:1 "));
	assert_str(read_url("http://tickets.example.org", HTTP_ON_LOOPBACK_ONLY), S("refused"));
	assert_str(read_url("http://127.example.org", HTTP_ON_LOOPBACK_ONLY), S("refused"));
	assert_str(read_url("http://127.0.0.1.example.org", HTTP_ON_LOOPBACK_ONLY), S("refused"));
	assert_str(read_url("http://tickets.example.org", HTTP_ALLOWED), S("http://tickets.example.org tickets.example.org "));
}

TEST(what_is_no_public_url_is_refused_with_words)
{
	static const char *const bad[] = { "", "tickets.example.org", "ftp://example.org", "https://", "https:///shop", "https://user@example.org",
		"https://user:secret@example.org", "https://example.org?x=1", "https://example.org/#top", "https://example.org:0",
		"https://example.org:65536", "https://example.org:-1", "https://example.org:8o", "https://example.org:", "https://exa mple.org",
		"https://-example.org", "https://example.org.", "https://a..b", "https://1.2.3", "https://999.1.1.1", "https://[::1", "https://[::g]",
		"https://[]", "https://example.org//shop", "https://example.org/../shop", "https://example.org/./", "https://example.org/sh%6Fp",
		"https://example.org/a b", "https://example.org/\r\nBcc:", "javascript://example.org", "https://ex_ample.org" };
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!str_eq(read_url(bad[i], HTTP_ALLOWED), S("refused"))) fail_msg("\"%s\" was taken", bad[i]);
}

static int64_t find(struct theatre *t, const char *host, const char *path)
{
	struct point_of_sale p;
	enum status st = point_of_sale_find(t->db, mem, str_of(host), str_of(path), &p);
	if (st == NOT_FOUND) return 0;
	assert_status(st, OK);
	return p.id;
}

TEST(a_request_finds_its_door_by_host_and_whole_segments_of_the_path)
{
	struct theatre t = theatre_open();
	assert_int_equal(find(&t, "tickets.example.org", "/shop"), t.shop);
	assert_int_equal(find(&t, "Tickets.EXAMPLE.org", "/shop/signin"), t.shop);
	assert_int_equal(find(&t, "tickets.example.org", "/shopping"), 0);
	assert_int_equal(find(&t, "tickets.example.org", "/"), 0);
	assert_int_equal(find(&t, "tickets.example.org:8443", "/shop"), 0);
	assert_int_equal(find(&t, "evil.example", "/shop"), 0);
	assert_int_equal(find(&t, "", "/shop"), 0);
	theatre_close(&t);
}

TEST(the_longest_prefix_wins)
{
	struct theatre t = theatre_open();
	do_sql(t.db,
		"INSERT INTO point_of_sale (institution, organisation, sales_channel, code, name, state, public_url, host, prefix, languages, accent, "
		"sender_name, sender_address) SELECT institution, organisation, sales_channel, 'children', 'Children', 'active', "
		"'https://tickets.example.org/shop/children', host, '/shop/children', 'fr', accent, sender_name, sender_address FROM point_of_sale");
	int64_t children = sql_number(t.db, "SELECT id FROM point_of_sale WHERE code = 'children'");
	assert_int_equal(find(&t, "tickets.example.org", "/shop/children/signin"), children);
	assert_int_equal(find(&t, "tickets.example.org", "/shop/childrens"), t.shop);
	theatre_close(&t);
}

TEST(a_suspended_door_is_found_and_a_closed_or_drafted_one_is_not)
{
	struct theatre t = theatre_open();
	int64_t active;
	do_sql(t.db, "UPDATE point_of_sale SET state = 'suspended'");
	struct point_of_sale p;
	assert_status(point_of_sale_find(t.db, mem, S("tickets.example.org"), S("/shop"), &p), OK);
	assert_int_equal(p.state, SALE_SUSPENDED);
	assert_status(point_of_sale_count_active(t.db, &active), OK);
	assert_int_equal(active, 0);
	do_sql(t.db, "UPDATE point_of_sale SET state = 'closed'");
	assert_int_equal(find(&t, "tickets.example.org", "/shop"), 0);
	do_sql(t.db, "UPDATE point_of_sale SET state = 'draft'");
	assert_int_equal(find(&t, "tickets.example.org", "/shop"), 0);
	assert_status(point_of_sale_get(t.db, mem, t.shop, &p), OK);
	assert_int_equal(p.state, SALE_DRAFT);
	assert_status(point_of_sale_get(t.db, mem, t.shop + 1000, &p), NOT_FOUND);
	theatre_close(&t);
}

TEST(a_counter_is_no_internet_point_of_sale)
{
	struct theatre t = theatre_open();
	int64_t active;
	assert_status(point_of_sale_count_active(t.db, &active), OK);
	assert_int_equal(active, 1);
	do_sql(t.db, "UPDATE point_of_sale SET sales_channel = (SELECT id FROM sales_channel WHERE kind = 'box-office')");
	assert_status(point_of_sale_count_active(t.db, &active), OK);
	assert_int_equal(active, 0);
	assert_int_equal(find(&t, "tickets.example.org", "/shop"), 0);
	theatre_close(&t);
}
