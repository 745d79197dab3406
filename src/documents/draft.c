/* documents/draft.c: drafts as rows; findings are read from the document each time, so that they follow the program. */
#include "documents/draft.h"

#include "documents/type.h"
#include "institution/audit.h"

struct template_findings template_look(struct arena *a, struct str word, enum document_class class)
{
	struct template_findings f = { .faults = problem_in(a), .remarks = problem_in(a) };
	const struct document_class_info *info = document_class(class);
	struct docx *docx;
	if (docx_read(a, word, (struct docx_limits){ 0 }, &docx, &f.faults)) return f;
	f.docx = docx;
	f.remarks = *docx_remarks(docx);
	docx_check(docx, info->fields, info->field_count, &f.faults);
	return f;
}

enum status draft_add(
	struct conn *db, struct arena *a, const struct actor *who, int64_t type, const struct draft_file *file, int64_t *id, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO document_draft (document_type, language, word, file_name, made_at, made_by) "
									"VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
	static const struct sql sweep = SQL("DELETE FROM document_draft WHERE document_type = $1 AND (made_at < $2 OR id NOT IN "
										"(SELECT d.id FROM document_draft d WHERE d.document_type = $1 ORDER BY d.id DESC LIMIT $3))");
	int64_t now = store_now(db);
	struct document_type t;
	enum status st;
	if (!file->word.len) return problem_add(why, "template", MSG_TEMPLATE_FILE_MISSING), REFUSED;
	if (file->word.len > DOCX_BYTES_MAX)
		return problem_add(why, "template", MSG_TEMPLATE_FILE_TOO_LARGE, arg_int("n", DOCX_BYTES_MAX >> 20)), REFUSED;
	if ((st = document_type_take(db, a, who, type, &t, why))) return st;
	if ((st = store_row(
			 db, &q, int64(type), text(str_of(lang_tag(file->language))), blob(file->word), text(file->name), int64(now), text(who->name))))
		return st;
	*id = col_int64(db, 0);
	return store_exec(db, &sweep, int64(type), int64(now - DRAFT_LIFE), int64(DRAFTS_KEPT));
}

enum status draft_get(struct conn *db, struct arena *a, int64_t institution, int64_t type, int64_t id, struct draft *out)
{
	static const struct sql q = SQL(
		"SELECT x.id, x.document_type, x.made_at, x.language, x.word, x.file_name, x.made_by, "
		"  EXISTS (SELECT 1 FROM document_template t WHERE t.document_type = x.document_type AND t.language = x.language AND t.made_at > x.made_at) "
		"FROM document_draft x JOIN document_type d ON d.id = x.document_type WHERE d.institution = $1 AND d.id = $2 AND x.id = $3");
	enum status st;
	if ((st = store_row(db, &q, int64(institution), int64(type), int64(id)))) return st;
	*out = (struct draft){
		.id = col_int64(db, 0),
		.type = col_int64(db, 1),
		.made_at = col_int64(db, 2),
		.word = col_blob(db, 4, a),
		.file_name = col_text(db, 5, a),
		.made_by = col_text(db, 6, a),
		.is_overtaken = col_boolean(db, 7),
	};
	out->language = lang_written(col_text(db, 3, a));
	return OK;
}

static enum status forget(struct conn *db, int64_t type, int64_t id)
{
	static const struct sql q = SQL("DELETE FROM document_draft WHERE document_type = $1 AND id = $2");
	return store_exec(db, &q, int64(type), int64(id));
}

enum status draft_drop(struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t id, struct problem *why)
{
	struct document_type t;
	enum status st = document_type_take(db, a, who, type, &t, why);
	return st ? st : forget(db, type, id);
}

/* Two who press the button at once come one after the other: the type's row is taken first. */
enum status draft_use(struct conn *db, struct arena *a, const struct actor *who, int64_t type, int64_t id, int64_t *version, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO document_template (document_type, language, version, word, file_name, made_at, made_by) "
									"SELECT x.document_type, x.language, coalesce((SELECT max(t.version) FROM document_template t "
									"    WHERE t.document_type = x.document_type AND t.language = x.language), 0) + 1, x.word, x.file_name, $3, $4 "
									"FROM document_draft x WHERE x.document_type = $1 AND x.id = $2 RETURNING version, language, file_name");
	struct document_type t;
	enum status st;
	if ((st = document_type_take(db, a, who, type, &t, why))) return st;
	if ((st = store_row(db, &q, int64(type), int64(id), int64(store_now(db)), text(who->name)))) return st;
	*version = col_int64(db, 0);
	const struct audit_value after[] = { { "version", str_format(a, "%lld", (long long)*version) }, { "language", col_text(db, 1, a) },
		{ "file", col_text(db, 2, a) }, { NULL, { 0 } } };
	if ((st = forget(db, type, id))) return st;
	return audit_note(db, a, who, &(const struct audit_record){ "template-put-in-force", "document-type", type, NULL, after });
}
