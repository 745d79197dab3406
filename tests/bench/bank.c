/* tests/bench/bank.c: `parterre bank read` on a camt.054 of 100 MB against a bare pass of libxml2 over the same file, both as CPU time of a process of their
 * own, the best of some runs taken in turn; the memory it grows by; and a reconciliation of 100,000 transactions with 1,000,000 open bills. */
#include <fcntl.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/status.h"
#include "formats/bank_file.h"
#include "formats/qrbill_reference.h"

#define PROGRAM		 "build/release/parterre"
#define BATCH		 1000  /* transactions in an entry */
#define LARGE		 86000 /* transactions: 100 MB */
#define TRANSACTIONS 100000
#define BILLS		 1000000
#define RUNS		 3

/* ---- files ---- */

static void reference_of(char to[28], long n)
{
	snprintf(to, 27, "88%024ld", n);
	to[26] = mod10_recursive((struct str){ to, 26 });
	to[27] = 0;
}

static void write_transaction(FILE *f, long i)
{
	char reference[28];
	reference_of(reference, i);
	fprintf(f,
		"      <TxDtls>\n       <Refs><AcctSvcrRef>T%08ld</AcctSvcrRef><InstrId>I%08ld</InstrId><EndToEndId>NOTPROVIDED</EndToEndId>"
		"<UETR>f4b15ec5-9151-4f95-b1df-%012lx</UETR></Refs>\n       <Amt Ccy=\"CHF\">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\n"
		"       <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd>\n"
		"       <RltdPties><Dbtr><Pty><Nm>Noémie Favre %ld</Nm><PstlAdr><StrtNm>Rue du Lac</StrtNm><BldgNb>12</BldgNb><PstCd>1400</PstCd>"
		"<TwnNm>Yverdon</TwnNm><Ctry>CH</Ctry></PstlAdr></Pty></Dbtr><DbtrAcct><Id><IBAN>CH5109000000250092291</IBAN></Id></DbtrAcct>"
		"<CdtrAcct><Id><IBAN>CH8830123000012345678</IBAN></Id></CdtrAcct></RltdPties>\n"
		"       <RltdAgts><DbtrAgt><FinInstnId><BICFI>POFICHBEXXX</BICFI><Nm>POSTFINANCE AG</Nm><PstlAdr><AdrLine>MINGERSTRASSE 20</AdrLine>"
		"<AdrLine>3030 BERNE</AdrLine></PstlAdr></FinInstnId></DbtrAgt></RltdAgts>\n"
		"       <RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>%s</Ref></CdtrRefInf>"
		"<AddtlRmtInf>?REJECT?0</AddtlRmtInf></Strd></RmtInf>\n"
		"       <RltdDts><AccptncDtTm>2026-11-20T20:00:00</AccptncDtTm></RltdDts>\n      </TxDtls>\n",
		i, i, (unsigned long)i, i, reference);
}

static void write_file(const char *path, long transactions)
{
	FILE *f = fopen(path, "w");
	if (!f) BUG("%s can't be written", path);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">\n<BkToCstmrDbtCdtNtfctn>\n"
		  "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T23:40:00</CreDtTm></GrpHdr>\n<Ntfctn><Id>N1</Id><CreDtTm>2026-11-20T23:40:00</CreDtTm>"
		  "<Acct><Id><IBAN>CH9300762011623852957</IBAN></Id></Acct>\n",
		f);
	for (long done = 0, entry = 0; done < transactions || !entry; entry++) {
		long batch = transactions - done < BATCH ? transactions - done : BATCH;
		fprintf(f,
			"<Ntry><NtryRef>CH8830123000012345678</NtryRef><Amt Ccy=\"CHF\">%ld.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
			"<BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>S%05ld</AcctSvcrRef>\n<NtryDtls>\n",
			100 * batch, entry);
		for (long end = done + batch; done < end; done++) write_transaction(f, done);
		fputs("</NtryDtls></Ntry>\n", f);
	}
	fputs("</Ntfctn>\n</BkToCstmrDbtCdtNtfctn>\n</Document>\n", f);
	if (fclose(f)) BUG("%s can't be written", path);
}

static void write_ledger(const char *path)
{
	FILE *f = fopen(path, "w");
	if (!f) BUG("%s can't be written", path);
	fputs("bill,currency,amount_cents,ref_type,reference,account\n", f);
	for (long i = 0; i < BILLS; i++) {
		char reference[28];
		reference_of(reference, i);
		fprintf(f, "%ld,CHF,10000,QRR,%s,CH8830123000012345678\n", 1000 + i, reference);
	}
	if (fclose(f)) BUG("%s can't be written", path);
}

/* ---- runs ---- */

static void no_start(void *of, const xmlChar *a, const xmlChar *b, const xmlChar *c, int d, const xmlChar **e, int f, int g, const xmlChar **h)
{
	(void)of, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
}

static void no_end(void *of, const xmlChar *a, const xmlChar *b, const xmlChar *c)
{
	(void)of, (void)a, (void)b, (void)c;
}

