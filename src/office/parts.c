/* office/parts.c: organisations and sales channels: their lists, and a form of each. */
#include "office/parts.h"

#include "office/channel.html.h"
#include "office/channels.html.h"
#include "office/organisation.html.h"
#include "office/organisations.html.h"
#include "web/csrf.h"

#define ORGANISATIONS "/institution/organisations"
#define CHANNELS	  "/institution/sales-channels"

struct str channel_kind_text(const struct office_page *p, struct str kind)
{
	for (size_t i = 0; i < CHANNEL_KINDS; i++)
		if (str_eq(kind, channel_kinds[i].code)) return office_text(p, channel_kinds[i].name);
	return kind;
}

/* What belongs to the house as a whole takes the right in its own context. */
static bool may_write(const struct request *r)
{
	return actor_may_in(actor_of(r), RIGHT_POINT_OF_SALE_WRITE, 0);
}

struct saving {
	struct request *r;
	struct organisation_edit organisation;
	struct channel_edit channel;
	int64_t id;
	struct problem *why;
};

/* The answer to what FN saves: 303 to PATH/ID, or the form again. */
static struct response saved(struct saving *x, struct form *f, enum status (*fn)(struct conn *, void *), const char *path,
	struct response (*again)(struct saving *x, int status, const struct problem *why))
{
	struct problem *after = x->why = ARENA_NEW(x->r->arena, struct problem);
	*after = problem_in(x->r->arena);
	if (problem_any(&f->why)) return again(x, 422, &f->why);
	enum status st = store_write(x->r->db, fn, x);
	if (st == REFUSED && problem_any(after)) return again(x, problem_at(after, "") ? 409 : 422, after);
	if (st) return error_answer(x->r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	doors_refresh(office_of(x->r)->doors, x->r->db); /* shops show their organisation's name */
	return office_redirect(x->r, str_format(x->r->arena, "%s?done=saved", path));
}

static void read_version(struct form *f, int64_t *version)
{
	if (!str_int64(form_text(f, "version"), version)) problem_add(&f->why, "", MSG_SAVED_MEANWHILE);
}

/* ---- organisations ---- */

struct response office_organisations_page(struct request *r)
{
	struct organisation_row *rows;
	size_t count;
	if (organisation_rows(r->db, r->arena, actor_of(r), &rows, &count)) return error_answer(r, 503);
	struct office_page p = office_institution_page(r, MSG_ORGANISATIONS, PLACE_POINTS_OF_SALE);
	struct render out = office_render(r);
	tpl_office_organisations(&out,
		&(const struct tpl_office_organisations){ .page = &p, .rows = rows, .count = count, .may_write = may_write(r), .done = office_done(&p) });
	return office_answer(r, 200, &out);
}

static struct response organisation_answer(struct saving *x, int status, const struct problem *why)
{
	struct request *r = x->r;
	const struct organisation_edit *e = &x->organisation;
	struct office_page p = office_institution_page(r, MSG_ORGANISATION_NEW, PLACE_POINTS_OF_SALE);
	if (e->id) p.title = e->name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_organisation(&out,
		&(const struct tpl_office_organisation){
			.page = &p, .e = e, .may_write = may_write(r), .csrf = csrf_token(r, e->id ? ORGANISATIONS "/:ID" : ORGANISATIONS "/new"), .why = why });
	return office_answer(r, status, &out);
}

static const struct form_field organisation_fields[] = { { "code", .max = SALE_CODE_MAX }, { "name", .max = HOUSE_NAME_MAX },
	{ "version", .max = 20 } };

static enum status save_organisation(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	return organisation_save(db, x->r->arena, actor_of(x->r), &x->organisation, &x->id, x->why);
}

struct response office_organisation_new_page(struct request *r)
{
	struct saving x = { .r = r };
	return may_write(r) ? organisation_answer(&x, 200, NULL) : error_answer(r, 403);
}

struct response office_organisation_new(struct request *r)
{
	struct form f = form_read(r, organisation_fields, COUNT(organisation_fields));
	struct saving x = { .r = r, .organisation = { .code = form_text(&f, "code"), .name = form_text(&f, "name") } };
	return may_write(r) ? saved(&x, &f, save_organisation, ORGANISATIONS, organisation_answer) : error_answer(r, 403);
}

static bool organisation_of_path(struct saving *x, struct response *instead)
{
	int64_t id;
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &id) ? organisation_get(r->db, r->arena, actor_of(r), id, &x->organisation) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_organisation_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	return organisation_of_path(&x, &instead) ? organisation_answer(&x, 200, NULL) : instead;
}

struct response office_organisation(struct request *r)
{
	struct form f = form_read(r, organisation_fields, COUNT(organisation_fields));
	struct saving x = { .r = r };
	struct response instead;
	if (!organisation_of_path(&x, &instead)) return instead;
	if (!may_write(r)) return error_answer(r, 403);
	x.organisation.name = form_text(&f, "name");
	read_version(&f, &x.organisation.version);
	return saved(&x, &f, save_organisation, ORGANISATIONS, organisation_answer);
}

