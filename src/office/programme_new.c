/* office/programme_new.c: a new event with its first performances in one form; more performances of an event. */
#include "base/clock.h"
#include "base/day.h"
#include "office/event_new.html.h"
#include "office/programme.h"
#include "web/csrf.h"

#define DATES_AT_FIRST 3
#define DATES_MORE	   3

/* What the one form says. */
struct adding {
	struct request *r;
	struct form form;
	struct event_edit event;
	struct new_performances dates;
	struct str *typed_dates; /* as many lines as there are on the page */
	size_t line_count;
	size_t *line_of; /* of each of dates.starts */
	struct str opens, *typed_prices;
	int64_t made;
	struct problem why;
};

static struct str zone_of(const struct request *r)
{
	return staff_of(r)->person.zone;
}

static struct str number_text(struct request *r, int64_t n)
{
	return n < 0 ? S("") : str_format(r->arena, "%lld", (long long)n);
}

/* ---- showing ---- */

static void dates_show(const struct adding *x, struct dates_form *out)
{
	struct arena *a = x->r->arena;
	out->date_count = x->line_count;
	out->dates = ARENA_ARRAY(a, struct date_line, x->line_count + 1);
	for (size_t i = 0; i < x->line_count; i++) out->dates[i] = (struct date_line){ str_c(a, str_format(a, "starts-%zu", i + 1)), x->typed_dates[i] };
}

static enum status channels_show(const struct adding *x, struct dates_form *out)
{
	struct request *r = x->r;
	struct sales_channel *all;
	enum status st = channel_list(r->db, r->arena, actor_of(r)->institution, &all, &out->channel_count);
	if (st) return st;
	out->channels = ARENA_ARRAY(r->arena, struct choice, out->channel_count + 1);
	for (size_t i = 0; i < out->channel_count; i++) {
		out->channels[i] = (struct choice){ all[i].id, all[i].code, all[i].name, false };
		for (size_t k = 0; k < x->dates.channel_count; k++) out->channels[i].is_chosen |= x->dates.channels[k] == all[i].id;
	}
	return OK;
}

static enum status dates_form_fill(const struct adding *x, struct dates_form *out)
{
	struct request *r = x->r;
	int64_t institution = actor_of(r)->institution;
	struct hall_choice *halls;
	struct vat_rate *vats;
	struct house_of house;
	enum status st;
	*out = (struct dates_form){ .hall = x->dates.configuration,
		.doors = number_text(r, x->dates.doors),
		.lasts = number_text(r, x->dates.lasts),
		.closes = number_text(r, x->dates.closes),
		.opens = x->opens };
	if ((st = house_of(r->db, r->arena, institution, &house))) return st;
	if ((st = hall_choices(r->db, r->arena, institution, &halls, &out->hall_count))) return st;
	if ((st = vat_rates(r->db, r->arena, institution, &vats, &out->vat_count))) return st;
	out->halls = halls;
	out->vats = vats;
	out->currency = house.currency;
	dates_show(x, out);
	out->prices = x->dates.prices;
	out->cells = grid_cells(r, &x->dates.prices, x->typed_prices);
	return channels_show(x, out);
}

static struct response answer(struct adding *x, int status, const struct problem *why)
{
	struct request *r = x->r;
	struct event_form event;
	struct dates_form dates;
	if (event_form_fill(r, &x->event, &event) || dates_form_fill(x, &dates)) return error_answer(r, 503);
	struct office_page p = office_page(r, x->event.id ? MSG_PERFORMANCES_ADD : MSG_EVENT_NEW, OFFICE_TAB_PROGRAMME);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	const char *route = x->event.id ? "/programme/events/:ID/performances" : "/programme/new";
	tpl_office_event_new(
		&out, &(const struct tpl_office_event_new){ .page = &p, .event = &event, .dates = &dates, .csrf = csrf_token(r, route), .why = why });
	return office_answer(r, status, &out);
}

/* ---- reading ---- */

static const struct form_field fields[] = { EVENT_TEXT_FIELDS, { "configuration", .max = 20 }, { "hall", .max = 20 },
	{ "starts", .max = 30, .is_repeated = true }, { "doors", .max = 6 }, { "lasts", .max = 6 }, { "vat_rate", .max = 20 },
	{ "rate_table", .max = 20 }, { "channels", .max = 20, .is_repeated = true }, { "opens", .max = 30 }, { "closes", .max = 6 },
	{ "act", .max = 10 } };

static void dates_read(struct adding *x)
{
	struct request *r = x->r;
	struct str value;
	size_t at = 0;
	x->typed_dates = ARENA_ARRAY(r->arena, struct str, PERFORMANCES_AT_ONCE + DATES_MORE);
	x->dates.starts = ARENA_ARRAY(r->arena, int64_t, PERFORMANCES_AT_ONCE);
	x->line_of = ARENA_ARRAY(r->arena, size_t, PERFORMANCES_AT_ONCE);
	while (x->line_count < PERFORMANCES_AT_ONCE && form_next(&x->form, "starts", &at, &value)) {
		int64_t day;
		int minutes;
		x->typed_dates[x->line_count++] = value;
		if (!value.len) continue;
		if (!day_time_read(value, &day, &minutes)) {
			problem_add(&x->form.why, str_c(r->arena, str_format(r->arena, "starts-%zu", x->line_count)), MSG_DATE_TIME_UNREAD);
			continue;
		}
		x->line_of[x->dates.count] = x->line_count;
		x->dates.starts[x->dates.count++] = day_time(r->arena, day, minutes, zone_of(r));
	}
}

