/* tests/proxy.h: a TCP proxy before PostgreSQL that meddles with COMMIT: the moment in which a broken connection leaves the outcome unknown. */
#pragma once
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/status.h"
#include "base/str.h"

enum meddling {
	LET_PASS,
	CUT_BEFORE_COMMIT, /* the server never sees it */
	CUT_AFTER_COMMIT,  /* the server has committed, its answer is lost */
	ROLL_BACK,		   /* the server is asked to roll back, and says so with success */
};

struct proxy {
	int listener, port;
	char host[108], server_port[16];
	pthread_t thread;
	_Atomic enum meddling meddling; /* for the next COMMIT only */
	atomic_int commits;				/* seen */
	atomic_int connections;			/* that run */
};

static int proxy_connect(struct proxy *p)
{
	int fd;
	if (p->host[0] == '/') {
		struct sockaddr_un a = { .sun_family = AF_UNIX };
		snprintf(a.sun_path, sizeof a.sun_path, "%.80s/.s.PGSQL.%.15s", p->host, p->server_port);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) BUG("proxy: no server");
		return fd;
	}
	int64_t port = 0;
	str_int64(str_of(p->server_port), &port);
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	inet_pton(AF_INET, strcmp(p->host, "localhost") == 0 ? "127.0.0.1" : p->host, &a.sin_addr);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) BUG("proxy: no server");
	return fd;
}

static void proxy_send(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
		if (n <= 0) return;
		at += n;
		len -= (size_t)n;
	}
}

struct proxied {
	struct proxy *proxy;
	int client, server;
};

/* Passes what the client sent to the server, meddled with; false when the connection is to be cut. */
static bool proxy_pass_up(struct proxied *c, char *bytes, size_t len)
{
	static const char message[] = "Q\0\0\0\013COMMIT"; /* simple query, 11 bytes */
	char *found = memmem(bytes, len, message, sizeof message);
	enum meddling meddling = LET_PASS;
	if (found) {
		atomic_fetch_add(&c->proxy->commits, 1);
		meddling = atomic_exchange(&c->proxy->meddling, LET_PASS);
	}
	if (meddling == CUT_BEFORE_COMMIT) return false;
	if (meddling == ROLL_BACK) memcpy(found + 5, "ABORT ", 6);
	proxy_send(c->server, bytes, len);
	if (meddling != CUT_AFTER_COMMIT) return true;
	char answer[1024];
	ssize_t ignored = recv(c->server, answer, sizeof answer, 0);
	(void)ignored;
	return false;
}

static void *proxy_pass(void *arg)
{
	struct proxied *c = arg;
	char bytes[16384];
	struct pollfd ends[2] = { { .fd = c->client, .events = POLLIN }, { .fd = c->server, .events = POLLIN } };
	for (bool goes_on = true; goes_on;) {
		poll(ends, 2, -1);
		if (ends[0].revents) {
			ssize_t n = recv(c->client, bytes, sizeof bytes, 0);
			goes_on = n > 0 && proxy_pass_up(c, bytes, (size_t)n);
		}
		if (goes_on && ends[1].revents) {
			ssize_t n = recv(c->server, bytes, sizeof bytes, 0);
			goes_on = n > 0;
			if (goes_on) proxy_send(c->client, bytes, (size_t)n);
		}
	}
	close(c->client);
	close(c->server);
	atomic_fetch_sub(&c->proxy->connections, 1);
	free(c);
	return NULL;
}

static void *proxy_main(void *arg)
{
	struct proxy *p = arg;
	int client;
	while ((client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		struct proxied *c = calloc(1, sizeof *c);
		*c = (struct proxied){ .proxy = p, .client = client, .server = proxy_connect(p) };
		pthread_t t;
		atomic_fetch_add(&p->connections, 1);
		pthread_create(&t, NULL, proxy_pass, c);
		pthread_detach(t);
	}
	return NULL;
}

/* Starts P before the server of URL and gives the URL that leads through it, in arena A. */
static struct str proxy_start(struct proxy *p, struct arena *a, struct str url)
{
	memset(p, 0, sizeof *p);
	PQconninfoOption *options = PQconninfoParse(str_c(a, url), NULL);
	for (PQconninfoOption *o = options; o && o->keyword; o++) {
		if (strcmp(o->keyword, "host") == 0) snprintf(p->host, sizeof p->host, "%s", o->val ? o->val : "127.0.0.1");
		if (strcmp(o->keyword, "port") == 0) snprintf(p->server_port, sizeof p->server_port, "%s", o->val ? o->val : "5432");
	}
	PQconninfoFree(options);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof here;
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(p->listener, (struct sockaddr *)&here, len) || listen(p->listener, 16) || getsockname(p->listener, (struct sockaddr *)&here, &len))
		BUG("proxy: no port");
	p->port = ntohs(here.sin_port);
	pthread_create(&p->thread, NULL, proxy_main, p);
	return str_format(a, "%.*s%chost=127.0.0.1&port=%d&sslmode=disable&gssencmode=disable", STR_ARG(url), str_has(url, '?') ? '&' : '?', p->port);
}

/* Stops accepting, and waits for the connections, which the caller has closed. */
static void proxy_stop(struct proxy *p)
{
	shutdown(p->listener, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->listener);
	while (atomic_load(&p->connections)) usleep(1000);
}
