/* sales/basket.c: taking places into a basket, and out of it. */
#include "sales/basket.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "sales/place.h"
#include "sales/seating.h"

#define BASKET_KEPT	 DAY /* after its holds are over: who comes back the same evening still finds it */
#define SWEEP_MOST	 500
#define LAST_MINUTES (2 * MINUTE) /* a basket that may live no longer than this begins anew */

struct str browser_hash(struct arena *a, struct str token)
{
	unsigned char *hash = arena_alloc(a, 32);
	crypto_generichash(hash, 32, (const unsigned char *)token.at, token.len, NULL, 0);
	return (struct str){ (char *)hash, 32 };
}

enum status basket_find(struct conn *db, int64_t point_of_sale, const struct basket_owner *owner, int64_t *order, int64_t *held_until)
{
	static const struct sql own =
		SQL("SELECT id, held_until FROM customer_order WHERE point_of_sale = $1 AND browser_hash = $2 AND state = 'in_progress'");
	static const struct sql accounts =
		SQL("SELECT id, held_until FROM customer_order WHERE account = $2 AND point_of_sale = $1 AND state = 'in_progress'"
			" ORDER BY id DESC LIMIT 1");
	enum status st = NOT_FOUND;
	if (owner->browser_hash.len) st = store_row(db, &own, int64(point_of_sale), blob(owner->browser_hash));
	if (st == NOT_FOUND && owner->account) st = store_row(db, &accounts, int64(point_of_sale), int64(owner->account));
	if (st) return st;
	*order = col_int64(db, 0);
	*held_until = col_int64(db, 1);
	return OK;
}

enum status basket_count(struct conn *db, int64_t point_of_sale, const struct basket_owner *owner, int64_t *tickets)
{
	static const struct sql q =
		SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT) FROM order_line WHERE customer_order = $1 AND kind = 'ticket'");
	int64_t order, until;
	*tickets = 0;
	enum status st = basket_find(db, point_of_sale, owner, &order, &until);
	if (st) return st == NOT_FOUND ? OK : st;
	if ((st = store_row(db, &q, int64(order)))) return st;
	*tickets = col_int64(db, 0);
	return OK;
}

/* ---- adding ---- */

/* A wish with what it means: read before the write, prices fixed with it. */
struct part {
	int64_t category, tariff, price, n, seat, zone;
	bool is_numbered;
};

struct adding {
	struct arena *a;
	const struct seller *s;
	const struct basket_owner *owner;
	struct part *parts;
	size_t count;
	int64_t vat;
	struct pool *pools;
	size_t pool_count;
	int64_t order, until;
	bool is_split, is_over_most, is_anew;
};

static int64_t most_of(const struct seller *s)
{
	return s->places_most < PLACES_MOST ? s->places_most : PLACES_MOST;
}

static enum status insert_basket(struct conn *db, struct adding *x)
{
	static const struct sql q = SQL(
		"INSERT INTO customer_order (institution, point_of_sale, state, reason, browser_hash, account, made_at, held_until, currency, total, payment,"
		"  language, email, email_key, first_name, last_name, street, house_number, postcode, town, country)"
		" VALUES ($1, $2, 'in_progress', '', $3, $4, $5, $6, $7, 0, '', $8, '', '', '', '', '', '', '', '', '')"
		" ON CONFLICT DO NOTHING RETURNING id");
	int64_t now = store_now(db);
	x->until = now + (x->s->hold < x->s->longest ? x->s->hold : x->s->longest);
	enum status st = store_row(db, &q, int64(x->s->institution), int64(x->s->point_of_sale), blob(x->owner->browser_hash),
		x->owner->account ? int64(x->owner->account) : null_value(), int64(now), int64(x->until), text(x->s->currency),
		text(str_of(lang_tag(x->s->main_language))));
	if (st == NOT_FOUND) return CONFLICT; /* another tab began one at the same time: ours is to join it */
	if (st == OK) x->order = col_int64(db, 0);
	return st;
}

