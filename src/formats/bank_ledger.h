/* formats/bank_ledger.h: the bills that bank files are reconciled with, from a table: bill, currency, amount_cents, ref_type, reference, account; also
 * status ("open", "cancelled") if there is such a column. The first line names the columns, in any order. */
#pragma once
#include "formats/reconcile.h"

#define LEDGER_BILLS_MAX 10000000 /* ten years of the largest house */

struct bank_ledger;

/* Reads TEXT, which must live as long as the ledger. REFUSED with a finding: what is wrong in which line. The caller frees it. */
enum status bank_ledger_read(struct str text, struct bank_ledger **out, struct problem *why);
void bank_ledger_free(struct bank_ledger *l);

/* As struct reconcile_lookups has them; the bill's id is its name's, the same in every table, and its allocated sum is 0. */
bool bank_ledger_bill(const struct bank_ledger *l, struct str reference, struct reconcile_bill *out);
bool bank_ledger_account(const struct bank_ledger *l, struct str account);
