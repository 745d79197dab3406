/* sales/performance_edit.c: performances in the office. */
#include "sales/performance_edit.h"

#include "base/clock.h"
#include "institution/audit.h"
#include "institution/organisation.h"
#include "sales/place.h"
#include "sales/programme.h"

#define USUAL_DOORS	 45 /* minutes: what most houses do, where nothing was played yet */
#define USUAL_LASTS	 120
#define USUAL_CLOSES 60

static const char *const states[] = {
	[PERFORMANCE_DRAFT] = "draft", [PERFORMANCE_ON_SALE] = "on-sale", [PERFORMANCE_STOPPED] = "stopped", [PERFORMANCE_CANCELLED] = "cancelled"
};

static enum performance_state state_of(struct str name)
{
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(name, str_of(states[i]))) return (enum performance_state)i;
	BUG("a performance that is %.*s", STR_ARG(name));
}

/* ---- reading ---- */

#define PLACES_THAT(condition) "(SELECT count(*) FROM performance_zone z JOIN place l ON l.zone = z.id WHERE z.performance = p.id AND " condition ")"

/* $1 institution, $2 language, $3 now, $4 PLACE_TAKEN */
#define PERFORMANCE_ROW                                                                                                                         \
	"SELECT p.id, p.event, n.organisation, p.configuration, p.rate_table, p.starts_at, p.doors_at, p.ends_at, p.state,"                         \
	"  COALESCE(t.title, m.title, ''), c.name, v.name,"                                                                                         \
	"  (SELECT CAST(COALESCE(sum(z.places), 0) AS BIGINT) FROM performance_zone z WHERE z.performance = p.id),"                                 \
	"  " PLACES_THAT("l.free_from = $4") ", " PLACES_THAT(                                                                                      \
		"l.free_from > $3 AND l.free_from < $4") ", p.version"                                                                                  \
												 " FROM performance p JOIN event e ON e.id = p.event JOIN season n ON n.id = e.season JOIN "    \
												 "institution i ON i.id = p.institution"                                                        \
												 "  JOIN configuration c ON c.id = p.configuration JOIN venue v ON v.id = c.venue"              \
												 "  LEFT JOIN event_text t ON t.event = p.event AND t.language = $2 LEFT JOIN event_text m ON " \
												 "m.event = p.event AND m.language = i.main_language"                                           \
												 " WHERE p.institution = $1"

static struct performance_row row_of(struct conn *db, struct arena *a)
{
	return (struct performance_row){
		.id = col_int64(db, 0),
		.event = col_int64(db, 1),
		.organisation = col_int64(db, 2),
		.configuration = col_int64(db, 3),
		.rate_table = col_int64(db, 4),
		.starts_at = col_int64(db, 5),
		.doors_at = col_int64(db, 6),
		.ends_at = col_int64(db, 7),
		.state = state_of(col_text(db, 8, a)),
		.title = col_text(db, 9, a),
		.hall = col_text(db, 10, a),
		.venue = col_text(db, 11, a),
		.places = col_int64(db, 12),
		.sold = col_int64(db, 13),
		.held = col_int64(db, 14),
		.version = col_int64(db, 15),
	};
}

enum status performance_rows(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t event, struct performance_row **out, size_t *count)
{
	static const struct sql q = SQL(PERFORMANCE_ROW " AND p.event = $5 ORDER BY p.starts_at, p.id LIMIT $6");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct performance_row, PERFORMANCES_MOST);
	if ((st = store_query(db, &q, int64(who->institution), text(str_of(lang_tag(l))), int64(store_now(db)), int64(PLACE_TAKEN), int64(event),
			 int64(PERFORMANCES_MOST))))
		return st;
	while ((st = store_next(db)) == OK) {
		struct performance_row p = row_of(db, a);
		if (actor_may_in(who, RIGHT_PROGRAMME_READ, p.organisation)) (*out)[(*count)++] = p;
	}
	return st == NOT_FOUND ? OK : st;
}

enum status performance_row_get(struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t id, struct performance_row *out)
{
	static const struct sql q = SQL(PERFORMANCE_ROW " AND p.id = $5");
	enum status st = store_row(db, &q, int64(who->institution), text(str_of(lang_tag(l))), int64(store_now(db)), int64(PLACE_TAKEN), int64(id));
	if (st) return st;
	*out = row_of(db, a);
	return actor_may_in(who, RIGHT_PROGRAMME_READ, out->organisation) ? OK : NOT_FOUND;
}

/* Where the actor may change it. */
static enum status to_change(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct performance_row *out)
{
	enum status st = performance_row_get(db, a, who, LANG_EN, id, out);
	return st ? st : actor_may_in(who, RIGHT_PROGRAMME_WRITE, out->organisation) ? OK : NOT_FOUND;
}

