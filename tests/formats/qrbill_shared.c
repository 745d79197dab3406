/* tests/formats/qrbill_shared.c: texts of real and made-up bills with their verdicts, and numbers that are right and wrong, from the folder
 * PARTERRE_SHARED (default ../shared); skipped without it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/qrbill.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_s1.h"
#include "test.h"

static struct str file_of(const char *name)
{
	const char *shared = getenv("PARTERRE_SHARED");
	FILE *f = fopen(str_format(mem, "%s/data/qrbill/%s%c", shared ? shared : "../shared", name, 0).at, "rb");
	if (!f) skip();
	struct buf b = buf_in(mem);
	size_t n;
	while ((n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0) buf_added(&b, n);
	fclose(f);
	return buf_str(&b);
}

/* The rules of FINDINGS and their severities, "error R12 R16" or "warn R05" or "ok", as the table of verdicts words them. */
static struct str verdict_of(const struct qrbill_findings *f)
{
	struct buf rules = buf_in(mem);
	bool is_error = false;
	for (size_t i = 0; i < f->count; i++) {
		is_error |= f->at[i].severity == QRBILL_ERROR;
		buf_addf(&rules, " %.*s", STR_ARG(qrbill_rule_name(mem, f->at[i].rule)));
	}
	return str_format(mem, "%s%.*s", is_error ? "error" : rules.len ? "warn" : "ok", STR_ARG(buf_str(&rules)));
}

/* "R12 debtor address type; R16 debtor postcode missing" as " R12 R16". */
static struct str wanted_rules(struct str list)
{
	struct buf b = buf_in(mem);
	for (struct str rest = list, entry; str_next(&rest, ';', &entry);)
		if (!str_eq(entry, S("-"))) buf_addf(&b, " %.3s", str_trim(entry).at);
	return buf_str(&b);
}

/* The next row of a table; lines that begin with # are its head and comments. */
static bool next_row(struct str *rest, struct str *row)
{
	while (str_next(rest, '\n', row))
		if (row->len && row->at[0] != '#') return true;
	return false;
}

static struct str column(struct str row, int n)
{
	struct str cell = S("");
	for (int i = 0; i <= n; i++)
		if (!str_next(&row, '\t', &cell)) return S("");
	return cell;
}

TEST(every_text_gets_its_verdict_and_its_rules_from_a_strict_reader)
{
	struct str rest = file_of("payloads/expected.tsv"), row;
	size_t seen = 0;
	while (next_row(&rest, &row)) {
		struct str name = column(row, 0);
		struct str text = file_of(str_format(mem, "payloads/%.*s%c", STR_ARG(name), 0).at);
		struct qrbill bill = { .language = QRBILL_EN };
		struct qrbill_findings f = qrbill_findings_in(mem);
		qrbill_read(text, QRBILL_STRICT, &bill, &f);
		struct str want = str_format(mem, "%.*s%.*s", STR_ARG(column(row, 1)), STR_ARG(wanted_rules(column(row, 2))));
		struct str got = verdict_of(&f);
		if (!str_eq(got, want)) fail_msg("%.*s: got \"%.*s\", want \"%.*s\"", STR_ARG(name), STR_ARG(got), STR_ARG(want));
		seen++;
	}
	assert_true(seen > 50);
}

/* "\n" and "\r" as the table writes them. */
static struct str unescaped(struct str s)
{
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' && i + 1 < s.len && (s.at[i + 1] == 'n' || s.at[i + 1] == 'r')) buf_add_char(&b, s.at[++i] == 'n' ? '\n' : '\r');
		else buf_add_char(&b, s.at[i]);
	}
	return buf_str(&b);
}

