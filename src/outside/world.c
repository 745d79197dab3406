/* outside/world.c: one page with the two houses that Parterre deals with, and whose request it is. */
#include "outside/outside.h"
#include "outside/world.html.h"
#include "web/csrf.h"

static struct world *world_of(const struct request *r)
{
	return r->context;
}

const struct door *world_door(const struct request *r)
{
	return doors_at(world_of(r)->doors, 0);
}

struct str world_office(const struct request *r, const char *path)
{
	const struct world *w = world_of(r);
	struct str stored = doors_office(w->doors), url = w->office->len ? *w->office : stored.len ? stored : world_door(r)->origin;
	return str_format(r->arena, "%.*s/office%s", STR_ARG(url), path);
}

struct response world_answer(
	struct request *r, int status, const struct bank_shown *bank, const struct printing_shown *printing, const struct problem *why)
{
	const struct door *door = world_door(r);
	struct render out = render_in(r->arena, r->language, door->sale.house.zone, S(""));
	tpl_outside_world(&out, &(const struct tpl_outside_world){ .bank = bank,
								.printing = printing,
								.house = door->sale.house.name,
								.shop = url_of(door->sale.public_url),
								.has_mailbox = world_of(r)->has_mailbox,
								.is_dropped = str_eq(request_query(r, "done"), S("dropped")),
								.why = why });
	return response_html(r, status, buf_str(&out.out));
}

static struct response page(struct request *r)
{
	struct bank_shown bank;
	struct printing_shown printing;
	if (bank_look(r, &bank) || printing_look(r, request_query(r, "batch"), &printing)) return error_answer(r, 503);
	return world_answer(r, 200, &bank, &printing, NULL);
}

static const struct route routes[] = {
	{ GET, "/outside", page, .needs = SLOW | NO_STORE },
	{ POST, "/outside/bank", world_bank, .needs = SLOW | NO_STORE | CSRF },
	{ POST, "/outside/printing", world_printing, .needs = SLOW | NO_STORE | CSRF },
};

static enum status enter(struct request *r)
{
	if (!str_eq(r->path, S("/outside")) && !str_starts(r->path, S("/outside/"))) return NOT_FOUND;
	const struct door *here = doors_find(world_of(r)->doors, r->host, S("/")), *first = world_door(r);
	if (!first) return REFUSED; /* the house is still being made */
	r->site = r->context;
	r->origin = here ? here->origin : first->origin;
	r->site_code = S("outside");
	return OK;
}

struct face world_face(struct world *w)
{
	return (struct face){ .name = "outside", .routes = routes, .count = COUNT(routes), .context = w, .enter = enter };
}
