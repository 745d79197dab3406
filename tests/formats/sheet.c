/* tests/formats/sheet.c: tables as people's programs save them. */
#include "test.h"

#include "formats/sheet.h"

/* All rows as one text: fields in brackets, a row's end a slash. */
static struct str rows_of(struct str bytes)
{
	struct sheet s = sheet_of(bytes);
	struct sheet_row row;
	struct buf b = buf_in(mem);
	enum sheet_result got;
	while ((got = sheet_next(mem, &s, &row)) == SHEET_ROW) {
		for (size_t i = 0; i < row.count; i++) buf_addf(&b, "[%.*s]", STR_ARG(row.fields[i]));
		buf_add(&b, row.is_broken ? S("!/") : S("/"));
	}
	if (got == SHEET_LIMIT) buf_addf(&b, "limit in line %lld", (long long)row.line);
	return buf_str(&b);
}

static enum sheet_fault fault_of(struct str bytes)
{
	return sheet_of(bytes).fault;
}

/* TEXT in UTF-16 with a byte order mark; ASCII and Latin 1 alone. */
static struct str utf16(const char *text, bool is_little)
{
	struct buf b = buf_in(mem);
	buf_add(&b, is_little ? S("\xff\xfe") : S("\xfe\xff"));
	for (const char *c = text; *c; c++) {
		if (!is_little) buf_add_char(&b, 0);
		buf_add_char(&b, *c);
		if (is_little) buf_add_char(&b, 0);
	}
	return buf_str(&b);
}

TEST(the_separator_is_found_from_the_header)
{
	assert_str(rows_of(S("a;b,c;d\n1;2;3")), S("[a][b,c][d]/[1][2][3]/"));
	assert_str(rows_of(S("a,b;c,d\n1,2,3")), S("[a][b;c][d]/[1][2][3]/"));
	assert_str(rows_of(S("a\tb\n1\t2")), S("[a][b]/[1][2]/"));
	assert_str(rows_of(S("a|b\n1|2")), S("[a][b]/[1][2]/"));
	assert_str(rows_of(S("\n\nBAR_CODE\nX1\n")), S("[BAR_CODE]/[X1]/"));
	assert_str(rows_of(S("\"a;b;c\",d\n1,2")), S("[a;b;c][d]/[1][2]/"));
}

TEST(encodings_are_found)
{
	assert_int_equal(sheet_of(S("\xef\xbb\xbf"
								"a"))
						 .encoding,
		SHEET_UTF8);
	assert_str(rows_of(S("\xef\xbb\xbf"
						 "a;\xc3\xa9")),
		S("[a][\xc3\xa9]/"));
	assert_str(rows_of(S("Imprim\xe9;\x80\x81")), S("[Imprim\xc3\xa9][\xe2\x82\xac\xef\xbf\xbd]/"));
	assert_int_equal(sheet_of(S("Imprim\xe9")).encoding, SHEET_WINDOWS_1252);
	assert_str(rows_of(utf16("a;Imprim\xe9\r\n1;2", true)), S("[a][Imprim\xc3\xa9]/[1][2]/"));
	assert_str(rows_of(utf16("a;b\n1;2", false)), S("[a][b]/[1][2]/"));
	assert_str(rows_of(S("\xff\xfe\x3d\xd8\x00\xde\x41\x00\x3d\xd8")), S("[\xf0\x9f\x98\x80"
																		 "A\xef\xbf\xbd]/"));
}

TEST(what_is_no_text_is_named)
{
	assert_int_equal(fault_of(S("")), SHEET_EMPTY);
	assert_int_equal(fault_of(S("\xef\xbb\xbf")), SHEET_EMPTY);
	assert_int_equal(fault_of(S("PK\x03\x04rest")), SHEET_WORKBOOK);
	assert_int_equal(fault_of(S("\xd0\xcf\x11\xe0\xa1\xb1")), SHEET_WORKBOOK);
	assert_int_equal(fault_of(S("a\0b")), SHEET_NOT_TEXT);
	assert_int_equal(fault_of(S("\xff\xfe\x00\x00")), SHEET_NOT_TEXT);
	assert_int_equal(fault_of(S("\xff\xfe"
								"a")),
		SHEET_NOT_TEXT);
	assert_int_equal(fault_of((struct str){ "a", SHEET_BYTES_MAX + 1 }), SHEET_TOO_LARGE);
}

TEST(line_ends_may_be_mixed_and_stand_inside_quotes)
{
	assert_str(rows_of(S("a;b\r\n1;2\r3;4\n5;6")), S("[a][b]/[1][2]/[3][4]/[5][6]/"));
	assert_str(rows_of(S("a;\"x\r\ny\"\nb;c")), S("[a][x\r\ny]/[b][c]/"));
	struct sheet s = sheet_of(S("a;\"x\r\ny\rz\nw\"\r\n\r\nb;c"));
	struct sheet_row row;
	sheet_next(mem, &s, &row);
	sheet_next(mem, &s, &row);
	assert_int_equal(row.line, 6);
}

TEST(quotes_are_undone)
{
	assert_str(rows_of(S("\"a \"\"b\"\"\" ;\"\";  \"c\"")), S("[a \"b\"][][c]/"));
	assert_str(rows_of(S("\"a\"b;c\nd;e")), S("[ab][c]!/[d][e]/"));
	assert_str(rows_of(S("a;b\n\"never;closed\n")), S("[a][b]/limit in line 2"));
}

TEST(what_spreadsheets_do_to_values_is_undone)
{
	assert_str(rows_of(S("=\"0123\";'0456;\"=\"\"0789\"\"\"; 1\xc2\xa0\t;\xe2\x80\xaf"
						 "2")),
		S("[0123][0456][0789][1][2]/"));
}

TEST(empty_lines_and_trailing_separators_are_passed_over)
{
	assert_str(rows_of(S("a;b;\n;;\n \n1;2;\n\n")), S("[a][b][]/[1][2][]/"));
}

TEST(limits_hold)
{
	struct buf b = buf_in(mem);
	for (int i = 0; i < SHEET_FIELD_MAX; i++) buf_add(&b, S("\xc3\xa9"));
	assert_true(str_starts(rows_of(buf_str(&b)), S("[\xc3\xa9")));
	buf_add_char(&b, 'x');
	assert_str(rows_of(buf_str(&b)), S("limit in line 1"));
	b = buf_in(mem);
	for (int i = 0; i < SHEET_COLUMNS_MAX; i++) buf_add_char(&b, ';');
	assert_str(rows_of(buf_str(&b)), S("limit in line 1"));
	b = buf_in(mem);
	for (int i = 0; i <= SHEET_ROWS_MAX; i++) buf_add(&b, S("x\n"));
	struct sheet s = sheet_of(buf_str(&b));
	struct sheet_row row;
	struct arena *a = arena_new();
	enum sheet_result got;
	while ((got = sheet_next(a, &s, &row)) == SHEET_ROW) arena_reset(a);
	arena_free(a);
	assert_int_equal(got, SHEET_LIMIT);
	assert_int_equal(row.line, SHEET_ROWS_MAX + 1);
}

TEST(a_column_has_one_key_however_it_is_written)
{
	assert_str(sheet_key(mem, S("Bar Code")), S("barcode"));
	assert_str(sheet_key(mem, S("BAR_CODE")), S("barcode"));
	assert_str(sheet_key(mem, S("bar-code ")), S("barcode"));
	assert_str(sheet_key(mem, S("No. suivi")), S("nosuivi"));
	assert_str(sheet_key(mem, S("IMPRIM\xc3\x89")), S("imprime"));
}
