/* sales/event_edit.c: seasons, events and their texts. */
#include "sales/event_edit.h"

#include <stdlib.h>

#include "base/fold.h"
#include "institution/audit.h"
#include "institution/plain.h"
#include "sales/programme.h"

#define CODE_MAX	  24
#define CODE_TRIES	  200 /* a title that comes back every season */
#define EVENT_COLUMNS 3	  /* a text's title, what, description */

enum status house_of(struct conn *db, struct arena *a, int64_t institution, struct house_of *out)
{
	static const struct sql q = SQL("SELECT main_language, currency, zone FROM institution WHERE id = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st == OK) *out = (struct house_of){ lang_written(col_text(db, 0, a)), col_text(db, 1, a), col_text(db, 2, a) };
	return st;
}

enum status season_rows(struct conn *db, struct arena *a, const struct actor *who, struct season_row **out, size_t *count)
{
	static const struct sql q = SQL("SELECT n.id, n.organisation, n.name, o.name FROM season n JOIN organisation o ON o.id = n.organisation"
									" WHERE o.institution = $1 ORDER BY n.id DESC LIMIT $2");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct season_row, SEASONS_MOST);
	if ((st = store_query(db, &q, int64(who->institution), int64(SEASONS_MOST)))) return st;
	while ((st = store_next(db)) == OK) {
		int64_t organisation = col_int64(db, 1);
		if (!actor_may_in(who, RIGHT_PROGRAMME_READ, organisation)) continue;
		(*out)[(*count)++] = (struct season_row){ col_int64(db, 0), organisation, col_text(db, 2, a), col_text(db, 3, a),
			actor_may_in(who, RIGHT_PROGRAMME_WRITE, organisation) };
	}
	return st == NOT_FOUND ? OK : st;
}

/* ---- the list ---- */

static enum event_stage stage_of(int64_t performances, int64_t next_at, int64_t drafts, int64_t on_sale, int64_t stopped)
{
	if (performances == 0) return EVENT_EMPTY;
	if (next_at == 0) return EVENT_OVER;
	return on_sale ? EVENT_ON_SALE : stopped ? EVENT_STOPPED : drafts ? EVENT_DRAFT : EVENT_CANCELLED;
}

static bool is_in_view(const struct event_row *e, enum event_view view)
{
	switch (view) {
	case EVENTS_COMING: return e->next_at || e->performances == 0;
	case EVENTS_DRAFTS: return e->stage == EVENT_DRAFT || e->stage == EVENT_EMPTY;
	case EVENTS_PAST: return e->stage == EVENT_OVER;
	default: return true;
	}
}

/* Whether each word of the folded WORDS begins a word of TEXT. */
static bool has_words(struct arena *a, struct str words, struct str text)
{
	struct str rest = words, word;
	struct str all = str_format(a, " %.*s", STR_ARG(text_fold_search(a, text)));
	while (str_next(&rest, ' ', &word))
		if (word.len && str_find(all, str_format(a, " %.*s", STR_ARG(word))) < 0) return false;
	return true;
}

static int by_date(const void *one, const void *other)
{
	const struct event_row *x = one, *y = other;
	if ((x->next_at == 0) != (y->next_at == 0)) return x->next_at == 0 ? 1 : -1;
	if (x->next_at != y->next_at) return x->next_at < y->next_at ? -1 : 1;
	if (x->last_at != y->last_at) return x->last_at > y->last_at ? -1 : 1;
	return x->id > y->id ? -1 : 1;
}

#define TO_COME(state) "(SELECT count(*) FROM performance p WHERE p.event = e.id AND p.starts_at > $4 AND p.state = '" state "')"

