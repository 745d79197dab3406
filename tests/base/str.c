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
