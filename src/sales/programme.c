/* sales/programme.c: making the catalogue. */
#include "sales/programme.h"

#include "sales/place.h"

struct str words_in(const struct words *w, enum language l, enum language otherwise)
{
	return w->in[l].len ? w->in[l] : w->in[otherwise];
}

#define WORDS(w) text((w)->in[LANG_EN]), text((w)->in[LANG_FR]), text((w)->in[LANG_DE]), text((w)->in[LANG_IT])

/* The id that an INSERT … ON CONFLICT DO NOTHING RETURNING id gave. */
static enum status made(struct conn *db, enum status st, int64_t *id)
{
	if (st == NOT_FOUND) return REFUSED;
	if (st == OK && id) *id = col_int64(db, 0);
	return st;
}

enum status vat_rate_make(struct conn *db, int64_t institution, struct str code, struct str name, int64_t basis_points, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO vat_rate (institution, code, name, basis_points) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(institution), text(code), text(name), int64(basis_points)), id);
}

enum status seat_category_make(struct conn *db, int64_t institution, struct str code, int64_t rank, const struct words *name, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO seat_category (institution, code, rank, name_en, name_fr, name_de, name_it)"
									" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(institution), text(code), int64(rank), WORDS(name)), id);
}

enum status tariff_make(struct conn *db, int64_t institution, struct str code, int64_t rank, const struct words *name, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO tariff (institution, code, rank, name_en, name_fr, name_de, name_it)"
									" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(institution), text(code), int64(rank), WORDS(name)), id);
}

enum status rate_table_make(struct conn *db, int64_t institution, struct str code, struct str name, int64_t vat_rate, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO rate_table (institution, code, name, vat_rate)"
			" SELECT $1, $2, $3, v.id FROM vat_rate v WHERE v.id = $4 AND v.institution = $1 ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(institution), text(code), text(name), int64(vat_rate)), id);
}

enum status rate_set(struct conn *db, int64_t rate_table, int64_t seat_category, int64_t tariff, int64_t price)
{
	static const struct sql q =
		SQL("INSERT INTO rate (rate_table, seat_category, tariff, price)"
			" SELECT r.id, c.id, t.id, CAST($4 AS BIGINT) FROM rate_table r, seat_category c, tariff t"
			"  WHERE r.id = $1 AND c.id = $2 AND t.id = $3 AND c.institution = r.institution AND t.institution = r.institution"
			" ON CONFLICT (rate_table, seat_category, tariff) DO UPDATE SET price = excluded.price RETURNING price");
	return made(db, store_row(db, &q, int64(rate_table), int64(seat_category), int64(tariff), int64(price)), NULL);
}

enum status fee_make(struct conn *db, int64_t institution, const struct new_fee *n, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO fee (institution, code, kind, name_en, name_fr, name_de, name_it, amount, vat_rate, sales_channel, is_active)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE) ON CONFLICT DO NOTHING RETURNING id");
	return made(db,
		store_row(db, &q, int64(institution), text(n->code), text(n->kind == FEE_CHARGE ? S("charge") : S("overhead")), WORDS(&n->name),
			int64(n->amount), int64(n->vat_rate), n->channel ? int64(n->channel) : null_value()),
		id);
}

enum status venue_make(struct conn *db, int64_t institution, struct str code, struct str name, struct str town, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO venue (institution, code, name, town) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(institution), text(code), text(name), text(town)), id);
}

enum status configuration_make(struct conn *db, int64_t venue, struct str code, struct str name, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO configuration (venue, code, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(venue), text(code), text(name)), id);
}

enum status zone_make(struct conn *db, int64_t configuration, const struct new_zone *n, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO zone (configuration, code, rank, name_en, name_fr, name_de, name_it, is_numbered, seat_category, capacity)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id");
	return made(db,
		store_row(db, &q, int64(configuration), text(n->code), int64(n->rank), WORDS(&n->name), boolean(n->seat_category == 0),
			n->seat_category ? int64(n->seat_category) : null_value(), int64(n->capacity)),
		id);
}

