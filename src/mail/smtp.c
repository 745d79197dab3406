/* mail/smtp.c: SMTP by libcurl. libcurl says that something failed; what the server answered, and to which command, is heard in its trace. */
#include "mail/smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "formats/mime_header.h"
#include "mail/reach.h"

#define CONNECT_MS	 10000L /* a host that does not answer in ten seconds is down */
#define IDLE_SECONDS 60L	/* a kept connection older than this is not used again: servers hang up after some minutes */
#define SECRET_RUN	 32		/* a run of this many letters of base64url in an answer may be a link that a filter quotes; queue ids are shorter */

/* What was last asked of the server: to whom its refusal belongs. */
enum phase { PHASE_HELLO = 0, PHASE_SENDER, PHASE_RECIPIENT, PHASE_CONTENT, PHASE_BYE };

struct smtp {
	const struct mail_url *url;
	CURL *curl;
	atomic_bool is_broken_off; /* by another thread */
	bool offers_smtputf8;	   /* said in answer to the last EHLO; outlives a message, as the connection does */

	/* Of the message under way. */
	enum phase phase;
	int code;			/* of the last refusal, 0 before there is one */
	enum phase refused; /* and what it answered: QUIT may follow it */
	bool is_answered;	/* lines of this refusal have come already */
	char answer[2 * MAIL_ANSWER_MAX];
	size_t answer_len;
	struct str rest; /* what is still to be sent */
	bool needs_smtputf8;
	char said[CURL_ERROR_SIZE];
};

/* ---- listening ---- */

static void hear_command(struct smtp *s, struct str line)
{
	s->is_answered = false;
	if (str_starts(line, S("EHLO"))) s->phase = PHASE_HELLO, s->offers_smtputf8 = false;
	else if (str_starts(line, S("MAIL "))) s->phase = PHASE_SENDER;
	else if (str_starts(line, S("RCPT "))) s->phase = PHASE_RECIPIENT;
	else if (str_starts(line, S("DATA"))) s->phase = PHASE_CONTENT;
	else if (str_starts(line, S("QUIT"))) s->phase = PHASE_BYE;
}

static void hear_answer(struct smtp *s, struct str line)
{
	int64_t code;
	if (s->phase == PHASE_BYE || !str_int64(str_part(line, 0, 3), &code)) return;
	if (s->phase == PHASE_HELLO && code == 250 && str_eq_nocase(str_trim(str_part(line, 4, line.len)), S("SMTPUTF8"))) s->offers_smtputf8 = true;
	if (code < 400) return;
	if (!s->is_answered) s->answer_len = 0;
	else line = str_part(line, 3, line.len); /* a further line of the same answer: its code is known */
	s->is_answered = true;
	s->code = (int)code;
	s->refused = s->phase;
	line = str_part(line, 0, sizeof s->answer - s->answer_len);
	memcpy(s->answer + s->answer_len, line.at, line.len);
	s->answer_len += line.len;
}

/* libcurl's trace. Commands of AUTH pass here, too: nothing is kept of them. */
static int hear(CURL *curl, curl_infotype type, char *at, size_t len, void *arg)
{
	(void)curl;
	struct str text = { at, len }, line;
	while ((type == CURLINFO_HEADER_IN || type == CURLINFO_HEADER_OUT) && str_next(&text, '\n', &line)) {
		if (type == CURLINFO_HEADER_OUT) hear_command(arg, line);
		else hear_answer(arg, line);
	}
	return 0;
}

/* ---- speaking ---- */

static size_t speak(char *at, size_t size, size_t n, void *arg)
{
	struct smtp *s = arg;
	if (s->needs_smtputf8 && !s->offers_smtputf8) return CURL_READFUNC_ABORT;
	struct str piece = str_part(s->rest, 0, size * n);
	if (piece.len) memcpy(at, piece.at, piece.len);
	s->rest = str_part(s->rest, piece.len, s->rest.len);
	return piece.len;
}

static size_t discard(char *at, size_t size, size_t n, void *arg)
{
	(void)at, (void)arg;
	return size * n;
}

/* libcurl asks at least once a second. */
static int go_on(void *arg, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now)
{
	struct smtp *s = arg;
	(void)down, (void)down_now, (void)up, (void)up_now;
	return s->is_broken_off;
}

void smtp_break_off(struct smtp *s)
{
	s->is_broken_off = true;
}

/* ---- telling ---- */