static enum status abandon(struct conn *db, int64_t order)
{
	static const struct sql q = SQL("UPDATE customer_order SET state = 'abandoned' WHERE id = $1 AND state = 'in_progress'");
	static const struct sql lines =
		SQL("UPDATE place SET free_from = 0, holder = NULL WHERE id IN (SELECT id FROM place WHERE holder IN (SELECT id FROM order_line"
			"  WHERE customer_order = $1) AND free_from < $2" SKIP_LOCKED ") AND free_from < $2");
	enum status st = store_exec(db, &q, int64(order));
	if (st || store_changes(db) == 0) return st;
	return store_exec(db, &lines, int64(order), int64(PLACE_TAKEN));
}

/* The basket's row first: whatever changes an order begins with it. */
static enum status begin(struct conn *db, struct adding *x)
{
	static const struct sql q = SQL("UPDATE customer_order SET held_until = CASE WHEN made_at + $4 < $3 THEN made_at + $4 ELSE $3 END,"
									"  account = COALESCE($2, account) WHERE id = $1 AND state = 'in_progress' RETURNING held_until, made_at");
	int64_t now = store_now(db), held;
	enum status st = basket_find(db, x->s->point_of_sale, x->owner, &x->order, &held);
	if (st == NOT_FOUND) return insert_basket(db, x);
	if (st) return st;
	st = store_row(
		db, &q, int64(x->order), x->owner->account ? int64(x->owner->account) : null_value(), int64(now + x->s->hold), int64(x->s->longest));
	if (st == NOT_FOUND) return CONFLICT; /* checked out meanwhile */
	if (st) return st;
	x->until = col_int64(db, 0);
	if (col_int64(db, 1) + x->s->longest > now + LAST_MINUTES) return place_hold_on(db, x->order, x->until);
	x->is_anew = true;
	if ((st = abandon(db, x->order))) return st;
	return insert_basket(db, x);
}

static enum status add_line(struct conn *db, const struct adding *x, const struct part *p, int64_t zone, int64_t n, int64_t *line)
{
	static const struct sql q =
		SQL("INSERT INTO order_line (customer_order, kind, performance_zone, tariff, quantity, price, vat) VALUES ($1, 'ticket', $2, $3, $4, $5, $6)"
			" ON CONFLICT (customer_order, performance_zone, tariff, price) DO UPDATE SET quantity = order_line.quantity + excluded.quantity"
			" RETURNING id");
	enum status st = store_row(db, &q, int64(x->order), int64(zone), int64(p->tariff), int64(n), int64(p->price), int64(x->vat));
	if (st == OK) *line = col_int64(db, 0);
	return st;
}

static bool is_pool_of(const struct pool *pool, const struct part *p)
{
	return pool->seat_category == p->category && !pool->is_numbered;
}

/* Places without numbers: from the first pool that has them, the rest from the next. */
static enum status take_places(struct conn *db, struct adding *x, const struct part *p)
{
	int64_t left = p->n, line;
	size_t pools = 0;
	enum status st;
	for (size_t i = 0; i < x->pool_count; i++) pools += is_pool_of(&x->pools[i], p);
	for (size_t i = 0; i < x->pool_count && left > 0; i++) {
		if (!is_pool_of(&x->pools[i], p)) continue;
		int64_t n = left;
		if (--pools > 0 && (st = place_count_free(db, x->pools[i].zone, left, &n))) return st; /* the last gives all or nothing */
		if (n == 0) continue;
		if ((st = add_line(db, x, p, x->pools[i].zone, n, &line))) return st;
		if ((st = place_take(db, x->pools[i].zone, n, line, x->until))) return st;
		left -= n;
	}
	return left ? NOT_FOUND : OK;
}

/* ---- seats ---- */

static enum status read_seats(struct conn *db, struct arena *a, int64_t zone, struct seat_at **out, size_t *count)
{
	static const struct sql q = SQL("SELECT s.row_rank, s.position, p.free_from FROM place p JOIN seat s ON s.id = p.seat WHERE p.zone = $1"
									" ORDER BY s.row_rank, s.position LIMIT $2");
	int64_t now = store_now(db);
	enum status st;
	*out = ARENA_ARRAY(a, struct seat_at, PLAN_SEATS_MOST);
	*count = 0;
	if ((st = store_query(db, &q, int64(zone), int64(PLAN_SEATS_MOST)))) return st;
	while ((st = store_next(db)) == OK) (*out)[(*count)++] = (struct seat_at){ col_int64(db, 0), col_int64(db, 1), col_int64(db, 2) <= now };
	return st == NOT_FOUND ? OK : st;
}

