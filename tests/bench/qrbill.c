/* tests/bench/qrbill.c: slips a second, against npm swissqrbill and against libqrencode alone, over the bills of tests/bench/bills.jsonl: QRR, SCOR and no
 * reference, with and without debtor, amount, billing information and an alternative procedure, in four languages. Turn by turn in one run; the middle
 * of the rounds counts, for the machine is never quite alone. Prints figures for tests/bench.py. */
#include <jansson.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "commands/qrbill.h"
#include "formats/pdf.h"
#include "formats/qrbill_slip.h"

#define BILLS	 "tests/bench/bills.jsonl"
#define PEER	 "node tests/bench/swissqrbill.mjs"
#define LIST	 64
#define ROUNDS	 3
#define TIME	 (SECOND / 2) /* of each measurement of ours; the peer takes two seconds, for it is slower by so much */
#define DOCUMENT 1000

static struct {
	struct qrbill bills[LIST];
	struct str payloads[LIST];
	size_t count;
} mix;

/* Draws the Nth bill and gives the bytes. */
typedef size_t draw_fn(struct arena *a, size_t n);

static size_t draw_code(struct arena *a, size_t n)
{
	(void)a;
	struct str text = mix.payloads[n];
	QRcode *made = QRcode_encodeData((int)text.len, (const unsigned char *)text.at, 0, QR_ECLEVEL_M);
	if (!made) BUG("no symbol");
	QRcode_free(made);
	return 0;
}

static void lay_out(struct arena *a, size_t n, struct slip *s)
{
	if (slip_lay_out(a, &mix.bills[n], SLIP_ALONE, SLIP_SCISSORS, s)) BUG("bill %zu can't be laid out", n + 1);
}

static size_t draw_pdf(struct arena *a, size_t n)
{
	struct slip s;
	struct pdf *p = pdf_new(a);
	lay_out(a, n, &s);
	slip_pdf(p, &s);
	pdf_finish(p);
	return pdf_take(p).len;
}

static size_t draw_svg(struct arena *a, size_t n)
{
	struct slip s;
	lay_out(a, n, &s);
	return slip_svg(a, &s).len;
}

static size_t draw_png(struct arena *a, size_t n)
{
	struct slip s;
	lay_out(a, n, &s);
	return slip_png(a, &s, 300).len;
}

/* DOCUMENT slips in one file; gives its bytes. */
static size_t draw_document(struct arena *a, struct arena *page)
{
	struct pdf *p = pdf_new(a);
	size_t bytes = 0;
	for (size_t i = 0; i < DOCUMENT; i++, arena_reset(page)) {
		struct slip s;
		lay_out(page, i % mix.count, &s);
		slip_pdf(p, &s);
		bytes += pdf_take(p).len;
	}
	pdf_finish(p);
	return bytes + pdf_take(p).len;
}

struct measured {
	double rate, bytes;
};

static struct measured ours(draw_fn *draw)
{
	struct arena *a = arena_new();
	size_t count = 0, bytes = 0;
	int64_t begun = clock_steady();
	do {
		for (size_t n = 0; n < mix.count; n++, count++, arena_reset(a)) bytes += draw(a, n);
	} while (clock_steady() - begun < TIME);
	arena_free(a);
	return (struct measured){ (double)count * (double)SECOND / (double)(clock_steady() - begun), (double)bytes / (double)count };
}

static struct measured document(void)
{
	struct arena *a = arena_new(), *page = arena_new();
	int64_t begun = clock_steady();
	size_t bytes = draw_document(a, page);
	struct measured m = { DOCUMENT * (double)SECOND / (double)(clock_steady() - begun), (double)bytes / DOCUMENT };
	arena_free(page);
	arena_free(a);
	return m;
}

