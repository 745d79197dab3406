/* shop/page.c: the frame of a page, and links that keep the language. */
#include "shop/shop.h"

#include "web/path.h"

struct shop_page shop_page(struct request *r, enum message title, enum shop_tab tab)
{
	const struct door *d = door_of(r);
	struct shop_page p = {
		.request = r,
		.door = d,
		.visitor = visitor_of(r),
		.text = &d->texts[r->language],
		.title = lang_text(r->arena, r->language, title, NULL),
		.tab = tab,
	};
	if (tab != TAB_NONE && r->db) p.in_basket = basket_tickets(r); /* an error's page asks nothing */
	for (int l = 0; l < LANGUAGES; l++) {
		if (!(d->sale.languages & 1u << l)) continue;
		p.languages[p.language_count++] =
			(struct shop_language){ lang_tag((enum language)l), lang_name((enum language)l), (enum language)l == r->language };
	}
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

struct url shop_link(const struct shop_page *p, const char *path)
{
	struct buf b = buf_in(p->request->arena);
	buf_add(&b, str_of(path));
	add_language(&b, p->request);
	return url_of(buf_str(&b));
}

struct url shop_link_with(const struct shop_page *p, const char *path, const char *name, struct str value)
{
	struct arena *a = p->request->arena;
	if (value.len == 0) return shop_link(p, path);
	struct buf b = buf_in(a);
	buf_addf(&b, "%s?%s=%.*s", path, name, STR_ARG(percent_encode(a, value)));
	add_language(&b, p->request);
	return url_of(buf_str(&b));
}

struct response shop_redirect(struct request *r, struct str path)
{
	struct buf b = buf_in(r->arena);
	buf_add(&b, path);
	add_language(&b, r);
	return response_redirect(r, 303, buf_str(&b));
}

struct render shop_render(struct request *r)
{
	return render_in(r->arena, r->language, door_of(r)->sale.house.zone, r->prefix);
}

struct response shop_answer(struct request *r, int status, const struct render *out)
{
	struct response answer = response_html(r, status, buf_str(&out->out));
	response_header(r, &answer, "Content-Language", str_of(lang_tag(r->language)));
	return answer;
}

struct str field_error(const struct shop_page *p, const struct problem *why, const char *field)
{
	const struct finding *f = why ? problem_at(why, field) : NULL;
	return f ? lang_finding(p->request->arena, p->request->language, f) : S("");
}

struct str page_text(const struct shop_page *p, enum message m)
{
	return lang_text(p->request->arena, p->request->language, m, NULL);
}

struct str finding_text(const struct shop_page *p, const struct finding *f)
{
	return lang_finding(p->request->arena, p->request->language, f);
}

struct str phone_shown(const struct shop_page *p)
{
	return phone_national(p->request->arena, p->door->sale.house.phone);
}

struct url phone_link(const struct shop_page *p)
{
	struct buf b = buf_in(p->request->arena);
	buf_add(&b, S("tel:"));
	buf_add(&b, p->door->sale.house.phone);
	return url_of(buf_str(&b));
}

struct url email_link(const struct shop_page *p)
{
	return url_of(str_format(p->request->arena, "mailto:%.*s", STR_ARG(p->door->sale.house.email)));
}

struct str done_message(const struct shop_page *p)
{
	static const struct {
		struct str name;
		enum message message;
	} known[] = {
		{ { STR("password-changed") }, MSG_DONE_PASSWORD_CHANGED },
		{ { STR("profile-changed") }, MSG_DONE_PROFILE_CHANGED },
		{ { STR("confirmed") }, MSG_DONE_CONFIRMED },
		{ { STR("confirmed-before") }, MSG_DONE_CONFIRMED_BEFORE },
		{ { STR("signed-out") }, MSG_DONE_SIGNED_OUT },
		{ { STR("session-ended") }, MSG_DONE_SESSION_ENDED },
		{ { STR("seats-split") }, MSG_DONE_SEATS_SPLIT },
		{ { STR("basket-anew") }, MSG_DONE_BASKET_ANEW },
		{ { STR("off-sale") }, MSG_CHECKOUT_OFF_SALE },
		{ { STR("sessions-ended") }, MSG_DONE_SESSIONS_ENDED },
	};
	struct request *r = p->request;
	struct str name = request_query(r, "done");
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(name, known[i].name)) return lang_text(r->arena, r->language, known[i].message, NULL);
	return S("");
}
