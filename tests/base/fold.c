/* tests/base/fold.c: what counts as the same text. */
#include "test.h"

#include "base/fold.h"

TEST(composed_and_decomposed_letters_are_one)
{
	assert_str(text_nfc(mem, S("e\xcc\x81t\xc3\xa9")), S("\xc3\xa9t\xc3\xa9"));
}

TEST(case_is_folded_but_look_alikes_stay_apart)
{
	assert_str(text_fold_case(mem, S("MIKE")), S("mike"));
	assert_str(text_fold_case(mem, S("M\xc4\xb1KE")), S("m\xc4\xb1ke")); /* dotless i is a letter of its own */
	assert_str(text_fold_case(mem, S("Stra\xc3\x9f"
									 "e")),
		S("strasse"));
	assert_str(text_fold_case(mem, S("\xe2\x84\xaa")), S("k")); /* the Kelvin sign is K by its normal form */
}

TEST(names_are_found_without_accents_ligatures_and_punctuation)
{
	assert_str(
		text_fold_search(mem, S("  M\xc3\xbcller-L\xc3\xbcthi, \xc5\x92uvre d\xe2\x80\x99\xc3\x89t\xc3\xa9 ")), S("muller luthi oeuvre d ete"));
	assert_str(text_fold_search(mem, S("Gro\xc3\x9f \xc3\x98rsted \xc5\x81\xc3\xb3"
									   "d\xc5\xba")),
		S("gross orsted lodz"));
}

TEST(a_domain_has_one_form)
{
	struct str ascii;
	assert_true(idna_to_ascii(mem,
		S("B\xc3\xbc"
		  "cher.Example"),
		&ascii));
	assert_str(ascii, S("xn--bcher-kva.example"));
	assert_true(idna_to_ascii(mem, S("xn--bcher-kva.example"), &ascii));
	assert_str(ascii, S("xn--bcher-kva.example"));
	assert_false(idna_to_ascii(mem, S("a_b.example"), &ascii));
	assert_false(idna_to_ascii(mem, S("a..example"), &ascii));
	assert_false(idna_to_ascii(mem, S(""), &ascii));
	assert_false(idna_to_ascii(mem, S("xn--a-\xc3\xbc.example"), &ascii));
}
