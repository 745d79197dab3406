/* tests/formats/mime.c: addresses are one or none, and what a mail refuses (recovery-cases 26 to 28).
 * What mails look like to another parser: mime_check.py. */
#include "test.h"

#include <pthread.h>

#include "formats/mime.h"
#include "formats/mime_read.h"
#include "formats/mime_header.h"

static void assert_address(struct str typed, struct str read)
{
	struct mime_address a;
	if (!mime_address(mem, typed, &a)) fail_msg("refused: %.*s", STR_ARG(typed));
	assert_str(a.text, read);
}

static void assert_no_address(struct str typed)
{
	struct mime_address a;
	if (mime_address(mem, typed, &a)) fail_msg("taken: %.*s as %.*s", STR_ARG(typed), STR_ARG(a.text));
}

TEST(an_address_is_kept_as_it_is_written)
{
	static const struct str right[] = {
		{ STR("jeanne@example.org") },
		{ STR("Jeanne.Du-Lac@Tickets.example.org") },
		{ STR("plus+tag@example.org") },
		{ STR("o'hara@example.org") },
		{ STR("a@b.co") },
		{ STR("root@localhost") },
		{ STR("\"quoted.local\"@example.org") },
		{ STR("\"a@b\"@example.org") },
		{ STR("\"a\\\"b\"@example.org") },
		{ STR("!#$%&'*+-/=?^_`{|}~@example.org") },
		{ STR("x@r3---sn-abc.example") },
		{ STR("x@1and1.example") },
	};
	for (size_t i = 0; i < COUNT(right); i++) assert_address(right[i], i == 1 ? S("Jeanne.Du-Lac@tickets.example.org") : right[i]);
}

TEST(a_domain_in_any_script_and_form_is_one_domain)
{
	assert_address(S("a@zürich.example"), S("a@xn--zrich-kva.example"));
	assert_address(S("a@ZÜRICH.example"), S("a@xn--zrich-kva.example"));
	assert_address(S("a@zu\xcc\x88rich.example"), S("a@xn--zrich-kva.example")); /* u and a combining diaeresis */
	assert_address(S("a@xn--zrich-kva.example"), S("a@xn--zrich-kva.example"));
	assert_address(S("a@straße.example"), S("a@xn--strae-oqa.example")); /* not strasse: IDNA 2008 */
	assert_address(S("a@例え。example"), S("a@xn--r8jz45g.example"));	 /* the ideographic full stop parts labels */
}

TEST(what_is_not_exactly_one_address_is_refused)
{
	static const struct str wrong[] = {
		{ STR("") }, { STR("a") }, { STR("@") }, { STR("a@") }, { STR("@example.org") }, { STR("a@x.org\r\nBcc: all@x.org") },
		{ STR("a@x.org\nBcc: all@x.org") }, { STR("a\r\n@x.org") }, { STR("a@x.org,b@x.org") }, { STR("a@x.org;b@x.org") },
		{ STR("a@x.org b@x.org") }, { STR("a@x.org>,<b@x.org") }, { STR("<a@x.org>") }, { STR("Jeanne <a@x.org>") }, { STR("group: a@x.org;") },
		{ STR("@relay.org:a@x.org") }, { STR("a@x.org(comment)") }, { STR("(c)a@x.org") }, { STR("\"a b\"@x.org") }, { STR("\"a\\ b\"@x.org") },
		{ STR("\"a\r\nb\"@x.org") }, { STR("\"\"@x.org") }, { STR("\"a@x.org") }, { STR("\"a\"b@x.org") }, { STR("\"a\\") }, { STR("a@b@x.org") },
		{ STR(".a@x.org") }, { STR("a.@x.org") }, { STR("a..b@x.org") }, { STR(" a@x.org") }, { STR("a@x.org ") }, { STR("a@ x.org") },
		{ STR("a@x..org") }, { STR("a@.x.org") }, { STR("a@x.org.") }, { STR("a@-x.org") }, { STR("a@x_y.org") }, { STR("a@[127.0.0.1]") },
		{ STR("a@127.0.0.1") }, { STR("a@x.org\0b") }, { STR("a\0b@x.org") }, { STR("a\xff@x.org") }, { STR("a@x\xff.org") }, { STR("a@x.org\t") },
		{ STR("a\x7f@x.org") }, { STR("a\xc2\xa0@x.org") }, /* no-break space */
		{ STR("a\xe2\x80\xae@x.org") },						/* right-to-left override */
		{ STR("a\xe2\x80\x8b@x.org") },						/* zero width space */
		{ STR("a\xe3\x80\x80@x.org") },						/* ideographic space */
		{ STR("a@xn--a.org") },								/* no punycode */
	};
	for (size_t i = 0; i < COUNT(wrong); i++) assert_no_address(wrong[i]);
}

