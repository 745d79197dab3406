/* sales/paper.c: tickets on paper. */
#include "sales/paper.h"

#include "sales/name.h"
#include "sales/order.h"

enum status paper_read(struct conn *db, struct arena *a, int64_t ticket, enum language l, struct paper *out)
{
	static const struct sql q = SQL(
		"SELECT o.number, COALESCE(c.number, 0), f.starts_at, f.doors_at, o.closed_at, n.price, n.vat, t.state, COALESCE(t.barcode, ''),"
		"  g.name, e.code, COALESCE(x.title, m.title, ''), COALESCE(x.what, m.what, ''), v.name, v.town, k.name," NAME_OF("z", "$2",
			"h.main_language") ","
							   "  COALESCE(s.row_name, ''), COALESCE(s.name, '')," NAME_OF("y", "$2", "h.main_language") ", w.code," NAME_OF("w",
								   "$2",
								   "h.main_language") ", o.currency, o.first_name, o.last_name"
													  " FROM ticket t JOIN customer_order o ON o.id = t.customer_order JOIN institution h ON h.id = "
													  "t.institution"
													  "  JOIN order_line n ON n.id = t.order_line JOIN tariff w ON w.id = n.tariff JOIN place p ON "
													  "p.id = t.place"
													  "  LEFT JOIN seat s ON s.id = p.seat JOIN performance_zone pz ON pz.id = p.zone JOIN zone z ON "
													  "z.id = pz.zone"
													  "  JOIN seat_category y ON y.id = pz.seat_category JOIN performance f ON f.id = pz.performance"
													  "  JOIN event e ON e.id = f.event JOIN season r ON r.id = e.season JOIN organisation g ON g.id "
													  "= r.organisation"
													  "  JOIN configuration k ON k.id = f.configuration JOIN venue v ON v.id = k.venue LEFT JOIN "
													  "contact c ON c.id = o.contact"
													  "  LEFT JOIN event_text x ON x.event = f.event AND x.language = $2"
													  "  LEFT JOIN event_text m ON m.event = f.event AND m.language = h.main_language WHERE t.id = "
													  "$1");
	enum status st = store_row(db, &q, int64(ticket), text(str_of(lang_tag(l))));
	if (st) return st;
	*out = (struct paper){
		.order_number = col_int64(db, 0),
		.contact_number = col_int64(db, 1),
		.starts_at = col_int64(db, 2),
		.doors_at = col_int64(db, 3),
		.ordered_at = col_int64(db, 4),
		.price = col_int64(db, 5),
		.vat = col_int64(db, 6),
		.state = ticket_state_read(col_text(db, 7, a)),
		.barcode = col_text(db, 8, a),
		.organiser = col_text(db, 9, a),
		.product_code = col_text(db, 10, a),
		.title = col_text(db, 11, a),
		.subtitle = col_text(db, 12, a),
		.venue = col_text(db, 13, a),
		.town = col_text(db, 14, a),
		.hall = col_text(db, 15, a),
		.section = col_text(db, 16, a),
		.row = col_text(db, 17, a),
		.seat = col_text(db, 18, a),
		.category = col_text(db, 19, a),
		.tariff_code = col_text(db, 20, a),
		.tariff = col_text(db, 21, a),
		.currency = col_text(db, 22, a),
	};
	struct str first = col_text(db, 23, a), last = col_text(db, 24, a);
	out->holder = str_trim(str_format(a, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
	return OK;
}

enum status paper_tickets(struct conn *db, struct arena *a, int64_t order, int64_t **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT t.id FROM ticket t JOIN place p ON p.id = t.place JOIN performance_zone pz ON pz.id = p.zone JOIN zone z ON z.id = pz.zone"
			"  JOIN performance f ON f.id = pz.performance LEFT JOIN seat s ON s.id = p.seat"
			" WHERE t.customer_order = $1 AND t.state IN ('held','sold','printed','controlled')"
			" ORDER BY f.starts_at, f.id, z.rank, s.row_rank, s.position, t.id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, int64_t, LINES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(order), int64(LINES_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

enum status ticket_printed(struct conn *db, int64_t ticket, bool *is_void)
{
	static const struct sql q = SQL("UPDATE ticket SET prints = prints + 1, state = CASE WHEN state = 'sold' THEN 'printed' ELSE state END"
									" WHERE id = $1 RETURNING CASE WHEN state IN ('printed','controlled') THEN 0 ELSE 1 END");
	enum status st = store_row(db, &q, int64(ticket));
	if (st == OK) *is_void = col_int64(db, 0) != 0;
	return st;
}

enum status ticket_reissue(struct conn *db, struct arena *a, int64_t ticket, struct str by_name, int64_t *anew)
{
	static const struct sql lock = SQL("UPDATE customer_order SET total = total WHERE id = (SELECT customer_order FROM ticket WHERE id = $1)");
	static const struct sql end =
		SQL("UPDATE ticket SET state = 'invalidated' WHERE id = $1 AND state IN ('sold','printed') RETURNING customer_order");
	static const struct sql make =
		SQL("INSERT INTO ticket (institution, customer_order, order_line, place, state, barcode, prints, replaced_by, made_at)"
			" SELECT institution, customer_order, order_line, place, 'sold', CAST($2 AS TEXT), 0, NULL, CAST($3 AS BIGINT) FROM ticket WHERE id = $1"
			" RETURNING id");
	static const struct sql link = SQL("UPDATE ticket SET replaced_by = $2 WHERE id = $1");
	enum status st;
	if ((st = store_exec(db, &lock, int64(ticket)))) return st; /* the order's row comes first */
	if ((st = store_row(db, &end, int64(ticket)))) return st;
	int64_t order = col_int64(db, 0);
	if ((st = store_row(db, &make, int64(ticket), text(barcode_make(a)), int64(store_now(db))))) return st;
	*anew = col_int64(db, 0);
	if ((st = store_exec(db, &link, int64(ticket), int64(*anew)))) return st;
	return order_note(db, order, "ticket-reissued", by_name, ticket_number(a, ticket));
}
