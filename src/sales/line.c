/* sales/line.c: lines, read for showing. */
#include "sales/line.h"

#include "sales/name.h"
#include "sales/place.h"
#include "sales/price.h"

static const char *const kinds[] = { "ticket", "charge", "shipment", "overhead", "rounding" };

const char *line_kind_name(enum line_kind kind)
{
	return kinds[kind];
}

static enum line_kind kind_read(struct str name)
{
	return (enum line_kind)str_index(name, kinds, COUNT(kinds), "line kind");
}

static enum status read_lines(struct conn *db, struct arena *a, int64_t order, enum language l, enum language otherwise, struct lines *out)
{
	static const struct sql q = SQL(
		"SELECT n.id, n.kind, n.quantity, n.price, n.vat, (SELECT count(*) FROM place p WHERE p.holder = n.id), f.id, f.starts_at,"
		"  COALESCE(t.title, m.title, ''), c.name," NAME_OF("x", "$2", "$3") "," NAME_OF("y", "$2", "$3") "," NAME_OF("w", "$2",
			"$3") ","
				  "  CASE WHEN n.kind = 'shipment' THEN" NAME_OF("h", "$2", "$3") " ELSE" NAME_OF("u", "$2",
					  "$3") " END"
							" FROM order_line n JOIN customer_order o ON o.id = n.customer_order LEFT JOIN performance_zone z ON z.id = "
							"n.performance_zone"
							"  LEFT JOIN performance f ON f.id = z.performance LEFT JOIN configuration c ON c.id = f.configuration LEFT JOIN zone "
							"x ON x.id = z.zone"
							"  LEFT JOIN seat_category y ON y.id = z.seat_category LEFT JOIN tariff w ON w.id = n.tariff LEFT JOIN fee u ON u.id = "
							"n.fee"
							"  LEFT JOIN shipment_mode h ON h.id = o.shipment_mode LEFT JOIN event_text t ON t.event = f.event AND t.language = $2"
							"  LEFT JOIN event_text m ON m.event = f.event AND m.language = $3"
							" WHERE n.customer_order = $1 ORDER BY CASE WHEN f.starts_at IS NULL THEN 1 ELSE 0 END, f.starts_at, f.id, y.rank, "
							"w.rank, n.id LIMIT $4");
	enum status st;
	if ((st = store_query(db, &q, int64(order), text(str_of(lang_tag(l))), text(str_of(lang_tag(otherwise))), int64(LINES_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		struct line *n = &out->line[out->count++];
		*n = (struct line){
			.id = col_int64(db, 0),
			.kind = kind_read(col_text(db, 1, a)),
			.quantity = col_int64(db, 2),
			.price = col_int64(db, 3),
			.vat = col_int64(db, 4),
			.kept = col_int64(db, 5),
			.performance = col_int64(db, 6),
			.starts_at = col_int64(db, 7),
			.title = col_text(db, 8, a),
			.hall = col_text(db, 9, a),
			.zone = col_text(db, 10, a),
			.category = col_text(db, 11, a),
			.tariff = col_text(db, 12, a),
			.name = col_text(db, 13, a),
		};
		out->total += n->quantity * n->price;
		if (n->kind != LINE_TICKET) continue;
		out->tickets += n->quantity;
		out->tickets_total += n->quantity * n->price;
		out->kept += n->kept;
		if (!out->first_at || n->starts_at < out->first_at) out->first_at = n->starts_at;
	}
	return st == NOT_FOUND ? OK : st;
}

static enum status read_seats(struct conn *db, struct arena *a, int64_t order, struct lines *out)
{
	static const struct sql q =
		SQL("SELECT p.holder, s.row_name, s.name FROM order_line n JOIN place p ON p.holder = n.id JOIN seat s ON s.id = p.seat"
			" WHERE n.customer_order = $1 ORDER BY p.holder, s.row_rank, s.position");
	enum status st;
	if ((st = store_query(db, &q, int64(order)))) return st;
	while ((st = store_next(db)) == OK) {
		struct line *n = out->line;
		while (n < out->line + out->count && n->id != col_int64(db, 0)) n++;
		if (n == out->line + out->count) continue;
		if (!n->seats) n->seats = ARENA_ARRAY(a, struct line_seat, (size_t)n->kept + 1);
		if (n->seat_count <= (size_t)n->kept) n->seats[n->seat_count++] = (struct line_seat){ col_text(db, 1, a), col_text(db, 2, a) };
	}
	return st == NOT_FOUND ? OK : st;
}

enum status lines_read(struct conn *db, struct arena *a, int64_t order, enum language l, enum language otherwise, struct lines *out)
{
	enum status st;
	*out = (struct lines){ .line = ARENA_ARRAY(a, struct line, LINES_MOST) };
	if ((st = read_lines(db, a, order, l, otherwise, out))) return st;
	return read_seats(db, a, order, out);
}

size_t lines_vat(const struct lines *lines, struct vat_sum out[VAT_RATES_MOST])
{
	size_t count = 0;
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *n = &lines->line[i];
		size_t at = 0;
		while (at < count && out[at].basis_points != n->vat) at++;
		if (at == count) out[count++] = (struct vat_sum){ .basis_points = n->vat };
		out[at].gross += n->price * n->quantity;
	}
	for (size_t i = 0; i < count; i++) out[i].vat = vat_within(out[i].gross, out[i].basis_points);
	return count;
}

/* ---- words ---- */

/* The seats of N from AT on that are in one row: "5, 6, 7". */
static struct str row_seats(struct arena *a, const struct line *n, size_t at, size_t *count)
{
	struct buf b = buf_in(a);
	size_t i = at;
	for (; i < n->seat_count && str_eq(n->seats[i].row, n->seats[at].row); i++) {
		if (i > at) buf_add(&b, S(", "));
		buf_add(&b, n->seats[i].seat);
	}
	*count = i - at;
	return buf_str(&b);
}

struct str line_seats_text(struct arena *a, enum language l, const struct line *n)
{
	struct buf b = buf_in(a);
	size_t count;
	for (size_t i = 0; i < n->seat_count; i += count) {
		struct str seats = row_seats(a, n, i, &count);
		if (i) buf_add(&b, S("; "));
		buf_add(&b, lang_text(a, l, MSG_ROW_AND_SEATS,
						(const struct arg[]){ arg_text("row", n->seats[i].row), arg_text("seats", seats), arg_int("n", (int64_t)count), { 0 } }));
	}
	return buf_str(&b);
}

struct str amount_bare(struct arena *a, int64_t minor)
{
	int64_t left = minor < 0 ? -minor : minor, whole = left / 100;
	struct str text = str_format(a, "%03lld.%02lld", (long long)(whole % 1000), (long long)(left % 100));
	for (whole /= 1000; whole > 0; whole /= 1000) text = str_format(a, "%03lld’%.*s", (long long)(whole % 1000), STR_ARG(text));
	while (text.len > 4 && text.at[0] == '0') text = str_part(text, 1, text.len);
	return minor < 0 ? str_format(a, "−%.*s", STR_ARG(text)) : text;
}
