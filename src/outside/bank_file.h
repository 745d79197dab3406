/* outside/bank_file.h: the file in which a bank tells of money that came in: camt.054.001.08, as Swiss banks write it for QR-bills. */
#pragma once
#include "formats/qrbill.h"

/* A payment as the payer's bank was told. */
struct bank_payment {
	struct str account, currency; /* that the payer named: a QR-IBAN or an IBAN */
	enum qrbill_reference_kind kind;
	struct str reference, words; /* without a reference: the payer's WORDS */
	struct qrbill_address payer;
	int64_t cents;
};

struct bank_notice {
	struct str account; /* that the bank reports on */
	struct str id;		/* 16 characters that no other file of this bank has */
	struct str time;	/* "2026-11-24T18:30:00" */
	const struct bank_payment *payments;
	size_t count;
};

/* The file, in arena A: payments to one account in one currency are one entry, as banks book them. */
struct str bank_file_write(struct arena *a, const struct bank_notice *n);
