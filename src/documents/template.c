/* documents/template.c: installing what ships, finding what is in force. */
#include "documents/template.h"

#include "base/status.h"

static const struct shipped_template *shipped_find(struct str type_code, enum language l)
{
	for (size_t i = 0; i < shipped_template_count; i++) {
		struct str name = str_of(shipped_templates[i].name), rest = str_part(name, type_code.len, name.len);
		if (!str_starts(name, type_code) || !str_starts(rest, S("_")) || !str_ends(rest, S(".docx"))) continue;
		if (str_eq(str_part(rest, 1, rest.len - sizeof "_.docx" + 1), str_of(lang_tag(l)))) return &shipped_templates[i];
	}
	return NULL;
}

static enum status install_type(struct conn *db, struct arena *a, int64_t institution, enum language main_language, enum document_class class)
{
	static const struct sql type = SQL("INSERT INTO document_type (institution, class, code, name, main_language, is_active) "
									   "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
	static const struct sql version =
		SQL("INSERT INTO document_template (document_type, language, version, word, made_at, made_by) VALUES ($1, $2, 1, $3, $4, 'shipped')");
	const struct document_class_info *info = document_class(class);
	enum status st;
	if ((st = store_row(db, &type, int64(institution), text(str_of(info->code)), text(str_of(info->type_code)),
			 text(lang_text(a, main_language, info->name, NULL)), text(str_of(lang_tag(main_language))), boolean(true))))
		return st;
	int64_t id = col_int64(db, 0), now = store_now(db);
	for (int l = 0; l < LANGUAGES; l++) {
		const struct shipped_template *shipped = shipped_find(str_of(info->type_code), (enum language)l);
		if (!shipped) continue;
		struct str word = { shipped->at, (size_t)(shipped->end - shipped->at) };
		if ((st = store_exec(db, &version, int64(id), text(str_of(lang_tag((enum language)l))), blob(word), int64(now)))) return st;
	}
	return OK;
}

enum status document_types_install(struct conn *db, int64_t institution)
{
	static const struct sql q = SQL("SELECT main_language FROM institution WHERE id = $1");
	struct arena *a = arena_new();
	enum language l = LANG_EN;
	enum status st = store_row(db, &q, int64(institution));
	if (!st && !lang_from_tag(col_text(db, 0, a), &l)) BUG("institution %lld has an unknown language", (long long)institution);
	for (int class = 0; !st && class < DOCUMENT_CLASSES; class ++) st = install_type(db, a, institution, l, (enum document_class) class);
	arena_free(a);
	return st;
}

enum status template_in_force(struct conn *db, int64_t institution, enum document_class class, enum language *l, int64_t *template)
{
	static const struct sql q = SQL("SELECT t.id, t.language FROM document_template t JOIN document_type d ON d.id = t.document_type "
									"WHERE d.id = (SELECT min(id) FROM document_type WHERE institution = $1 AND class = $2 AND is_active) "
									"  AND (t.language = $3 OR t.language = d.main_language) "
									"ORDER BY CASE WHEN t.language = $3 THEN 0 ELSE 1 END, t.version DESC LIMIT 1");
	struct arena *a = arena_new();
	enum status st = store_row(db, &q, int64(institution), text(str_of(document_class(class)->code)), text(str_of(lang_tag(*l))));
	if (!st) {
		*template = col_int64(db, 0);
		if (!lang_from_tag(col_text(db, 1, a), l)) BUG("template %lld has an unknown language", (long long)*template);
	}
	arena_free(a);
	return st;
}
