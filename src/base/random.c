/* base/random.c: libsodium's generator, ready from the first call. */
#include "base/random.h"

#include <sodium.h>

#include "base/status.h"

void random_fill(void *at, size_t len)
{
	if (sodium_init() < 0) BUG("libsodium does not start");
	randombytes_buf(at, len);
}

struct str random_bytes(struct arena *a, size_t len)
{
	char *at = arena_alloc(a, len);
	random_fill(at, len);
	return (struct str){ at, len };
}
