/* formats/reconcile_keys.h: the same money told of twice, found by its keys (D2, D3, D4). For reconcile.c only. */
#pragma once
#include "formats/reconcile.h"

/* Kinds of keys, the strongest first: UETR; references of entry and transaction; reference of the entry, instruction and amount. The weakest, what the
 * transaction says (content), stands beside them. */
enum reconcile_kind { KEY_UETR, KEY_REFS, KEY_INSTRUCTION, KEY_KINDS };

/* How often each key was met in an entry or a report: what a bank lists twice it booked twice. */
struct reconcile_counts {
	struct slot {
		struct reconcile_key key;
		uint64_t count;
	} * slots;
	size_t size, used;
};

/* A reading of one file. */
struct reconcile_pass {
	const struct reconcile_lookups *lookups;
	struct reconcile_key report_key;
	bool is_known_report; /* its identity was met in another file or above */
	bool is_copy;		  /* it says so itself */
	int64_t entry;
	struct reconcile_counts in_entry, in_report;
	/* of the transaction at hand */
	unsigned char kinds;
	struct reconcile_key keys[KEY_KINDS], content, in_this_report;
	uint64_t occurrence; /* of the content in the report, from 1 */
};

void reconcile_pass_begin(struct reconcile_pass *p, const struct reconcile_lookups *lookups);
void reconcile_pass_end(struct reconcile_pass *p);
void reconcile_pass_report(struct reconcile_pass *p, const struct bank_report *report);

/* The number of the transaction seen before that T is; −1: it is new. */
int64_t reconcile_seen_find(struct reconcile_pass *p, const struct bank_transaction *t);

/* Notes T, found as SEEN just before, with all its keys. */
void reconcile_seen_note(struct reconcile_pass *p, const struct bank_transaction *t, int64_t seen, bool is_allocated);

/* Whether the entry T was told of before; notes it. Entries of transactions are noted by their first one. */
bool reconcile_entry_seen(struct reconcile_pass *p, const struct bank_transaction *t);

struct reconcile_key reconcile_file_key(const unsigned char hash[32]);
