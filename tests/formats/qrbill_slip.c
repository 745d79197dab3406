/* tests/formats/qrbill_slip.c: a slip keeps its fields whatever stands on the bill: nothing overlaps, nothing runs out, nothing is lost without dots. */
#include "test.h"

#include "formats/qrbill_slip.h"
#include "formats/qrbill_words.h"

#define OVERLAP_MAX 30 /* 0.3 pt: lines of the prescribed pitch overlap that much in their letters' whole height */

static struct str times(const char *what, size_t n)
{
	struct buf b = buf_in(mem);
	while (n--) buf_add(&b, str_of(what));
	return buf_str(&b);
}

static struct qrbill a_bill(void)
{
	return (struct qrbill){ .account = S("CH4431999123000889012"),
		.creditor = { S("Theater am Hafen"), S("Quai 7"), S("3"), S("8001"), S("Zürich"), S("CH") },
		.debtor = { S("Pia Rutschmann"), S("Marktgasse"), S("28"), S("9400"), S("Rorschach"), S("CH") },
		.amount = 194975,
		.currency = S("CHF"),
		.kind = QRBILL_QRR,
		.reference = S("210000000003139471430009017"),
		.message = S("Abonnement 2026/27"),
		.language = QRBILL_DE };
}

static struct qrbill_address an_address_of(const char *c)
{
	return (struct qrbill_address){ times(c, 70), times(c, 70), times(c, 16), times(c, 16), times(c, 35), S("LI") };
}

/* Each field as long as it may be, of one character. */
static struct qrbill a_bill_of(const char *c, enum qrbill_language language)
{
	struct qrbill bill = a_bill();
	bill.creditor = an_address_of(c);
	bill.debtor = an_address_of(c);
	bill.amount = QRBILL_AMOUNT_MAX;
	bill.kind = QRBILL_SCOR;
	bill.reference = times("W", 25);
	bill.message = times(c, 140);
	bill.schemes[0] = bill.schemes[1] = times(c, 100);
	bill.scheme_count = 2;
	bill.language = language;
	return bill;
}

static struct slip laid_out(const struct qrbill *bill, enum slip_size size, enum slip_separation separation)
{
	struct slip s;
	assert_status(slip_lay_out(mem, bill, size, separation, &s), OK);
	return s;
}

struct box {
	int left, top, right, bottom;
};

/* As pdftotext -bbox sees it: the width of the letters, and their font's whole height. */
static struct box box_of(const struct slip_text *t)
{
	const struct font *f = &fonts[t->weight];
	int width = (int)(font_width(t->weight, t->text) * t->size * 100 / FONT_EM);
	return (struct box){ t->x, t->y - f->ascent * t->size * 100 / FONT_EM, t->x + width, t->y - f->descent * t->size * 100 / FONT_EM };
}

static bool overlap(struct box a, struct box b)
{
	int width = (a.right < b.right ? a.right : b.right) - (a.left > b.left ? a.left : b.left);
	int height = (a.bottom < b.bottom ? a.bottom : b.bottom) - (a.top > b.top ? a.top : b.top);
	return width > OVERLAP_MAX && height > OVERLAP_MAX;
}

/* The fields of the standard's figures: every text lies in one of them. */
static const struct box fields[] = {
	{ SLIP_MM(5), SLIP_MM(5), SLIP_MM(57), SLIP_MM(12) },	  /* receipt: title */
	{ SLIP_MM(5), SLIP_MM(12), SLIP_MM(57), SLIP_MM(68) },	  /* information */
	{ SLIP_MM(5), SLIP_MM(68), SLIP_MM(57), SLIP_MM(82) },	  /* amount */
	{ SLIP_MM(5), SLIP_MM(82), SLIP_MM(57), SLIP_MM(100) },	  /* acceptance point */
	{ SLIP_MM(67), SLIP_MM(5), SLIP_MM(118), SLIP_MM(12) },	  /* payment part: title */
	{ SLIP_MM(67), SLIP_MM(68), SLIP_MM(118), SLIP_MM(90) },  /* amount */
	{ SLIP_MM(118), SLIP_MM(5), SLIP_MM(205), SLIP_MM(90) },  /* information */
	{ SLIP_MM(67), SLIP_MM(90), SLIP_MM(205), SLIP_MM(100) }, /* further information */
};

