/* tests/formats/qrbill_bills.h: a bill to begin with, and what is found wrong with one. */
#pragma once
#include "formats/qrbill.h"
#include "test.h"

/* A bill without a fault: two seats in the stalls, paid with a QR reference. */
static inline struct qrbill theatre_bill(void)
{
	return (struct qrbill){
		.account = S("CH8830123000012345678"),
		.creditor = { S("Theater Beispiel AG"), S("Bühnenweg"), S("7"), S("3011"), S("Bern"), S("CH") },
		.debtor = { S("Noémie Favre-Zürcher"), S("Chemin des Crêtes"), S("3"), S("1800"), S("Vevey"), S("CH") },
		.amount = 11800,
		.currency = S("CHF"),
		.kind = QRBILL_QRR,
		.reference = S("880000000000000000000010001"),
		.message = S("2 Plätze Parkett, Reihe 7"),
	};
}

/* The same with an ordinary account and nothing but a message to tell it by. */
static inline struct qrbill plain_bill(void)
{
	struct qrbill bill = theatre_bill();
	bill.account = S("CH9300762011623852957");
	bill.kind = QRBILL_NON;
	bill.reference = S("");
	return bill;
}

/* N times WHAT. */
static inline struct str times(size_t n, struct str what)
{
	struct buf b = buf_in(mem);
	while (n--) buf_add(&b, what);
	return buf_str(&b);
}

/* Findings as "R31 reference; R15 creditor.street (warning)". */
static inline struct str findings_text(const struct qrbill_findings *f)
{
	struct buf b = buf_in(mem);
	for (size_t i = 0; i < f->count; i++)
		buf_addf(&b, "%s%.*s %s%s", i ? "; " : "", STR_ARG(qrbill_rule_name(mem, f->at[i].rule)), f->at[i].said.field,
			f->at[i].severity == QRBILL_WARNING ? " (warning)" : "");
	return buf_str(&b);
}

/* What qrbill_check finds in BILL, which it cleans. */
static inline struct str checked(struct qrbill *bill)
{
	struct qrbill_findings f = qrbill_findings_in(mem);
	qrbill_check(bill, &f);
	return findings_text(&f);
}

/* What qrbill_read finds in TEXT. */
static inline struct str read_as(struct str text, enum qrbill_strictness how, struct qrbill *bill)
{
	struct qrbill_findings f = qrbill_findings_in(mem);
	*bill = (struct qrbill){ .language = QRBILL_EN };
	qrbill_read(text, how, bill, &f);
	return findings_text(&f);
}

#define assert_found(bill, want) assert_str(checked(&(bill)), S(want))
