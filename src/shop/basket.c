/* shop/basket.c: putting places into the basket, looking at it, giving them back. */
#include "shop/basket.html.h"
#include "shop/sale.h"
#include "web/csrf.h"

#define CODE_MAX 40 /* of a category or tariff in a field's name */

int64_t basket_tickets(struct request *r)
{
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	int64_t tickets = 0;
	if (!owner.browser_hash.len && !owner.account) return 0;
	return basket_count(r->db, door_of(r)->sale.id, &owner, &tickets) ? 0 : tickets;
}

static struct response basket_answer(struct request *r, int status, const struct problem *why)
{
	struct shop_page p = shop_page(r, MSG_TAB_BASKET, TAB_BASKET);
	struct lines lines = { 0 };
	struct tpl_shop_basket page = { .page = &p,
		.lines = &lines,
		.csrf = csrf_token(r, "/basket/remove"),
		.csrf_mend = csrf_token(r, "/basket/mend"),
		.done = done_message(&p),
		.why = why };
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	int64_t order;
	enum status st = basket_find(r->db, door_of(r)->sale.id, &owner, &order, &page.held_until);
	if (st == OK) st = lines_read(r->db, r->arena, order, r->language, door_of(r)->sale.house.main_language, &lines);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	p.is_error = problem_any(why);
	page.shown = lines_shown(r, &lines);
	page.is_over = page.held_until <= store_now(r->db);
	struct render out = shop_render(r);
	tpl_shop_basket(&out, &page);
	return shop_answer(r, status, &out);
}

struct response shop_basket_page(struct request *r)
{
	return basket_answer(r, 200, NULL);
}

/* ---- adding ---- */

static const struct form_field basket_fields[] = {
	{ "performance", .max = 19, .is_required = true },
	{ "seat", .max = 2 * CODE_MAX, .is_repeated = true },
};

/* "places-CATEGORY-TARIFF": a number each; "" and 0 wish for nothing. False: not a number. */
static bool places_read(struct request *r, struct wish *wishes, size_t *count)
{
	struct str name, value;
	size_t at = 0;
	while (form_next_named(r, S("places-"), &at, &name, &value)) {
		struct wish w;
		if (!wish_of_field(name, value, &w)) return false;
		if (w.n && *count == WISHES_MOST) return false;
		if (w.n) wishes[(*count)++] = w;
	}
	return true;
}

/* "SEAT-TARIFF", one for each seat pointed at. */
static bool seats_read(const struct form *f, struct wish *wishes, size_t *count)
{
	struct str value, seat;
	size_t at = 0;
	while (form_next(f, "seat", &at, &value)) {
		struct wish w = { .n = 1 };
		if (!str_next(&value, '-', &seat) || value.len == 0 || !str_int64(seat, &w.seat) || w.seat < 1) return false;
		w.tariff = value;
		if (*count == WISHES_MOST) return false;
		wishes[(*count)++] = w;
	}
	return true;
}

static struct response not_taken(struct request *r, int64_t performance, enum basket_outcome got, const struct seller *s)
{
	struct problem why = problem_in(r->arena);
	switch (got) {
	case BASKET_TOO_FEW: problem_add(&why, "", MSG_BASKET_TOO_FEW); break;
	case BASKET_NOT_ON_SALE: problem_add(&why, "", MSG_BASKET_NOT_ON_SALE); break;
	case BASKET_TOO_MANY: problem_add(&why, "", MSG_BASKET_TOO_MANY, arg_int("n", s->places_most)); break;
	case BASKET_UNKNOWN: problem_add(&why, "", MSG_BASKET_NOTHING); break;
	default: return error_answer(r, 503);
	}
	return shop_performance_answer(r, got == BASKET_TOO_FEW || got == BASKET_NOT_ON_SALE ? 409 : 422, performance, &why);
}

struct response shop_basket(struct request *r)
{
	struct form f = form_read(r, basket_fields, COUNT(basket_fields));
	struct wish *wishes = ARENA_ARRAY(r->arena, struct wish, WISHES_MOST);
	struct seller seller;
	size_t count = 0;
	int64_t performance, order;
	if (problem_any(&f.why) || !str_int64(form_text(&f, "performance"), &performance)) return error_answer(r, 404);
	if (!seller_of(r, &seller)) return error_answer(r, 503);
	bool is_read = places_read(r, wishes, &count) && seats_read(&f, wishes, &count);
	struct basket_owner owner = owner_of(r, OWNER_NEW_ONE);
	enum basket_outcome got = is_read ? basket_add(r->db, r->arena, &seller, &owner, performance, wishes, count, &order) : BASKET_UNKNOWN;
	if (got == BASKET_DONE) return shop_redirect(r, S("/basket"));
	if (got == BASKET_SPLIT) return shop_redirect(r, S("/basket?done=seats-split"));
	if (got == BASKET_ANEW) return shop_redirect(r, S("/basket?done=basket-anew"));
	return not_taken(r, performance, got, &seller);
}

/* ---- giving back ---- */

static const struct form_field remove_fields[] = { { "line", .max = 19, .is_required = true } };

struct response shop_basket_remove(struct request *r)
{
	struct form f = form_read(r, remove_fields, COUNT(remove_fields));
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	int64_t line, order, held_until;
	if (problem_any(&f.why) || !str_int64(form_text(&f, "line"), &line)) return error_answer(r, 404);
	enum status st = basket_find(r->db, door_of(r)->sale.id, &owner, &order, &held_until);
	if (st == OK) st = basket_remove(r->db, order, line);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	return shop_redirect(r, S("/basket")); /* gone already: the page shows what is left */
}

/* What others took meanwhile goes from the lines, now that the buyer has been told and goes on with the rest. */
struct response shop_basket_mend(struct request *r)
{
	struct basket_owner owner = owner_of(r, OWNER_AS_IS);
	int64_t order, held_until;
	enum status st = basket_find(r->db, door_of(r)->sale.id, &owner, &order, &held_until);
	if (st == OK) st = basket_mend(r->db, order);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	return shop_redirect(r, S("/checkout")); /* which leads back to an empty basket */
}
