/* web/csrf.c: a form's token is a keyed hash of where the form goes and of a secret that only this browser (guest) or this session holds. It never stands on a page
 * as it is, but under a mask of its own each time, so that the size of a compressed page tells nobody what it is (BREACH). */
#include "web/csrf.h"

#include <sodium.h>
#include <string.h>

#include "base/random.h"
#include "web/inside.h"

#define SECRET_BYTES crypto_generichash_KEYBYTES /* 32 */

static const struct cookie guest = { .name = "guest", .is_per_site = true };

/* The guest's secret, from the cookie; false when there is none. */
static bool guest_secret(struct request *r, struct str *secret)
{
	struct str value = cookie_get(r, &guest);
	return value.len && str_from_base64url(r->arena, value, secret) && secret->len == SECRET_BYTES;
}

struct token {
	unsigned char at[SECRET_BYTES];
};

static struct token token(struct request *r, struct str secret, const char *pattern)
{
	struct token t;
	struct buf label = buf_in(r->arena);
	const struct str words[] = { str_of(r->face->name), S(" "), r->site_code, S(" "), str_of(pattern) };
	for (size_t i = 0; i < COUNT(words); i++) buf_add(&label, words[i]);
	if (secret.len < crypto_generichash_KEYBYTES_MIN || secret.len > crypto_generichash_KEYBYTES_MAX) BUG("a secret of %zu bytes", secret.len);
	crypto_generichash(t.at, sizeof t.at, (const unsigned char *)label.at, label.len, (const unsigned char *)secret.at, secret.len);
	return t;
}

/* A mask, and the token under it. */
static struct str masked(struct request *r, struct token t)
{
	unsigned char both[2 * SECRET_BYTES];
	random_fill(both, SECRET_BYTES);
	for (size_t i = 0; i < SECRET_BYTES; i++) both[SECRET_BYTES + i] = both[i] ^ t.at[i];
	return str_base64url(r->arena, (struct str){ (const char *)both, sizeof both });
}

static bool is_masked(struct request *r, struct str sent, struct token t)
{
	struct str both;
	unsigned char found[SECRET_BYTES];
	if (!str_from_base64url(r->arena, sent, &both) || both.len != 2 * SECRET_BYTES) return false;
	for (size_t i = 0; i < SECRET_BYTES; i++) found[i] = (unsigned char)(both.at[i] ^ both.at[SECRET_BYTES + i]);
	return str_eq_secret((struct str){ (const char *)found, sizeof found }, (struct str){ (const char *)t.at, sizeof t.at });
}

static void check_pattern(const struct face *f, const char *pattern)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->routes[i].method == POST && strcmp(f->routes[i].pattern, pattern) == 0) return;
	BUG("%s has no POST route \"%s\"", f->name, pattern);
}

struct str csrf_token(struct request *r, const char *pattern)
{
	check_pattern(r->face, pattern);
	r->inside->is_personal = true;
	if (r->secret.len) return masked(r, token(r, r->secret, pattern));
	if (!r->inside->guest_secret.len && !guest_secret(r, &r->inside->guest_secret)) {
		r->inside->guest_secret = random_bytes(r->arena, SECRET_BYTES);
		cookie_set(r, &guest, str_base64url(r->arena, r->inside->guest_secret));
	}
	return masked(r, token(r, r->inside->guest_secret, pattern));
}

/* What the browser says about where the form stood. Browsers send Origin with every POST; who sends neither is no browser and can't be abused. */
static bool comes_from_here(struct request *r)
{
	struct str origin = request_header(r, "origin"), referer = request_header(r, "referer");
	if (origin.len) return str_eq(origin, r->origin);
	if (!referer.len) return true;
	if (!str_starts(referer, r->origin)) return false;
	return referer.len == r->origin.len || referer.at[r->origin.len] == '/';
}

bool csrf_is_right(struct request *r)
{
	if (!comes_from_here(r)) return false;
	struct str secret = r->secret, sent = { NULL, 0 };
	if (!secret.len && !guest_secret(r, &secret)) return false;
	for (size_t i = 0; i < r->inside->fields.count; i++) {
		const struct field *f = &r->inside->fields.at[i];
		if (!str_eq(f->name, S("csrf"))) continue;
		if (sent.at) return false;
		sent = f->value;
	}
	return sent.at && is_masked(r, sent, token(r, secret, r->route->pattern));
}
