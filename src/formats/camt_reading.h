/* formats/camt_reading.h: a reading of a camt message while it goes on. For the camt*.c files only: camt.c walks and takes values, camt_entry.c knows what
 * they mean together. */
#pragma once
#include <libxml/parser.h>

#include "formats/camt.h"
#include "formats/camt_table.h"

#define NAME_SLOTS	  1024 /* of the table that finds names by their address; a sixth is used */
#define NAMES_MAX	  255
#define EDGES_MAX	  255
#define BITS_MAX	  32   /* elements that one box may hold; the largest has 26 */
#define HEAD_TEXTS	  8192 /* bytes kept of a message, a report, an entry; real ones have some hundred */
#define ADDRESS_LINES 7

/* Texts that are kept until the whole is forgotten. */
struct texts {
	char *at;
	size_t used, size;
};

struct level {
	const struct camt_edge *edge;
	uint32_t seen; /* of what the box may hold */
};

struct party {
	struct str name, street, house, postcode, town, country, lines[ADDRESS_LINES], iban;
	size_t line_count;
};

struct charges {
	bool is_any, are_all_included;
	int64_t sum, cents;
	bool is_open, is_own, is_credit, is_included; /* the record at hand; own: in the transaction's currency */
};

/* What the codes say, of an entry or of one of its transactions. */
struct codes {
	bool has_any, is_charge, is_return, is_counter;
};

struct entry {
	struct str note, ref, status, currency, booked, valued;
	int64_t number, cents, line, transactions;
	bool is_credit, is_reversal, is_broken, has_differing_currency;
	struct codes codes;
	struct charges charges;
	int64_t sum;				 /* of its transactions, signed as the entry */
	int64_t counted, batch;		 /* transactions of the details at hand; what the batch says, −1 for nothing */
	int64_t batches, miscounted; /* details with a count; the count of the one that was wrong, −1 for none */
};

struct camt {
	enum camt_pass pass;
	bool has_asked, is_refused, has_message;
	bool is_unbalanced; /* a statement's entries don't give its closing balance */
	struct bank_plan *plan;
	const struct bank_plan *asked; /* in a reading: the plan that the handler made */
	const struct bank_handler *handler;
	void *user;
	struct bank_findings *findings;
	xmlParserCtxtPtr parser;
	uint64_t events;
	size_t silence; /* bytes since the last event */

	/* the table, made for this parser's dictionary */
	const xmlChar *slot_name[NAME_SLOTS];
	unsigned char slot_number[NAME_SLOTS];
	unsigned char next[CAMT_BOXES][NAMES_MAX + 1]; /* edge + 1 */
	unsigned char bit[EDGES_MAX];
	uint32_t required[CAMT_BOXES];
	const xmlChar *ccy;

	struct level levels[CAMT_DEPTH_MAX + 1];
	int depth, passed; /* boxes and leaves we are in; depth inside an element that is passed over */
	bool takes_text, is_last_page, is_test, has_announced, has_currency;
	char currency[3]; /* of the amount at hand */
	char text[CAMT_TEXT_MAX];
	size_t text_len;

	struct texts message_texts, report_texts, entry_texts, texts;
	struct str message_id, message_created;
	int64_t page, report_page; /* of the message; of the report at hand, as it says itself */
	struct bank_report report;
	int64_t reports; /* begun so far */
	struct bank_balance balance;
	bool is_opening, is_closing, balance_is_previous, balance_is_credit;
	bool is_previous; /* the opening balance is a PRCD */

	struct entry entry;
	struct bank_transaction t;
	struct codes codes;
	struct charges charges;
	struct party debtor, ultimate, *party;
	struct str *iban;
	struct str creditor_iban, accepted;
	struct str tx_currency; /* of AmtDtls/TxAmt */
	int64_t tx_cents;
	bool has_tx_amount, has_sign, is_in_transaction, is_pending;
	enum bank_reference_type reference_type;
	struct str reference;
};

/* ---- findings, of camt.c ---- */

/* Adds a finding at the element at hand, or at MORE inside it. */
#define camt_say(c, rule, severity, more, message, ...) \
	camt_say_args((c), (rule), (severity), (more), (message), (const struct arg[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = ARG_END } })
void camt_say_args(struct camt *c, const char *rule, enum bank_severity severity, const char *more, enum message message, const struct arg *args);

/* An error after which nothing is read. */
#define camt_refuse(c, rule, more, message, ...) \
	camt_refuse_args((c), (rule), (more), (message), (const struct arg[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = ARG_END } })
void camt_refuse_args(struct camt *c, const char *rule, const char *more, enum message message, const struct arg *args);

/* A copy that lives until IN is forgotten; too much is refused. */
struct str camt_keep(struct camt *c, struct texts *in, struct str s);

/* Refuses when the box around the element at hand lacks what must stand before it; BUT is what may still come. */
bool camt_has_before(struct camt *c, enum camt_field but);

/* Takes the value of the element that ends, or does what its box asks for; of camt_values.c. */
void camt_take(struct camt *c, enum camt_field field);

/* ---- what elements mean, of camt_entry.c ---- */

void camt_begin_report(struct camt *c);
void camt_end_balance(struct camt *c);
void camt_end_report(struct camt *c);
void camt_begin_entry(struct camt *c);
void camt_end_entry(struct camt *c);
void camt_begin_details(struct camt *c);
void camt_end_details(struct camt *c);
void camt_begin_transaction(struct camt *c);
void camt_end_transaction(struct camt *c);
void camt_set_reversal(struct camt *c, bool is_reversal);
