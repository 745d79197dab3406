/* outside/bank_file.c: camt.054 by hand: it is one page of XML. */
#include "outside/bank_file.h"

#include "base/random.h"
#include "formats/bank.h"

#define DATE_LENGTH 10 /* "2026-11-24" of a time */

static void add(struct buf *b, const char *name, struct str value)
{
	if (!value.len) return;
	buf_addf(b, "<%s>", name);
	buf_add_escaped(b, value);
	buf_addf(b, "</%s>", name);
}

static void add_amount(struct buf *b, struct str currency, int64_t cents)
{
	struct str amount = bank_amount(b->arena, cents);
	buf_addf(b, "<Amt Ccy=\"%.*s\">%.*s</Amt><CdtDbtInd>CRDT</CdtDbtInd>", STR_ARG(currency), STR_ARG(amount));
}

/* What kind of money came in, by ISO 20022's lists: a transfer with a creditor's reference. */
static void add_code(struct buf *b)
{
	buf_add(b, S("<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd>"));
}

/* A random UUID (RFC 9562, version 4): what banks follow a payment by. */
static struct str fresh_uuid(struct arena *a)
{
	unsigned char byte[16];
	random_fill(byte, sizeof byte);
	byte[6] = (unsigned char)((byte[6] & 0x0f) | 0x40);
	byte[8] = (unsigned char)((byte[8] & 0x3f) | 0x80);
	struct str hex = str_hex(a, (struct str){ (const char *)byte, sizeof byte });
	return str_format(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.at, hex.at + 8, hex.at + 12, hex.at + 16, hex.at + 20);
}

static void add_payer(struct buf *b, const struct qrbill_address *payer)
{
	if (!payer->name.len) return;
	buf_add(b, S("<RltdPties><Dbtr><Pty>"));
	add(b, "Nm", payer->name);
	if (payer->town.len) {
		buf_add(b, S("<PstlAdr>"));
		add(b, "StrtNm", payer->street);
		add(b, "BldgNb", payer->house_number);
		add(b, "PstCd", payer->postcode);
		add(b, "TwnNm", payer->town);
		add(b, "Ctry", payer->country);
		buf_add(b, S("</PstlAdr>"));
	}
	buf_add(b, S("</Pty></Dbtr></RltdPties>"));
}

static void add_remittance(struct buf *b, const struct bank_payment *p)
{
	buf_add(b, S("<RmtInf>"));
	if (p->kind == QRBILL_NON) add(b, "Ustrd", p->words);
	else {
		buf_add(b, S("<Strd><CdtrRefInf><Tp><CdOrPrtry>"));
		add(b, p->kind == QRBILL_QRR ? "Prtry" : "Cd", p->kind == QRBILL_QRR ? S("QRR") : S("SCOR"));
		buf_add(b, S("</CdOrPrtry></Tp>"));
		add(b, "Ref", p->reference);
		buf_add(b, S("</CdtrRefInf></Strd>"));
	}
	buf_add(b, S("</RmtInf>"));
}

static void add_transaction(struct buf *b, const struct bank_notice *n, size_t i)
{
	const struct bank_payment *p = &n->payments[i];
	buf_add(b, S("     <TxDtls><Refs>"));
	add(b, "AcctSvcrRef", str_format(b->arena, "T%.*s-%zu", STR_ARG(n->id), i + 1));
	add(b, "InstrId", str_format(b->arena, "I%.*s-%zu", STR_ARG(n->id), i + 1));
	add(b, "EndToEndId", S("NOTPROVIDED"));
	add(b, "UETR", fresh_uuid(b->arena));
	buf_add(b, S("</Refs>"));
	add_amount(b, p->currency, p->cents);
	add_code(b);
	add_payer(b, &p->payer);
	add_remittance(b, p);
	buf_add(b, S("</TxDtls>\n"));
}

static bool is_booked_together(const struct bank_payment *p, const struct bank_payment *q)
{
	return str_eq(p->account, q->account) && str_eq(p->currency, q->currency);
}

/* The entry that payment FIRST is the first of. */
static void add_entry(struct buf *b, const struct bank_notice *n, size_t first)
{
	const struct bank_payment *p = &n->payments[first];
	struct str date = str_part(n->time, 0, DATE_LENGTH);
	int64_t sum = 0;
	int count = 0;
	for (size_t i = first; i < n->count; i++)
		if (is_booked_together(p, &n->payments[i])) sum += n->payments[i].cents, count++;
	buf_add(b, S("   <Ntry>"));
	add(b, "NtryRef", p->account);
	add_amount(b, p->currency, sum);
	buf_add(b, S("<RvslInd>false</RvslInd><Sts><Cd>BOOK</Cd></Sts>"));
	buf_addf(b, "<BookgDt><Dt>%.*s</Dt></BookgDt><ValDt><Dt>%.*s</Dt></ValDt>", STR_ARG(date), STR_ARG(date));
	add(b, "AcctSvcrRef", str_format(b->arena, "S%.*s-%zu", STR_ARG(n->id), first + 1));
	add_code(b);
	buf_addf(b, "\n    <NtryDtls><Btch><NbOfTxs>%d</NbOfTxs></Btch>\n", count);
	for (size_t i = first; i < n->count; i++)
		if (is_booked_together(p, &n->payments[i])) add_transaction(b, n, i);
	buf_add(b, S("    </NtryDtls>\n   </Ntry>\n"));
}

static bool is_first_of_entry(const struct bank_notice *n, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (is_booked_together(&n->payments[i], &n->payments[at])) return false;
	return true;
}

struct str bank_file_write(struct arena *a, const struct bank_notice *n)
{
	struct buf b = buf_in(a);
	buf_add(&b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">\n"
				  " <BkToCstmrDbtCdtNtfctn>\n  <GrpHdr>"));
	add(&b, "MsgId", str_format(a, "M%.*s", STR_ARG(n->id)));
	add(&b, "CreDtTm", n->time);
	buf_add(&b, S("<MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn><AddtlInf>SPS/2.1/PROD</AddtlInf></GrpHdr>\n  <Ntfctn>"));
	add(&b, "Id", str_format(a, "N%.*s", STR_ARG(n->id)));
	add(&b, "CreDtTm", n->time);
	buf_add(&b, S("<Acct><Id>"));
	add(&b, "IBAN", n->account);
	buf_add(&b, S("</Id></Acct>\n"));
	for (size_t i = 0; i < n->count; i++)
		if (is_first_of_entry(n, i)) add_entry(&b, n, i);
	buf_add(&b, S("  </Ntfctn>\n </BkToCstmrDbtCdtNtfctn>\n</Document>\n"));
	return buf_str(&b);
}