static bool lies_in(struct box inner, struct box outer)
{
	return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
}

#define BOXES_MAX 4

/* The boxes to write in, each around the outer edge of its four corner marks; separation lines are none. */
static size_t boxes_of(const struct slip *s, struct box out[BOXES_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i + 3 < s->line_count; i++) {
		if (s->lines[i].count != 3) continue;
		struct slip_point from = s->lines[i].at[1], to = s->lines[i + 2].at[1];
		int in = s->lines[i].width / 2;
		assert_true(count < BOXES_MAX);
		out[count++] = (struct box){ from.x - in, from.y - in, to.x + in, to.y + in };
		i += 3;
	}
	return count;
}

static bool are_apart(struct box a, struct box b, int distance)
{
	return a.left - b.right >= distance || b.left - a.right >= distance || a.top - b.bottom >= distance || b.top - a.bottom >= distance;
}

/* Marks that touch are one shape, of which nobody knows what it frames. */
static void must_keep_its_boxes_apart(const struct slip *s)
{
	struct box boxes[BOXES_MAX];
	size_t count = boxes_of(s, boxes);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (!are_apart(boxes[i], boxes[k], SLIP_MM(1) - 2))
				fail_msg("a box at %d %d to %d %d stands against one at %d %d to %d %d", boxes[i].left, boxes[i].top, boxes[i].right, boxes[i].bottom,
					boxes[k].left, boxes[k].top, boxes[k].right, boxes[k].bottom);
}

static void must_keep_its_fields(const struct slip *s)
{
	struct box boxes[BOXES_MAX];
	size_t box_count = boxes_of(s, boxes);
	must_keep_its_boxes_apart(s);
	for (size_t i = 0; i < box_count; i++) {
		bool is_in_field = false;
		struct box inner = { boxes[i].left + 2, boxes[i].top + 2, boxes[i].right - 2, boxes[i].bottom - 2 }; /* rounding */
		for (size_t f = 0; f < COUNT(fields); f++) is_in_field = is_in_field || lies_in(inner, fields[f]);
		if (!is_in_field) fail_msg("a box at %d %d lies in no field", boxes[i].left, boxes[i].top);
	}
	for (size_t i = 0; i < s->text_count; i++) {
		struct box box = box_of(&s->texts[i]);
		bool is_in_field = false;
		for (size_t f = 0; f < COUNT(fields); f++) is_in_field = is_in_field || lies_in(box, fields[f]);
		if (!is_in_field)
			fail_msg("\"%.*s\" at %d %d to %d %d lies in no field", STR_ARG(s->texts[i].text), box.left, box.top, box.right, box.bottom);
		for (size_t k = 0; k < i; k++)
			if (overlap(box, box_of(&s->texts[k]))) fail_msg("\"%.*s\" overprints \"%.*s\"", STR_ARG(s->texts[i].text), STR_ARG(s->texts[k].text));
		for (size_t k = 0; k < box_count; k++)
			if (overlap(box, boxes[k])) fail_msg("\"%.*s\" stands in a box to write in", STR_ARG(s->texts[i].text));
	}
}

/* How far down an information section is filled, with text or corner marks; AT are its edges. */
static int filled_to(const struct slip *s, struct box at)
{
	int low = at.top, descent = -fonts[FONT_REGULAR].descent * 8 * 100 / FONT_EM;
	for (size_t i = 0; i < s->text_count; i++) {
		const struct slip_text *t = &s->texts[i];
		if (t->x == at.left && t->y > at.top && t->y < at.bottom && t->y + descent > low) low = t->y + descent;
	}
	for (size_t i = 0; i < s->line_count; i++) {
		struct slip_point p = s->lines[i].at[1];
		if (s->lines[i].count == 3 && p.x >= at.left && p.x < at.right && p.y <= at.bottom && p.y + s->lines[i].width / 2 > low)
			low = p.y + s->lines[i].width / 2;
	}
	return low;
}

