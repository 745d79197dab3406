/* tests/guard/hasher.c: passwords hashed at a known cost, and never more at once than was allowed. Recovery-cases 29, 31, 71. */
#include "test.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <time.h>

#include "base/clock.h"
#include "guard/hasher.h"

static const struct hasher_options cheap = { .threads = 2, .passes = 1, .memory = 64 << 10 };
static const struct hasher_options slow = { .threads = 1, .waiting_max = 3, .passes = 10, .memory = 64 << 20 }; /* some tenths of a second */

static struct str password(void)
{
	return S("copper meadow 17 umbrella");
}

static struct str hash_of(struct hasher *h, struct str p)
{
	struct str hash = S("");
	assert_status(hasher_hash(h, mem, p, &hash), OK);
	return hash;
}

static void assert_verifies(struct hasher *h, struct str hash, struct str p, bool want_rehash)
{
	bool needs_rehash = !want_rehash;
	assert_status(hasher_verify(h, hash, p, &needs_rehash), OK);
	assert_int_equal(needs_rehash, want_rehash);
}

static void assert_refuses(struct hasher *h, struct str hash, struct str p)
{
	bool needs_rehash = true;
	assert_status(hasher_verify(h, hash, p, &needs_rehash), REFUSED);
	assert_false(needs_rehash);
}

TEST(the_right_password_is_ok_and_any_other_refused)
{
	struct hasher *h = hasher_start(&cheap);
	struct str hash = hash_of(h, password());
	assert_verifies(h, hash, password(), false);
	assert_refuses(h, hash, S("copper meadow 17 umbrellA"));
	assert_refuses(h, hash, S("copper meadow 17 umbrella "));
	assert_refuses(h, hash, S(""));
	assert_false(str_eq(hash_of(h, password()), hash)); /* a salt each */
	hasher_stop(h);
}

TEST(composed_and_decomposed_letters_are_one_password)
{
	struct hasher *h = hasher_start(&cheap);
	assert_verifies(h, hash_of(h, S("caf\u00e9 au lait fort")), S("cafe\u0301 au lait fort"), false);
	assert_verifies(h, hash_of(h, S("cafe\u0301 au lait fort")), S("caf\u00e9 au lait fort"), false);
	assert_refuses(h, hash_of(h, S("caf\u00e9 au lait fort")), S("cafe au lait fort"));
	hasher_stop(h);
}

TEST(a_hash_is_written_as_libsodium_writes_it)
{
	struct hasher *h = hasher_start(&cheap);
	struct str ours = hash_of(h, password());
	assert_true(str_starts(ours, S("$argon2id$v=19$m=64,t=1,p=1$")));
	assert_int_equal(crypto_pwhash_str_verify(str_c(mem, ours), password().at, password().len), 0);

	char theirs[crypto_pwhash_STRBYTES];
	assert_int_equal(crypto_pwhash_str(theirs, password().at, password().len, 1, 64 << 10), 0);
	assert_verifies(h, str_of(theirs), password(), false);
	hasher_stop(h);
}

TEST(the_cost_without_options_is_owasps)
{
	struct hasher *h = hasher_start(&(struct hasher_options){ 0 });
	assert_true(str_starts(hash_of(h, password()), S("$argon2id$v=19$m=19456,t=2,p=1$")));
	assert_true(hasher_figures(h).threads >= 1);
	hasher_stop(h);
}

TEST(a_hash_of_other_parameters_still_opens_and_asks_for_a_new_one)
{
	struct hasher *old = hasher_start(&(struct hasher_options){ .threads = 1, .passes = 1, .memory = 8 << 10 });
	struct str hash = hash_of(old, password());
	hasher_stop(old);
	struct hasher *h = hasher_start(&cheap);
	assert_verifies(h, hash, password(), true);
	assert_refuses(h, hash, S("another password 22"));
	assert_verifies(h, hash_of(h, password()), password(), false);
	hasher_stop(h);
}

/* Real ones but for what each changes: none may open, none may crash, none may allocate what it says. */
TEST(what_is_no_hash_of_ours_is_refused)
{
	static const char *const form[] = {
		"",
		"x",
		"$argon2id$",
		"$argon2i$v=19$m=64,t=1,p=1$%s",
		"$argon2id$v=16$m=64,t=1,p=1$%s",
		"$argon2id$v=19$m=65537,t=1,p=1$%s",
		"$argon2id$v=19$m=4294967295,t=1,p=1$%s",
		"$argon2id$v=19$m=99999999999999999999,t=1,p=1$%s",
		"$argon2id$v=19$m=-64,t=1,p=1$%s",
		"$argon2id$v=19$m=064,t=1,p=1$%s",
		"$argon2id$v=19$m=7,t=1,p=1$%s",
		"$argon2id$v=19$m=64,t=0,p=1$%s",
		"$argon2id$v=19$m=64,t=11,p=1$%s",
		"$argon2id$v=19$m=64,t=4294967295,p=1$%s",
		"$argon2id$v=19$m=64,t=1,p=4$%s",
		"$argon2id$v=19$m=64,t=1,p=1$%s=",
		"$argon2id$v=19$m=64,t=1,p=1$A%s",
		"$2b$12$%s",
	};
	struct hasher *h = hasher_start(&cheap);
	struct str hash = hash_of(h, password());
	const char *tail = str_c(mem, str_part(hash, sizeof "$argon2id$v=19$m=64,t=1,p=1$" - 1, hash.len));
	assert_verifies(h, str_format(mem, "$argon2id$v=19$m=64,t=1,p=1$%s", tail), password(), false);
	for (size_t i = 0; i < COUNT(form); i++) assert_refuses(h, str_format(mem, form[i], tail), password());
	for (size_t i = 0; i < hash.len; i++) assert_refuses(h, str_part(hash, 0, i), password());
	assert_refuses(h, str_format(mem, "%.*s%c", STR_ARG(hash), 0), password());
	hasher_stop(h);
}

