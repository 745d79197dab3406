/* formats/qrbill_payload.c: a bill as the text of its symbol (Implementation Guidelines, 4.1 and 4.2). */
#include "formats/qrbill.h"

/* Empty lines of the ultimate creditor (R19), and of a debtor that is not there. */
#define ADDRESS_LINES 7

static void add_line(struct buf *b, struct str s)
{
	buf_add(b, s);
	buf_add_char(b, '\n');
}

static void add_address(struct buf *b, const struct qrbill_address *address)
{
	if (!qrbill_has_address(address)) {
		for (int i = 0; i < ADDRESS_LINES; i++) buf_add_char(b, '\n');
		return;
	}
	add_line(b, S("S"));
	add_line(b, address->name);
	add_line(b, address->street);
	add_line(b, address->house_number);
	add_line(b, address->postcode);
	add_line(b, address->town);
	add_line(b, address->country);
}

struct str qrbill_payload(struct arena *a, const struct qrbill *bill)
{
	static const struct qrbill_address nobody;
	struct buf b = buf_in(a);
	buf_room(&b, QRBILL_PAYLOAD_LENGTH);
	add_line(&b, S("SPC"));
	add_line(&b, S("0200"));
	add_line(&b, S("1"));
	add_line(&b, bill->account);
	add_address(&b, &bill->creditor);
	add_address(&b, &nobody);
	add_line(&b, qrbill_amount_text(a, bill->amount));
	add_line(&b, bill->currency);
	add_address(&b, &bill->debtor);
	add_line(&b, str_of(qrbill_reference_kind_name(bill->kind)));
	add_line(&b, bill->reference);
	add_line(&b, bill->message);
	buf_add(&b, S("EPD"));
	if (bill->bill_information.len || bill->scheme_count) {
		buf_add_char(&b, '\n');
		buf_add(&b, bill->bill_information); /* an empty line when there are schemes only (R44) */
	}
	for (size_t i = 0; i < bill->scheme_count; i++) {
		buf_add_char(&b, '\n');
		buf_add(&b, bill->schemes[i]);
	}
	return buf_str(&b);
}
