/* tests/programs/web_probe.c: the web floor with a small face that shows everything it does; tests/http/web_*.py drive it.
 *   web_probe [--listen ADDR:PORT]… [--metrics ADDR:PORT] [--tls-cert FILE --tls-key FILE] [--trusted-proxy CIDR]… [--workers N] [--queue N]
 *             [--head-seconds N] [--body-seconds N] [--log LEVEL] */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "web/cookie.h"
#include "web/csrf.h"
#include "web/form.h"
#include "web/server.h"

#define UPLOAD_MAX	 (8u << 20)
#define NEED_SESSION FACE_NEED(0)
#define OPTIONS_MAX	 8

static const struct cookie session = { .name = "session", .is_per_site = true };
static const struct cookie link_cookie = { .name = "link", .path = "/form", .max_age_seconds = 1800 };

static struct response say(struct request *r, struct buf *b)
{
	return response_bytes(r, 200, "text/plain; charset=utf-8", buf_str(b));
}

/* What the handler sees of a request. */
static struct response echo(struct request *r)
{
	struct buf b = buf_in(r->arena);
	buf_addf(&b, "host=%.*s\nprefix=%.*s\npath=%.*s\nquery=%.*s\nclient=%.*s\nid=%.*s\nlanguage=%s\n", STR_ARG(r->host), STR_ARG(r->prefix),
		STR_ARG(r->path), STR_ARG(r->query), STR_ARG(r->client), STR_ARG(r->id), lang_tag(r->language));
	struct str q = request_query(r, "q"), token = request_query(r, "token"), segment = request_segment(r, 0), link = request_link(r, S("/here"));
	buf_addf(&b, "q=%.*s\ntoken=%.*s\nsegment=%.*s\nlink=%.*s\n", STR_ARG(q), STR_ARG(token), STR_ARG(segment), STR_ARG(link));
	return say(r, &b);
}

static struct response page(struct request *r)
{
	int64_t size = 0;
	if (!str_int64(request_query(r, "size"), &size) || size < 0 || size > (16 << 20)) size = 100;
	struct buf b = buf_in(r->arena);
	buf_add(&b, S("<!DOCTYPE html><title>probe</title>"));
	while (b.len < (size_t)size) buf_add_escaped(&b, S("A line of a page that is \"rendered\" for this request & no other.\n"));
	return response_html(r, 200, str_part(buf_str(&b), 0, (size_t)size));
}

static struct response packed(struct request *r)
{
	struct response answer = page(r);
	response_pack(r, &answer);
	return answer;
}

static const struct form_field fields[] = { { "name", .max = 40, .is_required = true }, { "password", .max_bytes = 256, .is_secret = true },
	{ "notes", .max = 1000, .is_multiline = true }, { "seat", .max = 20, .is_repeated = true } };

static struct response form_page(struct request *r)
{
	struct buf b = buf_in(r->arena);
	struct str token = csrf_token(r, "/form");
	buf_addf(&b, "%.*s", STR_ARG(token));
	return say(r, &b);
}

static struct response form_post(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct buf b = buf_in(r->arena);
	for (const struct finding *why = f.why.first; why; why = why->next) {
		struct str text = lang_finding(r->arena, r->language, why);
		buf_addf(&b, "problem %s %.*s\n", why->field, STR_ARG(text));
	}
	struct str name = form_text(&f, "name"), password = form_text(&f, "password"), shown = form_shown(&f, "password"), notes = form_text(&f, "notes");
	buf_addf(&b, "name=%.*s\npassword=%zu bytes\nshown=%zu bytes\n", STR_ARG(name), password.len, shown.len);
	struct str hex = str_hex(r->arena, notes), seat;
	buf_addf(&b, "notes=%.*s\n", STR_ARG(hex));
	for (size_t at = 0; form_next(&f, "seat", &at, &seat);) buf_addf(&b, "seat=%.*s\n", STR_ARG(seat));
	struct str code, count;
	for (size_t at = 0; form_next_named(r, S("places-"), &at, &code, &count);) buf_addf(&b, "%.*s=%.*s\n", STR_ARG(code), STR_ARG(count));
	struct response answer = say(r, &b);
	if (f.why.first) answer.status = 422;
	return answer;
}

