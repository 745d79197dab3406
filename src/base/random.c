/* base/random.c: the kernel's random bytes by libsodium, fetched in stocks: a page with a form needs 32 of them, and a system call for each was a
 * twentieth of its cost. */
#include "base/random.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#include "base/status.h"

#define STOCK_BYTES 1024
#define SMALL_BYTES 64 /* what is larger is fetched by itself */

/* A thread's own. A byte is given once and then overwritten; a forked child begins with none, or it would give its parent's bytes again. */
static _Thread_local struct {
	unsigned char bytes[STOCK_BYTES];
	size_t left;
	unsigned generation;
} stock;

static atomic_uint generation = 1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void in_child(void)
{
	atomic_fetch_add(&generation, 1);
}

static void start(void)
{
	if (sodium_init() < 0) BUG("libsodium does not start");
	if (pthread_atfork(NULL, NULL, in_child)) BUG("out of memory at the start");
}

void random_fill(void *at, size_t len)
{
	pthread_once(&once, start);
	if (len > SMALL_BYTES) {
		randombytes_buf(at, len);
		return;
	}
	if (stock.left < len || stock.generation != atomic_load(&generation)) {
		randombytes_buf(stock.bytes, sizeof stock.bytes);
		stock.left = sizeof stock.bytes;
		stock.generation = atomic_load(&generation);
	}
	stock.left -= len;
	memcpy(at, stock.bytes + stock.left, len);
	sodium_memzero(stock.bytes + stock.left, len);
}

struct str random_bytes(struct arena *a, size_t len)
{
	char *at = arena_alloc(a, len);
	random_fill(at, len);
	return (struct str){ at, len };
}
