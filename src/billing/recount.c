/* billing/recount.c: the rules of billing, each as a statement that finds what breaks it. */
#include "billing/recount.h"

#define COUNT_OF(table) SQL("SELECT count(*) FROM " table)

/* A series that TABLE does not fill from 1 to its last number; and rows without a number or a series. */
#define GAPS(table, kind)                                                                                                                   \
	SQL("SELECT count(*), min(x.id) FROM (SELECT s.year AS id FROM number_series s WHERE s.kind = '" kind                                   \
		"' AND (s.last <> (SELECT count(*) FROM " table                                                                                     \
		" b WHERE b.institution = s.institution AND b.year = s.year) OR s.last <> (SELECT COALESCE(max(b.number), 0) FROM " table           \
		" b WHERE b.institution = s.institution AND b.year = s.year))"                                                                      \
		" UNION ALL SELECT b.id FROM " table " b WHERE b.number IS NULL OR NOT EXISTS (SELECT 1 FROM number_series s WHERE s.kind = '" kind \
		"' AND s.institution = b.institution AND s.year = b.year)) x")

#define SUM(what, from) "(SELECT COALESCE(sum(" what "), 0) FROM " from ")"

const struct recount billing_recounts[] = {
	{ "bills", "bills are numbered from 1 without a gap in their year", COUNT_OF("bill"), GAPS("bill", "bill") },
	{ "credits", "credit notes are numbered from 1 without a gap in their year", COUNT_OF("credit_note"), GAPS("credit_note", "credit-note") },
	{ "amounts", "a bill's amount is the sum of its lines, and of what it has at each VAT rate", COUNT_OF("bill"),
		SQL("SELECT count(*), min(b.id) FROM bill b WHERE b.amount <> " SUM(
			"n.quantity * n.price", "bill_line n WHERE n.bill = b.id") " OR b.amount <> " SUM("v.gross", "bill_vat v WHERE v.bill = b.id")) },
	{ "billed", "what an unpaid order on invoice costs is what its bills that are not credited come to, and no less once it is settled",
		SQL("SELECT count(*) FROM customer_order WHERE payment = 'invoice' AND number IS NOT NULL"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o WHERE o.payment = 'invoice' AND ("
			"(o.state IN ('reserved','sold_unpaid','partly_paid') AND o.total <> " SUM("b.amount",
				"bill b WHERE b.customer_order = o.id AND b.state <> 'credited'") ") OR (o.state = 'settled' AND o.total > " SUM("b.amount",
				"bill b WHERE b.customer_order = o.id AND b.state <> 'credited'") "))") },
	{ "billstates",
		"a bill is paid when its amount has come, open before, credited when it has its credit note; an order that has ended has no open one",
		COUNT_OF("bill"),
		SQL("SELECT count(*), min(b.id) FROM bill b JOIN customer_order o ON o.id = b.customer_order WHERE (b.state = 'paid' AND b.paid < b.amount)"
			" OR (b.state = 'open' AND (b.paid >= b.amount OR o.state IN ('cancelled','abandoned','in_progress')))"
			" OR (b.state = 'credited') <> EXISTS (SELECT 1 FROM credit_note n WHERE n.bill = b.id AND n.amount = b.amount)") },
	{ "references", "a bill's reference ends in its year and number", SQL("SELECT count(*) FROM bill WHERE reference_kind <> 'NON'"),
		SQL("SELECT count(*), min(b.id) FROM bill b WHERE (b.reference_kind = 'QRR' AND (length(b.reference) <> 27"
			"  OR CAST(substr(b.reference, 16, 4) AS BIGINT) <> b.year OR CAST(substr(b.reference, 20, 7) AS BIGINT) <> b.number))"
			" OR (b.reference_kind = 'SCOR' AND (length(b.reference) < 18 OR CAST(substr(b.reference, length(b.reference) - 10, 4) AS BIGINT) <> "
			"b.year"
			"  OR CAST(substr(b.reference, length(b.reference) - 6, 7) AS BIGINT) <> b.number))") },
	{ "instalments", "an order's agreed instalments come to what it costs", COUNT_OF("instalment"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o WHERE EXISTS (SELECT 1 FROM instalment i WHERE i.customer_order = o.id AND i.state = "
			"'agreed') AND o.total <> " SUM("i.amount", "instalment i WHERE i.customer_order = o.id AND i.state = 'agreed'")) },
};
const size_t billing_recount_count = COUNT(billing_recounts);
