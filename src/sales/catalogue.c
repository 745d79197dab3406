/* sales/catalogue.c: what is on and what may be bought. */
#include "sales/catalogue.h"

#include <stdlib.h>

#include "sales/name.h"

/* Which performances a point of sale sells: its organisation's, in a window of its channel. */
#define OF_SELLER " p.institution = $1 AND w.sales_channel = $2 AND n.organisation = $3 AND p.state IN ('on-sale','stopped','cancelled')"

/* Which of a performance's places a channel takes from. */
#define IN_SHARE " (z.contingent IS NULL OR EXISTS (SELECT 1 FROM contingent_channel k WHERE k.contingent = z.contingent AND k.sales_channel = $2))"

/* $1 institution, $2 channel, $3 organisation, $4 now, $5 language, $6 main language; counting stops at $7 a zone, so that a list costs the same for every hall. */
#define SHOW_COLUMNS                                                                                                                              \
	"SELECT p.id, p.event, p.starts_at, p.doors_at, p.ends_at, w.opens_at, w.closes_at, p.state,"                                                 \
	"  COALESCE(t.title, m.title, ''), COALESCE(t.what, m.what, ''), COALESCE(t.description, m.description, ''), n.name, c.name, v.name, v.town," \
	"  (SELECT min(r.price) FROM rate r WHERE r.rate_table = p.rate_table AND r.price > 0"                                                        \
	"    AND r.seat_category IN (SELECT z.seat_category FROM performance_zone z WHERE z.performance = p.id)),"                                    \
	"  (SELECT CAST(sum((SELECT count(*) FROM (SELECT 1 FROM place l WHERE l.zone = z.id AND l.free_from <= $4 LIMIT $7) few)) AS BIGINT)"        \
	"    FROM performance_zone z WHERE z.performance = p.id AND" IN_SHARE "),"                                                                    \
	"  COALESCE(x.digest, y.digest, ''), COALESCE(x.alt, y.alt, ''), COALESCE(x.width, y.width, 0), COALESCE(x.height, y.height, 0)"              \
	" FROM performance p JOIN sale_window w ON w.performance = p.id JOIN event e ON e.id = p.event JOIN season n ON n.id = e.season"              \
	"  JOIN configuration c ON c.id = p.configuration JOIN venue v ON v.id = c.venue"                                                             \
	"  LEFT JOIN event_text t ON t.event = p.event AND t.language = $5 LEFT JOIN event_text m ON m.event = p.event AND m.language = $6"           \
	"  LEFT JOIN event_picture x ON x.event = p.event AND x.language = $5 LEFT JOIN event_picture y ON y.event = p.event AND y.language = $6"     \
	" WHERE" OF_SELLER " AND p.starts_at > $4"

static enum offer offer_of(struct str state, int64_t now, const struct show *w, int64_t free)
{
	if (str_eq(state, S("cancelled"))) return OFFER_CANCELLED;
	if (now < w->opens_at) return OFFER_LATER;
	if (now >= w->closes_at || str_eq(state, S("stopped"))) return OFFER_OVER;
	return free == 0 ? OFFER_SOLD_OUT : free <= FEW_PLACES ? OFFER_FEW : OFFER_OPEN;
}

static void show_read(struct conn *db, struct arena *a, int64_t now, struct show *out)
{
	*out = (struct show){
		.id = col_int64(db, 0),
		.event = col_int64(db, 1),
		.starts_at = col_int64(db, 2),
		.doors_at = col_int64(db, 3),
		.ends_at = col_int64(db, 4),
		.opens_at = col_int64(db, 5),
		.closes_at = col_int64(db, 6),
		.title = col_text(db, 8, a),
		.what = col_text(db, 9, a),
		.description = col_text(db, 10, a),
		.season = col_text(db, 11, a),
		.hall = col_text(db, 12, a),
		.venue = col_text(db, 13, a),
		.town = col_text(db, 14, a),
		.price_from = col_is_null(db, 15) ? -1 : col_int64(db, 15),
		.picture = col_text(db, 17, a),
		.picture_alt = col_text(db, 18, a),
		.picture_width = col_int64(db, 19),
		.picture_height = col_int64(db, 20),
	};
	out->offer = offer_of(col_text(db, 7, a), now, out, col_int64(db, 16));
}

