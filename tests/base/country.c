/* tests/base/country.c: countries as an address form offers them. */
#include "test.h"

#include "base/country.h"

TEST(switzerland_and_its_neighbours_come_first)
{
	size_t count;
	struct country *list = country_list(mem, LANG_DE, &count);
	assert_true(count > 240);
	assert_str(list[0].code, S("CH"));
	assert_str(list[0].name, S("Schweiz"));
	assert_str(list[5].name, S("\xc3\x96sterreich"));
}

TEST(the_rest_is_sorted_as_the_language_does)
{
	size_t count, egypt = 0, zambia = 0;
	struct country *list = country_list(mem, LANG_DE, &count);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(list[i].code, S("EG"))) egypt = i;  /* Ägypten */
		if (str_eq(list[i].code, S("ZM"))) zambia = i; /* Sambia */
	}
	assert_true(egypt > 5 && egypt < zambia);
}

TEST(only_iso_codes_are_countries)
{
	assert_true(country_known(S("CH")));
	assert_false(country_known(S("ch")));
	assert_false(country_known(S("XX")));
	assert_false(country_known(S("")));
}
