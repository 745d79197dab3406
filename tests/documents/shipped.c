/* What ships: each class in four languages, each template fit for its class. */
#include "test.h"

#include "documents/template.h"
#include "theatre.h"

TEST(each_class_ships_in_four_languages_and_each_template_passes_its_check)
{
	assert_int_equal(shipped_template_count, DOCUMENT_CLASSES * LANGUAGES);
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		const struct document_class_info *class = document_class((enum document_class)c);
		int found = 0;
		for (size_t i = 0; i < shipped_template_count; i++) {
			const struct shipped_template *s = &shipped_templates[i];
			struct str rest = str_part(str_of(s->name), strlen(class->type_code), strlen(s->name));
			if (!str_starts(str_of(s->name), str_of(class->type_code)) || rest.len != sizeof "_en.docx" - 1) continue;
			struct docx *docx;
			struct problem why = problem_in(mem);
			assert_status(docx_read(mem, (struct str){ s->at, (size_t)(s->end - s->at) }, (struct docx_limits){ 0 }, &docx, &why), OK);
			if (docx_check(docx, class->fields, class->field_count, &why)) {
				struct str words = lang_problem(mem, LANG_EN, &why);
				fail_msg("%s: %.*s", s->name, STR_ARG(words));
			}
			found++;
		}
		assert_int_equal(found, LANGUAGES);
	}
}

static enum status install(struct conn *db, void *arg)
{
	return document_types_install(db, ((struct theatre *)arg)->institution);
}

TEST(a_house_begins_with_a_type_of_each_class_in_four_languages)
{
	struct theatre t = theatre_open();
	in_write(t.db, install, &t);
	for (int c = 0; c < DOCUMENT_CLASSES; c++)
		for (int l = 0; l < LANGUAGES; l++) {
			enum language got = (enum language)l;
			int64_t template;
			assert_status(
				template_in_force(t.db, &(struct template_wanted){ .institution = t.institution, .class = (enum document_class)c }, &got, &template),
				OK);
			assert_int_equal(got, l);
		}
	assert_int_equal(sql_number(t.db, "SELECT count(*) FROM document_type WHERE code = 'STX_PASSWORD_RESET' AND is_active"), 1);
	theatre_close(&t);
}
