/* formats/camt_entry.c: what a message's elements mean together: reports and their balances, entries and their sums, transactions and what they take from
 * their entry. */
#include <string.h>

#include "formats/camt_reading.h"
#include "formats/qrbill_reference.h"

static void add(struct camt *c, int64_t *sum, int64_t cents)
{
	if (__builtin_add_overflow(*sum, cents, sum)) camt_refuse(c, "C12", NULL, MSG_BANK_TOTAL_TOO_LARGE);
}

/* ---- reports ---- */

void camt_begin_report(struct camt *c)
{
	if (!camt_has_before(c, CAMT_DO_REPORT)) return;
	c->report_texts.used = 0;
	c->report = (struct bank_report){ .kind = c->report.kind,
		.version = c->report.version,
		.message_id = c->message_id,
		.message_created = c->message_created,
		.number = c->reports++,
		.sequence = -1,
		.page = c->page,
		.is_last_page = c->is_last_page,
		.is_test = c->is_test };
	const struct bank_plan *plan = c->pass == CAMT_APPLY ? c->plan : c->asked;
	if (plan) c->report.signs = bank_plan_signs(plan, c->report.number);
	c->has_announced = c->is_previous = false;
	c->entry.number = -1;
}

/* Hands the report on once its head is whole. */
static void announce_report(struct camt *c)
{
	if (c->has_announced) return;
	c->has_announced = true;
	if (!c->report.created.len) c->report.created = c->message_created;
	if (!c->is_refused && c->handler->report) c->handler->report(c->user, &c->report);
}

void camt_end_balance(struct camt *c)
{
	if (!c->is_opening && !c->is_closing) return;
	struct bank_balance *to = c->is_opening ? &c->report.opening : &c->report.closing;
	/* PRCD, the closing balance of the day before, stands in for a missing opening balance. */
	if (to->is_known && !(c->is_opening && c->is_previous && !c->balance_is_previous)) return;
	if (c->is_opening) c->is_previous = c->balance_is_previous;
	*to = c->balance;
	if (!c->balance_is_credit) to->cents = -to->cents;
}

/* A reversal's sign stands as written, unless the balances say that the bank turns it (C3). */
void camt_set_reversal(struct camt *c, bool is_reversal)
{
	c->entry.is_reversal = is_reversal;
	/* Asked once, whatever the answer: it costs a reading of the whole. */
	if (!is_reversal || c->pass != CAMT_READ || c->has_asked || !c->handler->plan) return;
	if (c->report.kind != BANK_STATEMENT || !c->report.opening.is_known || !c->report.closing.is_known) return;
	c->has_asked = true;
	c->asked = c->handler->plan(c->user);
	if (c->asked) c->report.signs = bank_plan_signs(c->asked, c->report.number);
}

static bool is_turned(const struct camt *c)
{
	return c->report.signs == BANK_SIGNS_TURNED && c->entry.is_reversal;
}

/* Opening balance and booked entries give the closing balance (C3); of one of several pages only who has them all can tell. Where they don't, entries are missing
 * or wrong, and which nobody can tell: the file is refused, once all of it has been read. */
static void check_balance(struct camt *c)
{
	const struct bank_report *r = &c->report;
	if (!r->opening.is_known || !r->closing.is_known || r->page != 1 || !r->is_last_page) return;
	bool is_other = r->has_several_currencies || (r->booked_currency.len && !str_eq(r->booked_currency, r->opening.currency));
	if (is_other || !str_eq(r->opening.currency, r->closing.currency)) {
		camt_say(c, "C3", BANK_WARNING, NULL, MSG_BANK_BALANCE_CURRENCIES);
		return;
	}
	int64_t written = r->opening.cents, turned = written;
	add(c, &written, c->report.as_written);
	add(c, &turned, c->report.as_turned);
	struct arena *a = c->findings->arena;
	if (written == r->closing.cents) {
		if (c->pass == CAMT_CHECK && turned != written) bank_list_add(c->plan->arena, &c->plan->written, (uint64_t)r->number);
	} else if (turned == r->closing.cents) {
		if (c->pass == CAMT_CHECK) bank_list_add(c->plan->arena, &c->plan->turned, (uint64_t)r->number);
		camt_say(c, "C3", BANK_WARNING, NULL, MSG_BANK_BALANCE_TURNED);
	} else {
		c->is_unbalanced = true;
		camt_say(c, "C3", BANK_ERROR, NULL, MSG_BANK_BALANCE_DIFFERS, arg_text("said", bank_amount(a, r->closing.cents)),
			arg_text("counted", bank_amount(a, written)));
	}
}

void camt_end_report(struct camt *c)
{
	announce_report(c);
	check_balance(c);
	if (!c->is_refused && c->handler->report_end) c->handler->report_end(c->user, &c->report);
}

/* ---- transactions ---- */