static void no_text(void *of, const xmlChar *text, int len)
{
	(void)of, (void)text, (void)len;
}

/* A bare pass: libxml2 alone, in pieces of 64 KiB, with call-backs that do nothing. */
static _Noreturn void bare_pass(const char *path)
{
	static char piece[BANK_PIECE];
	xmlSAXHandler calls = {
		.initialized = XML_SAX2_MAGIC, .startElementNs = no_start, .endElementNs = no_end, .characters = no_text, .ignorableWhitespace = no_text
	};
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&calls, NULL, NULL, 0, NULL);
	int fd = open(path, O_RDONLY);
	ssize_t n;
	int error = fd < 0;
	while (!error && (n = read(fd, piece, sizeof piece)) > 0) error = xmlParseChunk(parser, piece, (int)n, 0);
	_exit(error || xmlParseChunk(parser, NULL, 0, 1) ? 1 : 0);
}

struct cost {
	double seconds; /* of CPU */
	long kib;		/* most memory */
};

/* A process of its own: the program with ARGUMENTS, or a bare pass over PATH. */
static struct cost cost_of(const char *path, char *const arguments[])
{
	pid_t child = fork();
	if (child == 0) {
		if (!arguments) bare_pass(path);
		int fd = open("/dev/null", O_WRONLY);
		dup2(fd, 1);
		execv(PROGRAM, arguments);
		_exit(127);
	}
	int status = 0;
	struct rusage used;
	if (child < 0 || wait4(child, &status, 0, &used) < 0 || status) BUG("a run ended with %d", status);
	double seconds = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
	return (struct cost){ seconds, used.ru_maxrss };
}

static struct cost best(struct cost a, struct cost b)
{
	return (struct cost){ a.seconds < b.seconds ? a.seconds : b.seconds, a.kib > b.kib ? a.kib : b.kib };
}

static void say(const char *name, double value, const char *unit, const char *goal)
{
	printf("{\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\"", name, value, unit);
	if (goal) printf(", \"goal\": \"%s\"", goal);
	printf("}\n");
	fflush(stdout);
}

static char *in_folder(const char *folder, const char *name)
{
	char *path = NULL;
	if (asprintf(&path, "%s/%s", folder, name) < 0) BUG("no memory");
	return path;
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char *folder = in_folder(tmp ? tmp : "/tmp", "parterre-bench.XXXXXX");
	if (!mkdtemp(folder)) BUG("no folder %s", folder);
	char *large = in_folder(folder, "large.xml"), *none = in_folder(folder, "none.xml"), *some = in_folder(folder, "some.xml");
	char *half = in_folder(folder, "half.xml"), *ledger = in_folder(folder, "ledger.csv");
	write_file(large, LARGE), write_file(none, 0), write_file(some, TRANSACTIONS), write_file(half, TRANSACTIONS / 2), write_ledger(ledger);

	struct cost bare = { 1e9, 0 }, read = { 1e9, 0 }, empty = { 1e9, 0 }, read_some = { 1e9, 0 }, whole = { 1e9, 0 }, half_whole = { 1e9, 0 },
				books = { 1e9, 0 };
	char program[] = "parterre", bank[] = "bank", reading[] = "read", reconcile[] = "reconcile", option[] = "--ledger";
	for (int i = 0; i < RUNS; i++) {
		bare = best(bare, cost_of(large, NULL));
		read = best(read, cost_of(large, (char *[]){ program, bank, reading, large, NULL }));
		empty = best(empty, cost_of(none, (char *[]){ program, bank, reading, none, NULL }));
		read_some = best(read_some, cost_of(some, (char *[]){ program, bank, reading, some, NULL }));
		whole = best(whole, cost_of(some, (char *[]){ program, bank, reconcile, option, ledger, some, NULL }));
		half_whole = best(half_whole, cost_of(half, (char *[]){ program, bank, reconcile, option, ledger, half, NULL }));
		books = best(books, cost_of(none, (char *[]){ program, bank, reconcile, option, ledger, none, NULL }));
	}
	say("bank read, camt.054 of 100 MB", LARGE / read.seconds, "transactions/s", NULL);
	say("bank read, against a bare pass of libxml2", bare.seconds / read.seconds, "x", ">= 0.6");
	say("bank read, memory above that of an empty file", (double)(read.kib - empty.kib) / 1024, "MiB", "< 6");
	say("reconcile 100,000 with 1,000,000 bills, against bank read", whole.seconds / read_some.seconds, "x", "<= 4");
	say("reconcile, time for twice the transactions (bills aside)", (whole.seconds - books.seconds) / (half_whole.seconds - books.seconds), "x",
		"< 2.5");
	char *paths[] = { large, none, some, half, ledger };
	for (size_t i = 0; i < COUNT(paths); i++) unlink(paths[i]), free(paths[i]);
	rmdir(folder);
	free(folder);
	return 0;
}
