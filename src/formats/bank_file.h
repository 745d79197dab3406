/* formats/bank_file.h: one door to whatever a bank delivers: camt as XML, V11, either packed by gzip, or a ZIP archive of several of all these.
 * Memory is constant whatever the size, plain or packed. */
#pragma once
#include "formats/bank.h"

#define BANK_UNPACKED_MAX (INT64_C(1) << 30)   /* bytes of a file, or of an archive's files together; 800,000 payments fit */
#define BANK_PACKED_MAX	  (INT64_C(256) << 20) /* bytes of an archive or a packed file */
#define BANK_RATIO_MAX	  250				   /* bytes unpacked for one packed, beyond BANK_RATIO_FREE; messages of one same payment reach 60 */
#define BANK_RATIO_FREE	  (INT64_C(16) << 20)
#define BANK_MEMBERS_MAX  1024 /* files in an archive; banks put a day's or a month's into one */
#define BANK_NAME_MAX	  255  /* bytes of a name in an archive */

/* Bytes to read: READ_AT copies up to LEN bytes from OFFSET on and gives how many, fewer only at the end; −1 when it can't. It is called again for the
 * same bytes where something is read twice. */
struct bank_input {
	void *user;
	int64_t (*read_at)(void *user, int64_t offset, void *to, size_t len);
	int64_t size;
};

/* Bytes in memory as input; BYTES must live as long. */
struct bank_input bank_input_of(struct str *bytes);

struct bank_file;

/* Opens INPUT, which must live as long. REFUSED with a finding; what an archive holds beside bank files is passed over, with a warning. The caller closes it;
 * A must live as long. */
enum status bank_file_open(struct arena *a, const struct bank_input *input, struct bank_file **out, struct bank_findings *findings);
void bank_file_close(struct bank_file *f);

/* How many files are inside (1, unless it is an archive), and what the archive calls one; "" for what is no archive. */
size_t bank_file_count(const struct bank_file *f);
struct str bank_file_name(const struct bank_file *f, size_t member);

struct bank_total {
	char currency[3];
	int64_t credit, debit; /* cents of booked transactions */
};

/* What a whole file is. */
struct bank_summary {
	struct bank_total totals[BANK_CURRENCIES_MAX];
	size_t total_count;
	int64_t transactions;
	int64_t bytes;			/* unpacked */
	unsigned char hash[32]; /* SHA-256 of the unpacked bytes, of V11 of its records whatever ends them; made by bank_file_check alone */
};

/* Reads file MEMBER from its beginning. Findings go to FINDINGS, which may hold errors of entries also when this gives OK.
 * bank_file_read: for who only reads; every transaction is handed on.
 * bank_file_check: HANDLER gets reports alone; PLAN is filled.
 * bank_file_apply: as PLAN, which a check of the same bytes made, says; nothing is refused any more unless the bytes changed meanwhile.
 * REFUSED: nothing that HANDLER got counts. */
enum status bank_file_read(
	struct bank_file *f, size_t member, const struct bank_handler *handler, void *user, struct bank_summary *summary, struct bank_findings *findings);
enum status bank_file_check(struct bank_file *f, size_t member, const struct bank_handler *handler, void *user, struct bank_plan *plan,
	struct bank_summary *summary, struct bank_findings *findings);
enum status bank_file_apply(struct bank_file *f, size_t member, const struct bank_handler *handler, void *user, struct bank_plan *plan,
	struct bank_summary *summary, struct bank_findings *findings);
