/* institution/operator_parked.c: one row an operator; fields as JSON, in their order, because a name may come several times. */
#include "institution/operator_parked.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/random.h"
#include "institution/audit.h"

#define ID_BYTES 16

bool parked_may_be_kept(struct str path, const struct parked_field *fields, size_t count)
{
	size_t bytes = path.len;
	for (size_t i = 0; i < count; i++) {
		if (audit_is_secret(fields[i].name) || !str_is_text(fields[i].name) || !str_is_text(fields[i].value)) return false;
		bytes += fields[i].name.len + fields[i].value.len;
	}
	return bytes <= PARKED_BYTES_MAX;
}

static struct str fields_text(struct arena *a, const struct parked_field *fields, size_t count)
{
	json_t *all = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			all, json_pack("[s%, s%]", fields[i].name.at, fields[i].name.len, fields[i].value.len ? fields[i].value.at : "", fields[i].value.len));
	char *written = json_dumps(all, JSON_COMPACT);
	if (!written) BUG("out of memory for a parked form");
	struct str out = str_keep(a, str_of(written));
	free(written);
	json_decref(all);
	return out;
}

struct parking {
	int64_t operator_id;
	struct str id, path, fields;
};

static enum status keep(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("INSERT INTO operator_parked (operator, id, path, fields, parked_at) VALUES ($1, $2, $3, $4, $5)"
			" ON CONFLICT (operator) DO UPDATE SET id = excluded.id, path = excluded.path, fields = excluded.fields, parked_at = excluded.parked_at");
	const struct parking *x = arg;
	return store_exec(db, &q, int64(x->operator_id), blob(x->id), text(x->path), text(x->fields), int64(store_now(db)));
}

enum status parked_keep(struct conn *db, struct arena *a, int64_t operator_id, struct str path, const struct parked_field *fields, size_t count)
{
	struct parking x = { operator_id, random_bytes(a, ID_BYTES), path, fields_text(a, fields, count) };
	return store_write(db, keep, &x);
}

static struct str text_of(struct arena *a, json_t *s)
{
	return str_keep(a, (struct str){ json_string_value(s), json_string_length(s) });
}

enum status parked_get(struct conn *db, struct arena *a, int64_t operator_id, struct parked *out)
{
	static const struct sql q = SQL("SELECT id, path, fields, parked_at FROM operator_parked WHERE operator = $1 AND parked_at > $2");
	json_error_t error;
	size_t i;
	json_t *pair;
	enum status st = store_row(db, &q, int64(operator_id), int64(store_now(db) - PARKED_KEPT));
	if (st) return st;
	*out = (struct parked){ .id = col_blob(db, 0, a), .path = col_text(db, 1, a), .parked_at = col_int64(db, 3) };
	struct str written = col_text(db, 2, a);
	json_t *all = json_loadb(written.at, written.len, 0, &error);
	if (!all) return BROKEN;
	out->fields = ARENA_ARRAY(a, struct parked_field, json_array_size(all) + 1);
	json_array_foreach(all, i, pair)
	{
		json_t *name = json_array_get(pair, 0), *value = json_array_get(pair, 1);
		if (json_is_string(name) && json_is_string(value)) out->fields[out->count++] = (struct parked_field){ text_of(a, name), text_of(a, value) };
	}
	json_decref(all);
	return OK;
}

static enum status drop(struct conn *db, void *arg)
{
	static const struct sql q = SQL("DELETE FROM operator_parked WHERE operator = $1 AND id = $2");
	const struct parking *x = arg;
	return store_exec(db, &q, int64(x->operator_id), blob(x->id));
}

enum status parked_drop(struct conn *db, int64_t operator_id, struct str id)
{
	return store_write(db, drop, &(struct parking){ .operator_id = operator_id, .id = id });
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql q = SQL("DELETE FROM operator_parked WHERE parked_at <= $1");
	(void)arg;
	return store_exec(db, &q, int64(store_now(db) - PARKED_KEPT));
}

enum status parked_sweep(struct conn *db)
{
	return store_write(db, sweep, NULL);
}
