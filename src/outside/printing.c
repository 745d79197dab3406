/* outside/printing.c: the printing company: the file that was exported, and the file that says what became of its tickets. */
#include "formats/csv.h"
#include "formats/print_file.h"
#include "formats/sheet.h"
#include "outside/outside.h"
#include "shipping/shipment.h"
#include "shipping/watched.h"
#include "web/csrf.h"

#define LINES_AT_ONCE 500
#define DATE_LENGTH	  10 /* "2026-11-24" of a time */

static const struct form_field printing_fields[] = {
	{ "batch", .max = 20, .is_required = true },
	{ "ticket", .max = 20, .is_repeated = true },
	{ "without", .max = 3 },
	{ "to", .max = 10 },
};

/* ---- what is on the table ---- */

/* The first printing company of the house; id stays 0 without one. */
static enum status look_for_printer(struct request *r, int64_t institution, struct printer *out)
{
	struct interface *all;
	size_t count;
	enum status st = interface_list(r->db, r->arena, institution, &all, &count);
	for (size_t i = 0; st == OK && i < count; i++)
		if (all[i].kind == INTERFACE_PRINTER && all[i].is_active) return printer_get(r->db, r->arena, institution, all[i].id, out);
	return st;
}

static bool is_at_work(const struct batch *b)
{
	return b->state == BATCH_EXPORTED || b->state == BATCH_PART_BACK;
}

/* The one asked for, else the newest that is at work. */
static struct batch *batch_on_table(struct printing_shown *x, struct str wanted)
{
	for (size_t i = 0; i < x->batch_count; i++)
		if (str_eq(x->batch_numbers[i], wanted)) return &x->batches[i];
	for (size_t i = 0; i < x->batch_count; i++)
		if (is_at_work(&x->batches[i])) return &x->batches[i];
	return x->batch_count ? &x->batches[0] : NULL;
}

/* The numbers of the lines that have not come back, at most TICKETS_SHOWN. */
static enum status look_for_open(struct request *r, int64_t batch, int64_t *open, size_t *count)
{
	struct print_line *lines;
	int64_t after = 0;
	size_t n;
	*count = 0;
	do {
		enum status st = batch_lines(r->db, r->arena, batch, after, LINES_AT_ONCE, &lines, &n);
		if (st) return st;
		for (size_t i = 0; i < n && *count < TICKETS_SHOWN; i++)
			if (lines[i].state == LINE_EXPORTED) open[(*count)++] = lines[i].line;
		if (n) after = lines[n - 1].line;
	} while (n == LINES_AT_ONCE && *count < TICKETS_SHOWN);
	return OK;
}

/* A number as Swiss Post gives them, made of the shipment's own: whoever makes the file again makes the same. */
static struct str tracking_for(struct request *r, const struct str *f)
{
	int64_t shipment = 0, piece = 0;
	if (f[PRINT_TRACKING_NUMBER].len) return f[PRINT_TRACKING_NUMBER]; /* from the house's own range */
	shipment_number_read(f[PRINT_SHIPMENT_NUMBER], &shipment);
	str_int64(f[PRINT_PIECE], &piece);
	return str_format(r->arena, "98.34.123456.%08lld", (long long)((shipment * 10 + piece) % 100000000));
}

static struct letter_row *letter_for(struct request *r, struct printing_shown *x, const struct str *f)
{
	struct letter_row *last = x->count ? &x->letters[x->count - 1] : NULL;
	if (last && str_eq(last->shipment, f[PRINT_SHIPMENT_NUMBER]) && str_eq(last->piece, f[PRINT_PIECE])) return last;
	last = &x->letters[x->count++];
	*last = (struct letter_row){ .shipment = f[PRINT_SHIPMENT_NUMBER],
		.piece = f[PRINT_PIECE],
		.to = str_format(r->arena, "%.*s, %.*s %.*s", STR_ARG(f[PRINT_NAME]), STR_ARG(f[PRINT_POSTCODE]), STR_ARG(f[PRINT_TOWN])),
		.field = str_c(r->arena, str_format(r->arena, "number-%.*s-%.*s", STR_ARG(f[PRINT_SHIPMENT_NUMBER]), STR_ARG(f[PRINT_PIECE]))),
		.tracking = tracking_for(r, f),
		.tickets = ARENA_ARRAY(r->arena, struct ticket_row, TICKETS_SHOWN) };
	return last;
}

/* The letters of the file, as far as their lines are among OPEN. */
static void read_letters(struct request *r, struct printing_shown *x, struct str bytes, const int64_t *open, size_t count)
{
	struct sheet s = sheet_of(bytes);
	struct sheet_row row;
	size_t at = 0;
	int64_t line;
	x->letters = ARENA_ARRAY(r->arena, struct letter_row, count + 1);
	while (at < count && sheet_next(r->arena, &s, &row) == SHEET_ROW) {
		const struct str *f = row.fields;
		if (row.count < PRINT_COLUMNS || !str_int64(f[PRINT_LINE_NUMBER], &line) || line != open[at]) continue;
		struct letter_row *letter = letter_for(r, x, f);
		letter->tickets[letter->count++] = (struct ticket_row){ .line = f[PRINT_LINE_NUMBER],
			.barcode = f[PRINT_BAR_CODE],
			.what = str_format(r->arena, "%.*s, %.*s", STR_ARG(f[PRINT_PRODUCT_NAME]), STR_ARG(f[PRINT_VALIDITY_TEXT])),
			.section = f[PRINT_SECTION],
			.row = f[PRINT_ROW],
			.seat = f[PRINT_SEAT],
			.is_chosen = true };
		x->tickets++;
		at++;
	}
}

