/* formats/qrbill_rules.h: the bill's members and what holds for each: for qrbill.h's functions only. */
#pragma once
#include "formats/qrbill.h"

#define QRBILL_ADDRESS_FIELDS	6
#define QRBILL_STREET_MAX		70 /* R14 */
#define QRBILL_HOUSE_NUMBER_MAX 16 /* R15 */

/* A member that is text: where it lies, where it stands in the symbol, which rule speaks of it. */
struct qrbill_text_field {
	const char *path;
	size_t offset; /* of the struct str in struct qrbill */
	int line, rule;
	int max; /* characters; 0: the rule has its own length */
	bool is_required;
};

/* All of them in the order of lines: account, creditor (6), currency, debtor (6), reference, message, billing information, schemes (2). */
#define QRBILL_TEXT_FIELDS 19
extern const struct qrbill_text_field qrbill_text_fields[QRBILL_TEXT_FIELDS];

struct str *qrbill_text_at(struct qrbill *bill, const struct qrbill_text_field *field);

/* Whether a field is the debtor's, which counts only when there is one. */
bool qrbill_is_debtor_field(const struct qrbill_text_field *field);

/* What need not be said because a reader has said it. */
struct qrbill_exceptions {
	bool creditor_is_combined, debtor_is_combined; /* R12: street and number were one line */
	bool is_combined_refused;					   /* R12 is an error, and R17 need not repeat that a town was on a longer line */
	bool is_account_known;						   /* R10 */
	bool is_reference_kind_known;				   /* R30 */
	bool is_syntax_opaque; /* the billing information's own (S1), which a strict reader leaves alone: bills of before S1 1.2 are in use */
};

/* Everything that holds of a clean bill, whose text has BYTES bytes. */
void qrbill_rules(struct qrbill *bill, struct qrbill_exceptions but, size_t bytes, struct qrbill_findings *f);
