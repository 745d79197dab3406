/* tests/formats/link.c: links that only we can make (recovery-cases 5 to 8). */
#include "test.h"

#include "base/random.h"
#include "formats/link.h"

#define RESET LINK_FOR(LINK_RESET)

static struct link_key key_of(uint8_t n)
{
	uint8_t seed[LINK_SEED_SIZE] = { n };
	return link_key_of(seed);
}

static const uint8_t some_id[LINK_ID_SIZE] = "sixteen bytes id";

/* A reset link signed by key number N alone. */
static struct str link_by(uint8_t n)
{
	struct link_key k = key_of(n);
	return link_make(mem, (struct link_keys){ &k, 1 }, LINK_RESET, some_id);
}

static enum link_reading read_by(uint8_t n, struct str text)
{
	struct link_key k = key_of(n);
	struct link l;
	return link_read((struct link_keys){ &k, 1 }, text, RESET, &l);
}

/* The link's 86 bytes, to be changed; and their text again. */
static uint8_t *bytes_of(struct str link)
{
	struct str b;
	assert_true(str_from_base64url(mem, link, &b));
	assert_int_equal(b.len, 86);
	return (uint8_t *)(uintptr_t)b.at;
}

static struct str text_of(const uint8_t *bytes)
{
	return str_base64url(mem, (struct str){ (const char *)bytes, 86 });
}

TEST(a_link_gives_back_its_purpose_and_id)
{
	struct link_key k = key_of(1);
	struct link_keys keys = { &k, 1 };
	struct link l;
	struct str text = link_make(mem, keys, LINK_INVITATION, some_id);
	assert_int_equal(text.len, LINK_TEXT_SIZE);
	assert_int_equal(link_read(keys, text, RESET | LINK_FOR(LINK_INVITATION), &l), LINK_GENUINE);
	assert_int_equal(l.purpose, LINK_INVITATION);
	assert_memory_equal(l.id, some_id, LINK_ID_SIZE);
}

TEST(the_form_is_that_of_version_1_for_ever)
{
	/* Links of this version are in people's mailboxes: every later version must read them. Signature and key id were checked with
	 * OpenSSL and Python's hashlib: Ed25519 over "parterre link", NUL and the first 22 bytes; BLAKE2b-256 of the public key. */
	struct str text = S("AXBFEWMBc2l4dGVlbiBieXRlcyBpZComKnrF0DJFQUN9gLscOjPz_FW1C7pi4ylmc3OW-H-nDhhncvS4Cbk3NXRGvVmT24f4tEFQFtRPEWT5BUinfgs");
	assert_str(link_by(1), text);
	assert_int_equal(read_by(1, text), LINK_GENUINE);
}

TEST(the_last_character_is_a_letter_or_digit)
{
	struct link_key k = key_of(1);
	for (int i = 0; i < 500; i++) {
		uint8_t id[LINK_ID_SIZE];
		random_fill(id, sizeof id);
		char last = link_make(mem, (struct link_keys){ &k, 1 }, LINK_RESET, id).at[LINK_TEXT_SIZE - 1];
		assert_true(last != '-' && last != '_');
	}
}

