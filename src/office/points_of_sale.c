/* office/points_of_sale.c: the list of points of sale, the form of one, its state and its logo. */
#include "office/house.h"
#include "office/point_of_sale.html.h"
#include "office/points_of_sale.html.h"
#include "web/csrf.h"

#define PATH "/organisation/points-of-sale"

enum message sale_state_message(enum sale_state state)
{
	static const enum message words[] = {
		[SALE_DRAFT] = MSG_SALE_DRAFT, [SALE_ACTIVE] = MSG_ACTIVE, [SALE_SUSPENDED] = MSG_SALE_SUSPENDED, [SALE_CLOSED] = MSG_SALE_CLOSED
	};
	return words[state];
}

struct response office_sales_page(struct request *r)
{
	struct sale_row *rows;
	size_t count;
	const struct actor *who = actor_of(r);
	if (sale_list(r->db, r->arena, who, &rows, &count)) return error_answer(r, 503);
	bool has_open_shop = false;
	for (size_t i = 0; i < count; i++) has_open_shop |= rows[i].is_internet && rows[i].state == SALE_ACTIVE;
	struct office_page p = office_institution_page(r, MSG_OFFICE_PLACE_POINTS_OF_SALE, PLACE_POINTS_OF_SALE);
	struct render out = office_render(r);
	tpl_office_points_of_sale(&out, &(const struct tpl_office_points_of_sale){ .page = &p,
										.rows = rows,
										.count = count,
										.has_open_shop = has_open_shop,
										.may_write = actor_may(who, RIGHT_POINT_OF_SALE_WRITE),
										.csrf = csrf_token(r, PATH "/:ID/state"),
										.done = office_done(&p) });
	return office_answer(r, 200, &out);
}

/* ---- the form ---- */

static const struct form_field fields[] = {
	{ "organisation", .max = 20 },
	{ "channel", .max = 20 },
	{ "code", .max = SALE_CODE_MAX },
	{ "name", .max = HOUSE_NAME_MAX },
	{ "public-url", .max = 300 },
	{ "languages", .max = 2, .is_repeated = true },
	{ "accent", .max = 7 },
	{ "sender_name", .max = HOUSE_NAME_MAX },
	{ "sender_address", .max = EMAIL_MAX },
	{ "version", .max = 20 },
};

static struct choice *choose(struct request *r, const struct sale_edit *e, size_t *organisations, struct choice **channels, size_t *channel_count)
{
	const struct actor *who = actor_of(r);
	struct organisation *parts;
	struct sales_channel *ways;
	size_t count;
	*organisations = 0;
	if (organisation_list(r->db, r->arena, who->institution, &parts, &count)) return NULL;
	struct choice *out = ARENA_ARRAY(r->arena, struct choice, count + 1);
	for (size_t i = 0; i < count; i++)
		if (actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, parts[i].id))
			out[(*organisations)++] = (struct choice){ parts[i].id, parts[i].code, parts[i].name, parts[i].id == e->organisation };
	if (channel_list(r->db, r->arena, who->institution, &ways, channel_count)) return NULL;
	*channels = ARENA_ARRAY(r->arena, struct choice, *channel_count + 1);
	for (size_t i = 0; i < *channel_count; i++) (*channels)[i] = (struct choice){ ways[i].id, ways[i].code, ways[i].name, ways[i].id == e->channel };
	return out;
}

static struct response form_answer(
	struct request *r, int status, const struct sale_edit *e, const struct sale_row *row, struct str done, const struct problem *why)
{
	const struct actor *who = actor_of(r);
	struct sale_form form = { .edit = e, .row = row };
	if (e->id && logo_look(r->db, r->arena, e->id, &form.logo)) return error_answer(r, 503);
	form.csrf_logo = csrf_token(r, PATH "/:ID/logo"), form.csrf_logo_remove = csrf_token(r, PATH "/:ID/logo/remove");
	form.csrf_visit = csrf_token(r, PATH "/:ID/visit");
	form.organisations = choose(r, e, &form.organisation_count, &form.channels, &form.channel_count);
	if (!form.organisations) return error_answer(r, 503);
	for (int l = 0; l < LANGUAGES; l++)
		form.languages[l] =
			(struct choice){ l, str_of(lang_tag((enum language)l)), str_of(lang_name((enum language)l)), (e->languages & 1u << l) != 0 };
	struct office_page p = office_institution_page(r, MSG_POINT_OF_SALE_NEW, PLACE_POINTS_OF_SALE);
	if (e->id) p.title = row->name;
	p.is_error = problem_any(why);
	bool may_write = e->id ? actor_may_in(who, RIGHT_POINT_OF_SALE_WRITE, row->organisation) : true;
	struct render out = office_render(r);
	tpl_office_point_of_sale(&out, &(const struct tpl_office_point_of_sale){ .page = &p,
									   .form = &form,
									   .may_write = may_write,
									   .csrf = csrf_token(r, e->id ? PATH "/:ID" : PATH "/new"),
									   .csrf_state = csrf_token(r, PATH "/:ID/state"),
									   .done = done,
									   .why = why });
	return office_answer(r, status, &out);
}

