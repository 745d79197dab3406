/* commands/bank_read.c: `parterre bank read FILE…`: a line of JSON a transaction, and one that closes each file. */
#include <errno.h>

#include "commands/bank_out.h"
#include "commands/commands.h"

struct printing {
	struct bank_out *out;
	struct str file;
};

static void out_array(struct bank_out *o, struct str lead, const struct str *texts, size_t count)
{
	bank_out_add(o, lead);
	for (size_t i = 0; i < count; i++) bank_out_text(o, i ? S(",") : S(""), texts[i]);
	bank_out_add(o, S("]"));
}

static void out_report(struct bank_out *o, const struct bank_report *r)
{
	bank_out_text_or_null(o, S(",\"message_id\":"), r->message_id);
	bank_out_text_or_null(o, S(",\"report_id\":"), r->id);
	bank_out_text(o, S(",\"kind\":"), str_of(bank_kind_name(r->kind)));
	bank_out_text(o, S(",\"version\":"), r->version);
	bank_out_text(o, S(",\"account\":"), r->account);
}

static void out_reference(struct bank_out *o, const struct bank_transaction *t)
{
	static const struct str names[] = {
		[BANK_UNTYPED] = { STR("") }, [BANK_QRR] = { STR("QRR") }, [BANK_SCOR] = { STR("SCOR") }, [BANK_ISR] = { STR("ISR") }
	};
	bank_out_text_or_null(o, S(",\"reference_type\":"), t->reference_count ? names[t->references[0].type] : S(""));
	bank_out_text_or_null(o, S(",\"reference\":"), t->reference_count ? t->references[0].text : S(""));
}

static void out_debtor(struct bank_out *o, const struct bank_transaction *t)
{
	bank_out_text_or_null(o, S(",\"debtor\":{\"name\":"), t->debtor_name);
	bank_out_text_or_null(o, S(",\"iban\":"), t->debtor_iban);
	bank_out_text_or_null(o, S(",\"address\":"), t->debtor_address);
	bank_out_add(o, S("}"));
}

static void out_place(struct bank_out *o, const struct bank_transaction *t)
{
	bank_out_int(o, S(",\"entry\":"), t->entry);
	if (t->transaction >= 0) bank_out_int(o, S(",\"transaction\":"), t->transaction);
	else bank_out_add(o, S(",\"transaction\":null"));
	bank_out_text_or_null(o, S(",\"entry_ref\":"), t->entry_ref);
	bank_out_text_or_null(o, S(",\"transaction_ref\":"), t->transaction_ref);
	bank_out_text_or_null(o, S(",\"uetr\":"), t->uetr);
	bank_out_text_or_null(o, S(",\"end_to_end_id\":"), t->end_to_end_id);
	bank_out_int(o, S(",\"report\":"), t->report->number);
}

static void on_transaction(void *user, const struct bank_transaction *t)
{
	struct printing *p = user;
	struct bank_out *o = p->out;
	bank_out_text(o, S("{\"file\":"), p->file);
	out_report(o, t->report);
	bank_out_text_or_null(o, S(",\"credited_account\":"), t->credited_account);
	bank_out_text(o, S(",\"status\":"), t->status);
	bank_out_text_or_null(o, S(",\"booking_date\":"), t->booking_date);
	bank_out_text_or_null(o, S(",\"value_date\":"), t->value_date);
	if (t->has_amount) bank_out_amount(o, S(",\"amount\":"), t->cents);
	else bank_out_add(o, S(",\"amount\":null"));
	bank_out_text(o, S(",\"currency\":"), t->currency);
	bank_out_bool(o, S(",\"credit\":"), t->is_credit);
	bank_out_bool(o, S(",\"reversal\":"), t->is_reversal);
	bank_out_text_or_null(o, S(",\"return_reason\":"), t->return_reason);
	out_reference(o, t);
	out_array(o, S(",\"remittance\":["), t->remittance, t->remittance_count);
	out_debtor(o, t);
	if (t->has_charges) bank_out_amount(o, S(",\"charges\":"), t->charge_cents);
	else bank_out_add(o, S(",\"charges\":null"));
	out_place(o, t);
	bank_out_bool(o, S(",\"test\":"), t->report->is_test);
	bank_out_bool(o, S(",\"charge_included\":"), t->is_charge_included);
	bank_out_add(o, S("}\n"));
}

