/* web/server.h: the HTTP server of a process: listens, limits, finds the face and route, runs handlers where they belong, answers, logs.
 * A GET over SQLite runs on the polling thread itself; everything else is handed to workers while its connection is suspended (design.md 2). */
#pragma once
#include "base/problem.h"
#include "base/status.h"
#include "web/address.h"
#include "web/assets.h"
#include "web/route.h"

struct store;
struct server;

#define LISTEN_MAX 16 /* addresses to listen at; a host has a handful */

struct server_options {
	const struct str *listen; /* "ADDR:PORT" each; port 0 takes a free one */
	size_t listen_count;
	struct str metrics;			   /* "ADDR:PORT" for /metrics alone; empty: nowhere */
	struct str tls_cert, tls_key;  /* PEM files; empty: plain HTTP */
	const struct network *trusted; /* proxies whose X-Forwarded-For counts */
	size_t trusted_count;
	struct store *store; /* NULL: handlers have no database (tests) */
	const struct face *faces;
	size_t face_count;
	const struct asset *assets; /* usually assets, asset_count */
	size_t asset_count;

	/* GET /readyz: OK is 200, else 503. Runs on a worker. NULL: always ready. */
	enum status (*ready)(struct conn *db);

	/* Adds lines of other floors to /metrics, given METRICS_CONTEXT. Memory only. NULL: none. */
	void (*metrics_add)(struct buf *out, void *context);
	void *metrics_context;

	unsigned polling_threads; /* 0: one a core */
	unsigned workers;		  /* 0: WORKERS_DEFAULT */
	unsigned queue_max;		  /* 0: QUEUE_DEFAULT; requests waiting for a worker, beyond that 503 with Retry-After */
	unsigned head_seconds;	  /* 0: HEAD_SECONDS_DEFAULT */
	unsigned body_seconds;	  /* 0: BODY_SECONDS_DEFAULT */
};

#define WORKERS_DEFAULT 32	/* block in store_write or for a hash; grouped writes make use of all of them (design.md 2) */
#define QUEUE_DEFAULT	512 /* at 1,000 POST/s half a second: who would wait longer is told at once */

#define HEAD_SECONDS_DEFAULT 30 /* for a whole head, from connecting or from the last answer: an idle connection lives no longer either */
#define BODY_SECONDS_DEFAULT 20 /* for a body, and for taking an answer, beside what a slow but honest line needs for the bytes */

/* Listens and answers from now on. REFUSED or UNAVAILABLE with the reason in WHY. Options, faces and what they point to must stay until server_stop. */
enum status server_start(const struct server_options *options, struct server **out, struct problem *why);

/* "http://127.0.0.1:8080" of the INDEX-th listen address, with the port really taken; empty beyond the last. */
struct str server_url(const struct server *s, size_t index);
struct str server_metrics_url(const struct server *s);

/* Reads certificate and key again; new connections get them, others stay as they are. What can't be read leaves the old ones in use. */
enum status server_reload_certificates(struct server *s, struct problem *why);

/* Stops accepting, finishes what is in flight (8 s at most), closes everything and frees S. False: a handler did not come back in time; the
 * process must leave by _exit, because that thread still uses everything. */
bool server_stop(struct server *s);
