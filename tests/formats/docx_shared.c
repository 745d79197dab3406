/* tests/formats/docx_shared.c: documents as Word and others saved them, from the folder PARTERRE_SHARED (default ../shared); skipped without it. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "docx_build.h"
#include "formats/docx_tree.h"

static struct str folder(void)
{
	const char *shared = getenv("PARTERRE_SHARED");
	return str_format(mem, "%s/data/docx%c", shared ? shared : "../shared", 0);
}

static struct str file_of(struct str folder, const char *name)
{
	FILE *f = fopen(str_format(mem, "%s/%s%c", folder.at, name, 0).at, "rb");
	if (!f) return S("");
	struct buf b = buf_in(mem);
	size_t n;
	while ((n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0) buf_added(&b, n);
	fclose(f);
	return buf_str(&b);
}

static struct docx *shared(const char *name)
{
	struct str bytes = file_of(folder(), name);
	if (bytes.len == 0) skip();
	return docx_of(bytes);
}

TEST(every_real_document_is_read_with_its_merge_fields_in_order)
{
	struct str list = file_of(folder(), "merge-fields.json");
	if (list.len == 0) skip();
	json_t *expected = json_loadb(list.at, list.len, 0, NULL);
	assert_non_null(expected);
	const char *name;
	json_t *fields;
	json_object_foreach(expected, name, fields)
	{
		struct docx_use *uses;
		size_t n = docx_fields(mem, shared(name), &uses), found = 0;
		for (size_t i = 0; i < n; i++) {
			if (uses[i].instruction.len == 0) continue;
			const char *want = json_string_value(json_array_get(fields, found++));
			if (!want) fail_msg("%s: one more field, %.*s", name, STR_ARG(uses[i].instruction));
			assert_str(uses[i].instruction, str_of(want));
		}
		if (found != json_array_size(fields)) fail_msg("%s: %zu fields instead of %zu", name, found, json_array_size(fields));
	}
	json_decref(expected);
}

/* The document's text with each field as ‹its name›. These have no subject, which is a fault of templates, not of documents: one is put in. */
static struct str text_of_shared(const char *name)
{
	struct docx *d = shared(name);
	static struct docx_node subject = { .kind = DOCX_TEXT, .text = { STR("subject") } };
	d->faults.first = NULL;
	if (!d->subject.first) docx_append(&d->subject, &subject);
	struct docx_use *uses;
	size_t n = docx_fields(mem, d, &uses);
	struct docx_value *values = ARENA_ARRAY(mem, struct docx_value, n + 1);
	for (size_t i = 0; i < n; i++) values[i] = (struct docx_value){ .name = uses[i].name, .text = str_format(mem, "‹%.*s›", STR_ARG(uses[i].name)) };
	struct docx_merged *m;
	assert_status(docx_merge(mem, d, (struct docx_values){ values, n }, S("en"), &m, NULL), OK);
	return docx_text(mem, m);
}

TEST(words_of_windows_word_come_in_reading_order)
{
	assert_str(text_of_shared("mailmerge-winword2010.docx"),
		S("‹Titel› ‹Voornaam› ‹Achternaam›\n‹Adresregel_1›\n‹Postcode› ‹Plaats› ‹Provincie› ‹Land_of_regio›\n\nGroningen,\n\nDear ‹Voornaam›,\n\n"
		  "I hope this document from WinWord 2010 finds you well.\n\nKind regards,\ndocx-mailmerge.\n"));
}

TEST(comments_are_left_out_and_what_they_are_about_is_kept)
{
	assert_str(text_of_shared("docx4j-alternate-content.docx"), S("Hello.\n"));
}

TEST(headers_stand_before_and_footers_after)
{
	assert_str(text_of_shared("docx4j-header-footer.docx"), S("My header\nSingle section with simple header/footer.\n\nMy footer\n"));
}

TEST(a_main_part_of_another_name_is_found)
{
	assert_true(text_of_shared("docx4j-word-online.docx").len > 1);
}

TEST(switches_of_merge_fields_choose_the_letters)
{
	struct str text = text_of_shared("docx4j-mergefield.docx");
	assert_holds(text, "all caps ‹KUNDENNAME›");
	assert_true(has_finding(docx_remarks(shared("docx4j-mergefield.docx")), MSG_DOCX_FORMAT_IGNORED));
}

TEST(lists_tables_and_struck_text_read_as_they_look)
{
	assert_str(text_of_shared("mammoth-simple-list.docx"), S("- Apple\n- Banana\n"));
	assert_str(text_of_shared("mammoth-tables.docx"), S("Above\n\nTop left     Top right\nBottom left  Bottom right\n\nBelow\n"));
	assert_str(text_of_shared("mailmerge-merge_table_rows.docx"),
		S("Grades\n======\n\n‹student_name› received the grades for ‹study_name› in the table below.\n\nClass Code    Class Name    Grade\n"
		  "‹class_code›  ‹class_name›  ‹class_grade›\nTHESIS        Final thesis  ‹thesis_grade›\n"));
}
