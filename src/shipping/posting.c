/* shipping/posting.c: pieces and their numbers. */
#include "shipping/posting.h"

#include "base/status.h"
#include "shipping/interface.h"
#include "shipping/shipment.h"

#define TICKETS_MOST 500 /* of a shipment: an order has at most so many */

/* ---- numbers ---- */

enum status number_owner(struct conn *db, int64_t institution, int64_t partner, struct str number, int64_t *shipment)
{
	static const struct sql q = SQL("SELECT shipment FROM tracked_number WHERE institution = $1 AND partner = $2 AND number = $3 AND since > $4");
	enum status st = store_row(db, &q, int64(institution), int64(partner), text(number), int64(store_now(db) - NUMBER_LIVES));
	*shipment = st == OK ? col_int64(db, 0) : 0;
	return st == NOT_FOUND ? OK : st;
}

enum status number_claim(struct conn *db, int64_t institution, int64_t partner, struct str number, int64_t shipment)
{
	static const struct sql q =
		SQL("INSERT INTO tracked_number (institution, partner, number, shipment, since) VALUES ($1, $2, $3, $4, $5)"
			" ON CONFLICT (institution, partner, number) DO UPDATE SET shipment = $4, since = CASE WHEN tracked_number.shipment = $4"
			"  THEN tracked_number.since ELSE $5 END WHERE tracked_number.shipment = $4 OR tracked_number.since <= $6");
	int64_t now = store_now(db);
	enum status st = store_exec(db, &q, int64(institution), int64(partner), text(number), int64(shipment), int64(now), int64(now - NUMBER_LIVES));
	return st || store_changes(db) ? st : REFUSED;
}

/* ---- pieces ---- */

/* A living ticket of the shipment with what its printed line says. */
struct posted_ticket {
	int64_t piece, ticket, line, partner, posted_at;
	bool is_posted;
	struct str given, tracking, url;
};

static enum status read_tickets(struct conn *db, struct arena *a, int64_t shipment, struct posted_ticket **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT p.id, k.ticket, COALESCE(l.id, 0), COALESCE(l.partner, p.partner, 0), COALESCE(l.posted_at, 0), COALESCE(l.is_posted, FALSE),"
			"  COALESCE(l.tracking_given, ''), COALESCE(l.tracking, ''), COALESCE(l.tracking_url, '')"
			" FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living"
			"  LEFT JOIN print_line l ON l.ticket = k.ticket AND l.state = 'printed' WHERE p.shipment = $1 ORDER BY p.n, k.rank LIMIT $2");
	enum status st = store_query(db, &q, int64(shipment), int64(TICKETS_MOST));
	*out = ARENA_ARRAY(a, struct posted_ticket, TICKETS_MOST);
	*count = 0;
	while (!st && !(st = store_next(db)))
		(*out)[(*count)++] = (struct posted_ticket){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2), col_int64(db, 3), col_int64(db, 4),
			col_boolean(db, 5), col_text(db, 6, a), col_text(db, 7, a), col_text(db, 8, a) };
	return st == NOT_FOUND ? OK : st;
}

/* A letter more in the shipment, as PIECE is. */
static enum status piece_beside(struct conn *db, int64_t piece, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO piece (shipment, n, state, partner, tracking_given, tracking, tracking_url, posted_at, event_at, told_in, told_number)"
			" SELECT p.shipment, (SELECT max(o.n) + 1 FROM piece o WHERE o.shipment = p.shipment), p.state, p.partner, '', '', '', p.posted_at, NULL,"
			"  p.told_in, p.told_number FROM piece p WHERE p.id = $1 RETURNING id");
	enum status st = store_row(db, &q, int64(piece));
	if (st == OK) *id = col_int64(db, 0);
	return st;
}

static enum status move_ticket(struct conn *db, struct posted_ticket *t, int64_t piece)
{
	static const struct sql ticket = SQL("UPDATE piece_ticket SET piece = $2 WHERE ticket = $1 AND is_living");
	static const struct sql line = SQL("UPDATE print_line SET piece = $2 WHERE id = $1");
	enum status st;
	if ((st = store_exec(db, &ticket, int64(t->ticket), int64(piece)))) return st;
	t->piece = piece;
	return store_exec(db, &line, int64(t->line), int64(piece));
}

