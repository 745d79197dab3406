/* tests/formats/csv.c: rows of RFC 4180, and what spreadsheets must not run. */
#include "formats/csv.h"

#include "chance.h"
#include "test.h"

static struct csv_row row_of(const char *text)
{
	struct csv c = csv_of(str_of(text), ',');
	struct csv_row row;
	assert_int_equal(csv_next(mem, &c, &row), CSV_ROW);
	return row;
}

static bool is_broken(struct str text)
{
	struct csv c = csv_of(text, ',');
	struct csv_row row;
	enum csv_result r;
	while ((r = csv_next(mem, &c, &row)) == CSV_ROW) {
	}
	return r == CSV_BROKEN;
}

static struct str written(struct str field, unsigned style)
{
	struct buf b = buf_in(mem);
	csv_add(&b, (const struct str[]){ S("a"), field }, 2, ',', style);
	return buf_str(&b);
}

TEST(a_row_is_cut_at_its_separators)
{
	struct csv_row row = row_of("1001,,Zürich\n");
	assert_int_equal(row.count, 3);
	assert_str(row.fields[0], S("1001"));
	assert_str(row.fields[1], S(""));
	assert_str(row.fields[2], S("Zürich"));
}

TEST(quotes_hold_separators_quotes_and_line_ends)
{
	struct csv_row row = row_of("\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\r\n");
	assert_int_equal(row.count, 3);
	assert_str(row.fields[0], S("a,b"));
	assert_str(row.fields[1], S("say \"no\""));
	assert_str(row.fields[2], S("two\r\nlines"));
}

TEST(rows_end_in_any_line_end_or_the_texts_and_know_their_lines)
{
	struct csv c = csv_of(S("\xef\xbb\xbf"
							"a\r\n\r\nb\n\"c\nc\"\nd"),
		',');
	const char *want[] = { "a", "b", "c\nc", "d" };
	const int64_t lines[] = { 1, 3, 4, 6 };
	struct csv_row row;
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_int_equal(csv_next(mem, &c, &row), CSV_ROW);
		assert_str(row.fields[0], str_of(want[i]));
		assert_int_equal(row.line, lines[i]);
	}
	assert_int_equal(csv_next(mem, &c, &row), CSV_END);
}

TEST(what_is_no_csv_is_broken)
{
	assert_true(is_broken(S("a,\"b\n")));
	assert_true(is_broken(S("a,\"b\"c\n")));
	assert_false(is_broken(S("a,b\"c\n")));
	struct buf wide = buf_in(mem);
	for (size_t i = 0; i < CSV_FIELDS_MAX; i++) buf_add_char(&wide, ',');
	assert_true(is_broken(buf_str(&wide)));
	struct buf big = buf_in(mem);
	for (size_t i = 0; i <= CSV_FIELD_MAX; i++) buf_add_char(&big, 'x');
	assert_true(is_broken(buf_str(&big)));
}

TEST(a_field_is_quoted_where_it_must_be)
{
	assert_str(written(S("plain"), CSV_PLAIN), S("a,plain\r\n"));
	assert_str(written(S("x,y"), CSV_LF), S("a,\"x,y\"\n"));
	assert_str(written(S("\"x\" y"), CSV_LF), S("a,\"\"\"x\"\" y\"\n"));
	assert_str(written(S("x\ry"), CSV_LF), S("a,\"x\ry\"\n"));
}

TEST(formulas_are_defused_and_numbers_are_not)
{
	const char *formulas[] = { "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1" };
	for (size_t i = 0; i < COUNT(formulas); i++)
		assert_str(written(str_of(formulas[i]), CSV_LF | CSV_DEFUSED), str_format(mem, "a,'%s\n", formulas[i]));
	assert_str(written(S("=\"x\""), CSV_LF | CSV_DEFUSED), S("a,\"'=\"\"x\"\"\"\n"));
	assert_str(written(S("-12.50"), CSV_LF | CSV_DEFUSED), S("a,-12.50\n"));
	assert_str(written(S("+41"), CSV_LF | CSV_DEFUSED), S("a,+41\n"));
	assert_str(written(S("=1+1"), CSV_LF), S("a,=1+1\n"));
}

TEST(whatever_is_written_is_read_back)
{
	static const char alphabet[] = "ab,;\"\r\n =";
	for (int round = 0; round < 2000; round++) {
		struct str fields[4];
		size_t count = 1 + chance(COUNT(fields));
		for (size_t i = 0; i < count; i++) {
			char *at = arena_alloc(mem, 8);
			size_t len = chance(8);
			for (size_t k = 0; k < len; k++) at[k] = alphabet[chance(sizeof alphabet - 1)];
			fields[i] = (struct str){ at, len };
		}
		struct buf b = buf_in(mem);
		csv_add(&b, fields, count, ',', round & 1 ? CSV_LF : CSV_PLAIN);
		struct csv c = csv_of(buf_str(&b), ',');
		struct csv_row row;
		assert_int_equal(csv_next(mem, &c, &row), CSV_ROW);
		assert_int_equal(row.count, count);
		for (size_t i = 0; i < count; i++) assert_str(row.fields[i], fields[i]);
		assert_int_equal(csv_next(mem, &c, &row), CSV_END);
	}
}
