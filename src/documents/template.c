/* documents/template.c: installing what ships, finding what is in force, going back. */
#include "documents/template.h"

#include "base/status.h"
#include "documents/type.h"
#include "documents/usable.h"
#include "institution/audit.h"

const struct shipped_template *shipped_template(enum document_class class, enum language l)
{
	struct str type_code = str_of(document_class(class)->type_code);
	for (size_t i = 0; i < shipped_template_count; i++) {
		struct str name = str_of(shipped_templates[i].name), rest = str_part(name, type_code.len, name.len);
		if (!str_starts(name, type_code) || !str_starts(rest, S("_")) || !str_ends(rest, S(".docx"))) continue;
		if (str_eq(str_part(rest, 1, rest.len - sizeof "_.docx" + 1), str_of(lang_tag(l)))) return &shipped_templates[i];
	}
	return NULL;
}

enum status templates_install(struct conn *db, int64_t type, enum document_class class)
{
	static const struct sql q =
		SQL("INSERT INTO document_template (document_type, language, version, word, made_at, made_by) VALUES ($1, $2, 1, $3, $4, 'shipped')");
	int64_t now = store_now(db);
	for (int l = 0; l < LANGUAGES; l++) {
		const struct shipped_template *shipped = shipped_template(class, (enum language)l);
		if (!shipped) continue;
		struct str word = { shipped->at, (size_t)(shipped->end - shipped->at) };
		enum status st = store_exec(db, &q, int64(type), text(str_of(lang_tag((enum language)l))), blob(word), int64(now));
		if (st) return st;
	}
	return OK;
}

static enum status has_type(struct conn *db, int64_t institution, enum document_class class)
{
	static const struct sql q = SQL("SELECT 1 FROM document_type WHERE institution = $1 AND class = $2 LIMIT 1");
	return store_row(db, &q, int64(institution), text(str_of(document_class(class)->code)));
}

