/* tests/web/reading.c: paths, routes, addresses, codings, media types. */
#include "tests/test.h"
#include "web/address.h"
#include "web/assets.h"
#include "web/body.h"
#include "web/path.h"
#include "web/route.h"

TEST(a_local_path_stays_on_the_point_of_sale)
{
	static const struct str local[] = { { STR("/") }, { STR("/account") }, { STR("/account?tab=1&x=//y") }, { STR("/a//b") }, { STR("/a%2Fb") },
		{ STR("/%41") }, { STR("/.well-known/x") }, { STR("/a:b@c") } };
	for (size_t i = 0; i < COUNT(local); i++)
		if (!path_is_local(local[i])) fail_msg("%.*s", STR_ARG(local[i]));
}

TEST(a_path_that_leads_elsewhere_is_not_local)
{
	static const struct str bad[] = { { STR("") }, { STR("account") }, { STR("//evil") }, { STR("///evil") }, { STR("/\\evil") }, { STR("\\/evil") },
		{ STR("/%2fevil") }, { STR("/%2F%2fevil") }, { STR("/%5Cevil") }, { STR("https:evil") }, { STR("https://evil") }, { STR("javascript:x") },
		{ STR("/a\\b") }, { STR("/\t/evil") }, { STR("/a\nb") }, { STR("/a\0b") }, { STR("/a b") }, { STR("/a%0d%0ab") }, { STR("/%00") },
		{ STR("/%7f") }, { STR("/%") }, { STR("/%2") }, { STR("/%zz") }, { STR("/\xc3\xa9") }, { STR(" /a") } };
	for (size_t i = 0; i < COUNT(bad); i++)
		if (path_is_local(bad[i])) fail_msg("%.*s", STR_ARG(bad[i]));
	char *long_one = arena_alloc(mem, 2049);
	memset(long_one, 'a', 2049);
	long_one[0] = '/';
	assert_true(path_is_local((struct str){ long_one, 2048 }));
	assert_false(path_is_local((struct str){ long_one, 2049 }));
}

TEST(percent_encoding_is_undone_once)
{
	struct str out;
	assert_true(percent_decode(mem, S("a%2fb%2525+c"), PLUS_IS_PLUS, &out));
	assert_str(out, S("a/b%25+c"));
	assert_true(percent_decode(mem, S("a+%2B%00"), PLUS_IS_BLANK, &out));
	assert_str(out, S("a +\0"));
	assert_false(percent_decode(mem, S("%"), PLUS_IS_PLUS, &out));
	assert_false(percent_decode(mem, S("a%4"), PLUS_IS_PLUS, &out));
	assert_false(percent_decode(mem, S("%g1"), PLUS_IS_PLUS, &out));
	assert_str(percent_encode(mem, S("a-._~/\xc3\xa9 \0")), S("a-._~%2F%C3%A9%20%00"));
}

static struct response nothing(struct request *r)
{
	return response_bytes(r, 200, "text/plain", S(""));
}

static const struct route routes[] = {
	{ GET, "/", nothing },
	{ GET, "/contacts/new", nothing },
	{ GET, "/contacts/:ID", nothing },
	{ POST, "/contacts/:ID", nothing, .needs = CSRF },
	{ GET, "/orders/:NUMBER/bills/:BILL.pdf", nothing },
};
static const struct face face = { .name = "test", .routes = routes, .count = COUNT(routes) };

static const char *found(enum method method, struct str path, struct str segments[SEGMENTS_MAX])
{
	struct route_match m = route_find(mem, &face, method, path);
	memcpy(segments, m.segments, sizeof m.segments);
	return m.route ? m.route->pattern : m.path_is_known ? "405" : "404";
}

