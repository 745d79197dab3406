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
