/* commands/serve.c: `parterre serve`. */
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "commands/commands.h"
#include "commands/service.h"

/* Every public URL must be https, or http on this machine, unless it was allowed by name (recovery-cases 94). */
static enum status check_doors(struct service *s, struct arena *a, struct problem *why)
{
	enum http_allowed allowed = config_flag(s->config, "allow-http") ? HTTP_ALLOWED : HTTP_ON_LOOPBACK_ONLY;
	size_t count = doors_count(s->doors);
	for (size_t i = 0; i < count; i++) {
		struct point_of_sale ignored;
		enum status st = public_url_read(a, doors_at(s->doors, i)->sale.public_url, allowed, &ignored, why);
		if (st) return st;
	}
	return OK;
}

/* Nobody can sign in to the office yet: where it is set up, and the code that it asks for. */
static void tell_of_setup(struct service *s, struct arena *a, struct str office)
{
	struct conn *db = store_conn(s->store);
	struct str code, where = office.len ? office : str_format(a, "%.*s/office", STR_ARG(server_url(s->server, 0)));
	bool is_open;
	if (setup_is_open(db, &is_open) || !is_open || setup_code(db, a, s->setup_key, &code)) return;
	printf("set-up %.*s/setup\nset-up code %.*s\n", STR_ARG(where), STR_ARG(code));
}

/* No internet point of sale: no shop answers (domain.md 5, Limitation). */
static void tell_of_doors(struct arena *a, struct service *s)
{
	if (doors_active(s->doors) == 0)
		log_warn("there is no active internet point of sale, so no shop answers: make one in the office, or with `parterre init`");
	for (size_t i = 0; i < doors_count(s->doors); i++) {
		const struct point_of_sale *sale = &doors_at(s->doors, i)->sale;
		if (sale->state == SALE_ACTIVE) printf("shop %.*s/\n", STR_ARG(sale->public_url));
	}
	struct str office = office_base_url(a, &s->office, doors_at(s->doors, 0));
	tell_of_setup(s, a, office);
	printf("office %.*s\nready\n", STR_ARG(office.len ? office : str_format(a, "%.*s/office", STR_ARG(server_url(s->server, 0)))));
	fflush(stdout);
}

enum exit_status command_serve(struct arena *a, const struct config *c)
{
	struct problem why = problem_in(a);
	struct service s;
	enum status st = service_open(&s, a, c, config_text(c, "mail"), &why);
	if (st == OK) st = doors_refresh(s.doors, store_conn(s.store));
	if (st == OK) st = check_doors(&s, a, &why);
	if (st == OK) st = service_start(&s, a, &why);
	if (st == OK) {
		tell_of_doors(a, &s);
		service_wait(&s);
	}
	if (!service_close(&s)) _exit(EXIT_DONE); /* a handler hangs: what it committed is safe */
	return st ? failed_with(a, st, &why) : EXIT_DONE;
}
