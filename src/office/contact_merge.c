/* office/contact_merge.c: finding the other, two contacts side by side, making them one, and back. */
#include "office/contact_merge.html.h"
#include "office/contact_merge_find.html.h"

#include "accounts/merge.h"
#include "accounts/phone.h"
#include "institution/institution.h"
#include "office/contact_view.h"
#include "web/csrf.h"

static const struct form_field merge_fields[] = {
	{ "goes", .max = 20 },
	{ "version", .max = 20 },
	{ "goes_version", .max = 20 },
};

static void side_fill(struct request *r, const struct office_page *p, const struct contact_seen *seen, struct merge_side *out)
{
	const struct contact_fields *f = &seen->contact.is;
	*out = (struct merge_side){ .seen = seen,
		.name = contact_name(r->arena, f),
		.number = number_for_people(r->arena, seen->contact.number),
		.address = address_shown(r, &f->address),
		.phone = phone_for_people(r->arena, f->phone),
		.language = language_word(p, f->language) };
}

static enum status seen_fill(struct request *r, int64_t id, struct contact_seen *out)
{
	enum status st = contact_get(r->db, r->arena, actor_of(r), id, &out->contact);
	if (!st) st = contact_account_get(r->db, r->arena, id, &out->account);
	out->has_living = !st && out->account.id && out->account.state != ACCOUNT_CLOSED;
	return st;
}

/* Both sides, and why it can't be; WHY has what was wrong with a try. */
static struct response merge_answer(struct request *r, int status, int64_t stays, int64_t goes, const struct problem *why)
{
	struct contact_seen kept = { 0 }, other = { 0 };
	struct merge_side sides[2];
	struct problem cannot = problem_in(r->arena);
	bool blocks;
	enum status st;
	if ((st = seen_fill(r, stays, &kept)) || (st = seen_fill(r, goes, &other))) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	if (merge_look(r->db, r->arena, actor_of(r), stays, goes, &blocks, &cannot)) return error_answer(r, 503);
	struct office_page p = office_page(r, MSG_MERGE_TITLE, OFFICE_TAB_CONTACTS);
	side_fill(r, &p, &kept, &sides[0]);
	side_fill(r, &p, &other, &sides[1]);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_contact_merge(&out, &(const struct tpl_office_contact_merge){
									   .page = &p,
									   .stays = &sides[0],
									   .goes = &sides[1],
									   .blocks = blocks,
									   .can = !problem_any(&cannot),
									   .csrf = csrf_token(r, "/contacts/:ID/merge"),
									   .why = problem_any(why) ? why : &cannot,
								   });
	return office_answer(r, status, &out);
}

/* The other may be anybody: by number, name, e-mail or town. */
static struct response find_answer(struct request *r, int64_t stays)
{
	struct contact c;
	struct contact_query q = contact_query_of(r, request_query(r, "q"), S(""), S(""), S(""));
	struct contact_page *found = ARENA_NEW(r->arena, struct contact_page);
	enum status st = contact_get(r->db, r->arena, actor_of(r), stays, &c);
	if (!st && c.merged_into) st = NOT_FOUND;
	if (!st && q.typed.len) st = contact_search(r->db, r->arena, &q, found);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	struct row_shown *rows = ARENA_ARRAY(r->arena, struct row_shown, found->count + 1);
	size_t count = 0;
	for (size_t i = 0; i < found->count; i++) {
		const struct contact_row *o = &found->rows[i];
		if (o->id == stays) continue;
		rows[count++] = (struct row_shown){ .id = o->id,
			.name = o->last_name,
			.first_name = o->first_name,
			.number = number_for_people(r->arena, o->number),
			.email = o->email,
			.town = o->town };
	}
	struct office_page p = office_page(r, MSG_MERGE_FIND_TITLE, OFFICE_TAB_CONTACTS);
	struct render out = office_render(r);
	tpl_office_contact_merge_find(&out, &(const struct tpl_office_contact_merge_find){ .page = &p,
											.c = &c,
											.name = contact_name(r->arena, &c.is),
											.typed = q.typed,
											.rows = rows,
											.count = count,
											.is_broken_off = found->is_broken_off });
	return office_answer(r, 200, &out);
}

struct response office_merge_page(struct request *r)
{
	int64_t stays, goes;
	if (!request_segment_id(r, 0, &stays)) return error_answer(r, 404);
	if (!request_has_query(r, "with")) return find_answer(r, stays);
	return str_int64(request_query(r, "with"), &goes) ? merge_answer(r, 200, stays, goes, NULL) : error_answer(r, 404);
}

struct merging {
	struct request *r;
	struct merge_pair pair;
	struct problem why;
};

static enum status merge_in(struct conn *db, void *arg)
{
	struct merging *x = arg;
	x->why.first = NULL; /* it may run again */
	return merge(db, x->r->arena, actor_of(x->r), &x->pair, &x->why);
}

struct response office_merge(struct request *r)
{
	struct form f = form_read(r, merge_fields, COUNT(merge_fields));
	struct merging x = { .r = r, .why = problem_in(r->arena) };
	bool is_named = request_segment_id(r, 0, &x.pair.stays) && str_int64(form_text(&f, "goes"), &x.pair.goes) &&
					str_int64(form_text(&f, "version"), &x.pair.stays_version) && str_int64(form_text(&f, "goes_version"), &x.pair.goes_version);
	enum status st = is_named ? store_write(r->db, merge_in, &x) : NOT_FOUND;
	if (st == REFUSED) return merge_answer(r, problem_at(&x.why, "version") ? 409 : 422, x.pair.stays, x.pair.goes, &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=merged", (long long)x.pair.stays));
}

static enum status undo_in(struct conn *db, void *arg)
{
	struct merging *x = arg;
	x->why.first = NULL; /* it may run again */
	return merge_undo(db, x->r->arena, actor_of(x->r), x->pair.stays, x->pair.goes, &x->why);
}

struct response office_merge_undo(struct request *r)
{
	struct form f = form_read(r, merge_fields, COUNT(merge_fields));
	struct merging x = { .r = r, .why = problem_in(r->arena) };
	bool is_named = request_segment_id(r, 0, &x.pair.stays) && str_int64(form_text(&f, "goes"), &x.pair.goes);
	enum status st = is_named ? store_write(r->db, undo_in, &x) : NOT_FOUND;
	if (st == REFUSED) return contact_answer(r, 409, x.pair.stays, &x.why);
	if (st) return error_answer(r, st == NOT_FOUND ? 404 : 503);
	return office_redirect(r, str_format(r->arena, "/contacts/%lld?done=unmerged", (long long)x.pair.stays));
}
