/* formats/qrbill_slip.c: where everything stands on the sheet. Numbers in millimetres are those of the standard's figures. */
#include "formats/qrbill_slip.h"

#include "formats/qrbill_lines.h"
#include "formats/qrbill_reference.h"
#include "formats/qrbill_words.h"

#define SLIP_WIDTH	  210
#define SLIP_HEIGHT	  105
#define RECEIPT_WIDTH 62
#define STRIP_HEIGHT  5 /* above the slip alone, for the words */
#define SHEET_HEIGHT  297
#define CODE_GROUND	  5 /* around the symbol (Q4) */
#define CODE_SIDE	  46
#define CORNER_LEG	  SLIP_MM(3)
#define CORNER_STROKE 75 /* 0.75 pt */
#define CUT_STROKE	  50
#define CUT_WORDS	  7			 /* points */
#define BOX_DISTANCE  SLIP_MM(1) /* from a heading to the corners below it, and from one box to the next */
#define BOX_ASIDE	  SLIP_MM(4) /* to the right of its heading, where the amount's box stands to its left */

enum { TITLE_SIZE = 11, SCHEME_SIZE = 7, ACCEPTANCE_SIZE = 6 };

/* A text in lines. LEAST of them are left when there is no room for all; 0: it is never cut. */
struct piece {
	struct lines lines;
	size_t least, most;
};

#define PIECES_MAX 4 /* account, name, street, town */

/* A heading and what stands below it, or corner marks for writing by hand. */
struct block {
	struct str heading;
	struct piece pieces[PIECES_MAX];
	size_t piece_count;
	bool is_blank;
};

#define BLOCKS_MAX 4

struct blocks {
	struct block at[BLOCKS_MAX];
	size_t count;
	struct piece *message; /* what is cut after everything else has its least; NULL without */
};

/* One way of setting an information section. */
struct attempt {
	struct setting heading, value;
	size_t least; /* printed lines that each line of an address keeps */
	bool has_creditor_street, has_debtor_street;
};

/* Where an information section stands and ends, and what is written into when something is left open. */
struct field {
	int x, top, bottom;
	int blank_width, blank_height;
	int aside_from; /* a box that reaches further down stands BOX_ASIDE: the amount's is beside it */
	bool has_message;
};

/* An amount's place. */
struct amount_place {
	int x, top, amount_x;
	int box_x, box_y, box_width, box_height;
	struct setting heading, value;
};

struct layout {
	struct arena *arena;
	const struct qrbill *bill;
	struct slip *slip;
	int x, y; /* of the part that is being laid out, on the sheet */
};

/* ---- drawing ---- */

static int ascent(const struct setting *s)
{
	return fonts[s->weight].ascent * s->size * 100 / FONT_EM;
}

static int descent(const struct setting *s)
{
	return -fonts[s->weight].descent * s->size * 100 / FONT_EM;
}

static struct str word(const struct layout *l, enum qrbill_word w)
{
	return qrbill_word(l->bill->language, w);
}

static void add_text(struct layout *l, const struct setting *s, int x, int y, struct str text)
{
	struct slip *out = l->slip;
	if (out->text_count == out->text_size) {
		size_t size = out->text_size ? out->text_size * 2 : 64; /* an ordinary slip has about fifty */
		out->texts = arena_grow(l->arena, out->texts, out->text_size * sizeof *out->texts, size * sizeof *out->texts);
		out->text_size = size;
	}
	out->texts[out->text_count++] = (struct slip_text){ l->x + x, l->y + y, s->size, s->weight, text };
}

static void add_line(struct layout *l, struct slip_line line)
{
	struct slip *out = l->slip;
	if (out->line_count == out->line_size) {
		size_t size = out->line_size ? out->line_size * 2 : 16;
		out->lines = arena_grow(l->arena, out->lines, out->line_size * sizeof *out->lines, size * sizeof *out->lines);
		out->line_size = size;
	}
	for (unsigned i = 0; i < line.count; i++) line.at[i].x += l->x, line.at[i].y += l->y;
	out->lines[out->line_count++] = line;
}

