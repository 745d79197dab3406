/* tests/chance.h: chance that is the same in every run, so that what failed once fails again. */
#pragma once
#include <stdint.h>

static uint64_t chance_state = 88172645463325252;

/* 0 to N − 1, by xorshift64. */
static inline uint32_t chance(uint32_t n)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (uint32_t)(chance_state >> 32) % n;
}
