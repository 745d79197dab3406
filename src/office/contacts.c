/* office/contacts.c: the list of contacts: one field, a few filters, a page at a time; the same rows again as a fragment while one types. */
#include "office/contacts.h"

#include "accounts/phone.h"
#include "institution/institution.h"
#include "office/contacts.html.h"
#include "office/contacts_rows.html.h"
#include "web/csrf.h"
#include "web/path.h"

enum message account_state_word(enum account_state state)
{
	static const enum message words[] = { [ACCOUNT_INVITED] = MSG_ACCOUNT_INVITED,
		[ACCOUNT_UNCONFIRMED] = MSG_ACCOUNT_UNCONFIRMED,
		[ACCOUNT_ACTIVE] = MSG_ACCOUNT_ACTIVE,
		[ACCOUNT_BLOCKED] = MSG_ACCOUNT_BLOCKED,
		[ACCOUNT_CLOSED] = MSG_ACCOUNT_CLOSED };
	return words[state];
}

const char *account_state_shape(enum account_state state)
{
	static const char *const shapes[] = {
		[ACCOUNT_INVITED] = "wait", [ACCOUNT_UNCONFIRMED] = "wait", [ACCOUNT_ACTIVE] = "done", [ACCOUNT_BLOCKED] = "bad", [ACCOUNT_CLOSED] = "end"
	};
	return shapes[state];
}

static const enum message language_names[LANGUAGES] = { MSG_LANGUAGE_EN, MSG_LANGUAGE_FR, MSG_LANGUAGE_DE, MSG_LANGUAGE_IT };

struct str language_word(const struct office_page *p, enum language l)
{
	return office_text(p, language_names[l]);
}

/* ---- what was asked ---- */

static const struct {
	const char *value;
	enum message name;
} account_filters[ACCOUNT_FILTERS] = {
	[ANY_ACCOUNT] = { "", MSG_FILTER_ANY },
	[WITH_ACCOUNT] = { "with", MSG_FILTER_WITH_ACCOUNT },
	[WITHOUT_ACCOUNT] = { "without", MSG_FILTER_WITHOUT_ACCOUNT },
	[WITH_INVITED] = { "invited", MSG_ACCOUNT_INVITED },
	[WITH_UNCONFIRMED] = { "unconfirmed", MSG_ACCOUNT_UNCONFIRMED },
	[WITH_ACTIVE] = { "active", MSG_ACCOUNT_ACTIVE },
	[WITH_BLOCKED] = { "blocked", MSG_ACCOUNT_BLOCKED },
};

static const struct {
	const char *value; /* "-name" goes down */
	enum contact_order order;
	enum message name;
} sorts[] = { { "name", BY_NAME, MSG_NAME }, { "number", BY_NUMBER, MSG_NUMBER }, { "town", BY_TOWN, MSG_TOWN } };

/* The beginning of a day "2026-11-01" in UTC; 0 for anything else. Near enough to the house's midnight to part old from new. */
static int64_t day_of(struct str s)
{
	struct str rest = s, part;
	int64_t n[3] = { 0 };
	for (int i = 0; i < 3; i++)
		if (!str_next(&rest, '-', &part) || !str_int64(part, &n[i])) return 0;
	if (n[0] < 1970 || n[0] > 9999 || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31) return 0;
	/* Days since 1970 by the civil calendar, March first. */
	int64_t y = n[1] > 2 ? n[0] : n[0] - 1, m = (n[1] + 9) % 12;
	return (365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + n[2] - 1 - 719468) * DAY;
}

struct contact_query contact_query_of(struct request *r, struct str typed, struct str account, struct str language, struct str from)
{
	struct contact_query q = { .institution = actor_of(r)->institution, .made_from = day_of(from) };
	enum language l;
	q.typed = str_points(typed) > SEARCH_TYPED_MAX ? S("") : str_trim(typed);
	for (int i = 0; i < ACCOUNT_FILTERS; i++)
		if (str_eq(account, str_of(account_filters[i].value))) q.account = (enum account_filter)i;
	if (language.len && lang_from_tag(language, &l)) q.language = str_of(lang_tag(l));
	return q;
}

static struct contact_query query_of(struct request *r)
{
	struct contact_query q =
		contact_query_of(r, request_query(r, "q"), request_query(r, "account"), request_query(r, "language"), request_query(r, "from"));
	struct str sort = request_query(r, "sort");
	q.is_descending = str_starts(sort, S("-"));
	for (size_t i = 0; i < COUNT(sorts); i++)
		if (str_eq(str_part(sort, q.is_descending, sort.len), str_of(sorts[i].value))) q.order = sorts[i].order;
	q.after = request_query(r, "after");
	return q;
}

/* ---- links that keep the search ---- */

static void add(struct request *r, struct buf *b, const char *name, struct str value)
{
	if (value.len == 0) return;
	buf_addf(b, "%c%s=%.*s", str_has(buf_str(b), '?') ? '&' : '?', name, STR_ARG(percent_encode(r->arena, value)));
}

static struct url list_link(const struct office_page *p, struct str sort, struct str after)
{
	struct request *r = p->request;
	struct buf b = buf_in(r->arena);
	buf_add(&b, S("/contacts"));
	add(r, &b, "q", request_query(r, "q"));
	add(r, &b, "account", request_query(r, "account"));
	add(r, &b, "language", request_query(r, "language"));
	add(r, &b, "from", request_query(r, "from"));
	add(r, &b, "sort", sort);
	add(r, &b, "after", after);
	return office_link(p, str_c(r->arena, buf_str(&b)));
}