/* Buyers who come together begin at different ones of the best runs, by their baskets. */
static unsigned hash_of(const struct adding *x)
{
	uint8_t h = 0;
	for (size_t i = 0; i < x->owner->browser_hash.len; i++) h = (uint8_t)(h * 31 + (uint8_t)x->owner->browser_hash.at[i]);
	return h;
}

/* One run for N in ZONE. NOT_FOUND: no row is long enough. A run that somebody else is taking just now is passed over for the next: it is still free to our eyes, so
 * that choosing anew would find it first again. */
static enum status take_one_run(struct conn *db, struct adding *x, int64_t zone, int64_t n, int64_t line)
{
	struct arena *a = arena_new();
	enum status st = NOT_FOUND;
	for (unsigned try = 0; try < TAKE_TRIES && (st == NOT_FOUND || st == CONFLICT); try++) {
		struct seat_at *seats;
		struct seat_run best[SEATING_BEST];
		size_t count;
		arena_reset(a);
		if ((st = read_seats(db, a, zone, &seats, &count))) break;
		size_t runs = seating_best(seats, count, n, best);
		st = NOT_FOUND;
		if (runs == 0) break;
		const struct seat_run *run = &best[(hash_of(x) + try) % runs];
		st = place_take_run(db, zone, run->row, run->position, run->last, line, x->until);
	}
	arena_free(a);
	return st;
}

/* Several runs for N in ZONE. NOT_FOUND: fewer are free. */
static enum status take_runs(struct conn *db, struct adding *x, int64_t zone, int64_t n, int64_t line)
{
	struct arena *a = arena_new();
	struct seat_run *runs = ARENA_ARRAY(a, struct seat_run, (size_t)n);
	struct seat_at *seats;
	size_t count, run_count = 0;
	enum status st = read_seats(db, a, zone, &seats, &count);
	if (st == OK && (run_count = seating_split(a, seats, count, n, runs)) == 0) st = NOT_FOUND;
	for (size_t i = 0; i < run_count && st == OK; i++) {
		st = place_take_run(db, zone, runs[i].row, runs[i].position, runs[i].last, line, x->until);
		if (st == NOT_FOUND) st = CONFLICT; /* others were quicker: look again from the beginning */
	}
	arena_free(a);
	return st;
}

/* What the parts of one category, AT its first, wish for together in numbered seats. */
static int64_t sum_of(const struct adding *x, size_t at)
{
	int64_t n = 0;
	for (size_t i = at; i < x->count; i++)
		if (x->parts[i].category == x->parts[at].category && !x->parts[i].seat) n += x->parts[i].n;
	return n;
}

static bool is_first_of_category(const struct adding *x, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (x->parts[i].category == x->parts[at].category && !x->parts[i].seat) return false;
	return true;
}

/* All are taken for the first part's line and passed on to the others', so that a family sits together whatever each pays. */
static enum status take_seats_in(struct conn *db, struct adding *x, size_t at, int64_t zone, bool may_split)
{
	int64_t n = sum_of(x, at), first, line;
	enum status st;
	if ((st = add_line(db, x, &x->parts[at], zone, x->parts[at].n, &first))) return st;
	st = take_one_run(db, x, zone, n, first);
	if (st == NOT_FOUND && may_split && (st = take_runs(db, x, zone, n, first)) == OK) x->is_split = true;
	if (st) return st;
	for (size_t i = at + 1; i < x->count; i++) {
		const struct part *p = &x->parts[i];
		if (p->category != x->parts[at].category || p->seat) continue;
		if ((st = add_line(db, x, p, zone, p->n, &line))) return st;
		if ((st = place_pass(db, first, line, p->n, x->until))) return st;
	}
	return OK;
}

