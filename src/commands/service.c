/* commands/service.c: starts in the order in which things stand on each other, stops in the other. */
#include "commands/service.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "commands/commands.h"
#include "commands/data.h"
#include "institution/institution.h"
#include "institution/signing_key.h"

#define DOORS_LOOK_SECONDS 5 /* a changed point of sale is seen so soon */

/* Before any thread starts, so that all inherit it: signals are waited for in one place. */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static enum status note_key(struct conn *db, void *arg)
{
	struct link_keys *keys = arg;
	return signing_key_note(db, *keys);
}

static enum status open_keys(struct service *s, struct arena *a, struct problem *why)
{
	const char *dir;
	enum status st;
	if ((st = data_secret_dir(a, s->config, &dir, why))) return st;
	if ((st = keys_load_or_make(dir, &s->keys, why))) return st;
	struct link_keys links = keys_links(s->keys);
	struct conn *db = store_conn(s->store);
	if ((st = signing_keys_check(db, a, links, why))) return st;
	return store_write(db, note_key, &links);
}

static struct mailer *mailer_in_use(const struct service *s)
{
	return s->mailer_count ? s->mailers[s->mailer_count - 1] : NULL;
}

/* Without --mail: the server stored in the office, as it is now. *IS_NEW: it is another than the one in use. */
static enum status open_stored_mailer(struct service *s, bool *is_new, struct problem *why)
{
	struct arena *secret = arena_new();
	struct conn *db = store_conn(s->store);
	struct mail_server stored = { 0 };
	int64_t institution;
	enum status st = institution_first(db, &institution);
	*is_new = false;
	if (st == OK) st = mail_server_get(db, secret, institution, s->mail_key, &stored);
	if (st == OK && stored.changed_at != s->mail_server) {
		s->mail_server = stored.changed_at;
		if (!stored.url.len) log_warn("the stored mail server was sealed with another key folder: store it again in the office's settings");
		else if (s->mailer_count == MAILERS_MAX) log_warn("the changed mail server is used after a restart");
		else if ((st = mailer_open(stored.url, &s->mailers[s->mailer_count], why)) == OK) s->mailer_count++, *is_new = true;
	}
	arena_wipe(secret); /* the URL holds the password */
	arena_free(secret);
	return st == NOT_FOUND ? OK : st;
}

static enum status open_mailer(struct service *s, struct str mail, struct problem *why)
{
	bool ignored;
	enum status st;
	if (!mail.len) return open_stored_mailer(s, &ignored, why);
	if ((st = mailer_open(mail, &s->mailers[0], why)) == OK) s->mailer_count = 1;
	return st;
}

static enum status make_database_id(struct conn *db, void *arg)
{
	struct str id;
	return database_id_make(db, arg, &id);
}

enum status service_open(struct service *s, struct arena *a, const struct config *c, struct str mail, struct problem *why)
{
	sigset_t set;
	enum status st;
	*s = (struct service){ .config = c };
	block_signals(&set);
	struct str level = config_text(c, "log-level");
	if (!log_level(str_c(a, level))) {
		problem_add(why, "log-level", MSG_LOG_LEVEL_UNKNOWN, arg_text("level", level));
		return REFUSED;
	}
	if ((st = data_open(c, config_flag(c, "migrate") ? SCHEMA_MAY_BE_RAISED : SCHEMA_MAY_BE_MADE, &s->store, why))) return st;
	if ((st = store_claim(s->store, why))) return st;
	if ((st = open_keys(s, a, why))) return st;
	keys_secret(s->keys, "mail", s->mail_key);
	keys_secret(s->keys, "setup", s->setup_key);
	if ((st = store_write(store_conn(s->store), make_database_id, a))) return st;
	if ((st = open_mailer(s, mail, why))) return st;
	s->doors = doors_new();
	s->hasher = hasher_start(&(struct hasher_options){ 0 });
	s->templates = templates_new();
	return OK;
}

void service_add_face(struct service *s, struct face face)
{
	if (s->face_count == SERVICE_FACES - 3) BUG("more faces than SERVICE_FACES");
	s->faces[s->face_count++] = face;
}

/* ---- starting ---- */

static enum status ready(struct conn *db)
{
	enum schema_state state;
	enum status st = store_schema(db, store_migrations, store_migration_count, &state, NULL);
	return st ? st : state == SCHEMA_CURRENT ? OK : UNAVAILABLE;
}