TEST(the_first_route_that_fits_is_taken)
{
	struct str s[SEGMENTS_MAX];
	assert_string_equal(found(GET, S("/"), s), "/");
	assert_string_equal(found(GET, S("/contacts/new"), s), "/contacts/new");
	assert_string_equal(found(GET, S("/contacts/17"), s), "/contacts/:ID");
	assert_str(s[0], S("17"));
	assert_string_equal(found(POST, S("/contacts/new"), s), "/contacts/:ID");
	assert_string_equal(found(POST, S("/"), s), "405");
	assert_string_equal(found(GET, S("/orders/A-7/bills/B%2f1.pdf"), s), "/orders/:NUMBER/bills/:BILL.pdf");
	assert_str(s[0], S("A-7"));
	assert_str(s[1], S("B/1"));
}

TEST(what_is_no_address_of_ours_fits_nothing)
{
	static const struct str bad[] = { { STR("") }, { STR("//") }, { STR("/contacts") }, { STR("/contacts/") }, { STR("/contacts//") },
		{ STR("/contacts/1/") }, { STR("/contacts/1/2") }, { STR("contacts/1") }, { STR("/contacts/%00") }, { STR("/contacts/%0a") },
		{ STR("/contacts/%ff") }, { STR("/contacts/%zz") }, { STR("/contacts/.") }, { STR("/contacts/..") }, { STR("/contacts/%2e%2E") },
		{ STR("/orders/1/bills/.pdf") }, { STR("/orders/1/bills/1.PDF") }, { STR("/orders/1/bills/1") }, { STR("/Contacts/1") },
		{ STR("/contacts%2f1") } };
	struct str s[SEGMENTS_MAX];
	for (size_t i = 0; i < COUNT(bad); i++)
		if (strcmp(found(GET, bad[i], s), "404") != 0) fail_msg("%.*s", STR_ARG(bad[i]));
}

TEST(a_pattern_itself_is_no_way_around_its_segments)
{
	struct str s[SEGMENTS_MAX];
	assert_string_equal(found(GET, S("/contacts/:ID"), s), "/contacts/:ID");
	assert_str(s[0], S(":ID"));
}

TEST(addresses_have_one_form)
{
	struct address a, b;
	assert_true(address_parse(S("203.0.113.7"), &a));
	assert_true(address_parse(S("::ffff:203.0.113.7"), &b));
	assert_memory_equal(&a, &b, sizeof a);
	assert_str(address_client(mem, &a), S("203.0.113.7"));
	assert_true(address_parse(S("2001:db8:1:2:3:4:5:6"), &a));
	assert_str(address_client(mem, &a), S("2001:db8:1:2::/64"));
	static const struct str bad[] = { { STR("") }, { STR("1.2.3") }, { STR("1.2.3.4.5") }, { STR("01.2.3.4") }, { STR("1.2.3.4 ") },
		{ STR("1.2.3.4\0") }, { STR("::g") }, { STR("localhost") } };
	for (size_t i = 0; i < COUNT(bad); i++)
		if (address_parse(bad[i], &a)) fail_msg("%.*s", STR_ARG(bad[i]));
}

static bool holds(struct str network, struct str address)
{
	struct network n;
	struct address a;
	if (!network_parse(network, &n) || !address_parse(address, &a)) fail_msg("%.*s", STR_ARG(network));
	return network_holds(&n, &a);
}

TEST(networks_hold_what_begins_alike)
{
	assert_true(holds(S("10.0.0.0/8"), S("10.255.1.2")));
	assert_false(holds(S("10.0.0.0/8"), S("11.0.0.0")));
	assert_true(holds(S("10.1.2.3"), S("10.1.2.3")));
	assert_false(holds(S("10.1.2.3"), S("10.1.2.2")));
	assert_true(holds(S("0.0.0.0/0"), S("8.8.8.8")));
	assert_false(holds(S("0.0.0.0/0"), S("2001:db8::1")));
	assert_true(holds(S("192.0.2.128/25"), S("192.0.2.129")));
	assert_false(holds(S("192.0.2.128/25"), S("192.0.2.127")));
	assert_true(holds(S("2001:db8::/32"), S("2001:db8:9::1")));
	assert_false(holds(S("2001:db8::/32"), S("2001:db9::1")));
	static const struct str bad[] = { { STR("") }, { STR("10.0.0.0/33") }, { STR("10.0.0.1/8") }, { STR("10.0.0.0/") }, { STR("10.0.0.0/-1") },
		{ STR("::/129") }, { STR("x/8") } };
	struct network n;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (network_parse(bad[i], &n)) fail_msg("%.*s", STR_ARG(bad[i]));
}