enum status seat_make(struct conn *db, int64_t zone, const struct new_seat *n)
{
	static const struct sql q = SQL("INSERT INTO seat (zone, seat_category, row_rank, row_name, position, name, x, y)"
									" SELECT z.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS TEXT),"
									"  CAST($7 AS BIGINT), CAST($8 AS BIGINT) FROM zone z WHERE z.id = $1 AND z.is_numbered"
									" ON CONFLICT DO NOTHING RETURNING id");
	return made(db,
		store_row(db, &q, int64(zone), int64(n->seat_category), int64(n->row_rank), text(n->row_name), int64(n->position), text(n->name), int64(n->x),
			int64(n->y)),
		NULL);
}

enum status season_make(struct conn *db, int64_t organisation, struct str code, struct str name, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO season (organisation, code, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(organisation), text(code), text(name)), id);
}

enum status event_make(struct conn *db, int64_t institution, int64_t season, struct str code, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO event (institution, season, code) SELECT o.institution, s.id, CAST($3 AS TEXT)"
									" FROM season s JOIN organisation o ON o.id = s.organisation WHERE s.id = $2 AND o.institution = $1"
									" ON CONFLICT DO NOTHING RETURNING id");
	return made(db, store_row(db, &q, int64(institution), int64(season), text(code)), id);
}

enum status event_text_set(struct conn *db, int64_t event, enum language l, struct str title, struct str what, struct str description)
{
	static const struct sql q =
		SQL("INSERT INTO event_text (event, language, title, what, description) VALUES ($1, $2, $3, $4, $5)"
			" ON CONFLICT (event, language) DO UPDATE SET title = excluded.title, what = excluded.what, description = excluded.description");
	return store_exec(db, &q, int64(event), text(str_of(lang_tag(l))), text(title), text(what), text(description));
}

/* ---- performances and their places ---- */

static enum status insert_performance(struct conn *db, const struct new_performance *n, int64_t *id)
{
	static const struct sql q =
		SQL("INSERT INTO performance (institution, event, configuration, rate_table, starts_at, doors_at, ends_at, state)"
			" SELECT e.institution, e.id, c.id, r.id, CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS TEXT)"
			"  FROM event e, configuration c, venue v, rate_table r WHERE e.id = $2 AND c.id = $3 AND v.id = c.venue AND r.id = $4"
			"   AND e.institution = $1 AND v.institution = $1 AND r.institution = $1 RETURNING id");
	return made(db,
		store_row(db, &q, int64(n->institution), int64(n->event), int64(n->configuration), int64(n->rate_table), int64(n->starts_at),
			int64(n->doors_at), int64(n->ends_at), text(n->is_draft ? S("draft") : S("on-sale"))),
		id);
}

