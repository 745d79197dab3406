/* formats/qrbill.h: the Swiss QR-bill as data: checked, written as the text of its symbol, and read from it (SIX Implementation Guidelines 2.3).
 * Rules have numbers, R01 to R45, which findings carry; docs/qr-bill.md lists them. Drawing is formats/qrbill_slip.h's, pictures are
 * formats/qrbill_scan.h's. No file, clock or JSON. */
#pragma once
#include "base/problem.h"
#include "base/status.h"

/* In the order of the printed table: German, French, Italian, English, Romansh. Not enum language: a bill may be in Romansh, our pages are not. */
enum qrbill_language { QRBILL_DE = 0, QRBILL_FR, QRBILL_IT, QRBILL_EN, QRBILL_RM, QRBILL_LANGUAGES };

enum qrbill_reference_kind { QRBILL_NON = 0, QRBILL_QRR, QRBILL_SCOR };

/* A structured address (type S, the only one that is written). All empty: nobody. */
struct qrbill_address {
	struct str name, street, house_number, postcode, town, country;
};

#define QRBILL_SCHEMES_MAX		 2					  /* R43 */
#define QRBILL_SCHEME_MAX		 100				  /* R43: characters */
#define QRBILL_AMOUNT_OPEN		 INT64_C(-1)		  /* the payer decides */
#define QRBILL_AMOUNT_UNREADABLE INT64_C(-2)		  /* what a reader leaves with its finding of R20 */
#define QRBILL_AMOUNT_MAX		 INT64_C(99999999999) /* R20, in cents */
#define QRBILL_PAYLOAD_MAX		 997				  /* R45: bytes that version 25 holds at level M */
#define QRBILL_PAYLOAD_LENGTH	 2600				  /* bytes that any bill within its length limits fits into, encodable or not */

/* A bill. Text is UTF-8 and lives as long as its source; an absent value is empty. */
struct qrbill {
	struct str account; /* without blanks, capitals */
	struct qrbill_address creditor, debtor;
	int64_t amount; /* cents; QRBILL_AMOUNT_OPEN; 0 only with a notice (R21) */
	struct str currency;
	enum qrbill_reference_kind kind;
	struct str reference; /* without blanks */
	struct str message;
	struct str bill_information; /* "//S1/…" (formats/qrbill_s1.h) */
	struct str schemes[QRBILL_SCHEMES_MAX];
	size_t scheme_count;
	enum qrbill_language language; /* of the printed words; not in the symbol */
};

/* ---- findings ---- */

#define QRBILL_RULE_NONE 0	/* R00: nothing there that could be a bill */
#define QRBILL_RULE_S1	 50 /* "S1": of the billing information's own syntax (formats/qrbill_s1.h) */

enum qrbill_severity { QRBILL_WARNING = 0, QRBILL_ERROR };

struct qrbill_finding {
	int rule; /* 31: R31 */
	enum qrbill_severity severity;
	int line;			 /* of the text, 1 to 34, which orders findings of one rule; 0: of the whole */
	struct finding said; /* .field is the bill's member, "debtor.house_number" or "" for the whole; lang_finding gives the words */
};

/* Findings as they are made; qrbill_check and qrbill_read leave them in the order of rules, then lines. */
struct qrbill_findings {
	struct arena *arena;
	struct qrbill_finding *at;
	size_t count, size;
};

struct qrbill_findings qrbill_findings_in(struct arena *a);

/* Adds one: qrbill_find(f, 31, QRBILL_ERROR, 29, "reference", MSG_QRBILL_REFERENCE_QRR, arg_text("found", r)). */
#define qrbill_find(f, rule, severity, line, field, message, ...) \
	qrbill_find_args((f), (rule), (severity), (line), (field), (message), (const struct arg[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = ARG_END } })
void qrbill_find_args(
	struct qrbill_findings *f, int rule, enum qrbill_severity severity, int line, const char *field, enum message message, const struct arg *args);

/* "R31", "S1". */
struct str qrbill_rule_name(struct arena *a, int rule);

/* Puts them into the order of rules, then lines. */
void qrbill_findings_sort(struct qrbill_findings *f);

/* Whether no finding is an error: the bill may be written and printed. */
bool qrbill_is_valid(const struct qrbill_findings *f);

/* ---- writing ---- */

/* Cleans BILL and holds it against every rule. Cleaning is for writers: blanks and letter case of account, reference, country and currency, surplus
 * blanks (R07), normal form C, and what the code may not hold put into characters that it may, each with a warning (R06). What is new lies in F's arena. */
void qrbill_check(struct qrbill *bill, struct qrbill_findings *f);

/* The text of the symbol, lines ending in LF and none at the end, in arena A. Right for a BILL that qrbill_check found valid. */
struct str qrbill_payload(struct arena *a, const struct qrbill *bill);

/* ---- reading ---- */

enum qrbill_strictness {
	QRBILL_LENIENT, /* also takes combined addresses, line ends of several kinds and an account with blanks, with warnings */
	QRBILL_STRICT,	/* a verdict by the QR-bill's rules alone: not by the syntax of its billing information */
};

/* Reads the bytes of a symbol. What neither begins as a bill nor has its lines is R00 alone. BILL is what could be made out, also when there are errors; it points into PAYLOAD or lies in F's arena.
 * A bill that is written again by qrbill_payload is read as the same bill. The language is left as it is. */
void qrbill_read(struct str payload, enum qrbill_strictness how, struct qrbill *bill, struct qrbill_findings *f);

/* ---- small things ---- */

bool qrbill_has_address(const struct qrbill_address *address);

/* "1949.75", as it stands in the symbol; empty for an open amount. */
struct str qrbill_amount_text(struct arena *a, int64_t amount);

/* "1949.75" as cents: R20's format and range, or 0.00. False for any other spelling. */
bool qrbill_amount_read(struct str text, int64_t *amount);

/* "de", "fr", "it", "en", "rm"; and back, false for anything else. */
const char *qrbill_language_tag(enum qrbill_language l);
bool qrbill_language_from_tag(struct str tag, enum qrbill_language *out);

/* "NON", "QRR", "SCOR". */
const char *qrbill_reference_kind_name(enum qrbill_reference_kind kind);
