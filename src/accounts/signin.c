/* accounts/signin.c: one path whoever it is: count, look, hash, note. */
#include "accounts/signin.h"

#include "guard/rate.h"

/* Guessing one address from one place, from one place at all, and one address from anywhere. */
static const struct rate_limit limit_pair = { "signin-pair", 15 * MINUTE, 10 };
static const struct rate_limit limit_network = { "signin-network", 15 * MINUTE, 100 };
static const struct rate_limit limit_address = { "signin-address", HOUR, 200 };

struct attempt {
	struct arena *a;
	const struct asker *from;
	int64_t institution, account;
	struct str key, address, pair, old_hash, new_hash, token;
	int wait;
};

/* Who is turned away by one limit is not counted by the next: else one client would use up an address for everybody, and fill the table with addresses. */
static enum status count(struct conn *db, void *arg)
{
	struct attempt *x = arg;
	const struct {
		const struct rate_limit *limit;
		struct str what;
	} counted[] = { { &limit_network, x->from->network }, { &limit_pair, x->pair }, { &limit_address, x->address } };
	enum status st = OK;
	x->wait = 0;
	for (size_t i = 0; !st && i < COUNT(counted); i++) st = rate_count(db, x->a, counted[i].limit, counted[i].what, &x->wait);
	return st == REFUSED ? OK : st; /* the counts stay, also when the limit is reached */
}

static enum status note_wrong(struct conn *db, void *arg)
{
	struct attempt *x = arg;
	return account_event_add(db, x->institution, x->account, "signin-refused", x->from->network);
}

static enum status begin(struct conn *db, void *arg)
{
	static const struct sql q = SQL("UPDATE internet_account SET signin_at = $2, signin_at_shop = $3, password_hash = $4"
									" WHERE id = $1 AND state = 'active' AND password_hash = $5");
	struct attempt *x = arg;
	enum status st;
	if ((st = store_exec(db, &q, int64(x->account), int64(store_now(db)), int64(x->from->shop), text(x->new_hash.len ? x->new_hash : x->old_hash),
			 text(x->old_hash))))
		return st;
	if (store_changes(db) != 1) return NOT_FOUND; /* blocked or changed since it was looked at */
	if ((st = rate_forget(db, x->a, &limit_pair, x->pair))) return st;
	if ((st = account_event_add(db, x->institution, x->account, "signed-in", x->from->network))) return st;
	return session_begin(db, x->a, x->account, x->from, &x->token);
}

/* An address at two houses is two. */
static struct str address_counted(struct arena *a, int64_t institution, struct str key)
{
	return str_format(a, "%lld %.*s", (long long)institution, STR_ARG(key));
}

static struct str pair_counted(struct arena *a, struct str address, struct str network)
{
	return str_format(a, "%.*s %.*s", STR_ARG(address), STR_ARG(network));
}

enum status signin_forgive(struct conn *db, struct arena *a, int64_t institution, struct str key, struct str network)
{
	struct str address = address_counted(a, institution, key);
	enum status st = rate_forget(db, a, &limit_pair, pair_counted(a, address, network));
	return st ? st : rate_forget(db, a, &limit_address, address);
}

/* What is counted for an address that is none is what was typed. */
static struct str address_key(struct arena *a, struct str typed)
{
	struct str key;
	return email_key(a, typed, &key) ? key : typed;
}

enum signin_outcome signin(struct conn *db, struct arena *a, struct hasher *hasher, int64_t institution, struct str email, struct str password,
	const struct asker *from, struct str *token, int *wait)
{
	struct attempt x = { .a = a, .from = from, .institution = institution };
	x.key = address_key(a, email);
	x.address = address_counted(a, institution, x.key);
	x.pair = pair_counted(a, x.address, from->network);
	if (store_write(db, count, &x)) return SIGNIN_TRY_AGAIN;
	*wait = x.wait;
	if (x.wait) return SIGNIN_LIMITED;

	struct account who = { 0 };
	enum status found = account_by_email(db, a, institution, x.key, &who);
	if (found && found != NOT_FOUND) return SIGNIN_TRY_AGAIN;
	bool needs_rehash = false;
	enum status st = hasher_verify(hasher, who.password_hash, password, &needs_rehash); /* without a hash: a stand-in of the same cost */
	if (st == UNAVAILABLE) return SIGNIN_TRY_AGAIN;
	x.account = who.id;
	x.old_hash = who.password_hash;
	if (st || who.state != ACCOUNT_ACTIVE) return store_write(db, note_wrong, &x) ? SIGNIN_TRY_AGAIN : SIGNIN_WRONG;
	if (needs_rehash && hasher_hash(hasher, a, password, &x.new_hash)) x.new_hash = S(""); /* next time, then */
	st = store_write(db, begin, &x);
	if (st) return st == NOT_FOUND ? SIGNIN_WRONG : SIGNIN_TRY_AGAIN;
	*token = x.token;
	return SIGNIN_DONE;
}
