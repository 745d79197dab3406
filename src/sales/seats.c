/* sales/seats.c: the seats of a zone from and to CSV. Everything is read and judged before the first row is written. */
#include "sales/seats.h"

#include <string.h>

#include "formats/csv.h"
#include "sales/programme.h"

#define SPACING 2500 /* hundredths between seats whose place on the plan is not given */

enum { COLUMN_ROW, COLUMN_SEAT, COLUMN_CATEGORY, COLUMN_POSITION, COLUMN_ROW_ORDER, COLUMN_X, COLUMN_Y, COLUMNS };
static const char *const columns[COLUMNS] = { "row", "seat", "category", "position", "row_order", "x", "y" };

struct reading {
	struct arena *a;
	struct seats_report *out;
	int at[COLUMNS]; /* where each column stands; -1: nowhere */
	struct category {
		struct str code;
		int64_t id;
	} * categories;
	size_t category_count;
	struct new_seat *seats;
	size_t *lines;
	size_t count;
};

static void find(struct reading *r, enum seats_fault fault, size_t line, const char *column)
{
	if (r->out->count < SEATS_FINDINGS_MOST) r->out->findings[r->out->count++] = (struct seats_finding){ fault, line, column };
}

static void read_head(struct reading *r, const struct str *cells, size_t count)
{
	for (int c = 0; c < COLUMNS; c++) {
		r->at[c] = -1;
		for (size_t i = 0; i < count; i++)
			if (str_eq_nocase(cells[i], str_of(columns[c]))) r->at[c] = (int)i;
		if (c <= COLUMN_CATEGORY && r->at[c] < 0) find(r, SEATS_COLUMN_MISSING, 1, columns[c]);
	}
}

static struct str cell_of(const struct reading *r, const struct csv_row *row, int column)
{
	return r->at[column] < 0 || (size_t)r->at[column] >= row->count ? S("") : row->fields[r->at[column]];
}

static int64_t number_of_cell(struct reading *r, const struct csv_row *cells, int column, size_t line, int64_t otherwise)
{
	struct str s = cell_of(r, cells, column);
	int64_t n;
	if (s.len == 0) return otherwise;
	if (str_int64(s, &n) && n > -10000000 && n < 10000000) return n;
	find(r, SEATS_NOT_A_NUMBER, line, columns[column]);
	return otherwise;
}

static int64_t category_of(struct reading *r, const struct csv_row *cells, size_t line)
{
	struct str code = cell_of(r, cells, COLUMN_CATEGORY);
	for (size_t i = 0; i < r->category_count; i++)
		if (str_eq(code, r->categories[i].code)) return r->categories[i].id;
	if (code.len) find(r, SEATS_CATEGORY_UNKNOWN, line, columns[COLUMN_CATEGORY]);
	return 0;
}

/* Without a row_order rows come as the file has them; without a position seats do, each beside the one before. */
static void read_seat(struct reading *r, const struct csv_row *cells)
{
	size_t line = (size_t)cells->line;
	struct new_seat s = { .row_name = cell_of(r, cells, COLUMN_ROW), .name = cell_of(r, cells, COLUMN_SEAT) };
	const struct new_seat *before = r->count ? &r->seats[r->count - 1] : NULL;
	bool is_same_row = before && str_eq(before->row_name, s.row_name);
	for (int c = COLUMN_ROW; c <= COLUMN_CATEGORY; c++) {
		struct str cell = cell_of(r, cells, c);
		if (cell.len == 0) find(r, SEATS_CELL_MISSING, line, columns[c]);
		if (c != COLUMN_CATEGORY && str_points(cell) > SEATS_NAME_MAX) find(r, SEATS_CELL_TOO_LONG, line, columns[c]);
	}
	s.seat_category = category_of(r, cells, line);
	s.row_rank = number_of_cell(r, cells, COLUMN_ROW_ORDER, line, !before ? 1 : before->row_rank + !is_same_row);
	s.position = number_of_cell(r, cells, COLUMN_POSITION, line, is_same_row ? before->position + 1 : 1);
	s.x = number_of_cell(r, cells, COLUMN_X, line, s.position * SPACING);
	s.y = number_of_cell(r, cells, COLUMN_Y, line, s.row_rank * SPACING);
	r->lines[r->count] = line;
	r->seats[r->count++] = s;
}

/* A hall has few rows, so each seat is compared with those of its row and name only when the cheap comparison of numbers says so. */
static void find_doubles(struct reading *r)
{
	for (size_t i = 1; i < r->count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct new_seat *a = &r->seats[i], *b = &r->seats[k];
			bool is_same_place = a->row_rank == b->row_rank && a->position == b->position;
			if (!is_same_place && !(str_eq(a->name, b->name) && str_eq(a->row_name, b->row_name))) continue;
			find(r, SEATS_TWICE, r->lines[i], is_same_place ? columns[COLUMN_POSITION] : columns[COLUMN_SEAT]);
			break;
		}
}

/* Of the separators that spreadsheets write, the one in the first line. */
static char separator_of(struct str text)
{
	struct str rest = text, head;
	str_next(&rest, '\n', &head);
	return str_has(head, ';') ? ';' : str_has(head, '\t') ? '\t' : ',';
}

