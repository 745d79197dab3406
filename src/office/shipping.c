/* office/shipping.c: the interfaces, and what a printing company's functions are started from. */
#include "office/shipping.h"

#include "office/interface.html.h"
#include "office/interfaces.html.h"
#include "office/watched.h"
#include "web/csrf.h"

#define SHOWN 20 /* batches and imports of an interface on its page */

/* ---- states ---- */

static const struct {
	const char *class;
	enum message message;
} batch_states[] = { [BATCH_MAKING] = { "wait", MSG_BATCH_EXPORTED },
	[BATCH_EXPORTED] = { "wait", MSG_BATCH_EXPORTED },
	[BATCH_PART_BACK] = { "part", MSG_BATCH_PART_BACK },
	[BATCH_COMPLETE] = { "done", MSG_BATCH_COMPLETE },
	[BATCH_CANCELLED] = { "end", MSG_BATCH_CANCELLED } };

static const struct {
	const char *class;
	enum message message;
} line_states[] = { [LINE_EXPORTED] = { "wait", MSG_LINE_EXPORTED },
	[LINE_PRINTED] = { "done", MSG_LINE_PRINTED },
	[LINE_SPOILT] = { "bad", MSG_LINE_SPOILT },
	[LINE_MISSING] = { "warn", MSG_LINE_MISSING },
	[LINE_WITHDRAWN] = { "end", MSG_LINE_WITHDRAWN } };

static const struct {
	const char *class;
	enum message message;
} shipment_states[] = { [SHIPMENT_HELD] = { "wait", MSG_SHIPMENT_HELD },
	[SHIPMENT_READY] = { "wait", MSG_SHIPMENT_READY },
	[SHIPMENT_IN_PRINT] = { "part", MSG_SHIPMENT_IN_PRINT },
	[SHIPMENT_PRINTED] = { "part", MSG_SHIPMENT_PRINTED },
	[SHIPMENT_PART_SENT] = { "part", MSG_SHIPMENT_PART_SENT },
	[SHIPMENT_SENT] = { "done", MSG_SHIPMENT_SENT },
	[SHIPMENT_HANDED_OVER] = { "done", MSG_SHIPMENT_HANDED_OVER },
	[SHIPMENT_DELIVERED] = { "done", MSG_SHIPMENT_DELIVERED },
	[SHIPMENT_REPLACED] = { "end", MSG_SHIPMENT_REPLACED },
	[SHIPMENT_CANCELLED] = { "end", MSG_SHIPMENT_CANCELLED } };

static const struct {
	const char *class;
	enum message message, effect;
} outcomes[LINE_OUTCOMES] = { [OUTCOME_APPLIED] = { "done", MSG_OUTCOME_APPLIED, MSG_OUTCOME_EFFECT_APPLIED },
	[OUTCOME_ALREADY] = { "end", MSG_OUTCOME_ALREADY, MSG_OUTCOME_EFFECT_NONE },
	[OUTCOME_REPEATED] = { "end", MSG_OUTCOME_REPEATED, MSG_OUTCOME_EFFECT_NONE },
	[OUTCOME_REFUSED] = { "bad", MSG_OUTCOME_REFUSED, MSG_OUTCOME_EFFECT_NONE },
	[OUTCOME_VOID] = { "warn", MSG_OUTCOME_VOID, MSG_OUTCOME_EFFECT_VOID } };

const char *batch_class(enum batch_state state)
{
	return batch_states[state].class;
}

enum message batch_message(enum batch_state state)
{
	return batch_states[state].message;
}

const char *print_line_class(const struct print_line *l)
{
	return l->is_void ? "warn" : line_states[l->state].class;
}

enum message print_line_message(const struct print_line *l)
{
	if (l->is_void && l->state == LINE_PRINTED) return MSG_LINE_VOID;
	return l->is_posted ? MSG_LINE_POSTED : line_states[l->state].message;
}

const char *shipment_class(enum shipment_state state)
{
	return shipment_states[state].class;
}

enum message shipment_message(enum shipment_state state)
{
	return shipment_states[state].message;
}

const char *outcome_class(enum line_outcome outcome)
{
	return outcomes[outcome].class;
}

enum message outcome_message(enum line_outcome outcome)
{
	return outcomes[outcome].message;
}

enum message outcome_effect(enum line_outcome outcome)
{
	return outcomes[outcome].effect;
}

struct url batch_link(const struct office_page *p, int64_t number)
{
	struct arena *a = p->request->arena;
	return office_link(p, str_c(a, str_format(a, "/batches/%.*s", STR_ARG(batch_number(a, number)))));
}

struct url shipment_link(const struct office_page *p, int64_t number)
{
	struct arena *a = p->request->arena;
	return office_link(p, str_c(a, str_format(a, "/shipments/%.*s", STR_ARG(shipment_number(a, number)))));
}

