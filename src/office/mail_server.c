/* office/mail_server.c: the mail server, which is asked before it is stored. Only administrators may have it asked, a few times in a quarter of an hour, and each
 * time is noted: the program would connect to any address for them. What is not a mail server's own refusal is told in words of ours (docs/mail.md). */
#include "institution/mail_server.h"

#include "base/host.h"
#include "base/log.h"
#include "mail/mailer.h"
#include "office/house.h"
#include "web/path.h"

#define TEST_SECONDS	 10	   /* how long somebody waits for a mail server's answer, and a worker with him */
#define PORT_MAX		 65535 /* 16 bits */
#define ANSWER_SHOWN_MAX 150   /* bytes of it on the page: a refusal's sentence */

static const struct form_field fields[] = {
	{ "host", .max = 255, .is_required = true },
	{ "port", .max = 5 },
	{ "security", .max = 10, .is_required = true },
	{ "user", .max = 255 },
	{ "mail_password", .max_bytes = 512, .is_secret = true },
	{ "anyway", .max = 3 },
};

static const struct {
	struct str name, scheme, starttls;
	int64_t port;
} ways[] = {
	{ { STR("starttls") }, { STR("smtp") }, { STR("required") }, 587 },
	{ { STR("tls") }, { STR("smtps") }, { STR("") }, 465 },
	{ { STR("plain") }, { STR("smtp") }, { STR("no") }, 25 },
};

/* What people type: a name, an address; an IPv6 one with or without its brackets. Empty: none of them. */
static struct str host_of_form(struct arena *a, struct str typed)
{
	struct str host = str_trim(typed);
	bool is_bare_six = str_has(host, ':') && !str_starts(host, S("["));
	return host_read(a, is_bare_six ? str_format(a, "[%.*s]", STR_ARG(host)) : host);
}

/* A server as the form names it. */
struct server {
	struct str host, place; /* "smtp://mail.example.org:587" */
	struct str url;			/* with user and password */
	int64_t port;
};

/* False with findings when the form names none. */
static bool server_of_form(struct request *r, struct form *f, struct server *out)
{
	struct arena *a = r->arena;
	struct str user = form_text(f, "user"), password = form_text(f, "mail_password"), port = form_text(f, "port"), who = S("");
	size_t w = 0;
	while (w < COUNT(ways) && !str_eq(ways[w].name, form_text(f, "security"))) w++;
	out->host = host_of_form(a, form_text(f, "host"));
	out->port = w < COUNT(ways) ? ways[w].port : 0;
	if (w == COUNT(ways)) problem_add(&f->why, "security", MSG_CHOICE_UNKNOWN);
	if (!out->host.len) problem_add(&f->why, "host", MSG_MAIL_HOST);
	if (port.len && (!str_int64(port, &out->port) || out->port < 1 || out->port > PORT_MAX)) problem_add(&f->why, "port", MSG_MAIL_PORT);
	if (user.len && !password.len) problem_add(&f->why, "mail_password", MSG_MAIL_PASSWORD_NEEDED);
	if (problem_any(&f->why)) return false;
	if (user.len) who = str_format(a, "%.*s:%.*s@", STR_ARG(percent_encode(a, user)), STR_ARG(percent_encode(a, password)));
	struct str where = str_format(a, "%.*s:%lld", STR_ARG(out->host), (long long)out->port), scheme = ways[w].scheme;
	out->place = str_format(a, "%.*s://%.*s", STR_ARG(scheme), STR_ARG(where));
	out->url = str_format(a, "%.*s://%.*s%.*s", STR_ARG(scheme), STR_ARG(who), STR_ARG(where));
	if (ways[w].starttls.len) out->url = str_format(a, "%.*s?starttls=%.*s", STR_ARG(out->url), STR_ARG(ways[w].starttls));
	return true;
}

/* ---- asking ---- */

static const char *const outcomes[] = { [MAIL_FAULT_NONE] = "answered",
	[MAIL_FAULT_NAME] = "unknown-name",
	[MAIL_FAULT_SILENT] = "silent",
	[MAIL_FAULT_TLS] = "no-encryption",
	[MAIL_FAULT_SAID] = "refused",
	[MAIL_FAULT_OWN] = "not-asked" };

struct trying {
	struct request *r;
	const struct server *server;
	struct mail_result result;
	bool is_stored;
};

static enum status note(struct conn *db, void *arg)
{
	struct trying *x = arg;
	struct arena *a = x->r->arena;
	const struct actor *who = actor_of(x->r);
	enum status st = mail_server_note_try(db, a, who, x->server->place, str_of(outcomes[x->result.fault]));
	return st || !x->is_stored ? st : mail_server_store(db, a, who, office_of(x->r)->mail_key, x->server->url, x->server->place);
}

/* Whether the server lets us in. */
static enum status ask(struct request *r, struct trying *x, struct problem *why)
{
	struct mailer *mailer;
	struct str url = x->server->url, timed = str_format(r->arena, "%.*s%ctimeout=%d", STR_ARG(url), str_has(url, '?') ? '&' : '?', TEST_SECONDS);
	enum status st = mailer_open(timed, &mailer, why);
	if (st) return st;
	x->result = mail_check(r->arena, mailer);
	mailer_close(mailer);
	if (x->result.outcome != MAIL_SENT) log_warn("mail server %.*s, tried in the office: %.*s", STR_ARG(x->server->place), STR_ARG(x->result.answer));
	return OK;
}

static void tell(const struct trying *x, struct problem *why)
{
	const struct server *s = x->server;
	switch (x->result.fault) {
	case MAIL_FAULT_SAID: problem_add(why, "host", MSG_MAIL_SERVER_SAYS, arg_text("answer", str_part(x->result.answer, 0, ANSWER_SHOWN_MAX))); break;
	case MAIL_FAULT_NAME: problem_add(why, "host", MSG_MAIL_SERVER_UNKNOWN, arg_text("host", s->host)); break;
	case MAIL_FAULT_TLS: problem_add(why, "host", MSG_MAIL_SERVER_NO_TLS, arg_text("host", s->host)); break;
	default:
		problem_add(
			why, "host", MSG_MAIL_SERVER_SILENT, arg_text("host", s->host), arg_text("port", str_format(why->arena, "%lld", (long long)s->port)));
	}
}

struct response office_mail_server(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct mail_form form = {
		.host = form_shown(&f, "host"), .port = form_shown(&f, "port"), .user = form_shown(&f, "user"), .security = form_shown(&f, "security")
	};
	struct server server;
	struct trying x = { .r = r, .server = &server };
	if (office_of(r)->has_mail) return error_answer(r, 404); /* --mail decides, and the form is away */
	if (problem_any(&f.why) || !server_of_form(r, &f, &server)) return settings_answer(r, 422, &form, NULL, S(""), &f.why);
	if (ask(r, &x, &f.why)) return settings_answer(r, 422, &form, NULL, S(""), &f.why);
	x.is_stored = x.result.outcome == MAIL_SENT || form_has(&f, "anyway");
	if (store_write(r->db, note, &x)) return error_answer(r, 503);
	if (x.is_stored) return office_redirect(r, S("/institution/settings?done=mail-server"));
	form.may_save_anyway = true;
	tell(&x, &f.why);
	return settings_answer(r, 422, &form, NULL, S(""), &f.why);
}