enum status event_rows(
	struct conn *db, struct arena *a, const struct actor *who, const struct event_search *s, enum language l, struct event_row **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT e.id, e.season, n.organisation, COALESCE(t.title, m.title, ''), n.name,"
			"  (SELECT count(*) FROM performance p WHERE p.event = e.id),"
			"  (SELECT min(p.starts_at) FROM performance p WHERE p.event = e.id AND p.starts_at > $4),"
			"  (SELECT max(p.starts_at) FROM performance p WHERE p.event = e.id)," TO_COME("draft") "," TO_COME("on-sale") "," TO_COME(
				"stopped") " FROM event e JOIN season n ON n.id = e.season JOIN institution i ON i.id = e.institution"
						   "  LEFT JOIN event_text t ON t.event = e.id AND t.language = $3 LEFT JOIN event_text m ON m.event = e.id AND m.language = "
						   "i.main_language"
						   " WHERE e.institution = $1 AND (e.season = $2 OR $2 = 0) ORDER BY e.id DESC LIMIT $5");
	struct str words = text_fold_search(a, s->words);
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct event_row, EVENTS_MOST);
	if ((st = store_query(db, &q, int64(who->institution), int64(s->season), text(str_of(lang_tag(l))), int64(store_now(db)), int64(EVENTS_MOST))))
		return st;
	while ((st = store_next(db)) == OK) {
		struct event_row e = { .id = col_int64(db, 0),
			.season = col_int64(db, 1),
			.organisation = col_int64(db, 2),
			.title = col_text(db, 3, a),
			.season_name = col_text(db, 4, a),
			.performances = col_int64(db, 5),
			.next_at = col_int64(db, 6),
			.last_at = col_int64(db, 7) };
		e.stage = stage_of(e.performances, e.next_at, col_int64(db, 8), col_int64(db, 9), col_int64(db, 10));
		if (!actor_may_in(who, RIGHT_PROGRAMME_READ, e.organisation) || !is_in_view(&e, s->view)) continue;
		if (has_words(a, words, str_format(a, "%.*s %.*s", STR_ARG(e.title), STR_ARG(e.season_name)))) (*out)[(*count)++] = e;
	}
	if (st != NOT_FOUND) return st;
	qsort(*out, *count, sizeof **out, by_date);
	return OK;
}

/* ---- one event ---- */

static enum status texts_read(struct conn *db, struct arena *a, struct event_edit *e)
{
	static const struct sql q = SQL("SELECT language, title, what, description FROM event_text WHERE event = $1");
	enum status st = store_query(db, &q, int64(e->id));
	while (!st && (st = store_next(db)) == OK)
		e->in[lang_written(col_text(db, 0, a))] = (struct event_text){ col_text(db, 1, a), col_text(db, 2, a), col_text(db, 3, a) };
	return st == NOT_FOUND ? OK : st;
}

enum status event_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct event_edit *out)
{
	static const struct sql q = SQL("SELECT e.season, n.name, n.organisation, e.version FROM event e JOIN season n ON n.id = e.season"
									" WHERE e.institution = $1 AND e.id = $2");
	enum status st = store_row(db, &q, int64(who->institution), int64(id));
	if (st) return st;
	*out = (struct event_edit){
		.id = id, .season = col_int64(db, 0), .season_name = col_text(db, 1, a), .organisation = col_int64(db, 2), .version = col_int64(db, 3)
	};
	return actor_may_in(who, RIGHT_PROGRAMME_READ, out->organisation) ? texts_read(db, a, out) : NOT_FOUND;
}

struct str code_from(struct arena *a, struct str name, size_t most)
{
	struct str folded = text_fold_search(a, name);
	struct buf b = buf_in(a);
	for (size_t i = 0; i < folded.len && b.len < most; i++) {
		char c = folded.at[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) buf_add_char(&b, c);
		else if (b.len && b.at[b.len - 1] != '-') buf_add_char(&b, '-');
	}
	while (b.len && b.at[b.len - 1] == '-') b.len--;
	return b.len ? buf_str(&b) : S("x");
}

static struct str numbered(struct arena *a, struct str code, int n)
{
	return n == 1 ? code : str_format(a, "%.*s-%d", STR_ARG(code), n);
}

static void check_text(const struct event_edit *e, enum language l, enum language main_language, struct problem *why)
{
	static const char *const fields[LANGUAGES][EVENT_COLUMNS] = {
		[LANG_EN] = { "title-en", "what-en", "description-en" },
		[LANG_FR] = { "title-fr", "what-fr", "description-fr" },
		[LANG_DE] = { "title-de", "what-de", "description-de" },
		[LANG_IT] = { "title-it", "what-it", "description-it" },
	};
	const struct event_text *t = &e->in[l];
	bool is_missing = !t->title.len && (l == main_language || t->what.len || t->description.len);
	if (is_missing) problem_add(why, fields[l][0], MSG_EVENT_TITLE_MISSING);
	if (!is_plain_line(t->title, EVENT_TITLE_MAX)) problem_add(why, fields[l][0], MSG_EVENT_LINE_LONG, arg_int("n", EVENT_TITLE_MAX));
	if (!is_plain_line(t->what, EVENT_WHAT_MAX)) problem_add(why, fields[l][1], MSG_EVENT_LINE_LONG, arg_int("n", EVENT_WHAT_MAX));
	if (!is_plain_text(t->description, EVENT_DESCRIPTION_MAX))
		problem_add(why, fields[l][2], MSG_EVENT_TEXT_LONG, arg_int("n", EVENT_DESCRIPTION_MAX));
}

