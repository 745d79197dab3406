/* institution/audit.c: adding to the trail. */
#include "institution/audit.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

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
