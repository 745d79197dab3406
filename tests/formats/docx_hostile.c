/* tests/formats/docx_hostile.c: files that were made to hurt (recovery-cases.md 49): refused with words, or read rightly. */
#include "docx_build.h"

TEST(what_is_no_archive_is_no_word_document)
{
	assert_refused(S(""), MSG_DOCX_NOT_WORD);
	assert_refused(S("Subject: hello"), MSG_DOCX_NOT_WORD);
	assert_refused(S("PK\x03\x04 and then nothing"), MSG_DOCX_NOT_WORD);
	assert_refused(zip_of((struct part[]){ { S("a.txt"), S("a") } }, 1), MSG_DOCX_NOT_WORD);
}

TEST(another_office_document_is_no_word_document)
{
	struct part parts[] = { { S("[Content_Types].xml"),
								S("<Types xmlns='" DOCX_PKG "content-types'><Override PartName='/xl/workbook.xml' "
								  "ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>") },
		{ S("_rels/.rels"), S("<Relationships xmlns='" DOCX_PKG "relationships'><Relationship Id='r1' Type='" DOCX_R
							  "/officeDocument' Target='xl/workbook.xml'/></Relationships>") },
		{ S("xl/workbook.xml"), S("<workbook/>") } };
	assert_refused(zip_of(parts, COUNT(parts)), MSG_DOCX_NOT_WORD);
}

TEST(a_password_or_the_old_format_is_named_as_such)
{
	assert_refused(S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 the rest of a compound file"), MSG_DOCX_ENCRYPTED);
}

TEST(an_encrypted_part_is_refused)
{
	struct str bytes = word_of(S(P("x")));
	/* The general purpose bit 0 and libzip's idea of the method stand in both headers. */
	char *at = (char *)(uintptr_t)bytes.at;
	for (size_t i = 0; i + 46 < bytes.len; i++) {
		if (memcmp(at + i, "PK\x01\x02", 4) == 0) at[i + 8] |= 1;
		if (memcmp(at + i, "PK\x03\x04", 4) == 0) at[i + 6] |= 1;
	}
	assert_refused(bytes, MSG_DOCX_ENCRYPTED);
}

TEST(macros_are_refused_whatever_the_file_is_called)
{
	struct part macro = { S("word/vbaProject.bin"), S("macro") };
	assert_refused(word_with(S(P("x")), S(""), &macro, 1), MSG_DOCX_MACROS);
	struct part parts[] = { { S("[Content_Types].xml"), S("<Types xmlns='" DOCX_PKG "content-types'><Override PartName='/word/document.xml' "
														  "ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>") },
		TOP_RELATIONS_PART, { S("word/document.xml"), S("<w:document xmlns:w='" DOCX_W "'><w:body/></w:document>") } };
	assert_refused(zip_of(parts, COUNT(parts)), MSG_DOCX_MACROS);
}

TEST(parts_with_names_that_lead_elsewhere_are_refused)
{
	static const struct str names[] = { { STR("../evil.xml") }, { STR("word/../../evil.xml") }, { STR("/etc/passwd") }, { STR("c:\\evil.xml") },
		{ STR("word/a\nb.xml") } };
	for (size_t i = 0; i < COUNT(names); i++) {
		struct part evil = { names[i], S("x") };
		assert_refused(word_with(S(P("x")), S(""), &evil, 1), MSG_DOCX_UNSAFE_NAME);
	}
}

TEST(a_part_that_is_there_twice_is_refused_also_in_other_letters)
{
	struct part twice = { S("Word/Document.XML"), S("x") };
	assert_refused(word_with(S(P("x")), S(""), &twice, 1), MSG_DOCX_DUPLICATE);
}

TEST(a_file_over_the_limit_is_not_even_opened)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S("PK\x03\x04"));
	memset(buf_room(&b, DOCX_BYTES_MAX), 0, DOCX_BYTES_MAX);
	buf_added(&b, DOCX_BYTES_MAX);
	assert_refused(buf_str(&b), MSG_DOCX_TOO_LARGE);
}

TEST(a_bomb_is_refused_by_what_it_declares)
{
	char *zeros = arena_alloc(mem, DOCX_UNPACKED_MAX);
	struct part bomb = { S("word/media/image1.png"), { zeros, DOCX_UNPACKED_MAX } };
	struct str bytes = word_with(S(P("x")), S(""), &bomb, 1);
	assert_true(bytes.len < 100000);
	assert_refused(bytes, MSG_DOCX_UNPACKED_TOO_LARGE);
}