TEST(what_stands_in_the_symbols_of_other_programs_gets_its_verdict)
{
	struct str rest = file_of("bills/expected.tsv"), row;
	size_t seen = 0;
	while (next_row(&rest, &row)) {
		struct qrbill bill = { .language = QRBILL_EN };
		struct qrbill_findings f = qrbill_findings_in(mem);
		if (str_eq(column(row, 1), S("0"))) continue;
		qrbill_read(unescaped(column(row, 6)), QRBILL_STRICT, &bill, &f);
		struct str want = str_format(mem, "%.*s%.*s", STR_ARG(column(row, 4)), STR_ARG(wanted_rules(column(row, 5))));
		struct str got = verdict_of(&f);
		if (!str_eq(got, want)) fail_msg("%.*s: got \"%.*s\", want \"%.*s\"", STR_ARG(column(row, 0)), STR_ARG(got), STR_ARG(want));
		seen++;
	}
	assert_true(seen > 40);
}

/* TEXT with LF, and its creditor reference as it is kept: in capitals. */
static struct str as_written(struct str text)
{
	struct buf b = buf_in(mem);
	bool is_scor = false;
	int n = 0;
	for (struct str rest = text, line; str_next(&rest, '\n', &line);) {
		if (str_ends(line, S("\r"))) line.len--;
		if (n++) buf_add_char(&b, '\n');
		buf_add(&b, n == 29 && is_scor ? reference_capital(mem, line) : line);
		is_scor = n == 28 && str_eq(line, S("SCOR"));
	}
	return buf_str(&b);
}

TEST(a_text_without_a_fault_is_written_again_as_it_was)
{
	struct str rest = file_of("payloads/expected.tsv"), row;
	while (next_row(&rest, &row)) {
		struct qrbill bill = { .language = QRBILL_EN };
		struct qrbill_findings f = qrbill_findings_in(mem);
		if (!str_eq(column(row, 1), S("ok"))) continue;
		struct str text = file_of(str_format(mem, "payloads/%.*s%c", STR_ARG(column(row, 0)), 0).at);
		qrbill_read(text, QRBILL_STRICT, &bill, &f);
		assert_str(qrbill_payload(mem, &bill), as_written(text));
	}
}

static bool is_yes(struct str s)
{
	return str_eq(s, S("yes"));
}

TEST(accounts_are_told_apart)
{
	struct str rest = file_of("vectors/iban.tsv"), row;
	while (next_row(&rest, &row)) {
		struct str account = reference_compact(mem, column(row, 0));
		if (iban_is_valid(account) != is_yes(column(row, 1))) fail_msg("valid: %.*s", STR_ARG(account));
		if (iban_is_usable(account) != is_yes(column(row, 2))) fail_msg("usable: %.*s", STR_ARG(account));
		if ((iban_is_usable(account) && iban_is_qr(account)) != is_yes(column(row, 3))) fail_msg("QR-IBAN: %.*s", STR_ARG(account));
	}
}

TEST(references_are_told_right_from_wrong)
{
	struct str rest = file_of("vectors/qr_reference.tsv"), row;
	while (next_row(&rest, &row))
		if (qrr_is_valid(reference_compact(mem, column(row, 0))) != is_yes(column(row, 1))) fail_msg("%.*s", STR_ARG(row));
	rest = file_of("vectors/creditor_reference.tsv");
	while (next_row(&rest, &row))
		if (scor_is_valid(reference_compact(mem, column(row, 0))) != is_yes(column(row, 1))) fail_msg("%.*s", STR_ARG(row));
}

TEST(billing_information_is_read_as_others_read_it)
{
	struct str rest = file_of("vectors/swico_s1.jsonl"), row;
	while (next_row(&rest, &row)) {
		json_t *line = json_loadb(row.at, row.len, 0, NULL), *want = json_object_get(line, "decoded");
		struct s1 got;
		struct qrbill_findings f = qrbill_findings_in(mem);
		bool is_s1 = s1_read(str_of(json_string_value(json_object_get(line, "text"))), &got, &f);
		if (is_s1 == json_is_null(want)) fail_msg("%.*s", STR_ARG(row));
		for (size_t i = 0; is_s1 && i < S1_FIELDS; i++)
			assert_str(*(struct str *)((char *)&got + s1_fields[i].offset), str_of(json_string_value(json_object_get(want, s1_fields[i].tag))));
		json_decref(line);
	}
}
