/* base/clock.c: clock_gettime, in microseconds. */
#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

int64_t clock_utc(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_steady(void)
{
	return read_clock(CLOCK_MONOTONIC);
}