enum status hall_choices(struct conn *db, struct arena *a, int64_t institution, struct hall_choice **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT c.id, v.name, c.name, (SELECT CAST(COALESCE(sum(z.capacity), 0) AS BIGINT) FROM zone z WHERE z.configuration = c.id),"
			"  (SELECT count(*) FROM zone z JOIN seat s ON s.zone = z.id WHERE z.configuration = c.id)"
			" FROM configuration c JOIN venue v ON v.id = c.venue WHERE v.institution = $1 ORDER BY v.name, c.name, c.id LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct hall_choice, CONFIGURATIONS_MOST);
	if ((st = store_query(db, &q, int64(institution), int64(CONFIGURATIONS_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		struct str venue = col_text(db, 1, a), hall = col_text(db, 2, a);
		(*out)[(*count)++] =
			(struct hall_choice){ col_int64(db, 0), col_int64(db, 3) + col_int64(db, 4), str_format(a, "%.*s, %.*s", STR_ARG(venue), STR_ARG(hall)) };
	}
	return st == NOT_FOUND ? OK : st;
}

/* ---- adding ---- */

static enum status channels_of(struct conn *db, struct arena *a, const struct actor *who, int64_t performance, struct new_performances *n)
{
	static const struct sql q = SQL("SELECT w.sales_channel, p.starts_at - w.closes_at FROM sale_window w JOIN performance p ON p.id = w.performance"
									" WHERE w.performance = $1 ORDER BY w.sales_channel LIMIT $2");
	struct sales_channel *all;
	enum status st;
	if ((st = channel_list(db, a, who->institution, &all, &n->channel_count))) return st;
	n->channels = ARENA_ARRAY(a, int64_t, CHANNELS_MAX);
	for (size_t i = 0; i < n->channel_count; i++) n->channels[i] = all[i].id; /* nothing was played yet: all of them */
	if (!performance) return OK;
	n->channel_count = 0;
	if ((st = store_query(db, &q, int64(performance), int64(CHANNELS_MAX)))) return st;
	while ((st = store_next(db)) == OK) {
		n->channels[n->channel_count++] = col_int64(db, 0);
		n->closes = col_int64(db, 1) / MINUTE;
	}
	if (n->closes < 0) n->closes = 0;
	return st == NOT_FOUND ? OK : st;
}

enum status performances_like(
	struct conn *db, struct arena *a, const struct actor *who, enum language l, int64_t configuration, struct new_performances *out)
{
	static const struct sql first =
		SQL("SELECT c.id FROM configuration c JOIN venue v ON v.id = c.venue WHERE v.institution = $1"
			" ORDER BY (SELECT COALESCE(max(p.id), 0) FROM performance p WHERE p.configuration = c.id) DESC, c.id LIMIT 1");
	static const struct sql like =
		SQL("SELECT p.id, p.rate_table, p.starts_at - p.doors_at, p.ends_at - p.starts_at FROM performance p"
			"  JOIN configuration c ON c.id = p.configuration WHERE p.institution = $1"
			" ORDER BY CASE WHEN p.configuration = $2 THEN 0 WHEN c.venue = (SELECT k.venue FROM configuration k WHERE k.id = $2) THEN 1 ELSE 2 END,"
			"  p.id DESC LIMIT 1");
	int64_t last = 0, table = 0;
	enum status st;
	*out = (struct new_performances){ .configuration = configuration, .doors = USUAL_DOORS, .lasts = USUAL_LASTS, .closes = USUAL_CLOSES };
	if (!configuration && store_row(db, &first, int64(who->institution)) == OK) out->configuration = col_int64(db, 0);
	st = store_row(db, &like, int64(who->institution), int64(out->configuration));
	if (st && st != NOT_FOUND) return st;
	if (!st) {
		last = col_int64(db, 0);
		table = col_int64(db, 1);
		out->doors = col_int64(db, 2) / MINUTE;
		out->lasts = col_int64(db, 3) / MINUTE;
	}
	if ((st = channels_of(db, a, who, last, out))) return st;
	if (!out->configuration) return OK; /* no hall yet */
	return grid_read(db, a, who, l, out->configuration, table, &out->prices);
}

static void check_minutes(int64_t n, int64_t least, int64_t most, const char *field, struct problem *why)
{
	if (n < least || n > most) problem_add(why, field, MSG_NUMBER_BETWEEN, arg_int("least", least), arg_int("most", most));
}

static void check_starts(struct arena *a, const struct new_performances *n, int64_t now, struct problem *why)
{
	if (n->count == 0) problem_add(why, "starts-1", MSG_PERFORMANCE_DATE_MISSING);
	if (n->count > PERFORMANCES_AT_ONCE) problem_add(why, "starts-1", MSG_PERFORMANCES_TOO_MANY, arg_int("n", PERFORMANCES_AT_ONCE));
	for (size_t i = 0; i < n->count; i++) {
		const char *field = str_c(a, str_format(a, "starts-%zu", i + 1));
		if (n->starts[i] <= now) problem_add(why, field, MSG_PERFORMANCE_DATE_PAST);
		else if (n->starts[i] > now + PERFORMANCE_YEARS_MOST * 366 * DAY) problem_add(why, field, MSG_PERFORMANCE_DATE_FAR);
		for (size_t k = 0; k < i; k++)
			if (n->starts[k] == n->starts[i]) problem_add(why, field, MSG_PERFORMANCE_DATE_TWICE);
	}
	for (size_t i = 0; i < n->count; i++)
		if (n->opens_at && n->starts[i] - n->closes * MINUTE <= n->opens_at) {
			problem_add(why, "opens", MSG_SALE_OPENS_LATE);
			return;
		}
}

static enum status check_hall(struct conn *db, const struct actor *who, int64_t configuration, struct problem *why)
{
	static const struct sql q = SQL(
		"SELECT (SELECT count(*) FROM zone z WHERE z.configuration = c.id AND (z.capacity > 0 OR EXISTS (SELECT 1 FROM seat s WHERE s.zone = z.id)))"
		" FROM configuration c JOIN venue v ON v.id = c.venue WHERE v.institution = $1 AND c.id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(configuration));
	if (st && st != NOT_FOUND) return st;
	if (st) problem_add(why, "configuration", MSG_CHOICE_UNKNOWN);
	else if (col_int64(db, 0) == 0) problem_add(why, "configuration", MSG_HALL_EMPTY);
	return OK;
}

static enum status check_channels(struct conn *db, struct arena *a, const struct actor *who, const struct new_performances *n, struct problem *why)
{
	struct sales_channel *all;
	size_t count, known = 0;
	enum status st;
	if ((st = channel_list(db, a, who->institution, &all, &count))) return st;
	for (size_t i = 0; i < n->channel_count; i++)
		for (size_t k = 0; k < count; k++) known += n->channels[i] == all[k].id;
	if (known != n->channel_count) problem_add(why, "channels", MSG_CHOICE_UNKNOWN);
	if (n->channel_count == 0 && n->is_on_sale) problem_add(why, "channels", MSG_CHANNELS_MISSING);
	return OK;
}

static enum status add_one(struct conn *db, const struct actor *who, const struct new_performances *n, int64_t table, int64_t at)
{
	const struct new_performance p = { .institution = who->institution,
		.event = n->event,
		.configuration = n->configuration,
		.rate_table = table,
		.starts_at = at,
		.doors_at = at - n->doors * MINUTE,
		.ends_at = at + n->lasts * MINUTE,
		.is_draft = !n->is_on_sale };
	int64_t id, opens = n->opens_at ? n->opens_at : store_now(db), closes = at - n->closes * MINUTE;
	enum status st = performance_make(db, &p, &id);
	if (closes <= opens) opens = closes - MINUTE; /* it begins sooner than its sale would have ended */
	for (size_t i = 0; i < n->channel_count && !st; i++) st = sale_window_set(db, id, n->channels[i], opens, closes);
	return st;
}

enum status performances_add(struct conn *db, struct arena *a, const struct actor *who, const struct new_performances *n, struct problem *why)
{
	struct event_edit event;
	struct house_of house;
	int64_t table = 0;
	enum status st;
	if ((st = house_of(db, a, who->institution, &house))) return st;
	if ((st = event_get(db, a, who, n->event, &event))) return st;
	if (!actor_may_in(who, RIGHT_PROGRAMME_WRITE, event.organisation)) return NOT_FOUND;
	check_minutes(n->doors, 0, MINUTES_BEFORE_MOST, "doors", why);
	check_minutes(n->lasts, 1, LASTS_MOST, "lasts", why);
	check_minutes(n->closes, 0, MINUTES_BEFORE_MOST, "closes", why);
	check_starts(a, n, store_now(db), why);
	if ((st = check_hall(db, who, n->configuration, why))) return st;
	if ((st = check_channels(db, a, who, n, why))) return st;
	if ((st = grid_table(db, a, who, &n->prices, event.in[house.main_language].title, &table, why))) return st;
	for (size_t i = 0; i < n->count && !st; i++) st = add_one(db, who, n, table, n->starts[i]);
	if (st) return st;
	const struct audit_value after[] = { { "performances", str_format(a, "%zu", n->count) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "performances-added", "event", n->event, NULL, after });
}

/* ---- changing ---- */

/* Sale ends as long before the start as it did. */
static enum status windows_follow(struct conn *db, int64_t performance, int64_t by, struct problem *why)
{
	static const struct sql check = SQL("SELECT count(*) FROM sale_window WHERE performance = $1 AND closes_at + $2 <= opens_at");
	static const struct sql q = SQL("UPDATE sale_window SET closes_at = closes_at + $2 WHERE performance = $1");
	enum status st = store_row(db, &check, int64(performance), int64(by));
	if (st) return st;
	if (col_int64(db, 0)) return problem_add(why, "starts", MSG_SALE_OPENS_LATE), REFUSED;
	return store_exec(db, &q, int64(performance), int64(by));
}

static enum status note_move(struct conn *db, struct arena *a, const struct actor *who, const struct performance_row *old, int64_t starts_at)
{
	struct house_of house;
	enum status st = house_of(db, a, who->institution, &house);
	if (st) return st;
	const struct audit_value before[] = { { "starts", lang_iso(a, old->starts_at, house.zone) }, { NULL, { 0 } } },
							 after[] = { { "starts", lang_iso(a, starts_at, house.zone) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "performance-moved", "performance", old->id, before, after });
}

enum status performance_move(struct conn *db, struct arena *a, const struct actor *who, const struct performance_move *m, struct problem *why)
{
	static const struct sql q = SQL("UPDATE performance SET starts_at = $4, doors_at = $5, ends_at = $6, version = version + 1"
									" WHERE institution = $1 AND id = $2 AND version = $3 AND state <> 'cancelled'");
	int64_t now = store_now(db);
	struct performance_row old;
	enum status st;
	if ((st = to_change(db, a, who, m->id, &old))) return st;
	bool is_moved = m->starts_at != old.starts_at;
	check_minutes(m->doors, 0, MINUTES_BEFORE_MOST, "doors", why);
	check_minutes(m->lasts, 1, LASTS_MOST, "lasts", why);
	if (old.state == PERFORMANCE_CANCELLED) problem_add(why, "", MSG_PERFORMANCE_IS_CANCELLED);
	if (is_moved && m->starts_at <= now) problem_add(why, "starts", MSG_PERFORMANCE_DATE_PAST);
	if (m->starts_at > now + PERFORMANCE_YEARS_MOST * 366 * DAY) problem_add(why, "starts", MSG_PERFORMANCE_DATE_FAR);
	if (is_moved && old.sold && !m->is_confirmed) problem_add(why, "confirmed", MSG_PERFORMANCE_MOVE_SOLD, arg_int("n", old.sold));
	if (problem_any(why)) return REFUSED;
	if ((st = store_exec(db, &q, int64(who->institution), int64(m->id), int64(m->version), int64(m->starts_at),
			 int64(m->starts_at - m->doors * MINUTE), int64(m->starts_at + m->lasts * MINUTE))))
		return st;
	if (!store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	if ((st = windows_follow(db, m->id, m->starts_at - old.starts_at, why))) return st;
	return note_move(db, a, who, &old, m->starts_at);
}

static enum status has_window(struct conn *db, int64_t performance, bool *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM sale_window WHERE performance = $1");
	enum status st = store_row(db, &q, int64(performance));
	if (!st) *out = col_int64(db, 0) > 0;
	return st;
}

enum status performance_turn(struct conn *db, struct arena *a, const struct actor *who, int64_t id, enum performance_state to, struct problem *why)
{
	static const struct sql q = SQL("UPDATE performance SET state = $3, version = version + 1 WHERE institution = $1 AND id = $2 AND state <> $3"
									" AND CASE $3 WHEN 'on-sale' THEN state IN ('draft','stopped') WHEN 'stopped' THEN state = 'on-sale'"
									"  WHEN 'cancelled' THEN TRUE ELSE FALSE END");
	struct performance_row old;
	bool is_sold_somewhere = true;
	enum status st;
	if ((st = to_change(db, a, who, id, &old))) return st;
	if (to == PERFORMANCE_ON_SALE && (st = has_window(db, id, &is_sold_somewhere))) return st;
	if (!is_sold_somewhere) return problem_add(why, "state", MSG_PERFORMANCE_NO_CHANNEL), REFUSED;
	if ((st = store_exec(db, &q, int64(who->institution), int64(id), text(str_of(states[to]))))) return st;
	if (!store_changes(db)) return problem_add(why, "state", MSG_SAVED_MEANWHILE), REFUSED;
	const struct audit_value before[] = { { "state", str_of(states[old.state]) }, { NULL, { 0 } } },
							 after[] = { { "state", str_of(states[to]) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "performance-turned", "performance", id, before, after });
}
