/* base/day.h: calendar days of a time zone, as whole days since 1970-01-01: what deadlines and working days are counted in. */
#pragma once
#include "base/str.h"

/* The day on which the UTC time falls in ZONE (IANA name); A is for what is needed meanwhile. */
int64_t day_of(struct arena *a, int64_t utc, struct str zone);

/* The UTC time at which DAY begins in ZONE: its end is the beginning of the next. */
int64_t day_begins(struct arena *a, int64_t day, struct str zone);

/* The UTC time at which the clocks of ZONE show MINUTES past midnight on DAY; of an hour that they go through twice the first, of one that they skip the next. */
int64_t day_time(struct arena *a, int64_t day, int minutes, struct str zone);

/* Reads "2026-12-24T20:00", as a browser's field sends it, or "24.12.2026 20:00", as people type it. False for anything else, also for 31 February. */
bool day_time_read(struct str s, int64_t *day, int *minutes);

/* The UTC time as a browser's field of date and time wants it, in ZONE. */
struct str day_time_text(struct arena *a, int64_t utc, struct str zone);

/* Monday is 0, Sunday 6. */
int day_weekday(int64_t day);

/* The day of a date of the Gregorian calendar, and back; MONTH and DAY count from 1. */
struct date {
	int year, month, day;
};
int64_t day_of_date(struct date d);
struct date date_of_day(int64_t day);

/* "2026-11-24", as browsers' date fields have it; and back: false for anything else, also for the 31st of February, and before 1970. */
struct str day_text(struct arena *a, int64_t day);
bool day_read(struct str text, int64_t *day);
