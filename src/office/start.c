/* office/start.c: the start page: what wants somebody, and today's figures; the keys; the accent's stylesheet. */
#include "billing/payment.h"
#include "institution/administrative.h"
#include "institution/mail_server.h"
#include "office/house.h"
#include "office/keys.html.h"
#include "office/start.html.h"
#include "sales/figures.h"
#include "shipping/shipment.h"

#define START_DAYS 7			 /* a week at a glance; the outbox has more */
#define LOOK_KEPT  (365 * 86400) /* seconds; its path names the colour */

/* ---- what wants somebody ---- */

struct gathering {
	struct request *r;
	const struct office_page *page;
	struct todo *list;
	size_t count;
};

static void add(struct gathering *g, struct todo t)
{
	if (g->count < TODOS_MAX) g->list[g->count++] = t;
}

static enum status gather_mails(struct gathering *g, const int64_t counts[static OUTBOX_DROPPED + 1])
{
	struct outbox_mail *newest;
	size_t n;
	enum status st;
	if (!counts[OUTBOX_FAILED]) return OK;
	if ((st = outbox_list_in(g->r->db, g->r->arena, actor_of(g->r)->institution, OUTBOX_FAILED, 0, 1, &newest, &n))) return st;
	add(g, (struct todo){ counts[OUTBOX_FAILED], TODO_BAD, MSG_OUTBOX_FAILED, MSG_TODO_MAILS_FAILED, office_link(g->page, "/outbox?state=failed"),
			   n ? str_format(g->r->arena, "%.*s: %.*s", STR_ARG(newest[0].recipient), STR_ARG(newest[0].answer)) : S("") });
	return OK;
}

/* Money that lies on no bill, and letters that nobody has sent to the printer. */
static enum status gather_work(struct gathering *g)
{
	const struct actor *who = actor_of(g->r);
	int64_t cases, states[SHIPMENT_CANCELLED + 1];
	enum status st = OK;
	if (actor_may(who, RIGHT_PAYMENT_WRITE)) {
		if ((st = payment_cases_count(g->r->db, who->institution, &cases))) return st;
		if (cases)
			add(g, (struct todo){ cases, TODO_WARN, MSG_TODO_TO_DO, MSG_TODO_PAYMENTS, office_link(g->page, "/payments"),
					   office_text(g->page, MSG_TODO_PAYMENTS_WHY) });
	}
	if (actor_may(who, RIGHT_PRINT)) {
		if ((st = shipment_counts(g->r->db, who->institution, states))) return st;
		if (states[SHIPMENT_READY])
			add(g, (struct todo){ states[SHIPMENT_READY], TODO_WARN, MSG_TODO_TO_DO, MSG_TODO_SHIPMENTS,
					   office_link(g->page, "/shipments?state=ready"), office_text(g->page, MSG_TODO_SHIPMENTS_WHY) });
	}
	return st;
}

/* Nobody can buy, and no link can be sent, while no shop is open; each open one needs its document types (domain.md 5, Limitation). */
static enum status gather_shops(struct gathering *g)
{
	struct request *r = g->r;
	struct actor all = *actor_of(r);
	struct problem why = problem_in(r->arena);
	struct sale_row *rows;
	size_t count, open = 0, drafts = 0;
	enum status st;
	all.rights_everywhere |= RIGHT(RIGHT_POINT_OF_SALE_READ);
	if ((st = sale_list(r->db, r->arena, &all, &rows, &count))) return st;
	for (size_t i = 0; i < count; i++) {
		open += rows[i].is_internet && rows[i].state == SALE_ACTIVE;
		drafts += rows[i].is_internet && rows[i].state == SALE_DRAFT;
		if (!rows[i].is_internet || rows[i].state != SALE_ACTIVE || rows[i].reach == REACH_HERE || rows[i].reach == REACH_UNASKED) continue;
		add(g, (struct todo){ 1, TODO_WARN, MSG_TODO_TO_DO, MSG_REACH_TODO, office_link_id(g->page, "/organisation/points-of-sale/%lld", rows[i].id),
				   str_format(r->arena, "%.*s: %.*s", STR_ARG(rows[i].public_url), STR_ARG(office_text(g->page, reach_message(rows[i].reach)))) });
	}
	if (!open)
		add(g, (struct todo){ 1, TODO_WARN, MSG_TODO_TO_DO, drafts ? MSG_TODO_SHOP_OPEN : MSG_TODO_SHOP_MAKE,
				   office_link(g->page, drafts ? "/organisation/points-of-sale" : "/organisation/points-of-sale/new"),
				   office_text(g->page, MSG_POINTS_OF_SALE_NO_SHOP) });
	st = document_types_suffice(r->db, r->arena, all.institution, DOCUMENT_CLASSES, "", &why);
	if (st != REFUSED) return st;
	add(g, (struct todo){ 1, TODO_WARN, MSG_TODO_TO_DO, MSG_TODO_DOCUMENT_TYPES, office_link(g->page, "/institution/document-types"),
			   office_finding(g->page, why.first) });
	return OK;
}

