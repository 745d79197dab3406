/* Banks' files in the background: what was accepted goes on by itself, whoever was stopped. */
#include "test.h"

#include <signal.h>
#include <sys/wait.h>

#include "work/post_office.h"

#include "billing/bill.h"
#include "dealing/payments.h"
#include "formats/camt_build.h"
#include "sales/hall.h"
#include "work/worker.h"

#define PATIENCE (15 * SECOND) /* under sanitizers, on a busy machine */
#define ORDERS	 3

/* A file that pays each of the hall's orders. */
static struct str pays_all(struct hall *h)
{
	struct buf entries = buf_in(mem);
	for (int i = 0; i < ORDERS; i++) {
		const char *who = str_c(mem, str_format(mem, "buyer%d", i));
		struct bill *bills;
		size_t count;
		struct order o = order_of(h, bought(h, h->standing, who, 1));
		assert_status(bills_of_order(h->db, mem, h->theatre.institution, o.id, &bills, &count), OK);
		const char *francs = str_c(mem, bank_amount(mem, bills[0].amount));
		struct str inside = details_of(tx_of(who, str_c(mem, qrr(francs, str_c(mem, bills[0].reference)))));
		buf_addf(&entries,
			"<Ntry><NtryRef>CH4431999123000889012</NtryRef><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>" ENTRY_IS
			"<AcctSvcrRef>E%s</AcctSvcrRef>%.*s</Ntry>",
			francs, who, STR_ARG(inside));
	}
	return message_with("054", "08", "", report_with("054", "N1", "", buf_str(&entries)));
}

static int64_t settled(struct hall *h)
{
	return sql_number(h->db, "SELECT count(*) FROM customer_order WHERE state = 'settled'");
}

TEST(an_import_whose_program_was_killed_after_accepting_goes_on_by_itself)
{
	struct hall *h = hall_open(20, 1, 4);
	struct str file = pays_all(h), url = database_url();
	pid_t child = fork();
	if (child == 0) {
		struct bank_input input = bank_input_of(&file);
		const struct payment_file f = { h->theatre.institution, S("camt.xml"), &input, S("Anne") };
		struct payment_result r;
		struct problem why = problem_in(mem);
		if (payments_accept(store_conn(database_open(url)), mem, &f, &r, &why) == OK) kill(getpid(), SIGKILL);
		_exit(1);
	}
	int how;
	waitpid(child, &how, 0);
	assert_true(WIFSIGNALED(how));
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM payment_import WHERE state = 'accepted'"), 1);
	assert_int_equal(settled(h), 0);
	struct post post = { .store = h->theatre.store, .templates = templates_new() };
	struct worker *w = worker_start(&post);
	for (int64_t until = clock_steady() + PATIENCE; settled(h) < ORDERS; usleep(5000))
		if (clock_steady() > until) fail_msg("%lld of %d orders are settled", (long long)settled(h), ORDERS);
	worker_stop(w);
	assert_int_equal(sql_number(h->db, "SELECT count(*) FROM payment_import WHERE state = 'done'"), 1);
	templates_free(post.templates);
	hall_close(h);
}
