/* formats/print_status.c: the header by its names, then line by line. Twice through the file: what Excel has destroyed shows in more than one line. */
#include "formats/print_status.h"

#include "base/day.h"
#include "base/status.h"
#include "formats/print_file.h"

#define ROUNDED_DIGITS 15 /* what a spreadsheet keeps of a number; the rest becomes zeros */

enum {
	BAR_CODE,
	TICKET_NUMBER,
	BATCH_NUMBER,
	LINE_NUMBER,
	TICKET_STATE,
	PRINT_DATE,
	POSTED_DATE,
	COPY,
	RUN,
	REASON,
	SHIPMENT_NUMBER,
	PIECE,
	TRACKING_NUMBER,
	TRACKING_URL,
	DISTRIBUTING_PARTNER
};

/* As sheet_key writes them; COLUMN is for people. */
static const struct {
	const char *key, *column;
	int at;
} names[] = {
	{ "barcode", "BAR_CODE", BAR_CODE },
	{ "ticketnumber", "TICKET_NUMBER", TICKET_NUMBER },
	{ "batchnumber", "BATCH_NUMBER", BATCH_NUMBER },
	{ "linenumber", "LINE_NUMBER", LINE_NUMBER },
	{ "ticketstate", "TICKET_STATE", TICKET_STATE },
	{ "state", "TICKET_STATE", TICKET_STATE },
	{ "status", "TICKET_STATE", TICKET_STATE },
	{ "statut", "TICKET_STATE", TICKET_STATE },
	{ "stato", "TICKET_STATE", TICKET_STATE },
	{ "printdate", "PRINT_DATE", PRINT_DATE },
	{ "posteddate", "POSTED_DATE", POSTED_DATE },
	{ "copy", "COPY", COPY },
	{ "run", "RUN", RUN },
	{ "reason", "REASON", REASON },
	{ "shipmentnumber", "SHIPMENT_NUMBER", SHIPMENT_NUMBER },
	{ "piece", "PIECE", PIECE },
	{ "trackingnumber", "TRACKING_NUMBER", TRACKING_NUMBER },
	{ "sendungsnummer", "TRACKING_NUMBER", TRACKING_NUMBER },
	{ "nosuivi", "TRACKING_NUMBER", TRACKING_NUMBER },
	{ "numerospedizione", "TRACKING_NUMBER", TRACKING_NUMBER },
	{ "trackingurl", "TRACKING_URL", TRACKING_URL },
	{ "distributingpartner", "DISTRIBUTING_PARTNER", DISTRIBUTING_PARTNER },
};

static const struct {
	const char *key;
	enum print_state state;
} states[] = {
	{ "notprinted", PRINT_STATE_NONE },
	{ "printed", PRINT_STATE_PRINTED },
	{ "ok", PRINT_STATE_PRINTED },
	{ "gedruckt", PRINT_STATE_PRINTED },
	{ "imprime", PRINT_STATE_PRINTED },
	{ "stampato", PRINT_STATE_PRINTED },
	{ "reprinted", PRINT_STATE_REPRINTED },
	{ "spoilt", PRINT_STATE_SPOILT },
	{ "spoiled", PRINT_STATE_SPOILT },
	{ "waste", PRINT_STATE_SPOILT },
	{ "makulatur", PRINT_STATE_SPOILT },
	{ "gache", PRINT_STATE_SPOILT },
	{ "scarto", PRINT_STATE_SPOILT },
	{ "missing", PRINT_STATE_MISSING },
	{ "withdrawn", PRINT_STATE_WITHDRAWN },
	{ "posted", PRINT_STATE_POSTED },
	{ "sent", PRINT_STATE_POSTED },
	{ "versandt", PRINT_STATE_POSTED },
	{ "expedie", PRINT_STATE_POSTED },
	{ "spedito", PRINT_STATE_POSTED },
};

/* A column of our own export that says nothing here: the file sent back unchanged names no strangers. */
static bool is_of_export(struct arena *a, struct str key)
{
	for (int c = 0; c < PRINT_COLUMNS; c++)
		if (str_eq(key, sheet_key(a, print_column_name(c)))) return true;
	return false;
}

static void read_header(struct arena *a, struct print_status *p, const struct sheet_row *row)
{
	for (int c = 0; c < PRINT_STATUS_COLUMNS; c++) p->column_at[c] = -1;
	for (size_t i = 0; i < row->count; i++) {
		struct str key = sheet_key(a, row->fields[i]);
		bool is_known = key.len == 0; /* a separator at the line's end makes a column without a name */
		for (size_t n = 0; n < COUNT(names); n++) {
			if (!str_eq(key, str_of(names[n].key)) || p->column_at[names[n].at] >= 0) continue;
			p->column_at[names[n].at] = (int)i;
			is_known = true;
		}
		if (!is_known && !is_of_export(a, key)) p->unknown[p->unknown_count++] = row->fields[i];
	}
	bool has_key =
		p->column_at[BAR_CODE] >= 0 || p->column_at[TICKET_NUMBER] >= 0 || (p->column_at[BATCH_NUMBER] >= 0 && p->column_at[LINE_NUMBER] >= 0);
	if (!has_key) p->fault = PRINT_FILE_NO_KEY;
}