/* LOCAL letters, an @, and a domain of labels of 60 letters that makes TOTAL bytes. */
static struct str long_address(size_t local, size_t total)
{
	struct buf b = buf_in(mem);
	while (b.len < local) buf_add_char(&b, 'a');
	buf_add_char(&b, '@');
	while (b.len < total) buf_add_char(&b, (b.len - local) % 60 == 0 ? '.' : 'x');
	return buf_str(&b);
}

TEST(lengths_are_those_of_smtp)
{
	assert_address(long_address(64, 254), long_address(64, 254));
	assert_no_address(long_address(64, 255));
	assert_no_address(long_address(65, 200));
	assert_no_address(long_address(10, 300));
	assert_no_address(str_format(mem, "a@%s.org", "x123456789x123456789x123456789x123456789x123456789x123456789xxxx")); /* 64 */
	struct buf b = buf_in(mem);
	while (b.len < 1 << 20) buf_add(&b, S("ü"));
	assert_no_address(buf_str(&b));
	assert_no_address(str_format(mem, "a@%.*s", STR_ARG(buf_str(&b))));
}

TEST(a_local_part_beyond_ascii_needs_a_server_that_says_it_can)
{
	struct mime_address a;
	assert_true(mime_address(mem, S("jürg@zürich.example"), &a));
	assert_str(a.text, S("jürg@xn--zrich-kva.example"));
	assert_true(a.is_smtputf8);
	assert_true(mime_address(mem, S("juerg@zürich.example"), &a));
	assert_false(a.is_smtputf8);
}

static struct mail usual(void)
{
	return (struct mail){
		.from = { S("House"), S("house@example.org") },
		.to = { S("Jeanne"), S("jeanne@example.org") },
		.subject = S("Hello"),
		.text = S("Hello\n"),
		.language = S("en"),
		.message_id = S("1@example.org"),
	};
}

TEST(an_invalid_name_harms_nothing)
{
	struct str bytes;
	struct mail m = usual();
	m.to.name = S("a\xff\xc3\0b");
	m.subject = S("\xf0\x9f\r\nBcc: x@y");
	assert_status(mime_write(mem, &m, &bytes, NULL), OK);
	for (size_t i = 0; i < bytes.len; i++) assert_true(bytes.at[i] > 0);
	assert_true(str_find(bytes, S("\r\nBcc")) < 0);
}

/* GMime's own decoder, and so the programs built on it, stops at a padded word. */
TEST(a_long_subject_is_read_whole_where_padding_ends_a_word)
{
	struct str bytes, subject = S("Bestätigen Sie Ihre Adresse für Théâtre du Lac");
	struct mail m = usual();
	struct mime_shown shown;
	for (size_t cut = 0; cut < 11; cut++) { /* each place of the break */
		m.subject = str_part(subject, cut, subject.len);
		if (!str_is_text(m.subject)) continue;
		assert_status(mime_write(mem, &m, &bytes, NULL), OK);
		assert_status(mime_read(mem, bytes, &shown), OK);
		assert_str(shown.subject, m.subject);
	}
}

TEST(every_wrong_field_is_named_at_once)
{
	struct str bytes;
	struct problem why = problem_in(mem);
	struct mail m = usual();
	m.from.address = S("nobody");
	m.to.address = S("a@x.org, b@x.org");
	m.text = S("\xff");
	assert_status(mime_write(mem, &m, &bytes, &why), REFUSED);
	assert_int_equal(problem_at(&why, "from")->message, MSG_MAIL_ADDRESS);
	assert_int_equal(problem_at(&why, "to")->message, MSG_MAIL_ADDRESS);
	assert_int_equal(problem_at(&why, "text")->message, MSG_MAIL_MALFORMED);
	assert_null(problem_at(&why, "message_id"));
	assert_int_equal(bytes.len, 0);
}

static void *write_many(void *same)
{
	struct arena *a = arena_new();
	struct mail m = usual();
	bool is_same = true;
	m.html = S("<p>Hello</p>");
	for (int i = 0; i < 200; i++) {
		struct str bytes;
		is_same = mime_write(a, &m, &bytes, NULL) == OK && str_eq(bytes, *(struct str *)same) && is_same;
		arena_reset(a);
	}
	arena_free(a);
	return is_same ? same : NULL;
}

TEST(threads_write_mails_side_by_side)
{
	pthread_t thread[4];
	struct str same;
	struct mail m = usual();
	m.html = S("<p>Hello</p>");
	assert_status(mime_write(mem, &m, &same, NULL), OK);
	for (size_t i = 0; i < COUNT(thread); i++) assert_int_equal(pthread_create(&thread[i], NULL, write_many, &same), 0);
	for (size_t i = 0; i < COUNT(thread); i++) {
		void *result;
		pthread_join(thread[i], &result);
		assert_ptr_equal(result, &same);
	}
}