static struct measured peer(const char *kind)
{
	char command[80];
	struct measured m = { 0 };
	snprintf(command, sizeof command, PEER " %s 2", kind);
	FILE *f = popen(command, "r");
	if (!f || fscanf(f, "%lf %lf", &m.rate, &m.bytes) != 2 || pclose(f)) BUG("%s told nothing", command);
	return m;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double values[ROUNDS])
{
	qsort(values, ROUNDS, sizeof values[0], by_size);
	return values[ROUNDS / 2];
}

static void figure(const char *name, double value, const char *unit, const char *goal)
{
	printf("{\"name\": \"%s\", \"value\": %.2f, \"unit\": \"%s\", \"goal\": %s%s%s}\n", name, value, unit, goal ? "\"" : "", goal ? goal : "null",
		goal ? "\"" : "");
	fflush(stdout);
}

/* Bills stay for as long as the process: they point into the JSON they were read from. */
static void read_mix(struct arena *a)
{
	FILE *in = fopen(BILLS, "r");
	char line[4096];
	if (!in) BUG("no %s", BILLS);
	while (mix.count < LIST && fgets(line, sizeof line, in)) {
		json_t *object = json_loads(line, 0, NULL);
		struct qrbill bill = { .amount = QRBILL_AMOUNT_OPEN };
		struct qrbill_findings f = qrbill_findings_in(a);
		if (object) bill_from_json(a, object, &bill, &f);
		qrbill_check(&bill, &f);
		if (!object || f.count) BUG("%s, line %zu", BILLS, mix.count + 1);
		mix.bills[mix.count] = bill;
		mix.payloads[mix.count++] = qrbill_payload(a, &bill);
	}
	fclose(in);
}

int main(void)
{
	enum { CODE, PDF, SVG, PNG, DOC, PEER_PDF, PEER_EMBEDDED, PEER_SVG, KINDS };
	double rates[KINDS][ROUNDS], bytes[KINDS] = { 0 }, against[5][ROUNDS];
	struct arena *a = arena_new();
	read_mix(a);
	for (size_t r = 0; r < ROUNDS; r++) {
		const struct measured m[KINDS] = { ours(draw_code), ours(draw_pdf), ours(draw_svg), ours(draw_png), document(), peer("pdf"), peer("embedded"),
			peer("svg") };
		for (size_t k = 0; k < KINDS; k++) rates[k][r] = m[k].rate, bytes[k] = m[k].bytes;
		against[0][r] = m[PDF].rate / m[PEER_PDF].rate;
		against[1][r] = m[PDF].rate / m[PEER_EMBEDDED].rate;
		against[2][r] = m[SVG].rate / m[PEER_SVG].rate;
		against[3][r] = m[CODE].rate / m[PDF].rate;
		against[4][r] = m[CODE].rate / m[DOC].rate;
	}
	static const char *const names[KINDS] = { "libqrencode alone", "PDF slip, a file each, fonts embedded", "SVG slip", "PNG slip, 300 dpi",
		"PDF slip, 1,000 in a file", "npm swissqrbill, PDF, Helvetica not embedded", "npm swissqrbill, PDF, Liberation Sans embedded",
		"npm swissqrbill, SVG" };
	for (size_t k = 0; k < KINDS; k++) figure(names[k], middle(rates[k]), "slips/s", NULL);
	figure("PDF slips against npm swissqrbill, Helvetica", middle(against[0]), "", ">= 5");
	figure("PDF slips against npm swissqrbill, embedded", middle(against[1]), "", ">= 40");
	figure("SVG slips against npm swissqrbill", middle(against[2]), "", ">= 30");
	figure("libqrencode alone against PDF slips, a file each", middle(against[3]), "", "<= 3");
	figure("libqrencode alone against PDF slips, 1,000 in a file", middle(against[4]), "", "<= 3");
	figure("PDF slip alone", bytes[PDF] / 1000, "kB", "<= 35");
	figure("PDF slip in a file of 1,000", bytes[DOC] / 1000, "kB", "<= 8");
	figure("SVG slip", bytes[SVG] / 1000, "kB", "< 20");
	arena_free(a);
	return 0;
}
