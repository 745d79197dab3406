/* guard/hasher.c: a queue of calls that wait on their own stacks, and the threads that derive. Every call is the same work: parameters and a salt in, a hash out;
 * what was asked only shows in what its caller does with the hash. */
#include "guard/hasher.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/random.h"

#define SALT_SIZE	  crypto_pwhash_argon2id_SALTBYTES
#define HASH_SIZE	  32 /* as crypto_pwhash_str has it */
#define SALT_LETTERS  22 /* base64 without padding of the above */
#define HASH_LETTERS  43
#define BASE64		  sodium_base64_VARIANT_ORIGINAL_NO_PADDING
#define MEMORY_SHARE  4	  /* the threads together hold at most a quarter of the machine's memory */
#define THREADS_MAX	  256 /* more cores than that don't sign in */
#define FILLER_MEMORY crypto_pwhash_argon2id_MEMLIMIT_MIN

struct cost {
	unsigned passes;
	size_t memory; /* bytes, whole KiB */
};

/* A call in hand, on its caller's stack. */
struct call {
	struct call *next;
	struct str password;
	struct cost cost, filler; /* filler: what is missing to the present cost; memory 0 when nothing is */
	uint8_t salt[SALT_SIZE], hash[HASH_SIZE];
	enum status st;
	bool is_done;
	pthread_cond_t done;
};

struct hasher {
	pthread_mutex_t lock;
	pthread_cond_t work, empty;
	struct call *first, **last;
	struct cost present;
	unsigned in_hand_max, in_hand;
	uint64_t done, turned_away;
	bool is_stopping;
	unsigned threads;
	pthread_t thread[THREADS_MAX];
};

static enum status derive(struct str password, struct cost cost, const uint8_t salt[SALT_SIZE], uint8_t hash[HASH_SIZE])
{
	int failed = crypto_pwhash(hash, HASH_SIZE, password.at, password.len, salt, cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13);
	return failed ? UNAVAILABLE : OK; /* with parameters in range only memory can be missing */
}

static void call_run(struct call *c)
{
	uint8_t unused[HASH_SIZE];
	c->st = derive(c->password, c->cost, c->salt, c->hash);
	if (!c->st && c->filler.memory) c->st = derive(c->password, c->filler, c->salt, unused);
}

