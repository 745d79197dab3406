/* shipping/track.c: numbers and links, shown. */
#include "shipping/track.h"

#include "base/clock.h"

enum status track_of(
	struct conn *db, struct arena *a, const struct shipment *s, const struct piece *p, enum language l, struct str zone, struct track *out)
{
	struct partner partner = { .number_form = TRACKING_ANY };
	enum status st = p->partner ? partner_get(db, a, s->institution, p->partner, &partner) : NOT_FOUND;
	bool has_partner = st == OK;
	*out = (struct track){ 0 };
	if (st && st != NOT_FOUND) return st;
	if (has_partner) {
		out->partner = partner.interface.name;
		out->is_late = p->state == PIECE_POSTED && p->posted_at + partner.lost_days * DAY < store_now(db);
	}
	if (!p->tracking.len) return OK;
	struct tracking t = tracking_read(a, p->tracking_given, partner.number_form, partner.pattern);
	const struct number_at at = {
		.given = p->tracking_given,
		.plain = p->tracking,
		.country = s->address.country,
		.postcode = s->address.postcode,
		.posted = p->posted_at ? str_part(lang_iso(a, p->posted_at, zone), 0, sizeof "2026-11-24" - 1) : (struct str){ 0 },
		.language = l,
	};
	out->number = t.shown.len ? t.shown : p->tracking_given;
	out->plain = p->tracking;
	out->link = p->tracking_url.len ? p->tracking_url : partner_link(a, has_partner ? &partner : NULL, &at);
	return OK;
}
