/* institution/audit_seal.c: sealing in the background, and walking the chain for doctor. */
#include "institution/audit_seal.h"

#include <sodium.h>
#include <string.h>

#define SEAL_SIZE		32
#define SALT_SIZE		16
#define CHECKED_AT_ONCE 500 /* seals read in one statement */

/* What is sealed of an entry. */
struct sealed {
	int64_t id, institution, at, operator_id, record;
	struct str verb, kind, digest;
};

static void add_number(crypto_generichash_state *h, int64_t n)
{
	unsigned char bytes[8];
	for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)n >> (8 * i));
	crypto_generichash_update(h, bytes, sizeof bytes);
}

/* With its length, so that no two lists of texts are the same bytes. */
static void add_text(crypto_generichash_state *h, struct str s)
{
	add_number(h, (int64_t)s.len);
	crypto_generichash_update(h, (const unsigned char *)s.at, s.len);
}

static struct str digest_of(struct arena *a, struct str salt, const struct str *texts, size_t count)
{
	crypto_generichash_state h;
	unsigned char *out = arena_alloc(a, SEAL_SIZE);
	crypto_generichash_init(&h, (const unsigned char *)salt.at, salt.len, SEAL_SIZE);
	for (size_t i = 0; i < count; i++) add_text(&h, texts[i]);
	crypto_generichash_final(&h, out, SEAL_SIZE);
	return (struct str){ (char *)out, SEAL_SIZE };
}

static void seal_of(
	const uint8_t key[AUDIT_KEY_SIZE], const unsigned char before[SEAL_SIZE], int64_t number, const struct sealed *e, unsigned char out[SEAL_SIZE])
{
	crypto_generichash_state h;
	const int64_t numbers[] = { number, e->id, e->institution, e->at, e->operator_id, e->record };
	crypto_generichash_init(&h, key, AUDIT_KEY_SIZE, SEAL_SIZE);
	crypto_generichash_update(&h, before, SEAL_SIZE);
	for (size_t i = 0; i < COUNT(numbers); i++) add_number(&h, numbers[i]);
	add_text(&h, e->verb);
	add_text(&h, e->kind);
	add_text(&h, e->digest);
	crypto_generichash_final(&h, out, SEAL_SIZE);
}

#define ENTRY_COLUMNS \
	"e.id, e.institution, e.at, e.operator, e.record, e.verb, e.kind, e.salt, e.operator_name, e.network, e.before_values, e.after_values"

/* The row one stands on. *IS_ERASED: what was personal is gone, and its salt; then the digest is not to be had from the row. */
static struct sealed entry_read(struct conn *db, struct arena *a, bool *is_erased)
{
	struct sealed e = {
		.id = col_int64(db, 0),
		.institution = col_int64(db, 1),
		.at = col_int64(db, 2),
		.operator_id = col_int64(db, 3),
		.record = col_int64(db, 4),
		.verb = col_text(db, 5, a),
		.kind = col_text(db, 6, a),
	};
	struct str salt = col_blob(db, 7, a);
	const struct str texts[] = { col_text(db, 8, a), col_text(db, 9, a), col_text(db, 10, a), col_text(db, 11, a) };
	*is_erased = sodium_is_zero((const unsigned char *)salt.at, salt.len);
	for (size_t i = 0; i < COUNT(texts); i++) *is_erased &= texts[i].len == 0;
	e.digest = digest_of(a, salt, texts, COUNT(texts));
	return e;
}

/* ---- sealing ---- */

struct sealing {
	struct arena *a;
	const uint8_t *key;
};

static enum status newest(struct conn *db, struct arena *a, int64_t *number, unsigned char seal[SEAL_SIZE])
{
	static const struct sql q = SQL("SELECT number, seal FROM audit_seal ORDER BY number DESC LIMIT 1");
	enum status st = store_row(db, &q);
	*number = 0;
	memset(seal, 0, SEAL_SIZE);
	if (st) return st == NOT_FOUND ? OK : st;
	struct str bytes = col_blob(db, 1, a);
	if (bytes.len != SEAL_SIZE) BUG("a seal of %zu bytes", bytes.len);
	*number = col_int64(db, 0);
	memcpy(seal, bytes.at, SEAL_SIZE);
	return OK;
}

static enum status waiting(struct conn *db, struct arena *a, struct sealed *list, size_t *count)
{
	static const struct sql q = SQL("SELECT " ENTRY_COLUMNS " FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry ORDER BY u.entry LIMIT $1");
	bool ignored;
	enum status st;
	*count = 0;
	if ((st = store_query(db, &q, int64(AUDIT_SEALED_AT_ONCE)))) return st;
	while ((st = store_next(db)) == OK) list[(*count)++] = entry_read(db, a, &ignored);
	return st == NOT_FOUND ? OK : st;
}

static enum status seal_some(struct conn *db, void *arg)
{
	static const struct sql add = SQL("INSERT INTO audit_seal (number, entry, digest, seal) VALUES ($1, $2, $3, $4)");
	static const struct sql done = SQL("DELETE FROM audit_unsealed WHERE entry = $1");
	const struct sealing *x = arg;
	struct sealed list[AUDIT_SEALED_AT_ONCE];
	unsigned char before[SEAL_SIZE], seal[SEAL_SIZE];
	size_t count;
	int64_t number;
	enum status st;
	if ((st = newest(db, x->a, &number, before))) return st;
	if ((st = waiting(db, x->a, list, &count))) return st;
	for (size_t i = 0; i < count; i++) {
		seal_of(x->key, before, ++number, &list[i], seal);
		if ((st = store_exec(db, &add, int64(number), int64(list[i].id), blob(list[i].digest), blob((struct str){ (char *)seal, SEAL_SIZE }))))
			return st;
		if ((st = store_exec(db, &done, int64(list[i].id)))) return st;
		memcpy(before, seal, SEAL_SIZE);
	}
	return count ? OK : NOT_FOUND;
}

