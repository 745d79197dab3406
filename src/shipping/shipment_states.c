/* shipping/shipment_states.c: how shipments come about and move. */
#include "base/random.h"
#include "institution/institution.h"
#include "sales/paper.h"
#include "shipping/shipment.h"

#define NUMBERS_FROM 10000 /* as with orders */
#define LINK_BYTES	 16

/* Where a shipment stands that is not at the printing company: held while there is a reason. */
#define HELD_OR_READY "CASE WHEN waits_payment OR lacks_address OR checks_address OR waits_date OR waits_hand THEN 'held' ELSE 'ready' END"

/* ---- from the checkout ---- */

static enum status make_row(struct conn *db, struct arena *a, int64_t order, int64_t *id, int64_t *most)
{
	static const struct sql q =
		SQL("INSERT INTO shipment (institution, customer_order, shipment_mode, state, waits_payment, lacks_address, checks_address, waits_date,"
			"  waits_hand, is_gift, salutation, name, company, street, house_number, postcode, town, country, language, made_at, ready_at)"
			" SELECT x.institution, x.id, x.mode, CASE WHEN x.waits OR x.lacks THEN 'held' ELSE 'ready' END, x.waits, x.lacks, FALSE, FALSE, FALSE,"
			"  FALSE, '', x.name, '', x.street, x.house_number, x.postcode, x.town, x.country, x.language, CAST($2 AS BIGINT),"
			"  CASE WHEN x.waits OR x.lacks THEN NULL ELSE CAST($2 AS BIGINT) END"
			" FROM (SELECT o.institution, o.id, m.id AS mode, o.state = 'reserved' OR (m.is_after_payment AND o.state <> 'settled') AS waits,"
			"    m.needs_address AND (o.street = '' OR o.postcode = '' OR o.town = '') AS lacks, o.first_name || ' ' || o.last_name AS name,"
			"    o.street, o.house_number, o.postcode, o.town, o.country, o.language"
			"  FROM customer_order o JOIN shipment_mode m ON m.id = o.shipment_mode"
			"  WHERE o.id = $1 AND m.kind IN ('post','registered','courier')) x RETURNING id, shipment_mode");
	static const struct sql bound = SQL("SELECT tickets_most FROM shipment_mode WHERE id = $1");
	static const struct sql number = SQL("UPDATE shipment SET number = $2, link_id = $3 WHERE id = $1");
	enum status st = store_row(db, &q, int64(order), int64(store_now(db)));
	if (st) return st;
	*id = col_int64(db, 0);
	int64_t mode = col_int64(db, 1);
	if ((st = store_row(db, &bound, int64(mode)))) return st;
	*most = col_int64(db, 0);
	return store_exec(db, &number, int64(*id), int64(number_with_check(NUMBERS_FROM + *id)), blob(random_bytes(a, LINK_BYTES)));
}

static enum status piece_make(struct conn *db, int64_t shipment, int64_t n, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO piece (shipment, n, state, partner, tracking_given, tracking, tracking_url, posted_at, event_at, told_in)"
			" SELECT s.id, CAST($2 AS BIGINT), 'packed', COALESCE(m.partner, p.partner), '', '', '', NULL, NULL, NULL FROM shipment s"
			"  JOIN shipment_mode m ON m.id = s.shipment_mode LEFT JOIN printer p ON p.interface = m.printer WHERE s.id = $1 RETURNING id");
	enum status st = store_row(db, &q, int64(shipment), int64(n));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

enum status shipment_open(struct conn *db, struct arena *a, int64_t order)
{
	static const struct sql put = SQL("INSERT INTO piece_ticket (piece, ticket, rank, is_living) VALUES ($1, $2, $3, TRUE)");
	int64_t id, most, piece = 0, *tickets;
	size_t count;
	enum status st = make_row(db, a, order, &id, &most);
	if (st) return st == NOT_FOUND ? OK : st; /* nothing on paper */
	if ((st = paper_tickets(db, a, order, &tickets, &count))) return st;
	for (size_t i = 0; i < count; i++) {
		if (i % (size_t)most == 0 && (st = piece_make(db, id, (int64_t)i / most + 1, &piece))) return st;
		if ((st = store_exec(db, &put, int64(piece), int64(tickets[i]), int64((int64_t)i)))) return st;
	}
	return OK;
}

/* ---- from the order ---- */

