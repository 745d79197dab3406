/* web/wire.c: libmicrohttpd's call-backs. A request is born when its first line is there, and forgotten when its answer has been taken. */
#include <microhttpd.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/store.h"
#include "web/dispatch.h"
#include "web/serving.h"
#include "web/stock.h"

/* A connection's buffer: all of a head must fit with that of its answer, else the library answers 431; also what one piece of a body is. No larger than
 * it must be, because the library overwrites all of it after each request. Browsers send 1 kB, with a shop's worth of foreign cookies 8. */
#define HEAD_MEMORY	  (16u << 10)
#define READ_STEP	  2048
#define DISCARD_MAX	  (16u << 20) /* of a chunked body over its limit, before the connection is cut without an answer */
#define LOG_PATH_MAX  300
#define QUIET_SECONDS 60 /* without a byte, for the library's own time-out; connections.c has the strict ones */

/* gnutls' names; 1.0 and 1.1 were withdrawn by RFC 8996, and 3.7 would still take them. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* ---- birth ---- */

/* Unique, and tells nobody how many requests there are: the thread's counter, scrambled (splitmix64) from a random start. */
static struct str request_id(struct server *s, struct arena *a)
{
	unsigned thread;
	uint64_t count = atomic_fetch_add_explicit(&tally_mine(s, &thread)->ids, 1, memory_order_relaxed) * TALLIES;
	uint64_t z = s->id_start + (count + thread) * UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return str_hex(a, (struct str){ (const char *)&z, sizeof z });
}

/* Read by the thread of connections.c, which looks once a second: no order is needed. */
static void due(struct request_inside *in, int64_t at)
{
	atomic_store_explicit(&in->connection->deadline, at, memory_order_relaxed);
}

static void *uri_arrived(void *arg, const char *uri, struct MHD_Connection *wire)
{
	struct server *s = arg;
	struct arena *a = stock_arena();
	struct request_inside *in = ARENA_NEW(a, struct request_inside);
	const struct str none = S("");
	in->server = s;
	in->options = &s->options;
	in->wire = wire;
	in->target = str_keep(a, str_of(uri)); /* the library writes into its own */
	in->body = body_in(a);
	in->request = (struct request){ .arena = a,
		.id = request_id(s, a),
		.host = none,
		.path = none,
		.query = none,
		.prefix = none,
		.origin = none,
		.site_code = none,
		.secret = none,
		.client = none,
		.inside = in,
		.method = METHOD_OTHER,
		.is_tls = s->is_tls,
		.started = clock_steady() };
	return in;
}

static enum MHD_Result header_arrived(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value, size_t value_len)
{
	struct request_inside *in = arg;
	(void)kind;
	in->headers[in->header_count++] = (struct pair){ { name, name_len }, value ? (struct str){ value, value_len } : S("") };
	return MHD_YES;
}

/* Who asks, after --trusted-proxy. */
static struct str client_of(const struct request *r)
{
	const struct request_inside *in = r->inside;
	struct connection *c = in->connection;
	if (!c->is_proxy) return c->client_text;
	struct buf hops = buf_in(r->arena); /* each proxy may have added a header of its own */
	for (size_t i = 0; i < in->header_count; i++) {
		if (!str_eq_nocase(in->headers[i].name, S("x-forwarded-for"))) continue;
		if (hops.len) buf_add(&hops, S(", "));
		buf_add(&hops, in->headers[i].value);
	}
	struct address who = address_behind(&c->peer, buf_str(&hops), in->options->trusted, in->options->trusted_count);
	return address_client(r->arena, &who);
}

