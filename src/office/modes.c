/* office/modes.c: shipment modes: the list with the days on which nobody works, and the form of one. */
#include "office/modes.h"

#include "institution/house_edit.h"
#include "office/mode.html.h"
#include "office/modes.html.h"
#include "sales/line.h"
#include "sales/price.h"
#include "web/csrf.h"

#define PATH "/institution/shipment-modes"

enum message shipment_kind_message(enum shipment_kind kind)
{
	static const enum message names[] = {
		[SHIP_BY_HAND] = MSG_SHIPMENT_KIND_BY_HAND,
		[SHIP_PRINT_AT_HOME] = MSG_SHIPMENT_KIND_PRINT_AT_HOME,
		[SHIP_ELECTRONIC] = MSG_SHIPMENT_KIND_ELECTRONIC,
		[SHIP_EMAIL] = MSG_SHIPMENT_KIND_E_MAIL,
		[SHIP_MOBILE] = MSG_SHIPMENT_KIND_MOBILE,
		[SHIP_PICK_UP] = MSG_SHIPMENT_KIND_PICK_UP,
		[SHIP_HAND_LATER] = MSG_SHIPMENT_KIND_HAND_LATER,
		[SHIP_POST] = MSG_SHIPMENT_KIND_POST,
		[SHIP_REGISTERED] = MSG_SHIPMENT_KIND_REGISTERED,
		[SHIP_COURIER] = MSG_SHIPMENT_KIND_COURIER,
		[SHIP_EXTERNAL] = MSG_SHIPMENT_KIND_EXTERNAL,
	};
	return names[kind];
}

/* What belongs to the house as a whole takes the right in its own context. */
static bool may_write(const struct request *r)
{
	return actor_may_in(actor_of(r), RIGHT_POINT_OF_SALE_WRITE, 0);
}

/* ---- the list ---- */

static struct response list_answer(struct request *r, int status, struct str day_typed, const struct problem *why)
{
	struct office_page p = office_institution_page(r, MSG_SHIPMENT_MODES, PLACE_POINTS_OF_SALE);
	struct render out = office_render(r);
	struct tpl_office_modes page = {
		.page = &p, .may_write = may_write(r), .csrf = csrf_token(r, PATH "/closed-day"), .day_typed = day_typed, .why = why
	};
	struct mode_edit *rows;
	int64_t *days, institution = actor_of(r)->institution;
	if (mode_rows(r->db, r->arena, actor_of(r), &rows, &page.count)) return error_answer(r, 503);
	if (house_currency(r->db, r->arena, institution, &page.currency)) return error_answer(r, 503);
	if (house_main_language(r->db, r->arena, institution, &page.main_language)) return error_answer(r, 503);
	if (closed_days(r->db, r->arena, institution, day_of(r->arena, store_now(r->db), out.zone), &days, &page.day_count)) return error_answer(r, 503);
	page.rows = rows;
	page.days = days;
	page.done = status == 200 ? office_done(&p) : S("");
	p.is_error = problem_any(why);
	tpl_office_modes(&out, &page);
	return office_answer(r, status, &out);
}

struct response office_modes_page(struct request *r)
{
	return list_answer(r, 200, S(""), NULL);
}

struct marking {
	struct request *r;
	int64_t day, today;
	bool is_closed;
	struct problem *why;
};

static enum status mark(struct conn *db, void *arg)
{
	struct marking *x = arg;
	x->why->first = NULL; /* it may run again */
	return closed_day_set(db, x->r->arena, actor_of(x->r), x->day, x->today, x->is_closed, x->why);
}

