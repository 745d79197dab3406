/* commands/data.c: the database, its schema, and the folders beside it. */
#include "commands/data.h"

#include "documents/template.h"

#include "institution/institution.h"

static enum status raise_schema(struct conn *db, enum schema_rule rule, struct problem *why)
{
	enum schema_state state;
	enum status st = store_schema(db, store_migrations, store_migration_count, &state, why);
	if (st) return st;
	switch (state) {
	case SCHEMA_CURRENT: return rule == SCHEMA_MUST_BE_CURRENT ? OK : document_types_complete(db);
	case SCHEMA_EMPTY:
		if (rule != SCHEMA_MUST_BE_CURRENT) break;
		problem_add(why, "database", MSG_SCHEMA_EMPTY);
		return REFUSED;
	case SCHEMA_OLDER:
		if (rule == SCHEMA_MAY_BE_RAISED) break;
		problem_add(why, "database", MSG_SCHEMA_OLDER);
		return REFUSED;
	default: break; /* newer or not ours: store_migrate says so and changes nothing */
	}
	st = store_migrate(db, store_migrations, store_migration_count, why);
	return st ? st : document_types_complete(db);
}

enum status data_open(const struct config *c, enum schema_rule rule, struct store **out, struct problem *why)
{
	enum status st = store_open(config_text(c, "database"), out, why);
	if (st) return st;
	st = raise_schema(store_conn(*out), rule, why);
	if (!st) return OK;
	store_close(*out);
	*out = NULL;
	return st;
}

struct str data_folder(struct arena *a, const struct config *c)
{
	struct str url = config_text(c, "database");
	bool is_sqlite = str_starts(url, S("sqlite:"));
	struct str path = is_sqlite ? str_part(url, 7, url.len) : config_text(c, "secret-dir");
	size_t slash = path.len;
	while (slash > 0 && path.at[slash - 1] != '/') slash--;
	if (slash == 0) return S(".");
	return slash == 1 ? S("/") : str_keep(a, str_part(path, 0, slash - 1));
}

enum status data_secret_dir(struct arena *a, const struct config *c, const char **dir, struct problem *why)
{
	struct str given = config_text(c, "secret-dir");
	if (given.len == 0 && !str_starts(config_text(c, "database"), S("sqlite:"))) {
		problem_add(why, "secret-dir", MSG_SECRET_DIR_MISSING);
		return REFUSED;
	}
	*dir = given.len ? str_c(a, given) : str_c(a, str_format(a, "%.*s/keys", STR_ARG(data_folder(a, c))));
	return OK;
}

enum status data_institution(struct conn *db, int64_t *institution)
{
	return institution_first(db, institution);
}
