/* tests/formats/docx_mail.c: how the mail is written: HTML and plain text of one tree. */
#include "docx_build.h"

#define RELATION_LINK(target) "<Relationship Id='l' Type='" DOCX_R "/hyperlink' Target='" target "' TargetMode='External'/>"
#define LINK(text)			  "<w:hyperlink r:id='l'><w:r><w:t>" text "</w:t></w:r></w:hyperlink>"
#define URL					  "https://tickets.example/reset-password?token=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz"

static struct docx_merged *with_link(struct str xml, struct str relation)
{
	struct docx_merged *m;
	struct docx_values v = VALUES(URL_VALUE("link.url", URL), TEXT_VALUE("shop.email", "tickets@example.org"), TEXT_VALUE("q", "a b&c"));
	assert_status(docx_merge(mem, docx_of(word_with(xml, relation, NULL, 0)), v, S("en"), &m, NULL), OK);
	return m;
}

TEST(a_link_to_a_field_alone_in_its_paragraph_is_the_button)
{
	static const struct str targets[] = { { STR(RELATION_LINK("{{link.url}}")) }, { STR(RELATION_LINK("%7B%7Blink.url%7D%7D")) },
		{ STR(RELATION_LINK("http://%7b%7blink.url%7d%7d/")) }, { STR(RELATION_LINK("file:///C:/Users/me/%7B%7Blink.url%7D%7D")) } };
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct docx_merged *m = with_link(S(SUBJECT("x") P("Here:") "<w:p>" LINK("Reset password") "</w:p>" P("After")), targets[i]);
		assert_holds(html_of(m), "class=\"act\" align=\"center\" style=\"background:#005f6b; border:1px solid #005f6b;\"><a href=\"" URL "\"");
		assert_str(docx_text(mem, m), S("Here:\n\n" URL "\n\nAfter\n"));
	}
}

TEST(a_link_among_words_stays_a_link_and_text_tells_where_it_goes)
{
	struct docx_merged *m =
		with_link(S(SUBJECT("x") "<w:p><w:r><w:t xml:space='preserve'>Read our </w:t></w:r>" LINK("rules") "<w:r><w:t>.</w:t></w:r></w:p>"),
			S(RELATION_LINK("https://example.org/rules?a=1&amp;b=2")));
	assert_holds(html_of(m), "Read our <a href=\"https://example.org/rules?a=1&amp;b=2\" style=\"color:#13181a;\">rules</a>.");
	assert_str(docx_text(mem, m), S("Read our rules.\n\nhttps://example.org/rules?a=1&b=2\n"));
}

TEST(values_inside_a_target_are_encoded_for_it)
{
	struct docx_merged *m =
		with_link(S(SUBJECT("x") "<w:p>" LINK("{{shop.email}}") "</w:p>"), S(RELATION_LINK("mailto:{{shop.email}}?subject={{q}}")));
	assert_holds(html_of(m), "href=\"mailto:tickets@example.org?subject=a%20b%26c\"");
}

TEST(an_address_stands_alone_on_its_line_unbroken_and_without_a_full_stop)
{
	struct docx_merged *m = with_link(S(SUBJECT("x") P("Go to {{link.url}}. Then come back.")), S(""));
	assert_str(docx_text(mem, m), S("Go to\n" URL "\nThen come back.\n"));
}

TEST(the_address_in_full_is_small_breaks_anywhere_and_is_not_repeated_in_text)
{
	struct docx_merged *m = with_link(
		S(SUBJECT("x") "<w:p>" LINK("Go") "</w:p>" P("If the button does nothing, copy this:") P("{{link.url}}")), S(RELATION_LINK("{{link.url}}")));
	assert_holds(
		html_of(m), "font-size:14px; line-height:20px; word-break:break-all;\"><a href=\"" URL "\" style=\"color:#13181a;\">" URL "</a></p>");
	assert_str(docx_text(mem, m), S(URL "\n"));
	m = with_link(S(SUBJECT("x") P("Copy this:") P("{{link.url}}")), S(""));
	assert_str(docx_text(mem, m), S("Copy this:\n\n" URL "\n"));
}

TEST(text_is_broken_at_72_columns_counted_in_letters)
{
	assert_str(text_of(P("ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé"), VALUES(TEXT_VALUE("n", ""))),
		S("ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé ééééé\nééééé\n"));
	assert_str(text_of(P("a {{n}}"), VALUES(TEXT_VALUE("n", "no\xc2\xa0"
															"break-no\xc2\xa0"
															"break-no\xc2\xa0"
															"break-no\xc2\xa0"
															"break-no\xc2\xa0"
															"break-no\xc2\xa0"
															"break-no\xc2\xa0"
															"break"))),
		S("a no\xc2\xa0"
		  "break-no\xc2\xa0"
		  "break-no\xc2\xa0"
		  "break-no\xc2\xa0"
		  "break-no\xc2\xa0"
		  "break-no\xc2\xa0"
		  "break-no\xc2\xa0"
		  "break\n"));
}

