/* shop/checkout.c: the checkout on one page. */
#include "shop/checkout.html.h"

#include "base/country.h"
#include "sales/price.h"
#include "shop/account.h"
#include "shop/sale.h"
#include "web/csrf.h"

#define SENT_TWICE HOUR /* a checkout that comes again so late is another matter */

static const struct form_field checkout_fields[] = {
	{ "email", .max = EMAIL_MAX, .is_required = true },
	{ "first_name", .max = 200 }, /* accounts says how long a name may be */
	{ "last_name", .max = 200 },
	{ "street", .max = 70 }, /* as the QR-bill has it, SIX 2.3 */
	{ "house_number", .max = 16 },
	{ "postcode", .max = 16 },
	{ "town", .max = 35 },
	{ "country", .max = 2 },
	{ "shipment_mode", .max = 40 },
	{ "payment", .max = 20 },
	{ "terms", .max = 10 },
	{ "total", .max = 20 },
	{ "basket", .max = 19 },
};

/* What stands in the fields, and the mode that is ticked. */
struct filled {
	struct buyer buyer;
	struct str mode;
	bool has_terms;
};

static const struct shipment_mode *mode_of(const struct till *t, struct str code)
{
	for (size_t i = 0; i < t->mode_count; i++)
		if (str_eq(t->modes[i].code, code)) return &t->modes[i];
	for (size_t i = 0; i < t->mode_count; i++)
		if (!t->modes[i].is_too_late) return &t->modes[i];
	return NULL;
}

static struct country_shown *countries_of(struct request *r, struct str chosen, size_t *count)
{
	struct country *all = country_list(r->arena, r->language, count);
	struct country_shown *out = ARENA_ARRAY(r->arena, struct country_shown, *count);
	for (size_t i = 0; i < *count; i++) out[i] = (struct country_shown){ all[i].code, all[i].name, str_eq(all[i].code, chosen) };
	return out;
}

static struct fee_shown *fees_of(struct request *r, const struct till *t)
{
	struct fee_shown *out = ARENA_ARRAY(r->arena, struct fee_shown, t->fee_count + 1);
	for (size_t i = 0; i < t->fee_count; i++) {
		int64_t n = t->fees[i].kind == LINE_CHARGE ? t->lines.tickets : 1;
		out[i] = (struct fee_shown){ t->fees[i].name, n, n * t->fees[i].amount };
	}
	return out;
}

static struct mode_shown *modes_of(struct request *r, const struct till *t, const struct shipment_mode *chosen)
{
	struct mode_shown *out = ARENA_ARRAY(r->arena, struct mode_shown, t->mode_count + 1);
	for (size_t i = 0; i < t->mode_count; i++) out[i] = (struct mode_shown){ &t->modes[i], &t->modes[i] == chosen };
	return out;
}

static struct response checkout_answer(struct request *r, int status, const struct till *t, const struct filled *f, const struct problem *why)
{
	const struct shipment_mode *mode = mode_of(t, f->mode);
	struct shop_page p = shop_page(r, MSG_CHECKOUT, TAB_BASKET);
	struct tpl_shop_checkout page = {
		.page = &p,
		.till = t,
		.lines = lines_shown(r, &t->lines),
		.modes = modes_of(r, t, mode),
		.fees = fees_of(r, t),
		.total = till_total(t, mode),
		.csrf = csrf_token(r, "/checkout"),
		.buyer = &f->buyer,
		.has_terms = f->has_terms,
		.why = why,
	};
	p.is_error = problem_any(why);
	page.countries = countries_of(r, f->buyer.country, &page.country_count);
	struct render out = shop_render(r);
	tpl_shop_checkout(&out, &page);
	return shop_answer(r, status, &out);
}

struct response shop_checkout_page(struct request *r)
{
	struct seller seller;
	struct till till;
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	struct filled f = { .buyer = { .country = door_of(r)->sale.house.country } };
	if (!seller_of(r, &seller)) return error_answer(r, 503);
	enum status st = till_open(r->db, r->arena, &seller, &owner, r->language, &till);
	if (st == NOT_FOUND || (st == OK && till.lines.kept < till.lines.tickets)) return shop_redirect(r, S("/basket"));
	if (st) return error_answer(r, 503);
	if (visitor_of(r)) {
		const struct account *who = &visitor_of(r)->account;
		f.buyer = (struct buyer){ { who->email, who->email_key }, who->first_name, who->last_name, who->street, who->house_number, who->postcode,
			who->town, who->country, r->language, who->id };
	}
	return checkout_answer(r, 200, &till, &f, NULL);
}

/* ---- buying ---- */

/* Whether it is the very form that the order was made of: only who filled it in knows all of it. */
static bool is_same_buyer(const struct order *o, struct form *f)
{
	const struct {
		struct str was;
		const char *field;
	} all[] = { { o->buyer.email.shown, "email" }, { o->buyer.first_name, "first_name" }, { o->buyer.last_name, "last_name" },
		{ o->buyer.street, "street" }, { o->buyer.house_number, "house_number" }, { o->buyer.postcode, "postcode" }, { o->buyer.town, "town" } };
	bool is_same = true;
	for (size_t i = 0; i < COUNT(all); i++) is_same &= str_eq(all[i].was, form_text(f, all[i].field));
	return is_same;
}

