/* work/noted.c: a hash table with a lock. The keys are hashes themselves, so their first octets are place enough. */
#include "work/noted.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

#define PROBES 8 /* places looked at before a session is forgotten */

struct noted {
	pthread_mutex_t lock;
	size_t count;
	bool is_used[NOTED_MAX];
	uint8_t keys[NOTED_MAX][NOTED_SIZE];
};

struct noted *noted_new(void)
{
	struct noted *n = calloc(1, sizeof *n);
	if (!n) BUG("out of memory for noted sessions");
	pthread_mutex_init(&n->lock, NULL);
	return n;
}

void noted_free(struct noted *n)
{
	if (!n) return;
	pthread_mutex_destroy(&n->lock);
	free(n);
}

void noted_add(struct noted *n, struct str token_hash)
{
	if (token_hash.len != NOTED_SIZE) return;
	uint32_t place;
	memcpy(&place, token_hash.at, sizeof place);
	pthread_mutex_lock(&n->lock);
	for (size_t i = 0; i < PROBES; i++) {
		size_t at = (place + i) % NOTED_MAX;
		if (n->is_used[at] && memcmp(n->keys[at], token_hash.at, NOTED_SIZE) == 0) break;
		if (n->is_used[at]) continue;
		n->is_used[at] = true;
		memcpy(n->keys[at], token_hash.at, NOTED_SIZE);
		n->count++;
		break;
	}
	pthread_mutex_unlock(&n->lock);
}

size_t noted_take(struct noted *n, struct arena *a, struct str **out)
{
	pthread_mutex_lock(&n->lock);
	size_t count = 0;
	*out = n->count ? ARENA_ARRAY(a, struct str, n->count) : NULL;
	for (size_t at = 0; at < NOTED_MAX && count < n->count; at++) {
		if (!n->is_used[at]) continue;
		(*out)[count++] = str_keep(a, (struct str){ (const char *)n->keys[at], NOTED_SIZE });
		n->is_used[at] = false;
	}
	n->count = 0;
	pthread_mutex_unlock(&n->lock);
	return count;
}