static struct str address_of(struct camt *c, const struct party *p)
{
	struct texts *in = &c->texts;
	const struct {
		struct str first, second;
	} lines[] = { { p->street, p->house }, { p->postcode, p->town }, { p->country, S("") } };
	char *from = in->at + in->used;
	for (size_t i = 0; i < p->line_count + COUNT(lines); i++) {
		struct str first = i < p->line_count ? p->lines[i] : lines[i - p->line_count].first;
		struct str second = i < p->line_count ? S("") : lines[i - p->line_count].second;
		if (!first.len && !second.len) continue;
		if (in->at + in->used != from) camt_keep(c, in, S(", "));
		camt_keep(c, in, first);
		if (first.len && second.len) camt_keep(c, in, S(" "));
		camt_keep(c, in, second);
	}
	return (struct str){ from, (size_t)(in->at + in->used - from) };
}

/* Who paid: who owed, or, at a counter, whom the bank's fixed text stands for (C11). */
static void set_debtor(struct camt *c)
{
	const struct party *p = &c->debtor;
	bool is_counter = c->codes.has_any ? c->codes.is_counter : c->entry.codes.is_counter;
	if (c->ultimate.name.len && (!p->name.len || is_counter)) p = &c->ultimate;
	c->t.debtor_name = p->name;
	c->t.debtor_address = address_of(c, p);
	c->t.debtor_iban = c->debtor.iban;
}

static struct str first_date(const struct str *texts, size_t n)
{
	struct str date;
	for (size_t i = 0; i < n; i++)
		if (bank_date(texts[i], &date)) return date;
	return S("");
}

/* What the entry says for all of its transactions. */
static void set_from_entry(struct camt *c)
{
	struct bank_transaction *t = &c->t;
	struct entry *e = &c->entry;
	t->report = &c->report;
	t->entry = e->number;
	t->status = e->status;
	t->is_reversal = e->is_reversal;
	t->booking_date = e->booked;
	t->entry_ref = e->ref;
	t->entry_cents = e->is_credit ? e->cents : -e->cents;
	const struct str dates[] = { e->valued, c->accepted, e->booked, c->report.to, c->report.from, c->report.created, c->message_created };
	t->value_date = first_date(dates, COUNT(dates));
	t->has_creditor_account = c->creditor_iban.len > 0;
	struct str credited = c->creditor_iban;
	/* Banks put the credited QR-IBAN there, some with more behind it (C1). */
	if (!credited.len && iban_is_valid(e->note)) credited = e->note;
	if (!credited.len && iban_is_usable(str_part(e->note, 0, QRBILL_IBAN_LENGTH))) credited = str_part(e->note, 0, QRBILL_IBAN_LENGTH);
	t->credited_account = credited.len ? credited : c->report.account;
}

static void set_charges(struct bank_transaction *t, const struct charges *from)
{
	t->has_charges = from->is_any;
	t->charge_cents = from->sum;
	t->is_charge_included = from->is_any && from->are_all_included;
}

static void hand_on(struct camt *c)
{
	if (!c->is_refused && c->handler->transaction) c->handler->transaction(c->user, &c->t);
}

static uint64_t entry_number(const struct camt *c)
{
	return (uint64_t)c->report.number << 32 | (uint64_t)c->entry.number;
}

static bool is_rejected(const struct camt *c)
{
	return c->pass == CAMT_APPLY && bank_list_has(&c->plan->rejected, entry_number(c));
}

static void break_entry(struct camt *c)
{
	if (!c->entry.is_broken && c->pass == CAMT_CHECK) bank_list_add(c->plan->arena, &c->plan->rejected, entry_number(c));
	c->entry.is_broken = true;
}

/* The transaction at hand is whole; IS_ONLY: it is the entry's only one, so that the entry's amount is its own (C4). */
static void finish_transaction(struct camt *c, bool is_only)
{
	struct bank_transaction *t = &c->t;
	struct entry *e = &c->entry;
	c->is_pending = false;
	/* An amount in another currency is what was paid somewhere, not what was credited here. */
	if (!t->has_amount && c->has_tx_amount && (!is_only || str_eq(c->tx_currency, e->currency))) {
		t->has_amount = true;
		t->cents = c->tx_cents, t->currency = c->tx_currency;
	}
	if (!t->has_amount && is_only) {
		t->has_amount = true;
		t->cents = e->cents, t->currency = e->currency;
	}
	if (!c->has_sign) t->is_credit = e->is_credit;
	if (t->has_amount) {
		if (!str_eq(t->currency, e->currency)) e->has_differing_currency = true;
		add(c, &e->sum, t->is_credit == e->is_credit ? t->cents : -t->cents);
	} else {
		t->currency = e->currency;
		break_entry(c);
		camt_say(c, "C4", BANK_ERROR, NULL, MSG_BANK_NO_AMOUNT, arg_int("n", e->transactions + 1));
	}
	t->is_turned = is_turned(c);
	if (t->is_turned) t->is_credit = !t->is_credit;
	const struct codes *codes = c->codes.has_any ? &c->codes : &e->codes;
	t->is_charge = codes->is_charge;
	t->is_return = t->is_return || codes->is_return;
	set_from_entry(c);
	set_charges(t, &c->charges);
	set_debtor(c);
	t->transaction = e->transactions++;
	if (!is_rejected(c)) hand_on(c);
}

