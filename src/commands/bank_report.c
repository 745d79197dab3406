/* commands/bank_report.c: counts as they come, the rows that somebody must look at, and at the end a page. Its style lies inside it. */
#include "commands/bank_report.h"

#include "commands/bank_out.h"
#include "commands/bank_report.html.h"
#include "formats/qrbill_reference.h"
#include "web/assets.h"

struct bank_report_page {
	struct arena *arena;
	enum language language;
	struct report_file *first, *file, **next;
	struct str account; /* of the report at hand */
};

struct bank_report_page *bank_report_new(struct arena *a)
{
	struct bank_report_page *p = ARENA_NEW(a, struct bank_report_page);
	p->arena = a;
	p->language = bank_language();
	p->next = &p->first;
	return p;
}

void bank_report_file(struct bank_report_page *p, struct str file, const struct bank_findings *findings)
{
	struct report_file *f = ARENA_NEW(p->arena, struct report_file);
	*f = (struct report_file){ .name = file, .said = findings };
	f->next_look = &f->looks;
	*p->next = f;
	p->next = &f->next;
	p->file = f;
}

void bank_report_refused(struct bank_report_page *p, struct str file, const struct bank_findings *findings)
{
	bank_report_file(p, file, findings);
	p->file->is_refused = true;
}

/* How an outcome is shown, and what was done, where that needs no more words. */
static const struct {
	const char *state;
	enum message done;
} shown[OUTCOMES] = {
	[OUTCOME_PAID] = { "done", MSG_BANK_WHY_PAID },
	[OUTCOME_PARTIAL] = { "part", MSG_BANK_WHY_PARTIAL },
	[OUTCOME_OVERPAID] = { "warn", MSG_BANK_WHY_OVERPAID },
	[OUTCOME_ALREADY_IMPORTED] = { "end", MSG_BANK_WHY_SEEN },
	[OUTCOME_UNKNOWN_REFERENCE] = { "bad", MSG_BANK_R_NOT_BOOKED },
	[OUTCOME_INVALID_REFERENCE] = { "bad", MSG_BANK_R_NOT_BOOKED },
	[OUTCOME_NO_REFERENCE] = { "bad", MSG_BANK_R_NOT_BOOKED },
	[OUTCOME_WRONG_ACCOUNT] = { "bad", MSG_BANK_R_NOT_BOOKED },
	[OUTCOME_CURRENCY_MISMATCH] = { "bad", MSG_BANK_R_NOT_BOOKED },
	[OUTCOME_REVERSED] = { "warn", MSG_BANK_WHY_REVERSED },
	[OUTCOME_NOT_BOOKED] = { "end", MSG_BANK_R_NOT_BOOKED },
	[OUTCOME_ENTRY_WITHOUT_DETAILS] = { "wait", MSG_BANK_WHY_NO_DETAILS },
	[OUTCOME_ENTRY_REJECTED] = { "bad", MSG_BANK_WHY_REJECTED },
	[OUTCOME_MISSING_STATEMENT] = { "warn", MSG_BANK_R_MISSING },
	[OUTCOME_CHARGE] = { "end", MSG_BANK_R_NOTED },
	[OUTCOME_OTHER_DEBIT] = { "end", MSG_BANK_R_NOTED },
	[OUTCOME_BILL_CANCELLED] = { "bad", MSG_BANK_WHY_CANCELLED },
};

static struct report_count *count_of(struct bank_report_page *p, enum outcome outcome, struct str currency)
{
	struct report_count **at = &p->file->counts;
	while (*at && (*at)->outcome < outcome) at = &(*at)->next;
	while (*at && (*at)->outcome == outcome && !str_eq((*at)->currency, currency)) at = &(*at)->next;
	struct report_count *c = *at;
	if (c && c->outcome == outcome) return c;
	c = ARENA_NEW(p->arena, struct report_count);
	*c = (struct report_count){ .next = *at, .outcome = outcome, .currency = str_keep(p->arena, currency), .word = outcome_word(outcome) };
	c->state = str_of(shown[outcome].state);
	c->done = lang_text(p->arena, p->language, shown[outcome].done, NULL);
	return *at = c;
}

static struct report_figure *figure_of(struct bank_report_page *p, struct str currency)
{
	struct report_figure **at = &p->file->figures;
	while (*at && !str_eq((*at)->currency, currency)) at = &(*at)->next;
	struct report_figure *g = *at;
	if (g) return g;
	g = ARENA_NEW(p->arena, struct report_figure);
	g->currency = str_keep(p->arena, currency);
	return *at = g;
}

static void add(int64_t *sum, int64_t cents)
{
	if (__builtin_add_overflow(*sum, cents, sum)) *sum = cents < 0 ? INT64_MIN : INT64_MAX; /* the reader refuses such files */
}

/* Microseconds since 1970 of the noon of a date that bank_date found right. */
static int64_t noon(struct str date)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int64_t y = 0, m = 0, d = 0;
	str_int64(str_part(date, 0, 4), &y), str_int64(str_part(date, 5, 2), &m), str_int64(str_part(date, 8, 2), &d);
	int64_t leaps = y - (m <= 2); /* this year's leap day counts from March on */
	int64_t days = 365 * (y - 1970) + leaps / 4 - leaps / 100 + leaps / 400 - 477 + before[m - 1] + d - 1;
	return (days * 24 + 12) * 3600 * INT64_C(1000000);
}

static struct str amount_of(struct bank_report_page *p, int64_t cents, struct str currency)
{
	return lang_amount(p->arena, p->language, cents, currency);
}

