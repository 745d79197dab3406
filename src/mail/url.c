/* mail/url.c: reads --mail; libcurl takes the address apart, the options are ours. */
#include "mail/url.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "mail/mailer.h"

#define URL_MAX			4096 /* a long password, percent-encoded, fits */
#define TIMEOUT_DEFAULT 60	 /* seconds for one message: a slow server's virus scan, not a hang */
#define PORT_SUBMISSION 587
#define PORT_SMTPS		465

static enum status wrong(struct problem *why)
{
	/* The URL itself is not repeated: it holds the password. */
	problem_add(why, "mail", MSG_MAIL_URL);
	return REFUSED;
}

static char *copy(struct str s)
{
	char *at = strndup(s.at, s.len);
	if (!at) BUG("out of memory");
	return at;
}

/* VALUE with its %XX read; NULL when that is broken or holds a NUL or another control character. */
static char *decoded(struct str value)
{
	int len = 0;
	char *raw = copy(value), *curls = curl_easy_unescape(NULL, raw, (int)value.len, &len), *own = NULL;
	if (curls && !str_has_control((struct str){ curls, (size_t)len }) && !memchr(curls, 0, (size_t)len))
		own = copy((struct str){ curls, (size_t)len });
	if (curls) sodium_memzero(curls, (size_t)len);
	curl_free(curls);
	sodium_memzero(raw, value.len);
	free(raw);
	return own;
}

static enum status option_read(struct str option, struct mail_url *out, struct problem *why)
{
	struct str value = option, name;
	str_next(&value, '=', &name);
	if (str_eq(name, S("starttls")) && out->kind == MAIL_SMTP) {
		if (str_eq(value, S("required"))) return out->starttls = STARTTLS_REQUIRED, OK;
		if (str_eq(value, S("optional"))) return out->starttls = STARTTLS_OPTIONAL, OK;
		if (str_eq(value, S("no"))) return out->starttls = STARTTLS_NO, OK;
	} else if (str_eq(name, S("ca")) && value.len && !out->ca) {
		if ((out->ca = decoded(value))) return OK;
	} else if (str_eq(name, S("timeout"))) {
		if (str_int64(value, &out->timeout) && out->timeout >= 1 && out->timeout <= MAIL_TIMEOUT_MAX) return OK;
	}
	problem_add(why, "mail", MSG_MAIL_URL_OPTION, arg_text("option", why ? str_keep(why->arena, option) : S("")));
	return REFUSED;
}

/* Whether HOST, in brackets, is an IPv6 address: nothing else with a colon or a ? passes. */
static bool is_address(struct str host)
{
	struct arena *a = arena_new();
	bool is_one = host_read(a, host).len > 0;
	arena_free(a);
	return is_one;
}

/* HOST[:PORT], the host's name or address, an IPv6 one in brackets. */
static enum status server_read(struct str text, struct mail_url *out, struct problem *why)
{
	struct str host = text;
	ptrdiff_t end = str_starts(text, S("[")) ? str_find(text, S("]")) + 1 : str_find(text, S(":"));
	if (end > 0 && (size_t)end < text.len) {
		host = str_part(text, 0, (size_t)end);
		struct str port = str_part(text, (size_t)end + 1, text.len);
		if (text.at[end] != ':' || !str_int64(port, &out->port) || out->port < 1 || out->port > 65535) return wrong(why);
	}
	if (host.len == 0 || (host.at[0] == '[' && !is_address(host))) return wrong(why);
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];
		bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
		if (!is_name && host.at[0] != '[') return wrong(why);
	}
	out->host = copy(host);
	return OK;
}

/* Both user and password, or the URL is wrong: half of a sign-in would show up only as a refusal of the server. */
static enum status user_read(struct str text, struct mail_url *out, struct problem *why)
{
	struct str password = text, user;
	if (!str_has(text, ':')) return wrong(why);
	str_next(&password, ':', &user);
	out->user = decoded(user);
	out->password = decoded(password);
	return out->user && *out->user && out->password && *out->password ? OK : wrong(why);
}

static enum status smtp_read(struct str rest, struct mail_url *out, struct problem *why)
{
	struct str options = rest, server, option;
	enum status st;
	bool has_options = str_next(&options, '?', &server) && str_has(rest, '?');
	out->port = out->kind == MAIL_SMTPS ? PORT_SMTPS : PORT_SUBMISSION;
	out->timeout = TIMEOUT_DEFAULT;
	if (str_ends(server, S("/"))) server.len--;
	/* The last @ parts user and server: an @ in a password should be %40, but nobody is misunderstood. */
	for (size_t i = server.len; i-- > 0;) {
		if (server.at[i] != '@') continue;
		if ((st = user_read(str_part(server, 0, i), out, why))) return st;
		server = str_part(server, i + 1, server.len);
		break;
	}
	if ((st = server_read(server, out, why))) return st;
	while (has_options && str_next(&options, '&', &option))
		if ((st = option_read(option, out, why))) return st;
	return OK;
}

enum status mail_url_read(struct str text, struct mail_url *out, struct problem *why)
{
	enum status st = REFUSED;
	*out = (struct mail_url){ 0 };
	if (text.len > URL_MAX || !str_is_text(text) || str_has_control(text)) return wrong(why);
	if (str_starts(text, S("dir:")) && text.len > 4) {
		out->kind = MAIL_DIR;
		out->path = copy(str_part(text, 4, text.len));
		return OK;
	}
	if (str_starts(text, S("smtp://"))) {
		out->kind = MAIL_SMTP;
		st = smtp_read(str_part(text, 7, text.len), out, why);
	} else if (str_starts(text, S("smtps://"))) {
		out->kind = MAIL_SMTPS;
		st = smtp_read(str_part(text, 8, text.len), out, why);
	} else {
		st = wrong(why);
	}
	if (st != OK) mail_url_clear(out);
	return st;
}

void mail_url_clear(struct mail_url *u)
{
	if (u->password) sodium_memzero(u->password, strlen(u->password));
	free(u->path);
	free(u->host);
	free(u->user);
	free(u->password);
	free(u->ca);
	*u = (struct mail_url){ 0 };
}
