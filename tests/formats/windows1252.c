/* Text for Windows-1252, against what the GNU C library's own converter says of each byte. */
#include "test.h"

#include <iconv.h>

#include "formats/windows1252.h"

TEST(each_byte_comes_back_as_the_library_reads_it)
{
	iconv_t to_utf8 = iconv_open("UTF-8", "WINDOWS-1252");
	int read = 0;
	for (int byte = 1; byte < 256; byte++) {
		char in = (char)byte, out[8], *from = &in, *to = out;
		size_t in_left = 1, out_left = sizeof out;
		if (iconv(to_utf8, &from, &in_left, &to, &out_left) == (size_t)-1) continue;
		bool is_changed;
		struct str got = windows_1252(mem, (struct str){ out, sizeof out - out_left }, &is_changed);
		assert_false(is_changed);
		assert_int_equal(got.len, 1);
		assert_int_equal((unsigned char)got.at[0], byte);
		read++;
	}
	iconv_close(to_utf8);
	assert_int_equal(read, 250); /* five bytes stand for nothing */
}

TEST(what_it_lacks_is_written_by_its_parts)
{
	static const struct {
		const char *from, *to;
	} cases[] = { { "Łukasz Şahin", "Lukasz Sahin" }, { "Nguyễn", "Nguyen" }, { "đurđević", "durdevic" }, { "ﬁn", "fin" }, { "日本", "??" },
		{ "a\xE2\x80\x8B"
		  "b",
			"ab" } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool is_changed;
		struct str shown = windows_1252_shown(mem, str_of(cases[i].from), &is_changed);
		assert_true(is_changed);
		assert_str(shown, str_of(cases[i].to));
	}
}
