/* tests/formats/print_status.c: what a printing company's file says (shipping-rules.md 4, and cases 20 to 24 as far as the file itself goes). */
#include "test.h"

#include "base/day.h"
#include "formats/print_file.h"
#include "formats/print_status.h"

static struct print_status of(struct str bytes)
{
	return print_status_of(mem, bytes, false);
}

/* The one line of a file with HEADER. */
static struct print_status_line line(const char *header, struct str values)
{
	struct print_status p = of(str_format(mem, "%s\n%.*s\n", header, STR_ARG(values)));
	struct print_status_line l = { 0 };
	assert_int_equal(p.fault, PRINT_FILE_OK);
	assert_true(print_status_next(mem, &p, &l));
	return l;
}

static enum print_state state_of(const char *word)
{
	struct print_status_line l = line("BAR_CODE;TICKET_STATE", str_format(mem, "X1;%s", word));
	assert_int_equal(l.fault, PRINT_LINE_OK);
	return l.state;
}

static struct print_status_line dated(const char *date)
{
	return line("BAR_CODE;POSTED_DATE", str_format(mem, "X1;%s", date));
}

TEST(the_smallest_file_is_a_barcode)
{
	struct print_status_line l = line("BAR_CODE", S("K7Q2"));
	assert_str(l.bar_code, S("K7Q2"));
	assert_int_equal(l.state, PRINT_STATE_NONE);
	assert_int_equal(l.fault, PRINT_LINE_OK);
	assert_int_equal(l.line, 2);
}

TEST(case_20_another_separator_header_and_blank_lines_read_the_same_and_strangers_are_named)
{
	struct print_status p = of(S("\xef\xbb\xbf\nBar Code, Status,Shift,No-Suivi\n\nX1,POSTED,night,98.34\n"));
	struct print_status_line l;
	assert_int_equal(p.fault, PRINT_FILE_OK);
	assert_int_equal(p.lines, 1);
	assert_int_equal(p.unknown_count, 1);
	assert_str(p.unknown[0], S("Shift"));
	assert_true(print_status_next(mem, &p, &l));
	assert_str(l.bar_code, S("X1"));
	assert_int_equal(l.state, PRINT_STATE_POSTED);
	assert_str(l.tracking, S("98.34"));
	assert_false(print_status_next(mem, &p, &l));
}

TEST(the_export_sent_back_unchanged_names_no_stranger)
{
	struct buf b = buf_in(mem);
	for (int c = 0; c < PRINT_COLUMNS; c++) buf_addf(&b, "\"%.*s\";", STR_ARG(print_column_name(c)));
	buf_add(&b, S("\r\n\"B-1\";\"1\";\"1\";\"A12\";\"X1\";\"QR\";\"1\";\"NOT_PRINTED\"\r\n"));
	struct print_status p = of(buf_str(&b));
	struct print_status_line l;
	assert_int_equal(p.unknown_count, 0);
	assert_true(print_status_next(mem, &p, &l));
	assert_str(l.batch, S("B-1"));
	assert_str(l.batch_line, S("1"));
	assert_str(l.ticket, S("A12"));
	assert_str(l.copy, S("1"));
	assert_int_equal(l.state, PRINT_STATE_NONE);
}

TEST(states_are_read_in_four_languages)
{
	assert_int_equal(state_of("printed"), PRINT_STATE_PRINTED);
	assert_int_equal(state_of("Gedruckt"), PRINT_STATE_PRINTED);
	assert_int_equal(state_of("Imprim\xc3\xa9"), PRINT_STATE_PRINTED);
	assert_int_equal(state_of("STAMPATO"), PRINT_STATE_PRINTED);
	assert_int_equal(state_of("re-printed"), PRINT_STATE_REPRINTED);
	assert_int_equal(state_of("Makulatur"), PRINT_STATE_SPOILT);
	assert_int_equal(state_of("g\xc3\xa2"
							  "ch\xc3\xa9"),
		PRINT_STATE_SPOILT);
	assert_int_equal(state_of("missing"), PRINT_STATE_MISSING);
	assert_int_equal(state_of("withdrawn"), PRINT_STATE_WITHDRAWN);
	assert_int_equal(state_of("exp\xc3\xa9"
							  "di\xc3\xa9"),
		PRINT_STATE_POSTED);
	assert_int_equal(state_of("Not printed"), PRINT_STATE_NONE);
	assert_int_equal(line("BAR_CODE;STATE", S("X1;lost")).fault, PRINT_LINE_STATE_UNKNOWN);
}

TEST(case_21_windows_1252_is_read)
{
	struct print_status p = of(S("BAR_CODE;STATUT\nX1;Imprim\xe9\n"));
	struct print_status_line l;
	assert_int_equal(p.sheet.encoding, SHEET_WINDOWS_1252);
	assert_true(print_status_next(mem, &p, &l));
	assert_int_equal(l.state, PRINT_STATE_PRINTED);
}

TEST(case_22_numbers_that_excel_has_destroyed_are_found)
{
	assert_int_equal(line("BAR_CODE", S("9.96013E+17")).fault, PRINT_LINE_EXCEL);
	assert_int_equal(line("BAR_CODE;TRACKING_NUMBER", S("X1;9,96E+17")).fault, PRINT_LINE_EXCEL);
	assert_int_equal(line("BAR_CODE", S("996013175411004000")).fault, PRINT_LINE_OK); /* one may end so by chance */
	struct print_status p = of(S("BAR_CODE\n996013175411004000\n996013175411004000\nX1\n"));
	struct print_status_line l;
	for (int i = 0; i < 3; i++) {
		assert_true(print_status_next(mem, &p, &l));
		assert_int_equal(l.fault, i < 2 ? PRINT_LINE_EXCEL : PRINT_LINE_OK);
	}
	assert_string_equal(line("BAR_CODE;TRACKING_NUMBER", S("X1;9,96E+17")).column, "TRACKING_NUMBER");
}

