/* office/venue_hall.c: a hall: its zones, and its seats drawn. */
#include "office/hall.html.h"
#include "office/venues.h"
#include "web/csrf.h"

#define MARGIN 2000 /* around the seats, hundredths of the plan's unit */

const char *const zone_name_fields[LANGUAGES] = { [LANG_EN] = "name-en", [LANG_FR] = "name-fr", [LANG_DE] = "name-de", [LANG_IT] = "name-it" };

enum status categories_shown(struct request *r, struct category_shown **out, size_t *count)
{
	struct price_grid g;
	enum status st = grid_read(r->db, r->arena, actor_of(r), r->language, 0, 0, &g);
	if (st) return st;
	*count = g.category_count;
	*out = ARENA_ARRAY(r->arena, struct category_shown, g.category_count + 1);
	for (size_t i = 0; i < g.category_count; i++)
		(*out)[i] = (struct category_shown){ .id = g.categories[i].id, .code = g.categories[i].code, .name = g.categories[i].name };
	return OK;
}

/* Hundredths in tenths of a unit: "58.7". */
static void add_unit(struct buf *b, int64_t hundredths)
{
	int64_t tenths = hundredths / 10;
	buf_addf(b, tenths % 10 ? "%lld.%lld" : "%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

/* One path for all seats, and a line of marks for each category: a hall of 4,000 seats is 60 kB so. */
static void plan_draw(struct arena *a, const struct hall_seat *seats, size_t count, struct hall_shown *x)
{
	int64_t left = INT64_MAX, right = INT64_MIN, top = INT64_MAX, bottom = INT64_MIN;
	struct buf path = buf_in(a), view = buf_in(a);
	x->plan.count = count;
	if (count == 0) return;
	for (size_t i = 0; i < count; i++) {
		left = seats[i].x < left ? seats[i].x : left;
		right = seats[i].x > right ? seats[i].x : right;
		top = seats[i].y < top ? seats[i].y : top;
		bottom = seats[i].y > bottom ? seats[i].y : bottom;
	}
	left -= MARGIN, top -= MARGIN;
	int rank = 0;
	for (size_t c = 0; c < x->category_count; c++) {
		struct category_shown *k = &x->categories[c];
		struct buf xs = buf_in(a), ys = buf_in(a), marks = buf_in(a);
		k->mark = str_format(a, "%d", (rank + 1) % 10);
		for (size_t i = 0; i < count; i++) {
			if (seats[i].seat_category != k->id) continue;
			if (xs.len) buf_add_char(&xs, ' '), buf_add_char(&ys, ' ');
			add_unit(&xs, seats[i].x - left);
			add_unit(&ys, seats[i].y - top + 350); /* figures of 10 units stand in the middle */
			buf_add(&marks, k->mark);
			k->seats++;
		}
		rank += k->seats > 0;
		k->xs = buf_str(&xs), k->ys = buf_str(&ys), k->marks = buf_str(&marks);
	}
	for (size_t i = 0; i < count; i++) {
		buf_add_char(&path, 'M');
		add_unit(&path, seats[i].x - left);
		buf_add_char(&path, ' ');
		add_unit(&path, seats[i].y - top);
		buf_add(&path, S("h.01"));
	}
	buf_add(&view, S("0 0 "));
	add_unit(&view, right - left + MARGIN);
	buf_add_char(&view, ' ');
	add_unit(&view, bottom - top + MARGIN);
	x->plan.seats = buf_str(&path);
	x->plan.view = buf_str(&view);
}

struct saving {
	struct request *r;
	struct configuration_edit hall;
	struct zone_edit zone; /* a new one */
	int64_t id;
	struct problem why;
};

static struct response answer(struct saving *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct hall_shown shown = { .hall = &x->hall, .fresh = &x->zone, .may_write = may_write_house(r) };
	struct zone_edit *zones;
	struct hall_seat *seats;
	struct house_of house;
	size_t count;
	if (house_of(r->db, r->arena, actor_of(r)->institution, &house)) return error_answer(r, 503);
	if (zone_rows(r->db, r->arena, actor_of(r), x->hall.id, &zones, &shown.zone_count)) return error_answer(r, 503);
	if (categories_shown(r, &shown.categories, &shown.category_count)) return error_answer(r, 503);
	if (hall_seats_read(r->db, r->arena, actor_of(r), x->hall.id, &seats, &count)) return error_answer(r, 503);
	shown.zones = zones;
	shown.main_language = house.main_language;
	plan_draw(r->arena, seats, count, &shown);
	struct office_page p = office_page(r, MSG_HALL, OFFICE_TAB_PROGRAMME);
	p.title = x->hall.name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_hall(&out, &(const struct tpl_office_hall){ .page = &p,
							  .x = &shown,
							  .csrf = csrf_token(r, "/programme/halls/:ID"),
							  .csrf_zone = csrf_token(r, "/programme/halls/:ID/zones"),
							  .done = done,
							  .why = why });
	return office_answer(r, status, &out);
}

static bool hall_of_path(struct saving *x, struct response *instead)
{
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &x->id) ? configuration_get(r->db, r->arena, actor_of(r), x->id, &x->hall) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_hall_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	if (!hall_of_path(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_HALL, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

static const struct form_field name_fields[] = { { "name", .max = VENUE_NAME_MAX } };

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return configuration_save(db, x->r->arena, actor_of(x->r), &x->hall, &x->id, &x->why);
}

static struct response saved(struct saving *x, enum status (*fn)(struct conn *, void *), const char *path)
{
	struct request *r = x->r;
	enum status st = store_write(r->db, fn, x);
	if (st == REFUSED && problem_any(&x->why) && x->hall.id) return answer(x, 422, S(""), &x->why);
	if (st == REFUSED) return error_answer(r, 422);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "%s/%lld?done=saved", path, (long long)x->id));
}

struct response office_hall_save(struct request *r)
{
	struct form f = form_read(r, name_fields, COUNT(name_fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!hall_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	struct str name = x.hall.name;
	x.hall.name = form_text(&f, "name");
	if (problem_any(&f.why)) return x.hall.name = name, answer(&x, 422, S(""), &f.why);
	return saved(&x, save, "/programme/halls");
}

/* Another hall of the venue in the path. */
struct response office_hall_new(struct request *r)
{
	struct form f = form_read(r, name_fields, COUNT(name_fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	if (!request_segment_id(r, 0, &x.hall.venue)) return error_answer(r, 404);
	if (!may_write_house(r)) return error_answer(r, 403);
	x.hall.name = form_text(&f, "name");
	return saved(&x, save, "/programme/halls");
}

void zone_form_read(struct form *f, struct zone_edit *z)
{
	for (int l = 0; l < LANGUAGES; l++) z->name.in[l] = form_text(f, zone_name_fields[l]);
	z->is_numbered = str_eq(form_text(f, "kind"), S("numbered"));
	z->seat_category = office_typed_number(f, "category");
	z->capacity = office_typed_number(f, "capacity");
}

static enum status save_zone(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return zone_save(db, x->r->arena, actor_of(x->r), &x->zone, &x->id, &x->why);
}

struct response office_zone_new(struct request *r)
{
	static const struct form_field fields[] = { ZONE_FIELDS };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!hall_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	zone_form_read(&f, &x.zone);
	x.zone.configuration = x.hall.id;
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	return saved(&x, save_zone, "/programme/zones");
}
