/* tests/base/str.c: text with a length. */
#include "test.h"

TEST(numbers_are_read_whole_or_not_at_all)
{
	int64_t n = 7;
	assert_true(str_int64(S("-9223372036854775808"), &n));
	assert_true(n == INT64_MIN);
	assert_true(str_int64(S("9223372036854775807"), &n));
	assert_true(n == INT64_MAX);
	assert_false(str_int64(S("9223372036854775808"), &n));
	assert_false(str_int64(S("12a"), &n));
	assert_false(str_int64(S(" 12"), &n));
	assert_false(str_int64(S(""), &n));
	assert_false(str_int64(S("-"), &n));
}

TEST(text_is_valid_utf8_without_nul)
{
	assert_true(str_is_text(S("Zürich \xf0\x9f\x8e\xad")));
	assert_false(str_is_text(S("a\0b")));
	assert_false(str_is_text(S("\xc0\xaf")));		  /* overlong */
	assert_false(str_is_text(S("\xed\xa0\x80")));	  /* surrogate */
	assert_false(str_is_text(S("\xf4\x90\x80\x80"))); /* beyond U+10FFFF */
	assert_false(str_is_text(S("\xe2\x82")));		  /* cut off */
}

TEST(control_characters_are_found_in_ascii_and_utf8)
{
	assert_true(str_has_control(S("a\nb")));
	assert_true(str_has_control(S("a\xc2\x85"
								  "b")));
	assert_false(str_has_control(S("a\xc2\xa0"
								   "b é")));
}

TEST(base64url_has_one_spelling)
{
	struct str bytes;
	assert_str(str_base64url(mem, S("\xff\xfe")), S("__4"));
	assert_true(str_from_base64url(mem, S("__4"), &bytes));
	assert_str(bytes, S("\xff\xfe"));
	assert_false(str_from_base64url(mem, S("__5"), &bytes)); /* spare bits set */
	assert_false(str_from_base64url(mem, S("__4="), &bytes));
	assert_false(str_from_base64url(mem, S("//4"), &bytes));
	assert_false(str_from_base64url(mem, S("_"), &bytes));
}

TEST(base64url_is_right_at_every_length)
{
	static const char *const texts[] = { "", "AA", "AAE", "AAEC", "AAECAw", "AAECAwQ", "AAECAwQF", "AAECAwQFBg" };
	const struct str counting = S("\0\1\2\3\4\5\6");
	for (size_t len = 0; len < COUNT(texts); len++) {
		struct str bytes = str_part(counting, 0, len), again;
		assert_str(str_base64url(mem, bytes), str_of(texts[len]));
		assert_true(str_from_base64url(mem, str_of(texts[len]), &again));
		assert_str(again, bytes);
	}
}

/* Text is looked at in pieces of several bytes; none may slip through between two. */
TEST(markup_is_escaped_wherever_it_stands)
{
	static const struct {
		char byte;
		struct str entity;
	} marks[] = { { '&', { STR("&amp;") } }, { '<', { STR("&lt;") } }, { '>', { STR("&gt;") } }, { '"', { STR("&quot;") } },
		{ '\'', { STR("&#39;") } } };
	enum { LONGEST = 50 };
	for (size_t len = 1; len <= LONGEST; len++)
		for (size_t at = 0; at < len; at++)
			for (size_t m = 0; m < COUNT(marks); m++) {
				char text[LONGEST];
				memset(text, '\xa6', sizeof text); /* & with the high bit set, which is no & */
				text[at] = marks[m].byte;
				struct buf b = buf_in(mem), want = buf_in(mem);
				buf_add(&want, (struct str){ text, at });
				buf_add(&want, marks[m].entity);
				buf_add(&want, (struct str){ text + at + 1, len - at - 1 });
				buf_add_escaped(&b, (struct str){ text, len });
				assert_str(buf_str(&b), buf_str(&want));
			}
}

TEST(markup_in_values_is_escaped)
{
	struct buf b = buf_in(mem);
	buf_add_escaped(&b, S("<a href=\"x\">'&'</a>"));
	assert_str(buf_str(&b), S("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"));
}

TEST(blanks_and_no_break_spaces_are_trimmed)
{
	assert_str(str_trim(S("\xc2\xa0 \t a b \r\n\xc2\xa0")), S("a b"));
	assert_str(str_trim(S(" \xc2\xa0")), S(""));
}

TEST(a_buffer_grows_in_place_while_it_is_last)
{
	struct buf b = buf_in(mem);
	for (int i = 0; i < 10000; i++) buf_add(&b, S("0123456789"));
	assert_int_equal(b.len, 100000);
	assert_true(arena_size(mem) < 1000000);
	for (size_t i = 0; i < b.len; i++) assert_int_equal(b.at[i], '0' + (int)(i % 10));
}

TEST(pieces_are_cut_at_a_character)
{
	struct str rest = S("a,,b"), piece;
	assert_true(str_next(&rest, ',', &piece));
	assert_str(piece, S("a"));
	assert_true(str_next(&rest, ',', &piece));
	assert_str(piece, S(""));
	assert_true(str_next(&rest, ',', &piece));
	assert_str(piece, S("b"));
	assert_false(str_next(&rest, ',', &piece));
}