static enum status look_at_batch(struct request *r, struct printing_shown *x, int64_t institution)
{
	int64_t open[TICKETS_SHOWN];
	struct str bytes;
	size_t count;
	enum status st;
	x->batch_shown = batch_number(r->arena, x->batch->number);
	if ((st = look_for_open(r, x->batch->id, open, &count)) || !count) return st;
	st = file_read(r->db, r->arena, institution, x->batch->tickets_file, &bytes);
	x->is_gone = st == NOT_FOUND;
	if (st == OK) read_letters(r, x, bytes, open, count);
	return x->is_gone ? OK : st;
}

enum status printing_look(struct request *r, struct str batch, struct printing_shown *out)
{
	int64_t institution = world_door(r)->sale.institution;
	enum status st;
	*out = (struct printing_shown){ .csrf = csrf_token(r, "/outside/printing") };
	if ((st = look_for_printer(r, institution, &out->printer)) || !out->printer.interface.id) return st;
	struct str code = out->printer.interface.code;
	out->office = world_office(r, str_c(r->arena, str_format(r->arena, "/interfaces/%.*s", STR_ARG(code))));
	if ((st = watched_path(r->db, r->arena, out->printer.interface.id, &out->folder))) return st;
	if ((st = batch_ready(r->db, institution, out->printer.interface.id, &out->ready))) return st;
	st = batch_list(r->db, r->arena, institution, out->printer.interface.id, 0, BATCHES_SHOWN, &out->batches, &out->batch_count);
	if (st) return st;
	out->batch_numbers = ARENA_ARRAY(r->arena, struct str, out->batch_count + 1);
	for (size_t i = 0; i < out->batch_count; i++) out->batch_numbers[i] = batch_number(r->arena, out->batches[i].number);
	out->batch = batch_on_table(out, batch);
	return out->batch ? look_at_batch(r, out, institution) : OK;
}

/* ---- the file back ---- */

static void read_ticks(struct request *r, struct form *f, struct printing_shown *x)
{
	struct str name, value;
	for (size_t l = 0; l < x->count; l++)
		for (size_t t = 0; t < x->letters[l].count; t++) {
			struct ticket_row *ticket = &x->letters[l].tickets[t];
			ticket->is_chosen = false;
			for (size_t at = 0; form_next(f, "ticket", &at, &value);) ticket->is_chosen |= str_eq(value, ticket->line);
		}
	for (size_t at = 0; form_next_named(r, S("number-"), &at, &name, &value);)
		for (size_t l = 0; l < x->count; l++)
			if (str_eq(str_of(x->letters[l].field), name)) x->letters[l].tracking = str_trim(value);
}

/* PRINTED, and no more: whether that is also posted, the interface says. Tickets that were not ticked are not in the file. */
static struct str status_file(struct request *r, const struct printing_shown *x, bool has_numbers, size_t *count)
{
	const struct str head[] = { print_column_name(PRINT_BATCH_NUMBER), print_column_name(PRINT_LINE_NUMBER), print_column_name(PRINT_BAR_CODE),
		print_column_name(PRINT_TICKET_STATE), S("PRINT_DATE"), print_column_name(PRINT_SHIPMENT_NUMBER), print_column_name(PRINT_PIECE),
		print_column_name(PRINT_TRACKING_NUMBER) };
	struct str today = str_part(lang_iso(r->arena, store_now(r->db), world_door(r)->sale.house.zone), 0, DATE_LENGTH);
	struct buf b = buf_in(r->arena);
	*count = 0;
	csv_add(&b, head, COUNT(head) - !has_numbers, ';', CSV_PLAIN);
	for (size_t l = 0; l < x->count; l++)
		for (size_t t = 0; t < x->letters[l].count; t++) {
			const struct letter_row *letter = &x->letters[l];
			const struct ticket_row *ticket = &letter->tickets[t];
			if (!ticket->is_chosen) continue;
			const struct str row[COUNT(head)] = { x->batch_shown, ticket->line, ticket->barcode, S("PRINTED"), today, letter->shipment, letter->piece,
				letter->tracking };
			csv_add(&b, row, COUNT(row) - !has_numbers, ';', CSV_PLAIN);
			++*count;
		}
	return buf_str(&b);
}

struct response world_printing(struct request *r)
{
	struct form f = form_read(r, printing_fields, COUNT(printing_fields));
	struct printing_shown printing;
	struct bank_shown bank;
	size_t count;
	if (printing_look(r, form_text(&f, "batch"), &printing)) return error_answer(r, 503);
	read_ticks(r, &f, &printing);
	struct str file = status_file(r, &printing, !form_has(&f, "without"), &count);
	if (!count) problem_add(&f.why, "", MSG_OUTSIDE_NO_TICKET_TICKED);
	if (problem_any(&f.why)) return bank_look(r, &bank) ? error_answer(r, 503) : world_answer(r, 422, &bank, &printing, &f.why);
	return world_file(
		r, "text/csv", str_format(r->arena, "status_%.*s.csv", STR_ARG(printing.batch_shown)), file, form_text(&f, "to"), printing.folder);
}
