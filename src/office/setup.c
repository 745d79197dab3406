/* office/setup.c: the first run in a browser: the house and its first administrator, for who has the code that `serve` printed. */
#include "base/country.h"
#include "documents/template.h"
#include "guard/password.h"
#include "institution/first_run.h"
#include "institution/institution.h"
#include "office/house.h"
#include "office/setup.html.h"
#include "shipping/interface.h"
#include "web/csrf.h"

#define CODE_BYTES 40 /* the code with blanks and hyphens as somebody types it */

static const struct form_field fields[] = {
	{ "code", .max = CODE_BYTES, .is_required = true },
	{ "institution", .max = HOUSE_NAME_MAX },
	{ "zone", .max = 60 },
	{ "currency", .max = 3 },
	{ "country", .max = 2 },
	{ "office_url", .max = 300 },
	{ "language", .max = 2 },
	{ "name", .max = HOUSE_NAME_MAX, .is_required = true },
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "password", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true, .is_required = true },
	{ "password_again", .max_bytes = OFFICE_PASSWORD_BYTES, .is_secret = true, .is_required = true },
};

static void set_countries(struct request *r, struct setup_form *form, struct str chosen)
{
	struct country *all = country_list(r->arena, r->language, &form->country_count);
	form->countries = ARENA_ARRAY(r->arena, struct choice, form->country_count);
	for (size_t i = 0; i < form->country_count; i++) form->countries[i] = (struct choice){ 0, all[i].code, all[i].name, str_eq(all[i].code, chosen) };
}

/* A QR-bill is in francs or euros (R22). */
static bool is_house_currency(struct str s)
{
	return str_eq(s, S("CHF")) || str_eq(s, S("EUR"));
}

static struct response setup_answer(struct request *r, int status, struct setup_form *form, enum language chosen, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_SETUP_TITLE, OFFICE_TAB_NONE);
	int64_t ignored;
	enum status st = institution_first(r->db, &ignored);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	form->has_house = st == OK;
	p.is_error = problem_any(why);
	for (int l = 0; l < LANGUAGES; l++)
		form->languages[l] =
			(struct choice){ l, str_of(lang_tag((enum language)l)), str_of(lang_name((enum language)l)), (enum language)l == chosen };
	struct render out = office_render(r);
	tpl_office_setup(&out, &(const struct tpl_office_setup){ .page = &p, .csrf = csrf_token(r, "/setup"), .form = form, .why = why });
	return office_answer(r, status, &out);
}

struct response office_setup_page(struct request *r)
{
	struct setup_form form = { .zone = S("Europe/Zurich"), .currency = S("CHF") };
	set_countries(r, &form, S("CH"));
	bool is_open;
	if (setup_is_open(r->db, &is_open)) return error_answer(r, 503);
	return is_open ? setup_answer(r, 200, &form, r->language, NULL) : office_redirect(r, S("/signin"));
}

struct setting_up {
	struct request *r;
	struct new_institution house;
	struct new_operator person;
	struct problem *why;
	struct str token;
	bool is_late;
};

/* House, document types, administrator and session, or nothing. */
static enum status set_up(struct conn *db, void *arg)
{
	static const struct operator_context everywhere = { .profile = PROFILE_ADMINISTRATOR };
	struct setting_up *x = arg;
	struct arena *a = x->r->arena;
	struct operator_asker from = office_asker(x->r);
	int64_t institution, id;
	bool is_open;
	enum status st;
	x->why->first = NULL; /* it may run again */
	if ((st = setup_is_open_locked(db, &is_open))) return st;
	x->is_late = !is_open;
	if (x->is_late) return REFUSED;
	st = institution_first(db, &institution);
	if (st == NOT_FOUND && !(st = institution_found(db, &x->house, &institution, x->why))) {
		st = document_types_install(db, institution);
		if (!st) st = interface_payments_install(db, institution);
	}
	if (st) return st;
	struct actor who = actor_command(institution, S("parterre set-up"));
	x->person.contexts = &everywhere, x->person.context_count = 1;
	if ((st = operator_make(db, a, &who, &x->person, &id, x->why))) return st;
	return operator_session_begin(db, a, id, &from, true, &x->token);
}

/* The findings of form and code and password together, and the hash once all is well. */
static enum status check(struct request *r, struct form *f, struct setting_up *x)
{
	struct str code, password = form_text(f, "password");
	int64_t ignored;
	bool is_made = institution_first(r->db, &ignored) == OK; /* then only the administrator is asked for */
	enum status st = setup_code(r->db, r->arena, office_of(r)->setup_key, &code);
	if (st) return st;
	if (form_text(f, "code").len && !setup_code_is(r->arena, form_text(f, "code"), code)) problem_add(&f->why, "code", MSG_SETUP_CODE_WRONG);
	if (problem_at(&f->why, "code")) return REFUSED; /* who has no code learns nothing more */
	const struct str words[] = { x->house.name, x->person.name, form_text(f, "email"), { 0 } };
	if (form_text(f, "email").len) email_read(r->arena, form_text(f, "email"), "email", &x->person.email, &f->why);
	if (password.len) password_check(r->arena, password, words, "password", &f->why);
	if (!problem_at(&f->why, "password") && !str_eq(password, form_text(f, "password_again")))
		problem_add(&f->why, "password_again", MSG_PASSWORDS_DIFFER);
	if (!is_made && !is_house_currency(x->house.currency)) problem_add(&f->why, "currency", MSG_CHOICE_UNKNOWN);
	if (!is_made && !country_known(x->house.country)) problem_add(&f->why, "country", MSG_CHOICE_UNKNOWN);
	office_url_read(r->arena, form_text(f, "office_url"), office_of(r)->http, "office_url", &x->house.office_url, &f->why);
	if (problem_any(&f->why)) return REFUSED;
	return hasher_hash(office_of(r)->hasher, r->arena, password, &x->person.password_hash);
}

struct response office_setup(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct setup_form form = { .code = form_shown(&f, "code"),
		.institution = form_shown(&f, "institution"),
		.zone = form_shown(&f, "zone"),
		.currency = form_shown(&f, "currency"),
		.office_url = form_shown(&f, "office_url"),
		.name = form_shown(&f, "name"),
		.email = form_shown(&f, "email") };
	set_countries(r, &form, form_text(&f, "country"));
	struct problem after = problem_in(r->arena);
	struct setting_up x = { .r = r, .why = &after };
	enum language l = r->language;
	lang_from_tag(form_text(&f, "language"), &l);
	x.person.name = form_text(&f, "name"), x.person.language = l;
	x.house = (struct new_institution){ .name = form_text(&f, "institution"),
		.zone = form_text(&f, "zone"),
		.currency = form_text(&f, "currency"),
		.country = form_text(&f, "country"),
		.main_language = l,
		.languages = 1u << l,
		.accent = S("#005f6b"),
		.email = form_text(&f, "email") };
	enum status st = check(r, &f, &x);
	if (st == REFUSED) return setup_answer(r, 422, &form, l, &f.why);
	if (st) return error_answer(r, 503);
	st = store_write(r->db, set_up, &x);
	if (st == REFUSED && x.is_late) return office_redirect(r, S("/signin"));
	if (st == REFUSED && problem_any(&after)) return setup_answer(r, 422, &form, l, &after);
	if (st) return error_answer(r, 503);
	doors_refresh(office_of(r)->doors, r->db); /* the office's own address */
	office_sign_in_browser(r, x.token);
	return office_redirect(r, S("/?done=set-up"));
}
