/* tests/formats/docx_samples.c: the templates that are shipped: read, within their class's fields, merged as the example in the design. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "docx_build.h"

static struct str file_of(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) fail_msg("%s can't be opened: run the tests in the project's root", path);
	struct buf b = buf_in(mem);
	size_t n;
	while ((n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0) buf_added(&b, n);
	fclose(f);
	return buf_str(&b);
}

static const char *const languages[] = { "en", "fr", "de", "it" };

#define TEXT_FIELD(n, e)                                   \
	{                                                      \
		{ STR(n) }, { STR(e) }, FIELD_TEXT, false, NULL, 0 \
	}
#define CONDITION_FIELD(n)                                          \
	{                                                               \
		{ STR(n) }, { STR("yes") }, FIELD_CONDITION, false, NULL, 0 \
	}
#define URL_FIELD(n, e, is_required)                              \
	{                                                             \
		{ STR(n) }, { STR(e) }, FIELD_URL, (is_required), NULL, 0 \
	}
#define HOUSE_FIELDS                                                                                         \
	TEXT_FIELD("institution.name", "Théâtre du Lac"), TEXT_FIELD("shop.name", "Théâtre du Lac"),             \
		TEXT_FIELD("shop.email", "tickets@theatredulac.example"), TEXT_FIELD("shop.phone", "032 555 01 10"), \
		TEXT_FIELD("request.time", "Wed 11 Nov 2026, 14:32")
#define BUYER_FIELDS                                                                                     \
	HOUSE_FIELDS, TEXT_FIELD("contact.first_name", "Jeanne"), TEXT_FIELD("contact.last_name", "Rochat"), \
		TEXT_FIELD("account.email", "jeanne@example.org"), URL_FIELD("shop.url", "https://tickets.theatredulac.example/", false)
#define LINK_FIELDS                                                                                                   \
	URL_FIELD("link.url",                                                                                             \
		"https://tickets.theatredulac.example/"                                                                       \
		"reset-password?token=AQAAAAdSm2k4YqT1cW8nZr0PzE5vXhVJ3uLdQf6tGyB9wKsCoN7iRaMxDpUeHlO2jFbAqTzWvYc8nRkP4mXsE1" \
		"uJdGh5tQwLyB7oCfZiNaVrKx3pM0S",                                                                              \
		true),                                                                                                        \
		TEXT_FIELD("link.valid_until", "Fri 13 Nov 2026, 14:32"), TEXT_FIELD("link.valid_hours", "48")

static const struct field_declaration house_fields[] = { HOUSE_FIELDS };
static const struct field_declaration buyer_fields[] = { BUYER_FIELDS };
static const struct field_declaration link_fields[] = { BUYER_FIELDS, LINK_FIELDS };
static const struct field_declaration reset_fields[] = { BUYER_FIELDS, LINK_FIELDS, CONDITION_FIELD("is_invitation"), CONDITION_FIELD("is_reset"),
	CONDITION_FIELD("by_operator") };

static const struct {
	const char *name;
	const struct field_declaration *fields;
	size_t count;
	bool has_link;
} classes[] = {
	{ "STX_PASSWORD_RESET", reset_fields, COUNT(reset_fields), true },
	{ "STX_PASSWORD_CHANGED", buyer_fields, COUNT(buyer_fields), false },
	{ "STX_CONFIRM_EMAIL", link_fields, COUNT(link_fields), true },
	{ "STX_ACCOUNT_EXISTS", buyer_fields, COUNT(buyer_fields), false },
	{ "STX_ACCOUNT_BLOCKED", buyer_fields, COUNT(buyer_fields), false },
	{ "STX_TEST_MAIL", house_fields, COUNT(house_fields), false },
};

static struct docx *sample(const char *name, const char *language)
{
	return docx_of(file_of(str_format(mem, "templates/documents/%s_%s.docx%c", name, language, 0).at));
}

static struct docx_values examples(size_t class, bool is_invitation, bool by_operator)
{
	struct docx_values v = docx_examples(mem, classes[class].fields, classes[class].count);
	for (size_t i = 0; i < v.count; i++) {
		struct docx_value *x = (struct docx_value *)(uintptr_t)&v.at[i];
		if (str_eq(x->name, S("is_invitation"))) x->is_true = is_invitation;
		if (str_eq(x->name, S("is_reset"))) x->is_true = !is_invitation;
		if (str_eq(x->name, S("by_operator"))) x->is_true = by_operator;
		if (str_eq(x->name, S("link.url"))) x->must_appear = true;
	}
	return v;
}

TEST(every_template_is_read_without_a_remark_and_uses_fields_of_its_class_only)
{
	for (size_t c = 0; c < COUNT(classes); c++)
		for (size_t l = 0; l < COUNT(languages); l++) {
			struct docx *d = sample(classes[c].name, languages[l]);
			struct problem why = problem_in(mem);
			assert_null(docx_remarks(d)->first);
			if (docx_check(d, classes[c].fields, classes[c].count, &why))
				fail_msg("%s_%s: message %d %.*s", classes[c].name, languages[l], (int)why.first->message, STR_ARG(why.first->args[0].text));
		}
}

TEST(every_template_makes_a_mail_in_which_html_and_text_hold_the_same_link)
{
	struct str link = link_fields[COUNT(link_fields) - 3].example;
	for (size_t c = 0; c < COUNT(classes); c++)
		for (size_t l = 0; l < COUNT(languages); l++)
			for (int way = 0; way < 4; way++) {
				struct docx_merged *m;
				struct problem why = problem_in(mem);
				assert_status(
					docx_merge(mem, sample(classes[c].name, languages[l]), examples(c, way & 1, way & 2), str_of(languages[l]), &m, &why), OK);
				struct str html = html_of(m), text = docx_text(mem, m);
				assert_true(docx_subject(mem, m).len > 0);
				assert_false(holds(html, S("{{")) || holds(text, S("{{")) || holds(html, S("«")) != holds(text, S("«")));
				assert_int_equal(holds(html, str_format(mem, "href=\"%.*s\"", STR_ARG(link))), classes[c].has_link);
				assert_int_equal(holds(text, str_format(mem, "\n%.*s\n", STR_ARG(link))), classes[c].has_link);
			}
}

TEST(the_reset_mail_reads_as_designed)
{
	struct docx_merged *m;
	assert_status(docx_merge(mem, sample("STX_PASSWORD_RESET", "en"), examples(0, false, false), S("en"), &m, NULL), OK);
	assert_str(docx_subject(mem, m), S("Reset your password at Théâtre du Lac"));
	assert_str(docx_text(mem, m),
		S("Reset your password\n===================\n\nDear Jeanne Rochat,\n\n"
		  "On Wed 11 Nov 2026, 14:32 somebody asked for a new password for your\naccount at Théâtre du Lac, jeanne@example.org. If that was you, "
		  "choose\n"
		  "one here:\n\n"
		  "https://tickets.theatredulac.example/"
		  "reset-password?token=AQAAAAdSm2k4YqT1cW8nZr0PzE5vXhVJ3uLdQf6tGyB9wKsCoN7iRaMxDpUeHlO2jFbAqTzWvYc8nRkP4mXsE1"
		  "uJdGh5tQwLyB7oCfZiNaVrKx3pM0S\n\n"
		  "The link works once, until Fri 13 Nov 2026, 14:32 (48 hours). You will\nbe signed in afterwards and can go on where you were.\n\n"
		  "If it wasn’t you, there is nothing to do: your password stays as it is.\nIf this mail keeps coming, please tell us.\n\n"
		  "Théâtre du Lac\nBox office 032 555 01 10 · tickets@theatredulac.example\n"));
}

TEST(a_contact_without_a_name_is_greeted_too)
{
	struct docx_values v = examples(0, false, false);
	for (size_t i = 0; i < v.count; i++)
		if (str_starts(v.at[i].name, S("contact."))) ((struct docx_value *)(uintptr_t)&v.at[i])->text = S("");
	struct docx_merged *m;
	assert_status(docx_merge(mem, sample("STX_PASSWORD_RESET", "de"), v, S("de"), &m, NULL), OK);
	assert_holds(docx_text(mem, m), "\n\nGuten Tag\n\n");
}

/* The files are made by a script from words; whoever changes the words runs it. */
TEST(the_committed_files_are_what_the_script_makes)
{
	char folder[] = "/tmp/parterre-samples-XXXXXX";
	assert_non_null(mkdtemp(folder));
	struct str command = str_format(mem,
		"PYTHONDONTWRITEBYTECODE=1 python3 tools/samples.py %s && diff -r %s templates/documents >&2; said=$?; rm -r %s; exit $said%c", folder,
		folder, folder, 0);
	int said = system(command.at);
	assert_true(WIFEXITED(said));
	assert_int_equal(WEXITSTATUS(said), 0);
}