TEST(line_feeds_of_a_value_are_line_breaks)
{
	struct docx_merged *m = merged_of(S(SUBJECT("x") P("{{n}}")), VALUES(TEXT_VALUE("n", "Quai 3\r\n2000 Neuchâtel")));
	assert_str(docx_text(mem, m), S("Quai 3\n2000 Neuchâtel\n"));
	assert_holds(html_of(m), "Quai 3<br>2000 Neuchâtel");
}

/* ---- looks ---- */

#define STYLES(xml)                                                                                                                            \
	{                                                                                                                                          \
		S("word/styles.xml"), S("<w:styles xmlns:w='" DOCX_W "'><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='22'/></w:rPr></w:rPrDefault>" \
								"<w:pPrDefault><w:pPr><w:spacing w:after='160'/></w:pPr></w:pPrDefault></w:docDefaults>" xml "</w:styles>")    \
	}
#define RELATION_STYLES			"<Relationship Id='s' Type='" DOCX_R "/styles' Target='styles.xml'/>"
#define RELATION_NUMBERING		"<Relationship Id='n' Type='" DOCX_R "/numbering' Target='numbering.xml'/>"
#define STYLE(id, name, inside) "<w:style w:type='paragraph' w:styleId='" id "'><w:name w:val='" name "'/>" inside "</w:style>"
#define STYLED(id, text)		"<w:p><w:pPr><w:pStyle w:val='" id "'/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"

static struct docx_merged *styled(struct str xml)
{
	struct part styles = STYLES(STYLE("H", "heading 1", "<w:rPr><w:b/><w:color w:val='8B0000'/><w:sz w:val='44'/></w:rPr>")
			STYLE("H2", "heading 2", "<w:basedOn w:val='H'/><w:rPr><w:sz w:val='28'/></w:rPr>")
				STYLE("F", "footer", "<w:pPr><w:spacing w:after='0'/></w:pPr>") STYLE("B", "Band", "<w:rPr><w:color w:val='FFFFFF'/></w:rPr>"));
	struct docx_merged *m;
	assert_status(docx_merge(mem, docx_of(word_with(xml, S(RELATION_STYLES), &styles, 1)), (struct docx_values){ 0 }, S("en"), &m, NULL), OK);
	return m;
}

TEST(headings_band_and_footer_take_their_places)
{
	struct docx_merged *m = styled(S(SUBJECT("x") STYLED("B", "The House") STYLED("H", "Big") P("one") P("two") STYLED("H2", "Small")
			STYLED("F", "line 1") STYLED("F", "line 2")));
	struct str html = html_of(m);
	assert_holds(html, "color:#ffffff;\">The House</td>");
	assert_holds(html, "<h1 style=\"margin:0px 0 24px; font-size:34px; line-height:38px; letter-spacing:-1px; color:#8b0000;\">Big</h1>");
	assert_holds(html, "<h2 style=\"margin:32px 0 12px;");
	assert_holds(html, "class=\"soft rule\"");
	assert_holds(html, "line 1<br>\nline 2");
	assert_str(docx_text(mem, m), S("Big\n===\n\none\n\ntwo\n\nSmall\n-----\n\nline 1\nline 2\n"));
}

TEST(without_a_band_the_house_names_itself)
{
	assert_holds(html_of(styled(S(SUBJECT("x") P("one")))), ">Théâtre du Lac</td>");
}

TEST(what_stands_below_an_empty_ruled_paragraph_is_the_footer)
{
	struct docx_merged *m = styled(S(SUBJECT("x") P("one") "<w:p><w:pPr><w:pBdr><w:bottom w:val='single'/></w:pBdr></w:pPr></w:p>" P("small print")));
	assert_holds(html_of(m), "color:#545d61;\">\nsmall print");
}

TEST(runs_keep_their_look)
{
	struct str html = html_of(styled(S(
		SUBJECT("x") "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr><w:b/><w:i/><w:u w:val='single'/><w:strike/></w:rPr><w:t>all</w:t></w:r>"
					 "<w:r><w:rPr><w:color w:val='C00000'/></w:rPr><w:t>red</w:t></w:r><w:r><w:rPr><w:color "
					 "w:val='FFFF00'/></w:rPr><w:t>unreadable</w:t></w:r>"
					 "<w:r><w:rPr><w:sz w:val='44'/></w:rPr><w:t>big</w:t></w:r></w:p>")));
	assert_holds(html, "text-align:center;");
	assert_holds(html, "<b><i><u><s>all</s></u></i></b>");
	assert_holds(html, "<span style=\"color:#c00000;\">red</span>");
	assert_holds(html, "</span>unreadable<span style=\"font-size:34px;");
}

