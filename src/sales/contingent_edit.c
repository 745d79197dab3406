/* sales/contingent_edit.c: shares of a performance. */
#include "sales/contingent_edit.h"

#include "institution/audit.h"
#include "institution/organisation.h"
#include "institution/plain.h"
#include "sales/name.h"
#include "sales/programme.h"

#define CODE_MAX		  20
#define CODE_TRIES		  100
#define PLACES_MOVED_MOST 10000 /* in one write: more would hold other buyers up */

enum status contingent_rows(struct conn *db, struct arena *a, int64_t performance, struct contingent_row **out, size_t *count)
{
	static const struct sql q = SQL("SELECT k.id, k.name, c.name FROM contingent k LEFT JOIN contingent_channel w ON w.contingent = k.id LEFT JOIN "
									"sales_channel c ON c.id = w.sales_channel"
									" WHERE k.performance = $1 ORDER BY k.id, c.name LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct contingent_row, CONTINGENTS_MOST);
	if ((st = store_query(db, &q, int64(performance), int64(CONTINGENTS_MOST * CHANNELS_MAX)))) return st;
	while ((st = store_next(db)) == OK) {
		int64_t id = col_int64(db, 0);
		struct str channel = col_text(db, 2, a);
		struct contingent_row *last = *count ? &(*out)[*count - 1] : NULL;
		if (last && last->id == id) last->channels = str_format(a, "%.*s, %.*s", STR_ARG(last->channels), STR_ARG(channel));
		else if (*count < CONTINGENTS_MOST) (*out)[(*count)++] = (struct contingent_row){ id, col_text(db, 1, a), channel };
	}
	return st == NOT_FOUND ? OK : st;
}

enum status pool_rows(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t performance, struct pool_row **out, size_t *count)
{
	static const struct sql q = SQL("SELECT p.id, p.contingent, k.name," NAME_OF("z", "$3", "i.main_language") "," NAME_OF(
		"y", "$3", "i.main_language") ", p.places,"
									  "  (SELECT count(*) FROM place l WHERE l.zone = p.id AND l.free_from <= $4)"
									  " FROM performance_zone p JOIN performance f ON f.id = p.performance JOIN institution i ON i.id = f.institution"
									  "  JOIN zone z ON z.id = p.zone JOIN seat_category y ON y.id = p.seat_category LEFT JOIN contingent k ON k.id "
									  "= p.contingent"
									  " WHERE f.institution = $1 AND f.id = $2 ORDER BY CASE WHEN p.contingent IS NULL THEN 0 ELSE 1 END, "
									  "p.contingent, z.rank, y.rank, p.id LIMIT $5");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct pool_row, POOLS_SHOWN);
	if ((st = store_query(db, &q, int64(who->institution), int64(performance), text(str_of(lang_tag(l))), int64(store_now(db)), int64(POOLS_SHOWN))))
		return st;
	while ((st = store_next(db)) == OK)
		(*out)[(*count)++] = (struct pool_row){ col_int64(db, 0), col_int64(db, 1), col_text(db, 2, a), col_text(db, 3, a), col_text(db, 4, a),
			col_int64(db, 5), col_int64(db, 6) };
	return st == NOT_FOUND ? OK : st;
}

static enum status to_change(struct conn *db, struct arena *a, const struct actor *who, int64_t performance)
{
	struct performance_row row;
	enum status st = performance_row_get(db, a, who, LANG_EN, performance, &row);
	return st ? st : actor_may_in(who, RIGHT_PROGRAMME_WRITE, row.organisation) ? OK : NOT_FOUND;
}

static enum status check_channels(struct conn *db, const struct actor *who, const int64_t *channels, size_t count, struct problem *why)
{
	static const struct sql q = SQL("SELECT id FROM sales_channel WHERE institution = $1 AND id = $2");
	enum status st;
	if (count == 0) problem_add(why, "share-channels", MSG_CHANNELS_MISSING);
	for (size_t i = 0; i < count; i++) {
		if ((st = store_row(db, &q, int64(who->institution), int64(channels[i]))) && st != NOT_FOUND) return st;
		if (st) problem_add(why, "share-channels", MSG_CHOICE_UNKNOWN);
	}
	return OK;
}

