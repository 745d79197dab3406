/* office/shipping_interface.c: printing companies and distributing partners, made and changed; the tracking link's form with a live example. */
#include "office/partner_edit.html.h"
#include "office/partner_example.html.h"
#include "office/printer_edit.html.h"
#include "office/shipping.h"
#include "web/csrf.h"

#define NEW_PATTERN	 "/interfaces/new"
#define EDIT_PATTERN "/interfaces/:CODE/edit"

static const struct form_field fields[] = {
	{ "kind", .max = 20 },
	{ "do", .max = 10 },
	{ "code", .max = 60 },
	{ "name", .max = 200 },
	{ "is_active", .max = 10 },
	{ "layout", .max = 60 },
	{ "barcode_type", .max = 20 },
	{ "encoding", .max = 20 },
	{ "separator", .max = 1 },
	{ "has_letters", .max = 10 },
	{ "is_line_printed", .max = 10 },
	{ "is_printed_posted", .max = 10 },
	{ "is_day_first", .max = 10 },
	{ "return_days", .max = 10 },
	{ "keep_days", .max = 10 },
	{ "partner", .max = 20 },
	{ "link_form", .max = TRACKING_LINK_MAX },
	{ "number_form", .max = 20 },
	{ "pattern", .max = TRACKING_MAX },
	{ "refuses_wrong", .max = 10 },
	{ "host", .max = 300 },
	{ "language_en", .max = 20 },
	{ "language_fr", .max = 20 },
	{ "language_de", .max = 20 },
	{ "language_it", .max = 20 },
	{ "lost_days", .max = 10 },
};

static const char *const language_fields[LANGUAGES] = { "language_en", "language_fr", "language_de", "language_it" };

/* Who may change interfaces changes the house's own: the right is taken in its context. */
static bool may_write(const struct request *r)
{
	return actor_may_in(actor_of(r), RIGHT_INTERFACE_WRITE, 0);
}

/* The place of CODE among NAMES; the first when a form says something else. */
static size_t chosen(struct str code, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(code, str_of(names[i]))) return i;
	return 0;
}

static struct choice *choices_of(struct request *r, const char *const *codes, const enum message *names, size_t count, size_t at)
{
	struct choice *out = ARENA_ARRAY(r->arena, struct choice, count);
	for (size_t i = 0; i < count; i++)
		out[i] = (struct choice){
			.code = str_of(codes[i]), .name = names ? lang_text(r->arena, r->language, names[i], NULL) : str_of(codes[i]), .is_chosen = i == at
		};
	return out;
}

/* ---- the example ---- */

/* What P's form makes of a number that nobody has, or what is wrong with it. */
static struct link_example example_of(struct request *r, const struct partner *p)
{
	struct link_example e = { .number = partner_sample(r->arena, p), .why = problem_in(r->arena) };
	if (p->link_form.len == 0) return e;
	link_form_check(p->link_form, &e.is_http, &e.why);
	if (problem_any(&e.why)) return e;
	struct tracking t = tracking_read(r->arena, e.number, p->number_form, p->pattern);
	const struct number_at at = { e.number, t.plain, S("CH"), S("2000"), S("2026-12-31"), r->language };
	e.link = partner_link(r->arena, p, &at);
	return e;
}

struct response office_partner_example(struct request *r)
{
	struct partner p = { .link_form = str_trim(request_query(r, "link_form")),
		.number_form = (enum tracking_form)chosen(request_query(r, "number_form"), tracking_form_codes, TRACKING_FORMS),
		.pattern = request_query(r, "pattern") };
	struct office_page page = office_page(r, MSG_DISTRIBUTING_PARTNER, OFFICE_TAB_SHIPPING);
	for (int l = 0; l < LANGUAGES; l++) p.languages[l] = request_query(r, language_fields[l]);
	if (p.link_form.len > TRACKING_LINK_MAX * 4 || p.pattern.len > TRACKING_MAX * 4) return error_answer(r, 400);
	struct link_example e = example_of(r, &p);
	struct render out = office_render(r);
	tpl_office_partner_example(&out, &(const struct tpl_office_partner_example){ .page = &page, .example = &e });
	return office_answer(r, 200, &out);
}

/* ---- the forms ---- */

