/* tests/mail/visit.c: a visit asks once, where it may, and believes nothing but an answer. */
#include "test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "mail/visit.h"

/* A server for one connection, which says SAID whatever it is asked. */
struct player {
	int fd;
	uint16_t port;
	struct str said;
	char asked[4096];
	pthread_t thread;
};

static void *play(void *arg)
{
	struct player *p = arg;
	int one = accept(p->fd, NULL, NULL);
	if (one < 0) return NULL;
	ssize_t n = read(one, p->asked, sizeof p->asked - 1);
	p->asked[n > 0 ? n : 0] = 0;
	for (size_t at = 0; at < p->said.len;) {
		ssize_t wrote = send(one, p->said.at + at, p->said.len - at, MSG_NOSIGNAL);
		if (wrote <= 0) break;
		at += (size_t)wrote;
	}
	close(one);
	return NULL;
}

static void player_start(struct player *p, const char *said)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	*p = (struct player){ .fd = socket(AF_INET, SOCK_STREAM, 0), .said = str_of(said) };
	if (p->fd < 0 || bind(p->fd, (struct sockaddr *)&at, sizeof at) || listen(p->fd, 1)) fail_msg("no server");
	getsockname(p->fd, (struct sockaddr *)&at, &size);
	p->port = ntohs(at.sin_port);
	pthread_create(&p->thread, NULL, play, p);
}

static void player_end(struct player *p)
{
	shutdown(p->fd, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->fd);
}

static enum visit_outcome at(const struct player *p, const char *host, struct str *body)
{
	return visit(mem, str_format(mem, "http://%s:%d/where", host, p->port), body);
}

TEST(an_answer_is_taken_as_it_comes)
{
	struct player p;
	struct str body;
	player_start(&p, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(at(&p, "127.0.0.1", &body), VISIT_ANSWERED);
	assert_str(body, S("hello"));
	player_end(&p);
	assert_non_null(strstr(p.asked, "GET /where HTTP/1.1\r\n"));
	assert_null(strstr(p.asked, "Cookie"));
}

TEST(a_redirect_is_not_followed)
{
	struct player there, here;
	struct str body;
	player_start(&there, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	struct str said = str_format(mem, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n", there.port);
	player_start(&here, str_c(mem, said));
	assert_int_equal(at(&here, "127.0.0.1", &body), VISIT_OTHER);
	player_end(&here);
	player_end(&there);
	assert_int_equal(there.asked[0], 0);
}

TEST(an_endless_answer_and_one_that_is_no_http_are_another_servers)
{
	struct player p;
	struct str body;
	struct buf b = buf_in(mem);
	buf_add(&b, S("HTTP/1.1 200 OK\r\n\r\n"));
	for (int i = 0; i < 100; i++) buf_add(&b, S("a hundred letters, which is more than anything of ours, "));
	player_start(&p, str_c(mem, buf_str(&b)));
	assert_int_equal(at(&p, "127.0.0.1", &body), VISIT_OTHER);
	assert_true(body.len <= VISIT_BYTES);
	player_end(&p);
	player_start(&p, "220 mail.example.org ESMTP\r\n");
	assert_int_equal(at(&p, "127.0.0.1", &body), VISIT_OTHER);
	player_end(&p);
	player_start(&p, "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(at(&p, "127.0.0.1", &body), VISIT_OTHER);
	player_end(&p);
}

TEST(nobody_there_and_no_such_name_are_told_apart)
{
	struct player p;
	struct str body;
	player_start(&p, "");
	player_end(&p);
	assert_int_equal(at(&p, "127.0.0.1", &body), VISIT_SILENT);
	assert_int_equal(visit(mem, S("http://nowhere.invalid/where"), &body), VISIT_UNKNOWN);
}

TEST(a_server_without_tls_is_none_for_https)
{
	struct player p;
	struct str body;
	player_start(&p, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
	assert_int_equal(visit(mem, str_format(mem, "https://127.0.0.1:%d/where", p.port), &body), VISIT_CERTIFICATE);
	player_end(&p);
}

/* Linux takes 0.0.0.0 for this machine, so that the refusal is seen by who is not asked (tests/mail/reach.c has the others). */
TEST(addresses_that_no_host_has_are_not_asked)
{
	struct player p;
	struct str body;
	player_start(&p, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(at(&p, "0.0.0.0", &body), VISIT_SILENT);
	player_end(&p);
	assert_int_equal(p.asked[0], 0);
}

TEST(a_proxy_of_the_environment_is_not_asked)
{
	struct player p;
	struct str body;
	player_start(&p, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	setenv("http_proxy", str_c(mem, str_format(mem, "http://127.0.0.1:%d", p.port)), 1);
	assert_int_equal(visit(mem, S("http://nowhere.invalid/where"), &body), VISIT_UNKNOWN);
	unsetenv("http_proxy");
	player_end(&p);
	assert_int_equal(p.asked[0], 0);
}