/* Marks at the four corners of a box to write in; the box is measured to the strokes' outer edge. */
static void add_blank(struct layout *l, int x, int y, int width, int height)
{
	const int in = CORNER_STROKE / 2, left = x + in, right = x + width - in, top = y + in, bottom = y + height - in, leg = CORNER_LEG - in;
	const struct slip_point corners[4] = { { left, top }, { right, top }, { right, bottom }, { left, bottom } };
	for (size_t i = 0; i < 4; i++) {
		int x1 = corners[i].x, y1 = corners[i].y, dx = x1 == left ? leg : -leg, dy = y1 == top ? leg : -leg;
		add_line(l, (struct slip_line){ CORNER_STROKE, 3, { { x1 + dx, y1 }, { x1, y1 }, { x1, y1 + dy } } });
	}
}

/* ---- information ---- */

/* A, B with a blank between them where both are there. */
static struct str joined(struct arena *a, struct str one, struct str other)
{
	if (one.len == 0 || other.len == 0) return one.len ? one : other;
	struct buf b = buf_in(a);
	buf_add(&b, one);
	buf_add_char(&b, ' ');
	buf_add(&b, other);
	return buf_str(&b);
}

/* T5: the country stands before the postcode when it is not Switzerland, or when creditor and debtor live in different countries. */
static struct str postcode(const struct layout *l, const struct qrbill_address *address)
{
	struct str creditor = l->bill->creditor.country, debtor = l->bill->debtor.country;
	bool is_abroad = !str_eq(address->country, S("CH")) || (debtor.len && !str_eq(creditor, debtor));
	if (!is_abroad || address->country.len == 0 || str_starts(address->postcode, address->country)) return address->postcode; /* "LV-1010" has it */
	struct buf b = buf_in(l->arena);
	buf_add(&b, address->country);
	buf_add_char(&b, '-');
	buf_add(&b, address->postcode);
	return buf_str(&b);
}

/* Adds TEXT as a piece that keeps LEAST lines; an absent one is none. */
static struct piece *add_piece(struct layout *l, struct block *to, const struct attempt *how, size_t least, struct str text)
{
	if (text.len == 0) return NULL;
	struct piece *p = &to->pieces[to->piece_count++];
	*p = (struct piece){ .least = least };
	lines_wrap(l->arena, &p->lines, &how->value, text);
	p->most = p->lines.count;
	return p;
}

static void add_address(struct layout *l, struct block *to, const struct attempt *how, const struct qrbill_address *address, bool has_street)
{
	add_piece(l, to, how, how->least, address->name);
	if (has_street) add_piece(l, to, how, how->least, joined(l->arena, address->street, address->house_number));
	add_piece(l, to, how, how->least, joined(l->arena, postcode(l, address), address->town));
}

static struct block *block_begin(struct layout *l, struct blocks *to, enum qrbill_word heading)
{
	struct block *b = &to->at[to->count++];
	*b = (struct block){ .heading = word(l, heading) };
	return b;
}

/* The blocks in the order of T1; absent ones have no heading (T2). */
static void information(struct layout *l, const struct field *field, const struct attempt *how, struct blocks *out)
{
	const struct qrbill *bill = l->bill;
	*out = (struct blocks){ 0 };
	struct block *account = block_begin(l, out, QRBILL_ACCOUNT);
	add_piece(l, account, how, 0, iban_grouped(l->arena, bill->account));
	add_address(l, account, how, &bill->creditor, how->has_creditor_street);
	if (bill->reference.len) add_piece(l, block_begin(l, out, QRBILL_REFERENCE), how, 0, reference_grouped(l->arena, bill->kind, bill->reference));
	if (field->has_message && (bill->message.len || bill->bill_information.len)) {
		struct str first = bill->message.len ? bill->message : bill->bill_information;
		out->message = add_piece(l, block_begin(l, out, QRBILL_ADDITIONAL), how, 0, first);
		if (bill->message.len) lines_wrap(l->arena, &out->message->lines, &how->value, bill->bill_information);
		out->message->most = out->message->lines.count;
	}
	if (qrbill_has_address(&bill->debtor)) {
		add_address(l, block_begin(l, out, QRBILL_PAYABLE_BY), how, &bill->debtor, how->has_debtor_street);
	} else {
		block_begin(l, out, QRBILL_PAYABLE_BY_BLANK)->is_blank = true;
	}
}