static struct response upload(struct request *r)
{
	struct upload file;
	if (!form_file(r, "file", &file)) return error_answer(r, 422);
	unsigned long sum = 0;
	for (size_t i = 0; i < file.bytes.len; i++) sum += (unsigned char)file.bytes.at[i];
	struct buf b = buf_in(r->arena);
	buf_addf(&b, "name=%.*s\ntype=%.*s\nbytes=%zu\nsum=%lu\n", STR_ARG(file.name), STR_ARG(file.type), file.bytes.len, sum);
	return say(r, &b);
}

static struct response slow(struct request *r)
{
	int64_t ms = 0;
	if (str_int64(request_query(r, "ms"), &ms) && ms > 0 && ms < 20000) usleep((useconds_t)ms * 1000);
	return response_bytes(r, 200, "text/plain", S("slow\n"));
}

/* A session whose cookie is its secret. */
static struct response signin(struct request *r)
{
	cookie_set(r, &session, str_base64url(r->arena, random_bytes(r->arena, 32)));
	return response_redirect(r, 303, request_query(r, "next"));
}

static struct response link_arrived(struct request *r)
{
	cookie_set(r, &link_cookie, S("one"));
	cookie_set(r, &link_cookie, request_query(r, "token"));
	cookie_clear(r, &session);
	return response_redirect(r, 303, S("/form"));
}

static struct response cookie_page(struct request *r)
{
	struct buf b = buf_in(r->arena);
	struct str value = cookie_get(r, &session);
	buf_addf(&b, "session=%.*s\n", STR_ARG(value));
	return say(r, &b);
}

static struct response download(struct request *r)
{
	struct response answer = response_bytes(r, 200, "application/pdf", S("%PDF-1.4\n"));
	response_download(r, &answer, S("Fakt\xc3\xbcr \"1\"\r\n.pdf"));
	return answer;
}

static struct response cached(struct request *r)
{
	struct response answer = response_bytes(r, 200, "text/css; charset=utf-8", S(":root{--accent:#135}\n"));
	response_cache(r, &answer, 300);
	return answer;
}

static struct response asset_name(struct request *r)
{
	return response_bytes(r, 200, "text/plain", request_asset(r, "probe.css"));
}

static struct response fail(struct request *r)
{
	int64_t status = 500;
	str_int64(request_query(r, "status"), &status);
	return error_answer(r, (int)status);
}

static const struct route routes[] = {
	{ GET, "/", page },
	{ GET, "/packed", packed },
	{ GET, "/echo", echo },
	{ GET, "/things/:ID", echo },
	{ POST, "/things/:ID", form_post, .needs = CSRF },
	{ GET, "/things/:ID/parts", echo },
	{ GET, "/bills/:BILL.pdf", echo },
	{ GET, "/form", form_page },
	{ POST, "/form", form_post, .needs = CSRF },
	{ POST, "/open", form_post, .needs = OPEN },
	{ POST, "/upload", upload, .needs = OPEN | FILES, .body_max = UPLOAD_MAX },
	{ GET, "/slow", slow, .needs = SLOW },
	{ POST, "/slow", slow, .needs = OPEN },
	{ GET, "/signin", signin },
	{ GET, "/link", link_arrived, .needs = NO_STORE },
	{ GET, "/private", echo, .needs = NEED_SESSION },
	{ GET, "/limited", echo, .limit = 1 },
	{ POST, "/limited", form_post, .needs = CSRF, .limit = 1 },
	{ GET, "/cookie", cookie_page },
	{ GET, "/preview", page, .needs = PREVIEW },
	{ GET, "/download", download },
	{ GET, "/cached", cached },
	{ GET, "/asset-name", asset_name },
	{ GET, "/fail", fail },
};

/* 127.0.0.1 and localhost: plain; secure.example: https behind a proxy; prefixed.example: below /tickets, speaks French and German. */
static enum status enter(struct request *r)
{
	if (str_starts(r->host, S("127.0.0.1")) || str_starts(r->host, S("localhost")) || str_starts(r->host, S("[::1]"))) {
		r->origin = str_format(r->arena, "http%s://%.*s", r->is_tls ? "s" : "", STR_ARG(r->host));
		r->site_code = S("plain");
		return OK;
	}
	if (str_eq(r->host, S("secure.example"))) {
		r->origin = S("https://secure.example");
		r->site_code = S("secure");
		return OK;
	}
	if (!str_eq(r->host, S("prefixed.example"))) return NOT_FOUND;
	if (!str_eq(r->path, S("/tickets")) && !str_starts(r->path, S("/tickets/"))) return REFUSED;
	r->prefix = S("/tickets");
	r->origin = S("https://prefixed.example");
	r->site_code = S("prefixed");
	r->languages = 1u << LANG_FR | 1u << LANG_DE;
	r->language_default = LANG_DE;
	return OK;
}