static bool is_blank(const struct csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i].len) return false;
	return true;
}

/* The next row with something in it, its fields trimmed; as many as there are columns at least. */
static enum csv_result next_row(struct reading *r, struct csv *csv, struct csv_row *row)
{
	enum csv_result got;
	do {
		got = csv_next(r->a, csv, row);
		for (size_t i = 0; got == CSV_ROW && i < row->count; i++) row->fields[i] = str_trim(row->fields[i]);
	} while (got == CSV_ROW && is_blank(row));
	return got;
}

static void read_all(struct reading *r, struct str bytes)
{
	struct csv csv = csv_of(bytes, separator_of(bytes));
	struct csv_row row;
	enum csv_result got;
	if (!str_is_text(bytes)) {
		find(r, SEATS_NOT_TEXT, 0, "");
		return;
	}
	if ((got = next_row(r, &csv, &row)) == CSV_ROW) read_head(r, row.fields, row.count);
	if (r->out->count) return;
	while (got == CSV_ROW && (got = next_row(r, &csv, &row)) == CSV_ROW) {
		if (r->count == SEATS_MOST) {
			find(r, SEATS_TOO_MANY, (size_t)row.line, "");
			return;
		}
		read_seat(r, &row);
	}
	if (got == CSV_BROKEN) find(r, SEATS_BROKEN, (size_t)row.line, "");
	else if (r->count == 0) find(r, SEATS_NONE, 0, "");
	find_doubles(r);
}

static enum status read_categories(struct conn *db, struct reading *r, int64_t institution)
{
	static const struct sql q = SQL("SELECT code, id FROM seat_category WHERE institution = $1 ORDER BY id LIMIT 200");
	enum status st;
	r->categories = ARENA_ARRAY(r->a, struct category, 200);
	if ((st = store_query(db, &q, int64(institution)))) return st;
	while ((st = store_next(db)) == OK) r->categories[r->category_count++] = (struct category){ col_text(db, 0, r->a), col_int64(db, 1) };
	return st == NOT_FOUND ? OK : st;
}

static enum status zone_of(struct conn *db, int64_t institution, int64_t zone, bool *is_in_use)
{
	static const struct sql q =
		SQL("SELECT (SELECT count(*) FROM performance_zone p WHERE p.zone = z.id) FROM zone z JOIN configuration c ON c.id = z.configuration"
			" JOIN venue v ON v.id = c.venue WHERE z.id = $1 AND v.institution = $2 AND z.is_numbered");
	enum status st = store_row(db, &q, int64(zone), int64(institution));
	if (st == OK) *is_in_use = col_int64(db, 0) > 0;
	return st;
}

enum status seats_import(struct conn *db, struct arena *a, int64_t institution, int64_t zone, struct str csv, struct seats_report *out)
{
	static const struct sql clear = SQL("DELETE FROM seat WHERE zone = $1");
	struct reading r = { .a = a, .out = out, .seats = ARENA_ARRAY(a, struct new_seat, SEATS_MOST), .lines = ARENA_ARRAY(a, size_t, SEATS_MOST) };
	bool is_in_use;
	enum status st;
	*out = (struct seats_report){ .findings = ARENA_ARRAY(a, struct seats_finding, SEATS_FINDINGS_MOST) };
	if ((st = zone_of(db, institution, zone, &is_in_use))) return st;
	if ((st = read_categories(db, &r, institution))) return st;
	read_all(&r, csv);
	if (is_in_use) find(&r, SEATS_IN_USE, 0, "");
	if (out->count) return REFUSED;
	if ((st = store_exec(db, &clear, int64(zone)))) return st;
	for (size_t i = 0; i < r.count; i++)
		if ((st = seat_make(db, zone, &r.seats[i]))) return st;
	out->seats = r.count;
	return OK;
}

enum status seats_export(struct conn *db, struct arena *a, int64_t institution, int64_t zone, struct str *out)
{
	static const struct sql q =
		SQL("SELECT s.row_name, s.name, c.code, s.position, s.row_rank, s.x, s.y FROM seat s JOIN seat_category c ON c.id = s.seat_category"
			" WHERE s.zone = $1 ORDER BY s.row_rank, s.position LIMIT $2");
	struct buf b = buf_in(a);
	bool ignored;
	enum status st;
	if ((st = zone_of(db, institution, zone, &ignored))) return st;
	struct str head[COLUMNS];
	for (int c = 0; c < COLUMNS; c++) head[c] = str_of(columns[c]);
	csv_add(&b, head, COLUMNS, ';', CSV_PLAIN);
	if ((st = store_query(db, &q, int64(zone), int64(SEATS_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		struct str fields[COLUMNS];
		for (int c = 0; c < COLUMNS; c++) fields[c] = c <= COLUMN_CATEGORY ? col_text(db, c, a) : str_format(a, "%lld", (long long)col_int64(db, c));
		csv_add(&b, fields, COLUMNS, ';', CSV_DEFUSED);
	}
	if (st != NOT_FOUND) return st;
	*out = buf_str(&b);
	return OK;
}