static void head_arrived(struct request *r, const char *method)
{
	struct request_inside *in = r->inside;
	struct server *s = in->server;
	in->connection = *(struct connection **)MHD_get_connection_info(in->wire, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	atomic_store_explicit(&in->connection->is_idle, false, memory_order_relaxed);
	atomic_fetch_add(&tally_mine(s, NULL)->in_flight, 1);
	in->method_name = method;
	in->is_head = strcmp(method, "HEAD") == 0;
	r->method = in->is_head || strcmp(method, "GET") == 0 ? GET : strcmp(method, "POST") == 0 ? POST : METHOD_OTHER;
	int count = MHD_get_connection_values_n(in->wire, MHD_HEADER_KIND, NULL, NULL);
	in->headers = ARENA_ARRAY(r->arena, struct pair, (size_t)count + 1);
	MHD_get_connection_values_n(in->wire, MHD_HEADER_KIND, header_arrived, in);
	r->client = client_of(r);
	dispatch_head(r);
	if (dispatch_has_body(r)) due(in, r->started + s->body_time); /* else it runs at once, and clears it */
}

/* ---- the answer ---- */

#define POLICY_PAGE                                                                                       \
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " \
	"frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/* A mail in a frame of ours: its links open outside the frame, nothing else of it acts. */
#define POLICY_PREVIEW                                                                                                            \
	"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; " \
	"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

#define HSTS "max-age=31536000" /* a year, as browsers' own lists ask for; no subdomains: they are not ours to decide about */

static struct str cache_control(const struct request *r, const struct response *answer)
{
	const struct request_inside *in = r->inside;
	bool is_private = in->is_personal || r->method != GET || request_has_query(r, "token") || answer->status >= 400;
	if (r->route && r->route->needs & (NO_STORE | FACE_NEEDS)) is_private = true;
	if (r->secret.len && !answer->cache.len) is_private = true; /* signed in: the page may say who */
	if (is_private) return S("no-store");
	return answer->cache.len ? answer->cache : S("no-cache");
}

#define POLICY_HEADERS 6 /* the most that add_policy adds */

/* On every answer, also to errors and redirects (recovery-cases 38). */
static struct pair *add_policy(struct request *r, const struct response *answer, struct pair *at)
{
	bool is_preview = r->route && r->route->needs & PREVIEW && answer->status == 200;
	*at++ = (struct pair){ S("Content-Security-Policy"), is_preview ? S(POLICY_PREVIEW) : S(POLICY_PAGE) };
	*at++ = (struct pair){ S("X-Content-Type-Options"), S("nosniff") };
	*at++ = (struct pair){ S("Cross-Origin-Opener-Policy"), S("same-origin") };
	*at++ = (struct pair){ S("Cross-Origin-Resource-Policy"), S("same-origin") };
	/* An address with a token must not travel on; elsewhere no-referrer would make browsers post "Origin: null" (recovery-cases 21). */
	*at++ = (struct pair){ S("Referrer-Policy"), request_has_query(r, "token") ? S("no-referrer") : S("same-origin") };
	if (request_is_secure(r)) *at++ = (struct pair){ S("Strict-Transport-Security"), S(HSTS) };
	return at;
}

/* What the answer says of itself, alike for all answers of its kind. */
static struct envelope *envelope_of(struct request *r, const struct response *answer)
{
	size_t count = POLICY_HEADERS + 2;
	for (const struct response_header *h = answer->headers; h; h = h->next) count++;
	struct pair *headers = ARENA_ARRAY(r->arena, struct pair, count), *at = headers;
	if (answer->type.len) *at++ = (struct pair){ S("Content-Type"), answer->type };
	at = add_policy(r, answer, at);
	*at++ = (struct pair){ S("Cache-Control"), cache_control(r, answer) };
	for (const struct response_header *h = answer->headers; h; h = h->next) *at++ = (struct pair){ h->name, h->value };
	return envelope_take(r->arena, answer->body, headers, (size_t)(at - headers));
}

static enum MHD_Result send_answer(struct request *r)
{
	struct request_inside *in = r->inside;
	struct response *answer = &in->answer;
	struct envelope *out = in->envelope = envelope_of(r, answer);
	envelope_add(out, "X-Request-Id", r->id.at);
	for (const struct cookie_change *c = in->cookies; c; c = c->next) envelope_add(out, "Set-Cookie", str_c(r->arena, c->line));
	if (in->must_close || atomic_load(&in->server->is_stopping)) envelope_add(out, "Connection", "close");
	in->stage = STAGE_ANSWERED;
	atomic_store_explicit(
		&in->connection->deadline, clock_steady() + in->server->body_time + (int64_t)(answer->body.len / SLOWEST) * SECOND, memory_order_relaxed);
	return MHD_queue_response(in->wire, (unsigned)answer->status, out->library);
}

/* ---- running ---- */

static void connect_database(struct request *r)
{
	if (r->inside->options->store) r->db = store_conn(r->inside->options->store);
}

#define STACK_WIPED (256 << 10) /* deeper than a request goes */

/* What the compiler or the loader put of a password on this thread's stack, below us: registers saved across a call hold what was just copied. */
static void wipe_stack(const struct request *r)
{
	if (r->method == POST) sodium_stackzero(STACK_WIPED);
}

void wire_run(struct request_inside *in)
{
	connect_database(&in->request);
	in->answer = dispatch_run(&in->request);
	wipe_stack(&in->request);
	in->stage = STAGE_READY;
	MHD_resume_connection(in->wire); /* from here on it is the polling thread's again */
}

static enum MHD_Result run_here(struct request *r)
{
	static _Thread_local bool is_marked;
	if (!is_marked && r->inside->options->store) {
		store_thread_only_reads();
		is_marked = true;
	}
	if (!r->inside->refused && !r->inside->server->reads_may_wait) connect_database(r);
	r->inside->answer = dispatch_run(r);
	return send_answer(r);
}

static enum MHD_Result run(struct request *r)
{
	struct request_inside *in = r->inside;
	struct server *s = in->server;
	bool is_quick = dispatch_is_quick(r, s->reads_may_wait);
	if (!is_quick && !workers_reserve(s->workers)) {
		in->refused = 503;
		is_quick = true;
	}
	due(in, INT64_MAX); /* from now on it is we who are waited for */
	if (is_quick) return run_here(r);
	in->stage = STAGE_RUNNING;
	MHD_suspend_connection(in->wire);
	workers_add(s->workers, in);
	return MHD_YES;
}

/* One piece of a body. */
static enum MHD_Result take_body(struct request *r, struct str piece)
{
	struct request_inside *in = r->inside;
	in->received += piece.len;
	atomic_store_explicit(
		&in->connection->deadline, r->started + in->server->body_time + (int64_t)(in->received / SLOWEST) * SECOND, memory_order_relaxed);
	if (!in->refused && in->received > in->body_max) in->refused = 413; /* only a chunked one comes so far */
	if (in->refused) {
		body_close(&in->body);
		return in->received < in->body_max + DISCARD_MAX ? MHD_YES : MHD_NO;
	}
	if (body_add(&in->body, piece)) in->refused = 503;
	return MHD_YES;
}

static enum MHD_Result arrived(void *arg, struct MHD_Connection *wire, const char *url, const char *method, const char *version, const char *piece,
	size_t *piece_len, void **context)
{
	struct request_inside *in = *context;
	(void)arg, (void)wire, (void)url, (void)version;
	struct request *r = &in->request;
	switch (in->stage) {
	case STAGE_URI:
		head_arrived(r, method);
		in->stage = STAGE_BODY;
		if (!in->refused || !(dispatch_has_body(r) || in->must_close)) return MHD_YES;
		atomic_store(&in->connection->must_linger, true);
		in->must_close = true;
		return run_here(r);
	case STAGE_BODY: {
		size_t len = *piece_len;
		*piece_len = 0;
		return len ? take_body(r, (struct str){ piece, len }) : run(r);
	}
	case STAGE_READY: return send_answer(r);
	case STAGE_RUNNING:
	case STAGE_ANSWERED: break;
	}
	BUG("request %s was called for at stage %d", r->id.at, (int)in->stage);
}

/* ---- the end ---- */

static void log_access(const struct request *r, bool is_whole, int64_t microseconds)
{
	struct str path = str_part(r->path, 0, LOG_PATH_MAX); /* without the query: tokens stand there */
	struct buf b = buf_in(r->arena);
	const struct str words[] = { S("access "), r->id, S(" "), r->client, S(" "), str_of(r->inside->method_name), S(" "), r->prefix, path, S(" ") };
	for (size_t i = 0; i < COUNT(words); i++) buf_add(&b, words[i]);
	buf_add_int(&b, r->inside->answer.status);
	buf_add_char(&b, ' ');
	buf_add_int(&b, (int64_t)r->inside->answer.body.len);
	buf_add_char(&b, ' ');
	buf_add_int(&b, microseconds);
	buf_add(&b, is_whole ? S("us") : S("us aborted"));
	log_text(buf_str(&b));
}

static void completed(void *arg, struct MHD_Connection *wire, void **context, enum MHD_RequestTerminationCode how)
{
	struct server *s = arg;
	struct request_inside *in = *context;
	(void)wire;
	if (!in) return;
	*context = NULL;
	struct request *r = &in->request;
	struct arena *a = r->arena;
	wipe_stack(r);
	if (in->stage != STAGE_URI) { /* else the library refused the head by itself */
		int64_t now = clock_steady(), took = now - r->started;
		struct tally *t = tally_mine(s, NULL);
		log_access(r, how == MHD_REQUEST_TERMINATED_COMPLETED_OK, took);
		metrics_count(t, in->stage == STAGE_ANSWERED ? in->answer.status : 0, in->answer.body.len, took);
		due(in, now + s->head_time);
		atomic_store_explicit(&in->connection->is_idle, true, memory_order_relaxed);
		atomic_fetch_sub(&t->in_flight, 1);
	}
	body_close(&in->body);
	if (in->envelope) envelope_back(in->envelope);
	if (r->method == POST) arena_wipe(a); /* passwords; the library overwrites its own buffer between requests */
	stock_arena_back(a);
}

static void connection_changed(void *arg, struct MHD_Connection *wire, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct server *s = arg;
	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*context) connection_close(s->connections, *context);
		*context = NULL;
		return;
	}
	const union MHD_ConnectionInfo *from = MHD_get_connection_info(wire, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct address peer = { { 0 } };
	if (from) address_of(from->client_addr, &peer);
	*context = connection_open(s->connections, MHD_get_connection_info(wire, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd, &peer);
}

/* ---- start ---- */

/* Nothing is decoded by the library: routes see the path as it came. */
static size_t as_it_is(void *arg, struct MHD_Connection *wire, char *text)
{
	(void)arg, (void)wire;
	return strlen(text);
}

/* Whoever knocks during a stop is turned away at once. The library's own way, MHD_quiesce_daemon, is not safe in 0.9.75: it takes the listening socket out
 * of a polling thread's epoll set while that thread may be doing the same, and whoever comes second ends the program. */
static enum MHD_Result let_in(void *arg, const struct sockaddr *from, socklen_t len)
{
	const struct server *s = arg;
	(void)from, (void)len;
	return atomic_load(&s->is_stopping) ? MHD_NO : MHD_YES;
}

struct MHD_Daemon *wire_start(struct server *s, int fd)
{
	struct MHD_OptionItem pool[] = { { MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)s->polling_threads, NULL }, { MHD_OPTION_END, 0, NULL } };
	struct MHD_OptionItem tls[] = { { MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificate_callback() },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES }, { MHD_OPTION_END, 0, NULL } };
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
	if (s->is_tls) flags |= MHD_USE_TLS;
	return MHD_start_daemon(flags, 0, let_in, s, arrived, s,													//
		MHD_OPTION_LISTEN_SOCKET, fd,																			//
		MHD_OPTION_URI_LOG_CALLBACK, uri_arrived, s,															//
		MHD_OPTION_NOTIFY_COMPLETED, completed, s,																//
		MHD_OPTION_NOTIFY_CONNECTION, connection_changed, s,													//
		MHD_OPTION_UNESCAPE_CALLBACK, as_it_is, NULL,															//
		MHD_OPTION_STRICT_FOR_CLIENT, 1,																		//
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MEMORY,												//
		MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)READ_STEP,												//
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)QUIET_SECONDS,													//
		/* The library would stop accepting at its limit; ours make room first, so it is set out of reach. */	//
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)(2 * CONNECTIONS_MAX * s->polling_threads),						//
		MHD_OPTION_ARRAY, s->polling_threads > 1 ? pool : none,													//
		MHD_OPTION_ARRAY, s->is_tls ? tls : none,																//
		MHD_OPTION_END);
}

