/* shipping/batch.c: batches and their lines, read; lines withdrawn. */
#include "shipping/batch.h"

#include "institution/audit.h"
#include "institution/institution.h"
#include "sales/ticket.h"
#include "shipping/batch_inside.h"
#include "shipping/shipment.h"

static const char *const states[] = { "making", "exported", "part_back", "complete", "cancelled" };
static const char *const line_states[] = { "exported", "printed", "spoilt", "missing", "withdrawn" };

const char *batch_state_name(enum batch_state state)
{
	return states[state];
}

const char *print_line_state_name(enum print_line_state state)
{
	return line_states[state];
}

struct str batch_number(struct arena *a, int64_t number)
{
	return str_format(a, "B-%.*s", STR_ARG(number_for_people(a, number)));
}

bool batch_number_read(struct str text, int64_t *number)
{
	return number_lettered_read(text, 'B', number);
}

#define COLUMNS                                                                                                                               \
	"SELECT id, institution, interface, number, state, by_name, changed_text, made_at, COALESCE(exported_at, 0), COALESCE(due_at, 0), lines," \
	" shipments, pieces, COALESCE(tickets_file, 0), COALESCE(letters_file, 0), COALESCE(manifest_file, 0) FROM print_batch"

static void read_row(struct conn *db, struct arena *a, struct batch *b)
{
	*b = (struct batch){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.interface = col_int64(db, 2),
		.number = col_int64(db, 3),
		.state = (enum batch_state)str_index(col_text(db, 4, a), states, COUNT(states), "batch"),
		.by_name = col_text(db, 5, a),
		.changed_text = col_text(db, 6, a),
		.made_at = col_int64(db, 7),
		.exported_at = col_int64(db, 8),
		.due_at = col_int64(db, 9),
		.lines = col_int64(db, 10),
		.shipments = col_int64(db, 11),
		.pieces = col_int64(db, 12),
		.tickets_file = col_int64(db, 13),
		.letters_file = col_int64(db, 14),
		.manifest_file = col_int64(db, 15),
	};
}

enum status batch_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t number, struct batch *out)
{
	static const struct sql q = SQL(COLUMNS " WHERE number = $1 AND institution = $2 AND state <> 'making'");
	enum status st = store_row(db, &q, int64(number), int64(institution));
	if (st == OK) read_row(db, a, out);
	return st;
}

