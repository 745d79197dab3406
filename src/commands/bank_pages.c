/* commands/bank_pages.c: a file may hold pages of several messages' reports, so that refusing one may leave others alone: all is looked at again until
 * nothing more is refused. */
#include "commands/bank_pages.h"

#include <stdlib.h>
#include <string.h>

struct bank_page {
	struct bank_page *next;
	struct reconcile_key of;
	enum message missing; /* what is said where another is not there */
	struct str name;
	int64_t day, number;
	bool is_last;
};

/* What one page says of a statement's money. */
struct bank_page_balances {
	struct bank_page_balances *next;
	struct bank_item *item;
	struct reconcile_key pages, statement; /* the same for all pages; for all of the statement on them */
	int64_t day, report, page;
	struct bank_balance opening, closing;
	int64_t as_written, as_turned;
	struct str currency; /* of its entries */
	bool has_several_currencies;
};

struct sheets {
	struct bank_page_balances **at;
	size_t count;
};

/* A statement, over its pages. */
struct whole {
	struct bank_balance opening, closing;
	int64_t as_written, as_turned;
	struct str currency;
	bool has_several_currencies, is_too_large;
};

/* ---- what a file has ---- */

static bool is_alone(const struct bank_report *report)
{
	return report->page == 1 && report->is_last_page;
}

void bank_pages_report(void *user, const struct bank_report *report)
{
	struct bank_item *it = user;
	struct arena *a = it->findings.arena;
	it->reports++;
	if (is_alone(report)) return;
	struct reconcile_key of = reconcile_pages_key(report);
	/* All reports of a message's page are that one page. */
	if (it->pages && memcmp(&it->pages->of, &of, sizeof of) == 0 && it->pages->day == reconcile_pages_day(report) &&
		it->pages->number == report->page)
		return;
	struct bank_page *p = ARENA_NEW(a, struct bank_page);
	*p = (struct bank_page){ it->pages, of, report->has_pages ? MSG_BANK_REPORT_PAGE_MISSING : MSG_BANK_PAGE_MISSING,
		str_keep(a, report->has_pages ? report->id : report->message_id), reconcile_pages_day(report), report->page, report->is_last_page };
	it->pages = p;
}

static struct bank_balance kept(struct arena *a, struct bank_balance b)
{
	b.currency = str_keep(a, b.currency);
	return b;
}

void bank_pages_report_end(void *user, const struct bank_report *report)
{
	struct bank_item *it = user;
	struct arena *a = it->findings.arena;
	if (report->kind != BANK_STATEMENT || is_alone(report)) return;
	struct bank_page_balances *s = ARENA_NEW(a, struct bank_page_balances);
	*s = (struct bank_page_balances){ it->sheets, it, reconcile_pages_key(report), reconcile_paged_report_key(report), reconcile_pages_day(report),
		report->number, report->page, kept(a, report->opening), kept(a, report->closing), report->as_written, report->as_turned,
		str_keep(a, report->booked_currency), report->has_several_currencies };
	it->sheets = s;
}

void bank_pages_keep(const struct bank_item *it, struct reconcile_memory *in)
{
	for (const struct bank_page *p = it->pages; p; p = p->next) reconcile_memory_add_page(in, p->of, p->day, p->number, p->is_last);
}

/* ---- whether all are there ---- */

struct check {
	struct bank_item *items;
	const struct reconcile_memory *before;
	struct reconcile_memory *here; /* pages of this run's accepted files */
	void (*refused)(void *user, struct bank_item *it);
	void *user;
};

static void refuse(const struct check *c, struct bank_item *it)
{
	it->is_accepted = false;
	c->refused(c->user, it);
}

/* Which page of those that belong to OF is not there, in this run or BEFORE (NULL: in this run); 0: none. */
static int64_t missing_page(const struct check *c, struct reconcile_key of, int64_t day, const struct reconcile_memory *before)
{
	bool is_last = false;
	int64_t page = 1;
	while (reconcile_memory_has_page(c->here, of, day, page, &is_last) || (before && reconcile_memory_has_page(before, of, day, page, &is_last))) {
		if (is_last) return 0;
		page++;
	}
	return page;
}

/* Refuses files whose other pages are not among the accepted ones; whether there were any. */
static bool refuse_lone(struct check *c)
{
	bool was_any = false;
	reconcile_memory_free(c->here);
	c->here = reconcile_memory_new();
	for (struct bank_item *it = c->items; it; it = it->next)
		if (it->is_accepted) bank_pages_keep(it, c->here);
	for (struct bank_item *it = c->items; it; it = it->next)
		for (struct bank_page *p = it->pages; p && it->is_accepted; p = p->next) {
			int64_t page = missing_page(c, p->of, p->day, c->before);
			if (!page) continue;
			was_any = true;
			const char *named = p->missing == MSG_BANK_PAGE_MISSING ? "message" : "id";
			bank_find(&it->findings, "C14", BANK_ERROR, ((struct bank_place){ 0, S("LastPgInd"), S("") }), p->missing, arg_int("page", page),
				arg_text(named, p->name));
			refuse(c, it);
		}
	return was_any;
}

/* ---- balances over pages ---- */

static int in_order(const void *first, const void *second)
{
	const struct bank_page_balances *a = *(struct bank_page_balances *const *)first, *b = *(struct bank_page_balances *const *)second;
	int order = memcmp(&a->statement, &b->statement, sizeof a->statement);
	return order ? order : a->page < b->page ? -1 : a->page > b->page;
}