static struct response partner_answer(struct request *r, int status, const struct partner *p, const struct problem *why)
{
	static const enum message forms[TRACKING_FORMS] = { [TRACKING_ANY] = MSG_PARTNER_FORM_ANY,
		[TRACKING_SWISS_POST] = MSG_PARTNER_FORM_SWISS_POST,
		[TRACKING_S10] = MSG_PARTNER_FORM_S10,
		[TRACKING_UPS] = MSG_PARTNER_FORM_UPS,
		[TRACKING_DPD] = MSG_PARTNER_FORM_DPD,
		[TRACKING_OWN] = MSG_PARTNER_FORM_OWN };
	struct office_page page = office_page(r, p->interface.id ? MSG_DISTRIBUTING_PARTNER : MSG_NEW_PARTNER, OFFICE_TAB_SHIPPING);
	struct link_example example = example_of(r, p);
	if (p->interface.id) page.title = p->interface.name;
	page.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_partner_edit(&out, &(const struct tpl_office_partner_edit){ .page = &page,
									  .partner = p,
									  .forms = choices_of(r, tracking_form_codes, forms, TRACKING_FORMS, p->number_form),
									  .example = &example,
									  .may_write = may_write(r),
									  .csrf = csrf_token(r, p->interface.id ? EDIT_PATTERN : NEW_PATTERN),
									  .why = why,
									  .done = office_done(&page) });
	return office_answer(r, status, &out);
}

/* The partners in use, the one chosen, and none. */
static enum status partners_of(struct request *r, int64_t at, struct choice **out, size_t *count)
{
	struct interface *all;
	size_t n;
	enum status st = interface_list(r->db, r->arena, actor_of(r)->institution, &all, &n);
	*out = ARENA_ARRAY(r->arena, struct choice, n + 1);
	*count = 0;
	if (st) return st;
	(*out)[(*count)++] = (struct choice){ .id = 0, .name = lang_text(r->arena, r->language, MSG_PRINTER_PARTNER_NONE, NULL), .is_chosen = !at };
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == INTERFACE_PARTNER && (all[i].is_active || all[i].id == at))
			(*out)[(*count)++] = (struct choice){ .id = all[i].id, .name = all[i].name, .is_chosen = all[i].id == at };
	return OK;
}

static struct response printer_answer(struct request *r, int status, const struct printer *p, const struct problem *why)
{
	static const char *const separators[] = { ";", ",", "|" };
	struct office_page page = office_page(r, p->interface.id ? MSG_PRINTING_COMPANY : MSG_NEW_PRINTER, OFFICE_TAB_SHIPPING);
	struct tpl_office_printer_edit form = { .page = &page,
		.printer = p,
		.barcodes = choices_of(r, barcode_types, NULL, BARCODE_TYPES, chosen(p->barcode_type, barcode_types, BARCODE_TYPES)),
		.encodings = choices_of(r, print_encoding_codes, NULL, ENCODINGS, p->encoding),
		.separators = choices_of(r, separators, NULL, COUNT(separators), chosen((struct str){ &p->separator, 1 }, separators, COUNT(separators))),
		.separator_count = COUNT(separators),
		.may_write = may_write(r),
		.csrf = csrf_token(r, p->interface.id ? EDIT_PATTERN : NEW_PATTERN),
		.why = why,
		.done = office_done(&page) };
	if (p->interface.id) page.title = p->interface.name;
	page.is_error = problem_any(why);
	if (partners_of(r, p->partner, &form.partners, &form.partner_count)) return error_answer(r, 503);
	struct render out = office_render(r);
	tpl_office_printer_edit(&out, &form);
	return office_answer(r, status, &out);
}

/* ---- reading ---- */

static void read_base(const struct form *f, struct interface *i)
{
	if (!i->id) i->code = form_text(f, "code");
	i->name = form_text(f, "name");
	i->is_active = form_has(f, "is_active");
}

static void read_partner(struct form *f, struct partner *p)
{
	read_base(f, &p->interface);
	p->link_form = form_text(f, "link_form");
	p->number_form = (enum tracking_form)chosen(form_text(f, "number_form"), tracking_form_codes, TRACKING_FORMS);
	p->pattern = form_text(f, "pattern");
	p->refuses_wrong = form_has(f, "refuses_wrong");
	p->host = form_text(f, "host");
	for (int l = 0; l < LANGUAGES; l++) p->languages[l] = form_text(f, language_fields[l]);
	p->lost_days = office_typed_number(f, "lost_days");
}

static void read_printer(struct form *f, struct printer *p)
{
	struct str separator = form_text(f, "separator");
	read_base(f, &p->interface);
	p->layout = form_text(f, "layout");
	p->barcode_type = str_of(barcode_types[chosen(form_text(f, "barcode_type"), barcode_types, BARCODE_TYPES)]);
	p->encoding = (enum print_encoding)chosen(form_text(f, "encoding"), print_encoding_codes, ENCODINGS);
	p->separator = separator.len == 1 && str_has(S(PRINT_SEPARATORS), separator.at[0]) ? separator.at[0] : PRINT_SEPARATORS[0];
	p->has_letters = form_has(f, "has_letters");
	p->is_line_printed = form_has(f, "is_line_printed");
	p->is_printed_posted = form_has(f, "is_printed_posted");
	p->is_day_first = form_has(f, "is_day_first");
	p->return_days = office_typed_number(f, "return_days");
	p->keep_days = office_typed_number(f, "keep_days");
	str_int64(form_text(f, "partner"), &p->partner);
}

