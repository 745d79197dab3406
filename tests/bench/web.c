/* tests/bench/web.c: a page rendered for each request by the web floor, against libmicrohttpd alone answering as many fixed bytes; both on all
 * cores, wrk with 64 connections on the same machine, turn by turn, the middle of the rounds. The access log goes to /dev/null. */
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "web/csrf.h"
#include "web/server.h"

#define PAGE_BYTES	8192 /* design.md 2 measured with these */
#define CONNECTIONS 64
#define SECONDS		3
#define ROUNDS		5

/* ---- the library alone ---- */

static struct MHD_Response *fixed;

static enum MHD_Result answer_fixed(void *arg, struct MHD_Connection *wire, const char *url, const char *method, const char *version,
	const char *piece, size_t *piece_len, void **context)
{
	static char seen;
	(void)arg, (void)url, (void)method, (void)version, (void)piece, (void)piece_len;
	if (!*context) return *context = &seen, MHD_YES;
	*context = NULL;
	return MHD_queue_response(wire, 200, fixed);
}

static unsigned start_bare(size_t bytes)
{
	char *body = malloc(bytes);
	if (!body) BUG("out of memory");
	memset(body, 'x', bytes);
	fixed = MHD_create_response_from_buffer(bytes, body, MHD_RESPMEM_MUST_FREE);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct MHD_OptionItem pool[] = { { MHD_OPTION_THREAD_POOL_SIZE, cores, NULL }, { MHD_OPTION_END, 0, NULL } };
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	struct MHD_Daemon *d =
		MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer_fixed, NULL, MHD_OPTION_ARRAY, cores > 1 ? pool : none, MHD_OPTION_END);
	if (!fixed || !d) BUG("libmicrohttpd did not start");
	return MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
}

/* ---- the web floor ---- */

/* As a compiled template does: fixed text, and values escaped for where they stand. */
static struct response page(struct request *r)
{
	struct buf b = buf_in(r->arena);
	buf_add(&b, S("<!DOCTYPE html><html><head><title>A page that is made for this request</title></head><body>\n"));
	struct str name = request_query(r, "name"), path = request_link(r, S("/page"));
	while (b.len < PAGE_BYTES) {
		buf_add(&b, S("<tr class=\"performance\"><td class=\"name\"><a href=\""));
		buf_add_escaped(&b, path);
		buf_add(&b, S("\">"));
		buf_add_escaped(&b, name);
		buf_add(&b, S("</a></td><td class=\"when\"><time>Tuesday, 24 November 2026, 20:00</time></td><td class=\"price\">CHF 48.00</td></tr>\n"));
	}
	return response_html(r, 200, str_part(buf_str(&b), 0, PAGE_BYTES));
}

/* The same with a form: a token for a browser that has its cookie. */
static struct response form_page(struct request *r)
{
	struct response answer = page(r);
	struct str token = csrf_token(r, "/form");
	if (token.len != 86) BUG("a token of %zu characters", token.len);
	return answer;
}

static struct response nothing(struct request *r)
{
	return response_redirect(r, 303, S("/page"));
}

static const struct route routes[] = {
	{ GET, "/page", page },
	{ GET, "/slow", page, .needs = SLOW },
	{ GET, "/form", form_page },
	{ POST, "/form", nothing, .needs = CSRF },
};

static enum status enter(struct request *r)
{
	r->origin = S("http://127.0.0.1");
	return OK;
}

static const struct face faces[] = { { "bench", routes, COUNT(routes), .enter = enter } };

static struct str start_floor(struct arena *a)
{
	static struct str listen[] = { { STR("127.0.0.1:0") } };
	static const struct server_options options = { .listen = listen, .listen_count = 1, .faces = faces, .face_count = COUNT(faces) };
	struct server *s;
	struct problem why = problem_in(a);
	if (server_start(&options, &s, &why)) BUG("the server did not start");
	return server_url(s, 0);
}

/* ---- measuring ---- */

static double rate(struct arena *a, struct str url)
{
	const char *command = str_c(a, str_format(a, "wrk -t1 -c%d -d%ds -H 'Cookie: guest-=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' '%.*s'",
									   CONNECTIONS, SECONDS, STR_ARG(url)));
	FILE *wrk = popen(command, "r");
	if (!wrk) BUG("no wrk");
	char line[256];
	double found = 0;
	while (fgets(line, sizeof line, wrk)) {
		if (strstr(line, "Non-2xx")) BUG("%s", line);
		if (strncmp(line, "Requests/sec:", 13) == 0) found = strtod(line + 13, NULL);
	}
	if (pclose(wrk) || found <= 0) BUG("wrk told nothing of %.*s", STR_ARG(url));
	return found;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double values[ROUNDS])
{
	qsort(values, ROUNDS, sizeof *values, by_size);
	return values[ROUNDS / 2];
}

/* "bench-web BYTES [NAME VALUE]…": the library alone with a page of that size, and these headers, for others to measure against; until the input ends. */
static int serve_bare(int count, char **words)
{
	int64_t n;
	if (!str_int64(str_of(words[0]), &n) || n < 1 || n > 1 << 20 || count % 2 == 0) return 2;
	unsigned port = start_bare((size_t)n);
	for (int i = 1; i < count; i += 2)
		if (MHD_add_response_header(fixed, words[i], words[i + 1]) != MHD_YES) return 2;
	printf("listening on http://127.0.0.1:%u\n", port);
	fflush(stdout);
	while (getchar() != EOF) {
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	if (argc > 1) return serve_bare(argc - 1, argv + 1);
	struct arena *a = arena_new();
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDERR_FILENO) < 0) return 1;
	struct str bare = str_format(a, "http://127.0.0.1:%u/", start_bare(PAGE_BYTES)), floor = start_floor(a);
	struct str urls[] = { bare, str_format(a, "%.*s/page?name=Don+Giovanni+%%26+Co", STR_ARG(floor)),
		str_format(a, "%.*s/form?name=Don", STR_ARG(floor)), str_format(a, "%.*s/slow?name=Don", STR_ARG(floor)) };
	static const char *const names[] = { "libmicrohttpd alone, 8 kB fixed", "web floor, 8 kB page rendered",
		"web floor, the same with a form's token", "web floor, the same through workers" };
	double rates[COUNT(urls)][ROUNDS], ratios[ROUNDS];
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < COUNT(urls); i++) rates[i][round] = rate(a, urls[i]);
		ratios[round] = rates[1][round] / rates[0][round];
	}
	for (size_t i = 0; i < COUNT(urls); i++)
		printf("{\"name\": \"%s\", \"value\": %.0f, \"unit\": \"requests/s\", \"goal\": null}\n", names[i], middle(rates[i]));
	printf("{\"name\": \"page rendered against fixed bytes\", \"value\": %.3f, \"unit\": \"\", \"goal\": null}\n", middle(ratios));
	fflush(stdout);
	_exit(0); /* the measured servers need no farewell */
}
