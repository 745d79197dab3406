/* base/status.h: how functions that can fail say so, and what happens when it is our own mistake. */
#pragma once
#include <stdnoreturn.h>

/* What the caller does next: go on; say that nothing is there; show the problem; run the transaction again; try later; give up. */
enum status { OK = 0, NOT_FOUND, REFUSED, CONFLICT, UNAVAILABLE, BROKEN };

/* The status's name for a log line, never for a person. */
const char *status_name(enum status st);

/* A programming error: prints file, line and message to stderr and aborts. Never for what comes from outside. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
noreturn void bug_at(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
