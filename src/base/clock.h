/* base/clock.h: the host's clocks. Data is decided by store_now() alone (design.md 3). */
#pragma once
#include <stdint.h>

#define SECOND INT64_C(1000000) /* microseconds */
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY	   (24 * HOUR)

/* UTC microseconds since 1970. */
int64_t clock_utc(void);

/* Microseconds that only go forward, from an unknown start. */
int64_t clock_steady(void);
