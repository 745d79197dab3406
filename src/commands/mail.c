/* commands/mail.c: `parterre mail list` and `parterre mail retry ID`: the outbox, without what mails say. */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "commands/commands.h"
#include "commands/data.h"
#include "documents/outbox.h"

#define LISTED 200

/* "2026-11-24 09:15" in UTC. */
static struct str when(struct arena *a, int64_t utc)
{
	char text[32];
	time_t seconds = (time_t)(utc / SECOND);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
	return str_keep(a, str_of(text));
}

static void print_row(struct arena *a, const struct outbox_mail *m)
{
	printf("%6lld  %-8s  %-16s  %.*s  %.*s", (long long)m->id, outbox_state_name(m->state), document_class(m->class)->code,
		STR_ARG(when(a, m->made_at)), STR_ARG(m->recipient));
	if (m->answer.len) printf("  %.*s", STR_ARG(m->answer));
	putchar('\n');
}

enum exit_status command_mail_list(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct store *store;
	struct outbox_mail *list;
	size_t count = 0;
	int64_t institution;
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	struct conn *db = store_conn(store);
	st = data_institution(db, &institution);
	if (st == OK) st = outbox_list(db, a, institution, 0, 0, LISTED, &list, &count);
	if (st == OK && count) printf("%6s  %-8s  %-16s  %-16s  %s\n", "id", "state", "class", "queued (UTC)", "recipient, and what was said last");
	for (size_t i = 0; i < count; i++) print_row(a, &list[i]);
	if (st == NOT_FOUND) st = OK;
	if (st == OK && count == 0) printf("the outbox is empty\n");
	store_close(store);
	return st ? failed_with(a, st, &why) : EXIT_DONE;
}

struct retrying {
	struct arena *a;
	struct problem *why;
	int64_t institution, id;
};

static enum status retry(struct conn *db, void *arg)
{
	struct retrying *x = arg;
	x->why->first = NULL; /* it may run again */
	return outbox_retry(db, x->a, x->institution, x->id, x->why);
}

enum exit_status command_mail_retry(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct store *store;
	struct retrying x = { .a = a, .why = &why };
	if (!str_int64(c->arguments[0], &x.id) || x.id <= 0) {
		problem_add(&why, "", MSG_MAIL_ID_NOT_A_NUMBER, arg_text("id", c->arguments[0]));
		failed(&why);
		return EXIT_USAGE;
	}
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	struct conn *db = store_conn(store);
	st = data_institution(db, &x.institution);
	if (st == OK) st = store_write(db, retry, &x);
	store_close(store);
	if (st == NOT_FOUND) problem_add(&why, "", MSG_MAIL_UNKNOWN, arg_text("id", c->arguments[0]));
	if (st) return failed_with(a, st, &why);
	printf("mail %lld waits to be sent again\n", (long long)x.id);
	return EXIT_DONE;
}
