/* guard/keys.c: reads and makes the key files. Keys lie in locked memory that no core dump shows. */
#include "guard/keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"

#define KEYS_MAX		32	 /* a key a month for longer than any link lives; each costs a comparison a link */
#define KEY_NUMBER_MAX	9999 /* four digits in the file's name */
#define KEY_FILE_SIZE	(2 * LINK_SEED_SIZE + 1)
#define SECRET_NAME		"secret.key"
#define KEY_NAME_FORMAT "link-%04d.key"
#define KEY_NAME_SIZE	32 /* room for any int, which the compiler asks for */

_Static_assert(LINK_SEED_SIZE == crypto_kdf_KEYBYTES, "one form of file for both kinds of key");

struct keys {
	size_t count;
	struct link_key link[KEYS_MAX];
	uint8_t secret[crypto_kdf_KEYBYTES];
};

/* An open folder, locked against other processes that make keys in it. */
struct folder {
	const char *path;
	int fd;
	uid_t owner;
	int number[KEYS_MAX]; /* of the link keys in it, ascending */
	size_t count;
	bool has_secret;
	struct problem *why;
};

static enum status refuse(struct folder *f, const char *name, enum message message)
{
	struct str path = S("");
	if (f->why) path = name ? str_format(f->why->arena, "%s/%s", f->path, name) : str_keep(f->why->arena, str_of(f->path));
	problem_add(f->why, "secret-dir", message, arg_text("path", path));
	return REFUSED;
}

static enum status unavailable(struct folder *f)
{
	problem_errno(f->why, f->path, errno);
	return UNAVAILABLE;
}

/* Who else could read or exchange the keys: root may, who can do everything anyway. */
static bool belongs_to_us(const struct stat *s)
{
	return s->st_uid == geteuid() || geteuid() == 0;
}

static enum status folder_open(struct folder *f)
{
	struct stat s;
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0 && errno == ENOENT) {
		problem_add(f->why, "secret-dir", MSG_KEYS_NO_FOLDER, arg_text("path", f->why ? str_keep(f->why->arena, str_of(f->path)) : S("")));
		return NOT_FOUND;
	}
	if (f->fd < 0 || fstat(f->fd, &s) < 0 || flock(f->fd, LOCK_EX) < 0) return unavailable(f);
	if (!belongs_to_us(&s)) return refuse(f, NULL, MSG_KEYS_OWNER);
	if (s.st_mode & 077) return refuse(f, NULL, MSG_KEYS_FOLDER_MODE);
	f->owner = s.st_uid;
	return OK;
}