static void opens_read(struct adding *x)
{
	int64_t day;
	int minutes;
	x->opens = form_text(&x->form, "opens");
	if (!x->opens.len) return;
	if (day_time_read(x->opens, &day, &minutes)) x->dates.opens_at = day_time(x->r->arena, day, minutes, zone_of(x->r));
	else problem_add(&x->form.why, "opens", MSG_DATE_TIME_UNREAD);
}

/* All but the prices, which wait for the hall's grid. */
static void read_form(struct adding *x)
{
	struct form *f = &x->form;
	event_form_read(f, &x->event);
	dates_read(x);
	opens_read(x);
	x->dates.configuration = office_typed_number(f, "configuration");
	x->dates.doors = office_typed_number(f, "doors");
	x->dates.lasts = office_typed_number(f, "lasts");
	x->dates.closes = office_typed_number(f, "closes");
	x->dates.channels = chosen_ids(x->r, f, "channels", &x->dates.channel_count);
}

/* Another hall was chosen: its last prices, everything else as it was typed. */
static struct response with_hall(struct adding *x, int status)
{
	struct request *r = x->r;
	struct new_performances like;
	if (performances_like(r->db, r->arena, actor_of(r), r->language, x->dates.configuration, &like)) return error_answer(r, 503);
	x->dates.prices = like.prices;
	x->why = problem_in(r->arena);
	if (status == 422) problem_add(&x->why, "prices", MSG_PRICES_OTHER_HALL);
	return answer(x, status, &x->why);
}

static enum status save(struct conn *db, void *arg)
{
	struct adding *x = arg;
	const struct actor *who = actor_of(x->r);
	enum status st = OK;
	x->why.first = NULL; /* it may run again */
	x->made = x->event.id;
	if (!x->event.id) st = event_save(db, x->r->arena, who, &x->event, &x->made, &x->why);
	if (st && !(st == REFUSED && problem_any(&x->why))) return st;
	x->dates.event = x->made;
	if (st == OK) return performances_add(db, x->r->arena, who, &x->dates, &x->why);
	return st;
}

/* Findings at the Nth date stand at the line where it was typed. */
static struct problem at_lines(const struct adding *x)
{
	struct arena *a = x->r->arena;
	struct problem out = problem_in(a);
	for (const struct finding *f = x->why.first; f; f = f->next) {
		struct str field = str_of(f->field);
		int64_t n;
		bool is_date = str_starts(field, S("starts-")) && str_int64(str_part(field, 7, field.len), &n) && n > 0 && (size_t)n <= x->dates.count;
		problem_add_args(&out, is_date ? str_c(a, str_format(a, "starts-%zu", x->line_of[n - 1])) : f->field, f->message, f->args);
	}
	return out;
}

static struct response add(struct adding *x)
{
	struct request *r = x->r;
	struct str act = form_text(&x->form, "act");
	bool is_other_hall = office_typed_number(&x->form, "hall") != x->dates.configuration;
	int64_t table = office_typed_number(&x->form, "rate_table");
	if (str_eq(act, S("hall"))) return with_hall(x, 200);
	if (is_other_hall) return with_hall(x, 422);
	if (grid_read(r->db, r->arena, actor_of(r), r->language, x->dates.configuration, table > 0 ? table : 0, &x->dates.prices))
		return error_answer(r, 503);
	x->dates.prices.vat_rate = office_typed_number(&x->form, "vat_rate");
	x->typed_prices = grid_typed(&x->form, &x->dates.prices);
	if (str_eq(act, S("more"))) {
		x->line_count += DATES_MORE;
		return answer(x, 200, NULL);
	}
	if (problem_any(&x->form.why)) return answer(x, 422, &x->form.why);
	x->dates.is_on_sale = str_eq(act, S("sale"));
	x->why = problem_in(r->arena);
	enum status st = store_write(r->db, save, x);
	if (st == REFUSED && problem_any(&x->why)) {
		struct problem why = at_lines(x);
		return answer(x, 422, &why);
	}
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/programme/events/%lld?done=%s", (long long)x->made, x->dates.is_on_sale ? "on-sale" : "saved"));
}

/* ---- handlers ---- */

/* As the last ones in ?configuration=ID were, or in the hall that was played last; three lines for dates. */
static struct response first_page(struct adding *x)
{
	struct request *r = x->r;
	int64_t hall;
	if (!str_int64(request_query(r, "configuration"), &hall) || hall < 0) hall = 0;
	if (performances_like(r->db, r->arena, actor_of(r), r->language, hall, &x->dates)) return error_answer(r, 503);
	x->line_count = DATES_AT_FIRST;
	x->typed_dates = ARENA_ARRAY(r->arena, struct str, DATES_AT_FIRST);
	return answer(x, 200, NULL);
}

/* The event to add to, where the actor may. */
static bool event_to_add(struct adding *x, struct response *instead)
{
	struct request *r = x->r;
	if (!event_of_path(r, &x->event, instead)) return false;
	if (actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, x->event.organisation)) return true;
	*instead = error_answer(r, 403);
	return false;
}

struct response office_event_new_page(struct request *r)
{
	struct adding x = { .r = r };
	return first_page(&x);
}

struct response office_event_new(struct request *r)
{
	struct adding x = { .r = r, .form = form_read(r, fields, COUNT(fields)) };
	read_form(&x);
	return add(&x);
}

struct response office_performances_new_page(struct request *r)
{
	struct adding x = { .r = r };
	struct response instead;
	return event_to_add(&x, &instead) ? first_page(&x) : instead;
}

struct response office_performances_new(struct request *r)
{
	struct adding x = { .r = r, .form = form_read(r, fields, COUNT(fields)) };
	struct event_edit event;
	struct response instead;
	if (!event_to_add(&x, &instead)) return instead;
	event = x.event;
	read_form(&x);
	x.event = event;
	return add(&x);
}