static size_t corners(const struct slip *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->line_count; i++) n += s->lines[i].count == 3;
	return n;
}

/* T13: a text is cut in a section only when not one line more would go into it. */
static void must_use_its_lines(const struct slip *s)
{
	const struct box sections[] = {
		{ SLIP_MM(5), SLIP_MM(12), SLIP_MM(57), corners(s) == 16 ? SLIP_MM(67) : SLIP_MM(68) }, /* two boxes: one is free of the other */
		{ SLIP_MM(118), SLIP_MM(5), SLIP_MM(205), SLIP_MM(90) },
	};
	for (size_t i = 0; i < COUNT(sections); i++) {
		const struct slip_text *cut = NULL;
		for (size_t k = 0; k < s->text_count; k++)
			if (s->texts[k].x == sections[i].left && s->texts[k].y < sections[i].bottom && str_ends(s->texts[k].text, S("..."))) cut = &s->texts[k];
		int free = sections[i].bottom - filled_to(s, sections[i]);
		if (cut && free >= 900) fail_msg("\"%.*s\" is cut, and %d hundredths of a point are free", STR_ARG(cut->text), free);
	}
}

static const struct slip_text *text_at(const struct slip *s, const char *text)
{
	for (size_t i = 0; i < s->text_count; i++)
		if (str_eq(s->texts[i].text, str_of(text))) return &s->texts[i];
	return NULL;
}

static size_t texts_with(const struct slip *s, const char *part)
{
	size_t n = 0;
	for (size_t i = 0; i < s->text_count; i++) n += str_find(s->texts[i].text, str_of(part)) >= 0;
	return n;
}

TEST(an_ordinary_slip_has_the_recommended_sizes)
{
	struct qrbill bill = a_bill();
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	must_keep_its_fields(&s);
	assert_int_equal(text_at(&s, "Zahlteil")->size, 11);
	assert_int_equal(text_at(&s, "Zahlteil")->weight, FONT_BOLD);
	assert_int_equal(text_at(&s, "Zusätzliche Informationen")->size, 8);
	assert_int_equal(text_at(&s, "Abonnement 2026/27")->size, 10);
	assert_int_equal(text_at(&s, "Abonnement 2026/27")->weight, FONT_REGULAR);
	assert_int_equal(s.width, SLIP_MM(210));
	assert_int_equal(s.height, SLIP_MM(105));
	assert_int_equal(s.code_x, SLIP_MM(67));
	assert_int_equal(s.code_y, SLIP_MM(17));
}

TEST(every_language_keeps_its_fields_with_every_field_full)
{
	static const char *const characters[] = { "W", "i", "€", "Œ", "-", "Ş" };
	for (unsigned l = 0; l < QRBILL_LANGUAGES; l++)
		for (size_t c = 0; c < COUNT(characters); c++)
			for (unsigned open = 0; open < 4; open++) {
				struct qrbill bill = a_bill_of(characters[c], l);
				if (open & 1) bill.amount = QRBILL_AMOUNT_OPEN;
				if (open & 2) bill.debtor = (struct qrbill_address){ 0 };
				struct slip s;
				if (slip_lay_out(mem, &bill, SLIP_ALONE, SLIP_SCISSORS, &s) == OK) must_keep_its_fields(&s), must_use_its_lines(&s);
				else assert_true(strlen(characters[c]) > 1); /* R45: full of two or three bytes a character, no symbol holds it */
				bill.scheme_count = 0;						 /* fits the symbol in any case, and its text is as high */
				bill.message = times(characters[c], 60);
				bill.debtor.street = bill.debtor.house_number = S("");
				if (slip_lay_out(mem, &bill, SLIP_ALONE, SLIP_SCISSORS, &s) == OK) must_keep_its_fields(&s), must_use_its_lines(&s);
			}
}