/* The season that the form names, where the actor may write; a new one is made. */
static enum status season_of(
	struct conn *db, struct arena *a, const struct actor *who, const struct event_edit *e, int64_t *season, struct problem *why)
{
	static const struct sql q =
		SQL("SELECT n.organisation FROM season n JOIN organisation o ON o.id = n.organisation WHERE o.institution = $1 AND n.id = $2");
	static const struct sql of = SQL("SELECT id FROM organisation WHERE institution = $1 AND id = $2");
	struct str code = code_from(a, e->season_name, CODE_MAX);
	enum status st;
	if (e->season) {
		if ((st = store_row(db, &q, int64(who->institution), int64(e->season))) && st != NOT_FOUND) return st;
		if (st || !actor_may_in(who, RIGHT_PROGRAMME_WRITE, col_int64(db, 0))) return problem_add(why, "season", MSG_CHOICE_UNKNOWN), REFUSED;
		*season = e->season;
		return OK;
	}
	if ((st = store_row(db, &of, int64(who->institution), int64(e->organisation))) && st != NOT_FOUND) return st;
	if (st || !actor_may_in(who, RIGHT_PROGRAMME_WRITE, e->organisation)) return problem_add(why, "organisation", MSG_CHOICE_UNKNOWN), REFUSED;
	if (!e->season_name.len || !is_plain_line(e->season_name, SEASON_NAME_MAX))
		return problem_add(why, "season_name", MSG_SEASON_NAME_MISSING, arg_int("n", SEASON_NAME_MAX)), REFUSED;
	for (int n = 1; n <= CODE_TRIES; n++) {
		if ((st = season_make(db, e->organisation, numbered(a, code, n), e->season_name, season)) == REFUSED) continue;
		if (st) return st;
		const struct audit_value after[] = { { "name", e->season_name }, { NULL, { 0 } } };
		return audit_note(db, a, who, &(const struct audit_record){ "season-made", "season", *season, NULL, after });
	}
	return problem_add(why, "season_name", MSG_CODE_TAKEN, arg_text("code", code)), REFUSED;
}

static enum status insert(struct conn *db, struct arena *a, const struct actor *who, int64_t season, struct str title, int64_t *id)
{
	struct str code = code_from(a, title, CODE_MAX);
	enum status st = REFUSED;
	for (int n = 1; n <= CODE_TRIES && st == REFUSED; n++) st = event_make(db, who->institution, season, numbered(a, code, n), id);
	return st;
}

static enum status update(struct conn *db, const struct actor *who, const struct event_edit *e, int64_t season, struct problem *why)
{
	static const struct sql q = SQL("UPDATE event SET season = $4, version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3");
	enum status st = store_exec(db, &q, int64(who->institution), int64(e->id), int64(e->version), int64(season));
	if (!st && !store_changes(db)) return problem_add(why, "", MSG_SAVED_MEANWHILE), REFUSED;
	return st;
}

static enum status texts_write(struct conn *db, const struct event_edit *e, int64_t id)
{
	static const struct sql none = SQL("DELETE FROM event_text WHERE event = $1 AND language = $2");
	enum status st = OK;
	for (int l = 0; l < LANGUAGES && !st; l++) {
		const struct event_text *t = &e->in[l];
		st = t->title.len ? event_text_set(db, id, (enum language)l, t->title, t->what, t->description)
						  : store_exec(db, &none, int64(id), text(str_of(lang_tag((enum language)l))));
	}
	return st;
}

enum status event_save(struct conn *db, struct arena *a, const struct actor *who, const struct event_edit *e, int64_t *id, struct problem *why)
{
	struct house_of house;
	struct event_edit old = { 0 };
	int64_t season = 0;
	enum status st;
	if ((st = house_of(db, a, who->institution, &house))) return st;
	if (e->id && (st = event_get(db, a, who, e->id, &old))) return st;
	if (e->id && !actor_may_in(who, RIGHT_PROGRAMME_WRITE, old.organisation)) return NOT_FOUND;
	for (int l = 0; l < LANGUAGES; l++) check_text(e, (enum language)l, house.main_language, why);
	if ((st = season_of(db, a, who, e, &season, why))) return st;
	if (problem_any(why)) return REFUSED;
	struct str title = e->in[house.main_language].title;
	*id = e->id;
	if ((st = e->id ? update(db, who, e, season, why) : insert(db, a, who, season, title, id))) return st;
	if ((st = texts_write(db, e, *id))) return st;
	const struct audit_value before[] = { { "title", old.in[house.main_language].title }, { NULL, { 0 } } },
							 after[] = { { "title", title }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ e->id ? "event-changed" : "event-made", "event", *id, e->id ? before : NULL, after });
}
