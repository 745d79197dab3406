/* A letter on paper: what is in the document stands on its pages, in order and whole; the slip stands alone where it belongs, and its symbol can be read. */
#include "formats/docx_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/docx_print.h"
#include "formats/qrbill_scan.h"

static struct qrbill a_bill(void)
{
	return (struct qrbill){ .account = S("CH4431999123000889012"),
		.creditor = { S("Théâtre du Lac"), S("Quai du Port"), S("3"), S("2000"), S("Neuchâtel"), S("CH") },
		.debtor = { S("Łukasz Ștefan"), S("Rue des Moulins"), S("27"), S("2000"), S("Neuchâtel"), S("CH") },
		.amount = 19500,
		.currency = S("CHF"),
		.kind = QRBILL_QRR,
		.reference = S("210000000003139471430009017"),
		.message = S("Order 10001-7"),
		.language = QRBILL_FR };
}

static struct str printed(struct str xml, const struct slip *slip)
{
	struct docx_letter letter = { .accent = 0x005f6b,
		.house = S("Théâtre du Lac"),
		.recipient = S("Jeanne Rochat\nRue des Moulins 27\n2000 Neuchâtel"),
		.title = S("Invoice 2026-00017"),
		.language = S("fr"),
		.made_at = 1764000000000000,
		.slip = slip };
	struct problem why = problem_in(mem);
	struct str out;
	assert_status(docx_print(mem, merged_of(xml, (struct docx_values){ 0 }), &letter, &out, &why), OK);
	return out;
}

static struct slip a_slip(void)
{
	struct qrbill bill = a_bill();
	struct slip slip;
	assert_status(slip_lay_out(mem, &bill, SLIP_A4, SLIP_SCISSORS, &slip), OK);
	return slip;
}

/* What COMMAND says of the file with PDF in it; %s in it is the file's name. */
static struct str said_of(struct str pdf, const char *command)
{
	char name[] = "/tmp/parterre-letter-XXXXXX", line[1000], buffer[4096];
	int fd = mkstemp(name);
	assert_true(fd >= 0 && write(fd, pdf.at, pdf.len) == (ssize_t)pdf.len);
	close(fd);
	snprintf(line, sizeof line, command, name);
	FILE *out = popen(line, "r");
	struct buf b = buf_in(mem);
	for (size_t n; (n = fread(buffer, 1, sizeof buffer, out)) > 0;) buf_add(&b, (struct str){ buffer, n });
	int status = pclose(out);
	unlink(name);
	if (status) fail_msg("%s: exit status %d", command, status);
	return buf_str(&b);
}

static struct str words_of(struct str pdf)
{
	return said_of(pdf, "pdftotext -layout %s -");
}

static size_t pages_of(struct str words)
{
	size_t pages = 0;
	for (size_t i = 0; i < words.len; i++) pages += words.at[i] == '\f';
	return pages;
}

static struct str page_of(struct str words, size_t n)
{
	struct str page;
	for (size_t i = 0; i <= n; i++)
		if (!str_next(&words, '\f', &page)) fail_msg("no page %zu", n + 1);
	return page;
}

/* Paragraphs "word 1", "word 2", … */
static struct str many(size_t n)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S(SUBJECT("Hello")));
	for (size_t i = 1; i <= n; i++) buf_addf(&b, "<w:p><w:r><w:t>word %zu.</w:t></w:r></w:p>", i);
	return buf_str(&b);
}

TEST(the_same_letter_gives_the_same_bytes)
{
	struct slip slip = a_slip();
	assert_str(printed(many(3), &slip), printed(many(3), &slip));
}

TEST(band_window_and_text_stand_on_the_first_page)
{
	struct str words = words_of(printed(many(3), NULL));
	assert_int_equal(pages_of(words), 1);
	assert_holds(words, "Théâtre du Lac");
	assert_holds(words, "Rue des Moulins 27");
	assert_holds(words, "word 3.");
	assert_false(holds(words, S("Hello"))); /* a subject is the mail's */
}

TEST(a_long_letter_goes_on_on_further_pages_and_loses_nothing)
{
	struct str words = words_of(printed(many(200), NULL));
	assert_true(pages_of(words) > 3);
	for (size_t i = 1; i <= 200; i++)
		if (!holds(words, str_format(mem, "word %zu.", i))) fail_msg("word %zu is lost", i);
	assert_holds(page_of(words, 1), "Invoice 2026-00017 · 2");
	assert_false(holds(page_of(words, 1), S("Rue des Moulins"))); /* the address stands once */
}

