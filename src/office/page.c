/* office/page.c: the frame of a page: the places that an operator may go to, and links that keep the language. */
#include "office/office.h"

#include <string.h>

#include "web/csrf.h"
#include "web/path.h"

/* The bar; the institution's row follows in a tab of its own. */
static const struct {
	enum office_tab tab;
	const char *path;
	enum message name;
	unsigned needs; /* as the route at PATH */
} tabs[] = {
	{ OFFICE_TAB_START, "/", MSG_OFFICE_TAB_START, OPERATOR },
	{ OFFICE_TAB_COUNTER, "/counter", MSG_COUNTER, MAY(RIGHT_SELL) },
	{ OFFICE_TAB_ORDERS, "/orders", MSG_ORDERS, MAY(RIGHT_ORDER_READ) },
	{ OFFICE_TAB_PROGRAMME, "/programme", MSG_PROGRAMME, MAY(RIGHT_PROGRAMME_READ) },
	{ OFFICE_TAB_CONTACTS, "/contacts", MSG_OFFICE_TAB_CONTACTS, MAY(RIGHT_CONTACT_READ) },
	{ OFFICE_TAB_SHIPPING, "/interfaces", MSG_SHIPPING, MAY(RIGHT_SHIPPING_READ) },
	{ OFFICE_TAB_MONEY, "/payments", MSG_OFFICE_TAB_MONEY, MAY(RIGHT_PAYMENT_READ) },
};

/* The institution's row. */
static const struct {
	enum office_place place;
	const char *path;
	enum message name;
	unsigned needs;
} places[] = {
	{ PLACE_DOCUMENT_TYPES, "/institution/document-types", MSG_OFFICE_PLACE_DOCUMENT_TYPES, MAY(RIGHT_DOCUMENT_READ) },
	{ PLACE_POINTS_OF_SALE, "/organisation/points-of-sale", MSG_OFFICE_PLACE_POINTS_OF_SALE, MAY(RIGHT_POINT_OF_SALE_READ) },
	{ PLACE_SETTINGS, "/institution/settings", MSG_OFFICE_PLACE_SETTINGS, MAY(RIGHT_SETTING_READ) },
	{ PLACE_OUTBOX, "/outbox", MSG_OFFICE_PLACE_OUTBOX, MAY(RIGHT_OUTBOX_READ) },
	{ PLACE_OPERATORS, "/operators", MSG_OFFICE_PLACE_OPERATORS, MAY(RIGHT_OPERATOR_READ) },
	{ PLACE_RIGHTS, "/rights", MSG_OFFICE_PLACE_RIGHTS, MAY(RIGHT_OPERATOR_READ) },
	{ PLACE_AUDIT, "/audit", MSG_OFFICE_PLACE_AUDIT, MAY(RIGHT_AUDIT_READ) },
};