TEST(two_boxes_to_write_in_never_touch_wherever_the_text_above_them_ends)
{
	for (unsigned l = 0; l < QRBILL_LANGUAGES; l++)
		for (size_t n = 0; n <= 140; n += 5)
			for (size_t name = 10; name <= 70; name += 20) {
				struct qrbill bill = a_bill_of("W", l);
				bill.amount = QRBILL_AMOUNT_OPEN;
				bill.debtor = (struct qrbill_address){ 0 };
				bill.creditor.name = bill.creditor.street = times("W", name);
				bill.message = times("W", n);
				struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
				assert_int_equal(corners(&s), 16);
				must_keep_its_fields(&s);
				must_use_its_lines(&s);
				s = laid_out(&bill, SLIP_PAYMENT_PART, SLIP_SCISSORS);
				must_keep_its_boxes_apart(&s);
			}
}

TEST(a_box_beside_an_amount_that_is_known_stands_below_its_heading)
{
	struct qrbill bill = a_bill_of("W", QRBILL_DE);
	bill.debtor = (struct qrbill_address){ 0 };
	struct slip s = laid_out(&bill, SLIP_PAYMENT_PART, SLIP_SCISSORS);
	struct box boxes[BOXES_MAX] = { 0 };
	assert_int_equal(boxes_of(&s, boxes), 1);
	assert_true(boxes[0].bottom > SLIP_MM(72)); /* where an open amount's would begin */
	assert_in_range(boxes[0].left, text_at(&s, "Zahlbar durch (Name/Adresse)")->x - 2, text_at(&s, "Zahlbar durch (Name/Adresse)")->x + 2);
}

/* Lengths, blanks and characters of any kind, from a generator that starts the same each time. */
TEST(any_bill_keeps_its_fields)
{
	static const char *const letters[] = { "W", "M", "i", "l", " ", "a", "é", "/", ",", "0", "Ł", "€" };
	uint32_t seed = 1;
	for (int round = 0; round < 1500; round++) {
		struct str texts[14];
		static const size_t most[] = { 70, 70, 16, 16, 35, 70, 70, 16, 16, 35, 140, 140, 100, 100 };
		bool is_wide = round % 3 == 0;
		size_t bytes = 0;
		for (size_t i = 0; i < COUNT(texts); i++) {
			struct buf b = buf_in(mem);
			seed = seed * 1664525 + 1013904223;
			size_t n = 1 + (seed >> 8) % most[i];
			if (i == 11 && n > 140 - str_points(texts[10])) n = 140 - str_points(texts[10]);
			while (n-- && bytes + b.len < 760) {
				seed = seed * 1664525 + 1013904223;
				buf_add(&b, str_of(letters[is_wide ? (seed >> 12) % 2 : (seed >> 12) % COUNT(letters)]));
			}
			texts[i] = buf_str(&b);
			bytes += b.len;
		}
		struct qrbill bill = a_bill();
		bill.creditor = (struct qrbill_address){ texts[0], texts[1], texts[2], texts[3], texts[4], S("CH") };
		bill.debtor =
			seed & 1024 ? (struct qrbill_address){ texts[5], texts[6], texts[7], texts[8], texts[9], S("DE") } : (struct qrbill_address){ 0 };
		bill.message = texts[10];
		bill.bill_information = texts[11];
		bill.schemes[0] = texts[12];
		bill.schemes[1] = texts[13];
		bill.scheme_count = (seed >> 14) % 3;
		if (seed & 2048) bill.amount = QRBILL_AMOUNT_OPEN;
		bill.language = (enum qrbill_language)((seed >> 20) % QRBILL_LANGUAGES);
		struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
		must_keep_its_fields(&s);
		must_use_its_lines(&s);
	}
}

/* As long as names and towns may be, of letters as people's names have them. */
TEST(the_longest_ordinary_names_and_towns_stand_whole_on_the_receipt)
{
	for (unsigned l = 0; l < QRBILL_LANGUAGES; l++) {
		struct qrbill bill = a_bill();
		bill.language = (enum qrbill_language)l;
		bill.creditor.name = S("Genossenschaft zum Betrieb des Stadttheaters und der Freilichtbühnen A");
		bill.debtor.name = S("Marie-Antoinette Hugentobler-von Allmen und Maximilian Hugentobler sen");
		bill.creditor.town = S("Saint-Barthélemy-sur-la-Grande-Rivi");
		bill.debtor.town = S("Niederhelfenschwil bei Zuckenriet SG");
		assert_int_equal(str_points(bill.creditor.name), 70);
		assert_int_equal(str_points(bill.debtor.name), 70);
		assert_int_equal(str_points(bill.creditor.town), 35);
		bill.creditor.street = bill.debtor.street = times("Lange Gasse ", 5);
		struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
		assert_int_equal(texts_with(&s, "..."), 0);
	}
}

