/* institution/audit.c: adding to the trail. */
#include "institution/audit.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/fold.h"
#include "base/random.h"

#define SALT_BYTES 16

bool audit_is_secret(struct str name)
{
	static const struct str words[] = { { STR("password") }, { STR("hash") }, { STR("token") }, { STR("link") }, { STR("secret") }, { STR("code") },
		{ STR("key") } };
	struct str piece;
	while (str_next(&name, '_', &piece))
		for (size_t i = 0; i < COUNT(words); i++)
			if (str_eq_nocase(piece, words[i])) return true;
	return false;
}

/* {"name":"value",…}, or empty for none. */
static struct str values_text(struct arena *a, const struct audit_value *v)
{
	if (!v || !v->name) return S("");
	json_t *all = json_object();
	for (; v->name; v++) {
		if (audit_is_secret(str_of(v->name))) BUG("the audit trail keeps no %s", v->name);
		json_object_set_new(all, v->name, json_stringn(v->value.at ? v->value.at : "", v->value.len));
	}
	char *written = json_dumps(all, JSON_COMPACT);
	if (!written) BUG("out of memory for an audit row");
	struct str out = str_keep(a, str_of(written));
	free(written);
	json_decref(all);
	return out;
}

enum status audit_note(struct conn *db, struct arena *a, const struct actor *who, const struct audit_record *what)
{
	static const struct sql entry =
		SQL("INSERT INTO audit_entry (institution, at, operator, operator_name, verb, kind, record, network, before_values, after_values, salt)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id");
	static const struct sql unsealed = SQL("INSERT INTO audit_unsealed (entry) VALUES ($1)");
	enum status st;
	if ((st = store_row(db, &entry, int64(who->institution), int64(store_now(db)), who->operator_id ? int64(who->operator_id) : null_value(),
			 text(who->name), text(str_of(what->verb)), text(str_of(what->kind)), int64(what->record), text(who->network),
			 text(values_text(a, what->before)), text(values_text(a, what->after)), blob(random_bytes(a, SALT_BYTES)))))
		return st;
	return store_exec(db, &unsealed, int64(col_int64(db, 0)));
}

/* ---- reading ---- */

#define WALK_STEP 500 /* entries read in one statement */

/* In an arena of its own: a walk looks at thousands. */
static bool fits_words(const struct audit_search *s, const struct audit_entry *e, struct str words)
{
	struct arena *a = arena_new();
	bool fits = true;
	struct str said = s->speech.say(s->speech.of, a, e);
	struct str all = str_format(a, "%.*s %.*s %lld %.*s", STR_ARG(e->operator_name), STR_ARG(said), (long long)e->record, STR_ARG(e->network));
	struct str folded = text_fold_search(a, all), rest = words, word;
	while (str_next(&rest, ' ', &word)) fits &= !word.len || str_find(folded, word) >= 0;
	arena_free(a);
	return fits;
}

static void entry_read(struct conn *db, struct arena *a, struct audit_entry *e)
{
	*e = (struct audit_entry){
		.id = col_int64(db, 0),
		.at = col_int64(db, 1),
		.operator_id = col_int64(db, 2),
		.operator_name = col_text(db, 3, a),
		.verb = col_text(db, 4, a),
		.kind = col_text(db, 5, a),
		.record = col_int64(db, 6),
		.network = col_text(db, 7, a),
		.before = col_text(db, 8, a),
		.after = col_text(db, 9, a),
	};
}

enum status audit_list(struct conn *db, struct arena *a, int64_t institution, const struct audit_search *s, int64_t before, size_t most,
	struct audit_entry **out, size_t *count, int64_t *more)
{
	static const struct sql q =
		SQL("SELECT id, at, operator, operator_name, verb, kind, record, network, before_values, after_values FROM audit_entry"
			" WHERE institution = $1 AND id < $2 AND (CAST($3 AS BIGINT) = 0 OR operator = $3) AND (CAST($4 AS BIGINT) = 0 OR record = $4) AND "
			"(CAST($5 AS TEXT) = '' OR kind = $5)"
			" AND at >= $6 AND at < $7 ORDER BY id DESC LIMIT $8");
	struct str words = text_fold_search(a, s->words);
	int64_t at = before ? before : INT64_MAX, until = s->until ? s->until : INT64_MAX, step = words.len ? WALK_STEP : (int64_t)most + 1;
	*out = ARENA_ARRAY(a, struct audit_entry, most + 1);
	*count = 0;
	*more = 0;
	for (int64_t walked = 0; walked < AUDIT_WALK_MAX;) {
		int64_t rows = 0;
		enum status st = store_query(
			db, &q, int64(institution), int64(at), int64(s->operator_id), int64(s->record), text(s->kind), int64(s->from), int64(until), int64(step));
		if (st) return st;
		while ((st = store_next(db)) == OK) {
			struct audit_entry *e = &(*out)[*count];
			entry_read(db, a, e);
			rows++;
			if (words.len && !fits_words(s, e, words)) {
				at = e->id;
				continue;
			}
			if (*count == most) return *more = at, OK;
			at = e->id;
			++*count;
		}
		if (st != NOT_FOUND) return st;
		if (rows < step) return OK;
		walked += rows;
	}
	*more = at;
	return OK;
}
