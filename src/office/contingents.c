/* office/contingents.c: a performance's shares: cut, and what is free moved between them. */
#include "office/contingents.h"

#include "office/contingents.html.h"
#include "web/csrf.h"

#define PATH "/programme/performances/:ID/shares"

struct changing {
	struct request *r;
	struct performance_row row;
	struct str name, n;
	int64_t *channels;
	size_t channel_count;
	struct contingent_move move;
	struct problem why;
};

static struct response failed(struct request *r, enum status st)
{
	return error_answer(r, st == NOT_FOUND ? 404 : st == CONFLICT ? 409 : 503);
}

static bool row_of_path(struct changing *x, struct response *instead)
{
	int64_t id;
	struct request *r = x->r;
	enum status st = request_segment_id(r, 0, &id) ? performance_row_get(r->db, r->arena, actor_of(r), r->language, id, &x->row) : NOT_FOUND;
	if (st) *instead = failed(r, st);
	return st == OK;
}

static bool row_to_change(struct changing *x, struct response *instead)
{
	if (!row_of_path(x, instead)) return false;
	if (actor_may_in(actor_of(x->r), RIGHT_PROGRAMME_WRITE, x->row.organisation)) return true;
	*instead = error_answer(x->r, 403);
	return false;
}

static struct response answer(struct changing *x, int status, struct str done, const struct problem *why)
{
	struct request *r = x->r;
	struct contingents_shown shown = { .row = &x->row, .name = x->name, .from = x->move.from, .to = x->move.to, .n = x->n };
	struct pool_row *pools;
	struct contingent_row *shares;
	struct sales_channel *channels;
	if (pool_rows(r->db, r->arena, actor_of(r), r->language, x->row.id, &pools, &shown.pool_count)) return error_answer(r, 503);
	if (contingent_rows(r->db, r->arena, x->row.id, &shares, &shown.share_count)) return error_answer(r, 503);
	if (channel_list(r->db, r->arena, actor_of(r)->institution, &channels, &shown.channel_count)) return error_answer(r, 503);
	shown.pools = pools;
	shown.shares = shares;
	shown.may_write = actor_may_in(actor_of(r), RIGHT_PROGRAMME_WRITE, x->row.organisation);
	shown.channels = ARENA_ARRAY(r->arena, struct choice, shown.channel_count + 1);
	for (size_t i = 0; i < shown.channel_count; i++) {
		shown.channels[i] = (struct choice){ channels[i].id, channels[i].code, channels[i].name, false };
		for (size_t k = 0; k < x->channel_count; k++) shown.channels[i].is_chosen |= x->channels[k] == channels[i].id;
	}
	struct office_page p = office_page(r, MSG_CONTINGENTS, OFFICE_TAB_PROGRAMME);
	p.is_error = problem_any(why);
	struct render out = office_render(r);
	tpl_office_contingents(
		&out, &(const struct tpl_office_contingents){
				  .page = &p, .x = &shown, .csrf = csrf_token(r, PATH), .csrf_move = csrf_token(r, PATH "/move"), .done = done, .why = why });
	return office_answer(r, status, &out);
}

struct response office_contingents_page(struct request *r)
{
	struct changing x = { .r = r };
	struct response instead;
	if (!row_of_path(&x, &instead)) return instead;
	struct office_page p = office_page(r, MSG_CONTINGENTS, OFFICE_TAB_PROGRAMME);
	return answer(&x, 200, office_done(&p), NULL);
}

static struct response written(struct changing *x, enum status (*fn)(struct conn *, void *))
{
	struct request *r = x->r;
	enum status st = store_write(r->db, fn, x);
	if (st == REFUSED && problem_any(&x->why)) return answer(x, 422, S(""), &x->why);
	return st ? failed(r, st) : office_redirect(r, str_format(r->arena, "/programme/performances/%lld/shares?done=saved", (long long)x->row.id));
}

static enum status add(struct conn *db, void *arg)
{
	struct changing *x = arg;
	x->why.first = NULL; /* it may run again */
	return contingent_add(db, x->r->arena, actor_of(x->r), x->row.id, x->name, x->channels, x->channel_count, &x->why);
}

struct response office_contingent_add(struct request *r)
{
	static const struct form_field fields[] = { { "share-name", .max = CONTINGENT_NAME_MAX }, { "share-channels", .max = 20, .is_repeated = true } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct changing x = { .r = r, .why = problem_in(r->arena), .name = form_text(&f, "share-name") };
	struct response instead;
	if (!row_to_change(&x, &instead)) return instead;
	x.channels = chosen_ids(r, &f, "share-channels", &x.channel_count);
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	return written(&x, add);
}

static enum status move(struct conn *db, void *arg)
{
	struct changing *x = arg;
	x->why.first = NULL; /* it may run again */
	return contingent_move(db, x->r->arena, actor_of(x->r), &x->move, &x->why);
}

struct response office_contingent_move(struct request *r)
{
	static const struct form_field fields[] = { { "from", .max = 20 }, { "to", .max = 20 }, { "n", .max = 6 } };
	struct form f = form_read(r, fields, COUNT(fields));
	struct changing x = { .r = r, .why = problem_in(r->arena), .n = form_text(&f, "n") };
	struct response instead;
	if (!row_to_change(&x, &instead)) return instead;
	x.move = (struct contingent_move){ x.row.id, office_typed_number(&f, "from"), office_typed_number(&f, "to"), office_typed_number(&f, "n") };
	if (problem_any(&f.why)) return answer(&x, 422, S(""), &f.why);
	return written(&x, move);
}
