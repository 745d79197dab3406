/* formats/camt_values.c: what is taken at the end of each element: texts, amounts, dates, signs. */
#include <string.h>

#include "formats/camt_reading.h"

/* ---- texts ---- */

struct str camt_keep(struct camt *c, struct texts *in, struct str s)
{
	if (in->size - in->used < s.len) {
		camt_refuse(c, "C00", NULL, MSG_BANK_TEXTS_TOO_LONG, arg_int("max", (int64_t)in->size));
		return S("");
	}
	char *to = in->at + in->used;
	memcpy(to, s.at, s.len);
	in->used += s.len;
	return (struct str){ to, s.len };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct str text_of(struct camt *c)
{
	size_t from = 0, to = c->text_len;
	while (from < to && is_blank(c->text[from])) from++;
	while (to > from && is_blank(c->text[to - 1])) to--;
	return (struct str){ c->text + from, to - from };
}

/* References and accounts: without blanks, in capitals. */
static struct str compact(struct camt *c)
{
	size_t n = 0;
	for (size_t i = 0; i < c->text_len; i++) {
		char ch = c->text[i];
		if (!is_blank(ch)) c->text[n++] = ch >= 'a' && ch <= 'z' ? (char)(ch - 'a' + 'A') : ch;
	}
	return (struct str){ c->text, n };
}

static void bad_value(struct camt *c)
{
	camt_refuse(c, "C00", NULL, MSG_BANK_VALUE, arg_text("value", str_part(text_of(c), 0, 70)));
}

/* False: it can't be kept as cents. That refuses the file if it COUNTS, and is told otherwise: dinars have three decimals. */
static bool take_cents(struct camt *c, bool counts, int64_t *cents)
{
	enum bank_number number = bank_cents(text_of(c), cents);
	if (number == BANK_NUMBER_RIGHT) return true;
	if (number == BANK_NUMBER_WRONG) return bad_value(c), false;
	enum message message = number == BANK_NUMBER_TOO_PRECISE ? MSG_BANK_TOO_PRECISE : MSG_BANK_TOO_LARGE;
	if (counts) camt_refuse(c, "C12", NULL, message, arg_text("value", str_part(text_of(c), 0, 70)));
	else camt_say(c, "C12", BANK_WARNING, NULL, message, arg_text("value", str_part(text_of(c), 0, 70)));
	return false;
}

static int64_t cents_of(struct camt *c)
{
	int64_t cents = 0;
	return take_cents(c, true, &cents) ? cents : 0;
}

static bool truth_of(struct camt *c)
{
	struct str s = text_of(c);
	if (str_eq(s, S("true")) || str_eq(s, S("1"))) return true;
	if (!str_eq(s, S("false")) && !str_eq(s, S("0"))) bad_value(c);
	return false;
}

static bool is_credit(struct camt *c)
{
	struct str s = text_of(c);
	if (str_eq(s, S("CRDT"))) return true;
	if (!str_eq(s, S("DBIT"))) bad_value(c);
	return false;
}

static int64_t number_of(struct camt *c)
{
	int64_t n = 0;
	struct str s = text_of(c);
	if (s.len > 18 || !str_int64(s, &n) || n < 0) bad_value(c);
	return n;
}

static struct str date_of(struct camt *c, struct texts *in)
{
	struct str date;
	if (bank_date(text_of(c), &date)) return camt_keep(c, in, date);
	bad_value(c);
	return S("");
}

static struct str currency_of(struct camt *c, struct texts *in)
{
	return camt_keep(c, in, (struct str){ c->currency, sizeof c->currency });
}

static void set_family(struct camt *c, enum camt_field field)
{
	struct codes *to = c->is_in_transaction ? &c->codes : &c->entry.codes;
	struct str s = text_of(c);
	to->has_any = true;
	if (field == CAMT_FAMILY_CODE) {
		to->is_counter = str_eq(s, S("CNTR"));
		return;
	}
	to->is_return = str_eq(s, S("RRTN"));
	to->is_charge = str_eq(s, S("CHRG")) || str_eq(s, S("FEES")) || str_eq(s, S("COMM"));
}

static struct charges *charges_at_hand(struct camt *c)
{
	return c->is_in_transaction ? &c->charges : &c->entry.charges;
}

/* A charge's sign and inclusion follow its amount, so the record is added at its end. */
static void set_charge(struct camt *c, enum camt_field field)
{
	struct charges *to = charges_at_hand(c);
	struct str own = c->is_in_transaction && c->t.has_amount ? c->t.currency : c->entry.currency;
	switch (field) {
	case CAMT_CHARGE_CENTS:
		to->is_own = str_eq(own, (struct str){ c->currency, sizeof c->currency });
		to->is_credit = to->is_included = false;
		to->is_open = take_cents(c, to->is_own, &to->cents);
		break;
	case CAMT_CHARGE_SIGN: to->is_credit = is_credit(c); break;
	default: to->is_included = truth_of(c); break;
	}
}

static void end_charge(struct camt *c, enum camt_field field)
{
	(void)field;
	struct charges *to = charges_at_hand(c);
	if (to->is_open && to->is_own) {
		to->is_any = true;
		if (!to->is_included && to->cents) to->are_all_included = false;
		if (__builtin_add_overflow(to->sum, to->is_credit ? -to->cents : to->cents, &to->sum)) camt_refuse(c, "C12", NULL, MSG_BANK_TOTAL_TOO_LARGE);
	}
	to->is_open = false;
}

static void set_reference_type(struct camt *c, enum camt_field field)
{
	struct str s = text_of(c);
	if (field == CAMT_REFERENCE_IS) c->reference_type = str_eq(s, S("SCOR")) ? BANK_SCOR : BANK_UNTYPED;
	else c->reference_type = str_eq(s, S("QRR")) ? BANK_QRR : str_eq(s, S("ISR Reference")) ? BANK_ISR : BANK_UNTYPED;
}

static void end_reference(struct camt *c, enum camt_field field)
{
	(void)field;
	struct bank_transaction *t = &c->t;
	if (!c->reference.len) return;
	for (size_t i = 0; i < t->reference_count; i++)
		if (str_eq(t->references[i].text, c->reference)) return;
	if (t->reference_count == BANK_REFERENCES_MAX) t->has_more_references = true;
	else t->references[t->reference_count++] = (struct bank_reference){ c->reference_type, c->reference };
}

/* PostFinance says there how a slip was read: a code other than zero is money all the same, but somebody should look (C7). */
static void note_additional(struct camt *c, enum camt_field field)
{
	(void)field;
	struct str s = text_of(c);
	if (!str_starts(s, S("?REJECT?"))) return;
	struct str code = str_part(s, 8, 10);
	for (size_t i = 0; i < code.len; i++)
		if (code.at[i] != '0') {
			camt_say(c, "C7", BANK_WARNING, NULL, MSG_BANK_REJECT_CODE, arg_text("code", code));
			return;
		}
}

static void add_remittance(struct camt *c, enum camt_field field)
{
	(void)field;
	struct bank_transaction *t = &c->t;
	struct str s = text_of(c);
	if (!s.len) return;
	if (t->remittance_count == BANK_REMITTANCE_MAX) camt_refuse(c, "C00", NULL, MSG_BANK_TEXTS_TOO_LONG, arg_int("max", BANK_REMITTANCE_MAX));
	else t->remittance[t->remittance_count++] = camt_keep(c, &c->texts, s);
}

static void set_message(struct camt *c, enum camt_field field)
{
	switch (field) {
	case CAMT_MESSAGE_ID: c->message_id = camt_keep(c, &c->message_texts, text_of(c)); break;
	case CAMT_CREATED: c->message_created = camt_keep(c, &c->message_texts, text_of(c)); break;
	case CAMT_PAGE: c->page = number_of(c); break;
	case CAMT_LAST_PAGE:
		c->is_last_page = truth_of(c);
		/* Who checks a set of files looks for the other pages itself. */
		if (c->pass == CAMT_READ && (c->page != 1 || !c->is_last_page))
			camt_say(c, "C14", BANK_WARNING, NULL, MSG_BANK_PAGE, arg_int("page", c->page));
		break;
	default: c->is_test = str_ends(text_of(c), S("/TEST")); break; /* C15 */
	}
}

/* Version 08 also counts the pages of a report, whatever its message. A message of pages counts them for its reports. */
static void set_report_pages(struct camt *c, enum camt_field field)
{
	struct bank_report *r = &c->report;
	if (field == CAMT_REPORT_PAGE) {
		c->report_page = number_of(c);
		return;
	}
	bool is_last = truth_of(c);
	if (c->page != 1 || !c->is_last_page || (c->report_page == 1 && is_last)) return;
	r->page = c->report_page, r->is_last_page = is_last, r->has_pages = true;
	if (c->pass == CAMT_READ) camt_say(c, "C14", BANK_WARNING, NULL, MSG_BANK_PAGE, arg_int("page", r->page));
}

static void set_report(struct camt *c, enum camt_field field)
{
	struct bank_report *r = &c->report;
	struct texts *in = &c->report_texts;
	switch (field) {
	case CAMT_ID:
		r->id = camt_keep(c, in, text_of(c));
		if (!r->id.len) bad_value(c);
		break;
	case CAMT_SEQUENCE: r->sequence = number_of(c); break;
	case CAMT_REPORT_CREATED: r->created = camt_keep(c, in, text_of(c)); break;
	case CAMT_FROM: r->from = camt_keep(c, in, text_of(c)); break;
	case CAMT_TO: r->to = camt_keep(c, in, text_of(c)); break;
	case CAMT_COPY: r->is_copy = str_eq(text_of(c), S("DUPL")) || str_eq(text_of(c), S("CODU")); break;
	case CAMT_IBAN:
	case CAMT_OTHER:
		r->account = camt_keep(c, in, compact(c));
		if (!r->account.len) bad_value(c);
		break;
	case CAMT_BALANCE_IS:
		c->balance_is_previous = str_eq(text_of(c), S("PRCD"));
		c->is_opening = c->balance_is_previous || str_eq(text_of(c), S("OPBD"));
		c->is_closing = str_eq(text_of(c), S("CLBD"));
		break;
	case CAMT_BALANCE_CENTS:
		c->balance.cents = cents_of(c);
		if (c->is_opening || c->is_closing) c->balance.currency = currency_of(c, in);
		break;
	default: c->balance_is_credit = is_credit(c); break;
	}
}

static void set_entry(struct camt *c, enum camt_field field)
{
	struct entry *e = &c->entry;
	struct texts *in = &c->entry_texts;
	switch (field) {
	case CAMT_ENTRY_NOTE: e->note = camt_keep(c, in, compact(c)); break;
	case CAMT_ENTRY_CENTS:
		e->cents = cents_of(c);
		e->currency = currency_of(c, in);
		break;
	case CAMT_ENTRY_SIGN: e->is_credit = is_credit(c); break;
	case CAMT_REVERSAL: camt_set_reversal(c, truth_of(c)); break;
	case CAMT_STATUS_CODE: e->status = camt_keep(c, in, text_of(c)); break;
	case CAMT_STATUS_IS: /* up to version 04 the text is the status itself */
		if (!e->status.len) e->status = camt_keep(c, in, text_of(c));
		if (!e->status.len) bad_value(c);
		break;
	case CAMT_BOOKED: e->booked = date_of(c, in); break;
	case CAMT_VALUED: e->valued = date_of(c, in); break;
	case CAMT_ENTRY_REF: e->ref = camt_keep(c, in, text_of(c)); break;
	default: e->batch = number_of(c); break;
	}
}

static void set_transaction(struct camt *c, enum camt_field field)
{
	struct bank_transaction *t = &c->t;
	struct texts *in = &c->texts;
	switch (field) {
	case CAMT_REF: t->transaction_ref = camt_keep(c, in, text_of(c)); break;
	case CAMT_INSTRUCTION: t->instruction = camt_keep(c, in, text_of(c)); break;
	case CAMT_TX_ID: t->tx_id = camt_keep(c, in, text_of(c)); break;
	case CAMT_END_TO_END: t->end_to_end_id = camt_keep(c, in, text_of(c)); break;
	case CAMT_UETR: t->uetr = camt_keep(c, in, text_of(c)); break;
	case CAMT_CENTS:
		t->cents = cents_of(c);
		t->currency = currency_of(c, in);
		t->has_amount = true;
		break;
	case CAMT_SIGN: t->is_credit = is_credit(c), c->has_sign = true; break;
	case CAMT_TX_CENTS:
		c->tx_currency = currency_of(c, in);
		c->has_tx_amount = take_cents(c, !t->has_amount && str_eq(c->tx_currency, c->entry.currency), &c->tx_cents);
		break;
	case CAMT_REFERENCE_TEXT: c->reference = camt_keep(c, in, compact(c)); break;
	case CAMT_ACCEPTED: c->accepted = date_of(c, in); break;
	default: t->return_reason = camt_keep(c, in, text_of(c)); break;
	}
}

static void set_party(struct camt *c, enum camt_field field)
{
	struct party *p = c->party;
	struct texts *in = &c->texts;
	switch (field) {
	case CAMT_PARTY_NAME: p->name = camt_keep(c, in, text_of(c)); break;
	case CAMT_STREET: p->street = camt_keep(c, in, text_of(c)); break;
	case CAMT_HOUSE: p->house = camt_keep(c, in, text_of(c)); break;
	case CAMT_POSTCODE: p->postcode = camt_keep(c, in, text_of(c)); break;
	case CAMT_TOWN: p->town = camt_keep(c, in, text_of(c)); break;
	case CAMT_COUNTRY: p->country = camt_keep(c, in, text_of(c)); break;
	default:
		if (p->line_count < ADDRESS_LINES) p->lines[p->line_count++] = camt_keep(c, in, text_of(c));
		break;
	}
}

static void set_account(struct camt *c, enum camt_field field)
{
	(void)field;
	*c->iban = camt_keep(c, &c->texts, compact(c));
}

/* Boxes that mean something once they are whole. */
static void end_box(struct camt *c, enum camt_field field)
{
	switch (field) {
	case CAMT_DO_REPORT: camt_end_report(c); break;
	case CAMT_DO_BALANCE: camt_end_balance(c); break;
	case CAMT_DO_ENTRY: camt_end_entry(c); break;
	case CAMT_DO_DETAILS: camt_end_details(c); break;
	default: camt_end_transaction(c); break;
	}
}

void camt_take(struct camt *c, enum camt_field field)
{
	static void (*const ends[CAMT_FIELDS])(struct camt *, enum camt_field) = {
		[CAMT_DO_REPORT] = end_box,
		[CAMT_DO_BALANCE] = end_box,
		[CAMT_DO_ENTRY] = end_box,
		[CAMT_DO_DETAILS] = end_box,
		[CAMT_DO_TRANSACTION] = end_box,
		[CAMT_MESSAGE_ID] = set_message,
		[CAMT_CREATED] = set_message,
		[CAMT_PAGE] = set_message,
		[CAMT_LAST_PAGE] = set_message,
		[CAMT_NOTE] = set_message,
		[CAMT_ID] = set_report,
		[CAMT_SEQUENCE] = set_report,
		[CAMT_REPORT_CREATED] = set_report,
		[CAMT_FROM] = set_report,
		[CAMT_TO] = set_report,
		[CAMT_COPY] = set_report,
		[CAMT_REPORT_PAGE] = set_report_pages,
		[CAMT_REPORT_LAST_PAGE] = set_report_pages,
		[CAMT_IBAN] = set_report,
		[CAMT_OTHER] = set_report,
		[CAMT_BALANCE_IS] = set_report,
		[CAMT_BALANCE_CENTS] = set_report,
		[CAMT_BALANCE_SIGN] = set_report,
		[CAMT_ENTRY_NOTE] = set_entry,
		[CAMT_ENTRY_CENTS] = set_entry,
		[CAMT_ENTRY_SIGN] = set_entry,
		[CAMT_REVERSAL] = set_entry,
		[CAMT_STATUS_IS] = set_entry,
		[CAMT_STATUS_CODE] = set_entry,
		[CAMT_BOOKED] = set_entry,
		[CAMT_VALUED] = set_entry,
		[CAMT_ENTRY_REF] = set_entry,
		[CAMT_BATCH_COUNT] = set_entry,
		[CAMT_FAMILY_CODE] = set_family,
		[CAMT_SUBFAMILY] = set_family,
		[CAMT_DO_CHARGE] = end_charge,
		[CAMT_CHARGE_CENTS] = set_charge,
		[CAMT_CHARGE_SIGN] = set_charge,
		[CAMT_CHARGE_INCLUDED] = set_charge,
		[CAMT_REF] = set_transaction,
		[CAMT_INSTRUCTION] = set_transaction,
		[CAMT_TX_ID] = set_transaction,
		[CAMT_END_TO_END] = set_transaction,
		[CAMT_UETR] = set_transaction,
		[CAMT_CENTS] = set_transaction,
		[CAMT_SIGN] = set_transaction,
		[CAMT_TX_CENTS] = set_transaction,
		[CAMT_REFERENCE_TEXT] = set_transaction,
		[CAMT_ACCEPTED] = set_transaction,
		[CAMT_REASON_IS] = set_transaction,
		[CAMT_PARTY_NAME] = set_party,
		[CAMT_STREET] = set_party,
		[CAMT_HOUSE] = set_party,
		[CAMT_POSTCODE] = set_party,
		[CAMT_TOWN] = set_party,
		[CAMT_COUNTRY] = set_party,
		[CAMT_ADDRESS_LINE] = set_party,
		[CAMT_PARTY_IBAN] = set_account,
		[CAMT_PARTY_OTHER] = set_account,
		[CAMT_UNSTRUCTURED] = add_remittance,
		[CAMT_DO_REFERENCE] = end_reference,
		[CAMT_REFERENCE_IS] = set_reference_type,
		[CAMT_REFERENCE_OWN] = set_reference_type,
		[CAMT_ADDITIONAL] = note_additional,
	};
	if (ends[field]) ends[field](c, field);
}