static enum status drop_line_of(struct conn *db, const struct adding *x, size_t at, int64_t zone)
{
	static const struct sql less =
		SQL("UPDATE order_line SET quantity = quantity - $4 WHERE customer_order = $1 AND performance_zone = $2 AND tariff = $3 AND price = $5");
	static const struct sql none = SQL("DELETE FROM order_line WHERE customer_order = $1 AND quantity = 0 AND kind = 'ticket'");
	const struct part *p = &x->parts[at];
	enum status st = store_exec(db, &less, int64(x->order), int64(zone), int64(p->tariff), int64(p->n), int64(p->price));
	return st ? st : store_exec(db, &none, int64(x->order));
}

/* No pool has enough alone: from each what it has, with numbers or without. */
static enum status take_from_all(struct conn *db, struct adding *x, size_t at)
{
	size_t k = at;
	int64_t left = x->parts[at].n, free, line;
	enum status st;
	for (size_t i = 0; i < x->pool_count && k < x->count; i++) {
		const struct pool *pool = &x->pools[i];
		if (pool->seat_category != x->parts[at].category) continue;
		if ((st = place_count_free(db, pool->zone, sum_of(x, at), &free))) return st;
		while (free > 0 && k < x->count) {
			int64_t n = left < free ? left : free;
			if ((st = add_line(db, x, &x->parts[k], pool->zone, n, &line))) return st;
			st = pool->is_numbered ? take_runs(db, x, pool->zone, n, line) : place_take(db, pool->zone, n, line, x->until);
			if (st) return st == NOT_FOUND ? CONFLICT : st; /* counted a moment ago */
			free -= n;
			if ((left -= n) > 0) continue;
			for (k++; k < x->count && (x->parts[k].category != x->parts[at].category || x->parts[k].seat);) k++;
			left = k < x->count ? x->parts[k].n : 0;
		}
	}
	x->is_split = true;
	return k < x->count ? NOT_FOUND : OK;
}

/* The pools in turn: first one that has a run for all, then one that has enough in several. */
static enum status take_seats(struct conn *db, struct adding *x, size_t at)
{
	enum status st = NOT_FOUND;
	for (int may_split = 0; may_split <= 1; may_split++)
		for (size_t i = 0; i < x->pool_count; i++) {
			const struct pool *pool = &x->pools[i];
			if (!pool->is_numbered || pool->seat_category != x->parts[at].category) continue;
			st = take_seats_in(db, x, at, pool->zone, may_split);
			if (st != NOT_FOUND) return st;
			if ((st = drop_line_of(db, x, at, pool->zone))) return st;
		}
	return take_from_all(db, x, at);
}

/* The seats that somebody pointed at. */
static enum status take_seat(struct conn *db, struct adding *x, const struct part *p)
{
	static const struct sql ours = SQL("SELECT p.id FROM place p JOIN order_line n ON n.id = p.holder WHERE p.zone = $1 AND p.seat = $2 AND "
									   "n.customer_order = $3 AND p.free_from = $4");
	int64_t line;
	enum status st = store_row(db, &ours, int64(p->zone), int64(p->seat), int64(x->order), int64(x->until));
	if (st != NOT_FOUND) return st; /* the form came twice */
	if ((st = add_line(db, x, p, p->zone, 1, &line))) return st;
	return place_take_seat(db, p->zone, p->seat, line, x->until);
}

static enum status check_most(struct conn *db, struct adding *x)
{
	static const struct sql q = SQL("SELECT CAST(sum(quantity) AS BIGINT) FROM order_line WHERE customer_order = $1 AND kind = 'ticket'");
	enum status st = store_row(db, &q, int64(x->order));
	if (st) return st;
	x->is_over_most = col_int64(db, 0) > most_of(x->s);
	return x->is_over_most ? REFUSED : OK;
}

static enum status add(struct conn *db, void *arg)
{
	struct adding *x = arg;
	enum status st;
	x->is_split = x->is_over_most = x->is_anew = false;
	if ((st = begin(db, x))) return st;
	for (size_t i = 0; i < x->count; i++) {
		const struct part *p = &x->parts[i];
		if (p->seat) st = take_seat(db, x, p);
		else if (!p->is_numbered) st = take_places(db, x, p);
		else st = is_first_of_category(x, i) ? take_seats(db, x, i) : OK;
		if (st) return st;
	}
	return check_most(db, x);
}

/* ---- what wishes mean ---- */

