/* shipping/file.h: files that went to a printing company or came from it, kept whole for as long as its interface says, with their hash for ever. */
#pragma once
#include "store/store.h"

#define FILE_PART (256u << 10) /* bytes a write: under 5 ms on a slow disk */

/* Keeps BYTES in writes of its own, a part each; *ID is seen by nobody until a row refers to it. */
enum status file_keep(struct conn *db, struct arena *a, int64_t institution, struct str name, struct str bytes, int64_t keep_days, int64_t *id);

struct stored_file {
	int64_t id, size, made_at, keep_until, gone_at; /* gone_at 0: it is there */
	struct str name, sha256;						/* 32 bytes */
};
enum status file_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct stored_file *out);

/* Its bytes. NOT_FOUND: deleted, or nobody's. */
enum status file_read(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct str *out);

/* Notes that BY_NAME fetched it, inside a store_write; and who did, newest first. */
enum status file_note_download(struct conn *db, int64_t id, struct str by_name);
struct download {
	int64_t at;
	struct str by_name;
};
enum status file_downloads(struct conn *db, struct arena *a, int64_t id, size_t most, struct download **out, size_t *count);

/* Deletes the bytes whose time is over, and what a crash left that nothing refers to; a write of its own. */
enum status file_sweep(struct conn *db);

/* SHA-256 of BYTES, 32 bytes in arena A. */
struct str sha256_of(struct arena *a, struct str bytes);