enum status shipments_paid(struct conn *db, int64_t order)
{
	static const struct sql q =
		SQL("UPDATE shipment SET waits_payment = FALSE,"
			"  state = CASE WHEN lacks_address OR checks_address OR waits_date OR waits_hand THEN 'held' ELSE 'ready' END,"
			"  ready_at = CASE WHEN lacks_address OR checks_address OR waits_date OR waits_hand THEN NULL ELSE CAST($2 AS BIGINT) END"
			" WHERE customer_order = $1 AND state = 'held' AND waits_payment");
	return store_exec(db, &q, int64(order), int64(store_now(db)));
}

enum status shipments_follow_tickets(struct conn *db, struct arena *a, int64_t order)
{
	/* One that came back printed keeps what it is: the paper may be in the post. */
	static const struct sql lock = SQL("UPDATE shipment SET number = number WHERE customer_order = $1");
	static const struct sql lines =
		SQL("UPDATE print_line SET state = 'withdrawn', is_void = TRUE, reason = 'void' WHERE state IN ('exported','missing')"
			" AND ticket IN (SELECT id FROM ticket WHERE customer_order = $1 AND state IN ('cancelled','invalidated'))");
	static const struct sql places = SQL("UPDATE piece_ticket SET is_living = FALSE WHERE is_living"
										 " AND ticket IN (SELECT id FROM ticket WHERE customer_order = $1 AND state IN ('cancelled','invalidated'))");
	struct shipment *of;
	size_t count;
	enum status st;
	if ((st = store_exec(db, &lock, int64(order)))) return st; /* an export that is under way has its lines written by then */
	if (store_changes(db) == 0) return OK;
	if ((st = store_exec(db, &lines, int64(order)))) return st;
	if ((st = store_exec(db, &places, int64(order)))) return st;
	if ((st = shipments_of_order(db, a, order, &of, &count))) return st;
	for (size_t i = 0; i < count; i++)
		if ((st = shipment_settle_state(db, of[i].id))) return st;
	return OK;
}

/* ---- the state that lines and pieces say ---- */

struct standing {
	int64_t tickets, open, good; /* living tickets; with an open line; printed */
	int64_t pieces, posted;
};

static enum status standing_of(struct conn *db, int64_t shipment, struct standing *out)
{
	static const struct sql q =
		SQL("SELECT count(*), count(CASE WHEN EXISTS (SELECT 1 FROM print_line l WHERE l.ticket = k.ticket AND l.state IN ('exported','missing'))"
			"   THEN 1 END),"
			"  count(CASE WHEN EXISTS (SELECT 1 FROM print_line l WHERE l.ticket = k.ticket AND l.state = 'printed') THEN 1 END),"
			"  count(DISTINCT p.id), count(DISTINCT CASE WHEN p.posted_at IS NOT NULL THEN p.id END)"
			" FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living WHERE p.shipment = $1");
	enum status st = store_row(db, &q, int64(shipment));
	if (st == OK) *out = (struct standing){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2), col_int64(db, 3), col_int64(db, 4) };
	return st;
}

static const char *state_said(const struct standing *s)
{
	if (s->tickets == 0) return "cancelled";
	if (s->posted == s->pieces) return "sent";
	if (s->open + s->good < s->tickets) return "ready"; /* something is to be printed, also when another letter is in the post */
	if (s->posted) return "part_sent";
	return s->open ? "in_print" : "printed";
}

enum status shipment_settle_state(struct conn *db, int64_t shipment)
{
	static const struct sql q =
		SQL("UPDATE shipment SET state = CASE WHEN CAST($2 AS TEXT) <> 'ready' THEN $2 ELSE " HELD_OR_READY " END,"
			"  printed_at = CASE WHEN $2 IN ('printed','part_sent','sent') THEN COALESCE(printed_at, CAST($3 AS BIGINT)) ELSE printed_at END,"
			"  sent_at = CASE WHEN $2 = 'sent' THEN COALESCE(sent_at, CAST($3 AS BIGINT)) ELSE sent_at END"
			" WHERE id = $1 AND state IN ('held','ready','in_print','printed','part_sent','sent')");
	struct standing s;
	enum status st = standing_of(db, shipment, &s);
	if (st) return st;
	return store_exec(db, &q, int64(shipment), text(str_of(state_said(&s))), int64(store_now(db)));
}

/* ---- by hand ---- */