static enum status install_type(struct conn *db, struct arena *a, int64_t institution, enum language main_language, enum document_class class)
{
	static const struct sql type = SQL("INSERT INTO document_type (institution, class, code, name, main_language, is_active) "
									   "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
	const struct document_class_info *info = document_class(class);
	enum status st;
	if ((st = store_row(db, &type, int64(institution), text(str_of(info->code)), text(str_of(info->type_code)),
			 text(lang_text(a, main_language, info->name, NULL)), text(str_of(lang_tag(main_language))), boolean(true))))
		return st;
	return templates_install(db, col_int64(db, 0), class);
}

enum status document_types_install(struct conn *db, int64_t institution)
{
	static const struct sql q = SQL("SELECT main_language FROM institution WHERE id = $1");
	struct arena *a = arena_new();
	enum status st = store_row(db, &q, int64(institution));
	enum language l = st ? LANG_EN : lang_written(col_text(db, 0, a));
	for (int class = 0; !st && class < DOCUMENT_CLASSES; class ++) {
		st = has_type(db, institution, (enum document_class) class);
		if (st == NOT_FOUND) st = install_type(db, a, institution, l, (enum document_class) class);
	}
	arena_free(a);
	return st;
}

#define HOUSES_MOST 100 /* of one database; pages hold one, tests a second */

#define LACKING "(SELECT count(DISTINCT d.class) FROM document_type d WHERE d.institution = i.id) < $1"

static enum status complete(struct conn *db, void *arg)
{
	static const struct sql q = SQL("SELECT i.id FROM institution i WHERE " LACKING " ORDER BY i.id LIMIT $2");
	int64_t ids[HOUSES_MOST];
	size_t count = 0;
	enum status st = store_query(db, &q, int64(DOCUMENT_CLASSES), int64(HOUSES_MOST));
	(void)arg;
	while (!st && (st = store_next(db)) == OK) ids[count++] = col_int64(db, 0);
	if (st != NOT_FOUND) return st;
	st = OK;
	for (size_t i = 0; !st && i < count; i++) st = document_types_install(db, ids[i]);
	return st;
}

enum status document_types_complete(struct conn *db)
{
	static const struct sql q = SQL("SELECT 1 FROM institution i WHERE " LACKING " LIMIT 1");
	enum status st = store_row(db, &q, int64(DOCUMENT_CLASSES));
	if (st == NOT_FOUND) return OK; /* nearly every start: one look, no write */
	return st ? st : store_write(db, complete, NULL);
}

static enum language language_of(struct conn *db, int column, struct arena *a)
{
	return lang_written(col_text(db, column, a));
}

/* A type that was made for this organisation or channel goes before one that is for all. */
#define FEWEST_FIRST                                                                                     \
	"CASE WHEN EXISTS (SELECT 1 FROM document_type_organisation o WHERE o.document_type = d.id) THEN 0 " \
	"     WHEN EXISTS (SELECT 1 FROM document_type_channel c WHERE c.document_type = d.id) THEN 1 ELSE 2 END, d.id "

enum status template_in_force(struct conn *db, const struct template_wanted *wanted, enum language *l, int64_t *template)
{
	static const struct sql q =
		SQL("SELECT t.id, t.language FROM document_template t JOIN document_type d ON d.id = t.document_type "
			"WHERE d.id = (SELECT d.id FROM document_type d WHERE d.institution = $1 AND d.class = $2 AND d.is_active "
			"    AND ($5 = 0 OR d.id = $5) AND ($4 = 0 OR EXISTS (SELECT 1 FROM point_of_sale p WHERE p.id = $4 AND " TYPE_IS_USABLE "))"
			"    ORDER BY " FEWEST_FIRST "LIMIT 1) "
			"  AND (t.language = $3 OR t.language = d.main_language) "
			"ORDER BY CASE WHEN t.language = $3 THEN 0 ELSE 1 END, t.version DESC LIMIT 1");
	struct arena *a = arena_new();
	enum status st = store_row(db, &q, int64(wanted->institution), text(str_of(document_class(wanted->class)->code)), text(str_of(lang_tag(*l))),
		int64(wanted->point_of_sale), int64(wanted->document_type));
	if (!st) {
		*template = col_int64(db, 0);
		*l = language_of(db, 1, a);
	}
	arena_free(a);
	return st;
}

/* ---- versions ---- */

#define VERSION_COLUMNS                                                \
	"t.id, t.version, t.made_at, t.language, t.made_by, t.file_name, " \
	"t.version = (SELECT max(n.version) FROM document_template n WHERE n.document_type = t.document_type AND n.language = t.language)"
#define VERSION_WORD 7 /* the .docx, where it is read, comes after VERSION_COLUMNS */

static void read_version(struct conn *db, struct arena *a, struct template_version *out)
{
	*out = (struct template_version){
		.id = col_int64(db, 0),
		.version = col_int64(db, 1),
		.made_at = col_int64(db, 2),
		.language = language_of(db, 3, a),
		.made_by = col_text(db, 4, a),
		.file_name = col_text(db, 5, a),
		.is_in_force = col_boolean(db, 6),
	};
}

enum status template_versions(struct conn *db, struct arena *a, int64_t institution, int64_t type, struct template_version **out, size_t *count)
{
	static const struct sql q = SQL("SELECT " VERSION_COLUMNS " FROM document_template t JOIN document_type d ON d.id = t.document_type "
									"WHERE d.institution = $1 AND d.id = $2 ORDER BY t.language, t.version DESC LIMIT $3");
	enum status st;
	*count = 0;
	*out = ARENA_ARRAY(a, struct template_version, VERSIONS_MAX);
	if ((st = store_query(db, &q, int64(institution), int64(type), int64(VERSIONS_MAX)))) return st;
	while (!(st = store_next(db))) read_version(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

enum status template_version_get(
	struct conn *db, struct arena *a, int64_t institution, int64_t type, int64_t id, struct template_version *out, struct str *word)
{
	static const struct sql q = SQL("SELECT " VERSION_COLUMNS ", t.word FROM document_template t JOIN document_type d ON d.id = t.document_type "
									"WHERE d.institution = $1 AND d.id = $2 AND t.id = $3");
	enum status st;
	if ((st = store_row(db, &q, int64(institution), int64(type), int64(id)))) return st;
	read_version(db, a, out);
	*word = col_blob(db, VERSION_WORD, a);
	return OK;
}

enum status template_restore(
	struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t id, int64_t *version, struct problem *why)
{
	static const struct sql q =
		SQL("INSERT INTO document_template (document_type, language, version, word, file_name, made_at, made_by) "
			"SELECT t.document_type, t.language, n.newest + 1, t.word, t.file_name, $3, $4 FROM document_template t "
			"  JOIN (SELECT document_type, language, max(version) AS newest FROM document_template GROUP BY document_type, language) n "
			"    ON n.document_type = t.document_type AND n.language = t.language "
			"WHERE t.document_type = $1 AND t.id = $2 AND t.version < n.newest RETURNING version");
	struct template_version old;
	struct document_type t;
	struct str word;
	enum status st;
	if ((st = document_type_take(db, a, who, type, &t, why))) return st;
	if ((st = template_version_get(db, a, who->institution, type, id, &old, &word))) return st;
	st = store_row(db, &q, int64(type), int64(id), int64(store_now(db)), text(who->name));
	if (st == NOT_FOUND) return problem_add(why, "version", MSG_TEMPLATE_IN_FORCE_ALREADY), REFUSED;
	if (st) return st;
	*version = col_int64(db, 0);
	const struct audit_value after[] = { { "version", str_format(a, "%lld", (long long)*version) },
		{ "content_of_version", str_format(a, "%lld", (long long)old.version) }, { "language", str_of(lang_tag(old.language)) }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "template-put-in-force", "document-type", type, NULL, after });
}