static size_t line_count(const struct block *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->piece_count; i++) n += b->pieces[i].lines.count;
	return n;
}

/* How far down the blocks reach. */
static int height_of(const struct field *field, const struct attempt *how, const struct blocks *blocks)
{
	int base = ascent(&how->heading), low = base;
	for (size_t i = 0; i < blocks->count; i++) {
		const struct block *b = &blocks->at[i];
		if (i) base += how->value.pitch;
		low = base + (b->is_blank ? descent(&how->heading) + BOX_DISTANCE + field->blank_height : 0);
		base += how->value.pitch * ((int)line_count(b) + 1);
		if (!b->is_blank) low = base - how->value.pitch + descent(&how->value);
	}
	return low;
}

/* The piece of an address that gives a line away next: the one with the most; of several the debtor's, and there the name before the street, whose
 * number stands at its end. NULL when each has its least. */
static struct piece *longest_piece(struct blocks *blocks)
{
	struct piece *longest = NULL;
	for (size_t i = blocks->count; i-- > 0;)
		for (size_t k = 0; k < blocks->at[i].piece_count; k++) {
			struct piece *p = &blocks->at[i].pieces[k];
			if (p->least && p->most > p->least && (!longest || p->most > longest->most)) longest = p;
		}
	return longest;
}

/* Takes ROWS lines away and no more: one after the other from addresses, then from the message. */
static void shorten(struct layout *l, const struct attempt *how, struct blocks *blocks, size_t rows)
{
	for (; rows; rows--) {
		struct piece *p = longest_piece(blocks);
		if (!p) p = blocks->message;
		if (!p || p->most == 1) BUG("%zu rows too many", rows);
		p->most--;
	}
	for (size_t i = 0; i < blocks->count; i++)
		for (size_t k = 0; k < blocks->at[i].piece_count; k++)
			lines_cut(l->arena, &blocks->at[i].pieces[k].lines, &how->value, blocks->at[i].pieces[k].most);
}

static void draw_field_blank(struct layout *l, const struct field *field, int top)
{
	bool is_aside = top + field->blank_height > field->aside_from;
	add_blank(l, field->x + (is_aside ? BOX_ASIDE : 0), top, field->blank_width, field->blank_height);
}

static void draw_blocks(struct layout *l, const struct field *field, const struct attempt *how, const struct blocks *blocks)
{
	int base = field->top + ascent(&how->heading);
	for (size_t i = 0; i < blocks->count; i++) {
		const struct block *b = &blocks->at[i];
		if (i) base += how->value.pitch;
		add_text(l, &how->heading, field->x, base, b->heading);
		if (b->is_blank) draw_field_blank(l, field, base + descent(&how->heading) + BOX_DISTANCE);
		for (size_t p = 0; p < b->piece_count; p++)
			for (size_t k = 0; k < b->pieces[p].lines.count; k++)
				add_text(l, &how->value, field->x, base += how->value.pitch, b->pieces[p].lines.at[k]);
		base += how->value.pitch;
	}
}

/* The first of COUNT attempts that fits is drawn, or the last, shortened: its least leaves so few lines that it always fits. */
static void draw_information(struct layout *l, const struct field *field, const struct attempt *attempts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct attempt *how = &attempts[i];
		struct blocks blocks;
		information(l, field, how, &blocks);
		int over = height_of(field, how, &blocks) - (field->bottom - field->top);
		if (over > 0 && i + 1 < count) continue;
		if (over > 0) shorten(l, how, &blocks, (size_t)((over + how->value.pitch - 1) / how->value.pitch));
		draw_blocks(l, field, how, &blocks);
		return;
	}
}

/* ---- the parts ---- */

#define SET(bold, points, line, mm)                                                   \
	{                                                                                 \
		.weight = (bold), .size = (points), .pitch = (line)*100, .width = SLIP_MM(mm) \
	}