struct response office_closed_day(struct request *r)
{
	static const struct form_field fields[] = { { "day", .max = 10 }, { "to", .max = 10, .is_required = true } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct marking x = { .r = r, .is_closed = str_eq(form_text(&f, "to"), S("closed")), .why = &f.why };
	if (!may_write(r)) return error_answer(r, 403);
	x.today = day_of(r->arena, store_now(r->db), office_render(r).zone);
	if (!day_read(form_text(&f, "day"), &x.day)) problem_add(&f.why, "day", MSG_ADMINISTRATIVE_DAY);
	if (problem_any(&f.why)) return list_answer(r, 422, form_text(&f, "day"), &f.why);
	enum status st = store_write(r->db, mark, &x);
	if (st == REFUSED) return list_answer(r, 422, form_text(&f, "day"), &f.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 403 : 503);
	return office_redirect(r, S(PATH "?done=saved"));
}

/* ---- the form ---- */

static const struct form_field fields[] = {
	{ "code", .max = SALE_CODE_MAX },
	{ "kind", .max = 20 },
	{ "rank", .max = 6 },
	{ "name_en", .max = 4 * MODE_NAME_MAX },
	{ "name_fr", .max = 4 * MODE_NAME_MAX },
	{ "name_de", .max = 4 * MODE_NAME_MAX },
	{ "name_it", .max = 4 * MODE_NAME_MAX },
	{ "note_en", .max = 4 * MODE_NOTE_MAX },
	{ "note_fr", .max = 4 * MODE_NOTE_MAX },
	{ "note_de", .max = 4 * MODE_NOTE_MAX },
	{ "note_it", .max = 4 * MODE_NOTE_MAX },
	{ "abroad", .max = 10 },
	{ "last_days", .max = 6 },
	{ "fee", .max = 20 },
	{ "fee_per", .max = 10 },
	{ "free_from", .max = 20 },
	{ "vat_rate", .max = 20 },
	{ "printer", .max = 20 },
	{ "partner", .max = 20 },
	{ "postal_service", .max = 20 },
	{ "tickets_most", .max = 6 },
	{ "active", .max = 3 },
	{ "needs_address", .max = 3 },
	{ "after_payment", .max = 3 },
	{ "channels", .max = 20, .is_repeated = true },
	{ "version", .max = 20 },
};

static struct choice *kinds_of(const struct office_page *p, enum shipment_kind chosen)
{
	struct choice *out = ARENA_ARRAY(p->request->arena, struct choice, SHIPMENT_KINDS);
	for (int i = 0; i < SHIPMENT_KINDS; i++) {
		enum shipment_kind kind = (enum shipment_kind)i;
		out[i] = (struct choice){ 0, shipment_kind_code(kind), office_text(p, shipment_kind_message(kind)), kind == chosen };
	}
	return out;
}

static struct choice *services_of(struct arena *a, struct str chosen)
{
	struct choice *out = ARENA_ARRAY(a, struct choice, POSTAL_SERVICES);
	for (size_t i = 0; i < POSTAL_SERVICES; i++) {
		struct str code = str_of(postal_services[i]);
		out[i] = (struct choice){ 0, code, code, str_eq(code, chosen) };
	}
	return out;
}

static enum status choose_interfaces(struct request *r, struct mode_form *form)
{
	struct interface *all;
	size_t count;
	enum status st = interface_list(r->db, r->arena, actor_of(r)->institution, &all, &count);
	if (st) return st;
	form->printers = ARENA_ARRAY(r->arena, struct choice, count + 1);
	form->partners = ARENA_ARRAY(r->arena, struct choice, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct interface *x = &all[i];
		if (x->kind == INTERFACE_PRINTER)
			form->printers[form->printer_count++] = (struct choice){ x->id, x->code, x->name, x->id == form->e->printer };
		if (x->kind == INTERFACE_PARTNER)
			form->partners[form->partner_count++] = (struct choice){ x->id, x->code, x->name, x->id == form->e->partner };
	}
	return OK;
}

static enum status choose_rates_and_channels(struct request *r, struct mode_form *form)
{
	struct vat_choice *rates;
	struct sales_channel *channels;
	enum status st;
	if ((st = vat_choices(r->db, r->arena, actor_of(r)->institution, &rates, &form->vat_count))) return st;
	form->vat = ARENA_ARRAY(r->arena, struct choice, form->vat_count + 1);
	for (size_t i = 0; i < form->vat_count; i++)
		form->vat[i] = (struct choice){ rates[i].id, rates[i].code, rates[i].name, rates[i].id == form->e->vat_rate };
	if (!form->e->vat_rate && form->vat_count) form->vat[0].is_chosen = true;
	if ((st = channel_list(r->db, r->arena, actor_of(r)->institution, &channels, &form->channel_count))) return st;
	form->channels = ARENA_ARRAY(r->arena, struct choice, form->channel_count + 1);
	for (size_t i = 0; i < form->channel_count; i++) {
		bool is_chosen = false;
		for (size_t k = 0; k < form->e->channel_count; k++) is_chosen |= form->e->channels[k] == channels[i].id;
		form->channels[i] = (struct choice){ channels[i].id, channels[i].code, channels[i].name, is_chosen };
	}
	return OK;
}

/* FEE: as typed; empty: as it stands. */
static struct response form_answer(struct request *r, int status, const struct mode_edit *e, struct str fee, const struct problem *why)
{
	struct office_page p = office_institution_page(r, MSG_SHIPMENT_MODE_NEW, PLACE_POINTS_OF_SALE);
	struct mode_form form = { .e = e,
		.fee = fee.len ? fee : amount_bare(r->arena, e->fee),
		.free_from = e->free_from ? amount_bare(r->arena, e->free_from) : S(""),
		.kinds = kinds_of(&p, e->kind) };
	enum language main_language;
	form.services = services_of(r->arena, e->postal_service);
	if (choose_interfaces(r, &form) || choose_rates_and_channels(r, &form)) return error_answer(r, 503);
	if (house_main_language(r->db, r->arena, actor_of(r)->institution, &main_language)) return error_answer(r, 503);
	form.main_language = str_of(lang_name(main_language));
	if (e->id && e->name[main_language].len) p.title = e->name[main_language];
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_mode(
		&out, &(const struct tpl_office_mode){
				  .page = &p, .form = &form, .may_write = may_write(r), .csrf = csrf_token(r, e->id ? PATH "/:ID" : PATH "/new"), .why = why });
	return office_answer(r, status, &out);
}

static void read_form(struct form *f, struct mode_edit *e)
{
	static const char *const names[] = { [LANG_EN] = "name_en", [LANG_FR] = "name_fr", [LANG_DE] = "name_de", [LANG_IT] = "name_it" };
	static const char *const notes[] = { [LANG_EN] = "note_en", [LANG_FR] = "note_fr", [LANG_DE] = "note_de", [LANG_IT] = "note_it" };
	struct str value;
	size_t at = 0;
	int64_t id;
	for (int l = 0; l < LANGUAGES; l++) {
		e->name[l] = str_trim(form_text(f, names[l]));
		e->note[l] = str_trim(form_text(f, notes[l]));
	}
	e->rank = office_typed_number(f, "rank");
	e->last_days = office_typed_number(f, "last_days");
	e->tickets_most = office_typed_number(f, "tickets_most");
	e->vat_rate = office_typed_number(f, "vat_rate");
	e->printer = office_typed_number(f, "printer");
	e->partner = office_typed_number(f, "partner");
	e->postal_service = form_text(f, "postal_service");
	e->is_active = form_has(f, "active");
	e->needs_address = form_has(f, "needs_address");
	e->is_after_payment = form_has(f, "after_payment");
	e->channel_count = 0;
	while (form_next(f, "channels", &at, &value))
		if (e->channel_count < MODE_CHANNELS && str_int64(value, &id)) e->channels[e->channel_count++] = id;
	if (!abroad_read(form_text(f, "abroad"), &e->abroad)) problem_add(&f->why, "abroad", MSG_CHOICE_UNKNOWN);
	struct str free_from = form_text(f, "free_from");
	e->is_fee_by_ticket = str_eq(form_text(f, "fee_per"), S("ticket"));
	e->free_from = 0;
	if (!price_read(form_text(f, "fee"), &e->fee)) problem_add(&f->why, "fee", MSG_MODE_FEE);
	if (free_from.len && !price_read(free_from, &e->free_from)) problem_add(&f->why, "free_from", MSG_MODE_FREE_FROM);
}

struct saving {
	struct request *r;
	struct mode_edit edit;
	int64_t id;
	struct problem *why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	return mode_save(db, x->r->arena, actor_of(x->r), &x->edit, &x->id, x->why);
}

static struct response saved(struct request *r, struct form *f, struct saving *x)
{
	struct problem *after = x->why = ARENA_NEW(r->arena, struct problem);
	struct str fee = form_text(f, "fee");
	*after = problem_in(r->arena);
	if (!may_write(r)) return error_answer(r, 403);
	if (problem_any(&f->why)) return form_answer(r, 422, &x->edit, fee, &f->why);
	enum status st = store_write(r->db, save, x);
	if (st == REFUSED && problem_any(after)) return form_answer(r, problem_at(after, "") ? 409 : 422, &x->edit, fee, after);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	return office_redirect(r, S(PATH "?done=saved"));
}

struct response office_mode_new_page(struct request *r)
{
	struct mode_edit e = mode_edit_new();
	return may_write(r) ? form_answer(r, 200, &e, S(""), NULL) : error_answer(r, 403);
}

struct response office_mode_new(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .edit = { .code = form_text(&f, "code") } };
	if (!shipment_kind_read(form_text(&f, "kind"), &x.edit.kind)) problem_add(&f.why, "kind", MSG_CHOICE_UNKNOWN);
	read_form(&f, &x.edit);
	return saved(r, &f, &x);
}

static bool mode_of_path(struct request *r, struct mode_edit *e, struct response *instead)
{
	int64_t id;
	enum status st = request_segment_id(r, 0, &id) ? mode_edit_get(r->db, r->arena, actor_of(r), id, e) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_mode_page(struct request *r)
{
	struct mode_edit e;
	struct response instead;
	return mode_of_path(r, &e, &instead) ? form_answer(r, 200, &e, S(""), NULL) : instead;
}

struct response office_mode(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r };
	struct response instead;
	if (!mode_of_path(r, &x.edit, &instead)) return instead;
	if (!str_int64(form_text(&f, "version"), &x.edit.version)) problem_add(&f.why, "", MSG_SAVED_MEANWHILE);
	read_form(&f, &x.edit);
	return saved(r, &f, &x);
}
