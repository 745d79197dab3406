/* office/shipping_batch.c: a batch: its files, its lines, withdrawing those that are open. */
#include "office/batch.html.h"
#include "office/shipping.h"
#include "web/csrf.h"

#define LINES_SHOWN		50
#define DOWNLOADS_SHOWN 5

static bool batch_of_path(struct request *r, struct batch *b, struct printer *p, struct response *instead)
{
	int64_t number, institution = actor_of(r)->institution;
	enum status st = batch_number_read(request_segment(r, 0), &number) ? batch_by_number(r->db, r->arena, institution, number, b) : NOT_FOUND;
	if (st == OK) st = printer_get(r->db, r->arena, institution, b->interface, p);
	if (st) *instead = error_answer(r, st == NOT_FOUND ? 404 : 503);
	return st == OK;
}

static enum status files_of(struct request *r, const struct batch *b, struct file_shown *out, size_t *count)
{
	const struct {
		int64_t id;
		const char *kind;
	} files[] = { { b->tickets_file, "tickets" }, { b->letters_file, "letters" }, { b->manifest_file, "manifest" } };
	*count = 0;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct file_shown *f = &out[*count];
		enum status st;
		if (!files[i].id) continue;
		f->kind = files[i].kind;
		if ((st = file_get(r->db, r->arena, b->institution, files[i].id, &f->file))) return st;
		if ((st = file_downloads(r->db, r->arena, files[i].id, DOWNLOADS_SHOWN, &f->downloads, &f->download_count))) return st;
		++*count;
	}
	return OK;
}

struct response office_batch_page(struct request *r)
{
	struct batch b;
	struct printer printer;
	struct response instead;
	struct print_line *lines;
	struct file_shown files[3];
	int64_t after = 0, counts[LINE_WITHDRAWN + 1];
	if (!batch_of_path(r, &b, &printer, &instead)) return instead;
	if (request_has_query(r, "after") && (!str_int64(request_query(r, "after"), &after) || after < 1)) return error_answer(r, 404);
	struct office_page p = office_page(r, MSG_PRINT_BATCH, OFFICE_TAB_SHIPPING);
	struct tpl_office_batch page = { .page = &p,
		.batch = &b,
		.printer = &printer,
		.files = files,
		.may_print = actor_may(actor_of(r), RIGHT_PRINT),
		.csrf = csrf_token(r, "/batches/:NUMBER/withdraw"),
		.done = office_done(&p) };
	p.title = batch_number(r->arena, b.number);
	if (files_of(r, &b, files, &page.file_count) || batch_line_counts(r->db, b.id, counts) ||
		batch_lines(r->db, r->arena, b.id, after, LINES_SHOWN, &lines, &page.line_count))
		return error_answer(r, 503);
	page.lines = lines;
	page.counts = counts;
	page.open = counts[LINE_EXPORTED] + counts[LINE_MISSING];
	page.is_overdue = b.due_at < store_now(r->db) && (b.state == BATCH_EXPORTED || b.state == BATCH_PART_BACK);
	if (page.line_count == LINES_SHOWN)
		page.more = office_link_with(&p, str_c(r->arena, str_format(r->arena, "/batches/%.*s", STR_ARG(p.title))), "after",
			str_format(r->arena, "%lld", (long long)lines[page.line_count - 1].line));
	struct render out = office_render(r);
	tpl_office_batch(&out, &page);
	return office_answer(r, 200, &out);
}

struct downloading {
	int64_t file;
	struct str by_name;
};

static enum status note_download(struct conn *db, void *arg)
{
	struct downloading *x = arg;
	return file_note_download(db, x->file, x->by_name);
}

static struct response download(struct request *r, struct str bytes, struct str name)
{
	struct response answer = response_bytes(r, 200, "text/csv", bytes);
	response_download(r, &answer, name);
	return answer;
}

struct response office_batch_file(struct request *r)
{
	struct batch b;
	struct printer printer;
	struct response instead;
	struct stored_file f;
	struct str bytes, kind = request_segment(r, 1);
	if (!batch_of_path(r, &b, &printer, &instead)) return instead;
	if (str_eq(kind, S("withdrawals"))) {
		if (batch_withdrawals(r->db, r->arena, &b, &printer, &bytes)) return error_answer(r, 503);
		return download(r, bytes, str_format(r->arena, "withdrawals_%.*s.csv", STR_ARG(batch_number(r->arena, b.number))));
	}
	int64_t id = str_eq(kind, S("tickets"))	   ? b.tickets_file
				 : str_eq(kind, S("letters"))  ? b.letters_file
				 : str_eq(kind, S("manifest")) ? b.manifest_file
											   : 0;
	enum status st = id ? file_get(r->db, r->arena, b.institution, id, &f) : NOT_FOUND;
	if (st == OK) st = file_read(r->db, r->arena, b.institution, id, &bytes);
	if (st == OK) st = store_write(r->db, note_download, &(struct downloading){ id, actor_of(r)->name });
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return download(r, bytes, f.name);
}

struct withdrawing {
	struct request *r;
	const struct batch *batch;
	int64_t withdrawn;
};

static enum status withdraw(struct conn *db, void *arg)
{
	struct withdrawing *x = arg;
	return batch_withdraw(db, x->r->arena, actor_of(x->r), x->batch, NULL, 0, &x->withdrawn);
}

struct response office_batch_withdraw(struct request *r)
{
	struct batch b;
	struct printer printer;
	struct response instead;
	if (!batch_of_path(r, &b, &printer, &instead)) return instead;
	struct withdrawing x = { .r = r, .batch = &b };
	enum status st = store_write(r->db, withdraw, &x);
	if (st && st != NOT_FOUND) return error_answer(r, 503);
	return office_redirect(r, str_format(r->arena, "/batches/%.*s?done=saved", STR_ARG(batch_number(r->arena, b.number))));
}