enum status batch_list(
	struct conn *db, struct arena *a, int64_t institution, int64_t interface, int64_t before, size_t most, struct batch **out, size_t *count)
{
	static const struct sql q =
		SQL(COLUMNS " WHERE institution = $1 AND ($2 = 0 OR interface = $2) AND id < $3 AND state <> 'making' ORDER BY id DESC LIMIT $4");
	enum status st;
	*out = ARENA_ARRAY(a, struct batch, most);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(interface), int64(before ? before : INT64_MAX), int64((int64_t)most)))) return st;
	while ((st = store_next(db)) == OK) read_row(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

/* ---- lines ---- */

#define LINES                                                                                                                                     \
	"SELECT l.id, b.number, l.line, h.number, l.ticket, l.copy, COALESCE(l.printed_at, 0), l.state, l.is_posted, l.is_void, l.barcode, l.reason," \
	" h.name, h.postcode, h.town FROM print_line l JOIN print_batch b ON b.id = l.batch JOIN shipment h ON h.id = l.shipment"

static enum status read_lines(struct conn *db, struct arena *a, enum status st, size_t most, struct print_line **out, size_t *count)
{
	*out = ARENA_ARRAY(a, struct print_line, most);
	*count = 0;
	if (st) return st;
	while ((st = store_next(db)) == OK) {
		struct str name = col_text(db, 12, a), postcode = col_text(db, 13, a), town = col_text(db, 14, a);
		(*out)[(*count)++] = (struct print_line){
			.id = col_int64(db, 0),
			.batch_number = col_int64(db, 1),
			.line = col_int64(db, 2),
			.shipment_number = col_int64(db, 3),
			.ticket = col_int64(db, 4),
			.copy = col_int64(db, 5),
			.printed_at = col_int64(db, 6),
			.state = (enum print_line_state)str_index(col_text(db, 7, a), line_states, COUNT(line_states), "batch"),
			.is_posted = col_boolean(db, 8),
			.is_void = col_boolean(db, 9),
			.barcode = col_text(db, 10, a),
			.reason = col_text(db, 11, a),
			.to = str_format(a, "%.*s, %.*s %.*s", STR_ARG(name), STR_ARG(postcode), STR_ARG(town)),
		};
	}
	return st == NOT_FOUND ? OK : st;
}

enum status batch_lines(struct conn *db, struct arena *a, int64_t batch, int64_t after, size_t most, struct print_line **out, size_t *count)
{
	static const struct sql q = SQL(LINES " WHERE l.batch = $1 AND l.line > $2 ORDER BY l.line LIMIT $3");
	return read_lines(db, a, store_query(db, &q, int64(batch), int64(after), int64((int64_t)most)), most, out, count);
}

enum status open_lines(
	struct conn *db, struct arena *a, int64_t institution, int64_t interface, int64_t after, size_t most, struct print_line **out, size_t *count)
{
	static const struct sql q = SQL(LINES " WHERE b.institution = $1 AND b.interface = $2 AND b.state IN ('exported','part_back')"
										  " AND l.state IN ('exported','missing') AND l.id > $3 ORDER BY l.id LIMIT $4");
	return read_lines(db, a, store_query(db, &q, int64(institution), int64(interface), int64(after), int64((int64_t)most)), most, out, count);
}

enum status batch_line_counts(struct conn *db, int64_t batch, int64_t counts[static LINE_WITHDRAWN + 1])
{
	static const struct sql q = SQL("SELECT state, count(*) FROM print_line WHERE batch = $1 GROUP BY state");
	struct arena *a = arena_new();
	enum status st = store_query(db, &q, int64(batch));
	for (int i = 0; i <= LINE_WITHDRAWN; i++) counts[i] = 0;
	while (!st && !(st = store_next(db))) counts[str_index(col_text(db, 0, a), line_states, COUNT(line_states), "batch")] = col_int64(db, 1);
	arena_free(a);
	return st == NOT_FOUND ? OK : st;
}

enum status batch_settle_state(struct conn *db, int64_t batch)
{
	/* A part that is empty counts as nothing; all withdrawn: the batch is none any more. */
	static const struct sql q =
		SQL("UPDATE print_batch SET state = CASE"
			" WHEN EXISTS (SELECT 1 FROM print_line l WHERE l.batch = $1 AND l.state IN ('exported','missing')) THEN"
			"  CASE WHEN EXISTS (SELECT 1 FROM print_line l WHERE l.batch = $1 AND l.state IN ('printed','spoilt','missing')) THEN 'part_back' ELSE "
			"'exported' END"
			" WHEN EXISTS (SELECT 1 FROM print_line l WHERE l.batch = $1 AND l.state IN ('printed','spoilt')) THEN 'complete' ELSE 'cancelled' END"
			" WHERE id = $1 AND state IN ('exported','part_back','complete')");
	return store_exec(db, &q, int64(batch));
}

/* ---- withdrawing ---- */

static enum status withdraw_one(struct conn *db, int64_t batch, int64_t line, int64_t *withdrawn)
{
	static const struct sql q =
		SQL("UPDATE print_line SET state = 'withdrawn', reason = 'withdrawn' WHERE batch = $1 AND line = $2 AND state IN ('exported','missing')");
	enum status st = store_exec(db, &q, int64(batch), int64(line));
	if (st == OK) *withdrawn += store_changes(db);
	return st;
}

static enum status settle_shipments(struct conn *db, struct arena *a, int64_t batch)
{
	static const struct sql q = SQL("SELECT DISTINCT shipment FROM print_line WHERE batch = $1 ORDER BY shipment LIMIT $2");
	int64_t *ids = ARENA_ARRAY(a, int64_t, BATCH_LINES_MOST);
	size_t count = 0;
	enum status st = store_query(db, &q, int64(batch), int64(BATCH_LINES_MOST));
	while (!st && !(st = store_next(db))) ids[count++] = col_int64(db, 0);
	for (size_t i = 0; i < count && (st == NOT_FOUND || st == OK); i++) st = shipment_settle_state(db, ids[i]);
	return st == NOT_FOUND ? OK : st;
}

enum status batch_withdraw(
	struct conn *db, struct arena *a, const struct actor *who, const struct batch *b, const int64_t *lines, size_t line_count, int64_t *withdrawn)
{
	static const struct sql all =
		SQL("UPDATE print_line SET state = 'withdrawn', reason = 'withdrawn' WHERE batch = $1 AND state IN ('exported','missing')");
	static const struct sql lock = SQL("UPDATE print_batch SET touched_at = $2 WHERE id = $1 AND state IN ('exported','part_back')");
	enum status st;
	*withdrawn = 0;
	if ((st = store_exec(db, &lock, int64(b->id), int64(store_now(db))))) return st;
	if (store_changes(db) == 0) return NOT_FOUND;
	for (size_t i = 0; i < line_count; i++)
		if ((st = withdraw_one(db, b->id, lines[i], withdrawn))) return st;
	if (line_count == 0) {
		if ((st = store_exec(db, &all, int64(b->id)))) return st;
		*withdrawn = store_changes(db);
	}
	if ((st = settle_shipments(db, a, b->id))) return st;
	if ((st = batch_settle_state(db, b->id))) return st;
	const struct audit_value after[] = { { "batch", batch_number(a, b->number) }, { "lines", str_format(a, "%lld", (long long)*withdrawn) },
		{ NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "lines-withdrawn", "batch", b->id, NULL, after });
}

enum status batch_withdrawals(struct conn *db, struct arena *a, const struct batch *b, const struct printer *p, struct str *out)
{
	static const struct sql q =
		SQL("SELECT line, ticket, barcode, copy FROM print_line WHERE batch = $1 AND (state = 'withdrawn' OR is_void) ORDER BY line LIMIT $2");
	static const struct str head[] = { { STR("BATCH_NUMBER") }, { STR("LINE_NUMBER") }, { STR("TICKET_NUMBER") }, { STR("BAR_CODE") },
		{ STR("COPY") }, { STR("TICKET_STATE") } };
	struct buf file = buf_in(a);
	struct str number = batch_number(a, b->number);
	enum status st = store_query(db, &q, int64(b->id), int64(BATCH_LINES_MOST));
	print_row_add(&file, head, COUNT(head), p->separator);
	while (!st && !(st = store_next(db))) {
		const struct str fields[] = { number, str_format(a, "%lld", (long long)col_int64(db, 0)), ticket_number(a, col_int64(db, 1)),
			col_text(db, 2, a), str_format(a, "%lld", (long long)col_int64(db, 3)), S("WITHDRAWN") };
		print_row_add(&file, fields, COUNT(fields), p->separator);
	}
	*out = buf_str(&file);
	return st == NOT_FOUND ? OK : st;
}
