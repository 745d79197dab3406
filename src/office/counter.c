/* office/counter.c: the counter's screen. */
#include "office/counter.h"

#include "accounts/contact.h"
#include "base/fold.h"
#include "office/counter.html.h"
#include "office/counter_contacts.html.h"
#include "office/counter_shows.html.h"
#include "sales/price.h"
#include "web/cookie.h"
#include "web/csrf.h"

#define SHOWS_SHOWN 10 /* performances on the screen; the others are found by typing */

static const struct cookie counter_cookie = { .name = "counter", .path = "/counter", .max_age_seconds = 365 * 24 * 3600 };

struct basket_owner counter_owner(struct request *r)
{
	/* No browser has this as its cookie's token: those have 43 signs. */
	return (struct basket_owner){ .browser_hash =
									  browser_hash(r->arena, str_format(r->arena, "counter of operator %lld", (long long)actor_of(r)->operator_id)) };
}

bool counter_here(struct request *r, struct counter_shown *x, struct response *instead)
{
	int64_t chosen = 0;
	str_int64(cookie_get(r, &counter_cookie), &chosen);
	*instead = error_answer(r, 503);
	if (counter_list(r->db, r->arena, actor_of(r), &x->counters, &x->counter_count)) return false;
	for (size_t i = 0; i < x->counter_count; i++)
		if (i == 0 || x->counters[i].id == chosen) x->here = &x->counters[i];
	return !x->here || seller_get(r->db, r->arena, x->here->id, &x->seller) == OK;
}

