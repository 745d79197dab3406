/* commands/audit.c: `parterre audit`: recounts from the rows, in one snapshot; a line each: ok, or what differs. Changes nothing. */
#include <stdio.h>

#include "billing/payment_recount.h"
#include "billing/recount.h"
#include "billing/till.h"
#include "commands/commands.h"
#include "commands/data.h"
#include "sales/recount.h"
#include "shipping/recount.h"

/* Each capability's checks, in the order of the floors. */
static const struct {
	const struct recount *checks;
	const size_t *count;
} books[] = {
	{ sales_recounts, &sales_recount_count },
	{ billing_recounts, &billing_recount_count },
	{ payment_recounts, &payment_recount_count },
	{ till_recounts, &till_recount_count },
	{ shipping_recounts, &shipping_recount_count },
};

struct auditing {
	struct arena *a;
	struct recounted *lines[COUNT(books)];
};

static enum status recount_all(struct conn *db, void *arg)
{
	struct auditing *x = arg;
	enum status st = OK;
	for (size_t i = 0; i < COUNT(books) && st == OK; i++) {
		x->lines[i] = ARENA_ARRAY(x->a, struct recounted, *books[i].count);
		st = recount_run(db, books[i].checks, *books[i].count, x->lines[i]);
	}
	return st;
}

static void tell(const struct recounted *r)
{
	if (r->differing == 0) printf("ok       %-10s %lld\n", r->check->what, (long long)r->counted);
	else
		printf("differs  %-10s %lld of %lld: %s; the first is %lld\n", r->check->what, (long long)r->differing, (long long)r->counted, r->check->rule,
			(long long)r->example);
}

enum exit_status command_audit(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct auditing x = { .a = a };
	struct store *store;
	enum status st = data_open(c, SCHEMA_MUST_BE_CURRENT, &store, &why);
	if (st) return failed_with(a, st, &why);
	st = store_snapshot(store_conn(store), recount_all, &x);
	store_close(store);
	if (st) return failed_with(a, st, &why);
	int64_t differing = 0;
	for (size_t i = 0; i < COUNT(books); i++)
		for (size_t k = 0; k < *books[i].count; k++) {
			tell(&x.lines[i][k]);
			differing += x.lines[i][k].differing;
		}
	return differing ? EXIT_FAILED : EXIT_DONE;
}