static void metrics_add(struct buf *out, void *context)
{
	struct service *s = context;
	struct hasher_figures h = hasher_figures(s->hasher);
	buf_addf(out, "# TYPE parterre_hashes_total counter\nparterre_hashes_total %llu\n", (unsigned long long)h.done);
	buf_addf(out, "# TYPE parterre_hashes_turned_away_total counter\nparterre_hashes_turned_away_total %llu\n", (unsigned long long)h.turned_away);
	buf_addf(out, "# TYPE parterre_hashes_in_hand gauge\nparterre_hashes_in_hand %u\n", h.in_hand);
	buf_add(out, S("# TYPE parterre_mails gauge\n"));
	for (int i = 0; i <= OUTBOX_DROPPED; i++)
		buf_addf(out, "parterre_mails{state=\"%s\"} %lld\n", outbox_state_name((enum outbox_state)i), (long long)atomic_load(&s->mails[i]));
}

/* The office stands at /office of that host: http or https, and no more behind it than a slash. */
static enum status read_office_url(struct service *s, struct arena *a, struct problem *why)
{
	enum http_allowed allowed = config_flag(s->config, "allow-http") ? HTTP_ALLOWED : HTTP_ON_LOOPBACK_ONLY;
	return office_url_read(a, config_text(s->config, "office-url"), allowed, "office-url", &s->office.url, why);
}

static enum status read_proxies(struct arena *a, const struct config *c, struct server_options *o, struct problem *why)
{
	size_t count;
	const struct str *given = config_list(c, "trusted-proxy", &count);
	struct network *networks = ARENA_ARRAY(a, struct network, count);
	for (size_t i = 0; i < count; i++)
		if (!network_parse(given[i], &networks[i])) problem_add(why, "trusted-proxy", MSG_PROXY_NOT_A_NETWORK, arg_text("given", given[i]));
	o->trusted = networks;
	o->trusted_count = count;
	return problem_any(why) ? REFUSED : OK;
}

static enum status listen_at(struct service *s, struct arena *a, struct problem *why)
{
	const struct config *c = s->config;
	struct server_options *o = ARENA_NEW(a, struct server_options);
	*o = (struct server_options){
		.metrics = config_text(c, "metrics"),
		.tls_cert = config_text(c, "tls-cert"),
		.tls_key = config_text(c, "tls-key"),
		.store = s->store,
		.faces = s->faces,
		.face_count = s->face_count,
		.assets = assets,
		.asset_count = asset_count,
		.ready = ready,
		.metrics_add = metrics_add,
		.metrics_context = s,
	};
	o->listen = config_list(c, "listen", &o->listen_count);
	enum status st = read_proxies(a, c, o, why);
	return st ? st : server_start(o, &s->server, why);
}

enum status service_start(struct service *s, struct arena *a, struct problem *why)
{
	enum status st;
	if ((st = read_office_url(s, a, why))) return st;
	if ((st = doors_refresh(s->doors, store_conn(s->store)))) return st;
	s->post = (struct post){ .store = s->store,
		.keys = keys_links(s->keys),
		.mailer = mailer_in_use(s),
		.templates = s->templates,
		.office = s->office.url,
		.audit_key = s->audit_key };
	keys_secret(s->keys, "audit", s->audit_key);
	s->worker = worker_start(&s->post);
	s->shop = (struct shop){
		.doors = s->doors,
		.hasher = s->hasher,
		.links = keys_links(s->keys),
		.templates = s->templates,
		.worker = s->worker,
		.wake = worker_wake,
		.note_session = worker_note_session,
	};
	keys_secret(s->keys, "form", s->shop.link_secret);
	memcpy(s->office.mail_key, s->mail_key, sizeof s->office.mail_key);
	memcpy(s->office.setup_key, s->setup_key, sizeof s->office.setup_key);
	s->office.has_mail = s->mailer_count && !s->mail_server; /* by --mail */
	s->office.http = s->office.is_demo || config_flag(s->config, "allow-http") ? HTTP_ALLOWED : HTTP_ON_LOOPBACK_ONLY;
	s->office.doors = s->doors;
	s->office.hasher = s->hasher;
	s->office.templates = s->templates;
	s->office.links = keys_links(s->keys);
	s->office.worker = s->worker;
	s->office.wake = worker_wake;
	s->office.note_session = worker_note_operator;
	keys_secret(s->keys, "staff", s->office.link_secret);
	keys_secret(s->keys, "factor", s->office.factor_secret);
	keys_secret(s->keys, "here", s->office.here_key);
	s->faces[s->face_count++] = here_face(&s->office);
	s->faces[s->face_count++] = office_face(&s->office);
	s->faces[s->face_count++] = shop_face(&s->shop);
	if ((st = listen_at(s, a, why))) return st;
	for (size_t i = 0; server_url(s->server, i).len; i++) printf("listening on %.*s\n", STR_ARG(server_url(s->server, i)));
	fflush(stdout);
	return OK;
}