static void columns_fill(const struct office_page *p, const struct contact_query *q, struct list_shown *out)
{
	static const struct {
		enum message name;
		int sort; /* in sorts; -1: not by this */
	} columns[LIST_COLUMNS] = { { MSG_NAME, 0 }, { MSG_NUMBER, 1 }, { MSG_EMAIL, -1 }, { MSG_PHONE, -1 }, { MSG_TOWN, 2 },
		{ MSG_INTERNET_ACCOUNT, -1 } };
	for (size_t i = 0; i < LIST_COLUMNS; i++) {
		struct column_shown *c = &out->columns[i];
		*c = (struct column_shown){ .name = columns[i].name, .is_number = columns[i].sort == 1 };
		if (columns[i].sort < 0 || q->typed.len) continue;
		const char *value = sorts[columns[i].sort].value;
		c->is_sorted = q->order == sorts[columns[i].sort].order;
		c->is_descending = c->is_sorted && q->is_descending;
		bool goes_down = c->is_sorted && !q->is_descending;
		c->to = list_link(p, str_format(p->request->arena, "%s%s", goes_down ? "-" : "", value), S(""));
	}
}

static void filters_fill(const struct contact_query *q, struct list_shown *out)
{
	for (int i = 0; i < ACCOUNT_FILTERS; i++)
		out->accounts[i] = (struct filter_shown){ str_of(account_filters[i].value), account_filters[i].name, q->account == (enum account_filter)i };
	out->languages[0] = (struct filter_shown){ S(""), MSG_FILTER_ANY, q->language.len == 0 };
	for (int l = 0; l < LANGUAGES; l++) {
		struct str tag = str_of(lang_tag((enum language)l));
		out->languages[l + 1] = (struct filter_shown){ tag, language_names[l], str_eq(q->language, tag) };
	}
}

/* "2000 Neuchâtel"; another country's is named first. */
static struct str town_shown(struct arena *a, const struct contact_row *c)
{
	bool is_abroad = c->town.len && !str_eq(c->country, S("CH"));
	return str_trim(str_format(a, "%.*s %.*s %.*s", is_abroad ? (int)c->country.len : 0, c->country.at, STR_ARG(c->postcode), STR_ARG(c->town)));
}

static struct row_shown row_of(struct request *r, const struct contact_row *c)
{
	return (struct row_shown){
		.id = c->id,
		.name = c->last_name,
		.first_name = c->is_structure ? S("") : c->first_name,
		.number = number_for_people(r->arena, c->number),
		.email = c->email,
		.phone = phone_for_people(r->arena, c->phone),
		.town = town_shown(r->arena, c),
		.has_account = c->account != 0,
		.may_reset = c->account && actor_may(actor_of(r), RIGHT_ACCOUNT_RESET),
		.state = c->state,
	};
}

static enum status list_of(struct request *r, const struct office_page *p, struct list_shown *out)
{
	struct contact_query q = query_of(r);
	struct contact_page *page = ARENA_NEW(r->arena, struct contact_page);
	enum status st = contact_search(r->db, r->arena, &q, page);
	if (st) return st;
	*out = (struct list_shown){ .typed = q.typed, .count = page->count, .is_broken_off = page->is_broken_off, .made_from = request_query(r, "from") };
	out->rows = ARENA_ARRAY(r->arena, struct row_shown, page->count);
	for (size_t i = 0; i < page->count; i++) out->rows[i] = row_of(r, &page->rows[i]);
	out->may_write = actor_may(actor_of(r), RIGHT_CONTACT_WRITE);
	out->may_bulk = actor_may(actor_of(r), RIGHT_ACCOUNT_BULK_RESET);
	if (page->next.len) out->next = list_link(p, request_query(r, "sort"), page->next);
	if (q.after.len) out->first = list_link(p, request_query(r, "sort"), S(""));
	columns_fill(p, &q, out);
	filters_fill(&q, out);
	return OK;
}

struct response office_contacts_page(struct request *r)
{
	struct office_page p = office_page(r, MSG_OFFICE_TAB_CONTACTS, OFFICE_TAB_CONTACTS);
	struct list_shown list;
	if (list_of(r, &p, &list)) return error_answer(r, 503);
	p.may_search = false; /* the page's own field is the one that / leads to */
	struct render out = office_render(r);
	tpl_office_contacts(&out,
		&(const struct tpl_office_contacts){ .page = &p, .list = &list, .done = office_done(&p), .csrf_bulk = csrf_token(r, "/contacts/links") });
	return office_answer(r, 200, &out);
}

struct response office_contacts_rows(struct request *r)
{
	struct office_page p = office_page(r, MSG_OFFICE_TAB_CONTACTS, OFFICE_TAB_CONTACTS);
	struct list_shown list;
	if (list_of(r, &p, &list)) return error_answer(r, 503);
	struct render out = office_render(r);
	tpl_office_contacts_rows(
		&out, &(const struct tpl_office_contacts_rows){ .page = &p, .list = &list, .csrf_bulk = csrf_token(r, "/contacts/links") });
	return office_answer(r, 200, &out);
}
