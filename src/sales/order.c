/* sales/order.c: reading orders, and their states. */
#include "sales/order.h"

#include "base/random.h"
#include "sales/name.h"
#include "sales/place.h"

static const char *const states[] = { "in_progress", "option", "reserved", "sold_unpaid", "partly_paid", "settled", "cancelled", "abandoned" };

#define LIVING "('held','sold','printed','controlled')"

const char *order_state_name(enum order_state state)
{
	return states[state];
}

static enum order_state state_read(struct str name)
{
	return (enum order_state)str_index(name, states, COUNT(states), "order state");
}

#define ORDER_COLUMNS                                                                                                                         \
	"SELECT id, institution, point_of_sale, account, contact, shipment_mode, number, state, reason, currency, payment, made_at, held_until, " \
	"closed_at, total,"                                                                                                                       \
	"  email, email_key, first_name, last_name, street, house_number, postcode, town, country, language, browser_hash, link_id FROM customer_order"

static void order_read(struct conn *db, struct arena *a, struct order *o)
{
	*o = (struct order){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.point_of_sale = col_int64(db, 2),
		.account = col_int64(db, 3),
		.contact = col_int64(db, 4),
		.shipment_mode = col_int64(db, 5),
		.number = col_int64(db, 6),
		.state = state_read(col_text(db, 7, a)),
		.reason = col_text(db, 8, a),
		.currency = col_text(db, 9, a),
		.payment = col_text(db, 10, a),
		.made_at = col_int64(db, 11),
		.held_until = col_int64(db, 12),
		.closed_at = col_int64(db, 13),
		.total = col_int64(db, 14),
		.buyer = {
			.email = { .shown = col_text(db, 15, a), .key = col_text(db, 16, a) },
			.first_name = col_text(db, 17, a),
			.last_name = col_text(db, 18, a),
			.street = col_text(db, 19, a),
			.house_number = col_text(db, 20, a),
			.postcode = col_text(db, 21, a),
			.town = col_text(db, 22, a),
			.country = col_text(db, 23, a),
			.account = col_int64(db, 3),
		},
		.browser_hash = col_blob(db, 25, a),
		.link_id = col_blob(db, 26, a),
	};
	lang_from_tag(col_text(db, 24, a), &o->buyer.language);
}

static enum status order_row(struct conn *db, struct arena *a, enum status st, struct order *out)
{
	if (st == OK) order_read(db, a, out);
	return st;
}

enum status order_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct order *out)
{
	static const struct sql q = SQL(ORDER_COLUMNS " WHERE id = $1 AND institution = $2");
	return order_row(db, a, store_row(db, &q, int64(id), int64(institution)), out);
}

enum status order_held(struct conn *db, struct arena *a, int64_t id, struct order *out)
{
	static const struct sql q = SQL(ORDER_COLUMNS " WHERE id = $1");
	return order_row(db, a, store_row(db, &q, int64(id)), out);
}

enum status order_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t number, struct order *out)
{
	static const struct sql q = SQL(ORDER_COLUMNS " WHERE institution = $1 AND number = $2");
	return order_row(db, a, store_row(db, &q, int64(institution), int64(number)), out);
}

enum status order_by_link(struct conn *db, struct arena *a, struct str link_id, struct order *out)
{
	static const struct sql q = SQL(ORDER_COLUMNS " WHERE link_id = $1");
	return order_row(db, a, store_row(db, &q, blob(link_id)), out);
}

enum status order_of_browser(struct conn *db, struct arena *a, int64_t point_of_sale, struct str hash, int64_t since, struct order *out)
{
	static const struct sql q = SQL(ORDER_COLUMNS
		" WHERE browser_hash = $1 AND point_of_sale = $2 AND number IS NOT NULL AND closed_at > $3 ORDER BY closed_at DESC, id DESC LIMIT 1");
	return order_row(db, a, store_row(db, &q, blob(hash), int64(point_of_sale), int64(since)), out);
}

enum status order_list(struct conn *db, struct arena *a, int64_t institution, int64_t account, struct str email_key, int64_t before, size_t most,
	struct order **out, size_t *count)
{
	static const struct sql q =
		SQL(ORDER_COLUMNS " WHERE institution = $1 AND number IS NOT NULL AND (account = $2 OR (account IS NULL AND email_key = $3))"
						  " AND id < $4 ORDER BY id DESC LIMIT $5");
	enum status st;
	*out = ARENA_ARRAY(a, struct order, most);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(account), text(email_key), int64(before ? before : INT64_MAX), int64((int64_t)most))))
		return st;
	while ((st = store_next(db)) == OK) order_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

/* ---- history ---- */

