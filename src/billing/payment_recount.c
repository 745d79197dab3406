/* billing/payment_recount.c: the rules of money that came in, each as a statement that finds what breaks it. */
#include "billing/payment_recount.h"

#define COUNT_OF(table) SQL("SELECT count(*) FROM " table)
#define SUM(what, from) "(SELECT COALESCE(sum(" what "), 0) FROM " from ")"

const struct recount payment_recounts[] = {
	{ "money", "accepted payments are what lies on bills, surplus too, and what is on no bill", COUNT_OF("payment_book"),
		SQL("SELECT count(*), min(m.institution) FROM payment_book m WHERE " SUM(
			"l.money", "import_line l WHERE l.institution = m.institution") " <> " SUM("CASE WHEN b.state = 'credited' THEN 0 WHEN b.paid < b.amount "
																					   "THEN b.paid ELSE b.amount END",
			"bill b WHERE b.institution = m.institution") " + " SUM("CASE WHEN b.state = 'credited' THEN b.paid WHEN b.paid < b.amount THEN 0 ELSE "
																	"b.paid - b.amount END",
			"bill b WHERE b.institution = m.institution") " + " SUM("c.amount",
			"payment_case c WHERE c.institution = m.institution AND c.state IN ('open','closed')")) },
	{ "paid", "what is paid on a bill is what was allocated to it", COUNT_OF("bill"),
		SQL("SELECT count(*), min(b.id) FROM bill b WHERE b.paid <> " SUM("x.amount", "allocation x WHERE x.bill = b.id")) },
	{ "imports", "an import's lines come to what the bank's file says, and all are decided once it is done",
		SQL("SELECT count(*) FROM payment_import WHERE state <> 'staging'"),
		SQL("SELECT count(*), min(i.id) FROM payment_import i WHERE i.state <> 'staging' AND (EXISTS (SELECT 1 FROM import_total t"
			" WHERE t.payment_import = i.id AND t.credit - t.debit <> " SUM("CASE WHEN l.flags & 1 = 1 THEN l.cents ELSE -l.cents END",
				"import_line l WHERE l.payment_import = i.id AND l.currency = t.currency "
				"AND l.status = 'BOOK' AND l.flags & 2048 <> 0") ")"
																 " OR (i.state = 'done' "
																 "AND EXISTS (SELECT 1 "
																 "FROM import_line l "
																 "WHERE l.payment_import "
																 "= i.id AND l.outcome "
																 "IS NULL)))") },
};
const size_t payment_recount_count = COUNT(payment_recounts);
