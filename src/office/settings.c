/* office/settings.c: what holds for the whole house: what it says of itself, and where its office is. */
#include "base/country.h"
#include "institution/house_edit.h"
#include "institution/mail_server.h"
#include "office/house.h"
#include "office/settings.html.h"
#include "web/csrf.h"

struct response settings_answer(
	struct request *r, int status, struct mail_form *form, const struct house_edit *sent, struct str done, const struct problem *why)
{
	struct office_page p = office_institution_page(r, MSG_OFFICE_PLACE_SETTINGS, PLACE_SETTINGS);
	struct mail_server stored = { 0 };
	struct house_edit house;
	struct str currency;
	size_t count;
	if (house_edit_get(r->db, r->arena, actor_of(r)->institution, &house)) return error_answer(r, 503);
	if (house_currency(r->db, r->arena, actor_of(r)->institution, &currency)) return error_answer(r, 503);
	if (sent) house = *sent;
	struct country *all = country_list(r->arena, r->language, &count);
	struct choice *countries = ARENA_ARRAY(r->arena, struct choice, count);
	for (size_t i = 0; i < count; i++) countries[i] = (struct choice){ 0, all[i].code, all[i].name, str_eq(all[i].code, house.country) };
	enum status st = mail_server_get(r->db, r->arena, actor_of(r)->institution, office_of(r)->mail_key, &stored);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	form->place = stored.place;
	form->by_option = office_of(r)->has_mail;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_settings(&out, &(const struct tpl_office_settings){ .page = &p,
								  .house = &house,
								  .currency = currency,
								  .office_option = office_of(r)->url,
								  .countries = countries,
								  .country_count = count,
								  .csrf_house = csrf_token(r, "/institution/settings/house"),
								  .mail = form,
								  .may_write = actor_may(actor_of(r), RIGHT_SETTING_WRITE),
								  .csrf_mail = csrf_token(r, "/institution/settings/mail"),
								  .done = done,
								  .why = why });
	return office_answer(r, status, &out);
}

struct response office_settings_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_OFFICE_PLACE_SETTINGS, OFFICE_TAB_NONE);
	struct mail_form form = { .security = S("starttls") };
	return settings_answer(r, 200, &form, NULL, office_done(&p), NULL);
}

/* ---- the house ---- */

static const struct form_field house_fields[] = {
	{ "name", .max = HOUSE_NAME_MAX },
	{ "street", .max = HOUSE_DETAIL_MAX },
	{ "house_number", .max = HOUSE_DETAIL_MAX },
	{ "postcode", .max = HOUSE_DETAIL_MAX },
	{ "town", .max = HOUSE_DETAIL_MAX },
	{ "country", .max = 2 },
	{ "phone", .max = 30 },
	{ "house_email", .max = EMAIL_MAX },
	{ "office_url", .max = 300 },
	{ "zone", .max = 60 },
	{ "link_hours", .max = 6 },
	{ "idle_minutes", .max = 6 },
	{ "version", .max = 20 },
};

struct saving {
	struct request *r;
	struct house_edit house;
	struct problem *why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	return house_edit_save(db, x->r->arena, actor_of(x->r), &x->house, x->why);
}

/* "+41 21 555 01 00" as E.164: without what people put between digits. */
static struct str plain_phone(struct arena *a, struct str s)
{
	struct buf b = buf_in(a);
	for (size_t i = 0; i < s.len; i++)
		if (!str_has(S(" -/.()"), s.at[i])) buf_add_char(&b, s.at[i]);
	return buf_str(&b);
}

/* The office has left this host: no page here answers any more, and a browser follows no form to another host (form-action 'self'). */
static struct response moved_answer(struct request *r, struct mail_form *mail, struct str base)
{
	struct str said = lang_text(r->arena, r->language, MSG_OFFICE_URL_MOVED, (const struct arg[]){ arg_text("url", base), { .kind = ARG_END } });
	return settings_answer(r, 200, mail, NULL, said, NULL);
}

struct response office_house(struct request *r)
{
	struct form f = form_read(r, house_fields, COUNT(house_fields));
	struct mail_form mail = { .security = S("starttls") };
	struct problem after = problem_in(r->arena);
	struct saving x = { .r = r, .why = &after };
	struct house_edit now;
	if (house_edit_get(r->db, r->arena, actor_of(r)->institution, &now)) return error_answer(r, 503);
	x.house = (struct house_edit){ .name = form_text(&f, "name"),
		.street = form_text(&f, "street"),
		.house_number = form_text(&f, "house_number"),
		.postcode = form_text(&f, "postcode"),
		.town = form_text(&f, "town"),
		.country = form_text(&f, "country"),
		.phone = plain_phone(r->arena, form_text(&f, "phone")),
		.email = form_text(&f, "house_email"),
		.zone = form_text(&f, "zone"),
		.link_hours = office_typed_number(&f, "link_hours"),
		.idle_minutes = office_typed_number(&f, "idle_minutes"),
		.office_url = office_of(r)->url.len ? now.office_url : form_text(&f, "office_url"), /* with --office-url the form has no field for it */
		.allowed = office_of(r)->http };
	if (!str_int64(form_text(&f, "version"), &x.house.version)) problem_add(&f.why, "", MSG_SAVED_MEANWHILE);
	if (problem_any(&f.why)) return settings_answer(r, 422, &mail, &x.house, S(""), &f.why);
	enum status st = store_write(r->db, save, &x);
	if (st == REFUSED && problem_any(&after)) return settings_answer(r, problem_at(&after, "") ? 409 : 422, &mail, &x.house, S(""), &after);
	if (st) return error_answer(r, 503);
	doors_refresh(office_of(r)->doors, r->db);
	struct str base = office_base_url(r->arena, office_of(r), office_door(r));
	bool is_here = !office_door(r) || str_eq(public_url_origin(base), r->origin);
	return is_here ? office_redirect(r, S("/institution/settings?done=saved")) : moved_answer(r, &mail, base);
}
