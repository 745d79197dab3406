/* institution/mail_server.c: sealed by XChaCha20-Poly1305, bound to its institution. */
#include "institution/mail_server.h"

#include <sodium.h>

#include "institution/audit.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEAL  crypto_aead_xchacha20poly1305_ietf_ABYTES

static struct str sealed_with(struct arena *a, const uint8_t key[MAIL_KEY_SIZE], int64_t institution, struct str url)
{
	unsigned char *at = arena_alloc(a, NONCE + url.len + SEAL);
	unsigned long long len;
	randombytes_buf(at, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		at + NONCE, &len, (const unsigned char *)url.at, url.len, (const unsigned char *)&institution, sizeof institution, NULL, at, key);
	return (struct str){ (const char *)at, NONCE + (size_t)len };
}

static struct str opened_with(struct arena *a, const uint8_t key[MAIL_KEY_SIZE], int64_t institution, struct str sealed)
{
	const unsigned char *at = (const unsigned char *)sealed.at;
	unsigned long long len = 0;
	if (sealed.len < NONCE + SEAL) return (struct str){ 0 };
	unsigned char *url = arena_alloc(a, sealed.len);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
			url, &len, NULL, at + NONCE, sealed.len - NONCE, (const unsigned char *)&institution, sizeof institution, at, key) != 0)
		return (struct str){ 0 };
	return (struct str){ (const char *)url, (size_t)len };
}

enum status mail_server_store(
	struct conn *db, struct arena *a, const struct actor *who, const uint8_t key[MAIL_KEY_SIZE], struct str url, struct str place)
{
	static const struct sql q = SQL("INSERT INTO mail_server (institution, place, sealed, changed_at) VALUES ($1, $2, $3, $4) "
									"ON CONFLICT (institution) DO UPDATE SET place = $2, sealed = $3, changed_at = $4");
	enum status st = store_exec(db, &q, int64(who->institution), text(place), blob(sealed_with(a, key, who->institution, url)), int64(store_now(db)));
	if (st) return st;
	const struct audit_value after[] = { { "place", place }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "mail-server-changed", "institution", who->institution, NULL, after });
}

enum status mail_server_note_try(struct conn *db, struct arena *a, const struct actor *who, struct str place, struct str outcome)
{
	const struct audit_value after[] = { { "place", place }, { "outcome", outcome }, { NULL, { 0 } } };
	return audit_note(db, a, who, &(const struct audit_record){ "mail-server-tried", "institution", who->institution, NULL, after });
}

enum status mail_server_get(struct conn *db, struct arena *a, int64_t institution, const uint8_t key[MAIL_KEY_SIZE], struct mail_server *out)
{
	static const struct sql q = SQL("SELECT place, sealed, changed_at FROM mail_server WHERE institution = $1");
	enum status st = store_row(db, &q, int64(institution));
	if (st) return st;
	*out = (struct mail_server){ .place = col_text(db, 0, a), .changed_at = col_int64(db, 2) };
	out->url = opened_with(a, key, institution, col_blob(db, 1, a));
	return OK;
}
