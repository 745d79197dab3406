/* institution/first_run.c: a keyed hash of the database's id, in letters that people can copy. */
#include "institution/first_run.h"

#include <sodium.h>

#include "base/random.h"

#define DATABASE_ID_SIZE 16
#define GROUP			 4 /* letters between hyphens */

static const char letters[33] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; /* without I, O, 0, 1 */

static enum status has_none(struct conn *db, const struct sql *q, bool *out)
{
	enum status st = store_row(db, q);
	*out = st == NOT_FOUND;
	return st == NOT_FOUND ? OK : st;
}

enum status setup_is_open(struct conn *db, bool *out)
{
	static const struct sql administrator = SQL("SELECT 1 FROM operator_profile WHERE profile = 'administrator' LIMIT 1");
	return has_none(db, &administrator, out);
}

enum status setup_is_fresh(struct conn *db, bool *out)
{
	static const struct sql anybody = SQL("SELECT 1 FROM operator LIMIT 1");
	return has_none(db, &anybody, out);
}

enum status setup_is_open_locked(struct conn *db, bool *out)
{
	static const struct sql lock = SQL("UPDATE database_id SET one = 1 WHERE one = 1");
	enum status st = store_exec(db, &lock);
	return st ? st : setup_is_open(db, out);
}

static enum status read_id(struct conn *db, struct arena *a, struct str *id)
{
	static const struct sql q = SQL("SELECT id FROM database_id");
	enum status st = store_row(db, &q);
	if (!st) *id = col_blob(db, 0, a);
	return st;
}

enum status database_id_make(struct conn *db, struct arena *a, struct str *id)
{
	static const struct sql q = SQL("INSERT INTO database_id (one, id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING");
	enum status st = store_exec(db, &q, blob(random_bytes(a, DATABASE_ID_SIZE)));
	return st ? st : read_id(db, a, id);
}

enum status setup_code(struct conn *db, struct arena *a, const uint8_t key[SETUP_KEY_SIZE], struct str *code)
{
	unsigned char sum[crypto_auth_BYTES];
	struct buf b = buf_in(a);
	struct str id;
	enum status st = read_id(db, a, &id);
	if (st) return st;
	crypto_auth(sum, (const unsigned char *)id.at, id.len, key);
	for (size_t i = 0; b.len < SETUP_CODE_SIZE; i++) {
		if (i && i % GROUP == 0) buf_add_char(&b, '-');
		buf_add_char(&b, letters[sum[i] % 32]);
	}
	*code = buf_str(&b);
	return OK;
}

/* Capitals and digits alone. */
static struct str plain(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) buf_add_char(&b, c);
	}
	return buf_str(&b);
}

bool setup_code_is(struct arena *a, struct str typed, struct str code)
{
	struct str x = plain(a, typed), y = plain(a, code);
	return x.len == y.len && str_eq_secret(x, y);
}