static void draw_amount(struct layout *l, const struct amount_place *at)
{
	int base = at->top + ascent(&at->heading);
	add_text(l, &at->heading, at->x, base, word(l, QRBILL_CURRENCY));
	add_text(l, &at->heading, at->amount_x, base, word(l, QRBILL_AMOUNT));
	base += at->value.pitch;
	add_text(l, &at->value, at->x, base, l->bill->currency);
	if (l->bill->amount == QRBILL_AMOUNT_OPEN) {
		add_blank(l, at->box_x, at->box_y, at->box_width, at->box_height);
		return;
	}
	/* T4: a blank between thousands. */
	struct str plain = qrbill_amount_text(l->arena, l->bill->amount);
	struct buf b = buf_in(l->arena);
	size_t whole = plain.len - 3;
	for (size_t i = 0; i < plain.len; i++) {
		if (i && i < whole && (whole - i) % 3 == 0) buf_add_char(&b, ' ');
		buf_add_char(&b, plain.at[i]);
	}
	add_text(l, &at->value, at->amount_x, base, buf_str(&b));
}

static void draw_title(struct layout *l, int x, enum qrbill_word title)
{
	static const struct setting set = SET(FONT_BOLD, TITLE_SIZE, TITLE_SIZE, 51);
	add_text(l, &set, x, SLIP_MM(5) + ascent(&set), word(l, title));
}

static void draw_receipt(struct layout *l)
{
#define RECEIPT(creditor, debtor)                                                      \
	{                                                                                  \
		SET(FONT_BOLD, 6, 9, 52), SET(FONT_REGULAR, 8, 9, 52), 1, (creditor), (debtor) \
	}
	static const struct attempt attempts[] = {
		RECEIPT(true, true),
		RECEIPT(true, false), /* T8, T13: streets may be missing here */
		RECEIPT(false, false),
	};
	const bool has_two_boxes = l->bill->amount == QRBILL_AMOUNT_OPEN && !qrbill_has_address(&l->bill->debtor);
	const int bottom = SLIP_MM(68) - (has_two_boxes ? BOX_DISTANCE : 0);
	const struct field field = { SLIP_MM(5), SLIP_MM(12), bottom, SLIP_MM(52), SLIP_MM(20), bottom, false };
	static const struct amount_place amount = { SLIP_MM(5), SLIP_MM(68), SLIP_MM(17), SLIP_MM(27), SLIP_MM(68), SLIP_MM(30), SLIP_MM(10),
		SET(FONT_BOLD, 6, 11, 52), SET(FONT_REGULAR, 8, 11, 52) };
	static const struct setting acceptance = SET(FONT_BOLD, ACCEPTANCE_SIZE, 9, 52);
	draw_title(l, SLIP_MM(5), QRBILL_RECEIPT);
	draw_information(l, &field, attempts, COUNT(attempts));
	draw_amount(l, &amount);
	struct str point = word(l, QRBILL_ACCEPTANCE);
	add_text(l, &acceptance, SLIP_MM(57) - text_width(&acceptance, point), SLIP_MM(82) + ascent(&acceptance), point);
}

/* T7: the name up to its separator is bold, a line each, personal data in front. */
static void draw_scheme(struct layout *l, int base, struct str scheme)
{
	static const struct setting bold = SET(FONT_BOLD, SCHEME_SIZE, 8, 138);
	struct setting plain = SET(FONT_REGULAR, SCHEME_SIZE, 8, 138);
	size_t name = 0;
	while (name < scheme.len && scheme.at[name] != ':' && scheme.at[name] != '/' && scheme.at[name] != ';') name++;
	if (name == scheme.len) name = 0;
	else if (scheme.at[name] == ':') name++;
	struct str head = text_cut(l->arena, &bold, str_part(scheme, 0, name)), rest = str_part(scheme, name, scheme.len);
	int x = SLIP_MM(67);
	if (head.len) add_text(l, &bold, x, base, head);
	if (head.len != name) return; /* cut already */
	x += text_width(&bold, head);
	for (; rest.len && rest.at[0] == ' '; rest = str_part(rest, 1, rest.len)) x += text_width(&plain, S(" ")); /* SVG drops them in front */
	plain.width = SLIP_MM(205) - x;
	if (rest.len && plain.width > 0) add_text(l, &plain, x, base, text_cut(l->arena, &plain, rest));
}