static bool is_base64url(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* TEXT of the server as one line for people: printable ASCII, blanks single, bounded, and no run of characters that could be a link. */
static struct str one_line(struct arena *a, struct str text)
{
	struct buf b = buf_in(a);
	for (size_t i = 0, run = 0; i < text.len && b.len < MAIL_ANSWER_MAX; i += run ? run : 1) {
		for (run = 0; i + run < text.len && is_base64url(text.at[i + run]);) run++;
		if (run >= SECRET_RUN) buf_add(&b, S("..."));
		else if (run) buf_add(&b, str_part(text, i, run));
		else if (text.at[i] > ' ' && text.at[i] <= '~') buf_add_char(&b, text.at[i]);
		else if (b.len && b.at[b.len - 1] != ' ') buf_add_char(&b, ' ');
	}
	return str_trim(str_part(buf_str(&b), 0, MAIL_ANSWER_MAX));
}

/* A refusal for good is one of this recipient or this content. Everything else (greeting, TLS, AUTH, sender) is about how we are set up, which an operator mends. */
static bool is_for_good(const struct smtp *s)
{
	if (s->code < 500 || s->code > 599) return false;
	if (s->code == 530 || s->code == 535 || s->code == 538) return false; /* RFC 4954: sign in first, or better */
	if (s->refused == PHASE_SENDER) return s->code == 552;				  /* too large, said at once because MAIL names the size */
	return s->refused == PHASE_RECIPIENT || s->refused == PHASE_CONTENT;
}

static enum mail_fault fault_of(CURLcode code)
{
	if (code == CURLE_COULDNT_RESOLVE_HOST) return MAIL_FAULT_NAME;
	bool is_tls = code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_USE_SSL_FAILED ||
				  code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CACERT_BADFILE;
	return is_tls ? MAIL_FAULT_TLS : MAIL_FAULT_SILENT;
}

static struct mail_result result_of(struct arena *a, struct smtp *s, CURLcode code)
{
	if (code == CURLE_OK) return (struct mail_result){ MAIL_SENT, S(""), MAIL_FAULT_NONE };
	if (s->is_broken_off) return (struct mail_result){ MAIL_TRY_LATER, S("broken off: the program stops"), MAIL_FAULT_OWN };
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return (struct mail_result){ MAIL_REFUSED, S("the mail server does not take addresses beyond ASCII (no SMTPUTF8)"), MAIL_FAULT_OWN };
	if (s->code == 0)
		return (struct mail_result){ MAIL_TRY_LATER, one_line(a, str_of(*s->said ? s->said : curl_easy_strerror(code))), fault_of(code) };
	return (
		struct mail_result){ is_for_good(s) ? MAIL_REFUSED : MAIL_TRY_LATER, one_line(a, (struct str){ s->answer, s->answer_len }), MAIL_FAULT_SAID };
}

/* ---- the conversation ---- */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT)) BUG("libcurl does not start");
}

struct smtp *smtp_new(const struct mail_url *url)
{
	pthread_once(&curl_once, curl_start);
	struct smtp *s = calloc(1, sizeof *s);
	if (!s || !(s->curl = curl_easy_init())) BUG("out of memory");
	s->url = url;
	return s;
}

void smtp_free(struct smtp *s)
{
	if (!s) return;
	curl_easy_cleanup(s->curl); /* says QUIT */
	free(s);
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)arg, (void)purpose;
	return mail_may_reach(&to->addr) ? socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol) : CURL_SOCKET_BAD;
}

/* All options, anew for each conversation; the connection is kept through it. */
static void prepare(struct arena *a, struct smtp *s)
{
	static const long starttls[] = { [STARTTLS_REQUIRED] = CURLUSESSL_ALL, [STARTTLS_OPTIONAL] = CURLUSESSL_TRY, [STARTTLS_NO] = CURLUSESSL_NONE };
	const struct mail_url *u = s->url;
	CURL *c = s->curl;
	s->phase = PHASE_HELLO;
	s->code = 0;
	s->answer_len = 0;
	s->is_answered = false;
	s->said[0] = 0;
	s->needs_smtputf8 = false;
	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, str_format(a, "%s://%s:%d", u->kind == MAIL_SMTPS ? "smtps" : "smtp", u->host, (int)u->port).at);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_PROXY, ""); /* not from the environment */
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_USE_SSL, u->kind == MAIL_SMTPS ? CURLUSESSL_ALL : starttls[u->starttls]);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (u->ca) curl_easy_setopt(c, CURLOPT_CAINFO, u->ca);
	if (u->ca) curl_easy_setopt(c, CURLOPT_CAPATH, NULL); /* that one authority, and no other */
	if (u->user) curl_easy_setopt(c, CURLOPT_USERNAME, u->user);
	if (u->user) curl_easy_setopt(c, CURLOPT_PASSWORD, u->password);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, u->timeout * 1000 < CONNECT_MS ? (long)u->timeout * 1000 : CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)u->timeout);
	curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, IDLE_SECONDS);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->said);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L); /* to hear, which prints nothing */
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, hear);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, discard);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
}

struct mail_result smtp_deliver(struct arena *a, struct smtp *s, struct str from, struct str to, struct str bytes)
{
	struct mime_address sender, recipient;
	if (!mime_address(a, from, &sender)) return (struct mail_result){ MAIL_REFUSED, S("the sender is not one address"), MAIL_FAULT_OWN };
	if (!mime_address(a, to, &recipient)) return (struct mail_result){ MAIL_REFUSED, S("the recipient is not one address"), MAIL_FAULT_OWN };
	prepare(a, s);
	s->rest = bytes;
	s->needs_smtputf8 = sender.is_smtputf8 || recipient.is_smtputf8;
	struct curl_slist *list = curl_slist_append(NULL, str_format(a, "<%.*s>", STR_ARG(recipient.text)).at);
	curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, str_format(a, "<%.*s>", STR_ARG(sender.text)).at);
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, list);
	curl_easy_setopt(s->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)bytes.len);
	curl_easy_setopt(s->curl, CURLOPT_READFUNCTION, speak);
	curl_easy_setopt(s->curl, CURLOPT_READDATA, s);
	CURLcode code = curl_easy_perform(s->curl);
	curl_slist_free_all(list);
	return result_of(a, s, code);
}

struct mail_result smtp_check(struct arena *a, struct smtp *s)
{
	prepare(a, s);
	curl_easy_setopt(s->curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
	return result_of(a, s, curl_easy_perform(s->curl));
}