TEST(lists_are_lists_and_count_on)
{
	struct part numbering = { S("word/numbering.xml"),
		S("<w:numbering xmlns:w='" DOCX_W
		  "'><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/></w:lvl>"
		  "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='bullet'/></w:lvl></w:abstractNum><w:num w:numId='5'><w:abstractNumId "
		  "w:val='0'/></w:num></w:numbering>") };
#define ITEM(level, text) "<w:p><w:pPr><w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='5'/></w:numPr></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
	struct docx_merged *m;
	assert_status(docx_merge(mem,
					  docx_of(word_with(S(SUBJECT("x") ITEM("0", "one") ITEM("1", "deep") ITEM("0", "two") P("between") ITEM("0", "three")),
						  S(RELATION_NUMBERING), &numbering, 1)),
					  (struct docx_values){ 0 }, S("en"), &m, NULL),
		OK);
	assert_str(docx_text(mem, m), S("1. one\n   - deep\n2. two\n\nbetween\n\n3. three\n"));
	struct str html = html_of(m);
	assert_holds(html, "one<ul");
	assert_holds(html, "deep</li>\n</ul>\n</li>\n<li");
	assert_holds(html, "<ol type=\"1\" start=\"3\"");
}

/* ---- pictures ---- */

static const char png[] = "\x89PNG\r\n\x1a\n and so on";
#define PICTURE                                                                                                                                    \
	"<w:p><w:r><w:drawing><wp:inline><wp:extent cx='952500' cy='476250'/><wp:docPr id='1' descr='A &quot;stage&quot;'/><a:graphic><a:graphicData>" \
	"<a:blip r:embed='i'/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"

TEST(pictures_travel_with_the_mail_each_once)
{
	struct part image = { S("word/media/i.png"), { png, sizeof png - 1 } };
	struct docx *d =
		docx_of(word_with(S(SUBJECT("x") PICTURE PICTURE), S("<Relationship Id='i' Type='" DOCX_R "/image' Target='media/i.png'/>"), &image, 1));
	struct docx_merged *m;
	assert_status(docx_merge(mem, d, (struct docx_values){ 0 }, S("en"), &m, NULL), OK);
	struct docx_style style = { .accent = 0x005f6b, .language = S("en"), .cid_domain = S("mail.example") };
	struct docx_html html = docx_html(mem, m, &style);
	assert_int_equal(html.image_count, 1);
	assert_str(html.images[0]->type, S("image/png"));
	assert_holds(html.html, "<img src=\"cid:image1@mail.example\" alt=\"A &quot;stage&quot;\" width=\"100\"");
	assert_holds(html_of(m), "<img src=\"data:image/png;base64,iVBORw0KGgogYW5kIHNvIG9u\"");
	assert_str(docx_text(mem, m), S("A \"stage\"\nA \"stage\"\n"));
}

TEST(a_logo_is_a_value_and_a_house_may_have_none)
{
	struct docx_value logo = {
		.name = S("shop.logo"), .kind = FIELD_IMAGE, .image = { .bytes = { png, sizeof png - 1 }, .type = S("image/png"), .alt = S("Lac") }
	};
	struct docx_value none = { .name = S("shop.logo"), .kind = FIELD_IMAGE };
	assert_holds(html_of(merged_of(S(SUBJECT("x") P("{{shop.logo}}")), VALUES(logo))), "alt=\"Lac\"");
	assert_false(holds(html_of(merged_of(S(SUBJECT("x") P("{{shop.logo}}")), VALUES(none))), S("<img")));
}

TEST(nothing_in_a_mail_is_remote)
{
	struct docx_merged *m = styled(S(SUBJECT("x") STYLED("H", "Big") P("one")));
	struct str html = html_of(m);
	assert_false(
		holds(html, S("http://")) || holds(html, S("https://")) || holds(html, S("url(")) || holds(html, S("<script")) || holds(html, S("@import")));
}

TEST(what_the_caller_gives_is_escaped_too)
{
	struct docx_style style = { .accent = 0xffe000, .house = S("<b>\"Lac\" & Co"), .language = S("en\"><script>"), .cid_domain = S("") };
	struct str html = docx_html(mem, merged_of(S(SUBJECT("x") P("one")), (struct docx_values){ 0 }), &style).html;
	assert_holds(html, "&lt;b&gt;&quot;Lac&quot; &amp; Co</td>");
	assert_false(holds(html, S("<script>")));
	assert_holds(html,
		"background:#ffe000; padding:18px 24px; font:bold 20px/26px 'Helvetica Neue',Helvetica,Arial,sans-serif; color:#13181a;"); /* dark ink on yellow */
}