TEST(a_tracking_number_stands_in_a_line_for_each_ticket_of_its_piece)
{
	struct print_status p = of(S("BAR_CODE;TRACKING_NUMBER\nX1;983412345612345000\nX2;983412345612345000\n"));
	struct print_status_line l;
	assert_true(print_status_next(mem, &p, &l));
	assert_int_equal(l.fault, PRINT_LINE_OK);
	p = of(S("BAR_CODE;TRACKING_NUMBER\nX1;983412345612345000\nX2;983412345612346000\n"));
	assert_true(print_status_next(mem, &p, &l));
	assert_int_equal(l.fault, PRINT_LINE_EXCEL);
}

TEST(case_23_files_that_are_none_are_told_apart)
{
	assert_int_equal(of(S("PK\x03\x04 a workbook")).sheet.fault, SHEET_WORKBOOK);
	assert_int_equal(of(S("PK\x03\x04 a workbook")).fault, PRINT_FILE_SHEET);
	assert_int_equal(of(S("")).sheet.fault, SHEET_EMPTY);
	assert_int_equal(of(S(" \n\n")).sheet.fault, SHEET_EMPTY);
	assert_int_equal(of(S("BAR_CODE\n\n")).fault, PRINT_FILE_NO_LINES);
	assert_int_equal(of(S("NAME;TOWN\na;b\n")).fault, PRINT_FILE_NO_KEY);
	assert_int_equal(of(S("BATCH_NUMBER;STATE\na;b\n")).fault, PRINT_FILE_NO_KEY);
	struct print_status p = of(S("BAR_CODE\nX1\n\"never closed\n"));
	assert_int_equal(p.fault, PRINT_FILE_LIMIT);
	assert_int_equal(p.line, 3);
}

TEST(a_line_without_a_key_or_with_text_behind_a_quote_is_refused)
{
	assert_int_equal(line("BAR_CODE;STATE", S(";printed")).fault, PRINT_LINE_NO_KEY);
	assert_int_equal(line("BATCH_NUMBER;LINE_NUMBER", S("B-1;")).fault, PRINT_LINE_NO_KEY);
	assert_int_equal(line("BATCH_NUMBER;LINE_NUMBER", S("B-1;7")).fault, PRINT_LINE_OK);
	assert_int_equal(line("BAR_CODE;STATE", S("\"X1\"X;printed")).fault, PRINT_LINE_BROKEN);
}

TEST(dates_are_read_and_those_that_could_be_two_are_refused)
{
	struct print_status_line l = dated("2026-12-31");
	assert_int_equal(l.posted.day, day_of_date((struct date){ 2026, 12, 31 }));
	assert_false(l.posted.has_time);
	assert_int_equal(dated("31.12.2026").posted.day, l.posted.day);
	assert_int_equal(dated("31/12/2026").posted.day, l.posted.day);
	l = dated("31.12.2026 14:05");
	assert_true(l.posted.has_time);
	assert_int_equal(l.posted.minute, 14 * 60 + 5);
	assert_int_equal(dated("2026-12-31T14:05:09+01:00").posted.minute, 14 * 60 + 5);
	assert_int_equal(dated("03/04/2026").fault, PRINT_LINE_DATE);
	assert_int_equal(dated("04/04/2026").fault, PRINT_LINE_OK);
	assert_int_equal(dated("31.11.2026").fault, PRINT_LINE_DATE);
	assert_int_equal(dated("12/31/2026").fault, PRINT_LINE_DATE);
	assert_int_equal(dated("31.12.26").fault, PRINT_LINE_DATE);
	assert_int_equal(dated("2026-12-31 25:00").fault, PRINT_LINE_DATE);
	assert_int_equal(dated("yesterday").fault, PRINT_LINE_DATE);
	assert_string_equal(dated("yesterday").column, "POSTED_DATE");
	assert_false(dated("").posted.is_given);
	struct print_status p = print_status_of(mem, S("BAR_CODE;PRINT_DATE\nX1;03/04/2026\n"), true);
	assert_true(print_status_next(mem, &p, &l));
	assert_int_equal(l.printed.day, day_of_date((struct date){ 2026, 4, 3 }));
}

TEST(a_hundred_thousand_lines_are_counted_and_read)
{
	struct buf b = buf_in(mem);
	buf_add(&b, S("BAR_CODE;TICKET_STATE;TRACKING_NUMBER\r\n"));
	for (int i = 0; i < 100000; i++) buf_addf(&b, "\"K%d\";\"POSTED\";\"98.34.123456.%08d\"\r\n", i, i);
	struct print_status p = of(buf_str(&b));
	struct print_status_line l;
	struct arena *a = arena_new();
	int n = 0;
	assert_int_equal(p.lines, 100000);
	for (; print_status_next(a, &p, &l); n++) {
		assert_int_equal(l.fault, PRINT_LINE_OK);
		arena_reset(a);
	}
	assert_int_equal(n, 100000);
	assert_true(arena_size(a) < (1 << 20));
	arena_free(a);
}