/* A house's first shop has its own name, languages and address of mail to begin with. */
struct response office_sale_new_page(struct request *r)
{
	struct sale_edit e = { .accent = S("#005f6b"), .languages = (1u << LANGUAGES) - 1, .sender_name = staff_of(r)->person.institution_name };
	struct sale_row row = { .is_internet = true };
	struct sales_channel *channels;
	size_t count;
	if (channel_list(r->db, r->arena, actor_of(r)->institution, &channels, &count)) return error_answer(r, 503);
	for (size_t i = 0; i < count && !e.channel; i++)
		if (channel_is_internet(channels[i].kind)) e.channel = channels[i].id;
	if (!office_door(r)) e.code = S("shop"), e.name = e.sender_name;
	return form_answer(r, 200, &e, &row, S(""), NULL);
}

bool sale_of_path(struct request *r, struct sale_edit *e, struct sale_row *row, struct response *instead)
{
	int64_t id;
	enum status st = request_segment_id(r, 0, &id) ? sale_get(r->db, r->arena, actor_of(r), id, e, row) : NOT_FOUND;
	if (!st) return true;
	*instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return false;
}

struct response office_sale_page(struct request *r)
{
	struct sale_edit e;
	struct sale_row row;
	struct response instead;
	if (!sale_of_path(r, &e, &row, &instead)) return instead;
	struct office_page p = office_page(r, MSG_OFFICE_PLACE_POINTS_OF_SALE, OFFICE_TAB_NONE);
	return form_answer(r, 200, &e, &row, office_done(&p), NULL);
}

static void read_form(struct request *r, struct form *f, struct sale_edit *e)
{
	size_t at = 0;
	struct str value;
	enum language l;
	e->name = form_text(f, "name");
	e->public_url = form_text(f, "public-url");
	e->accent = str_lower(r->arena, form_text(f, "accent"));
	e->sender_name = form_text(f, "sender_name");
	e->sender_address = form_text(f, "sender_address");
	e->languages = 0;
	while (form_next(f, "languages", &at, &value))
		if (lang_from_tag(value, &l)) e->languages |= 1u << l;
	e->allowed = office_of(r)->http;
}

struct saving {
	struct request *r;
	struct sale_edit edit;
	int64_t id;
	enum sale_state to;
	struct problem *why;
};

static enum status save(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->why->first = NULL; /* it may run again */
	return sale_save(db, x->r->arena, actor_of(x->r), &x->edit, &x->id, x->why);
}

/* A shop that is open needs a document type of each class: also one that opens. */
static enum status move(struct conn *db, void *arg)
{
	struct saving *x = arg;
	enum status st;
	x->why->first = NULL;
	if ((st = sale_move(db, x->r->arena, actor_of(x->r), x->id, x->to, x->why))) return st;
	if (x->to != SALE_ACTIVE) return OK;
	return document_types_suffice(db, x->r->arena, actor_of(x->r)->institution, DOCUMENT_CLASSES, "state", x->why);
}

/* An address that was never asked is asked now; what comes of it stands on the page. */
static enum status visit_new(struct request *r, int64_t id)
{
	struct sale_edit now;
	struct sale_row row;
	int ignored;
	enum status st = sale_get(r->db, r->arena, actor_of(r), id, &now, &row);
	return st || !row.is_internet || row.reach != REACH_UNASKED ? st : office_visit(r, &now, &ignored);
}

static struct response saved(struct request *r, struct form *f, struct saving *x, const struct sale_row *row)
{
	struct problem *after = x->why = ARENA_NEW(r->arena, struct problem);
	*after = problem_in(r->arena);
	if (problem_any(&f->why)) return form_answer(r, 422, &x->edit, row, S(""), &f->why);
	enum status st = store_write(r->db, save, x);
	if (st == REFUSED && problem_any(after)) return form_answer(r, problem_at(after, "") ? 409 : 422, &x->edit, row, S(""), after);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	doors_refresh(office_of(r)->doors, r->db);
	if (visit_new(r, x->id)) return error_answer(r, 503);
	return office_redirect(r, str_format(r->arena, PATH "/%lld?done=saved", (long long)x->id));
}

