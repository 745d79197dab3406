/* tests/formats/docx_merge.c: fields, conditions, repeats, values. */
#include "docx_build.h"

TEST(a_field_is_filled_in)
{
	assert_str(text_of(P("Dear {{contact.first_name}},"), VALUES(TEXT_VALUE("contact.first_name", "Jeanne"))), S("Dear Jeanne,\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("contact.first_name") "</w:p>", VALUES(TEXT_VALUE("contact.first_name", "Jeanne"))), S("Jeanne\n"));
}
