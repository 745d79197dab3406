/* institution/factor.c: TOTP by liboath; a step opens once, because the stored one only grows, by a conditional UPDATE. */
#include "institution/factor.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/random.h"
#include "guard/rate.h"
#include "institution/audit.h"

#define STEPS_EARLIER 1 /* a code is typed in up to half a minute after it was shown; a phone's clock is seconds off */
#define STEPS_LATER	  1
#define CODE_MAX	  40 /* octets looked at */
#define CODE_LETTERS  12 /* of a recovery code: 60 bits, as three groups of four */

/* A million codes, three of which are right at a time: after 10 tries in 15 minutes a guess has had a chance of one in 33,000. */
static const struct rate_limit limit_tries = { "office-factor", 15 * MINUTE, 10 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* ---- secrets ---- */

/* nonce · sealed secret, bound to the operator it belongs to. */
static struct str seal(struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], int64_t id, const uint8_t secret[FACTOR_SECRET_SIZE])
{
	const size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	unsigned char *out = arena_alloc(a, nonce + FACTOR_SECRET_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES);
	unsigned long long len;
	random_fill(out, nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + nonce, &len, secret, FACTOR_SECRET_SIZE, (const unsigned char *)&id, sizeof id, NULL, out, key);
	return (struct str){ (char *)out, nonce + (size_t)len };
}

static bool unseal(const uint8_t key[FACTOR_KEY_SIZE], int64_t id, struct str sealed, uint8_t secret[FACTOR_SECRET_SIZE])
{
	const size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	const unsigned char *at = (const unsigned char *)sealed.at;
	if (sealed.len != nonce + FACTOR_SECRET_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES) return false;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(
			   secret, NULL, NULL, at + nonce, sealed.len - nonce, (const unsigned char *)&id, sizeof id, at, key) == 0;
}

static struct str base32(struct arena *a, const uint8_t *bytes, size_t len)
{
	struct buf b = buf_in(a);
	unsigned held = 0, bits = 0;
	for (size_t i = 0; i < len; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 5; bits -= 5) buf_add_char(&b, alphabet[held >> (bits - 5) & 31]);
	}
	if (bits) buf_add_char(&b, alphabet[held << (5 - bits) & 31]);
	return buf_str(&b);
}

static struct str in_groups(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i += 4) {
		if (i) buf_add_char(&b, ' ');
		buf_add(&b, str_part(s, i, 4));
	}
	return buf_str(&b);
}

/* What was typed without blanks and dashes, in capitals. */
static struct str plain_code(struct arena *a, struct str typed)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < typed.len && i < CODE_MAX; i++) {
		char c = typed.at[i];
		if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) buf_add_char(&b, c);
	}
	return buf_str(&b);
}

static struct str recovery_hash(struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], int64_t id, struct str plain)
{
	struct str whole = str_format(a, "%lld %.*s", (long long)id, STR_ARG(plain));
	unsigned char *hash = arena_alloc(a, 32);
	crypto_generichash(hash, 32, (const unsigned char *)whole.at, whole.len, key, FACTOR_KEY_SIZE);
	return (struct str){ (char *)hash, 32 };
}

static bool code_of_step(const uint8_t *secret, size_t len, int64_t step, char out[FACTOR_DIGITS + 1])
{
	return oath_hotp_generate((const char *)secret, len, (uint64_t)step, FACTOR_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK;
}

struct str factor_code_at(struct arena *a, struct str secret, int64_t t)
{
	char code[FACTOR_DIGITS + 1];
	if (!code_of_step((const uint8_t *)secret.at, secret.len, t / FACTOR_STEP, code)) BUG("liboath makes no code");
	return str_keep(a, str_of(code));
}

/* The step whose code was typed, among those that may be typed now; all are looked at. 0: none. */
static int64_t step_of(const uint8_t secret[FACTOR_SECRET_SIZE], int64_t now, struct str plain)
{
	int64_t here = now / SECOND / FACTOR_STEP, found = 0;
	for (int64_t step = here - STEPS_EARLIER; step <= here + STEPS_LATER; step++) {
		char code[FACTOR_DIGITS + 1];
		if (code_of_step(secret, FACTOR_SECRET_SIZE, step, code) && str_eq_secret(plain, str_of(code))) found = step;
	}
	return found;
}

/* ---- setting up ---- */

enum status factor_begin(struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], int64_t id)
{
	static const struct sql q = SQL("UPDATE operator SET factor_secret = $2, factor_step = 0 WHERE id = $1 AND NOT factor_is_on");
	uint8_t secret[FACTOR_SECRET_SIZE];
	random_fill(secret, sizeof secret);
	struct str sealed = seal(a, key, id, secret);
	sodium_memzero(secret, sizeof secret);
	enum status st = store_exec(db, &q, int64(id), blob(sealed));
	return st ? st : store_changes(db) == 1 ? OK : REFUSED;
}

