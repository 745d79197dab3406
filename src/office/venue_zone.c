/* office/venue_zone.c: a zone: its names, its places, its seats as a table. */
#include "office/venues.h"
#include "office/zone.html.h"
#include "web/csrf.h"

struct saving {
	struct request *r;
	struct zone_edit zone;
	int64_t id;
	struct problem why;
	struct upload file;
	struct seats_report report;
};

static const enum message faults[] = {
	[SEATS_NOT_TEXT] = MSG_SEATS_NOT_TEXT,
	[SEATS_BROKEN] = MSG_SEATS_BROKEN,
	[SEATS_COLUMN_MISSING] = MSG_SEATS_COLUMN_MISSING,
	[SEATS_CELL_MISSING] = MSG_SEATS_CELL_MISSING,
	[SEATS_CELL_TOO_LONG] = MSG_SEATS_CELL_LONG,
	[SEATS_NOT_A_NUMBER] = MSG_SEATS_NOT_A_NUMBER,
	[SEATS_CATEGORY_UNKNOWN] = MSG_SEATS_CATEGORY_UNKNOWN,
	[SEATS_TWICE] = MSG_SEATS_TWICE,
	[SEATS_TOO_MANY] = MSG_SEATS_TOO_MANY,
	[SEATS_NONE] = MSG_SEATS_NONE,
	[SEATS_IN_USE] = MSG_SEATS_IN_USE,
};

static struct response answer(struct saving *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct seats_fault_shown *shown_faults = ARENA_ARRAY(r->arena, struct seats_fault_shown, x->report.count + 1);
	struct zone_shown shown = { .zone = &x->zone, .faults = shown_faults, .fault_count = x->report.count, .may_write = may_write_house(r) };
	struct category_shown *categories;
	struct house_of house;
	for (size_t i = 0; i < x->report.count; i++) {
		const struct seats_finding *f = &x->report.findings[i];
		shown_faults[i] = (struct seats_fault_shown){ f->line, str_of(f->column), faults[f->fault] };
	}
	if (house_of(r->db, r->arena, actor_of(r)->institution, &house)) return error_answer(r, 503);
	if (categories_shown(r, &categories, &shown.category_count)) return error_answer(r, 503);
	shown.categories = categories;
	shown.main_language = house.main_language;
	struct office_page p = office_page(r, MSG_ZONE, OFFICE_TAB_PROGRAMME);
	p.title = words_in(&x->zone.name, r->language, house.main_language);
	p.is_error = problem_any(why) || x->report.count;
	struct render out = office_render(r);
	tpl_office_zone(&out, &(const struct tpl_office_zone){ .page = &p,
							  .x = &shown,
							  .csrf = csrf_token(r, "/programme/zones/:ID"),
							  .csrf_seats = csrf_token(r, "/programme/zones/:ID/seats"),
							  .done = done,
							  .why = why });
	return office_answer(r, status, &out);
}

static bool zone_of_path(struct saving *x, struct response *instead)
{
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &x->id) ? zone_get(r->db, r->arena, actor_of(r), x->id, &x->zone) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_zone_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	if (!zone_of_path(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_ZONE, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why.first = NULL; /* it may run again */
	return zone_save(db, x->r->arena, actor_of(x->r), &x->zone, &x->id, &x->why);
}

static struct response written(struct saving *x, enum status st)
{
	struct request *r = x->r;
	if (st == REFUSED && (problem_any(&x->why) || x->report.count)) return answer(x, 422, S(""), &x->why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, str_format(r->arena, "/programme/zones/%lld?done=saved", (long long)x->id));
}

struct response office_zone_save(struct request *r)
{
	static const struct form_field fields[] = { ZONE_FIELDS };
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!zone_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	bool is_numbered = x.zone.is_numbered;
	int64_t category = x.zone.seat_category;
	zone_form_read(&f, &x.zone);
	x.zone.is_numbered = is_numbered;
	if (x.zone.is_in_use) x.zone.seat_category = category;
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	return written(&x, store_write(r->db, save, &x));
}

/* ---- seats ---- */

static enum status import(struct conn *db, void *arg)
{
	struct saving *x = arg;
	const struct actor *who = actor_of(x->r);
	enum status st = seats_import(db, x->r->arena, who->institution, x->id, x->file.bytes, &x->report);
	if (st) return st;
	const struct audit_value after[] = { { "seats", str_format(x->r->arena, "%zu", x->report.seats) }, { NULL, { 0 } } };
	return audit_note(db, x->r->arena, who, &(const struct audit_record){ "seats-imported", "zone", x->id, NULL, after });
}

struct response office_seats_import(struct request *r)
{
	struct saving x = { .r = r, .why = problem_in(r->arena) };
	struct response instead;
	if (!zone_of_path(&x, &instead)) return instead;
	if (!may_write_house(r)) return error_answer(r, 403);
	if (!x.zone.is_numbered) return error_answer(r, 404);
	if (!form_file(r, "file", &x.file)) {
		problem_add(&x.why, "file", MSG_SEATS_NO_FILE);
		return answer(&x, 422, S(""), &x.why);
	}
	return written(&x, store_write(r->db, import, &x));
}

struct response office_seats_export(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	struct str csv;
	if (!zone_of_path(&x, &instead)) return instead;
	enum status st = seats_export(r->db, r->arena, actor_of(r)->institution, x.id, &csv);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct response out = response_bytes(r, 200, "text/csv; charset=utf-8", csv);
	response_download(r, &out, S("seats.csv"));
	return out;
}