TEST(a_bomb_that_declares_less_than_it_holds_is_refused_by_what_comes_out)
{
	struct buf xml = buf_in(mem);
	for (int i = 0; i < 20000; i++) buf_add(&xml, S(P("boom")));
	struct str bytes = word_of(buf_str(&xml));
	char *at = (char *)(uintptr_t)bytes.at;
	for (size_t i = 0; i + 46 + 17 < bytes.len; i++) /* the directory's size of word/document.xml becomes 1,000 */
		if (memcmp(at + i, "PK\x01\x02", 4) == 0 && memcmp(at + i + 46, "word/document.xml", 17) == 0) memcpy(at + i + 24, "\xe8\x03\0\0", 4);
	assert_refused(bytes, MSG_DOCX_PART_BROKEN);
}

TEST(an_archive_of_thousands_of_parts_is_refused)
{
	struct part *parts = ARENA_ARRAY(mem, struct part, 1100);
	for (int i = 0; i < 1100; i++) parts[i] = (struct part){ str_format(mem, "word/part%d.xml", i), S("x") };
	assert_refused(word_with(S(P("x")), S(""), parts, 1100), MSG_DOCX_TOO_MANY_PARTS);
}

static struct str with_document(struct str xml)
{
	struct part parts[] = { TYPES_PART, TOP_RELATIONS_PART, { S("word/document.xml"), xml } };
	return zip_of(parts, COUNT(parts));
}

TEST(a_document_type_ends_the_reading_so_no_entity_is_ever_expanded_or_fetched)
{
	assert_refused(with_document(S("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document xmlns:w='" DOCX_W
								   "'><w:body>" P("&x;") "</w:body></w:document>")),
		MSG_DOCX_DOCTYPE);
	assert_refused(
		with_document(S("<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
						"<w:document xmlns:w='" DOCX_W "'><w:body>" P("&c;") "</w:body></w:document>")),
		MSG_DOCX_DOCTYPE);
	assert_refused(with_document(S("<!DOCTYPE d SYSTEM 'http://127.0.0.1:9/x.dtd'><w:document xmlns:w='" DOCX_W "'/>")), MSG_DOCX_DOCTYPE);
}

TEST(broken_xml_is_refused_with_its_line)
{
	assert_refused(with_document(S("<w:document xmlns:w='" DOCX_W "'>\n<w:body><w:p></w:body></w:document>")), MSG_DOCX_XML_BROKEN);
	assert_refused(with_document(S("<w:document xmlns:w='" DOCX_W "'><w:body>" P("cut"))), MSG_DOCX_XML_BROKEN);
	assert_refused(with_document(S("")), MSG_DOCX_XML_BROKEN);
	assert_refused(with_document(S("<w:document xmlns:w='" DOCX_W "'><w:body>" P("\xff\xfe") "</w:body></w:document>")), MSG_DOCX_XML_BROKEN);
	assert_refused(with_document(S("<w:document xmlns:w='" DOCX_W "'><w:body>" P("&undeclared;") "</w:body></w:document>")), MSG_DOCX_XML_BROKEN);
}

TEST(xml_without_a_bottom_is_refused)
{
	struct buf b = buf_in(mem);
	for (int i = 0; i < 200; i++) buf_add(&b, S("<w:tbl><w:tr><w:tc>"));
	assert_refused(word_of(buf_str(&b)), MSG_DOCX_TOO_DEEP);
}

TEST(a_tree_without_end_is_refused)
{
	struct buf b = buf_in(mem);
	for (int i = 0; i < DOCX_NODES_MAX + 1; i++) buf_add(&b, S("<w:p/>"));
	assert_refused(word_of(buf_str(&b)), MSG_DOCX_TOO_LONG);
}

TEST(links_and_fields_that_show_nothing_count_too)
{
	static const struct str nothing[] = { { STR("<w:hyperlink r:id='x'/>") }, { STR("<w:fldSimple w:instr='PAGE'/>") } };
	for (size_t i = 0; i < COUNT(nothing); i++) {
		struct buf b = buf_in(mem);
		buf_add(&b, S("<w:p>"));
		for (int n = 0; n < DOCX_NODES_MAX; n++) buf_add(&b, nothing[i]);
		buf_add(&b, S("</w:p>"));
		assert_refused(word_of(buf_str(&b)), MSG_DOCX_TOO_LONG);
	}
}

TEST(fields_inside_fields_have_a_bottom)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S("<w:p>"));
	for (int i = 0; i < 1000; i++) buf_add(&b, S("<w:r><w:fldChar w:fldCharType='begin'/></w:r>"));
	buf_add(&b, S("</w:p>"));
	assert_refused(word_of(buf_str(&b)), MSG_DOCX_FIELDS_TOO_DEEP);
}

