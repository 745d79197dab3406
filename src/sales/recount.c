/* sales/recount.c: the rules of the sale, each as a statement that finds what breaks it. 4611686018427387904 is PLACE_TAKEN. */
#include "sales/recount.h"

#include "sales/place.h"

_Static_assert(PLACE_TAKEN == INT64_C(4611686018427387904), "the statements below have it as digits");

#define TAKEN  "4611686018427387904"
#define LIVING "('held','sold','printed','controlled')"

#define COUNT_OF(table) SQL("SELECT count(*) FROM " table)

/* The Luhn sum of a number in SQL would be longer than all of this; the number follows from the id, so its body is compared, and the check digit by its own rule
 * in digits: odd places from the right count once, even ones twice with their digits added. Twelve digits are enough for a million million orders. */
#define DIGIT(n, place)	   "((" n " / " place ") % 10)"
#define TWICE(n, place)	   "(2 * " DIGIT(n, place) " - CASE WHEN " DIGIT(n, place) " > 4 THEN 9 ELSE 0 END)"
#define PAIR(n, odd, even) DIGIT(n, odd) " + " TWICE(n, even)
#define LUHN(n)                                                                                                                            \
	"((" PAIR(n, "1", "10") " + " PAIR(n, "100", "1000") " + " PAIR(n, "10000", "100000") " + " PAIR(n, "1000000", "10000000") " + " PAIR( \
		n, "100000000", "1000000000") " + " PAIR(n, "10000000000", "100000000000") ") % 10)"

const struct recount sales_recounts[] = {
	{ "places", "each zone of a performance has as many places as it says", COUNT_OF("performance_zone"),
		SQL("SELECT count(*), min(z.id) FROM performance_zone z WHERE z.places <> (SELECT count(*) FROM place p WHERE p.zone = z.id)") },
	{ "seats", "a numbered place is a seat of its zone and category, and others have none", COUNT_OF("place"),
		SQL("SELECT count(*), min(p.id) FROM place p JOIN performance_zone z ON z.id = p.zone LEFT JOIN seat s ON s.id = p.seat"
			" WHERE (z.is_numbered AND (s.id IS NULL OR s.zone <> z.zone OR s.seat_category <> z.seat_category)) OR (NOT z.is_numbered AND s.id IS "
			"NOT NULL)") },
	{ "taken", "a taken place has one living ticket, of the line that took it", SQL("SELECT count(*) FROM place WHERE free_from = " TAKEN),
		SQL("SELECT count(*), min(p.id) FROM place p WHERE p.free_from = " TAKEN
			" AND 1 <> (SELECT count(*) FROM ticket t WHERE t.place = p.id AND t.order_line = p.holder AND t.state IN " LIVING ")") },
	{ "holds", "a held place has a holder, a free one none, and none is held beyond being taken", COUNT_OF("place"),
		SQL("SELECT count(*), min(id) FROM place WHERE (free_from = 0) <> (holder IS NULL) OR free_from < 0 OR free_from > " TAKEN) },
	{ "baskets", "a basket holds no more than its lines say, and has no ticket",
		SQL("SELECT count(*) FROM customer_order WHERE state = 'in_progress'"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o WHERE o.number IS NULL AND (EXISTS (SELECT 1 FROM ticket t WHERE t.customer_order = "
			"o.id)"
			" OR EXISTS (SELECT 1 FROM order_line n WHERE n.customer_order = o.id AND n.quantity < (SELECT count(*) FROM place p WHERE p.holder = "
			"n.id)))") },
	{ "tickets", "a living ticket has the place that its line took", SQL("SELECT count(*) FROM ticket WHERE state IN " LIVING),
		SQL("SELECT count(*), min(t.id) FROM ticket t JOIN place p ON p.id = t.place JOIN order_line n ON n.id = t.order_line"
			" WHERE t.state IN " LIVING " AND (p.free_from <> " TAKEN
			" OR p.holder IS NULL OR p.holder <> t.order_line OR n.customer_order <> t.customer_order)") },
	{ "states", "tickets are held while an order is reserved, sold when it is sold, void when it is cancelled", COUNT_OF("customer_order"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o WHERE EXISTS (SELECT 1 FROM ticket t WHERE t.customer_order = o.id AND"
			" ((o.state = 'reserved' AND t.state IN ('sold','printed','controlled')) OR (o.state = 'cancelled' AND t.state IN " LIVING ")"
			"  OR (o.state IN ('sold_unpaid','partly_paid','settled') AND t.state = 'held')))") },
	{ "lines", "a line of a living order has as many living tickets as it says", SQL("SELECT count(*) FROM order_line WHERE kind = 'ticket'"),
		SQL("SELECT count(*), min(n.id) FROM order_line n JOIN customer_order o ON o.id = n.customer_order"
			" WHERE n.kind = 'ticket' AND o.state IN ('reserved','sold_unpaid','partly_paid','settled')"
			" AND n.quantity <> (SELECT count(*) FROM ticket t WHERE t.order_line = n.id AND t.state IN " LIVING ")") },
	{ "money", "an order's total is the sum of its lines", SQL("SELECT count(*) FROM customer_order WHERE number IS NOT NULL"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o WHERE o.number IS NOT NULL"
			" AND (o.state <> 'cancelled' OR NOT EXISTS (SELECT 1 FROM ticket t WHERE t.customer_order = o.id))"
			" AND o.total <> (SELECT COALESCE(sum(n.quantity * n.price), 0) FROM order_line n WHERE n.customer_order = o.id)") },
	{ "numbers", "an order's number follows from its id and its check digit is right",
		SQL("SELECT count(*) FROM customer_order WHERE number IS NOT NULL"),
		SQL("SELECT count(*), min(id) FROM customer_order WHERE number IS NOT NULL AND (number / 10 <> id + 10000 OR " LUHN("number") " <> 0)") },
	{ "barcodes", "a sold ticket's barcode has sixteen signs, none of them E, and begins with a letter",
		SQL("SELECT count(*) FROM ticket WHERE barcode IS NOT NULL"),
		SQL("SELECT count(*), min(id) FROM ticket WHERE barcode IS NOT NULL AND (length(barcode) <> 16 OR barcode <> upper(barcode) OR barcode < 'A'"
			" OR replace(barcode, 'E', '') <> barcode)") },
	{ "history", "an order's last event says its state", SQL("SELECT count(*) FROM order_history"),
		SQL("SELECT count(*), min(o.id) FROM customer_order o WHERE o.number IS NOT NULL AND o.state <>"
			" COALESCE((SELECT h.state FROM order_history h WHERE h.customer_order = o.id ORDER BY h.id DESC LIMIT 1), '')") },
};
const size_t sales_recount_count = COUNT(sales_recounts);
