/* shipping/shipment.c: reading shipments and their pieces. */
#include "shipping/shipment.h"

#include "institution/institution.h"

static const char *const states[] = { "held", "ready", "in_print", "printed", "part_sent", "sent", "handed_over", "delivered", "replaced",
	"cancelled" };
static const char *const piece_states[] = { "packed", "posted", "in_transit", "out_for_delivery", "attempt_failed", "ready_for_pickup", "delivered",
	"returning", "returned", "lost" };

const char *shipment_state_name(enum shipment_state state)
{
	return states[state];
}

struct str shipment_number(struct arena *a, int64_t number)
{
	return str_format(a, "S-%.*s", STR_ARG(number_for_people(a, number)));
}

bool shipment_number_read(struct str text, int64_t *number)
{
	return number_lettered_read(text, 'S', number);
}

#define COLUMNS                                                                                                                                   \
	"SELECT id, institution, customer_order, shipment_mode, number, COALESCE(replaces, 0), COALESCE(batch, 0), state, waits_payment,"             \
	"  lacks_address, checks_address, waits_date, waits_hand, is_gift, salutation, name, company, street, house_number, postcode, town, country," \
	"  language, link_id, made_at, COALESCE(ready_at, 0), COALESCE(printed_at, 0), COALESCE(sent_at, 0) FROM shipment"

static void read_row(struct conn *db, struct arena *a, struct shipment *s)
{
	*s = (struct shipment){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.order = col_int64(db, 2),
		.mode = col_int64(db, 3),
		.number = col_int64(db, 4),
		.replaces = col_int64(db, 5),
		.batch = col_int64(db, 6),
		.state = (enum shipment_state)str_index(col_text(db, 7, a), states, COUNT(states), "shipment"),
		.holds = (col_boolean(db, 8) ? HOLD_PAYMENT : 0u) | (col_boolean(db, 9) ? HOLD_ADDRESS : 0u) | (col_boolean(db, 10) ? HOLD_ADDRESS_CHECK : 0u) |
				 (col_boolean(db, 11) ? HOLD_DATE : 0u) | (col_boolean(db, 12) ? HOLD_HAND : 0u),
		.is_gift = col_boolean(db, 13),
		.address = {
			.salutation = col_text(db, 14, a),
			.name = col_text(db, 15, a),
			.company = col_text(db, 16, a),
			.street = col_text(db, 17, a),
			.house_number = col_text(db, 18, a),
			.postcode = col_text(db, 19, a),
			.town = col_text(db, 20, a),
			.country = col_text(db, 21, a),
		},
		.language = lang_written(col_text(db, 22, a)),
		.link_id = col_blob(db, 23, a),
		.made_at = col_int64(db, 24),
		.ready_at = col_int64(db, 25),
		.printed_at = col_int64(db, 26),
		.sent_at = col_int64(db, 27),
	};
}

static enum status row(struct conn *db, struct arena *a, enum status st, struct shipment *out)
{
	if (st == OK) read_row(db, a, out);
	return st;
}

enum status shipment_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct shipment *out)
{
	static const struct sql q = SQL(COLUMNS " WHERE id = $1 AND institution = $2");
	return row(db, a, store_row(db, &q, int64(id), int64(institution)), out);
}

enum status shipment_by_number(struct conn *db, struct arena *a, int64_t institution, int64_t number, struct shipment *out)
{
	static const struct sql q = SQL(COLUMNS " WHERE number = $1 AND institution = $2");
	return row(db, a, store_row(db, &q, int64(number), int64(institution)), out);
}

enum status shipment_by_link(struct conn *db, struct arena *a, struct str link_id, struct shipment *out)
{
	static const struct sql q = SQL(COLUMNS " WHERE link_id = $1");
	return row(db, a, store_row(db, &q, blob(link_id)), out);
}

