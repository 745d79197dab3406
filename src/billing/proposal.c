/* billing/proposal.c: by what the payer wrote, then by who paid. */
#include "billing/proposal.h"

#include "billing/series.h"
#include "sales/ticket.h"

struct finding_bills {
	struct conn *db;
	struct arena *a;
	int64_t institution;
	struct proposal *out;
	size_t count;
};

static void propose(struct finding_bills *x, const struct bill *b, bool is_named)
{
	if (b->state != BILL_OPEN || x->count == PROPOSALS_MOST) return;
	for (size_t i = 0; i < x->count; i++)
		if (x->out[i].bill.id == b->id) return;
	x->out[x->count++] = (struct proposal){ *b, is_named };
}

static enum status propose_order(struct finding_bills *x, int64_t number)
{
	struct order o;
	struct bill *bills;
	size_t count = 0;
	enum status st = order_by_number(x->db, x->a, x->institution, number, &o);
	if (st == OK) st = bills_of_order(x->db, x->a, x->institution, o.id, &bills, &count);
	for (size_t i = 0; st == OK && i < count; i++) propose(x, &bills[i], true);
	return st == NOT_FOUND ? OK : st;
}

static enum status propose_by_word(struct finding_bills *x, struct str word)
{
	struct bill b;
	int64_t year, number;
	while (word.len && str_has(S(".,;:()#"), word.at[word.len - 1])) word.len--;
	while (word.len && str_has(S(".,;:()#"), word.at[0])) word = str_part(word, 1, word.len);
	if (order_number_read(word, &number)) return propose_order(x, number);
	if (!series_number_read(word, &year, &number)) return OK;
	enum status st = bill_by_number(x->db, x->a, x->institution, year, number, &b);
	if (st == OK) propose(x, &b, true);
	return st == NOT_FOUND ? OK : st;
}

static enum status propose_by_payer(struct finding_bills *x, struct str payer)
{
	static const struct sql q = SQL(
		"SELECT id FROM bill WHERE institution = $1 AND debtor_name = $2 AND state = 'open' AND number IS NOT NULL ORDER BY due_day, id LIMIT $3");
	int64_t ids[PROPOSALS_MOST];
	size_t count = 0;
	enum status st = payer.len ? store_query(x->db, &q, int64(x->institution), text(payer), int64(PROPOSALS_MOST)) : NOT_FOUND;
	while (!st && !(st = store_next(x->db))) ids[count++] = col_int64(x->db, 0);
	for (size_t i = 0; st == NOT_FOUND && i < count; i++) {
		struct bill b;
		enum status got = bill_get(x->db, x->a, x->institution, ids[i], &b);
		if (got) return got;
		propose(x, &b, false);
	}
	return st == NOT_FOUND ? OK : st;
}

enum status proposals_find(
	struct conn *db, struct arena *a, int64_t institution, struct str payer, struct str words, struct proposal *out, size_t *count)
{
	struct finding_bills x = { db, a, institution, out, 0 };
	struct str rest = words, word;
	enum status st = OK;
	while (!st && str_next(&rest, ' ', &word)) st = propose_by_word(&x, word);
	if (!st) st = propose_by_payer(&x, payer);
	*count = x.count;
	return st;
}