static void draw_payment_part(struct layout *l)
{
#define PAYMENT(heading, value)                                                                        \
	{                                                                                                  \
		SET(FONT_BOLD, heading, value + 1, 87), SET(FONT_REGULAR, value, value + 1, 87), 2, true, true \
	}
	static const struct attempt attempts[] = { PAYMENT(8, 10), PAYMENT(7, 9), PAYMENT(6, 8) };
	static const struct amount_place amount = { SLIP_MM(67), SLIP_MM(68), SLIP_MM(82), SLIP_MM(78), SLIP_MM(72), SLIP_MM(40), SLIP_MM(15),
		SET(FONT_BOLD, 8, 13, 51), SET(FONT_REGULAR, 10, 13, 51) };
	static const struct setting scheme = SET(FONT_REGULAR, SCHEME_SIZE, 8, 138);
	const int bottom = SLIP_MM(90), aside_from = l->bill->amount == QRBILL_AMOUNT_OPEN ? amount.box_y - BOX_DISTANCE : bottom;
	const struct field field = { SLIP_MM(118), SLIP_MM(5), bottom, SLIP_MM(65), SLIP_MM(25), aside_from, true };
	draw_title(l, SLIP_MM(67), QRBILL_PAYMENT_PART);
	l->slip->code_x = l->x + SLIP_MM(67);
	l->slip->code_y = l->y + SLIP_MM(17);
	draw_information(l, &field, attempts, COUNT(attempts));
	draw_amount(l, &amount);
	for (size_t i = 0; i < l->bill->scheme_count; i++) draw_scheme(l, SLIP_MM(90) + ascent(&scheme) + (int)i * scheme.pitch, l->bill->schemes[i]);
}

/* ---- separation ---- */

static void add_scissors(struct layout *l, int x, int y, bool is_vertical)
{
	l->slip->scissors[l->slip->scissors_count++] = (struct slip_scissors){ l->x + x, l->y + y, is_vertical };
}

/* T11: lines with scissors on them, or with the words above: between receipt and payment part, and above both where a sheet goes on there. */
static void draw_separation(struct layout *l, enum slip_size size, enum slip_separation separation)
{
	static const struct setting set = SET(FONT_REGULAR, CUT_WORDS, CUT_WORDS, 200);
	struct str words = word(l, QRBILL_SEPARATE);
	bool has_words = separation == SLIP_WORDS && words.len;
	bool has_upper = size == SLIP_A4 || has_words;
	const int right = SLIP_MM(SLIP_WIDTH), across = SLIP_MM(RECEIPT_WIDTH);
	add_line(l, (struct slip_line){ CUT_STROKE, 2, { { across, 0 }, { across, SLIP_MM(SLIP_HEIGHT) } } });
	if (has_upper) add_line(l, (struct slip_line){ CUT_STROKE, 2, { { 0, 0 }, { right, 0 } } });
	if (has_words) {
		add_text(l, &set, (right - text_width(&set, words)) / 2, -SLIP_MM(1) - descent(&set), words);
		return;
	}
	if (separation == SLIP_LINES) return;
	if (has_upper) add_scissors(l, SLIP_MM(12), 0, false);
	add_scissors(l, across, SLIP_MM(12), true);
}

static void slip_and_lines(struct layout *l, enum slip_size size, enum slip_separation separation)
{
	bool needs_strip = size == SLIP_ALONE && separation == SLIP_WORDS && word(l, QRBILL_SEPARATE).len;
	l->y = SLIP_MM(size == SLIP_A4 ? SHEET_HEIGHT - SLIP_HEIGHT : needs_strip ? STRIP_HEIGHT : 0);
	l->slip->width = SLIP_MM(SLIP_WIDTH);
	l->slip->height = SLIP_MM(size == SLIP_A4 ? SHEET_HEIGHT : needs_strip ? SLIP_HEIGHT + STRIP_HEIGHT : SLIP_HEIGHT);
	draw_receipt(l);
	draw_payment_part(l);
	if (separation != SLIP_NO_LINES) draw_separation(l, size, separation);
}