enum status contingent_add(struct conn *db, struct arena *a, const struct actor *who, int64_t performance, struct str name, const int64_t *channels,
	size_t count, struct problem *why)
{
	static const struct sql of = SQL("INSERT INTO contingent_channel (contingent, sales_channel) VALUES ($1, $2)");
	struct contingent_row *rows;
	struct str code = code_from(a, name, CODE_MAX);
	size_t many;
	int64_t id;
	enum status st;
	if ((st = to_change(db, a, who, performance))) return st;
	if ((st = contingent_rows(db, a, performance, &rows, &many))) return st;
	if (!name.len || !is_plain_line(name, CONTINGENT_NAME_MAX))
		problem_add(why, "share-name", MSG_CONTINGENT_NAME_MISSING, arg_int("n", CONTINGENT_NAME_MAX));
	if (many >= CONTINGENTS_MOST) problem_add(why, "share-name", MSG_PARTS_TOO_MANY, arg_int("n", CONTINGENTS_MOST));
	if ((st = check_channels(db, who, channels, count, why))) return st;
	if (problem_any(why)) return REFUSED;
	st = REFUSED;
	for (int n = 1; n <= CODE_TRIES && st == REFUSED; n++)
		st = contingent_make(db, performance, n == 1 ? code : str_format(a, "%.*s-%d", STR_ARG(code), n), name, channels[0], &id);
	for (size_t i = 1; i < count && !st; i++) st = store_exec(db, &of, int64(id), int64(channels[i]));
	if (st) return st;
	const struct audit_value after[] = { { "name", name }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "contingent-made", "performance", performance, NULL, after });
}

/* ---- moving ---- */

/* The pool of the share TO beside FROM, made when there is none. */
static enum status target_of(struct conn *db, const struct contingent_move *m, int64_t *out)
{
	static const struct sql find =
		SQL("SELECT t.id FROM performance_zone t JOIN performance_zone p ON p.performance = t.performance AND p.zone = t.zone"
			"  AND p.seat_category = t.seat_category WHERE p.id = $1 AND COALESCE(t.contingent, 0) = $2 ORDER BY t.id LIMIT 1");
	static const struct sql make = SQL(
		"INSERT INTO performance_zone (performance, zone, seat_category, contingent, is_numbered, places)"
		" SELECT p.performance, p.zone, p.seat_category, CAST($2 AS BIGINT), p.is_numbered, 0 FROM performance_zone p WHERE p.id = $1 RETURNING id");
	enum status st = store_row(db, &find, int64(m->from), int64(m->to));
	if (st == NOT_FOUND) st = store_row(db, &make, int64(m->from), m->to ? int64(m->to) : null_value());
	if (st == OK) *out = col_int64(db, 0);
	return st;
}

static enum status check_move(struct conn *db, const struct contingent_move *m, struct problem *why)
{
	static const struct sql from = SQL("SELECT COALESCE(contingent, 0) FROM performance_zone WHERE performance = $1 AND id = $2");
	static const struct sql to = SQL("SELECT id FROM contingent WHERE performance = $1 AND id = $2");
	enum status st;
	if ((st = store_row(db, &from, int64(m->performance), int64(m->from))) && st != NOT_FOUND) return st;
	if (st || col_int64(db, 0) == m->to) problem_add(why, st ? "from" : "to", MSG_CHOICE_UNKNOWN);
	if (m->to && (st = store_row(db, &to, int64(m->performance), int64(m->to))) && st != NOT_FOUND) return st;
	if (m->to && st) problem_add(why, "to", MSG_CHOICE_UNKNOWN);
	if (m->n < 1 || m->n > PLACES_MOVED_MOST) problem_add(why, "n", MSG_NUMBER_BETWEEN, arg_int("least", 1), arg_int("most", PLACES_MOVED_MOST));
	return problem_any(why) ? REFUSED : OK;
}

/* Rows that others are taking just now are passed over, as in the sale itself (sales/place.h). */
static enum status move_places(struct conn *db, const struct contingent_move *m, int64_t target, struct problem *why)
{
	static const struct sql move =
		SQL("WITH pick AS (SELECT id FROM place WHERE zone = $2 AND free_from <= $3 ORDER BY id LIMIT $4" SKIP_LOCKED ")"
			" UPDATE place SET zone = $1, free_from = 0, holder = NULL WHERE id IN (SELECT id FROM pick) AND free_from <= $3");
	static const struct sql less = SQL("UPDATE performance_zone SET places = places - $2 WHERE id = $1");
	static const struct sql more = SQL("UPDATE performance_zone SET places = places + $2 WHERE id = $1");
	enum status st;
	if ((st = store_exec(db, &move, int64(target), int64(m->from), int64(store_now(db)), int64(m->n)))) return st;
	if (store_changes(db) != m->n) return problem_add(why, "n", MSG_CONTINGENT_SHORT), REFUSED;
	if ((st = store_exec(db, &less, int64(m->from), int64(m->n)))) return st;
	return store_exec(db, &more, int64(target), int64(m->n));
}

enum status contingent_move(struct conn *db, struct arena *a, const struct actor *who, const struct contingent_move *m, struct problem *why)
{
	int64_t target = 0;
	enum status st;
	if ((st = to_change(db, a, who, m->performance))) return st;
	if ((st = check_move(db, m, why))) return st;
	if ((st = target_of(db, m, &target))) return st;
	if ((st = move_places(db, m, target, why))) return st;
	const struct audit_value after[] = { { "places", str_format(a, "%lld", (long long)m->n) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "places-moved", "performance", m->performance, NULL, after });
}
