/* tests/formats/camt_build.h: messages made of the few words that a test is about. */
#pragma once
#include "formats/bank_file.h"
#include "test.h"

#define IBAN	 "CH9300762011623852957"
#define QR_IBAN	 "CH8830123000012345678"
#define ENTRY_IS "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-21</Dt></ValDt>"

/* What stands around the reports. */
static inline struct str message_with(const char *kind, const char *version, const char *head, struct str reports)
{
	const char *name = strcmp(kind, "053") == 0 ? "BkToCstmrStmt" : "BkToCstmrDbtCdtNtfctn";
	return str_format(mem,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.%s.001.%s\">\n"
		"<%s><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T23:40:00</CreDtTm>%s</GrpHdr>\n%.*s\n</%s></Document>\n",
		kind, version, name, head, STR_ARG(reports), name);
}

/* One report with ENTRIES. */
static inline struct str report_with(const char *kind, const char *id, const char *more, struct str entries)
{
	const char *name = strcmp(kind, "053") == 0 ? "Stmt" : "Ntfctn";
	return str_format(mem, "<%s><Id>%s</Id><CreDtTm>2026-11-20T23:40:00</CreDtTm><Acct><Id><IBAN>" IBAN "</IBAN></Id></Acct>%s\n%.*s</%s>\n", name,
		id, more, STR_ARG(entries), name);
}

static inline struct str message_of(const char *kind, struct str entries)
{
	return message_with(kind, "08", "", report_with(kind, "N1", "", entries));
}

/* An entry of AMOUNT; DETAILS as they are. */
static inline struct str entry_of(const char *amount, const char *sign, const char *more, struct str details)
{
	return str_format(mem,
		"<Ntry><NtryRef>" QR_IBAN "</NtryRef><Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>" ENTRY_IS
		"<AcctSvcrRef>S1</AcctSvcrRef>%s%.*s</Ntry>\n",
		amount, sign, more, STR_ARG(details));
}

static inline struct str details_of(struct str transactions)
{
	return str_format(mem, "<NtryDtls>%.*s</NtryDtls>", STR_ARG(transactions));
}

/* A transaction: INSIDE is what follows its references. */
static inline struct str tx_of(const char *ref, const char *inside)
{
	return str_format(mem, "<TxDtls><Refs><AcctSvcrRef>%s</AcctSvcrRef></Refs>%s</TxDtls>", ref, inside);
}

static inline struct str qrr(const char *amount, const char *reference)
{
	return str_format(mem,
		"<Amt Ccy=\"CHF\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp>"
		"<Ref>%s</Ref></CdtrRefInf></Strd></RmtInf>",
		amount, reference);
}

/* An entry with one transaction of INSIDE and the same amount. */
static inline struct str single(const char *amount, const char *inside)
{
	return entry_of(amount, "CRDT", "", details_of(tx_of("T1", inside)));
}

/* ---- what was read ---- */

#define READ_MAX 64

struct read_tx {
	struct bank_transaction t;
	struct bank_report r;
};

struct read_file {
	enum status st;
	struct bank_findings findings;
	struct bank_summary summary;
	struct read_tx at[READ_MAX];
	size_t count;
};

static inline struct str kept(struct str s)
{
	return str_keep(mem, s);
}

static inline void note_tx(void *user, const struct bank_transaction *t)
{
	struct read_file *f = user;
	if (f->count == READ_MAX) return;
	struct read_tx *to = &f->at[f->count++];
	to->t = *t, to->r = *t->report;
	struct str *texts[] = { &to->t.status, &to->t.currency, &to->t.return_reason, &to->t.booking_date, &to->t.value_date, &to->t.credited_account,
		&to->t.debtor_name, &to->t.debtor_iban, &to->t.debtor_address, &to->t.entry_ref, &to->t.transaction_ref, &to->t.instruction, &to->t.uetr,
		&to->t.end_to_end_id, &to->r.account, &to->r.id, &to->r.version };
	for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = kept(*texts[i]);
	for (size_t i = 0; i < t->reference_count; i++) to->t.references[i].text = kept(t->references[i].text);
	for (size_t i = 0; i < t->remittance_count; i++) to->t.remittance[i] = kept(t->remittance[i]);
}

static const struct bank_handler note_all = { .transaction = note_tx };

/* All files of BYTES, one after the other. */
static inline struct read_file *read_bytes(struct str bytes)
{
	struct read_file *f = ARENA_NEW(mem, struct read_file);
	f->findings = bank_findings_in(mem);
	struct bank_input input = bank_input_of(&bytes);
	struct bank_file *file;
	f->st = bank_file_open(mem, &input, &file, &f->findings);
	if (f->st) return f;
	for (size_t i = 0; i < bank_file_count(file) && !f->st; i++) f->st = bank_file_read(file, i, &note_all, f, &f->summary, &f->findings);
	bank_file_close(file);
	return f;
}

static inline struct read_file *read_entries(struct str entries)
{
	return read_bytes(message_of("054", entries));
}

static inline bool has_finding(const struct read_file *f, const char *rule, enum message message)
{
	for (const struct bank_finding *x = f->findings.first; x; x = x->next)
		if (x->message == message && strcmp(x->rule, rule) == 0) return true;
	return false;
}

#define assert_right(f)                                                                                                         \
	do {                                                                                                                        \
		const struct read_file *f_ = (f);                                                                                       \
		if (f_->st || f_->findings.errors) fail_msg("refused, %d", f_->findings.first ? (int)f_->findings.first->message : -1); \
	} while (0)

#define assert_refused(f, rule_, message_)                                                                                                      \
	do {                                                                                                                                        \
		const struct read_file *f_ = (f);                                                                                                       \
		assert_status(f_->st, REFUSED);                                                                                                         \
		if (!has_finding(f_, (rule_), (message_))) fail_msg("another finding, %d", f_->findings.first ? (int)f_->findings.first->message : -1); \
	} while (0)
