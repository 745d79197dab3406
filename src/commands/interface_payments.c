/* commands/interface_payments.c: `parterre interface run payments import-payments`: a bank's file, of any size. */
#include "commands/bank_out.h"
#include "commands/interface.h"
#include "dealing/payments.h"

/* What was not booked and asks somebody to look, by its place in the file. */
static enum status tell_refused(struct interface_run *x, json_t *refused)
{
	struct arena *page = arena_new();
	struct payment_line *lines;
	int64_t after = 0, row = 0;
	size_t count;
	enum status st;
	do {
		if ((st = payment_lines(x->db, page, x->actor.institution, x->import, after, &lines, &count))) break;
		for (size_t i = 0; i < count; i++) {
			after = lines[i].id;
			if (!lines[i].is_of_file) continue;
			row++;
			if (!lines[i].is_open || lines[i].is_booked) continue;
			struct str words = lang_text(page, LANG_EN, payment_did(lines[i].outcome), NULL);
			json_array_append_new(refused, json_pack("{s:I,s:s%}", "line", (json_int_t)row, "why", words.at, words.len));
		}
		arena_reset(page);
	} while (count == LINES_A_PAGE);
	arena_free(page);
	return st;
}

/* How many lines had which outcome, in all currencies. */
static enum status tell_outcomes(struct interface_run *x)
{
	struct outcome_sum *sums;
	size_t count;
	json_t *outcomes = json_object();
	enum status st = import_outcomes(x->db, x->a, x->import, &sums, &count);
	for (size_t i = 0; !st && i < count; i++) {
		const char *word = str_c(x->a, sums[i].outcome);
		json_object_set_new(outcomes, word, json_integer(json_integer_value(json_object_get(outcomes, word)) + sums[i].lines));
	}
	interface_put(x, "outcomes", outcomes);
	return st;
}

static enum status tell(struct interface_run *x)
{
	struct import_counts n = { 0 };
	json_t *refused = json_array();
	enum status st = import_counts(x->db, x->import, &n);
	if (!st) st = tell_refused(x, refused);
	interface_put(x, "import", json_integer(x->import));
	interface_put(x, "file", interface_text(interface_file_name(config_text(x->config, "file"))));
	interface_put(x, "lines", json_integer(n.lines));
	interface_put(x, "applied", json_integer(n.applied));
	interface_put(x, "repeated", json_integer(n.repeated));
	interface_put(x, "refused", refused);
	interface_put(x, "mails", json_integer(0)); /* settling an order sends none */
	return st ? st : tell_outcomes(x);
}

enum status interface_import_payments(struct interface_run *x)
{
	struct str path = config_text(x->config, "file");
	struct bank_source source;
	struct payment_result result;
	if (!path.len) return problem_add(&x->why, "file", MSG_INTERFACE_FILE_MISSING), REFUSED;
	if (bank_source_open(&source, path, &x->why)) return REFUSED;
	const struct payment_file f = { x->actor.institution, interface_file_name(path), &source.input, x->actor.name };
	enum status st = payments_import(x->db, x->a, &f, &result, &x->why);
	bank_source_close(&source);
	x->import = result.import;
	return st ? st : tell(x);
}
