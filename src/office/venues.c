/* office/venues.c: the list of venues with their halls, and a venue. */
#include "office/venues.h"

#include "office/venue.html.h"
#include "office/venues.html.h"
#include "web/csrf.h"

bool may_write_house(const struct request *r)
{
	return actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, 0);
}

struct response office_venues_page(struct request *r)
{
	struct venue_edit *venues;
	struct configuration_edit *halls;
	size_t venue_count, hall_count;
	if (venue_rows(r->db, r->arena, actor_of(r), &venues, &venue_count)) return error_answer(r, 503);
	if (configuration_rows(r->db, r->arena, actor_of(r), 0, &halls, &hall_count)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_VENUES, OFFICE_TAB_PROGRAMME);
	struct render out = office_render(r);
	tpl_office_venues(&out, &(const struct tpl_office_venues){ .page = &p,
								.venues = venues,
								.venue_count = venue_count,
								.halls = halls,
								.hall_count = hall_count,
								.may_write = may_write_house(r),
								.done = office_done(&p) });
	return office_answer(r, 200, &out);
}

struct saving {
	struct request *r;
	struct venue_edit venue;
	int64_t id;
	struct problem why;
};

static struct response answer(struct saving *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct configuration_edit *halls = NULL;
	size_t count = 0;
	if (x->venue.id && configuration_rows(r->db, r->arena, actor_of(r), x->venue.id, &halls, &count)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_VENUE_NEW, OFFICE_TAB_PROGRAMME);
	if (x->venue.id && x->venue.name.len) p.title = x->venue.name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_venue(&out, &(const struct tpl_office_venue){ .page = &p,
							   .e = &x->venue,
							   .halls = halls,
							   .hall_count = count,
							   .may_write = may_write_house(r),
							   .csrf = csrf_token(r, x->venue.id ? "/programme/venues/:ID" : "/programme/venues/new"),
							   .csrf_hall = csrf_token(r, "/programme/venues/:ID/halls"),
							   .done = done,
							   .why = why });
	return office_answer(r, status, &out);
}

struct response office_venue_new_page(struct request *r)
{
	struct saving x = { .r = r };
	return may_write_house(r) ? answer(&x, 200, S(""), NULL) : error_answer(r, 403);
}

static bool venue_of_path(struct saving *x, struct response *instead)
{
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &x->id) ? venue_get(r->db, r->arena, actor_of(r), x->id, &x->venue) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_venue_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	if (!venue_of_path(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_VENUE_NEW, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return venue_save(db, x->r->arena, actor_of(x->r), &x->venue, &x->id, &x->why);
}

/* A new one, or the one of the path. */
struct response office_venue_save(struct request *r)
{
	static const struct form_field fields[] = { { "name", .max = VENUE_NAME_MAX }, { "town", .max = VENUE_NAME_MAX } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (request_segment(r, 0).len && !venue_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	x.venue.name = form_text(&f, "name");
	x.venue.town = form_text(&f, "town");
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	enum status st = store_write(r->db, save, &x);
	if (st == REFUSED && problem_any(&x.why)) return answer(&x, 422, S(""), &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/programme/venues/%lld?done=saved", (long long)x.id));
}
