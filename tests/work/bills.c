/* Mails about bills and orders: what they say comes from there when they are sent, and a bill brings its PDF. */
#include "test.h"

#include "work/post_office.h"

#include "base/day.h"
#include "billing/bill_letter.h"
#include "billing/instalment.h"
#include "dealing/ending.h"
#include "sales/hall.h"

/* A hall that sells, and the post that sends what it queues. */
static struct hall *hall_with_post(struct office *o)
{
	struct hall *h = hall_open(20, 1, 4);
	uint8_t seed[LINK_SEED_SIZE] = { 7 };
	*o = (struct office){ .t = h->theatre, .folder = "/tmp/parterre-mail-XXXXXX" };
	in_write(h->db, office_install, o);
	o->key = link_key_of(seed);
	if (!mkdtemp(o->folder)) fail_msg("no folder");
	o->post = (struct post){ .store = o->t.store, .keys = { &o->key, 1 }, .templates = templates_new() };
	post_by(&o->post, str_format(mem, "dir:%s", o->folder));
	return h;
}

/* One place on invoice, for a buyer who reads L; the order's id. */
static int64_t bought_in(struct hall *h, enum language l)
{
	const char *who = lang_tag(l);
	struct basket_owner owner = buyer_of(mem, who);
	struct buyer b = jeanne();
	struct problem why = problem_in(mem);
	struct till till;
	int64_t number;
	b.language = l;
	assert_int_equal(take(h, h->standing, who, 1), BASKET_DONE);
	assert_status(till_open(h->db, mem, &h->seller, &owner, l, &till), OK);
	struct purchase p = {
		.buyer = &b, .shipment_mode = S("post"), .payment = PAY_INVOICE, .total = till_total(&till, &till.modes[0]), .by_name = S("buyer")
	};
	assert_int_equal(checkout(h->db, mem, &h->seller, &till, &p, &number, &why), CHECKOUT_DONE);
	return order_of(h, number).id;
}

struct doing {
	struct hall *h;
	int64_t order;
};

static enum status agree(struct conn *db, void *arg)
{
	struct doing *x = arg;
	struct order o;
	struct problem why = problem_in(mem);
	enum status st = order_get(db, mem, x->h->theatre.institution, x->order, &o);
	if (st) return st;
	int64_t today = day_of(mem, store_now(db), x->h->seller.zone);
	const struct part parts[] = { { today + 10, 1000 }, { today + 20, o.total - 1000 } };
	return instalments_agree(db, mem, x->h->theatre.institution, x->order, parts, 2, BILL_BY_MAIL, S("O. Favre"), &why);
}

static enum status end(struct conn *db, void *arg)
{
	struct doing *x = arg;
	return order_end(db, mem, &(struct ending){ x->h->theatre.institution, x->order, S("cancelled"), S("O. Favre") });
}

static int send_all(struct office *o)
{
	int sent = 0;
	enum status st;
	while ((st = post_next(&o->post)) == OK) sent++;
	assert_status(st, NOT_FOUND);
	return sent;
}

TEST(an_orders_mails_leave_in_every_language)
{
	struct office o;
	struct hall *h = hall_with_post(&o);
	do_sql(h->db, "UPDATE sales_channel SET invoice_as = 'pending-account'");
	assert_status(seller_get(h->db, mem, h->theatre.shop, &h->seller), OK);
	for (int l = 0; l < LANGUAGES; l++) {
		struct doing x = { h, bought_in(h, (enum language)l) };
		in_write(h->db, agree, &x);
		in_write(h->db, end, &x);
	}
	send_all(&o); /* the bill, two instalments and the end, to each */
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM outbox_message WHERE state = 'sent'"), 4 * LANGUAGES);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill_paper"), 3 * LANGUAGES);
	office_close(&o);
}

TEST(the_bill_that_is_mailed_is_the_one_that_is_stored)
{
	struct office o;
	struct hall *h = hall_with_post(&o);
	struct str mail = S(""), pdf;
	struct problem why = problem_in(mem);
	bought_in(h, LANG_DE);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill_paper"), 0); /* nothing is made in the checkout */
	assert_int_equal(send_all(&o), 1);
	assert_int_equal(office_delivered(&o, &mail), 1);
	assert_true(str_find(mail, S("Content-Type: application/pdf")) > 0);
	assert_true(str_find(mail, S("Content-Type: multipart/mixed")) > 0);
	assert_true(str_find(unquoted(mail), S("https://tickets.example.org/shop/orders/")) > 0);
	struct link link;
	assert_int_equal(link_read(o.post.keys, token_of(mail), LINK_FOR(LINK_ORDER), &link), LINK_GENUINE);
	assert_status(bill_pdf(h->db, mem, o.post.templates, h->theatre.institution, sql_number(h->db, "SELECT id FROM bill"), &pdf, &why), OK);
	assert_int_equal(sql_number(h->db, "SELECT length(pdf) FROM bill_paper"), (int64_t)pdf.len);
	assert_true(str_find(pdf, token_of(mail)) < 0); /* no link stands in what is stored */
	office_close(&o);
}

TEST(without_a_template_the_mail_fails_where_it_is_seen)
{
	struct office o;
	struct hall *h = hall_with_post(&o);
	do_sql(h->db, "UPDATE document_type SET is_active = FALSE WHERE class = 'qr-invoice'");
	bought_in(h, LANG_EN);
	assert_int_equal(send_all(&o), 0);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM outbox_message WHERE state = 'failed'"), 1);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill WHERE number = 1"), 1); /* the bill stands */
	office_close(&o);
}