/* ---- metrics ---- */

static enum MHD_Result metrics_arrived(void *arg, struct MHD_Connection *wire, const char *url, const char *method, const char *version,
	const char *piece, size_t *piece_len, void **context)
{
	static char seen;
	(void)version, (void)piece;
	if (!*context) return *context = &seen, MHD_YES;
	if (*piece_len) return *piece_len = 0, MHD_YES;
	bool is_right = strcmp(url, "/metrics") == 0 && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0);
	struct arena *a = arena_new();
	struct str text = is_right ? metrics_text(a, arg) : S("only /metrics is here\n");
	struct MHD_Response *out = MHD_create_response_from_buffer(text.len, (void *)(uintptr_t)text.at, MHD_RESPMEM_MUST_COPY);
	arena_free(a);
	if (!out) return MHD_NO;
	if (MHD_add_response_header(out, "Content-Type", "text/plain; version=0.0.4; charset=utf-8") != MHD_YES) BUG("no type for /metrics");
	enum MHD_Result result = MHD_queue_response(wire, is_right ? 200 : 404, out);
	MHD_destroy_response(out);
	return result;
}

struct MHD_Daemon *wire_start_metrics(struct server *s, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, metrics_arrived, s, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)QUIET_SECONDS, MHD_OPTION_END);
}