/* The number in a link key's file name, 0 when NAME is not exactly as KEY_NAME_FORMAT writes it. */
static int number_in(const char *name)
{
	char again[KEY_NAME_SIZE];
	int64_t n = 0;
	if (!str_int64(str_part(str_of(name), 5, 4), &n) || n < 1 || n > KEY_NUMBER_MAX) return 0;
	snprintf(again, sizeof again, KEY_NAME_FORMAT, (int)n);
	return strcmp(again, name) == 0 ? (int)n : 0;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Notes which keys are there. A name that looks like a key's but is none would be a key that silently does not count: refused. */
static enum status folder_list(struct folder *f)
{
	enum status st = OK;
	int copy = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	if (!d) {
		st = unavailable(f);
		if (copy >= 0) close(copy);
		return st;
	}
	for (struct dirent *e; st == OK && (e = readdir(d));) {
		if (strcmp(e->d_name, SECRET_NAME) == 0) f->has_secret = true;
		if (strncmp(e->d_name, "link-", 5) != 0) continue;
		int n = number_in(e->d_name);
		if (n == 0) st = refuse(f, e->d_name, MSG_KEYS_FILE_NAME);
		else if (f->count == KEYS_MAX) st = refuse(f, NULL, MSG_KEYS_TOO_MANY);
		else f->number[f->count++] = n;
	}
	closedir(d);
	qsort(f->number, f->count, sizeof *f->number, by_number);
	return st;
}

/* Reads the 32 bytes that file NAME stands for. */
static enum status seed_read(struct folder *f, const char *name, uint8_t seed[LINK_SEED_SIZE])
{
	char text[KEY_FILE_SIZE + 1]; /* one more, to see that there is no more */
	struct stat s;
	enum status st = OK;
	size_t len = 0;
	int fd = openat(f->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) return errno == ELOOP ? refuse(f, name, MSG_KEYS_FILE_CONTENT) : unavailable(f);
	if (fstat(fd, &s) < 0) st = unavailable(f);
	else if (!S_ISREG(s.st_mode)) st = refuse(f, name, MSG_KEYS_FILE_CONTENT);
	else if (!belongs_to_us(&s)) st = refuse(f, name, MSG_KEYS_OWNER);
	else if (s.st_mode & 077) st = refuse(f, name, MSG_KEYS_FILE_MODE);
	else if (read(fd, text, sizeof text) != KEY_FILE_SIZE || text[KEY_FILE_SIZE - 1] != '\n' ||
			 sodium_hex2bin(seed, LINK_SEED_SIZE, text, KEY_FILE_SIZE - 1, NULL, &len, NULL) || len != LINK_SEED_SIZE)
		st = refuse(f, name, MSG_KEYS_FILE_CONTENT);
	sodium_memzero(text, sizeof text);
	close(fd);
	return st;
}

/* Writes a fresh random key as NAME: whole or not at all, and on the disk before it signs anything. The folder's owner owns it. */
static enum status seed_make(struct folder *f, const char *name)
{
	static const char fresh[] = ".new";
	uint8_t seed[LINK_SEED_SIZE];
	char text[KEY_FILE_SIZE];
	enum status st = OK;
	unlinkat(f->fd, fresh, 0); /* left by a process that died here; the folder is locked */
	int fd = openat(f->fd, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) return unavailable(f);
	random_fill(seed, sizeof seed);
	sodium_bin2hex(text, sizeof text, seed, sizeof seed);
	text[KEY_FILE_SIZE - 1] = '\n';
	if (fchmod(fd, 0600) < 0 || (geteuid() == 0 && fchown(fd, f->owner, (gid_t)-1) < 0) || write(fd, text, sizeof text) != sizeof text ||
		fsync(fd) < 0 || renameat(f->fd, fresh, f->fd, name) < 0 || fsync(f->fd) < 0)
		st = unavailable(f);
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(text, sizeof text);
	close(fd);
	return st;
}

static enum status link_key_make(struct folder *f)
{
	char name[KEY_NAME_SIZE];
	int number = f->count ? f->number[f->count - 1] + 1 : 1;
	if (f->count == KEYS_MAX || number > KEY_NUMBER_MAX) return refuse(f, NULL, MSG_KEYS_TOO_MANY);
	snprintf(name, sizeof name, KEY_NAME_FORMAT, number);
	enum status st = seed_make(f, name);
	if (st == OK) f->number[f->count++] = number;
	return st;
}

/* Makes what a new folder lacks. The secret comes first: a folder with link keys but no secret was not made here, it was copied in part. */
static enum status folder_fill(struct folder *f)
{
	enum status st = OK;
	if (f->count == 0 && !f->has_secret) st = seed_make(f, SECRET_NAME), f->has_secret = st == OK;
	if (st == OK && f->count == 0) st = link_key_make(f);
	return st;
}

static enum status keys_read(struct folder *f, struct keys **out)
{
	char name[KEY_NAME_SIZE];
	uint8_t seed[LINK_SEED_SIZE];
	if (f->count == 0 && !f->has_secret) {
		refuse(f, NULL, MSG_KEYS_NO_FOLDER);
		return NOT_FOUND;
	}
	if (!f->has_secret || f->count == 0) return refuse(f, NULL, MSG_KEYS_INCOMPLETE);
	struct keys *k = sodium_malloc(sizeof *k);
	if (!k) return unavailable(f);
	enum status st = seed_read(f, SECRET_NAME, k->secret);
	for (k->count = 0; st == OK && k->count < f->count; k->count++) {
		snprintf(name, sizeof name, KEY_NAME_FORMAT, f->number[k->count]);
		st = seed_read(f, name, seed);
		if (st == OK) k->link[k->count] = link_key_of(seed);
	}
	sodium_memzero(seed, sizeof seed);
	if (st != OK) {
		sodium_free(k);
		return st;
	}
	sodium_mprotect_readonly(k);
	*out = k;
	return OK;
}

static void folder_close(struct folder *f)
{
	if (f->fd >= 0) close(f->fd); /* lets the lock go, too */
}

enum status keys_load(const char *dir, struct keys **out, struct problem *why)
{
	struct folder f = { .path = dir, .fd = -1, .why = why };
	*out = NULL;
	if (sodium_init() < 0) BUG("libsodium does not start");
	enum status st = folder_open(&f);
	if (st == OK) st = folder_list(&f);
	if (st == OK) st = keys_read(&f, out);
	folder_close(&f);
	return st;
}

enum status keys_load_or_make(const char *dir, struct keys **out, struct problem *why)
{
	struct folder f = { .path = dir, .fd = -1, .why = why };
	*out = NULL;
	if (sodium_init() < 0) BUG("libsodium does not start");
	if (mkdir(dir, 0700) < 0 && errno != EEXIST) return unavailable(&f);
	enum status st = folder_open(&f);
	if (st == OK) st = folder_list(&f);
	if (st == OK) st = folder_fill(&f);
	if (st == OK) st = keys_read(&f, out);
	folder_close(&f);
	return st;
}

enum status keys_add(const char *dir, struct problem *why)
{
	struct folder f = { .path = dir, .fd = -1, .why = why };
	struct keys *k = NULL;
	if (sodium_init() < 0) BUG("libsodium does not start");
	enum status st = folder_open(&f);
	if (st == OK) st = folder_list(&f);
	if (st == OK) st = keys_read(&f, &k);
	if (st == OK) st = link_key_make(&f);
	keys_free(k);
	folder_close(&f);
	return st;
}

void keys_free(struct keys *k)
{
	sodium_free(k); /* clears it first */
}

struct link_keys keys_links(const struct keys *k)
{
	return (struct link_keys){ k->link, k->count };
}

void keys_secret(const struct keys *k, const char *label, uint8_t out[KEYS_SECRET_SIZE])
{
	char context[crypto_kdf_CONTEXTBYTES] = { 0 };
	size_t len = strlen(label);
	if (len == 0 || len > sizeof context) BUG("label \"%s\" is not 1 to %zu characters", label, sizeof context);
	memcpy(context, label, len);
	crypto_kdf_derive_from_key(out, KEYS_SECRET_SIZE, 1, context, k->secret);
}
