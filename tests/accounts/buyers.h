/* tests/accounts/buyers.h: a house with buyers, for tests of accounts. The mail's way is played by taking the newest link as the worker would: its deadline set, then signed. */
#pragma once
#include "accounts/recovery.h"
#include "accounts/registration.h"
#include "accounts/signin.h"
#include "documents/template.h"
#include "guard/hasher.h"
#include "theatre.h"

#define GOOD  S("copper meadow 17 umbrella")
#define OTHER S("violet harbour 92 trombone")

struct buyers {
	struct theatre theatre;
	struct conn *db;
	struct hasher *hasher;
	struct link_key key;
	struct link_keys keys;
	struct asker from;
};

static inline enum status install(struct conn *db, void *arg)
{
	return document_types_install(db, *(int64_t *)arg);
}

/* Hashes cost little here; the real cost is tested in tests/guard. */
static inline struct buyers *buyers_open(void)
{
	struct buyers *b = ARENA_NEW(mem, struct buyers);
	const uint8_t seed[LINK_SEED_SIZE] = { 7 };
	b->theatre = theatre_open();
	b->db = b->theatre.db;
	in_write(b->db, install, &b->theatre.institution);
	b->hasher = hasher_start(&(struct hasher_options){ .threads = 2, .passes = 1, .memory = 64 * 1024 });
	b->key = link_key_of(seed);
	b->keys = (struct link_keys){ &b->key, 1 };
	b->from = (struct asker){ .shop = b->theatre.shop, .network = S("203.0.113.7"), .agent = S("Test/1.0") };
	return b;
}

static inline void buyers_close(struct buyers *b)
{
	hasher_stop(b->hasher);
	theatre_close(&b->theatre);
}

struct making {
	struct buyers *b;
	struct str email, password;
	enum account_state state;
	int64_t account;
};

static inline enum status make_account(struct conn *db, void *arg)
{
	struct making *x = arg;
	struct email email;
	struct new_account n = {
		.institution = x->b->theatre.institution, .first_name = S("Jeanne"), .last_name = S("Rochat"), .language = LANG_FR, .state = x->state
	};
	assert_status(email_read(mem, x->email, "email", &email, NULL), OK);
	n.email = email;
	if (x->password.len) assert_status(hasher_hash(x->b->hasher, mem, x->password, &n.password_hash), OK);
	return account_make(db, mem, &n, &x->account);
}

static inline int64_t buyer(struct buyers *b, struct str email, enum account_state state, struct str password)
{
	struct making x = { .b = b, .email = email, .state = state, .password = password };
	in_write(b->db, make_account, &x);
	return x.account;
}

/* Asks for a recovery mail as the shop does, and lets the background decide. */
static inline void ask(struct buyers *b, struct str email)
{
	assert_status(recovery_ask(b->db, b->theatre.shop, email, LANG_EN, S(""), S("203.0.113.7")), OK);
	assert_status(recovery_decide(b->db, mem), OK);
}

static inline int64_t count_of(struct conn *db, const struct sql *q)
{
	assert_status(store_row(db, q), OK);
	return col_int64(db, 0);
}

static inline enum status sending(struct conn *db, void *arg)
{
	int64_t deadline;
	return recovery_link_sending(db, *(struct str *)arg, &deadline);
}

/* The token of the newest link, as it stands in the mail. */
static inline struct str newest_link(struct buyers *b)
{
	static const struct sql q = SQL("SELECT link_id, link_purpose FROM outbox_message WHERE link_id IS NOT NULL ORDER BY id DESC LIMIT 1");
	assert_status(store_row(b->db, &q), OK);
	struct str link_id = col_blob(b->db, 0, mem);
	enum link_purpose purpose = (enum link_purpose)col_int64(b->db, 1);
	in_write(b->db, sending, &link_id);
	return link_make(mem, b->keys, purpose, (const uint8_t *)link_id.at);
}

/* Lets time pass for the limits of mails. */
static inline enum status let_pass(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE account_event SET at = at - $1");
	return store_exec(db, &q, int64(*(int64_t *)arg));
}

static inline void minutes_pass(struct buyers *b, int64_t minutes)
{
	int64_t us = minutes * MINUTE;
	in_write(b->db, let_pass, &us);
}

static inline enum recovery_outcome redeem(struct buyers *b, struct str link, struct str password)
{
	struct recovery_view view;
	struct str session;
	struct problem why = problem_in(mem);
	return recovery_redeem(b->db, mem, b->keys, b->hasher, link, password, &b->from, &view, &session, &why);
}

static inline enum signin_outcome sign_in(struct buyers *b, struct str email, struct str password)
{
	struct str token;
	int wait;
	return signin(b->db, mem, b->hasher, b->theatre.institution, email, password, &b->from, &token, &wait);
}