struct url interface_link(const struct office_page *p, struct str code, const char *rest)
{
	struct arena *a = p->request->arena;
	return office_link(p, str_c(a, str_format(a, "/interfaces/%.*s%s", STR_ARG(code), rest)));
}

struct str line_words(const struct office_page *p, const struct status_line *l)
{
	return lang_text(p->request->arena, p->request->language, line_why_message(l->why), (const struct arg[]){ arg_text("about", l->about), { 0 } });
}

/* ---- pages ---- */

struct response office_interfaces_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_INTERFACES, OFFICE_TAB_SHIPPING);
	struct tpl_office_interfaces page = { .page = &p };
	struct interface *list;
	if (interface_list(r->db, r->arena, actor_of(r)->institution, &list, &page.count)) return error_answer(r, 503);
	page.list = list;
	page.may_write = actor_may_in(actor_of(r), RIGHT_INTERFACE_WRITE, 0);
	page.done = office_done(&p);
	struct render out = office_render(r);
	tpl_office_interfaces(&out, &page);
	return office_answer(r, 200, &out);
}

/* The interface that the path names; false with the answer INSTEAD. */
static bool printer_of_path(struct request *r, struct printer *out, struct response *instead)
{
	enum status st = printer_by_code(r->db, r->arena, actor_of(r)->institution, request_segment(r, 0), out);
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

static struct response printer_answer(struct request *r, int status, const struct printer *printer, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_INTERFACE, OFFICE_TAB_SHIPPING);
	struct tpl_office_interface page = { .page = &p,
		.printer = printer,
		.why = why,
		.may_print = actor_may(actor_of(r), RIGHT_PRINT),
		.csrf_export = csrf_token(r, "/interfaces/:CODE/export-colour-tickets"),
		.csrf_import = csrf_token(r, "/interfaces/:CODE/import-printing-status") };
	struct batch *batches;
	struct status_import *imports;
	int64_t institution = actor_of(r)->institution, id = printer->interface.id;
	p.title = printer->interface.name;
	p.is_error = problem_any(why);
	if (batch_ready(r->db, institution, id, &page.ready) || batch_list(r->db, r->arena, institution, id, 0, SHOWN, &batches, &page.batch_count) ||
		status_list(r->db, r->arena, institution, id, SHOWN, &imports, &page.import_count))
		return error_answer(r, 503);
	struct watched_shown watched;
	if (watched_shown_of(&p, &printer->interface, &watched)) return error_answer(r, 503);
	page.watched = &watched;
	page.done = office_done(&p);
	page.batches = batches;
	page.imports = imports;
	page.now = store_now(r->db);
	struct render out = office_render(r);
	tpl_office_interface(&out, &page);
	return office_answer(r, status, &out);
}

struct response office_interface_page(struct request *r)
{
	struct printer printer;
	struct response instead;
	struct interface i;
	enum status st = interface_by_code(r->db, r->arena, actor_of(r)->institution, request_segment(r, 0), &i);
	/* All that a partner is stands in its form. */
	if (st == OK && i.kind == INTERFACE_PARTNER) return office_redirect(r, str_format(r->arena, "/interfaces/%.*s/edit", STR_ARG(i.code)));
	return printer_of_path(r, &printer, &instead) ? printer_answer(r, 200, &printer, NULL) : instead;
}

struct response office_interface_export(struct request *r)
{
	struct printer printer;
	struct response instead;
	struct batch b;
	struct problem why = problem_in(r->arena);
	if (!printer_of_path(r, &printer, &instead)) return instead;
	if (!printer.interface.is_active) {
		problem_add(&why, "", MSG_INTERFACE_IS_OFF);
		return printer_answer(r, 409, &printer, &why);
	}
	enum status st = batch_export(r->db, r->arena, actor_of(r), &printer, &b);
	if (st == NOT_FOUND) {
		problem_add(&why, "", MSG_EXPORT_NOTHING);
		return printer_answer(r, 409, &printer, &why);
	}
	if (st) return error_answer(r, 503);
	return office_redirect(r, str_format(r->arena, "/batches/%.*s", STR_ARG(batch_number(r->arena, b.number))));
}

struct response office_interface_import(struct request *r)
{
	struct printer printer;
	struct response instead;
	struct upload file;
	struct problem why = problem_in(r->arena);
	int64_t id;
	bool is_before;
	if (!printer_of_path(r, &printer, &instead)) return instead;
	enum status st = REFUSED;
	if (!form_file(r, "file", &file)) problem_add(&why, "file", MSG_INTERFACE_FILE_MISSING);
	else st = status_upload(r->db, r->arena, actor_of(r), &printer, file.name, file.bytes, PREVIEW_LATER, &id, &is_before, &why);
	if (st == REFUSED) return printer_answer(r, 422, &printer, &why);
	if (st) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/imports/%lld%s", (long long)id, is_before ? "?before=1" : ""));
}
