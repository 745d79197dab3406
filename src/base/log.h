/* base/log.h: one line an event on stderr, "2026-11-24T08:15:56.123Z level text". Control characters are written as ?.
 * Never a secret: no password, token, cookie or mail text. */
#pragma once
#include "base/str.h"

/* What went on, for the engineer. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same without formatting, for lines that come by the thousand; between log_gather and log_gather_end it may stand in the log some hundredths of a second
 * later, in the order of all lines. A process that is killed loses these. */
void log_text(struct str text);
void log_gather(void);
void log_gather_end(void);

/* What somebody should look at. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What failed. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Levels below are not written: "info" (all, the default), "warn", "error". Anything else is ignored and gives 0. */
int log_level(const char *name);
