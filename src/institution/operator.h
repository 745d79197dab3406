/* institution/operator.h: the people with a sign-in to the office, and their profiles in contexts. Nobody sets a password for another (domain.md 5). */
#pragma once
#include "base/clock.h"
#include "base/lang.h"
#include "formats/email.h"
#include "institution/profile.h"
#include "store/store.h"

enum operator_state { OPERATOR_INVITED, OPERATOR_ACTIVE, OPERATOR_BLOCKED };

/* With the house that pages are headed by. Text lives in the arena given to the function that read it. */
struct operator
{
	int64_t id, institution, made_at, signin_at, version;
	enum operator_state state;
	struct str name, email, email_key;
	struct str password_hash; /* empty: none yet */
	enum language language;
	bool has_factor; /* a second factor is asked at sign-in */
	struct str institution_name, zone;
};

/* A profile in a context; ORGANISATION 0: the whole institution. */
struct operator_context {
	enum profile_code profile;
	int64_t organisation;
	struct str organisation_name;
};

#define OPERATOR_NAME_MAX	  100 /* characters, as a house's name */
#define OPERATORS_MAX		  500 /* of a house, on one page: a city's museums together have some hundred */
#define OPERATOR_CONTEXTS_MAX 60  /* of one operator: five profiles in a dozen organisations */

/* "invited", "active", "blocked". */
const char *operator_state_name(enum operator_state state);

/* NOT_FOUND also for one of another institution. */
enum status operator_get(struct conn *db, struct arena *a, int64_t institution, int64_t id, struct operator* out);
enum status operator_by_email(struct conn *db, struct arena *a, int64_t institution, struct str email_key, struct operator* out);

/* The operator's contexts, the house's own first. */
enum status operator_contexts(struct conn *db, struct arena *a, int64_t id, struct operator_context **out, size_t *count);

/* Who acts when this operator asks from NETWORK. */
enum status operator_actor(struct conn *db, struct arena *a, const struct operator* who, struct str network, struct actor *out);

struct new_operator {
	struct str name;
	struct email email;
	enum language language;
	const struct operator_context *contexts;
	size_t context_count;
	struct str password_hash; /* of scripts and the demonstration; empty: invited */
};

/* All operators of the institution by name, at most OPERATORS_MAX. */
enum status operator_list(struct conn *db, struct arena *a, int64_t institution, struct operator** out, size_t *count);

/* Changes name, language and contexts (and, while invited, the address) of an operator whose version is still VERSION, inside a store_write; in the trail. NOT_FOUND: no
 * such operator; REFUSED with words: somebody else
 * changed him meanwhile (MSG_OPERATOR_CHANGED_MEANWHILE), the address is taken, or the last administrator would be gone. */
enum status operator_change(
	struct conn *db, struct arena *a, const struct actor *by, int64_t id, int64_t version, const struct new_operator *n, struct problem *why);

/* Blocks or unblocks (sessions end with both), inside a store_write; in the trail. NOT_FOUND: no such operator, or he is so already; REFUSED: the last administrator stays. */
enum status operator_block(struct conn *db, struct arena *a, const struct actor *by, int64_t id, struct problem *why);
enum status operator_unblock(struct conn *db, struct arena *a, const struct actor *by, int64_t id);

/* One's own language, inside a store_write. */
enum status operator_set_language(struct conn *db, int64_t id, enum language l);

/* Finding at "name" when it is missing, longer than a line, or holds what no name does. */
enum status operator_name_check(struct str name, struct problem *why);

/* Makes an operator of the actor's institution, inside a store_write, and notes it in the trail. REFUSED with a finding at "email" when the address has one already. */
enum status operator_make(struct conn *db, struct arena *a, const struct actor *by, const struct new_operator *n, int64_t *id, struct problem *why);
