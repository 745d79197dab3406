/* web/server.c: starting, reloading and stopping. */
#include "web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "store/store.h"
#include "web/serving.h"

#define STOP_TIME	   (8 * SECOND) /* the contract gives 10 s from SIGTERM to the end */
#define STOP_LOOK_US   5000
#define FILES_RESERVED 256 /* of the open files: database, spooled bodies, logs, libraries */
#define POLLING_MAX	   64

static void panic(void *arg, const char *file, unsigned line, const char *reason)
{
	(void)arg;
	bug_at(file, (int)line, "libmicrohttpd: %s", reason ? reason : "");
}

/* How many connections the process may have open, after raising its limit as far as it is allowed to. */
static size_t connections_allowed(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files)) return 512;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files)) log_warn("open files: %s", strerrorname_np(errno));
	getrlimit(RLIMIT_NOFILE, &files);
	size_t allowed = files.rlim_cur > 2 * FILES_RESERVED ? files.rlim_cur - FILES_RESERVED : FILES_RESERVED;
	return allowed < CONNECTIONS_MAX ? allowed : CONNECTIONS_MAX;
}

static struct str url_of(struct arena *a, int fd, bool is_tls)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at = { .v6 = { 0 } };
	socklen_t len = sizeof at;
	char host[INET6_ADDRSTRLEN];
	if (getsockname(fd, &at.any, &len)) BUG("getsockname: %s", strerrorname_np(errno));
	const char *scheme = is_tls ? "https" : "http";
	if (at.any.sa_family == AF_INET6)
		return str_format(a, "%s://[%s]:%u", scheme, inet_ntop(AF_INET6, &at.v6.sin6_addr, host, sizeof host), ntohs(at.v6.sin6_port));
	return str_format(a, "%s://%s:%u", scheme, inet_ntop(AF_INET, &at.v4.sin_addr, host, sizeof host), ntohs(at.v4.sin_port));
}

static enum status listen_at(struct server *s, struct listener *l, struct str where, bool is_tls, struct problem *why)
{
	struct sockaddr_storage at;
	socklen_t len;
	int yes = 1;
	if (!address_listen(where, &at, &len, why)) return REFUSED;
	l->fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool is_bound = l->fd >= 0 && setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0;
	if (is_bound && at.ss_family == AF_INET6) is_bound = setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == 0;
	if (is_bound) is_bound = bind(l->fd, (const struct sockaddr *)&at, len) == 0 && listen(l->fd, SOMAXCONN) == 0;
	if (!is_bound) {
		struct arena *a = arena_new();
		problem_errno(why, str_c(a, str_format(a, "--listen %.*s", STR_ARG(where))), errno);
		arena_free(a);
		return UNAVAILABLE;
	}
	l->url = url_of(s->arena, l->fd, is_tls);
	return OK;
}

static unsigned cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > POLLING_MAX ? POLLING_MAX : (unsigned)n;
}

static void listener_stop(struct listener *l)
{
	if (l->library) MHD_stop_daemon(l->library); /* closes the socket, too */
	else if (l->fd >= 0) close(l->fd);
}

static void server_free(struct server *s)
{
	for (size_t i = 0; i < s->listener_count; i++) listener_stop(&s->listeners[i]);
	listener_stop(&s->metrics_listener);
	if (s->workers) workers_free(s->workers);
	if (s->connections) connections_free(s->connections);
	if (s->is_tls) certificate_forget();
	arena_free(s->arena);
	free(s);
}

enum status server_start(const struct server_options *options, struct server **out, struct problem *why)
{
	enum status st = OK;
	struct server *s = aligned_alloc(_Alignof(struct server), sizeof *s);
	if (!s) BUG("out of memory for a server");
	memset(s, 0, sizeof *s);
	s->arena = arena_new();
	s->options = *options;
	s->metrics_listener.fd = -1;
	s->is_tls = options->tls_cert.len > 0;
	s->polling_threads = options->polling_threads ? options->polling_threads : cores();
	s->head_time = (options->head_seconds ? options->head_seconds : HEAD_SECONDS_DEFAULT) * SECOND;
	s->body_time = (options->body_seconds ? options->body_seconds : BODY_SECONDS_DEFAULT) * SECOND;
	random_fill(&s->id_start, sizeof s->id_start);
	for (size_t i = 0; i < options->face_count; i++) face_check(&options->faces[i]);
	MHD_set_panic_func(panic, NULL);
	if (s->is_tls && (st = certificate_load(options->tls_cert, options->tls_key, why))) goto failed;
	if (options->listen_count > LISTEN_MAX) BUG("%zu addresses to listen at", options->listen_count);
	for (size_t i = 0; i < options->listen_count; i++) {
		s->listener_count++;
		if ((st = listen_at(s, &s->listeners[i], options->listen[i], s->is_tls, why))) goto failed;
	}
	if (options->metrics.len && (st = listen_at(s, &s->metrics_listener, options->metrics, false, why))) goto failed;
	s->connections = connections_new(connections_allowed(), s->head_time, options->trusted, options->trusted_count);
	s->workers =
		workers_new(options->workers ? options->workers : WORKERS_DEFAULT, options->queue_max ? options->queue_max : QUEUE_DEFAULT, wire_run);
	s->reads_may_wait = options->store && store_engine(store_conn(options->store)) != ENGINE_SQLITE;
	log_gather();
	for (size_t i = 0; i < s->listener_count; i++)
		if (!(s->listeners[i].library = wire_start(s, s->listeners[i].fd))) goto no_library;
	if (options->metrics.len && !(s->metrics_listener.library = wire_start_metrics(s, s->metrics_listener.fd))) goto no_library;
	*out = s;
	return OK;
no_library:
	problem_errno(why, "libmicrohttpd", errno);
	log_gather_end();
	st = UNAVAILABLE;
failed:
	server_free(s);
	return st;
}

struct str server_url(const struct server *s, size_t index)
{
	return index < s->listener_count ? s->listeners[index].url : S("");
}

struct str server_metrics_url(const struct server *s)
{
	return s->metrics_listener.library ? s->metrics_listener.url : S("");
}

enum status server_reload_certificates(struct server *s, struct problem *why)
{
	return s->is_tls ? certificate_load(s->options.tls_cert, s->options.tls_key, why) : OK;
}

bool server_stop(struct server *s)
{
	int64_t until = clock_steady() + STOP_TIME;
	atomic_store(&s->is_stopping, true); /* who knocks from now on is turned away (wire.c) */
	while (in_flight(s) > 0 && clock_steady() < until) usleep(STOP_LOOK_US);
	/* Only a suspended connection must not meet the library's stop, it would abort. Clients that dawdle are simply cut; one that was idle and asks just
	 * now is told to come back (503). */
	workers_close(s->workers);
	while (workers_waiting(s->workers) && clock_steady() < until) usleep(STOP_LOOK_US);
	if (workers_waiting(s->workers)) {
		log_error("stop: %u requests are still being worked on after %d s", workers_waiting(s->workers), (int)(STOP_TIME / SECOND));
		log_gather_end();
		return false;
	}
	server_free(s);
	log_gather_end();
	return true;
}
