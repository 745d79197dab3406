/* office/shipping_import.c: a printing status file: its preview, its progress, its report. */
#include "office/import.html.h"
#include "office/import_progress.html.h"
#include "office/shipping.h"
#include "web/csrf.h"

/* What the page and its moving part show; false with the answer INSTEAD. */
static bool import_seen(struct request *r, struct status_import *i, struct printer *p, struct response *instead)
{
	int64_t id, institution = actor_of(r)->institution;
	enum status st = request_segment_id(r, 0, &id) ? status_get(r->db, r->arena, institution, id, i) : NOT_FOUND;
	if (st == OK) st = printer_get(r->db, r->arena, institution, i->interface, p);
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

/* A tab would not be seen. */
struct str separator_shown(struct str separator)
{
	return str_eq(separator, S("\t")) ? S("TAB") : separator;
}

static struct response page_answer(struct request *r, int status, const struct problem *why)
{
	struct status_import i;
	struct printer printer;
	struct status_line *problems;
	struct response instead;
	if (!import_seen(r, &i, &printer, &instead)) return instead;
	struct office_page p = office_page(r, MSG_IMPORT_STATUS, OFFICE_TAB_SHIPPING);
	struct tpl_office_import page = { .page = &p,
		.import = &i,
		.printer = &printer,
		.why = why,
		.may_print = actor_may(actor_of(r), RIGHT_PRINT),
		.csrf_apply = csrf_token(r, "/imports/:ID/apply"),
		.csrf_notices = csrf_token(r, "/imports/:ID/notices"),
		.done = office_done(&p) };
	p.is_error = problem_any(why);
	if (status_problems(r->db, r->arena, i.id, 0, PROBLEMS_SHOWN, &problems, &page.problem_count)) return error_answer(r, 503);
	if (i.state == IMPORT_APPLIED && status_untold(r->db, i.institution, i.id, &page.untold)) return error_answer(r, 503);
	page.problems = problems;
	if (request_has_query(r, "before"))
		page.done = lang_text(r->arena, r->language, MSG_IMPORT_BEFORE,
			(const struct arg[]){
				arg_text("date", lang_datetime(r->arena, r->language, i.applied_at ? i.applied_at : i.made_at, staff_of(r)->person.zone)), { 0 } });
	struct render out = office_render(r);
	tpl_office_import(&out, &page);
	return office_answer(r, status, &out);
}

struct response office_import_page(struct request *r)
{
	return page_answer(r, 200, NULL);
}

struct response office_import_progress(struct request *r)
{
	struct status_import i;
	struct printer printer;
	struct response instead;
	if (!import_seen(r, &i, &printer, &instead)) return instead;
	struct office_page p = office_page(r, MSG_IMPORT_STATUS, OFFICE_TAB_SHIPPING);
	struct render out = office_render(r);
	tpl_office_import_progress(&out, &(const struct tpl_office_import_progress){ .page = &p, .import = &i, .is_whole = false });
	return office_answer(r, 200, &out);
}

struct applying {
	struct request *r;
	int64_t import, count;
	bool sends_mails;
};

static enum status apply(struct conn *db, void *arg)
{
	struct applying *x = arg;
	return status_apply(db, x->r->arena, actor_of(x->r), x->import, x->sends_mails);
}

struct response office_import_apply(struct request *r)
{
	static const struct form_field fields[] = { { "send_mails", .max = 10 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct status_import i;
	struct printer printer;
	struct response instead;
	struct problem why = problem_in(r->arena);
	if (!import_seen(r, &i, &printer, &instead)) return instead;
	struct applying x = { .r = r, .import = i.id, .sends_mails = form_has(&f, "send_mails") };
	enum status st = store_write(r->db, apply, &x);
	if (st == REFUSED) {
		problem_add(&why, "", MSG_IMPORT_BEFORE, arg_text("date", lang_datetime(r->arena, r->language, i.made_at, staff_of(r)->person.zone)));
		return page_answer(r, 409, &why);
	}
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/imports/%lld", (long long)i.id));
}

/* ---- the lines to read, as a file ---- */

#define ROWS_AT_ONCE 500

/* A value for a spreadsheet: what would be a formula there gets an apostrophe. */
static struct str for_sheet(struct arena *a, struct str s)
{
	return s.len && str_has(S("=+-@\t"), s.at[0]) ? str_format(a, "'%.*s", STR_ARG(s)) : s;
}

static void add_cell(struct buf *b, struct str s, const char *end)
{
	buf_add_char(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '"') buf_add_char(b, '"');
		buf_add_char(b, s.at[i]);
	}
	buf_addf(b, "\"%s", end);
}

struct response office_import_problems(struct request *r)
{
	struct status_import i;
	struct printer printer;
	struct response instead;
	struct buf b = buf_in(r->arena);
	struct status_line *some;
	int64_t after = 0;
	size_t count;
	if (!import_seen(r, &i, &printer, &instead)) return instead;
	struct office_page p = office_page(r, MSG_IMPORT_STATUS, OFFICE_TAB_SHIPPING);
	buf_add(&b, S("\xEF\xBB\xBF\"LINE\";\"SAID\";\"OUTCOME\";\"WHY\"\r\n"));
	do {
		if (status_problems(r->db, r->arena, i.id, after, ROWS_AT_ONCE, &some, &count)) return error_answer(r, 503);
		for (size_t k = 0; k < count; k++) {
			add_cell(&b, str_format(r->arena, "%lld", (long long)some[k].line), ";");
			add_cell(&b, for_sheet(r->arena, some[k].said), ";");
			add_cell(&b, office_text(&p, outcome_message(some[k].outcome)), ";");
			add_cell(&b, line_words(&p, &some[k]), "\r\n");
			after = some[k].line;
		}
	} while (count == ROWS_AT_ONCE);
	struct response answer = response_bytes(r, 200, "text/csv", buf_str(&b));
	response_download(r, &answer, str_format(r->arena, "import_%lld_lines.csv", (long long)i.id));
	return answer;
}

static enum status send_notices(struct conn *db, void *arg)
{
	struct applying *x = arg;
	return status_notices(db, x->r->arena, actor_of(x->r)->institution, x->import, actor_of(x->r)->name, &x->count);
}

struct response office_import_notices(struct request *r)
{
	struct status_import i;
	struct printer printer;
	struct response instead;
	if (!import_seen(r, &i, &printer, &instead)) return instead;
	struct applying x = { .r = r, .import = i.id };
	do {
		if (store_write(r->db, send_notices, &x)) return error_answer(r, 503);
	} while (x.count);
	office_wake(r);
	return office_redirect(r, str_format(r->arena, "/imports/%lld?done=saved", (long long)i.id));
}
