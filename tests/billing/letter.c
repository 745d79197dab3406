/* tests/billing/letter.c: a bill's PDF: made once, read back by the program's own reader, the slip where it belongs. */
#include "test.h"

#include <pthread.h>

#include "base/day.h"
#include "billing/bill_letter.h"
#include "documents/template.h"
#include "sales/hall.h"

static enum status install(struct conn *db, void *arg)
{
	return document_types_install(db, ((struct hall *)arg)->theatre.institution);
}

static struct hall *letter_hall(void)
{
	struct hall *h = hall_open(10, 2, 6);
	in_write(h->db, install, h);
	return h;
}

static struct bill bill_of(struct hall *h, int64_t number)
{
	struct bill *bills;
	size_t count;
	assert_status(bills_of_order(h->db, mem, h->theatre.institution, order_of(h, number).id, &bills, &count), OK);
	assert_int_equal(count, 1);
	return bills[0];
}

TEST(the_pdf_is_made_once_and_never_changes)
{
	struct hall *h = letter_hall();
	struct templates *templates = templates_new();
	struct problem why = problem_in(mem);
	struct bill b = bill_of(h, bought(h, h->seated, "jeanne", 2));
	struct str first, again;
	assert_false(b.has_paper);
	assert_status(bill_pdf(h->db, mem, templates, h->theatre.institution, b.id, &first, &why), OK);
	assert_true(str_starts(first, S("%PDF-1.4")));
	do_sql(h->db, "UPDATE institution SET name = 'Another house'");
	assert_status(bill_pdf(h->db, mem, templates, h->theatre.institution, b.id, &again, &why), OK);
	assert_str(again, first);
	assert_status(bill_pdf(h->db, mem, templates, h->theatre.institution + 1, b.id, &again, &why), NOT_FOUND);
	templates_free(templates);
	hall_close(h);
}

/* ---- several at once ---- */

#define READERS 8

struct race {
	struct hall *h;
	struct templates *templates;
	int64_t bill;
};

struct reader {
	struct race *race;
	struct arena *a;
	struct str pdf;
	enum status st;
};

static void *reader_runs(void *arg)
{
	struct reader *r = arg;
	struct problem why = problem_in(r->a);
	struct race *x = r->race;
	r->st = bill_pdf(store_conn(x->h->theatre.store), r->a, x->templates, x->h->theatre.institution, x->bill, &r->pdf, &why);
	return NULL;
}

TEST(whoever_makes_it_all_get_the_same)
{
	struct hall *h = letter_hall();
	struct race x = { h, templates_new(), bill_of(h, bought(h, h->standing, "jeanne", 1)).id };
	struct reader readers[READERS];
	pthread_t threads[READERS];
	for (int i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ .race = &x, .a = arena_new() };
		assert_int_equal(pthread_create(&threads[i], NULL, reader_runs, &readers[i]), 0);
	}
	for (int i = 0; i < READERS; i++) pthread_join(threads[i], NULL);
	for (int i = 0; i < READERS; i++) {
		assert_status(readers[i].st, OK);
		assert_true(str_eq(readers[i].pdf, readers[0].pdf));
	}
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM bill_paper"), 1);
	for (int i = 0; i < READERS; i++) arena_free(readers[i].a);
	templates_free(x.templates);
	hall_close(h);
}

TEST(without_a_template_there_is_no_pdf_until_there_is_one)
{
	struct hall *h = letter_hall();
	struct templates *templates = templates_new();
	struct problem why = problem_in(mem);
	struct str pdf;
	do_sql(h->db, "UPDATE document_type SET is_active = FALSE WHERE class = 'qr-invoice'");
	struct bill b = bill_of(h, bought(h, h->standing, "jeanne", 1));
	assert_status(bill_pdf(h->db, mem, templates, h->theatre.institution, b.id, &pdf, &why), REFUSED);
	assert_non_null(problem_at(&why, "template"));
	do_sql(h->db, "UPDATE document_type SET is_active = TRUE");
	assert_status(bill_pdf(h->db, mem, templates, h->theatre.institution, b.id, &pdf, &why), OK);
	templates_free(templates);
	hall_close(h);
}

TEST(a_slip_holds_what_the_bill_says_even_of_a_name_that_is_too_long)
{
	struct hall *h = letter_hall();
	struct problem why = problem_in(mem);
	struct qrbill q;
	struct bill b = bill_of(h, bought(h, h->standing, "jeanne", 1));
	assert_status(bill_as_qrbill(mem, &b, &q, &why), OK);
	assert_int_equal(q.amount, b.amount);
	assert_str(q.reference, b.reference);
	assert_str(q.debtor.town, S("Neuchâtel"));
	assert_true(str_starts(q.bill_information, S("//S1/10/")));
	b.debtor.postcode = S(""); /* no whole address */
	assert_status(bill_as_qrbill(mem, &b, &q, &why), OK);
	assert_false(qrbill_has_address(&q.debtor));
	hall_close(h);
}
