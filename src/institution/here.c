/* institution/here.c: a keyed hash over question, host and prefix. */
#include "institution/here.h"

#include <sodium.h>

#define QUESTION_BYTES 16
#define PROOF_BYTES	   32
#define BASE64		   sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char *const names[REACHES] = { [REACH_UNASKED] = "",
	[REACH_HERE] = "here",
	[REACH_RENAMED] = "renamed",
	[REACH_OTHER] = "other",
	[REACH_SILENT] = "silent",
	[REACH_UNKNOWN] = "unknown",
	[REACH_CERTIFICATE] = "certificate" };

const char *reach_name(enum reach reach)
{
	return names[reach];
}

enum reach reach_of(struct str name)
{
	for (size_t i = 0; i < REACHES; i++)
		if (str_eq(name, str_of(names[i]))) return (enum reach)i;
	BUG("a point of sale is reached as %.*s", STR_ARG(name));
}

static struct str base64(struct arena *a, const uint8_t *bytes, size_t n)
{
	size_t size = sodium_base64_encoded_len(n, BASE64);
	char *at = arena_alloc(a, size);
	sodium_bin2base64(at, size, bytes, n, BASE64);
	return (struct str){ at, size - 1 };
}

struct str here_question(struct arena *a)
{
	uint8_t bytes[QUESTION_BYTES];
	randombytes_buf(bytes, sizeof bytes);
	return base64(a, bytes, sizeof bytes);
}

struct str here_url(struct arena *a, struct str public_url, struct str question)
{
	return str_format(a, "%.*s" HERE_PATH "?question=%.*s", STR_ARG(public_url), STR_ARG(question));
}

static bool is_question(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) return false;
	}
	return s.len == HERE_QUESTION;
}

bool here_answer(struct arena *a, const uint8_t key[HERE_KEY_SIZE], struct str question, struct str host, struct str prefix, struct str *answer)
{
	uint8_t proof[PROOF_BYTES];
	if (!is_question(question)) return false;
	struct str said = str_format(a, "%.*s %.*s%.*s", STR_ARG(question), STR_ARG(host), STR_ARG(prefix));
	crypto_generichash(proof, sizeof proof, (const unsigned char *)said.at, said.len, key, HERE_KEY_SIZE);
	*answer = str_format(a, "%.*s %.*s%.*s\n", STR_ARG(base64(a, proof, sizeof proof)), STR_ARG(host), STR_ARG(prefix));
	return true;
}

enum reach here_judge(struct arena *a, const uint8_t key[HERE_KEY_SIZE], struct str question, const struct point_of_sale *door, struct str answer)
{
	struct str rest = answer, proof, place, expected;
	if (!str_next(&rest, ' ', &proof) || !str_next(&rest, '\n', &place)) return REACH_OTHER;
	if (!here_answer(a, key, question, place, S(""), &expected) || !str_eq(expected, answer)) return REACH_OTHER;
	return str_eq(place, str_format(a, "%.*s%.*s", STR_ARG(door->host), STR_ARG(door->prefix))) ? REACH_HERE : REACH_RENAMED;
}

enum status reach_note(struct conn *db, int64_t point_of_sale, struct str public_url, enum reach reach)
{
	static const struct sql q = SQL("UPDATE point_of_sale SET reach = $3, reach_at = $4 WHERE id = $1 AND public_url = $2");
	return store_exec(db, &q, int64(point_of_sale), text(public_url), text(str_of(reach_name(reach))), int64(store_now(db)));
}