TEST(styles_that_are_based_on_each_other_end)
{
	struct part styles = { S("word/styles.xml"),
		S("<w:styles xmlns:w='" DOCX_W "'><w:style w:type='paragraph' w:default='1' w:styleId='A'><w:name w:val='a'/><w:basedOn w:val='B'/></w:style>"
		  "<w:style w:type='paragraph' w:styleId='B'><w:name w:val='b'/><w:basedOn w:val='A'/><w:rPr><w:b/></w:rPr></w:style></w:styles>") };
	struct docx *d =
		docx_of(word_with(S(P("all bold by style")), S("<Relationship Id='s' Type='" DOCX_R "/styles' Target='styles.xml'/>"), &styles, 1));
	struct docx_merged *m;
	assert_status(docx_merge(mem, d, (struct docx_values){ 0 }, S("en"), &m, NULL), OK);
	assert_str(docx_subject(mem, m), S("all bold by style"));
}

TEST(pictures_from_elsewhere_are_left_out_with_a_remark)
{
	struct docx *d =
		docx_of(word_with(S(SUBJECT("s") "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri='x'><a:blip r:link='i'/></a:graphicData>"
										 "</a:graphic></wp:inline></w:drawing></w:r></w:p>"),
			S("<Relationship Id='i' Type='" DOCX_R "/image' Target='file:///etc/passwd' TargetMode='External'/>"), NULL, 0));
	assert_true(has_finding(docx_remarks(d), MSG_DOCX_IMAGE_OUTSIDE));
	struct docx_merged *m;
	assert_status(docx_merge(mem, d, (struct docx_values){ 0 }, S("en"), &m, NULL), OK);
	assert_false(holds(html_of(m), S("<img")));
}

TEST(links_that_run_or_open_files_become_plain_words)
{
	static const struct str targets[] = { { STR("javascript:alert(1)") }, { STR("file:///etc/passwd") }, { STR("\\\\server\\share") },
		{ STR("data:text/html,x") } };
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct str relation =
			str_format(mem, "<Relationship Id='l' Type='" DOCX_R "/hyperlink' Target='%.*s' TargetMode='External'/>", STR_ARG(targets[i]));
		struct docx *d =
			docx_of(word_with(S(SUBJECT("s") "<w:p><w:hyperlink r:id='l'><w:r><w:t>click</w:t></w:r></w:hyperlink></w:p>"), relation, NULL, 0));
		assert_true(has_finding(docx_remarks(d), MSG_DOCX_LINK_LEFT_OUT));
		struct docx_merged *m;
		assert_status(docx_merge(mem, d, (struct docx_values){ 0 }, S("en"), &m, NULL), OK);
		assert_holds(html_of(m), "click");
		assert_false(holds(html_of(m), S("href")));
	}
}

TEST(ten_thousand_paragraphs_stay_under_64_mib_together_with_their_mail)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S(SUBJECT("long")));
	for (int i = 0; i < 10000; i++)
		buf_add(&b, S("<w:p><w:r><w:t>Paragraph </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{{na</w:t></w:r><w:r><w:t>me}} here.</w:t></w:r></w:p>"));
	struct str bytes = word_of(buf_str(&b));
	struct arena *own = arena_new();
	struct docx *d;
	struct problem why = problem_in(own);
	enum status st = docx_read(own, bytes, (struct docx_limits){ 0 }, &d, &why);
	assert_status(st, REFUSED); /* ten thousand fields are no letter */
	assert_int_equal(why.first->message, MSG_DOCX_TOO_LONG);
	arena_reset(own);
	b.len = 0;
	buf_add(&b, S(SUBJECT("long")));
	for (int i = 0; i < 10000; i++)
		buf_add(&b, S("<w:p><w:r><w:t>Paragraph </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>of</w:t></w:r><w:r><w:t> three runs.</w:t></w:r></w:p>"));
	why = problem_in(own);
	assert_status(docx_read(own, word_of(buf_str(&b)), (struct docx_limits){ 0 }, &d, &why), OK);
	struct docx_merged *m;
	assert_status(docx_merge(own, d, (struct docx_values){ 0 }, S("en"), &m, NULL), OK);
	struct docx_style style = { .accent = 0x005f6b, .language = S("en") };
	assert_true(docx_html(own, m, &style).html.len > 300000);
	assert_true(docx_text(own, m).len > 200000);
	assert_true(arena_size(own) < (size_t)32 << 20); /* the file and its XML come on top */
	arena_free(own);
}
