/* documents/type.c: document types as rows, and the rule that no class is ever left without one. */
#include "documents/type.h"

#include "base/fold.h"
#include "institution/audit.h"
#include "institution/plain.h"
#include "documents/usable.h"

#define TYPE_COLUMNS "d.id, d.class, d.code, d.name, d.main_language, d.is_active"

/* ---- for whom ---- */

bool document_type_may_change(const struct actor *who, const struct document_type *t)
{
	bool may = t->organisation_count > 0 || actor_may_in(who, RIGHT_DOCUMENT_WRITE, 0);
	for (size_t i = 0; i < t->organisation_count; i++) may &= actor_may_in(who, RIGHT_DOCUMENT_WRITE, t->organisations[i]);
	return may;
}

/* Its mails go out for every organisation that it is for, so each that reads documents sees it. */
static bool may_read(const struct actor *who, const struct document_type *t)
{
	bool may = t->organisation_count == 0 && actor_may(who, RIGHT_DOCUMENT_READ);
	for (size_t i = 0; i < t->organisation_count; i++) may |= actor_may_in(who, RIGHT_DOCUMENT_READ, t->organisations[i]);
	return may;
}

/* ---- reading ---- */

static void read_row(struct conn *db, struct arena *a, struct document_type *out)
{
	*out = (struct document_type){ .id = col_int64(db, 0), .code = col_text(db, 2, a), .name = col_text(db, 3, a), .is_active = col_boolean(db, 5) };
	if (!document_class_from_code(col_text(db, 1, a), &out->class)) BUG("document type %lld has an unknown class", (long long)out->id);
	out->main_language = lang_written(col_text(db, 4, a));
}

static enum status read_rows(struct conn *db, struct arena *a, enum status st, struct document_type **out, size_t *count)
{
	*count = 0;
	*out = ARENA_ARRAY(a, struct document_type, DOCUMENT_TYPES_MAX);
	while (!st && !(st = store_next(db)) && *count < DOCUMENT_TYPES_MAX) read_row(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

static bool is_found(struct arena *a, const struct document_type *t, struct str folded)
{
	const struct str in[] = { t->code, t->name, str_of(document_class(t->class)->code) };
	for (size_t i = 0; i < COUNT(in); i++)
		if (str_find(text_fold_search(a, in[i]), folded) >= 0) return true;
	return false;
}

static enum status read_ids(struct conn *db, struct arena *a, const struct sql *q, int64_t type, int64_t **out, size_t *count)
{
	enum status st = store_query(db, q, int64(type));
	*count = 0;
	*out = ARENA_ARRAY(a, int64_t, DOCUMENT_TYPES_MAX);
	while (!st && !(st = store_next(db)) && *count < DOCUMENT_TYPES_MAX) (*out)[(*count)++] = col_int64(db, 0);
	return st == NOT_FOUND ? OK : st;
}

static enum status read_scope(struct conn *db, struct arena *a, struct document_type *t)
{
	static const struct sql organisations = SQL("SELECT organisation FROM document_type_organisation WHERE document_type = $1 ORDER BY organisation");
	static const struct sql channels = SQL("SELECT sales_channel FROM document_type_channel WHERE document_type = $1 ORDER BY sales_channel");
	enum status st = read_ids(db, a, &organisations, t->id, &t->organisations, &t->organisation_count);
	return st ? st : read_ids(db, a, &channels, t->id, &t->channels, &t->channel_count);
}

enum status document_type_list(struct conn *db, struct arena *a, const struct actor *who, enum document_class class, struct str search,
	struct document_type **out, size_t *count)
{
	static const struct sql q = SQL("SELECT " TYPE_COLUMNS " FROM document_type d WHERE d.institution = $1 AND ($2 = '' OR d.class = $2) "
									"ORDER BY d.class, d.code LIMIT $3");
	struct str wanted = class == DOCUMENT_CLASSES ? S("") : str_of(document_class(class)->code), folded = text_fold_search(a, search);
	enum status st = store_query(db, &q, int64(who->institution), text(wanted), int64(DOCUMENT_TYPES_MAX));
	if ((st = read_rows(db, a, st, out, count))) return st;
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++) {
		struct document_type *t = &(*out)[i];
		if ((st = read_scope(db, a, t))) return st;
		if (may_read(who, t) && (!folded.len || is_found(a, t, folded))) (*out)[kept++] = *t;
	}
	*count = kept;
	return OK;
}

enum status document_types_usable(struct conn *db, struct arena *a, int64_t institution, enum document_class class, int64_t point_of_sale,
	struct document_type **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT " TYPE_COLUMNS " FROM document_type d WHERE d.institution = $1 AND d.class = $2 AND d.is_active "
			"  AND ($3 = 0 OR EXISTS (SELECT 1 FROM point_of_sale p WHERE p.id = $3 AND p.institution = d.institution AND " TYPE_IS_USABLE ")) "
			"  AND EXISTS (SELECT 1 FROM document_template t WHERE t.document_type = d.id AND t.language = d.main_language) "
			"ORDER BY d.name, d.id LIMIT $4");
	enum status st =
		store_query(db, &q, int64(institution), text(str_of(document_class(class)->code)), int64(point_of_sale), int64(DOCUMENT_TYPES_MAX));
	return read_rows(db, a, st, out, count);
}

