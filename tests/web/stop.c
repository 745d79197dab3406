/* Stopping while others come and go. What two threads could end the program at is met on purpose, or many times over. */
#include "tests/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/server.h"

#define ROUNDS	30
#define CLIENTS 8
#define POLLING 4

static struct response hello(struct request *r)
{
	return response_bytes(r, 200, "text/plain", S("hello\n"));
}

static const struct route routes[] = {
	{ GET, "/", hello },
	{ POST, "/", hello, .needs = OPEN },
};

static enum status enter(struct request *r)
{
	r->origin = S("http://127.0.0.1");
	return OK;
}

static const struct face faces[] = { { "test", routes, COUNT(routes), .enter = enter } };

static struct server *start(void)
{
	static const struct str listen[] = { { STR("127.0.0.1:0") } };
	static const struct server_options options = {
		.listen = listen, .listen_count = 1, .faces = faces, .face_count = COUNT(faces), .polling_threads = POLLING, .workers = 4
	};
	struct server *s;
	struct problem why = problem_in(mem);
	assert_status(server_start(&options, &s, &why), OK);
	return s;
}

static int port_of(struct server *s)
{
	int64_t port;
	struct str url = server_url(s, 0);
	size_t colon = url.len;
	while (url.at[colon - 1] != ':') colon--;
	assert_true(str_int64(str_part(url, colon, url.len), &port));
	return (int)port;
}

static int knock(int port)
{
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 20 };
	if (s < 0) fail_msg("no socket");
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(s, (struct sockaddr *)&at, sizeof at) == 0) return s;
	close(s);
	return -1;
}

/* ---- a thread that is interrupted where it hurts ---- */

static _Thread_local bool is_stopping;

/* The library calls this one instead of libc's, whose names for the parameters it takes. A thread may be interrupted anywhere; the one that stops is, each time before it takes a socket out of a
 * polling thread's set: that thread may come first. (So it did with MHD_quiesce_daemon, and the library ended the program.) */
int epoll_ctl(int __epfd, int __op, int __fd, struct epoll_event *__event)
{
	if (__op == EPOLL_CTL_DEL && is_stopping) usleep(20000);
	return (int)syscall(SYS_epoll_ctl, __epfd, __op, __fd, __event);
}

static bool stop_interrupted(struct server *s)
{
	is_stopping = true;
	bool is_done = server_stop(s);
	is_stopping = false;
	return is_done;
}

/* ---- those who come and go ---- */

struct crowd {
	int port;
	struct str request;
	int requests; /* on one connection */
	unsigned pause_us;
	atomic_bool is_over;
	atomic_int answers;
};

/* Comes, asks, goes and comes again. */
static void *client(void *arg)
{
	struct crowd *c = arg;
	char answer[2048];
	while (!c->is_over) {
		int s = knock(c->port);
		if (s < 0) continue;
		for (int i = 0; i < c->requests; i++) {
			if (send(s, c->request.at, c->request.len, MSG_NOSIGNAL) < 0 || recv(s, answer, sizeof answer, 0) <= 0) break;
			c->answers++;
			if (c->pause_us) usleep(c->pause_us);
		}
		close(s);
	}
	return NULL;
}

static void stop_amid(struct crowd *c)
{
	pthread_t threads[CLIENTS];
	for (int round = 0; round < ROUNDS; round++) {
		struct server *s = start();
		c->port = port_of(s);
		c->is_over = false;
		c->answers = 0;
		for (int i = 0; i < CLIENTS; i++)
			if (pthread_create(&threads[i], NULL, client, c)) fail_msg("no thread");
		int64_t until = clock_steady() + 10 * SECOND;
		while (c->answers < 5 * CLIENTS && clock_steady() < until) usleep(100);
		assert_true(stop_interrupted(s));
		c->is_over = true;
		for (int i = 0; i < CLIENTS; i++) pthread_join(threads[i], NULL);
		assert_true(c->answers >= 5 * CLIENTS);
	}
}

TEST(a_stop_while_many_knock)
{
	log_level("error");
	struct crowd c = { .request = S("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), .requests = 1 };
	stop_amid(&c);
}

/* Workers, and connections that were idle when the stop began. */
TEST(a_stop_while_idle_connections_wake_up)
{
	log_level("error");
	struct crowd c = { .request = S("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"), .requests = 1000, .pause_us = 300 };
	stop_amid(&c);
}