/* ---- running and stopping ---- */

static bool is_same_list(const struct config *a, const struct config *b, const char *name)
{
	size_t n, m;
	const struct str *x = config_list(a, name, &n), *y = config_list(b, name, &m);
	for (size_t i = 0; i < n && n == m; i++)
		if (!str_eq(x[i], y[i])) return false;
	return n == m;
}

static void reload_options(struct service *s, struct arena *a)
{
	static const char *const fixed[] = { "database", "mail", "office-url", "secret-dir", "tls-cert", "tls-key", "metrics" };
	static const char *const fixed_lists[] = { "listen", "trusted-proxy" };
	struct problem why = problem_in(a);
	struct config c;
	if (config_again(a, &c, &why)) {
		struct str said = lang_problem(a, LANG_EN, &why);
		log_error("the new configuration is not in use: %.*s", STR_ARG(said));
		return;
	}
	struct str level = config_text(&c, "log-level");
	if (!log_level(str_c(a, level))) log_error("log-level \"%.*s\" is none: info, warn, error", STR_ARG(level));
	for (size_t i = 0; i < COUNT(fixed); i++)
		if (!str_eq(config_text(s->config, fixed[i]), config_text(&c, fixed[i]))) log_warn("the new --%s is used after a restart", fixed[i]);
	for (size_t i = 0; i < COUNT(fixed_lists); i++)
		if (!is_same_list(s->config, &c, fixed_lists[i])) log_warn("the new --%s is used after a restart", fixed_lists[i]);
}

static void reload(struct service *s)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	reload_options(s, a);
	if (config_text(s->config, "tls-cert").len && server_reload_certificates(s->server, &why)) {
		struct str said = lang_problem(a, LANG_EN, &why);
		log_error("the new certificate is not in use: %.*s", STR_ARG(said));
	}
	arena_wipe(a); /* the options hold the mail server's password */
	arena_free(a);
}

/* A mail server that was stored or changed in the office, by whatever process. */
static void look_for_mailer(struct service *s)
{
	struct arena *a = arena_new();
	struct problem why = problem_in(a);
	bool is_new = false;
	if (!s->office.has_mail && open_stored_mailer(s, &is_new, &why))
		log_warn("the stored mail server cannot be used: %.*s", STR_ARG(lang_problem(a, LANG_EN, &why)));
	if (is_new) worker_use_mailer(s->worker, mailer_in_use(s));
	arena_free(a);
}

/* Failures leave doors and figures as they were; /readyz tells of them. */
static void look_around(struct service *s)
{
	struct conn *db = store_conn(s->store);
	int64_t counts[OUTBOX_DROPPED + 1];
	doors_refresh(s->doors, db);
	look_for_mailer(s);
	if (outbox_count(db, 0, counts)) return;
	for (size_t i = 0; i < COUNT(counts); i++) atomic_store(&s->mails[i], counts[i]);
}

void service_wait(struct service *s)
{
	const struct timespec look = { .tv_sec = DOORS_LOOK_SECONDS };
	sigset_t set;
	block_signals(&set);
	for (;;) {
		int got = sigtimedwait(&set, NULL, &look);
		if (got == SIGTERM || got == SIGINT) return;
		if (got == SIGHUP) reload(s);
		look_around(s);
	}
}

bool service_close(struct service *s)
{
	if (s->server && !server_stop(s->server)) return false;
	worker_stop(s->worker);
	templates_free(s->templates);
	hasher_stop(s->hasher);
	doors_free(s->doors);
	for (size_t i = 0; i < s->mailer_count; i++) mailer_close(s->mailers[i]);
	if (s->store) store_close(s->store);
	keys_free(s->keys);
	return true;
}
