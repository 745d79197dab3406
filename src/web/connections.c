/* web/connections.c: the list of open connections, and a thread that closes those whose clients dawdle.
 * The library's own time-out counts from the last byte, so one byte every few seconds would hold a connection for ever. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/serving.h"

#define BUCKETS		 4096
#define LOOK_MS		 1000		   /* how often deadlines are looked at */
#define LINGER_MAX	 64			   /* refused uploads that are read out at once; beyond that the client may see a reset */
#define LINGER_TIME	 (10 * SECOND) /* for the client to notice the answer */
#define LINGER_BYTES (64u << 10)

struct lingering {
	int fd;
	int64_t until;
};

struct connections {
	pthread_mutex_t lock;
	pthread_t thread;
	int wake; /* eventfd: something lingers, or the end */
	bool is_ending;
	struct connection *first, *last;
	struct connection *bucket_first[BUCKETS], *bucket_last[BUCKETS];
	size_t count, max;
	int64_t head_time;
	const struct network *trusted;
	size_t trusted_count;
	unsigned char hash_key[crypto_shorthash_KEYBYTES]; /* so that nobody can aim at one bucket */
	struct lingering lingering[LINGER_MAX];
	size_t lingering_count;
};

static void wake(struct connections *c)
{
	uint64_t one = 1;
	ssize_t ignored = write(c->wake, &one, sizeof one);
	(void)ignored; /* only a full counter fails, and that wakes too */
}

/* With the lock held: so FD is open and this connection's. */
static void cut(struct connection *one)
{
	shutdown(one->fd, SHUT_RDWR); /* the library sees an end of file and cleans up */
	atomic_store(&one->deadline, INT64_MAX);
	atomic_store(&one->is_idle, false);
}

static void cut_late_ones(struct connections *c)
{
	int64_t now = clock_steady();
	pthread_mutex_lock(&c->lock);
	for (struct connection *one = c->first; one; one = one->next)
		if (atomic_load_explicit(&one->deadline, memory_order_relaxed) < now) cut(one);
	pthread_mutex_unlock(&c->lock);
}

/* Reads and throws away what lingering sockets still bring; closes those that are done. */
static void drain(struct connections *c)
{
	static _Thread_local char bytes[LINGER_BYTES];
	int64_t now = clock_steady();
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->lingering_count;) {
		struct lingering *l = &c->lingering[i];
		ssize_t n = recv(l->fd, bytes, sizeof bytes, MSG_DONTWAIT);
		bool is_waiting = n < 0 && (errno == EAGAIN || errno == EINTR);
		if ((n > 0 || is_waiting) && l->until > now) {
			i++;
			continue;
		}
		close(l->fd);
		*l = c->lingering[--c->lingering_count];
	}
	pthread_mutex_unlock(&c->lock);
}

static void *watch(void *arg)
{
	struct connections *c = arg;
	int64_t look_at = 0;
	for (;;) {
		struct pollfd polled[LINGER_MAX + 1] = { { .fd = c->wake, .events = POLLIN } };
		pthread_mutex_lock(&c->lock);
		size_t n = c->lingering_count;
		bool is_ending = c->is_ending;
		for (size_t i = 0; i < n; i++) polled[i + 1] = (struct pollfd){ .fd = c->lingering[i].fd, .events = POLLIN };
		pthread_mutex_unlock(&c->lock);
		if (is_ending) return NULL;
		poll(polled, n + 1, LOOK_MS);
		uint64_t ignored;
		if (polled[0].revents && read(c->wake, &ignored, sizeof ignored) < 0) log_warn("connections: wake: %s", strerrorname_np(errno));
		if (n) drain(c);
		if (clock_steady() < look_at) continue;
		look_at = clock_steady() + LOOK_MS * (SECOND / 1000);
		cut_late_ones(c);
	}
}