/* What ?done= may name. */
static const struct {
	struct str name;
	enum message message;
} known[] = {
	{ { STR("signed-out") }, MSG_DONE_SIGNED_OUT },
	{ { STR("mail-retried") }, MSG_DONE_MAIL_RETRIED },
	{ { STR("mails-retried") }, MSG_DONE_MAILS_RETRIED },
	{ { STR("set-up") }, MSG_DONE_SET_UP },
	{ { STR("seats-split") }, MSG_DONE_SEATS_SPLIT },
	{ { STR("basket-anew") }, MSG_DONE_BASKET_ANEW },
	{ { STR("instalments-agreed") }, MSG_DONE_INSTALMENTS_AGREED },
	{ { STR("order-cancelled") }, MSG_DONE_ORDER_CANCELLED },
	{ { STR("ticket-cancelled") }, MSG_DONE_TICKET_CANCELLED },
	{ { STR("mail-server") }, MSG_DONE_MAIL_SERVER },
	{ { STR("saved") }, MSG_DONE_SAVED },
	{ { STR("email-withdrawn") }, MSG_DONE_EMAIL_WITHDRAWN },
	{ { STR("on-sale") }, MSG_DONE_ON_SALE },
	{ { STR("sale-stopped") }, MSG_DONE_SALE_STOPPED },
	{ { STR("performance-cancelled") }, MSG_DONE_PERFORMANCE_CANCELLED },
	{ { STR("in-force") }, MSG_DONE_IN_FORCE },
	{ { STR("test-sent") }, MSG_DONE_TEST_SENT },
	{ { STR("draft-dropped") }, MSG_DONE_DRAFT_DROPPED },
	{ { STR("link-sent") }, MSG_DONE_LINK_SENT },
	{ { STR("invited") }, MSG_DONE_INVITED },
	{ { STR("contact-made") }, MSG_DONE_CONTACT_MADE },
	{ { STR("contact-saved") }, MSG_DONE_CONTACT_SAVED },
	{ { STR("account-signed-out") }, MSG_DONE_ACCOUNT_SIGNED_OUT },
	{ { STR("account-blocked") }, MSG_DONE_ACCOUNT_BLOCKED },
	{ { STR("account-unblocked") }, MSG_DONE_ACCOUNT_UNBLOCKED },
	{ { STR("account-closed") }, MSG_DONE_ACCOUNT_CLOSED },
	{ { STR("mail-again") }, MSG_DONE_MAIL_AGAIN },
	{ { STR("email-asked") }, MSG_DONE_EMAIL_ASKED },
	{ { STR("merged") }, MSG_DONE_MERGED },
	{ { STR("unmerged") }, MSG_DONE_UNMERGED },
	{ { STR("account-session-ended") }, MSG_DONE_ACCOUNT_SESSION_ENDED },
	{ { STR("erased") }, MSG_DONE_ERASED },
	{ { STR("password-changed") }, MSG_DONE_PASSWORD_CHANGED },
	{ { STR("session-ended") }, MSG_DONE_SESSION_ENDED },
	{ { STR("sessions-ended") }, MSG_DONE_SESSIONS_ENDED },
	{ { STR("parked") }, MSG_DONE_PARKED },
	{ { STR("idle") }, MSG_DONE_IDLE },
	{ { STR("operator-made") }, MSG_DONE_OPERATOR_MADE },
	{ { STR("operator-changed") }, MSG_DONE_OPERATOR_CHANGED },
	{ { STR("operator-invited") }, MSG_DONE_OPERATOR_INVITED },
	{ { STR("operator-blocked") }, MSG_DONE_OPERATOR_BLOCKED },
	{ { STR("operator-unblocked") }, MSG_DONE_OPERATOR_UNBLOCKED },
	{ { STR("factor-reset") }, MSG_DONE_FACTOR_RESET },
	{ { STR("operator-signed-out") }, MSG_DONE_OPERATOR_SIGNED_OUT },
	{ { STR("payment-assigned") }, MSG_DONE_PAYMENT_ASSIGNED },
	{ { STR("watched-saved") }, MSG_DONE_WATCHED_SAVED },
	{ { STR("payment-closed") }, MSG_DONE_PAYMENT_CLOSED },
	{ { STR("language-changed") }, MSG_DONE_LANGUAGE_CHANGED },
};

/* Whether the way leads somewhere, and for this operator: its route is there and he may. */
static bool is_open(const struct staff *s, const char *path, unsigned needs)
{
	enum right right;
	if (decision_right(needs, &right) && !actor_may(&s->actor, right)) return false;
	for (size_t i = 0; i < office_route_count; i++)
		if (office_routes[i].method == GET && strcmp(office_routes[i].pattern, path) == 0) return true;
	return false;
}

static void add_places(struct office_page *p, enum office_place current)
{
	for (size_t i = 0; i < COUNT(places); i++)
		if (is_open(p->staff, places[i].path, places[i].needs))
			p->places[p->place_count++] = (struct office_way){ office_link(p, places[i].path), places[i].name, places[i].place == current };
}

static void add_tabs(struct office_page *p, enum office_tab current)
{
	for (size_t i = 0; i < COUNT(tabs); i++)
		if (is_open(p->staff, tabs[i].path, tabs[i].needs))
			p->tabs[p->tab_count++] = (struct office_way){ office_link(p, tabs[i].path), tabs[i].name, tabs[i].tab == current };
	add_places(p, PLACE_NONE);
	if (p->place_count)
		p->tabs[p->tab_count++] = (struct office_way){ p->places[0].to, MSG_OFFICE_TAB_INSTITUTION, current == OFFICE_TAB_INSTITUTION };
	p->place_count = 0;
}

_Static_assert(COUNT(tabs) + 1 <= OFFICE_WAYS_MAX && COUNT(places) <= OFFICE_WAYS_MAX, "an office_page has room for all ways");

/* "Box office, Manager": each once, in whatever context. */
static struct str profiles_text(struct request *r, const struct staff *s)
{
	struct operator_context *c;
	size_t count;
	bool seen[PROFILES] = { false };
	struct buf b = buf_in(r->arena);
	if (!r->db || operator_contexts(r->db, r->arena, s->person.id, &c, &count)) return S("");
	for (size_t i = 0; i < count; i++) {
		if (seen[c[i].profile]) continue;
		seen[c[i].profile] = true;
		if (b.len) buf_add(&b, S(", "));
		buf_add(&b, lang_text(r->arena, r->language, profile_title(c[i].profile), NULL));
	}
	return buf_str(&b);
}