enum status slip_lay_out(struct arena *a, const struct qrbill *bill, enum slip_size size, enum slip_separation separation, struct slip *out)
{
	*out = (struct slip){ 0 };
	enum status st = qrbill_code(a, qrbill_payload(a, bill), &out->code);
	if (st) return st;
	struct layout l = { .arena = a, .bill = bill, .slip = out };
	switch (size) {
	case SLIP_ALONE:
	case SLIP_A4: slip_and_lines(&l, size, separation); break;
	case SLIP_PAYMENT_PART:
		l.x = -SLIP_MM(RECEIPT_WIDTH);
		out->width = SLIP_MM(SLIP_WIDTH - RECEIPT_WIDTH);
		out->height = SLIP_MM(SLIP_HEIGHT);
		draw_payment_part(&l);
		break;
	case SLIP_CODE:
		out->width = out->height = SLIP_MM(CODE_SIDE + 2 * CODE_GROUND);
		out->code_x = out->code_y = SLIP_MM(CODE_GROUND);
		break;
	}
	return OK;
}

void slip_cross(const struct slip *s, struct slip_rectangle parts[SLIP_CROSS_PARTS])
{
	/* Q5: a black square of 6 mm; bars of 7/6 x 35/9 mm, which are 6 mm times 7/36 and 35/54. */
	const double mm = 7200 / 25.4, square = 6 * mm, thick = 7 * mm / 6, length = 35 * mm / 9, half = CODE_SIDE * mm / 2;
	const double x = s->code_x + half, y = s->code_y + half;
	parts[0] = (struct slip_rectangle){ x - square / 2, y - square / 2, square, square };
	parts[1] = (struct slip_rectangle){ x - thick / 2, y - length / 2, thick, length };
	parts[2] = (struct slip_rectangle){ x - length / 2, y - thick / 2, length, thick };
}

/* Two blades, and two rings whose inner circles run the other way. */
const int16_t slip_scissors_shape[] = {
	/* clang-format off */
	FONT_MOVE, -330, -95, FONT_LINE, -290, -165, FONT_LINE, 20, -40, FONT_LINE, 660, 150, FONT_LINE, 540, 150, FONT_LINE, -20, 45,
	FONT_MOVE, -20, -45, FONT_LINE, 540, -150, FONT_LINE, 660, -150, FONT_LINE, 20, 40, FONT_LINE, -290, 165, FONT_LINE, -330, 95,
	FONT_MOVE, -280, 150,
	FONT_CURVE, -280, 208, -321, 249,
	FONT_CURVE, -362, 290, -420, 290,
	FONT_CURVE, -478, 290, -519, 249,
	FONT_CURVE, -560, 208, -560, 150,
	FONT_CURVE, -560, 92, -519, 51,
	FONT_CURVE, -478, 10, -420, 10,
	FONT_CURVE, -362, 10, -321, 51,
	FONT_CURVE, -280, 92, -280, 150,
	FONT_MOVE, -340, 150,
	FONT_CURVE, -340, 117, -363, 93,
	FONT_CURVE, -387, 70, -420, 70,
	FONT_CURVE, -453, 70, -477, 93,
	FONT_CURVE, -500, 117, -500, 150,
	FONT_CURVE, -500, 183, -477, 207,
	FONT_CURVE, -453, 230, -420, 230,
	FONT_CURVE, -387, 230, -363, 207,
	FONT_CURVE, -340, 183, -340, 150,
	FONT_MOVE, -280, -150,
	FONT_CURVE, -280, -92, -321, -51,
	FONT_CURVE, -362, -10, -420, -10,
	FONT_CURVE, -478, -10, -519, -51,
	FONT_CURVE, -560, -92, -560, -150,
	FONT_CURVE, -560, -208, -519, -249,
	FONT_CURVE, -478, -290, -420, -290,
	FONT_CURVE, -362, -290, -321, -249,
	FONT_CURVE, -280, -208, -280, -150,
	FONT_MOVE, -340, -150,
	FONT_CURVE, -340, -183, -363, -207,
	FONT_CURVE, -387, -230, -420, -230,
	FONT_CURVE, -453, -230, -477, -207,
	FONT_CURVE, -500, -183, -500, -150,
	FONT_CURVE, -500, -117, -477, -93,
	FONT_CURVE, -453, -70, -420, -70,
	FONT_CURVE, -387, -70, -363, -93,
	FONT_CURVE, -340, -117, -340, -150,
	FONT_END,
	/* clang-format on */
};
