/* tests/formats/reconcile_books.h: a house's books in a test: a ledger, what was seen, and files imported into them. */
#pragma once
#include "camt_build.h"
#include "formats/bank_ledger.h"
#include "formats/reconcile.h"
#include "formats/reconcile_memory.h"

#define HEAD   "bill,currency,amount_cents,ref_type,reference,account,status\n"
#define REF_1  "880000000000000000000010016"
#define REF_2  "880000000000000000000010024"
#define REF_3  "880000000000000000000010032"
#define SCOR_5 "RF89TIX001005"

static const char ledger_text[] = HEAD "1001,CHF,11800,QRR," REF_1 "," QR_IBAN ",open\n"
									   "1002,CHF,5990,QRR," REF_2 "," QR_IBAN ",\n"
									   "1003,CHF,125005,QRR," REF_3 "," QR_IBAN ",cancelled\n"
									   "1005,EUR,10000,SCOR,RF89 TIX0 0100 5," IBAN ",open\n"
									   "1009,CHF,2500,NON,," IBAN ",open\n";

struct made {
	enum outcome outcome;
	struct str bill;
	int64_t open, booked;
	enum message reason;
};

/* A house's books: what a caller of the reconciler keeps. */
struct books {
	struct bank_ledger *ledger;
	struct reconcile_memory *memory;
	struct reconcile_lookups lookups;
	struct bank_findings findings;
	struct made made[READ_MAX];
	size_t count;
};

static inline bool find_bill(void *user, struct str reference, struct reconcile_bill *out)
{
	struct books *b = user;
	if (!bank_ledger_bill(b->ledger, reference, out)) return false;
	out->allocated = reconcile_memory_booked(b->memory, out->id);
	return true;
}

static inline void book(void *user, int64_t id, int64_t cents)
{
	reconcile_memory_book(((struct books *)user)->memory, id, cents);
}

static inline bool find_account(void *user, struct str account)
{
	return bank_ledger_account(((struct books *)user)->ledger, account);
}

static inline struct books *books_of(const char *ledger)
{
	struct books *b = ARENA_NEW(mem, struct books);
	struct problem why = problem_in(mem);
	assert_status(bank_ledger_read(str_of(ledger), &b->ledger, &why), OK);
	b->memory = reconcile_memory_new();
	b->lookups = (struct reconcile_lookups){ .bills = b, .bill = find_bill, .account = find_account, .book = book };
	reconcile_memory_lookups(b->memory, &b->lookups);
	b->findings = bank_findings_in(mem);
	return b;
}

static inline void books_close(struct books *b)
{
	bank_ledger_free(b->ledger);
	reconcile_memory_free(b->memory);
}

static inline void on_row(void *user, const struct reconcile_row *row)
{
	struct books *b = user;
	if (b->count == READ_MAX) return;
	b->made[b->count++] = (struct made){ row->outcome, row->has_bill ? kept(row->bill.name) : S(""), row->open_after, row->booked, row->reason };
}

/* Imports one file; b->made holds its rows. */
static inline void import(struct books *b, struct str bytes)
{
	static const struct bank_handler none;
	struct bank_findings ignored = bank_findings_in(mem);
	struct bank_plan plan = { .arena = mem };
	struct bank_summary summary;
	struct bank_input input = bank_input_of(&bytes);
	struct bank_file *f;
	b->count = 0;
	b->findings = bank_findings_in(mem);
	assert_status(bank_file_open(mem, &input, &f, &ignored), OK);
	assert_status(bank_file_check(f, 0, &none, NULL, &plan, &summary, &ignored), OK);
	struct reconcile *r = reconcile_begin(mem, &b->lookups, summary.hash, on_row, b, &b->findings);
	assert_status(bank_file_apply(f, 0, &reconcile_handler, r, &plan, &summary, &ignored), OK);
	reconcile_end(r);
	bank_file_close(f);
}

static inline int64_t open_of(struct books *b, const char *reference)
{
	struct reconcile_bill bill;
	assert_true(find_bill(b, str_of(reference), &bill));
	return bill.allocated <= 0 ? bill.cents : bill.cents - bill.allocated;
}

#define assert_outcome(b, i, want)                                                                             \
	do {                                                                                                       \
		if ((b)->count <= (size_t)(i)) fail_msg("only %zu rows", (b)->count);                                  \
		struct str got_ = outcome_word((b)->made[i].outcome);                                                  \
		if (!str_eq(got_, str_of(want))) fail_msg("row %d: got %.*s, want %s", (int)(i), STR_ARG(got_), want); \
	} while (0)

/* What one transaction alone makes of fresh books. */
static inline struct made outcome_of(struct str entries)
{
	struct books *b = books_of(ledger_text);
	import(b, message_of("054", entries));
	assert_int_equal(b->count, 1);
	struct made m = b->made[0];
	books_close(b);
	return m;
}

static inline struct str qrr_single(const char *amount, const char *reference)
{
	return single(amount, str_c(mem, qrr(amount, reference)));
}

#define outcome_is(entries, want) assert_str(outcome_word(outcome_of(entries).outcome), S(want))