/* The secret of the operator; IS_ON: the one in force, else the one being set up. */
static enum status secret_read(
	struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], int64_t id, bool is_on, uint8_t secret[FACTOR_SECRET_SIZE])
{
	static const struct sql q = SQL("SELECT factor_secret FROM operator WHERE id = $1 AND factor_is_on = $2 AND factor_secret IS NOT NULL");
	enum status st = store_row(db, &q, int64(id), boolean(is_on));
	if (st) return st;
	return unseal(key, id, col_blob(db, 0, a), secret) ? OK : NOT_FOUND; /* sealed with a key that was lost: as if there were none */
}

static void add_percent(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || str_has(S("-._~@"), (char)c);
		if (is_plain) buf_add_char(b, (char)c);
		else buf_addf(b, "%%%02X", c);
	}
}

enum status factor_setup(
	struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], const struct operator* who, struct str issuer, struct factor_setup *out)
{
	uint8_t secret[FACTOR_SECRET_SIZE];
	enum status st = secret_read(db, a, key, who->id, false, secret);
	if (st) return st;
	struct str typed = base32(a, secret, sizeof secret);
	sodium_memzero(secret, sizeof secret);
	struct buf b = buf_in(a);
	buf_add(&b, S("otpauth://totp/"));
	add_percent(&b, issuer);
	buf_add_char(&b, ':');
	add_percent(&b, who->email);
	buf_addf(&b, "?secret=%.*s&issuer=", STR_ARG(typed));
	add_percent(&b, issuer);
	*out = (struct factor_setup){ in_groups(a, typed), buf_str(&b) };
	return OK;
}

struct confirming {
	struct arena *a;
	const uint8_t *key;
	const struct operator* who;
	const struct operator_asker *from;
	int64_t step;
	struct str *codes; /* plain */
};

static struct actor himself(const struct operator* who, struct str network)
{
	return (struct actor){ .operator_id = who->id, .institution = who->institution, .name = who->name, .network = network };
}

static enum status note(struct conn *db, struct arena *a, const struct actor *by, const char *verb, int64_t id)
{
	return audit_note(db, a, by, &(struct audit_record){ .verb = verb, .kind = "operator", .record = id });
}

static enum status confirm(struct conn *db, void *arg)
{
	static const struct sql on =
		SQL("UPDATE operator SET factor_is_on = $3, factor_step = $2 WHERE id = $1 AND NOT factor_is_on AND factor_secret IS NOT NULL");
	static const struct sql forget = SQL("DELETE FROM operator_recovery_code WHERE operator = $1");
	static const struct sql add = SQL("INSERT INTO operator_recovery_code (operator, code_hash) VALUES ($1, $2)");
	struct confirming *x = arg;
	struct actor by = himself(x->who, x->from->network);
	enum status st;
	if ((st = store_exec(db, &on, int64(x->who->id), int64(x->step), boolean(true)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &forget, int64(x->who->id)))) return st;
	for (int i = 0; i < FACTOR_RECOVERY_CODES; i++)
		if ((st = store_exec(db, &add, int64(x->who->id), blob(recovery_hash(x->a, x->key, x->who->id, x->codes[i]))))) return st;
	if ((st = operator_session_end_others(db, x->who->id, x->from->session))) return st;
	return note(db, x->a, &by, "factor-set-up", x->who->id);
}

static struct str new_recovery_code(struct arena *a)
{
	uint8_t bytes[CODE_LETTERS];
	struct buf b = buf_in(a);
	random_fill(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) buf_add_char(&b, alphabet[bytes[i] & 31]);
	return buf_str(&b);
}

enum status factor_confirm(struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], const struct operator* who, struct str code,
	const struct operator_asker *from, struct str codes[FACTOR_RECOVERY_CODES])
{
	uint8_t secret[FACTOR_SECRET_SIZE];
	struct confirming x = { .a = a, .key = key, .who = who, .from = from, .codes = codes };
	enum status st = secret_read(db, a, key, who->id, false, secret);
	if (st) return st;
	x.step = step_of(secret, store_now(db), plain_code(a, code));
	sodium_memzero(secret, sizeof secret);
	if (!x.step) return REFUSED;
	for (int i = 0; i < FACTOR_RECOVERY_CODES; i++) codes[i] = new_recovery_code(a);
	if ((st = store_write(db, confirm, &x))) return st;
	for (int i = 0; i < FACTOR_RECOVERY_CODES; i++) codes[i] = in_groups(a, codes[i]);
	return OK;
}

