/* commands/operator.c: `parterre operator add` and `parterre operator reset-factor`: the way in from the server itself. */
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "accounts/staff.h"
#include "commands/commands.h"
#include "commands/data.h"
#include "guard/password.h"

#define STDIN_MAX 1024 /* bytes read of a password; what is over 256 is refused with words */

struct adding {
	struct arena *a;
	struct problem *why;
	struct new_operator n;
	int64_t institution;
};

static enum status add(struct conn *db, void *arg)
{
	struct adding *x = arg;
	struct actor by = actor_command(x->institution, S("parterre operator add"));
	int64_t id;
	enum status st;
	x->why->first = NULL; /* it may run again */
	if ((st = operator_make(db, x->a, &by, &x->n, &id, x->why))) return st;
	return x->n.password_hash.len ? OK : staff_invite(db, x->a, &by, id, x->why);
}

/* One line, without its end. */
static struct str read_line(struct arena *a)
{
	char *at = arena_alloc(a, STDIN_MAX + 2);
	size_t len = 0;
	ssize_t got;
	while (len <= STDIN_MAX && (got = read(STDIN_FILENO, at + len, STDIN_MAX + 1 - len)) > 0) len += (size_t)got;
	struct str all = { at, len }, line = { at, 0 };
	str_next(&all, '\n', &line);
	if (line.len && line.at[line.len - 1] == '\r') line.len--;
	return line;
}

static enum status read_password(struct arena *a, const struct new_operator *n, struct str *hash, struct problem *why)
{
	const struct str words[] = { n->name, n->email.shown, { 0 } };
	struct str password = read_line(a);
	enum status st = password_check(a, password, words, "password-stdin", why);
	if (st) return st;
	struct hasher *h = hasher_start(&(struct hasher_options){ .threads = 1 });
	st = hasher_hash(h, a, password, hash);
	hasher_stop(h);
	return st;
}

static void read_options(struct arena *a, const struct config *c, struct adding *x, struct operator_context *context)
{
	static const char *const needed[] = { "email", "name", "profile" };
	for (size_t i = 0; i < COUNT(needed); i++)
		if (!config_text(c, needed[i]).len) problem_add(x->why, needed[i], MSG_OPTION_NEEDED);
	if (problem_any(x->why)) return;
	x->n.name = str_trim(config_text(c, "name"));
	email_read(a, config_text(c, "email"), "email", &x->n.email, x->why);
	operator_name_check(x->n.name, x->why);
	if (!profile_from_name(config_text(c, "profile"), &context->profile))
		problem_add(x->why, "profile", MSG_PROFILE_UNKNOWN, arg_text("given", config_text(c, "profile")));
	x->n.contexts = context;
	x->n.context_count = 1;
	if (!lang_from_tag(config_text(c, "language"), &x->n.language))
		problem_add(x->why, "language", MSG_LANGUAGE_UNKNOWN, arg_text("given", config_text(c, "language")));
}

enum exit_status command_operator_add(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct operator_context context = { 0 };
	struct adding x = { .a = a, .why = &why };
	struct store *store;
	read_options(a, c, &x, &context);
	if (problem_any(&why)) {
		failed(&why);
		return EXIT_USAGE;
	}
	if (config_flag(c, "password-stdin") && read_password(a, &x.n, &x.n.password_hash, &why)) return failed(&why);
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	struct conn *db = store_conn(store);
	if ((st = data_institution(db, &x.institution)) == NOT_FOUND) problem_add(&why, "", MSG_NO_INSTITUTION);
	if (st == OK) st = store_write(db, add, &x);
	store_close(store);
	if (st) return failed_with(a, st, &why);
	if (x.n.password_hash.len) printf("%.*s can sign in\n", STR_ARG(x.n.email.shown));
	else printf("the invitation to %.*s is queued; serve sends it\n", STR_ARG(x.n.email.shown));
	return EXIT_DONE;
}

struct resetting {
	struct arena *a;
	struct str key;
	int64_t institution;
	struct problem *why;
};

static enum status reset(struct conn *db, void *arg)
{
	struct resetting *x = arg;
	struct actor by = actor_command(x->institution, S("parterre operator reset-factor"));
	struct operator who;
	x->why->first = NULL; /* it may run again */
	enum status st = operator_by_email(db, x->a, x->institution, x->key, &who);
	if (st == NOT_FOUND) return problem_add(x->why, "email", MSG_OPERATOR_UNKNOWN), REFUSED;
	if (st) return st;
	st = staff_factor_reset(db, x->a, &by, who.id);
	return st == NOT_FOUND ? problem_add(x->why, "email", MSG_OPERATOR_NONE_FACTOR), REFUSED : st;
}

enum exit_status command_operator_reset_factor(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct resetting x = { .a = a, .why = &why };
	struct store *store;
	struct email email = { 0 };
	if (!config_text(c, "email").len) problem_add(&why, "email", MSG_OPTION_NEEDED);
	else email_read(a, config_text(c, "email"), "email", &email, &why);
	if (problem_any(&why)) {
		failed(&why);
		return EXIT_USAGE;
	}
	x.key = email.key;
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	struct conn *db = store_conn(store);
	if ((st = data_institution(db, &x.institution)) == NOT_FOUND) problem_add(&why, "", MSG_NO_INSTITUTION);
	if (st == OK) st = store_write(db, reset, &x);
	store_close(store);
	if (st) return failed_with(a, st, &why);
	printf("%.*s signs in without a second factor now, and is told by mail\n", STR_ARG(email.shown));
	return EXIT_DONE;
}
