/* tests/test.h: TEST(a_sentence) { … } registers itself; one suite is one program. cmocka does the work. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"
#include "base/str.h"

#define TESTS_MAX 256

static struct CMUnitTest test_list[TESTS_MAX];
static size_t test_count;

/* A fresh arena for each test. */
static struct arena *mem;

static int test_begin(void **state)
{
	(void)state;
	mem = arena_new();
	return 0;
}

static int test_end(void **state)
{
	(void)state;
	arena_free(mem);
	mem = NULL;
	return 0;
}

#define TEST(name)                                                                                      \
	static void name(void);                                                                             \
	static void name##_run(void **state)                                                                \
	{                                                                                                   \
		(void)state;                                                                                    \
		name();                                                                                         \
	}                                                                                                   \
	__attribute__((constructor)) static void name##_add(void)                                           \
	{                                                                                                   \
		if (test_count == TESTS_MAX) BUG("more than TESTS_MAX tests");                                  \
		test_list[test_count++] = (struct CMUnitTest){ #name, name##_run, test_begin, test_end, NULL }; \
	}                                                                                                   \
	static void name(void)

#define assert_str(got, want)                                                                             \
	do {                                                                                                  \
		struct str got_ = (got), want_ = (want);                                                          \
		if (!str_eq(got_, want_)) fail_msg("got \"%.*s\", want \"%.*s\"", STR_ARG(got_), STR_ARG(want_)); \
	} while (0)

#define assert_status(got, want)                                                               \
	do {                                                                                       \
		enum status got_ = (got), want_ = (want);                                              \
		if (got_ != want_) fail_msg("got %s, want %s", status_name(got_), status_name(want_)); \
	} while (0)

int main(void)
{
	return _cmocka_run_group_tests("suite", test_list, test_count, NULL, NULL) ? 1 : 0;
}