struct office_page office_page(struct request *r, enum message title, enum office_tab tab)
{
	const struct door *d = office_door(r);
	const struct staff *s = staff_of(r);
	struct office_page p = {
		.request = r,
		.staff = s,
		.house = s	 ? s->person.institution_name
				 : d ? d->sale.house.name
					 : S("Parterre"),
		.look = url_of(d ? d->look : S("/look/005f6b.css")),
		.title = lang_text(r->arena, r->language, title, NULL),
	};
	for (int l = 0; l < LANGUAGES; l++)
		p.languages[l] = (struct office_language){ lang_tag((enum language)l), lang_name((enum language)l), (enum language)l == r->language };
	if (!s) return p;
	p.profiles = profiles_text(r, s);
	p.csrf_signout = csrf_token(r, "/signout");
	p.may_search = is_open(s, "/contacts", MAY(RIGHT_CONTACT_READ));
	add_tabs(&p, tab);
	return p;
}

struct office_page office_institution_page(struct request *r, enum message title, enum office_place place)
{
	struct office_page p = office_page(r, title, OFFICE_TAB_INSTITUTION);
	if (p.staff) add_places(&p, place);
	return p;
}

/* "?lang=fr" or "&lang=fr" behind B when the visitor came with it. */
static void add_language(struct buf *b, struct request *r)
{
	enum language chosen;
	if (!lang_from_tag(request_query(r, "lang"), &chosen)) return;
	buf_add_char(b, str_has(buf_str(b), '?') ? '&' : '?');
	buf_addf(b, "lang=%s", lang_tag(chosen));
}

struct url office_link(const struct office_page *p, const char *path)
{
	struct buf b = buf_in(p->request->arena);
	buf_add(&b, str_of(path));
	add_language(&b, p->request);
	return url_of(buf_str(&b));
}

struct url office_link_with(const struct office_page *p, const char *path, const char *name, struct str value)
{
	struct arena *a = p->request->arena;
	if (value.len == 0) return office_link(p, path);
	struct buf b = buf_in(a);
	buf_addf(&b, "%s%c%s=%.*s", path, str_has(str_of(path), '?') ? '&' : '?', name, STR_ARG(percent_encode(a, value)));
	add_language(&b, p->request);
	return url_of(buf_str(&b));
}

struct url office_link_id(const struct office_page *p, const char *format, int64_t id)
{
	struct buf b = buf_in(p->request->arena);
	buf_addf(&b, format, (long long)id);
	add_language(&b, p->request);
	return url_of(buf_str(&b));
}

struct response office_redirect(struct request *r, struct str path)
{
	struct buf b = buf_in(r->arena);
	buf_add(&b, path);
	add_language(&b, r);
	return response_redirect(r, 303, buf_str(&b));
}

struct render office_render(struct request *r)
{
	const struct door *d = office_door(r);
	const struct staff *s = staff_of(r);
	return render_in(r->arena, r->language, s ? s->person.zone : d ? d->sale.house.zone : S("Europe/Zurich"), r->prefix);
}

struct response office_answer(struct request *r, int status, const struct render *out)
{
	struct response answer = response_html(r, status, buf_str(&out->out));
	response_header(r, &answer, "Content-Language", str_of(lang_tag(r->language)));
	return answer;
}

struct str office_number(const struct office_page *p, int64_t n)
{
	return n < 0 ? S("") : str_format(p->request->arena, "%lld", (long long)n);
}

int64_t office_typed_number(const struct form *f, const char *field)
{
	int64_t n;
	return str_int64(form_text(f, field), &n) ? n : -1;
}

struct str office_field_error(const struct office_page *p, const struct problem *why, const char *field)
{
	const struct finding *f = why ? problem_at(why, field) : NULL;
	return f ? lang_finding(p->request->arena, p->request->language, f) : S("");
}

struct str office_text(const struct office_page *p, enum message m)
{
	return lang_text(p->request->arena, p->request->language, m, NULL);
}

struct str office_finding(const struct office_page *p, const struct finding *f)
{
	return lang_finding(p->request->arena, p->request->language, f);
}

struct str office_done(const struct office_page *p)
{
	struct request *r = p->request;
	struct str name = request_query(r, "done");
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(name, known[i].name)) return lang_text(r->arena, r->language, known[i].message, NULL);
	return S("");
}
