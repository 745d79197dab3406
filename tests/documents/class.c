/* The classes and their dictionaries. */
#include "test.h"

#include "documents/class.h"
#include "documents/template.h"

TEST(a_class_is_found_by_its_code)
{
	enum document_class found;
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		assert_true(document_class_from_code(str_of(document_class((enum document_class)c)->code), &found));
		assert_int_equal(found, c);
	}
	assert_false(document_class_from_code(S("reset-passwor"), &found));
	assert_false(document_class_from_code(S(""), &found));
}

TEST(a_dictionary_names_each_field_once_with_an_example)
{
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		const struct document_class_info *class = document_class((enum document_class)c);
		for (size_t i = 0; i < class->field_count; i++) {
			if (document_field((enum document_class)c, class->fields[i].name) != &class->fields[i])
				fail_msg("%s has %.*s twice", class->code, STR_ARG(class->fields[i].name));
			if (class->fields[i].kind == FIELD_LIST) assert_true(class->fields[i].item_count > 0);
			else if (class->fields[i].kind != FIELD_CONDITION) assert_true(class->fields[i].example.len > 0);
		}
	}
}

TEST(a_mail_with_a_link_requires_it_and_the_others_cannot_have_one)
{
	assert_true(document_field(CLASS_RESET_PASSWORD, S("link.url"))->is_required);
	assert_true(document_field(CLASS_CONFIRM_EMAIL, S("link.url"))->is_required);
	assert_null(document_field(CLASS_PASSWORD_CHANGED, S("link.url")));
	assert_null(document_field(CLASS_ACCOUNT_EXISTS, S("link.url")));
}