static struct str cell(const struct print_status *p, const struct sheet_row *row, int column)
{
	int at = p->column_at[column];
	return at < 0 || (size_t)at >= row->count ? S("") : row->fields[at];
}

/* Fifteen digits or more of which the last three are zeros. */
static bool ends_as_rounded(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] >= '0' && s.at[i] <= '9') digits++;
		else if (s.at[i] != '.' && s.at[i] != ' ') return false;
	}
	return digits >= ROUNDED_DIGITS && str_ends(s, S("000"));
}

/* 9,96E+17 */
static bool is_exponent(struct str s)
{
	size_t i = 0, digits = 0;
	for (; i < s.len && ((s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == '.' || s.at[i] == ','); i++) digits += s.at[i] >= '0';
	if (!digits || i + 2 > s.len || (s.at[i] != 'E' && s.at[i] != 'e') || s.at[i + 1] != '+') return false;
	int64_t n;
	return str_int64(str_part(s, i + 2, s.len), &n);
}

static const int numbers[] = { BAR_CODE, TICKET_NUMBER, TRACKING_NUMBER };

/* What the numbers of a column look like. */
struct suspects {
	struct str first; /* of those that end as Excel leaves them */
	int64_t many, long_ones;
	bool differ;
};

static void suspect(struct arena *a, const struct print_status *p, struct suspects *all, const struct sheet_row *row)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct suspects *s = &all[i];
		struct str v = cell(p, row, numbers[i]);
		s->long_ones += v.len >= ROUNDED_DIGITS;
		if (!ends_as_rounded(v)) continue;
		s->many++;
		if (!s->first.len) s->first = str_keep(a, v);
		s->differ |= !str_eq(v, s->first);
	}
}

/* Our barcodes and ticket numbers hold letters, so two such are enough. A tracking number stands in a line for each ticket of its piece, and in a long run every
 * thousandth ends so by itself: there it must be another one, and more than one of a hundred. */
static void judge_suspects(struct print_status *p, const struct suspects *all)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		const struct suspects *s = &all[i];
		p->is_rounded[numbers[i]] = numbers[i] == TRACKING_NUMBER ? s->differ && s->many * 100 > s->long_ones : s->many > 1;
	}
}

/* To the file's end, so that a fault there is known before anything is done. */
static void look_through(struct arena *a, struct print_status *p)
{
	struct arena *row_arena = arena_new();
	struct sheet ahead = p->sheet;
	struct sheet_row row;
	struct suspects suspects[COUNT(numbers)] = { 0 };
	enum sheet_result got;
	while ((got = sheet_next(row_arena, &ahead, &row)) == SHEET_ROW) {
		p->lines++;
		suspect(a, p, suspects, &row);
		arena_reset(row_arena);
	}
	judge_suspects(p, suspects);
	if (got == SHEET_LIMIT) p->fault = PRINT_FILE_LIMIT, p->line = row.line;
	else if (p->lines == 0) p->fault = PRINT_FILE_NO_LINES;
	arena_free(row_arena);
}

struct print_status print_status_of(struct arena *a, struct str bytes, bool is_day_first)
{
	struct print_status p = { .sheet = sheet_of(bytes), .is_day_first = is_day_first };
	struct sheet_row header = { 0 };
	enum sheet_result got = SHEET_END;
	if (p.sheet.fault == SHEET_OK) got = sheet_next(a, &p.sheet, &header);
	if (p.sheet.fault == SHEET_OK && got == SHEET_END) p.sheet.fault = SHEET_EMPTY;
	if (p.sheet.fault) p.fault = PRINT_FILE_SHEET;
	else if (got == SHEET_LIMIT) p.fault = PRINT_FILE_LIMIT, p.line = header.line;
	else read_header(a, &p, &header);
	if (p.fault == PRINT_FILE_OK) look_through(a, &p);
	return p;
}

/* Takes a number of MOST digits at the most off S. */
static bool take_number(struct str *s, size_t most, int *out, size_t *digits)
{
	size_t n = 0;
	*out = 0;
	while (n < s->len && n < most && s->at[n] >= '0' && s->at[n] <= '9') *out = *out * 10 + (s->at[n++] - '0');
	*s = str_part(*s, n, s->len);
	*digits = n;
	return n > 0;
}

static bool take(struct str *s, char c)
{
	if (!s->len || s->at[0] != c) return false;
	*s = str_part(*s, 1, s->len);
	return true;
}

