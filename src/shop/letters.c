/* shop/letters.c: shipments as their buyer sees them. */
#include "shop/letters.h"

#include "sales/paper.h"

static struct str date_text(struct request *r, int64_t at)
{
	return lang_date(r->arena, r->language, at, door_of(r)->sale.house.zone);
}

static enum status letter_read(struct request *r, const struct shipment *s, const struct piece *p, struct letter_shown *out)
{
	*out = (struct letter_shown){ .piece = *p, .class = p->posted_at ? "part" : "wait" };
	enum status st = track_of(r->db, r->arena, s, p, r->language, door_of(r)->sale.house.zone, &out->track);
	if (st) return st;
	if (out->track.is_late) out->class = "warn";
	enum message words = !p->posted_at ? MSG_PIECE_NOT_POSTED : out->track.is_late ? MSG_PIECE_LATE : MSG_PIECE_POSTED;
	out->words = lang_text(r->arena, r->language, words, (const struct arg[]){ arg_text("date", date_text(r, p->posted_at)), { 0 } });
	return OK;
}

static void steps_of(const struct shipment *s, bool is_paid, const struct letter_shown *letters, size_t count, struct step_shown out[static 4])
{
	size_t posted = 0;
	int64_t posted_at = 0;
	for (size_t i = 0; i < count; i++) {
		posted += letters[i].piece.posted_at > 0;
		if (letters[i].piece.posted_at > posted_at) posted_at = letters[i].piece.posted_at;
	}
	bool is_printed = s->printed_at || posted, has_arrived = s->state == SHIPMENT_DELIVERED || s->state == SHIPMENT_HANDED_OVER;
	out[0] = (struct step_shown){ is_paid ? "done" : "next", MSG_STEP_PAID, 0 };
	out[1] = (struct step_shown){ is_printed ? "done" : s->state == SHIPMENT_IN_PRINT ? "part" : "next", MSG_STEP_PRINTED, s->printed_at };
	out[2] = (struct step_shown){ count && posted == count ? "done" : posted ? "part" : "next", MSG_STEP_POSTED, posted_at };
	out[3] = (struct step_shown){ has_arrived ? "done" : "next", MSG_STEP_ARRIVED, 0 };
}

enum status parcel_read(struct request *r, const struct shipment *s, bool is_paid, struct parcel_shown *out)
{
	struct piece *pieces;
	size_t count;
	enum status st = shipment_pieces(r->db, r->arena, s->id, &pieces, &count);
	if (st) return st;
	*out = (struct parcel_shown){ .shipment = *s, .letters = ARENA_ARRAY(r->arena, struct letter_shown, count + 1), .count = count };
	for (size_t i = 0; i < count; i++) {
		if ((st = letter_read(r, s, &pieces[i], &out->letters[i]))) return st;
		for (size_t t = 0; t < pieces[i].ticket_count; t++) {
			struct paper paper;
			if ((st = paper_read(r->db, r->arena, pieces[i].tickets[t], r->language, &paper))) return st;
			if (paper.starts_at > out->last_show) out->last_show = paper.starts_at;
		}
	}
	steps_of(s, is_paid, out->letters, count, out->steps);
	return OK;
}

enum status parcels_of_order(struct request *r, int64_t order, bool is_paid, struct parcel_shown **out, size_t *count)
{
	struct shipment *all;
	size_t n;
	enum status st = shipments_of_order(r->db, r->arena, order, &all, &n);
	*out = ARENA_ARRAY(r->arena, struct parcel_shown, n + 1);
	*count = 0;
	for (size_t i = 0; !st && i < n; i++)
		if (all[i].state != SHIPMENT_CANCELLED) st = parcel_read(r, &all[i], is_paid, &(*out)[(*count)++]);
	return st;
}
