/* formats/link.c: signs and verifies links. The fixed sizes make the whole parser a comparison of lengths. */
#include "formats/link.h"

#include <sodium.h>
#include <string.h>

#include "base/status.h"

#define LINK_VERSION 1

/* Stands before what is signed, so that no signature made with these keys for another use can ever pass for a link. */
#define LINK_CONTEXT "parterre link"

/* The link's bytes as they lie in memory; all members are bytes, so there is no padding. */
struct wire {
	uint8_t version;
	uint8_t key_id[4];
	uint8_t purpose;
	uint8_t id[LINK_ID_SIZE];
	uint8_t signature[crypto_sign_BYTES];
};

#define SIGNED_SIZE (offsetof(struct wire, signature))

_Static_assert(sizeof(struct wire) == 86, "a link is 86 bytes (design.md 6)");
_Static_assert(sizeof(((struct link_key *)0)->secret_key) == crypto_sign_SECRETKEYBYTES, "libsodium's secret key");

struct signed_text {
	char context[sizeof LINK_CONTEXT]; /* its NUL parts it from what follows */
	uint8_t body[SIGNED_SIZE];
};

static struct signed_text signed_text(const struct wire *w)
{
	struct signed_text t = { .context = LINK_CONTEXT };
	memcpy(t.body, w, SIGNED_SIZE);
	return t;
}

struct link_key link_key_of(const uint8_t seed[LINK_SEED_SIZE])
{
	struct link_key k;
	if (sodium_init() < 0) BUG("libsodium does not start");
	crypto_sign_seed_keypair(k.public_key, k.secret_key, seed);
	uint8_t hash[crypto_generichash_BYTES];
	crypto_generichash(hash, sizeof hash, k.public_key, sizeof k.public_key, NULL, 0);
	memcpy(k.id, hash, sizeof k.id);
	return k;
}

struct str link_make(struct arena *a, struct link_keys keys, enum link_purpose purpose, const uint8_t id[LINK_ID_SIZE])
{
	if (keys.count == 0) BUG("no key to sign a link with");
	const struct link_key *newest = &keys.key[keys.count - 1];
	struct wire w = { .version = LINK_VERSION, .purpose = (uint8_t)purpose };
	memcpy(w.key_id, newest->id, sizeof w.key_id);
	memcpy(w.id, id, sizeof w.id);
	struct signed_text t = signed_text(&w);
	crypto_sign_detached(w.signature, NULL, (const uint8_t *)&t, sizeof t, newest->secret_key);
	return str_base64url(a, (struct str){ (const char *)&w, sizeof w });
}

/* The one spelling of W: what cannot be written back to the same characters was another spelling (padding, spare bits, other alphabet). */
static bool wire_of(struct str text, struct wire *w)
{
	char again[LINK_TEXT_SIZE + 1];
	size_t len = 0;
	if (text.len != LINK_TEXT_SIZE) return false;
	if (sodium_base642bin((uint8_t *)w, sizeof *w, text.at, text.len, NULL, &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING)) return false;
	if (len != sizeof *w) return false;
	sodium_bin2base64(again, sizeof again, (const uint8_t *)w, sizeof *w, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return memcmp(again, text.at, LINK_TEXT_SIZE) == 0;
}

enum link_reading link_read(struct link_keys keys, struct str text, unsigned purposes, struct link *out)
{
	struct wire w;
	*out = (struct link){ 0 };
	if (!wire_of(text, &w) || w.version != LINK_VERSION) return LINK_FORGED;
	if (w.purpose >= 8 * sizeof purposes || !(purposes & LINK_FOR(w.purpose))) return LINK_FORGED;
	struct signed_text t = signed_text(&w);
	for (size_t i = 0; i < keys.count; i++) {
		const struct link_key *k = &keys.key[i];
		if (memcmp(k->id, w.key_id, sizeof k->id) != 0) continue; /* ids are short: two keys may share one, so the search goes on */
		if (crypto_sign_verify_detached(w.signature, (const uint8_t *)&t, sizeof t, k->public_key)) continue;
		out->purpose = (enum link_purpose)w.purpose;
		memcpy(out->id, w.id, sizeof out->id);
		return LINK_GENUINE;
	}
	return LINK_FORGED;
}