enum status shipment_address_set(struct conn *db, struct arena *a, int64_t institution, int64_t id, const struct address *to, struct problem *why)
{
	static const struct sql q =
		SQL("UPDATE shipment SET salutation = $3, name = $4, company = $5, street = $6, house_number = $7, postcode = $8, town = $9, country = $10,"
			"  lacks_address = FALSE, checks_address = FALSE,"
			"  state = CASE WHEN waits_payment OR waits_date OR waits_hand THEN 'held' ELSE 'ready' END,"
			"  ready_at = CASE WHEN waits_payment OR waits_date OR waits_hand THEN NULL ELSE COALESCE(ready_at, CAST($11 AS BIGINT)) END"
			" WHERE id = $1 AND institution = $2 AND state IN ('held','ready')"
			"  AND NOT EXISTS (SELECT 1 FROM print_line l WHERE l.shipment = $1 AND l.state IN ('exported','missing','printed'))");
	struct shipment s;
	enum status st = store_exec(db, &q, int64(id), int64(institution), text(to->salutation), text(to->name), text(to->company), text(to->street),
		text(to->house_number), text(to->postcode), text(to->town), text(to->country), int64(store_now(db)));
	if (st || store_changes(db)) return st;
	if ((st = shipment_get(db, a, institution, id, &s))) return st;
	return problem_add(why, "street", MSG_SHIPMENT_AT_PRINTER), REFUSED;
}

enum status shipment_hold(struct conn *db, int64_t institution, int64_t id)
{
	static const struct sql q =
		SQL("UPDATE shipment SET waits_hand = TRUE, state = 'held' WHERE id = $1 AND institution = $2 AND state IN ('held','ready')"
			" AND NOT EXISTS (SELECT 1 FROM print_line l WHERE l.shipment = $1 AND l.state IN ('exported','missing'))");
	enum status st = store_exec(db, &q, int64(id), int64(institution));
	return st || store_changes(db) ? st : NOT_FOUND;
}

enum status shipment_let_go(struct conn *db, int64_t institution, int64_t id)
{
	static const struct sql q =
		SQL("UPDATE shipment SET waits_hand = FALSE, checks_address = FALSE,"
			"  state = CASE WHEN waits_payment OR lacks_address OR waits_date THEN 'held' ELSE 'ready' END,"
			"  ready_at = CASE WHEN waits_payment OR lacks_address OR waits_date THEN NULL ELSE COALESCE(ready_at, CAST($3 AS BIGINT)) END"
			" WHERE id = $1 AND institution = $2 AND state = 'held' AND (waits_hand OR checks_address)");
	enum status st = store_exec(db, &q, int64(id), int64(institution), int64(store_now(db)));
	return st || store_changes(db) ? st : NOT_FOUND;
}

enum status shipment_reissue(struct conn *db, struct arena *a, int64_t institution, int64_t ticket, struct str by_name, int64_t *anew)
{
	static const struct sql where = SQL("SELECT k.piece, k.rank, p.shipment FROM piece_ticket k JOIN piece p ON p.id = k.piece"
										" JOIN shipment s ON s.id = p.shipment WHERE k.ticket = $1 AND k.is_living AND s.institution = $2"
										"  AND p.posted_at IS NULL AND s.state IN ('held','ready','in_print','printed','part_sent')");
	static const struct sql line =
		SQL("UPDATE print_line SET state = 'withdrawn', is_void = TRUE, reason = 'reissued' WHERE ticket = $1 AND state IN ('exported','missing')");
	static const struct sql out = SQL("UPDATE piece_ticket SET is_living = FALSE WHERE ticket = $1 AND is_living");
	static const struct sql in = SQL("INSERT INTO piece_ticket (piece, ticket, rank, is_living) VALUES ($1, $2, $3, TRUE)");
	enum status st;
	if ((st = store_row(db, &where, int64(ticket), int64(institution)))) return st;
	int64_t piece = col_int64(db, 0), rank = col_int64(db, 1), shipment = col_int64(db, 2);
	if ((st = ticket_reissue(db, a, ticket, by_name, anew))) return st;
	if ((st = store_exec(db, &line, int64(ticket)))) return st;
	if ((st = store_exec(db, &out, int64(ticket)))) return st;
	if ((st = store_exec(db, &in, int64(piece), int64(*anew), int64(rank)))) return st;
	return shipment_settle_state(db, shipment);
}
