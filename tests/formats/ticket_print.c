/* Tickets on paper: a page each, its words can be copied, its code is read by another program as exactly the barcode, and the file is in order. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/qrbill_scan.h"
#include "formats/symbol.h"
#include "formats/ticket_print.h"

static struct ticket_sheet a_sheet(const char *barcode)
{
	return (struct ticket_sheet){ .house = S("Théâtre du Lac"),
		.count = S("Ticket 1 of 2"),
		.when = S("Sat 5 Dec 2026, 20:00"),
		.title = S("Der Besuch der alten Dame"),
		.what = S("Tragische Komödie"),
		.place = S("Stalls, row D, seat 5"),
		.facts = { { S("Where"), S("Large Hall, Théâtre du Lac, Neuchâtel") }, { S("Price"), S("Full price, CHF 95.00") } },
		.fact_count = 2,
		.barcode = str_of(barcode),
		.note = S("This code lets one person in, once.") };
}

static struct str printed(const struct ticket_sheet *sheets, size_t count)
{
	const struct paper_head head = { S("Tickets of order 10001-7"), S("Théâtre du Lac"), S("de"), 1764000000000000 };
	struct str out;
	assert_true(ticket_print(mem, &head, 0x005f6b, sheets, count, &out));
	return out;
}

/* What COMMAND says of the file with PDF in it; %s in it is the file's name. */
static struct str said_of(struct str pdf, const char *command)
{
	char name[] = "/tmp/parterre-ticket-XXXXXX", line[1000], buffer[4096];
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

static bool holds(struct str s, struct str part)
{
	return str_find(s, part) >= 0;
}

TEST(each_ticket_has_a_page_of_its_own_whose_words_can_be_copied)
{
	const struct ticket_sheet sheets[] = { a_sheet("K7QPX24ZSMMWN9VH"), a_sheet("A1BCD2FGH3JKMN4P") };
	struct str first = said_of(printed(sheets, 2), "pdftotext -l 1 -layout %s -"),
			   second = said_of(printed(sheets, 2), "pdftotext -f 2 -layout %s -");
	static const char *const words[] = { "Théâtre du Lac", "Ticket 1 of 2", "Sat 5 Dec 2026, 20:00", "Der Besuch der alten Dame",
		"Stalls, row D, seat 5", "CHF 95.00", "one person" };
	for (size_t i = 0; i < COUNT(words); i++)
		if (!holds(first, str_of(words[i]))) fail_msg("“%s” is not on the page", words[i]);
	assert_true(holds(first, S("K7QPX24ZSMMWN9VH")));
	assert_false(holds(first, S("A1BCD2FGH3JKMN4P")));
	assert_true(holds(second, S("A1BCD2FGH3JKMN4P")));
}

TEST(its_code_is_read_out_of_the_page_as_the_barcode_and_nothing_else)
{
	const struct ticket_sheet sheet = a_sheet("K7QPX24ZSMMWN9VH");
	struct problem why = problem_in(mem);
	struct str png = said_of(printed(&sheet, 1), "pdftoppm -r 150 -png %s"), *codes;
	size_t count;
	assert_status(qrbill_scan_png(mem, png, &codes, &count, &why), OK);
	assert_int_equal(count, 1);
	assert_str(codes[0], S("K7QPX24ZSMMWN9VH"));
}

TEST(a_long_title_pushes_the_code_down_and_covers_nothing)
{
	struct ticket_sheet sheet = a_sheet("K7QPX24ZSMMWN9VH");
	struct problem why = problem_in(mem);
	struct str *codes;
	size_t count;
	sheet.title = S("Die Verfolgung und Ermordung Jean Paul Marats dargestellt durch die Schauspielgruppe des Hospizes zu Charenton unter Anleitung "
					"des Herrn de Sade");
	struct str pdf = printed(&sheet, 1);
	assert_status(qrbill_scan_png(mem, said_of(pdf, "pdftoppm -r 150 -png %s"), &codes, &count, &why), OK);
	assert_int_equal(count, 1);
	assert_true(holds(said_of(pdf, "pdftotext %s -"), S("Herrn de Sade")));
}

TEST(the_same_tickets_give_the_same_bytes_and_others_find_nothing_wrong_with_them)
{
	const struct ticket_sheet sheet = a_sheet("K7QPX24ZSMMWN9VH");
	struct str pdf = printed(&sheet, 1), embedded = said_of(pdf, "pdffonts %s");
	assert_str(pdf, printed(&sheet, 1));
	assert_true(holds(said_of(pdf, "qpdf --check %s"), S("No syntax or stream encoding errors")));
	assert_true(holds(embedded, S("LiberationSans")));
	assert_false(holds(embedded, S(" no  yes"))); /* all are embedded */
	assert_true(pdf.len < 40000);
}

TEST(a_symbol_is_refused_for_what_none_can_hold)
{
	struct symbol s;
	char *long_text = arena_alloc(mem, 4000);
	memset(long_text, 'a', 4000);
	assert_false(symbol_make(mem, S(""), SYMBOL_M, &s));
	assert_false(symbol_make(mem, S("a\0b"), SYMBOL_M, &s));
	assert_false(symbol_make(mem, (struct str){ long_text, 4000 }, SYMBOL_M, &s));
	assert_true(symbol_make(mem, S("K7QPX24ZSMMWN9VH"), SYMBOL_Q, &s));
	assert_int_equal(s.side, 21);
}
