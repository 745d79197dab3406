/* tests/fuzz/csv.c: any bytes as rows, as a ledger and as a kept state are read within bounds; rows that are written again read the same. */
#include "formats/bank_ledger.h"
#include "formats/csv.h"
#include "formats/reconcile_memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void rows(struct arena *a, struct str text)
{
	struct csv c = csv_of(text, ',');
	struct csv_row row, again;
	while (csv_next(a, &c, &row) == CSV_ROW) {
		struct buf b = buf_in(a);
		csv_add(&b, row.fields, row.count, ',', CSV_LF);
		struct csv other = csv_of(buf_str(&b), ',');
		/* a mark of the byte order that is a row's own beginning is taken for the text's */
		if (str_starts(buf_str(&b), S("\xef\xbb\xbf"))) continue;
		if (csv_next(a, &other, &again) != CSV_ROW || again.count != row.count) BUG("a row was not read again");
		for (size_t i = 0; i < row.count; i++)
			if (!str_eq(row.fields[i], again.fields[i])) BUG("field %zu became another", i);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct str text = { (const char *)data, size };
	struct problem why = problem_in(a);
	struct bank_ledger *ledger;
	rows(a, text);
	if (bank_ledger_read(text, &ledger, &why) == OK) bank_ledger_free(ledger);
	else if (!problem_any(&why)) BUG("a ledger was refused without words");
	struct reconcile_memory *m = reconcile_memory_new();
	struct problem other = problem_in(a);
	if (reconcile_memory_load(m, text, &other) && !problem_any(&other)) BUG("a state was refused without words");
	reconcile_memory_free(m);
	arena_free(a);
	return 0;
}