static struct str reference_of(struct bank_report_page *p, const struct bank_transaction *t)
{
	if (t->reference_count) {
		struct str reference = t->references[0].text;
		return str_keep(p->arena, reference_grouped(p->arena, reference_kind_of(reference), reference));
	}
	return t->remittance_count ? str_keep(p->arena, t->remittance[0]) : S("");
}

/* What moved on the account: a reversal's sign is what was booked, if its bank is known to turn them. */
static int64_t cents_of(const struct reconcile_row *row)
{
	const struct bank_transaction *t = row->t;
	if (!t) return 0;
	bool is_booked = row->booked && row->outcome != OUTCOME_ALREADY_IMPORTED;
	return (is_booked ? row->booked > 0 : t->is_credit) ? t->cents : -t->cents;
}

static void add_look(struct bank_report_page *p, const struct reconcile_row *row)
{
	struct arena *a = p->arena;
	const struct bank_transaction *t = row->t;
	struct report_look *k = ARENA_NEW(a, struct report_look);
	*k = (struct report_look){ .word = outcome_word(row->outcome), .state = str_of(shown[row->outcome].state) };
	k->why = lang_text(a, p->language, row->reason, row->args);
	if (t) {
		int64_t report = t->report->number + 1, entry = t->entry + 1, part = t->transaction + 1;
		k->place = part ? str_format(a, "%lld.%lld.%lld", (long long)report, (long long)entry, (long long)part)
						: str_format(a, "%lld.%lld", (long long)report, (long long)entry);
		k->payer = str_keep(a, t->debtor_name);
		k->reference = reference_of(p, t);
		k->has_date = t->value_date.len > 0;
		if (k->has_date) k->date = noon(t->value_date);
		k->amount = amount_of(p, cents_of(row), t->currency);
	} else k->reference = str_keep(a, row->report->id);
	if (row->has_bill) k->bill = str_keep(a, row->bill.name), k->open = amount_of(p, row->open_after, row->bill.currency);
	*p->file->next_look = k;
	p->file->next_look = &k->next;
	p->file->look_rows++;
}

/* Money that is taken back, since two payments turn out to be one, is somebody's business whatever the outcome is called. */
static bool needs_look(const struct reconcile_row *row)
{
	return outcome_needs_look(row->outcome) || row->reason == MSG_BANK_WHY_JOINED;
}

bool bank_report_row(struct bank_report_page *p, const struct reconcile_row *row, int64_t moved)
{
	struct report_file *f = p->file;
	const struct bank_transaction *t = row->t;
	int64_t cents = cents_of(row);
	if (!f->form.len) {
		f->form = str_format(p->arena, "%s, %.*s", bank_kind_name(row->report->kind), STR_ARG(row->report->version));
		f->account = str_keep(p->arena, iban_grouped(p->arena, row->report->account));
	}
	f->rows++;
	struct report_count *c = count_of(p, row->outcome, t ? t->currency : S(""));
	c->rows++;
	add(&c->cents, cents);
	bool looks = needs_look(row);
	if (t) {
		struct report_figure *g = figure_of(p, t->currency);
		add(&g->booked_cents, moved);
		if (looks) g->look_rows++;
		if (looks && !moved) add(&g->look_cents, cents);
		if (row->outcome == OUTCOME_ALREADY_IMPORTED) add(&g->known_cents, cents);
	}
	if (looks) add_look(p, row);
	return t != NULL;
}

/* ---- the page ---- */

static void finish_file(struct bank_report_page *p, struct report_file *f)
{
	struct arena *a = p->arena;
	struct report_finding **next = &f->findings;
	for (const struct bank_finding *x = f->said->first; x; x = x->next) {
		struct report_finding *new = ARENA_NEW(a, struct report_finding);
		*new = (struct report_finding){ NULL, x->line, lang_text(a, p->language, x->message, x->args), str_of(x->rule) };
		*next = new;
		next = &new->next;
	}
	f->errors = f->said->errors;
	for (struct report_count *c = f->counts; c; c = c->next) {
		int64_t tenths = c->rows * 1000 / f->rows;
		c->share = str_format(a, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
		if (c->currency.len) c->amount = amount_of(p, c->cents, c->currency);
	}
	for (struct report_figure *g = f->figures; g; g = g->next) {
		g->booked = amount_of(p, g->booked_cents, g->currency);
		g->look = amount_of(p, g->look_cents, g->currency);
		g->known = amount_of(p, g->known_cents, g->currency);
	}
}

/* A stylesheet without its pictures, which would have to lie beside the page. */
static void add_style(struct buf *b, const char *name)
{
	struct str css = asset_named(assets, asset_count, str_of(name))->bytes;
	for (ptrdiff_t at; (at = str_find(css, S("url("))) >= 0;) {
		buf_add(b, str_part(css, 0, (size_t)at));
		buf_add(b, S("none"));
		css = str_part(css, (size_t)at, css.len);
		css = str_part(css, (size_t)str_find(css, S(")")) + 1, css.len);
	}
	buf_add(b, css);
}

struct str bank_report_html(struct bank_report_page *p)
{
	for (struct report_file *f = p->first; f; f = f->next) finish_file(p, f);
	struct render page = render_in(p->arena, p->language, S("UTC"), S(""));
	struct buf *b = &page.out;
	struct str title = lang_text(p->arena, p->language, MSG_BANK_R_TITLE, NULL);
	buf_addf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", lang_tag(p->language));
	buf_add(b, S("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"));
	buf_add_escaped(b, title);
	buf_add(b, S("</title>\n<style>\n"));
	add_style(b, "base.css");
	add_style(b, "office.css");
	buf_add(b, S("</style>\n</head>\n<body class=\"office\">\n"));
	tpl_commands_bank_report(&page, &(struct tpl_commands_bank_report){ .first = p->first });
	buf_add(b, S("</body>\n</html>\n"));
	return buf_str(b);
}
