/* shipping/batch_files.c: tickets, letters and manifest of a batch (shipping-rules.md 4). Columns are stable for ever; new ones come at the end. */
#include "base/country.h"
#include "formats/print_file.h"
#include "formats/windows1252.h"
#include "institution/institution.h"
#include "sales/paper.h"
#include "shipping/batch_inside.h"
#include "shipping/shipment.h"

#define LINES_AT_ONCE 200
#define CHANGED_MOST  200 /* values shown to people; more, and the house should take UTF-8 */
#define FREE_FIELDS	  5
#define ADDRESS_LINES 7

struct sender {
	struct str name, zone, country, lines[3];
	enum language language;
};

/* A line of the batch with what stands around it. */
struct batch_line {
	int64_t line, shipment, piece, ticket, copy;
	int64_t piece_n, pieces, ticket_n, tickets; /* 1 of 2, 3 of 7 */
	struct str barcode, tracking, mode, postal_service, return_wish;
};

struct writing {
	struct conn *db;
	struct arena *a;	/* of the whole batch */
	struct arena *some; /* of some lines */
	const struct batch *batch;
	const struct printer *printer;
	struct sender sender;
	struct buf tickets, letters, changed;
	size_t changed_count;
	int64_t pieces, last_piece, first_ticket, last_ticket;
	struct shipment shipment; /* of the line before */
};

void print_row_add(struct buf *b, const struct str *fields, size_t count, char separator)
{
	for (size_t i = 0; i < count; i++) {
		if (i) buf_add_char(b, separator);
		buf_add_char(b, '"');
		for (size_t k = 0; k < fields[i].len; k++) {
			if (fields[i].at[k] == '"') buf_add_char(b, '"');
			buf_add_char(b, fields[i].at[k]);
		}
		buf_add_char(b, '"');
	}
	buf_add(b, S("\r\n"));
}

static struct str number(struct arena *a, int64_t n)
{
	return str_format(a, "%lld", (long long)n);
}

/* ---- what is read ---- */

static enum status read_sender(struct conn *db, struct arena *a, int64_t institution, struct sender *out)
{
	static const struct sql q = SQL("SELECT name, zone, country, main_language, street, house_number, postcode, town FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st) return st;
	struct str street = col_text(db, 4, a), house = col_text(db, 5, a), postcode = col_text(db, 6, a), town = col_text(db, 7, a);
	*out = (struct sender){
		.name = col_text(db, 0, a), .zone = col_text(db, 1, a), .country = col_text(db, 2, a), .language = lang_written(col_text(db, 3, a))
	};
	out->lines[0] = out->name;
	out->lines[1] = str_trim(str_format(a, "%.*s %.*s", STR_ARG(street), STR_ARG(house)));
	out->lines[2] = str_trim(str_format(a, "%.*s %.*s", STR_ARG(postcode), STR_ARG(town)));
	return OK;
}

static enum status read_lines(struct conn *db, struct arena *a, int64_t batch, int64_t after, struct batch_line *out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT l.line, l.shipment, l.piece, l.ticket, l.copy,"
			"  (SELECT count(*) FROM piece o WHERE o.shipment = l.shipment AND o.n <= p.n AND EXISTS (SELECT 1 FROM piece_ticket x WHERE x.piece = "
			"o.id AND"
			"    x.is_living)),"
			"  (SELECT count(*) FROM piece o WHERE o.shipment = l.shipment AND EXISTS (SELECT 1 FROM piece_ticket x WHERE x.piece = o.id AND "
			"x.is_living)),"
			"  (SELECT count(*) FROM piece_ticket x WHERE x.piece = l.piece AND x.is_living AND x.rank <= k.rank),"
			"  (SELECT count(*) FROM piece_ticket x WHERE x.piece = l.piece AND x.is_living),"
			"  l.barcode, p.tracking_given, m.code, m.postal_service, m.return_wish"
			" FROM print_line l JOIN piece p ON p.id = l.piece JOIN piece_ticket k ON k.piece = l.piece AND k.ticket = l.ticket"
			"  JOIN shipment s ON s.id = l.shipment JOIN shipment_mode m ON m.id = s.shipment_mode"
			" WHERE l.batch = $1 AND l.line > $2 ORDER BY l.line LIMIT $3");
	enum status st = store_query(db, &q, int64(batch), int64(after), int64(LINES_AT_ONCE));
	*count = 0;
	while (!st && !(st = store_next(db)))
		out[(*count)++] = (struct batch_line){
			.line = col_int64(db, 0),
			.shipment = col_int64(db, 1),
			.piece = col_int64(db, 2),
			.ticket = col_int64(db, 3),
			.copy = col_int64(db, 4),
			.piece_n = col_int64(db, 5),
			.pieces = col_int64(db, 6),
			.ticket_n = col_int64(db, 7),
			.tickets = col_int64(db, 8),
			.barcode = col_text(db, 9, a),
			.tracking = col_text(db, 10, a),
			.mode = col_text(db, 11, a),
			.postal_service = col_text(db, 12, a),
			.return_wish = col_text(db, 13, a),
		};
	return st == NOT_FOUND ? OK : st;
}