/* What may stand behind a date: a time with or without seconds, and then nothing (a fraction and a zone are passed over: the day is what counts). */
static bool read_time(struct str s, struct print_date *d)
{
	int hour, minute;
	size_t n;
	if (!s.len) return true;
	if (!take(&s, 'T') && !take(&s, ' ')) return false;
	s = str_trim(s);
	if (!take_number(&s, 2, &hour, &n) || !take(&s, ':') || !take_number(&s, 2, &minute, &n) || n != 2 || hour > 23 || minute > 59) return false;
	d->has_time = true;
	d->minute = hour * 60 + minute;
	for (size_t i = 0; i < s.len; i++)
		if (!str_has(S("0123456789:.+-Z"), s.at[i])) return false;
	return true;
}

/* 2026-12-31, 31.12.2026, 31/12/2026; false: none of these, or a slash where day and month could change places. */
static bool read_date(struct str s, bool is_day_first, struct print_date *d)
{
	int a, b, c;
	size_t an, bn, cn;
	if (!s.len) return true;
	if (!take_number(&s, 4, &a, &an) || !s.len) return false;
	char separator = s.at[0];
	if (!str_has(S("-./"), separator) || !take(&s, separator) || !take_number(&s, 2, &b, &bn) || !take(&s, separator) || !take_number(&s, 4, &c, &cn))
		return false;
	bool is_iso = separator == '-';
	if (is_iso ? an != 4 || cn > 2 : an > 2 || cn != 4) return false;
	if (separator == '/' && a <= 12 && b <= 12 && a != b && !is_day_first) return false;
	struct date date = is_iso ? (struct date){ a, b, c } : (struct date){ c, b, a };
	if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31 || date.year < 1970) return false;
	d->day = day_of_date(date);
	struct date same = date_of_day(d->day);
	if (same.day != date.day || same.month != date.month) return false; /* the 31st of a month that has 30 days */
	d->is_given = true;
	return read_time(s, d);
}

static bool read_state(struct arena *a, struct str s, enum print_state *out)
{
	struct str key = sheet_key(a, s);
	*out = PRINT_STATE_NONE;
	if (!s.len) return true;
	for (size_t i = 0; i < COUNT(states); i++) {
		if (!str_eq(key, str_of(states[i].key))) continue;
		*out = states[i].state;
		return true;
	}
	return false;
}

static void refuse(struct print_status_line *l, enum print_line_fault fault, const char *column)
{
	if (l->fault == PRINT_LINE_OK) l->fault = fault, l->column = column;
}

static void judge(struct arena *a, const struct print_status *p, const struct sheet_row *row, struct print_status_line *l)
{
	bool has_key = l->bar_code.len || l->ticket.len || (l->batch.len && l->batch_line.len);
	if (row->is_broken) refuse(l, PRINT_LINE_BROKEN, "");
	if (!has_key) refuse(l, PRINT_LINE_NO_KEY, "");
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct str v = cell(p, row, numbers[i]);
		bool is_destroyed = is_exponent(v) || (p->is_rounded[numbers[i]] && ends_as_rounded(v));
		for (size_t n = 0; is_destroyed && n < COUNT(names); n++)
			if (names[n].at == numbers[i]) refuse(l, PRINT_LINE_EXCEL, names[n].column);
	}
	if (!read_state(a, cell(p, row, TICKET_STATE), &l->state)) refuse(l, PRINT_LINE_STATE_UNKNOWN, "TICKET_STATE");
	if (!read_date(cell(p, row, PRINT_DATE), p->is_day_first, &l->printed)) refuse(l, PRINT_LINE_DATE, "PRINT_DATE");
	if (!read_date(cell(p, row, POSTED_DATE), p->is_day_first, &l->posted)) refuse(l, PRINT_LINE_DATE, "POSTED_DATE");
}

bool print_status_next(struct arena *a, struct print_status *p, struct print_status_line *out)
{
	struct sheet_row row;
	if (p->fault) BUG("a printing status file with a fault is read on");
	if (sheet_next(a, &p->sheet, &row) != SHEET_ROW) return false;
	*out = (struct print_status_line){ .line = row.line,
		.bar_code = cell(p, &row, BAR_CODE),
		.ticket = cell(p, &row, TICKET_NUMBER),
		.batch = cell(p, &row, BATCH_NUMBER),
		.batch_line = cell(p, &row, LINE_NUMBER),
		.copy = cell(p, &row, COPY),
		.run = cell(p, &row, RUN),
		.reason = cell(p, &row, REASON),
		.shipment = cell(p, &row, SHIPMENT_NUMBER),
		.piece = cell(p, &row, PIECE),
		.tracking = cell(p, &row, TRACKING_NUMBER),
		.tracking_url = cell(p, &row, TRACKING_URL),
		.partner = cell(p, &row, DISTRIBUTING_PARTNER) };
	judge(a, p, &row, out);
	return true;
}