enum status audit_seal_next(struct conn *db, struct arena *a, const uint8_t key[AUDIT_KEY_SIZE])
{
	enum status st = store_write(db, seal_some, &(struct sealing){ a, key });
	return st == REFUSED ? NOT_FOUND : st; /* the number was taken: another process seals */
}

enum status audit_seal_newest(struct conn *db, struct arena *a, struct audit_newest *out)
{
	unsigned char seal[SEAL_SIZE];
	enum status st = newest(db, a, &out->number, seal);
	if (st == OK) out->seal = str_hex(a, (struct str){ (char *)seal, SEAL_SIZE });
	return st;
}

/* ---- erasing ---- */

#define ERASABLE                                                                                                                                     \
	" institution = $1 AND kind = $2 AND record = $3 AND verb <> 'trail-erased' AND (operator_name <> '' OR network <> '' OR before_values <> '' OR" \
	" after_values <> '') AND EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry = audit_entry.id)"

enum status audit_erasable(struct conn *db, int64_t institution, struct str kind, int64_t record, int64_t *count)
{
	static const struct sql q = SQL("SELECT count(*) FROM audit_entry WHERE" ERASABLE);
	enum status st = store_row(db, &q, int64(institution), text(kind), int64(record));
	*count = st ? 0 : col_int64(db, 0);
	return st;
}

enum status audit_erase(struct conn *db, struct arena *a, const struct actor *who, struct str kind, int64_t record, int64_t *count)
{
	static const struct sql q =
		SQL("UPDATE audit_entry SET operator_name = '', network = '', before_values = '', after_values = '', salt = $4 WHERE" ERASABLE);
	const char zeros[SALT_SIZE] = { 0 };
	enum status st = store_exec(db, &q, int64(who->institution), text(kind), int64(record), blob((struct str){ zeros, sizeof zeros }));
	if (st) return st;
	*count = store_changes(db);
	const struct audit_value after[] = { { "entries", str_format(a, "%lld", (long long)*count) }, { NULL } };
	return audit_note(db, a, who, &(const struct audit_record){ "trail-erased", str_c(a, kind), record, NULL, after });
}

/* ---- checking ---- */

struct checking {
	const uint8_t *key;
	struct audit_verdict *out;
	struct arena *arena;
	unsigned char before[SEAL_SIZE];
	int64_t number; /* of the last seal looked at */
};

/* One seal against its entry, from the row one stands on; false when it does not fit. */
static bool check_row(struct conn *db, struct checking *x)
{
	unsigned char seal[SEAL_SIZE];
	bool is_erased;
	int64_t number = col_int64(db, 12);
	if (number != x->number + 1 || col_is_null(db, 0)) return false; /* a seal or its entry was removed */
	struct sealed e = entry_read(db, x->arena, &is_erased);
	struct str digest = col_blob(db, 13, x->arena), have = col_blob(db, 14, x->arena);
	if (!is_erased && !str_eq(digest, e.digest)) return false;
	e.digest = digest;
	seal_of(x->key, x->before, number, &e, seal);
	if (!str_eq(have, (struct str){ (char *)seal, SEAL_SIZE })) return false;
	memcpy(x->before, seal, SEAL_SIZE);
	x->number = number;
	x->out->sealed++;
	x->out->erased += is_erased;
	return true;
}

/* The next seals; *IS_OVER after the last, or after the first that does not fit. */
static enum status check_some(struct conn *db, struct checking *x, bool *is_over)
{
	static const struct sql q = SQL("SELECT " ENTRY_COLUMNS ", s.number, s.digest, s.seal FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry"
									" WHERE s.number > $1 ORDER BY s.number LIMIT $2");
	int64_t rows = 0;
	enum status st;
	if ((st = store_query(db, &q, int64(x->number), int64(CHECKED_AT_ONCE)))) return st;
	while ((st = store_next(db)) == OK) {
		rows++;
		if (check_row(db, x)) continue;
		x->out->broken_seal = x->number + 1;
		*is_over = true;
		return OK;
	}
	*is_over = rows < CHECKED_AT_ONCE;
	return st == NOT_FOUND ? OK : st;
}

static enum status count_others(struct conn *db, struct audit_verdict *out)
{
	static const struct sql unsealed = SQL("SELECT count(*) FROM audit_unsealed");
	static const struct sql stray = SQL("SELECT count(*) FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry = e.id)"
										" AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.entry = e.id)");
	enum status st;
	if ((st = store_row(db, &unsealed))) return st;
	out->unsealed = col_int64(db, 0);
	if ((st = store_row(db, &stray))) return st;
	out->stray = col_int64(db, 0);
	return OK;
}

static enum status check(struct conn *db, void *arg)
{
	struct checking *x = arg;
	bool is_over = false;
	enum status st = OK;
	while (!st && !is_over) {
		st = check_some(db, x, &is_over);
		arena_reset(x->arena);
	}
	return st ? st : count_others(db, x->out);
}

enum status audit_check(struct conn *db, const uint8_t key[AUDIT_KEY_SIZE], struct audit_verdict *out)
{
	*out = (struct audit_verdict){ 0 };
	struct checking x = { .key = key, .out = out, .arena = arena_new() };
	enum status st = store_snapshot(db, check, &x);
	arena_free(x.arena);
	return st;
}