/* ---- what is written ---- */

/* The same bytes where the encoding has them all; else as it has them, and noted for people. */
static struct str encoded(struct writing *x, struct str field)
{
	bool is_changed;
	if (x->printer->encoding != ENCODING_WINDOWS_1252) return field;
	struct str bytes = windows_1252(x->some, field, &is_changed);
	if (is_changed && x->changed_count < CHANGED_MOST) {
		struct str shown = windows_1252_shown(x->some, field, &is_changed);
		struct str note = str_format(x->some, "%.*s → %.*s\n", STR_ARG(field), STR_ARG(shown));
		if (str_find(buf_str(&x->changed), note) < 0) {
			buf_add(&x->changed, note);
			x->changed_count++;
		}
	}
	return bytes;
}

static void add_row(struct writing *x, struct buf *to, struct str *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) fields[i] = encoded(x, fields[i]);
	print_row_add(to, fields, count, x->printer->separator);
}

static struct str country_name(struct arena *a, struct str code, enum language l)
{
	size_t count;
	struct country *all = country_list(a, l, &count);
	for (size_t i = 0; i < count; i++)
		if (str_eq(all[i].code, code)) return all[i].name;
	return code;
}

/* The block as it is printed: no line is empty, the country only abroad. */
static void address_lines(const struct writing *x, struct str lines[static ADDRESS_LINES])
{
	const struct address *to = &x->shipment.address;
	const struct str all[] = { to->company, to->name, str_trim(str_format(x->some, "%.*s %.*s", STR_ARG(to->street), STR_ARG(to->house_number))),
		str_trim(str_format(x->some, "%.*s %.*s", STR_ARG(to->postcode), STR_ARG(to->town))),
		str_eq(to->country, x->sender.country) ? (struct str){ 0 } : country_name(x->some, to->country, x->sender.language) };
	size_t n = 0;
	for (size_t i = 0; i < ADDRESS_LINES; i++) lines[i] = (struct str){ 0 };
	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i].len) lines[n++] = all[i];
}

static void address_fields(const struct writing *x, struct str *f, int first)
{
	const struct address *to = &x->shipment.address;
	const struct str fields[] = { to->salutation, to->name, to->company, to->street, to->house_number, to->postcode, to->town, to->country,
		x->sender.lines[0], x->sender.lines[1], x->sender.lines[2] };
	address_lines(x, f + first);
	for (size_t i = 0; i < COUNT(fields); i++) f[(size_t)first + ADDRESS_LINES + i] = fields[i];
}

static struct str decimal(struct arena *a, int64_t minor)
{
	return str_format(a, "%lld.%02lld", (long long)(minor / 100), (long long)(minor % 100));
}

/* The percentage without needless zeros: "2.6", "8.1", "0". */
static struct str rate(struct arena *a, int64_t basis_points)
{
	struct str s = decimal(a, basis_points);
	while (s.len > 1 && (s.at[s.len - 1] == '0' || s.at[s.len - 1] == '.') && str_has(s, '.')) s.len--;
	return s;
}

