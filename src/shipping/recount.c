/* shipping/recount.c: the rules of shipping, each as a statement that finds what breaks it. */
#include "shipping/recount.h"

#include "base/status.h"

#define COUNT_OF(table) SQL("SELECT count(*) FROM " table)
#define LIVING			"('held','sold','printed','controlled')"

const struct recount shipping_recounts[] = {
	{ "shipments", "a shipment's living tickets are its order's, and one that is not over has some", COUNT_OF("shipment"),
		SQL("SELECT count(*), min(s.id) FROM shipment s WHERE EXISTS (SELECT 1 FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living"
			"   JOIN ticket t ON t.id = k.ticket WHERE p.shipment = s.id AND (t.customer_order <> s.customer_order OR t.state NOT IN " LIVING "))"
			"  OR (s.state IN ('held','ready','in_print','printed','part_sent') AND NOT EXISTS (SELECT 1 FROM piece p JOIN piece_ticket k ON k.piece "
			"= p.id"
			"   AND k.is_living WHERE p.shipment = s.id))") },
	{ "released", "no shipment of a settled order waits for its payment", COUNT_OF("shipment"),
		SQL("SELECT count(*), min(s.id) FROM shipment s JOIN customer_order o ON o.id = s.customer_order WHERE o.state = 'settled' AND "
			"s.waits_payment") },
	{ "batches", "a batch has as many lines, shipments and pieces as it says, numbered without gaps",
		SQL("SELECT count(*) FROM print_batch WHERE state <> 'making'"),
		SQL("SELECT count(*), min(b.id) FROM print_batch b WHERE b.state <> 'making' AND (b.lines <> (SELECT count(*) FROM print_line l WHERE "
			"l.batch = b.id)"
			"  OR b.lines <> (SELECT COALESCE(max(l.line), 0) FROM print_line l WHERE l.batch = b.id)"
			"  OR b.shipments <> (SELECT count(DISTINCT l.shipment) FROM print_line l WHERE l.batch = b.id))") },
	{ "printing", "a ticket has at most one line that is open or good", COUNT_OF("print_line"),
		SQL("SELECT count(*), min(x.ticket) FROM (SELECT ticket FROM print_line WHERE state IN ('exported','missing','printed')"
			"  GROUP BY ticket HAVING count(*) > 1) x") },
	{ "prints", "a ticket was printed as often as its lines say", COUNT_OF("ticket"),
		SQL("SELECT count(*), min(t.id) FROM ticket t WHERE t.prints < (SELECT count(*) FROM print_line l WHERE l.ticket = t.id AND l.state = "
			"'printed')"
			"  OR (t.state = 'sold' AND EXISTS (SELECT 1 FROM print_line l WHERE l.ticket = t.id AND l.state = 'printed'))") },
	{ "in-print", "a shipment in print has an open line, a printed one has none, and one that is sent has all its pieces posted",
		COUNT_OF("shipment"),
		SQL("SELECT count(*), min(s.id) FROM shipment s LEFT JOIN print_batch b ON b.id = s.batch WHERE"
			"  (s.state = 'in_print' AND COALESCE(b.state, 'making') <> 'making' AND NOT EXISTS"
			"    (SELECT 1 FROM print_line l WHERE l.shipment = s.id AND l.state IN ('exported','missing')))"
			"  OR (s.state = 'printed' AND EXISTS (SELECT 1 FROM print_line l WHERE l.shipment = s.id AND l.state IN ('exported','missing')))"
			"  OR (s.state = 'sent' AND EXISTS (SELECT 1 FROM piece p JOIN piece_ticket k ON k.piece = p.id AND k.is_living"
			"    WHERE p.shipment = s.id AND p.posted_at IS NULL))") },
	{ "tracking", "a piece's number is its shipment's", SQL("SELECT count(*) FROM piece WHERE tracking <> ''"),
		SQL("SELECT count(*), min(p.id) FROM piece p JOIN shipment s ON s.id = p.shipment WHERE p.tracking <> '' AND NOT EXISTS"
			"  (SELECT 1 FROM tracked_number n WHERE n.institution = s.institution AND n.partner = COALESCE(p.partner, 0) AND n.number = p.tracking"
			"    AND (n.shipment = s.id OR n.since > p.posted_at))") },
	{ "notices", "a piece that was told of was posted, and told by a notice of its shipment", COUNT_OF("notice"),
		SQL("SELECT count(*), min(p.id) FROM piece p WHERE p.told_in IS NOT NULL AND (p.posted_at IS NULL OR NOT EXISTS"
			"  (SELECT 1 FROM notice n WHERE n.id = p.told_in AND n.shipment = p.shipment))") },
};
const size_t shipping_recount_count = COUNT(shipping_recounts);