static const struct price_of *price_in(const struct category_offer *c, struct str tariff)
{
	for (size_t i = 0; i < c->price_count; i++)
		if (str_eq(c->prices[i].code, tariff)) return &c->prices[i];
	return NULL;
}

static const struct category_offer *category_of_seat(
	const struct offers *o, const struct plan_seat *plan, size_t plan_count, int64_t seat, int64_t *zone)
{
	for (size_t i = 0; i < plan_count; i++) {
		if (plan[i].seat != seat) continue;
		*zone = plan[i].zone;
		for (size_t k = 0; k < o->count; k++)
			if (o->categories[k].id == plan[i].seat_category) return &o->categories[k];
	}
	return NULL;
}

/* A seat in another channel's share is not this one's to sell, whoever knows its number. */
static bool is_in_pools(const struct adding *x, int64_t zone)
{
	for (size_t i = 0; i < x->pool_count; i++)
		if (x->pools[i].zone == zone) return true;
	return false;
}

static const struct category_offer *category_named(const struct offers *o, struct str code)
{
	for (size_t i = 0; i < o->count; i++)
		if (str_eq(o->categories[i].code, code)) return &o->categories[i];
	return NULL;
}

static bool means(const struct offers *o, const struct plan_seat *plan, size_t plan_count, const struct wish *w, struct part *p)
{
	const struct category_offer *c = w->seat ? category_of_seat(o, plan, plan_count, w->seat, &p->zone) : category_named(o, w->category);
	const struct price_of *price = c ? price_in(c, w->tariff) : NULL;
	if (!price || w->n < 1) return false;
	p->category = c->id;
	p->is_numbered = c->is_numbered;
	p->tariff = price->tariff;
	p->price = price->price;
	p->n = w->n;
	p->seat = w->seat;
	return true;
}

/* Seats are taken in the order of their ids, so that two who point at the same ones don't wait for each other crosswise. */
static void sort_by_seat(struct part *parts, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct part p = parts[i];
		size_t at = i;
		for (; at > 0 && parts[at - 1].seat > p.seat; at--) parts[at] = parts[at - 1];
		parts[at] = p;
	}
}

static bool has_seats(const struct wish *wishes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (wishes[i].seat) return true;
	return false;
}

static enum status on_sale(struct conn *db, struct arena *a, const struct seller *s, int64_t performance, bool *out)
{
	struct show show;
	enum status st = catalogue_show(db, a, s, s->main_language, performance, &show);
	*out = st == OK && show.offer != OFFER_LATER && show.offer != OFFER_OVER && show.offer != OFFER_CANCELLED;
	return st == NOT_FOUND ? OK : st;
}

enum basket_outcome basket_add(struct conn *db, struct arena *a, const struct seller *s, const struct basket_owner *owner, int64_t performance,
	const struct wish *wishes, size_t count, int64_t *order)
{
	struct adding x = { .a = a, .s = s, .owner = owner, .parts = ARENA_ARRAY(a, struct part, count ? count : 1) };
	struct offers offers;
	struct plan_seat *plan = NULL;
	size_t plan_count = 0;
	bool is_on_sale;
	enum status st = on_sale(db, a, s, performance, &is_on_sale);
	if (st == OK && !is_on_sale) return BASKET_NOT_ON_SALE;
	if (st == OK) st = catalogue_prices(db, a, s, performance, &offers);
	if (st == OK) st = catalogue_pools(db, a, s, performance, &x.pools, &x.pool_count);
	if (st == OK && has_seats(wishes, count)) st = catalogue_plan(db, a, s, s->main_language, performance, &plan, &plan_count);
	if (st) return BASKET_TRY_AGAIN;
	if (count == 0 || count > WISHES_MOST) return count ? BASKET_TOO_MANY : BASKET_UNKNOWN;
	int64_t wanted = 0;
	for (size_t i = 0; i < count; i++) {
		if (wishes[i].n > most_of(s)) return BASKET_TOO_MANY;
		struct part *p = &x.parts[x.count++];
		if (!means(&offers, plan, plan_count, &wishes[i], p) || (p->seat && !is_in_pools(&x, p->zone))) return BASKET_UNKNOWN;
		wanted += wishes[i].n;
	}
	if (wanted > most_of(s)) return BASKET_TOO_MANY;
	x.vat = offers.vat;
	sort_by_seat(x.parts, x.count);
	st = store_write(db, add, &x);
	*order = x.order;
	if (st == NOT_FOUND && on_sale(db, a, s, performance, &is_on_sale) == OK && !is_on_sale) return BASKET_NOT_ON_SALE; /* meanwhile */
	if (st == NOT_FOUND) return BASKET_TOO_FEW;
	if (st == REFUSED && x.is_over_most) return BASKET_TOO_MANY;
	if (st) return BASKET_TRY_AGAIN;
	return x.is_anew ? BASKET_ANEW : x.is_split ? BASKET_SPLIT : BASKET_DONE;
}