struct connections *connections_new(size_t max, int64_t head_time, const struct network *trusted, size_t trusted_count)
{
	struct connections *c = calloc(1, sizeof *c);
	if (!c) BUG("out of memory for connections");
	pthread_mutex_init(&c->lock, NULL);
	c->max = max;
	c->head_time = head_time;
	c->trusted = trusted;
	c->trusted_count = trusted_count;
	crypto_shorthash_keygen(c->hash_key);
	if ((c->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0) BUG("eventfd: %s", strerrorname_np(errno));
	if (pthread_create(&c->thread, NULL, watch, c)) BUG("no thread for connections");
	return c;
}

void connections_free(struct connections *c)
{
	pthread_mutex_lock(&c->lock);
	c->is_ending = true;
	pthread_mutex_unlock(&c->lock);
	wake(c);
	pthread_join(c->thread, NULL);
	if (c->count) BUG("%zu connections are still open", c->count);
	for (size_t i = 0; i < c->lingering_count; i++) close(c->lingering[i].fd);
	close(c->wake);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static size_t bucket_of(const struct connections *c, const struct address *client)
{
	uint64_t hash;
	crypto_shorthash((unsigned char *)&hash, client->bytes, sizeof client->bytes, c->hash_key);
	return hash % BUCKETS;
}

/* Makes room when ONE's client, or all together, have too many: the oldest idle connection goes. With the lock held. */
static void make_room(struct connections *c, const struct connection *one)
{
	struct connection *idle = NULL;
	size_t same = 0;
	for (struct connection *at = c->bucket_first[bucket_of(c, &one->client)]; at; at = at->bucket_next) {
		if (memcmp(at->client.bytes, one->client.bytes, sizeof one->client.bytes) != 0) continue;
		same++;
		if (!idle && at != one && atomic_load(&at->is_idle)) idle = at;
	}
	if (same > CLIENT_MAX && !one->is_proxy && idle) {
		cut(idle);
		return;
	}
	if (c->count <= c->max) return;
	for (struct connection *at = c->first; at; at = at->next) {
		if (at == one || !atomic_load(&at->is_idle)) continue;
		cut(at);
		return;
	}
}

struct connection *connection_open(struct connections *c, int fd, const struct address *peer)
{
	struct connection *one = calloc(1, sizeof *one);
	if (!one) BUG("out of memory for a connection");
	one->fd = fd;
	one->peer = one->client = *peer;
	struct network v4;
	network_parse(S("0.0.0.0/0"), &v4);
	if (!network_holds(&v4, peer)) memset(one->client.bytes + 8, 0, 8);
	for (size_t i = 0; i < c->trusted_count; i++) one->is_proxy |= network_holds(&c->trusted[i], peer);
	struct arena *a = arena_new();
	struct str text = address_client(a, peer);
	memcpy(one->client_bytes, text.at, text.len);
	one->client_text = (struct str){ one->client_bytes, text.len };
	arena_free(a);
	atomic_store(&one->deadline, clock_steady() + c->head_time);
	atomic_store(&one->is_idle, true);

	pthread_mutex_lock(&c->lock);
	size_t bucket = bucket_of(c, &one->client);
	one->prev = c->last;
	one->bucket_prev = c->bucket_last[bucket];
	if (c->last) c->last->next = one;
	else c->first = one;
	if (one->bucket_prev) one->bucket_prev->bucket_next = one;
	else c->bucket_first[bucket] = one;
	c->last = c->bucket_last[bucket] = one;
	c->count++;
	make_room(c, one);
	pthread_mutex_unlock(&c->lock);
	return one;
}

void connection_close(struct connections *c, struct connection *one)
{
	pthread_mutex_lock(&c->lock);
	size_t bucket = bucket_of(c, &one->client);
	if (one->prev) one->prev->next = one->next;
	else c->first = one->next;
	if (one->next) one->next->prev = one->prev;
	else c->last = one->prev;
	if (one->bucket_prev) one->bucket_prev->bucket_next = one->bucket_next;
	else c->bucket_first[bucket] = one->bucket_next;
	if (one->bucket_next) one->bucket_next->bucket_prev = one->bucket_prev;
	else c->bucket_last[bucket] = one->bucket_prev;
	c->count--;
	bool lingers = atomic_load(&one->must_linger) && c->lingering_count < LINGER_MAX;
	int fd = lingers ? dup(one->fd) : -1;
	if (fd >= 0) {
		shutdown(fd, SHUT_WR);
		c->lingering[c->lingering_count++] = (struct lingering){ fd, clock_steady() + LINGER_TIME };
	}
	pthread_mutex_unlock(&c->lock);
	if (fd >= 0) wake(c);
	free(one);
}

size_t connections_open(struct connections *c)
{
	pthread_mutex_lock(&c->lock);
	size_t count = c->count;
	pthread_mutex_unlock(&c->lock);
	return count;
}