static void ticket_fields(const struct writing *x, const struct paper *t, struct str *f)
{
	struct arena *a = x->some;
	enum language l = x->shipment.language;
	f[PRINT_ORGANISER] = t->organiser;
	f[PRINT_PRODUCT_CODE] = t->product_code;
	f[PRINT_PRODUCT_NAME] = t->title;
	f[PRINT_PRODUCT_SUBTITLE] = t->subtitle;
	f[PRINT_VENUE] = t->venue;
	f[PRINT_VENUE_TOWN] = t->town;
	f[PRINT_VALIDITY_DATE] = str_part(lang_iso(a, t->starts_at, x->sender.zone), 0, sizeof "2026-12-31T20:00" - 1);
	f[PRINT_VALIDITY_TEXT] = lang_datetime(a, l, t->starts_at, x->sender.zone);
	f[PRINT_DOORS_TEXT] =
		lang_text(a, l, MSG_PRINT_DOORS, (const struct arg[]){ arg_text("time", lang_datetime(a, l, t->doors_at, x->sender.zone)), { 0 } });
	f[PRINT_SECTION] = t->section;
	f[PRINT_ENTRANCE] = t->hall;
	f[PRINT_ROW] = t->row;
	f[PRINT_SEAT] = t->seat;
	f[PRINT_SEAT_CATEGORY] = t->category;
	f[PRINT_TARIFF_CODE] = t->tariff_code;
	f[PRINT_TARIFF_NAME] = t->tariff;
	f[PRINT_PRICE] = decimal(a, t->price);
	f[PRINT_CURRENCY] = t->currency;
	if (!x->shipment.is_gift) f[PRINT_PRICE_TEXT] = lang_amount(a, l, t->price, t->currency);
	f[PRINT_VAT_TEXT] = lang_text(a, l, MSG_PRINT_VAT, (const struct arg[]){ arg_text("rate", rate(a, t->vat)), { 0 } });
	f[PRINT_HOLDER_NAME] = t->holder;
	f[PRINT_LANGUAGE] = str_of(lang_tag(l));
	f[PRINT_CONTACT_NUMBER] = t->contact_number ? number(a, t->contact_number) : (struct str){ 0 };
	f[PRINT_ORDER_DATE] = str_part(lang_iso(a, t->ordered_at, x->sender.zone), 0, sizeof "2026-12-31" - 1);
	f[PRINT_FILE_NUMBER] = order_number(a, t->order_number);
}

static void packing_fields(const struct writing *x, const struct batch_line *n, struct str *f)
{
	struct arena *a = x->some;
	f[PRINT_SHIPMENT_NUMBER] = shipment_number(a, x->shipment.number);
	f[PRINT_PIECE] = number(a, n->piece_n);
	f[PRINT_PIECES] = number(a, n->pieces);
	f[PRINT_TICKET_IN_PIECE] = number(a, n->ticket_n);
	f[PRINT_TICKETS_IN_PIECE] = number(a, n->tickets);
	f[PRINT_SHIPMENT_MODE_CODE] = n->mode;
	f[PRINT_POSTAL_SERVICE] = n->postal_service;
	f[PRINT_RETURN_WISH] = n->return_wish;
	f[PRINT_TRACKING_NUMBER] = n->tracking;
}

static void add_ticket(struct writing *x, const struct batch_line *n, const struct paper *t)
{
	struct arena *a = x->some;
	struct str f[PRINT_COLUMNS] = { 0 };
	f[PRINT_BATCH_NUMBER] = batch_number(a, x->batch->number);
	f[PRINT_LINE_NUMBER] = number(a, n->line);
	f[PRINT_BATCH_LINES] = number(a, x->batch->lines);
	f[PRINT_TICKET_NUMBER] = ticket_number(a, n->ticket);
	f[PRINT_BAR_CODE] = n->barcode;
	f[PRINT_BAR_CODE_TYPE] = x->printer->barcode_type;
	f[PRINT_COPY] = number(a, n->copy);
	f[PRINT_TICKET_STATE] = S("NOT_PRINTED");
	f[PRINT_LAYOUT_CODE] = x->printer->layout;
	packing_fields(x, n, f);
	ticket_fields(x, t, f);
	address_fields(x, f, PRINT_ADDRESS_1);
	add_row(x, &x->tickets, f, PRINT_COLUMNS);
}

