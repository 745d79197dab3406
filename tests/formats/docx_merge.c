/* tests/formats/docx_merge.c: fields, conditions, repeats, the subject, what upload is told. */
#include "docx_build.h"

#define NAME TEXT_VALUE("contact.first_name", "Jeanne")

/* ---- fields ---- */

TEST(a_field_is_filled_in_however_it_was_made)
{
	assert_str(text_of(P("Dear {{contact.first_name}},"), VALUES(NAME)), S("Dear Jeanne,\n"));
	assert_str(text_of(P("Dear {{ Contact.First_Name }},"), VALUES(NAME)), S("Dear Jeanne,\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("contact.first_name") "</w:p>", VALUES(NAME)), S("Jeanne\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("&quot;CONTACT.first_name&quot; \\* MERGEFORMAT") "</w:p>", VALUES(NAME)), S("Jeanne\n"));
}

#define CHAR(type)	"<w:r><w:fldChar w:fldCharType='" type "'/></w:r>"
#define INSTR(text) "<w:r><w:instrText xml:space='preserve'>" text "</w:instrText></w:r>"

TEST(a_complex_field_may_be_split_over_many_runs_and_its_old_result_is_gone)
{
	assert_str(text_of("<w:p>" CHAR("begin") INSTR(" MER") INSTR("GEFI") INSTR("ELD con") INSTR("tact.first") INSTR("_name ") CHAR("separate")
						   BOLD("«contact.") BOLD("first_name»") CHAR("end") BOLD("!") "</w:p>",
				   VALUES(NAME)),
		S("Jeanne!\n"));
}

TEST(a_typed_field_may_be_split_over_thirty_runs)
{
	struct buf b = buf_in(mem);
	struct str tag = S("a {{contact.first_name}} z");
	buf_add(&b, S(SUBJECT("x") "<w:p>"));
	for (size_t i = 0; i < tag.len; i++)
		buf_addf(
			&b, "<w:r><w:rPr>%s</w:rPr><w:t xml:space='preserve'>%c</w:t></w:r><w:proofErr w:type='spellStart'/>", i % 2 ? "<w:i/>" : "", tag.at[i]);
	buf_add(&b, S("</w:p>"));
	assert_str(docx_text(mem, merged_of(buf_str(&b), VALUES(NAME))), S("a Jeanne z\n"));
}

TEST(a_field_has_the_look_of_its_first_run)
{
	assert_holds(html_of(merged_of(S(SUBJECT("x") "<w:p>" BOLD("{{contact.") "<w:r><w:t>first_name}} here</w:t></w:r></w:p>"), VALUES(NAME))),
		"<b>Jeanne</b> here");
}

TEST(a_link_field_around_a_merge_field_takes_its_value_as_target)
{
	struct str html = html_of(
		merged_of(S(SUBJECT("x") "<w:p>" CHAR("begin") INSTR("HYPERLINK \"") CHAR("begin") INSTR(" MERGEFIELD link.url ") CHAR("separate") BOLD("old")
						  CHAR("end") INSTR("\" ") CHAR("separate") "<w:r><w:t>Go</w:t></w:r>" CHAR("end") "<w:r><w:t> there</w:t></w:r></w:p>"),
			VALUES(URL_VALUE("link.url", "https://example.org/?a=1&b=2"))));
	assert_holds(html, "<a href=\"https://example.org/?a=1&amp;b=2\"");
	assert_holds(html, ">Go</a> there");
	assert_false(holds(html, S(">old")));
}

