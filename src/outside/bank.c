/* outside/bank.c: the bank: bills that are open, and the file that tells of those that were paid. */
#include "base/random.h"
#include "formats/bank.h"
#include "institution/administrative.h"
#include "outside/bank_file.h"
#include "outside/outside.h"
#include "shipping/watched.h"
#include "web/csrf.h"

#define ID_BYTES	8
#define TIME_LENGTH 16 /* "2026-11-24T18:30" of a time with its zone */

static const struct form_field bank_fields[] = {
	{ "bill", .max = 20, .is_repeated = true },
	{ "to", .max = 10 },
};

enum status bank_look(struct request *r, struct bank_shown *out)
{
	struct interface payments;
	struct bill *bills;
	enum status st;
	*out = (struct bank_shown){ .office = world_office(r, "/payments"), .csrf = csrf_token(r, "/outside/bank") };
	st = interface_by_code(r->db, r->arena, world_door(r)->sale.institution, S(PAYMENTS_CODE), &payments);
	if (st == OK) st = watched_path(r->db, r->arena, payments.id, &out->folder);
	if (st && st != NOT_FOUND) return st;
	if ((st = bill_list_open(r->db, r->arena, world_door(r)->sale.institution, BILLS_SHOWN, &bills, &out->count))) return st;
	out->rows = ARENA_ARRAY(r->arena, struct bank_row, out->count);
	for (size_t i = 0; i < out->count; i++) {
		const struct bill *b = &bills[i];
		out->rows[i] = (struct bank_row){ .bill = b,
			.field = str_c(r->arena, str_format(r->arena, "amount-%lld", (long long)b->id)),
			.number = bill_number(r->arena, b),
			.order = order_number(r->arena, b->order_number),
			.payer = b->debtor.name,
			.amount = bank_amount(r->arena, bill_open_amount(b)) };
	}
	return OK;
}

/* ---- what was ticked ---- */

static struct bank_row *row_of(struct bank_shown *bank, const char *field)
{
	for (size_t i = 0; i < bank->count; i++)
		if (str_eq(str_of(bank->rows[i].field), str_of(field))) return &bank->rows[i];
	return NULL;
}

static void read_rows(struct request *r, struct form *f, struct bank_shown *bank)
{
	struct str name, value;
	struct bank_row *row;
	for (size_t at = 0; form_next(f, "bill", &at, &value);)
		if ((row = row_of(bank, str_c(r->arena, str_format(r->arena, "amount-%.*s", STR_ARG(value)))))) row->is_chosen = true;
	for (size_t at = 0; form_next_named(r, S("amount-"), &at, &name, &value);)
		if ((row = row_of(bank, str_c(r->arena, name)))) row->amount = str_trim(value);
}

static size_t read_payments(struct request *r, const struct bank_shown *bank, struct bank_payment *out, struct problem *why)
{
	size_t n = 0;
	for (size_t i = 0; i < bank->count; i++) {
		const struct bank_row *row = &bank->rows[i];
		const struct bill *b = row->bill;
		int64_t cents;
		if (!row->is_chosen) continue;
		if (bank_cents(row->amount, &cents) != BANK_NUMBER_RIGHT || cents <= 0 || cents > QRBILL_AMOUNT_MAX)
			problem_add(why, row->field, MSG_OUTSIDE_AMOUNT_WRONG, arg_text("bill", row->number));
		else
			out[n++] = (struct bank_payment){ .account = b->account,
				.currency = b->currency,
				.kind = b->kind,
				.reference = b->reference,
				.words = str_format(r->arena, "%.*s %.*s", STR_ARG(row->number), STR_ARG(b->debtor.name)),
				.payer = b->debtor,
				.cents = cents };
	}
	if (!n && !problem_any(why)) problem_add(why, "", MSG_OUTSIDE_NO_BILL_TICKED);
	return n;
}

/* The account behind the QR-IBAN, where the house has named it. */
static enum status reported_account(struct request *r, const struct bank_payment *first, struct str *out)
{
	struct administrative v;
	enum status st = administrative_get(r->db, r->arena, world_door(r)->sale.institution, &v);
	if (st == OK) *out = v.iban.len ? v.iban : first->account;
	return st;
}

struct response world_bank(struct request *r)
{
	struct form f = form_read(r, bank_fields, COUNT(bank_fields));
	struct bank_payment payments[BILLS_SHOWN];
	struct bank_shown bank;
	struct printing_shown printing;
	if (bank_look(r, &bank)) return error_answer(r, 503);
	read_rows(r, &f, &bank);
	struct bank_notice n = { .payments = payments, .count = read_payments(r, &bank, payments, &f.why) };
	if (problem_any(&f.why)) return printing_look(r, S(""), &printing) ? error_answer(r, 503) : world_answer(r, 422, &bank, &printing, &f.why);
	if (reported_account(r, &payments[0], &n.account)) return error_answer(r, 503);
	n.id = str_hex(r->arena, random_bytes(r->arena, ID_BYTES));
	n.time = str_format(r->arena, "%.*s:00", TIME_LENGTH, lang_iso(r->arena, store_now(r->db), world_door(r)->sale.house.zone).at);
	return world_file(r, "application/xml", str_format(r->arena, "camt.054_%.*s.xml", STR_ARG(n.id)), bank_file_write(r->arena, &n),
		form_text(&f, "to"), bank.folder);
}