void camt_begin_transaction(struct camt *c)
{
	if (c->is_pending) finish_transaction(c, false);
	c->is_in_transaction = true;
	c->texts.used = 0;
	memset(&c->t, 0, offsetof(struct bank_transaction, references)); /* the lists go by their counts */
	c->t.line = c->parser->input->line;
	c->codes = (struct codes){ 0 };
	c->charges = (struct charges){ .are_all_included = true };
	c->debtor = c->ultimate = (struct party){ 0 };
	c->creditor_iban = c->accepted = S("");
	c->has_tx_amount = c->has_sign = false;
}

/* An amount that only the entry may have is known at the next transaction or the entry's end. */
void camt_end_transaction(struct camt *c)
{
	c->is_in_transaction = false;
	c->entry.counted++;
	if (!c->t.has_amount && c->entry.transactions == 0) c->is_pending = true;
	else finish_transaction(c, false);
}

/* ---- entries ---- */

void camt_begin_entry(struct camt *c)
{
	if (!camt_has_before(c, CAMT_DO_ENTRY)) return;
	announce_report(c);
	int64_t number = c->entry.number + 1;
	c->entry_texts.used = 0;
	c->entry = (struct entry){ .number = number, .line = c->parser->input->line, .batch = -1, .miscounted = -1, .charges.are_all_included = true };
	c->is_pending = false;
	if (number > UINT32_MAX - 1) camt_refuse(c, "C00", NULL, MSG_BANK_TOTAL_TOO_LARGE);
}

void camt_end_details(struct camt *c)
{
	struct entry *e = &c->entry;
	if (e->batch < 0) return;
	e->batches++;
	if (e->counted && e->counted != e->batch) e->miscounted = e->batch;
}

/* Before the first transaction all that it takes from its entry must be known. */
void camt_begin_details(struct camt *c)
{
	c->entry.counted = 0;
	c->entry.batch = -1;
	camt_has_before(c, CAMT_DO_DETAILS);
}

/* The signed sum of the parts is the entry's amount, and the counts are right (C5). */
static void check_sum(struct camt *c)
{
	struct entry *e = &c->entry;
	if (!e->transactions) return;
	struct arena *a = c->findings->arena;
	/* One batch may count for all details of its entry. */
	if (e->miscounted >= 0 && !(e->batches == 1 && e->miscounted == e->transactions)) {
		break_entry(c);
		camt_say(c, "C5", BANK_ERROR, NULL, MSG_BANK_COUNT_DIFFERS, arg_int("said", e->miscounted), arg_int("found", e->counted));
	}
	if (e->has_differing_currency) {
		break_entry(c);
		camt_say(c, "C5", BANK_ERROR, NULL, MSG_BANK_SUM_CURRENCY, arg_text("currency", e->currency));
	} else if (!e->is_broken && e->sum != e->cents) {
		break_entry(c);
		camt_say(
			c, "C5", BANK_ERROR, NULL, MSG_BANK_SUM_DIFFERS, arg_text("entry", bank_amount(a, e->cents)), arg_text("parts", bank_amount(a, e->sum)));
	}
}

static void add_to_balance(struct camt *c)
{
	struct entry *e = &c->entry;
	if (!str_eq(e->status, S("BOOK"))) return;
	int64_t signed_cents = e->is_credit ? e->cents : -e->cents;
	add(c, &c->report.as_written, signed_cents);
	add(c, &c->report.as_turned, e->is_reversal ? -signed_cents : signed_cents);
	struct bank_report *r = &c->report;
	if (!r->booked_currency.len) r->booked_currency = camt_keep(c, &c->report_texts, e->currency);
	else if (!str_eq(e->currency, r->booked_currency)) r->has_several_currencies = true;
}

static void say_entry(struct camt *c, bool is_rejected_whole)
{
	struct entry *e = &c->entry;
	camt_begin_transaction(c);
	c->is_in_transaction = false;
	struct bank_transaction *t = &c->t;
	t->line = e->line;
	t->transaction = -1;
	t->is_rejected = is_rejected_whole;
	t->has_amount = true;
	t->cents = e->cents, t->currency = e->currency;
	t->is_turned = is_turned(c);
	t->is_credit = e->is_credit != t->is_turned;
	t->is_charge = e->codes.is_charge, t->is_return = e->codes.is_return;
	set_charges(t, &e->charges);
	set_from_entry(c);
	hand_on(c);
}

void camt_end_entry(struct camt *c)
{
	struct entry *e = &c->entry;
	if (c->is_pending) finish_transaction(c, true);
	if (!e->currency.len || !e->status.len) return; /* missing: said by the table */
	check_sum(c);
	add_to_balance(c);
	if (!e->transactions || is_rejected(c)) say_entry(c, e->transactions > 0);
}