#define SHOW_VALUES(s, l, now)                                                                                     \
	int64((s)->institution), int64((s)->channel), int64((s)->organisation), int64(now), text(str_of(lang_tag(l))), \
		text(str_of(lang_tag((s)->main_language))), int64(FEW_PLACES + 1)

enum status catalogue_shows(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t event, int64_t from, size_t most,
	struct show **out, size_t *count)
{
	static const struct sql q = SQL(SHOW_COLUMNS " AND (p.event = $8 OR $8 = 0) AND p.starts_at >= $9 ORDER BY p.starts_at, p.id LIMIT $10");
	int64_t now = store_now(db);
	enum status st;
	*out = ARENA_ARRAY(a, struct show, most);
	*count = 0;
	if ((st = store_query(db, &q, SHOW_VALUES(s, l, now), int64(event), int64(from), int64((int64_t)most)))) return st;
	while ((st = store_next(db)) == OK) show_read(db, a, now, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status catalogue_show(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct show *out)
{
	static const struct sql q = SQL(SHOW_COLUMNS " AND p.id = $8");
	int64_t now = store_now(db);
	enum status st = store_row(db, &q, SHOW_VALUES(s, l, now), int64(performance));
	if (st == OK) show_read(db, a, now, out);
	return st;
}

#define CATEGORIES_MOST 64 /* of a performance: a hall has under ten */
#define PRICES_MOST		64 /* tariffs of a category */
#define POOLS_MOST		256
#define BEFORE_ALL		(-1) /* no place was free then, and the index knows it without counting */

static enum status prices_read(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct offers *o)
{
	static const struct sql q = SQL("SELECT r.seat_category, t.id, r.price, t.code," NAME_OF(
		"t", "$4", "$5") ", b.basis_points FROM performance p JOIN rate_table g ON g.id = p.rate_table"
						 "  JOIN vat_rate b ON b.id = g.vat_rate JOIN rate r ON r.rate_table = g.id JOIN tariff t ON t.id = r.tariff"
						 " WHERE p.institution = $1 AND p.id = $2 ORDER BY t.rank, t.id LIMIT $3");
	enum status st;
	if ((st = store_query(db, &q, int64(s->institution), int64(performance), int64(CATEGORIES_MOST * PRICES_MOST), text(str_of(lang_tag(l))),
			 text(str_of(lang_tag(s->main_language))))))
		return st;
	while ((st = store_next(db)) == OK) {
		struct category_offer *c = o->categories;
		while (c < o->categories + o->count && c->id != col_int64(db, 0)) c++;
		o->vat = col_int64(db, 5);
		if (c == o->categories + o->count || c->price_count == PRICES_MOST) continue;
		c->prices[c->price_count++] =
			(struct price_of){ .tariff = col_int64(db, 1), .price = col_int64(db, 2), .code = col_text(db, 3, a), .name = col_text(db, 4, a) };
	}
	return st == NOT_FOUND ? OK : st;
}

/* FREE_AT: as of when places are counted as free. */
static enum status offers_read(
	struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, int64_t free_at, struct offers *out)
{
	static const struct sql q = SQL("SELECT y.id, y.code," NAME_OF("y", "$4",
		"$5") ", y.rank,"
			  "  CAST(sum((SELECT count(*) FROM place l WHERE l.zone = z.id AND l.free_from <= $6)) AS BIGINT), CAST(sum(z.places) AS BIGINT),"
			  "  max(CASE WHEN z.is_numbered THEN 1 ELSE 0 END)"
			  " FROM performance p JOIN performance_zone z ON z.performance = p.id JOIN seat_category y ON y.id = z.seat_category"
			  " WHERE p.institution = $1 AND p.id = $3 AND" IN_SHARE
			  " GROUP BY y.id, y.code, y.name_en, y.name_fr, y.name_de, y.name_it, y.rank ORDER BY y.rank, y.id LIMIT $7");
	enum status st;
	*out = (struct offers){ .categories = ARENA_ARRAY(a, struct category_offer, CATEGORIES_MOST) };
	if ((st = store_query(db, &q, int64(s->institution), int64(s->channel), int64(performance), text(str_of(lang_tag(l))),
			 text(str_of(lang_tag(s->main_language))), int64(free_at), int64(CATEGORIES_MOST))))
		return st;
	while ((st = store_next(db)) == OK)
		out->categories[out->count++] = (struct category_offer){
			.id = col_int64(db, 0),
			.code = col_text(db, 1, a),
			.name = col_text(db, 2, a),
			.rank = col_int64(db, 3),
			.free = col_int64(db, 4),
			.places = col_int64(db, 5),
			.is_numbered = col_int64(db, 6) == 1,
			.prices = ARENA_ARRAY(a, struct price_of, PRICES_MOST),
		};
	if (st != NOT_FOUND) return st;
	return prices_read(db, a, s, l, performance, out);
}

enum status catalogue_offers(struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct offers *out)
{
	return offers_read(db, a, s, l, performance, store_now(db), out);
}

enum status catalogue_prices(struct conn *db, struct arena *a, const struct seller *s, int64_t performance, struct offers *out)
{
	return offers_read(db, a, s, s->main_language, performance, BEFORE_ALL, out);
}

enum status catalogue_pools(struct conn *db, struct arena *a, const struct seller *s, int64_t performance, struct pool **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT z.id, z.seat_category, z.is_numbered FROM performance p JOIN performance_zone z ON z.performance = p.id"
			" WHERE p.institution = $1 AND p.id = $3 AND" IN_SHARE " ORDER BY CASE WHEN z.contingent IS NULL THEN 0 ELSE 1 END, z.id LIMIT $4");
	enum status st;
	*out = ARENA_ARRAY(a, struct pool, POOLS_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(s->institution), int64(s->channel), int64(performance), int64(POOLS_MOST)))) return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct pool){ .zone = col_int64(db, 0), .seat_category = col_int64(db, 1), .is_numbered = col_boolean(db, 2) };
	return st == NOT_FOUND ? OK : st;
}

