/* formats/bank_ledger.c: a table read once, found by reference. */
#include "formats/bank_ledger.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "formats/csv.h"
#include "formats/qrbill_reference.h"

#define PLACES_MIN	 1024
#define WAITING		 16	  /* rows that memory needs to answer */
#define ACCOUNTS_MAX 4096 /* accounts of one house; real ones have a few */

enum column { BILL, CURRENCY, AMOUNT, REF_TYPE, REFERENCE, ACCOUNT, STATUS, COLUMNS };

struct bill {
	struct str name, reference;
	char currency[3];
	bool is_cancelled;
	int64_t cents;
};

/* A place in a table: part of the hash, so that few others' texts are looked at, and the bill's number + 1; 0: free. */
struct place {
	uint32_t hash, bill;
};

/* A bill on its way into the tables. */
struct waiting {
	struct bill bill;
	int64_t line;
	uint64_t name_hash, hash;
};

struct bank_ledger {
	struct arena *arena;
	unsigned char seed[crypto_shorthash_KEYBYTES];
	struct bill *bills;
	size_t count, size;
	struct place *by_reference, *by_name;
	size_t places;
	struct str *accounts;
	size_t account_count;
	struct waiting waiting[WAITING];
	size_t next; /* bills that have come so far */
};

static uint64_t hash_of(const struct bank_ledger *l, struct str text)
{
	uint64_t hash;
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text.at, text.len, l->seed);
	return hash;
}

/* Where TEXT is, or would be. */
static struct place *place_of(const struct bank_ledger *l, struct place *places, struct str text, uint64_t hash)
{
	size_t i = hash & (l->places - 1);
	for (; places[i].bill; i = (i + 1) & (l->places - 1)) {
		if (places[i].hash != (uint32_t)(hash >> 32)) continue;
		const struct bill *b = &l->bills[places[i].bill - 1];
		if (str_eq(places == l->by_name ? b->name : b->reference, text)) break;
	}
	return &places[i];
}

/* Two of a million places lie far apart in memory, so they are asked for some rows before they are needed. */
static enum status enter(struct bank_ledger *l, const struct waiting *w, struct problem *why)
{
	struct place *name = place_of(l, l->by_name, w->bill.name, w->name_hash);
	struct place *own = w->bill.reference.len ? place_of(l, l->by_reference, w->bill.reference, w->hash) : NULL;
	if (name->bill || (own && own->bill)) {
		struct str what = str_keep(why->arena, name->bill ? w->bill.name : w->bill.reference);
		problem_add(why, "ledger", MSG_LEDGER_TWICE, arg_int("line", w->line), arg_text("what", what));
		return REFUSED;
	}
	l->bills[l->count++] = w->bill;
	*name = (struct place){ (uint32_t)(w->name_hash >> 32), (uint32_t)l->count };
	if (own) *own = (struct place){ (uint32_t)(w->hash >> 32), (uint32_t)l->count };
	return OK;
}

static enum status put_in_line(struct bank_ledger *l, const struct bill *b, int64_t line, struct problem *why)
{
	struct waiting *w = &l->waiting[l->next % WAITING];
	enum status st = l->next >= WAITING ? enter(l, w, why) : OK;
	*w = (struct waiting){ *b, line, hash_of(l, b->name), b->reference.len ? hash_of(l, b->reference) : 0 };
	__builtin_prefetch(&l->by_name[w->name_hash & (l->places - 1)], 1);
	__builtin_prefetch(&l->by_reference[w->hash & (l->places - 1)], 1);
	l->next++;
	return st;
}

static enum status enter_rest(struct bank_ledger *l, struct problem *why)
{
	enum status st = OK;
	for (size_t i = l->next > WAITING ? l->next - WAITING : 0; i < l->next && !st; i++) st = enter(l, &l->waiting[i % WAITING], why);
	return st;
}

/* Room for a bill a line. */
static void make_room(struct bank_ledger *l, struct str text)
{
	size_t lines = 1;
	for (const char *at = text.at, *end = at + text.len; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++) lines++;
	if (lines > LEDGER_BILLS_MAX) lines = LEDGER_BILLS_MAX;
	l->size = lines;
	for (l->places = PLACES_MIN; l->places < lines + lines / 2;) l->places *= 2;
	l->bills = calloc(l->size, sizeof *l->bills);
	l->by_reference = calloc(l->places, sizeof *l->by_reference);
	l->by_name = calloc(l->places, sizeof *l->by_name);
	if (!l->bills || !l->by_reference || !l->by_name) BUG("no memory for %zu bills", lines);
}

static enum status bad(struct problem *why, int64_t line, const char *column, struct str value)
{
	problem_add(why, "ledger", MSG_LEDGER_VALUE, arg_int("line", line), arg_text("column", str_of(column)),
		arg_text("value", str_is_text(value) ? str_keep(why->arena, str_part(value, 0, 70)) : S("?")));
	return REFUSED;
}

static enum status add_account(struct bank_ledger *l, struct str account, int64_t line, struct problem *why)
{
	account = reference_compact(l->arena, account);
	if (bank_ledger_account(l, account)) return OK;
	if (!account.len || l->account_count == ACCOUNTS_MAX) return bad(why, line, "account", account);
	l->accounts[l->account_count++] = str_keep(l->arena, account);
	return OK;
}

static bool is_currency(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < 'A' || s.at[i] > 'Z') return false;
	return s.len == 3;
}

