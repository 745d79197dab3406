/* mail/visit.c: one GET by libcurl, with everything that it could do beyond that switched off. */
#include "mail/visit.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mail/reach.h"

/* libcurl has looked the name up; where it leads is decided here, after that. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)arg, (void)purpose;
	if (!mail_may_reach(&to->addr)) return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

struct hearing {
	struct buf *body;
	bool is_too_long;
};

static size_t hear(char *at, size_t size, size_t n, void *arg)
{
	struct hearing *h = arg;
	h->is_too_long = h->body->len + size * n > VISIT_BYTES;
	if (h->is_too_long) return 0; /* ends the visit */
	buf_add(h->body, (struct str){ at, size * n });
	return size * n;
}

static enum visit_outcome outcome_of(CURL *curl, CURLcode code, const struct hearing *h)
{
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	switch (code) {
	case CURLE_OK: return status == 200 ? VISIT_ANSWERED : VISIT_OTHER;
	case CURLE_COULDNT_RESOLVE_HOST: return VISIT_UNKNOWN;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CACERT_BADFILE: return VISIT_CERTIFICATE;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY: return VISIT_OTHER; /* something answers there that does not speak HTTP */
	default: return h->is_too_long ? VISIT_OTHER : VISIT_SILENT;
	}
}

enum visit_outcome visit(struct arena *a, struct str url, struct str *body)
{
	struct buf b = buf_in(a);
	struct hearing h = { .body = &b };
	CURL *curl = curl_easy_init();
	if (!curl) BUG("out of memory for a visit");
	curl_easy_setopt(curl, CURLOPT_URL, str_c(a, url));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)VISIT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Parterre/" PARTERRE_VERSION);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, hear);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &h);
	CURLcode code = curl_easy_perform(curl);
	enum visit_outcome out = outcome_of(curl, code, &h);
	curl_easy_cleanup(curl);
	*body = buf_str(&b);
	return out;
}