static enum coding coding(struct str header)
{
	return coding_accept(header, true, true);
}

TEST(the_coding_the_client_likes_best_is_taken)
{
	assert_int_equal(coding(S("")), CODING_IDENTITY);
	assert_int_equal(coding(S("gzip, deflate, br")), CODING_BROTLI);
	assert_int_equal(coding(S("gzip")), CODING_GZIP);
	assert_int_equal(coding(S("x-gzip")), CODING_GZIP);
	assert_int_equal(coding(S("BR")), CODING_BROTLI);
	assert_int_equal(coding(S("gzip;q=1.0, br;q=0.9")), CODING_GZIP);
	assert_int_equal(coding(S("gzip ; q=0.001")), CODING_GZIP);
	assert_int_equal(coding(S("*")), CODING_BROTLI);
	assert_int_equal(coding(S("*;q=0.5, br;q=0")), CODING_GZIP);
	assert_int_equal(coding(S("br;q=0, gzip;q=0, *")), CODING_IDENTITY);
	assert_int_equal(coding(S("identity, br;q=0.5")), CODING_IDENTITY);
	assert_int_equal(coding(S("br;q=2, gzip;q=x, ;;,,=")), CODING_IDENTITY);
	assert_int_equal(coding_accept(S("br"), true, false), CODING_IDENTITY);
	assert_int_equal(coding_accept(S("br, gzip"), true, false), CODING_GZIP);
}

TEST(media_types_are_compared_without_parameters)
{
	struct str boundary;
	assert_true(media_type_is(S("Text/HTML; charset=utf-8"), S("text/html")));
	assert_false(media_type_is(S("text/htmlx"), S("text/html")));
	assert_true(multipart_boundary(S("multipart/form-data; boundary=abc"), &boundary));
	assert_str(boundary, S("abc"));
	assert_true(multipart_boundary(S("multipart/form-data; charset=x; Boundary=\"a;b c\""), &boundary));
	assert_str(boundary, S("a;b c"));
	assert_false(multipart_boundary(S("multipart/form-data"), &boundary));
	assert_false(multipart_boundary(S("multipart/form-data; boundary=\"abc"), &boundary));
	assert_false(multipart_boundary(S("multipart/mixed; boundary=abc"), &boundary));
}

TEST(a_body_in_memory_is_cleared)
{
	struct body b = body_in(mem);
	assert_status(body_add(&b, S("password=copper")), OK);
	const char *at = b.memory.at;
	size_t len = b.len;
	body_close(&b);
	for (size_t i = 0; i < len; i++) assert_int_equal(at[i], 0);
}

TEST(a_large_body_moves_to_a_file_and_comes_back_whole)
{
	struct body b = body_in(mem);
	char piece[1000];
	for (int i = 0; i < 200; i++) {
		memset(piece, 'a' + i % 26, sizeof piece);
		assert_status(body_add(&b, (struct str){ piece, sizeof piece }), OK);
	}
	assert_true(b.fd >= 0);
	struct str all;
	assert_status(body_bytes(&b, &all), OK);
	assert_int_equal(all.len, 200000);
	for (size_t i = 0; i < all.len; i++) assert_int_equal(all.at[i], 'a' + (int)(i / 1000) % 26);
	body_close(&b);
}

TEST(a_wiped_arena_holds_nothing_of_before)
{
	struct arena *a = arena_new();
	struct str one = str_keep(a, S("copper meadow 17 umbrella"));
	char *large = arena_alloc(a, 100000);
	memset(large, 'x', 100000);
	arena_wipe(a);
	for (size_t i = 0; i < one.len; i++) assert_int_equal(one.at[i], 0);
	for (size_t i = 0; i < 100000; i++) assert_int_equal(large[i], 0);
	arena_free(a);
}