enum status catalogue_plan(
	struct conn *db, struct arena *a, const struct seller *s, enum language l, int64_t performance, struct plan_seat **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT s.id, z.id, z.seat_category, s.row_rank, s.position, s.x, s.y, s.row_name, s.name, l.free_from, l.holder,"
			"  CASE WHEN" IN_SHARE " THEN 1 ELSE 0 END, h.id," NAME_OF("h", "$5",
				"$6") " FROM performance p JOIN performance_zone z ON z.performance = p.id JOIN place l ON l.zone = z.id JOIN seat s ON s.id = l.seat"
					  "  JOIN zone h ON h.id = z.zone WHERE p.institution = $1 AND p.id = $3"
					  " ORDER BY h.rank, h.id, s.row_rank, s.position, s.id LIMIT $4");
	int64_t now = store_now(db);
	enum status st;
	*out = NULL;
	*count = 0;
	if ((st = store_query(db, &q, int64(s->institution), int64(s->channel), int64(performance), int64(PLAN_SEATS_MOST), text(str_of(lang_tag(l))),
			 text(str_of(lang_tag(s->main_language))))))
		return st;
	for (size_t room = 0; (st = store_next(db)) == OK;) {
		if (*count == room) {
			size_t more = room ? room * 2 : 256;
			*out = arena_grow(a, *out, room * sizeof **out, more * sizeof **out);
			room = more;
		}
		(*out)[(*count)++] = (struct plan_seat){
			.seat = col_int64(db, 0),
			.zone = col_int64(db, 1),
			.seat_category = col_int64(db, 2),
			.row_rank = col_int64(db, 3),
			.position = col_int64(db, 4),
			.x = col_int64(db, 5),
			.y = col_int64(db, 6),
			.row_name = col_text(db, 7, a),
			.name = col_text(db, 8, a),
			.holder = col_int64(db, 10),
			.area = col_int64(db, 12),
			.area_name = col_text(db, 13, a),
			.is_free = col_int64(db, 9) <= now && col_int64(db, 11) == 1,
		};
	}
	return st == NOT_FOUND ? OK : st;
}
