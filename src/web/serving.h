/* web/serving.h: the parts of a running server that know the library. Included by src/web/ only. */
#pragma once
#include <stdatomic.h>

#include "web/inside.h"

struct MHD_Daemon;
struct workers;
struct connections;

/* ---- connections.c: every open connection, with the time until which its client has to move on ---- */

#define SLOWEST			4096  /* bytes a second; slower clients hold places for nothing */
#define CLIENT_MAX		1000  /* connections of one client network: a school or a mobile network behind one address in the first minute of a sale */
#define CONNECTIONS_MAX 16000 /* of all; each idle one costs about 8 kB */

struct connection {
	struct connection *next, *prev;				  /* all, in the order they came */
	struct connection *bucket_next, *bucket_prev; /* those of one hash of the client */
	struct address client;						  /* its network: IPv6 as /64 */
	struct address peer;
	struct str client_text;
	char client_bytes[64];
	bool is_proxy;
	int fd;
	_Atomic(int64_t) deadline; /* clock_steady() */
	atomic_bool is_idle;	   /* between two requests, or inside a head */
	atomic_bool must_linger;   /* refused before its body was read: what still comes is read and thrown away, or a reset would eat the answer */
};

/* MAX connections at most, each with HEAD_TIME (microseconds) for its first head. */
struct connections *connections_new(size_t max, int64_t head_time, const struct network *trusted, size_t trusted_count);

/* No connection may be left. */
void connections_free(struct connections *c);

/* A new connection from PEER. When there are too many, of this client or in all, the one that has been idle for the longest time is closed for it. */
struct connection *connection_open(struct connections *c, int fd, const struct address *peer);

/* Must be called before FD is closed. */
void connection_close(struct connections *c, struct connection *one);

size_t connections_open(struct connections *c);

/* ---- workers.c: the threads that may wait ---- */

struct workers *workers_new(unsigned threads, unsigned queue_max, void (*run)(struct request_inside *in));

/* A place in the queue; false: full. Who has one must use it. */
bool workers_reserve(struct workers *w);
void workers_add(struct workers *w, struct request_inside *in);
unsigned workers_waiting(struct workers *w);

/* No place is given any more: once workers_waiting is 0 it stays so. */
void workers_close(struct workers *w);

/* Ends the threads, once the queue is empty. */
void workers_free(struct workers *w);

/* ---- certificate.c ---- */

/* Reads both files; REFUSED with the reason, and the old ones stay. One set a process, because the library's call-back has no argument. */
#define HANDSHAKE_TIME_MAX (60 * SECOND) /* as long an older set is kept for those who are shaking hands */

enum status certificate_load(struct str cert_file, struct str key_file, struct problem *why);
void *certificate_callback(void); /* for MHD_OPTION_HTTPS_CERT_CALLBACK */
void certificate_forget(void);

/* ---- metrics.c ---- */

#define DURATIONS 8

#define TALLIES 64 /* as many as polling threads at most */

/* What one polling thread counts, apart from the others': two that write to one line of the processors' caches wait for each other, each time. */
struct tally {
	_Alignas(64) atomic_uint_fast64_t ids;
	atomic_int in_flight;
	atomic_uint_fast64_t by_class[6]; /* 1xx … 5xx; 0: no answer of ours */
	atomic_uint_fast64_t durations[DURATIONS], microseconds, bytes;
};

/* The running thread's; two threads may share one when there are more of them than tallies. INDEX may be NULL. */
struct tally *tally_mine(struct server *s, unsigned *index);

/* Requests whose head has arrived and that are not over. */
int in_flight(struct server *s);

void metrics_count(struct tally *m, int status, uint64_t bytes, int64_t microseconds);
struct str metrics_text(struct arena *a, struct server *s);

/* ---- wire.c: the library's call-backs ---- */

/* Starts the library on a listening socket; NULL: it can't, errno says why. */
struct MHD_Daemon *wire_start(struct server *s, int fd);
struct MHD_Daemon *wire_start_metrics(struct server *s, int fd);

/* For workers_new. */
void wire_run(struct request_inside *in);

/* ---- server.c ---- */

struct listener {
	struct MHD_Daemon *library;
	int fd;
	struct str url;
};

struct server {
	struct server_options options;
	struct arena *arena;
	struct listener listeners[LISTEN_MAX];
	size_t listener_count;
	struct listener metrics_listener;
	struct connections *connections;
	struct workers *workers;
	struct tally tallies[TALLIES];
	unsigned polling_threads;
	int64_t head_time, body_time; /* microseconds */
	bool is_tls;
	bool reads_may_wait; /* PostgreSQL: reads go to workers too */
	uint64_t id_start;
	atomic_bool is_stopping;
};
