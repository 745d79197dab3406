/* office/payments.c: a bank's file is uploaded and imported; its report; the work list, and a row of it decided by hand. */
#include "office/payments.h"

#include "base/day.h"
#include "billing/series.h"
#include "dealing/payments.h"
#include "office/payment_import.html.h"
#include "office/orders.h"
#include "office/payment.html.h"
#include "office/payments.html.h"
#include "office/watched.h"
#include "web/csrf.h"

#define REASON_MAX 500

static const char *const shapes[OUTCOMES] = {
	[OUTCOME_PAID] = "done",
	[OUTCOME_PARTIAL] = "part",
	[OUTCOME_OVERPAID] = "warn",
	[OUTCOME_ALREADY_IMPORTED] = "end",
	[OUTCOME_UNKNOWN_REFERENCE] = "bad",
	[OUTCOME_INVALID_REFERENCE] = "bad",
	[OUTCOME_NO_REFERENCE] = "bad",
	[OUTCOME_WRONG_ACCOUNT] = "bad",
	[OUTCOME_CURRENCY_MISMATCH] = "bad",
	[OUTCOME_REVERSED] = "warn",
	[OUTCOME_NOT_BOOKED] = "end",
	[OUTCOME_ENTRY_WITHOUT_DETAILS] = "bad",
	[OUTCOME_ENTRY_REJECTED] = "bad",
	[OUTCOME_MISSING_STATEMENT] = "warn",
	[OUTCOME_CHARGE] = "end",
	[OUTCOME_OTHER_DEBIT] = "end",
	[OUTCOME_BILL_CANCELLED] = "bad",
};

const char *payment_shape(struct str outcome)
{
	for (int o = 0; o < OUTCOMES; o++)
		if (str_eq(outcome, outcome_word((enum outcome)o))) return shapes[o];
	return "wait";
}

static struct payment_shown shown(const struct office_page *p, const struct payment_line *l)
{
	struct arena *a = p->request->arena;
	struct payment_shown x = {
		.is = l, .did = payment_did(l->outcome), .shape = payment_shape(l->outcome), .cents = l->is_credit ? l->cents : -l->cents
	};
	if (l->bill_number) x.bill = series_number(a, l->bill_year, l->bill_number);
	if (l->order_number) x.order = order_number(a, l->order_number), x.to_order = office_order_link(p, l->order_number);
	struct str zone = staff_of(p->request)->person.zone;
	int64_t day;
	x.booked = day_read(l->booked_on, &day) ? lang_date(a, p->request->language, day_begins(a, day, zone), zone) : l->booked_on;
	x.text = l->reference.len ? l->reference : l->words;
	x.to = office_link_id(p, "/payments/%lld", l->id);
	return x;
}

static struct payment_shown *all_shown(const struct office_page *p, const struct payment_line *lines, size_t count)
{
	struct payment_shown *x = ARENA_ARRAY(p->request->arena, struct payment_shown, count + 1);
	for (size_t i = 0; i < count; i++) x[i] = shown(p, &lines[i]);
	return x;
}

/* ---- imports and the work list ---- */

static struct response list_answer(struct request *r, int status, const struct problem *why)
{
	struct import_summary *imports;
	struct payment_line *lines;
	size_t import_count, line_count;
	if (import_list(r->db, r->arena, actor_of(r)->institution, &imports, &import_count)) return error_answer(r, 503);
	if (payment_lines(r->db, r->arena, actor_of(r)->institution, 0, 0, &lines, &line_count)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_OFFICE_TAB_MONEY, OFFICE_TAB_MONEY);
	p.is_error = problem_any(why);
	struct import_shown *list = ARENA_ARRAY(r->arena, struct import_shown, import_count + 1);
	for (size_t i = 0; i < import_count; i++)
		list[i] = (struct import_shown){ &imports[i], office_link_id(&p, "/payments/imports/%lld", imports[i].id) };
	struct interface integration;
	struct watched_shown watched;
	if (interface_by_code(r->db, r->arena, actor_of(r)->institution, S(PAYMENTS_CODE), &integration) || watched_shown_of(&p, &integration, &watched))
		return error_answer(r, 503);
	struct render out = office_render(r);
	tpl_office_payments(&out, &(const struct tpl_office_payments){ .page = &p,
								  .imports = list,
								  .import_count = import_count,
								  .lines = all_shown(&p, lines, line_count),
								  .line_count = line_count,
								  .may_write = actor_may(actor_of(r), RIGHT_PAYMENT_WRITE),
								  .csrf = csrf_token(r, "/interfaces/" PAYMENTS_CODE "/import-payments"),
								  .done = office_done(&p),
								  .watched = &watched,
								  .why = why });
	return office_answer(r, status, &out);
}

struct response office_payments_page(struct request *r)
{
	return list_answer(r, 200, NULL);
}

struct response office_payments_import(struct request *r)
{
	struct upload file;
	struct problem why = problem_in(r->arena);
	struct payment_result result;
	if (!form_file(r, "file", &file)) {
		problem_add(&why, "file", MSG_PAYMENTS_NO_FILE);
		return list_answer(r, 422, &why);
	}
	struct bank_input input = bank_input_of(&file.bytes);
	const struct payment_file f = { actor_of(r)->institution, file.name, &input, actor_of(r)->name };
	enum status st = payments_import(r->db, r->arena, &f, &result, &why);
	if (st == REFUSED && problem_any(&why)) return list_answer(r, 422, &why);
	/* Once it is accepted its money counts; what is left is decided by whoever comes next. */
	if (st && !result.is_accepted) return error_answer(r, 503);
	return office_redirect(r, str_format(r->arena, "/payments/imports/%lld", (long long)result.import));
}

/* ---- one import ---- */