/* The line that closes a file. IS_REFUSED: nothing of it counts, whatever was printed before. */
static void out_summary(
	struct bank_out *o, struct arena *a, struct str file, bool is_refused, const struct bank_summary *s, const struct bank_findings *findings)
{
	bank_out_text(o, S("{\"summary\":{\"file\":"), file);
	bank_out_bool(o, S(",\"ok\":"), !is_refused && !findings->errors);
	bank_out_int(o, S(",\"transactions\":"), s->transactions);
	bank_out_add(o, S(",\"totals\":["));
	for (size_t i = 0; i < s->total_count; i++) {
		bank_out_text(o, i ? S(",{\"currency\":") : S("{\"currency\":"), (struct str){ s->totals[i].currency, 3 });
		bank_out_amount(o, S(",\"credit\":"), s->totals[i].credit);
		bank_out_amount(o, S(",\"debit\":"), s->totals[i].debit);
		bank_out_add(o, S("}"));
	}
	bank_out_add(o, S("],"));
	bank_out_findings(o, a, findings);
	bank_out_add(o, S("}}\n"));
}

/* A file that could not be opened is closed by its line like any other. */
static void out_unopened(struct bank_out *o, struct arena *a, struct str path, const struct problem *why)
{
	const struct bank_summary nothing = { 0 };
	struct bank_findings findings = bank_findings_in(a);
	for (const struct finding *f = why->first; f; f = f->next)
		bank_find_args(&findings, "C00", BANK_ERROR, (struct bank_place){ 0, S(""), S("") }, f->message, f->args);
	out_summary(o, a, path, true, &nothing, &findings);
}

/* Whether all of FILE is right; prints it. */
static bool read_file(struct arena *a, struct bank_out *o, struct str path, const struct bank_input *input)
{
	static const struct bank_handler calls = { .transaction = on_transaction };
	struct bank_findings findings = bank_findings_in(a);
	struct bank_summary summary = { 0 };
	struct bank_file *f;
	if (bank_file_open(a, input, &f, &findings)) {
		out_summary(o, a, path, true, &summary, &findings);
		return false;
	}
	bool is_right = true;
	for (size_t i = 0; i < bank_file_count(f); i++) {
		struct str name = bank_file_name(f, i);
		struct printing p = { o, name.len ? str_format(a, "%.*s:%.*s", STR_ARG(path), STR_ARG(name)) : path };
		if (i) findings = bank_findings_in(a); /* what the archive itself gave stands with its first file */
		bool is_refused = bank_file_read(f, i, &calls, &p, &summary, &findings) != OK;
		out_summary(o, a, p.file, is_refused, &summary, &findings);
		if (is_refused || findings.errors) is_right = false;
	}
	bank_file_close(f);
	return is_right;
}

enum exit_status command_bank_read(struct arena *a, const struct config *c)
{
	struct bank_out *o = ARENA_NEW(a, struct bank_out);
	o->fd = 1;
	enum exit_status result = EXIT_DONE;
	for (size_t i = 0; i < c->argument_count; i++) {
		struct arena *own = arena_new();
		struct problem why = problem_in(own);
		struct str shown = bank_shown_path(own, c->arguments[i]);
		struct bank_source s;
		if (bank_source_open(&s, c->arguments[i], &why)) {
			out_unopened(o, own, shown, &why);
			result = failed(&why);
		} else {
			if (!read_file(own, o, shown, &s.input)) result = EXIT_FAILED;
			bank_source_close(&s);
		}
		arena_free(own);
	}
	if (bank_out_flush(o)) {
		struct problem why = problem_in(a);
		problem_errno(&why, "stdout", o->error);
		return failed(&why);
	}
	return result;
}