/* ---- saving ---- */

struct saving {
	struct request *r;
	struct printer *printer; /* one of both */
	struct partner *partner;
	int64_t id; /* before: a write may run again */
	struct problem why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why = problem_in(x->r->arena);
	struct interface *i = x->printer ? &x->printer->interface : &x->partner->interface;
	i->id = x->id;
	return x->printer ? printer_save(db, x->r->arena, actor_of(x->r), x->printer, &x->why)
					  : partner_save(db, x->r->arena, actor_of(x->r), x->partner, &x->why);
}

/* What the form says is saved, or only checked; the form again where something is wrong. */
static struct response sent(struct request *r, struct form *f, struct saving *x)
{
	struct interface *i = x->printer ? &x->printer->interface : &x->partner->interface;
	bool is_check = str_eq(form_text(f, "do"), S("check"));
	x->r = r;
	x->id = i->id;
	if (x->printer) read_printer(f, x->printer);
	else read_partner(f, x->partner);
	enum status st = problem_any(&f->why) || is_check ? REFUSED : store_write(r->db, save, x);
	if (st == OK) return office_redirect(r, str_format(r->arena, "/interfaces/%.*s/edit?done=saved", STR_ARG(i->code)));
	i->id = x->id;
	if (st != REFUSED) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	const struct problem *why = problem_any(&f->why) ? &f->why : is_check ? NULL : &x->why;
	int status = why ? 422 : 200;
	return x->printer ? printer_answer(r, status, x->printer, why) : partner_answer(r, status, x->partner, why);
}

static struct printer new_printer(void)
{
	return (struct printer){ .interface.is_active = true,
		.barcode_type = str_of(barcode_types[0]),
		.separator = PRINT_SEPARATORS[0],
		.has_letters = true,
		.is_line_printed = true,
		.return_days = 7,
		.keep_days = 30 };
}

static struct partner new_partner(void)
{
	struct partner p = { .interface.is_active = true, .lost_days = 7 };
	for (int l = 0; l < LANGUAGES; l++) p.languages[l] = str_of(lang_tag((enum language)l));
	return p;
}

static bool is_partner(struct str kind)
{
	return str_eq(kind, S("partner"));
}

struct response office_interface_new_page(struct request *r)
{
	struct printer printer = new_printer();
	struct partner partner = new_partner();
	return is_partner(request_query(r, "kind")) ? partner_answer(r, 200, &partner, NULL) : printer_answer(r, 200, &printer, NULL);
}

struct response office_interface_new(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct printer printer = new_printer();
	struct partner partner = new_partner();
	bool is_new_partner = is_partner(form_text(&f, "kind"));
	return sent(r, &f, &(struct saving){ .printer = is_new_partner ? NULL : &printer, .partner = is_new_partner ? &partner : NULL });
}

/* The printer or partner that the path names, the other NULL; false with the answer INSTEAD. */
static bool interface_of_path(struct request *r, struct printer *printer, struct partner *partner, struct saving *out, struct response *instead)
{
	int64_t institution = actor_of(r)->institution;
	struct interface i;
	enum status st = interface_by_code(r->db, r->arena, institution, request_segment(r, 0), &i);
	*out = (struct saving){ 0 };
	if (st == OK && i.kind == INTERFACE_PRINTER) st = printer_get(r->db, r->arena, institution, i.id, out->printer = printer);
	else if (st == OK && i.kind == INTERFACE_PARTNER) st = partner_get(r->db, r->arena, institution, i.id, out->partner = partner);
	else if (st == OK) st = NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_interface_edit_page(struct request *r)
{
	struct printer printer;
	struct partner partner;
	struct saving x;
	struct response instead;
	if (!interface_of_path(r, &printer, &partner, &x, &instead)) return instead;
	return x.printer ? printer_answer(r, 200, &printer, NULL) : partner_answer(r, 200, &partner, NULL);
}

struct response office_interface_edit(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct printer printer;
	struct partner partner;
	struct saving x;
	struct response instead;
	if (!interface_of_path(r, &printer, &partner, &x, &instead)) return instead;
	return sent(r, &f, &x);
}