enum status performance_make(struct conn *db, const struct new_performance *n, int64_t *id)
{
	static const struct sql free_zones = SQL("INSERT INTO performance_zone (performance, zone, seat_category, contingent, is_numbered, places)"
											 " SELECT CAST($1 AS BIGINT), z.id, z.seat_category, NULL, z.is_numbered, z.capacity FROM zone z WHERE "
											 "z.configuration = $2 AND NOT z.is_numbered"
											 " ORDER BY z.rank, z.id");
	static const struct sql seat_zones =
		SQL("INSERT INTO performance_zone (performance, zone, seat_category, contingent, is_numbered, places)"
			" SELECT CAST($1 AS BIGINT), z.id, s.seat_category, NULL, z.is_numbered, count(*) FROM zone z JOIN seat s ON s.zone = z.id"
			"  WHERE z.configuration = $2 AND z.is_numbered GROUP BY z.rank, z.id, s.seat_category, z.is_numbered ORDER BY z.rank, z.id, "
			"s.seat_category");
	static const struct sql free_places =
		SQL("INSERT INTO place (zone, seat, free_from, holder) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			"   WHERE i < (SELECT max(places) FROM performance_zone WHERE performance = $1))"
			" SELECT z.id, NULL, 0, NULL FROM performance_zone z JOIN n ON n.i <= z.places WHERE z.performance = $1 AND NOT z.is_numbered ORDER BY "
			"z.id, n.i");
	static const struct sql seat_places =
		SQL("INSERT INTO place (zone, seat, free_from, holder) SELECT z.id, s.id, 0, NULL FROM performance_zone z"
			"  JOIN seat s ON s.zone = z.zone AND s.seat_category = z.seat_category WHERE z.performance = $1 AND z.is_numbered"
			" ORDER BY z.id, s.row_rank, s.position");
	enum status st;
	if ((st = insert_performance(db, n, id))) return st;
	if ((st = store_exec(db, &free_zones, int64(*id), int64(n->configuration)))) return st;
	if ((st = store_exec(db, &seat_zones, int64(*id), int64(n->configuration)))) return st;
	if ((st = store_exec(db, &free_places, int64(*id)))) return st;
	return store_exec(db, &seat_places, int64(*id));
}

enum status sale_window_set(struct conn *db, int64_t performance, int64_t channel, int64_t opens_at, int64_t closes_at)
{
	static const struct sql q =
		SQL("INSERT INTO sale_window (performance, sales_channel, opens_at, closes_at)"
			" SELECT p.id, c.id, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM performance p JOIN sales_channel c ON c.institution = p.institution"
			"  WHERE p.id = $1 AND c.id = $2 ON CONFLICT (performance, sales_channel) DO UPDATE SET opens_at = excluded.opens_at, closes_at = "
			"excluded.closes_at"
			" RETURNING opens_at");
	return made(db, store_row(db, &q, int64(performance), int64(channel), int64(opens_at), int64(closes_at)), NULL);
}

enum status contingent_make(struct conn *db, int64_t performance, struct str code, struct str name, int64_t channel, int64_t *id)
{
	static const struct sql q = SQL("INSERT INTO contingent (performance, code, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id");
	static const struct sql of = SQL("INSERT INTO contingent_channel (contingent, sales_channel) VALUES ($1, $2)");
	enum status st;
	if ((st = made(db, store_row(db, &q, int64(performance), text(code), text(name)), id))) return st;
	return store_exec(db, &of, int64(*id), int64(channel));
}

enum status contingent_fill(struct conn *db, int64_t contingent, int64_t zone, int64_t n)
{
	static const struct sql share =
		SQL("INSERT INTO performance_zone (performance, zone, seat_category, contingent, is_numbered, places)"
			" SELECT z.performance, z.zone, z.seat_category, c.id, z.is_numbered, CAST($3 AS BIGINT) FROM performance_zone z"
			"  JOIN contingent c ON c.performance = z.performance WHERE c.id = $1 AND z.id = $2 RETURNING id");
	static const struct sql move =
		SQL("WITH pick AS (SELECT id FROM place WHERE zone = $2 AND free_from <= $3 ORDER BY id LIMIT $4" SKIP_LOCKED ")"
			" UPDATE place SET zone = $1, free_from = 0, holder = NULL WHERE id IN (SELECT id FROM pick) AND free_from <= $3");
	static const struct sql rest = SQL("UPDATE performance_zone SET places = places - $2 WHERE id = $1");
	int64_t id;
	enum status st;
	if ((st = made(db, store_row(db, &share, int64(contingent), int64(zone), int64(n)), &id))) return st;
	if ((st = store_exec(db, &move, int64(id), int64(zone), int64(store_now(db)), int64(n)))) return st;
	if (store_changes(db) != n) return NOT_FOUND;
	return store_exec(db, &rest, int64(zone), int64(n));
}