TEST(of_the_widest_names_no_more_lines_are_cut_than_have_to)
{
	struct qrbill bill = a_bill_of("W", QRBILL_DE);
	bill.debtor.name = S("Pia Rutschmann"); /* leaves its lines to the creditor */
	bill.debtor.postcode = S("9400");
	bill.debtor.town = S("Rorschach");
	bill.reference = S("");
	bill.kind = QRBILL_NON;
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	for (size_t i = 0; i < s.text_count; i++)
		if (s.texts[i].x == SLIP_MM(5) && str_find(s.texts[i].text, S("...")) >= 0) fail_msg("\"%.*s\"", STR_ARG(s.texts[i].text));
}

TEST(the_longest_text_gives_lines_away_first_and_of_two_the_debtors)
{
	struct qrbill bill = a_bill();
	bill.kind = QRBILL_SCOR;
	bill.reference = times("W", 25); /* two lines, with which one is too many */
	bill.creditor.name = bill.debtor.name = times("W", 70);
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	size_t cut = 0;
	for (size_t i = 0; i < s.text_count; i++) {
		if (s.texts[i].x != SLIP_MM(5) || !str_ends(s.texts[i].text, S("..."))) continue;
		cut++;
		assert_true(str_starts(s.texts[i].text, S("WWW")));
		assert_true(s.texts[i].y > text_at(&s, "Zahlbar durch")->y);
	}
	assert_int_equal(cut, 1);
}

TEST(a_postcode_that_holds_its_country_is_printed_with_it_once)
{
	struct qrbill bill = a_bill();
	bill.debtor.postcode = S("LV-1010");
	bill.debtor.town = S("Riga");
	bill.debtor.country = S("LV");
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "LV-1010 Riga"), 2);
	assert_int_equal(texts_with(&s, "LV-LV"), 0);
}

TEST(what_does_not_fit_gets_smaller_before_it_is_cut)
{
	struct qrbill bill = a_bill();
	bill.message = times("VORSTELLUNG ", 11);
	bill.creditor.name = times("VEREIN ", 10);
	bill.creditor.street = times("STRASSE ", 8);
	bill.debtor.name = times("MARIA ", 11);
	bill.debtor.street = times("GASSE ", 11);
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "..."), 0);
	const struct slip_text *heading = text_at(&s, "Zusätzliche Informationen");
	assert_in_range(heading->size, 6, 7);
}

TEST(the_receipt_drops_the_debtors_street_before_the_creditors)
{
	struct qrbill bill = a_bill();
	bill.creditor.street = S("Creditorstreet");
	bill.debtor.street = S("Debtorstreet");
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "Creditorstreet"), 2);
	assert_int_equal(texts_with(&s, "Debtorstreet"), 2);
	bill.creditor.name = times("Wort ", 14);
	bill.debtor.name = times("Wort ", 14);
	bill.creditor.town = times("Wort ", 7);
	bill.debtor.town = times("Wort ", 7);
	bill.debtor.street = times("Debtorstreet ", 5);
	s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "Creditorstreet"), 2);
	assert_true(text_at(&s, "Debtorstreet") == NULL);
	for (size_t i = 0; i < s.text_count; i++)
		if (str_find(s.texts[i].text, S("Debtorstreet")) >= 0) assert_true(s.texts[i].x > SLIP_MM(62));
}

TEST(a_long_text_that_is_cut_ends_in_dots)
{
	struct qrbill bill = a_bill();
	bill.schemes[0] = times("W", 100);
	bill.schemes[1] = S("eBill/B/41010560425610173");
	bill.scheme_count = 2;
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "WWW..."), 1);
	assert_int_equal(text_at(&s, "eBill")->weight, FONT_BOLD);
	assert_int_equal(text_at(&s, "/B/41010560425610173")->weight, FONT_REGULAR);
	assert_true(text_at(&s, "eBill")->y - s.texts[s.text_count - 3].y == 800);
}