static void *thread_run(void *arg)
{
	struct hasher *h = arg;
	pthread_mutex_lock(&h->lock);
	for (;;) {
		while (!h->first && !h->is_stopping) pthread_cond_wait(&h->work, &h->lock);
		struct call *c = h->first;
		if (!c) break;
		h->first = c->next;
		if (!h->first) h->last = &h->first;
		pthread_mutex_unlock(&h->lock);
		call_run(c);
		pthread_mutex_lock(&h->lock);
		c->is_done = true;
		h->done++;
		pthread_cond_signal(&c->done);
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

/* Waits until C has been worked on. UNAVAILABLE at once when too many are in hand. */
static enum status call_wait(struct hasher *h, struct call *c)
{
	pthread_mutex_lock(&h->lock);
	if (h->is_stopping || h->in_hand == h->in_hand_max) {
		h->turned_away++;
		pthread_mutex_unlock(&h->lock);
		return UNAVAILABLE;
	}
	h->in_hand++;
	pthread_cond_init(&c->done, NULL);
	*h->last = c;
	h->last = &c->next;
	pthread_cond_signal(&h->work);
	while (!c->is_done) pthread_cond_wait(&c->done, &h->lock);
	pthread_cond_destroy(&c->done);
	if (--h->in_hand == 0) pthread_cond_signal(&h->empty);
	pthread_mutex_unlock(&h->lock);
	return c->st;
}

/* ---- the text of a hash ---- */

static struct str cost_text(struct arena *a, struct cost c)
{
	return str_format(a, "$argon2id$v=19$m=%zu,t=%u,p=1$", c.memory / 1024, c.passes);
}

static struct str hash_text(struct arena *a, const struct call *c)
{
	char salt[SALT_LETTERS + 1], hash[HASH_LETTERS + 1];
	sodium_bin2base64(salt, sizeof salt, c->salt, sizeof c->salt, BASE64);
	sodium_bin2base64(hash, sizeof hash, c->hash, sizeof c->hash, BASE64);
	struct str cost = cost_text(a, c->cost);
	return str_format(a, "%.*s%s$%s", STR_ARG(cost), salt, hash);
}

static bool take(struct str *s, struct str what)
{
	if (!str_starts(*s, what)) return false;
	*s = str_part(*s, what.len, s->len);
	return true;
}

/* A number of MIN to MAX up to the next END. */
static bool take_number(struct str *s, char end, int64_t min, int64_t max, int64_t *out)
{
	struct str piece;
	return str_next(s, end, &piece) && piece.len && piece.at[0] != '0' && str_int64(piece, out) && *out >= min && *out <= max;
}

static bool take_bytes(struct str letters, uint8_t *out, size_t size)
{
	size_t len;
	return sodium_base642bin(out, size, letters.at, letters.len, NULL, &len, NULL, BASE64) == 0 && len == size;
}

/* Reads HASH into parameters, salt and hash; false for what is not ours to verify. */
static bool hash_read(struct str hash, struct cost *cost, uint8_t salt[SALT_SIZE], uint8_t bytes[HASH_SIZE])
{
	int64_t memory, passes;
	if (!take(&hash, S("$argon2id$v=19$m=")) || !take_number(&hash, ',', FILLER_MEMORY / 1024, HASHER_MEMORY_MAX / 1024, &memory)) return false;
	if (!take(&hash, S("t=")) || !take_number(&hash, ',', 1, HASHER_PASSES_MAX, &passes) || !take(&hash, S("p=1$"))) return false;
	if (hash.len != SALT_LETTERS + 1 + HASH_LETTERS || hash.at[SALT_LETTERS] != '$') return false;
	*cost = (struct cost){ (unsigned)passes, (size_t)memory * 1024 };
	return take_bytes(str_part(hash, 0, SALT_LETTERS), salt, SALT_SIZE) &&
		   take_bytes(str_part(hash, SALT_LETTERS + 1, HASH_LETTERS), bytes, HASH_SIZE);
}

/* Argon2's work is memory times passes: what COST lacks of PRESENT, at as many passes. */
static struct cost missing(struct cost present, struct cost cost)
{
	size_t whole = present.memory * present.passes, part = cost.memory * cost.passes;
	if (part >= whole) return (struct cost){ 0 };
	struct cost rest = { present.passes, (whole - part) / present.passes / 1024 * 1024 };
	return rest.memory < FILLER_MEMORY ? (struct cost){ 0 } : rest;
}

/* ---- the public functions ---- */

/* What is hashed: NFC where it is text. Lives in A, which the caller wipes. */
static struct str normal(struct arena *a, struct str password)
{
	return str_is_text(password) ? text_nfc(a, password) : password;
}

static void wipe_free(struct arena *a)
{
	arena_wipe(a);
	arena_free(a);
}

enum status hasher_hash(struct hasher *h, struct arena *a, struct str password, struct str *out)
{
	if (password.len > HASHER_PASSWORD_MAX) return REFUSED;
	struct arena *secrets = arena_new();
	struct call c = { .password = normal(secrets, password), .cost = h->present };
	random_fill(c.salt, sizeof c.salt);
	enum status st = call_wait(h, &c);
	wipe_free(secrets);
	if (st) return st;
	*out = hash_text(a, &c);
	return OK;
}

enum status hasher_verify(struct hasher *h, struct str hash, struct str password, bool *needs_rehash)
{
	*needs_rehash = false;
	if (password.len > HASHER_PASSWORD_MAX) return REFUSED;
	uint8_t want[HASH_SIZE] = { 0 };
	struct arena *secrets = arena_new();
	struct call c = { .password = normal(secrets, password) };
	bool is_real = hash_read(hash, &c.cost, c.salt, want);
	if (!is_real) {
		c.cost = h->present;
		random_fill(c.salt, sizeof c.salt);
	}
	c.filler = missing(h->present, c.cost);
	enum status st = call_wait(h, &c);
	wipe_free(secrets);
	if (st) return st;
	if (sodium_memcmp(c.hash, want, sizeof want) != 0 || !is_real) return REFUSED;
	*needs_rehash = c.cost.memory != h->present.memory || c.cost.passes != h->present.passes;
	return OK;
}

struct hasher_figures hasher_figures(struct hasher *h)
{
	pthread_mutex_lock(&h->lock);
	struct hasher_figures f = { h->threads, h->in_hand, h->done, h->turned_away };
	pthread_mutex_unlock(&h->lock);
	return f;
}

/* One a core that we may run on, as far as memory reaches. */
static unsigned threads_for(size_t memory)
{
	cpu_set_t cores;
	int n = sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	size_t reach = pages > 0 && page > 0 ? (size_t)pages * (size_t)page / MEMORY_SHARE / memory : 1;
	unsigned threads = reach < (size_t)n ? (unsigned)reach : (unsigned)n;
	return threads ? threads : 1;
}

static void threads_start(struct hasher *h)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* a new thread inherits it: signals are the main thread's */
	for (unsigned i = 0; i < h->threads; i++) {
		int error = pthread_create(&h->thread[i], NULL, thread_run, h);
		if (error) BUG("no thread for passwords: %s", strerror(error));
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct hasher *hasher_start(const struct hasher_options *o)
{
	if (sodium_init() < 0) BUG("libsodium does not start");
	struct hasher *h = calloc(1, sizeof *h);
	if (!h) BUG("out of memory for the hasher");
	h->present.passes = o->passes ? o->passes : HASHER_PASSES;
	h->present.memory = (o->memory ? o->memory : HASHER_MEMORY) / 1024 * 1024;
	if (h->present.passes > HASHER_PASSES_MAX || h->present.memory < FILLER_MEMORY || h->present.memory > HASHER_MEMORY_MAX)
		BUG("a hash of %zu bytes and %u passes", h->present.memory, h->present.passes);
	h->in_hand_max = o->waiting_max ? o->waiting_max : HASHER_IN_HAND;
	h->threads = o->threads ? o->threads : threads_for(h->present.memory);
	if (h->threads > THREADS_MAX) h->threads = THREADS_MAX;
	h->last = &h->first;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->work, NULL);
	pthread_cond_init(&h->empty, NULL);
	threads_start(h);
	return h;
}

void hasher_stop(struct hasher *h)
{
	if (!h) return;
	pthread_mutex_lock(&h->lock);
	h->is_stopping = true;
	pthread_cond_broadcast(&h->work);
	while (h->in_hand) pthread_cond_wait(&h->empty, &h->lock);
	pthread_mutex_unlock(&h->lock);
	for (unsigned i = 0; i < h->threads; i++) pthread_join(h->thread[i], NULL);
	pthread_cond_destroy(&h->empty);
	pthread_cond_destroy(&h->work);
	pthread_mutex_destroy(&h->lock);
	free(h);
}