enum status order_note(struct conn *db, int64_t order, const char *event, struct str by_name, struct str note)
{
	static const struct sql q =
		SQL("INSERT INTO order_history (customer_order, at, event, state, by_name, note)"
			" SELECT o.id, CAST($2 AS BIGINT), CAST($3 AS TEXT), o.state, CAST($4 AS TEXT), CAST($5 AS TEXT) FROM customer_order o WHERE o.id = $1");
	return store_exec(db, &q, int64(order), int64(store_now(db)), text(str_of(event)), text(by_name), text(note));
}

#define HISTORY_MOST 500 /* events of one order that a page shows */

enum status order_history(struct conn *db, struct arena *a, int64_t order, struct order_event **out, size_t *count)
{
	static const struct sql q = SQL("SELECT at, event, state, by_name, note FROM order_history WHERE customer_order = $1 ORDER BY id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct order_event, HISTORY_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(order), int64(HISTORY_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct order_event){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a), col_text(db, 3, a), col_text(db, 4, a) };
	return st == NOT_FOUND ? OK : st;
}

/* ---- tickets ---- */

enum status order_tickets(struct conn *db, struct arena *a, int64_t order, struct ticket **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT t.id, t.order_line, t.place, t.prints, t.state, t.barcode, s.row_name, s.name FROM ticket t JOIN place p ON p.id = t.place"
			"  LEFT JOIN seat s ON s.id = p.seat WHERE t.customer_order = $1 ORDER BY t.order_line, s.row_rank, s.position, t.id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct ticket, LINES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(order), int64(LINES_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct ticket){
			.id = col_int64(db, 0),
			.line = col_int64(db, 1),
			.place = col_int64(db, 2),
			.prints = col_int64(db, 3),
			.state = ticket_state_read(col_text(db, 4, a)),
			.barcode = col_text(db, 5, a),
			.row = col_text(db, 6, a),
			.seat = col_text(db, 7, a),
		};
	return st == NOT_FOUND ? OK : st;
}

static enum status insert_tickets(struct conn *db, int64_t order)
{
	static const struct sql q =
		SQL("INSERT INTO ticket (institution, customer_order, order_line, place, state, barcode, prints, replaced_by, made_at)"
			" SELECT o.institution, o.id, n.id, p.id, 'held', NULL, 0, NULL, CAST($2 AS BIGINT) FROM customer_order o JOIN order_line n ON "
			"n.customer_order = o.id"
			"  JOIN place p ON p.holder = n.id WHERE o.id = $1 AND n.kind = 'ticket' ORDER BY n.id, p.id");
	return store_exec(db, &q, int64(order), int64(store_now(db)));
}

/* Tickets that were held are sold: each gets its barcode. */
static enum status sell_tickets(struct conn *db, struct arena *a, int64_t order)
{
	static const struct sql q = SQL("SELECT id FROM ticket WHERE customer_order = $1 AND state = 'held' ORDER BY id LIMIT $2");
	static const struct sql sell = SQL("UPDATE ticket SET state = 'sold', barcode = $2 WHERE id = $1 AND state = 'held'");
	int64_t *ids = ARENA_ARRAY(a, int64_t, LINES_MOST);
	size_t count = 0;
	enum status st;
	if ((st = store_query(db, &q, int64(order), int64(LINES_MOST)))) return st;
	while ((st = store_next(db)) == OK) ids[count++] = col_int64(db, 0);
	if (st != NOT_FOUND) return st;
	for (size_t i = 0; i < count; i++)
		if ((st = store_exec(db, &sell, int64(ids[i]), text(barcode_make(a))))) return st;
	return OK;
}

/* ---- closing ---- */

static enum status close_row(struct conn *db, struct arena *a, const struct closing *c, int64_t total)
{
	static const struct sql q =
		SQL("UPDATE customer_order SET state = $2, number = $3, closed_at = $4, total = $5, payment = $6, shipment_mode = $7, language = $8, email = "
			"$9, email_key = $10,"
			"  first_name = $11, last_name = $12, street = $13, house_number = $14, postcode = $15, town = $16, country = $17,"
			"  account = $18, link_id = $19, browser_hash = COALESCE($20, browser_hash)"
			" WHERE id = $1 AND state = 'in_progress'");
	const struct buyer *b = c->buyer;
	return store_exec(db, &q, int64(c->order), text(str_of(states[c->state])), int64(order_number_of(c->order)), int64(store_now(db)), int64(total),
		text(str_of(c->payment)), c->shipment_mode ? int64(c->shipment_mode) : null_value(), text(str_of(lang_tag(b->language))),
		text(b->email.shown), text(b->email.key), text(b->first_name), text(b->last_name), text(b->street), text(b->house_number), text(b->postcode),
		text(b->town), text(b->country), b->account ? int64(b->account) : null_value(), blob(random_bytes(a, 16)),
		c->browser_hash.len ? blob(c->browser_hash) : null_value());
}