TEST(what_is_open_is_written_by_hand_between_four_corners)
{
	struct qrbill bill = a_bill();
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(corners(&s), 0);
	bill.amount = QRBILL_AMOUNT_OPEN;
	s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(corners(&s), 8);
	bill.debtor = (struct qrbill_address){ 0 };
	s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(corners(&s), 16);
	assert_int_equal(texts_with(&s, "Zahlbar durch (Name/Adresse)"), 2);
	assert_int_equal(texts_with(&s, "1 949.75"), 0);
	assert_int_equal(texts_with(&s, "CHF"), 2);
	/* The payment part's amount: 40 x 15 mm at 78 mm, measured around the strokes, with legs of 3 mm. */
	size_t found = 0;
	for (size_t i = 0; i < s.line_count; i++) {
		if (s.lines[i].at[1].x - s.lines[i].width / 2 != SLIP_MM(78)) continue;
		found++;
		assert_int_equal(s.lines[i].width, 75);
		assert_in_range(s.lines[i].at[0].x - (SLIP_MM(78)), SLIP_MM(3) - 2, SLIP_MM(3) + 2);
	}
	assert_int_equal(found, 2);
}

TEST(amounts_references_and_addresses_are_printed_as_prescribed)
{
	struct qrbill bill = a_bill();
	bill.amount = QRBILL_AMOUNT_MAX;
	bill.debtor.country = S("DE");
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "999 999 999.99"), 2);
	assert_int_equal(texts_with(&s, "CH44 3199 9123 0008 8901 2"), 2);
	assert_int_equal(texts_with(&s, "21 00000 00003 13947 14300 09017"), 2);
	assert_int_equal(texts_with(&s, "DE-9400 Rorschach"), 2);
	assert_int_equal(texts_with(&s, "CH-8001 Zürich"), 2); /* T5: they live in different countries */
	bill.amount = 0;
	bill.debtor.country = S("CH");
	s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "0.00"), 2);
	assert_int_equal(texts_with(&s, "CH-"), 0);
}

TEST(the_message_stands_on_the_payment_part_only_and_bill_information_on_a_line_of_its_own)
{
	struct qrbill bill = a_bill();
	bill.bill_information = S("//S1/10/4711");
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_int_equal(texts_with(&s, "Abonnement 2026/27"), 1);
	assert_true(text_at(&s, "//S1/10/4711")->y - text_at(&s, "Abonnement 2026/27")->y == 1100);
}

TEST(a_separation_line_has_scissors_or_words_and_perforated_paper_has_none)
{
	struct qrbill bill = a_bill();
	struct slip s = laid_out(&bill, SLIP_A4, SLIP_SCISSORS);
	assert_int_equal(s.scissors_count, 2);
	assert_int_equal(s.line_count, 2);
	assert_int_equal(s.height, SLIP_MM(297));
	assert_true(text_at(&s, "Empfangsschein")->y > SLIP_MM(192 + 5));
	s = laid_out(&bill, SLIP_A4, SLIP_WORDS);
	assert_int_equal(s.scissors_count, 0);
	const struct slip_text *words = text_at(&s, "Vor der Einzahlung abzutrennen");
	assert_non_null(words);
	assert_true(box_of(words).bottom < SLIP_MM(192)); /* above the line, outside of the payment part */
	s = laid_out(&bill, SLIP_A4, SLIP_LINES);
	assert_int_equal(s.line_count, 2);
	assert_int_equal(s.scissors_count, 0);
	s = laid_out(&bill, SLIP_A4, SLIP_NO_LINES);
	assert_int_equal(s.line_count + s.scissors_count, 0);
	s = laid_out(&bill, SLIP_ALONE, SLIP_WORDS);
	assert_int_equal(s.height, SLIP_MM(110));
	bill.language = QRBILL_RM; /* has no such words */
	s = laid_out(&bill, SLIP_ALONE, SLIP_WORDS);
	assert_int_equal(s.scissors_count, 1);
	assert_int_equal(s.height, SLIP_MM(105));
}

