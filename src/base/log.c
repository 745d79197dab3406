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
#define HEAD_BYTES	   64	/* a time and a level, with room to spare */
#define NAME_BYTES	   8

static const char *const levels[] = { "info", "warn", "error" };
static const char *const names[] = { "Z info  ", "Z warn  ", "Z error " };
static atomic_int lowest;

/* "2026-11-24T08:15:56.123Z info  " at LINE, which has room for HEAD_BYTES. The seconds are written once each and thread: an access log has thousands
 * of lines a second. */
static size_t write_head(char *line, int level)
{
	static _Thread_local time_t written = -1;
	static _Thread_local char head[HEAD_BYTES];
	static _Thread_local size_t len;
	int64_t now = clock_utc();
	time_t seconds = (time_t)(now / SECOND);
	if (seconds != written) {
		struct tm utc;
		gmtime_r(&seconds, &utc);
		len = strftime(head, sizeof head, "%Y-%m-%dT%H:%M:%S.", &utc);
		written = seconds;
	}
	int milliseconds = (int)(now % SECOND / 1000);
	memcpy(line, head, len);
	char *at = line + len;
	*at++ = (char)('0' + milliseconds / 100);
	*at++ = (char)('0' + milliseconds / 10 % 10);
	*at++ = (char)('0' + milliseconds % 10);
	memcpy(at, names[level], NAME_BYTES);
	return len + 3 + NAME_BYTES;
}

/* Writes what stands in LINE behind START, LEN bytes in all, with one byte of room for the line's end. */
static void write_line(char *line, size_t start, size_t len)
{
	for (size_t i = start; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) line[i] = '?';
	line[len++] = '\n';
	ssize_t ignored = write(STDERR_FILENO, line, len);
	(void)ignored; /* nobody to tell */
}

static void __attribute__((format(printf, 2, 0))) write_formatted(int level, const char *format, va_list args)
{
	if (level < atomic_load(&lowest)) return;
	char line[LINE_MAX_BYTES];
	size_t start = write_head(line, level), len = start;
	int more = vsnprintf(line + len, sizeof line - len - 1, format, args);
	if (more > 0) len += (size_t)more;
	if (len > sizeof line - 2) len = sizeof line - 2;
	write_line(line, start, len);
}

void log_text(struct str text)
{
	if (atomic_load(&lowest) > 0) return;
	char line[LINE_MAX_BYTES];
	size_t start = write_head(line, 0), room = sizeof line - start - 1, len = text.len < room ? text.len : room;
	memcpy(line + start, text.at, len);
	write_line(line, start, start + len);
}

#define LOG_AT(level)                       \
	va_list args;                           \
	va_start(args, format);                 \
	write_formatted((level), format, args); \
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
