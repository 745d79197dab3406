/* shipping/notice.c: notices. A row's fingerprint is unique, so whoever comes second finds it made and tells nobody. */
#include "shipping/notice.h"

#include "documents/outbox.h"
#include "formats/link.h"
#include "sales/order.h"
#include "sales/paper.h"
#include "shipping/interface.h"
#include "shipping/mode.h"
#include "shipping/track.h"

static const char *const kinds[] = { "sent", "part-sent", "correction" };

const char *notice_kind_name(enum notice_kind kind)
{
	return kinds[kind];
}

bool notice_kind_read(struct str name, enum notice_kind *out)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!str_eq(name, str_of(kinds[i]))) continue;
		*out = (enum notice_kind)i;
		return true;
	}
	return false;
}

/* ---- telling ---- */

struct telling {
	const struct shipment *shipment;
	enum notice_kind kind;
	bool is_rest;
	int64_t import, id;
	struct str by_name, fingerprint;
	const int64_t *pieces;
	size_t count;
};

static enum status queue(struct conn *db, struct arena *a, const struct telling *t, const struct order *o)
{
	const struct buyer *b = &o->buyer;
	const struct letter letter = { .class = CLASS_FOLLOW_SHIPMENT,
		.point_of_sale = o->point_of_sale,
		.language = b->language,
		.recipient = b->email.shown,
		.recipient_name = str_trim(str_format(a, "%.*s %.*s", STR_ARG(b->first_name), STR_ARG(b->last_name))),
		.link_id = t->shipment->link_id,
		.link_purpose = LINK_FOLLOW,
		.account = o->account,
		.about = "notice",
		.about_id = t->id };
	return outbox_add(db, a, &letter);
}

static enum status tell(struct conn *db, struct arena *a, struct telling *t)
{
	static const struct sql make = SQL("INSERT INTO notice (shipment, kind, fingerprint, is_rest, reason, made_in, by_name, made_at)"
									   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id");
	static const struct sql with = SQL("INSERT INTO notice_piece (notice, piece) VALUES ($1, $2)");
	static const struct sql told = SQL("UPDATE piece SET told_in = $2, told_number = tracking WHERE id = $1");
	struct order o;
	enum status st = order_get(db, a, t->shipment->institution, t->shipment->order, &o);
	if (st) return st;
	bool has_email = o.buyer.email.shown.len > 0;
	st = store_row(db, &make, int64(t->shipment->id), text(str_of(kinds[t->kind])), text(t->fingerprint), boolean(t->is_rest),
		text(has_email ? S("") : S("no-email")), t->import ? int64(t->import) : null_value(), text(t->by_name), int64(store_now(db)));
	if (st) return st; /* NOT_FOUND: told before */
	t->id = col_int64(db, 0);
	for (size_t i = 0; i < t->count; i++) {
		if ((st = store_exec(db, &with, int64(t->id), int64(t->pieces[i])))) return st;
		if ((st = store_exec(db, &told, int64(t->pieces[i]), int64(t->id)))) return st;
	}
	return has_email ? queue(db, a, t, &o) : OK;
}

enum status notice_posted(struct conn *db, struct arena *a, const struct shipment *s, int64_t import, struct str by_name)
{
	struct piece *pieces;
	size_t count;
	enum status st = shipment_pieces(db, a, s->id, &pieces, &count);
	if (st) return st;
	int64_t *news = ARENA_ARRAY(a, int64_t, count + 1);
	struct telling t = { .shipment = s, .kind = NOTICE_SENT, .import = import, .by_name = by_name, .pieces = news };
	struct buf print = buf_in(a);
	for (size_t i = 0; i < count; i++) {
		if (!pieces[i].posted_at) t.kind = NOTICE_PART_SENT;
		else if (pieces[i].told_in) t.is_rest = true;
		else {
			buf_addf(&print, "%lld;", (long long)pieces[i].id);
			news[t.count++] = pieces[i].id;
		}
	}
	t.fingerprint = buf_str(&print);
	return t.count ? tell(db, a, &t) : NOT_FOUND;
}

enum status notice_correction_due(struct conn *db, int64_t shipment, bool *is_due)
{
	static const struct sql q = SQL("SELECT count(*) FROM piece p WHERE p.shipment = $1 AND p.told_in IS NOT NULL AND p.tracking <> p.told_number");
	enum status st = store_row(db, &q, int64(shipment));
	if (st == OK) *is_due = col_int64(db, 0) > 0;
	return st;
}

enum status notice_correction(struct conn *db, struct arena *a, const struct shipment *s, struct str by_name)
{
	struct piece *pieces;
	size_t count;
	enum status st = shipment_pieces(db, a, s->id, &pieces, &count);
	if (st) return st;
	int64_t *told = ARENA_ARRAY(a, int64_t, count + 1);
	struct telling t = { .shipment = s, .kind = NOTICE_CORRECTION, .by_name = by_name, .pieces = told };
	struct buf print = buf_in(a);
	for (size_t i = 0; i < count; i++) {
		if (!pieces[i].told_in || str_eq(pieces[i].tracking, pieces[i].told_number)) continue;
		buf_addf(&print, "%lld=%.*s;", (long long)pieces[i].id, STR_ARG(pieces[i].tracking));
		told[t.count++] = pieces[i].id;
	}
	t.fingerprint = buf_str(&print);
	return t.count ? tell(db, a, &t) : NOT_FOUND;
}

enum status notice_again(struct conn *db, struct arena *a, const struct shipment *s, enum notice_kind kind)
{
	static const struct sql q = SQL("SELECT id FROM notice WHERE shipment = $1 AND kind = $2 AND reason = '' ORDER BY id DESC LIMIT 1");
	struct telling t = { .shipment = s, .kind = kind };
	struct order o;
	enum status st = store_row(db, &q, int64(s->id), text(str_of(kinds[kind])));
	if (st) return st;
	t.id = col_int64(db, 0);
	if ((st = order_get(db, a, s->institution, s->order, &o))) return st;
	return o.buyer.email.shown.len ? queue(db, a, &t, &o) : NOT_FOUND;
}

enum status notices_of(struct conn *db, struct arena *a, int64_t shipment, struct notice **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT id, made_at, kind, reason, by_name FROM notice WHERE shipment = $1 AND kind IN ('sent','part-sent','correction')"
			" ORDER BY id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct notice, NOTICES_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(shipment), int64(NOTICES_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		struct notice *n = &(*out)[(*count)++];
		*n = (struct notice){ .id = col_int64(db, 0), .made_at = col_int64(db, 1), .by_name = col_text(db, 4, a) };
		n->is_by_letter = col_text(db, 3, a).len > 0;
		if (!notice_kind_read(col_text(db, 2, a), &n->kind)) BUG("notice %lld has an unknown kind", (long long)n->id);
	}
	return st == NOT_FOUND ? OK : st;
}