struct response office_counter_choose(struct request *r)
{
	static const struct form_field fields[] = { { "counter", .max = 19, .is_required = true } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct counter_shown x = { 0 };
	struct response instead;
	int64_t id;
	if (!counter_here(r, &x, &instead)) return instead;
	for (size_t i = 0; i < x.counter_count; i++)
		if (str_int64(form_text(&f, "counter"), &id) && id == x.counters[i].id) {
			cookie_set(r, &counter_cookie, form_text(&f, "counter"));
			return office_redirect(r, S("/counter"));
		}
	return error_answer(r, 404);
}

struct str counter_path(struct request *r, int64_t performance, int64_t contact)
{
	struct buf b = buf_in(r->arena);
	buf_add(&b, S("/counter"));
	if (performance) buf_addf(&b, "?performance=%lld", (long long)performance);
	if (contact) buf_addf(&b, "%ccontact=%lld", performance ? '&' : '?', (long long)contact);
	return buf_str(&b);
}

static struct url link_to(const struct office_page *p, int64_t performance, int64_t contact)
{
	return office_link(p, str_c(p->request->arena, counter_path(p->request, performance, contact)));
}

/* ---- performances ---- */

/* Whether each word typed begins a word of the performance's title, hall or date. */
static bool is_meant(struct request *r, const struct show *s, struct str folded)
{
	struct arena *a = r->arena;
	struct str at = lang_datetime(a, r->language, s->starts_at, staff_of(r)->person.zone), word;
	struct str all = str_format(a, "%.*s %.*s %.*s", STR_ARG(s->title), STR_ARG(s->hall), STR_ARG(at));
	all = str_format(a, " %.*s", STR_ARG(text_fold_search(a, all)));
	while (str_next(&folded, ' ', &word))
		if (word.len && str_find(all, str_format(a, " %.*s", STR_ARG(word))) < 0) return false;
	return true;
}

static bool is_sold(const struct show *s)
{
	return s->offer == OFFER_OPEN || s->offer == OFFER_FEW;
}

static enum status shows_read(struct request *r, const struct office_page *p, struct counter_shown *x)
{
	struct show *all;
	size_t count;
	int64_t wanted = x->wanted;
	if (!wanted) str_int64(request_query(r, "performance"), &wanted);
	enum status st = catalogue_shows(r->db, r->arena, &x->seller, r->language, 0, store_now(r->db), PLAYBILL_MOST, &all, &count);
	if (st) return st;
	struct str typed = text_fold_search(r->arena, x->typed_show);
	x->shows = ARENA_ARRAY(r->arena, struct counter_show, SHOWS_SHOWN);
	for (size_t i = 0; i < count; i++) {
		if (all[i].id == wanted || (!wanted && !x->show && is_sold(&all[i]))) x->show = &all[i];
		if (x->show_count < SHOWS_SHOWN && is_meant(r, &all[i], typed))
			x->shows[x->show_count++] = (struct counter_show){ .show = &all[i], .to = link_to(p, all[i].id, x->contact) };
	}
	for (size_t i = 0; i < x->show_count; i++) x->shows[i].is_chosen = x->shows[i].show == x->show;
	if (!x->show) return OK;
	if ((st = catalogue_offers(r->db, r->arena, &x->seller, r->language, x->show->id, &x->offers))) return st;
	for (size_t i = 0; i < x->offers.count; i++) x->has_seats |= x->offers.categories[i].is_numbered;
	return OK;
}

/* ---- for whom ---- */

bool counter_buyer(struct request *r, int64_t contact, struct buyer *out, struct str *name, int *failed)
{
	struct contact c;
	struct problem none = problem_in(r->arena);
	*out = (struct buyer){ .language = r->language };
	*name = S("");
	*failed = 0;
	if (!contact) return true;
	enum status st = actor_may(actor_of(r), RIGHT_CONTACT_READ) ? contact_get(r->db, r->arena, actor_of(r), contact, &c) : NOT_FOUND;
	if (st) {
		*failed = st == NOT_FOUND ? 404 : 503;
		return false;
	}
	*out = (struct buyer){ .first_name = c.is.first_name,
		.last_name = c.is.last_name,
		.street = c.is.address.street,
		.house_number = c.is.address.house_number,
		.postcode = c.is.address.postcode,
		.town = c.is.address.town,
		.country = c.is.address.country,
		.language = c.is.language };
	if (c.is.email.len && email_read(r->arena, c.is.email, "email", &out->email, &none)) out->email = (struct email){ 0 };
	*name = contact_name(r->arena, &c.is);
	return true;
}

static enum status contacts_read(struct request *r, const struct office_page *p, struct counter_shown *x)
{
	const struct contact_query q = { .institution = actor_of(r)->institution, .typed = x->typed_contact };
	struct contact_page *page = ARENA_NEW(r->arena, struct contact_page);
	if (!x->typed_contact.len || !actor_may(actor_of(r), RIGHT_CONTACT_READ)) return OK;
	enum status st = contact_search(r->db, r->arena, &q, page);
	if (st) return st;
	x->found_count = page->count < COUNTER_CONTACTS ? page->count : COUNTER_CONTACTS;
	x->found = ARENA_ARRAY(r->arena, struct counter_contact, x->found_count + 1);
	for (size_t i = 0; i < x->found_count; i++) {
		const struct contact_row *c = &page->rows[i];
		x->found[i] = (struct counter_contact){ .id = c->id,
			.to = link_to(p, x->show ? x->show->id : 0, c->id),
			.name = str_trim(str_format(r->arena, "%.*s %.*s", STR_ARG(c->first_name), STR_ARG(c->last_name))),
			.number = str_format(r->arena, "%lld", (long long)c->number),
			.place = str_trim(str_format(r->arena, "%.*s %.*s", STR_ARG(c->postcode), STR_ARG(c->town))) };
	}
	return OK;
}

/* ---- the basket ---- */

static enum status basket_read(struct request *r, struct counter_shown *x)
{
	struct basket_owner owner = counter_owner(r);
	enum status st = till_open(r->db, r->arena, &x->seller, &owner, r->language, &x->till);
	if (st) return st == NOT_FOUND ? OK : st;
	x->has_basket = true;
	x->due_cash = x->till.subtotal + cash_rounding(x->till.subtotal);
	x->lines = ARENA_ARRAY(r->arena, struct counter_line, x->till.lines.count + 1);
	for (size_t i = 0; i < x->till.lines.count; i++) {
		const struct line *n = &x->till.lines.line[i];
		x->lines[i] = (struct counter_line){ n, i == 0 || n[-1].performance != n->performance, line_seats_text(r->arena, r->language, n) };
	}
	return OK;
}

/* What the address says was sold just now, if the operator may see it. */
static enum status sold_read(struct request *r, struct counter_shown *x)
{
	struct order o;
	struct till_taking t = { 0 };
	struct ticket *tickets;
	int64_t number;
	size_t count;
	if (!order_number_read(request_query(r, "sold"), &number)) return OK;
	enum status st = order_by_number(r->db, r->arena, actor_of(r)->institution, number, &o);
	if (st || o.point_of_sale != x->here->id) return st == NOT_FOUND ? OK : st;
	if ((st = order_tickets(r->db, r->arena, o.id, &tickets, &count))) return st;
	st = till_of_order(r->db, r->arena, o.id, &t);
	if (st && st != NOT_FOUND) return st;
	x->sold = ARENA_NEW(r->arena, struct counter_sold);
	*x->sold = (struct counter_sold){ .number = order_number(r->arena, o.number),
		.tickets = (int64_t)count,
		.total = o.total,
		.back = t.given - t.amount,
		.is_printed_here = !o.shipment_mode && o.state != ORDER_RESERVED && o.state != ORDER_CANCELLED };
	return OK;
}

/* ---- the page ---- */

static enum status shown_read(struct request *r, const struct office_page *p, struct counter_shown *x)
{
	struct buyer buyer;
	int failed;
	enum status st;
	if (!x->contact) str_int64(request_query(r, "contact"), &x->contact);
	x->typed_show = request_query(r, "p");
	x->typed_contact = request_query(r, "q");
	if (!counter_buyer(r, x->contact, &buyer, &x->contact_name, &failed)) x->contact = 0;
	x->contact_place = str_trim(str_format(r->arena, "%.*s %.*s", STR_ARG(buyer.postcode), STR_ARG(buyer.town)));
	if ((st = shows_read(r, p, x))) return st;
	if ((st = contacts_read(r, p, x))) return st;
	if ((st = basket_read(r, x))) return st;
	return sold_read(r, x);
}

struct response counter_screen(struct request *r, int status, struct counter_shown *x, const struct problem *why)
{
	struct office_page p = office_page(r, MSG_COUNTER, OFFICE_TAB_COUNTER);
	p.is_error = problem_any(why);
	if (x->here && shown_read(r, &p, x)) return error_answer(r, 503);
	x->csrf_choose = csrf_token(r, "/counter/choose");
	x->csrf_basket = csrf_token(r, "/counter/basket");
	x->csrf_remove = csrf_token(r, "/counter/remove");
	x->csrf_sell = csrf_token(r, "/counter/sell");
	x->csrf_print = csrf_token(r, "/orders/:NUMBER/print");
	struct render out = office_render(r);
	tpl_office_counter(&out, &(const struct tpl_office_counter){ .page = &p, .x = x, .done = office_done(&p), .why = why });
	return office_answer(r, status, &out);
}

struct response office_counter_page(struct request *r)
{
	struct counter_shown x = { .payment = S("cash") };
	struct response instead;
	return counter_here(r, &x, &instead) ? counter_screen(r, 200, &x, NULL) : instead;
}

/* ---- what is found as one types ---- */

static struct response found_answer(struct request *r, void (*fill)(struct render *out, const struct counter_shown *x))
{
	struct counter_shown x = { 0 };
	struct response instead;
	if (!counter_here(r, &x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_COUNTER, OFFICE_TAB_COUNTER);
	if (!x.here) return error_answer(r, 404);
	if (shown_read(r, &p, &x)) return error_answer(r, 503);
	struct render out = office_render(r);
	fill(&out, &x);
	return office_answer(r, 200, &out);
}

static void shows_fill(struct render *out, const struct counter_shown *x)
{
	tpl_office_counter_shows(out, &(const struct tpl_office_counter_shows){ .x = x });
}

static void contacts_fill(struct render *out, const struct counter_shown *x)
{
	tpl_office_counter_contacts(out, &(const struct tpl_office_counter_contacts){ .x = x });
}

struct response office_counter_shows(struct request *r)
{
	return found_answer(r, shows_fill);
}

struct response office_counter_contacts(struct request *r)
{
	return found_answer(r, contacts_fill);
}