/* All sheets of accepted files, those of a statement side by side in the order of its pages. */
static struct sheets sheets_of(const struct check *c, struct arena *a)
{
	struct sheets all = { 0 };
	for (struct bank_item *it = c->items; it; it = it->next)
		for (struct bank_page_balances *s = it->is_accepted ? it->sheets : NULL; s; s = s->next) all.count++;
	all.at = ARENA_ARRAY(a, struct bank_page_balances *, all.count + 1);
	size_t n = 0;
	for (struct bank_item *it = c->items; it; it = it->next)
		for (struct bank_page_balances *s = it->is_accepted ? it->sheets : NULL; s; s = s->next) all.at[n++] = s;
	qsort(all.at, all.count, sizeof(struct bank_page_balances *), in_order);
	return all;
}

static void add(struct whole *w, int64_t *sum, int64_t cents)
{
	if (__builtin_add_overflow(*sum, cents, sum)) w->is_too_large = true;
}

/* The opening balance of the first page that has one, the closing balance of the last (those between are interim), the entries of all. */
static struct whole whole_of(const struct sheets *of)
{
	struct whole w = { 0 };
	for (size_t i = 0; i < of->count; i++) {
		const struct bank_page_balances *s = of->at[i];
		if (i && s->page == of->at[i - 1]->page) continue; /* delivered twice */
		if (!w.opening.is_known) w.opening = s->opening;
		if (s->closing.is_known) w.closing = s->closing;
		add(&w, &w.as_written, s->as_written);
		add(&w, &w.as_turned, s->as_turned);
		if (!w.currency.len) w.currency = s->currency;
		if (s->has_several_currencies || (s->currency.len && !str_eq(s->currency, w.currency))) w.has_several_currencies = true;
	}
	add(&w, &w.as_written, w.opening.cents);
	add(&w, &w.as_turned, w.opening.cents);
	return w;
}

static void refuse_statement(const struct check *c, const struct sheets *of, const struct whole *w)
{
	for (size_t i = 0; i < of->count; i++) {
		struct bank_item *it = of->at[i]->item;
		struct arena *a = it->findings.arena;
		struct bank_place place = { 0, S("Bal"), S("") };
		if (!it->is_accepted) continue; /* by another of its sheets */
		if (w->is_too_large) bank_find(&it->findings, "C12", BANK_ERROR, place, MSG_BANK_TOTAL_TOO_LARGE);
		else
			bank_find(&it->findings, "C3", BANK_ERROR, place, MSG_BANK_BALANCE_PAGES, arg_text("said", bank_amount(a, w->closing.cents)),
				arg_text("counted", bank_amount(a, w->as_written)));
		refuse(c, it);
	}
}

static void warn(const struct sheets *of, enum message message)
{
	for (size_t i = 0; i < of->count; i++)
		bank_find(&of->at[i]->item->findings, "C3", BANK_WARNING, ((struct bank_place){ 0, S("Bal"), S("") }), message);
}

/* Judges a statement, of which all pages are there; whether it was refused. IS_FINAL: nothing will be refused any more. */
static bool judge(const struct check *c, const struct sheets *of, bool is_final)
{
	const struct whole w = whole_of(of);
	if (!w.opening.is_known || !w.closing.is_known) return false;
	bool is_other = w.has_several_currencies || (w.currency.len && !str_eq(w.currency, w.opening.currency));
	if (is_other || !str_eq(w.opening.currency, w.closing.currency)) {
		if (is_final) warn(of, MSG_BANK_BALANCE_CURRENCIES);
		return false;
	}
	bool is_written = w.as_written == w.closing.cents, is_turned = w.as_turned == w.closing.cents;
	if (w.is_too_large || (!is_written && !is_turned)) return refuse_statement(c, of, &w), true;
	if (!is_final || is_written == is_turned) return false;
	if (is_turned) warn(of, MSG_BANK_BALANCE_TURNED);
	for (size_t i = 0; i < of->count; i++)
		bank_plan_set_signs(&of->at[i]->item->plan, of->at[i]->report, is_turned ? BANK_SIGNS_TURNED : BANK_SIGNS_WRITTEN);
	return false;
}

/* Whether a statement was refused. Pages of an earlier run have no sums here: then nothing can be said. */
static bool check_balances(const struct check *c, bool is_final)
{
	bool was_any = false;
	struct arena *a = arena_new();
	const struct sheets all = sheets_of(c, a);
	for (size_t from = 0, to; from < all.count; from = to) {
		const struct bank_page_balances *first = all.at[from];
		for (to = from + 1; to < all.count && memcmp(&all.at[to]->statement, &first->statement, sizeof first->statement) == 0;) to++;
		const struct sheets one = { all.at + from, to - from };
		if (!missing_page(c, first->pages, first->day, NULL) && judge(c, &one, is_final)) was_any = true;
	}
	arena_free(a);
	return was_any;
}

void bank_pages_check(struct bank_item *items, const struct reconcile_memory *before, void (*refused)(void *user, struct bank_item *it), void *user)
{
	struct check c = { items, before, NULL, refused, user };
	while (refuse_lone(&c) || check_balances(&c, false)) continue;
	check_balances(&c, true);
	reconcile_memory_free(c.here);
}