/* ---- what the mail says ---- */

static struct docx_value text_value(const char *name, struct str s)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_TEXT, .is_true = s.len > 0, .text = s };
}

static struct docx_value condition_value(const char *name, bool is_true)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_CONDITION, .is_true = is_true };
}

static struct docx_values kept(struct arena *a, const struct docx_value *values, size_t count)
{
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, count);
	for (size_t i = 0; i < count; i++) at[i] = values[i];
	return (struct docx_values){ at, count };
}

static struct str number_text(struct arena *a, size_t n)
{
	return str_format(a, "%zu", n);
}

/* The pieces that the notice tells of. */
static enum status told_pieces(struct conn *db, struct arena *a, int64_t notice, const struct piece *pieces, size_t count, bool *is_told)
{
	static const struct sql q = SQL("SELECT piece FROM notice_piece WHERE notice = $1 LIMIT 500");
	enum status st = store_query(db, &q, int64(notice));
	(void)a;
	while (!st && !(st = store_next(db)))
		for (size_t i = 0; i < count; i++)
			if (pieces[i].id == col_int64(db, 0)) is_told[i] = true;
	return st == NOT_FOUND ? OK : st;
}

struct saying {
	struct arena *a;
	struct shipment shipment;
	struct order order;
	struct point_of_sale shop;
	struct piece *pieces;
	bool *is_told;
	size_t count;
	struct docx_values *piece_items, *ticket_items;
	size_t piece_count, ticket_count;
	bool has_tracking;
	int64_t posted_at;
	struct str partner;
};

static enum status say_tickets(struct conn *db, struct saying *x, const struct piece *p)
{
	for (size_t i = 0; i < p->ticket_count; i++) {
		struct paper t;
		enum status st = paper_read(db, x->a, p->tickets[i], x->order.buyer.language, &t);
		if (st) return st;
		const struct docx_value values[] = { text_value("ticket.event", t.title),
			text_value("ticket.date", lang_datetime(x->a, x->order.buyer.language, t.starts_at, x->shop.house.zone)),
			text_value("ticket.place", t.section),
			text_value("ticket.seat", str_trim(str_format(x->a, "%.*s %.*s", STR_ARG(t.row), STR_ARG(t.seat)))) };
		x->ticket_items[x->ticket_count++] = kept(x->a, values, COUNT(values));
	}
	return OK;
}