enum status document_type_get(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct document_type *out)
{
	static const struct sql q = SQL("SELECT " TYPE_COLUMNS " FROM document_type d WHERE d.institution = $1 AND d.id = $2");
	enum status st;
	if ((st = store_row(db, &q, int64(who->institution), int64(id)))) return st;
	read_row(db, a, out);
	if ((st = read_scope(db, a, out))) return st;
	return may_read(who, out) ? OK : NOT_FOUND;
}

/* ---- changing ---- */

/* Capitals, digits, _ and -: what stands in lists and files' names. */
static bool code_is_good(struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || ((c == '_' || c == '-') && i))) return false;
	}
	return code.len && code.len <= DOCUMENT_TYPE_CODE_MAX;
}

static bool name_is_good(struct str name)
{
	return name.len && is_plain_line(name, DOCUMENT_TYPE_NAME_MAX);
}

/* Nobody makes a type for others than those whose documents he changes. */
static enum status scope_check(const struct actor *who, const struct document_type *t, struct problem *why)
{
	if (document_type_may_change(who, t)) return OK;
	problem_add(why, "organisation", t->organisation_count ? MSG_DOCUMENT_TYPE_SCOPE_SOME : MSG_DOCUMENT_TYPE_SCOPE_ALL);
	return REFUSED;
}

/* For whom it is: only what belongs to the same house. */
static enum status set_scope(struct conn *db, int64_t institution, int64_t type, const struct document_type *t, struct problem *why)
{
	static const struct sql no_organisation = SQL("DELETE FROM document_type_organisation WHERE document_type = $1");
	static const struct sql no_channel = SQL("DELETE FROM document_type_channel WHERE document_type = $1");
	static const struct sql organisation = SQL("INSERT INTO document_type_organisation (document_type, organisation) "
											   "SELECT $1, id FROM organisation WHERE institution = $2 AND id = $3 ON CONFLICT DO NOTHING");
	static const struct sql channel = SQL("INSERT INTO document_type_channel (document_type, sales_channel) "
										  "SELECT $1, id FROM sales_channel WHERE institution = $2 AND id = $3 ON CONFLICT DO NOTHING");
	enum status st;
	if ((st = store_exec(db, &no_organisation, int64(type)))) return st;
	if ((st = store_exec(db, &no_channel, int64(type)))) return st;
	for (size_t i = 0; i < t->organisation_count; i++) {
		if ((st = store_exec(db, &organisation, int64(type), int64(institution), int64(t->organisations[i])))) return st;
		if (!store_changes(db)) return problem_add(why, "organisation", MSG_CHOICE_UNKNOWN), REFUSED;
	}
	for (size_t i = 0; i < t->channel_count; i++) {
		if ((st = store_exec(db, &channel, int64(type), int64(institution), int64(t->channels[i])))) return st;
		if (!store_changes(db)) return problem_add(why, "channel", MSG_CHOICE_UNKNOWN), REFUSED;
	}
	return OK;
}

static struct str numbers_text(struct arena *a, const int64_t *ids, size_t count)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < count; i++) buf_addf(&b, i ? " %lld" : "%lld", (long long)ids[i]);
	return buf_str(&b);
}

static enum status note(struct conn *db, struct arena *a, const struct actor *who, const char *verb, const struct document_type *before,
	const struct document_type *after)
{
	struct audit_value values[2][6] = { 0 };
	const struct document_type *types[] = { before, after };
	for (size_t i = 0; i < COUNT(types); i++) {
		const struct document_type *t = types[i];
		if (!t) continue;
		const struct audit_value is[] = { { "name", t->name }, { "main_language", str_of(lang_tag(t->main_language)) },
			{ "active", t->is_active ? S("yes") : S("no") }, { "organisations", numbers_text(a, t->organisations, t->organisation_count) },
			{ "channels", numbers_text(a, t->channels, t->channel_count) }, { NULL, { 0 } } };
		for (size_t k = 0; k < COUNT(is); k++) values[i][k] = is[k];
	}
	return audit_note(db, a, who, &(const struct audit_record){ verb, "document-type", after->id, before ? values[0] : NULL, values[1] });
}