TEST(one_paragraph_may_be_longer_than_a_page)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S(SUBJECT("Hello") "<w:p><w:r><w:t>"));
	for (size_t i = 1; i <= 3000; i++) buf_addf(&b, "word%zu. ", i);
	buf_add(&b, S("</w:t></w:r></w:p>"));
	struct str words = words_of(printed(buf_str(&b), NULL));
	assert_true(pages_of(words) > 1);
	for (size_t i = 1; i <= 3000; i++)
		if (!holds(words, str_format(mem, "word%zu.", i))) fail_msg("word %zu is lost", i);
}

#define CELL(text) "<w:tc><w:p><w:r><w:t>" text "</w:t></w:r></w:p></w:tc>"

TEST(a_tables_head_stands_on_each_of_its_pages)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S(SUBJECT("Hello") "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" CELL("Item") CELL("Amount") "</w:tr>"));
	for (size_t i = 1; i <= 80; i++)
		buf_addf(
			&b, "<w:tr>" CELL("row %zu.") "<w:tc><w:p><w:pPr><w:jc w:val='right'/></w:pPr><w:r><w:t>%zu.00</w:t></w:r></w:p></w:tc></w:tr>", i, i);
	buf_add(&b, S("</w:tbl>"));
	struct str words = words_of(printed(buf_str(&b), NULL));
	size_t pages = pages_of(words);
	assert_true(pages > 1);
	for (size_t i = 0; i < pages; i++) assert_holds(page_of(words, i), "Item");
	for (size_t i = 1; i <= 80; i++)
		if (!holds(words, str_format(mem, "row %zu.", i))) fail_msg("row %zu is lost", i);
}

/* ---- the slip ---- */

#define SLIP_AREA "pdftotext -r 72 -x 0 -y 545 -W 596 -H 300 %s -"

TEST(the_slip_stands_at_the_foot_of_the_last_page_where_there_is_room)
{
	struct slip slip = a_slip();
	struct str pdf = printed(many(3), &slip), words = words_of(pdf), below = said_of(pdf, SLIP_AREA);
	assert_int_equal(pages_of(words), 1);
	assert_holds(below, "Section paiement");
	assert_holds(below, "Łukasz Ștefan");
	assert_false(holds(below, S("word"))); /* T9: nothing else there */
}

TEST(else_it_has_a_page_of_its_own)
{
	struct slip slip = a_slip();
	bool was_alone = false;
	for (size_t n = 10; n <= 40; n++) { /* wherever the text ends */
		struct str pdf = printed(many(n), &slip), words = words_of(pdf);
		size_t pages = pages_of(words);
		struct str below = said_of(pdf, pages == 1 ? SLIP_AREA : "pdftotext -r 72 -x 0 -y 545 -W 596 -H 300 -f 2 %s -");
		assert_holds(below, "Section paiement");
		assert_false(holds(below, S("word")));
		if (pages == 2 && !holds(page_of(words, 1), S("word"))) was_alone = true;
	}
	assert_true(was_alone);
}

TEST(its_symbol_is_read_out_of_the_page)
{
	struct slip slip = a_slip();
	struct qrbill bill = a_bill();
	struct problem why = problem_in(mem);
	struct str png = said_of(printed(many(3), &slip), "pdftoppm -r 200 -png %s"), *codes;
	size_t count;
	assert_status(qrbill_scan_png(mem, png, &codes, &count, &why), OK);
	assert_int_equal(count, 1);
	assert_str(codes[0], qrbill_payload(mem, &bill));
}

TEST(others_find_nothing_wrong_with_the_file)
{
	struct slip slip = a_slip();
	struct str pdf = printed(many(40), &slip);
	assert_holds(said_of(pdf, "qpdf --check %s"), "No syntax or stream encoding errors");
	assert_true(pdf.len < 60000);
	struct str embedded = said_of(pdf, "pdffonts %s");
	assert_holds(embedded, "LiberationSans");
	assert_false(holds(embedded, S(" no  yes"))); /* all are embedded */
}