TEST(a_hash_beyond_the_limits_is_answered_in_the_time_of_a_real_one)
{
	struct hasher *h = hasher_start(&cheap);
	int64_t start = clock_steady();
	assert_refuses(h, S("$argon2id$v=19$m=67108864,t=4000000,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), password());
	assert_true(clock_steady() - start < SECOND);
	hasher_stop(h);
}

/* Microseconds of work, by whatever thread: unlike time, a busy machine doesn't change it. The least of three. */
static int64_t work_of(struct hasher *h, struct str hash)
{
	int64_t least = INT64_MAX;
	for (int i = 0; i < 3; i++) {
		bool needs_rehash;
		clock_t start = clock();
		assert_status(hasher_verify(h, hash, S("not the password"), &needs_rehash), REFUSED);
		int64_t took = clock() - start;
		if (took < least) least = took;
	}
	return least;
}

TEST(no_account_an_unknown_kind_and_an_old_hash_cost_as_much_as_a_wrong_password)
{
	struct hasher *old = hasher_start(&(struct hasher_options){ .threads = 1, .passes = 1, .memory = 4 << 20 });
	struct str cheaper = hash_of(old, password());
	hasher_stop(old);
	struct hasher *h = hasher_start(&(struct hasher_options){ .threads = 1, .passes = 2, .memory = 16 << 20 });
	int64_t wrong = work_of(h, hash_of(h, password()));
	const struct str others[] = { S(""), S("$2b$12$abcdefghijklmnopqrstuv"), cheaper };
	for (size_t i = 0; i < COUNT(others); i++) {
		int64_t other = work_of(h, others[i]);
		assert_true(other > wrong / 2 && other < wrong * 2);
	}
	hasher_stop(h);
}

TEST(a_megabyte_is_refused_before_it_is_hashed)
{
	struct hasher *h = hasher_start(&cheap);
	char *long_one = arena_alloc(mem, 1 << 20);
	memset(long_one, 'x', 1 << 20);
	struct str hash = hash_of(h, (struct str){ long_one, HASHER_PASSWORD_MAX }), none;
	assert_verifies(h, hash, (struct str){ long_one, HASHER_PASSWORD_MAX }, false);
	uint64_t done = hasher_figures(h).done;
	assert_refuses(h, hash, (struct str){ long_one, HASHER_PASSWORD_MAX + 1 });
	assert_refuses(h, hash, (struct str){ long_one, 1 << 20 });
	assert_status(hasher_hash(h, mem, (struct str){ long_one, 1 << 20 }, &none), REFUSED);
	assert_int_equal(hasher_figures(h).done, done);
	hasher_stop(h);
}

/* ---- many at once ---- */

struct caller {
	struct hasher *h;
	pthread_t thread;
	enum status st;
};

static void *call_hash(void *arg)
{
	struct caller *c = arg;
	struct arena *a = arena_new();
	struct str out;
	c->st = hasher_hash(c->h, a, password(), &out);
	arena_free(a);
	return NULL;
}

static void callers_start(struct caller *c, size_t count, struct hasher *h)
{
	for (size_t i = 0; i < count; i++) {
		c[i].h = h;
		assert_int_equal(pthread_create(&c[i].thread, NULL, call_hash, &c[i]), 0);
	}
}

static size_t callers_ok(struct caller *c, size_t count)
{
	size_t ok = 0;
	for (size_t i = 0; i < count; i++) {
		pthread_join(c[i].thread, NULL);
		ok += c[i].st == OK;
	}
	return ok;
}

static void wait_until_in_hand(struct hasher *h, unsigned n)
{
	while (hasher_figures(h).in_hand < n) sched_yield();
}

TEST(one_more_than_may_wait_is_turned_away_at_once)
{
	struct hasher *h = hasher_start(&slow);
	struct caller c[3];
	callers_start(c, COUNT(c), h);
	wait_until_in_hand(h, 3);
	bool needs_rehash;
	struct str out;
	assert_status(hasher_verify(h, S(""), password(), &needs_rehash), UNAVAILABLE);
	assert_status(hasher_hash(h, mem, password(), &out), UNAVAILABLE);
	assert_int_equal(hasher_figures(h).done, 0); /* nobody was waited for */
	assert_int_equal(hasher_figures(h).turned_away, 2);
	assert_int_equal(callers_ok(c, COUNT(c)), 3);
	assert_int_equal(hasher_figures(h).done, 3);
	assert_int_equal(hasher_figures(h).in_hand, 0);
	assert_status(hasher_hash(h, mem, password(), &out), OK);
	hasher_stop(h);
}

TEST(a_crowd_is_answered_to_the_last_one)
{
	struct hasher *h = hasher_start(&(struct hasher_options){ .threads = 2, .waiting_max = 4, .passes = 1, .memory = 1 << 20 });
	struct caller c[48];
	callers_start(c, COUNT(c), h);
	size_t ok = callers_ok(c, COUNT(c));
	assert_int_equal(hasher_figures(h).done, ok);
	assert_int_equal(hasher_figures(h).turned_away, COUNT(c) - ok);
	assert_true(ok >= 4);
	hasher_stop(h);
}

TEST(a_stop_finishes_what_waits)
{
	struct hasher *h = hasher_start(&slow);
	struct caller c[3];
	callers_start(c, COUNT(c), h);
	wait_until_in_hand(h, 3);
	hasher_stop(h);
	assert_int_equal(callers_ok(c, COUNT(c)), 3);
}
