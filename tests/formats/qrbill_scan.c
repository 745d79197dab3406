/* tests/formats/qrbill_scan.c: codes are found in pictures, ours and others', and pictures that are none do no harm. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/png.h"
#include "formats/qrbill_scan.h"
#include "formats/qrbill_slip.h"

static struct qrbill a_bill(void)
{
	return (struct qrbill){ .account = S("CH5604835012345678009"),
		.creditor = { S("Theater am Hafen"), S("Quai"), S("3"), S("8001"), S("Zürich"), S("CH") },
		.amount = 4200,
		.currency = S("CHF"),
		.kind = QRBILL_NON,
		.message = S("Łukasz, Ştefan, 20 €") };
}

static struct picture code_of(const struct qrbill *bill, unsigned dpi)
{
	struct slip s;
	struct picture p;
	struct problem why = problem_in(mem);
	assert_status(slip_lay_out(mem, bill, SLIP_CODE, SLIP_NO_LINES, &s), OK);
	assert_status(png_read(mem, slip_png(mem, &s, dpi), SCAN_PIXELS_MAX, &p, &why), OK);
	return p;
}

static size_t scan(const struct picture *p, struct str **codes)
{
	struct problem why = problem_in(mem);
	size_t count = 99;
	assert_status(qrbill_scan_png(mem, png_write(mem, p, 300), codes, &count, &why), OK);
	return count;
}

/* The pictures side by side. */
static struct picture beside(struct picture a, struct picture b)
{
	uint32_t height = a.height > b.height ? a.height : b.height;
	struct picture out = { arena_alloc(mem, (size_t)(a.width + b.width) * height), a.width + b.width, height };
	memset(out.at, 255, (size_t)out.width * height);
	for (uint32_t y = 0; y < a.height; y++) memcpy(out.at + y * out.width, a.at + y * a.width, a.width);
	for (uint32_t y = 0; y < b.height; y++) memcpy(out.at + y * out.width + a.width, b.at + y * b.width, b.width);
	return out;
}

static struct picture quarter_turn(struct picture p)
{
	struct picture out = { arena_alloc(mem, (size_t)p.width * p.height), p.height, p.width };
	for (uint32_t y = 0; y < p.height; y++)
		for (uint32_t x = 0; x < p.width; x++) out.at[x * out.width + (p.height - 1 - y)] = p.at[y * p.width + x];
	return out;
}

TEST(a_code_gives_its_bytes_as_they_were_encoded)
{
	struct qrbill bill = a_bill();
	struct picture p = code_of(&bill, 200);
	for (int turn = 0; turn < 4; turn++, p = quarter_turn(p)) {
		struct str *codes;
		assert_int_equal(scan(&p, &codes), 1);
		assert_str(codes[0], qrbill_payload(mem, &bill));
	}
}

TEST(two_codes_are_two_also_when_they_are_equal)
{
	struct qrbill bill = a_bill(), other = a_bill();
	other.amount = 4300;
	struct picture p = code_of(&bill, 200), q = code_of(&other, 200), both = beside(p, q), twice = beside(p, p);
	struct str *codes;
	assert_int_equal(scan(&both, &codes), 2);
	assert_false(str_eq(codes[0], codes[1]));
	assert_int_equal(scan(&twice, &codes), 2);
	assert_str(codes[0], codes[1]);
}

TEST(a_picture_without_a_code_is_no_fault)
{
	struct picture p = { arena_alloc(mem, 300 * 200), 300, 200 };
	memset(p.at, 255, 300 * 200);
	struct str *codes;
	assert_int_equal(scan(&p, &codes), 0);
}

TEST(what_is_transparent_is_paper)
{
	/* 1 x 1 pixel, RGBA, all zero: black and transparent. */
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f,
		0x15, 0xc4, 0x89, 0, 0, 0, 11, 'I', 'D', 'A', 'T', 0x78, 0x9c, 0x63, 0x60, 0, 2, 0, 0, 5, 0, 1, 0x7a, 0x5e, 0xab, 0x3f, 0, 0, 0, 0, 'I', 'E',
		'N', 'D', 0xae, 0x42, 0x60, 0x82 };
	struct picture p;
	struct problem why = problem_in(mem);
	assert_status(png_read(mem, (struct str){ (const char *)png, sizeof png }, 10, &p, &why), OK);
	assert_int_equal(p.at[0], 255);
}

