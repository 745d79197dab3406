/* tests/shipping/house.h: the hall with a printing company "colora" and a distributing partner "swiss-post", as shipping-rules.md 7 has them. */
#pragma once
#include "sales/hall.h"
#include "shipping/batch.h"
#include "shipping/recount.h"
#include "shipping/shipment.h"
#include "sales/recount.h"

#define SWISS_POST "https://service.post.ch/ekp-web/ui/entry/search/{tracking_number_plain}?lang={language}"

struct house {
	struct hall *hall;
	struct conn *db;
	struct actor actor;
	struct printer printer;
	struct partner partner;
	int64_t mode; /* Post */
};

struct saving {
	const struct actor *actor;
	struct printer *printer;
	struct partner *partner;
	struct problem why;
	enum status st;
};

static inline enum status save_partner(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->st = partner_save(db, mem, x->actor, x->partner, &x->why);
	return x->st;
}

static inline enum status save_printer(struct conn *db, void *arg)
{
	struct saving *x = arg;
	x->st = printer_save(db, mem, x->actor, x->printer, &x->why);
	return x->st;
}

static inline enum status set_ways(struct conn *db, void *arg)
{
	struct house *h = arg;
	const struct mode_ways ways = { h->printer.interface.id, h->partner.interface.id, 12, S("A_PLUS"), true };
	return shipment_mode_ways(db, h->actor.institution, h->mode, &ways);
}

static inline void printer_change(struct house *h)
{
	struct saving x = { &h->actor, &h->printer, NULL, problem_in(mem), OK };
	in_write(h->db, save_printer, &x);
}

static inline void partner_change(struct house *h)
{
	struct saving x = { &h->actor, NULL, &h->partner, problem_in(mem), OK };
	in_write(h->db, save_partner, &x);
}

/* CAPACITY standing places, and seats in ROWS rows of SEATS. */
static inline struct house *house_open(int64_t capacity, int64_t rows, int64_t seats)
{
	struct house *h = ARENA_NEW(mem, struct house);
	h->hall = hall_open(capacity, rows, seats);
	h->db = h->hall->db;
	h->actor = actor_command(h->hall->theatre.institution, S("A. Keller"));
	h->mode = sql_number(h->db, "SELECT id FROM shipment_mode WHERE code = 'post'");
	h->partner = (struct partner){ .interface = { .code = S("swiss-post"), .name = S("Swiss Post"), .is_active = true },
		.link_form = S(SWISS_POST),
		.number_form = TRACKING_SWISS_POST,
		.languages = { S("en"), S("fr"), S("de"), S("it") },
		.lost_days = 7 };
	partner_change(h);
	h->printer = (struct printer){ .interface = { .code = S("colora"), .name = S("Colora"), .is_active = true },
		.layout = S("A6-BLUE"),
		.barcode_type = S("QR"),
		.separator = ';',
		.has_letters = true,
		.is_line_printed = true,
		.return_days = 7,
		.keep_days = 30,
		.partner = h->partner.interface.id };
	printer_change(h);
	in_write(h->db, set_ways, h);
	return h;
}

static inline void house_close(struct house *h)
{
	hall_close(h->hall);
}

/* ---- orders ---- */

struct paying {
	int64_t order;
	enum status st;
};

static inline enum status pay_in_full(struct conn *db, void *arg)
{
	struct paying *x = arg;
	enum status st = order_settle(db, mem, x->order, S("bank"));
	return st ? st : shipments_paid(db, x->order);
}

static inline enum status end_order(struct conn *db, void *arg)
{
	struct paying *x = arg;
	enum status st = order_cancel(db, x->order, S("cancelled"), S("O. Favre"));
	return st ? st : shipments_follow_tickets(db, mem, x->order);
}

static inline int64_t ordered(struct house *h, const char *who, int64_t n)
{
	return order_of(h->hall, bought(h->hall, h->hall->standing, who, n)).id;
}

static inline int64_t paid_order(struct house *h, const char *who, int64_t n)
{
	struct paying x = { .order = ordered(h, who, n) };
	in_write(h->db, pay_in_full, &x);
	return x.order;
}

static inline struct shipment shipment_of(struct house *h, int64_t order)
{
	struct shipment *all;
	size_t count;
	assert_status(shipments_of_order(h->db, mem, order, &all, &count), OK);
	assert_int_equal(count, 1);
	return all[0];
}

static inline struct batch exported(struct house *h)
{
	struct batch b;
	assert_status(batch_export(h->db, mem, &h->actor, &h->printer, &b), OK);
	return b;
}

static inline struct str file_text(struct house *h, int64_t id)
{
	struct str bytes;
	assert_status(file_read(h->db, mem, h->actor.institution, id, &bytes), OK);
	return bytes;
}

/* ---- the books are right ---- */

static inline enum status recount_both(struct conn *db, void *arg)
{
	struct recounted *out = arg;
	enum status st = recount_run(db, shipping_recounts, shipping_recount_count, out);
	return st ? st : recount_run(db, sales_recounts, sales_recount_count, out + shipping_recount_count);
}

static inline void assert_audit(struct conn *db)
{
	struct recounted *out = ARENA_ARRAY(mem, struct recounted, shipping_recount_count + sales_recount_count);
	assert_status(store_snapshot(db, recount_both, out), OK);
	for (size_t i = 0; i < shipping_recount_count + sales_recount_count; i++)
		if (out[i].differing)
			fail_msg(
				"%s: %s: %lld, the first is %lld", out[i].check->what, out[i].check->rule, (long long)out[i].differing, (long long)out[i].example);
}
