/* tests/institution/staff.h: a house with operators, for tests of them. Hashes cost little here; the real cost is tested in tests/guard. */
#pragma once
#include "guard/hasher.h"
#include "institution/operator_session.h"
#include "theatre.h"

#define STAFF_PASSWORD S("granite compass 41 lantern")

struct staff_house {
	struct theatre t;
	struct conn *db;
	struct hasher *hasher;
	struct actor by; /* who makes operators: the server itself */
	struct operator_asker from;
};

static inline struct staff_house staff_house_open(void)
{
	struct staff_house h = { .t = theatre_open() };
	h.db = h.t.db;
	h.hasher = hasher_start(&(struct hasher_options){ .threads = 2, .passes = 1, .memory = 64 * 1024 });
	h.by = actor_command(h.t.institution, S("test"));
	h.from = (struct operator_asker){ .network = S("203.0.113.7"), .agent = S("Test/1.0") };
	return h;
}

static inline void staff_house_close(struct staff_house *h)
{
	hasher_stop(h->hasher);
	theatre_close(&h->t);
}

struct hiring {
	struct staff_house *h;
	struct new_operator n;
	int64_t id;
	struct problem why;
};

static inline enum status hire_in(struct conn *db, void *arg)
{
	struct hiring *x = arg;
	x->why = problem_in(mem);
	return operator_make(db, mem, &x->h->by, &x->n, &x->id, &x->why);
}

/* An operator with these contexts; invited when PASSWORD is empty. */
static inline int64_t hire_with(struct staff_house *h, struct str email, const struct operator_context *contexts, size_t count, struct str password)
{
	struct hiring x = { .h = h, .n = { .name = S("Olivier Favre"), .language = LANG_EN, .contexts = contexts, .context_count = count } };
	assert_status(email_read(mem, email, "email", &x.n.email, NULL), OK);
	if (password.len) assert_status(hasher_hash(h->hasher, mem, password, &x.n.password_hash), OK);
	in_write(h->db, hire_in, &x);
	return x.id;
}

static inline int64_t hire(struct staff_house *h, struct str email, enum profile_code profile)
{
	return hire_with(h, email, &(struct operator_context){ .profile = profile }, 1, STAFF_PASSWORD);
}

static inline enum operator_signin office_sign_in(struct staff_house *h, struct str email, struct str password, struct str *token)
{
	bool needs_factor;
	int wait;
	return operator_signin(h->db, mem, h->hasher, h->t.institution, email, password, &h->from, token, &needs_factor, &wait);
}

static inline struct actor actor_for(struct staff_house *h, int64_t id)
{
	struct operator who;
	struct actor a;
	assert_status(operator_get(h->db, mem, h->t.institution, id, &who), OK);
	assert_status(operator_actor(h->db, mem, &who, S("203.0.113.7"), &a), OK);
	return a;
}