struct response office_sale_new(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r, .edit = { .code = form_text(&f, "code") } };
	const struct sale_row row = { .is_internet = true };
	if (!str_int64(form_text(&f, "organisation"), &x.edit.organisation)) problem_add(&f.why, "organisation", MSG_CHOICE_UNKNOWN);
	if (!str_int64(form_text(&f, "channel"), &x.edit.channel)) problem_add(&f.why, "channel", MSG_CHOICE_UNKNOWN);
	read_form(r, &f, &x.edit);
	return saved(r, &f, &x, &row);
}

struct response office_sale(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct saving x = { .r = r };
	struct sale_row row;
	struct response instead;
	if (!sale_of_path(r, &x.edit, &row, &instead)) return instead;
	if (!str_int64(form_text(&f, "version"), &x.edit.version)) problem_add(&f.why, "", MSG_SAVED_MEANWHILE);
	read_form(r, &f, &x.edit);
	return saved(r, &f, &x, &row);
}

struct response office_sale_state(struct request *r)
{
	static const struct form_field state_fields[] = { { "to", .max = 10, .is_required = true } };
	static const struct {
		struct str word;
		enum sale_state to;
	} moves[] = { { { STR("active") }, SALE_ACTIVE }, { { STR("suspended") }, SALE_SUSPENDED }, { { STR("closed") }, SALE_CLOSED } };
	struct form f = form_read(r, state_fields, COUNT(state_fields));
	struct problem why = problem_in(r->arena);
	struct saving x = { .r = r, .why = &why };
	struct sale_edit e;
	struct sale_row row;
	struct response instead;
	bool is_known = false;
	if (!sale_of_path(r, &e, &row, &instead)) return instead;
	for (size_t i = 0; i < COUNT(moves); i++)
		if (str_eq(form_text(&f, "to"), moves[i].word)) x.to = moves[i].to, is_known = true;
	if (!is_known) return error_answer(r, 400);
	x.id = e.id;
	enum status st = store_write(r->db, move, &x);
	if (st == REFUSED && problem_any(&why)) return form_answer(r, problem_at(&why, "state") ? 409 : 422, &e, &row, S(""), &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	doors_refresh(office_of(r)->doors, r->db);
	return office_redirect(r, str_format(r->arena, PATH "/%lld?done=saved", (long long)e.id));
}

/* ---- the logo ---- */

struct response office_sale_logo_picture(struct request *r)
{
	struct sale_edit e;
	struct sale_row row;
	struct logo logo;
	struct response instead;
	if (!sale_of_path(r, &e, &row, &instead)) return instead;
	if (logo_get(r->db, r->arena, e.id, &logo)) return error_answer(r, 503);
	return logo.digest.len ? response_bytes(r, 200, "image/png", logo.png) : error_answer(r, 404);
}

struct adorning {
	struct request *r;
	int64_t id;
	const struct logo *logo;
};

static enum status adorn(struct conn *db, void *arg)
{
	struct adorning *x = arg;
	return logo_set(db, x->r->arena, actor_of(x->r), x->id, x->logo);
}

static struct response adorned(struct request *r, int64_t id, const struct logo *logo)
{
	struct adorning x = { r, id, logo };
	enum status st = store_write(r->db, adorn, &x);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
	doors_refresh(office_of(r)->doors, r->db);
	return office_redirect(r, str_format(r->arena, PATH "/%lld?done=saved", (long long)id));
}

struct response office_sale_logo(struct request *r)
{
	struct problem why = problem_in(r->arena);
	struct upload file;
	struct logo logo;
	struct sale_edit e;
	struct sale_row row;
	struct response instead;
	if (!sale_of_path(r, &e, &row, &instead)) return instead;
	if (!form_file(r, "logo", &file) || !file.bytes.len)
		return problem_add(&why, "logo", MSG_LOGO_MISSING), form_answer(r, 422, &e, &row, S(""), &why);
	enum status st = logo_of_file(r->arena, file.bytes, &logo, &why);
	if (st == REFUSED) return form_answer(r, 422, &e, &row, S(""), &why);
	return st ? error_answer(r, 503) : adorned(r, e.id, &logo);
}

struct response office_sale_logo_remove(struct request *r)
{
	struct sale_edit e;
	struct sale_row row;
	struct response instead;
	return sale_of_path(r, &e, &row, &instead) ? adorned(r, e.id, NULL) : instead;
}