TEST(switches_change_letters_as_the_language_does)
{
	assert_str(text_of("<w:p>" MERGEFIELD("n \\* Upper") "</w:p>", VALUES(TEXT_VALUE("n", "élan straße"))), S("ÉLAN STRASSE\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("n \\* FirstCap \\* MERGEFORMAT") "</w:p>", VALUES(TEXT_VALUE("n", "élan VITAL"))), S("Élan VITAL\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("n \\* Lower") "</w:p>", VALUES(TEXT_VALUE("n", "ÉLAN"))), S("élan\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("n \\* Caps") "</w:p>", VALUES(TEXT_VALUE("n", "jean rochat"))), S("Jean Rochat\n"));
	assert_str(text_of("<w:p>" MERGEFIELD("n \\b &quot;Tel. &quot; \\f &quot;!&quot;") "</w:p>", VALUES(TEXT_VALUE("n", "032"))), S("Tel. 032!\n"));
	assert_str(text_of(P("a") "<w:p>" MERGEFIELD("n \\b &quot;Tel. &quot;") "</w:p>", VALUES(TEXT_VALUE("n", ""))), S("a\n"));
}

TEST(a_field_that_word_works_out_while_merging_is_a_fault)
{
	struct docx *d = docx_of(word_of(S(SUBJECT("x") "<w:p>" CHAR("begin") INSTR("IF ") CHAR("begin") INSTR("MERGEFIELD a") CHAR("end")
			INSTR(" = 1 \"x\" \"y\"") CHAR("separate") BOLD("x") CHAR("end") "</w:p>")));
	struct problem why = problem_in(mem);
	assert_status(docx_check(d, NULL, 0, &why), REFUSED);
	assert_true(has_finding(&why, MSG_DOCX_WORD_FIELD_REFUSED));
	struct docx_merged *m;
	assert_status(docx_merge(mem, d, (struct docx_values){ 0 }, S("en"), &m, NULL), REFUSED);
}

TEST(a_field_without_an_end_is_a_fault_and_swallows_nothing_silently)
{
	struct docx *d = docx_of(word_of(S(SUBJECT("x") "<w:p>" CHAR("begin") INSTR("MERGEFIELD a") CHAR("separate") "</w:p>" P("swallowed"))));
	struct problem why = problem_in(mem);
	assert_status(docx_check(d, NULL, 0, &why), REFUSED);
	assert_true(has_finding(&why, MSG_DOCX_FIELD_OPEN));
}

/* ---- values ---- */

TEST(a_value_is_never_merged_again_nor_read_as_markup)
{
	struct docx_merged *m = merged_of(
		S(SUBJECT("{{n}}") P("{{n}} {{m}}")), VALUES(TEXT_VALUE("n", "{{reset_link}} «reset_link» <b>&amp;</b>"), TEXT_VALUE("m", "{{n}}")));
	assert_str(docx_text(mem, m), S("{{reset_link}} «reset_link» <b>&amp;</b> {{n}}\n"));
	assert_holds(html_of(m), "{{reset_link}} «reset_link» &lt;b&gt;&amp;amp;&lt;/b&gt; {{n}}</p>");
	assert_str(docx_subject(mem, m), S("{{reset_link}} «reset_link» <b>&amp;</b>"));
}

TEST(a_subject_stays_one_line_whatever_a_value_holds)
{
	struct docx_merged *m = merged_of(S(SUBJECT("For {{n}}") P("x")), VALUES(TEXT_VALUE("n", "a\r\nBcc: all@example.org")));
	assert_str(docx_subject(mem, m), S("For a Bcc: all@example.org"));
}

static enum message refusal(struct str xml, struct docx_values values)
{
	struct docx_merged *m;
	struct problem why = problem_in(mem);
	assert_status(docx_merge(mem, docx_of(word_of(xml)), values, S("en"), &m, &why), REFUSED);
	assert_null(m);
	return why.first->message;
}

TEST(a_mail_without_a_value_or_with_an_address_that_is_none_is_never_made)
{
	assert_int_equal(refusal(S(SUBJECT("x") P("{{link.url}}")), VALUES(NAME)), MSG_DOCX_VALUE_MISSING);
	assert_int_equal(refusal(S(SUBJECT("x") P("{{#nobody}}x{{/nobody}}")), VALUES(NAME)), MSG_DOCX_VALUE_MISSING);
	assert_int_equal(refusal(S(SUBJECT("x") P("{{u}}")), VALUES(URL_VALUE("u", "javascript:alert(1)"))), MSG_DOCX_VALUE_UNUSABLE);
	assert_int_equal(refusal(S(SUBJECT("x") P("{{u}}")), VALUES(URL_VALUE("u", "https://a.example/ b"))), MSG_DOCX_VALUE_UNUSABLE);
	assert_int_equal(refusal(S(SUBJECT("x") P("{{u}}")), VALUES(TEXT_VALUE("u", "\xff"))), MSG_DOCX_VALUE_UNUSABLE);
	assert_int_equal(refusal(S(SUBJECT("{{n}}") P("x")), VALUES(TEXT_VALUE("n", " "))), MSG_DOCX_SUBJECT_EMPTY);
}

TEST(a_value_that_must_appear_does_or_there_is_no_mail)
{
	struct docx_value link = URL_VALUE("link.url", "https://example.org/x");
	link.must_appear = true;
	assert_int_equal(refusal(S(SUBJECT("x") P("no link")), VALUES(link)), MSG_DOCX_MUST_APPEAR);
	assert_int_equal(refusal(S(SUBJECT("x {{link.url}}") P("no link")), VALUES(link)), MSG_DOCX_MUST_APPEAR);
	assert_int_equal(refusal(S(SUBJECT("x") P("{{#is}}{{link.url}}{{/is}}")), VALUES(link, CONDITION("is", false))), MSG_DOCX_MUST_APPEAR);
	assert_holds(
		docx_text(mem, merged_of(S(SUBJECT("x") P("{{#is}}{{link.url}}{{/is}}")), VALUES(link, CONDITION("is", true)))), "https://example.org/x");
}

/* ---- conditions and repeats ---- */

TEST(a_condition_shows_or_hides_words_and_paragraphs)
{
	assert_str(text_of(P("a{{#is}} b{{/is}}{{^is}} c{{/is}} d"), VALUES(CONDITION("is", true))), S("a b d\n"));
	assert_str(text_of(P("a{{#is}} b{{/is}}{{^is}} c{{/is}} d"), VALUES(CONDITION("is", false))), S("a c d\n"));
	assert_str(text_of(P("a") P("{{#is}}") P("b") P("c") P("{{/is}}") P("d"), VALUES(CONDITION("is", false))), S("a\nd\n"));
	assert_str(text_of(P("a") P("{{#is}}b") P("c{{/is}}") P("d"), VALUES(CONDITION("is", true))), S("a\nb\nc\nd\n"));
	assert_str(text_of(P("a{{#n}} tel {{n}}{{/n}}"), VALUES(TEXT_VALUE("n", " "))), S("a\n"));
}

static struct docx_value performances(void)
{
	static const struct docx_value one[] = { { .name = { STR("title") }, .text = { STR("Carmen") } },
		{ .name = { STR("sold_out") }, .kind = FIELD_CONDITION, .is_true = true } };
	static const struct docx_value two[] = { { .name = { STR("title") }, .text = { STR("Faust") } },
		{ .name = { STR("sold_out") }, .kind = FIELD_CONDITION } };
	static const struct docx_values items[] = { { one, 2 }, { two, 2 } };
	return LIST_VALUE("items", .items = items, .item_count = 2);
}
static struct docx_value nothing(void)
{
	return LIST_VALUE("items", .item_count = 0);
}

TEST(a_paragraph_repeats_for_each_item_with_what_stands_outside_at_hand)
{
	assert_str(text_of(P("{{#items}}{{title}} for {{n}}{{/items}}"), VALUES(performances(), TEXT_VALUE("n", "Jeanne"))),
		S("Carmen for Jeanne\nFaust for Jeanne\n"));
	assert_str(text_of(P("We play{{#items}} {{title}}{{/items}}."), VALUES(performances())), S("We play Carmen Faust.\n"));
	assert_str(
		text_of(P("{{#items}}{{title}}{{#sold_out}} (sold out){{/sold_out}}{{/items}}"), VALUES(performances())), S("Carmen (sold out)\nFaust\n"));
	assert_str(text_of(P("{{#items}}{{title}}{{/items}}") P("{{^items}}Nothing{{/items}}"), VALUES(nothing())), S("Nothing\n"));
}

#define CELL(text) "<w:tc>" P(text) "</w:tc>"
#define ROW(cells) "<w:tr>" cells "</w:tr>"

TEST(table_rows_repeat_from_their_first_cell_to_their_last)
{
	assert_str(
		text_of("<w:tbl>" ROW(CELL("Title") CELL("Left")) ROW(CELL("{{#items}}{{title}}") CELL("{{^sold_out}}yes{{/sold_out}}{{/items}}")) "</w:tbl>",
			VALUES(performances())),
		S("Title   Left\nCarmen\nFaust   yes\n"));
	assert_str(text_of("<w:tbl>" ROW(CELL("Title") CELL("")) ROW(CELL("{{#items}}") CELL("")) ROW(CELL("{{title}}") CELL("x"))
						   ROW(CELL("{{/items}}") CELL("")) "</w:tbl>",
				   VALUES(performances())),
		S("Title\nCarmen  x\nFaust   x\n"));
}

static void assert_fault(struct str xml, enum message message)
{
	struct problem why = problem_in(mem);
	assert_status(docx_check(docx_of(word_of(xml)), NULL, 0, &why), REFUSED);
	if (!has_finding(&why, message)) fail_msg("message %d instead of %d", (int)why.first->message, (int)message);
}

TEST(sections_that_do_not_fit_are_told)
{
	assert_fault(S(SUBJECT("x") P("{{#a}}") P("x")), MSG_DOCX_SECTION_UNCLOSED);
	assert_fault(S(SUBJECT("x") P("x") P("{{/a}}")), MSG_DOCX_SECTION_UNOPENED);
	assert_fault(S(SUBJECT("x") P("{{#a}}{{#b}}x{{/a}}{{/b}}")), MSG_DOCX_SECTION_CROSSED);
	assert_fault(S(SUBJECT("x") P("a {{#a}} b") P("c {{/a}} d")), MSG_DOCX_SECTION_MIDDLE);
	assert_fault(S(SUBJECT("x") P("{{a+b}}")), MSG_DOCX_TAG_UNREADABLE);
	assert_fault(S(SUBJECT("x") P("{{a")), MSG_DOCX_TAG_UNREADABLE);
	struct buf b = buf_in(mem);
	buf_add(&b, S(SUBJECT("x")));
	for (int i = 0; i < 20; i++) buf_add(&b, S(P("{{#a}}")));
	for (int i = 0; i < 20; i++) buf_add(&b, S(P("{{/a}}")));
	assert_fault(buf_str(&b), MSG_DOCX_SECTIONS_TOO_DEEP);
}

/* ---- the subject ---- */

static struct str subject_of(struct str xml)
{
	return docx_subject(mem, merged_of(xml, VALUES(TEXT_VALUE("shop.name", "Théâtre du Lac"))));
}

TEST(the_subject_is_the_bold_part_of_its_paragraph_in_any_language)
{
	assert_str(subject_of(S(P("Before") SUBJECT("Reset at {{shop.name}}") P("x"))), S("Reset at Théâtre du Lac"));
	assert_str(
		subject_of(S("<w:p><w:r><w:t>Objet\xc2\xa0: </w:t></w:r>" BOLD("Un mot") "<w:r><w:t xml:space='preserve'> (ignored) </w:t></w:r></w:p>")),
		S("Un mot"));
	assert_str(subject_of(S("<w:p><w:r><w:t>objet\xe2\x80\xaf:</w:t></w:r>" BOLD(" Fine") "</w:p>")), S("Fine"));
	assert_str(subject_of(S("<w:p>" BOLD("Betreff: ") BOLD("Neues") "<w:r><w:t xml:space='preserve'> </w:t></w:r>" BOLD("Passwort") "</w:p>")),
		S("Neues Passwort"));
	assert_str(subject_of(S("<w:p><w:r><w:t>Ogget</w:t></w:r><w:r><w:t>to:</w:t></w:r>" BOLD("Nuova") "</w:p>")), S("Nuova"));
	assert_str(subject_of(S("<w:p/><w:p>" BOLD("All ") BOLD("bold") "</w:p>" P("x"))), S("All bold"));
}

TEST(the_subject_is_no_part_of_the_mail)
{
	assert_str(text_of(P("Body"), VALUES(NAME)), S("Body\n"));
}

TEST(a_template_without_a_bold_subject_is_told_so)
{
	assert_fault(S(P("Hello") "<w:p>" BOLD("late") "</w:p>"), MSG_DOCX_NO_SUBJECT);
	assert_fault(S(P("Subject: not bold")), MSG_DOCX_SUBJECT_NOT_BOLD);
	assert_fault(S(""), MSG_DOCX_NO_SUBJECT);
}

/* ---- what upload is told ---- */

static const struct field_declaration item_fields[] = { { .name = { STR("title") } } };
static const struct field_declaration known[] = {
	{ .name = { STR("contact.first_name") }, .example = { STR("Jeanne") } },
	{ .name = { STR("link.url") }, .example = { STR("https://example.org/") }, .kind = FIELD_URL, .is_required = true },
	{ .name = { STR("is_reset") }, .example = { STR("yes") }, .kind = FIELD_CONDITION },
	{ .name = { STR("items") }, .kind = FIELD_LIST, .items = item_fields, .item_count = 1 },
};

static struct problem checked(struct str xml)
{
	struct problem why = problem_in(mem);
	docx_check(docx_of(word_of(xml)), known, COUNT(known), &why);
	return why;
}

TEST(unknown_fields_come_with_the_name_that_was_probably_meant)
{
	struct problem why = checked(S(SUBJECT("{{contact.fist_name}}") P("{{url}} {{link.url}} {{weather}} {{title}}")));
	const struct finding *f = why.first;
	assert_int_equal(f->message, MSG_DOCX_FIELD_UNKNOWN_NEAR);
	assert_str(f->args[0].text, S("contact.fist_name"));
	assert_str(f->args[1].text, S("contact.first_name"));
	assert_str(f->next->args[1].text, S("link.url"));
	assert_int_equal(f->next->next->message, MSG_DOCX_FIELD_UNKNOWN);
	assert_str(f->next->next->args[0].text, S("weather"));
	assert_str(f->next->next->next->args[0].text, S("title")); /* of an item, outside its list */
	assert_null(f->next->next->next->next);
}

TEST(a_template_without_its_link_is_refused_and_one_with_it_is_not)
{
	struct problem without = checked(S(SUBJECT("x") P("hello")));
	assert_int_equal(without.first->message, MSG_DOCX_FIELD_MISSING);
	struct problem in_target = checked(S(SUBJECT("x") "<w:p>" CHAR("begin") INSTR("HYPERLINK \"http://{{link.url}}/\"") CHAR("separate") BOLD("Go")
			CHAR("end") "</w:p>" P("{{#items}}{{title}}{{/items}}")));
	assert_null(in_target.first);
	struct problem as_text = checked(S(SUBJECT("x") P("{{link.url}} {{is_reset}}")));
	assert_int_equal(as_text.first->message, MSG_DOCX_FIELD_IS_CONDITION);
}

TEST(the_examples_of_a_class_fill_a_preview)
{
	struct docx_merged *m;
	struct docx *d = docx_of(
		word_of(S(SUBJECT("x") P("{{contact.first_name}}{{#is_reset}}!{{/is_reset}}") P("{{#items}}- {{title}}{{/items}}") P("{{link.url}}"))));
	assert_status(docx_merge(mem, d, docx_examples(mem, known, COUNT(known)), S("en"), &m, NULL), OK);
	assert_str(docx_text(mem, m), S("Jeanne!\n-\n-\n\nhttps://example.org/\n"));
}

/* ---- what has no place in a mail ---- */

TEST(the_past_and_the_hidden_are_left_out)
{
	assert_str(text_of("<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
					   "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>",
				   VALUES(NAME)),
		S("new\n"));
}

TEST(alternate_content_is_read_once_and_text_boxes_keep_their_words)
{
	assert_str(text_of("<w:p><w:r><w:t>Host</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent>" P(
						   "Box") "</w:txbxContent></mc:Choice>"
								  "<mc:Fallback><w:txbxContent>" P(
									  "Box") "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t> goes on</w:t></w:r></w:p>",
				   VALUES(NAME)),
		S("Host goes on\nBox\n"));
}

TEST(charts_smartart_notes_and_equations_are_named)
{
	struct docx *d = docx_of(word_of(S(SUBJECT(
		"x") "<w:p><w:r><w:drawing><a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/chart'/>"
			 "<a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/diagram'/></w:drawing><w:footnoteReference w:id='1'/></w:r>"
			 "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'/></w:p>")));
	assert_true(has_finding(docx_remarks(d), MSG_DOCX_CHART));
	assert_true(has_finding(docx_remarks(d), MSG_DOCX_SMARTART));
	assert_true(has_finding(docx_remarks(d), MSG_DOCX_FOOTNOTE));
	assert_true(has_finding(docx_remarks(d), MSG_DOCX_EQUATION));
}