/* What stands in the way of closing; CLOSED_DONE: nothing so far. A sale that has ended does not end what is held, one that was stopped or has begun does. */
static enum status lines_look(struct conn *db, const struct closing *c, enum closed *out)
{
	static const struct sql q = SQL(
		"SELECT CAST(COALESCE(sum(n.quantity), 0) AS BIGINT), CAST(COALESCE(sum(n.quantity * n.price), 0) AS BIGINT),"
		"  count(CASE WHEN f.state <> 'on-sale' OR f.starts_at <= $2 THEN 1 END) FROM order_line n"
		"  LEFT JOIN performance_zone z ON z.id = n.performance_zone LEFT JOIN performance f ON f.id = z.performance WHERE n.customer_order = $1");
	enum status st = store_row(db, &q, int64(c->order), int64(store_now(db)));
	if (st) return st;
	bool is_as_read = col_int64(db, 0) == c->tickets && col_int64(db, 1) == c->tickets_total;
	*out = !is_as_read ? CLOSED_CHANGED : col_int64(db, 2) ? CLOSED_OFF_SALE : CLOSED_DONE;
	return OK;
}

static enum status insert_fees(struct conn *db, const struct closing *c)
{
	static const struct sql q = SQL("INSERT INTO order_line (customer_order, kind, fee, quantity, price, vat) VALUES ($1, $2, $3, $4, $5, $6)");
	enum status st = OK;
	for (size_t i = 0; i < c->fee_count && st == OK; i++) {
		const struct fee_line *f = &c->fees[i];
		st = store_exec(db, &q, int64(c->order), text(str_of(line_kind_name(f->kind))), f->fee ? int64(f->fee) : null_value(), int64(f->quantity),
			int64(f->price), int64(f->vat));
	}
	return st;
}

enum status order_close(struct conn *db, struct arena *a, const struct closing *c, enum closed *out)
{
	int64_t total = c->tickets_total;
	enum status st;
	for (size_t i = 0; i < c->fee_count; i++) total += c->fees[i].quantity * c->fees[i].price;
	*out = CLOSED_BEFORE;
	if ((st = close_row(db, a, c, total))) return st;
	if (store_changes(db) != 1) return OK;
	if ((st = lines_look(db, c, out)) || *out != CLOSED_DONE) return st;
	if ((st = insert_fees(db, c))) return st;
	*out = CLOSED_LOST;
	st = place_keep(db, c->order, c->tickets);
	if (st == NOT_FOUND) return OK;
	if (st) return st;
	if ((st = insert_tickets(db, c->order))) return st; /* the places are ours by now, and their rows locked */
	if (store_changes(db) != c->tickets) BUG("%lld tickets for %lld places", (long long)store_changes(db), (long long)c->tickets);
	if (c->state != ORDER_RESERVED && (st = sell_tickets(db, a, c->order))) return st;
	*out = CLOSED_DONE;
	return order_note(db, c->order, "closed", c->by_name, S(""));
}

enum status orders_follow_browser(struct conn *db, int64_t point_of_sale, struct str old_hash, struct str new_hash)
{
	static const struct sql q =
		SQL("UPDATE customer_order SET browser_hash = $3 WHERE point_of_sale = $1 AND browser_hash = $2 AND state <> 'in_progress'");
	return store_exec(db, &q, int64(point_of_sale), blob(old_hash), blob(new_hash));
}

enum status order_set_contact(struct conn *db, int64_t order, int64_t contact)
{
	static const struct sql q = SQL("UPDATE customer_order SET contact = $2 WHERE id = $1");
	return store_exec(db, &q, int64(order), int64(contact));
}

/* ---- later ---- */