TEST(no_broken_picture_is_read_and_none_does_harm)
{
	struct qrbill bill = a_bill();
	struct picture p = code_of(&bill, 72);
	struct str png = png_write(mem, &p, 72), *codes;
	size_t count;
	for (size_t len = 0; len < png.len - 12; len += 1 + len / 16) { /* the last chunk says only that it is the last */
		struct problem why = problem_in(mem);
		assert_status(qrbill_scan_png(mem, str_part(png, 0, len), &codes, &count, &why), REFUSED);
		assert_true(problem_any(&why));
		assert_int_equal(count, 0);
	}
	struct problem why = problem_in(mem);
	assert_status(qrbill_scan_png(mem, S("%PDF-1.4"), &codes, &count, &why), REFUSED);
}

TEST(a_picture_that_is_too_large_is_refused_before_it_is_unpacked)
{
	struct qrbill bill = a_bill();
	struct picture p = code_of(&bill, 72);
	struct problem why = problem_in(mem);
	assert_status(png_read(mem, png_write(mem, &p, 72), (size_t)p.width * p.height - 1, &p, &why), REFUSED);
	assert_int_equal(why.first->message, MSG_PNG_TOO_LARGE);

	/* A head alone that promises a million by a million pixels: the checksum is right, the pixels never come. */
	static const uint8_t bomb[] = { 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0x0f, 0x42, 0x40, 0, 0x0f, 0x42, 0x40, 8,
		0, 0, 0, 0, 0x79, 0x06, 0x67, 0xa1, 0, 0, 0, 0, 'I', 'D', 'A', 'T', 0x35, 0xaf, 0x06, 0x1e };
	struct str *codes;
	size_t count, before = arena_size(mem);
	assert_status(qrbill_scan_png(mem, (struct str){ (const char *)bomb, sizeof bomb }, &codes, &count, &why), REFUSED);
	assert_true(arena_size(mem) - before < 1 << 20);
}

/* ---- others' pictures ---- */

static struct str shared_file(const char *name)
{
	const char *shared = getenv("PARTERRE_SHARED");
	FILE *f = fopen(str_format(mem, "%s/data/qrbill/bills/%s%c", shared ? shared : "../shared", name, 0).at, "rb");
	if (!f) return S("");
	struct buf b = buf_in(mem);
	size_t n;
	while ((n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0) buf_added(&b, n);
	fclose(f);
	return buf_str(&b);
}

/* "\n" and "\r" of the list as what they stand for. */
static struct str unescaped(struct str s)
{
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < s.len; i++) {
		bool is_escape = s.at[i] == '\\' && i + 1 < s.len;
		buf_add_char(&b, is_escape ? (s.at[++i] == 'n' ? '\n' : '\r') : s.at[i]);
	}
	return buf_str(&b);
}

TEST(every_picture_of_other_programs_is_read_as_two_decoders_read_it)
{
	struct str list = shared_file("expected.tsv"), row, cell[7];
	size_t pictures = 0;
	if (list.len == 0) skip();
	while (str_next(&list, '\n', &row)) {
		size_t n = 0;
		while (n < 7 && str_next(&row, '\t', &cell[n])) n++;
		if (n < 7 || !str_ends(cell[0], S(".png"))) continue;
		struct str *codes;
		size_t count;
		struct problem why = problem_in(mem);
		assert_status(qrbill_scan_png(mem, shared_file(str_c(mem, cell[0])), &codes, &count, &why), OK);
		if (count != 1) fail_msg("%.*s: %zu codes", STR_ARG(cell[0]), count);
		assert_str(codes[0], unescaped(cell[6]));
		pictures++;
	}
	assert_true(pictures >= 8);
}