struct response office_payment_import_page(struct request *r)
{
	struct import_summary s;
	struct outcome_sum *sums;
	struct import_total *totals;
	struct payment_line *lines;
	size_t sum_count, total_count, line_count;
	int64_t id, after;
	if (!str_int64(request_query(r, "after"), &after) || after < 0) after = 0;
	if (!request_segment_id(r, 0, &id)) return error_answer(r, 404);
	enum status st = import_get(r->db, r->arena, actor_of(r)->institution, id, &s);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	st = import_outcomes(r->db, r->arena, id, &sums, &sum_count);
	if (!st) st = import_totals(r->db, r->arena, id, &totals, &total_count);
	if (!st) st = payment_lines(r->db, r->arena, actor_of(r)->institution, id, after, &lines, &line_count);
	if (st) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_PAYMENTS_IMPORTS, OFFICE_TAB_MONEY);
	struct payment_outcome_shown *outcome = ARENA_ARRAY(r->arena, struct payment_outcome_shown, sum_count + 1);
	for (size_t i = 0; i < sum_count; i++)
		outcome[i] = (struct payment_outcome_shown){ &sums[i], payment_did(sums[i].outcome), payment_shape(sums[i].outcome) };
	struct url more = { 0 };
	if (line_count == LINES_A_PAGE)
		more = office_link_with(&p, str_c(r->arena, str_format(r->arena, "/payments/imports/%lld", (long long)id)), "after",
			str_format(r->arena, "%lld", (long long)lines[line_count - 1].id));
	struct render out = office_render(r);
	tpl_office_payment_import(&out, &(const struct tpl_office_payment_import){ .page = &p,
										.is = &s,
										.outcomes = outcome,
										.outcome_count = sum_count,
										.totals = totals,
										.total_count = total_count,
										.lines = all_shown(&p, lines, line_count),
										.line_count = line_count,
										.more = more });
	return office_answer(r, 200, &out);
}

/* ---- one row of the work list ---- */

static enum status propose(const struct office_page *p, const struct payment_line *l, struct proposal_shown *out, size_t *count)
{
	struct request *r = p->request;
	struct proposal found[PROPOSALS_MOST];
	*count = 0;
	if (l->on_list <= 0 || l->is_whole_entry) return OK;
	enum status st = proposals_find(r->db, r->arena, actor_of(r)->institution, l->payer, l->words, found, count);
	for (size_t i = 0; i < *count; i++)
		out[i] = (struct proposal_shown){ found[i], bill_number(r->arena, &found[i].bill), order_number(r->arena, found[i].bill.order_number),
			office_order_link(p, found[i].bill.order_number) };
	return st;
}

static struct response line_answer(struct request *r, int status, int64_t id, const struct form *f, const struct problem *why)
{
	struct payment_line *line;
	size_t count;
	if (payment_lines(r->db, r->arena, actor_of(r)->institution, 0, id - 1, &line, &count)) return error_answer(r, 503);
	if (!count || line->id != id) return error_answer(r, 404);
	struct office_page p = office_page(r, MSG_PAYMENTS_HAND, OFFICE_TAB_MONEY);
	p.is_error = problem_any(why);
	struct payment_shown x = shown(&p, line);
	struct proposal_shown proposals[PROPOSALS_MOST];
	size_t proposal_count;
	if (propose(&p, line, proposals, &proposal_count)) return error_answer(r, 503);
	struct render out = office_render(r);
	tpl_office_payment(&out, &(const struct tpl_office_payment){ .page = &p,
								 .x = &x,
								 .proposals = proposals,
								 .proposal_count = proposal_count,
								 .may_write = actor_may(actor_of(r), RIGHT_PAYMENT_WRITE),
								 .csrf = csrf_token(r, "/payments/:ID"),
								 .is_closing = f && str_eq(form_text(f, "act"), S("close")),
								 .bill = f ? form_shown(f, "bill") : S(""),
								 .reason = f ? form_shown(f, "reason") : S(""),
								 .why = why });
	return office_answer(r, status, &out);
}

struct response office_payment_page(struct request *r)
{
	int64_t id;
	return request_segment_id(r, 0, &id) ? line_answer(r, 200, id, NULL, NULL) : error_answer(r, 404);
}

static const struct form_field fields[] = {
	{ "act", .max = 10 },
	{ "bill", .max = 40 },
	{ "reason", .max = REASON_MAX },
};

struct by_hand {
	struct request *r;
	int64_t line;
	bool is_assigned;
	struct str bill, reason;
	struct problem *why;
};

static enum status decide(struct conn *db, void *arg)
{
	struct by_hand *x = arg;
	const struct actor *who = actor_of(x->r);
	if (x->is_assigned) return payment_assign(db, x->r->arena, who, x->line, x->bill, x->reason, x->why);
	return payment_close(db, x->r->arena, who, x->line, x->reason, x->why);
}

struct response office_payment(struct request *r)
{
	struct form f = form_read(r, fields, COUNT(fields));
	struct problem why = problem_in(r->arena);
	struct by_hand x = { .r = r, .bill = form_text(&f, "bill"), .reason = form_text(&f, "reason"), .why = &why };
	x.is_assigned = str_eq(form_text(&f, "act"), S("assign"));
	if (!request_segment_id(r, 0, &x.line)) return error_answer(r, 404);
	if (problem_any(&f.why)) return line_answer(r, 422, x.line, &f, &f.why);
	enum status st = store_write(r->db, decide, &x);
	if (st == REFUSED) return line_answer(r, 422, x.line, &f, &why);
	if (st) return error_answer(r, st == NOT_FOUND ? 409 : 503);
	return office_redirect(r, x.is_assigned ? S("/payments?done=payment-assigned") : S("/payments?done=payment-closed"));
}