/* ---- letters ---- */

static const struct str letter_head[] = { { STR("BATCH_NUMBER") }, { STR("SHIPMENT_NUMBER") }, { STR("PIECE") }, { STR("PIECES") },
	{ STR("TICKETS_IN_PIECE") }, { STR("FILE_NUMBER") }, { STR("SHIPMENT_MODE_CODE") }, { STR("POSTAL_SERVICE") }, { STR("RETURN_WISH") },
	{ STR("TRACKING_NUMBER") }, { STR("ADDRESS_1") }, { STR("ADDRESS_2") }, { STR("ADDRESS_3") }, { STR("ADDRESS_4") }, { STR("ADDRESS_5") },
	{ STR("ADDRESS_6") }, { STR("ADDRESS_7") }, { STR("SALUTATION") }, { STR("NAME") }, { STR("COMPANY") }, { STR("STREET") }, { STR("HOUSE") },
	{ STR("POSTCODE") }, { STR("TOWN") }, { STR("COUNTRY") }, { STR("SENDER_1") }, { STR("SENDER_2") }, { STR("SENDER_3") }, { STR("LANGUAGE") },
	{ STR("DATES") }, { STR("MESSAGE") } };
#define LETTER_ADDRESS	10
#define LETTER_LANGUAGE 28

static struct str letter_dates(struct writing *x, int64_t piece)
{
	static const struct sql q = SQL("SELECT DISTINCT f.starts_at FROM piece_ticket k JOIN ticket t ON t.id = k.ticket JOIN place p ON p.id = t.place"
									" JOIN performance_zone z ON z.id = p.zone JOIN performance f ON f.id = z.performance WHERE k.piece = $1 AND "
									"k.is_living ORDER BY f.starts_at");
	struct buf b = buf_in(x->some);
	enum status st = store_query(x->db, &q, int64(piece));
	while (!st && !(st = store_next(x->db))) {
		if (b.len) buf_add(&b, S(", "));
		buf_add(&b, lang_datetime(x->some, x->shipment.language, col_int64(x->db, 0), x->sender.zone));
	}
	return buf_str(&b);
}

static void add_letter(struct writing *x, const struct batch_line *n, const struct paper *t)
{
	struct str f[COUNT(letter_head)] = { 0 }, packing[PRINT_COLUMNS] = { 0 };
	packing_fields(x, n, packing);
	f[0] = batch_number(x->some, x->batch->number);
	f[1] = packing[PRINT_SHIPMENT_NUMBER];
	f[2] = packing[PRINT_PIECE];
	f[3] = packing[PRINT_PIECES];
	f[4] = packing[PRINT_TICKETS_IN_PIECE];
	f[5] = order_number(x->some, t->order_number);
	f[6] = n->mode;
	f[7] = n->postal_service;
	f[8] = n->return_wish;
	f[9] = n->tracking;
	address_fields(x, f, LETTER_ADDRESS);
	f[LETTER_LANGUAGE] = str_of(lang_tag(x->shipment.language));
	f[LETTER_LANGUAGE + 1] = letter_dates(x, n->piece);
	add_row(x, &x->letters, f, COUNT(f));
}

/* ---- the batch ---- */

static enum status add_line(struct writing *x, const struct batch_line *n)
{
	struct paper t;
	enum status st;
	if (x->shipment.id != n->shipment && (st = shipment_get(x->db, x->a, x->batch->institution, n->shipment, &x->shipment))) return st;
	if ((st = paper_read(x->db, x->some, n->ticket, x->shipment.language, &t))) return st;
	add_ticket(x, n, &t);
	if (!x->first_ticket) x->first_ticket = n->ticket;
	x->last_ticket = n->ticket;
	if (x->last_piece == n->piece) return OK;
	x->last_piece = n->piece;
	x->pieces++;
	add_letter(x, n, &t);
	return OK;
}

static enum status add_lines(struct writing *x)
{
	struct batch_line *lines = ARENA_ARRAY(x->a, struct batch_line, LINES_AT_ONCE);
	int64_t after = 0;
	size_t count;
	do {
		arena_reset(x->some);
		enum status st = read_lines(x->db, x->some, x->batch->id, after, lines, &count);
		for (size_t i = 0; i < count && !st; i++) st = add_line(x, &lines[i]);
		if (st) return st;
		if (count) after = lines[count - 1].line;
	} while (count == LINES_AT_ONCE);
	return OK;
}

