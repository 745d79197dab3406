/* institution/operator.c: reading and making operators. */
#include "institution/operator_inside.h"

#include "institution/audit.h"

static const char *const states[] = { "invited", "active", "blocked" };

const char *operator_state_name(enum operator_state state)
{
	if ((unsigned)state >= COUNT(states)) BUG("operator state %d", (int)state);
	return states[state];
}

static enum operator_state state_read(struct str s)
{
	return (enum operator_state)str_index(s, states, COUNT(states), "operator state");
}

void operator_read(struct conn *db, struct arena *a, struct operator* out)
{
	*out = (struct operator){
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.made_at = col_int64(db, 2),
		.signin_at = col_int64(db, 3),
		.version = col_int64(db, 4),
		.state = state_read(col_text(db, 5, a)),
		.name = col_text(db, 6, a),
		.email = col_text(db, 7, a),
		.email_key = col_text(db, 8, a),
		.password_hash = col_text(db, 9, a),
		.has_factor = col_boolean(db, 11),
		.institution_name = col_text(db, 12, a),
		.zone = col_text(db, 13, a),
	};
	out->language = lang_written(col_text(db, 10, a));
}

enum status operator_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct operator* out)
{
	static const struct sql q =
		SQL("SELECT " OPERATOR_COLUMNS " FROM operator o JOIN institution i ON i.id = o.institution WHERE o.institution = $1 AND o.id = $2");
	enum status st = store_row(db, &q, int64(institution), int64(id));
	if (st == OK) operator_read(db, a, out);
	return st;
}

enum status operator_by_email(struct conn *db, struct arena *a, int64_t institution, struct str email_key, struct operator* out)
{
	static const struct sql q =
		SQL("SELECT " OPERATOR_COLUMNS " FROM operator o JOIN institution i ON i.id = o.institution WHERE o.institution = $1 AND o.email_key = $2");
	enum status st = store_row(db, &q, int64(institution), text(email_key));
	if (st == OK) operator_read(db, a, out);
	return st;
}

enum status operator_contexts(struct conn *db, struct arena *a, int64_t id, struct operator_context **out, size_t *count)
{
	static const struct sql q =
		SQL("SELECT p.profile, p.organisation, g.name FROM operator_profile p LEFT JOIN organisation g ON g.id = p.organisation"
			" WHERE p.operator = $1 ORDER BY CASE WHEN p.organisation IS NULL THEN 0 ELSE 1 END, g.name, p.profile LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct operator_context, OPERATOR_CONTEXTS_MAX);
	*count = 0;
	if ((st = store_query(db, &q, int64(id), int64(OPERATOR_CONTEXTS_MAX)))) return st;
	while ((st = store_next(db)) == OK) {
		struct operator_context *c = &(*out)[(*count)++];
		if (!profile_from_name(col_text(db, 0, a), &c->profile)) BUG("operator %lld has an unknown profile", (long long)id);
		c->organisation = col_int64(db, 1);
		c->organisation_name = col_text(db, 2, a);
	}
	return st == NOT_FOUND ? OK : st;
}

/* Contexts come in the order of their organisations, so a grant grows until the next begins. */
static void grant_add(struct actor *who, struct grant *grants, const struct operator_context *c)
{
	uint64_t rights = profile_rights(c->profile);
	if (!c->organisation) {
		who->rights_everywhere |= rights;
		who->rights |= rights;
		return;
	}
	rights &= ~RIGHTS_OF_HOUSE;
	who->rights |= rights;
	for (size_t i = 0; i < who->grant_count; i++)
		if (grants[i].organisation == c->organisation) {
			grants[i].rights |= rights;
			return;
		}
	grants[who->grant_count++] = (struct grant){ c->organisation, rights };
}

enum status operator_actor(struct conn *db, struct arena *a, const struct operator* who, struct str network, struct actor *out)
{
	struct operator_context *contexts;
	size_t count;
	enum status st = operator_contexts(db, a, who->id, &contexts, &count);
	if (st) return st;
	struct grant *grants = ARENA_ARRAY(a, struct grant, count + 1);
	*out = (struct actor){
		.operator_id = who->id, .institution = who->institution, .grants = grants, .name = who->name, .email = who->email, .network = network
	};
	for (size_t i = 0; i < count; i++) grant_add(out, grants, &contexts[i]);
	return OK;
}

/* "administrator, box-office (Opera)": for the trail. */
struct str operator_contexts_text(struct arena *a, const struct operator_context *c, size_t count)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < count; i++) {
		buf_addf(&b, "%s%s", i ? ", " : "", profile_name(c[i].profile));
		if (c[i].organisation) buf_addf(&b, " (%lld)", (long long)c[i].organisation);
	}
	return buf_str(&b);
}

enum status operator_contexts_insert(struct conn *db, int64_t institution, int64_t id, const struct operator_context *c, size_t count)
{
	static const struct sql house = SQL("INSERT INTO operator_profile (operator, profile, organisation) VALUES ($1, $2, NULL)");
	static const struct sql part = SQL("INSERT INTO operator_profile (operator, profile, organisation)"
									   " SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), id FROM organisation WHERE id = $3 AND institution = $4");
	for (size_t i = 0; i < count; i++) {
		struct value profile = text(str_of(profile_name(c[i].profile)));
		enum status st = c[i].organisation ? store_exec(db, &part, int64(id), profile, int64(c[i].organisation), int64(institution))
										   : store_exec(db, &house, int64(id), profile);
		if (st) return st;
		if (store_changes(db) != 1) return NOT_FOUND; /* an organisation of another house */
	}
	return OK;
}

enum status operator_make(struct conn *db, struct arena *a, const struct actor *by, const struct new_operator *n, int64_t *id, struct problem *why)
{
	static const struct sql q = SQL("INSERT INTO operator (institution, name, email, email_key, language, state, password_hash, made_at, mailed_at, "
									"version, factor_is_on, factor_step)"
									" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1, $9, 0) ON CONFLICT DO NOTHING RETURNING id");
	bool has_password = n->password_hash.len;
	enum status st = store_row(db, &q, int64(by->institution), text(n->name), text(n->email.shown), text(n->email.key),
		text(str_of(lang_tag(n->language))), text(str_of(states[has_password ? OPERATOR_ACTIVE : OPERATOR_INVITED])),
		has_password ? text(n->password_hash) : null_value(), int64(store_now(db)), boolean(false));
	if (st == NOT_FOUND) return problem_add(why, "email", MSG_OPERATOR_EXISTS), REFUSED;
	if (st) return st;
	*id = col_int64(db, 0);
	if ((st = operator_contexts_insert(db, by->institution, *id, n->contexts, n->context_count))) return st;
	const struct audit_value after[] = { { "name", n->name }, { "email", n->email.shown },
		{ "profiles", operator_contexts_text(a, n->contexts, n->context_count) }, { 0 } };
	return audit_note(db, a, by, &(struct audit_record){ .verb = "operator-made", .kind = "operator", .record = *id, .after = after });
}

enum status operator_set_language(struct conn *db, int64_t id, enum language l)
{
	static const struct sql q = SQL("UPDATE operator SET language = $2 WHERE id = $1");
	return store_exec(db, &q, int64(id), text(str_of(lang_tag(l))));
}

enum status operator_name_check(struct str name, struct problem *why)
{
	if (name.len && str_is_text(name) && !str_has_control(name) && str_points(name) <= OPERATOR_NAME_MAX) return OK;
	problem_add(why, "name", MSG_OPERATOR_NAME, arg_int("n", OPERATOR_NAME_MAX));
	return REFUSED;
}
