/* institution/operator_edit.c: changing, blocking, and the last administrator, who stays. */
#include "institution/audit.h"
#include "institution/operator_inside.h"
#include "institution/operator_session.h"

/* Everybody who changes who administers takes the house's row first, so that two who block each other are decided one after the other. */
static enum status take_house(struct conn *db, int64_t institution)
{
	static const struct sql q = SQL("UPDATE institution SET name = name WHERE id = $1");
	return store_exec(db, &q, int64(institution));
}

/* REFUSED when nobody could let anybody in any more. */
static enum status administrator_stays(struct conn *db, int64_t institution, struct problem *why)
{
	static const struct sql q = SQL("SELECT count(*) FROM operator o JOIN operator_profile p ON p.operator = o.id WHERE o.institution = $1"
									" AND o.state = 'active' AND p.profile = 'administrator' AND p.organisation IS NULL");
	enum status st = store_row(db, &q, int64(institution));
	if (st) return st;
	if (col_int64(db, 0)) return OK;
	problem_add(why, "", MSG_OPERATOR_LAST_ADMINISTRATOR);
	return REFUSED;
}

static enum status had_administrator(struct conn *db, int64_t institution, bool *had)
{
	enum status st = administrator_stays(db, institution, NULL);
	*had = st == OK;
	return st == REFUSED ? OK : st;
}

enum status operator_list(struct conn *db, struct arena *a, int64_t institution, struct operator** out, size_t *count)
{
	static const struct sql q = SQL("SELECT " OPERATOR_COLUMNS " FROM operator o JOIN institution i ON i.id = o.institution"
									" WHERE o.institution = $1 ORDER BY o.name, o.id LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct operator, OPERATORS_MAX);
	*count = 0;
	if ((st = store_query(db, &q, int64(institution), int64(OPERATORS_MAX)))) return st;
	while ((st = store_next(db)) == OK) operator_read(db, a, &(*out)[(*count)++]);
	return st == NOT_FOUND ? OK : st;
}

/* The address of an invited operator may be corrected: his links die with it. Who has a password keeps his: else one could take over another's sign-in by mail. */
static enum status row_change(struct conn *db, const struct operator* was, int64_t version, const struct new_operator *n, struct problem *why)
{
	static const struct sql q =
		SQL("UPDATE operator SET name = $3, language = $4, email = $5, email_key = $6, version = version + 1 WHERE id = $1 AND version = $2");
	static const struct sql taken = SQL("SELECT 1 FROM operator WHERE institution = $1 AND email_key = $2 AND id <> $3");
	bool may_move = was->state == OPERATOR_INVITED && n->email.key.len;
	struct str email = may_move ? n->email.shown : was->email, key = may_move ? n->email.key : was->email_key;
	enum status st = store_row(db, &taken, int64(was->institution), text(key), int64(was->id));
	if (st == OK) return problem_add(why, "email", MSG_OPERATOR_EXISTS), REFUSED;
	if (st != NOT_FOUND) return st;
	if ((st = store_exec(db, &q, int64(was->id), int64(version), text(n->name), text(str_of(lang_tag(n->language))), text(email), text(key))))
		return st;
	if (store_changes(db) == 1) return OK;
	problem_add(why, "", MSG_OPERATOR_CHANGED_MEANWHILE);
	return REFUSED;
}

enum status operator_change(
	struct conn *db, struct arena *a, const struct actor *by, int64_t id, int64_t version, const struct new_operator *n, struct problem *why)
{
	static const struct sql clear = SQL("DELETE FROM operator_profile WHERE operator = $1");
	struct operator was;
	struct operator_context *old;
	size_t old_count;
	bool had;
	enum status st;
	if ((st = take_house(db, by->institution))) return st;
	if ((st = had_administrator(db, by->institution, &had))) return st;
	if ((st = operator_get(db, a, by->institution, id, &was))) return st;
	if ((st = operator_contexts(db, a, id, &old, &old_count))) return st;
	if ((st = row_change(db, &was, version, n, why))) return st;
	if ((st = store_exec(db, &clear, int64(id)))) return st;
	if ((st = operator_contexts_insert(db, by->institution, id, n->contexts, n->context_count))) return st;
	if (had && (st = administrator_stays(db, by->institution, why))) return st;
	const struct audit_value before[] = { { "name", was.name }, { "email", was.email }, { "profiles", operator_contexts_text(a, old, old_count) },
		{ 0 } };
	const struct audit_value after[] = { { "name", n->name },
		{ "email", was.state == OPERATOR_INVITED && n->email.key.len ? n->email.shown : was.email },
		{ "profiles", operator_contexts_text(a, n->contexts, n->context_count) }, { 0 } };
	return audit_note(db, a, by, &(struct audit_record){ "operator-changed", "operator", id, before, after });
}

enum status operator_block(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why)
{
	static const struct sql q =
		SQL("UPDATE operator SET state = 'blocked', version = version + 1 WHERE id = $1 AND institution = $2 AND state <> 'blocked'");
	bool had;
	enum status st;
	if ((st = take_house(db, by->institution))) return st;
	if ((st = had_administrator(db, by->institution, &had))) return st;
	if ((st = store_exec(db, &q, int64(id), int64(by->institution)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if (had && (st = administrator_stays(db, by->institution, why))) return st;
	if ((st = operator_session_end_all(db, id))) return st;
	return audit_note(db, a, by, &(struct audit_record){ .verb = "operator-blocked", .kind = "operator", .record = id });
}

enum status operator_unblock(struct conn *db, struct arena *a, const struct actor *by, int64_t id)
{
	static const struct sql q =
		SQL("UPDATE operator SET state = CASE WHEN password_hash IS NULL THEN 'invited' ELSE 'active' END, version = version + 1"
			" WHERE id = $1 AND institution = $2 AND state = 'blocked'");
	enum status st = store_exec(db, &q, int64(id), int64(by->institution));
	if (st) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = operator_session_end_all(db, id))) return st; /* one begun beside the blocking must not come alive now */
	return audit_note(db, a, by, &(struct audit_record){ .verb = "operator-unblocked", .kind = "operator", .record = id });
}
