/* sales/venue_edit.c: venues, configurations, zones. */
#include "sales/venue_edit.h"

#include "institution/audit.h"
#include "institution/plain.h"
#include "sales/catalogue.h"
#include "sales/event_edit.h"

#define CODE_MAX   24
#define CODE_TRIES 200

static bool may_write(const struct actor *who)
{
	return actor_may_in(who, RIGHT_PROGRAMME_WRITE, 0);
}

static struct str numbered(struct arena *a, struct str code, int n)
{
	return n == 1 ? code : str_format(a, "%.*s-%d", STR_ARG(code), n);
}

static void check_name(struct str name, const char *field, struct problem *why)
{
	if (!name.len || !is_plain_line(name, VENUE_NAME_MAX)) problem_add(why, field, MSG_EVENT_LINE_LONG, arg_int("n", VENUE_NAME_MAX));
}

static enum status note(struct conn *db, struct arena *a, const struct actor *who, const char *verb, const char *kind, int64_t id, struct str name)
{
	const struct audit_value after[] = { { "name", name }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ verb, kind, id, NULL, after });
}

/* ---- reading ---- */

enum status venue_rows(struct conn *db, struct arena *a, const struct actor *who, struct venue_edit **out, size_t *count)
{
	static const struct sql q = SQL("SELECT id, name, town FROM venue WHERE institution = $1 ORDER BY name, id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct venue_edit, VENUES_MOST);
	if ((st = store_query(db, &q, int64(who->institution), int64(VENUES_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = (struct venue_edit){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a) };
	return st == NOT_FOUND ? OK : st;
}

#define CONFIGURATION_ROW                                                                              \
	"SELECT c.id, c.venue, c.name, v.name,"                                                            \
	"  (SELECT CAST(COALESCE(sum(z.capacity), 0) AS BIGINT) FROM zone z WHERE z.configuration = c.id)" \
	"  + (SELECT count(*) FROM zone z JOIN seat s ON s.zone = z.id WHERE z.configuration = c.id),"     \
	"  (SELECT count(*) FROM performance p WHERE p.institution = $1 AND p.configuration = c.id)"       \
	" FROM configuration c JOIN venue v ON v.id = c.venue WHERE v.institution = $1"

static struct configuration_edit configuration_of(struct conn *db, struct arena *a)
{
	return (
		struct configuration_edit){ col_int64(db, 0), col_int64(db, 1), col_text(db, 2, a), col_text(db, 3, a), col_int64(db, 4), col_int64(db, 5) };
}

enum status configuration_rows(
	struct conn *db, struct arena *a, const struct actor *who, int64_t venue, struct configuration_edit **out, size_t *count)
{
	static const struct sql q = SQL(CONFIGURATION_ROW " AND (v.id = $2 OR $2 = 0) ORDER BY c.name, c.id LIMIT $3");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct configuration_edit, VENUES_MOST);
	if ((st = store_query(db, &q, int64(who->institution), int64(venue), int64(VENUES_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = configuration_of(db, a);
	return st == NOT_FOUND ? OK : st;
}

#define ZONE_ROW                                                                                                                 \
	"SELECT z.id, z.configuration, z.name_en, z.name_fr, z.name_de, z.name_it, z.is_numbered, z.seat_category, z.capacity,"      \
	"  (SELECT count(*) FROM seat s WHERE s.zone = z.id), (SELECT count(*) FROM performance_zone k WHERE k.zone = z.id), c.name" \
	" FROM zone z JOIN configuration c ON c.id = z.configuration JOIN venue v ON v.id = c.venue WHERE v.institution = $1"

static struct zone_edit zone_of(struct conn *db, struct arena *a)
{
	struct zone_edit z = { .id = col_int64(db, 0),
		.configuration = col_int64(db, 1),
		.is_numbered = col_boolean(db, 6),
		.seat_category = col_int64(db, 7),
		.capacity = col_int64(db, 8),
		.seats = col_int64(db, 9),
		.is_in_use = col_int64(db, 10) > 0,
		.hall_name = col_text(db, 11, a) };
	static const enum language columns[] = { LANG_EN, LANG_FR, LANG_DE, LANG_IT };
	for (int i = 0; i < LANGUAGES; i++) z.name.in[columns[i]] = col_text(db, 2 + i, a);
	return z;
}

enum status zone_rows(struct conn *db, struct arena *a, const struct actor *who, int64_t configuration, struct zone_edit **out, size_t *count)
{
	static const struct sql q = SQL(ZONE_ROW " AND z.configuration = $2 ORDER BY z.rank, z.id LIMIT $3");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct zone_edit, ZONES_MOST);
	if ((st = store_query(db, &q, int64(who->institution), int64(configuration), int64(ZONES_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = zone_of(db, a);
	return st == NOT_FOUND ? OK : st;
}

enum status venue_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct venue_edit *out)
{
	static const struct sql q = SQL("SELECT id, name, town FROM venue WHERE institution = $1 AND id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(id));
	if (st == OK) *out = (struct venue_edit){ col_int64(db, 0), col_text(db, 1, a), col_text(db, 2, a) };
	return st;
}

enum status configuration_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct configuration_edit *out)
{
	static const struct sql q = SQL(CONFIGURATION_ROW " AND c.id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(id));
	if (st == OK) *out = configuration_of(db, a);
	return st;
}

enum status zone_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct zone_edit *out)
{
	static const struct sql q = SQL(ZONE_ROW " AND z.id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(id));
	if (st == OK) *out = zone_of(db, a);
	return st;
}

/* ---- writing ---- */

enum status venue_save(struct conn *db, struct arena *a, const struct actor *who, const struct venue_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql q = SQL("UPDATE venue SET name = $3, town = $4 WHERE institution = $1 AND id = $2");
	struct str code = code_from(a, e->name, CODE_MAX);
	enum status st = REFUSED;
	if (!may_write(who)) return NOT_FOUND;
	check_name(e->name, "name", why);
	if (!is_plain_line(e->town, VENUE_NAME_MAX)) problem_add(why, "town", MSG_EVENT_LINE_LONG, arg_int("n", VENUE_NAME_MAX));
	if (problem_any(why)) return REFUSED;
	*id = e->id;
	if (e->id && (st = store_exec(db, &q, int64(who->institution), int64(e->id), text(e->name), text(e->town)))) return st;
	if (e->id && !store_changes(db)) return NOT_FOUND;
	for (int n = 1; !e->id && n <= CODE_TRIES && st == REFUSED; n++)
		st = venue_make(db, who->institution, numbered(a, code, n), e->name, e->town, id);
	return st ? st : note(db, a, who, e->id ? "venue-changed" : "venue-made", "venue", *id, e->name);
}

enum status configuration_save(
	struct conn *db, struct arena *a, const struct actor *who, const struct configuration_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql q = SQL("UPDATE configuration SET name = $2 WHERE id = $1");
	struct str code = code_from(a, e->name, CODE_MAX);
	struct configuration_edit old;
	struct venue_edit venue;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if ((st = e->id ? configuration_get(db, a, who, e->id, &old) : venue_get(db, a, who, e->venue, &venue))) return st;
	check_name(e->name, "name", why);
	if (problem_any(why)) return REFUSED;
	*id = e->id;
	st = e->id ? store_exec(db, &q, int64(e->id), text(e->name)) : REFUSED;
	for (int n = 1; !e->id && n <= CODE_TRIES && st == REFUSED; n++) st = configuration_make(db, e->venue, numbered(a, code, n), e->name, id);
	return st ? st : note(db, a, who, e->id ? "hall-changed" : "hall-made", "configuration", *id, e->name);
}

static enum status check_category(struct conn *db, const struct actor *who, int64_t category, struct problem *why)
{
	static const struct sql q = SQL("SELECT id FROM seat_category WHERE institution = $1 AND id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(category));
	if (st == NOT_FOUND) problem_add(why, "category", MSG_CHOICE_UNKNOWN);
	return st == NOT_FOUND ? OK : st;
}

static enum status check_zone(struct conn *db, const struct actor *who, const struct zone_edit *e, enum language main_language, struct problem *why)
{
	static const char *const fields[LANGUAGES] = { [LANG_EN] = "name-en", [LANG_FR] = "name-fr", [LANG_DE] = "name-de", [LANG_IT] = "name-it" };
	check_name(e->name.in[main_language], fields[main_language], why);
	for (int l = 0; l < LANGUAGES; l++)
		if ((enum language)l != main_language && e->name.in[l].len) check_name(e->name.in[l], fields[l], why);
	if (e->is_numbered) return OK;
	if (e->capacity < 1 || e->capacity > CAPACITY_MOST)
		problem_add(why, "capacity", MSG_NUMBER_BETWEEN, arg_int("least", 1), arg_int("most", CAPACITY_MOST));
	return check_category(db, who, e->seat_category, why);
}

static enum status zone_update(struct conn *db, const struct zone_edit *e, const struct zone_edit *old)
{
	static const struct sql q =
		SQL("UPDATE zone SET name_en = $2, name_fr = $3, name_de = $4, name_it = $5, seat_category = $6, capacity = $7 WHERE id = $1");
	const struct words *w = &e->name;
	int64_t category = old->is_in_use ? old->seat_category : e->seat_category;
	return store_exec(db, &q, int64(e->id), text(w->in[LANG_EN]), text(w->in[LANG_FR]), text(w->in[LANG_DE]), text(w->in[LANG_IT]),
		old->is_numbered ? null_value() : int64(category), int64(old->is_numbered ? 0 : e->capacity));
}

enum status zone_save(struct conn *db, struct arena *a, const struct actor *who, const struct zone_edit *e, int64_t *id, struct problem *why)
{
	static const struct sql many = SQL("SELECT count(*) FROM zone WHERE configuration = $1");
	struct zone_edit old = *e;
	struct configuration_edit hall;
	struct house_of house;
	enum status st;
	if (!may_write(who)) return NOT_FOUND;
	if ((st = house_of(db, a, who->institution, &house))) return st;
	if ((st = e->id ? zone_get(db, a, who, e->id, &old) : configuration_get(db, a, who, e->configuration, &hall))) return st;
	struct zone_edit now = *e;
	now.is_numbered = old.is_numbered; /* for good: seats or a number */
	if ((st = check_zone(db, who, &now, house.main_language, why))) return st;
	if ((st = store_row(db, &many, int64(old.configuration)))) return st;
	int64_t zones = col_int64(db, 0);
	if (!e->id && zones >= ZONES_MOST) problem_add(why, "", MSG_PARTS_TOO_MANY, arg_int("n", ZONES_MOST));
	if (problem_any(why)) return REFUSED;
	struct str name = now.name.in[house.main_language], code = code_from(a, name, CODE_MAX);
	struct new_zone z = {
		.rank = zones + 1, .name = now.name, .seat_category = now.is_numbered ? 0 : now.seat_category, .capacity = now.is_numbered ? 0 : now.capacity
	};
	*id = e->id;
	st = e->id ? zone_update(db, &now, &old) : REFUSED;
	for (int n = 1; !e->id && n <= CODE_TRIES && st == REFUSED; n++) {
		z.code = numbered(a, code, n);
		st = zone_make(db, e->configuration, &z, id);
	}
	return st ? st : note(db, a, who, e->id ? "zone-changed" : "zone-made", "zone", *id, name);
}

enum status hall_seats_read(struct conn *db, struct arena *a, const struct actor *who, int64_t configuration, struct hall_seat **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT s.seat_category, s.x, s.y FROM seat s JOIN zone z ON z.id = s.zone JOIN configuration c ON c.id = z.configuration"
			" JOIN venue v ON v.id = c.venue WHERE v.institution = $1 AND c.id = $2 ORDER BY s.id LIMIT $3");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct hall_seat, PLAN_SEATS_MOST);
	if ((st = store_query(db, &q, int64(who->institution), int64(configuration), int64(PLAN_SEATS_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = (struct hall_seat){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2) };
	return st == NOT_FOUND ? OK : st;
}
