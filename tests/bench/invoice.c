/* tests/bench/invoice.c: the PDF of an invoice, letter and ten lines and the slip, against the same letter alone as Cairo sets it. Both merge the delivered template and set
 * the page; turn by turn in one run, the middle of the rounds counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "formats/docx_print.h"

#define TEMPLATE "templates/documents/STX_QR_INVOICE_fr.docx"
#define LINES	 10
#define ROUNDS	 7
#define TIME	 (SECOND / 2) /* of each measurement */

static struct docx_value text(const char *name, const char *value)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_TEXT, .text = str_of(value) };
}

static struct docx_value condition(const char *name, bool is_true)
{
	return (struct docx_value){ .name = str_of(name), .kind = FIELD_CONDITION, .is_true = is_true };
}

static struct docx *read_template(struct arena *a)
{
	static char bytes[1 << 20];
	FILE *f = fopen(TEMPLATE, "rb");
	size_t len = f ? fread(bytes, 1, sizeof bytes, f) : 0;
	struct docx *d = NULL;
	struct problem why = problem_in(a);
	if (f) fclose(f);
	if (docx_read(a, (struct str){ bytes, len }, (struct docx_limits){ 0 }, &d, &why)) BUG("%s can't be read", TEMPLATE);
	return d;
}

/* Every field that the template uses has a value: text, unless it is a list or a condition. */
static struct docx_values values_of(struct arena *a, const struct docx *d)
{
	static struct docx_value line[5];
	static struct docx_values lines[LINES], vat[1];
	static struct docx_value rate[3];
	struct docx_use *uses;
	size_t used = docx_fields(a, d, &uses), count = 0;
	struct docx_value *at = ARENA_ARRAY(a, struct docx_value, used + 5);
	line[0] = text("line.title", "Carmen, Grande Salle"), line[1] = text("line.detail", "24 novembre 2026, 20 h, rang 12, places 4 et 5");
	line[2] = text("line.quantity", "2"), line[3] = text("line.price", "95.00"), line[4] = text("line.amount", "190.00");
	rate[0] = text("vat.rate", "2.6"), rate[1] = text("vat.gross", "1900.00"), rate[2] = text("vat.amount", "48.15");
	for (size_t i = 0; i < LINES; i++) lines[i] = (struct docx_values){ line, COUNT(line) };
	vat[0] = (struct docx_values){ rate, COUNT(rate) };
	at[count++] = (struct docx_value){ .name = S("lines"), .kind = FIELD_LIST, .items = lines, .item_count = LINES };
	at[count++] = (struct docx_value){ .name = S("vat"), .kind = FIELD_LIST, .items = vat, .item_count = 1 };
	at[count++] = condition("in_letter", true), at[count++] = condition("in_mail", false), at[count++] = condition("is_reservation", false);
	for (size_t i = 0; i < used; i++) {
		enum docx_use_kind kind = uses[i].kind;
		if (str_eq(uses[i].name, S("house.logo"))) continue; /* a picture */
		if (kind == DOCX_USE_FIELD) at[count++] = (struct docx_value){ .name = uses[i].name, .kind = FIELD_TEXT, .text = S("Quai du Port 3") };
		if (kind == DOCX_USE_LINK) at[count++] = (struct docx_value){ .name = uses[i].name, .kind = FIELD_URL, .text = S("https://example.org/") };
	}
	return (struct docx_values){ at, count };
}

static struct qrbill a_bill(void)
{
	return (struct qrbill){ .account = S("CH4431999123000889012"),
		.creditor = { S("Théâtre du Lac"), S("Quai du Port"), S("3"), S("2000"), S("Neuchâtel"), S("CH") },
		.debtor = { S("Jeanne Rochat"), S("Rue des Moulins"), S("27"), S("2000"), S("Neuchâtel"), S("CH") },
		.amount = 190000,
		.currency = S("CHF"),
		.kind = QRBILL_QRR,
		.reference = S("210000000003139471430009017"),
		.message = S("Commande 10001-7"),
		.bill_information = S("//S1/10/2026-00017/11/261124/40/0:30"),
		.language = QRBILL_FR };
}

enum what { LETTER_ALONE, WITH_SLIP };

static size_t print(struct arena *a, const struct docx *d, const struct docx_values *values, enum what what)
{
	struct problem why = problem_in(a);
	struct docx_merged *merged;
	struct qrbill bill = a_bill();
	struct slip slip;
	struct str out;
	if (docx_merge(a, d, *values, S("fr"), &merged, &why)) BUG("the template is not filled in: %s", why.first ? why.first->field : "?");
	if (what == WITH_SLIP && slip_lay_out(a, &bill, SLIP_A4, SLIP_SCISSORS, &slip)) BUG("no slip");
	const struct docx_letter letter = { .accent = 0x005f6b,
		.house = S("Théâtre du Lac"),
		.recipient = S("Jeanne Rochat\nRue des Moulins 27\n2000 Neuchâtel"),
		.title = S("Facture 2026-00017"),
		.language = S("fr"),
		.made_at = 1764000000000000,
		.slip = what == WITH_SLIP ? &slip : NULL };
	if (docx_print(a, merged, &letter, &out, &why)) BUG("the letter can't be set");
	return out.len;
}

static double rate(const struct docx *d, const struct docx_values *values, enum what what, size_t *bytes)
{
	struct arena *a = arena_new();
	int64_t begun = clock_steady(), done = 0;
	for (; clock_steady() - begun < TIME; done++, arena_reset(a)) *bytes = print(a, d, values, what);
	arena_free(a);
	return (double)done * (double)SECOND / (double)(clock_steady() - begun);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double *values)
{
	qsort(values, ROUNDS, sizeof *values, by_size);
	return values[ROUNDS / 2];
}

int main(void)
{
	struct arena *a = arena_new();
	const struct docx *d = read_template(a);
	const struct docx_values values = values_of(a, d);
	double alone[ROUNDS], whole[ROUNDS], ratio[ROUNDS];
	size_t bytes, letter_bytes;
	for (int i = 0; i < ROUNDS; i++) {
		alone[i] = rate(d, &values, LETTER_ALONE, &letter_bytes), whole[i] = rate(d, &values, WITH_SLIP, &bytes);
		ratio[i] = whole[i] / alone[i];
	}
	printf("{\"name\": \"invoice PDF: letter, ten lines, slip\", \"value\": %.1f, \"unit\": \"a second\"}\n", middle(whole));
	printf("{\"name\": \"invoice PDF: the letter alone by Cairo\", \"value\": %.1f, \"unit\": \"a second\"}\n", middle(alone));
	printf("{\"name\": \"invoice PDF against the letter alone\", \"value\": %.3f, \"unit\": \"times\", \"goal\": \">= 0.6\"}\n", middle(ratio));
	printf("{\"name\": \"invoice PDF: what the slip adds\", \"value\": %.1f, \"unit\": \"kB\"}\n", ((double)bytes - (double)letter_bytes) / 1000);
	arena_free(a);
	return 0;
}