static enum status add_bill(struct bank_ledger *l, const struct str *fields, const int *at, int64_t line, struct problem *why)
{
	struct bill b = { .name = fields[at[BILL]] };
	struct str currency = fields[at[CURRENCY]], amount = fields[at[AMOUNT]], reference = fields[at[REFERENCE]], type = fields[at[REF_TYPE]];
	if (!b.name.len || !str_is_text(b.name)) return bad(why, line, "bill", b.name);
	if (!is_currency(currency)) return bad(why, line, "currency", currency);
	memcpy(b.currency, currency.at, 3);
	if (!str_int64(amount, &b.cents) || b.cents < 0 || b.cents > BANK_AMOUNT_MAX) return bad(why, line, "amount_cents", amount);
	if (!str_eq(type, S("NON"))) {
		if (!str_eq(type, S("QRR")) && !str_eq(type, S("SCOR")) && !str_eq(type, S("ISR"))) return bad(why, line, "ref_type", type);
		b.reference = reference_compact(l->arena, reference);
		if (!b.reference.len) return bad(why, line, "reference", reference);
		/* No bank would ever bring it, and a spreadsheet may have made 8.8E+26 of it. */
		bool is_wrong = (str_eq(type, S("QRR")) && !qrr_is_valid(b.reference)) || (str_eq(type, S("SCOR")) && !scor_is_valid(b.reference));
		if (is_wrong) return bad(why, line, "reference", reference);
	}
	if (at[STATUS] >= 0) {
		struct str status = fields[at[STATUS]];
		b.is_cancelled = str_eq(status, S("cancelled"));
		if (!b.is_cancelled && status.len && !str_eq(status, S("open"))) return bad(why, line, "status", status);
	}
	if (l->next == l->size) return bad(why, line, "bill", b.name);
	enum status st = put_in_line(l, &b, line, why);
	return st ? st : add_account(l, fields[at[ACCOUNT]], line, why);
}

static enum status read_head(struct csv *c, struct arena *a, int *at, size_t *width, struct problem *why)
{
	static const char *const names[COLUMNS] = { "bill", "currency", "amount_cents", "ref_type", "reference", "account", "status" };
	struct csv_row head;
	enum csv_result result = csv_next(a, c, &head);
	*width = result == CSV_ROW ? head.count : 0;
	if (*width == 1 && str_find(head.fields[0], S(";")) >= 0) return problem_add(why, "ledger", MSG_LEDGER_SEMICOLONS), REFUSED;
	for (int i = 0; i < COLUMNS; i++) {
		at[i] = -1;
		for (size_t k = 0; result == CSV_ROW && k < head.count; k++)
			if (str_eq(head.fields[k], str_of(names[i]))) at[i] = (int)k;
		if (at[i] < 0 && i != STATUS) return problem_add(why, "ledger", MSG_LEDGER_COLUMN, arg_text("column", str_of(names[i]))), REFUSED;
	}
	return OK;
}

enum status bank_ledger_read(struct str text, struct bank_ledger **out, struct problem *why)
{
	struct arena *a = arena_new();
	struct bank_ledger *l = ARENA_NEW(a, struct bank_ledger);
	l->arena = a;
	l->accounts = ARENA_ARRAY(a, struct str, ACCOUNTS_MAX);
	randombytes_buf(l->seed, sizeof l->seed);
	struct csv c = csv_of(text, ',');
	int at[COLUMNS] = { 0 }, most = 0;
	size_t width;
	struct str fields[CSV_FIELDS_MAX];
	struct csv_row row;
	enum csv_result result = CSV_END;
	enum status st = read_head(&c, a, at, &width, why);
	if (!st) make_room(l, text);
	for (int i = 0; i < COLUMNS; i++)
		if (at[i] > most) most = at[i];
	while (!st && (result = csv_next_into(a, &c, fields, &row)) == CSV_ROW) {
		/* A comma that a spreadsheet put into a number moves all that follows. */
		if (row.count > width)
			st = (problem_add(why, "ledger", MSG_LEDGER_WIDE, arg_int("line", row.line), arg_int("count", (int64_t)width)), REFUSED);
		else st = row.count > (size_t)most ? add_bill(l, fields, at, row.line, why) : bad(why, row.line, "account", S(""));
	}
	if (!st) st = enter_rest(l, why);
	if (!st && result == CSV_BROKEN) st = (problem_add(why, "ledger", MSG_LEDGER_BROKEN, arg_int("line", row.line)), REFUSED);
	if (st) {
		bank_ledger_free(l);
		return st;
	}
	*out = l;
	return OK;
}

void bank_ledger_free(struct bank_ledger *l)
{
	if (!l) return;
	free(l->bills);
	free(l->by_reference);
	free(l->by_name);
	arena_free(l->arena);
}

/* By its name, since another table may have other rows: 63 bits of a hash. */
static int64_t id_of(struct str name)
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	int64_t id;
	crypto_generichash(hash, sizeof hash, (const unsigned char *)name.at, name.len, NULL, 0);
	memcpy(&id, hash, sizeof id);
	return id & INT64_MAX;
}

bool bank_ledger_bill(const struct bank_ledger *l, struct str reference, struct reconcile_bill *out)
{
	if (!reference.len) return false;
	uint32_t found = place_of(l, l->by_reference, reference, hash_of(l, reference))->bill;
	if (!found) return false;
	const struct bill *b = &l->bills[found - 1];
	*out = (struct reconcile_bill){ id_of(b->name), b->name, { b->currency, 3 }, b->cents, 0, b->is_cancelled };
	return true;
}

bool bank_ledger_account(const struct bank_ledger *l, struct str account)
{
	for (size_t i = 0; i < l->account_count; i++)
		if (str_eq(l->accounts[i], account)) return true;
	return false;
}
