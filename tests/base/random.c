/* tests/base/random.c: bytes that nobody has seen before. */
#include "test.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"

#define DRAWS 1000

TEST(no_bytes_are_given_twice)
{
	struct str seen[DRAWS];
	for (int i = 0; i < DRAWS; i++) {
		seen[i] = random_bytes(mem, 16);
		for (int k = 0; k < i; k++) assert_false(str_eq(seen[i], seen[k]));
	}
}

TEST(small_and_large_amounts_are_filled_whole)
{
	for (size_t len = 1; len < 3000; len = len * 2 + 1) {
		unsigned char together[3000] = { 0 };
		for (int round = 0; round < 30; round++) { /* a byte that stays 0 thirty times was not filled */
			struct str drawn = random_bytes(mem, len);
			for (size_t i = 0; i < len; i++) together[i] |= (unsigned char)drawn.at[i];
		}
		for (size_t i = 0; i < len; i++) assert_int_not_equal(together[i], 0);
	}
}

TEST(a_forked_child_does_not_give_its_parents_bytes)
{
	random_bytes(mem, 16); /* the parent has a stock by now */
	unsigned char *childs = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(childs, MAP_FAILED);
	pid_t child = fork();
	if (child == 0) {
		random_fill(childs, 16);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	struct str ours = random_bytes(mem, 16);
	assert_memory_not_equal(ours.at, childs, 16);
	munmap(childs, 16);
}

static void *draw(void *arg)
{
	random_fill(arg, 32);
	return NULL;
}

TEST(threads_draw_different_bytes)
{
	unsigned char drawn[8][32];
	pthread_t threads[8];
	for (int i = 0; i < 8; i++) assert_int_equal(pthread_create(&threads[i], NULL, draw, drawn[i]), 0);
	for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
	for (int i = 0; i < 8; i++)
		for (int k = 0; k < i; k++) assert_memory_not_equal(drawn[i], drawn[k], 32);
}