/* The tickets from T on that are in PIECE and have another number than its first one go into letters of their own, one a number. */
static enum status split(struct conn *db, struct posted_ticket *t, size_t count)
{
	struct str first = { 0 };
	int64_t piece = t[0].piece;
	for (size_t i = 0; i < count && !first.len; i++) first = t[i].tracking;
	for (size_t i = 0; i < count; i++) {
		if (t[i].piece != piece || !t[i].tracking.len || str_eq(t[i].tracking, first)) continue;
		int64_t beside;
		struct str number = t[i].tracking;
		enum status st = piece_beside(db, piece, &beside);
		for (size_t k = i; k < count && !st; k++)
			if (t[k].piece == piece && str_eq(t[k].tracking, number)) st = move_ticket(db, &t[k], beside);
		if (st) return st;
	}
	return OK;
}

/* PIECE holds the tickets of T that say so. */
static enum status post_piece(struct conn *db, const struct posted_ticket *t, size_t count, int64_t piece)
{
	static const struct sql number =
		SQL("UPDATE piece SET tracking_given = $2, tracking = $3, tracking_url = $4, partner = $5 WHERE id = $1 AND tracking <> $3");
	static const struct sql post = SQL("UPDATE piece SET state = 'posted', posted_at = $2 WHERE id = $1 AND posted_at IS NULL");
	const struct posted_ticket *said = NULL;
	bool is_posted = true;
	int64_t at = 0;
	enum status st = OK;
	for (size_t i = 0; i < count; i++) {
		if (t[i].piece != piece) continue;
		is_posted &= t[i].is_posted;
		if (t[i].posted_at > at) at = t[i].posted_at;
		if (!said && t[i].tracking.len) said = &t[i];
	}
	if (said)
		st = store_exec(
			db, &number, int64(piece), text(said->given), text(said->tracking), text(said->url), said->partner ? int64(said->partner) : null_value());
	if (!st && is_posted) st = store_exec(db, &post, int64(piece), int64(at ? at : store_now(db)));
	return st;
}

enum status shipment_post(struct conn *db, struct arena *a, int64_t shipment)
{
	struct posted_ticket *t;
	size_t count;
	enum status st = read_tickets(db, a, shipment, &t, &count);
	if (st) return st;
	for (size_t i = 0, n; i < count; i += n) {
		for (n = 1; i + n < count && t[i + n].piece == t[i].piece;) n++;
		if ((st = split(db, t + i, n))) return st;
	}
	for (size_t i = 0; i < count; i++) {
		bool is_first = true;
		for (size_t k = 0; k < i; k++) is_first &= t[k].piece != t[i].piece;
		if (is_first && (st = post_piece(db, t, count, t[i].piece))) return st;
	}
	return shipment_settle_state(db, shipment);
}

enum status shipment_post_by_hand(struct conn *db, struct arena *a, int64_t institution, int64_t shipment)
{
	static const struct sql q =
		SQL("UPDATE print_line SET is_posted = TRUE, posted_at = $3 WHERE shipment = $1 AND state = 'printed' AND NOT is_posted"
			" AND EXISTS (SELECT 1 FROM shipment s WHERE s.id = $1 AND s.institution = $2)");
	enum status st = store_exec(db, &q, int64(shipment), int64(institution), int64(store_now(db)));
	if (st) return st;
	if (store_changes(db) == 0) return NOT_FOUND;
	return shipment_post(db, a, shipment);
}

/* ---- a number by hand ---- */

