/* tests/formats/qrbill_text.c: what is written for characters that a QR-bill cannot hold. */
#include "formats/qrbill_text.h"

#include "test.h"

static struct str cleaned(const char *text)
{
	struct qrbill_cleaning what;
	return qrbill_text_clean(mem, str_of(text), &what);
}

static const struct {
	const char *from, *to;
} pairs[] = {
	/* What may stand there stays: all of R06's corners. */
	{ "~!\"'<>&|", "~!\"'<>&|" },
	{ "\u00a1\u00ff\u0100\u017f\u0218\u0219\u021a\u021b\u20ac", "\u00a1\u00ff\u0100\u017f\u0218\u0219\u021a\u021b\u20ac" },
	{ "Œuvre, Łukasz, Ștefan, Țurcanu, ŵŷž", "Œuvre, Łukasz, Ștefan, Țurcanu, ŵŷž" },
	{ "1\u00a0000", "1\u00a0000" },
	/* Quotes, dashes and the like. */
	{ "‘a’ ‚b‛ “c” „d‟ ‹e›", "'a' 'b' \"c\" \"d\" <e>" },
	{ "2010–2011 — ‑ ‒ ― −5", "2010-2011 - - - - -5" },
	{ "…", "..." },
	{ "• ⁄ ‰ † ″", "- / o/oo + \"" },
	{ "→ ≤ ≥ ≠", "-> <= >= !=" },
	{ "₣ ₺ № ™ ℡", "Fr. TL No. TM TEL" },
	{ "Oʻahu Qurʼan", "O'ahu Qur'an" },
	/* Composed where that is enough. */
	{ "Zu\u0308rich", "Zürich" },
	{ "S\u0326tefan", "Ștefan" },
	/* Ligatures, wide and round forms. */
	{ "ﬁn ﬂott", "fin flott" },
	{ "ＡＢＣ１２", "ABC12" },
	{ "①②Ⅷ", "12VIII" },
	/* Letters with marks: as much of them as may stand there. */
	{ "Nguyễn Thế Phượng", "Nguyên Thê Phuong" },
	{ "Ǵǵ Ǧ m\u0308 ẞ ẅ", "Gg G m SS w" },
	{ "Ǎǎ Ǯ ʒ", "Aa Ž z" },
	{ "Əliyev Ɖ Ƶ ƒ", "Eliyev D Z f" },
	/* Other alphabets. */
	{ "Ελένη Παπαδοπούλου", "Eleni Papadopoyloy" },
	{ "Θ Ψ Χ Ω ς", "Th Ps Ch O s" },
	{ "Щукин Юрий Ёлкин", "Shchukin Iurii Elkin" },
	{ "Олександр Їжак Ґ", "Oleksandr Izhak G" },
	{ "Ђорђе Њ Џ", "Đorđe Nj Dž" },
	/* Blanks of all kinds, line ends, what nobody sees. */
	{ "a\tb\r\nc\u2028d\u3000e\u202ff", "a b c d e f" },
	{ "a\u200bb\u202ec\ufeffd\u00ade", "abcd\u00ade" },
	{ "❤\ufe0f", "." },
	{ "\x01\x1f\x7f", "" },
	{ "a\xc2\x85"
	  "b",
		"a b" },
	/* No counterpart. */
	{ "Danke 🙏!", "Danke .!" },
	{ "李明", ".." },
	{ "a\U0010ffffb", "a.b" },
	/* Blanks. */
	{ "  a   b  ", "a b" },
	{ "\u00a0a\u00a0", "a" },
	{ "   ", "" },
	{ "", "" },
};

TEST(each_pair_of_the_table)
{
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct str got = cleaned(pairs[i].from);
		if (!str_eq(got, str_of(pairs[i].to))) fail_msg("\"%s\" became \"%.*s\" and not \"%s\"", pairs[i].from, STR_ARG(got), pairs[i].to);
	}
}

TEST(cleaning_a_second_time_changes_nothing)
{
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct qrbill_cleaning what;
		struct str once = cleaned(pairs[i].from);
		assert_str(qrbill_text_clean(mem, once, &what), once);
		assert_int_equal(what.forbidden.len + what.replaced.len + what.had_surplus_blanks, 0);
	}
}

TEST(no_code_point_comes_out_that_may_not_stand_there)
{
	for (uint32_t c = 1; c <= 0x10ffff; c += c < 0x3000 || (c >= 0xf900 && c < 0x20000) ? 1 : 37) {
		if (c >= 0xd800 && c <= 0xdfff) continue;
		char bytes[8] = { 0 };
		if (c < 0x80) bytes[0] = (char)c;
		else if (c < 0x800) bytes[0] = (char)(0xc0 | c >> 6), bytes[1] = (char)(0x80 | (c & 0x3f));
		else if (c < 0x10000) bytes[0] = (char)(0xe0 | c >> 12), bytes[1] = (char)(0x80 | (c >> 6 & 0x3f)), bytes[2] = (char)(0x80 | (c & 0x3f));
		else
			bytes[0] = (char)(0xf0 | c >> 18), bytes[1] = (char)(0x80 | (c >> 12 & 0x3f)), bytes[2] = (char)(0x80 | (c >> 6 & 0x3f)),
			bytes[3] = (char)(0x80 | (c & 0x3f));
		struct qrbill_cleaning what;
		struct str once = qrbill_text_clean(mem, str_of(bytes), &what), again = qrbill_text_clean(mem, once, &what);
		if (what.forbidden.len || !str_eq(once, again)) fail_msg("U+%04X became \"%.*s\"", (unsigned)c, STR_ARG(once));
		if (c % 4096 == 0) arena_reset(mem);
	}
}

TEST(what_was_replaced_is_named_once_and_not_without_end)
{
	struct qrbill_cleaning what;
	qrbill_text_clean(mem, S("“a” “b” \x07"), &what);
	assert_str(what.forbidden, S("“, ”, U+0007"));
	assert_str(what.replaced, S("“ → \", ” → \", U+0007 → U+0020"));
	qrbill_text_clean(mem, S("一二三四五六七八九十"), &what);
	assert_str(what.forbidden, S("一, 二, 三, 四, 五, 六, 七, 八, …"));
	qrbill_text_clean(mem, S("Zu\u0308rich"), &what);
	assert_str(what.forbidden, S("U+0308"));
	assert_str(what.replaced, S(""));
}

TEST(a_text_of_which_nothing_is_left_is_told_apart)
{
	struct qrbill_cleaning what;
	qrbill_text_clean(mem, S("李明"), &what);
	assert_true(what.is_illegible);
	qrbill_text_clean(mem, S("李明 Li"), &what);
	assert_false(what.is_illegible);
	qrbill_text_clean(mem, S("Ελένη"), &what);
	assert_false(what.is_illegible);
	qrbill_text_clean(mem, S("…"), &what);
	assert_false(what.is_illegible);
}
