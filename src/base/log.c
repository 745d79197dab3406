/* base/log.c: lines are made in one piece, so that threads don't mix. */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
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
#define WAITING_MAX	   (64u << 10) /* some hundred lines; who finds it full writes it himself */
#define GATHERING	   20000000	   /* nanoseconds: a person who looks on sees no delay */

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

/* ---- lines that wait ---- */

/* Threads that answer thousands of requests a second would stand in a queue for the file: each write takes its lock. So lines gather here, and a thread of
 * the log's own writes them together, GATHERING later. A line of a warning or an error takes all that wait along at once. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_t thread;
	bool is_running, is_stopping;
	size_t len;
	char bytes[WAITING_MAX];
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER };

static void write_waiting(void)
{
	for (size_t at = 0; at < waiting.len;) {
		ssize_t written = write(STDERR_FILENO, waiting.bytes + at, waiting.len - at);
		if (written < 0 && errno == EINTR) continue;
		if (written <= 0) break; /* nobody to tell */
		at += (size_t)written;
	}
	waiting.len = 0;
}

static void *write_gathered(void *arg)
{
	const struct timespec gathering = { .tv_nsec = GATHERING };
	(void)arg;
	pthread_mutex_lock(&waiting.lock);
	while (!waiting.is_stopping) {
		if (waiting.len == 0) {
			pthread_cond_wait(&waiting.filled, &waiting.lock);
			continue;
		}
		pthread_mutex_unlock(&waiting.lock);
		nanosleep(&gathering, NULL);
		pthread_mutex_lock(&waiting.lock);
		write_waiting();
	}
	pthread_mutex_unlock(&waiting.lock);
	return NULL;
}

void log_gather(void)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pthread_mutex_lock(&waiting.lock);
	if (waiting.is_running) BUG("log lines are gathered already");
	waiting.is_stopping = false;
	waiting.is_running = pthread_create(&waiting.thread, NULL, write_gathered, NULL) == 0; /* else each line is written at once */
	pthread_mutex_unlock(&waiting.lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void log_gather_end(void)
{
	pthread_mutex_lock(&waiting.lock);
	bool was_running = waiting.is_running;
	waiting.is_stopping = true;
	pthread_cond_signal(&waiting.filled);
	pthread_mutex_unlock(&waiting.lock);
	if (!was_running) return;
	pthread_join(waiting.thread, NULL);
	pthread_mutex_lock(&waiting.lock);
	waiting.is_running = false;
	write_waiting();
	pthread_mutex_unlock(&waiting.lock);
}

enum urgency { MAY_WAIT, AT_ONCE };

/* Takes what stands in LINE behind START, LEN bytes in all, with one byte of room for the line's end. */
static void add_line(char *line, size_t start, size_t len, enum urgency urgency)
{
	for (size_t i = start; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) line[i] = '?';
	line[len++] = '\n';
	pthread_mutex_lock(&waiting.lock);
	if (waiting.len + len > sizeof waiting.bytes) write_waiting();
	if (waiting.len == 0) pthread_cond_signal(&waiting.filled);
	memcpy(waiting.bytes + waiting.len, line, len);
	waiting.len += len;
	if (urgency == AT_ONCE || !waiting.is_running) write_waiting();
	pthread_mutex_unlock(&waiting.lock);
}

static void __attribute__((format(printf, 2, 0))) write_formatted(int level, const char *format, va_list args)
{
	if (level < atomic_load(&lowest)) return;
	char line[LINE_MAX_BYTES];
	size_t start = write_head(line, level), len = start;
	int more = vsnprintf(line + len, sizeof line - len - 1, format, args);
	if (more > 0) len += (size_t)more;
	if (len > sizeof line - 2) len = sizeof line - 2;
	add_line(line, start, len, AT_ONCE);
}

void log_text(struct str text)
{
	if (atomic_load(&lowest) > 0) return;
	char line[LINE_MAX_BYTES];
	size_t start = write_head(line, 0), room = sizeof line - start - 1, len = text.len < room ? text.len : room;
	memcpy(line + start, text.at, len);
	add_line(line, start, start + len, MAY_WAIT);
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