TEST(every_flipped_bit_is_refused)
{
	uint8_t *b = bytes_of(link_by(1));
	assert_int_equal(read_by(1, text_of(b)), LINK_GENUINE);
	for (size_t bit = 0; bit < 86 * 8; bit++) {
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(read_by(1, text_of(b)), LINK_FORGED);
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

TEST(every_other_character_at_every_place_is_refused)
{
	struct str text = str_keep(mem, link_by(1));
	char *at = (char *)(uintptr_t)text.at;
	for (size_t i = 0; i < text.len; i++) {
		char was = at[i];
		for (int c = 0; c < 256; c++) {
			at[i] = (char)c;
			assert_int_equal(read_by(1, text), (char)c == was ? LINK_GENUINE : LINK_FORGED);
		}
		at[i] = was;
	}
}

TEST(every_truncation_and_extension_is_refused)
{
	struct str text = link_by(1);
	for (size_t len = 0; len < text.len; len++) assert_int_equal(read_by(1, str_part(text, 0, len)), LINK_FORGED);
	for (size_t from = 1; from < text.len; from++) assert_int_equal(read_by(1, str_part(text, from, text.len)), LINK_FORGED);
	struct buf b = buf_in(mem);
	buf_add(&b, text);
	while (b.len < 1 << 20) {
		buf_add(&b, S("A"));
		assert_int_equal(read_by(1, buf_str(&b)), LINK_FORGED);
		buf_add(&b, text);
	}
	assert_int_equal(read_by(1, buf_str(&b)), LINK_FORGED);
	assert_int_equal(read_by(1, S("")), LINK_FORGED);
}

TEST(other_spellings_are_refused)
{
	struct str text = link_by(1);
	assert_int_equal(read_by(1, str_format(mem, "%.*s=", STR_ARG(text))), LINK_FORGED);
	assert_int_equal(read_by(1, str_format(mem, " %.*s", STR_ARG(text))), LINK_FORGED);
	assert_int_equal(read_by(1, str_format(mem, "%.*s\n", STR_ARG(text))), LINK_FORGED);
	assert_int_equal(read_by(1, str_format(mem, "%.*s%%3D", STR_ARG(text))), LINK_FORGED);
	assert_int_equal(read_by(1, str_format(mem, "%.*s\n%.*s", 60, text.at, (int)text.len - 60, text.at + 60)), LINK_FORGED);

	/* The same bytes in the other alphabet: + for - and / for _. */
	size_t changed = 0;
	char other[LINK_TEXT_SIZE];
	for (size_t i = 0; i < text.len; i++) {
		other[i] = text.at[i] == '-' ? '+' : text.at[i] == '_' ? '/' : text.at[i];
		changed += other[i] != text.at[i];
	}
	assert_true(changed > 0);
	assert_int_equal(read_by(1, (struct str){ other, sizeof other }), LINK_FORGED);
}

TEST(a_link_for_one_purpose_is_none_for_another)
{
	struct link_key k = key_of(1);
	struct link_keys keys = { &k, 1 };
	struct link l;
	for (int made = LINK_RESET; made <= LINK_FOLLOW; made++)
		for (int wanted = LINK_RESET; wanted <= LINK_FOLLOW; wanted++)
			assert_int_equal(link_read(keys, link_make(mem, keys, (enum link_purpose)made, some_id), LINK_FOR(wanted), &l),
				made == wanted ? LINK_GENUINE : LINK_FORGED);
}

TEST(a_refused_link_tells_nothing)
{
	struct link_key k = key_of(1);
	struct link l, nothing = { 0 };
	memset(&l, 0xff, sizeof l);
	assert_int_equal(link_read((struct link_keys){ &k, 1 }, link_by(2), RESET, &l), LINK_FORGED);
	assert_memory_equal(l.id, nothing.id, LINK_ID_SIZE);
	assert_int_equal(l.purpose, 0);
}

TEST(the_body_of_one_link_under_the_signature_of_another_is_refused)
{
	struct link_key k = key_of(1);
	uint8_t *a = bytes_of(link_by(1));
	uint8_t *b = bytes_of(link_make(mem, (struct link_keys){ &k, 1 }, LINK_RESET, (const uint8_t *)"another link id!"));
	memcpy(a + 22, b + 22, 64);
	assert_int_equal(read_by(1, text_of(a)), LINK_FORGED);
}

TEST(all_keys_held_verify_and_the_newest_signs)
{
	struct link_key held[] = { key_of(1), key_of(2) };
	struct link_keys keys = { held, 2 };
	struct link l;
	assert_int_equal(link_read(keys, link_by(1), RESET, &l), LINK_GENUINE);
	assert_int_equal(link_read(keys, link_by(2), RESET, &l), LINK_GENUINE);
	assert_str(link_make(mem, keys, LINK_RESET, some_id), link_by(2));
}

TEST(a_removed_key_and_another_installations_key_are_refused)
{
	assert_int_equal(read_by(2, link_by(1)), LINK_FORGED);
	struct link l;
	assert_int_equal(link_read((struct link_keys){ 0 }, link_by(1), RESET, &l), LINK_FORGED);
}

TEST(a_key_id_is_only_a_hint)
{
	/* A stranger's signature under our key's id; and two of our keys that share an id: both still verify. */
	struct link_key ours = key_of(1), theirs = key_of(2);
	uint8_t *b = bytes_of(link_by(2));
	memcpy(b + 1, ours.id, 4);
	assert_int_equal(read_by(1, text_of(b)), LINK_FORGED);

	struct link_key twins[] = { ours, theirs };
	memcpy(twins[1].id, ours.id, 4);
	struct link l;
	struct link_keys keys = { twins, 2 };
	assert_int_equal(link_read(keys, link_by(1), RESET, &l), LINK_GENUINE);
	assert_int_equal(link_read(keys, link_make(mem, keys, LINK_RESET, some_id), RESET, &l), LINK_GENUINE);

	/* Unknown, empty, and like a path. */
	for (size_t i = 0; i < 3; i++) {
		memcpy(b + 1, ((const char *[]){ "\xff\xff\xff\xff", "\0\0\0\0", "../." })[i], 4);
		assert_int_equal(read_by(2, text_of(b)), LINK_FORGED);
	}
}