enum status order_settle(struct conn *db, struct arena *a, int64_t order, struct str by_name)
{
	static const struct sql q =
		SQL("UPDATE customer_order SET state = 'settled' WHERE id = $1 AND state IN ('reserved','sold_unpaid','partly_paid')");
	enum status st;
	if ((st = store_exec(db, &q, int64(order)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = sell_tickets(db, a, order))) return st;
	return order_note(db, order, "settled", by_name, S(""));
}

enum status order_sold_unpaid(struct conn *db, int64_t order)
{
	static const struct sql q = SQL("UPDATE customer_order SET state = state WHERE id = $1 AND state = 'sold_unpaid'");
	enum status st = store_exec(db, &q, int64(order));
	return st || store_changes(db) == 1 ? st : NOT_FOUND;
}

enum status order_hold(struct conn *db, int64_t order)
{
	static const struct sql q = SQL("UPDATE customer_order SET state = state WHERE id = $1");
	enum status st = store_exec(db, &q, int64(order));
	return st || store_changes(db) == 1 ? st : NOT_FOUND;
}

enum status order_paid_partly(struct conn *db, int64_t order, struct str by_name)
{
	static const struct sql q = SQL("UPDATE customer_order SET state = CASE WHEN state = 'reserved' THEN state ELSE 'partly_paid' END"
									" WHERE id = $1 AND state IN ('reserved','sold_unpaid','partly_paid')");
	enum status st;
	if ((st = store_exec(db, &q, int64(order)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	return order_note(db, order, "partly-paid", by_name, S(""));
}

enum status order_cancel(struct conn *db, int64_t order, struct str reason, struct str by_name)
{
	static const struct sql q = SQL("UPDATE customer_order SET state = 'cancelled', reason = $2 WHERE id = $1 AND state IN "
									"('option','reserved','sold_unpaid','partly_paid','settled')");
	static const struct sql tickets = SQL("UPDATE ticket SET state = 'cancelled' WHERE customer_order = $1 AND state IN " LIVING);
	static const struct sql places =
		SQL("UPDATE place SET free_from = 0, holder = NULL WHERE holder IN (SELECT id FROM order_line WHERE customer_order = $1) AND free_from = $2");
	enum status st;
	if ((st = store_exec(db, &q, int64(order), text(reason)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &tickets, int64(order)))) return st;
	if ((st = store_exec(db, &places, int64(order), int64(PLACE_TAKEN)))) return st;
	return order_note(db, order, "cancelled", by_name, reason);
}

static enum status void_ticket(struct conn *db, int64_t order, int64_t ticket, int64_t *line, int64_t *place)
{
	static const struct sql q =
		SQL("UPDATE ticket SET state = 'cancelled' WHERE id = $1 AND customer_order = $2 AND state IN " LIVING " RETURNING order_line, place");
	enum status st = store_row(db, &q, int64(ticket), int64(order));
	if (st) return st;
	*line = col_int64(db, 0);
	*place = col_int64(db, 1);
	return OK;
}

enum status ticket_cancel(struct conn *db, int64_t order, int64_t ticket, struct str by_name)
{
	static const struct sql q =
		SQL("UPDATE customer_order SET total = total - (SELECT n.price FROM ticket t JOIN order_line n ON n.id = t.order_line WHERE t.id = $2)"
			" WHERE id = $1 AND state IN ('reserved','sold_unpaid','partly_paid','settled')"
			"  AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = $2 AND t.customer_order = $1)");
	static const struct sql less = SQL("UPDATE order_line SET quantity = quantity - 1 WHERE id = $1");
	static const struct sql last = SQL("SELECT count(*) FROM ticket WHERE customer_order = $1 AND state IN " LIVING);
	int64_t line, place;
	enum status st;
	if ((st = store_exec(db, &q, int64(order), int64(ticket)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = void_ticket(db, order, ticket, &line, &place))) return st;
	if ((st = store_exec(db, &less, int64(line)))) return st;
	if ((st = place_free(db, place, line))) return st == NOT_FOUND ? BROKEN : st;
	if ((st = order_note(db, order, "ticket-cancelled", by_name, S("")))) return st;
	if ((st = store_row(db, &last, int64(order)))) return st;
	return col_int64(db, 0) ? OK : order_cancel(db, order, S("cancelled"), by_name);
}

/* ---- fees ---- */

#define FEES_MOST 20 /* of an order; more and nobody understands what he pays */

enum status fees_due(struct conn *db, struct arena *a, int64_t institution, int64_t channel, enum language l, struct fee **out, size_t *count)
{
	static const struct sql q = SQL("SELECT f.id, f.amount, v.basis_points, f.kind," NAME_OF(
		"f", "$3", "h.main_language") " FROM fee f JOIN vat_rate v ON v.id = f.vat_rate JOIN institution h ON h.id = f.institution"
									  " WHERE f.institution = $1 AND f.is_active AND (f.sales_channel IS NULL OR f.sales_channel = $2) ORDER BY "
									  "f.kind, f.id LIMIT $4");
	enum status st;
	*out = ARENA_ARRAY(a, struct fee, FEES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(channel), text(str_of(lang_tag(l))), int64(FEES_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct fee){
			.id = col_int64(db, 0),
			.amount = col_int64(db, 1),
			.vat = col_int64(db, 2),
			.kind = str_eq(col_text(db, 3, a), S("charge")) ? LINE_CHARGE : LINE_OVERHEAD,
			.name = col_text(db, 4, a),
		};
	return st == NOT_FOUND ? OK : st;
}