TEST(the_payment_part_and_the_code_stand_alone)
{
	struct qrbill bill = a_bill();
	struct slip s = laid_out(&bill, SLIP_PAYMENT_PART, SLIP_SCISSORS);
	assert_int_equal(s.width, SLIP_MM(148));
	assert_null(text_at(&s, "Empfangsschein"));
	assert_int_equal(text_at(&s, "Zahlteil")->x, SLIP_MM(67) - SLIP_MM(62));
	assert_int_equal(s.line_count + s.scissors_count, 0);
	s = laid_out(&bill, SLIP_CODE, SLIP_SCISSORS);
	assert_int_equal(s.text_count, 0);
	assert_int_equal(s.width, SLIP_MM(56));
	assert_int_equal(s.code_x, SLIP_MM(5));
}

TEST(every_language_has_its_words)
{
	for (unsigned l = 0; l < QRBILL_LANGUAGES; l++)
		for (unsigned w = 0; w < QRBILL_WORDS; w++)
			if (l != QRBILL_RM || w != QRBILL_SEPARATE) assert_true(qrbill_word(l, w).len > 0);
	assert_str(qrbill_word(QRBILL_FR, QRBILL_PAYABLE_BY_BLANK), S("Payable par (nom/adresse)"));
	assert_str(qrbill_word(QRBILL_IT, QRBILL_CURRENCY), S("Valuta"));
	assert_str(qrbill_word(QRBILL_RM, QRBILL_PAYMENT_PART), S("Part da pajament"));
}

/* ---- the symbol ---- */

TEST(the_symbol_is_the_smallest_that_fits_and_never_above_version_25)
{
	struct qrbill_code code;
	assert_status(qrbill_code(mem, times("a", 997), &code), OK);
	assert_int_equal(code.side, 117);
	assert_status(qrbill_code(mem, times("a", 998), &code), REFUSED);
	assert_status(qrbill_code(mem, S(""), &code), REFUSED);
	assert_status(qrbill_code(mem, times("a", 14), &code), OK); /* the byte capacity of version 1 at level M */
	assert_int_equal(code.side, 21);
	assert_status(qrbill_code(mem, times("a", 15), &code), OK);
	assert_int_equal(code.side, 25);
}

TEST(no_module_reaches_under_the_cross)
{
	for (size_t n = 14; n <= 997; n += 50) {
		struct qrbill_code code;
		assert_status(qrbill_code(mem, times("Q", n), &code), OK);
		for (unsigned y = 0; y < code.side; y++)
			for (unsigned x = 0; x < code.side; x++) {
				double left = 46.0 * x / code.side, right = 46.0 * (x + 1) / code.side, top = 46.0 * y / code.side,
					   bottom = 46.0 * (y + 1) / code.side;
				bool is_under = right > 19.5 && left < 26.5 && bottom > 19.5 && top < 26.5;
				if (is_under) assert_int_equal(code.modules[y * code.side + x], 0);
			}
	}
}

/* ---- the writers ---- */

TEST(the_same_bill_gives_the_same_bytes)
{
	struct qrbill bill = a_bill();
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS), again = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	assert_str(slip_svg(mem, &s), slip_svg(mem, &again));
	assert_true(str_eq(slip_png(mem, &s, 200), slip_png(mem, &again, 200)));
}

TEST(an_svg_is_short_and_escapes_what_it_shows)
{
	struct qrbill bill = a_bill();
	bill.message = S("</svg><script>&\"");
	struct slip s = laid_out(&bill, SLIP_ALONE, SLIP_SCISSORS);
	struct str svg = slip_svg(mem, &s);
	assert_true(svg.len < 20000);
	assert_true(str_find(svg, S("<script")) < 0);
	assert_true(str_find(svg, S("&lt;/svg&gt;&lt;script&gt;&amp;&quot;")) > 0);
	bill = a_bill_of("n", QRBILL_FR);
	s = laid_out(&bill, SLIP_A4, SLIP_SCISSORS);
	assert_true(slip_svg(mem, &s).len < 30000);
}