/* Whether this browser bought ORDER; also one that clicked twice and never saw the first answer with its new cookie: it gets that now. */
static bool is_this_browsers(struct request *r, const struct basket_owner *owner, const struct order *o, struct form *f)
{
	if (str_eq_secret(o->browser_hash, owner->browser_hash)) return true;
	struct str token = basket_token_after(r, o->id);
	if (!str_eq_secret(o->browser_hash, browser_hash(r->arena, token)) || !is_same_buyer(o, f)) return false;
	basket_renew(r, token);
	return true;
}

/* The order that this basket, or this browser's last one, became. */
static struct response bought_before(struct request *r, const struct basket_owner *owner, int64_t basket, struct form *f)
{
	struct order o;
	enum status st = NOT_FOUND;
	if (owner->browser_hash.len && basket) {
		st = order_get(r->db, r->arena, door_of(r)->sale.institution, basket, &o);
		if (st == OK && (!o.number || !is_this_browsers(r, owner, &o, f))) st = NOT_FOUND;
	}
	if (st == NOT_FOUND && owner->browser_hash.len)
		st = order_of_browser(r->db, r->arena, door_of(r)->sale.id, owner->browser_hash, store_now(r->db) - SENT_TWICE, &o);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	if (st == NOT_FOUND) return shop_redirect(r, S("/basket"));
	return shop_redirect(r, str_format(r->arena, "/orders/%.*s", STR_ARG(order_number(r->arena, o.number))));
}

static struct filled filled_of(struct request *r, struct form *f)
{
	struct filled x = {
		.buyer = {
			.email = { .shown = form_text(f, "email") },
			.first_name = form_text(f, "first_name"),
			.last_name = form_text(f, "last_name"),
			.street = form_text(f, "street"),
			.house_number = form_text(f, "house_number"),
			.postcode = form_text(f, "postcode"),
			.town = form_text(f, "town"),
			.country = form_text(f, "country"),
			.language = r->language,
			.account = visitor_of(r) ? visitor_of(r)->account.id : 0,
		},
		.mode = form_text(f, "shipment_mode"),
		.has_terms = form_has(f, "terms"),
	};
	if (x.buyer.email.shown.len) email_read(r->arena, form_text(f, "email"), "email", &x.buyer.email, &f->why);
	if (!x.has_terms) problem_add(&f->why, "terms", MSG_TERMS_MISSING);
	if (!str_eq(form_text(f, "payment"), S("invoice"))) problem_add(&f->why, "payment", MSG_PAYMENT_MISSING);
	return x;
}

/* The page showed the total with the mode that was ticked at first, and each mode's fee beside it: who ticked another one saw what it costs. */
static int64_t total_seen(const struct till *t, const struct filled *f, const struct form *form)
{
	int64_t seen = 0;
	const struct shipment_mode *mode = mode_of(t, f->mode);
	if (!price_read(form_text(form, "total"), &seen)) return -1;
	for (size_t i = 0; i < t->mode_count; i++)
		if (seen == till_total(t, &t->modes[i])) return till_total(t, mode);
	return seen;
}

struct response shop_checkout(struct request *r)
{
	struct form form = form_read(r, checkout_fields, COUNT(checkout_fields));
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	struct seller seller;
	struct till till;
	int64_t basket = 0, number;
	str_int64(form_text(&form, "basket"), &basket);
	if (!seller_of(r, &seller)) return error_answer(r, 503);
	enum status st = till_open(r->db, r->arena, &seller, &owner, r->language, &till);
	if (st == NOT_FOUND || (st == OK && basket && basket != till.order)) return bought_before(r, &owner, basket, &form);
	if (st) return error_answer(r, 503);
	struct filled f = filled_of(r, &form);
	struct str token = basket_token_after(r, till.order);
	struct purchase p = { .buyer = &f.buyer,
		.shipment_mode = f.mode,
		.payment = PAY_INVOICE,
		.total = total_seen(&till, &f, &form),
		.by_name = S("buyer"),
		.browser_before = owner.browser_hash,
		.browser_after = browser_hash(r->arena, token) };
	switch (checkout(r->db, r->arena, &seller, &till, &p, &number, &form.why)) {
	case CHECKOUT_DONE:
		basket_renew(r, token);
		wake_background(r);
		return shop_redirect(r, str_format(r->arena, "/orders/%.*s", STR_ARG(order_number(r->arena, number))));
	case CHECKOUT_REFUSED: return checkout_answer(r, 422, &till, &f, &form.why);
	case CHECKOUT_OTHER_TOTAL: problem_add(&form.why, "", MSG_CHECKOUT_OTHER_TOTAL); break;
	case CHECKOUT_LOST: problem_add(&form.why, "", MSG_CHECKOUT_LOST); break;
	case CHECKOUT_OFF_SALE: problem_add(&form.why, "", MSG_CHECKOUT_OFF_SALE); break;
	case CHECKOUT_EMPTY: return bought_before(r, &owner, basket, &form);
	case CHECKOUT_TRY_AGAIN: return error_answer(r, 503);
	}
	if ((st = till_open(r->db, r->arena, &seller, &owner, r->language, &till)))
		return st == NOT_FOUND ? shop_redirect(r, S("/basket?done=off-sale")) : error_answer(r, 503); /* nothing is left of it */
	return checkout_answer(r, 422, &till, &f, &form.why);
}