static enum status say_pieces(struct conn *db, struct saying *x)
{
	x->piece_items = ARENA_ARRAY(x->a, struct docx_values, x->count + 1);
	x->ticket_items = ARENA_ARRAY(x->a, struct docx_values, LINES_MOST);
	for (size_t i = 0; i < x->count; i++) {
		const struct piece *p = &x->pieces[i];
		struct track track;
		enum status st;
		if (!x->is_told[i]) continue;
		if ((st = track_of(db, x->a, &x->shipment, p, x->order.buyer.language, x->shop.house.zone, &track))) return st;
		const struct docx_value values[] = { text_value("piece.number", number_text(x->a, i + 1)),
			text_value("piece.count", number_text(x->a, x->count)), text_value("piece.tracking_number", track.number),
			{ .name = S("piece.tracking_url"), .kind = FIELD_URL, .is_true = track.link.len > 0, .text = track.link },
			text_value("piece.tickets", number_text(x->a, p->ticket_count)) };
		x->piece_items[x->piece_count++] = kept(x->a, values, COUNT(values));
		x->has_tracking |= track.number.len > 0;
		if (track.partner.len) x->partner = track.partner;
		if (p->posted_at > x->posted_at) x->posted_at = p->posted_at;
		if ((st = say_tickets(db, x, p))) return st;
	}
	return OK;
}

static struct str address_text(struct arena *a, const struct address *to)
{
	return str_format(a, "%.*s%s%.*s, %.*s %.*s, %.*s %.*s", STR_ARG(to->company), to->company.len ? ", " : "", STR_ARG(to->name),
		STR_ARG(to->street), STR_ARG(to->house_number), STR_ARG(to->postcode), STR_ARG(to->town));
}

static enum status read_saying(struct conn *db, struct arena *a, int64_t institution, int64_t shipment, int64_t notice, struct saying *x)
{
	enum status st;
	x->a = a;
	if ((st = shipment_get(db, a, institution, shipment, &x->shipment))) return st;
	if ((st = order_get(db, a, institution, x->shipment.order, &x->order))) return st;
	if ((st = point_of_sale_speaking(db, a, x->order.point_of_sale, &x->shop))) return st;
	if ((st = shipment_pieces(db, a, shipment, &x->pieces, &x->count))) return st;
	x->is_told = ARENA_ARRAY(a, bool, x->count + 1);
	if ((st = told_pieces(db, a, notice, x->pieces, x->count, x->is_told))) return st;
	return say_pieces(db, x);
}

enum status notice_about(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct letter_about *out)
{
	static const struct sql q = SQL("SELECT shipment, kind, is_rest FROM notice WHERE id = $1");
	struct saying x = { 0 };
	struct shipment_mode mode = { 0 };
	enum notice_kind kind;
	enum status st = store_row(db, &q, int64(id));
	if (st) return st;
	int64_t shipment = col_int64(db, 0);
	bool is_rest = col_boolean(db, 2);
	if (!notice_kind_read(col_text(db, 1, a), &kind)) BUG("notice %lld has an unknown kind", (long long)id);
	if ((st = read_saying(db, a, institution, shipment, id, &x))) return st;
	const struct buyer *b = &x.order.buyer;
	if ((st = shipment_mode_get(db, a, institution, x.shipment.mode, b->language, &mode))) return st;
	const struct docx_value values[] = {
		text_value("contact.first_name", b->first_name),
		text_value("contact.last_name", b->last_name),
		text_value("account.email", b->email.shown),
		text_value("order.number", order_number(a, x.order.number)),
		text_value("shipment.number", shipment_number(a, x.shipment.number)),
		text_value("shipment.mode", mode.name),
		text_value("shipment.partner", x.partner),
		text_value("shipment.posted_date", lang_date(a, b->language, x.posted_at, x.shop.house.zone)),
		text_value("shipment.address", address_text(a, &x.shipment.address)),
		text_value("shipment.ticket_count", number_text(a, x.ticket_count)),
		{ .name = S("shipment.account_url"),
			.kind = FIELD_URL,
			.is_true = true,
			.text = str_format(a, "%.*s/account/orders", STR_ARG(x.shop.public_url)) },
		condition_value("has_tracking", x.has_tracking),
		condition_value("is_part", kind == NOTICE_PART_SENT),
		condition_value("is_rest", kind == NOTICE_SENT && is_rest),
		condition_value("is_correction", kind == NOTICE_CORRECTION),
		{ .name = S("pieces"), .kind = FIELD_LIST, .items = x.piece_items, .item_count = x.piece_count },
		{ .name = S("tickets"), .kind = FIELD_LIST, .items = x.ticket_items, .item_count = x.ticket_count },
	};
	*out = (struct letter_about){ .values = kept(a, values, COUNT(values)), .path = S("/follow") };
	return OK;
}
