/* base/status.c: names of states, and the end of the program when it is wrong. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *status_name(enum status st)
{
	static const char *const names[] = { "ok", "not found", "refused", "conflict", "unavailable", "broken" };
	return (size_t)st < COUNT(names) ? names[st] : "unknown";
}

void bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "BUG at %s:%d: ", file, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}
