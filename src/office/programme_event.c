/* office/programme_event.c: an event: its texts, its season, and its performances. */
#include "office/event.html.h"
#include "office/programme.h"
#include "web/csrf.h"

static const char *const titles[LANGUAGES] = { "title-en", "title-fr", "title-de", "title-it" };
static const char *const whats[LANGUAGES] = { "what-en", "what-fr", "what-de", "what-it" };
static const char *const descriptions[LANGUAGES] = { "description-en", "description-fr", "description-de", "description-it" };
_Static_assert(LANG_EN == 0 && LANG_FR == 1 && LANG_DE == 2 && LANG_IT == 3, "the fields' names stand in the order of the languages");

bool event_of_path(struct request *r, struct event_edit *out, struct response *instead)
{
	int64_t id;
	enum status st = request_segment_id(r, 0, &id) ? event_get(r->db, r->arena, actor_of(r), id, out) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

static enum status organisations_show(struct request *r, const struct event_edit *e, struct event_form *out)
{
	struct organisation *parts;
	size_t count;
	enum status st = organisation_list(r->db, r->arena, actor_of(r)->institution, &parts, &count);
	if (st) return st;
	out->organisations = ARENA_ARRAY(r->arena, struct choice, count + 1);
	for (size_t i = 0; i < count; i++)
		if (actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, parts[i].id))
			out->organisations[out->organisation_count++] =
				(struct choice){ parts[i].id, parts[i].code, parts[i].name, parts[i].id == e->organisation };
	return OK;
}

enum status event_form_fill(struct request *r, const struct event_edit *e, struct event_form *out)
{
	struct season_row *seasons;
	struct house_of house;
	enum status st;
	*out = (struct event_form){
		.id = e->id, .version = e->version, .season = e->season, .organisation = e->organisation, .season_name = e->season_name
	};
	if ((st = house_of(r->db, r->arena, actor_of(r)->institution, &house))) return st;
	for (int l = 0; l < LANGUAGES; l++)
		out->texts[l] = (struct text_form){ lang_tag((enum language)l), lang_name((enum language)l), titles[l], whats[l], descriptions[l], e->in[l],
			(enum language)l == house.main_language };
	if ((st = season_rows(r->db, r->arena, actor_of(r), &seasons, &out->season_count))) return st;
	size_t mine = 0;
	for (size_t i = 0; i < out->season_count; i++)
		if (seasons[i].may_write) seasons[mine++] = seasons[i];
	out->seasons = seasons;
	out->season_count = mine;
	if (!e->id && !e->season && !e->season_name.len && mine) out->season = seasons[0].id; /* the newest */
	return organisations_show(r, e, out);
}

void event_form_read(struct form *f, struct event_edit *e)
{
	for (int l = 0; l < LANGUAGES; l++)
		e->in[l] = (struct event_text){ form_text(f, titles[l]), form_text(f, whats[l]), form_text(f, descriptions[l]) };
	e->season_name = form_text(f, "season_name");
	e->season = e->season_name.len ? -1 : office_typed_number(f, "season"); /* a name that is typed means a new one */
	if (e->season < 0) e->season = 0;
	e->organisation = office_typed_number(f, "organisation");
}

struct saving {
	struct request *r;
	struct event_edit event;
	struct picture picture; /* to be set, or taken away */
	struct problem why;
};

static struct response answer(struct saving *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct event_form form;
	struct event_shown shown = { .may_write = actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, x->event.organisation) };
	struct performance_row *rows;
	struct house_of house;
	if (house_of(r->db, r->arena, actor_of(r)->institution, &house) || event_form_fill(r, &x->event, &form)) return error_answer(r, 503);
	if (performance_rows(r->db, r->arena, actor_of(r), r->language, x->event.id, &rows, &shown.count)) return error_answer(r, 503);
	if (picture_rows(r->db, r->arena, x->event.id, shown.pictures, &shown.picture_count)) return error_answer(r, 503);
	shown.rows = rows;
	shown.alt = x->picture.alt;
	shown.picture_language = x->picture.alt.len ? x->picture.language : house.main_language;
	shown.csrf_picture = csrf_token(r, "/programme/events/:ID/picture");
	shown.csrf_remove = csrf_token(r, "/programme/events/:ID/picture/remove");
	struct office_page p = office_page(r, MSG_EVENT, OFFICE_TAB_PROGRAMME);
	const struct event_text *t = &x->event.in[r->language];
	p.title = t->title.len ? t->title : x->event.in[house.main_language].title;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_event(&out, &(const struct tpl_office_event){
							   .page = &p, .form = &form, .x = &shown, .csrf = csrf_token(r, "/programme/events/:ID"), .done = done, .why = why });
	return office_answer(r, status, &out);
}

