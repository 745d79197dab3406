/* shipping/file.c: files in parts. */
#include "shipping/file.h"

#include <sodium.h>

#include "base/clock.h"

#define SWEPT_AT_ONCE 20 /* parts a write: 5 MB, so that the writer is free again soon */

struct str sha256_of(struct arena *a, struct str bytes)
{
	unsigned char *hash = arena_alloc(a, crypto_hash_sha256_BYTES);
	crypto_hash_sha256(hash, (const unsigned char *)bytes.at, bytes.len);
	return (struct str){ (const char *)hash, crypto_hash_sha256_BYTES };
}

struct keeping {
	int64_t institution, id, keep_days, part;
	struct str name, bytes, sha256;
};

static enum status keep_head(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO stored_file (institution, name, size, sha256, made_at, keep_until, gone_at)"
									" VALUES ($1, $2, $3, $4, $5, $6, NULL) RETURNING id");
	struct keeping *x = arg;
	int64_t now = store_now(db);
	enum status st = store_row(
		db, &q, int64(x->institution), text(x->name), int64((int64_t)x->bytes.len), blob(x->sha256), int64(now), int64(now + x->keep_days * DAY));
	if (st == OK) x->id = col_int64(db, 0);
	return st;
}

static enum status keep_part(struct conn *db, void *arg)
{
	static const struct sql q = SQL("INSERT INTO stored_file_part (stored_file, part, bytes) VALUES ($1, $2, $3)");
	struct keeping *x = arg;
	return store_exec(db, &q, int64(x->id), int64(x->part), blob(str_part(x->bytes, (size_t)x->part * FILE_PART, FILE_PART)));
}

enum status file_keep(struct conn *db, struct arena *a, int64_t institution, struct str name, struct str bytes, int64_t keep_days, int64_t *id)
{
	struct keeping x = { .institution = institution, .keep_days = keep_days, .name = name, .bytes = bytes, .sha256 = sha256_of(a, bytes) };
	enum status st = store_write(db, keep_head, &x);
	for (x.part = 0; !st && (size_t)x.part * FILE_PART < bytes.len; x.part++) st = store_write(db, keep_part, &x);
	*id = x.id;
	return st;
}

enum status file_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct stored_file *out)
{
	static const struct sql q =
		SQL("SELECT id, size, made_at, keep_until, COALESCE(gone_at, 0), name, sha256 FROM stored_file WHERE id = $1 AND institution = $2");
	enum status st = store_row(db, &q, int64(id), int64(institution));
	if (st) return st;
	*out = (struct stored_file){
		.id = col_int64(db, 0),
		.size = col_int64(db, 1),
		.made_at = col_int64(db, 2),
		.keep_until = col_int64(db, 3),
		.gone_at = col_int64(db, 4),
		.name = col_text(db, 5, a),
		.sha256 = col_blob(db, 6, a),
	};
	return OK;
}

enum status file_read(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct str *out)
{
	static const struct sql q = SQL("SELECT bytes FROM stored_file_part WHERE stored_file = $1 AND part = $2");
	struct stored_file f;
	enum status st = file_get(db, a, institution, id, &f);
	if (st || f.gone_at) return st ? st : NOT_FOUND;
	char *at = arena_alloc(a, (size_t)f.size + 1);
	size_t len = 0;
	struct arena *part = arena_new(); /* or each part would stand in A a second time */
	for (int64_t n = 0; !st && len < (size_t)f.size; n++) {
		arena_reset(part);
		if ((st = store_row(db, &q, int64(id), int64(n)))) break;
		struct str bytes = col_blob(db, 0, part);
		if (len + bytes.len > (size_t)f.size) BUG("file %lld is longer than it says", (long long)id);
		memcpy(at + len, bytes.at, bytes.len);
		len += bytes.len;
	}
	arena_free(part);
	*out = (struct str){ at, len };
	return st;
}

enum status file_note_download(struct conn *db, int64_t id, struct str by_name)
{
	static const struct sql q = SQL("INSERT INTO file_download (stored_file, at, by_name) VALUES ($1, $2, $3)");
	return store_exec(db, &q, int64(id), int64(store_now(db)), text(by_name));
}

enum status file_downloads(struct conn *db, struct arena *a, int64_t id, size_t most, struct download **out, size_t *count)
{
	static const struct sql q = SQL("SELECT at, by_name FROM file_download WHERE stored_file = $1 ORDER BY id DESC LIMIT $2");
	enum status st;
	*out = ARENA_ARRAY(a, struct download, most);
	*count = 0;
	if ((st = store_query(db, &q, int64(id), int64((int64_t)most)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = (struct download){ col_int64(db, 0), col_text(db, 1, a) };
	return st == NOT_FOUND ? OK : st;
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql parts = SQL("DELETE FROM stored_file_part WHERE stored_file = $1 AND part IN"
										" (SELECT p.part FROM stored_file_part p WHERE p.stored_file = $1 ORDER BY p.part DESC LIMIT $2)");
	static const struct sql next = SQL("SELECT id FROM stored_file WHERE gone_at IS NULL AND keep_until <= $1 ORDER BY keep_until LIMIT 1");
	static const struct sql gone = SQL("UPDATE stored_file SET gone_at = $2 WHERE id = $1");
	(void)arg;
	enum status st = store_row(db, &next, int64(store_now(db)));
	if (st) return st;
	int64_t id = col_int64(db, 0);
	if ((st = store_exec(db, &parts, int64(id), int64(SWEPT_AT_ONCE)))) return st;
	if (store_changes(db) == SWEPT_AT_ONCE) return OK; /* the next turn goes on */
	return store_exec(db, &gone, int64(id), int64(store_now(db)));
}

enum status file_sweep(struct conn *db)
{
	enum status st;
	while ((st = store_write(db, sweep, NULL)) == OK) {
	}
	return st == NOT_FOUND ? OK : st;
}