static void head(struct buf *b, const struct printer *p, const struct str *names, size_t count)
{
	if (p->encoding == ENCODING_UTF8_BOM) buf_add(b, S("\xEF\xBB\xBF"));
	print_row_add(b, names, count, p->separator);
}

static enum status keep(struct writing *x, const char *what, struct str bytes, int64_t *id, struct str *name)
{
	*name = str_format(x->a, "%s_%.*s.csv", what, STR_ARG(batch_number(x->a, x->batch->number)));
	return file_keep(x->db, x->a, x->batch->institution, *name, bytes, x->printer->keep_days, id);
}

static void manifest_row(struct writing *x, struct buf *b, struct str name, struct str bytes, int64_t lines, int64_t shipments)
{
	struct arena *a = x->a;
	const struct str f[] = { batch_number(a, x->batch->number), x->printer->interface.code, lang_iso(a, x->batch->made_at, x->sender.zone), name,
		number(a, lines), number(a, shipments), number(a, x->pieces), ticket_number(a, x->first_ticket), ticket_number(a, x->last_ticket),
		number(a, (int64_t)bytes.len), str_hex(a, sha256_of(a, bytes)) };
	print_row_add(b, f, COUNT(f), x->printer->separator);
}

static enum status count_lines(struct conn *db, int64_t batch, int64_t *lines, int64_t *shipments)
{
	static const struct sql q = SQL("SELECT count(*), count(DISTINCT shipment) FROM print_line WHERE batch = $1");
	enum status st = store_row(db, &q, int64(batch));
	if (st) return st;
	*lines = col_int64(db, 0);
	*shipments = col_int64(db, 1);
	return OK;
}

static enum status keep_all(struct writing *x, int64_t shipments, struct batch_files *out)
{
	static const struct str names[] = { { STR("BATCH_NUMBER") }, { STR("INTERFACE") }, { STR("CREATED") }, { STR("FILE_NAME") }, { STR("LINES") },
		{ STR("SHIPMENTS") }, { STR("PIECES") }, { STR("FIRST_TICKET") }, { STR("LAST_TICKET") }, { STR("BYTES") }, { STR("SHA256") } };
	struct buf manifest = buf_in(x->a);
	struct str tickets = buf_str(&x->tickets), letters = buf_str(&x->letters), name;
	enum status st;
	head(&manifest, x->printer, names, COUNT(names));
	if ((st = keep(x, "tickets", tickets, &out->tickets, &name))) return st;
	manifest_row(x, &manifest, name, tickets, x->batch->lines, shipments);
	if (x->printer->has_letters) {
		if ((st = keep(x, "letters", letters, &out->letters, &name))) return st;
		manifest_row(x, &manifest, name, letters, x->pieces, shipments);
	}
	return keep(x, "manifest", buf_str(&manifest), &out->manifest, &name);
}

enum status batch_files_write(struct conn *db, struct arena *a, const struct batch *b, const struct printer *p, struct batch_files *out)
{
	struct str names[PRINT_COLUMNS];
	struct batch counted = *b;
	struct writing x = {
		.db = db, .a = a, .some = arena_new(), .batch = &counted, .printer = p, .tickets = buf_in(a), .letters = buf_in(a), .changed = buf_in(a)
	};
	int64_t shipments;
	*out = (struct batch_files){ 0 };
	enum status st = read_sender(db, a, b->institution, &x.sender);
	if (st == OK) st = count_lines(db, b->id, &counted.lines, &shipments);
	for (int c = 0; c < PRINT_COLUMNS; c++) names[c] = print_column_name((enum print_column)c);
	head(&x.tickets, p, names, PRINT_COLUMNS);
	head(&x.letters, p, letter_head, COUNT(letter_head));
	if (st == OK) st = add_lines(&x);
	if (st == OK) st = keep_all(&x, shipments, out);
	out->pieces = x.pieces;
	out->changed_text = buf_str(&x.changed);
	arena_free(x.some);
	return st;
}