/* ---- signing in ---- */

struct passing {
	struct arena *a;
	const uint8_t *key;
	const struct operator* who;
	const struct operator_asker *from;
	struct str plain, token;
	int64_t step;
	int wait;
};

static enum status count(struct conn *db, void *arg)
{
	struct passing *x = arg;
	x->wait = 0;
	enum status st = rate_count(db, x->a, &limit_tries, str_format(x->a, "%lld", (long long)x->who->id), &x->wait);
	return st == REFUSED ? OK : st; /* the count stays */
}

static enum status note_wrong(struct conn *db, void *arg)
{
	struct passing *x = arg;
	struct actor by = himself(x->who, x->from->network);
	return note(db, x->a, &by, "factor-refused", x->who->id);
}

/* One code opens once: a step only when it is later than the last, a recovery code only unused. Both begin with the operator's row: who was blocked since the
 * password was given stays out. NOT_FOUND: it did before, or he may not. */
static enum status use_up(struct conn *db, const struct passing *x)
{
	static const struct sql step =
		SQL("UPDATE operator SET factor_step = $2 WHERE id = $1 AND factor_step < $2 AND factor_is_on AND state = 'active'");
	static const struct sql take = SQL("UPDATE operator SET factor_step = factor_step WHERE id = $1 AND factor_is_on AND state = 'active'");
	static const struct sql code = SQL("UPDATE operator_recovery_code SET used_at = $3 WHERE operator = $1 AND code_hash = $2 AND used_at IS NULL");
	enum status st = x->step ? store_exec(db, &step, int64(x->who->id), int64(x->step)) : store_exec(db, &take, int64(x->who->id));
	if (st) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if (x->step) return OK;
	st = store_exec(db, &code, int64(x->who->id), blob(recovery_hash(x->a, x->key, x->who->id, x->plain)), int64(store_now(db)));
	return st ? st : store_changes(db) == 1 ? OK : NOT_FOUND;
}

static enum status pass(struct conn *db, void *arg)
{
	struct passing *x = arg;
	struct actor by = himself(x->who, x->from->network);
	enum status st;
	if ((st = use_up(db, x))) return st;
	if ((st = rate_forget(db, x->a, &limit_tries, str_format(x->a, "%lld", (long long)x->who->id)))) return st;
	if ((st = note(db, x->a, &by, x->step ? "signed-in" : "signed-in-by-recovery-code", x->who->id))) return st;
	return operator_session_begin(db, x->a, x->who->id, x->from, true, &x->token);
}

enum status factor_pass(struct conn *db, struct arena *a, const uint8_t key[FACTOR_KEY_SIZE], const struct operator* who, struct str code,
	const struct operator_asker *from, struct str *token, int *wait)
{
	uint8_t secret[FACTOR_SECRET_SIZE];
	struct passing x = { .a = a, .key = key, .who = who, .from = from, .plain = plain_code(a, code) };
	enum status st = store_write(db, count, &x);
	*wait = x.wait;
	if (st || x.wait) return st ? st : REFUSED;
	st = secret_read(db, a, key, who->id, true, secret);
	if (st && st != NOT_FOUND) return st;
	if (st == OK) x.step = step_of(secret, store_now(db), x.plain);
	sodium_memzero(secret, sizeof secret);
	st = store_write(db, pass, &x);
	if (st == NOT_FOUND) return (st = store_write(db, note_wrong, &x)) ? st : REFUSED;
	*token = x.token;
	return st;
}

/* ---- losing it ---- */

enum status factor_reset(struct conn *db, struct arena *a, const struct actor *by, int64_t id)
{
	static const struct sql off = SQL("UPDATE operator SET factor_is_on = $3, factor_secret = NULL, factor_step = 0"
									  " WHERE id = $1 AND institution = $2 AND factor_secret IS NOT NULL");
	static const struct sql forget = SQL("DELETE FROM operator_recovery_code WHERE operator = $1");
	enum status st;
	if ((st = store_exec(db, &off, int64(id), int64(by->institution), boolean(false)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &forget, int64(id)))) return st;
	if ((st = operator_session_end_all(db, id))) return st;
	return note(db, a, by, "factor-reset", id);
}

enum status factor_codes_left(struct conn *db, int64_t id, int64_t *out)
{
	static const struct sql q = SQL("SELECT count(*) FROM operator_recovery_code WHERE operator = $1 AND used_at IS NULL");
	enum status st = store_row(db, &q, int64(id));
	if (st == OK) *out = col_int64(db, 0);
	return st;
}
