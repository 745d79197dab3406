/* commands/qrbill.h: what the commands `parterre qrbill …` share: bills as JSON lines in, findings and bills as JSON out. */
#pragma once
#include <jansson.h>
#include <stdio.h>

#include "base/lang.h"
#include "commands/commands.h"
#include "formats/qrbill.h"

#define BILL_LINE_MAX (64u << 10) /* bytes of a JSON line; a bill with every field full, each character escaped, is under 16 kB */

struct bills_buffer;

/* Bills as they come in, one after the other, each in the same memory. */
struct bills {
	struct arena *arena; /* of the current bill: emptied by bills_next */
	size_t number;		 /* of the current bill, from 1 */
	struct qrbill bill;	 /* clean, as far as it could be read */
	struct qrbill_findings findings;
	bool is_bill;			/* false: the line held no JSON object, and bill is empty */
	bool has_language;		/* the line named one; else it is English */
	enum language language; /* of messages */
	struct bills_buffer *buffer;
};

/* Begins to read IN. Its memory lives in A but for the current bill's, which bills_close frees. */
struct bills bills_open(struct arena *a, FILE *in);
void bills_close(struct bills *b);

/* Reads and checks the next bill; false at the end. Empty lines are passed over. */
bool bills_next(struct bills *b);

/* The current bill's findings on stderr, a line each: "parterre: bill 3: R31 reference: …". */
void bills_complain(const struct bills *b);

/* The language of the person at the keyboard: LC_ALL, LC_MESSAGES, LANG; English unless they say one of ours. */
enum language user_language(void);

/* ---- JSON ---- */

/* Text that may hold anything, as JSON: what is not UTF-8 becomes ?. */
json_t *json_text(struct arena *a, struct str s);

/* "findings": [{ "rule", "field", "severity", "message" }]. */
json_t *json_findings(struct arena *a, enum language l, const struct qrbill_findings *f);

/* Findings without a rule number of their own, as errors of RULE. */
json_t *json_problem(struct arena *a, enum language l, const char *rule, const struct problem *why);

/* A bill with the members that it has, and its language when WITH_LANGUAGE says so. */
enum with_language { WITHOUT_LANGUAGE, WITH_LANGUAGE };
json_t *json_bill(struct arena *a, const struct qrbill *bill, enum with_language with);

/* Reads a bill's members from OBJECT, whose texts it goes on pointing to; what does not fit is a finding. */
void bill_from_json(struct arena *a, json_t *object, struct qrbill *bill, struct qrbill_findings *f);

/* For lines that jansson refuses to read though they are JSON. LINE, in arena A, with 1e308 in the place of every number that is too large: a bill has
 * no numbers, so that the value says nothing. Each byte stays where it is. */
#define JSON_NUMBER_HUGE 1e308
struct str json_tamed(struct arena *a, struct str line);

/* Finds each member of the object LINE, and of the objects that are its members, that stands there more than once. */
void json_find_repeats(struct arena *a, struct str line, struct qrbill_findings *f);

/* Writes LINE and a line end to OUT, and releases LINE. */
void json_line(FILE *out, json_t *line);
