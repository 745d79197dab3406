/* office/counter_sell.c: what happens at the counter: places into the basket and out of it, and the sale. */
#include "office/counter.h"
#include "sales/price.h"

#define CODE_MAX	40
#define AMOUNT_MOST INT64_C(100000000) /* cents given in cash: a million francs */

static const struct form_field basket_fields[] = {
	{ "performance", .max = 19, .is_required = true },
	{ "contact", .max = 19 },
	{ "tariff", .max = CODE_MAX },
	{ "seat", .max = 19, .is_repeated = true },
};

/* Places by category and tariff, and seats that were ticked, all at one tariff. False: something is no number. */
static bool wishes_read(struct request *r, const struct form *f, struct wish *wishes, size_t *count)
{
	struct str name, value;
	size_t at = 0;
	while (form_next_named(r, S("places-"), &at, &name, &value)) {
		struct wish w;
		if (!wish_of_field(name, value, &w)) return false;
		if (w.n && *count == WISHES_MOST) return false;
		if (w.n) wishes[(*count)++] = w;
	}
	at = 0;
	while (form_next(f, "seat", &at, &value)) {
		struct wish w = { .n = 1, .tariff = form_text(f, "tariff") };
		if (!str_int64(value, &w.seat) || w.seat < 1 || *count == WISHES_MOST) return false;
		wishes[(*count)++] = w;
	}
	return true;
}

static struct response not_taken(struct request *r, struct counter_shown *x, enum basket_outcome got)
{
	struct problem why = problem_in(r->arena);
	switch (got) {
	case BASKET_TOO_FEW: problem_add(&why, "", MSG_BASKET_TOO_FEW); break;
	case BASKET_NOT_ON_SALE: problem_add(&why, "", MSG_BASKET_NOT_ON_SALE); break;
	case BASKET_TOO_MANY: problem_add(&why, "", MSG_COUNTER_TOO_MANY, arg_int("n", x->seller.places_most)); break;
	case BASKET_UNKNOWN: problem_add(&why, "", MSG_BASKET_NOTHING); break;
	default: return error_answer(r, 503);
	}
	return counter_screen(r, got == BASKET_TOO_FEW || got == BASKET_NOT_ON_SALE ? 409 : 422, x, &why);
}

struct response office_counter_basket(struct request *r)
{
	struct form f = form_read(r, basket_fields, COUNT(basket_fields));
	struct wish *wishes = ARENA_ARRAY(r->arena, struct wish, WISHES_MOST);
	struct counter_shown x = { .payment = S("cash") };
	struct response instead;
	size_t count = 0;
	int64_t performance, order;
	if (!counter_here(r, &x, &instead)) return instead;
	if (!x.here || problem_any(&f.why) || !str_int64(form_text(&f, "performance"), &performance)) return error_answer(r, 404);
	str_int64(form_text(&f, "contact"), &x.contact);
	bool is_read = wishes_read(r, &f, wishes, &count);
	struct basket_owner owner = counter_owner(r);
	x.wanted = performance;
	enum basket_outcome got = is_read ? basket_add(r->db, r->arena, &x.seller, &owner, performance, wishes, count, &order) : BASKET_UNKNOWN;
	if (got != BASKET_DONE && got != BASKET_SPLIT && got != BASKET_ANEW) return not_taken(r, &x, got);
	struct str path = counter_path(r, performance, x.contact);
	if (got == BASKET_DONE) return office_redirect(r, path);
	return office_redirect(r, str_format(r->arena, "%.*s&done=%s", STR_ARG(path), got == BASKET_SPLIT ? "seats-split" : "basket-anew"));
}