enum status document_type_add(
	struct conn *db, struct arena *a, const struct actor *who, const struct document_type *t, int64_t *id, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO document_type (institution, class, code, name, main_language, is_active) "
									"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (institution, code) DO NOTHING RETURNING id");
	enum status st;
	if (!code_is_good(t->code)) problem_add(why, "code", MSG_DOCUMENT_TYPE_CODE, arg_int("n", DOCUMENT_TYPE_CODE_MAX));
	if (!name_is_good(t->name)) problem_add(why, "name", MSG_DOCUMENT_TYPE_NAME, arg_int("n", DOCUMENT_TYPE_NAME_MAX));
	if (scope_check(who, t, why) || problem_any(why)) return REFUSED;
	st = store_row(db, &q, int64(who->institution), text(str_of(document_class(t->class)->code)), text(t->code), text(t->name),
		text(str_of(lang_tag(t->main_language))), boolean(t->is_active));
	if (st == NOT_FOUND) return problem_add(why, "code", MSG_CODE_TAKEN, arg_text("code", str_keep(a, t->code))), REFUSED;
	if (st) return st;
	*id = col_int64(db, 0);
	if ((st = set_scope(db, who->institution, *id, t, why))) return st;
	if ((st = templates_install(db, *id, t->class))) return st;
	struct document_type made = *t;
	made.id = *id;
	return note(db, a, who, "document-type-made", NULL, &made);
}

enum status document_type_take(struct conn *db, struct arena *a, const struct actor *who, int64_t id, struct document_type *out, struct problem *why)
{
	static const struct sql lock = SQL("UPDATE document_type SET is_active = is_active WHERE institution = $1 AND id = $2");
	enum status st;
	if ((st = store_exec(db, &lock, int64(who->institution), int64(id)))) return st;
	if ((st = document_type_get(db, a, who, id, out))) return st;
	if (document_type_may_change(who, out)) return OK;
	problem_add(why, "", MSG_DOCUMENT_TYPE_NOT_YOURS);
	return REFUSED;
}

enum status document_type_change(struct conn *db, struct arena *a, const struct actor *who, const struct document_type *t, struct problem *why)
{
	/* All types of the class are locked first: two who switch off one each must not both see the other's. */
	static const struct sql lock = SQL("UPDATE document_type SET is_active = is_active WHERE institution = $1 "
									   "AND class = (SELECT d.class FROM document_type d WHERE d.institution = $1 AND d.id = $2)");
	static const struct sql q =
		SQL("UPDATE document_type SET name = $3, main_language = $4, is_active = $5 WHERE institution = $1 AND id = $2 "
			"AND EXISTS (SELECT 1 FROM document_template t WHERE t.document_type = document_type.id AND t.language = $4) RETURNING id");
	struct document_type before;
	enum status st;
	if (!name_is_good(t->name)) return problem_add(why, "name", MSG_DOCUMENT_TYPE_NAME, arg_int("n", DOCUMENT_TYPE_NAME_MAX)), REFUSED;
	if ((st = store_exec(db, &lock, int64(who->institution), int64(t->id)))) return st;
	if (!store_changes(db)) return NOT_FOUND;
	if ((st = document_type_take(db, a, who, t->id, &before, why))) return st;
	if ((st = scope_check(who, t, why))) return st;
	st = store_row(db, &q, int64(who->institution), int64(t->id), text(t->name), text(str_of(lang_tag(t->main_language))), boolean(t->is_active));
	if (st == NOT_FOUND) return problem_add(why, "main_language", MSG_DOCUMENT_TYPE_MAIN_LANGUAGE), REFUSED;
	if (st) return st;
	if ((st = set_scope(db, who->institution, t->id, t, why))) return st;
	if ((st = document_types_suffice(db, a, who->institution, before.class, "active", why))) return st;
	return note(db, a, who, "document-type-changed", &before, t);
}

/* Also a house without any door keeps one of each: it may open one tomorrow. */
static enum status class_suffices(
	struct conn *db, struct arena *a, int64_t institution, enum document_class class, const char *field, struct problem *why)
{
	static const struct sql none = SQL("SELECT 1 FROM document_type WHERE institution = $1 AND class = $2 AND is_active LIMIT 1");
	static const struct sql lacking =
		SQL("SELECT p.name FROM point_of_sale p JOIN sales_channel s ON s.id = p.sales_channel "
			"WHERE p.institution = $1 AND p.state IN ('active','suspended') AND s.kind IN ('internet-b2c','internet-b2b') "
			"  AND NOT EXISTS (SELECT 1 FROM document_type d WHERE d.institution = $1 AND d.class = $2 AND d.is_active AND " TYPE_IS_USABLE ") "
			"ORDER BY p.name LIMIT 1");
	struct value code = text(str_of(document_class(class)->code));
	enum status st = store_row(db, &none, int64(institution), code);
	if (st == NOT_FOUND) return problem_add(why, field, MSG_DOCUMENT_TYPE_LAST), REFUSED;
	if (st) return st;
	st = store_row(db, &lacking, int64(institution), code);
	if (st) return st == NOT_FOUND ? OK : st;
	problem_add(why, field, MSG_DOCUMENT_TYPE_LAST_FOR, arg_text("shop", col_text(db, 0, a)));
	return REFUSED;
}

enum status document_types_suffice(
	struct conn *db, struct arena *a, int64_t institution, enum document_class class, const char *field, struct problem *why)
{
	for (int c = 0; c < DOCUMENT_CLASSES; c++) {
		if (class != DOCUMENT_CLASSES && (int)class != c) continue;
		enum status st = class_suffices(db, a, institution, (enum document_class)c, field, why);
		if (st) return st;
	}
	return OK;
}