static enum status number_judge(
	struct conn *db, struct arena *a, const struct shipment *s, const struct piece *p, struct tracking *t, enum number_wish wish, struct problem *why)
{
	static const struct sql q = SQL("SELECT number FROM shipment WHERE id = $1");
	int64_t owner;
	enum status st;
	if (t->fault == TRACKING_EMPTY) return OK;
	if (t->fault == TRACKING_TOO_LONG) return problem_add(why, "tracking_number", MSG_TRACKING_TOO_LONG, arg_int("most", TRACKING_MAX)), REFUSED;
	if ((st = number_owner(db, s->institution, p->partner, t->plain, &owner))) return st;
	if (owner && owner != s->id) {
		if ((st = store_row(db, &q, int64(owner)))) return st;
		return problem_add(why, "tracking_number", MSG_STATUS_LINE_NUMBER_TAKEN, arg_text("about", shipment_number(a, col_int64(db, 0)))), REFUSED;
	}
	if (t->fault == TRACKING_OK || wish == NUMBER_KEPT) return OK;
	if (t->fault == TRACKING_WRONG_CHECK)
		problem_add(why, "tracking_number", MSG_TRACKING_CHECK_DIGIT, arg_text("digit", str_keep(a, (struct str){ &t->expected, 1 })));
	else problem_add(why, "tracking_number", MSG_TRACKING_WRONG_FORM, arg_text("number", t->plain));
	return REFUSED;
}

/* What a mistake took from its real owner: nobody's again, unless another letter of the shipment has it. */
static enum status number_free(struct conn *db, const struct shipment *s, const struct piece *p)
{
	static const struct sql q = SQL("DELETE FROM tracked_number WHERE institution = $1 AND partner = $2 AND number = $3 AND shipment = $4"
									" AND NOT EXISTS (SELECT 1 FROM piece o WHERE o.shipment = $4 AND o.tracking = $3)");
	return p->tracking.len ? store_exec(db, &q, int64(s->institution), int64(p->partner), text(p->tracking), int64(s->id)) : OK;
}

static enum status piece_find(
	struct conn *db, struct arena *a, int64_t institution, int64_t shipment, int64_t n, struct shipment *s, struct piece *out)
{
	static const struct sql lock =
		SQL("UPDATE shipment SET number = number WHERE id = $1 AND institution = $2 AND state NOT IN ('handed_over','replaced','cancelled')");
	struct piece *pieces;
	size_t count;
	enum status st = store_exec(db, &lock, int64(shipment), int64(institution));
	if (st) return st;
	if (store_changes(db) == 0) return NOT_FOUND;
	if ((st = shipment_get(db, a, institution, shipment, s))) return st;
	if ((st = shipment_pieces(db, a, shipment, &pieces, &count))) return st;
	for (size_t i = 0; i < count; i++)
		if (pieces[i].n == n) return *out = pieces[i], OK;
	return NOT_FOUND;
}

enum status piece_number_set(
	struct conn *db, struct arena *a, int64_t institution, int64_t shipment, int64_t n, struct str given, enum number_wish wish, struct problem *why)
{
	static const struct sql set = SQL("UPDATE piece SET tracking_given = $2, tracking = $3, tracking_url = '' WHERE id = $1");
	/* Its lines say the same, or the next status file would bring the old number back. */
	static const struct sql lines =
		SQL("UPDATE print_line SET tracking_given = $2, tracking = $3, tracking_url = '' WHERE piece = $1 AND state = 'printed'");
	struct shipment s;
	struct piece p;
	struct partner partner = { .number_form = TRACKING_ANY };
	enum status st;
	if ((st = piece_find(db, a, institution, shipment, n, &s, &p))) return st;
	if (p.partner && (st = partner_get(db, a, institution, p.partner, &partner)) && st != NOT_FOUND) return st;
	struct tracking t = tracking_read(a, given, partner.number_form, partner.pattern);
	if ((st = number_judge(db, a, &s, &p, &t, wish, why))) return st;
	if (t.fault == TRACKING_EMPTY) given = t.plain = S("");
	if ((st = store_exec(db, &set, int64(p.id), text(given), text(t.plain)))) return st;
	if ((st = store_exec(db, &lines, int64(p.id), text(given), text(t.plain)))) return st;
	if (!str_eq(p.tracking, t.plain) && (st = number_free(db, &s, &p))) return st;
	st = t.plain.len ? number_claim(db, institution, p.partner, t.plain, s.id) : OK;
	return st == REFUSED ? CONFLICT : st; /* somebody was quicker: judged anew, and said whose it is */
}