static void identify(struct request *r)
{
	struct str value = cookie_get(r, &session), secret;
	if (!value.len || !str_from_base64url(r->arena, value, &secret) || secret.len != 32) return;
	r->visitor = (void *)(uintptr_t)value.at;
	r->secret = secret;
	if (request_has_query(r, "account")) r->language = LANG_IT;
}

static bool is_within_limit(struct request *r, struct response *instead)
{
	*instead = error_answer(r, 429);
	return false;
}

static bool may(struct request *r, struct response *instead)
{
	if (r->route->needs & NEED_SESSION && !r->visitor) {
		*instead = response_redirect(r, 303, S("/signin"));
		return false;
	}
	return true;
}

static const struct face faces[] = { { "probe", routes, COUNT(routes), .enter = enter, .identify = identify, .may = may,
	.is_within_limit = is_within_limit } };

static const struct asset probe_assets[] = {
	{ { STR("logo.svg") }, { STR("/assets/logo.11.svg") }, { STR("image/svg+xml") }, { STR("<svg/>") }, { STR("") }, { STR("") }, { STR("\"11\"") } },
	{ { STR("probe.css") }, { STR("/assets/probe.22.css") }, { STR("text/css; charset=utf-8") }, { STR("body{}") }, { STR("GZIP") },
		{ STR("BROTLI") }, { STR("\"22\"") } },
};

static const char *language_first(const struct problem *why)
{
	struct str text = lang_problem(why->arena, LANG_EN, why);
	return str_c(why->arena, text);
}

int main(int argc, char **argv)
{
	struct str listen[OPTIONS_MAX];
	struct network trusted[OPTIONS_MAX];
	struct server_options o = {
		.listen = listen, .trusted = trusted, .faces = faces, .face_count = COUNT(faces), .assets = probe_assets, .asset_count = COUNT(probe_assets)
	};
	for (int i = 1; i + 1 < argc; i += 2) {
		const char *name = argv[i];
		struct str value = str_of(argv[i + 1]);
		int64_t number = 0;
		if (strcmp(name, "--listen") == 0) listen[o.listen_count++] = value;
		if (strcmp(name, "--metrics") == 0) o.metrics = value;
		if (strcmp(name, "--tls-cert") == 0) o.tls_cert = value;
		if (strcmp(name, "--tls-key") == 0) o.tls_key = value;
		if (strcmp(name, "--trusted-proxy") == 0 && !network_parse(value, &trusted[o.trusted_count++])) return 2;
		if (strcmp(name, "--workers") == 0 && str_int64(value, &number)) o.workers = (unsigned)number;
		if (strcmp(name, "--queue") == 0 && str_int64(value, &number)) o.queue_max = (unsigned)number;
		if (strcmp(name, "--head-seconds") == 0 && str_int64(value, &number)) o.head_seconds = (unsigned)number;
		if (strcmp(name, "--body-seconds") == 0 && str_int64(value, &number)) o.body_seconds = (unsigned)number;
		if (strcmp(name, "--log") == 0) log_level(argv[i + 1]);
	}
	if (!o.listen_count) listen[o.listen_count++] = S("127.0.0.1:0");

	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);

	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	struct server *s;
	if (server_start(&o, &s, &why)) return fprintf(stderr, "%s\n", language_first(&why)), 1;
	for (size_t i = 0; i < o.listen_count; i++) printf("listening on %.*s\n", STR_ARG(server_url(s, i)));
	printf("metrics on %.*s\nready\n", STR_ARG(server_metrics_url(s)));
	fflush(stdout);
	for (int got = 0; got != SIGTERM;) {
		if (sigwait(&signals, &got)) return 1;
		struct problem bad = problem_in(a);
		if (got == SIGHUP && server_reload_certificates(s, &bad)) log_error("%s", language_first(&bad));
		if (got == SIGHUP) puts("reloaded"), fflush(stdout);
	}
	bool is_clean = server_stop(s);
	arena_free(a);
	if (!is_clean) _exit(0);
	return 0;
}