static enum status rows(struct conn *db, struct arena *a, enum status st, size_t most, struct shipment **out, size_t *count)
{
	*out = ARENA_ARRAY(a, struct shipment, most);
	*count = 0;
	if (st) return st;
	while ((st = store_next(db)) == OK) read_row(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status shipments_of_order(struct conn *db, struct arena *a, int64_t order, struct shipment **out, size_t *count)
{
	static const struct sql q = SQL(COLUMNS " WHERE customer_order = $1 ORDER BY id LIMIT $2");
	return rows(db, a, store_query(db, &q, int64(order), int64(SHIPMENTS_OF_ORDER_MOST)), SHIPMENTS_OF_ORDER_MOST, out, count);
}

enum status shipment_list(
	struct conn *db, struct arena *a, int64_t institution, unsigned state, int64_t before, size_t most, struct shipment **out, size_t *count)
{
	static const struct sql all = SQL(COLUMNS " WHERE institution = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
	static const struct sql one = SQL(COLUMNS " WHERE institution = $1 AND id < $2 AND state = $4 ORDER BY id DESC LIMIT $3");
	struct value house = int64(institution), below = int64(before ? before : INT64_MAX), limit = int64((int64_t)most);
	enum status st = state > SHIPMENT_CANCELLED ? store_query(db, &all, house, below, limit)
												: store_query(db, &one, house, below, limit, text(str_of(states[state])));
	return rows(db, a, st, most, out, count);
}

enum status shipment_counts(struct conn *db, int64_t institution, int64_t counts[static SHIPMENT_CANCELLED + 1])
{
	static const struct sql q = SQL("SELECT state, count(*) FROM shipment WHERE institution = $1 GROUP BY state");
	struct arena *a = arena_new();
	enum status st = store_query(db, &q, int64(institution));
	for (int i = 0; i <= SHIPMENT_CANCELLED; i++) counts[i] = 0;
	while (!st && !(st = store_next(db))) counts[str_index(col_text(db, 0, a), states, COUNT(states), "shipment")] = col_int64(db, 1);
	arena_free(a);
	return st == NOT_FOUND ? OK : st;
}

/* ---- pieces ---- */

#define PIECES_MOST 500 /* of a shipment: an order has at most so many tickets */

static enum status tickets_of(struct conn *db, struct arena *a, int64_t shipment, struct piece *pieces, size_t count)
{
	static const struct sql q = SQL("SELECT k.piece, k.ticket FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living"
									" WHERE p.shipment = $1 ORDER BY p.n, k.rank LIMIT $2");
	int64_t *ids = ARENA_ARRAY(a, int64_t, PIECES_MOST);
	size_t at = 0, n = 0;
	enum status st = store_query(db, &q, int64(shipment), int64(PIECES_MOST));
	while (!st && !(st = store_next(db))) {
		while (at < count && pieces[at].id != col_int64(db, 0)) at++;
		if (at == count) break;
		if (!pieces[at].tickets) pieces[at].tickets = ids + n;
		ids[n++] = col_int64(db, 1);
		pieces[at].ticket_count++;
	}
	return st == NOT_FOUND ? OK : st;
}

enum status shipment_pieces(struct conn *db, struct arena *a, int64_t shipment, struct piece **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT p.id, p.n, COALESCE(p.partner, 0), COALESCE(p.posted_at, 0), COALESCE(p.told_in, 0), p.state, p.tracking_given, p.tracking,"
			"  p.tracking_url, p.told_number FROM piece p WHERE p.shipment = $1"
			"  AND EXISTS (SELECT 1 FROM piece_ticket k WHERE k.piece = p.id AND k.is_living) ORDER BY p.n LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct piece, PIECES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(shipment), int64(PIECES_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct piece){
			.id = col_int64(db, 0),
			.n = col_int64(db, 1),
			.partner = col_int64(db, 2),
			.posted_at = col_int64(db, 3),
			.told_in = col_int64(db, 4),
			.state = (enum piece_state)str_index(col_text(db, 5, a), piece_states, COUNT(piece_states), "shipment"),
			.tracking_given = col_text(db, 6, a),
			.tracking = col_text(db, 7, a),
			.tracking_url = col_text(db, 8, a),
			.told_number = col_text(db, 9, a),
		};
	if (st != NOT_FOUND) return st;
	return tickets_of(db, a, shipment, *out, *count);
}
