/* base/log.c: lines are made in one piece and written at once, so that threads don't mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/status.h"

#define LINE_MAX_BYTES 2048 /* longer lines are cut: a log is no archive */

static const char *const levels[] = { "info", "warn", "error" };
static atomic_int lowest;

static void __attribute__((format(printf, 2, 0))) write_line(int level, const char *format, va_list args)
{
	if (level < atomic_load(&lowest)) return;
	char line[LINE_MAX_BYTES];
	int64_t now = clock_utc();
	time_t seconds = (time_t)(now / SECOND);
	struct tm utc;
	gmtime_r(&seconds, &utc);
	size_t len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
	len += (size_t)snprintf(line + len, sizeof line - len, ".%03dZ %-5s ", (int)(now % SECOND / 1000), levels[level]);
	size_t start = len;
	int more = vsnprintf(line + len, sizeof line - len - 1, format, args);
	if (more > 0) len += (size_t)more;
	if (len > sizeof line - 2) len = sizeof line - 2;
	for (size_t i = start; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) line[i] = '?';
	line[len++] = '\n';
	ssize_t ignored = write(STDERR_FILENO, line, len);
	(void)ignored; /* nobody to tell */
}

#define LOG_AT(level)                  \
	va_list args;                      \
	va_start(args, format);            \
	write_line((level), format, args); \
	va_end(args)

void log_info(const char *format, ...)
{
	LOG_AT(0);
}

void log_warn(const char *format, ...)
{
	LOG_AT(1);
}

void log_error(const char *format, ...)
{
	LOG_AT(2);
}

int log_level(const char *name)
{
	for (int i = 0; i < (int)COUNT(levels); i++) {
		if (strcmp(name, levels[i]) != 0) continue;
		atomic_store(&lowest, i);
		return 1;
	}
	return 0;
}