/* Without a mail server everything waits that anybody should get. */
static enum status gather_mail_server(struct gathering *g)
{
	struct request *r = g->r;
	struct mail_server stored = { 0 };
	enum status st = office_of(r)->has_mail ? OK : mail_server_get(r->db, r->arena, actor_of(r)->institution, office_of(r)->mail_key, &stored);
	if (st == OK && !office_of(r)->has_mail && !stored.url.len) st = NOT_FOUND; /* sealed with a key that is gone */
	if (st == NOT_FOUND)
		add(g, (struct todo){ 1, TODO_WARN, MSG_TODO_TO_DO, MSG_TODO_MAIL_SERVER, office_link(g->page, "/institution/settings"),
				   office_text(g->page, MSG_TODO_MAIL_SERVER_WHY) });
	return st == NOT_FOUND ? OK : st;
}

/* ---- what was sold ---- */

static void add_hour(struct request *r, struct sale_day *days, size_t count, const struct sales_hour *hour)
{
	struct str name = lang_date(r->arena, r->language, hour->start, staff_of(r)->person.zone);
	for (size_t d = 0; d < count; d++)
		if (str_eq(days[d].name, name)) days[d].orders += hour->orders, days[d].tickets += hour->tickets, days[d].money += hour->money;
}

/* The last days of the actor's house, today first. */
static enum status sale_days(struct request *r, struct start_figures *f)
{
	struct arena *a = r->arena;
	struct sales_hour *hours;
	struct administrative values;
	int64_t now = store_now(r->db), most = 1;
	size_t n;
	enum status st = sales_hours(r->db, a, actor_of(r)->institution, now - START_DAYS * DAY, START_DAYS * 24 + 1, &hours, &n);
	if (!st) st = administrative_get(r->db, a, actor_of(r)->institution, &values);
	if (st) return st;
	f->currency = values.currency;
	f->sales = ARENA_ARRAY(a, struct sale_day, START_DAYS);
	for (int d = 0; d < START_DAYS; d++) {
		struct str name = lang_date(a, r->language, now - d * DAY, staff_of(r)->person.zone);
		bool is_new = f->sales_count == 0 || !str_eq(f->sales[f->sales_count - 1].name, name); /* a day of 25 hours comes once */
		if (is_new) f->sales[f->sales_count++] = (struct sale_day){ .name = name, .at = now - d * DAY };
	}
	for (size_t h = 0; h < n; h++) add_hour(r, f->sales, f->sales_count, &hours[h]);
	for (size_t d = 0; d < f->sales_count; d++)
		if (f->sales[d].tickets > most) most = f->sales[d].tickets;
	for (size_t d = 0; d < f->sales_count; d++) f->sales[d].width = str_format(a, "%lld", (long long)(f->sales[d].tickets * 100 / most));
	return OK;
}

struct response office_start_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_OFFICE_TAB_START, OFFICE_TAB_START);
	const struct actor *who = actor_of(r);
	struct gathering g = { .r = r, .page = &p, .list = ARENA_ARRAY(r->arena, struct todo, TODOS_MAX) };
	struct start_figures figures = { .may_see_mails = actor_may(who, RIGHT_OUTBOX_READ) };
	if (figures.may_see_mails) {
		if (outbox_count(r->db, who->institution, figures.mails) || gather_mails(&g, figures.mails) ||
			outbox_days(r, &figures.days, &figures.day_count))
			return error_answer(r, 503);
		if (figures.day_count > START_DAYS) figures.day_count = START_DAYS;
	}
	figures.may_see_sales = actor_may_in(who, RIGHT_POINT_OF_SALE_READ, 0);
	if (figures.may_see_sales && sale_days(r, &figures)) return error_answer(r, 503);
	if (gather_work(&g)) return error_answer(r, 503);
	if (actor_may(who, RIGHT_SETTING_WRITE) && gather_mail_server(&g)) return error_answer(r, 503);
	if (actor_may(who, RIGHT_POINT_OF_SALE_WRITE) && gather_shops(&g)) return error_answer(r, 503);
	struct render out = office_render(r);
	tpl_office_start(
		&out, &(const struct tpl_office_start){
				  .page = &p, .now = store_now(r->db), .todos = g.list, .todo_count = g.count, .figures = &figures, .done = office_done(&p) });
	return office_answer(r, 200, &out);
}

struct response office_keys_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_KEYS_TITLE, OFFICE_TAB_START);
	struct render out = office_render(r);
	tpl_office_keys(&out, &(const struct tpl_office_keys){ .page = &p });
	return office_answer(r, 200, &out);
}

/* One line, so that no page needs an inline style. */
struct response office_look(struct request *r)
{
	const struct door *d = office_door(r);
	struct str accent = d ? d->sale.accent : S("#005f6b");
	if (!str_eq(request_segment(r, 0), str_part(accent, 1, accent.len))) return error_answer(r, 404);
	struct response answer = response_bytes(r, 200, "text/css; charset=utf-8", str_format(r->arena, ":root { --accent: %.*s; }\n", STR_ARG(accent)));
	response_cache(r, &answer, LOOK_KEPT);
	return answer;
}
