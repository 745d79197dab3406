/* web/certificate.c: the certificate that new connections get; reloading touches no open one. */
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "web/serving.h"

#define CHAIN_MAX 16 /* certificates in a file; real chains have up to 4 */

/* A handshake holds pointers into a set, and does not last long: an older set is freed by a reload after that. */
struct set {
	struct set *older;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned chain_len;
	gnutls_privkey_t key;
	int64_t replaced_at;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct set *newest;

static void set_free(struct set *s)
{
	for (unsigned i = 0; i < s->chain_len; i++) gnutls_pcert_deinit(&s->chain[i]);
	if (s->key) gnutls_privkey_deinit(s->key);
	free(s);
}

static enum status refuse(struct problem *why, struct str file, int code)
{
	problem_add(why, "tls-cert", MSG_CERTIFICATE_BAD, arg_text("file", why ? str_keep(why->arena, file) : file),
		arg_text("said", str_of(gnutls_strerror(code))));
	return REFUSED;
}

/* A key that is not the certificate's would fail every handshake, silently. */
static bool belong_together(struct set *s)
{
	gnutls_datum_t text = { (unsigned char *)(uintptr_t) "parterre", 8 }, signature = { NULL, 0 };
	int algorithm = gnutls_pubkey_get_pk_algorithm(s->chain[0].pubkey, NULL);
	gnutls_digest_algorithm_t digest = GNUTLS_DIG_SHA256;
	gnutls_pubkey_get_preferred_hash_algorithm(s->chain[0].pubkey, &digest, NULL);
	if (gnutls_privkey_sign_data(s->key, digest, 0, &text, &signature) < 0) return false;
	gnutls_sign_algorithm_t how = gnutls_pk_to_sign((gnutls_pk_algorithm_t)algorithm, digest);
	bool is_right = gnutls_pubkey_verify_data2(s->chain[0].pubkey, how, 0, &text, &signature) >= 0;
	gnutls_free(signature.data);
	return is_right;
}

enum status certificate_load(struct str cert_file, struct str key_file, struct problem *why)
{
	enum status st = OK;
	struct arena *a = arena_new();
	struct set *s = calloc(1, sizeof *s);
	if (!s) BUG("out of memory for a certificate");
	gnutls_datum_t cert = { NULL, 0 }, key = { NULL, 0 };
	const char *cert_path = str_c(a, cert_file), *key_path = str_c(a, key_file);
	unsigned count = CHAIN_MAX;
	int code = cert_path ? gnutls_load_file(cert_path, &cert) : GNUTLS_E_FILE_ERROR;
	if (code >= 0) code = gnutls_pcert_list_import_x509_raw(s->chain, &count, &cert, GNUTLS_X509_FMT_PEM, 0);
	if (code < 0) {
		st = refuse(why, cert_file, code);
		goto done;
	}
	s->chain_len = count;
	code = key_path ? gnutls_load_file(key_path, &key) : GNUTLS_E_FILE_ERROR;
	if (code >= 0) code = gnutls_privkey_init(&s->key);
	if (code >= 0) code = gnutls_privkey_import_x509_raw(s->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (code >= 0 && !belong_together(s)) code = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
	if (code < 0) {
		st = refuse(why, key_file, code);
		goto done;
	}
	pthread_mutex_lock(&lock);
	int64_t now = clock_steady();
	if (newest) newest->replaced_at = now;
	s->older = newest;
	newest = s;
	for (struct set **at = &s->older; *at;) {
		struct set *old = *at;
		if (now - old->replaced_at < HANDSHAKE_TIME_MAX) {
			at = &old->older;
			continue;
		}
		*at = old->older;
		set_free(old);
	}
	pthread_mutex_unlock(&lock);
	s = NULL;
done:
	if (s) set_free(s);
	if (key.data) gnutls_memset(key.data, 0, key.size);
	gnutls_free(cert.data);
	gnutls_free(key.data);
	arena_free(a);
	return st;
}

static int choose(gnutls_session_t session, const gnutls_datum_t *names, int name_count, const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
	gnutls_pcert_st **chain, unsigned *chain_len, gnutls_privkey_t *key)
{
	(void)session, (void)names, (void)name_count, (void)algorithms, (void)algorithm_count;
	pthread_mutex_lock(&lock);
	struct set *s = newest;
	if (s) {
		*chain = s->chain;
		*chain_len = s->chain_len;
		*key = s->key;
	}
	pthread_mutex_unlock(&lock);
	return s ? 0 : -1;
}

void *certificate_callback(void)
{
	return (void *)(uintptr_t)choose;
}

void certificate_forget(void)
{
	while (newest) {
		struct set *s = newest;
		newest = s->older;
		set_free(s);
	}
}
