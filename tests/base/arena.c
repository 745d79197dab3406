/* tests/base/arena.c: memory that goes all at once. */
#include "test.h"

/* What stands in memory that is no longer ours to read. */
__attribute__((no_sanitize("address"))) static size_t zeroes_at(const volatile char *at, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) n += at[i] == 0;
	return n;
}

TEST(a_wiped_arena_holds_no_password_any_more)
{
	char *secret = arena_alloc(mem, 24);
	memcpy(secret, "copper meadow 17 umbrell", 24);
	arena_wipe(mem);
	assert_int_equal(zeroes_at(secret, 24), 24);
}