/* ---- sales channels ---- */

struct response office_channels_page(struct request *r)
{
	struct channel_row *rows;
	size_t count;
	if (channel_rows(r->db, r->arena, actor_of(r), &rows, &count)) return error_answer(r, 503);
	struct office_page p = office_institution_page(r, MSG_SALES_CHANNELS, PLACE_POINTS_OF_SALE);
	struct render out = office_render(r);
	tpl_office_channels(
		&out, &(const struct tpl_office_channels){ .page = &p, .rows = rows, .count = count, .may_write = may_write(r), .done = office_done(&p) });
	return office_answer(r, 200, &out);
}

static struct response channel_answer(struct saving *x, int status, const struct problem *why)
{
	struct request *r = x->r;
	const struct channel_edit *e = &x->channel;
	struct office_page p = office_institution_page(r, MSG_SALES_CHANNEL_NEW, PLACE_POINTS_OF_SALE);
	struct choice kinds[CHANNEL_KINDS];
	for (size_t i = 0; i < CHANNEL_KINDS; i++)
		kinds[i] = (struct choice){ 0, channel_kinds[i].code, office_text(&p, channel_kinds[i].name), str_eq(channel_kinds[i].code, e->kind) };
	if (e->id) p.title = e->name;
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_channel(&out, &(const struct tpl_office_channel){ .page = &p,
								 .e = e,
								 .kinds = kinds,
								 .may_write = may_write(r),
								 .csrf = csrf_token(r, e->id ? CHANNELS "/:ID" : CHANNELS "/new"),
								 .why = why });
	return office_answer(r, status, &out);
}

static const struct form_field channel_fields[] = { { "code", .max = SALE_CODE_MAX }, { "kind", .max = 20 }, { "name", .max = HOUSE_NAME_MAX },
	{ "hold_minutes", .max = 6 }, { "longest_minutes", .max = 6 }, { "places_most", .max = 6 }, { "invoice_as", .max = 20 },
	{ "invoice_days", .max = 6 }, { "version", .max = 20 } };

static void read_channel(struct form *f, struct channel_edit *e)
{
	static const struct {
		struct str word;
		enum invoice_as as;
	} invoices[] = { { { STR("none") }, INVOICE_NOT }, { { STR("reservation") }, INVOICE_RESERVATION },
		{ { STR("pending-account") }, INVOICE_PENDING_ACCOUNT } };
	bool is_known = false;
	e->name = form_text(f, "name");
	e->hold_minutes = office_typed_number(f, "hold_minutes");
	e->longest_minutes = office_typed_number(f, "longest_minutes");
	e->places_most = office_typed_number(f, "places_most");
	e->invoice_days = office_typed_number(f, "invoice_days");
	for (size_t i = 0; i < COUNT(invoices); i++)
		if (str_eq(form_text(f, "invoice_as"), invoices[i].word)) e->invoice_as = invoices[i].as, is_known = true;
	if (!is_known) problem_add(&f->why, "invoice_as", MSG_CHOICE_UNKNOWN);
}

static enum status save_channel(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	return channel_save(db, x->r->arena, actor_of(x->r), &x->channel, &x->id, x->why);
}

struct response office_channel_new_page(struct request *r)
{
	struct saving x = { .r = r, .channel = channel_new() };
	return may_write(r) ? channel_answer(&x, 200, NULL) : error_answer(r, 403);
}

struct response office_channel_new(struct request *r)
{
	struct form f = form_read(r, channel_fields, COUNT(channel_fields));
	struct saving x = { .r = r, .channel = { .code = form_text(&f, "code"), .kind = form_text(&f, "kind") } };
	read_channel(&f, &x.channel);
	return may_write(r) ? saved(&x, &f, save_channel, CHANNELS, channel_answer) : error_answer(r, 403);
}

static bool channel_of_path(struct saving *x, struct response *instead)
{
	int64_t id;
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &id) ? channel_get(r->db, r->arena, actor_of(r), id, &x->channel) : NOT_FOUND;
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

struct response office_channel_page(struct request *r)
{
	struct saving x = { .r = r };
	struct response instead;
	return channel_of_path(&x, &instead) ? channel_answer(&x, 200, NULL) : instead;
}

struct response office_channel(struct request *r)
{
	struct form f = form_read(r, channel_fields, COUNT(channel_fields));
	struct saving x = { .r = r };
	struct response instead;
	if (!channel_of_path(&x, &instead)) return instead;
	if (!may_write(r)) return error_answer(r, 403);
	read_channel(&f, &x.channel);
	read_version(&f, &x.channel.version);
	return saved(&x, &f, save_channel, CHANNELS, channel_answer);
}