struct response office_event_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	if (!event_of_path(r, &x.event, &instead)) return instead;
	struct office_page p = office_page(r, MSG_EVENT, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

static const struct form_field fields[] = { EVENT_TEXT_FIELDS, { "version", .max = 20 } };

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	int64_t id;
	x->why.first = NULL; /* it may run again */
	return event_save(db, x->r->arena, actor_of(x->r), &x->event, &id, &x->why);
}

struct response office_event_save(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!event_of_path(r, &x.event, &instead)) return instead;
	if (!actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, x.event.organisation)) return error_answer(r, 403);
	event_form_read(&f, &x.event);
	if (!str_int64(form_text(&f, "version"), &x.event.version)) problem_add(&f.why, "", MSG_SAVED_MEANWHILE);
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	enum status st = store_write(r->db, save, &x);
	if (st == REFUSED && problem_any(&x.why)) return answer(&x, problem_at(&x.why, "") ? 409 : 422, S(""), &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/programme/events/%lld?done=saved", (long long)x.event.id));
}

/* ---- pictures ---- */

static enum status set_picture(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return picture_set(db, x->r->arena, actor_of(x->r), x->event.id, &x->picture, &x->why);
}

static struct response picture_saved(struct saving *x)
{
	struct request *r = x->r;
	enum status st = store_write(r->db, set_picture, x);
	if (st == REFUSED && problem_any(&x->why)) return answer(x, 422, S(""), &x->why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/programme/events/%lld?done=saved", (long long)x->event.id));
}

/* The event of the path, where the actor may write; and the language that the form names. */
static bool picture_begin(struct saving *x, struct form *f, struct response *instead)
{
	struct request *r = x->r;
	x->why = problem_in(r->arena);
	if (!event_of_path(r, &x->event, instead)) return false;
	if (!actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, x->event.organisation)) return *instead = error_answer(r, 403), false;
	if (lang_from_tag(form_text(f, "language"), &x->picture.language)) return true;
	*instead = error_answer(r, 400);
	return false;
}

static const struct form_field picture_fields[] = { { "language", .max = 2 }, { "alt", .max = PICTURE_ALT_MAX } };

struct response office_picture(struct request *r)
{
	struct form f = form_read(r, picture_fields, COUNT(picture_fields));
	struct saving x = { .r = r };
	struct response instead;
	struct upload file;
	if (!picture_begin(&x, &f, &instead)) return instead;
	enum language language = x.picture.language;
	x.picture.alt = form_text(&f, "alt");
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	if (!form_file(r, "picture", &file)) return problem_add(&x.why, "picture", MSG_SEATS_NO_FILE), answer(&x, 422, S(""), &x.why);
	struct str alt = x.picture.alt;
	enum status st = picture_of_file(r->arena, file.bytes, &x.picture, &x.why);
	x.picture.alt = alt;
	x.picture.language = language;
	if (st) return st == REFUSED ? answer(&x, 422, S(""), &x.why) : error_answer(r, 503);
	return picture_saved(&x);
}

struct response office_picture_remove(struct request *r)
{
	struct form f = form_read(r, picture_fields, COUNT(picture_fields));
	struct saving x = { .r = r };
	struct response instead;
	return picture_begin(&x, &f, &instead) ? picture_saved(&x) : instead;
}

/* As the office shows it: the shop may stand at another host. */
struct response office_picture_file(struct request *r)
{
	struct str jpeg;
	enum status st = picture_bytes(r->db, r->arena, actor_of(r)->institution, request_segment(r, 0), &jpeg);
	return st ? error_answer(r, st == NOT_FOUND ? 404 : 503) : response_bytes(r, 200, "image/jpeg", jpeg);
}