struct response office_counter_remove(struct request *r)
{
	static const struct form_field fields[] = { { "line", .max = 19, .is_required = true }, { "performance", .max = 19 }, { "contact", .max = 19 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct counter_shown x = { 0 };
	struct response instead;
	struct basket_owner owner = counter_owner(r);
	int64_t line, order, held_until, performance = 0, contact = 0;
	if (!counter_here(r, &x, &instead)) return instead;
	if (!x.here || problem_any(&f.why) || !str_int64(form_text(&f, "line"), &line)) return error_answer(r, 404);
	str_int64(form_text(&f, "performance"), &performance);
	str_int64(form_text(&f, "contact"), &contact);
	enum status st = basket_find(r->db, x.here->id, &owner, &order, &held_until);
	if (st == OK) st = basket_remove(r->db, order, line);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	return office_redirect(r, counter_path(r, performance, contact)); /* gone already: the page shows what is left */
}

/* ---- selling ---- */

static const struct form_field sell_fields[] = {
	{ "total", .max = 19, .is_required = true },
	{ "basket", .max = 19, .is_required = true },
	{ "payment", .max = 10, .is_required = true },
	{ "given", .max = 20 },
	{ "shipment_mode", .max = CODE_MAX },
	{ "performance", .max = 19 },
	{ "contact", .max = 19 },
};

/* "50", "50.5", "1’000,00": what somebody types in a hurry. */
static bool amount_read(struct str typed, int64_t *out)
{
	int64_t whole = 0, cents = 0;
	int decimals = -1;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (c >= '0' && c <= '9' && decimals < 0) whole = whole * 10 + (c - '0');
		else if (c >= '0' && c <= '9' && decimals < 2) cents = cents * 10 + (c - '0'), decimals++;
		else if ((c == '.' || c == ',') && decimals < 0) decimals = 0;
		else if (c != '\'' && c != ' ' && (unsigned char)c < 0x80) return false; /* beyond ASCII: a grouping mark */
		if (whole > AMOUNT_MOST / 100) return false;
	}
	*out = whole * 100 + (decimals == 1 ? cents * 10 : cents);
	return typed.len > 0;
}

static bool payment_read(struct str word, enum payment_mode *out)
{
	static const struct {
		const char *word;
		enum payment_mode mode;
	} all[] = { { "cash", PAY_CASH }, { "card", PAY_CARD }, { "invoice", PAY_INVOICE } };
	for (size_t i = 0; i < COUNT(all); i++) {
		if (!str_eq(word, str_of(all[i].word))) continue;
		*out = all[i].mode;
		return true;
	}
	return false;
}

/* The page shows the total without a mode's fee, and each fee beside its mode. */
static int64_t total_of(const struct till *t, struct str mode, int64_t shown)
{
	if (shown != t->subtotal) return -1;
	for (size_t i = 0; i < t->mode_count; i++)
		if (str_eq(t->modes[i].code, mode)) return till_total(t, &t->modes[i]);
	return shown;
}

static void say(enum checkout_outcome got, struct problem *why)
{
	if (got == CHECKOUT_OTHER_TOTAL) problem_add(why, "", MSG_CHECKOUT_OTHER_TOTAL);
	else if (got == CHECKOUT_LOST) problem_add(why, "", MSG_COUNTER_LOST);
}

/* The same form again: what its basket became. */
static struct response sold_before(struct request *r, const struct counter_shown *x, int64_t basket)
{
	struct order o;
	enum status st = order_get(r->db, r->arena, x->seller.institution, basket, &o);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	if (st || !o.number || !str_eq(o.browser_hash, counter_owner(r).browser_hash)) return office_redirect(r, S("/counter"));
	return office_redirect(r, str_format(r->arena, "/counter?sold=%.*s", STR_ARG(order_number(r->arena, o.number))));
}

struct response office_counter_sell(struct request *r)
{
	struct form f = form_read(r, sell_fields, COUNT(sell_fields));
	struct counter_shown x = { .payment = form_text(&f, "payment"), .given = form_text(&f, "given"), .mode = form_text(&f, "shipment_mode") };
	struct basket_owner owner = counter_owner(r);
	struct response instead;
	struct buyer buyer;
	struct str name;
	struct till till;
	enum payment_mode payment;
	struct counter_sale counter = { .operator_id = actor_of(r)->operator_id };
	int64_t basket, shown, number;
	int failed;
	if (!counter_here(r, &x, &instead)) return instead;
	if (!x.here || problem_any(&f.why) || !str_int64(form_text(&f, "basket"), &basket) || !str_int64(form_text(&f, "total"), &shown) ||
		!payment_read(x.payment, &payment))
		return error_answer(r, 404);
	str_int64(form_text(&f, "contact"), &x.contact);
	str_int64(form_text(&f, "performance"), &x.wanted);
	if (!counter_buyer(r, x.contact, &buyer, &name, &failed)) return error_answer(r, failed);
	if (!x.contact) buyer.country = x.seller.country, buyer.language = x.seller.main_language;
	enum status st = till_open(r->db, r->arena, &x.seller, &owner, r->language, &till);
	if (st == NOT_FOUND || (st == OK && till.order != basket)) return sold_before(r, &x, basket);
	if (st) return error_answer(r, 503);
	if (payment == PAY_CASH && x.given.len && !amount_read(x.given, &counter.given)) problem_add(&f.why, "given", MSG_COUNTER_GIVEN_NUMBER);
	struct purchase p = { .buyer = &buyer,
		.shipment_mode = x.mode,
		.payment = payment,
		.total = total_of(&till, x.mode, shown),
		.by_name = actor_of(r)->name,
		.contact = x.contact,
		.counter = &counter };
	enum checkout_outcome got = problem_any(&f.why) ? CHECKOUT_REFUSED : checkout(r->db, r->arena, &x.seller, &till, &p, &number, &f.why);
	if (got == CHECKOUT_TRY_AGAIN) return error_answer(r, 503);
	if (got == CHECKOUT_EMPTY) return sold_before(r, &x, basket);
	if (got != CHECKOUT_DONE) {
		say(got, &f.why);
		return counter_screen(r, got == CHECKOUT_REFUSED ? 422 : 409, &x, &f.why);
	}
	office_wake(r);
	struct str path = counter_path(r, x.wanted, 0);
	return office_redirect(r, str_format(r->arena, "%.*s%csold=%.*s", STR_ARG(path), x.wanted ? '&' : '?', STR_ARG(order_number(r->arena, number))));
}