#define CODE_MAX 40 /* of a category or tariff in a field's name */

bool wish_of_field(struct str name, struct str value, struct wish *out)
{
	struct str rest = str_part(name, strlen("places-"), name.len), category;
	*out = (struct wish){ 0 };
	value = str_trim(value);
	if (!str_starts(name, S("places-")) || !str_next(&rest, '-', &category) || rest.len == 0 || rest.len > CODE_MAX || category.len > CODE_MAX)
		return false;
	out->category = category;
	out->tariff = rest;
	return value.len == 0 || (str_int64(value, &out->n) && out->n >= 0);
}

/* ---- giving back ---- */

struct removal {
	int64_t order, line;
};

static const struct sql touch = SQL("UPDATE customer_order SET held_until = held_until WHERE id = $1 AND state = 'in_progress'");

static enum status remove_line(struct conn *db, void *arg)
{
	static const struct sql q = SQL("DELETE FROM order_line WHERE id = $1 AND customer_order = $2");
	const struct removal *x = arg;
	enum status st;
	if ((st = store_exec(db, &touch, int64(x->order)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &q, int64(x->line), int64(x->order)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	return place_give_back(db, x->line);
}

enum status basket_remove(struct conn *db, int64_t order, int64_t line)
{
	return store_write(db, remove_line, &(struct removal){ order, line });
}

static enum status mend(struct conn *db, void *arg)
{
	static const struct sql gone =
		SQL("UPDATE place SET free_from = 0, holder = NULL WHERE id IN (SELECT id FROM place WHERE holder IN (SELECT n.id FROM order_line n"
			"   JOIN performance_zone z ON z.id = n.performance_zone JOIN performance f ON f.id = z.performance"
			"   WHERE n.customer_order = $1 AND (f.state <> 'on-sale' OR f.starts_at <= $3)) AND free_from < $2" SKIP_LOCKED ") AND free_from < $2");
	static const struct sql q = SQL("UPDATE order_line SET quantity = (SELECT count(*) FROM place p WHERE p.holder = order_line.id)"
									" WHERE customer_order = $1 AND kind = 'ticket'");
	static const struct sql none = SQL("DELETE FROM order_line WHERE customer_order = $1 AND kind = 'ticket' AND quantity = 0");
	const int64_t *order = arg;
	enum status st;
	if ((st = store_exec(db, &touch, int64(*order)))) return st;
	if (store_changes(db) != 1) return NOT_FOUND;
	if ((st = store_exec(db, &gone, int64(*order), int64(PLACE_TAKEN), int64(store_now(db))))) return st;
	if ((st = store_exec(db, &q, int64(*order)))) return st;
	return store_exec(db, &none, int64(*order));
}

enum status basket_mend(struct conn *db, int64_t order)
{
	return store_write(db, mend, &order);
}

static enum status sweep(struct conn *db, void *arg)
{
	static const struct sql q =
		SQL("SELECT id FROM customer_order WHERE state = 'in_progress' AND held_until < $1 ORDER BY held_until LIMIT 1" SKIP_LOCKED);
	enum status st = store_row(db, &q, int64(store_now(db) - BASKET_KEPT));
	(void)arg;
	return st ? st : abandon(db, col_int64(db, 0));
}

enum status basket_sweep(struct conn *db)
{
	enum status st = OK;
	for (int i = 0; i < SWEEP_MOST && st == OK; i++) st = store_write(db, sweep, NULL);
	return st == NOT_FOUND ? OK : st;
}
